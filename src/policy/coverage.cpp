#include "rapport/policy/coverage.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "policy/coverage_census.hpp"
#include "policy/telling.hpp"
#include "rapport/core/status.hpp"
#include "rapport/policy/evaluate.hpp"

namespace rapport {
namespace {

using Needs = std::set<std::string>;
using Kinds = std::vector<const AccountKind*>;

Cell ZeroOf(ColumnType type) {
  if (type == ColumnType::kInteger) return std::int64_t{0};
  return type == ColumnType::kNumber ? Cell(0.0) : Cell();
}

// Whether a condition may come out true, and whether false, for an account of a kind. Leaves are taken as independent of each other.
struct Outlook {
  bool may_hold = true;
  bool may_fail = true;
};

class Conditions {
 public:
  explicit Conditions(const Census& census) : census_(census) {}

  bool MayHold(const Condition& condition, const AccountKind& kind) const { return Of(condition, kind).may_hold; }
  // What keeps the condition from ever being `wanted`; nothing where it may be.
  void AddBlockers(const Condition& condition, bool wanted, const AccountKind& kind, Needs& out) const;
  // What the leaves miss that say the same for every account of all kinds.
  void AddBlind(const Condition& condition, const Kinds& kinds, Needs& out) const;
  void AddLacking(const SignalColumn& signal, const AccountKind& kind, Needs& out) const {
    for (const SignalNeed* need : census_.Lacking(signal, kind)) out.insert(need->what);
  }
  bool Lacks(const SignalColumn& signal, const AccountKind& kind) const { return !census_.Lacking(signal, kind).empty(); }

 private:
  Outlook Of(const Condition& condition, const AccountKind& kind) const;
  Outlook OfLeaf(const Condition& leaf, const AccountKind& kind) const;

  const Census& census_;
};

// A signal that misses something has one value, and nothing in the book will move it.
Outlook Conditions::OfLeaf(const Condition& leaf, const AccountKind& kind) const {
  const std::vector<const SignalNeed*> lacking = census_.Lacking(*leaf.signal, kind);
  if (lacking.empty()) return {};
  const bool is_null = std::any_of(lacking.begin(), lacking.end(), [](const SignalNeed* need) { return need->without == Without::kMissing; });
  const bool holds = LeafHolds(leaf.is, is_null ? Cell() : ZeroOf(leaf.signal->type), leaf.expected);
  return {holds, !holds};
}

Outlook Conditions::Of(const Condition& condition, const AccountKind& kind) const {
  if (condition.kind == Condition::Kind::kLeaf) return OfLeaf(condition, kind);
  if (condition.kind == Condition::Kind::kNot) {
    const Outlook inner = Of(condition.children.front(), kind);
    return {inner.may_fail, inner.may_hold};
  }
  const bool all = condition.kind == Condition::Kind::kAll;
  Outlook out{all, !all};
  for (const Condition& child : condition.children) {
    const Outlook inner = Of(child, kind);
    out.may_hold = all ? out.may_hold && inner.may_hold : out.may_hold || inner.may_hold;
    out.may_fail = all ? out.may_fail || inner.may_fail : out.may_fail && inner.may_fail;
  }
  return out;
}

void Conditions::AddBlockers(const Condition& condition, bool wanted, const AccountKind& kind, Needs& out) const {
  const Outlook outlook = Of(condition, kind);
  if (wanted ? outlook.may_hold : outlook.may_fail) return;
  if (condition.kind == Condition::Kind::kLeaf) return AddLacking(*condition.signal, kind, out);
  const bool inner = condition.kind == Condition::Kind::kNot ? !wanted : wanted;
  for (const Condition& child : condition.children) AddBlockers(child, inner, kind, out);
}

void Conditions::AddBlind(const Condition& condition, const Kinds& kinds, Needs& out) const {
  for (const Condition& child : condition.children) AddBlind(child, kinds, out);
  if (condition.kind != Condition::Kind::kLeaf) return;
  const bool blind = std::all_of(kinds.begin(), kinds.end(), [&](const AccountKind* kind) { return Lacks(*condition.signal, *kind); });
  for (std::size_t i = 0; blind && i < kinds.size(); ++i) AddLacking(*condition.signal, *kinds[i], out);
}

// --- one rule ----------------------------------------------------------------------------------------------------
class RuleJudge {
 public:
  RuleJudge(const Census& census, const Rule& rule, std::size_t at) : census_(census), conditions_(census), rule_(rule), at_(at) {}
  RuleCoverage Judge();

 private:
  void Sort(const AccountKind& kind);
  Reach ReachTrigger(const AccountKind& kind, Needs& lacking) const;
  void AddUnseenTrigger();
  void AddSteps();
  void AddExits();
  void AddAssignees();
  void AddValue();
  void AddExit(Exit exit);

  const Census& census_;
  Conditions conditions_;
  const Rule& rule_;
  std::size_t at_;
  RuleCoverage out_;
  Needs needs_;
  Kinds working_;   // kinds for which the rule works
};

Reach RuleJudge::ReachTrigger(const AccountKind& kind, Needs& lacking) const {
  if (const auto* trigger = std::get_if<SignalTrigger>(&rule_.trigger)) {
    conditions_.AddLacking(*trigger->signal, kind, lacking);
    return lacking.empty() ? Reach::kThere : Reach::kLacking;
  }
  const TriggerNeeds& needs = census_.trigger(at_);
  const TriggerReach found = census_.reach(at_, kind);
  for (std::size_t i = 0; i < needs.fields.size(); ++i) {
    if ((found.lacks >> i & 1u) != 0) lacking.insert(needs.fields[i]);
  }
  if (found.reach < Reach::kLacking || !needs.delivery_of_any || census_.SawDelivery()) return found.reach;
  lacking.insert("purchase.delivered");
  return Reach::kLacking;
}

// Counts the accounts of a kind, and notes what they miss.
void RuleJudge::Sort(const AccountKind& kind) {
  Needs lacking;
  const Reach reach = ReachTrigger(kind, lacking);
  needs_.insert(lacking.begin(), lacking.end());
  if (reach >= Reach::kLacking) out_.concerned += kind.count;
  if (reach != Reach::kThere) return;
  out_.customers += kind.count;
  if (conditions_.MayHold(rule_.when, kind)) {
    out_.working += kind.count;
    working_.push_back(&kind);
  } else {
    conditions_.AddBlockers(rule_.when, true, kind, needs_);
  }
}

// Nobody had such an event, or only with other words: also what the rest of the rule would then wait for.
void RuleJudge::AddUnseenTrigger() {
  const TriggerNeeds& needs = census_.trigger(at_);
  const bool elsewhere = std::any_of(census_.kinds().begin(), census_.kinds().end(),
                                     [&](const AccountKind& kind) { return census_.reach(at_, kind).reach == Reach::kElsewhere; });
  if (elsewhere) needs_.insert(needs.words.begin(), needs.words.end());
  else if (!needs.event.empty()) needs_.insert(needs.event);
  for (std::size_t i = needs.words.size(); i < needs.fields.size(); ++i) {
    const bool known = (needs.fields[i] == "product.upserted return_days" && census_.HasProductWith(&ProductRecord::return_days)) ||
                       (needs.fields[i] == "product.upserted lead_days" && census_.HasProductWith(&ProductRecord::lead_days));
    if (!known) needs_.insert(needs.fields[i]);
  }
  if (needs.delivery_of_any && !census_.SawDelivery()) needs_.insert("purchase.delivered");
}

void RuleJudge::AddSteps() {
  for (const Step& step : rule_.steps) {
    conditions_.AddBlind(step.when, working_, needs_);
    for (const AccountKind* kind : working_) conditions_.AddBlockers(step.when, true, *kind, needs_);
  }
  if (rule_.exits.contains(Exit::kGoal)) conditions_.AddBlind(rule_.goal, working_, needs_);
}

void RuleJudge::AddExit(Exit exit) {
  const auto of_touch = [&](const char* field) { needs_.insert(census_.SawTouch() ? std::string("touch ") + field : "touch"); };
  switch (exit) {
    case Exit::kReply: return of_touch("direction");
    case Exit::kColleague: return of_touch("contact");
    case Exit::kMeeting: return of_touch("channel");
    case Exit::kPurchase: needs_.insert("purchase.placed"); return;
    case Exit::kRefusal:
      needs_.insert("refusal");
      return of_touch("disposition");
    case Exit::kComplaint:
      needs_.insert("worry.raised");
      needs_.insert(census_.SawCase() ? "case.opened kind" : "case.opened");
      return;
    case Exit::kGoal: return;
  }
}

void RuleJudge::AddExits() {
  for (const Exit exit : rule_.exits) {
    if (!census_.Saw(exit)) AddExit(exit);
  }
}

// Whom its work goes to, and who begins later: without their records it goes to the owner, and everybody begins at the beginning.
void RuleJudge::AddAssignees() {
  for (const Step& step : rule_.steps) {
    if (step.action.assignee == Assignee::kManager && !census_.KnowsManagers()) needs_.insert("rep.upserted manager");
    if (step.action.assignee == Assignee::kColleague && !census_.SawTouchOfRep()) needs_.insert(census_.SawTouch() ? "touch rep" : "touch");
  }
  if (!rule_.referred_starts_at.empty() && !census_.SawReferred()) needs_.insert("customer.upserted origin");
}

// A value that is `otherwise`, or nothing, for everybody says nothing of what is worth more.
void RuleJudge::AddValue() {
  const auto lacks = [&](const AccountKind* kind) {
    return std::any_of(rule_.value.of.begin(), rule_.value.of.end(), [&](const SignalColumn* signal) { return conditions_.Lacks(*signal, *kind); });
  };
  if (rule_.value.of.empty() || !std::all_of(working_.begin(), working_.end(), lacks)) return;
  for (const AccountKind* kind : working_) {
    for (const SignalColumn* signal : rule_.value.of) conditions_.AddLacking(*signal, *kind, needs_);
  }
}

RuleCoverage RuleJudge::Judge() {
  out_.rule = rule_.name;
  for (const AccountKind& kind : census_.kinds()) Sort(kind);
  if (out_.working > 0) {
    conditions_.AddBlind(rule_.when, working_, needs_);
    AddSteps();
    AddExits();
    AddAssignees();
    AddValue();
    out_.state = needs_.empty() ? RuleState::kLive : RuleState::kPartial;
  } else if (out_.customers == 0) {
    if (out_.concerned == 0) AddUnseenTrigger();
    const auto holds = [&](const AccountKind& kind) { return conditions_.MayHold(rule_.when, kind); };
    const auto& kinds = census_.kinds();
    const bool blocked = std::none_of(kinds.begin(), kinds.end(), holds);
    for (std::size_t i = 0; blocked && i < kinds.size(); ++i) conditions_.AddBlockers(rule_.when, true, kinds[i], needs_);
  }
  out_.needs.assign(needs_.begin(), needs_.end());
  return std::move(out_);
}

// --- words -------------------------------------------------------------------------------------------------------
absl::StatusOr<std::string> NameNeed(const Telling& telling, const std::string& need) {
  constexpr std::string_view kHost = "signal.observed ";
  if (need.starts_with(kHost)) return telling.Phrase("need.signal.observed", {{"name", need.substr(kHost.size())}});
  std::string key = "need." + need;
  std::replace(key.begin(), key.end(), ' ', '.');
  return telling.Phrase(key);
}

std::string KeyOf(const RuleCoverage& coverage) {
  if (coverage.state == RuleState::kLive) return "coverage.live";
  if (coverage.state == RuleState::kAsleep) return coverage.needs.empty() ? "coverage.asleep.never" : "coverage.asleep";
  return coverage.working < coverage.concerned ? "coverage.partial.some" : "coverage.partial.all";
}

// Names as many needs as fit on the line, and says how many more there are.
absl::StatusOr<std::string> SentenceOf(const RuleCoverage& coverage, Language language) {
  const Telling telling(language);
  std::vector<std::string> words;
  for (const std::string& need : coverage.needs) {
    RAPPORT_ASSIGN_OR_RETURN(std::string word, NameNeed(telling, need));
    words.push_back(std::move(word));
  }
  const std::string key = KeyOf(coverage);
  Telling::Arguments arguments;
  if (key == "coverage.live" || key == "coverage.partial.all") arguments = {{"n", coverage.working}};
  if (key == "coverage.partial.some") arguments = {{"n", coverage.concerned}, {"working", coverage.working}};
  for (std::size_t named = words.size(); named > 0; --named) {
    RAPPORT_ASSIGN_OR_RETURN(std::string listed, telling.Listed(std::span(words).first(named), true));
    const auto more = static_cast<std::int64_t>(words.size() - named);
    if (more > 0) {
      RAPPORT_ASSIGN_OR_RETURN(listed, telling.Phrase("coverage.more", {{"words", std::move(listed)}, {"n", more}}));
    }
    arguments["needs"] = std::move(listed);
    RAPPORT_ASSIGN_OR_RETURN(std::string said, telling.Phrase(key, arguments));
    if (named == 1 || DisplayWidth(said) <= kSentenceWidth) return CutToWidth(std::move(said), kSentenceWidth);
  }
  return telling.Phrase(key, arguments);
}

}  // namespace

std::string_view NameOf(RuleState state) {
  switch (state) {
    case RuleState::kLive: return "live";
    case RuleState::kPartial: return "partial";
    case RuleState::kAsleep: return "asleep";
  }
  return {};
}

std::vector<RuleCoverage> CoverageOf(const Policy& policy, const Book& book, const SignalContext& context, Instant as_of,
                                     std::span<const CustomerId> customers) {
  const Census census(policy, book, context, as_of, customers);
  std::vector<RuleCoverage> coverage;
  for (std::size_t i = 0; i < policy.rules().size(); ++i) coverage.push_back(RuleJudge(census, policy.rules()[i], i).Judge());
  return coverage;
}

absl::StatusOr<Table> CoverageTable(std::span<const RuleCoverage> coverage, Language language) {
  Table table({{"rule", ColumnType::kText}, {"state", ColumnType::kText}, {"customers", ColumnType::kInteger},
               {"needs", ColumnType::kText}, {"sentence", ColumnType::kText}});
  for (const RuleCoverage& one : coverage) {
    std::string needs;
    for (const std::string& need : one.needs) needs += (needs.empty() ? "" : ", ") + need;
    RAPPORT_ASSIGN_OR_RETURN(std::string sentence, SentenceOf(one, language));
    table.AppendRow({one.rule, std::string(NameOf(one.state)), one.customers, needs.empty() ? Cell() : Cell(std::move(needs)), std::move(sentence)});
  }
  return table;
}

}  // namespace rapport
