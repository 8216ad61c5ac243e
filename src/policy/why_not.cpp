#include "rapport/policy/why_not.hpp"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "policy/admission.hpp"
#include "policy/cadence.hpp"
#include "policy/names.hpp"
#include "policy/wording.hpp"

namespace rapport {
namespace {

constexpr std::array<std::pair<WhyNotReason, std::string_view>, 14> kReasonNames{{
    {WhyNotReason::kDue, "due"},
    {WhyNotReason::kOpen, "open"},
    {WhyNotReason::kHeld, "held"},
    {WhyNotReason::kConditions, "conditions"},
    {WhyNotReason::kNotYet, "not_yet"},
    {WhyNotReason::kNotCrossed, "not_crossed"},
    {WhyNotReason::kNoOccasion, "no_occasion"},
    {WhyNotReason::kWaiting, "waiting"},
    {WhyNotReason::kLapsed, "lapsed"},
    {WhyNotReason::kAnswered, "answered"},
    {WhyNotReason::kLeft, "left"},
    {WhyNotReason::kResting, "resting"},
    {WhyNotReason::kDropped, "dropped"},
    {WhyNotReason::kBeforeGoLive, "before_go_live"},
}};

// One rule of one account, asked once.
class Inquiry {
 public:
  Inquiry(AccountView& view, const Rule& rule) : view_(view), rule_(rule) {}
  WhyNot Answer(std::span<const Decision> decisions);

 private:
  bool TellDecision(std::span<const Decision> decisions);
  bool TellRun();
  void TellVerdict(const Occasion& occasion, const Verdict& verdict);
  void TellAhead(Instant due);
  void TellNothing();
  void TellConditions();
  void TellAnswered(const Verdict& verdict);
  void Say(WhyNotReason reason, std::optional<Instant> when = std::nullopt);
  ConditionTrace& Trace();

  AccountView& view_;
  const Rule& rule_;
  std::optional<ConditionTrace> trace_;
  WhyNot why_;
};

ConditionTrace& Inquiry::Trace() {
  if (!trace_.has_value()) trace_ = Evaluate(rule_.when, view_.signals());
  return *trace_;
}

void Inquiry::Say(WhyNotReason reason, std::optional<Instant> when) {
  why_.reason = reason;
  why_.when = when;
  why_.because = {absl::StrCat("why_not.", std::string(NameOf(reason))), {}};
  if (when.has_value()) why_.because.arguments.emplace("on", view_.zone().LocalDay(*when));
}

// A due one is told before a held one.
bool Inquiry::TellDecision(std::span<const Decision> decisions) {
  const Decision* found = nullptr;
  for (const Decision& decision : decisions) {
    if (decision.rule != rule_.name) continue;
    const bool better = found == nullptr || (found->status == DecisionStatus::kHeld && decision.status == DecisionStatus::kDue);
    if (better) found = &decision;
  }
  if (found == nullptr) return false;
  if (found->status == DecisionStatus::kHeld) {
    Say(WhyNotReason::kHeld);
    why_.when = found->held_until;
  } else {
    Say(found->open ? WhyNotReason::kOpen : WhyNotReason::kDue, found->due);
  }
  why_.decision = *found;
  why_.followup = found->followup;
  why_.conditions = *found->derivation.Find("conditions");
  return true;
}

bool Inquiry::TellRun() {
  for (const auto& [id, record] : view_.account().relations.enrolments) {
    if (record.entered.cadence != rule_.name || record.left_at.has_value()) continue;
    std::string problem;
    const std::optional<Run> run = RunOf(view_, record, problem);
    if (!run.has_value()) continue;
    const Progress progress = ProgressOf(view_, *run);
    if (!progress.exit.empty() || !progress.is_waiting) continue;
    Say(WhyNotReason::kWaiting, progress.occasion.due);
    why_.followup = view_.IdOf(*run->rule, progress.occasion);
    return true;
  }
  return false;
}

// The number that a rule by signal waits for is a condition like the others.
void Inquiry::TellConditions() {
  ConditionTrace whole = Trace();
  if (const auto* signal = std::get_if<SignalTrigger>(&rule_.trigger)) {
    Condition crossing;
    crossing.kind = Condition::Kind::kLeaf;
    crossing.signal = signal->signal;
    crossing.is = signal->below ? Comparison::kLessOrEqual : Comparison::kGreaterOrEqual;
    crossing.expected = {signal->threshold};
    ConditionTrace both;
    both.kind = Condition::Kind::kAll;
    both.children = {std::move(whole), Evaluate(crossing, view_.signals())};
    both.holds = std::all_of(both.children.begin(), both.children.end(), [](const ConditionTrace& child) { return child.holds; });
    whole = std::move(both);
  }
  why_.conditions = whole.ToJson();
}

void Inquiry::TellAnswered(const Verdict& verdict) {
  if (verdict.known != nullptr) {
    Say(WhyNotReason::kAnswered, verdict.known->state_at);
    return;
  }
  Say(WhyNotReason::kLeft);
  const auto& enrolments = view_.account().relations.enrolments;
  for (const auto& [id, record] : enrolments) {
    if (record.entered.cadence == rule_.name && record.left_at.has_value()) Say(WhyNotReason::kAnswered, *record.left_at);
  }
}

void Inquiry::TellVerdict(const Occasion& occasion, const Verdict& verdict) {
  why_.followup = verdict.id;
  switch (verdict.bar) {
    case Bar::kLapsed: return Say(WhyNotReason::kLapsed, verdict.expires);
    case Bar::kAnswered:
    case Bar::kEnrolled: return TellAnswered(verdict);
    case Bar::kConditions: Say(WhyNotReason::kConditions); return TellConditions();
    case Bar::kResting:
      Say(WhyNotReason::kResting, verdict.rests_until);
      if (!verdict.rests_until.has_value()) why_.because.key = "why_not.resting.for_good";
      return;
    case Bar::kBeforeGoLive: return Say(WhyNotReason::kBeforeGoLive, occasion.due);
    case Bar::kNone: return Say(WhyNotReason::kDropped, occasion.due);
    case Bar::kLeft: break;
  }
  Say(WhyNotReason::kLeft);
  if (const std::optional<ExitEvent> exit = ExitSince(view_, rule_, occasion.since, occasion.contact)) {
    why_.because = ExitSentence(*exit, view_.zone());
    why_.when = exit->at;
  }
}

void Inquiry::TellAhead(Instant due) {
  Say(WhyNotReason::kNotYet, due);
  TellConditions();
}

void Inquiry::TellNothing() {
  if (const auto* signal = std::get_if<SignalTrigger>(&rule_.trigger)) {
    Say(WhyNotReason::kNotCrossed);
    why_.because.arguments = {{"signal", PhraseOf(signal->signal->name)}, {"actual", SayCell(view_.signals().Of(*signal->signal).value)}};
    return TellConditions();
  }
  Say(WhyNotReason::kNoOccasion);
}

WhyNot Inquiry::Answer(std::span<const Decision> decisions) {
  if (TellDecision(decisions) || TellRun()) return std::move(why_);
  const Instant as_of = view_.input().as_of;
  std::vector<Occasion> occasions = OccasionsOf(rule_, view_.signal_input(), {});
  const auto ahead = std::find_if(occasions.begin(), occasions.end(), [&](const Occasion& one) { return one.due > as_of; });
  std::optional<Instant> next;
  if (ahead != occasions.end()) next = ahead->due;
  else if (const std::optional<Occasion> one = NextOccasion(rule_, view_.signal_input())) next = one->due;

  std::optional<Verdict> newest;
  if (ahead != occasions.begin()) newest = VerdictOn(view_, rule_, *std::prev(ahead), [this]() { return Trace().holds; });
  const bool is_over = newest.has_value() && (newest->bar == Bar::kLapsed || newest->bar == Bar::kAnswered);
  if (newest.has_value() && (!is_over || !next.has_value())) TellVerdict(*std::prev(ahead), *newest);
  else if (next.has_value()) TellAhead(*next);
  else TellNothing();
  return std::move(why_);
}

}  // namespace

std::string_view NameOf(WhyNotReason reason) {
  for (const auto& [one, name] : kReasonNames) {
    if (one == reason) return name;
  }
  return {};
}

absl::StatusOr<WhyNot> WhyNotOf(const Account& account, const DecideInput& input, std::string_view rule, std::span<const Decision> decisions) {
  AccountView view(account, input);
  const Rule* asked = input.policy->Find(rule, view.team());
  if (asked == nullptr) {
    std::string names;
    for (const Rule& one : input.policy->rules()) absl::StrAppend(&names, names.empty() ? "" : ", ", one.name);
    return NotFound("policy.unknown_rule", absl::StrCat("rule: found \"", std::string(rule), "\", expected one of policy \"", input.policy->name(), "\": ", names));
  }
  return Inquiry(view, *asked).Answer(decisions);
}

}  // namespace rapport
