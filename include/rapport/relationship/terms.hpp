// Floor 3. The terms of relationships in a book: what a contact weighs, how fast it is forgotten, what each rung asks for, how often a customer is to
// be contacted, what health is made of. A document (policies/relationship.json is ours; book.configured `relationship` lays another over it):
//
//   {"rapport_relationship": 1,
//    "half_life_days": 75,                    after so many days half of the trust is gone; 1 to 3660
//    "trust_purposes": ["care", "service"],   a touch without a purpose was care; selling and administration cannot be named
//    "weights": {"channels": {"visit": 1, ...},                     0 to 1000: what one contact by it adds
//                "reach": {"reached": 1, "sent": 0.25, "nobody": 0},   times this (touches.hpp); turned away adds nothing
//                "inbound": 1.25},                                  times this where they began it
//    "rungs": {"recognised": {"trust": 0.75, "needs": [{"signal": "touch.care_days", "at_least": 2}]}, "trust": ..., "reliance": ..., "standing": ...},
//    "intervals": {"book": {"ideal_days": 30, "latest_days": 60}, "segments": {"clinic": {...}}, "grades": {...}, "tags": {...}},
//    "health": {...}}                         health.hpp
//
// What it does not name is as in ours, member by member; lists are replaced whole. A rung needs its level of trust, all that `needs` lists and all
// rungs below it; {"any": [...]} needs one of those in it. The signals are numbers that time alone does not move, so only forgetting lowers a rung, and
// the day is known (ladder.hpp).
//
// Ours in words. Two visits within a week make a face that is recognised, for 100 days after the last. Six in three weeks add up to 5.5: recognised for
// 215 days, trust for 140, and, with orders, reliance for 96 and standing for 65. One visit every 90 days keeps a customer recognised, one every six weeks
// keeps trust, one a month keeps standing; calls weigh 0.6 of that. The half life is a convention, to be set by the book, and no estimate.
//
// `relationship.invalid_terms` names field, found and expected.
#ifndef RAPPORT_RELATIONSHIP_TERMS_HPP_
#define RAPPORT_RELATIONSHIP_TERMS_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/ledger/payloads.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {

enum class Rung { kNone, kRecognised, kTrust, kReliance, kStanding };
inline constexpr std::size_t kRungCount = 4;   // above none
std::string_view NameOf(Rung rung);            // "none", "recognised", "trust", "reliance", "standing"

// A signal that reaches a number, or one of several such.
struct RungNeed {
  std::string signal;               // empty: `any`
  double at_least = 0;
  std::vector<RungNeed> any;
};

struct RungTerms {
  double trust = 0;                 // > 0, and more than the rung below
  std::vector<RungNeed> needs;
};

// Days between two contacts that care: as it should be, and at the latest.
struct ContactInterval {
  std::optional<std::int64_t> ideal_days;
  std::optional<std::int64_t> latest_days;
};

// What health is made of; NameOf gives the names of the document.
enum class HealthPart { kContact, kRhythm, kTrust, kBothSides, kWorries, kClaims, kPromises, kFeedback };
inline constexpr std::size_t kHealthPartCount = 8;
std::string_view NameOf(HealthPart part);      // "contact", "rhythm", "trust", "both_sides", "worries", "claims", "promises", "feedback"

struct HealthTerms {
  std::int64_t usual_ideal_days = 0;           // where nobody set an interval
  std::int64_t usual_latest_days = 0;
  std::array<double, kHealthPartCount> weights{};   // 0 to 10
  double good = 0;                             // from this value on; 0 to 100
  double fair = 0;
  double trusted = 0;                          // the level of rung trust
};

class RelationshipTerms {
 public:
  // Ours.
  static const RelationshipTerms& Default();
  // `document` over ours; null: ours. Errors above. That the signals exist is checked where signals are known (signals/relationship.hpp).
  static absl::StatusOr<RelationshipTerms> FromJson(const Json& document);

  double half_life_days() const { return half_life_days_; }
  // What a touch adds when it happens; 0 for what adds nothing. O(1).
  double WeightOf(const Touch& touch, TouchReach reach) const {
    return touch.direction == Direction::kInbound ? OneWayWeightOf(touch, reach) * inbound_ : OneWayWeightOf(touch, reach);
  }
  // Without regard to who began it.
  double OneWayWeightOf(const Touch& touch, TouchReach reach) const {
    if (!raises_trust_[static_cast<std::size_t>(PurposeOf(touch))]) return 0;
    return channels_[static_cast<std::size_t>(touch.channel)] * reach_[static_cast<std::size_t>(reach)];
  }
  double inbound() const { return inbound_; }
  // `rung` above none.
  const RungTerms& Of(Rung rung) const { return rungs_[static_cast<std::size_t>(rung) - 1]; }
  // The names that rungs ask for, sorted, each once.
  std::vector<std::string> SignalNames() const;
  // The customer's own; else that of a tag, of several the shortest; else of the grade, the segment, the book. Each of the two by itself.
  ContactInterval IntervalOf(const CustomerUpserted& profile) const;
  const HealthTerms& health() const { return health_; }

 private:
  friend class TermsReading;
  double half_life_days_ = 0;
  std::array<double, 9> channels_{};       // by number
  std::array<double, 5> reach_{};          // by TouchReach; kNone and kTurnedAway: 0
  double inbound_ = 1;
  std::array<bool, 5> raises_trust_{};     // by number of Purpose
  std::array<RungTerms, kRungCount> rungs_;
  ContactInterval book_;
  std::map<std::string, ContactInterval, std::less<>> segments_, grades_, tags_;
  HealthTerms health_;
};

}  // namespace rapport

#endif  // RAPPORT_RELATIONSHIP_TERMS_HPP_
