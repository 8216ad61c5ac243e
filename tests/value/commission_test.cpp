#include "rapport/value/commission.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "rapport/core/status.hpp"
#include "rapport/value/orders.hpp"
#include "value/economics_world.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

const EconomicsTerms kTerms = Terms(R"({"commission": {"share": "0.1", "clawback_days": 30}})");

std::string Told(const std::vector<CommissionRow>& rows) {
  std::string out;
  for (const CommissionRow& row : rows) {
    out += row.rep.text() + " " + FormatDay(Day(row.month)).substr(0, 7) + " " + row.earned.ToDecimal() + " -" + row.taken_back.ToDecimal() + " risk " +
           row.at_risk.ToDecimal() + " kept " + row.kept.ToDecimal() + "; ";
  }
  return out;
}

std::string Told(const Trade& trade, std::string_view as_of, const EconomicsTerms& terms = kTerms) {
  const auto rows = CommissionByMonth(*trade.AsBook(), terms, At(as_of));
  return rows.ok() ? Told(*rows) : TokenOf(rows.status());
}

TEST(Commission, ALossWithinTheWindowTakesItsPartBackInItsMonth) {
  Trade trade;
  trade.Order("c", "o-1", "2026-01-20T10:00:00Z", "100.00", std::nullopt, "r-1");
  EXPECT_EQ(Told(trade, "2026-01-21T00:00:00Z"), "r-1 2026-01 10.00 -0.00 risk 10.00 kept 10.00; ");
  EXPECT_EQ(Told(trade, "2026-02-19T23:00:00Z"), "r-1 2026-01 10.00 -0.00 risk 10.00 kept 10.00; ");   // the last day
  EXPECT_EQ(Told(trade, "2026-02-20T00:00:00Z"), "r-1 2026-01 10.00 -0.00 risk 0.00 kept 10.00; ");
  trade.Add("c", "2026-02-10T10:00:00Z", Returned(Euro("40.00"), "o-1"));
  EXPECT_EQ(Told(trade, "2026-02-12T00:00:00Z"), "r-1 2026-01 10.00 -0.00 risk 6.00 kept 10.00; r-1 2026-02 0.00 -4.00 risk 0.00 kept -4.00; ");
  trade.Cancel("c", "o-1", "2026-02-19T10:00:00Z");
  EXPECT_EQ(Told(trade, "2026-02-19T12:00:00Z"), "r-1 2026-01 10.00 -0.00 risk 0.00 kept 10.00; r-1 2026-02 0.00 -10.00 risk 0.00 kept -10.00; ");
}

TEST(Commission, ALossAfterTheWindowTakesNothing) {
  Trade trade;
  trade.Order("c", "o-1", "2026-01-20T10:00:00Z", "100.00", std::nullopt, "r-1");
  trade.Add("c", "2026-02-10T10:00:00Z", Returned(Euro("40.00"), "o-1")).Cancel("c", "o-1", "2026-02-20T10:00:00Z");
  EXPECT_EQ(Told(trade, "2026-03-01T00:00:00Z"), "r-1 2026-01 10.00 -0.00 risk 0.00 kept 10.00; r-1 2026-02 0.00 -4.00 risk 0.00 kept -4.00; ");
}

TEST(Commission, OfTheMarginByProductAndOfTheOwnerWhereTheOrderNamesNobody) {
  Trade trade;
  CustomerUpserted customer;
  customer.owner = RepId::Trusted("r-7");
  trade.Add("", "2026-01-01T00:00:00Z", Product("p", 30, Euro("12.50"))).Add("c", "2026-01-01T00:00:00Z", customer);
  trade.Add("c", "2026-01-05T00:00:00Z", Placed({Line("p", Euro("100"), std::nullopt, 2)}, "o-1"));
  trade.Add("c", "2026-01-09T00:00:00Z", Returned(Euro("50"), "o-1"));
  EXPECT_EQ(Told(trade, "2026-03-09T00:00:00Z", Terms(R"({"commission": {"share": "0.5", "of": "margin"}})")), "r-7 2026-01 12.50 -6.25 risk 0.00 kept 6.25; ");
}

TEST(Commission, WhoTakesAnAccountOverTakesNothingOfThePast) {
  Trade trade;
  CustomerUpserted customer;
  customer.owner = RepId::Trusted("r-1");
  trade.Order("c", "o-0", "2025-12-05T00:00:00Z", "10.00").Add("c", "2026-01-01T00:00:00Z", customer);
  trade.Order("c", "o-1", "2026-01-05T00:00:00Z", "100.00").Order("c", "o-2", "2026-01-06T00:00:00Z", "20.00", std::nullopt, "r-3");
  trade.Add("c", "2026-02-01T00:00:00Z", OwnerAssigned{RepId::Trusted("r-2"), std::nullopt}).Order("c", "o-3", "2026-02-01T00:00:00Z", "200.00");
  EXPECT_EQ(Told(trade, "2026-12-01T00:00:00Z"),
            "r-1 2025-12 1.00 -0.00 risk 0.00 kept 1.00; r-1 2026-01 10.00 -0.00 risk 0.00 kept 10.00; r-2 2026-02 20.00 -0.00 risk 0.00 kept 20.00; "
            "r-3 2026-01 2.00 -0.00 risk 0.00 kept 2.00; ");
}

TEST(Commission, MonthsAreThoseOfTheBook) {
  Trade trade;
  BookConfigured book;
  book.zone = "Asia/Tokyo";
  trade.Add("", "2020-02-01T00:00:00Z", book).Order("c", "o-1", "2026-01-31T16:00:00Z", "100.00", std::nullopt, "r-1");
  EXPECT_EQ(Told(trade, "2027-01-01T00:00:00Z"), "r-1 2026-02 10.00 -0.00 risk 0.00 kept 10.00; ");
}

TEST(Commission, SaysWhyThereIsNone) {
  EXPECT_EQ(Told(Trade(), "2026-03-01T00:00:00Z", EconomicsTerms()), "economics.no_commission");
  EXPECT_EQ(Told(Trade(), "2026-03-01T00:00:00Z"), "");
  Trade trade;
  trade.Add("c", "2026-01-05T00:00:00Z", Placed({Line(std::nullopt, In("JPY", "100"))}, "o-1"));
  EXPECT_EQ(Told(trade, "2026-03-01T00:00:00Z"), "money.no_rate");
}

// Whatever came back when: what is earned less what is taken back is the commission on what was left of each order when its window closed.
RC_GTEST_PROP(Commission, EarnedLessTakenBackIsTheCommissionOnWhatWasKept, ()) {
  const auto share = *rc::gen::inRange(1, 1000);
  const auto window = *rc::gen::inRange(0, 40);
  const bool by_margin = *rc::gen::arbitrary<bool>();
  const EconomicsTerms terms = Terms("{\"commission\": {\"share\": \"0." + std::string(share < 10 ? "00" : share < 100 ? "0" : "") + std::to_string(share) +
                                     "\", \"of\": \"" + (by_margin ? "margin" : "revenue") + "\", \"clawback_days\": " + std::to_string(window) + "}}");
  Trade trade;
  std::map<std::string, std::int64_t> expected;   // by rep
  const auto orders = *rc::gen::inRange(0, 8);
  for (int i = 0; i < orders; ++i) {
    const std::string order = "o-" + std::to_string(i), rep = "r-" + std::to_string(*rc::gen::inRange(0, 2));
    const Money amount(*rc::gen::inRange(0, 100'000), Eur()), margin(*rc::gen::inRange(-1000, 50'000), Eur());
    const Instant placed = At("2026-01-01T12:00:00Z").PlusMinutes(24 * 60 * *rc::gen::inRange(0, 60));
    PurchasePlaced said = Placed({Line(std::nullopt, amount, margin)}, order);
    said.rep = RepId::Trusted(rep);
    trade.Add("c-" + std::to_string(i % 3), placed, said);
    std::int64_t left = amount.minor();
    bool whole = false;
    const auto losses = *rc::gen::inRange(0, 4);
    int day = 0;
    for (int j = 0; j < losses; ++j) {
      day += *rc::gen::inRange(0, 25);
      const bool all = *rc::gen::inRange(0, 4) == 0;
      const std::int64_t back = *rc::gen::inRange(0, 60'000);
      trade.Add("c-" + std::to_string(i % 3), placed.PlusMinutes(24 * 60 * day + j + 1), Returned(all ? std::nullopt : std::optional(Money(back, Eur())), order));
      if (day > window) continue;
      left = all ? 0 : std::max<std::int64_t>(0, left - back);
      whole = whole || all;
    }
    std::int64_t base = left;
    if (by_margin) base = whole ? 0 : amount.minor() > 0 ? Proportion(margin, left, amount.minor()).minor() : margin.minor();
    // An order of nothing has no part that comes back, but may come back whole.
    expected[rep] += terms.CommissionOf(RepId()).On(Money(base, Eur()))->minor();
  }
  const auto rows = CommissionByMonth(*trade.AsBook(), terms, At("2026-12-01T00:00:00Z"));
  RC_ASSERT(rows.ok());
  std::map<std::string, std::int64_t> found;
  for (const CommissionRow& row : *rows) {
    found[row.rep.text()] += row.earned.minor() - row.taken_back.minor();
    RC_ASSERT(row.kept.minor() == row.earned.minor() - row.taken_back.minor());
    RC_ASSERT(row.at_risk.minor() == 0);
  }
  for (auto& [rep, sum] : expected) RC_ASSERT(found[rep] == sum);
}

}  // namespace
}  // namespace rapport
