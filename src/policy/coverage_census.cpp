#include "policy/coverage_census.hpp"

#include <algorithm>
#include <unordered_map>

#include "policy/cadence.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {

Census::Census(const Policy& policy, const Book& book, const SignalContext& context, Instant as_of, std::span<const CustomerId> customers)
    : policy_(policy), context_(book.context()) {
  for (const Rule& rule : policy.rules()) {
    triggers_.push_back(NeedsOf(rule.trigger));
    VisitSignals(rule, [&](const SignalColumn& signal) { Ask(signal); });
  }
  given_to_any_.assign(need_count_, '\0');
  std::unordered_map<std::string, std::int64_t> counts;
  book.Visit(customers, [&](const Account& account) {
    SignalInput input = InputFor(account, context, as_of);
    input.explain = false;
    ++counts[FactsOf(input)];
    SeeExits(account);
    saw_referred_ = saw_referred_ || WasReferred(input);
  });
  if (counts.empty()) counts.emplace(FactsOf(InputFor(Account(), context, as_of)), 0);
  for (auto& [facts, count] : counts) kinds_.push_back({facts, count});
  for (const AccountKind& kind : kinds_) {
    for (std::size_t i = 0; i < need_count_; ++i) given_to_any_[i] = static_cast<char>(given_to_any_[i] | kind.facts[i]);
  }
}

void Census::Ask(const SignalColumn& signal) {
  const auto [asked, is_new] = signals_.try_emplace(&signal);
  if (!is_new) return;
  asked->second = {NeedsOf(signal), need_count_};
  need_count_ += asked->second.needs.size();
}

std::string Census::FactsOf(const SignalInput& input) const {
  std::string facts(need_count_, '\0');
  facts.reserve(need_count_ + 2 * triggers_.size());
  for (const auto& [signal, asked] : signals_) {
    for (std::size_t i = 0; i < asked.needs.size(); ++i) facts[asked.first + i] = asked.needs[i].given(input, *signal) ? 1 : 0;
  }
  for (std::size_t i = 0; i < triggers_.size(); ++i) {
    const TriggerReach reach = ReachOf(policy_.rules()[i].trigger, triggers_[i], input);
    facts += static_cast<char>(reach.reach);
    facts += static_cast<char>(reach.lacks);
  }
  return facts;
}

TriggerReach Census::reach(std::size_t rule, const AccountKind& kind) const {
  const std::size_t at = need_count_ + 2 * rule;
  return {static_cast<Reach>(kind.facts[at]), static_cast<std::uint32_t>(static_cast<unsigned char>(kind.facts[at + 1]))};
}

// As cadences see them (ExitSince), but for whom and when.
void Census::SeeExits(const Account& account) {
  for (const TouchRecord& record : account.touches) {
    const Touch& touch = record.touch;
    if (touch.disposition == Disposition::kRefusedContact) exits_.insert(Exit::kRefusal);
    const bool answers = IsAnswer(touch);
    if (answers) exits_.insert(Exit::kReply);
    if (answers && touch.contact.has_value()) exits_.insert(Exit::kColleague);
    if (IsMeeting(touch) && !touch.followup.has_value()) exits_.insert(Exit::kMeeting);
  }
  const auto& cases = account.relations.cases;
  if (!account.purchases.empty()) exits_.insert(Exit::kPurchase);
  if (!account.refusals.empty()) exits_.insert(Exit::kRefusal);
  const bool complained = std::any_of(cases.begin(), cases.end(), [](const CaseRecord& record) { return record.kind != CaseKind::kService; });
  if (complained || !account.worries.empty()) exits_.insert(Exit::kComplaint);
  saw_touch_ = saw_touch_ || !account.touches.empty();
  saw_touch_of_rep_ = saw_touch_of_rep_ || std::any_of(account.touches.begin(), account.touches.end(), [](const TouchRecord& record) { return record.touch.rep.has_value(); });
  saw_case_ = saw_case_ || !cases.empty();
  saw_delivery_ = saw_delivery_ || std::any_of(account.purchases.begin(), account.purchases.end(),
                                               [](const PurchaseRecord& purchase) { return purchase.delivered.has_value(); });
}

bool Census::KnowsManagers() const {
  return std::any_of(context_.reps.begin(), context_.reps.end(), [](const auto& rep) { return rep.second.manager.has_value(); });
}

bool Census::HasProductWith(std::optional<std::int64_t> ProductRecord::*days) const {
  return std::any_of(context_.products.begin(), context_.products.end(), [&](const auto& product) { return (product.second.*days).has_value(); });
}

std::vector<const SignalNeed*> Census::Lacking(const SignalColumn& signal, const AccountKind& kind) const {
  const AskedSignal& asked = signals_.at(&signal);
  std::vector<const SignalNeed*> lacking;
  for (std::size_t i = 0; i < asked.needs.size(); ++i) {
    const SignalNeed& need = asked.needs[i];
    const std::string& given = need.without == Without::kZero ? given_to_any_ : kind.facts;
    if (need.without != Without::kElse && given[asked.first + i] == 0) lacking.push_back(&need);
  }
  return lacking;
}

}  // namespace rapport
