#include "engine/mapping.hpp"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"

namespace rapport {
namespace {

constexpr std::string_view kPrefix = "mapping";

// Members of `data` that hold ids: what a spreadsheet rounded must not get in there.
constexpr std::array<std::string_view, 12> kIdMembers{"case", "contact", "contract", "merged", "need", "opportunity",
                                                      "order", "owner", "parent", "product", "referred", "rep"};

// Payloads have members called "value" and "column" too: a cell's column is a name, and its constant stands alone.
bool IsCell(const Json& json) {
  const Json* column = json.Find("column");
  const Json* join = json.Find("join");
  const Json* spread = json.Find("spread");
  return (column != nullptr && column->if_string() != nullptr) || (join != nullptr && join->if_array() != nullptr) ||
         (spread != nullptr && spread->if_array() != nullptr) || (json.Find("value") != nullptr && json.if_object()->size() == 1);
}

absl::StatusOr<MappedNode> CompileNode(const Json& json, const std::string& path, MappingScope& scope, bool id, bool in_list);

absl::StatusOr<MappedNode> CompileRows(const Json& json, const std::string& path, MappingScope& scope, bool in_list) {
  JsonReader in(json, path, std::string(kPrefix));
  if (!in_list || !scope.file.group_by) return in.Error("each_row", "invalid_form", "expected in a list of a mapping with \"group_by\"");
  MappedRows rows;
  RAPPORT_ASSIGN_OR_RETURN(const Json* element, in.Any("each_row"));
  RAPPORT_ASSIGN_OR_RETURN(MappedNode node, CompileNode(*element, in.PathOf("each_row"), scope, false, false));
  rows.element.push_back(std::move(node));
  if (const Json* when = in.OptionalAny("when")) {
    RAPPORT_ASSIGN_OR_RETURN(MappedCondition condition, CompileCondition(*when, in.PathOf("when"), scope));
    rows.when.push_back(std::move(condition));
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return MappedNode{std::move(rows)};
}

absl::StatusOr<MappedNode> CompileList(const Json::Array& array, const std::string& path, MappingScope& scope, bool id) {
  std::vector<MappedNode> children;
  for (std::size_t i = 0; i < array.size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(MappedNode child, CompileNode(array[i], absl::StrCat(path, "[", i, "]"), scope, id, true));
    children.push_back(std::move(child));
  }
  return MappedNode{std::move(children)};
}

absl::StatusOr<MappedNode> CompileNode(const Json& json, const std::string& path, MappingScope& scope, bool id, bool in_list) {
  if (const Json::Array* array = json.if_array()) return CompileList(*array, path, scope, id);
  const Json::Object* object = json.if_object();
  if (object == nullptr) {
    return Invalid("mapping.wrong_type", absl::StrCat(path, ": found ", std::string(json.KindName()),
                                                      ", expected a cell such as {\"column\": ...} or {\"value\": ...}"));
  }
  if (json.Find("each_row") != nullptr) return CompileRows(json, path, scope, in_list);
  if (IsCell(json)) {
    RAPPORT_ASSIGN_OR_RETURN(MappedCell cell, CompileCell(json, path, scope, id));
    return MappedNode{std::move(cell)};
  }
  MappedObject out;
  for (const auto& [key, value] : *object) {
    const bool holds_id = std::find(kIdMembers.begin(), kIdMembers.end(), key) != kIdMembers.end();
    RAPPORT_ASSIGN_OR_RETURN(MappedNode child, CompileNode(value, absl::StrCat(path, ".", key), scope, holds_id, false));
    out.names.push_back(key);
    out.members.push_back(std::move(child));
  }
  return MappedNode{std::move(out)};
}

absl::StatusOr<std::vector<MappedCondition>> OptionalCondition(JsonReader& in, std::string_view key, MappingScope& scope) {
  std::vector<MappedCondition> out;
  if (const Json* json = in.OptionalAny(key)) {
    RAPPORT_ASSIGN_OR_RETURN(MappedCondition condition, CompileCondition(*json, in.PathOf(key), scope));
    out.push_back(std::move(condition));
  }
  return out;
}

absl::Status CompileRetraction(JsonReader& in, MappingScope& scope, MappedEvent& event) {
  RAPPORT_ASSIGN_OR_RETURN(event.retract_when, OptionalCondition(in, "retract_when", scope));
  if (const Json* time = in.OptionalAny("retract_time")) {
    RAPPORT_ASSIGN_OR_RETURN(event.retract_time, CompileTime(*time, in.PathOf("retract_time"), scope));
    if (event.retract_when.empty()) return in.Error("retract_when", "missing_key", "expected beside \"retract_time\"");
  }
  // An id made of the row's content would be another one once the row says that it is deleted.
  if (!event.retract_when.empty() && (!event.id || event.once_per_subject)) {
    return in.Error("id", "missing_key", "expected an id of the row beside \"retract_when\"");
  }
  return absl::OkStatus();
}

// Which rows make an event, and how many.
absl::Status CompileScope(JsonReader& in, MappingScope& scope, MappedEvent& event) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> once, in.OptionalString("once_per"));
  if (once.has_value() && *once != "subject") {
    return in.Error("once_per", "wrong_type", absl::StrCat("found \"", *once, "\", expected \"subject\""));
  }
  event.once_per_subject = once.has_value();
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> each_row, in.OptionalBool("each_row"));
  event.each_row = each_row.value_or(false);
  if (event.each_row && !scope.file.group_by) return in.Error("each_row", "invalid_form", "expected in a mapping with \"group_by\"");
  RAPPORT_ASSIGN_OR_RETURN(event.when, OptionalCondition(in, "when", scope));
  return absl::OkStatus();
}

absl::StatusOr<MappedEvent> CompileEvent(const Json& json, const std::string& path, MappingScope& scope) {
  JsonReader in(json, path, std::string(kPrefix));
  MappedEvent event;
  RAPPORT_ASSIGN_OR_RETURN(event.type, in.String("type"));
  const std::vector<std::string_view> known = KnownTypes();
  if (!std::binary_search(known.begin(), known.end(), std::string_view(event.type))) {
    return in.Error("type", "unknown_type", absl::StrCat("found \"", event.type, "\", expected a type of event"));
  }
  RAPPORT_RETURN_IF_ERROR(CompileScope(in, scope, event));
  if (const Json* subject = in.OptionalAny("subject")) {
    RAPPORT_ASSIGN_OR_RETURN(event.subject, CompileCell(*subject, in.PathOf("subject"), scope, true));
  }
  if (const Json* id = in.OptionalAny("id")) {
    RAPPORT_ASSIGN_OR_RETURN(event.id, CompileCell(*id, in.PathOf("id"), scope, true));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json* time, in.Any("time"));
  RAPPORT_ASSIGN_OR_RETURN(event.time, CompileTime(*time, in.PathOf("time"), scope));
  if (const Json* recorded = in.OptionalAny("recordedtime")) {
    RAPPORT_ASSIGN_OR_RETURN(event.recorded, CompileTime(*recorded, in.PathOf("recordedtime"), scope));
  }
  RAPPORT_RETURN_IF_ERROR(CompileRetraction(in, scope, event));
  RAPPORT_ASSIGN_OR_RETURN(const Json* data, in.Any("data"));
  RAPPORT_ASSIGN_OR_RETURN(event.data, CompileNode(*data, in.PathOf("data"), scope, false, false));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return event;
}

absl::Status CompileFormat(JsonReader& in, MappedFile& file) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string format, in.String("format"));
  if (format != "delimited") {
    return in.Error("format", "wrong_type", absl::StrCat("found \"", format, "\", expected \"delimited\""));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> encoding, in.OptionalString("encoding"));
  const std::optional<TextEncoding> named = TextEncodingNamed(encoding.value_or("utf-8"));
  if (!named) {
    return in.Error("encoding", "invalid_form",
                    absl::StrCat("found \"", *encoding, "\", expected utf-8, latin-1, windows-1252, utf-16, shift_jis, euc-kr or gb18030"));
  }
  file.encoding = *named;
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> delimiter, in.OptionalString("delimiter"));
  const std::string text = delimiter.value_or(",");
  file.split_on_spaces = text == "spaces";
  if (!file.split_on_spaces && (text.size() != 1 || text == "\"" || text == "\n" || text == "\r" || text[0] == '\0')) {
    return in.Error("delimiter", "invalid_form", absl::StrCat("found \"", text, "\", expected one character or \"spaces\""));
  }
  file.delimiter = text[0];
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> quote, in.OptionalString("quote"));
  const std::string mark = quote.value_or("\"");
  if (mark.size() > 1 || mark == text || mark == "\n" || mark == "\r" || (quote && !mark.empty() && file.split_on_spaces)) {
    return in.Error("quote", "invalid_form", absl::StrCat("found \"", mark, "\", expected one character other than the delimiter, or \"\""));
  }
  file.quote = mark.empty() ? '\0' : mark[0];
  return absl::OkStatus();
}

absl::Status CompileNames(JsonReader& in, std::string_view key, const Json& list, std::vector<std::string>& out) {
  for (const Json& column : list.if_array() == nullptr ? Json::Array{Json()} : *list.if_array()) {
    const std::string* name = column.if_string();
    if (name == nullptr || std::count(out.begin(), out.end(), *name) > 0) return in.Error(key, "wrong_type", "expected names, each once");
    out.push_back(*name);
  }
  return absl::OkStatus();
}

absl::Status CompileColumns(JsonReader& in, MappedFile& file) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> header, in.OptionalBool("header"));
  file.header = header.value_or(true);
  const Json* columns = in.OptionalAny("columns");
  const Json* optional = in.OptionalAny("optional_columns");
  file.columns_listed = columns != nullptr;
  if (columns != nullptr) RAPPORT_RETURN_IF_ERROR(CompileNames(in, "columns", *columns, file.columns));
  else if (!file.header) return in.Error("columns", "missing_key", "expected the names of the columns where the file has no header");
  if (optional == nullptr) return absl::OkStatus();
  if (columns != nullptr) return in.Error("optional_columns", "invalid_form", "expected only where \"columns\" is left to the header");
  std::vector<std::string> names;
  RAPPORT_RETURN_IF_ERROR(CompileNames(in, "optional_columns", *optional, names));
  file.optional_columns.insert(names.begin(), names.end());
  return absl::OkStatus();
}

absl::Status CompileGroup(JsonReader& in, MappingScope& scope) {
  const Json* group = in.OptionalAny("group_by");
  RAPPORT_ASSIGN_OR_RETURN(scope.file.group_head, OptionalCondition(in, "group_head", scope));
  if (group == nullptr) {
    return scope.file.group_head.empty() ? absl::OkStatus() : in.Error("group_by", "missing_key", "expected beside \"group_head\"");
  }
  const Json named = group->if_string() == nullptr ? *group : Json(Json::Object{{"column", *group}});
  RAPPORT_ASSIGN_OR_RETURN(scope.file.group_by, CompileCell(named, in.PathOf("group_by"), scope, true));
  return absl::OkStatus();
}

// Words for people, which mean nothing to the engine.
absl::Status CompileRemarks(JsonReader& in) {
  RAPPORT_RETURN_IF_ERROR(in.OptionalString("description").status());
  const Json* notes = in.OptionalAny("notes");
  if (notes == nullptr || notes->if_string() != nullptr) return absl::OkStatus();
  std::vector<std::string> lines;
  return CompileNames(in, "notes", *notes, lines);
}

}  // namespace

absl::StatusOr<MappedFile> CompileMapping(const Json& document, const ZoneRules& zones) {
  JsonReader in(document, "mapping", std::string(kPrefix));
  MappedFile file;
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t version, in.Integer("rapport_mapping"));
  if (version != 1) return in.Error("rapport_mapping", "wrong_type", absl::StrCat("found ", version, ", expected 1"));
  RAPPORT_RETURN_IF_ERROR(CompileRemarks(in));
  RAPPORT_ASSIGN_OR_RETURN(file.source, in.String("source"));
  RAPPORT_RETURN_IF_ERROR(CheckId(file.source, "source"));
  RAPPORT_RETURN_IF_ERROR(CompileFormat(in, file));
  RAPPORT_RETURN_IF_ERROR(CompileColumns(in, file));
  RAPPORT_ASSIGN_OR_RETURN(const std::string zone, in.String("zone"));
  RAPPORT_ASSIGN_OR_RETURN(file.zone, zones.Find(zone));
  MappingScope scope{file, zones};
  RAPPORT_RETURN_IF_ERROR(CompileGroup(in, scope));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* events, in.Array("events"));
  for (std::size_t i = 0; i < events->size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(MappedEvent event, CompileEvent((*events)[i], absl::StrCat("mapping.events[", i, "]"), scope));
    file.events.push_back(std::move(event));
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return file;
}

absl::StatusOr<Mapping> Mapping::Parse(std::string_view json, const ZoneRules& zones) {
  Mapping mapping;
  RAPPORT_ASSIGN_OR_RETURN(mapping.document_, Json::Parse(json));
  RAPPORT_ASSIGN_OR_RETURN(const MappedFile file, CompileMapping(mapping.document_, zones));
  mapping.source_ = file.source;
  mapping.assumes_knowledge_ = std::none_of(file.events.begin(), file.events.end(), [](const MappedEvent& event) { return event.recorded.has_value(); });
  return mapping;
}

}  // namespace rapport
