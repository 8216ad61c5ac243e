// A policy as sentences.
#ifndef RAPPORT_SRC_POLICY_DESCRIBE_HPP_
#define RAPPORT_SRC_POLICY_DESCRIBE_HPP_

#include <string>
#include <vector>

#include "rapport/policy/policy.hpp"

namespace rapport {

// When, if what, by which work, until when, what ends it, when it may begin again; each at most kSentenceWidth wide.
absl::StatusOr<std::vector<std::string>> DescribeRule(const Rule& rule, Language language);
// Its wait, its conditions, its work, where it goes from there.
absl::StatusOr<std::vector<std::string>> DescribeStep(const Step& step, Language language);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_DESCRIBE_HPP_
