// Conditions of a mapping: which rows make an event.
#include <algorithm>
#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "engine/mapping.hpp"

namespace rapport {
namespace {

bool Scalar(const Json& json) { return json.if_string() != nullptr || json.if_bool() != nullptr || json.if_number() != nullptr; }

// A constant of the mapping against the text of a cell: words as written, booleans and numbers by what they mean.
bool Says(const std::string& text, const Json& value) {
  if (const std::string* word = value.if_string()) return text == *word;
  if (const bool* flag = value.if_bool()) return BooleanWord(text) == *flag;
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && number == *value.if_number();
}

absl::StatusOr<std::vector<MappedCondition>> CompileParts(JsonReader& in, std::string_view key, MappingScope& scope) {
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* array, in.Array(key));
  if (array->empty()) return in.Error(key, "wrong_type", "expected at least one condition");
  std::vector<MappedCondition> parts;
  for (std::size_t i = 0; i < array->size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(MappedCondition part, CompileCondition((*array)[i], absl::StrCat(in.PathOf(key), "[", i, "]"), scope));
    parts.push_back(std::move(part));
  }
  return parts;
}

// What is asked of a column: exactly one of equals, in, empty, not_empty.
absl::Status CompileTest(JsonReader& in, const Json& json, MappedCondition& out) {
  if (json.Find("equals") != nullptr) {
    out.values.push_back(*in.OptionalAny("equals"));
    if (!Scalar(out.values.front())) return in.Error("equals", "wrong_type", "expected a word, a number or a boolean");
    return absl::OkStatus();
  }
  if (json.Find("in") != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const Json::Array* values, in.Array("in"));
    out.values = *values;
    if (values->empty() || !std::all_of(values->begin(), values->end(), Scalar)) {
      return in.Error("in", "wrong_type", "expected a list of words, numbers or booleans");
    }
    return absl::OkStatus();
  }
  const bool empty = json.Find("empty") != nullptr;
  const std::string_view key = empty ? "empty" : "not_empty";
  RAPPORT_ASSIGN_OR_RETURN(const bool yes, in.Bool(key));
  if (!yes) return in.Error(key, "wrong_type", "found false, expected true");
  out.kind = empty ? MappedCondition::Kind::kEmpty : MappedCondition::Kind::kNotEmpty;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MappedCondition> CompileCondition(const Json& json, const std::string& path, MappingScope& scope) {
  using Kind = MappedCondition::Kind;
  JsonReader in(json, path, "mapping");
  MappedCondition out;
  if (json.Find("all") != nullptr || json.Find("any") != nullptr) {
    const bool all = json.Find("all") != nullptr;
    out.kind = all ? Kind::kAll : Kind::kAny;
    RAPPORT_ASSIGN_OR_RETURN(out.parts, CompileParts(in, all ? "all" : "any", scope));
  } else if (json.Find("not") != nullptr) {
    out.kind = Kind::kNot;
    RAPPORT_ASSIGN_OR_RETURN(MappedCondition part, CompileCondition(*in.OptionalAny("not"), in.PathOf("not"), scope));
    out.parts.push_back(std::move(part));
  } else {
    RAPPORT_ASSIGN_OR_RETURN(out.column, scope.Column(in, "column"));
    RAPPORT_RETURN_IF_ERROR(CompileTest(in, json, out));
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return out;
}

bool Holds(const MappedCondition& condition, const RowPlace& place) {
  using Kind = MappedCondition::Kind;
  const auto holds = [&](const MappedCondition& part) { return Holds(part, place); };
  switch (condition.kind) {
    case Kind::kAll: return std::all_of(condition.parts.begin(), condition.parts.end(), holds);
    case Kind::kAny: return std::any_of(condition.parts.begin(), condition.parts.end(), holds);
    case Kind::kNot: return !holds(condition.parts.front());
    case Kind::kIs: case Kind::kEmpty: case Kind::kNotEmpty: break;
  }
  MappedCell cell;
  cell.column = condition.column;
  cell.trim = true;
  const std::string text = CellText(cell, place);
  if (condition.kind != Kind::kIs) return text.empty() == (condition.kind == Kind::kEmpty);
  return std::any_of(condition.values.begin(), condition.values.end(), [&](const Json& value) { return Says(text, value); });
}

}  // namespace rapport
