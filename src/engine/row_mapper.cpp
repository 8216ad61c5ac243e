#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/mapping.hpp"
#include "rapport/core/hash.hpp"

namespace rapport {
namespace {

absl::StatusOr<Json> ReadCell(const MappedCell& cell, const std::string& text, const std::string& column) {
  switch (cell.form) {
    case CellForm::kText:
      return Json(cell.prefix + text);
    case CellForm::kBoolean:
      if (text == "true" || text == "1") return Json(true);
      if (text == "false" || text == "0") return Json(false);
      return Invalid("import.invalid_field", absl::StrCat("field ", column, ": found \"", text, "\", expected true or false"));
    case CellForm::kNumber:
    case CellForm::kInteger:
      break;
  }
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool whole = number == std::trunc(number) && std::abs(number) <= 9007199254740992.0;
  if (error != std::errc() || stop != end || !std::isfinite(number) || (cell.form == CellForm::kInteger && !whole)) {
    return Invalid("import.invalid_field",
                   absl::StrCat("field ", column, ": found \"", text, "\", expected ",
                                cell.form == CellForm::kInteger ? "a whole number" : "a number"));
  }
  return Json(number);
}

std::string RowKey(std::string_view type, const std::vector<std::string>& row) {
  std::vector<std::string_view> parts{type};
  parts.insert(parts.end(), row.begin(), row.end());
  return ToHex(HashParts(parts), 12);
}

}  // namespace

absl::StatusOr<std::optional<Json>> RowMapper::Cell(const MappedCell& cell, const std::vector<std::string>& row,
                                                    std::string_view subject) const {
  if (cell.value.has_value()) return cell.value;
  if (!cell.spread.empty()) {
    const std::vector<double> weights(cell.spread.size(), 1.0);
    return cell.spread[static_cast<std::size_t>(AssignArm("import.spread", subject, weights))];
  }
  const std::string& text = row[*cell.column];
  if (text.empty()) return std::optional<Json>();
  RAPPORT_ASSIGN_OR_RETURN(Json json, ReadCell(cell, text, file_.columns[*cell.column]));
  return std::optional<Json>(std::move(json));
}

absl::StatusOr<std::optional<Json>> RowMapper::Node(const MappedNode& node, const std::vector<std::string>& row,
                                                    std::string_view subject) const {
  if (const auto* cell = std::get_if<MappedCell>(&node.content)) return Cell(*cell, row, subject);
  if (const auto* children = std::get_if<std::vector<MappedNode>>(&node.content)) {
    Json::Array array;
    for (const MappedNode& child : *children) {
      RAPPORT_ASSIGN_OR_RETURN(std::optional<Json> value, Node(child, row, subject));
      if (value) array.push_back(*std::move(value));
    }
    return std::optional<Json>(Json(std::move(array)));
  }
  Json::Object object;
  for (const auto& [key, child] : std::get<2>(node.content)) {
    RAPPORT_ASSIGN_OR_RETURN(std::optional<Json> value, Node(child, row, subject));
    if (value) object.emplace(key, *std::move(value));
  }
  return std::optional<Json>(Json(std::move(object)));
}

absl::StatusOr<Instant> RowMapper::Time(const MappedTime& time, const std::vector<std::string>& row) const {
  const std::string& text = row[time.column];
  absl::Time parsed;
  std::string why;
  if (text.empty() || !absl::ParseTime(time.form, text, absl::UTCTimeZone(), &parsed, &why) || parsed == absl::InfiniteFuture() ||
      parsed == absl::InfinitePast()) {
    return Invalid("import.invalid_time", absl::StrCat("field ", file_.columns[time.column], ": found \"", text,
                                                       "\", expected a time of the form \"", time.form, "\""));
  }
  if (time.has_offset) return Instant::FromMicros(absl::ToUnixMicros(parsed));
  const LocalSecond local = absl::ToCivilSecond(parsed, absl::UTCTimeZone());
  if (time.has_hour) return file_.zone->At(local);
  return file_.zone->At(LocalSecond(Day(local)) + time.at_minute * 60);
}

absl::StatusOr<Json> RowMapper::EventOf(const MappedEvent& event, const std::vector<std::string>& row,
                                        const std::string& subject, const std::string& id) const {
  RAPPORT_ASSIGN_OR_RETURN(const Instant at, Time(event.time, row));
  const auto offset = static_cast<std::int16_t>(file_.zone->OffsetSeconds(at) / 60);
  Json::Object json{{"specversion", "1.0"}, {"id", id}, {"source", file_.source}, {"type", event.type},
                    {"time", FormatStamp({at, offset})}};
  if (!subject.empty()) json.emplace("subject", subject);
  if (event.recorded) {
    RAPPORT_ASSIGN_OR_RETURN(const Instant recorded, Time(*event.recorded, row));
    json.emplace("recordedtime", FormatInstant(recorded));
  }
  RAPPORT_ASSIGN_OR_RETURN(std::optional<Json> data, Node(event.data, row, subject));
  json.emplace("data", data ? *std::move(data) : Json(Json::Object()));
  return Json(std::move(json));
}

absl::StatusOr<std::vector<Json>> RowMapper::Map(const std::vector<std::string>& row) {
  counted_.clear();
  met_.clear();
  std::vector<Json> out;
  for (const MappedEvent& event : file_.events) {
    std::string subject;
    if (event.subject) {
      RAPPORT_ASSIGN_OR_RETURN(const std::optional<Json> cell, Cell(*event.subject, row, ""));
      if (const std::string* text = cell ? cell->if_string() : nullptr) subject = *text;
    }
    std::string id;
    if (event.once_per_subject) {
      id = absl::StrCat(event.type, "/", subject);
      if (subjects_.contains(id)) continue;
      met_.push_back(id);
    } else if (event.id) {
      RAPPORT_ASSIGN_OR_RETURN(const std::optional<Json> cell, Cell(*event.id, row, subject));
      if (const std::string* text = cell ? cell->if_string() : nullptr) id = *text;
    } else {
      counted_.push_back(RowKey(event.type, row));
      const auto before = repeats_.find(counted_.back());
      const auto same = std::count(counted_.begin(), counted_.end(), counted_.back());
      id = absl::StrCat("row/", counted_.back(), "/", (before == repeats_.end() ? 0 : before->second) + same);
    }
    RAPPORT_ASSIGN_OR_RETURN(Json json, EventOf(event, row, subject, id));
    out.push_back(std::move(json));
  }
  return out;
}

void RowMapper::Keep() {
  for (const std::string& key : counted_) ++repeats_[key];
  subjects_.insert(met_.begin(), met_.end());
}

}  // namespace rapport
