// Floor 3. BG/CNBD-k: the BG/NBD for customers who buy more regularly than chance alone would have it.
//
// M. Platzer (2016), Customer base analysis with BTYDplus (the R package's vignette); T. Reutterer, M. Platzer, N. Schröder (2021), Leveraging purchase
// regularity for predicting customer behavior the easy way, International Journal of Research in Marketing 38(1), 194-215. A gap between purchases is
// Erlang: the sum of k exponential phases of rate lambda ~ Gamma(r, alpha), so that active customers buy r / (alpha k) times a unit of time in the long run;
// after each repeat purchase the customer stops with chance p ~ Beta(a, b). k = 1 is the BG/NBD, to the last digit.
//
//   auto model = BgCnbdK::Fit({frequency, recency, age});                   // finds k
//   auto better = BgCnbdK::Fit({frequency, recency, age}, {}, log_gaps);    // knows it from the gaps themselves
//
// Expected purchases are the exact renewal expectation, not the approximation that the papers use for k > 1: the phase that the running gap is in
// has known odds, the phases to come within t are negative binomial, and the mean is a sum of positive terms over them; to about 1e-12 relative.
//
// Without log_gaps the likelihood is that of (x, t_x, T): t_x is the time of k x phases, so its density tells of k. Times the density of the other gaps under
// k = 1, a constant, it is the BG/NBD's where k = 1. LogLikelihoodOf is this one whatever the fit knew. A repeat purchase at time 0 has no
// density where k > 1; it is taken for one at 1e-300.
#ifndef RAPPORT_VALUE_BG_CNBD_K_HPP_
#define RAPPORT_VALUE_BG_CNBD_K_HPP_

#include <optional>
#include <span>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/value/bg_family.hpp"

namespace rapport {

class BgCnbdK final : public BgFamily {
 public:
  struct Params {
    double r = 1, alpha = 1, a = 1, b = 1;   // all from 1e-50 to 1e50; alpha in units of time
    int k = 1;                               // from 1 to 16
    friend bool operator==(const Params&, const Params&) = default;
  };

  // `value.invalid_parameter` names the one out of range.
  static absl::StatusOr<BgCnbdK> Make(const Params& params);

  // Maximum likelihood for each k from 1 on, as long as it rises and up to 12, or for the one given. `log_gaps`: of each customer the sum of the logarithms of
  // the gaps between purchases, from the first purchase on (0 where frequency is 0). k is the last parameter, which AIC and BIC count where it was found and
  // not where it was given; a whole number has no standard error: `standard_errors` and `covariance` are those of r, alpha, a, b at this k. `diagnosis` says
  // where k could not rise: at 12, or held at 1 by a purchase at time 0. Rules, cost for each k and tokens are those of BgNbd::Fit, but `value.covariates`
  // where there are covariates, and `value.invalid_input` where log_gaps is more than equal gaps would make it, where k is out of range, or where a given
  // k > 1 meets a repeat purchase at time 0.
  static absl::StatusOr<BgCnbdK> Fit(const Histories& rows, std::span<const double> weights = {}, std::span<const double> log_gaps = {},
                                     std::optional<int> k = std::nullopt);
  static absl::StatusOr<BgCnbdK> FromJson(const Json& json);

  Params params() const { return {terms_.r, terms_.alpha, terms_.a, terms_.b, terms_.k}; }

 private:
  explicit BgCnbdK(Made made);
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_BG_CNBD_K_HPP_
