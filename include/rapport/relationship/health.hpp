// Floor 3. The health of a relationship, 0 to 100: a product of parts, so that one bad part is enough.
//
//   health = 100 x product over the known parts of value ^ weight
//
// Each part is a number from 0.02 to 1, 1 where nothing is wrong; what is not known counts for nothing, and without any known part there is no health.
// An average would hide a customer who fell silent behind seven things that are well; in the product no part can be made up for by others.
//
//   contact     1 up to the ideal interval since the last care; then 2^-((d - ideal) / (latest - ideal)): a half at the latest day
//   rhythm      the chance that they still buy here, where a model of buying says it, of who came back at least once; else by their own gaps: 1 while silent for no longer than their own
//               median gap; then 2^-(r - 1) for r gaps: the chance that a gap which reached its median grows that long where gaps are exponential
//   trust       1 - 2^-(S / S0): a half at the level S0 that rung trust asks for
//   both_sides  0.4 where only we begin, 1 from three in ten begun by them on
//   worries     1 with none open; 0.6 for each after which they did not order, and half as much after each month that the oldest of these has been;
//               0.9 for each in spite of which they did
//   claims      0.5 for each open complaint or return
//   promises    the mean of the share kept and of the last one (1 kept, 0 broken)
//   feedback    score / 8, at most 1; with half a year its distance from 1 halves, as it is forgotten
//
// Reasons are chosen by what is so, not by what is forgotten of it: contact speaks for the relationship up to the ideal interval, worries and claims
// where none is open, feedback from 8 on, promises where three in four and the last were kept; rhythm, trust and both_sides where the part is .75 or more.
//
// Weights and bands. Rhythm weighs three, so that where all else is well health is 100 times the cube of the chance that they still buy: good, from 80,
// is a chance above nine in ten (.93), fair, from 35, one above seven in ten (.70), poor below that, three in ten or more have gone. Every other part,
// at its worst, is enough to leave good, and a worry nobody answered for a month is poor. Weights were set on made-up books so that health as a whole
// finds who slips away earlier than the days since their last order do (docs/relationships.md). Pure; O(1); nothing is NaN.
#ifndef RAPPORT_RELATIONSHIP_HEALTH_HPP_
#define RAPPORT_RELATIONSHIP_HEALTH_HPP_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "rapport/core/sentence.hpp"
#include "rapport/relationship/terms.hpp"

namespace rapport {

// What is known of a customer, as plain numbers; null: not known.
struct HealthFacts {
  std::optional<std::int64_t> days_since_care;
  bool never_cared = false;                        // the days are since the account began
  ContactInterval interval;                        // as set for them; else the usual one
  std::optional<std::int64_t> days_since_purchase;
  std::optional<double> rhythm_days;               // their median gap, > 0
  std::optional<double> still_buys;                // the chance of it, where a model is fitted
  std::optional<double> trust;
  std::optional<double> both_sides_share;
  std::optional<std::int64_t> open_worries;        // null: none was ever raised
  std::int64_t oldest_worry_days = 0;
  std::int64_t unanswered_worries = 0;             // of the open ones those since which they did not order
  std::int64_t unanswered_days = 0;                // since the oldest of these
  std::optional<std::int64_t> open_claims;         // null: there never was a case
  std::optional<double> kept_share;                // of promises of ours
  std::optional<bool> last_kept;
  std::optional<double> feedback;                  // 0 to 10
  std::int64_t feedback_days = 0;                  // since
};

enum class HealthBand { kPoor, kFair, kGood };
std::string_view NameOf(HealthBand band);          // "poor", "fair", "good"

struct HealthReason {
  HealthPart part = HealthPart::kContact;
  double value = 1;                                // of the part
  // health.<part>.for or .against; health.silence of a rhythm that is not known, health.contact.never of days since the account began,
  // health.worries.outlived of open worries in spite of which they ordered.
  Sentence sentence;
};

struct Health {
  std::optional<double> value;                     // null where nothing is known
  std::optional<HealthBand> band;
  std::vector<HealthReason> reasons_for;           // at most three, what weighs most first
  std::vector<HealthReason> reasons_against;       // at most three, what takes most away first
};

Health HealthOf(const HealthFacts& facts, const HealthTerms& terms);
// The value alone: the same number, without sentences.
std::optional<double> HealthValueOf(const HealthFacts& facts, const HealthTerms& terms);
// The known parts that count, what takes most away first.
std::vector<HealthPart> PartsByLoss(const HealthFacts& facts, const HealthTerms& terms);
HealthBand BandOf(double value, const HealthTerms& terms);

}  // namespace rapport

#endif  // RAPPORT_RELATIONSHIP_HEALTH_HPP_
