#include "rapport/signals/registry.hpp"

#include <cmath>
#include <limits>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

TEST(Signals_Registry, IsSortedAndEverySignalSaysWhatItIs) {
  const std::span<const SignalColumn> all = AllSignals();
  EXPECT_GE(all.size(), 33u);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) { EXPECT_LT(all[i - 1].name, all[i].name); }
    EXPECT_TRUE(all[i].meaning.ends_with(".")) << all[i].name;
    EXPECT_NE(all[i].compute, nullptr) << all[i].name;
    if (all[i].motion != Motion::kClockLinear) { EXPECT_EQ(all[i].slope_per_day, 0) << all[i].name; }
    EXPECT_EQ(*FindSignal(all[i].name), &all[i]);
  }
}

TEST(Signals_Registry, HasTheFixedNames) {
  for (const char* name :
       {"purchase.count", "purchase.first_at", "purchase.last_at", "purchase.last_delivered_at", "purchase.days_since",
        "purchase.rhythm_days", "purchase.revenue", "purchase.margin", "purchase.return_window_ends",
        "purchase.value_at_risk", "value.probability_alive", "value.expected_purchases_365", "promise.open",
        "promise.due_next", "promise.overdue", "worry.open", "worry.oldest_days", "touch.count", "touch.last_at",
        "touch.last_care_at", "touch.days_since_care", "refusal.count", "refusal.last_reason", "account.large",
        "account.expected_volume", "expectation.gap", "expectation.gap.outcome", "expectation.gap.courtesy",
        "expectation.repeat_probability"}) {
    EXPECT_TRUE(FindSignal(name).ok()) << name;
  }
}

TEST(Signals_Registry, AnUnknownNameIsToldTheNearest) {
  const auto found = FindSignal("purchase.day_since");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(TokenOf(found.status()), "signal.unknown");
  EXPECT_NE(found.status().message().find("\"purchase.days_since\""), std::string::npos);
  EXPECT_FALSE(FindSignal("").ok());
}

TEST(Signals_Rounding, KeepsTwelveSignificantDigits) {
  EXPECT_EQ(RoundSignal(1.0 / 3.0), 0.333333333333);
  EXPECT_EQ(RoundSignal(2.0 / 3.0), 0.666666666667);
  EXPECT_EQ(RoundSignal(0.1 + 0.2), 0.3);
  EXPECT_EQ(RoundSignal(123456789012.5), 123456789012.0) << "half to even";
  EXPECT_EQ(RoundSignal(123456789013.5), 123456789014.0);
  EXPECT_EQ(RoundSignal(1234567890123.0), 1234567890120.0);
  EXPECT_EQ(RoundSignal(-1.5e-300), -1.5e-300);
  EXPECT_EQ(RoundSignal(42.0), 42.0);
  EXPECT_FALSE(std::signbit(RoundSignal(-0.0)));
  EXPECT_EQ(RoundSignal(std::numeric_limits<double>::max()), 1.79769313486e308);
  EXPECT_EQ(RoundSignal(std::numeric_limits<double>::denorm_min()), std::numeric_limits<double>::denorm_min());
}

TEST(Signals_Property, RoundingIsIdempotentAndNear) {
  EXPECT_TRUE(rc::check([](double value) {
    RC_PRE(std::isfinite(value));
    const double once = RoundSignal(value);
    RC_ASSERT(RoundSignal(once) == once);
    RC_ASSERT(std::fabs(once - value) <= 5.0001e-12 * std::fabs(value));
  }));
}

std::shared_ptr<const Book> TwoCustomers() {
  return BookOf({Happened("b", "1", "2026-01-01T00:00:00Z", Bought("1.50")),
                 Happened("a", "2", "2026-02-01T00:00:00Z", Called())});
}

TEST(Signals_Table, HasARowACustomerSorted) {
  const absl::StatusOr<Table> table = SignalTable(*TwoCustomers(), At("2026-03-02T00:00:00Z"), {}, {});
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows(), 2u);
  EXPECT_EQ(table->columns().size(), AllSignals().size() + 1);
  EXPECT_EQ(table->Find("customer")->at(0), Cell(std::string("a")));
  EXPECT_EQ(table->Find("customer")->at(1), Cell(std::string("b")));
  EXPECT_EQ(table->Find("purchase.days_since")->at(0), Null());
  EXPECT_EQ(table->Find("purchase.days_since")->at(1), Whole(60));
  EXPECT_EQ(table->Find("purchase.revenue")->at(1), Cell(1.5));
}

TEST(Signals_Table, TakesTheAskedCustomersAndColumns) {
  const std::vector<std::string> columns = {"touch.count", "purchase.count", "touch.count"};
  const std::vector<CustomerId> customers = {Customer("b"), Customer("b")};
  const absl::StatusOr<Table> table =
      SignalTable(*TwoCustomers(), At("2026-03-02T00:00:00Z"), customers, columns);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->ToNdjson(), "{\"customer\":\"b\",\"purchase.count\":1,\"touch.count\":0}\n");
  EXPECT_EQ(table->columns()[1].name(), "touch.count");
}

TEST(Signals_Table, RefusesUnknownNames) {
  const std::vector<std::string> columns = {"touch.cuont"};
  const std::vector<CustomerId> customers = {Customer("z")};
  const Instant now = At("2026-03-02T00:00:00Z");
  EXPECT_EQ(TokenOf(SignalTable(*TwoCustomers(), now, {}, columns).status()), "signal.unknown");
  EXPECT_EQ(TokenOf(SignalTable(*TwoCustomers(), now, customers, {}).status()), "signal.unknown_customer");
}

TEST(Signals_Table, EqualsAskingOneByOne) {
  const std::shared_ptr<const Book> book = TwoCustomers();
  const Instant now = At("2026-03-02T00:00:00Z");
  const Table table = *SignalTable(*book, now, {}, {});
  const SignalContext context = *SignalContext::From(book->context());
  for (const SignalColumn& column : AllSignals()) {
    std::size_t row = 0;
    for (const auto& [id, account] : book->accounts()) {
      const Cell asked = column.compute(InputFor(*account, context, now)).value;
      EXPECT_EQ(table.Find(column.name)->at(row++), asked) << column.name;
    }
  }
}

}  // namespace
}  // namespace rapport
