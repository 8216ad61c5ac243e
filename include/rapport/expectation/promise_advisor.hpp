// Floor 3. How many days to promise so that the promise is kept with a given chance, from how long things took.
//
// Lead times come in the order in which they became known. The answer is an order statistic of the last 500 of them, so that it covers the next one
// with the chance asked for (stats/order_statistics.hpp: the ceil((n + 1) p)-th smallest), at a level that adaptive conformal inference moves with every
// hit and miss of the past (Gibbs and Candes 2021, step 0.005): under drift the share kept still comes to p. No shape of the distribution is assumed.
//
//   auto advisor = PromiseAdvisor::Fit(lead_days);
//   advisor->Days(0.9);                 // 24.7: say 25 days
//   advisor->Add(12.5);                 // one more is known; the same as fitting all of them again, bit for bit
//
// Groups (a seller, a product, a region) differ in how slow they are and share the shape with the whole: ln(1 + lead) is the whole's running mean over
// the last 500, plus the group's shift, plus a rest. The shift is the mean of what the group was slower, times n / (n + k), where k = variance
// within groups / variance between them (one-way analysis of variance by moments, Searle 1971): a group of few stays close to the whole, one of many stands for
// itself, and where groups do not differ all shifts are 0. The group's answer is the shift plus the quantile of the last 500 rests of all groups, each
// taken with the shift as it was known before; so the doubt about shifts is in it. A group forgets: beyond 200 leads each new one fades the old by 1/200. A
// group that was never seen gets the whole's answer.
//
// Leads are of one unit, days; fractions are fine. Whole days make ties, which cover more than asked for at once and p in the long run. What is known
// only later must be added only later: leads of orders that are still open are missing, the long ones among them, and the advice is as far behind.
// Memory: the last 2048 leads and two numbers a group. Add costs about a microsecond, Days replays the last 2048: about half a millisecond. One
// thread while it changes, any number after.
#ifndef RAPPORT_EXPECTATION_PROMISE_ADVISOR_HPP_
#define RAPPORT_EXPECTATION_PROMISE_ADVISOR_HPP_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"

namespace rapport {

class PromiseAdvisor {
 public:
  PromiseAdvisor() = default;
  // Oldest first. `groups` empty: none; else one a lead, "" for a lead without one. `expectation.invalid_input` names row, field, found and expected.
  static absl::StatusOr<PromiseAdvisor> Fit(std::span<const double> lead_days, std::span<const std::string> groups = {});
  // One more lead, the newest. 0 <= lead_days <= 1e6.
  absl::Status Add(double lead_days, std::string_view group = {});

  // The days within which a promise is kept with chance `confidence`, 0 < confidence < 1. None where too few leads are known: fewer than
  // confidence / (1 - confidence). Where more was asked for than was ever needed, the longest of the last 500.
  absl::StatusOr<std::optional<double>> Days(double confidence, std::string_view group = {}) const;

  std::int64_t known() const { return known_; }             // leads so far
  std::size_t groups() const { return groups_.size(); }
  // How much slower than the whole in ln(1 + days), shrunk; 0 for a group that was never seen.
  double ShiftOf(std::string_view group) const;

  // {"model":"promise_advisor","known":n,"lead_days":[...], and with groups rests, groups {name: [n, sum, squares]}, sums}; exact.
  Json ToJson() const;
  static absl::StatusOr<PromiseAdvisor> FromJson(const Json& json);

 private:
  // Sums over the leads of a group, of how much slower they were in ln(1 + days); the old ones faded.
  struct GroupSums {
    double leads = 0, sum = 0, squares = 0;
  };
  void Learn(std::string_view group, double slower);
  void Count(const GroupSums& group, double sign);
  double Shrinkage() const;          // k; infinite where groups do not differ
  double ShiftOf(const GroupSums& group) const;

  std::int64_t known_ = 0;
  std::deque<double> leads_, rests_;   // the last 2048; rests_ only where there are groups
  double log_sum_ = 0;                 // of ln(1 + lead) over the last 500
  std::map<std::string, GroupSums, std::less<>> groups_;
  // Over groups: leads, leads squared, sum, sum squared over leads, squares.
  double leads_sum_ = 0, leads_squared_ = 0, slower_sum_ = 0, between_ = 0, squares_ = 0;
};

}  // namespace rapport

#endif  // RAPPORT_EXPECTATION_PROMISE_ADVISOR_HPP_
