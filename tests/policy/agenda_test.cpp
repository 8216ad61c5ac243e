#include <gtest/gtest.h>

#include "policy/world.hpp"

namespace rapport::policy_test {
namespace {

AgendaLine LineOf(const World& world, std::string_view as_of, const std::string& id = "c") {
  const auto view = world.Seen(as_of);
  const std::vector<CustomerId> asked{CustomerId::Trusted(id)};
  const std::vector<AgendaLine> lines = AgendaOf(*view->book, view->input, asked);
  EXPECT_EQ(lines.size(), 1u);
  return lines.at(0);
}

TEST(Policy_Agenda, TheDateOfADecision) {
  World world;
  world.Use(OfficeProfile());
  world.Add("c", "w1", "2026-03-01T01:00:00Z", WorryRaised{});
  const AgendaLine line = LineOf(world, "2026-03-01T02:00:00Z");
  EXPECT_EQ(line.next, At("2026-03-02T00:00:00Z")) << "held over Sunday";
  EXPECT_EQ(line.day, OnDay("2026-03-02"));
  EXPECT_EQ(line.rule, "open-worry");
  EXPECT_EQ(line.channel, Channel::kCall);
  EXPECT_TRUE(line.reason.empty());
}

TEST(Policy_Agenda, ElseTheEarliestForeseeableOccasion) {
  World world;
  world.Add("c", "o1", "2026-03-01T01:00:00Z", Order(std::nullopt, 1000));
  AgendaLine line = LineOf(world, "2026-03-02T00:00:00Z");
  EXPECT_EQ(line.rule, "check-in-after-delivery");
  EXPECT_EQ(line.day, OnDay("2026-03-07"));
  world.Add("c", "d1", "2026-03-02T01:00:00Z", PurchaseDelivered{}).Add("c", "t1", "2026-03-03T01:00:00Z", Reached());
  line = LineOf(world, "2026-03-03T02:00:00Z");
  EXPECT_EQ(line.rule, "keep-in-sight") << "spoken to since the delivery: only an event could bring the check-in back";
  EXPECT_EQ(line.day, OnDay("2026-08-30"));
  world.Add("c", "u", "2026-03-03T01:00:00Z", Profile("Asia/Tokyo", true));
  EXPECT_EQ(LineOf(world, "2026-03-03T02:00:00Z").rule, "large-account-not-seen");
}

TEST(Policy_Agenda, AReasonWhereThereIsNoDate) {
  World stopped;
  stopped.Add("c", "w1", "2026-03-01T01:00:00Z", WorryRaised{}).Add("c", "s", "2026-03-01T02:00:00Z", DoNotContactSet{});
  AgendaLine line = LineOf(stopped, "2026-03-02T00:00:00Z");
  EXPECT_FALSE(line.next);
  EXPECT_EQ(line.reason, "do_not_contact");
  EXPECT_FALSE(Say(line.because).empty());

  World idle;
  idle.Use(MustParse(R"({"rapport_policy": 1, "name": "none", "rules": []})"));
  idle.Add("c", "u", "2026-03-01T01:00:00Z", Profile("Asia/Tokyo"));
  line = LineOf(idle, "2026-03-02T00:00:00Z");
  EXPECT_FALSE(line.next);
  EXPECT_EQ(line.reason, "no_rule");
}

TEST(Policy_Agenda, TheNextStepOfACadence) {
  World world;
  world.Use(OfficeProfile()).Use(MustParse(R"({"rapport_policy": 1, "name": "one", "rules": [{"name": "r", "purpose": "care", "priority": 1, "trigger": {"event": "refusal"},
      "steps": [{"name": "first", "after": {"days": 6}, "expires": {"days": 9},
                 "action": {"channel": "mail", "minutes": 5, "headline": "general", "objective": "worry.listen"}}]}]})"));
  world.Add("c", "n", "2026-03-01T01:00:00Z", Refusal{});
  world.Tick("2026-03-01T02:00:00Z");
  AgendaLine line = LineOf(world, "2026-03-02T00:00:00Z");
  EXPECT_EQ(line.day, OnDay("2026-03-09")) << "Saturday 7 March is closed";
  EXPECT_EQ(line.channel, Channel::kMail);
  EXPECT_EQ(line.rule, "r");
  Touch away;
  away.channel = Channel::kMail;
  away.direction = Direction::kInbound;
  away.disposition = Disposition::kAutoReply;
  away.back_on = Day(2026, 3, 17);
  world.Add("c", "a", "2026-03-02T01:00:00Z", away);
  EXPECT_EQ(LineOf(world, "2026-03-02T02:00:00Z").day, OnDay("2026-03-18")) << "the working day after the one of the return";
}

TEST(Policy_Agenda, WhoIsLeftAloneOnPurposeIsSaidToBe) {
  World world;
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "one", "holdout": {"share": 0.5, "salt": "s"}, "rules": [{"name": "r", "purpose": "care", "priority": 1,
      "trigger": {"silence": "care", "days": 90, "repeat": {"days": 90}}, "expires": {"days": 9},
      "action": {"channel": "mail", "minutes": 5, "headline": "general", "objective": "worry.listen"}}]})"));
  std::vector<std::string> ids;
  for (int i = 0; i < 40; ++i) ids.push_back("c" + std::to_string(i));
  for (const std::string& id : ids) world.Add(id, "o-" + id, "2026-02-01T01:00:00Z", Order(std::nullopt, 100));
  int held = 0;
  for (const std::string& id : ids) {
    const bool before = LineOf(world, "2026-03-02T00:00:00Z", id).reason == "holdout";   // nothing is due yet
    const AgendaLine line = LineOf(world, "2026-05-05T00:00:00Z", id);                    // it is due, and held
    EXPECT_EQ(line.reason == "holdout", before) << id;
    EXPECT_EQ(line.next.has_value(), !before) << id;
    EXPECT_FALSE(Say(line.because).empty());
    held += before ? 1 : 0;
  }
  EXPECT_GT(held, 8);
  EXPECT_LT(held, 32);
}

TEST(Policy_Agenda, TheDefaultPolicyForgetsNobody) {
  World world;
  world.Add("lone", "k", "2024-01-01T00:00:00Z", ContactUpserted{ContactId::Trusted("x"), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}});
  world.Add("old", "o", "2019-05-01T00:00:00Z", Order(std::nullopt, 10));
  world.Add("new", "n", "2026-03-01T00:00:00Z", Profile("Pacific/Kiritimati"));
  world.Add("sold", "t", "2025-09-01T00:00:00Z", Reached(Purpose::kSell));
  world.Add("stop", "s", "2025-09-01T00:00:00Z", DoNotContactSet{});
  for (const char* as_of : {"2026-03-02T00:00:00Z", "2026-08-01T00:00:00Z", "2027-01-01T00:00:00Z", "2031-06-05T00:00:00Z"}) {
    world.Tick(as_of);   // also with what was issued, done with and lapsed
    const auto view = world.Seen(as_of);
    for (const AgendaLine& line : AgendaOf(*view->book, view->input, {})) {
      EXPECT_TRUE(line.next.has_value() || !line.reason.empty()) << line.customer.text() << " at " << as_of;
      EXPECT_NE(line.reason, "no_rule") << line.customer.text() << " at " << as_of;
      EXPECT_EQ(line.customer.text() == "stop", line.reason == "do_not_contact") << line.customer.text();
    }
    const auto table = AgendaTable(AgendaOf(*view->book, view->input, {}), view->book->context(), Language::kKorean, TestTexts());
    ASSERT_TRUE(table.ok()) << table.status();
    EXPECT_EQ(table->rows(), 5u);
  }
}

}  // namespace
}  // namespace rapport::policy_test
