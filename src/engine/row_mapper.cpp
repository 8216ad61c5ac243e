#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/mapping.hpp"
#include "rapport/core/hash.hpp"

namespace rapport {
namespace {

// Rows are equally wide, so their cells one after another are told apart.
std::string RowKey(std::string_view type, std::span<const Cells> rows) {
  std::vector<std::string_view> parts{type};
  for (const Cells& row : rows) parts.insert(parts.end(), row.begin(), row.end());
  return ToHex(HashParts(parts), 12);
}

bool HoldsWhere(const std::vector<MappedCondition>& when, const RowPlace& place) { return when.empty() || Holds(when.front(), place); }

}  // namespace

// What stands in a list for one node of the mapping: an element, none, or one for each row.
absl::Status RowMapper::Elements(const MappedNode& child, std::span<const Cells> rows, const RowPlace& place, std::string_view subject,
                                 Json::Array& out) const {
  const auto* each = std::get_if<MappedRows>(&child.content);
  const std::span<const Cells> own = each == nullptr ? std::span<const Cells>(place.own, 1) : rows;
  for (const Cells& row : own) {
    const RowPlace there{&row, place.head};
    if (each != nullptr && !HoldsWhere(each->when, there)) continue;
    RAPPORT_ASSIGN_OR_RETURN(std::optional<Json> value, Node(each == nullptr ? child : each->element.front(), rows, there, subject));
    if (value) out.push_back(*std::move(value));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Json>> RowMapper::Node(const MappedNode& node, std::span<const Cells> rows, const RowPlace& place,
                                                    std::string_view subject) const {
  if (const auto* cell = std::get_if<MappedCell>(&node.content)) return ReadCell(*cell, file_, place, subject);
  if (const auto* children = std::get_if<std::vector<MappedNode>>(&node.content)) {
    Json::Array array;
    for (const MappedNode& child : *children) RAPPORT_RETURN_IF_ERROR(Elements(child, rows, place, subject, array));
    return std::optional<Json>(Json(std::move(array)));
  }
  Json::Object object;
  const auto& said = std::get<MappedObject>(node.content);
  for (std::size_t i = 0; i < said.names.size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(std::optional<Json> value, Node(said.members[i], rows, place, subject));
    if (value) object.emplace(said.names[i], *std::move(value));
  }
  return std::optional<Json>(Json(std::move(object)));
}

absl::StatusOr<Json> RowMapper::EventOf(const MappedEvent& event, std::span<const Cells> rows, const RowPlace& place,
                                        const std::string& subject, const std::string& id) const {
  const bool retracted = !event.retract_when.empty() && Holds(event.retract_when.front(), place);
  const MappedTime& time = retracted && event.retract_time ? *event.retract_time : event.time;
  RAPPORT_ASSIGN_OR_RETURN(const ReadMoment moment, ReadTime(time, file_, place));
  const auto offset = static_cast<std::int16_t>(time.zone->OffsetSeconds(moment.at) / 60);
  Json::Object json{{"specversion", "1.0"}, {"id", retracted ? absl::StrCat(id, "/retracted") : id}, {"source", file_.source},
                    {"type", retracted ? "event.retracted" : event.type}, {"time", FormatStamp({moment.at, offset})}};
  if (!subject.empty()) json.emplace("subject", subject);
  if (event.recorded) {
    RAPPORT_ASSIGN_OR_RETURN(const ReadMoment recorded, ReadTime(*event.recorded, file_, place));
    json.emplace("recordedtime", FormatInstant(recorded.at));
  }
  if (retracted) {
    json.emplace("data", Json::Object{{"target_source", file_.source}, {"target_id", id}});
    return Json(std::move(json));
  }
  RAPPORT_ASSIGN_OR_RETURN(std::optional<Json> data, Node(event.data, rows, place, subject));
  json.emplace("data", data ? *std::move(data) : Json(Json::Object()));
  return Json(std::move(json));
}

std::string RowMapper::CountedId(const MappedEvent& event, std::span<const Cells> rows) {
  counted_.push_back(RowKey(event.type, rows));
  const auto before = repeats_.find(counted_.back());
  const auto same = std::count(counted_.begin(), counted_.end(), counted_.back());
  return absl::StrCat("row/", counted_.back(), "/", (before == repeats_.end() ? 0 : before->second) + same);
}

absl::Status RowMapper::MapOne(const MappedEvent& event, std::span<const Cells> rows, const RowPlace& place, std::vector<Json>& out) {
  if (!HoldsWhere(event.when, place)) return absl::OkStatus();
  std::string subject;
  if (event.subject) {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Json> cell, ReadCell(*event.subject, file_, place, ""));
    if (const std::string* text = cell ? cell->if_string() : nullptr) subject = *text;
  }
  std::string id;
  if (event.once_per_subject) {
    id = absl::StrCat(event.type, "/", subject);
    if (subjects_.contains(id) || std::count(met_.begin(), met_.end(), id) > 0) return absl::OkStatus();
    met_.push_back(id);
  } else if (event.id) {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Json> cell, ReadCell(*event.id, file_, place, subject));
    if (const std::string* text = cell ? cell->if_string() : nullptr) id = *text;
  } else {
    id = CountedId(event, event.each_row ? std::span<const Cells>(place.own, 1) : rows);
  }
  RAPPORT_ASSIGN_OR_RETURN(Json json, EventOf(event, rows, place, subject, id));
  out.push_back(std::move(json));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Json>> RowMapper::Map(std::span<const Cells> rows) {
  counted_.clear();
  met_.clear();
  std::vector<Json> out;
  for (const MappedEvent& event : file_.events) {
    for (const Cells& row : event.each_row ? rows : rows.first(1)) {
      RAPPORT_RETURN_IF_ERROR(MapOne(event, rows, RowPlace{&row, &rows.front()}, out));
    }
  }
  return out;
}

void RowMapper::Keep() {
  for (const std::string& key : counted_) ++repeats_[key];
  subjects_.insert(met_.begin(), met_.end());
}

}  // namespace rapport
