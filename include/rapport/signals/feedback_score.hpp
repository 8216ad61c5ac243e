// Floor 4. Feedback on one scale, for signals and for the sentences that tell of it.
#ifndef RAPPORT_SIGNALS_FEEDBACK_SCORE_HPP_
#define RAPPORT_SIGNALS_FEEDBACK_SCORE_HPP_

#include <optional>

#include "rapport/ledger/payloads.hpp"

namespace rapport {

// 0 to 10: the chance to recommend (nps) as it is, else satisfaction (csat) 1 to 5 stretched, else the mean of the dimensions; null where none was given.
// O(dimensions).
std::optional<double> FeedbackScore(const FeedbackGiven& said);

}  // namespace rapport

#endif  // RAPPORT_SIGNALS_FEEDBACK_SCORE_HPP_
