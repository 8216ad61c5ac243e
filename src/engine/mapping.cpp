#include "engine/mapping.hpp"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace rapport {
namespace {

constexpr std::string_view kPrefix = "mapping";

absl::StatusOr<std::size_t> ColumnNamed(const JsonReader& in, std::string_view key, const std::string& name,
                                        const std::vector<std::string>& columns) {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) {
    std::string expected;
    for (const std::string& column : columns) expected += (expected.empty() ? "" : ", ") + column;
    return in.Error(key, "unknown_column", absl::StrCat("found \"", name, "\", expected one of ", expected));
  }
  return static_cast<std::size_t>(found - columns.begin());
}

absl::StatusOr<CellForm> FormNamed(const JsonReader& in, const std::string& name) {
  if (name == "text") return CellForm::kText;
  if (name == "number") return CellForm::kNumber;
  if (name == "integer") return CellForm::kInteger;
  if (name == "boolean") return CellForm::kBoolean;
  return in.Error("as", "invalid_form", absl::StrCat("found \"", name, "\", expected text, number, integer or boolean"));
}

bool IsCell(const Json& json) {
  return json.Find("column") != nullptr || json.Find("value") != nullptr || json.Find("spread") != nullptr;
}

absl::StatusOr<MappedCell> CompileCell(const Json& json, const std::string& path, const std::vector<std::string>& columns) {
  JsonReader in(json, path, std::string(kPrefix));
  MappedCell cell;
  if (json.Find("column") != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String("column"));
    RAPPORT_ASSIGN_OR_RETURN(cell.column, ColumnNamed(in, "column", name, columns));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> form, in.OptionalString("as"));
    RAPPORT_ASSIGN_OR_RETURN(cell.form, FormNamed(in, form.value_or("text")));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> prefix, in.OptionalString("prefix"));
    cell.prefix = prefix.value_or("");
  } else if (json.Find("value") != nullptr) {
    cell.value = *in.OptionalAny("value");
  } else {
    RAPPORT_ASSIGN_OR_RETURN(const Json::Array* choices, in.Array("spread"));
    RAPPORT_ASSIGN_OR_RETURN(const std::string by, in.String("by"));
    if (by != "subject" || choices->empty()) {
      return in.Error("spread", "wrong_type", "expected at least one choice, spread by \"subject\"");
    }
    cell.spread = *choices;
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return cell;
}

absl::StatusOr<MappedNode> CompileNode(const Json& json, const std::string& path, const std::vector<std::string>& columns) {
  MappedNode node;
  if (const Json::Array* array = json.if_array()) {
    std::vector<MappedNode> children;
    for (std::size_t i = 0; i < array->size(); ++i) {
      RAPPORT_ASSIGN_OR_RETURN(MappedNode child, CompileNode((*array)[i], absl::StrCat(path, "[", i, "]"), columns));
      children.push_back(std::move(child));
    }
    node.content = std::move(children);
    return node;
  }
  const Json::Object* object = json.if_object();
  if (object == nullptr) {
    return Invalid("mapping.wrong_type", absl::StrCat(path, ": found ", std::string(json.KindName()),
                                                      ", expected a cell such as {\"column\": ...} or {\"value\": ...}"));
  }
  if (IsCell(json)) {
    RAPPORT_ASSIGN_OR_RETURN(MappedCell cell, CompileCell(json, path, columns));
    node.content = std::move(cell);
    return node;
  }
  std::vector<std::pair<std::string, MappedNode>> members;
  for (const auto& [key, value] : *object) {
    RAPPORT_ASSIGN_OR_RETURN(MappedNode child, CompileNode(value, absl::StrCat(path, ".", key), columns));
    members.emplace_back(key, std::move(child));
  }
  node.content = std::move(members);
  return node;
}

absl::StatusOr<MappedTime> CompileTime(const Json& json, const std::string& path, const std::vector<std::string>& columns) {
  JsonReader in(json, path, std::string(kPrefix));
  MappedTime time;
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String("column"));
  RAPPORT_ASSIGN_OR_RETURN(time.column, ColumnNamed(in, "column", name, columns));
  RAPPORT_ASSIGN_OR_RETURN(const std::string form, in.String("form"));
  time.has_offset = form.find("%z") != std::string::npos;
  time.has_hour = form.find("%H") != std::string::npos || form.find("%T") != std::string::npos;
  // A year is four digits; Abseil's %Y would read on into the month of 19970101.
  time.form = absl::StrReplaceAll(form, {{"%Y", "%E4Y"}, {"%z", "%Ez"}});
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> at, in.OptionalString("at"));
  if (at.has_value()) {
    const absl::StatusOr<int> minute = ParseMinuteOfDay(*at);
    if (!minute.ok() || time.has_hour) {
      return in.Error("at", "invalid_form", absl::StrCat("found \"", *at, "\", expected HH:MM beside a form without an hour"));
    }
    time.at_minute = *minute;
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return time;
}

absl::StatusOr<MappedEvent> CompileEvent(const Json& json, const std::string& path, const std::vector<std::string>& columns) {
  JsonReader in(json, path, std::string(kPrefix));
  MappedEvent event;
  RAPPORT_ASSIGN_OR_RETURN(event.type, in.String("type"));
  const std::vector<std::string_view> known = KnownTypes();
  if (!std::binary_search(known.begin(), known.end(), std::string_view(event.type))) {
    return in.Error("type", "unknown_type", absl::StrCat("found \"", event.type, "\", expected a type of event"));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> once, in.OptionalString("once_per"));
  if (once.has_value() && *once != "subject") {
    return in.Error("once_per", "wrong_type", absl::StrCat("found \"", *once, "\", expected \"subject\""));
  }
  event.once_per_subject = once.has_value();
  if (const Json* subject = in.OptionalAny("subject")) {
    RAPPORT_ASSIGN_OR_RETURN(event.subject, CompileCell(*subject, in.PathOf("subject"), columns));
  }
  if (const Json* id = in.OptionalAny("id")) {
    RAPPORT_ASSIGN_OR_RETURN(event.id, CompileCell(*id, in.PathOf("id"), columns));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json* time, in.Any("time"));
  RAPPORT_ASSIGN_OR_RETURN(event.time, CompileTime(*time, in.PathOf("time"), columns));
  if (const Json* recorded = in.OptionalAny("recordedtime")) {
    RAPPORT_ASSIGN_OR_RETURN(event.recorded, CompileTime(*recorded, in.PathOf("recordedtime"), columns));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json* data, in.Any("data"));
  RAPPORT_ASSIGN_OR_RETURN(event.data, CompileNode(*data, in.PathOf("data"), columns));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return event;
}

absl::Status CompileDelimiter(JsonReader& in, MappedFile& file) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string format, in.String("format"));
  if (format != "delimited") {
    return in.Error("format", "wrong_type", absl::StrCat("found \"", format, "\", expected \"delimited\""));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> delimiter, in.OptionalString("delimiter"));
  const std::string text = delimiter.value_or(",");
  file.split_on_spaces = text == "spaces";
  if (!file.split_on_spaces && (text.size() != 1 || text == "\"" || text == "\n")) {
    return in.Error("delimiter", "invalid_form", absl::StrCat("found \"", text, "\", expected one character or \"spaces\""));
  }
  file.delimiter = text[0];
  return absl::OkStatus();
}

absl::Status CompileColumns(JsonReader& in, MappedFile& file) {
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* columns, in.Array("columns"));
  for (const Json& column : *columns) {
    const std::string* name = column.if_string();
    if (name == nullptr || std::count(file.columns.begin(), file.columns.end(), *name) > 0) {
      return in.Error("columns", "wrong_type", "expected names, each once");
    }
    file.columns.push_back(*name);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MappedFile> CompileMapping(const Json& document, const ZoneRules& zones) {
  JsonReader in(document, "mapping", std::string(kPrefix));
  MappedFile file;
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t version, in.Integer("rapport_mapping"));
  if (version != 1) return in.Error("rapport_mapping", "wrong_type", absl::StrCat("found ", version, ", expected 1"));
  RAPPORT_ASSIGN_OR_RETURN(file.source, in.String("source"));
  RAPPORT_RETURN_IF_ERROR(CheckId(file.source, "source"));
  RAPPORT_RETURN_IF_ERROR(CompileDelimiter(in, file));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> header, in.OptionalBool("header"));
  file.header = header.value_or(true);
  RAPPORT_RETURN_IF_ERROR(CompileColumns(in, file));
  RAPPORT_ASSIGN_OR_RETURN(const std::string zone, in.String("zone"));
  RAPPORT_ASSIGN_OR_RETURN(file.zone, zones.Find(zone));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* events, in.Array("events"));
  for (std::size_t i = 0; i < events->size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(MappedEvent event,
                             CompileEvent((*events)[i], absl::StrCat("mapping.events[", i, "]"), file.columns));
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
  return mapping;
}

}  // namespace rapport
