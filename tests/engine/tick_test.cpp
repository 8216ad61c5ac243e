// A tick that looks at few accounts records what a tick that looks at all would record; a plan of one rep says what the plan of all says.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "engine/office.hpp"
#include "rapport/simulate.hpp"

namespace rapport {
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
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.recorded < b.recorded; });
  return events;
}

// All reps have one manager, whom no event of a customer names.
std::vector<Event> WithManager(std::vector<Event> events) {
  const RepId okada = RepId::Trusted("okada");
  Event above;
  for (Event& event : events) {
    auto* rep = std::get_if<RepUpserted>(&event.data);
    if (rep == nullptr) continue;
    rep->manager = okada;
    if (above.key.id.empty()) above = event;
  }
  above.key = {"test", "okada"};
  RepUpserted rep;
  rep.rep = okada;
  above.data = rep;
  events.insert(events.begin(), std::move(above));
  return events;
}

// Appends what became known by then.
class Teller {
 public:
  explicit Teller(std::vector<Event> events) : events_(std::move(events)) {}
  void TellUntil(Engine& engine, Instant at) {
    std::vector<Event> batch;
    while (next_ < events_.size() && events_[next_].recorded <= at) batch.push_back(events_[next_++]);
    const auto told = engine.Append(std::move(batch));
    ASSERT_TRUE(told.ok()) << told.status();
  }

 private:
  std::vector<Event> events_;
  std::size_t next_ = 0;
};

std::string Lines(const TickReceipt& receipt) {
  std::string text;
  for (const Event& event : receipt.events) text += EncodeEvent(event).Canonical() + "\n";
  return text;
}

// A part of what is issued is done on the next day, or put off.
void AnswerSome(Engine& engine, const TickReceipt& receipt, Instant at) {
  std::vector<Event> answers;
  int n = 0;
  for (const Event& made : receipt.events) {
    const auto* issued = made.As<FollowUpIssued>();
    if (issued == nullptr || ++n % 3 == 0) continue;
    Event event;
    event.key = {"host", issued->followup.text() + "/" + std::to_string(issued->revision)};
    event.subject = made.subject;
    event.occurred = {at, 0};
    event.recorded = event.claimed = at;
    if (n % 3 == 1) event.data = FollowUpDone{issued->followup, std::nullopt, true};
    else event.data = FollowUpSnoozed{issued->followup, at.PlusMinutes(3 * 24 * 60), std::nullopt, std::nullopt};
    answers.push_back(std::move(event));
  }
  const auto told = engine.Append(std::move(answers));
  ASSERT_TRUE(told.ok()) << told.status();
}

TEST(Engine_Tick, LooksAtFewAndRecordsTheSame) {
  for (const std::uint64_t seed : {1u, 2u}) {
    auto engine = Engine::InMemory();
    ASSERT_TRUE(engine.ok());
    Teller teller(Life(80, seed));
    std::int64_t recorded = 0;
    for (int day = 0; day < 150; ++day) {
      // Now at night, now in the day; sometimes twice.
      const Instant at = At("2024-03-01T00:00:00Z").PlusMinutes(day * 24 * 60 + (day % 5) * 217);
      teller.TellUntil(*engine, at);
      const auto bytes = engine->SnapshotBytes();
      ASSERT_TRUE(bytes.ok()) << bytes.status();
      auto fresh = Engine::FromSnapshot(*bytes);
      ASSERT_TRUE(fresh.ok()) << fresh.status();
      const auto few = engine->Tick(ReadAt{at});
      const auto all = fresh->Tick(ReadAt{at});
      ASSERT_TRUE(few.ok()) << few.status();
      ASSERT_TRUE(all.ok()) << all.status();
      ASSERT_EQ(Lines(*few), Lines(*all)) << FormatInstant(at);
      const auto again = engine->Tick(ReadAt{at});
      ASSERT_TRUE(again.ok());
      EXPECT_EQ(Lines(*again), "") << "after " << Lines(*few);
      recorded += static_cast<std::int64_t>(few->events.size());
      AnswerSome(*engine, *few, at.PlusMinutes(9 * 60));
    }
    EXPECT_GT(recorded, 100);
  }
}

Event Told(std::string id, const std::string& at, Payload data) {
  Event event;
  event.key = {"host", std::move(id)};
  event.subject = CustomerId::Trusted("c");
  event.occurred = {At(at), 0};
  event.recorded = event.claimed = event.occurred.at;
  event.data = std::move(data);
  return event;
}

Policy PolicyOf(const std::string& rule) {
  auto policy = Policy::ParseText(R"({"rapport_policy": 1, "name": "one", "rules": [{"name": "one", "purpose": "care", "priority": 10,)" + rule + "}]}");
  EXPECT_TRUE(policy.ok()) << policy.status();
  return policy.ok() ? *std::move(policy) : Policy::Default();
}

// Appends one event, ticks a minute later, and names what was recorded.
class Teacher {
 public:
  explicit Teacher(Policy policy) : policy_(std::move(policy)), engine_(*Engine::InMemory()) {}
  std::vector<std::string> Tell(std::string id, const std::string& at, Payload data) {
    std::vector<Event> events;
    events.push_back(Told(std::move(id), at, std::move(data)));
    const auto told = engine_.Append(std::move(events));
    EXPECT_TRUE(told.ok()) << told.status();
    const auto tick = engine_.Tick(ReadAt{At(at).PlusMinutes(1), std::nullopt, &policy_});
    EXPECT_TRUE(tick.ok()) << tick.status();
    std::vector<std::string> types;
    if (!tick.ok()) return types;
    for (const Event& event : tick->events) {
      if (event.As<PolicyAdopted>() == nullptr) types.emplace_back(event.type());
      if (const auto* issued = event.As<FollowUpIssued>()) issued_ = issued->followup;
    }
    return types;
  }
  Engine& engine() { return engine_; }
  const FollowUpId& issued() const { return issued_; }

 private:
  Policy policy_;
  Engine engine_;
  FollowUpId issued_;
};

constexpr char kWork[] = R"("expires": {"days": 9}, "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"})";

// An answer that is taken back and given again leads to the same step a second time.
TEST(Engine_Tick, ACadenceGoesBackAndForthWithItsAnswers) {
  Teacher teacher(PolicyOf(std::string(R"("trigger": {"event": "worry.raised"}, "steps": [{"name": "a", )") + kWork + R"(}, {"name": "b", "after": {"days": 20}, )" + kWork + "}]"));
  teacher.Tell("w", "2026-03-02T01:00:00Z", WorryRaised{});
  const FollowUpDone done{teacher.issued(), std::nullopt, std::nullopt};
  using Types = std::vector<std::string>;
  EXPECT_EQ(teacher.Tell("done", "2026-03-02T02:00:00Z", done), Types{"cadence.advanced"});
  EXPECT_EQ(teacher.Tell("undone", "2026-03-02T03:00:00Z", EventRetracted{"host", "done", {}}), Types{"cadence.advanced"});
  EXPECT_EQ(teacher.Tell("done again", "2026-03-02T04:00:00Z", done), Types{"cadence.advanced"});
  EXPECT_EQ(teacher.Tell("later", "2026-03-02T05:00:00Z", WorryAcknowledged{}), Types{});
}

TEST(Engine_HandOver, WhatWasOpenedAgainIsHandedOverAgain) {
  Teacher teacher(PolicyOf(std::string(R"("trigger": {"event": "need.stated"}, "when": {"signal": "worry.open", "is": "=", "value": 0}, )") + kWork));
  teacher.Tell("need", "2026-03-02T01:00:00Z", NeedStated{});
  const auto first = teacher.engine().HandOver(teacher.issued(), At("2026-03-02T01:30:00Z"));
  ASSERT_TRUE(first.ok() && first->allowed) << first.status();
  EXPECT_EQ(teacher.Tell("w", "2026-03-02T02:00:00Z", WorryRaised{}), std::vector<std::string>{"followup.withdrawn"});
  EXPECT_EQ(teacher.Tell("better", "2026-03-02T03:00:00Z", WorryResolved{}), std::vector<std::string>{"followup.issued"});
  const auto second = teacher.engine().HandOver(teacher.issued(), At("2026-03-02T03:30:00Z"));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->allowed);
}

// Handed over again and again on one day is once; on the next day it was put off once.
TEST(Engine_HandOver, OfWhatStaysUndoneIsRecordedOnceADay) {
  Teacher teacher(PolicyOf(std::string(R"("trigger": {"event": "need.stated"}, )") + kWork));
  teacher.Tell("need", "2026-03-02T01:00:00Z", NeedStated{});
  for (const char* at : {"2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z", "2026-03-03T08:00:00Z", "2026-03-03T08:00:00Z", "2026-03-04T08:00:00Z"}) {
    const auto given = teacher.engine().HandOver(teacher.issued(), At(at));
    ASSERT_TRUE(given.ok() && given->allowed) << at << given.status();
  }
  const auto book = teacher.engine().Snapshot();
  ASSERT_TRUE(book.ok()) << book.status();
  const std::shared_ptr<const Account> account = (*book)->Find(CustomerId::Trusted("c"));
  const FollowUpRecord& record = account->followups.at(teacher.issued());
  EXPECT_EQ(record.handed_over, (std::vector<Instant>{At("2026-03-02T08:00:00Z"), At("2026-03-03T08:00:00Z"), At("2026-03-04T08:00:00Z")}));
  EXPECT_EQ(record.state, FollowUpState::kHandedOver);
  EXPECT_EQ(record.state_at, At("2026-03-02T08:00:00Z"));
}

TEST(Engine_Plan, OfOneRepIsThatOfAll) {
  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  Teller teller(WithManager(Life(40, 5)));
  for (const char* day : {"2024-06-03", "2024-06-04", "2024-07-01"}) {
    const Instant at = At(std::string(day) + "T06:00:00Z");
    teller.TellUntil(*engine, at);
    ASSERT_TRUE(engine->Tick(ReadAt{at}).ok());
    const auto all = engine->Plan({.day = *ParseDay(day), .as_of = at});
    ASSERT_TRUE(all.ok()) << all.status();
    std::string of_each;
    for (const RepDay& rep : all->reps) {
      if (rep.rep.empty()) continue;
      const auto one = engine->Plan({.day = *ParseDay(day), .reps = {rep.rep}, .as_of = at});
      ASSERT_TRUE(one.ok()) << one.status();
      const auto table = engine->PlanTable(*one, Language::kEnglish);
      const auto text = engine->PlanText(*one, Language::kEnglish);
      ASSERT_TRUE(table.ok() && text.ok());
      of_each += table->ToNdjson() + *text;
      EXPECT_FALSE(one->reps.empty());
      for (const RepDay& same : all->reps) {
        if (same.rep != rep.rep) continue;
        ASSERT_EQ(one->reps.size(), 1u);
        EXPECT_EQ(one->reps[0].lines.size(), same.lines.size());
        EXPECT_EQ(one->reps[0].held.size(), same.held.size());
        EXPECT_EQ(one->reps[0].no_room.size(), same.no_room.size());
        for (std::size_t i = 0; i < std::min(one->reps[0].lines.size(), same.lines.size()); ++i) {
          EXPECT_EQ(one->reps[0].lines[i].decision->followup, same.lines[i].decision->followup);
          EXPECT_EQ(one->reps[0].lines[i].start, same.lines[i].start);
        }
      }
    }
    EXPECT_NE(of_each, "");
  }
}


Engine Worldwide() {
  auto engine = Engine::InMemory();
  EXPECT_TRUE(engine.ok());
  const auto rep = [](const std::string& id, const std::string& data) {
    return R"({"specversion":"1.0","id":")" + id + R"(","source":"test","type":"rep.upserted","time":"2026-01-01T00:00:00Z","data":{"rep":")" + id + R"(",)" + data + "}}\n";
  };
  const std::string lines = rep("east", R"("zone":"Pacific/Auckland","team":"t")") + rep("west", R"("zone":"America/Lima","team":"t","left":"2026-03-05")");
  const auto events = DecodeLines(lines, {});
  EXPECT_TRUE(events.ok()) << events.status();
  EXPECT_TRUE(engine->Append(*events).ok());
  return *std::move(engine);
}

TEST(Engine_Plan, BeginsWithTheFirstDayOfThoseAskedAbout) {
  Engine engine = Worldwide();
  const Day day(2026, 3, 2);
  const auto from = [&](std::vector<RepId> reps) {
    const auto plan = engine.Plan({.day = day, .reps = std::move(reps)});
    EXPECT_TRUE(plan.ok()) << plan.status();
    return plan.ok() ? FormatInstant(plan->as_of) : std::string();
  };
  EXPECT_EQ(from({}), "2026-03-01T11:00:00Z") << "Auckland is thirteen hours before the book";
  EXPECT_EQ(from({RepId::Trusted("east")}), "2026-03-01T11:00:00Z");
  EXPECT_EQ(from({RepId::Trusted("west")}), "2026-03-02T05:00:00Z");
}

TEST(Engine_Plan, ATeamIsWhoStillWorksThere) {
  Engine engine = Worldwide();
  const auto reps_on = [&](Day day) {
    const auto plan = engine.Plan({.day = day, .team = "t"});
    EXPECT_TRUE(plan.ok()) << plan.status();
    return plan.ok() ? plan->reps.size() : 0;
  };
  EXPECT_EQ(reps_on(Day(2026, 3, 4)), 2u);
  EXPECT_EQ(reps_on(Day(2026, 3, 5)), 1u);
}

}  // namespace
}  // namespace rapport
