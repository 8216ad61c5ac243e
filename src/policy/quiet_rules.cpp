#include "policy/quiet_rules.hpp"

namespace rapport {

void QuietRules::Hear(AccountPart part) {
  if (part == AccountPart::kFollowUps || part == AccountPart::kLedger) return HearAll();
  for (std::size_t place = 0; place < rules_.size(); ++place) {
    if ((*read_)[place].Contains(part)) Wake(place);
  }
}

void QuietRules::HearOwn(std::string_view rule) {
  for (std::size_t place = 0; place < rules_.size(); ++place) {
    if (policy_->rules()[place].name == rule || (*read_)[place].Contains(AccountPart::kFollowUps)) Wake(place);
  }
}

void QuietRules::HearAll() {
  for (std::size_t place = 0; place < rules_.size(); ++place) Wake(place);
}

bool QuietRules::IsQuiet(std::size_t place, Instant as_of) const {
  const State& rule = rules_[place];
  return rule.is_quiet && (!rule.wakes_at.has_value() || as_of < *rule.wakes_at);
}

}  // namespace rapport
