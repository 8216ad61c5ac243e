// Floor 0. Money: a whole number of minor units (cents, sen, won) and an ISO 4217 currency. No doubles.
//
//   Money::Parse("19.80", *Currency::Parse("EUR"))   -> 1980 minor units
//   Money::Parse("19.805", eur)                      -> money.too_many_decimals
//   a.Add(b)                                         -> money.overflow, money.currency_mismatch
#ifndef RAPPORT_CORE_MONEY_HPP_
#define RAPPORT_CORE_MONEY_HPP_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace rapport {

// An ISO 4217 currency in use, with the number of decimals of its minor unit (JPY 0, EUR 2, KWD 3).
class Currency {
 public:
  Currency() = default;  // none
  // Three capital letters of the ISO 4217 list; else `money.unknown_currency`.
  static absl::StatusOr<Currency> Parse(std::string_view code);
  std::string_view code() const { return {code_.data(), decimals_ < 0 ? std::size_t{0} : code_.size()}; }
  int decimals() const { return decimals_ < 0 ? 0 : decimals_; }
  bool empty() const { return decimals_ < 0; }
  friend auto operator<=>(const Currency&, const Currency&) = default;

 private:
  std::array<char, 3> code_{};
  std::int8_t decimals_ = -1;
};

// A value type; copy it. Comparable only within one currency (operator== compares both parts).
class Money {
 public:
  Money() = default;  // zero without a currency: the neutral element of Add
  Money(std::int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}

  // A decimal text such as "-12.50": optional minus, digits, at most as many decimals as the currency has.
  // No exponent, no grouping, no spaces. Tokens `money.invalid`, `money.too_many_decimals`, `money.overflow`.
  static absl::StatusOr<Money> Parse(std::string_view decimal, Currency currency);
  // The shortest text that Parse reads back: "19800" for JPY, "19.80" for EUR.
  std::string ToDecimal() const;

  std::int64_t minor() const { return minor_; }
  Currency currency() const { return currency_; }
  // For formulas (value models): the amount in major units as the nearest double.
  double ToMajor() const;

  // `money.currency_mismatch` names both currencies; `money.overflow`.
  absl::StatusOr<Money> Add(const Money& other) const;
  // quantity x this, rounded half to even once; quantity as millionths (2.5 pieces = 2'500'000).
  absl::StatusOr<Money> TimesMillionths(std::int64_t millionths) const;

  // This in another currency: `rate` is what one major unit of it is worth in `to`, as decimal text above 0 ("1.0834"). Rounded half to
  // even once. `money.invalid_rate`, `money.overflow`.
  absl::StatusOr<Money> ConvertedTo(Currency to, std::string_view rate) const;

  friend bool operator==(const Money&, const Money&) = default;

 private:
  std::int64_t minor_ = 0;
  Currency currency_;
};

}  // namespace rapport

#endif  // RAPPORT_CORE_MONEY_HPP_
