// Calendars and recurrences without a book: questions as JSON, answers as JSON.
#include "border.hpp"
#include "rapport/core/icalendar.hpp"
#include "rapport/core/recurrence.hpp"
#include "rapport/core/working_calendar.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

constexpr char kPrefix[] = "calendar";

absl::StatusOr<Instant> InstantOf(const Json& json, const std::string& path) {
  if (json.if_string() == nullptr) return Invalid("calendar.invalid_value", path + ": found " + std::string(json.KindName()) + ", expected an RFC 3339 time");
  const absl::StatusOr<Stamp> stamp = ParseStamp(*json.if_string());
  if (!stamp.ok()) return WithContext(stamp.status(), path);
  return stamp->at;
}

absl::StatusOr<Day> DayOf(const Json& json, const std::string& path) {
  if (json.if_string() == nullptr) return Invalid("calendar.invalid_value", path + ": found " + std::string(json.KindName()) + ", expected a date");
  const absl::StatusOr<Day> day = ParseDay(*json.if_string());
  if (!day.ok()) return WithContext(day.status(), path);
  return day;
}

absl::StatusOr<std::int64_t> WholeOf(const Json& json, const std::string& path) {
  if (const std::optional<std::int64_t> whole = json.if_integer()) return *whole;
  return Invalid("calendar.invalid_value", path + ": found " + std::string(json.KindName()) + ", expected a whole number");
}

// One question: an instant or day, and for some a second part.
using Parts = Json::Array;
absl::StatusOr<Json> Answer(const std::string& ask, const WorkingCalendar& calendar, const Parts& parts, const std::string& path) {
  if (ask == "add_days") {
    RAPPORT_ASSIGN_OR_RETURN(const Day day, DayOf(parts[0], path));
    RAPPORT_ASSIGN_OR_RETURN(const std::int64_t n, WholeOf(parts[1], path));
    if (n < -36'525 || n > 36'525) return Invalid("calendar.invalid_value", path + ": found a number of days beyond a hundred years");
    RAPPORT_ASSIGN_OR_RETURN(const Day then, calendar.AddDays(day, static_cast<int>(n)));
    return Json(FormatDay(then));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Instant at, InstantOf(parts[0], path));
  if (ask == "is_open") return Json(calendar.IsOpen(at));
  if (ask == "next_open") {
    RAPPORT_ASSIGN_OR_RETURN(const Instant open, calendar.NextOpen(at));
    return Json(FormatInstant(open));
  }
  if (ask == "between") {
    RAPPORT_ASSIGN_OR_RETURN(const Instant end, InstantOf(parts[1], path));
    return Json::Integer(calendar.Between(at, end));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t minutes, WholeOf(parts[1], path));
  if (minutes < 0) return Invalid("calendar.invalid_value", path + ": found a negative number of minutes, expected 0 or more");
  RAPPORT_ASSIGN_OR_RETURN(const Instant then, calendar.Add(at, minutes));
  return Json(FormatInstant(then));
}

absl::StatusOr<Json> AnswerAll(const Json& calendar_json, const Json& request) {
  JsonReader in(calendar_json, "calendar", kPrefix);
  RAPPORT_ASSIGN_OR_RETURN(const std::string zone_name, in.String("zone"));
  RAPPORT_ASSIGN_OR_RETURN(const Json* week_json, in.Any("week"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  RAPPORT_ASSIGN_OR_RETURN(const Zone* zone, ZoneRules::Bundled().Find(zone_name));
  RAPPORT_ASSIGN_OR_RETURN(WorkingWeek week, WorkingWeek::FromJson(*week_json));
  const WorkingCalendar calendar(zone, std::move(week));
  JsonReader asked(request, "request", kPrefix);
  RAPPORT_ASSIGN_OR_RETURN(const std::string ask, asked.String("ask"));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* items, asked.Array("items"));
  RAPPORT_RETURN_IF_ERROR(asked.Finish());
  const bool one_part = ask == "is_open" || ask == "next_open";
  if (!one_part && ask != "between" && ask != "add" && ask != "add_days") {
    return asked.Error("ask", "invalid_value", "found \"" + ask + "\", expected one of is_open, next_open, add, between, add_days");
  }
  Json::Array answers;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string path = "request.items[" + std::to_string(i) + "]";
    const Json::Array* parts = (*items)[i].if_array();
    if (parts == nullptr || parts->size() != (one_part ? 1u : 2u)) return Invalid("calendar.invalid_value", path + ": found another shape, expected a list of its parts");
    RAPPORT_ASSIGN_OR_RETURN(Json answer, Answer(ask, calendar, *parts, path));
    answers.push_back(std::move(answer));
  }
  return Json(std::move(answers));
}

// "2026-03-02" or "2026-03-02T09:00:00", local.
absl::StatusOr<LocalSecond> LocalOf(const std::string& text, const std::string& path) {
  LocalSecond second;
  if (text.size() == 10) {
    const absl::StatusOr<Day> day = ParseDay(text);
    if (day.ok()) return LocalSecond(*day);
  } else if (absl::ParseCivilTime(text, &second)) {
    return second;
  }
  return Invalid("recurrence.invalid", path + ": found \"" + text + "\", expected a local time such as 2026-03-02T09:00:00");
}

absl::StatusOr<Json> Recurs(const Json& request) {
  JsonReader in(request, "recurrence", "recurrence");
  RAPPORT_ASSIGN_OR_RETURN(const std::string rrule, in.String("rrule"));
  RAPPORT_ASSIGN_OR_RETURN(const std::string start, in.String("start"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> zone_name, in.OptionalString("zone"));
  RAPPORT_ASSIGN_OR_RETURN(const std::string from, in.String("from"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> until, in.OptionalString("until"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  RAPPORT_ASSIGN_OR_RETURN(const LocalSecond first, LocalOf(start, "start"));
  RAPPORT_ASSIGN_OR_RETURN(const Recurrence rule, Recurrence::Parse(rrule, first));
  Json::Array found;
  if (zone_name.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(const Zone* zone, ZoneRules::Bundled().Find(*zone_name));
    RAPPORT_ASSIGN_OR_RETURN(const Instant begin, InstantOf(Json(from), "from"));
    if (until.has_value()) {
      RAPPORT_ASSIGN_OR_RETURN(const Instant end, InstantOf(Json(*until), "until"));
      for (const Instant at : rule.Between(*zone, begin, end)) found.push_back(FormatInstant(at));
    } else if (const std::optional<Instant> next = rule.After(*zone, begin)) {
      found.push_back(FormatInstant(*next));
    }
    return Json(std::move(found));
  }
  RAPPORT_ASSIGN_OR_RETURN(const LocalSecond begin, LocalOf(from, "from"));
  if (until.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(const LocalSecond end, LocalOf(*until, "until"));
    for (const LocalSecond at : rule.Between(begin, end)) found.push_back(ToStd(absl::FormatCivilTime(at)));
  } else if (const std::optional<LocalSecond> next = rule.OnOrAfter(begin + 1)) {
    found.push_back(ToStd(absl::FormatCivilTime(*next)));
  }
  return Json(std::move(found));
}

}  // namespace

extern "C" rapport_status rapport_calendar_ask(const char* calendar, size_t calendar_size, const char* request, size_t request_size,
                                               rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({calendar, request, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json document, Json::Parse(View(calendar, calendar_size)));
    RAPPORT_ASSIGN_OR_RETURN(const Json asked, Json::Parse(View(request, request_size)));
    RAPPORT_ASSIGN_OR_RETURN(const Json answer, AnswerAll(document, asked));
    return Give(answer.Canonical(), out);
  });
}

extern "C" rapport_status rapport_calendar_holidays(const char* ics, size_t ics_size, const char* last, size_t last_size, rapport_buffer* out,
                                                    rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({ics, last, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Day until, DayOf(Json(View(last, last_size)), "last"));
    RAPPORT_ASSIGN_OR_RETURN(const std::set<Day> days, HolidaysFromIcs(View(ics, ics_size), until));
    Json::Array list;
    for (const Day day : days) list.push_back(FormatDay(day));
    return Give(Json(std::move(list)).Canonical(), out);
  });
}

extern "C" rapport_status rapport_recurrence_ask(const char* request, size_t request_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({request, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json asked, Json::Parse(View(request, request_size)));
    RAPPORT_ASSIGN_OR_RETURN(const Json answer, Recurs(asked));
    return Give(answer.Canonical(), out);
  });
}
