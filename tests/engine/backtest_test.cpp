// Backtests: the same as ticking day by day, on what was known each day, and nothing of it recorded.
#include <gtest/gtest.h>

#include "policy/world.hpp"
#include "rapport/policy/backtest.hpp"
#include "rapport/simulate.hpp"

namespace rapport::policy_test {
namespace {

std::vector<Event> Life(std::int64_t customers, std::uint64_t seed) {
  SimulateOptions options;
  options.customers = customers;
  options.seed = seed;
  options.years = 1;
  options.reps = 3;
  std::vector<Event> events;
  EXPECT_TRUE(Simulate(options, ZoneRules::Bundled(), [&](Event&& event) {
                events.push_back(std::move(event));
                return absl::OkStatus();
              }).ok());
  return events;
}

// Issued and closed, day by day, by deciding all accounts every day on a book made anew.
std::vector<std::string> TickedByHand(std::vector<Event> events, const Policy& policy, Day start, Day end) {
  std::vector<std::string> told;
  const std::map<std::string, Policy> earlier{{policy.id(), policy}};
  for (Day day = start; day <= end; day = day + 1) {
    BookBuilder builder(ZoneRules::Bundled());
    for (const Event& event : events) builder.Add(event);
    const Instant at = builder.AsKnown(std::nullopt)->context().ZoneOf(std::nullopt, std::nullopt).StartOf(day);
    const auto book = builder.AsKnown(at, at);
    const SignalContext signals = *SignalContext::From(book->context());
    const PermissionProfile permission = *PermissionProfile::Resolve(book->context().permission);
    const DecideInput input{&signals, &policy, &permission, at, 0, &earlier};
    for (const AccountDecisions& decided : DecideBook(*book, input, {})) {
      for (Event& event : EventsOf(decided, at)) {
        const auto* issued = event.As<FollowUpIssued>();
        if (issued != nullptr && issued->revision == 1) told.push_back(FormatDay(day) + " issued " + issued->followup.text());
        if (event.As<FollowUpExpired>() != nullptr) told.push_back(FormatDay(day) + " expired " + event.As<FollowUpExpired>()->followup.text());
        events.push_back(std::move(event));
      }
    }
  }
  std::sort(told.begin(), told.end());
  return told;
}

std::vector<std::string> Told(const BacktestRun& run) {
  std::vector<std::string> told;
  for (const auto& [id, one] : run.followups) {
    if (one.issued.has_value()) told.push_back(FormatDay(*one.issued) + " issued " + id.text());
    if (one.outcome == BacktestOutcome::kExpired) told.push_back(FormatDay(*one.closed) + " expired " + id.text());
  }
  std::sort(told.begin(), told.end());
  return told;
}

Backtest HistoryOf(const std::vector<Event>& events) {
  Backtest history(ZoneRules::Bundled());
  for (const Event& event : events) history.Add(event);
  return history;
}

TEST(Policy_Backtest, IsWhatTickingEveryDayWouldGive) {
  // Without touches nobody carries anything out, so that plain ticks see the same.
  std::vector<Event> events = Life(40, 3);
  std::erase_if(events, [](const Event& event) { return event.As<Touch>() != nullptr; });
  Instant last = Instant::Min();
  for (const Event& event : events) last = std::max(last, event.occurred.at);
  const Day end = ZoneRules::Bundled().Utc().LocalDay(last) - 60;
  const Day start = end - 100;
  Backtest history = HistoryOf(events);
  const auto run = history.Run(Policy::Default(), {.start = start, .end = end});
  ASSERT_TRUE(run.ok()) << run.status();
  const std::vector<std::string> told = Told(*run);
  EXPECT_GT(told.size(), 50u);
  EXPECT_EQ(told, TickedByHand(events, Policy::Default(), start, end));
  std::int64_t looked = 0, issued = 0;
  for (const BacktestDay& day : run->days) {
    looked += day.looked_at;
    issued += day.issued;
  }
  EXPECT_EQ(std::ssize(run->days), 101);
  EXPECT_LT(looked, 101 * 40 / 2) << "not everybody every day";
  EXPECT_EQ(issued, std::count_if(told.begin(), told.end(), [](const std::string& line) { return line.find("issued") != std::string::npos; }));
  const auto again = history.Run(Policy::Default(), {.start = start, .end = end});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(Told(*again), told) << "a run leaves nothing behind";
}

World Worried() {
  World world;
  world.Use(OfficeProfile()).Add("c", "w", "2026-03-02T01:00:00Z", WorryRaised{});
  return world;
}

BacktestRun RunOf(const World& world, const Policy& policy, Day start, Day end) {
  Backtest history = HistoryOf(world.events());
  auto run = history.Run(policy, {.start = start, .end = end});
  EXPECT_TRUE(run.ok()) << run.status();
  return run.ok() ? *std::move(run) : BacktestRun();
}

const BacktestFollowUp* OfRule(const BacktestRun& run, std::string_view rule) {
  for (const auto& [id, one] : run.followups) {
    if (one.rule == rule) return &one;
  }
  return nullptr;
}

TEST(Policy_Backtest, WhatBecameKnownLateIsNotUsedBefore) {
  World world;
  Event late;
  late.key = {"test", "w"};
  late.subject = CustomerId::Trusted("c");
  late.occurred = {At("2026-03-02T01:00:00Z"), 0};
  late.recorded = late.claimed = At("2026-03-05T01:00:00Z");
  late.data = WorryRaised{};
  world.Add(late);
  const BacktestRun run = RunOf(world, SevenRules(), Day(2026, 3, 1), Day(2026, 3, 10));
  const BacktestFollowUp* worry = OfRule(run, "open-worry");
  ASSERT_NE(worry, nullptr);
  EXPECT_EQ(worry->issued, Day(2026, 3, 6)) << "the first day that begins after it was known";
}

TEST(Policy_Backtest, ATouchOfItsChannelCarriesItOut) {
  World world = Worried();
  Touch mail = Reached();
  mail.channel = Channel::kMail;
  Touch absent = Reached();
  absent.disposition = Disposition::kAbsent;
  world.Add("c", "m", "2026-03-03T01:00:00Z", mail).Add("c", "a", "2026-03-03T02:00:00Z", absent).Add("c", "t", "2026-03-05T01:00:00Z", Reached());
  const BacktestRun run = RunOf(world, SevenRules(), Day(2026, 3, 1), Day(2026, 3, 10));
  const BacktestFollowUp* worry = OfRule(run, "open-worry");
  ASSERT_NE(worry, nullptr);
  EXPECT_EQ(worry->outcome, BacktestOutcome::kDone);
  EXPECT_EQ(worry->closed, Day(2026, 3, 5));
  EXPECT_EQ(run.days.at(5).done, 1) << "known on the morning after";
}

TEST(Policy_Backtest, WhatTheEngineConcludedInHistoryIsLeftOut) {
  World world = Worried();
  const std::vector<Event> made = world.Tick("2026-03-02T15:00:00Z");
  ASSERT_EQ(made.size(), 1u);
  const FollowUpId id = made[0].As<FollowUpIssued>()->followup;
  FollowUpSkipped skipped;
  skipped.followup = id;
  world.Add("c", "s", "2026-03-04T01:00:00Z", skipped);
  const BacktestRun run = RunOf(world, SevenRules(), Day(2026, 3, 1), Day(2026, 3, 10));
  ASSERT_TRUE(run.followups.contains(id)) << "the same cause has the same id";
  EXPECT_EQ(run.followups.at(id).issued, Day(2026, 3, 3));
  EXPECT_EQ(run.followups.at(id).outcome, BacktestOutcome::kSkipped) << "a rep's word on it counts";
}

TEST(Policy_Backtest, TellsWhyHeldAndWhoBoughtWithoutAFollowUp) {
  World world = Worried();
  DoNotContactSet wish;
  world.Add("c", "n", "2026-03-02T02:00:00Z", wish).Add("d", "o", "2026-03-04T03:00:00Z", Order(std::nullopt, 100));
  const BacktestRun run = RunOf(world, SevenRules(), Day(2026, 3, 1), Day(2026, 3, 10));
  const BacktestFollowUp* worry = OfRule(run, "open-worry");
  ASSERT_NE(worry, nullptr);
  EXPECT_EQ(worry->outcome, BacktestOutcome::kHeld);
  EXPECT_EQ(worry->held_by, "do_not_contact");
  EXPECT_EQ(run.days.at(2).held_by.at("do_not_contact"), 1);
  EXPECT_EQ(run.days.at(3).bought, 1);
  EXPECT_EQ(run.days.at(3).bought_without, 1);
  EXPECT_FALSE(run.knowledge_assumed);
  ImportStarted started;
  started.knowledge_assumed = true;
  world.Add("", "import", "2020-01-02T00:00:00Z", started);
  const BacktestRun assumed = RunOf(world, SevenRules(), Day(2026, 3, 1), Day(2026, 3, 2));
  EXPECT_TRUE(assumed.knowledge_assumed);
  const auto summary = BacktestSummary(assumed, nullptr, Language::kEnglish);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_NE(summary->Canonical().find("before anybody knew them"), std::string::npos);
}

TEST(Policy_Backtest, TwoVersionsPersonByPerson) {
  const World world = Worried();
  const Policy later = MustParse(R"({"rapport_policy": 1, "name": "later", "rules": [{"name": "open-worry", "purpose": "care", "priority": 1,
      "trigger": {"event": "worry.raised", "offset": {"days": 3}}, "expires": {"days": 9},
      "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "worry.listen"}}]})");
  Backtest history = HistoryOf(world.events());
  const BacktestOptions options{.start = Day(2026, 3, 1), .end = Day(2026, 3, 10)};
  const auto now = history.Run(SevenRules(), options);
  const auto other = history.Run(later, options);
  ASSERT_TRUE(now.ok() && other.ok());
  const Table people = BacktestPeopleTable(*now, &*other);
  ASSERT_EQ(people.rows(), 1u);
  const Json row = people.RowToJson(0);
  EXPECT_EQ(*row.Find("change"), Json("moved"));
  EXPECT_EQ(*row.Find("issued_policy"), Json("2026-03-03"));
  EXPECT_EQ(*row.Find("issued_against"), Json("2026-03-05"));
  EXPECT_EQ(BacktestPeopleTable(*now, &*now).rows(), 0u);
  EXPECT_EQ(BacktestDayTable(*now, &*other).rows(), 20u);
  EXPECT_EQ(BacktestRuleTable(*now, &*other).rows(), 2u);
  for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
    const auto summary = BacktestSummary(*now, &*other, language);
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(*summary->Find("customers_changed"), Json::Integer(1));
  }
}

TEST(Policy_Backtest, ThrottlesAndRefitsAndPeriods) {
  World world;
  for (const char* id : {"a", "b", "d"}) world.Add(id, std::string("w-") + id, "2026-03-02T01:00:00Z", WorryRaised{});
  const Policy one_a_day = MustParse(R"({"rapport_policy": 1, "name": "slow", "rules": [{"name": "w", "purpose": "care", "priority": 1,
      "throttle": {"new_a_day": 1}, "trigger": {"event": "worry.raised"}, "expires": {"days": 9},
      "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "worry.listen"}}]})");
  const BacktestRun run = RunOf(world, one_a_day, Day(2026, 3, 1), Day(2026, 3, 10));
  for (const int day : {2, 3, 4}) EXPECT_EQ(run.days.at(day).issued, 1) << day;
  EXPECT_EQ(run.days.at(2).held_by.at("throttle"), 2);

  Backtest history = HistoryOf(world.events());
  EXPECT_EQ(TokenOf(history.Run(SevenRules(), {.start = Day(2026, 3, 2), .end = Day(2026, 3, 1)}).status()), "backtest.invalid_period");
  int fits = 0;
  BacktestOptions options{.start = Day(2026, 2, 20), .end = Day(2026, 4, 2)};
  options.refit = [&](const Book&, Instant) -> absl::StatusOr<std::optional<ModelFitted>> {
    ++fits;
    return std::optional<ModelFitted>();
  };
  EXPECT_TRUE(history.Run(SevenRules(), options).ok());
  EXPECT_EQ(fits, 3) << "the first day, and the first of two months";
  options.progress = [](Day day) { return day < Day(2026, 2, 22); };
  EXPECT_EQ(TokenOf(history.Run(SevenRules(), options).status()), "backtest.cancelled");
}

}  // namespace
}  // namespace rapport::policy_test
