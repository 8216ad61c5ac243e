#include "rapport/permission/permission.hpp"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapport/core/zones.hpp"

namespace rapport {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Instant At(std::string_view stamp) { return ParseStamp(stamp)->at; }
Day On(std::string_view day) { return *ParseDay(day); }
const Zone& ZoneNamed(std::string_view name) { return **ZoneRules::Bundled().Find(name); }

PermissionProfile ProfileOf(std::string_view json) {
  absl::StatusOr<PermissionProfile> profile = PermissionProfile::Parse(*Json::Parse(json));
  EXPECT_TRUE(profile.ok()) << profile.status();
  return profile.ok() ? *profile : PermissionProfile();
}

// A question that owns what it asks about.
struct Question {
  PermissionProfile profile;
  const Zone* zone;
  Channel channel = Channel::kCall;
  Purpose purpose = Purpose::kCare;
  ContactId contact = {};
  std::vector<Attempt> attempts = {};
  std::vector<ConsentRecord> consents = {};
  std::vector<DoNotContactRecord> rules = {};
  std::set<Day> holidays = {};

  Question(PermissionProfile p, std::string_view zone_name) : profile(std::move(p)), zone(&ZoneNamed(zone_name)) {}
  Question(std::string_view name, std::string_view zone_name)
      : profile(*PermissionProfile::Resolve(name)), zone(&ZoneNamed(zone_name)) {}

  PermissionInput Input() const {
    return {&profile, zone, contact, channel, purpose, attempts, consents, rules, &holidays};
  }
  PermissionAnswer Ask(std::string_view at) const { return CheckPermission(Input(), At(at)); }
  std::string First(std::string_view at) const {
    const std::optional<Instant> first = Ask(at).first_allowed;
    return first ? LocalText(*first) : "never";
  }
  std::vector<std::string> Reasons(std::string_view at) const {
    std::vector<std::string> names;
    for (const Hold& hold : Ask(at).holds) names.emplace_back(NameOf(hold.reason));
    return names;
  }
  std::string LocalText(Instant t) const {
    const LocalSecond local = zone->Local(t);
    return FormatDay(Day(local)) + " " + FormatMinuteOfDay(static_cast<int>(local.hour()) * 60 + local.minute());
  }

  Question& Tried(std::string_view at, std::optional<Disposition> disposition = {}, Channel by = Channel::kCall) {
    const std::string id = absl::StrCat("t", attempts.size() + 1);
    attempts.push_back({At(at), by, std::nullopt, disposition, ContactId(), {"crm", id}, false});
    return *this;
  }
  Question& Reserved(std::string_view at) {
    attempts.push_back({At(at), Channel::kCall, std::nullopt, std::nullopt, ContactId(), {"rapport", "r"}, true});
    return *this;
  }
  Question& Said(std::string_view at, ConsentState state, ConsentChanged scope = {}) {
    scope.state = state;
    consents.push_back({{"crm", absl::StrCat("c", consents.size() + 1)}, At(at), scope});
    return *this;
  }
  Question& Forbade(std::string_view at, DoNotContactSet rule = {}) {
    rules.push_back({{"crm", absl::StrCat("d", rules.size() + 1)}, At(at), rule});
    return *this;
  }
};

// --- the bundled profiles --------------------------------------------------------------------------------------
TEST(Permission_Office, SixtyQuietDaysThenAWeekend) {
  Question q("office", "Asia/Tokyo");
  q.Tried("2026-02-09T10:00:00+09:00", Disposition::kRefusedContact);
  const PermissionAnswer answer = q.Ask("2026-03-02T09:00:00+09:00");
  EXPECT_FALSE(answer.allowed);
  ASSERT_EQ(answer.holds.size(), 1u);
  EXPECT_EQ(answer.holds[0].reason, HoldReason::kCoolOff);
  EXPECT_EQ(q.LocalText(*answer.holds[0].until), "2026-04-11 00:00");
  EXPECT_THAT(answer.holds[0].evidence, ElementsAre(EventKey{"crm", "t1"}));
  EXPECT_EQ(answer.holds[0].sentence, (Sentence{"hold.cool_off", {{"channel", MessageRef{"channel.call"}},
                                                                  {"on", On("2026-02-09")},
                                                                  {"days", std::int64_t{60}}}}));
  EXPECT_EQ(q.LocalText(*answer.first_allowed), "2026-04-13 09:00");
  EXPECT_THAT(HoldChain(q.Input(), At("2026-03-02T09:00:00+09:00")),
              ElementsAre(HoldReason::kCoolOff, HoldReason::kOutsideHours));
  EXPECT_EQ(ThenSentence(HoldReason::kOutsideHours, On("2026-04-11"), On("2026-04-13")).key, "hold.then.weekend");
}

TEST(Permission_Office, ANightAfterTheQuietDaysIsNoStep) {
  Question q("office", "Asia/Tokyo");
  q.Tried("2026-02-10T10:00:00+09:00", Disposition::kRefusedContact);
  EXPECT_EQ(q.First("2026-03-02T09:00:00+09:00"), "2026-04-13 09:00");
  q.attempts[0].at = At("2026-02-12T10:00:00+09:00");
  EXPECT_EQ(q.First("2026-03-02T09:00:00+09:00"), "2026-04-14 09:00");
  EXPECT_THAT(HoldChain(q.Input(), At("2026-03-02T09:00:00+09:00")), ElementsAre(HoldReason::kCoolOff));
}

TEST(Permission_Office, FridayEveningLeadsToMonday) {
  Question q("office", "Asia/Tokyo");
  EXPECT_EQ(q.First("2026-03-06T17:59:00+09:00"), "2026-03-06 17:59");
  EXPECT_EQ(q.First("2026-03-06T18:00:00+09:00"), "2026-03-09 09:00");
  EXPECT_THAT(HoldChain(q.Input(), At("2026-03-06T18:00:00+09:00")), ElementsAre(HoldReason::kOutsideHours));
  q.channel = Channel::kVisit;
  EXPECT_TRUE(q.Ask("2026-03-08T03:00:00+09:00").allowed);
}

TEST(Permission_France, HoursLunchAndHolidays) {
  Question q("fr-d223-9", "Europe/Paris");
  q.holidays = {On("2026-05-01"), On("2026-05-08")};
  EXPECT_EQ(q.First("2026-04-30T09:59:30+02:00"), "2026-04-30 10:00");
  EXPECT_EQ(q.First("2026-04-30T13:00:00+02:00"), "2026-04-30 14:00");
  EXPECT_EQ(q.First("2026-04-30T20:00:00+02:00"), "2026-05-04 10:00");   // 1 May, then a weekend
  EXPECT_THAT(q.Reasons("2026-05-01T11:00:00+02:00"), ElementsAre("holiday"));
  EXPECT_THAT(q.Reasons("2026-05-01T21:00:00+02:00"), ElementsAre("outside_hours", "holiday"));
  q.channel = Channel::kMail;
  EXPECT_TRUE(q.Ask("2026-05-01T21:00:00+02:00").allowed);
}

TEST(Permission_France, FourCallsInThirtyCalendarDays) {
  Question q("fr-d223-9", "Europe/Paris");
  q.Tried("2026-03-02T19:59:00+01:00").Tried("2026-03-03T10:00:00+01:00").Tried("2026-03-04T10:00:00+01:00");
  EXPECT_TRUE(q.Ask("2026-03-31T11:00:00+02:00").allowed);
  q.Tried("2026-03-05T10:00:00+01:00");
  q.Tried("2026-03-06T10:00:00+01:00", std::nullopt, Channel::kMail);
  const PermissionAnswer answer = q.Ask("2026-03-31T11:00:00+02:00");
  ASSERT_EQ(answer.holds.size(), 1u);
  EXPECT_EQ(answer.holds[0].reason, HoldReason::kFrequencyCap);
  EXPECT_EQ(answer.holds[0].evidence.size(), 4u);
  EXPECT_EQ(answer.holds[0].sentence.arguments.at("n"), SentenceArgument(std::int64_t{4}));
  EXPECT_EQ(q.LocalText(*answer.first_allowed), "2026-04-01 10:00");   // 2 March + 30
}

TEST(Permission_France, RefusedByWhateverChannelQuietsTheCalls) {
  Question q("fr-d223-9", "Europe/Paris");
  q.Tried("2026-01-05T10:00:00+01:00", Disposition::kRefusedContact, Channel::kVisit);
  EXPECT_THAT(q.Reasons("2026-03-06T12:00:00+01:00"), ElementsAre("cool_off"));
  EXPECT_EQ(q.First("2026-01-05T10:00:00+01:00"), "2026-03-09 10:00");   // until Fri 6 March, then a weekend
}

TEST(Permission_UnitedStates, EightToTwentyOneEveryDay) {
  Question q("us", "America/Los_Angeles");
  EXPECT_EQ(q.First("2026-03-01T07:59:00-08:00"), "2026-03-01 08:00");
  EXPECT_EQ(q.First("2026-03-01T20:59:00-08:00"), "2026-03-01 20:59");
  EXPECT_EQ(q.First("2026-03-01T21:00:00-08:00"), "2026-03-02 08:00");
}

TEST(Permission_Canada, WeekendsAreShorter) {
  Question q("ca", "America/Toronto");
  EXPECT_EQ(q.First("2026-03-06T21:29:00-05:00"), "2026-03-06 21:29");
  EXPECT_EQ(q.First("2026-03-06T21:30:00-05:00"), "2026-03-07 10:00");
  EXPECT_EQ(q.First("2026-03-08T18:00:00-04:00"), "2026-03-09 09:00");
}

TEST(Permission_Plain, HasOnlyConsentAndDoNotContact) {
  Question q("plain", "UTC");
  q.holidays = {On("2026-03-01")};
  for (int i = 0; i < 50; ++i) q.Tried("2026-03-01T02:00:00Z", Disposition::kRefusedContact);
  EXPECT_TRUE(q.Ask("2026-03-01T03:00:00Z").allowed);
  q.Said("2026-02-01T00:00:00Z", ConsentState::kWithdrawn);
  EXPECT_THAT(q.Reasons("2026-03-01T03:00:00Z"), ElementsAre("consent_withdrawn"));
  EXPECT_EQ(q.First("2026-03-01T03:00:00Z"), "never");
}

// --- local clocks ----------------------------------------------------------------------------------------------
Attempt Tried(std::string_view at, std::string contact, std::optional<Disposition> disposition, MessageClass message_class = MessageClass::kDefault) {
  Attempt attempt;
  attempt.at = At(at);
  attempt.contact = contact.empty() ? ContactId() : ContactId::Trusted(std::move(contact));
  attempt.disposition = disposition;
  attempt.message_class = message_class;
  return attempt;
}

TEST(Permission_Caps, CountAttemptsOrThoseThatMet) {
  for (const std::string counting : {"attempts", "reached"}) {
    Question question(ProfileOf(R"({"rapport_permission": 1, "caps": [{"attempts": 1, "days": 7, "counting": ")" + counting + R"("}]})"), "UTC");
    question.attempts = {Tried("2026-03-02T09:00:00Z", "", Disposition::kAbsent)};
    EXPECT_EQ(question.Ask("2026-03-03T09:00:00Z").allowed, counting == "reached");
    question.attempts.push_back(Tried("2026-03-03T08:00:00Z", "", Disposition::kReached));
    EXPECT_FALSE(question.Ask("2026-03-03T09:00:00Z").allowed);
  }
}

TEST(Permission_Caps, CountByAccountOrByPerson) {
  for (const std::string per : {"account", "contact"}) {
    Question question(ProfileOf(R"({"rapport_permission": 1, "caps": [{"attempts": 1, "days": 7, "per": ")" + per + R"("}]})"), "UTC");
    question.attempts = {Tried("2026-03-02T09:00:00Z", "kato", Disposition::kReached)};
    question.contact = ContactId::Trusted("ono");
    EXPECT_EQ(question.Ask("2026-03-03T09:00:00Z").allowed, per == "contact");
    question.contact = ContactId::Trusted("kato");
    EXPECT_FALSE(question.Ask("2026-03-03T09:00:00Z").allowed);
    question.contact = ContactId();   // nobody named may be anybody
    EXPECT_FALSE(question.Ask("2026-03-03T09:00:00Z").allowed);
  }
}

TEST(Permission_Classes, ReceiptsNeitherCountNorWaitAndRecallsCount) {
  Question question(ProfileOf(R"({"rapport_permission": 1, "caps": [{"attempts": 1, "days": 7}]})"), "UTC");
  question.attempts = {Tried("2026-03-02T09:00:00Z", "", std::nullopt, MessageClass::kTransactional)};
  EXPECT_TRUE(question.Ask("2026-03-03T09:00:00Z").allowed);
  question.attempts.push_back(Tried("2026-03-02T10:00:00Z", "", std::nullopt, MessageClass::kMandatory));
  EXPECT_FALSE(question.Ask("2026-03-03T09:00:00Z").allowed);
  for (const MessageClass message_class : {MessageClass::kTransactional, MessageClass::kMandatory}) {
    PermissionInput input = question.Input();
    input.message_class = message_class;
    EXPECT_TRUE(CheckPermission(input, At("2026-03-03T09:00:00Z")).allowed);
  }
}

TEST(Permission_Caps, DropIsDecidedWhenItFellDue) {
  Question question(ProfileOf(R"({"rapport_permission": 1, "windows": {"call": {"tue": [["09:00", "10:00"]], "thu": [["09:00", "10:00"]]}}, "caps": [{"attempts": 1, "days": 2}]})"), "UTC");
  question.attempts = {Tried("2026-03-02T12:00:00Z", "", std::nullopt)};   // a Monday
  EXPECT_TRUE(IsOverCap(question.Input(), At("2026-03-02T13:00:00Z")));    // Tuesday is the first open day, and still in the cap's window
  EXPECT_FALSE(IsOverCap(question.Input(), At("2026-03-03T12:00:00Z")));   // Thursday is not
}

TEST(Permission_Consent, UnknownMeansWhatTheProfileSaysForThatChannelAndPurpose) {
  Question question(ProfileOf(R"({"rapport_permission": 1, "unknown_consent": {"call": {"sell": "forbid"}, "mail": "forbid", "any": "allow"}})"), "UTC");
  EXPECT_TRUE(question.Ask("2026-03-03T09:00:00Z").allowed);
  question.purpose = Purpose::kSell;
  EXPECT_THAT(question.Reasons("2026-03-03T09:00:00Z"), ElementsAre("consent_unknown"));
  question.channel = Channel::kVisit;
  EXPECT_TRUE(question.Ask("2026-03-03T09:00:00Z").allowed);
  question.channel = Channel::kMail;
  question.purpose = Purpose::kCare;
  EXPECT_THAT(question.Reasons("2026-03-03T09:00:00Z"), ElementsAre("consent_unknown"));
  const auto again = PermissionProfile::Parse(question.profile.ToJson());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->UnknownConsentForbids(Channel::kMail, Purpose::kAdmin));
  EXPECT_FALSE(again->UnknownConsentForbids(Channel::kLetter, Purpose::kSell));
}

// The customer may be called from 8 to 21 in New York; our rep works 9 to 17 in Berlin, but not on Tuesday.
TEST(Permission_Rep, BothCalendarsTogether) {
  Question question("us", "America/New_York");
  WorkingWeek week;
  for (int day = 0; day < 5; ++day) week.weekly[static_cast<std::size_t>(day)] = {{540, 1020}};
  const std::set<Day> absences{On("2026-03-03")};
  const RepHours rep{&ZoneNamed("Europe/Berlin"), &week, &absences};
  PermissionInput input = question.Input();
  input.rep = &rep;
  const PermissionAnswer answer = CheckPermission(input, At("2026-03-02T17:00:00Z"));   // noon in New York, 18:00 in Berlin
  ASSERT_EQ(answer.holds.size(), 1u);
  EXPECT_EQ(NameOf(answer.holds[0].reason), "rep_away");
  EXPECT_EQ(FormatInstant(*answer.first_allowed), "2026-03-04T13:00:00Z");   // Wednesday 08:00 in New York, 14:00 in Berlin
  input.channel = Channel::kMail;
  EXPECT_TRUE(CheckPermission(input, At("2026-03-02T17:00:00Z")).allowed);
}

TEST(Permission_Clock, QuietHoursCrossMidnight) {
  Question q(ProfileOf(R"({"rapport_permission":1,"name":"n","quiet_hours":[["21:00","08:00"]]})"), "Asia/Seoul");
  EXPECT_TRUE(q.Ask("2026-03-02T20:59:59+09:00").allowed);
  EXPECT_EQ(q.First("2026-03-02T21:00:00+09:00"), "2026-03-03 08:00");
  EXPECT_EQ(q.First("2026-03-03T00:00:00+09:00"), "2026-03-03 08:00");
  EXPECT_EQ(q.First("2026-03-03T07:59:00+09:00"), "2026-03-03 08:00");
}

TEST(Permission_Clock, AWindowInTheSkippedHour) {
  // New York, 8 March 2026: 02:00 to 03:00 does not exist.
  Question q(ProfileOf(R"({"rapport_permission":1,"name":"n","windows":{"call":{"sun":[["02:15","03:10"]],"mon":[["02:15","02:30"]]}}})"),
             "America/New_York");
  EXPECT_EQ(q.First("2026-03-08T00:00:00-05:00"), "2026-03-08 03:00");
  q.profile = ProfileOf(R"({"rapport_permission":1,"name":"n","windows":{"call":{"sun":[["02:15","02:45"]],"mon":[["02:15","02:30"]]}}})");
  EXPECT_EQ(q.First("2026-03-08T00:00:00-05:00"), "2026-03-09 02:15");
}

TEST(Permission_Clock, AWindowInTheRepeatedHourOpensTwice) {
  // New York, 1 November 2026: 01:00 to 02:00 comes twice.
  Question q(ProfileOf(R"({"rapport_permission":1,"name":"n","windows":{"call":{"sun":[["01:10","01:20"]]}}})"), "America/New_York");
  EXPECT_EQ(q.Ask("2026-11-01T00:00:00-04:00").first_allowed, At("2026-11-01T01:10:00-04:00"));
  EXPECT_EQ(q.Ask("2026-11-01T01:20:00-04:00").first_allowed, At("2026-11-01T01:10:00-05:00"));
  EXPECT_EQ(q.Ask("2026-11-01T01:20:00-05:00").first_allowed, At("2026-11-08T01:10:00-05:00"));
}

TEST(Permission_Clock, ASkippedDayIsOver) {
  // Apia had no 30 December 2011.
  Question q(ProfileOf(R"({"rapport_permission":1,"name":"n","cool_off_days":1})"), "Pacific/Apia");
  q.Tried("2011-12-29T12:00:00-10:00", Disposition::kRefusedContact);
  EXPECT_EQ(q.First("2011-12-29T13:00:00-10:00"), "2011-12-31 00:00");
}

TEST(Permission_Clock, TheAnswerIsAWholeMinute) {
  Question q("us", "UTC");
  EXPECT_EQ(q.Ask("2026-03-01T12:00:00.000001Z").first_allowed, At("2026-03-01T12:01:00Z"));
  const PermissionAnswer last = q.Ask("2026-03-01T20:59:30Z");
  EXPECT_TRUE(last.allowed);
  EXPECT_EQ(last.first_allowed, At("2026-03-02T08:00:00Z"));
}

// --- caps and cool-off -----------------------------------------------------------------------------------------
constexpr std::string_view kRolling = R"({"rapport_permission":1,"name":"n","caps":[{"attempts":1,"days":3,"count":"rolling"}]})";
constexpr std::string_view kCalendar = R"({"rapport_permission":1,"name":"n","caps":[{"attempts":1,"days":3}]})";

TEST(Permission_Cap, RollingCountsHoursOverAllChannels) {
  Question q(ProfileOf(kRolling), "Asia/Tokyo");
  q.Tried("2026-03-02T10:30:00+09:00", std::nullopt, Channel::kMail);
  EXPECT_THAT(q.Reasons("2026-03-02T10:30:00+09:00"), ElementsAre("frequency_cap"));
  EXPECT_EQ(q.First("2026-03-03T00:00:00+09:00"), "2026-03-05 10:30");
  EXPECT_EQ(q.First("2026-03-02T10:29:00+09:00"), "2026-03-02 10:29");
}

TEST(Permission_Cap, CalendarCountsLocalDates) {
  Question q(ProfileOf(kCalendar), "Asia/Tokyo");
  q.Tried("2026-03-02T23:30:00+09:00");
  EXPECT_EQ(q.First("2026-03-03T00:00:00+09:00"), "2026-03-05 00:00");
  EXPECT_THAT(q.Reasons("2026-03-02T08:00:00+09:00"), ElementsAre("frequency_cap"));   // the same day, though before it
  EXPECT_THAT(q.Reasons("2026-03-01T08:00:00+09:00"), IsEmpty());                       // a touch to come is no reservation
}

TEST(Permission_Cap, AReservationKeepsItsPlace) {
  for (const std::string_view profile : {kRolling, kCalendar}) {
    Question q(ProfileOf(profile), "UTC");
    q.Reserved("2026-03-10T10:00:00Z");
    EXPECT_TRUE(q.Ask("2026-03-07T09:59:00Z").allowed) << profile;
    const PermissionAnswer before = q.Ask("2026-03-08T12:00:00Z");
    ASSERT_EQ(before.holds.size(), 1u) << profile;
    EXPECT_EQ(before.holds[0].sentence.key, "hold.frequency_cap_planned");
    EXPECT_THAT(before.holds[0].evidence, ElementsAre(EventKey{"rapport", "r"}));
    EXPECT_EQ(before.first_allowed, profile == kRolling ? At("2026-03-13T10:00:00Z") : At("2026-03-13T00:00:00Z"));
  }
}

TEST(Permission_Cap, ARefusalThatIsOnlyReservedIsNone) {
  Question q(ProfileOf(R"({"rapport_permission":1,"name":"n","cool_off_days":5})"), "UTC");
  q.Reserved("2026-03-01T10:00:00Z");
  EXPECT_TRUE(q.Ask("2026-03-01T11:00:00Z").allowed);
}

TEST(Permission_Cap, OfOneChannelLeavesTheOthersAlone) {
  Question q(ProfileOf(R"({"rapport_permission":1,"name":"n","caps":[{"attempts":1,"days":3,"channels":["call"],"purposes":["sell"]}]})"), "UTC");
  q.Tried("2026-03-01T10:00:00Z");
  EXPECT_TRUE(q.Ask("2026-03-01T11:00:00Z").allowed);   // care
  q.purpose = Purpose::kSell;
  EXPECT_FALSE(q.Ask("2026-03-01T11:00:00Z").allowed);  // what was not said counts
  q.attempts[0].purpose = Purpose::kCare;
  EXPECT_TRUE(q.Ask("2026-03-01T11:00:00Z").allowed);
  q.attempts[0].purpose = Purpose::kSell;
  q.channel = Channel::kMail;
  EXPECT_TRUE(q.Ask("2026-03-01T11:00:00Z").allowed);
}

TEST(Permission_CoolOff, HoldsForThePersonWhoRefused) {
  Question q(ProfileOf(R"({"rapport_permission":1,"name":"n","cool_off_days":5})"), "UTC");
  q.Tried("2026-03-01T10:00:00Z", Disposition::kRefusedContact);
  q.attempts[0].contact = ContactId::Trusted("ueno");
  EXPECT_FALSE(q.Ask("2026-03-02T10:00:00Z").allowed);   // nobody named: it may be her
  q.contact = ContactId::Trusted("abe");
  EXPECT_TRUE(q.Ask("2026-03-02T10:00:00Z").allowed);
  q.contact = ContactId::Trusted("ueno");
  EXPECT_EQ(q.First("2026-03-02T10:00:00Z"), "2026-03-07 00:00");
  EXPECT_TRUE(q.Ask("2026-03-01T09:59:00Z").allowed);
}

// --- what people said ------------------------------------------------------------------------------------------
ConsentChanged Only(Channel channel) {
  ConsentChanged scope;
  scope.channel = channel;
  return scope;
}
ConsentChanged By(std::string contact) {
  ConsentChanged scope;
  scope.contact = ContactId::Trusted(std::move(contact));
  return scope;
}

TEST(Permission_Consent, TheNewestOfAScopeDecides) {
  Question q("plain", "UTC");
  q.Said("2026-01-01T00:00:00Z", ConsentState::kWithdrawn).Said("2026-02-01T00:00:00Z", ConsentState::kGranted);
  EXPECT_TRUE(q.Ask("2026-03-01T00:00:00Z").allowed);
  EXPECT_EQ(q.First("2026-01-15T00:00:00Z"), "2026-02-01 00:00");   // what was true then
  q.Said("2026-02-01T00:00:00Z", ConsentState::kWithdrawn);
  const PermissionAnswer answer = q.Ask("2026-03-01T00:00:00Z");    // at one moment withdrawn is newer
  ASSERT_EQ(answer.holds.size(), 1u);
  EXPECT_THAT(answer.holds[0].evidence, ElementsAre(EventKey{"crm", "c3"}));
}

TEST(Permission_Consent, ANarrowerGrantDoesNotTakeBackAWithdrawal) {
  Question q("plain", "UTC");
  q.Said("2026-01-01T00:00:00Z", ConsentState::kWithdrawn).Said("2026-02-01T00:00:00Z", ConsentState::kGranted, Only(Channel::kCall));
  EXPECT_FALSE(q.Ask("2026-03-01T00:00:00Z").allowed);
  Question wider("plain", "UTC");
  wider.Said("2026-01-01T00:00:00Z", ConsentState::kWithdrawn, Only(Channel::kCall)).Said("2026-02-01T00:00:00Z", ConsentState::kGranted);
  EXPECT_TRUE(wider.Ask("2026-03-01T00:00:00Z").allowed);
  Question other("plain", "UTC");
  other.Said("2026-01-01T00:00:00Z", ConsentState::kWithdrawn, Only(Channel::kMail));
  EXPECT_TRUE(other.Ask("2026-03-01T00:00:00Z").allowed);
}

TEST(Permission_Consent, APersonAndTheAccount) {
  Question q("plain", "UTC");
  q.Said("2026-01-01T00:00:00Z", ConsentState::kWithdrawn, By("ueno")).Said("2026-02-01T00:00:00Z", ConsentState::kGranted);
  q.contact = ContactId::Trusted("ueno");
  EXPECT_FALSE(q.Ask("2026-03-01T00:00:00Z").allowed);   // only she takes her word back
  q.contact = ContactId::Trusted("abe");
  EXPECT_TRUE(q.Ask("2026-03-01T00:00:00Z").allowed);
  q.Said("2026-02-02T00:00:00Z", ConsentState::kWithdrawn).Said("2026-02-03T00:00:00Z", ConsentState::kGranted, By("abe"));
  EXPECT_FALSE(q.Ask("2026-03-01T00:00:00Z").allowed);   // the account's holds for all its people
}

TEST(Permission_Consent, RunsOutAfterItsLastDay) {
  Question q("plain", "Asia/Tokyo");
  ConsentChanged scope;
  scope.expires = On("2026-03-10");
  q.Said("2026-01-01T00:00:00Z", ConsentState::kGranted, scope);
  EXPECT_TRUE(q.Ask("2026-03-10T23:59:00+09:00").allowed);
  EXPECT_THAT(q.Reasons("2026-03-11T00:00:00+09:00"), ElementsAre("consent_expired"));
  EXPECT_EQ(q.First("2026-03-11T00:00:00+09:00"), "never");
}

TEST(Permission_Consent, UnknownForbidsWhereTheProfileSaysSo) {
  Question q(ProfileOf(R"({"rapport_permission":1,"name":"n","unknown_consent":{"sell":"forbid"}})"), "UTC");
  EXPECT_TRUE(q.Ask("2026-03-01T00:00:00Z").allowed);
  q.purpose = Purpose::kSell;
  EXPECT_THAT(q.Reasons("2026-03-01T00:00:00Z"), ElementsAre("consent_unknown"));
  q.Said("2026-02-01T00:00:00Z", ConsentState::kGranted, Only(Channel::kMail));
  EXPECT_FALSE(q.Ask("2026-03-01T00:00:00Z").allowed);
  q.Said("2026-02-01T00:00:00Z", ConsentState::kGranted, Only(Channel::kCall));
  EXPECT_TRUE(q.Ask("2026-03-01T00:00:00Z").allowed);
}

TEST(Permission_DoNotContact, StandsUntilLiftedInItsOwnScope) {
  Question q("plain", "UTC");
  DoNotContactSet calls;
  calls.channel = Channel::kCall;
  q.Forbade("2026-01-01T00:00:00Z", calls);
  const PermissionAnswer answer = q.Ask("2026-03-01T00:00:00Z");
  ASSERT_EQ(answer.holds.size(), 1u);
  EXPECT_EQ(answer.holds[0].sentence.key, "hold.do_not_contact_channel");
  EXPECT_FALSE(answer.holds[0].until.has_value());
  EXPECT_FALSE(answer.first_allowed.has_value());
  DoNotContactSet lift;
  lift.active = false;
  q.Forbade("2026-02-01T00:00:00Z", lift);
  EXPECT_FALSE(q.Ask("2026-03-01T00:00:00Z").allowed);   // another scope
  lift.channel = Channel::kCall;
  q.Forbade("2026-02-01T00:00:00Z", lift);
  EXPECT_TRUE(q.Ask("2026-03-01T00:00:00Z").allowed);
  q.channel = Channel::kMail;
  EXPECT_TRUE(q.Ask("2026-01-15T00:00:00Z").allowed);
}

TEST(Permission_DoNotContact, UntilADayAndAShorterOneDoesNotLift) {
  Question q("plain", "Asia/Tokyo");
  DoNotContactSet rule;
  rule.until = On("2026-03-10");
  q.Forbade("2026-01-01T00:00:00Z", rule);
  EXPECT_EQ(q.First("2026-03-01T00:00:00Z"), "2026-03-11 00:00");
  q.Forbade("2025-01-01T00:00:00Z");
  EXPECT_EQ(q.First("2026-03-01T00:00:00Z"), "never");
  EXPECT_THAT(HoldChain(q.Input(), At("2026-03-01T00:00:00Z")), ElementsAre(HoldReason::kDoNotContact));
}

TEST(Permission_DoNotContact, BeyondTheHorizonIsNotForeseeable) {
  Question q("plain", "UTC");
  DoNotContactSet rule;
  rule.until = On("2036-01-01");
  q.Forbade("2025-01-01T00:00:00Z", rule);
  EXPECT_EQ(q.First("2026-01-01T00:00:00Z"), "2036-01-02 00:00");
  rule.until = On("2036-02-01");
  q.Forbade("2025-01-01T00:00:00Z", rule);
  EXPECT_EQ(q.First("2026-01-01T00:00:00Z"), "never");
}

TEST(Permission_Window, ThatNeverOpensIsNeverAllowed) {
  Question q(ProfileOf(R"({"rapport_permission":1,"name":"n","windows":{"call":{"mon":[["09:00","10:00"]]}},"quiet_hours":[["08:00","11:00"]]})"), "UTC");
  EXPECT_EQ(q.First("2026-03-01T00:00:00Z"), "never");
  EXPECT_THAT(q.Reasons("2026-03-02T09:30:00Z"), ElementsAre("outside_hours"));
}

TEST(Permission_Holds, AllAreNamedInOrder) {
  Question q("fr-d223-9", "Europe/Paris");
  q.holidays = {On("2026-05-01")};
  q.Forbade("2026-01-01T00:00:00Z").Said("2026-01-01T00:00:00Z", ConsentState::kWithdrawn);
  for (int i = 0; i < 4; ++i) q.Tried("2026-04-20T11:00:00+02:00", Disposition::kRefusedContact);
  EXPECT_THAT(q.Reasons("2026-05-01T22:00:00+02:00"),
              ElementsAre("do_not_contact", "consent_withdrawn", "outside_hours", "holiday", "frequency_cap", "cool_off"));
}

TEST(Permission_Then, NamesWhatComesNext) {
  EXPECT_EQ(ThenSentence(HoldReason::kOutsideHours, On("2026-03-06"), On("2026-03-09")).key, "hold.then.weekend");
  EXPECT_EQ(ThenSentence(HoldReason::kOutsideHours, On("2026-03-04"), On("2026-03-05")).key, "hold.then.closed_day");
  EXPECT_EQ(ThenSentence(HoldReason::kHoliday, On("2026-03-04"), On("2026-03-05")).key, "hold.then.holiday");
}

// --- the attempts of an account --------------------------------------------------------------------------------
TouchRecord TouchAt(std::string_view at, std::string id, Direction direction = Direction::kOutbound) {
  TouchRecord record{{"crm", std::move(id)}, At(at), {}};
  record.touch.direction = direction;
  return record;
}

FollowUpRecord FollowUpAt(std::string_view not_before, std::string_view expires, FollowUpState state, std::string id) {
  FollowUpRecord record;
  record.issued.followup = FollowUpId::Trusted(id);
  record.issued.not_before = At(not_before);
  record.issued.expires = At(expires);
  record.issued.purpose = Purpose::kSell;
  record.issued_by = {"rapport", std::move(id)};
  record.state = state;
  return record;
}

TEST(Permission_AttemptsOf, OutboundTouchesAndOpenFollowUps) {
  Account account;
  account.touches = {TouchAt("2026-03-01T00:00:00Z", "t1"), TouchAt("2026-03-02T00:00:00Z", "t2", Direction::kInbound),
                     TouchAt("2026-03-03T00:00:00Z", "t3")};
  account.touches[2].touch.followup = FollowUpId::Trusted("done");
  const auto add = [&](FollowUpRecord record) { account.followups.emplace(record.issued.followup, record); };
  add(FollowUpAt("2026-03-02T12:00:00Z", "2026-04-01T00:00:00Z", FollowUpState::kOpen, "open"));
  add(FollowUpAt("2026-03-09T12:00:00Z", "2026-04-01T00:00:00Z", FollowUpState::kHandedOver, "handed"));
  add(FollowUpAt("2026-03-01T12:00:00Z", "2026-04-01T00:00:00Z", FollowUpState::kDone, "done"));
  add(FollowUpAt("2026-03-01T12:00:00Z", "2026-04-01T00:00:00Z", FollowUpState::kOpen, "asked"));
  add(FollowUpAt("2026-02-01T12:00:00Z", "2026-02-10T00:00:00Z", FollowUpState::kOpen, "too late"));
  const std::vector<Attempt> attempts = AttemptsOf(account, At("2026-03-04T00:00:00Z"), FollowUpId::Trusted("asked"));
  ASSERT_EQ(attempts.size(), 4u);
  EXPECT_EQ(attempts[0].event.id, "t1");
  EXPECT_FALSE(attempts[0].purpose.has_value());
  EXPECT_EQ(attempts[1].event.id, "t3");
  EXPECT_EQ(attempts[1].purpose, Purpose::kSell);
  EXPECT_FALSE(attempts[1].reservation);
  EXPECT_EQ(attempts[2].event.id, "open");
  EXPECT_EQ(attempts[2].at, At("2026-03-04T00:00:00Z"));
  EXPECT_TRUE(attempts[2].reservation);
  EXPECT_EQ(attempts[3].at, At("2026-03-09T12:00:00Z"));
}

// It takes its place when it may be done again, however long ago it would have lapsed.
TEST(Permission_AttemptsOf, WhatWasPutOffIsStillToCome) {
  Account account;
  FollowUpRecord record = FollowUpAt("2026-03-01T12:00:00Z", "2026-03-03T00:00:00Z", FollowUpState::kOpen, "later");
  record.snoozed_until = At("2026-03-10T00:00:00Z");
  account.followups.emplace(record.issued.followup, record);
  const std::vector<Attempt> attempts = AttemptsOf(account, At("2026-03-04T00:00:00Z"), FollowUpId());
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(attempts[0].at, At("2026-03-10T00:00:00Z"));
  EXPECT_EQ(AttemptsOf(account, At("2026-03-10T12:00:00Z"), FollowUpId()).size(), 1u);
  EXPECT_TRUE(AttemptsOf(account, At("2026-03-12T00:00:00Z"), FollowUpId()).empty());
}

}  // namespace
}  // namespace rapport
