// Floor 5, inside. The conditions of all rules as one list of steps, each made of steps before it.
#ifndef RAPPORT_SRC_POLICY_SCREEN_PROGRAM_HPP_
#define RAPPORT_SRC_POLICY_SCREEN_PROGRAM_HPP_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "rapport/policy/screen.hpp"

namespace rapport {

struct ScreenLeaf {
  std::size_t signal = 0;             // of ScreenProgram::signals
  Comparison is = Comparison::kKnown;
  std::vector<Cell> expected;
};

// A leaf, or a group of steps that stand before it. A group has none, two or more parts, kNot has one.
struct ScreenStep {
  Condition::Kind kind = Condition::Kind::kAll;
  std::size_t leaf = 0;
  std::vector<std::size_t> parts;
};

struct ScreenProgram {
  std::vector<std::string> rules;
  std::vector<std::size_t> roots;     // a step a rule
  std::vector<ScreenSignal> signals;
  std::vector<ScreenLeaf> leaves;     // distinct
  std::vector<ScreenStep> steps;      // distinct
};

ScreenProgram CompileScreen(std::span<const Rule> rules, bool triggers);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_SCREEN_PROGRAM_HPP_
