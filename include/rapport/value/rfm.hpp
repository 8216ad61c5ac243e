// Floor 3. Recency, frequency and money as scores, and the segments that trade uses for them.
//
// A score from 1 to `bins` says what share of those who differ from a customer in it is worse: 1 + floor(bins * worse / (worse + better)), at most `bins`.
// So equal values have equal scores whatever the order of rows, the worst value has score 1 and the best has `bins`; where all are equal the score is
// in the middle. Better is: bought more recently, more often, for more.
//
// Segments are read off recency and frequency scored in five bins, whatever `bins` is:
//
//              frequency 1        2                    3                    4            5
//   recency 5  new_customers      potential_loyalists  potential_loyalists  champions    champions
//           4  promising          potential_loyalists  potential_loyalists  loyal        loyal
//           3  about_to_sleep     about_to_sleep       need_attention       loyal        loyal
//           2  hibernating        hibernating          at_risk              at_risk      cannot_lose
//           1  lost               hibernating          at_risk              at_risk      cannot_lose
#ifndef RAPPORT_VALUE_RFM_HPP_
#define RAPPORT_VALUE_RFM_HPP_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace rapport {

enum class RfmSegment {
  kChampions, kLoyal, kPotentialLoyalists, kNewCustomers, kPromising, kNeedAttention, kAboutToSleep, kAtRisk, kCannotLose, kHibernating, kLost
};
// "champions"; the word for people is message "rfm.segment.champions".
std::string_view NameOf(RfmSegment segment);
// Scores from 1 to 5.
RfmSegment SegmentOf(int recency_score, int frequency_score);

// One row a customer.
struct RfmColumns {
  std::span<const double> since_last;   // time since the last purchase, in any unit, >= 0
  std::span<const double> frequency;    // purchases, or repeat purchases: only the order counts
  std::span<const double> monetary;     // empty: no money
};

struct RfmOptions {
  int bins = 5;   // from 2 to 100
  double recency_weight = 1, frequency_weight = 1, monetary_weight = 1;   // of `score`; >= 0, not all 0
};

struct RfmRow {
  int recency = 0, frequency = 0;
  std::optional<int> monetary;
  double score = 0;   // the weighted mean of the scores there are
  RfmSegment segment = RfmSegment::kLost;
};

// O(n log n). `value.invalid_input` names row and field.
absl::StatusOr<std::vector<RfmRow>> ScoreRfm(const RfmColumns& customers, const RfmOptions& options = {});

}  // namespace rapport

#endif  // RAPPORT_VALUE_RFM_HPP_
