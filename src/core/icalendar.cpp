#include "rapport/core/icalendar.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rapport/core/recurrence.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMostDays = 400'000;

struct Line {
  std::size_t number = 0;
  std::string text;
};

absl::Status Wrong(const Line& line, std::string_view found, std::string_view expected) {
  return Invalid("calendar.invalid_ics", absl::StrCat("line ", line.number, ": found ", std::string(found), ", expected ", std::string(expected)));
}

// A line that begins with a space continues the one before.
std::vector<Line> Unfolded(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<Line> lines;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.ends_with('\r')) one.remove_suffix(1);
    if (!one.empty() && (one.front() == ' ' || one.front() == '\t') && !lines.empty()) lines.back().text += one.substr(1);
    else if (!one.empty()) lines.push_back({number, std::string(one)});
  }
  return lines;
}

// NAME;PARAM=..:value; a colon within quotes is part of a parameter.
struct Property {
  std::string name;
  std::string parameters;
  std::string value;
};

std::optional<Property> PropertyOf(const std::string& text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] != ':' || quoted) continue;
    Property property{text.substr(0, i), {}, text.substr(i + 1)};
    const std::size_t semicolon = property.name.find(';');
    if (semicolon != std::string::npos) {
      property.parameters = property.name.substr(semicolon);
      property.name.resize(semicolon);
    }
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
    std::transform(property.name.begin(), property.name.end(), property.name.begin(), upper);
    return property;
  }
  return std::nullopt;
}

bool IsDate(const Property& property) { return property.value.find('T') == std::string::npos; }

absl::StatusOr<Day> DateOf(const Line& line, std::string_view text) {
  const std::string dashed = text.size() == 8 ? absl::StrCat(std::string(text.substr(0, 4)), "-", std::string(text.substr(4, 2)), "-", std::string(text.substr(6))) : "";
  const absl::StatusOr<Day> day = ParseDay(dashed);
  if (!day.ok()) return Wrong(line, absl::StrCat("\"", std::string(text), "\""), "a date such as 20260714");
  return *day;
}

struct Holiday {
  std::optional<Day> start;
  std::optional<Day> end;
  std::string rule;
  std::set<Day> more;
  std::set<Day> except;
  bool cancelled = false;
};

absl::Status ReadDates(const Line& line, const std::string& value, std::set<Day>& days) {
  for (std::size_t from = 0; from <= value.size();) {
    const std::size_t to = std::min(value.find(',', from), value.size());
    RAPPORT_ASSIGN_OR_RETURN(const Day day, DateOf(line, std::string_view(value).substr(from, to - from)));
    days.insert(day);
    from = to + 1;
  }
  return absl::OkStatus();
}

absl::Status Read(const Line& line, const Property& property, Holiday& holiday) {
  if (property.name == "DTSTART" && IsDate(property)) {
    RAPPORT_ASSIGN_OR_RETURN(holiday.start, DateOf(line, property.value));
  } else if (property.name == "DTEND" && IsDate(property)) {
    RAPPORT_ASSIGN_OR_RETURN(holiday.end, DateOf(line, property.value));
  } else if (property.name == "RRULE") {
    holiday.rule = property.value;
  } else if (property.name == "RDATE" && IsDate(property)) {
    return ReadDates(line, property.value, holiday.more);
  } else if (property.name == "EXDATE" && IsDate(property)) {
    return ReadDates(line, property.value, holiday.except);
  } else if (property.name == "STATUS") {
    holiday.cancelled = property.value == "CANCELLED";
  }
  return absl::OkStatus();
}

absl::Status Add(const Line& line, const Holiday& holiday, Day last, std::set<Day>& days) {
  if (!holiday.start.has_value() || holiday.cancelled) return absl::OkStatus();
  const std::int64_t length = holiday.end.has_value() ? *holiday.end - *holiday.start : 1;
  if (length < 1 || length > kMostDays) return Wrong(line, "an end that is not after the start", "a later DTEND");
  std::set<Day> starts = holiday.more;
  starts.insert(*holiday.start);
  if (!holiday.rule.empty()) {
    const absl::StatusOr<Recurrence> rule = Recurrence::Parse(holiday.rule, LocalSecond(*holiday.start));
    if (!rule.ok()) return Wrong(line, std::string(ToStd(rule.status().message())), "a rule that can be read");
    for (const LocalSecond at : rule->Between(LocalSecond(*holiday.start), LocalSecond(last + 1))) starts.insert(Day(at));
  }
  for (const Day start : starts) {
    if (holiday.except.contains(start)) continue;
    for (std::int64_t i = 0; i < length; ++i) days.insert(start + i);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::set<Day>> HolidaysFromIcs(std::string_view text, Day last) {
  std::set<Day> days;
  std::optional<Holiday> event;
  bool calendar = false;
  int inside = 0;   // components within an event, such as alarms
  for (const Line& line : Unfolded(text)) {
    const std::optional<Property> property = PropertyOf(line.text);
    if (!property.has_value()) return Wrong(line, "no colon", "NAME:value");
    if (property->name == "BEGIN") {
      calendar = calendar || property->value == "VCALENDAR";
      if (event.has_value()) ++inside;
      else if (property->value == "VEVENT") event = Holiday();
    } else if (property->name == "END" && event.has_value()) {
      if (inside-- > 0) continue;
      inside = 0;
      RAPPORT_RETURN_IF_ERROR(Add(line, *event, last, days));
      event.reset();
    } else if (event.has_value() && inside == 0) {
      RAPPORT_RETURN_IF_ERROR(Read(line, *property, *event));
    }
  }
  if (!calendar) return Wrong({1, ""}, "no calendar", "BEGIN:VCALENDAR");
  if (event.has_value()) return Wrong({1, ""}, "an event without end", "END:VEVENT");
  return days;
}

}  // namespace rapport
