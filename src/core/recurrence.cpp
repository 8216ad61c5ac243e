#include "rapport/core/recurrence.hpp"

#include <algorithm>
#include <charconv>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::array<std::pair<std::string_view, absl::Weekday>, 7> kWeekdays{{
    {"MO", absl::Weekday::monday}, {"TU", absl::Weekday::tuesday}, {"WE", absl::Weekday::wednesday}, {"TH", absl::Weekday::thursday},
    {"FR", absl::Weekday::friday}, {"SA", absl::Weekday::saturday}, {"SU", absl::Weekday::sunday}}};
constexpr std::int64_t kMostCount = 1'000'000;

absl::Status Wrong(std::string_view name, std::string_view found, std::string_view expected) {
  return Invalid("recurrence.invalid", absl::StrCat("part ", std::string(name), ": found \"", std::string(found), "\", expected ", std::string(expected)));
}

std::optional<std::int64_t> WholeOf(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> Split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0;;) {
    const std::size_t to = text.find(by, from);
    parts.push_back(text.substr(from, to == std::string_view::npos ? to : to - from));
    if (to == std::string_view::npos) return parts;
    from = to + 1;
  }
}

absl::StatusOr<std::vector<int>> ReadList(std::string_view name, std::string_view value, int most, bool negative) {
  std::vector<int> numbers;
  for (const std::string_view part : Split(value, ',')) {
    const std::optional<std::int64_t> number = WholeOf(part);
    const bool in_range = number.has_value() && *number != 0 && *number <= most && *number >= (negative ? -most : 1);
    if (!in_range) return Wrong(name, part, absl::StrCat(negative ? "-" : "", negative ? absl::StrCat(most, " to -1 or ") : "", "1 to ", most));
    numbers.push_back(static_cast<int>(*number));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::optional<absl::Weekday> WeekdayNamed(std::string_view name) {
  for (const auto& [word, weekday] : kWeekdays) {
    if (word == name) return weekday;
  }
  return std::nullopt;
}

// "20260302", "20260302T090000", "20260302T090000Z".
std::optional<LocalSecond> CompactTime(std::string_view text, bool* utc) {
  *utc = text.ends_with('Z');
  if (*utc) text.remove_suffix(1);
  const bool timed = text.size() == 15 && text[8] == 'T';
  if (!timed && text.size() != 8) return std::nullopt;
  std::string digits(text.substr(0, 8));
  if (timed) digits += text.substr(9);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  const auto at = [&](std::size_t from, std::size_t size) { return static_cast<int>(*WholeOf(std::string_view(digits).substr(from, size))); };
  const LocalSecond second = timed ? LocalSecond(at(0, 4), at(4, 2), at(6, 2), at(8, 2), at(10, 2), at(12, 2)) : LocalSecond(at(0, 4), at(4, 2), at(6, 2));
  const bool real = second.month() == at(4, 2) && second.day() == at(6, 2) && (!timed || (second.hour() == at(8, 2) && second.minute() == at(10, 2)));
  return real ? std::optional(second) : std::nullopt;
}

bool Holds(const std::vector<int>& list, int value) { return std::find(list.begin(), list.end(), value) != list.end(); }

Day MonthOf(Day day) { return Day(day.year(), day.month(), 1); }

}  // namespace

absl::Status Recurrence::Read(std::string_view name, std::string_view value) {
  if (name == "FREQ") {
    constexpr std::array<std::string_view, 4> kNames{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
    const auto found = std::find(kNames.begin(), kNames.end(), value);
    if (found == kNames.end()) {
      return Invalid("recurrence.unsupported", absl::StrCat("part FREQ: found \"", std::string(value), "\", expected one of DAILY, WEEKLY, MONTHLY, YEARLY"));
    }
    frequency_ = static_cast<Frequency>(found - kNames.begin());
    return absl::OkStatus();
  }
  if (name == "INTERVAL" || name == "COUNT") {
    const std::optional<std::int64_t> number = WholeOf(value);
    if (!number.has_value() || *number < 1 || *number > kMostCount) return Wrong(name, value, "1 to 1000000");
    if (name == "COUNT") count_ = *number;
    else interval_ = *number;
    return absl::OkStatus();
  }
  if (name == "UNTIL") {
    bool utc = false;
    until_ = CompactTime(value, &utc);
    if (!until_.has_value()) return Wrong(name, value, "a date such as 20260302 or 20260302T090000Z");
    // A date includes its whole day.
    if (value.size() == 8) *until_ += 86'399;
    if (utc) until_instant_ = Instant::FromMicros((*until_ - LocalSecond(1970, 1, 1)) * 1'000'000);
    return absl::OkStatus();
  }
  if (name == "WKST") {
    const std::optional<absl::Weekday> weekday = WeekdayNamed(value);
    if (!weekday.has_value()) return Wrong(name, value, "one of MO, TU, WE, TH, FR, SA, SU");
    week_start_ = *weekday;
    return absl::OkStatus();
  }
  if (name == "BYDAY") {
    for (const std::string_view part : Split(value, ',')) {
      const std::optional<absl::Weekday> weekday = part.size() < 2 ? std::nullopt : WeekdayNamed(part.substr(part.size() - 2));
      const std::string_view ordinal = part.size() < 2 ? part : part.substr(0, part.size() - 2);
      const std::optional<std::int64_t> number = ordinal.empty() ? std::optional<std::int64_t>(0) : WholeOf(ordinal);
      const bool well = weekday.has_value() && number.has_value() && *number >= -53 && *number <= 53 && (ordinal.empty() || *number != 0);
      if (!well) return Wrong(name, part, "a weekday such as MO, 1MO or -1FR");
      by_day_.push_back({static_cast<int>(*number), *weekday});
    }
    return absl::OkStatus();
  }
  struct List { std::string_view name; std::vector<int>* into; int most; bool negative; };
  const std::array<List, 4> lists{{{"BYMONTHDAY", &by_month_day_, 31, true}, {"BYMONTH", &by_month_, 12, false},
                                   {"BYYEARDAY", &by_year_day_, 366, true}, {"BYSETPOS", &by_set_pos_, 366, true}}};
  for (const List& list : lists) {
    if (list.name != name) continue;
    RAPPORT_ASSIGN_OR_RETURN(*list.into, ReadList(name, value, list.most, list.negative));
    return absl::OkStatus();
  }
  return Invalid("recurrence.unsupported", absl::StrCat("part ", std::string(name), ": found it, expected one of FREQ, INTERVAL, COUNT, UNTIL, BYDAY, "
                                                        "BYMONTHDAY, BYMONTH, BYYEARDAY, BYSETPOS, WKST"));
}

absl::Status Recurrence::Check() const {
  const bool ordinals = std::any_of(by_day_.begin(), by_day_.end(), [](const WeekdayOf& day) { return day.ordinal != 0; });
  const bool coarse = frequency_ == Frequency::kMonthly || frequency_ == Frequency::kYearly;
  if (ordinals && !coarse) return Wrong("BYDAY", "an ordinal", "weekdays alone with FREQ=DAILY or WEEKLY");
  if (!by_month_day_.empty() && frequency_ == Frequency::kWeekly) return Wrong("BYMONTHDAY", "it", "no such part with FREQ=WEEKLY");
  if (!by_year_day_.empty() && frequency_ != Frequency::kYearly) return Wrong("BYYEARDAY", "it", "such a part with FREQ=YEARLY only");
  if (count_.has_value() && until_.has_value()) return Wrong("COUNT", "it beside UNTIL", "one of the two");
  const bool choices = !by_day_.empty() || !by_month_day_.empty() || !by_month_.empty() || !by_year_day_.empty();
  if (!by_set_pos_.empty() && !choices) return Wrong("BYSETPOS", "it alone", "another BY part to choose from");
  return absl::OkStatus();
}

absl::StatusOr<Recurrence> Recurrence::Parse(std::string_view rrule, LocalSecond start) {
  Recurrence rule;
  rule.start_ = start;
  std::vector<std::string> seen;
  for (const std::string_view part : Split(rrule, ';')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return Wrong("RRULE", part, "parts such as FREQ=WEEKLY");
    const std::string name(part.substr(0, equals));
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) return Wrong(name, "it twice", "it once");
    seen.push_back(name);
    RAPPORT_RETURN_IF_ERROR(rule.Read(name, part.substr(equals + 1)));
  }
  if (std::find(seen.begin(), seen.end(), "FREQ") == seen.end()) return Wrong("FREQ", "", "one of DAILY, WEEKLY, MONTHLY, YEARLY");
  RAPPORT_RETURN_IF_ERROR(rule.Check());
  return rule;
}

Day Recurrence::PeriodStart(std::int64_t period) const {
  const Day first(start_);
  const std::int64_t n = period * interval_;
  switch (frequency_) {
    case Frequency::kDaily: return first + n;
    case Frequency::kWeekly: {
      const Day week = absl::GetWeekday(first) == week_start_ ? first : absl::PrevWeekday(first, week_start_);
      return week + 7 * n;
    }
    case Frequency::kMonthly: {
      const absl::CivilMonth month = absl::CivilMonth(first) + n;
      return Day(month);
    }
    case Frequency::kYearly: return Day(absl::CivilYear(first) + n);
  }
  return first;
}

Day Recurrence::PeriodEnd(std::int64_t period) const {
  const Day first = PeriodStart(period);
  switch (frequency_) {
    case Frequency::kDaily: return first + 1;
    case Frequency::kWeekly: return first + 7;
    case Frequency::kMonthly: return Day(absl::CivilMonth(first) + 1);
    case Frequency::kYearly: return Day(absl::CivilYear(first) + 1);
  }
  return first + 1;
}

// The n-th weekday of a stretch, from its beginning or its end.
bool Recurrence::MatchesWeekday(Day day, Day first, Day end) const {
  return std::any_of(by_day_.begin(), by_day_.end(), [&](const WeekdayOf& wanted) {
    if (absl::GetWeekday(day) != wanted.weekday) return false;
    if (wanted.ordinal == 0) return true;
    const std::int64_t place = wanted.ordinal > 0 ? (day - first) / 7 + 1 : -((end - 1 - day) / 7 + 1);
    return place == wanted.ordinal;
  });
}

bool Recurrence::Matches(Day day, Day first, Day end) const {
  if (!by_month_.empty() && !Holds(by_month_, day.month())) return false;
  if (!by_year_day_.empty()) {
    const int of_year = absl::GetYearDay(day);
    const int from_end = static_cast<int>(day - Day(absl::CivilYear(day) + 1));
    if (!Holds(by_year_day_, of_year) && !Holds(by_year_day_, from_end)) return false;
  }
  if (!by_month_day_.empty()) {
    const int from_end = static_cast<int>(day - Day(absl::CivilMonth(day) + 1));
    if (!Holds(by_month_day_, day.day()) && !Holds(by_month_day_, from_end)) return false;
  }
  if (!by_day_.empty()) {
    // In a year, months that are named make ordinals count within them.
    const bool by_months = frequency_ == Frequency::kYearly && !by_month_.empty();
    return by_months ? MatchesWeekday(day, MonthOf(day), Day(absl::CivilMonth(day) + 1)) : MatchesWeekday(day, first, end);
  }
  if (!by_month_day_.empty() || !by_year_day_.empty()) return true;
  // What no part says, the start says.
  const Day start(start_);
  if (frequency_ == Frequency::kWeekly) return absl::GetWeekday(day) == absl::GetWeekday(start);
  if (frequency_ == Frequency::kMonthly) return day.day() == start.day();
  if (frequency_ == Frequency::kYearly) return day.day() == start.day() && (!by_month_.empty() || day.month() == start.month());
  return true;
}

std::vector<Day> Recurrence::DaysOf(std::int64_t period) const {
  const Day first = PeriodStart(period);
  const Day end = PeriodEnd(period);
  std::vector<Day> days;
  // Positions in the first week count from the start on, as other readers of such rules have it.
  const Day begin = frequency_ == Frequency::kWeekly ? std::max(first, Day(start_)) : first;
  for (Day day = begin; day < end; ++day) {
    if (Matches(day, first, end)) days.push_back(day);
  }
  if (by_set_pos_.empty()) return days;
  std::vector<Day> chosen;
  const auto size = static_cast<std::int64_t>(days.size());
  for (std::int64_t i = 0; i < size; ++i) {
    if (Holds(by_set_pos_, static_cast<int>(i + 1)) || Holds(by_set_pos_, static_cast<int>(i - size))) chosen.push_back(days[static_cast<std::size_t>(i)]);
  }
  return chosen;
}

void Recurrence::Walk(LocalSecond from, const std::function<bool(LocalSecond)>& visit) const {
  const std::int64_t second_of_day = start_ - LocalSecond(Day(start_));
  const Day last_day = Day(start_.year() + kMostYears, 12, 31);
  std::int64_t period = 0;
  // Without a count, what lies before is passed over whole.
  if (!count_.has_value() && Day(from) > Day(start_)) {
    const std::int64_t days = Day(from) - Day(start_);
    const std::int64_t months = absl::CivilMonth(from) - absl::CivilMonth(start_);
    const std::int64_t whole = frequency_ == Frequency::kDaily ? days : frequency_ == Frequency::kWeekly ? days / 7 : frequency_ == Frequency::kMonthly ? months : months / 12;
    period = std::max<std::int64_t>(0, whole / interval_ - 1);
  }
  std::int64_t seen = 0;
  for (;; ++period) {
    if (PeriodStart(period) > last_day) return;
    for (const Day day : DaysOf(period)) {
      const LocalSecond at = LocalSecond(day) + second_of_day;
      if (at < start_) continue;
      if (until_.has_value() && !until_instant_.has_value() && at > *until_) return;
      if (count_.has_value() && ++seen > *count_) return;
      if (at >= from && !visit(at)) return;
    }
  }
}

std::vector<LocalSecond> Recurrence::Between(LocalSecond from, LocalSecond until) const {
  std::vector<LocalSecond> found;
  Walk(from, [&](LocalSecond at) {
    if (at >= until || (until_instant_.has_value() && at > *until_)) return false;
    found.push_back(at);
    return true;
  });
  return found;
}

std::optional<LocalSecond> Recurrence::OnOrAfter(LocalSecond from) const {
  std::optional<LocalSecond> found;
  Walk(from, [&](LocalSecond at) {
    if (!until_instant_.has_value() || at <= *until_) found = at;
    return false;
  });
  return found;
}

std::vector<Instant> Recurrence::Between(const Zone& zone, Instant from, Instant until) const {
  std::vector<Instant> found;
  // A day of slack: clocks may jump.
  Walk(zone.Local(from) - 86'400, [&](LocalSecond local) {
    const Instant at = zone.At(local);
    if (at >= until || (until_instant_.has_value() && at > *until_instant_)) return false;
    if (at >= from) found.push_back(at);
    return true;
  });
  return found;
}

std::optional<Instant> Recurrence::After(const Zone& zone, Instant after) const {
  std::optional<Instant> found;
  Walk(zone.Local(after) - 86'400, [&](LocalSecond local) {
    const Instant at = zone.At(local);
    if (until_instant_.has_value() && at > *until_instant_) return false;
    if (at <= after) return true;
    found = at;
    return false;
  });
  return found;
}

}  // namespace rapport
