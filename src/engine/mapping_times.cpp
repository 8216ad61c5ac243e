// Times of a mapping: compiled from its words, and read from cells.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "engine/mapping.hpp"

namespace rapport {
namespace {

bool InRange(Instant at) { return at >= Instant::Min() && at <= Instant::Max(); }

std::optional<ReadMoment> At(Instant at, Day day) { return InRange(at) ? std::optional<ReadMoment>({at, day}) : std::nullopt; }

std::optional<ReadMoment> OnDay(const MappedTime& time, Day day) {
  if (day.year() < 1 || day.year() > 9999) return std::nullopt;
  return At(time.zone->At(LocalSecond(day) + time.at_minute * 60), day);
}

std::optional<ReadMoment> OnLocal(const MappedTime& time, LocalSecond local) {
  if (time.date_only) return OnDay(time, Day(local));
  return At(time.zone->At(local), Day(local));
}

// An instant, the day of which is the zone's unless it is taken as written: then it is the day at `offset_seconds`.
std::optional<ReadMoment> OnInstant(const MappedTime& time, Instant at, std::int64_t offset_seconds) {
  if (!InRange(at)) return std::nullopt;
  if (!time.date_only) return At(at, time.zone->LocalDay(at));
  return OnDay(time, Day(absl::ToCivilSecond(at.PlusMicros(offset_seconds * 1'000'000).ToAbsl(), absl::UTCTimeZone())));
}

// Seconds of the offset at the end of a text: Z, +09, +0900, +09:00. The pattern was read before, so it is one of these.
std::int64_t TrailingOffset(std::string_view text) {
  const std::size_t sign = text.find_last_of("+-");
  if (text.ends_with('Z') || text.ends_with('z') || sign == std::string_view::npos) return 0;
  std::string digits(text.substr(sign + 1));
  digits.erase(std::remove_if(digits.begin(), digits.end(), [](char c) { return c < '0' || c > '9'; }), digits.end());
  digits.resize(4, '0');
  const int seconds = ((digits[0] - '0') * 10 + digits[1] - '0') * 3600 + ((digits[2] - '0') * 10 + digits[3] - '0') * 60;
  return text[sign] == '-' ? -seconds : seconds;
}

std::optional<ReadMoment> ReadPattern(const TimeForm& form, const MappedTime& time, const std::string& text) {
  absl::Time parsed;
  std::string why;
  if (!absl::ParseTime(form.pattern, text, absl::UTCTimeZone(), &parsed, &why) || parsed == absl::InfiniteFuture() ||
      parsed == absl::InfinitePast()) {
    return std::nullopt;
  }
  if (form.has_offset) return OnInstant(time, Instant::FromMicros(absl::ToUnixMicros(parsed)), time.date_only ? TrailingOffset(text) : 0);
  const LocalSecond local = absl::ToCivilSecond(parsed, absl::UTCTimeZone());
  return form.has_hour ? OnLocal(time, local) : OnDay(time, Day(local));
}

std::optional<ReadMoment> ReadEpoch(const MappedTime& time, const std::string& text, std::int64_t micros) {
  std::int64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  constexpr std::int64_t kMost = 253'402'300'799'999'999;
  if (error != std::errc() || stop != end || count > kMost / micros || count < -kMost / micros) return std::nullopt;
  return OnInstant(time, Instant::FromMicros(count * micros), 0);
}

// Whole days since 1899-12-30; the fraction is the time of day.
std::optional<ReadMoment> ReadSerial(const MappedTime& time, const std::string& text) {
  double serial = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, serial, std::chars_format::fixed);
  if (error != std::errc() || stop != end || !(serial >= 1) || serial >= 2'958'466) return std::nullopt;
  const double days = std::floor(serial);
  const auto seconds = static_cast<std::int64_t>(std::llround((serial - days) * 86'400));
  const Day day = Day(1899, 12, 30) + static_cast<std::int64_t>(days);
  return seconds == 0 ? OnDay(time, day) : OnLocal(time, LocalSecond(day) + seconds);
}

absl::StatusOr<std::vector<std::string>> SaidForms(JsonReader& in) {
  const Json* list = in.OptionalAny("forms");
  if (list == nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string form, in.String("form"));
    return std::vector<std::string>{form};
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> form, in.OptionalString("form"));
  std::vector<std::string> forms;
  for (const Json& element : list->if_array() == nullptr ? Json::Array{} : *list->if_array()) {
    if (element.if_string() != nullptr) forms.push_back(*element.if_string());
  }
  if (form || forms.empty() || forms.size() != list->if_array()->size()) {
    return in.Error("forms", "wrong_type", "expected a list of forms, and no \"form\" beside it");
  }
  return forms;
}

}  // namespace

absl::StatusOr<TimeForm> CompileTimeForm(const JsonReader& in, std::string_view key, const std::string& said) {
  TimeForm form;
  form.said = said;
  using Kind = TimeForm::Kind;
  for (const auto& [word, kind] : {std::pair{"epoch_seconds", Kind::kEpochSeconds}, {"epoch_milliseconds", Kind::kEpochMilliseconds},
                                   {"rfc3339", Kind::kRfc3339}, {"excel_serial", Kind::kExcelSerial}}) {
    if (said != word) continue;
    form.kind = kind;
    form.has_offset = kind != Kind::kExcelSerial;
    form.has_hour = kind != Kind::kExcelSerial;
    return form;
  }
  if (said.find('%') == std::string::npos) {
    return in.Error(key, "invalid_form", absl::StrCat("found \"", said, "\", expected a form such as \"%Y-%m-%d\", epoch_seconds, "
                                                      "epoch_milliseconds, rfc3339 or excel_serial"));
  }
  form.has_offset = said.find("%z") != std::string::npos;
  form.has_hour = said.find("%H") != std::string::npos || said.find("%T") != std::string::npos || said.find("%I") != std::string::npos;
  // A year is four digits; Abseil's %Y would read on into the month of 19970101.
  form.pattern = absl::StrReplaceAll(said, {{"%Y", "%E4Y"}, {"%z", "%Ez"}, {"%S.%f", "%E*S"}});
  return form;
}

absl::StatusOr<MappedTime> CompileTimeForms(JsonReader& in, MappingScope& scope) {
  MappedTime time;
  time.zone = scope.file.zone;
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> forms, SaidForms(in));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> date_only, in.OptionalBool("date_only"));
  time.date_only = date_only.value_or(false);
  bool hour_free = time.date_only;
  for (const std::string& said : forms) {
    RAPPORT_ASSIGN_OR_RETURN(TimeForm form, CompileTimeForm(in, forms.size() == 1 ? "form" : "forms", said));
    if (time.date_only && form.has_offset && form.kind == TimeForm::Kind::kPattern && !said.ends_with("%z")) {
      return in.Error("date_only", "invalid_form", absl::StrCat("found \"", said, "\", expected %z at the end of a form whose date is taken as written"));
    }
    hour_free = hour_free || !form.has_hour;
    time.forms.push_back(std::move(form));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> zone, in.OptionalString("zone"));
  if (zone) {
    RAPPORT_ASSIGN_OR_RETURN(time.zone, scope.zones.Find(*zone));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> at, in.OptionalString("at"));
  if (at.has_value()) {
    const absl::StatusOr<int> minute = ParseMinuteOfDay(*at);
    if (!minute.ok() || !hour_free) {
      return in.Error("at", "invalid_form", absl::StrCat("found \"", *at, "\", expected HH:MM beside a form without an hour"));
    }
    time.at_minute = *minute;
  }
  return time;
}

absl::StatusOr<MappedTime> CompileTime(const Json& json, const std::string& path, MappingScope& scope) {
  JsonReader in(json, path, "mapping");
  MappedTime time;
  if (json.Find("value") != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string text, in.String("value"));
    const absl::StatusOr<Stamp> stamp = ParseStamp(text);
    if (!stamp.ok()) return in.Error("value", "invalid_form", absl::StrCat("found \"", text, "\", expected a time with an offset"));
    time.value = stamp->at;
    time.zone = scope.file.zone;
  } else {
    RAPPORT_ASSIGN_OR_RETURN(const std::size_t column, scope.Column(in, "column"));
    RAPPORT_ASSIGN_OR_RETURN(time, CompileTimeForms(in, scope));
    time.column = column;
    if (const Json* instead = in.OptionalAny("else")) {
      RAPPORT_ASSIGN_OR_RETURN(MappedTime other, CompileTime(*instead, in.PathOf("else"), scope));
      time.instead.push_back(std::move(other));
    }
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return time;
}

std::optional<ReadMoment> ReadForm(const TimeForm& form, const MappedTime& time, const std::string& text) {
  if (text.empty()) return std::nullopt;
  switch (form.kind) {
    case TimeForm::Kind::kPattern: return ReadPattern(form, time, text);
    case TimeForm::Kind::kEpochSeconds: return ReadEpoch(time, text, 1'000'000);
    case TimeForm::Kind::kEpochMilliseconds: return ReadEpoch(time, text, 1'000);
    case TimeForm::Kind::kExcelSerial: return ReadSerial(time, text);
    case TimeForm::Kind::kRfc3339: break;
  }
  const absl::StatusOr<Stamp> stamp = ParseStamp(text);
  return stamp.ok() ? OnInstant(time, stamp->at, stamp->offset_minutes * 60) : std::nullopt;
}

absl::StatusOr<ReadMoment> ReadTimeText(const MappedTime& time, const std::string& column, const std::string& text) {
  for (const TimeForm& form : time.forms) {
    if (const std::optional<ReadMoment> moment = ReadForm(form, time, text)) return *moment;
  }
  const std::string forms = absl::StrJoin(time.forms, "\" or \"", [](std::string* out, const TimeForm& form) { *out += form.said; });
  return Invalid("import.invalid_time",
                 absl::StrCat("field ", column, ": found \"", text, "\", expected a time of the form \"", forms, "\""));
}

absl::StatusOr<ReadMoment> ReadTime(const MappedTime& time, const MappedFile& file, const RowPlace& place) {
  if (time.value) return ReadMoment{*time.value, time.zone->LocalDay(*time.value)};
  MappedCell cell;
  cell.column = time.column;
  cell.trim = true;
  const std::string text = CellText(cell, place);
  if (text.empty() && !time.instead.empty()) return ReadTime(time.instead.front(), file, place);
  return ReadTimeText(time, file.columns[time.column], text);
}

}  // namespace rapport
