#include "rapport/policy/evaluate.hpp"

#include <algorithm>
#include <compare>

#include "policy/names.hpp"
#include "signals/touch_rows.hpp"

namespace rapport {
namespace {

// Order of two values of one type; integers and numbers are one type. Unordered where the types differ.
std::partial_ordering Order(const Cell& a, const Cell& b) {
  const std::optional<double> left = NumberOf(a);
  const std::optional<double> right = NumberOf(b);
  if (left.has_value() && right.has_value()) return *left <=> *right;
  if (a.index() != b.index()) return std::partial_ordering::unordered;
  return std::visit(
      [&](const auto& value) -> std::partial_ordering {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return std::partial_ordering::unordered;
        } else {
          const T& other = std::get<T>(b);
          if (value == other) return std::partial_ordering::equivalent;
          return value < other ? std::partial_ordering::less : std::partial_ordering::greater;
        }
      },
      a);
}

bool IsNull(const Cell& cell) { return std::holds_alternative<std::monostate>(cell); }

ConditionTrace EvaluateLeaf(const Condition& condition, SignalCache& signals) {
  const SignalValue& value = signals.Of(*condition.signal);
  ConditionTrace trace;
  trace.kind = Condition::Kind::kLeaf;
  trace.signal = std::string(condition.signal->name);
  trace.is = condition.is;
  trace.expected = condition.expected;
  trace.actual = value.value;
  trace.evidence = value.evidence;
  trace.holds = LeafHolds(condition.is, value.value, condition.expected);
  return trace;
}

bool GroupHolds(Condition::Kind kind, const std::vector<ConditionTrace>& children) {
  const auto holds = [](const ConditionTrace& child) { return child.holds; };
  if (kind == Condition::Kind::kAll) return std::all_of(children.begin(), children.end(), holds);
  if (kind == Condition::Kind::kAny) return std::any_of(children.begin(), children.end(), holds);
  return !children.front().holds;
}

Json LeafToJson(const ConditionTrace& leaf) {
  Json::Object out{{"signal", leaf.signal},
                   {"is", NameOf(leaf.is)},
                   {"actual", CellToJson(leaf.actual)},
                   {"holds", leaf.holds},
                   {"evidence", KeysToJson(leaf.evidence)}};
  Json::Array expected;
  for (const Cell& cell : leaf.expected) expected.push_back(CellToJson(cell));
  out.emplace("expected", std::move(expected));
  return out;
}

}  // namespace

std::string_view NameOf(Comparison is) {
  for (const auto& [comparison, name] : kComparisonNames) {
    if (comparison == is) return name;
  }
  return {};
}

Json KeyToJson(const EventKey& key) { return Json::Object{{"source", key.source}, {"id", key.id}}; }

Json KeysToJson(const std::vector<EventKey>& keys) {
  Json::Array out;
  out.reserve(keys.size());
  for (const EventKey& key : keys) out.push_back(KeyToJson(key));
  return out;
}

SignalCache::SignalCache(SignalInput input) : input_(input), memo_(std::make_shared<SignalMemo>()) { input_.memo = nullptr; }

const SignalValue& SignalCache::Of(const SignalColumn& column) {
  const auto found = values_.find(&column);
  if (found != values_.end()) return found->second;
  SignalInput once = input_;
  once.memo = memo_.get();
  return values_.emplace(&column, column.Of(once)).first->second;
}

bool LeafHolds(Comparison is, const Cell& actual, const std::vector<Cell>& expected) {
  if (is == Comparison::kKnown) return !IsNull(actual);
  if (is == Comparison::kUnknown) return IsNull(actual);
  if (IsNull(actual)) return false;
  if (is == Comparison::kIn) {
    return std::any_of(expected.begin(), expected.end(), [&](const Cell& one) { return Order(actual, one) == 0; });
  }
  if (expected.empty()) return false;
  const std::partial_ordering order = Order(actual, expected.front());
  switch (is) {
    case Comparison::kEqual: return order == 0;
    case Comparison::kNotEqual: return order != 0;
    case Comparison::kLess: return order < 0;
    case Comparison::kLessOrEqual: return order <= 0;
    case Comparison::kGreater: return order > 0;
    case Comparison::kGreaterOrEqual: return order >= 0;
    default: return false;
  }
}

ConditionTrace Evaluate(const Condition& condition, SignalCache& signals) {
  if (condition.kind == Condition::Kind::kLeaf) return EvaluateLeaf(condition, signals);
  ConditionTrace trace;
  trace.kind = condition.kind;
  trace.children.reserve(condition.children.size());
  for (const Condition& child : condition.children) trace.children.push_back(Evaluate(child, signals));
  trace.holds = GroupHolds(condition.kind, trace.children);
  return trace;
}

bool Holds(const Condition& condition, SignalCache& signals) {
  const auto holds = [&](const Condition& child) { return Holds(child, signals); };
  const std::vector<Condition>& children = condition.children;
  switch (condition.kind) {
    case Condition::Kind::kLeaf: return LeafHolds(condition.is, signals.Of(*condition.signal).value, condition.expected);
    case Condition::Kind::kAll: return std::all_of(children.begin(), children.end(), holds);
    case Condition::Kind::kAny: return std::any_of(children.begin(), children.end(), holds);
    case Condition::Kind::kNot: return !holds(children.front());
  }
  return false;
}

Json ConditionTrace::ToJson() const {
  if (kind == Condition::Kind::kLeaf) return LeafToJson(*this);
  Json::Array inner;
  for (const ConditionTrace& child : children) inner.push_back(child.ToJson());
  const std::string_view name = kind == Condition::Kind::kAll ? "all" : kind == Condition::Kind::kAny ? "any" : "not";
  return Json::Object{{std::string(name), std::move(inner)}, {"holds", holds}};
}

}  // namespace rapport
