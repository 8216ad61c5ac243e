#include "rapport/core/time.hpp"

#include <cctype>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

// Reads fixed-width parts of a text; any step that fails makes the whole fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  int Digits(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i) {
      if (at_ >= text_.size() || std::isdigit(static_cast<unsigned char>(text_[at_])) == 0) return Broken();
      value = value * 10 + (text_[at_++] - '0');
    }
    return value;
  }
  void Expect(char c) {
    if (!Take(c)) Broken();
  }
  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // Digits of a fraction of a second as microseconds; finer than that is refused.
  int Fraction() {
    int value = 0, digits = 0;
    while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) {
      value = value * 10 + (text_[at_++] - '0');
      if (++digits > 6) return Broken();
    }
    if (digits == 0) return Broken();
    for (; digits < 6; ++digits) value *= 10;
    return value;
  }
  bool AtEnd() const { return ok_ && at_ == text_.size(); }
  bool ok() const { return ok_; }
  int Broken() {
    ok_ = false;
    return 0;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

// A civil day that exists, in years 1 to 9999.
std::optional<Day> DayOf(int year, int month, int day) {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const Day civil(year, month, day);  // Abseil would carry 31 April over into May
  if (civil.month() != month || civil.day() != day) return std::nullopt;
  return civil;
}

absl::Status InvalidStamp(std::string_view text) {
  return Invalid("time.invalid", absl::StrCat("found \"", std::string(text),
                                              "\", expected RFC 3339 with an offset, at most microseconds, such as 2026-03-02T10:15:00+09:00"));
}

}  // namespace

absl::StatusOr<Stamp> ParseStamp(std::string_view text) {
  Scanner in(text);
  const int year = in.Digits(4);
  in.Expect('-');
  const int month = in.Digits(2);
  in.Expect('-');
  const int day = in.Digits(2);
  if (!in.Take('T') && !in.Take('t')) in.Broken();
  const int hour = in.Digits(2);
  in.Expect(':');
  const int minute = in.Digits(2);
  in.Expect(':');
  const int second = in.Digits(2);
  const int micros = in.Take('.') ? in.Fraction() : 0;
  int offset = 0;
  if (!in.Take('Z') && !in.Take('z')) {
    const int sign = in.Take('-') ? -1 : 1;
    if (sign == 1) in.Expect('+');
    const int hours = in.Digits(2);
    in.Expect(':');
    const int minutes = in.Digits(2);
    if (hours > 23 || minutes > 59) in.Broken();
    offset = sign * (hours * 60 + minutes);
  }
  const std::optional<Day> civil = in.AtEnd() ? DayOf(year, month, day) : std::nullopt;
  if (!civil || hour > 23 || minute > 59 || second > 59) return InvalidStamp(text);
  const std::int64_t seconds = (*civil - Day(1970, 1, 1)) * 86'400 + hour * 3'600 + minute * 60 + second - offset * 60;
  const Instant at = Instant::FromMicros(seconds * kMicrosPerSecond + micros);
  if (at < Instant::Min() || at > Instant::Max()) return InvalidStamp(text);
  return Stamp{at, static_cast<std::int16_t>(offset)};
}

std::string FormatStamp(const Stamp& stamp) {
  const std::int64_t shifted = stamp.at.micros() + std::int64_t{stamp.offset_minutes} * 60 * kMicrosPerSecond;
  std::int64_t seconds = shifted / kMicrosPerSecond;
  std::int64_t micros = shifted % kMicrosPerSecond;
  if (micros < 0) {
    micros += kMicrosPerSecond;
    --seconds;
  }
  const LocalSecond local = LocalSecond(1970, 1, 1) + seconds;
  std::string text = absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d", local.year(), local.month(), local.day(), local.hour(),
                                     local.minute(), local.second());
  if (micros % 1000 != 0) absl::StrAppendFormat(&text, ".%06d", micros);
  else if (micros != 0) absl::StrAppendFormat(&text, ".%03d", micros / 1000);
  if (stamp.offset_minutes == 0) return text + "Z";
  const int minutes = stamp.offset_minutes < 0 ? -stamp.offset_minutes : stamp.offset_minutes;
  absl::StrAppendFormat(&text, "%c%02d:%02d", stamp.offset_minutes < 0 ? '-' : '+', minutes / 60, minutes % 60);
  return text;
}

std::string FormatInstant(Instant at) { return FormatStamp({at, 0}); }

absl::StatusOr<Day> ParseDay(std::string_view text) {
  Scanner in(text);
  const int year = in.Digits(4);
  in.Expect('-');
  const int month = in.Digits(2);
  in.Expect('-');
  const int day = in.Digits(2);
  const std::optional<Day> civil = in.AtEnd() ? DayOf(year, month, day) : std::nullopt;
  if (civil) return *civil;
  return Invalid("time.invalid_day", absl::StrCat("found \"", std::string(text), "\", expected a date such as 2026-03-02"));
}

std::string FormatDay(Day day) { return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day()); }

absl::StatusOr<int> ParseMinuteOfDay(std::string_view text) {
  Scanner in(text);
  const int hour = in.Digits(2);
  in.Expect(':');
  const int minute = in.Digits(2);
  const int minutes = hour * 60 + minute;
  if (in.AtEnd() && minute <= 59 && minutes <= 1440) return minutes;
  return Invalid("time.invalid_minute", absl::StrCat("found \"", std::string(text), "\", expected 00:00 to 24:00"));
}

std::string FormatMinuteOfDay(int minutes) { return absl::StrFormat("%02d:%02d", minutes / 60, minutes % 60); }

}  // namespace rapport
