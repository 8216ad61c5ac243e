// Nobody is looked at in vain, and nobody too late: where a decision says when it may come out otherwise, no tick before it has
// anything to record.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "policy/random_world.hpp"

namespace rapport::policy_test {
namespace {

// Every kind of wait: steps, branches, time-outs, a goal that moves with the clock, a silence, a contract's end.
constexpr char kWaits[] = R"({"rapport_policy": 1, "name": "waits", "rules": [
  {"name": "again", "purpose": "care", "priority": 30, "exclusive": "g", "trigger": {"event": "touch", "where": {"disposition": ["absent", "refused_contact"]}},
   "steps": [
     {"name": "first", "after": {"days": 0, "at": "18:00"}, "expires": {"hours": 30}, "most": 2,
      "action": {"channel": "call", "minutes": 10, "headline": "after-contact", "objective": "thank"},
      "branches": [{"on": ["timeout"], "to": "first", "after": {"working_days": 1}}]},
     {"name": "second", "after": {"days": 6}, "expires": {"days": 2}, "when": {"signal": "touch.days_since", "is": "<", "value": 20},
      "action": {"channel": "mail", "minutes": 10, "headline": "after-contact", "objective": "thank"}},
     {"name": "third", "after": {"business_hours": 20}, "expires": {"days": 3},
      "action": {"channel": "call", "minutes": 10, "headline": "after-contact", "objective": "thank"}}],
   "exits": ["reply", "purchase", "goal"], "goal": {"signal": "purchase.days_since", "is": ">=", "value": 25}},
  {"name": "silent", "purpose": "care", "priority": 20, "exclusive": "g", "trigger": {"silence": "contact", "days": 5, "repeat": {"days": 4}},
   "when": {"any": [{"signal": "account.age_days", "is": ">", "value": 12}, {"signal": "worry.oldest_days", "is": "=", "value": 3}]},
   "action": {"channel": "call", "minutes": 5, "headline": "keep-in-sight", "objective": "keep-in-sight"}, "expires": {"days": 3}},
  {"name": "worry", "purpose": "care", "priority": 90, "trigger": {"event": "worry.raised", "offset": {"hours": 30}},
   "when": {"not": {"signal": "touch.days_since", "is": "<=", "value": 2}},
   "action": {"channel": "call", "minutes": 5, "headline": "worry", "objective": "worry.listen"}, "expires": {"days": 6}},
  {"name": "checked", "purpose": "care", "priority": 40, "trigger": {"signal": "promise.overdue", "crosses_above": 1, "check": "FREQ=WEEKLY;BYDAY=MO,TH", "repeat": {"days": 5}},
   "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}, "expires": {"days": 4}},
  {"name": "unkept", "purpose": "care", "priority": 35, "trigger": {"signal": "promise.kept_share", "crosses_below": 0.6, "check": "FREQ=DAILY;INTERVAL=3"},
   "when": {"signal": "touch.days_since", "is": ">=", "value": 3}, "reentry": "always",
   "steps": [{"name": "first", "expires": {"days": 2}, "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}},
             {"name": "second", "after": {"days": 4}, "expires": {"days": 2}, "action": {"channel": "visit", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}}]},
  {"name": "at-risk", "purpose": "care", "priority": 25, "trigger": {"signal": "purchase.value_at_risk", "crosses_above": 1, "check": "FREQ=WEEKLY;INTERVAL=2"},
   "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}, "expires": {"days": 20}}]})";

struct Answer { FollowUpId followup; Instant at; };

// Follow-ups are answered now and then, half an hour after they were issued.
void AnswerSome(World& world, const std::vector<Event>& made, Instant at) {
  for (const FollowUpIssued* issued : All<FollowUpIssued>(made)) {
    const int choice = *rc::gen::inRange(0, 4);
    if (choice == 0) continue;
    const std::string id = issued->followup.text() + std::to_string(issued->revision);
    const std::string when = FormatInstant(at.PlusMinutes(30));
    Touch touch = Reached();
    touch.followup = issued->followup;
    if (choice == 2) touch.disposition = Disposition::kAbsent;
    if (choice == 3) {
      world.Add("c", "z" + id, when, FollowUpSnoozed{issued->followup, at.PlusMinutes(60 * 50), std::nullopt, std::nullopt});
      continue;
    }
    world.Add("c", "t" + id, when, touch).Add("c", "d" + id, when, FollowUpDone{issued->followup, std::nullopt, std::nullopt});
  }
}

bool HeardSince(const World& world, Instant from, Instant until) {
  return std::any_of(world.events().begin(), world.events().end(), [&](const Event& e) { return e.recorded > from && e.recorded <= until; });
}

void CheckTicks(World world) {
  std::optional<Instant> looked;
  std::optional<Instant> look_again;
  bool made_some = false;
  for (const Instant at : RandomTicks()) {
    const bool must_look = !looked.has_value() || made_some || HeardSince(world, *looked, at) || (look_again.has_value() && *look_again <= at);
    const std::vector<Event> made = world.Tick(at);
    if (!must_look && !made.empty()) {
      RC_FAIL("at " + FormatInstant(at) + ", looked at " + FormatInstant(*looked) + ", to be looked at again " +
              (look_again.has_value() ? FormatInstant(*look_again) : "never") + ": " + made.front().key.id);
    }
    made_some = !made.empty();
    AnswerSome(world, made, at);
    const auto view = world.Seen(at);
    if (view->book->Find(CustomerId::Trusted("c")) == nullptr) continue;
    DecideInput input = view->input;
    input.foresee = true;
    looked = at;
    look_again = DecideAccount(view->account(), input).look_again;
  }
}

TEST(Policy_Foresight, NoTickBeforeItHasAnythingToRecord) {
  EXPECT_TRUE(rc::check("default policy", [] { CheckTicks(RandomWorld()); }));
  EXPECT_TRUE(rc::check("cadences", [] {
    World world = RandomWorld();
    world.Use(MustParse(kWaits));
    CheckTicks(std::move(world));
  }));
}

// It would be easy never to be late: to look every time.
TEST(Policy_Foresight, WaitsAsLongAsItCan) {
  World world;
  world.Add("c", "born", "2026-01-01T00:00:00Z", Profile("Asia/Tokyo"));
  const auto view = world.Seen("2026-01-02T00:00:00Z");
  DecideInput input = view->input;
  input.foresee = true;
  const AccountDecisions decided = DecideAccount(view->account(), input);
  ASSERT_TRUE(decided.look_again.has_value());
  EXPECT_EQ(FormatInstant(*decided.look_again), "2026-06-29T15:00:00Z");   // 180 days of silence, midnight in Tokyo
}

}  // namespace
}  // namespace rapport::policy_test
