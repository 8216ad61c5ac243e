// Floor 5. Conditions against signals, with the trace that explains them.
#ifndef RAPPORT_POLICY_EVALUATE_HPP_
#define RAPPORT_POLICY_EVALUATE_HPP_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rapport/policy/policy.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// One node of the evaluated tree. Every leaf is evaluated, also where the outcome is clear already: explanations show all.
struct ConditionTrace {
  Condition::Kind kind = Condition::Kind::kAll;
  bool holds = false;
  std::string signal;                  // leaf
  Comparison is = Comparison::kEqual;
  std::vector<Cell> expected;
  Cell actual;
  std::vector<EventKey> evidence;
  std::vector<ConditionTrace> children;
  Json ToJson() const;
};

// Values are computed once an account and moment, however many rules ask.
class SignalCache {
 public:
  explicit SignalCache(SignalInput input);
  const SignalValue& Of(const SignalColumn& column);
  const SignalInput& input() const { return input_; }

 private:
  SignalInput input_;                  // without the memo, so that whoever asks about another day with it shares nothing
  std::shared_ptr<SignalMemo> memo_;   // what several columns are made from
  std::map<const SignalColumn*, SignalValue> values_;
};

ConditionTrace Evaluate(const Condition& condition, SignalCache& signals);
// Whether it holds, without the reasons: no leaf is looked at once the outcome is clear.
bool Holds(const Condition& condition, SignalCache& signals);
// What a leaf says of a value; `expected` as in Condition. A comparison with a missing value is false.
bool LeafHolds(Comparison is, const Cell& actual, const std::vector<Cell>& expected);

}  // namespace rapport

#endif  // RAPPORT_POLICY_EVALUATE_HPP_
