// Floor 3. The balance of expectation and delivery: ten dimensions in two families, one customer, one moment.
//
// A customer comes back where delivered value exceeds what was expected. Both are read on one scale from 0 to 10:
//   expectation  the newest expectation.stated that the customer said; else the newest that we inferred; else what is typical of the dimension (a
//                plain number of the caller's); else 7, of which NPS says that it is neither praise nor complaint (Reichheld 2003).
//   delivery     what was said (feedback.given `dimensions`) and what became of promises of ours in the dimension, a promise without a dimension
//                being one of the outcome. A promise says: as expected where it was kept, above where it was exceeded, below where it was broken
//                (PointsOf). The newest of these words counts half, the one before it a quarter, and so on; the last twelve are heard, and the
//                weights made to sum to 1.
//   gap          delivery - expectation; null where nothing says what was delivered.
//   the whole    the sum of weight * gap over the dimensions with a gap. The newest csat or nps that came without dimensions stands for the
//                dimensions nobody spoke of, with their weight; without one the weights of the rest are made to sum to 1.
// While the gap of the outcome is below 0, courtesy fills a lack up to 0 and lifts the whole no further: kindness is no substitute for what was
// ordered. Any other dimension may outweigh it.
//
//   const Balance balance = BalanceOf(account, zone, as_of, weights);
//   if (balance.gap.has_value() && *balance.gap < 0) ...
//
// Names of dimensions that are none of the ten, levels and scores outside 0 to 10, count for nothing; `ignored` tells the names. Nothing is NaN.
// Pure; any thread. O(promises + expectations + feedback of the account).
#ifndef RAPPORT_EXPECTATION_BALANCE_HPP_
#define RAPPORT_EXPECTATION_BALANCE_HPP_

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/account.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/zones.hpp"
#include "rapport/expectation/promise_outcome.hpp"

namespace rapport {

// Of the service, then of the sales work.
enum class Dimension { kOutcome, kEaseOfUse, kBrandUplift, kAssurance, kAfterCare, kSpeedOfResponse, kCourtesy, kDrive, kTrackRecord, kRelationship };
inline constexpr std::size_t kDimensionCount = 10;
enum class DimensionFamily { kService, kSalesWork };

std::string_view NameOf(Dimension dimension);      // "outcome", "ease_of_use", ...
std::string_view NameOf(DimensionFamily family);   // "service", "sales_work"
DimensionFamily FamilyOf(Dimension dimension);
// Nullopt for a name that is none of the ten.
std::optional<Dimension> DimensionNamed(std::string_view name);

// A number a dimension, in the order above.
template <class T>
class PerDimension {
 public:
  T& operator[](Dimension dimension) { return values_[static_cast<std::size_t>(dimension)]; }
  const T& operator[](Dimension dimension) const { return values_[static_cast<std::size_t>(dimension)]; }
  auto begin() { return values_.begin(); }
  auto end() { return values_.end(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }
  friend bool operator==(const PerDimension&, const PerDimension&) = default;

 private:
  std::array<T, kDimensionCount> values_{};
};

// What each dimension weighs, for whom: the customer's own weights, else the segment's, else the book's, else ours. Of weights given, what they
// do not name weighs nothing, and the sum is made 1.
class BalanceWeights {
 public:
  // Ours: outcome 0.25, assurance, after_care, speed_of_response, relationship 0.10 each, track_record 0.09, ease_of_use 0.08,
  // brand_uplift 0.07, courtesy 0.06, drive 0.05: the service 0.6, the sales work 0.4.
  BalanceWeights();
  // {"default": {"outcome": 2, "courtesy": 1}, "segments": {"bakery": {...}}}, both members optional; null: ours.
  // `expectation.invalid_weights` names field, found, expected: a name that is no dimension, a number below 0 or above 1e6, a sum of 0.
  static absl::StatusOr<BalanceWeights> FromJson(const Json& document);
  // One set of weights, made to sum to 1. Errors as above.
  static absl::StatusOr<PerDimension<double>> Read(const Json& weights, std::string_view field);
  // `own`: of customer.upserted; where it cannot be read it is as if it were not there.
  PerDimension<double> Of(const std::optional<std::string>& segment, const std::optional<Json>& own) const;

 private:
  PerDimension<double> default_;
  std::map<std::string, PerDimension<double>, std::less<>> segments_;
};

// What a promise says of its dimension, in points beside what was expected: 0 kept; 1 to 3 exceeded (1, 0.025 a day early, 5 times the share
// beyond what was promised); -3 to -8 broken (-3, -0.25 a day late, -5 times the share that is missing). Overdue is -8: all of it is missing.
// A late day weighs ten times an early one, as in the deliveries of Olist (docs/expectations.md). `margin_days`: positive early.
// `margin_share`: delivered over promised, less 1. Nullopt for what is not settled, renegotiated or withdrawn.
std::optional<double> PointsOf(PromiseOutcome outcome, double margin_days, double margin_share);

enum class ExpectedFrom { kStated, kInferred, kTypical, kNeutral };
std::string_view NameOf(ExpectedFrom from);   // "stated", "inferred", "typical", "neutral"

struct DimensionBalance {
  Dimension dimension = Dimension::kOutcome;
  double weight = 0;                       // of ten that sum to 1
  double expectation = 0;
  ExpectedFrom expected_from = ExpectedFrom::kNeutral;
  std::optional<double> delivery;
  std::optional<double> gap;
  double counted = 0;                      // what it adds to the whole: weight made up for what is unknown, times gap
  std::vector<EventKey> evidence;          // what the expectation rests on, then the words of delivery, the oldest first
  std::vector<EventKey> besides;           // revisions and withdrawals without which a promise would be a word
};

// An order or promise that was missed: a promise of ours of the outcome, or of no dimension, whose day passed without all of it; or a score of the
// outcome at least a point below what was expected.
struct MissedOutcome {
  Instant at;                              // when the day after the promised one began, or when it was said
  Day day;                                 // of the customer's zone
  std::vector<EventKey> evidence;
};

struct Balance {
  std::array<DimensionBalance, kDimensionCount> dimensions;   // in order
  // Of the whole, as the newest csat or nps without dimensions says; stretched to 0 to 10.
  std::optional<double> overall_delivery;
  std::optional<double> overall_expectation;   // over the dimensions that it stands for; null where it counts for nothing
  double overall_counted = 0;              // what it adds to the whole
  std::vector<EventKey> overall_evidence;
  std::optional<double> gap;               // the whole
  EventKey moved_by;                       // the last event of the newest word
  bool courtesy_held = false;              // courtesy was not counted in full
  std::optional<MissedOutcome> missed;     // the last one
  std::optional<EventKey> bought_since;    // the first purchase after it was missed
  // Of a customer who bought again despite the last missed outcome: the dimensions that add to the whole, the most first. Else empty.
  std::vector<Dimension> carried_by;
  std::set<std::string> ignored;           // names that are none of the ten

  const DimensionBalance& operator[](Dimension dimension) const { return dimensions[static_cast<std::size_t>(dimension)]; }
};

// `typical`: what customers of the book expect, where known. `zone`: the customer's. What lies after `as_of` has not happened yet.
Balance BalanceOf(const Account& account, const Zone& zone, Instant as_of, const PerDimension<double>& weights,
                  const PerDimension<std::optional<double>>& typical = {});

// The mean level of a dimension over customers who stated it, one word a customer, drawn towards 7 as if five more had said that. Feed accounts in
// any order: levels are summed in whole thousandths.
class TypicalExpectations {
 public:
  void See(const Account& account, Instant as_of);
  PerDimension<std::optional<double>> Means() const;   // null where nobody stated it
 private:
  PerDimension<std::int64_t> sum_, count_;
};

}  // namespace rapport

#endif  // RAPPORT_EXPECTATION_BALANCE_HPP_
