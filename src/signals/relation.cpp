// What binds a customer and us beside orders: cases, contracts, opportunities, feedback, referrals, needs.
#include "rapport/signals/feedback_score.hpp"
#include "signals/rows.hpp"

namespace rapport {
namespace {

const Relations& Of(const SignalInput& in) { return in.account->relations; }

// --- cases
bool IsOpenCase(const CaseRecord& record) { return !record.closed.has_value(); }
bool IsOpenClaim(const CaseRecord& record) { return IsOpenCase(record) && record.kind != CaseKind::kService; }

template <class Wanted>
SignalValue CountCases(const SignalInput& in, Wanted wanted) {
  const auto& cases = Of(in).cases;
  SignalValue out = MadeByThose(in, Count(static_cast<std::size_t>(std::count_if(cases.begin(), cases.end(), wanted))), cases, wanted);
  out = WithClosings(in, std::move(out), cases, [](const CaseRecord& record) { return record.closed_by; });
  if (!in.explain) return out;
  NewestEvent newest;
  for (const CaseRecord& record : cases) {
    newest.See(record.opened, record.key);
    if (record.closed.has_value()) newest.See(*record.closed, record.closed_by);
  }
  out.armed_by = newest.key();
  return out;
}
SignalValue CaseOpen(const SignalInput& in) { return CountCases(in, IsOpenCase); }
SignalValue CaseOpenClaims(const SignalInput& in) { return CountCases(in, IsOpenClaim); }

// --- contracts
const ContractRecord* NextToEnd(const SignalInput& in) {
  const ContractRecord* next = nullptr;
  for (const ContractRecord& contract : Of(in).contracts) {
    if (contract.ended.has_value() || !contract.ends.has_value() || in.today < DayOf(in, contract.started)) continue;
    if (next == nullptr || *contract.ends < *next->ends) next = &contract;
  }
  return next;
}

SignalValue WithEnded(const SignalInput& in, SignalValue out) {
  out = WithChanges(in, std::move(out), Of(in).contracts, [](const ContractRecord& contract) -> const auto& { return contract.renewed_by; });
  return WithClosings(in, std::move(out), Of(in).contracts, [](const ContractRecord& contract) { return contract.ended_by; });
}

SignalValue ContractEnds(const SignalInput& in) {
  const ContractRecord* next = NextToEnd(in);
  return WithEnded(in, next == nullptr ? SignalValue() : MadeBy(in, *next->ends, next->key));
}

SignalValue ContractDaysLeft(const SignalInput& in) {
  const ContractRecord* next = NextToEnd(in);
  return WithEnded(in, next == nullptr ? SignalValue() : MadeBy(in, DaysFrom(in.today, *next->ends), next->key));
}

SignalValue ContractValue(const SignalInput& in) {
  const auto runs = [](const ContractRecord& contract) { return !contract.ended.has_value(); };
  ReportingSum sum(in);
  for (const ContractRecord& contract : Of(in).contracts) {
    if (runs(contract) && contract.value.has_value()) sum.Add(*contract.value, contract.started);
  }
  return WithEnded(in, MadeByThose(in, sum.Value(true), Of(in).contracts, runs));
}

// --- opportunities
bool IsOpenOpportunity(const OpportunityRecord& record) { return record.state == OpportunityState::kOpen; }

SignalValue OpportunityOpen(const SignalInput& in) {
  const auto& all = Of(in).opportunities;
  SignalValue out = MadeByThose(in, Count(static_cast<std::size_t>(std::count_if(all.begin(), all.end(), IsOpenOpportunity))), all, IsOpenOpportunity);
  return WithClosings(in, std::move(out), all, [](const OpportunityRecord& record) { return record.closed_by; });
}

SignalValue OpportunityStage(const SignalInput& in) {
  const auto& all = Of(in).opportunities;
  const auto newest = std::find_if(all.rbegin(), all.rend(), IsOpenOpportunity);
  if (newest == all.rend()) return {};
  SignalValue out = MadeBy(in, newest->stage.has_value() ? Cell(*newest->stage) : Cell(), newest->key);
  out = WithChanges(in, std::move(out), all, [](const OpportunityRecord& record) -> const auto& { return record.changed_by; });
  return WithClosings(in, std::move(out), all, [](const OpportunityRecord& record) { return record.closed_by; });
}

// --- feedback
SignalValue FeedbackLast(const SignalInput& in) {
  if (Of(in).feedback.empty()) return {};
  const auto& last = Of(in).feedback.back();
  const std::optional<double> score = FeedbackScore(last.data);
  return MadeBy(in, score.has_value() ? Number(*score) : Cell(), last.key);
}

SignalValue FeedbackDaysSince(const SignalInput& in) {
  if (Of(in).feedback.empty()) return {};
  return MadeBy(in, DaysSince(in, Of(in).feedback.back().at), Of(in).feedback.back().key);
}

// --- referrals, needs
SignalValue ReferralMadeCount(const SignalInput& in) { return MadeByAll(in, Count(Of(in).referrals.size()), Of(in).referrals); }

SignalValue NeedOpen(const SignalInput& in) {
  const auto open = [](const NeedRecord& need) { return !need.met.has_value(); };
  const auto& needs = Of(in).needs;
  SignalValue out = MadeByThose(in, Count(static_cast<std::size_t>(std::count_if(needs.begin(), needs.end(), open))), needs, open);
  return WithChanges(in, std::move(out), needs, [](const NeedRecord& need) -> const auto& { return need.said_again; });
}

constexpr auto kConstant = Motion::kConstant;

const SignalColumn kColumns[] = {
    {"case.open", ColumnType::kInteger, kNoUnit, "Cases opened and not closed: claims, services, returns.", kConstant, 0, CaseOpen},
    {"case.open_claims", ColumnType::kInteger, kNoUnit, "Open cases that complain: claims and returns.", kConstant, 0, CaseOpenClaims},
    {"contract.ends", ColumnType::kDay, kNoUnit, "The last day of the running contract that ends first.", kConstant, 0, ContractEnds},
    {"contract.days_left", ColumnType::kInteger, kDays, "Local days until the running contract that ends first does; negative once it has passed.",
     Motion::kClockLinear, -1, ContractDaysLeft},
    {"contract.value", ColumnType::kNumber, kReportingCurrency, "What the running contracts bring in a year.", kConstant, 0, ContractValue},
    {"opportunity.open", ColumnType::kInteger, kNoUnit, "Opportunities neither won nor lost.", kConstant, 0, OpportunityOpen},
    {"opportunity.stage", ColumnType::kText, kNoUnit, "The stage of the newest open opportunity.", kConstant, 0, OpportunityStage},
    {"feedback.last", ColumnType::kNumber, kNoUnit,
     "The last feedback, 0 to 10: to recommend, else satisfaction 1 to 5 stretched, else the mean of dimensions.", kConstant, 0,
     FeedbackLast},
    {"feedback.days_since", ColumnType::kInteger, kDays, "Local days since the last feedback.", Motion::kClockLinear, 1, FeedbackDaysSince},
    {"referral.made", ColumnType::kInteger, kNoUnit, "Prospects that this customer brought.", kConstant, 0, ReferralMadeCount},
    {"need.open", ColumnType::kInteger, kNoUnit, "Needs stated and not met.", kConstant, 0, NeedOpen},
};

}  // namespace

std::span<const SignalColumn> RelationSignals() { return kColumns; }

std::optional<double> FeedbackScore(const FeedbackGiven& said) {
  if (said.nps.has_value()) return static_cast<double>(*said.nps);
  if (said.csat.has_value()) return (*said.csat - 1) * 2.5;
  const Json::Object* dimensions = said.dimensions.has_value() ? said.dimensions->if_object() : nullptr;
  double sum = 0;
  int counted = 0;
  for (const auto& [name, score] : dimensions != nullptr ? *dimensions : Json::Object()) {
    if (score.if_number() == nullptr) continue;
    sum += *score.if_number();
    ++counted;
  }
  return counted == 0 ? std::nullopt : std::optional(sum / counted);
}

}  // namespace rapport
