// 100,000 invented timelines (RAPPORT_TIMELINES says another number; fewer under a sanitizer): the engine and the plain definition agree on
// every reason, its end and the first allowed minute.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "permission/oracle.hpp"
#include "rapport/core/zones.hpp"
#include "rapport/permission/permission.hpp"
#include "sanitized.hpp"

namespace rapport {
namespace {

int Timelines() {
  if (const char* asked = std::getenv("RAPPORT_TIMELINES")) return std::max(1, std::atoi(asked));
  return IsSanitized() ? 8'000 : 100'000;
}
constexpr int kMinutesLookedAt = 7 * 24 * 60;

// A moment around which clocks change, and where.
struct Place {
  const char* zone;
  const char* around;
};
constexpr Place kPlaces[] = {
    {"Asia/Tokyo", "2026-03-01T00:00:00Z"},         {"Europe/Paris", "2026-03-29T01:00:00Z"},
    {"Europe/Paris", "2026-10-25T01:00:00Z"},       {"America/New_York", "2026-03-08T07:00:00Z"},
    {"America/New_York", "2026-11-01T06:00:00Z"},   {"Australia/Lord_Howe", "2026-04-04T15:00:00Z"},
    {"Australia/Lord_Howe", "2026-10-03T15:30:00Z"}, {"Asia/Kathmandu", "2026-07-01T00:00:00Z"},
    {"Africa/Casablanca", "2026-02-15T02:00:00Z"},  {"Africa/Casablanca", "2026-03-22T02:00:00Z"},
    {"America/St_Johns", "2010-03-14T03:31:00Z"},   {"America/St_Johns", "2010-11-07T02:31:00Z"},
    {"Pacific/Apia", "2011-12-30T10:00:00Z"},       {"America/Sao_Paulo", "2018-02-18T02:00:00Z"},
    {"America/Sao_Paulo", "2018-11-04T03:00:00Z"},
};

// What one timeline is made of; owns what the question points to.
struct Timeline {
  PermissionProfile profile;
  const Zone* zone = nullptr;
  std::vector<Attempt> attempts;
  std::vector<ConsentRecord> consents;
  std::vector<DoNotContactRecord> do_not_contact;
  std::set<Day> holidays;
  WorkingWeek rep_week;
  std::set<Day> rep_absences;
  RepHours rep;
  PermissionInput input;
  Instant at;
};

class Inventor {
 public:
  explicit Inventor(std::uint64_t seed) : random_(seed) {}

  int Below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool OneIn(int n) { return Below(n) == 0; }
  Channel AnyChannel() { return std::array{Channel::kCall, Channel::kMail, Channel::kVisit}[static_cast<std::size_t>(Below(3))]; }
  Purpose AnyPurpose() { return OneIn(2) ? Purpose::kCare : Purpose::kSell; }
  MessageClass AnyClass() { return !OneIn(5) ? MessageClass::kDefault : OneIn(2) ? MessageClass::kTransactional : MessageClass::kMandatory; }
  ContactId AnyContact() { return OneIn(2) ? ContactId() : ContactId::Trusted(OneIn(2) ? "a" : "b"); }
  // Up to so many days before or after; whole minutes mostly.
  Instant Near(Instant around, int days_before, int days_after) {
    const Instant t = around.PlusMinutes(Below((days_before + days_after) * 1440) - days_before * 1440);
    return OneIn(5) ? t.PlusMicros(Below(60'000'000)) : t;
  }

  WorkingWeek Week() {
    WorkingWeek week;
    for (auto& ranges : week.weekly) {
      if (OneIn(4)) continue;
      int from = Below(1000);
      while (from < 1440 && ranges.size() < 3) {
        const int to = std::min(1440, from + 1 + Below(500));
        ranges.push_back({from, to});
        from = to + 1 + Below(300);
      }
    }
    return week;
  }

  PermissionProfile Profile() {
    if (OneIn(4)) {
      const std::vector<std::string> names = PermissionProfile::BundledNames();
      return *PermissionProfile::Resolve(Json(names[static_cast<std::size_t>(Below(static_cast<int>(names.size())))]));
    }
    PermissionProfile profile;
    if (OneIn(2)) profile.windows[AnyChannel()] = Week();
    if (OneIn(3)) profile.any_window = Week();
    if (OneIn(3)) profile.quiet = {{0, 1 + Below(400)}, {1000 + Below(300), 1440}};
    profile.on_holidays = !OneIn(2);
    if (OneIn(4)) profile.on_holidays_of[AnyChannel()] = OneIn(2);
    for (int n = Below(3); n > 0; --n) {
      FrequencyCap cap{1 + Below(3), 1 + Below(4), OneIn(2) ? CapCount::kCalendarDays : CapCount::kRollingDays, {}, {}};
      if (OneIn(2)) cap.channels.insert(AnyChannel());
      if (OneIn(3)) cap.purposes.insert(AnyPurpose());
      cap.reached_only = OneIn(4);
      cap.per_contact = OneIn(4);
      profile.caps.push_back(cap);
    }
    profile.cool_off_days = OneIn(2) ? Below(4) : 0;
    if (OneIn(4)) profile.cool_off_days_of[AnyChannel()] = Below(3);
    if (OneIn(8)) profile.unknown_consent_allows = false;
    if (OneIn(6)) profile.unknown_consent_forbids.insert(AnyPurpose());
    if (OneIn(8)) profile.unknown_consent_forbids_of[AnyChannel()] = {AnyPurpose()};
    return profile;
  }

  void AddAttempts(Timeline& timeline) {
    for (int n = Below(6); n > 0; --n) {
      Attempt attempt;
      attempt.reservation = OneIn(4);
      attempt.at = Near(timeline.at, 4, attempt.reservation ? 5 : OneIn(4) ? 3 : 0);
      attempt.channel = AnyChannel();
      if (OneIn(2)) attempt.purpose = AnyPurpose();
      if (OneIn(4)) attempt.disposition = Disposition::kRefusedContact;
      else if (OneIn(3)) attempt.disposition = OneIn(2) ? Disposition::kAbsent : Disposition::kReached;
      attempt.message_class = AnyClass();
      attempt.contact = AnyContact();
      timeline.attempts.push_back(attempt);
    }
  }

  void AddWords(Timeline& timeline) {
    const Day today = timeline.zone->LocalDay(timeline.at);
    for (int n = OneIn(2) ? Below(5) : 0; n > 0; --n) {
      ConsentRecord record;
      record.at = OneIn(3) && !timeline.consents.empty() ? timeline.consents.back().at : Near(timeline.at, 5, OneIn(4) ? 3 : 0);
      record.consent.state = OneIn(3) ? ConsentState::kWithdrawn : ConsentState::kGranted;
      if (OneIn(2)) record.consent.channel = AnyChannel();
      if (OneIn(2)) record.consent.purpose = ConsentPurposeOf(AnyPurpose());
      if (OneIn(3)) record.consent.contact = ContactId::Trusted(OneIn(2) ? "a" : "b");
      if (OneIn(3)) record.consent.expires = today + (Below(6) - 2);
      timeline.consents.push_back(record);
    }
    for (int n = OneIn(3) ? Below(4) : 0; n > 0; --n) {
      DoNotContactRecord record;
      record.at = Near(timeline.at, 5, OneIn(4) ? 3 : 0);
      if (OneIn(2)) record.rule.active = OneIn(2);
      if (OneIn(2)) record.rule.channel = AnyChannel();
      if (OneIn(3)) record.rule.contact = ContactId::Trusted(OneIn(2) ? "a" : "b");
      if (OneIn(2)) record.rule.until = today + (Below(6) - 2);
      timeline.do_not_contact.push_back(record);
    }
    // Records come in canonical order.
    const auto by_time = [](const auto& a, const auto& b) { return a.at < b.at; };
    std::stable_sort(timeline.consents.begin(), timeline.consents.end(), by_time);
    std::stable_sort(timeline.do_not_contact.begin(), timeline.do_not_contact.end(), by_time);
    for (int n = Below(3); n > 0; --n) timeline.holidays.insert(today + (Below(5) - 1));
  }

  void Invent(Timeline& timeline) {
    const Place& place = kPlaces[static_cast<std::size_t>(Below(std::size(kPlaces)))];
    timeline.zone = *ZoneRules::Bundled().Find(place.zone);
    const Instant around = ParseStamp(place.around)->at;
    timeline.at = OneIn(3) ? around.PlusMinutes(Below(180) - 120) : Near(around, 3, 2);
    timeline.profile = Profile();
    AddAttempts(timeline);
    AddWords(timeline);
    timeline.input = {&timeline.profile,  timeline.zone,          AnyContact(),           OneIn(2) ? Channel::kCall : AnyChannel(),
                      AnyPurpose(),       timeline.attempts,      timeline.consents,      timeline.do_not_contact,
                      OneIn(4) ? nullptr : &timeline.holidays, AnyClass(), nullptr};
    if (!OneIn(3)) return;
    timeline.rep_week = Week();
    timeline.rep.zone = OneIn(2) ? timeline.zone : *ZoneRules::Bundled().Find(kPlaces[static_cast<std::size_t>(Below(std::size(kPlaces)))].zone);
    timeline.rep.week = &timeline.rep_week;
    for (int n = Below(3); n > 0; --n) timeline.rep_absences.insert(timeline.zone->LocalDay(timeline.at) + (Below(5) - 1));
    if (OneIn(2)) timeline.rep.absences = &timeline.rep_absences;
    timeline.input.rep = &timeline.rep;
  }

 private:
  std::mt19937_64 random_;
};

std::string Show(const oracle::Reasons& reasons) {
  std::string text;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (reasons.test(i)) text += std::string(NameOf(static_cast<HoldReason>(i))) + " ";
  }
  return text;
}

// Until and first allowed: equal where the walk found one, else not within the minutes it looked at.
void ExpectSame(std::optional<Instant> found, const Instant* expected, Instant end, const std::string& what) {
  if (expected != nullptr) {
    ASSERT_TRUE(found.has_value()) << what;
    EXPECT_EQ(FormatInstant(*found), FormatInstant(*expected)) << what;
  } else if (found.has_value()) {
    EXPECT_GE(*found, end) << what;
  }
}

TEST(Permission_Oracle, AgreesMinuteByMinute) {
  const int timelines = Timelines();
  int held = 0;
  int later = 0;
  for (int i = 0; i < timelines && !HasFailure(); ++i) {
    Inventor inventor(static_cast<std::uint64_t>(i));
    Timeline timeline;
    inventor.Invent(timeline);
    const oracle::Answer expected = oracle::Check(timeline.input, timeline.at, kMinutesLookedAt);
    const PermissionAnswer answer = CheckPermission(timeline.input, timeline.at);
    const std::string what = "timeline " + std::to_string(i) + " in " + std::string(timeline.zone->name()) + " at " +
                             FormatInstant(timeline.at);
    const Instant end = timeline.at.PlusMinutes(kMinutesLookedAt);
    oracle::Reasons reasons;
    for (const Hold& hold : answer.holds) {
      reasons.set(static_cast<std::size_t>(hold.reason));
      const auto until = expected.until.find(hold.reason);
      const Instant looked = expected.first_allowed.value_or(end);
      ExpectSame(hold.until, until != expected.until.end() ? &until->second : nullptr, looked,
                 what + ", " + std::string(NameOf(hold.reason)));
    }
    EXPECT_EQ(Show(reasons), Show(expected.reasons)) << what;
    EXPECT_EQ(answer.allowed, expected.reasons.none()) << what;
    ExpectSame(answer.first_allowed, expected.first_allowed ? &*expected.first_allowed : nullptr, end, what);
    held += answer.allowed ? 0 : 1;
    later += !answer.allowed && answer.first_allowed ? 1 : 0;
  }
  EXPECT_GE(held, timelines / 4);
  EXPECT_GE(later, timelines / 8);
}

// The steps lead from `at` to the first allowed moment without a hole in which one might have gone.
TEST(Permission_Oracle, StepsEndWhereTheAnswerBegins) {
  for (int i = 0; i < 2'000 && !HasFailure(); ++i) {
    Inventor inventor(static_cast<std::uint64_t>(i) + 1'000'000);
    Timeline timeline;
    inventor.Invent(timeline);
    const PermissionAnswer answer = CheckPermission(timeline.input, timeline.at);
    const std::vector<HoldStep> steps = HoldSteps(timeline.input, timeline.at);
    EXPECT_EQ(steps.empty(), answer.allowed) << i;
    EXPECT_EQ(HoldChain(timeline.input, timeline.at).size(), steps.size()) << i;
    for (std::size_t s = 0; s < steps.size(); ++s) {
      if (s > 0) { EXPECT_GE(steps[s].from, *steps[s - 1].until) << i; }
      if (steps[s].until && answer.first_allowed) { EXPECT_LE(*steps[s].until, *answer.first_allowed) << i; }
    }
  }
}

}  // namespace
}  // namespace rapport
