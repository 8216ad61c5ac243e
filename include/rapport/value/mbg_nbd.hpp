// Floor 3. MBG/NBD: the BG/NBD in which the first purchase too may have been the last.
//
// E. P. Batislam, M. Denizel, A. Filiztekin (2007), Empirical validation and comparison of models for customer base analysis, International Journal
// of Research in Marketing 24(3), 201-209; D. Hoppe, U. Wagner (2007), Customer base analysis: the case for a central variant of the Betageometric/NBD
// model, Marketing JRM 3(2), 75-90; U. Wagner, D. Hoppe (2008), Erratum on the MBG/NBD model, IJRM 25(3), 225-226. While active a customer buys at a
// rate lambda ~ Gamma(r, alpha); after each purchase, the one at time 0 included, the customer stops with chance p ~ Beta(a, b). So P(alive) of a one-time
// buyer falls as they stay away.
//
//   auto model = MbgNbd::Fit({frequency, recency, age});
//   model->ProbabilityAlive(0, {frequency, recency, age}, out);    // purchase_model.hpp has what can be asked
//
// Valid input never gives NaN, infinity or a negative number; predictions agree with 60-digit references to 1e-11 relative or better.
#ifndef RAPPORT_VALUE_MBG_NBD_HPP_
#define RAPPORT_VALUE_MBG_NBD_HPP_

#include <span>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/value/bg_family.hpp"

namespace rapport {

class MbgNbd final : public BgFamily {
 public:
  struct Params {
    double r = 1, alpha = 1, a = 1, b = 1;   // all from 1e-50 to 1e50; alpha in units of time
    friend bool operator==(const Params&, const Params&) = default;
  };

  // `value.invalid_parameter` names the one out of range.
  static absl::StatusOr<MbgNbd> Make(const Params& params);
  // Maximum likelihood; rules, covariates, cost and tokens are those of BgNbd::Fit.
  static absl::StatusOr<MbgNbd> Fit(const Histories& rows, std::span<const double> weights = {});
  static absl::StatusOr<MbgNbd> FromJson(const Json& json);

  Params params() const { return {terms_.r, terms_.alpha, terms_.a, terms_.b}; }

 private:
  explicit MbgNbd(Made made);
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_MBG_NBD_HPP_
