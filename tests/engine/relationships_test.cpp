// How customers stand, in words, and the rungs of deals, against books made of what had happened by then.
#include <gtest/gtest.h>

#include <set>

#include "engine/relationship_table.hpp"
#include "rapport/core/status.hpp"
#include "rapport/engine.hpp"
#include "rapport/plan/deal_wealth.hpp"
#include "rapport/simulate.hpp"

namespace rapport {
namespace {

TEST(Standings, NeverInContactIsNotTheSameAsFaded) {
  Standing standing;
  EXPECT_EQ(TellStanding(standing).key, "standing.none.never");
  standing.trust = 0.01;
  EXPECT_EQ(TellStanding(standing).key, "standing.none");
  standing.rung = Rung::kTrust;
  standing.falls_on = Day(2026, 3, 28);
  EXPECT_EQ(TellStanding(standing).key, "standing.trust");
}

TEST(Deals, RungsAreThoseOfTheBookAsItWasThen) {
  std::vector<Event> events;
  Json truth;
  BookBuilder builder(ZoneRules::Bundled());
  const auto keep = [&](Event&& event) {
    builder.Add(event);
    events.push_back(std::move(event));
    return absl::OkStatus();
  };
  ASSERT_TRUE(Simulate({.seed = 41, .customers = 40, .late_share = 0.3}, ZoneRules::Bundled(), keep, &truth).ok());
  const Instant now = ParseStamp(*truth.Find("end")->if_string())->at;
  Engine engine = *Engine::InMemory();
  ASSERT_TRUE(engine.Append(std::move(events)).ok());
  const auto deals = engine.Deals(ReadAt{now}, {});
  ASSERT_TRUE(deals.ok()) << deals.status();
  const auto book = builder.AsKnown(now, now);
  const SignalContext context = *SignalContext::From(book->context());
  const auto rung_at = [&](const CustomerId& customer, Instant moment) {
    const auto account = builder.AsKnown(now, moment)->Find(customer);
    const std::optional<Standing> standing = account == nullptr ? std::nullopt : StandingOf(InputFor(*account, context, moment));
    return std::string(NameOf(standing.has_value() ? standing->rung : Rung::kNone));
  };
  std::set<std::string> seen;
  std::size_t row = 0;
  for (const ClosedDeal& one : ClosedDealsOf(*book, now, {})) {
    const Json told = deals->RowToJson(row++);
    ASSERT_EQ(*told.Find("opportunity")->if_string(), one.deal.id.text());
    EXPECT_EQ(*told.Find("rung_before")->if_string(), rung_at(one.customer, one.deal.opened)) << one.deal.id.text();
    EXPECT_EQ(*told.Find("rung_after")->if_string(), rung_at(one.customer, AftermathOf(one.deal, now))) << one.deal.id.text();
    seen.insert(*told.Find("rung_after")->if_string());
  }
  EXPECT_EQ(row, deals->rows());
  EXPECT_GT(row, 5u);
  EXPECT_GT(seen.size(), 1u);
}

}  // namespace
}  // namespace rapport
