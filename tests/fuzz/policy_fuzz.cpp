// Any bytes are a policy, or all that is wrong with them is told, each with a place; a policy can always be described and asked, for every
// team as well.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "rapport/policy/policy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace rapport;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const absl::StatusOr<Policy> policy = Policy::ParseText(text);
  const std::vector<PolicyProblem> problems = Policy::CheckText(text);
  if (problems.empty() != policy.ok()) std::abort();
  for (const PolicyProblem& problem : problems) {
    if (problem.token.empty() || problem.found.empty() || problem.expected.empty()) std::abort();
    if (!problem.pointer.empty() && problem.pointer.front() != '/') std::abort();
  }
  if (!policy.ok()) {
    if (TokenOf(policy.status()) != problems.front().token) std::abort();
    if (policy.status().message().empty() || TokenOf(policy.status()) == "internal") std::abort();
    return 0;
  }
  const absl::StatusOr<Policy> again = Policy::Parse(policy->document());
  if (!again.ok() || again->id() != policy->id()) std::abort();
  for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
    if (!policy->Describe(language).ok()) std::abort();
  }
  for (const Rule& rule : policy->rules()) {
    if (policy->Find(rule.name) != &rule || rule.steps.empty()) std::abort();
    for (const Step& step : rule.steps) {
      if (rule.FindStep(step.name) != &step) std::abort();
    }
  }
  const Json* teams = policy->document().Find("teams");
  if (teams == nullptr) return 0;
  for (const auto& [team, numbers] : *teams->if_object()) {
    if (policy->RulesFor(team).size() != policy->rules().size()) std::abort();
  }
  return 0;
}
