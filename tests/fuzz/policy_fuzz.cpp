// Any bytes are a policy or a Status that says where they are not; a policy can always be described and asked.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rapport/policy/policy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace rapport;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const absl::StatusOr<Policy> policy = Policy::ParseText(text);
  if (!policy.ok()) {
    if (policy.status().message().empty() || TokenOf(policy.status()) == "internal") std::abort();
    return 0;
  }
  const absl::StatusOr<Policy> again = Policy::Parse(policy->document());
  if (!again.ok() || again->id() != policy->id()) std::abort();
  for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
    if (!policy->Describe(language).ok()) std::abort();
  }
  for (const Rule& rule : policy->rules()) {
    if (policy->Find(rule.name) != &rule) std::abort();
  }
  return 0;
}
