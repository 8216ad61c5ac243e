#include "rapport/core/working_calendar.hpp"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::string_view kWeekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::int64_t kMicrosPerMinute = 60'000'000;

absl::StatusOr<std::vector<MinuteRange>> ReadRanges(const Json& json, const std::string& path) {
  const auto wrong = [&](std::string_view found) {
    return Invalid("calendar.invalid", absl::StrCat(path, ": found ", std::string(found), ", expected ranges such as [[\"09:00\",\"12:00\"]], in order, not overlapping"));
  };
  const Json::Array* array = json.if_array();
  if (array == nullptr) return wrong(json.KindName());
  std::vector<MinuteRange> ranges;
  for (const Json& item : *array) {
    const Json::Array* pair = item.if_array();
    const std::string* from = pair != nullptr && pair->size() == 2 ? (*pair)[0].if_string() : nullptr;
    const std::string* to = from != nullptr ? (*pair)[1].if_string() : nullptr;
    const absl::StatusOr<int> start = from != nullptr ? ParseMinuteOfDay(*from) : wrong(item.Canonical());
    const absl::StatusOr<int> end = to != nullptr ? ParseMinuteOfDay(*to) : wrong(item.Canonical());
    if (!start.ok() || !end.ok() || *start >= *end || (!ranges.empty() && *start < ranges.back().to)) return wrong(item.Canonical());
    ranges.push_back({*start, *end});
  }
  return ranges;
}

Json RangesToJson(const std::vector<MinuteRange>& ranges) {
  Json::Array array;
  for (const MinuteRange& range : ranges) array.push_back(Json::Array{FormatMinuteOfDay(range.from), FormatMinuteOfDay(range.to)});
  return array;
}

absl::Status ReadWeekly(const Json& json, WorkingWeek& week) {
  JsonReader in(json, "calendar.weekly", "calendar");
  for (std::size_t i = 0; i < week.weekly.size(); ++i) {
    const Json* ranges = in.OptionalAny(kWeekdays[i]);
    if (ranges == nullptr) continue;
    RAPPORT_ASSIGN_OR_RETURN(week.weekly[i], ReadRanges(*ranges, in.PathOf(kWeekdays[i])));
  }
  return in.Finish();
}

absl::Status ReadClosed(const Json& json, WorkingWeek& week) {
  const Json::Array* days = json.if_array();
  if (days == nullptr) return Invalid("calendar.invalid", absl::StrCat("calendar.closed: found ", std::string(json.KindName()), ", expected an array of dates"));
  for (const Json& item : *days) {
    const std::string* text = item.if_string();
    const absl::StatusOr<Day> day = text != nullptr ? ParseDay(*text) : Invalid("calendar.invalid", "expected a date");
    if (!day.ok()) return Invalid("calendar.invalid", absl::StrCat("calendar.closed: found ", item.Canonical(), ", expected a date such as 2026-01-01"));
    week.closed.insert(*day);
  }
  return absl::OkStatus();
}

absl::Status ReadOpen(const Json::Object& days, WorkingWeek& week) {
  for (const auto& [text, ranges] : days) {
    const absl::StatusOr<Day> day = ParseDay(text);
    if (!day.ok()) return Invalid("calendar.invalid", absl::StrCat("calendar.open: found \"", text, "\", expected a date such as 2026-01-10"));
    RAPPORT_ASSIGN_OR_RETURN(week.open[*day], ReadRanges(ranges, absl::StrCat("calendar.open.", text)));
  }
  return absl::OkStatus();
}


absl::Status NeverOpen(Instant from) {
  return NotFound("calendar.never_open", absl::StrCat("found no open minute within ", WorkingCalendar::kHorizonDays, " days from ", FormatInstant(from), ", expected one"));
}

// The open stretches of a local day on the UTC line. Where the clocks change within a range, its ends still mark it: elapsed time counts.
struct Stretch {
  Instant from;
  Instant to;
};

std::vector<Stretch> StretchesOn(const Zone& zone, const WorkingWeek& week, Day day) {
  std::vector<Stretch> stretches;
  for (const MinuteRange& range : week.RangesOn(day)) {
    const Stretch stretch{zone.At(LocalSecond(day) + range.from * 60), zone.At(LocalSecond(day) + range.to * 60)};
    if (stretch.from < stretch.to) stretches.push_back(stretch);
  }
  return stretches;
}

}  // namespace

const std::vector<MinuteRange>& WorkingWeek::RangesOn(Day day) const {
  static const std::vector<MinuteRange> kNone;
  if (const auto found = open.find(day); found != open.end()) return found->second;
  if (closed.contains(day)) return kNone;
  return weekly[static_cast<std::size_t>(absl::GetWeekday(day))];
}

std::int64_t WorkingWeek::WorkingDays(Day from, Day to) const {
  if (to < from) return -WorkingDays(to, from);
  const auto by_weekday = [&](Day day) { return !weekly[static_cast<std::size_t>(absl::GetWeekday(day))].empty(); };
  const auto weeks = static_cast<std::int64_t>((to - from) / 7);
  std::int64_t days = 0;
  for (Day day = from + 1; day <= from + 7; ++day) days += by_weekday(day) ? weeks : 0;
  for (Day day = from + weeks * 7 + 1; day <= to; ++day) days += by_weekday(day) ? 1 : 0;
  for (auto day = closed.upper_bound(from); day != closed.end() && *day <= to; ++day) {
    if (by_weekday(*day) && !open.contains(*day)) --days;
  }
  for (auto day = open.upper_bound(from); day != open.end() && day->first <= to; ++day) {
    days += static_cast<int>(!day->second.empty()) - static_cast<int>(by_weekday(day->first));
  }
  return days;
}

absl::StatusOr<WorkingWeek> WorkingWeek::FromJson(const Json& json) {
  JsonReader in(json, "calendar", "calendar");
  WorkingWeek week;
  RAPPORT_ASSIGN_OR_RETURN(const Json* weekly, in.Any("weekly"));
  RAPPORT_RETURN_IF_ERROR(ReadWeekly(*weekly, week));
  if (const Json* closed = in.OptionalAny("closed")) RAPPORT_RETURN_IF_ERROR(ReadClosed(*closed, week));
  if (in.OptionalAny("open") != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const Json::Object* open, in.Object("open"));
    RAPPORT_RETURN_IF_ERROR(ReadOpen(*open, week));
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return week;
}

Json WorkingWeek::ToJson() const {
  Json::Object days, opened;
  for (std::size_t i = 0; i < weekly.size(); ++i) {
    if (!weekly[i].empty()) days.emplace(kWeekdays[i], RangesToJson(weekly[i]));
  }
  Json::Array shut;
  for (const Day day : closed) shut.push_back(FormatDay(day));
  for (const auto& [day, ranges] : open) opened.emplace(FormatDay(day), RangesToJson(ranges));
  Json::Object json{{"weekly", std::move(days)}};
  if (!shut.empty()) json.emplace("closed", std::move(shut));
  if (!opened.empty()) json.emplace("open", std::move(opened));
  return json;
}

bool WorkingCalendar::IsOpen(Instant at) const {
  for (const Stretch& stretch : StretchesOn(*zone_, week_, zone_->LocalDay(at))) {
    if (stretch.from <= at && at < stretch.to) return true;
  }
  return false;
}

absl::StatusOr<Instant> WorkingCalendar::NextOpen(Instant at) const {
  const Day first = zone_->LocalDay(at);
  for (int i = 0; i <= kHorizonDays; ++i) {
    for (const Stretch& stretch : StretchesOn(*zone_, week_, first + i)) {
      if (at < stretch.to) return std::max(at, stretch.from);
    }
  }
  return NeverOpen(at);
}

absl::StatusOr<Instant> WorkingCalendar::Add(Instant start, std::int64_t minutes) const {
  if (minutes < 0) return Invalid("calendar.invalid", absl::StrCat("minutes: found ", minutes, ", expected 0 or more"));
  std::int64_t left = minutes * kMicrosPerMinute;
  const Day first = zone_->LocalDay(start);
  int empty_days = 0;
  for (int i = 0; empty_days <= kHorizonDays; ++i) {
    const std::vector<Stretch> stretches = StretchesOn(*zone_, week_, first + i);
    empty_days = stretches.empty() ? empty_days + 1 : 0;
    for (const Stretch& stretch : stretches) {
      if (stretch.to <= start) continue;
      const Instant from = std::max(start, stretch.from);
      const std::int64_t open = stretch.to.micros() - from.micros();
      if (left < open) return from.PlusMicros(left);
      left -= open;
      if (left == 0) return minutes == 0 ? from : stretch.to;   // an end that is reached exactly counts as that end
    }
  }
  return NeverOpen(start);
}

std::int64_t WorkingCalendar::Between(Instant start, Instant end) const {
  if (end <= start) return 0;
  std::int64_t micros = 0;
  const Day last = zone_->LocalDay(end);
  for (Day day = zone_->LocalDay(start); day <= last; ++day) {
    for (const Stretch& stretch : StretchesOn(*zone_, week_, day)) {
      micros += std::max<std::int64_t>(0, std::min(end, stretch.to).micros() - std::max(start, stretch.from).micros());
    }
  }
  return micros / kMicrosPerMinute;
}

absl::StatusOr<Day> WorkingCalendar::AddDays(Day day, int n) const {
  const int step = n < 0 ? -1 : 1;
  int idle = 0;
  for (int left = n; left != 0;) {
    day += step;
    idle = week_.WorksOn(day) ? 0 : idle + 1;
    if (idle > kHorizonDays) return NeverOpen(zone_->StartOf(day));
    if (idle == 0) left -= step;
  }
  return day;
}

}  // namespace rapport
