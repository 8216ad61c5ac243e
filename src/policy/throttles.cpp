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
std::optional<std::string> CountedAs(std::string_view step, bool in_cadence, const Json& derivation) {
  std::string own = StepOf(step, in_cadence);
  const Json* left_out = derivation.Find("left_out");
  const Json* list = left_out == nullptr ? nullptr : left_out->Find("steps");
  const Json::Array* steps = list == nullptr ? nullptr : list->if_array();
  const Json* begins_at = left_out == nullptr ? nullptr : left_out->Find("begins_at");
  if (steps == nullptr || steps->empty() || begins_at == nullptr) return own;
  if (*begins_at == Json(own) && steps->front().if_string() != nullptr) return *steps->front().if_string();
  const bool was_left_out = std::find(steps->begin(), steps->end(), Json(own)) != steps->end();
  return was_left_out ? std::nullopt : std::optional(std::move(own));
}

// With the number of the rep's own team.
std::int64_t MostADay(const DecideInput& input, const Work& of) {
  const auto& [rule, rep, step] = of;
  const std::map<RepId, RepRecord>& reps = input.context->book->reps;
  const auto own = rep.empty() ? reps.end() : reps.find(RepId::Trusted(rep));
  return *input.policy->Find(rule, own == reps.end() ? std::nullopt : own->second.team)->most_new_a_day;
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
  const auto left_out_of = [&](const FollowUpRecord& record) -> const std::vector<std::string>* {
    const auto& enrolments = account.relations.enrolments;
    const auto found = record.issued.enrolment.has_value() ? enrolments.find(*record.issued.enrolment) : enrolments.end();
    const bool some = found != enrolments.end() && found->second.entered.skipped.has_value() && !found->second.entered.skipped->empty();
    return some ? &*found->second.entered.skipped : nullptr;
  };
  std::map<std::string, const FollowUpRecord*> first;   // by enrolment, of those that left out
  for (const auto& [id, record] : account.followups) {
    if (left_out_of(record) == nullptr) continue;
    const FollowUpRecord*& earliest = first[*record.issued.enrolment];
    if (earliest == nullptr || record.issued_at < earliest->issued_at) earliest = &record;
  }
  for (const auto& [id, record] : account.followups) {
    std::string step = StepOf(record.issued.step, record.issued.enrolment.has_value());
    if (const std::vector<std::string>* left_out = left_out_of(record)) {
      if (first.at(*record.issued.enrolment) == &record) step = left_out->front();
      else if (std::find(left_out->begin(), left_out->end(), step) != left_out->end()) continue;
    }
    moments[{record.issued.rule, record.issued.rep.value_or(RepId()).text(), std::move(step)}].push_back(record.issued_at);
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
