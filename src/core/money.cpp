#include "rapport/core/money.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

__extension__ typedef __int128 Wide;

// ISO 4217 list one (active currencies, funds codes and metals left out); the decimals are 2 unless named below. Sorted.
constexpr std::string_view kCodes[] = {
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF", "BMD", "BND",
    "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF",
    "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD",
    "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW",
    "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN",
    "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN",
    "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED",
    "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG"};
constexpr std::string_view kWhole[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                       "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::string_view kThousandths[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
static_assert(std::is_sorted(std::begin(kCodes), std::end(kCodes)));
static_assert(std::is_sorted(std::begin(kWhole), std::end(kWhole)));
static_assert(std::is_sorted(std::begin(kThousandths), std::end(kThousandths)));

constexpr std::int64_t kPowersOfTen[] = {1, 10, 100, 1000};

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool Fits(Wide value) {
  return value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max();
}

absl::Status Overflow(std::string_view what) {
  return Fail(absl::StatusCode::kOutOfRange, "money.overflow",
              absl::StrCat("found ", std::string(what), ", expected an amount within 63 bits of minor units"));
}

// Division rounding half to even; divisor > 0.
Wide DivideHalfToEven(Wide value, Wide divisor) {
  Wide quotient = value / divisor;
  Wide rest = value % divisor;
  if (rest < 0) {
    rest += divisor;
    --quotient;
  }
  const Wide twice = rest * 2;
  if (twice > divisor || (twice == divisor && quotient % 2 != 0)) ++quotient;
  return quotient;
}

}  // namespace

absl::StatusOr<Currency> Currency::Parse(std::string_view code) {
  if (!std::binary_search(std::begin(kCodes), std::end(kCodes), code)) {
    return Invalid("money.unknown_currency", absl::StrCat("found \"", std::string(code), "\", expected an ISO 4217 code such as EUR"));
  }
  Currency currency;
  std::copy(code.begin(), code.end(), currency.code_.begin());
  currency.decimals_ = std::binary_search(std::begin(kWhole), std::end(kWhole), code)                 ? 0
                       : std::binary_search(std::begin(kThousandths), std::end(kThousandths), code) ? 3
                                                                                                     : 2;
  return currency;
}

absl::StatusOr<Money> Money::Parse(std::string_view decimal, Currency currency) {
  const bool negative = decimal.starts_with('-');
  const std::string_view unsigned_text = decimal.substr(negative ? 1 : 0);
  const std::size_t point = unsigned_text.find('.');
  const std::string_view whole = unsigned_text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? std::string_view() : unsigned_text.substr(point + 1);
  if (!AllDigits(whole) || (point != std::string_view::npos && !AllDigits(fraction))) {
    return Invalid("money.invalid", absl::StrCat("found \"", std::string(decimal), "\", expected a decimal such as \"-12.50\""));
  }
  if (fraction.size() > static_cast<std::size_t>(currency.decimals())) {
    return Invalid("money.too_many_decimals",
                   absl::StrCat("found \"", std::string(decimal), "\", expected at most ", currency.decimals(), " decimals for ",
                                std::string(currency.code())));
  }
  Wide minor = 0;
  const auto add = [&](char c) {
    minor = minor * 10 + (c - '0');
    return minor <= Wide{std::numeric_limits<std::int64_t>::max()} + (negative ? 1 : 0);
  };
  for (const char c : whole) {
    if (!add(c)) return Overflow(decimal);
  }
  for (int i = 0; i < currency.decimals(); ++i) {
    if (!add(static_cast<std::size_t>(i) < fraction.size() ? fraction[static_cast<std::size_t>(i)] : '0')) return Overflow(decimal);
  }
  return Money(static_cast<std::int64_t>(negative ? -minor : minor), currency);
}

std::string Money::ToDecimal() const {
  const bool negative = minor_ < 0;
  const std::uint64_t magnitude = negative ? ~static_cast<std::uint64_t>(minor_) + 1 : static_cast<std::uint64_t>(minor_);
  std::string digits = std::to_string(magnitude);
  const auto decimals = static_cast<std::size_t>(currency_.decimals());
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (decimals > 0) digits.insert(digits.size() - decimals, ".");
  return negative ? "-" + digits : digits;
}

double Money::ToMajor() const { return static_cast<double>(minor_) / static_cast<double>(kPowersOfTen[currency_.decimals()]); }

absl::StatusOr<Money> Money::Add(const Money& other) const {
  if (currency_.empty() && minor_ == 0) return other;
  if (other.currency_.empty() && other.minor_ == 0) return *this;
  if (currency_ != other.currency_) {
    return Invalid("money.currency_mismatch", absl::StrCat("found ", std::string(currency_.code()), " and ",
                                                           std::string(other.currency_.code()), ", expected one currency"));
  }
  const Wide sum = Wide{minor_} + other.minor_;
  if (!Fits(sum)) return Overflow(ToDecimal() + " + " + other.ToDecimal());
  return Money(static_cast<std::int64_t>(sum), currency_);
}

absl::StatusOr<Money> Money::TimesMillionths(std::int64_t millionths) const {
  const Wide product = DivideHalfToEven(Wide{minor_} * millionths, 1'000'000);
  if (!Fits(product)) return Overflow(absl::StrCat(ToDecimal(), " x ", millionths, "/1000000"));
  return Money(static_cast<std::int64_t>(product), currency_);
}

namespace {

constexpr std::size_t kMostRateDigits = 18;

// "1.0834" as 10834 and 4. Digits only: a rate is written, never computed.
absl::StatusOr<std::pair<std::int64_t, int>> ParseRate(std::string_view rate) {
  std::int64_t digits = 0;
  int scale = 0;
  std::size_t count = 0;
  bool point = false, well = !rate.empty() && rate.front() != '.' && rate.back() != '.';
  for (const char c : rate) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    well = well && c >= '0' && c <= '9' && ++count <= kMostRateDigits;
    if (!well) break;
    digits = digits * 10 + (c - '0');
    scale += point ? 1 : 0;
  }
  if (well && digits > 0) return std::pair(digits, scale);
  return Invalid("money.invalid_rate", absl::StrCat("found \"", std::string(rate), "\", expected a decimal above 0 of at most ", kMostRateDigits, " digits, such as 1.0834"));
}

}  // namespace

absl::StatusOr<Money> Money::ConvertedTo(Currency to, std::string_view rate) const {
  RAPPORT_ASSIGN_OR_RETURN(const auto parsed, ParseRate(rate));
  Wide numerator = Wide{minor_} * parsed.first;
  Wide denominator = 1;
  for (int i = parsed.second + currency_.decimals() - to.decimals(); i > 0; --i) denominator *= 10;
  for (int i = to.decimals() - parsed.second - currency_.decimals(); i > 0; --i) numerator *= 10;
  const Wide product = DivideHalfToEven(numerator, denominator);
  if (!Fits(product)) return Overflow(absl::StrCat(ToDecimal(), " x ", std::string(rate)));
  return Money(static_cast<std::int64_t>(product), to);
}

}  // namespace rapport
