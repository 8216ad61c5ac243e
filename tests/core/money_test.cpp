#include "rapport/core/money.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

Currency Named(const char* code) { return *Currency::Parse(code); }

TEST(Money_Parse, ReadsWhatTheCurrencyAllows) {
  EXPECT_EQ(Money::Parse("19.80", Named("EUR"))->minor(), 1980);
  EXPECT_EQ(Money::Parse("-0.5", Named("EUR"))->minor(), -50);
  EXPECT_EQ(Money::Parse("19800", Named("JPY"))->minor(), 19800);
  EXPECT_EQ(Money::Parse("1.234", Named("KWD"))->minor(), 1234);
  EXPECT_EQ(TokenOf(Money::Parse("1.234", Named("EUR")).status()), "money.too_many_decimals");
  EXPECT_EQ(TokenOf(Money::Parse("1.0", Named("JPY")).status()), "money.too_many_decimals");
  for (const char* wrong : {"", "-", ".5", "5.", "1,5", "1e3", " 1", "+1", "0x1", "1.2.3"}) EXPECT_EQ(TokenOf(Money::Parse(wrong, Named("EUR")).status()), "money.invalid") << wrong;
  EXPECT_EQ(TokenOf(Currency::Parse("EURO").status()), "money.unknown_currency");
  EXPECT_EQ(TokenOf(Currency::Parse("eur").status()), "money.unknown_currency");
}

TEST(Money_Parse, KnowsItsEnds) {
  EXPECT_EQ(Money::Parse("92233720368547758.07", Named("EUR"))->minor(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(Money::Parse("-92233720368547758.08", Named("EUR"))->minor(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(TokenOf(Money::Parse("92233720368547758.08", Named("EUR")).status()), "money.overflow");
  EXPECT_EQ(TokenOf(Money::Parse("999999999999999999999999999999", Named("EUR")).status()), "money.overflow");
}

TEST(Money_Text, ReadsBack) {
  EXPECT_TRUE(rc::check([](std::int64_t minor) {
    for (const char* code : {"JPY", "EUR", "KWD"}) {
      const Money money(minor, Named(code));
      RC_ASSERT(*Money::Parse(money.ToDecimal(), Named(code)) == money);
    }
  }));
}

TEST(Money_Add, NamesCurrenciesAndOverflow) {
  const Money euro(100, Named("EUR"));
  EXPECT_EQ(TokenOf(euro.Add(Money(1, Named("USD"))).status()), "money.currency_mismatch");
  EXPECT_EQ(*Money().Add(euro), euro);
  EXPECT_EQ(TokenOf(Money(std::numeric_limits<std::int64_t>::max(), Named("EUR")).Add(euro).status()), "money.overflow");
}

TEST(Money_Times, RoundsHalfToEvenOnce) {
  const auto times = [](std::int64_t minor, std::int64_t millionths) { return Money(minor, Named("EUR")).TimesMillionths(millionths)->minor(); };
  EXPECT_EQ(times(5, 500'000), 2);
  EXPECT_EQ(times(7, 500'000), 4);
  EXPECT_EQ(times(-5, 500'000), -2);
  EXPECT_EQ(times(-7, 500'000), -4);
  EXPECT_EQ(times(333, 3'000'000), 999);
}

}  // namespace
}  // namespace rapport
