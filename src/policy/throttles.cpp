#include "policy/throttles.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "policy/derivation.hpp"

namespace rapport {
namespace {

using Work = IssuedMoments::key_type;

struct New {
  AccountDecisions* account;
  Decision* decision;
};

bool ByUrgency(const New& a, const New& b) {
  return std::make_tuple(-a.decision->priority, a.decision->due, a.decision->followup) <
         std::make_tuple(-b.decision->priority, b.decision->due, b.decision->followup);
}

// "call" of "call@2026-03-01", a step of a cadence that began on that date; "call/2" is taken again and begins nothing.
std::string StepOf(std::string_view step, bool in_cadence) { return std::string(in_cadence ? step.substr(0, step.find('@')) : std::string_view()); }

std::int64_t IssuedSince(const IssuedMoments& issued, const Work& of, Instant from, Instant until) {
  const auto found = issued.find(of);
  if (found == issued.end()) return 0;
  return std::count_if(found->second.begin(), found->second.end(), [&](Instant at) { return from <= at && at <= until; });
}

// By which step a step of a cadence is counted: the first of its rule stands for whichever the enrolment began with, so that all who begin share one
// number. Nothing where it begins none: a step that had been left out, and is come back to.
std::optional<std::string> CountedAs(std::string own, const std::vector<std::string>& left_out, bool begins) {
  if (left_out.empty()) return own;
  if (begins) return left_out.front();
  return std::find(left_out.begin(), left_out.end(), own) != left_out.end() ? std::nullopt : std::optional(std::move(own));
}

// The same of a follow-up whose derivation tells what its enrolment left out, and which step it began with.
std::optional<std::string> CountedAs(std::string_view step, bool in_cadence, const Json& derivation) {
  std::string own = StepOf(step, in_cadence);
  const Json* told = derivation.Find("left_out");
  const Json* steps = told == nullptr ? nullptr : told->Find("steps");
  const Json* begins_at = told == nullptr ? nullptr : told->Find("begins_at");
  if (steps == nullptr || steps->if_array() == nullptr || begins_at == nullptr) return own;
  std::vector<std::string> left_out;
  for (const Json& one : *steps->if_array()) {
    if (one.if_string() != nullptr) left_out.push_back(*one.if_string());
  }
  const bool begins = *begins_at == Json(own);
  return CountedAs(std::move(own), left_out, begins);
}

// With the number of the rep's own team.
std::int64_t MostADay(const DecideInput& input, const Work& of) {
  const auto& [rule, rep, step] = of;
  const RepRecord* own = rep.empty() ? nullptr : input.context->book->FindRep(RepId::Trusted(rep));
  return *input.policy->Find(rule, own == nullptr ? std::nullopt : own->team)->most_new_a_day;
}

// What the throttle of its rule counts; nothing where it has none, or this is a later step.
std::optional<Work> Begins(const Decision& decision, const Policy& policy) {
  const Rule* rule = policy.Find(decision.rule);
  if (rule == nullptr || !rule->most_new_a_day.has_value() || decision.policy != policy.id()) return std::nullopt;
  std::optional<std::string> step = CountedAs(decision.step, rule->is_cadence, decision.derivation);
  if (!step.has_value() || (rule->is_cadence && *step != rule->steps.front().name)) return std::nullopt;
  return Work(rule->name, decision.rep.value_or(RepId()).text(), *std::move(step));
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

void CountIssued(const FollowUpIssued& first, Instant at, IssuedMoments& moments) {
  std::optional<std::string> step = CountedAs(first.step, first.enrolment.has_value(), first.derivation);
  if (step.has_value()) moments[{first.rule, first.rep.value_or(RepId()).text(), *std::move(step)}].push_back(at);
}

// A folded follow-up has no derivation: what an enrolment left out is in its entry, and the first work of it is what it began with.
void CountIssued(const Account& account, IssuedMoments& moments) {
  static const std::vector<std::string> kNothing;
  const auto left_out_of = [&](const std::string& enrolment) -> const std::vector<std::string>& {
    const auto found = account.relations.enrolments.find(enrolment);
    const bool some = found != account.relations.enrolments.end() && found->second.entered.skipped.has_value();
    return some ? *found->second.entered.skipped : kNothing;
  };
  std::map<std::string, const FollowUpRecord*> first;   // by enrolment
  for (const auto& [id, record] : account.followups) {
    if (!record.issued.enrolment.has_value()) continue;
    const FollowUpRecord*& earliest = first[*record.issued.enrolment];
    if (earliest == nullptr || record.issued_at < earliest->issued_at) earliest = &record;
  }
  for (const auto& [id, record] : account.followups) {
    const std::optional<std::string>& enrolment = record.issued.enrolment;
    std::optional<std::string> step = StepOf(record.issued.step, enrolment.has_value());
    if (enrolment.has_value()) step = CountedAs(*std::move(step), left_out_of(*enrolment), first.at(*enrolment) == &record);
    if (step.has_value()) moments[{record.issued.rule, record.issued.rep.value_or(RepId()).text(), *std::move(step)}].push_back(record.issued_at);
  }
}

void ApplyThrottles(const IssuedMoments& issued, const DecideInput& input, std::vector<AccountDecisions>& all) {
  const auto throttled = [](const Rule& rule) { return rule.most_new_a_day.has_value(); };
  if (std::none_of(input.policy->rules().begin(), input.policy->rules().end(), throttled)) return;
  std::map<Work, std::vector<New>> by_rep;
  for (AccountDecisions& account : all) {
    for (Decision& decision : account.decisions) {
      if (decision.open || decision.status != DecisionStatus::kDue) continue;
      if (std::optional<Work> work = Begins(decision, *input.policy)) by_rep[*std::move(work)].push_back({&account, &decision});
    }
  }
  const Zone& zone = input.context->book->ZoneOf(std::nullopt, std::nullopt);
  const Day today = zone.LocalDay(input.as_of);
  for (auto& [of, fresh] : by_rep) {
    const std::int64_t most = MostADay(input, of);
    const std::int64_t room = most - IssuedSince(issued, of, zone.StartOf(today), input.as_of);
    std::sort(fresh.begin(), fresh.end(), ByUrgency);
    for (std::size_t i = static_cast<std::size_t>(std::max<std::int64_t>(room, 0)); i < fresh.size(); ++i) HoldBack(fresh[i], zone.StartOf(today + 1), most);
  }
}

}  // namespace rapport
