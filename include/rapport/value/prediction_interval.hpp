// Floor 3. How far a prediction may be off because parameters were estimated.
//
//   auto interval = PredictionInterval(*model, question, rows, {.level = 0.95});
//
// The interval is about the expectation or the chance asked for, not about what one customer then does, which varies more.
//
// Delta method: the covariance of the fit, carried through the gradient of the prediction by the logarithms of parameters and by effects (central
// differences, extrapolated once: Richardson 1911). Chances get their interval on the logit, amounts and counts on the logarithm, so bounds are
// where the quantity can be; a log-likelihood on its own scale. Where the answer is 0 or 1 whatever the parameters (nobody buys within no time;
// under the BG/NBD one-time buyers are alive), both bounds are that.
//
// Parametric bootstrap (B. Efron, R. J. Tibshirani 1993, An Introduction to the Bootstrap, ch. 6 and 13): as many customers as in `fitted_on` are drawn from the
// model, of the same ages and covariates; the model is fitted to them; that is repeated, and the bounds are quantiles of the predictions (type 7
// of R. J. Hyndman, Y. Fan 1996). It needs no covariance, and holds also where the log-likelihood is far from a parabola.
#ifndef RAPPORT_VALUE_PREDICTION_INTERVAL_HPP_
#define RAPPORT_VALUE_PREDICTION_INTERVAL_HPP_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/value/model_question.hpp"
#include "rapport/value/purchase_model.hpp"

namespace rapport {

// One number a row; low <= high.
struct Interval {
  std::vector<double> estimate, low, high;
};

enum class IntervalMethod { kDelta, kBootstrap };

struct IntervalOptions {
  double level = 0.95;        // above 0, below 1
  IntervalMethod method = IntervalMethod::kDelta;
  int replicates = 200;       // of the bootstrap, 2 to 100000
  std::uint64_t seed = 0;     // the same seed, the same bits
  int threads = 1;            // the bits are those of one
};

// `fitted_on`: the customers that the model was fitted on; the bootstrap needs them, the delta method does not read them. Tokens: those of the
// prediction; `value.invalid_input` for an option out of range; `value.no_covariance` where the delta method has nothing to start from, because
// the model was made from parameters, or its fit ended on a boundary or ridge, which the message says; `value.too_few_replicates` where over a tenth
// of the bootstrap's fits failed. Cost: 4 predictions of all rows for each parameter; for the bootstrap a fit and a prediction for each replicate.
absl::StatusOr<Interval> PredictionInterval(const PurchaseModel& model, const ModelQuestion& question, const Histories& rows,
                                            const IntervalOptions& options = {}, const Histories& fitted_on = {});

}  // namespace rapport

#endif  // RAPPORT_VALUE_PREDICTION_INTERVAL_HPP_
