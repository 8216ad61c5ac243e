// Floor 5. Coverage: which rules of a policy can work on the events that a book has, and which event types or fields would wake the others.
//
//   CoverageOf(policy, book, context, as_of, {})[0]   // {"open-worry", kAsleep, 0, 0, 0, {"worry.raised"}}
//
// It asks what is recorded, not what is true today: a rule on worries is live in a book in which worries are recorded, whether or not one is
// open. docs/coverage.md says it at length. What permission, caps and capacity leave of a rule is not asked; nor are the numbers of teams.
#ifndef RAPPORT_POLICY_COVERAGE_HPP_
#define RAPPORT_POLICY_COVERAGE_HPP_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"
#include "rapport/policy/policy.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// kLive: all that the rule reads is recorded, for everybody it concerns. kPartial: it works, but not for everybody it concerns, or a part of it
// (a condition, a step, an exit, its value) reads what nobody has. kAsleep: it works for nobody.
enum class RuleState { kLive, kPartial, kAsleep };
std::string_view NameOf(RuleState state);   // "live", "partial", "asleep"

struct RuleCoverage {
  std::string rule;
  RuleState state = RuleState::kAsleep;
  // Customers whom the trigger concerns: of an event, those who had one of its kind; of a signal, all. Of these for how many the trigger could
  // happen, and of these for how many the conditions at entry could hold as well.
  std::int64_t concerned = 0;
  std::int64_t customers = 0;
  std::int64_t working = 0;
  // What would wake it, or make it whole: event types, perhaps with a field ("product.upserted return_days"); sorted, each once. Where one of
  // several would do (exits, the day of a delivery) all are named.
  std::vector<std::string> needs;
};

// A row a rule, in the policy's order. `customers` empty: all; ids that the book does not know count for nothing. One pass over the accounts:
// O(accounts (records (signals + rules))), then O(kinds of accounts (leaves)); a kind is a set of needs given, of which books have few.
std::vector<RuleCoverage> CoverageOf(const Policy& policy, const Book& book, const SignalContext& context, Instant as_of,
                                     std::span<const CustomerId> customers);

// rule, state, customers, needs (comma separated; null where nothing is missing), sentence (at most 110 columns wide).
absl::StatusOr<Table> CoverageTable(std::span<const RuleCoverage> coverage, Language language);

}  // namespace rapport

#endif  // RAPPORT_POLICY_COVERAGE_HPP_
