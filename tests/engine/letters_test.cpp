// Letters from the rule to the hand-over: three to six a year, known sender, a line of one's own, the owner's word.
#include "engine/office.hpp"
#include "rapport/relationship/letters.hpp"

namespace rapport {
namespace {

std::string Line(const std::string& id, const std::string& type, const std::string& subject, const std::string& time, const std::string& data) {
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"t","type":")" + type + (subject.empty() ? "" : R"(","subject":")" + subject) + R"(","time":")" + time +
         R"(","data":)" + data + "}\n";
}

const Policy& LettersPolicy() {
  static const Policy policy = *Policy::ParseText(ReadText(std::string(RAPPORT_SOURCE_DIR) + "/policies/letters.json"));
  return policy;
}

// An office's own: two letters a month from the first order on, and not a word of how many there are in a year.
const Policy& TwoAMonth() {
  static const Policy policy = *Policy::ParseText(R"({"rapport_policy": 1, "name": "ours", "rules": [
    {"name": "news", "purpose": "care", "priority": 15, "trigger": {"recurrence": "FREQ=MONTHLY", "from": "purchase.placed", "offset": {"days": 0, "at": "09:00"}},
     "action": {"channel": "letter", "minutes": 10, "headline": "letter", "objective": "letter"}, "expires": {"days": 20}},
    {"name": "word", "purpose": "care", "priority": 14, "trigger": {"recurrence": "FREQ=MONTHLY", "from": "purchase.placed", "offset": {"days": 0, "at": "09:00"}},
     "action": {"channel": "newsletter", "minutes": 10, "headline": "letter", "objective": "letter"}, "expires": {"days": 20}}]})");
  return policy;
}

// One customer, c, owned by kim whom she knows; ordered on 5 January 2026, so that a letter falls due 13 weeks later, on 6 April, on 6 July, ...
class Written {
 public:
  explicit Written(bool known = true, const Policy& policy = LettersPolicy(), const std::string& ordered = "2026-01-05") : engine_(*Engine::InMemory()), policy_(&policy) {
    Tell(Line("book", "book.configured", "", "2026-01-01T00:00:00Z", R"({"zone":"UTC"})") +
         Line("kim", "rep.upserted", "", "2026-01-01T00:00:00Z", R"({"rep":"kim","name":"Kim Jiwoo"})") +
         Line("lee", "rep.upserted", "", "2026-01-01T00:00:00Z", R"({"rep":"lee","name":"Lee Jun"})") +
         Line("c", "customer.upserted", "c", "2026-01-02T00:00:00Z", R"({"kind":"organisation","owner":"kim","name":"Cafe Nagi"})") +
         Line("order", "purchase.placed", "c", ordered + "T10:00:00Z", R"({"order":"o","lines":[{"product":"p","quantity":1}]})"));
    if (known) Tell(Line("visit", "touch", "c", ordered + "T18:00:00Z", R"({"channel":"visit","direction":"outbound","rep":"kim","disposition":"reached"})"));
  }
  void Tell(const std::string& lines) {
    const auto appended = engine_.AppendLines(lines);
    EXPECT_TRUE(appended.ok()) << appended.status();
  }
  std::vector<FollowUpId> TickAll(const std::string& at) {
    const auto tick = engine_.Tick(ReadAt{At(at), std::nullopt, policy_});
    EXPECT_TRUE(tick.ok()) << tick.status();
    std::vector<FollowUpId> issued;
    for (const Event& event : tick->events) {
      if (const auto* one = event.As<FollowUpIssued>()) issued.push_back(one->followup);
    }
    return issued;
  }
  // Of the tick on that day: the follow-up it issued, if any.
  std::optional<FollowUpId> Tick(const std::string& at) {
    const std::vector<FollowUpId> issued = TickAll(at);
    return issued.empty() ? std::nullopt : std::optional(issued.back());
  }
  void Mass(const std::string& id, const std::string& at) { Tell(Line(id, "touch", "c", at, R"({"channel":"newsletter","direction":"outbound","kind":"mass"})")); }
  std::string HandOver(const FollowUpId& id, const std::string& at) {
    const auto answer = engine_.HandOver(id, At(at));
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::string tokens;
    for (const std::string& token : answer->tokens) tokens += (tokens.empty() ? "" : " ") + token;
    return answer->allowed ? "allowed" : tokens;
  }
  // "state|sender|line|count" of each row.
  std::vector<std::string> Rows(const std::string& at) {
    const auto table = engine_.Letters(ReadAt{At(at), std::nullopt, policy_});
    EXPECT_TRUE(table.ok()) << table.status();
    std::vector<std::string> rows;
    for (std::size_t row = 0; row < table->rows(); ++row) {
      const auto text = [&](const char* column) {
        const Cell cell = table->Find(column)->at(row);
        return std::holds_alternative<std::string>(cell) ? std::get<std::string>(cell) : std::string("-");
      };
      rows.push_back(text("state") + "|" + text("sender_name") + "|" + text("line") + "|" + std::to_string(std::get<std::int64_t>(table->Find("count_365")->at(row))));
    }
    return rows;
  }
  Engine& engine() { return engine_; }

 private:
  Engine engine_;
  const Policy* policy_;
};
using Rows = std::vector<std::string>;
const RepId kKim = RepId::Trusted("kim"), kLee = RepId::Trusted("lee");

TEST(Letters, GoFromTheRuleToTheHandOver) {
  Written one;
  EXPECT_FALSE(one.Tick("2026-04-05T09:00:00Z").has_value());
  const auto letter = one.Tick("2026-04-06T09:00:00Z");
  ASSERT_TRUE(letter.has_value());
  EXPECT_EQ(one.Rows("2026-04-06T09:30:00Z"), Rows{"waits_for_owner|Kim Jiwoo|-|0"});
  EXPECT_EQ(one.HandOver(*letter, "2026-04-06T10:00:00Z"), "approval");
  const Instant noon = At("2026-04-06T12:00:00Z");
  EXPECT_EQ(TokenOf(one.engine().Approve(*letter, kKim, noon).status()), "letter.no_personal_line");
  EXPECT_EQ(TokenOf(one.engine().Approve(*letter, kKim, noon, " \n").status()), "letter.no_personal_line");
  EXPECT_EQ(TokenOf(one.engine().Approve(*letter, kLee, noon, "Dear Ms Oda").status()), "letter.not_owner");
  const auto approved = one.engine().Approve(*letter, kKim, noon, "The jasmine by your door is out again.");
  ASSERT_TRUE(approved.ok()) << approved.status();
  EXPECT_TRUE(*approved);
  EXPECT_FALSE(*one.engine().Approve(*letter, kKim, At("2026-04-06T12:30:00Z"), "The jasmine by your door is out again."));
  EXPECT_EQ(one.Rows("2026-04-06T13:00:00Z"), Rows{"ready|Kim Jiwoo|The jasmine by your door is out again.|0"});
  EXPECT_EQ(one.HandOver(*letter, "2026-04-06T13:00:00Z"), "allowed");
}

TEST(Letters, WithheldByTheOwnerAloneEnds) {
  Written one;
  const auto letter = one.Tick("2026-04-06T09:00:00Z");
  ASSERT_TRUE(letter.has_value());
  EXPECT_EQ(TokenOf(one.engine().Withhold(*letter, kLee, At("2026-04-06T10:00:00Z")).status()), "letter.not_owner");
  EXPECT_TRUE(*one.engine().Withhold(*letter, kKim, At("2026-04-06T10:00:00Z"), "they move house"));
  EXPECT_EQ(one.Rows("2026-04-06T10:00:00Z"), Rows{}) << "from that moment on, whatever a tick says later";
  EXPECT_FALSE(one.Tick("2026-04-07T09:00:00Z").has_value());
  EXPECT_EQ(one.Rows("2026-04-07T10:00:00Z"), Rows{});
}

// A host that writes the event itself may leave the line out: it is asked for, and given later.
TEST(Letters, AnApprovalWithoutALineWaitsForIt) {
  Written one;
  const auto letter = one.Tick("2026-04-06T09:00:00Z");
  ASSERT_TRUE(letter.has_value());
  one.Tell(Line("yes", "approval.given", "c", "2026-04-06T10:00:00Z", R"({"followup":")" + letter->text() + R"(","rep":"kim"})"));
  EXPECT_EQ(one.Rows("2026-04-06T11:00:00Z"), Rows{"waits_for_line|Kim Jiwoo|-|0"});
  EXPECT_EQ(one.HandOver(*letter, "2026-04-06T11:00:00Z"), "no_personal_line");
  EXPECT_TRUE(*one.engine().Approve(*letter, kKim, At("2026-04-06T12:00:00Z"), "Your new oven must be warm by now."));
  EXPECT_EQ(one.HandOver(*letter, "2026-04-06T13:00:00Z"), "allowed");
}

TEST(Letters, ANewOwnerIsAskedAgain) {
  Written one;
  const auto letter = one.Tick("2026-04-06T09:00:00Z");
  ASSERT_TRUE(letter.has_value());
  EXPECT_TRUE(*one.engine().Approve(*letter, kKim, At("2026-04-06T10:00:00Z"), "As promised, a word from us."));
  one.Tell(Line("over", "owner.assigned", "c", "2026-04-06T11:00:00Z", R"({"owner":"lee"})"));
  EXPECT_EQ(one.Rows("2026-04-06T12:00:00Z").front().substr(0, 15), "waits_for_owner");
  EXPECT_EQ(one.HandOver(*letter, "2026-04-06T12:00:00Z"), "approval");
  EXPECT_EQ(TokenOf(one.engine().Approve(*letter, kKim, At("2026-04-06T13:00:00Z"), "As promised, a word from us.").status()), "letter.not_owner");
  EXPECT_TRUE(*one.engine().Approve(*letter, kLee, At("2026-04-06T13:00:00Z"), "Kim told me of your garden."));
  EXPECT_EQ(one.HandOver(*letter, "2026-04-06T14:00:00Z"), "allowed");
}

TEST(Letters, NobodyWithoutSomebodyWhomTheyKnow) {
  Written stranger(false);
  EXPECT_FALSE(stranger.Tick("2026-04-06T09:00:00Z").has_value());
  stranger.Mass("m", "2026-05-01T10:00:00Z");
  EXPECT_FALSE(stranger.Tick("2026-07-06T09:00:00Z").has_value()) << "mass mail makes nobody known";
  // Who knew them leaves after the approval: nobody may sign it, and the rule's reason is gone.
  Written left;
  const auto letter = left.Tick("2026-04-06T09:00:00Z");
  ASSERT_TRUE(letter.has_value());
  left.Tell(Line("gone", "rep.upserted", "", "2026-04-06T10:00:00Z", R"({"rep":"kim","left":"2026-04-06"})"));
  const std::string refused = left.HandOver(*letter, "2026-04-06T12:00:00Z");
  EXPECT_NE(refused, "allowed") << refused;
}

TEST(Letters, WhoeverAskedNotToBeContactedGetsNone) {
  Written one;
  const auto letter = one.Tick("2026-04-06T09:00:00Z");
  ASSERT_TRUE(letter.has_value());
  EXPECT_TRUE(*one.engine().Approve(*letter, kKim, At("2026-04-06T10:00:00Z"), "A word from us."));
  one.Tell(Line("no", "do_not_contact.set", "c", "2026-04-06T11:00:00Z", "{}"));
  EXPECT_EQ(one.Rows("2026-04-06T12:00:00Z"), Rows{}) << "it goes nowhere, and the next tick ends it";
  EXPECT_EQ(one.HandOver(*letter, "2026-04-06T12:00:00Z"), "do_not_contact");
}

// Three years, a tick a day, each letter sent on its day. The most of any 365 days that end with one of ours: what a host mails to everybody after that is
// for the host to count.
std::int64_t MostInAnyYear(int mass_a_year, int& sent) {
  Written one;
  std::vector<Day> went;
  std::int64_t most = 0;
  sent = 0;
  for (Day day(2026, 4, 1); day < Day(2029, 4, 1); ++day) {
    const std::string date = FormatDay(day);
    if (mass_a_year > 0 && (day - Day(2026, 1, 20)) % (365 / mass_a_year) == 0) {
      one.Mass("m" + date, date + "T08:00:00Z");
      went.push_back(day);
    }
    const auto letter = one.Tick(date + "T09:00:00Z");
    if (!letter.has_value()) continue;
    EXPECT_TRUE(one.engine().Approve(*letter, kKim, At(date + "T10:00:00Z"), "A line of " + date).ok());
    EXPECT_EQ(one.HandOver(*letter, date + "T11:00:00Z"), "allowed") << date;
    one.Tell(Line("sent" + date, "touch", "c", date + "T12:00:00Z",
                  R"({"channel":"letter","direction":"outbound","rep":"kim","kind":"personal","followup":")" + letter->text() + R"("})"));
    went.push_back(day);
    ++sent;
    most = std::max<std::int64_t>(most, std::count_if(went.begin(), went.end(), [&](Day earlier) { return day - earlier < kLetterYearDays; }));
  }
  return most;
}

TEST(Letters, AreThreeToSixAYearWithTheHostsMassMail) {
  int sent = 0;
  EXPECT_EQ(MostInAnyYear(0, sent), 5) << "the fifth comes 364 days after the first";
  EXPECT_EQ(sent, 12);
  EXPECT_LE(MostInAnyYear(3, sent), kMostLettersAYear);
  EXPECT_GE(sent, 3);
}

// Whatever a rule says: five went out, two are handed over on one day, and the second is not the seventh.
TEST(Letters, NobodyGetsMoreThanSixWhateverItsRuleSays) {
  Written one(true, TwoAMonth());
  for (int i = 1; i <= 5; ++i) one.Mass("m" + std::to_string(i), "2026-02-0" + std::to_string(i) + "T08:00:00Z");
  const std::vector<FollowUpId> letters = one.TickAll("2026-02-05T09:00:00Z");
  ASSERT_EQ(letters.size(), 2u);
  for (const FollowUpId& letter : letters) EXPECT_TRUE(one.engine().Approve(letter, kKim, At("2026-02-05T10:00:00Z"), "A line for " + letter.text()).ok());
  EXPECT_EQ(one.HandOver(letters[0], "2026-02-05T11:00:00Z"), "allowed");
  EXPECT_EQ(one.HandOver(letters[1], "2026-02-05T11:30:00Z"), "enough_letters");
  EXPECT_EQ(one.HandOver(letters[0], "2026-02-05T12:00:00Z"), "allowed") << "it does not stand in its own way";
  Rows states;
  for (const std::string& row : one.Rows("2026-02-05T12:30:00Z")) states.push_back(row.substr(0, row.find('|')));
  std::sort(states.begin(), states.end());
  EXPECT_EQ(states, (Rows{"enough", "ready"})) << "both stand there, one of them for want of room";
  // It went out: six, told by its touch and no longer by its hand-over.
  one.Tell(Line("went", "touch", "c", "2026-02-05T13:00:00Z", R"({"channel":"letter","direction":"outbound","rep":"kim","followup":")" + letters[0].text() + R"("})"));
  EXPECT_EQ(one.HandOver(letters[1], "2026-02-05T14:00:00Z"), "enough_letters");
}

TEST(Letters, AtFourBothGo) {
  Written one(true, TwoAMonth());
  for (int i = 1; i <= 4; ++i) one.Mass("m" + std::to_string(i), "2026-02-0" + std::to_string(i) + "T08:00:00Z");
  const std::vector<FollowUpId> letters = one.TickAll("2026-02-05T09:00:00Z");
  ASSERT_EQ(letters.size(), 2u);
  for (const FollowUpId& letter : letters) EXPECT_TRUE(one.engine().Approve(letter, kKim, At("2026-02-05T10:00:00Z"), "A line for " + letter.text()).ok());
  for (const FollowUpId& letter : letters) EXPECT_EQ(one.HandOver(letter, "2026-02-05T11:00:00Z"), "allowed");
}

// A rule by months passes over those that lack the day: of orders at the end of a month it would ask for two letters a year.
TEST(Letters, AreAsManyWhateverTheDayOfTheOrder) {
  for (const std::string ordered : {"2026-01-28", "2026-01-29", "2026-01-30", "2026-01-31", "2026-08-31"}) {
    Written one(true, LettersPolicy(), ordered);
    const Day first = *ParseDay(ordered);
    std::vector<Day> due;
    for (Day day = first + 40; day <= first + 365; ++day) {   // that of the order itself is past
      if (one.Tick(FormatDay(day) + "T09:00:00Z").has_value()) due.push_back(day);
    }
    EXPECT_EQ(due, (std::vector<Day>{first + 91, first + 182, first + 273, first + 364})) << ordered;
  }
}

TEST(Letters, AWithheldLetterHidesNobodyWhoHadEnough) {
  Written one(true, TwoAMonth());
  const std::vector<FollowUpId> letters = one.TickAll("2026-02-05T09:00:00Z");
  ASSERT_EQ(letters.size(), 2u);
  for (const FollowUpId& letter : letters) EXPECT_TRUE(*one.engine().Withhold(letter, kKim, At("2026-02-05T10:00:00Z")));
  EXPECT_EQ(one.Rows("2026-02-05T10:30:00Z"), Rows{});
  for (int i = 1; i <= 6; ++i) one.Mass("m" + std::to_string(i), "2026-02-05T1" + std::to_string(i) + ":00:00Z");
  EXPECT_EQ(one.Rows("2026-02-05T18:00:00Z"), Rows{"enough|Kim Jiwoo|-|6"});
}

TEST(Letters, EnoughIsToldWithTheDayItEnds) {
  Written one;
  for (int i = 1; i <= 6; ++i) one.Mass("m" + std::to_string(i), "2026-01-1" + std::to_string(i) + "T08:00:00Z");
  EXPECT_FALSE(one.Tick("2026-04-06T09:00:00Z").has_value());
  const auto table = one.engine().Letters(ReadAt{At("2026-04-06T10:00:00Z"), std::nullopt, &LettersPolicy()});
  ASSERT_TRUE(table.ok());
  ASSERT_EQ(table->rows(), 1u);
  EXPECT_EQ(table->Find("state")->at(0), Cell(std::string("enough")));
  EXPECT_EQ(table->Find("followup_id")->at(0), Cell());
  EXPECT_EQ(table->Find("next")->at(0), Cell(At("2027-01-11T00:00:00Z")));
  EXPECT_EQ(table->Find("why")->at(0), Cell(std::string("has had 6 letters in a year, that is enough")));
}

}  // namespace
}  // namespace rapport
