#include "policy/throttles.hpp"

#include <algorithm>
#include <tuple>

#include "policy/derivation.hpp"

namespace rapport {
namespace {

using RuleAndRep = std::pair<std::string, std::string>;

struct New {
  AccountDecisions* account;
  Decision* decision;
};

bool ByUrgency(const New& a, const New& b) {
  return std::make_tuple(-a.decision->priority, a.decision->due, a.decision->followup) <
         std::make_tuple(-b.decision->priority, b.decision->due, b.decision->followup);
}

std::int64_t IssuedSince(const IssuedMoments& issued, const RuleAndRep& of, Instant from, Instant until) {
  const auto found = issued.find(of);
  if (found == issued.end()) return 0;
  return std::count_if(found->second.begin(), found->second.end(), [&](Instant at) { return from <= at && at <= until; });
}

void HoldBack(const New& one, Instant until, std::int64_t most) {
  one.decision->status = DecisionStatus::kHeld;
  one.decision->rule_hold = RuleHold{"throttle", {}, until, {"hold.throttle", {{"n", most}}}};
  one.decision->held_until = until;
  HoldInDerivation(*one.decision->rule_hold, one.decision->derivation);
  std::erase_if(one.account->cadences, [&](const CadenceChange& change) { return change.enrolment == one.decision->enrolment && !change.enrolment.empty(); });
  one.account->look_again = std::min(one.account->look_again.value_or(until), until);
}

}  // namespace

void CountIssued(const Account& account, IssuedMoments& moments) {
  for (const auto& [id, record] : account.followups) {
    moments[{record.issued.rule, record.issued.rep.value_or(RepId()).text()}].push_back(record.issued_at);
  }
}

void ApplyThrottles(const IssuedMoments& issued, const DecideInput& input, std::vector<AccountDecisions>& all) {
  const auto throttled = [](const Rule& rule) { return rule.most_new_a_day.has_value(); };
  if (std::none_of(input.policy->rules().begin(), input.policy->rules().end(), throttled)) return;
  std::map<RuleAndRep, std::vector<New>> by_rep;
  for (AccountDecisions& account : all) {
    for (Decision& decision : account.decisions) {
      const Rule* rule = input.policy->Find(decision.rule);
      const bool begins = rule != nullptr && throttled(*rule) && decision.policy == input.policy->id() && decision.step == rule->steps.front().name;
      if (begins && !decision.open && decision.status == DecisionStatus::kDue) by_rep[{rule->name, decision.rep.value_or(RepId()).text()}].push_back({&account, &decision});
    }
  }
  const Zone& zone = input.context->book->ZoneOf(std::nullopt, std::nullopt);
  const Day today = zone.LocalDay(input.as_of);
  for (auto& [of, fresh] : by_rep) {
    const std::int64_t most = *input.policy->Find(of.first)->most_new_a_day;
    const std::int64_t room = most - IssuedSince(issued, of, zone.StartOf(today), input.as_of);
    std::sort(fresh.begin(), fresh.end(), ByUrgency);
    for (std::size_t i = static_cast<std::size_t>(std::max<std::int64_t>(room, 0)); i < fresh.size(); ++i) HoldBack(fresh[i], zone.StartOf(today + 1), most);
  }
}

}  // namespace rapport
