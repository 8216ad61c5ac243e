#include "event_rows.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow_field.hpp"
#include "rapport/core/status.hpp"
#include "rapport/core/time.hpp"

namespace rapport::capi {
namespace {

constexpr std::string_view kDataPrefix = "data.";
constexpr std::string_view kJsonSuffix = ".json";

enum class Role { kText, kIdentity, kTime };  // kIdentity: text that hosts often keep as a number
struct Member {
  std::string_view name;
  Role role;
};
constexpr std::array<Member, 11> kMembers = {{{"specversion", Role::kText},
                                              {"id", Role::kIdentity},
                                              {"source", Role::kIdentity},
                                              {"type", Role::kText},
                                              {"subject", Role::kIdentity},
                                              {"time", Role::kTime},
                                              {"recordedtime", Role::kTime},
                                              {"claimedtime", Role::kTime},
                                              {"batch", Role::kIdentity},
                                              {"datacontenttype", Role::kText},
                                              {"dataschema", Role::kText}}};

std::string Place(std::string_view column) { return absl::StrCat("column \"", OneLine(column), "\""); }

bool StartsJson(const Json& cell) {
  const std::string* text = cell.if_string();
  const std::size_t first = text == nullptr ? std::string::npos : text->find_first_not_of(" \t\r\n");
  return first != std::string::npos && ((*text)[first] == '[' || (*text)[first] == '{');
}

// A date, or a date and time, of somebody's wall clock.
bool LacksZone(const std::string& text) {
  if (ParseDay(text).ok()) return true;
  std::string zoned = text + "Z";
  if (zoned.size() > 10 && zoned[10] == ' ') zoned[10] = 'T';
  return ParseStamp(zoned).ok();
}

absl::StatusOr<Json> MemberOf(const Member& member, std::string_view column, Json cell) {
  if (member.role == Role::kIdentity) {
    const std::optional<std::int64_t> number = cell.if_integer();
    return number ? Json(std::to_string(*number)) : std::move(cell);
  }
  const std::string* text = cell.if_string();
  if (member.role == Role::kTime && text != nullptr && LacksZone(*text)) {
    return Invalid("time.invalid", absl::StrCat(Place(column), ": found \"", OneLine(*text),
                                                "\" without a zone, expected a timestamp column with a zone or RFC 3339 text with an offset; a zone "
                                                "is needed"));
  }
  return cell;
}

// A whole object, given as one or as its JSON text.
absl::StatusOr<Json> ObjectOf(std::string_view column, Json cell) {
  if (const std::string* text = cell.if_string()) {
    absl::StatusOr<Json> parsed = Json::Parse(*text);
    if (!parsed.ok()) return WithContext(parsed.status(), Place(column));
    cell = *std::move(parsed);
  }
  if (cell.if_object() != nullptr) return cell;
  return Invalid("event.invalid_field", absl::StrCat(Place(column), ": found ", ToAbsl(cell.KindName()), ", expected an object or its JSON text"));
}

class EventBuilder {
 public:
  absl::Status Put(const std::string& column, Json cell) {
    if (cell.is_null()) return absl::OkStatus();
    std::string_view name = column;
    const bool is_json = name.size() > kJsonSuffix.size() && name.substr(name.size() - kJsonSuffix.size()) == kJsonSuffix;
    if (is_json) name.remove_suffix(kJsonSuffix.size());
    const auto own = std::find_if(kMembers.begin(), kMembers.end(), [&](const Member& member) { return member.name == name; });
    if (own != kMembers.end()) {
      RAPPORT_ASSIGN_OR_RETURN(Json value, MemberOf(*own, column, std::move(cell)));
      return Add(event_, column, name, std::move(value));
    }
    return name == "data" ? PutData(column, std::move(cell)) : PutField(column, name, is_json, std::move(cell));
  }

  Json Take() {
    event_.emplace("specversion", "1.0");
    if (has_data_) event_.emplace("data", std::move(data_));
    return Json(std::move(event_));
  }

 private:
  absl::Status PutData(const std::string& column, Json cell) {
    has_data_ = true;
    RAPPORT_ASSIGN_OR_RETURN(Json object, ObjectOf(column, std::move(cell)));
    for (auto& [name, value] : *object.if_object()) RAPPORT_RETURN_IF_ERROR(Add(data_, column, name, std::move(value)));
    return absl::OkStatus();
  }

  absl::Status PutField(const std::string& column, std::string_view name, bool is_json, Json cell) {
    has_data_ = true;
    if (name.substr(0, kDataPrefix.size()) == kDataPrefix) name.remove_prefix(kDataPrefix.size());
    if (!(is_json || name == "lines") || !StartsJson(cell)) return Add(data_, column, name, std::move(cell));
    absl::StatusOr<Json> parsed = Json::Parse(*cell.if_string());
    if (!parsed.ok()) return WithContext(parsed.status(), Place(column));
    return Add(data_, column, name, *std::move(parsed));
  }

  static absl::Status Add(Json::Object& object, std::string_view column, std::string_view name, Json value) {
    if (object.emplace(std::string(name), std::move(value)).second) return absl::OkStatus();
    return Invalid("arrow.duplicate_column",
                   absl::StrCat(Place(column), ": found \"", OneLine(name), "\" a second time, expected one column a member"));
  }

  Json::Object event_;
  Json::Object data_;
  bool has_data_ = false;
};

}  // namespace

absl::StatusOr<Json> EventOfRow(const std::vector<std::string>& columns, std::vector<Json>&& row) {
  RAPPORT_INVARIANT(columns.size() == row.size(), "a row has one cell a column");
  if (columns.size() == 1 && columns.front() == "event") return ObjectOf(columns.front(), std::move(row.front()));
  EventBuilder event;
  for (std::size_t i = 0; i < columns.size(); ++i) RAPPORT_RETURN_IF_ERROR(event.Put(columns[i], std::move(row[i])));
  return event.Take();
}

}  // namespace rapport::capi
