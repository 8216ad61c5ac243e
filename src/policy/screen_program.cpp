#include "policy/screen_program.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace rapport {
namespace {

class ScreenCompiler {
 public:
  void Add(const Rule& rule, bool triggers) {
    rule_ = &rule;
    std::size_t root = StepOf(rule.when);
    const auto* trigger = std::get_if<SignalTrigger>(&rule.trigger);
    if (triggers && trigger != nullptr) root = Group(Condition::Kind::kAll, {StepOf(AtThreshold(*trigger)), root});
    program_.rules.push_back(rule.name);
    program_.roots.push_back(root);
  }
  ScreenProgram Take() { return std::move(program_); }

 private:
  static Condition AtThreshold(const SignalTrigger& trigger) {
    Condition leaf;
    leaf.kind = Condition::Kind::kLeaf;
    leaf.signal = trigger.signal;
    leaf.is = trigger.below ? Comparison::kLessOrEqual : Comparison::kGreaterOrEqual;
    leaf.expected = {Cell(trigger.threshold)};
    return leaf;
  }

  std::size_t StepOf(const Condition& condition) {
    if (condition.kind == Condition::Kind::kLeaf) return Step(condition.kind, LeafOf(condition), {});
    std::vector<std::size_t> parts;
    for (const Condition& child : condition.children) parts.push_back(StepOf(child));
    if (condition.kind == Condition::Kind::kNot) return Step(condition.kind, 0, {parts.front()});
    return Group(condition.kind, std::move(parts));
  }

  // Order and repetition of parts change nothing, so groups that differ in them alone are one.
  std::size_t Group(Condition::Kind kind, std::vector<std::size_t> parts) {
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    return parts.size() == 1 ? parts.front() : Step(kind, 0, std::move(parts));
  }

  std::size_t Step(Condition::Kind kind, std::size_t leaf, std::vector<std::size_t> parts) {
    const auto [found, is_new] = steps_.try_emplace({kind, leaf, parts}, program_.steps.size());
    if (is_new) program_.steps.push_back({kind, leaf, std::move(parts)});
    return found->second;
  }

  std::size_t LeafOf(const Condition& condition) {
    const std::size_t signal = SignalOf(*condition.signal);
    for (const std::size_t known : leaves_of_[signal]) {
      const ScreenLeaf& leaf = program_.leaves[known];
      if (leaf.is == condition.is && leaf.expected == condition.expected) return known;
    }
    leaves_of_[signal].push_back(program_.leaves.size());
    program_.leaves.push_back({signal, condition.is, condition.expected});
    return program_.leaves.size() - 1;
  }

  std::size_t SignalOf(const SignalColumn& column) {
    const auto [found, is_new] = signals_.try_emplace(std::string(column.name), program_.signals.size());
    if (!is_new) return found->second;
    program_.signals.push_back({found->first, column.type, rule_->name});
    leaves_of_.emplace_back();
    return found->second;
  }

  const Rule* rule_ = nullptr;
  ScreenProgram program_;
  std::map<std::string, std::size_t> signals_;
  std::vector<std::vector<std::size_t>> leaves_of_;   // a signal
  std::map<std::tuple<Condition::Kind, std::size_t, std::vector<std::size_t>>, std::size_t> steps_;
};

}  // namespace

ScreenProgram CompileScreen(std::span<const Rule> rules, bool triggers) {
  ScreenCompiler compiler;
  for (const Rule& rule : rules) compiler.Add(rule, triggers);
  return compiler.Take();
}

}  // namespace rapport
