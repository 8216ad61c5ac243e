#include "rapport/plan/deal_wealth.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace rapport {
namespace {

constexpr std::array<std::string_view, 4> kVerdictNames = {"failure", "success", "bare_pass", "full"};
constexpr std::int64_t kMinutesADay = 24 * 60;
constexpr double kMillion = 1'000'000;

bool IsNothing(const std::optional<Money>& amount) { return amount.has_value() && amount->minor() <= 0; }

Instant AftermathEnd(const OpportunityRecord& deal) { return deal.closed->PlusMinutes(kDealAftermathDays * kMinutesADay); }

const PurchaseRecord* OrderOf(const std::vector<PurchaseRecord>& purchases, const std::optional<OrderId>& order) {
  const auto found = std::find_if(purchases.begin(), purchases.end(), [&](const PurchaseRecord& one) { return order.has_value() && one.order == *order; });
  return found == purchases.end() ? nullptr : &*found;
}

std::optional<Money> KeptMargin(const PurchaseRecord& order) {
  const Money nothing(0, order.margin->currency());
  if (order.returned_whole) return nothing;
  if (!order.amount.has_value() || order.amount->minor() <= 0) return *order.margin;
  const std::optional<Money> kept = order.KeptAmount();
  if (!kept.has_value()) return std::nullopt;
  const double share = static_cast<double>(kept->minor()) / static_cast<double>(order.amount->minor());
  return order.margin->TimesMillionths(static_cast<std::int64_t>(share * kMillion)).value_or(nothing);
}

MessageRef WordOf(Rung rung) { return {"rung." + std::string(NameOf(rung))}; }

}  // namespace

std::string_view NameOf(DealVerdict verdict) { return kVerdictNames[static_cast<std::size_t>(verdict)]; }

DealWealth JudgeDeal(const DealFacts& facts) {
  DealWealth wealth;
  wealth.income = facts.won && !IsNothing(facts.brought) && !IsNothing(facts.margin);
  wealth.experience = facts.lesson;
  wealth.relationship = facts.rung_after != Rung::kNone && facts.rung_after >= facts.rung_before;
  wealth.verdict = wealth.income ? (wealth.relationship ? DealVerdict::kFull : DealVerdict::kBarePass)
                                 : (wealth.relationship ? DealVerdict::kSuccess : DealVerdict::kFailure);
  return wealth;
}

Sentence TellDeal(const DealFacts& facts, const DealWealth& wealth) {
  const std::string lesson = wealth.experience ? "deal.lesson.recorded" : "deal.lesson.none";
  return {"deal." + std::string(NameOf(wealth.verdict)), {{"before", WordOf(facts.rung_before)}, {"after", WordOf(facts.rung_after)}, {"lesson", MessageRef{lesson}}}};
}

std::optional<Money> BroughtBy(const Account& account, const OpportunityRecord& deal) {
  if (deal.state != OpportunityState::kWon) return std::nullopt;
  const PurchaseRecord* cancelled = OrderOf(account.cancelled_purchases, deal.order);
  if (cancelled != nullptr && cancelled->amount.has_value()) return Money(0, cancelled->amount->currency());
  const PurchaseRecord* order = OrderOf(account.purchases, deal.order);
  return order != nullptr && order->amount.has_value() ? order->KeptAmount() : deal.value;
}

std::optional<Money> MarginOf(const Account& account, const OpportunityRecord& deal) {
  const PurchaseRecord* order = deal.state == OpportunityState::kWon ? OrderOf(account.purchases, deal.order) : nullptr;
  return order != nullptr && order->margin.has_value() ? KeptMargin(*order) : std::nullopt;
}

const Said<LessonRecorded>* LessonOf(const Account& account, const OpportunityRecord& deal) {
  if (!deal.closed.has_value()) return nullptr;
  const auto& lessons = account.relations.lessons;
  const auto found = std::find_if(lessons.begin(), lessons.end(), [&](const Said<LessonRecorded>& lesson) {
    if (lesson.data.opportunity.has_value()) return *lesson.data.opportunity == deal.id;
    return *deal.closed <= lesson.at && lesson.at <= AftermathEnd(deal);
  });
  return found == lessons.end() ? nullptr : &*found;
}

Instant AftermathOf(const OpportunityRecord& deal, Instant as_of) {
  return deal.closed.has_value() ? std::min(AftermathEnd(deal), as_of) : as_of;
}

}  // namespace rapport
