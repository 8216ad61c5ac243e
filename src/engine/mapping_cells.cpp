// Cells of a mapping, compiled from its words.
#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/mapping.hpp"

namespace rapport {
namespace {

constexpr std::pair<std::string_view, CellForm> kForms[] = {
    {"text", CellForm::kText},     {"id", CellForm::kId},         {"digest", CellForm::kDigest},
    {"number", CellForm::kNumber}, {"integer", CellForm::kInteger}, {"amount", CellForm::kAmount},
    {"boolean", CellForm::kBoolean}, {"day", CellForm::kDay},     {"instant", CellForm::kInstant}};

bool IsNumeric(CellForm form) { return form == CellForm::kNumber || form == CellForm::kInteger || form == CellForm::kAmount; }
bool IsTextual(CellForm form) { return form == CellForm::kText || form == CellForm::kId || form == CellForm::kDigest; }

absl::Status CompileForm(JsonReader& in, bool id, MappedCell& cell) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> said, in.OptionalString("as"));
  const std::string name = said.value_or("text");
  for (const auto& [word, form] : kForms) {
    if (word != name) continue;
    cell.form = id && form == CellForm::kText ? CellForm::kId : form;
    return absl::OkStatus();
  }
  return in.Error("as", "invalid_form", absl::StrCat("found \"", name, "\", expected text, id, digest, number, integer, amount, boolean, day or instant"));
}

absl::Status CompileCleaning(JsonReader& in, MappedCell& cell) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> trim, in.OptionalBool("trim"));
  cell.trim = trim.value_or(false);
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> strip, in.OptionalString("strip_prefix"));
  cell.strip_prefix = strip.value_or("");
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> own_row, in.OptionalBool("own_row"));
  cell.own_row = own_row.value_or(false);
  if (const Json* words = in.OptionalAny("null_words")) {
    for (const Json& word : words->if_array() == nullptr ? Json::Array{Json()} : *words->if_array()) {
      if (word.if_string() == nullptr) return in.Error("null_words", "wrong_type", "expected a list of words");
      cell.null_words.push_back(*word.if_string());
    }
  }
  return absl::OkStatus();
}

absl::Status CompileNumber(JsonReader& in, MappedCell& cell) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> decimal, in.OptionalString("decimal"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> group, in.OptionalString("group"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> absolute, in.OptionalBool("absolute"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> divide_by, in.OptionalNumber("divide_by"));
  const bool any = decimal || group || absolute || divide_by;
  if (any && !IsNumeric(cell.form)) return in.Error("as", "invalid_form", "expected number, integer or amount beside decimal, group, absolute or divide_by");
  if (decimal && *decimal != "." && *decimal != ",") return in.Error("decimal", "invalid_form", absl::StrCat("found \"", *decimal, "\", expected . or ,"));
  cell.decimal = decimal.value_or(".")[0];
  cell.group = group.value_or("");
  if (cell.group.size() > 4 || cell.group == std::string(1, cell.decimal) || cell.group.find_first_of("0123456789+-") != std::string::npos) {
    return in.Error("group", "invalid_form", absl::StrCat("found \"", cell.group, "\", expected a mark other than the decimal one"));
  }
  cell.absolute = absolute.value_or(false);
  cell.divide_by = divide_by.value_or(1);
  if (divide_by && (*divide_by <= 0 || cell.form == CellForm::kAmount)) {
    return in.Error("divide_by", "invalid_form", "expected a number above zero, and no amount");
  }
  return absl::OkStatus();
}

absl::Status CompileWords(JsonReader& in, MappedCell& cell) {
  const Json* words = in.OptionalAny("map");
  const Json* otherwise = in.OptionalAny("otherwise");
  if (words == nullptr) {
    return otherwise == nullptr ? absl::OkStatus() : in.Error("otherwise", "missing_key", "expected \"map\" beside it");
  }
  if (words->if_object() == nullptr || (words->if_object()->empty() && otherwise == nullptr) || cell.form != CellForm::kText) {
    return in.Error("map", "wrong_type", "expected an object of words in a cell without \"as\"");
  }
  cell.words.emplace();
  for (const auto& [word, value] : *words->if_object()) cell.words->emplace(word, value);
  if (otherwise != nullptr) cell.other_words = *otherwise;
  return absl::OkStatus();
}

absl::Status CompileSplit(JsonReader& in, MappedCell& cell) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> split, in.OptionalString("split"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> first, in.OptionalBool("first"));
  if (split && split->empty()) return in.Error("split", "invalid_form", "found \"\", expected a mark");
  if (first && !split) return in.Error("first", "missing_key", "expected \"split\" beside it");
  cell.split = split.value_or("");
  cell.first = first.value_or(false);
  return absl::OkStatus();
}

absl::Status CompileColumnCell(JsonReader& in, MappingScope& scope, bool id, MappedCell& cell) {
  RAPPORT_ASSIGN_OR_RETURN(cell.column, scope.Column(in, "column"));
  // A word that is mapped is the mapping's own, no id that a spreadsheet could have touched.
  RAPPORT_RETURN_IF_ERROR(CompileForm(in, id && in.OptionalAny("map") == nullptr, cell));
  RAPPORT_RETURN_IF_ERROR(CompileCleaning(in, cell));
  RAPPORT_RETURN_IF_ERROR(CompileNumber(in, cell));
  RAPPORT_RETURN_IF_ERROR(CompileWords(in, cell));
  RAPPORT_RETURN_IF_ERROR(CompileSplit(in, cell));
  if (cell.form == CellForm::kDay || cell.form == CellForm::kInstant) {
    RAPPORT_ASSIGN_OR_RETURN(MappedTime time, CompileTimeForms(in, scope));
    cell.time.push_back(std::move(time));
  }
  return absl::OkStatus();
}

absl::Status CompileJoin(JsonReader& in, MappingScope& scope, bool id, MappedCell& cell) {
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* parts, in.Array("join"));
  if (parts->empty()) return in.Error("join", "wrong_type", "expected at least one cell");
  for (std::size_t i = 0; i < parts->size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(MappedCell part, CompileCell((*parts)[i], absl::StrCat(in.PathOf("join"), "[", i, "]"), scope, id));
    cell.join.push_back(std::move(part));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> with, in.OptionalString("with"));
  cell.with = with.value_or("");
  return absl::OkStatus();
}

absl::Status CompileSpread(JsonReader& in, MappedCell& cell) {
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* choices, in.Array("spread"));
  RAPPORT_ASSIGN_OR_RETURN(const std::string by, in.String("by"));
  if (by != "subject" || choices->empty()) {
    return in.Error("spread", "wrong_type", "expected at least one choice, spread by \"subject\"");
  }
  cell.spread = *choices;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::size_t> MappingScope::Column(JsonReader& in, std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String(key));
  const auto found = std::find(file.columns.begin(), file.columns.end(), name);
  if (found == file.columns.end() && file.columns_listed) {
    return in.Error(key, "unknown_column", absl::StrCat("found \"", name, "\", expected one of ", absl::StrJoin(file.columns, ", ")));
  }
  if (found != file.columns.end()) return static_cast<std::size_t>(found - file.columns.begin());
  file.columns.push_back(name);
  return file.columns.size() - 1;
}

absl::StatusOr<MappedCell> CompileCell(const Json& json, const std::string& path, MappingScope& scope, bool id) {
  JsonReader in(json, path, "mapping");
  MappedCell cell;
  if (json.Find("column") != nullptr) {
    RAPPORT_RETURN_IF_ERROR(CompileColumnCell(in, scope, id, cell));
  } else if (json.Find("value") != nullptr) {
    cell.value = *in.OptionalAny("value");
  } else if (json.Find("join") != nullptr) {
    RAPPORT_RETURN_IF_ERROR(CompileJoin(in, scope, id, cell));
  } else {
    RAPPORT_RETURN_IF_ERROR(CompileSpread(in, cell));
  }
  if (cell.column || !cell.join.empty()) {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> prefix, in.OptionalString("prefix"));
    cell.prefix = prefix.value_or("");
    if (prefix && !(IsTextual(cell.form) && !cell.words)) return in.Error("prefix", "invalid_form", "expected text beside it");
    if (const Json* instead = in.OptionalAny("else")) {
      RAPPORT_ASSIGN_OR_RETURN(MappedCell other, CompileCell(*instead, in.PathOf("else"), scope, id));
      cell.instead.push_back(std::move(other));
    }
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return cell;
}

}  // namespace rapport
