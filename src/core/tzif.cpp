#include "core/tzif.hpp"

#include <algorithm>
#include <cctype>

#include "absl/time/civil_time.h"

namespace rapport {
namespace {

const absl::CivilDay kEpoch(1970, 1, 1);

// Big-endian numbers, with a mark instead of a throw when the bytes end.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  std::int64_t Number(int size) {
    if (at_ + static_cast<std::size_t>(size) > bytes_.size()) {
      ok_ = false;
      return 0;
    }
    std::uint64_t value = static_cast<unsigned char>(bytes_[at_]) & 0x80 ? ~std::uint64_t{0} : 0;
    for (int i = 0; i < size; ++i) value = (value << 8) | static_cast<unsigned char>(bytes_[at_++]);
    return static_cast<std::int64_t>(value);
  }
  int Byte() { return static_cast<int>(Number(1) & 0xFF); }
  void Skip(std::int64_t size) {
    if (size < 0 || static_cast<std::uint64_t>(size) > bytes_.size() - std::min(at_, bytes_.size())) ok_ = false;
    else at_ += static_cast<std::size_t>(size);
  }
  std::string_view Rest() const { return bytes_.substr(std::min(at_, bytes_.size())); }
  bool ok() const { return ok_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

struct Counts {
  std::int64_t utc = 0, standard = 0, leap = 0, time = 0, type = 0, chars = 0;
  bool Sane() const { return time >= 0 && time < 100'000 && type >= 1 && type <= 256 && chars >= 0 && leap >= 0 && utc >= 0 && standard >= 0; }
  std::int64_t Size(int width) const { return time * width + time + type * 6 + chars + leap * (width + 4) + standard + utc; }
};

std::optional<Counts> ReadHeader(Bytes& in) {
  if (!in.Rest().starts_with("TZif")) return std::nullopt;
  in.Skip(4);
  const int version = in.Byte();
  in.Skip(15);
  Counts counts;
  counts.utc = in.Number(4);
  counts.standard = in.Number(4);
  counts.leap = in.Number(4);
  counts.time = in.Number(4);
  counts.type = in.Number(4);
  counts.chars = in.Number(4);
  if (!in.ok() || version < '2' || !counts.Sane()) return std::nullopt;
  return counts;
}

// Reads a POSIX TZ text piece by piece.
class PosixText {
 public:
  explicit PosixText(std::string_view text) : text_(text) {}
  bool done() const { return at_ == text_.size(); }
  bool Take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool Name() {
    const std::size_t from = at_;
    if (Take('<')) {
      while (!done() && text_[at_] != '>') ++at_;
      return Take('>');
    }
    while (!done() && std::isalpha(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return at_ - from >= 3;
  }
  std::optional<int> Integer() {
    const std::size_t from = at_;
    int value = 0;
    while (!done() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0 && at_ - from < 4) value = value * 10 + (text_[at_++] - '0');
    return at_ == from ? std::nullopt : std::optional<int>(value);
  }
  // [+-]hh[:mm[:ss]] in seconds.
  std::optional<int> Clock() {
    const int sign = Take('-') ? -1 : 1;
    if (sign == 1) Take('+');
    const std::optional<int> hours = Integer();
    if (!hours) return std::nullopt;
    int seconds = *hours * 3600;
    for (const int unit : {60, 1}) {
      if (!Take(':')) break;
      const std::optional<int> part = Integer();
      if (!part) return std::nullopt;
      seconds += *part * unit;
    }
    return sign * seconds;
  }
  std::optional<YearlyRule> Rule() {
    YearlyRule rule;
    if (Take('M')) {
      const std::optional<int> month = Integer();
      const std::optional<int> week = Take('.') ? Integer() : std::nullopt;
      const std::optional<int> weekday = Take('.') ? Integer() : std::nullopt;
      if (!month || !week || !weekday || *month < 1 || *month > 12 || *week < 1 || *week > 5 || *weekday > 6) return std::nullopt;
      rule.month = *month;
      rule.week = *week;
      rule.weekday = *weekday;
    } else {
      rule.kind = Take('J') ? YearlyRule::Kind::kJulianNoLeap : YearlyRule::Kind::kDayOfYear;
      const std::optional<int> day = Integer();
      if (!day) return std::nullopt;
      rule.day = *day;
    }
    if (Take('/')) {
      const std::optional<int> seconds = Clock();
      if (!seconds) return std::nullopt;
      rule.seconds = *seconds;
    }
    return rule;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool IsLeap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

// Local seconds since 1970, by the clock that runs before the change, at which the rule takes effect in a year.
std::int64_t LocalChange(const YearlyRule& rule, std::int64_t year) {
  absl::CivilDay day(year, 1, 1);
  switch (rule.kind) {
    case YearlyRule::Kind::kMonthWeekDay: {
      const absl::CivilDay first(year, rule.month, 1);
      const int first_weekday = (static_cast<int>(absl::GetWeekday(first)) + 1) % 7;  // Abseil's Monday 0 as Sunday 0
      day = first + (rule.weekday - first_weekday + 7) % 7 + 7 * (rule.week - 1);
      while (day.month() != rule.month) day -= 7;
      break;
    }
    case YearlyRule::Kind::kJulianNoLeap:
      day += rule.day - 1 + (IsLeap(year) && rule.day >= 60 ? 1 : 0);
      break;
    case YearlyRule::Kind::kDayOfYear:
      day += rule.day;
      break;
  }
  return (day - kEpoch) * 86'400 + rule.seconds;
}

}  // namespace

int PosixRule::OffsetAt(std::int64_t utc) const {
  if (!daylight_offset) return standard_offset;
  const std::int64_t local_days = (utc + standard_offset) / 86'400 - ((utc + standard_offset) % 86'400 < 0 ? 1 : 0);
  const std::int64_t year = (kEpoch + local_days).year();
  // A change of the neighbouring year may be the last one before `utc`.
  std::int64_t latest = INT64_MIN;
  int offset = standard_offset;
  for (std::int64_t y = year - 1; y <= year + 1; ++y) {
    const std::int64_t to_daylight_at = LocalChange(to_daylight, y) - standard_offset;
    const std::int64_t to_standard_at = LocalChange(to_standard, y) - *daylight_offset;
    if (to_daylight_at <= utc && to_daylight_at > latest) {
      latest = to_daylight_at;
      offset = *daylight_offset;
    }
    if (to_standard_at <= utc && to_standard_at > latest) {
      latest = to_standard_at;
      offset = standard_offset;
    }
  }
  return offset;
}

int TzifRules::OffsetAt(std::int64_t utc) const {
  const auto after = std::upper_bound(transitions.begin(), transitions.end(), utc);
  if (after == transitions.end() && footer) return footer->OffsetAt(utc);
  return offsets[static_cast<std::size_t>(after - transitions.begin())];
}

std::optional<PosixRule> ParsePosixRule(std::string_view text) {
  PosixText in(text);
  PosixRule rule;
  if (!in.Name()) return std::nullopt;
  const std::optional<int> west = in.Clock();   // POSIX counts west of UTC as positive
  if (!west) return std::nullopt;
  rule.standard_offset = -*west;
  if (in.done()) return rule;
  if (!in.Name()) return std::nullopt;
  rule.daylight_offset = rule.standard_offset + 3600;
  if (!in.Take(',')) {
    const std::optional<int> daylight_west = in.Clock();
    if (!daylight_west || !in.Take(',')) return std::nullopt;
    rule.daylight_offset = -*daylight_west;
  }
  const std::optional<YearlyRule> to_daylight = in.Rule();
  const std::optional<YearlyRule> to_standard = to_daylight && in.Take(',') ? in.Rule() : std::nullopt;
  if (!to_standard || !in.done()) return std::nullopt;
  rule.to_daylight = *to_daylight;
  rule.to_standard = *to_standard;
  return rule;
}

std::optional<TzifRules> ParseTzif(std::string_view bytes) {
  Bytes in(bytes);
  const std::optional<Counts> first = ReadHeader(in);   // the 32-bit block is skipped
  if (!first) return std::nullopt;
  in.Skip(first->Size(4));
  const std::optional<Counts> counts = in.ok() ? ReadHeader(in) : std::nullopt;
  if (!counts) return std::nullopt;
  TzifRules rules;
  for (std::int64_t i = 0; i < counts->time; ++i) rules.transitions.push_back(in.Number(8));
  std::vector<int> types;
  for (std::int64_t i = 0; i < counts->time; ++i) types.push_back(in.Byte());
  std::vector<int> offset_of_type;
  for (std::int64_t i = 0; i < counts->type; ++i) {
    offset_of_type.push_back(static_cast<int>(in.Number(4)));
    in.Skip(2);
  }
  in.Skip(counts->chars + counts->leap * 12 + counts->standard + counts->utc);
  if (!in.ok() || !std::is_sorted(rules.transitions.begin(), rules.transitions.end())) return std::nullopt;
  rules.offsets.push_back(offset_of_type[0]);
  for (const int type : types) {
    if (type >= static_cast<int>(offset_of_type.size())) return std::nullopt;
    rules.offsets.push_back(offset_of_type[static_cast<std::size_t>(type)]);
  }
  const std::string_view rest = in.Rest();
  if (rest.size() >= 2 && rest.front() == '\n') {
    const std::string_view text = rest.substr(1, rest.find('\n', 1) - 1);
    if (!text.empty()) {
      rules.footer = ParsePosixRule(text);
      if (!rules.footer) return std::nullopt;
    }
  }
  return rules;
}

}  // namespace rapport
