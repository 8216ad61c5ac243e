// The model and one customer; what it is learned from is gathered in care_facts.cpp, the document is in care_worth_json.cpp.
#include "rapport/value/care_worth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "rapport/value/buying.hpp"
#include "rapport/value/orders.hpp"
#include "value/care_parts.hpp"

namespace rapport {
namespace {

constexpr double kTail = 0.025;

// The median day of the first care: the lower of the two in the middle.
std::int64_t LandmarkOf(const std::vector<CareOrder>& orders) {
  std::vector<std::int64_t> days;
  for (const CareOrder& order : orders) {
    if (order.cared_on.has_value()) days.push_back(*order.cared_on);
  }
  if (days.empty()) return 0;
  const auto middle = days.begin() + static_cast<std::ptrdiff_t>((days.size() - 1) / 2);
  std::nth_element(days.begin(), middle, days.end());
  return *middle;
}

CareWorth::Rate RateOf(const std::vector<ReferralSpan>& spans) {
  CareWorth::Rate rate;
  double squares = 0;
  for (const ReferralSpan& span : spans) {
    if (!(span.years > 0)) continue;
    rate.customers += 1;
    rate.referrals += span.referrals;
    rate.years += span.years;
    squares += span.years * span.years;
  }
  rate.credibility_years = std::numeric_limits<double>::infinity();
  const double mean = rate.PerYear(), freedom = rate.years > 0 ? rate.years - squares / rate.years : 0;
  if (!(freedom > 0) || !(mean > 0)) return rate;
  double spread = 0;
  for (const ReferralSpan& span : spans) {
    if (span.years > 0) spread += span.years * (span.referrals / span.years - mean) * (span.referrals / span.years - mean);
  }
  const double variance = (spread - (rate.customers - 1) * mean) / freedom;
  if (variance > 0) rate.credibility_years = mean / variance;
  return rate;
}

stats::ShareBelief PooledOf(const stats::GroupCount& all) { return {all.kept + 0.5, all.settled - all.kept + 0.5}; }

void AddTo(stats::GroupCount& sum, const stats::GroupCount& one) {
  sum.kept += one.kept;
  sum.settled += one.settled;
}

absl::StatusOr<std::optional<stats::BetaBinomial>> LossOf(const std::vector<stats::GroupCount>& groups) {
  if (std::none_of(groups.begin(), groups.end(), [](const stats::GroupCount& group) { return group.settled > 0; })) return std::optional<stats::BetaBinomial>();
  RAPPORT_ASSIGN_OR_RETURN(stats::BetaBinomial fitted, stats::BetaBinomial::Fit(groups));
  return std::optional(std::move(fitted));
}

}  // namespace

double CareWorth::Rate::Of(ReferralSpan span) const {
  if (!std::isfinite(credibility_years)) return PerYear();
  return (span.referrals + credibility_years * PerYear()) / (span.years + credibility_years);
}

absl::StatusOr<CareWorth> CareWorth::Fit(const CareFacts& facts) {
  CareWorth model;
  model.landmark_days_ = LandmarkOf(facts.orders);
  for (const CareOrder& order : facts.orders) {
    if (order.lost_on.has_value() && *order.lost_on <= model.landmark_days_) continue;   // who cared may have come too late
    Arms& arms = model.products_[order.product];
    const bool cared = order.cared_on.has_value() && *order.cared_on <= model.landmark_days_;
    AddTo(cared ? arms.cared : arms.uncared, {order.lost_on.has_value() ? 1.0 : 0.0, 1});
  }
  model.cared_ = RateOf(facts.cared);
  model.uncared_ = RateOf(facts.uncared);
  model.referred_customers_ = facts.referred_customers;
  model.referred_margin_ = facts.referred_margin;
  model.currency_ = facts.currency;
  if (facts.orders.empty() && model.cared_.customers + model.uncared_.customers == 0) {
    return FailedPrecondition("value.too_few_orders", "model care_worth: found no order whose window is over, expected one or more");
  }
  RAPPORT_RETURN_IF_ERROR(model.Learn());
  return model;
}

absl::Status CareWorth::Learn() {
  std::vector<stats::GroupCount> cared, uncared;
  for (const auto& [product, arms] : products_) {
    cared.push_back(arms.cared);
    uncared.push_back(arms.uncared);
  }
  RAPPORT_ASSIGN_OR_RETURN(cared_loss_, LossOf(cared));
  RAPPORT_ASSIGN_OR_RETURN(uncared_loss_, LossOf(uncared));
  return absl::OkStatus();
}

double CareWorth::orders() const {
  double sum = 0;
  for (const auto& [product, arms] : products_) sum += arms.cared.settled + arms.uncared.settled;
  return sum;
}

double CareWorth::AvoidedOf(std::string_view product) const {
  if (!cared_loss_.has_value() || !uncared_loss_.has_value()) return 0;
  const auto found = products_.find(std::string(product));
  const Arms arms = found == products_.end() ? Arms() : found->second;
  return std::max(0.0, uncared_loss_->Of(arms.uncared).Mean() - cared_loss_->Of(arms.cared).Mean());
}

std::optional<CareWorth::Difference> CareWorth::Told() const {
  stats::GroupCount cared, uncared;
  for (const auto& [product, arms] : products_) {
    AddTo(cared, arms.cared);
    AddTo(uncared, arms.uncared);
  }
  if (cared.settled == 0 || uncared.settled == 0) return std::nullopt;
  const stats::ShareBelief with = PooledOf(cared), without = PooledOf(uncared);
  Difference told;
  told.cared = with.Mean();
  told.uncared = without.Mean();
  told.avoided = told.uncared - told.cared;
  const auto far = [](double a, double b) { return stats::Sqrt(a * a + b * b); };
  told.low = told.avoided - far(told.uncared - without.Quantile(kTail), with.Quantile(1 - kTail) - told.cared);
  told.high = told.avoided + far(without.Quantile(1 - kTail) - told.uncared, told.cared - with.Quantile(kTail));
  return told;
}

double CareWorth::ShareOfCare() const {
  const double with = cared_.PerYear();
  return with > 0 ? std::clamp(1 - uncared_.PerYear() / with, 0.0, 1.0) : 0;
}

std::optional<double> CareWorth::ReferredMargin() const {
  if (referred_customers_ == 0) return std::nullopt;
  return std::max(0.0, referred_margin_ / static_cast<double>(referred_customers_));
}

namespace {

// The margin that an order still has to lose, major units.
absl::StatusOr<double> MarginLeft(const PurchaseRecord& purchase, const BookContext& context, const std::optional<double>& share) {
  RAPPORT_ASSIGN_OR_RETURN(const OrderStanding order, OrderStandingOf(purchase, context));
  if (order.kept_margin.has_value()) return std::max(0.0, order.kept_margin->ToMajor());
  return order.kept_amount.has_value() ? std::max(0.0, order.kept_amount->ToMajor() * share.value_or(0)) : 0;
}

// Of the days in which the model saw losses, from the one after the landmark to the window's last, the part that is left with today: 0 to 1.
double PartLeft(const CareWorth& model, Day zero, Day today, Day closes) {
  const std::int64_t seen = std::max<std::int64_t>(1, closes - zero - model.landmark_days());
  return std::clamp(static_cast<double>(closes - today + 1) / static_cast<double>(seen), 0.0, 1.0);
}

}  // namespace

absl::StatusOr<std::optional<CustomerCare>> CareOf(const CareWorth& model, const Account& account, const BookContext& context, const EconomicsTerms& terms,
                                                   const Zone& zone, Instant as_of, const CareTest& is_care) {
  if (account.purchases.empty() || ProfilingWithdrawn(account) || model.currency() != context.reporting_currency) return std::optional<CustomerCare>();
  const Day today = zone.LocalDay(as_of);
  const std::optional<double> share = MarginShareOf(account, context, terms, as_of);
  CustomerCare care;
  for (const PurchaseRecord& purchase : account.purchases) {
    const Day closes = LossEnds(purchase, context, zone, terms.window_days());
    if (purchase.placed > as_of || purchase.returned_whole || closes < today) continue;
    const absl::StatusOr<double> margin = MarginLeft(purchase, context, share);
    if (!margin.ok()) return WithContext(margin.status(), absl::StrCat("customer ", account.id.text()));
    ++care.open_orders;
    care.at_risk += *margin;
    care.closes = std::max(care.closes.value_or(closes), closes);
    const Instant since = purchase.delivered.has_value() && *purchase.delivered <= as_of ? *purchase.delivered : purchase.placed;
    if (FirstCareBetween(account, is_care, since, as_of).has_value()) continue;
    care.uncared += *margin;
    care.saved += *margin * model.AvoidedOf(MainProductOf(purchase)) * PartLeft(model, zone.LocalDay(since), today, closes);
  }
  if (care.uncared > 0) care.avoided = care.saved / care.uncared;
  const CareSpans spans = CareSpansOf(account, is_care, as_of, ReferralTimesOf(account));
  const double personal = model.cared().Of(spans.cared);
  care.referrals = personal * model.ShareOfCare() * static_cast<double>(terms.referral_days()) / kDaysOfYear;
  care.referral_value = care.referrals * model.ReferredMargin().value_or(0);
  return care;
}

}  // namespace rapport
