// A rule as sentences.
#ifndef RAPPORT_SRC_POLICY_DESCRIBE_HPP_
#define RAPPORT_SRC_POLICY_DESCRIBE_HPP_

#include <string>
#include <vector>

#include "rapport/policy/policy.hpp"

namespace rapport {

// When, if what, by which work, until when; each at most kSentenceWidth wide.
absl::StatusOr<std::vector<std::string>> DescribeRule(const Rule& rule, Language language);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_DESCRIBE_HPP_
