// Floor 3. The model `care_worth`: what care after the sale saves and brings, also of a product that nobody buys twice (AS8).
//
//   worth of care = margin that can still be lost x chance of loss that care avoids + referrals that care brings x margin of a referred customer
//
// Loss. An order is lost where it is cancelled, or anything of it given back, before its window closes (LossEnds). Orders whose window is over are
// compared by a landmark (Anderson, Cain, Gelber 1983): on the median day of the first care, which of those that still stand had been cared for? So
// an order that was lost before anybody could call says nothing against not calling. Each side is a share per product, partially pooled over
// products (stats/beta_binomial.hpp). What care avoids is the difference of the two, used as nothing where it is negative, but told as it is, with its
// interval (MOVER: Zou and Donner 2008). It is what was seen, no experiment: who is cared for may differ otherwise too.
//
// The chance is that of care at the landmark. Who is asked later can only be kept from losses that are still to come: it shrinks evenly with the days that
// the window has left, as if losses came evenly over it.
//
// Referrals. Of every customer the time since the first purchase, before and after the first care, and the referrals in it: Poisson, at rates that are
// Gamma over customers, by the credibility estimator (Buehlmann and Straub 1970): (n + k rate) / (years + k). Care is given the part of a customer's
// rate by which the rate of those cared for is above that of the others; all of it where nobody was without care.
//
// Nothing is counted twice: repeat orders of the customer are no part of it, nor what referred customers bring in repeat orders of theirs after the
// horizon; the margin at risk is of orders that were placed.
#ifndef RAPPORT_VALUE_CARE_WORTH_HPP_
#define RAPPORT_VALUE_CARE_WORTH_HPP_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/stats/beta_binomial.hpp"
#include "rapport/value/economics_terms.hpp"

namespace rapport {

inline constexpr std::string_view kCareWorth = "care_worth";

// Which touch is care of ours that reached them: told by whoever knows touches.
using CareTest = std::function<bool(const Touch&)>;

// --- what is learned from
// One order whose window is over. Days after its delivery; of one that was not delivered after it was placed.
struct CareOrder {
  std::string product;                      // of the line with the largest amount; "" where none is named
  std::optional<std::int64_t> lost_on, cared_on;   // within the window; only care before the loss
};
// Years of one customer, before or after the first care, and the referrals in them.
struct ReferralSpan {
  double referrals = 0, years = 0;
};
struct CareFacts {
  std::vector<CareOrder> orders;
  std::vector<ReferralSpan> cared, uncared;
  std::int64_t referred_customers = 0;
  double referred_margin = 0;               // kept, of all of them in their first `referral_days`; major units of the reporting currency
  std::optional<Currency> currency;
};
// Of customers who may be scored. O(events). `money.no_rate`.
absl::StatusOr<CareFacts> CareFactsOf(const Book& book, const EconomicsTerms& terms, const CareTest& is_care, Instant as_of);

// --- the model
class CareWorth {
 public:
  struct Arms {
    stats::GroupCount cared, uncared;       // kept: lost; settled: all
    friend bool operator==(const Arms& a, const Arms& b) {
      return a.cared.kept == b.cared.kept && a.cared.settled == b.cared.settled && a.uncared.kept == b.uncared.kept && a.uncared.settled == b.uncared.settled;
    }
  };
  struct Rate {
    double customers = 0, referrals = 0, years = 0;
    double credibility_years = 0;           // k; infinite where customers differ no more than chance lets them
    double PerYear() const { return years > 0 ? referrals / years : 0; }
    // What is known of one who brought so many in so many years.
    double Of(ReferralSpan span) const;
  };
  struct Difference {
    double cared = 0, uncared = 0, avoided = 0, low = 0, high = 0;   // avoided = uncared - cared; 95 %
  };

  // `value.too_few_orders` where no window is over and nobody bought: then there is nothing to learn from.
  static absl::StatusOr<CareWorth> Fit(const CareFacts& facts);
  Json ToJson() const;
  static absl::StatusOr<CareWorth> FromJson(const Json& json);

  double orders() const;                                  // compared
  std::int64_t landmark_days() const { return landmark_days_; }
  const std::map<std::string, Arms>& products() const { return products_; }
  // The chance of loss that care avoids for an order of that product: never below 0; 0 where one side was never seen.
  double AvoidedOf(std::string_view product) const;
  // Over all products, as it is; null where one side was never seen.
  std::optional<Difference> Told() const;
  const Rate& cared() const { return cared_; }
  const Rate& uncared() const { return uncared_; }
  // Of what a customer brings, the part that care is given: 0 to 1.
  double ShareOfCare() const;
  const std::optional<Currency>& currency() const { return currency_; }
  // Null where nobody was referred.
  std::optional<double> ReferredMargin() const;

 private:
  absl::Status Learn();
  std::int64_t landmark_days_ = 0;
  std::map<std::string, Arms> products_;
  std::optional<stats::BetaBinomial> cared_loss_, uncared_loss_;
  Rate cared_, uncared_;
  std::int64_t referred_customers_ = 0;
  double referred_margin_ = 0;
  std::optional<Currency> currency_;
};

// --- one customer
struct CustomerCare {
  std::int64_t open_orders = 0;             // that can still be lost
  double at_risk = 0;                       // their margin
  double uncared = 0;                       // of it, of orders that nobody looked after since
  double avoided = 0;                       // chance, as far as days are left for it, the mean over `uncared`; 0 where that is 0
  double saved = 0;                         // uncared x avoided
  double referrals = 0;                     // that care brings within the terms' referral_days
  double referral_value = 0;                // x margin of a referred customer
  std::optional<Day> closes;                // the last of the open windows
  double Worth() const { return saved + referral_value; }
};
// Null for who does not want to be scored or never bought, and where the model counts in another currency than the book by now. An order whose margin
// is unknown counts with the customer's margin share of its amount. `money.no_rate` with the customer, of open orders. O(records).
absl::StatusOr<std::optional<CustomerCare>> CareOf(const CareWorth& model, const Account& account, const BookContext& context, const EconomicsTerms& terms,
                                                   const Zone& zone, Instant as_of, const CareTest& is_care);

}  // namespace rapport

#endif  // RAPPORT_VALUE_CARE_WORTH_HPP_
