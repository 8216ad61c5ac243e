// Conditions of a policy document.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "policy/names.hpp"
#include "policy/policy_reading.hpp"

namespace rapport {
namespace {

constexpr int kMostDepth = 16;

bool IsOrdered(ColumnType type) { return type != ColumnType::kBool && type != ColumnType::kText; }

std::string ComparisonList() {
  std::string list;
  for (const auto& [is, name] : kComparisonNames) list += (list.empty() ? "" : ", ") + std::string(name);
  return list;
}

// A value of the document as a cell of the signal's type.
Cell ReadCell(const Json& json, const SignalColumn& column, const std::string& pointer, std::vector<PolicyProblem>& problems) {
  const auto wrong = [&](std::string_view expected) {
    AddProblem(problems, "wrong_type", pointer, Shown(json), absl::StrCat(std::string(expected), " for ", std::string(column.name)));
    return Cell();
  };
  if (column.type == ColumnType::kBool) return json.if_bool() != nullptr ? Cell(*json.if_bool()) : wrong("true or false");
  if (column.type == ColumnType::kInteger || column.type == ColumnType::kNumber) {
    if (json.if_number() == nullptr) return wrong("a number");
    const std::optional<std::int64_t> whole = json.if_integer();
    return column.type == ColumnType::kInteger && whole.has_value() ? Cell(*whole) : Cell(*json.if_number());
  }
  if (json.if_string() == nullptr) return wrong("a text");
  const std::string& text = *json.if_string();
  if (column.type == ColumnType::kText) return Cell(text);
  if (column.type == ColumnType::kDay) {
    const absl::StatusOr<Day> day = ParseDay(text);
    if (day.ok()) return Cell(*day);
    AddProblem(problems, "invalid_value", pointer, Quoted(text), "a day such as 2026-03-02");
    return Cell();
  }
  const absl::StatusOr<Stamp> stamp = ParseStamp(text);
  if (stamp.ok()) return Cell(stamp->at);
  AddProblem(problems, "invalid_value", pointer, Quoted(text), "an RFC 3339 time with an offset");
  return Cell();
}

std::optional<Comparison> ReadComparison(DocumentFields& in, const SignalColumn* column) {
  if (in.Any("is") == nullptr) return std::nullopt;
  const std::optional<std::string> name = in.MaybeText("is");
  if (!name.has_value()) return std::nullopt;
  const auto found = std::find_if(kComparisonNames.begin(), kComparisonNames.end(), [&](const auto& entry) { return entry.second == *name; });
  if (found == kComparisonNames.end()) {
    in.Problem("is", "invalid_value", Quoted(*name), "one of " + ComparisonList());
    return std::nullopt;
  }
  const bool orders = name->front() == '<' || name->front() == '>';
  if (orders && column != nullptr && !IsOrdered(column->type)) {
    in.Problem("is", "invalid_value", absl::StrCat(Quoted(*name), " for a value of type ", std::string(ColumnTypeName(column->type))),
               "one of =, !=, in, known, unknown");
  }
  return found->first;
}

const Json* FirstCompared(const Json* value) {
  if (value == nullptr || value->if_array() == nullptr) return value;
  return value->if_array()->empty() ? nullptr : &value->if_array()->front();
}

}  // namespace

Condition PolicyReading::ReadLeaf(const Json& json, const std::string& pointer) {
  DocumentFields in(json, pointer, problems);
  Condition leaf;
  leaf.kind = Condition::Kind::kLeaf;
  leaf.signal = Signal(in, "signal", FirstCompared(json.Find("value")));
  const std::optional<Comparison> is = ReadComparison(in, leaf.signal);
  leaf.is = is.value_or(Comparison::kKnown);
  if (is == Comparison::kIn) {
    const Json::Array* values = in.List("value");
    if (values != nullptr && values->empty()) in.Problem("value", "invalid_value", "[]", "at least one value");
    for (std::size_t i = 0; values != nullptr && leaf.signal != nullptr && i < values->size(); ++i) {
      leaf.expected.push_back(ReadCell((*values)[i], *leaf.signal, PointerTo(in.PointerOf("value"), i), problems));
    }
  } else if (is.has_value() && *is != Comparison::kKnown && *is != Comparison::kUnknown) {
    const Json* value = in.Any("value");
    if (value != nullptr && leaf.signal != nullptr) leaf.expected.push_back(ReadCell(*value, *leaf.signal, in.PointerOf("value"), problems));
  } else if (!is.has_value()) {
    static_cast<void>(in.Maybe("value"));
  }
  in.Finish();
  return leaf;
}

Condition PolicyReading::ReadCondition(const Json& json, const std::string& pointer, int depth) {
  Condition condition;
  if (depth > kMostDepth) {
    AddProblem(problems, "invalid_value", pointer, "more depth", absl::StrCat("at most ", kMostDepth, " conditions inside each other"));
    return condition;
  }
  std::string key;
  int groups = 0;
  for (const std::string name : {"all", "any", "not"}) {
    if (json.Find(name) == nullptr) continue;
    key = name;
    ++groups;
  }
  if (groups == 0) return ReadLeaf(json, pointer);
  DocumentFields in(json, pointer, problems);
  if (groups > 1) AddProblem(problems, "invalid_value", pointer, "several of all, any, not", "one of them");
  if (key == "not") {
    condition.kind = Condition::Kind::kNot;
    condition.children.push_back(ReadCondition(*in.Any(key), in.PointerOf(key), depth + 1));
  } else {
    condition.kind = key == "all" ? Condition::Kind::kAll : Condition::Kind::kAny;
    const Json::Array* children = in.List(key);
    for (std::size_t i = 0; children != nullptr && i < children->size(); ++i) {
      condition.children.push_back(ReadCondition((*children)[i], PointerTo(in.PointerOf(key), i), depth + 1));
    }
  }
  if (groups == 1) in.Finish();
  return condition;
}

}  // namespace rapport
