// Nobody is looked at in vain, and nobody too late: where a decision says when it may come out otherwise, no tick before it has
// anything to record.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "policy/waits.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport::policy_test {
namespace {

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
              (look_again.has_value() ? FormatInstant(*look_again) : "never") + ": " + made.front().key.id + " " + EncodeFacts(made.front()).Canonical());
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
  EXPECT_TRUE(rc::check("trust that fades", [] {
    World world = RandomWarmWorld();
    world.Use(MustParse(kWarmth));
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
