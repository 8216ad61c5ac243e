// Floor 3. What a book reckons with in money: the document `economics` of book.configured. What it does not name is as here.
//
//   {"commission": {"share": "0.05",          of what an order brings; text from "0" to "1", so that it is exact. Absent: none is paid
//                   "of": "revenue",          or "margin"
//                   "clawback_days": 60,      days after the order in which a loss takes the commission back; 0 to 3650
//                   "reps": {"r-1": {"share": "0.06"}}},   what is otherwise for one of them, any of the three
//    "care": {"window_days": 60,              in which an order can be lost, where its products name no return_days; 1 to 3650
//             "referral_days": 365},          for which referrals are expected; 1 to 3650
//    "clv": {"discount_rate": 0,              a year: 0.1 is 10 %; 0 to 10
//            "margin_share": null},           of revenue, for customers of whose orders no margin is known; 0 to 1
//    "minutes": {"visit": 60, "meeting": 60, "call": 10, "mail": 5, "letter": 5, "message": 2, "seminar": 0, "newsletter": 0}}
//                                             of a touch that says none, by channel; 0 to 1440
//
// The minutes are conventions, no estimates; a book that records minutes does not need them. `economics.invalid_terms` names field, found and
// expected. docs/economics.md says what is made of it.
#ifndef RAPPORT_VALUE_ECONOMICS_TERMS_HPP_
#define RAPPORT_VALUE_ECONOMICS_TERMS_HPP_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/money.hpp"
#include "rapport/ledger/vocabulary.hpp"

namespace rapport {

struct CommissionTerms {
  enum class Of { kRevenue, kMargin };
  std::optional<std::string> share;   // decimal text; absent: no commission
  Of of = Of::kRevenue;
  std::int64_t clawback_days = 60;
  // Of an amount, rounded half to even once; of nothing and less: nothing.
  absl::StatusOr<Money> On(const Money& base) const;
};

class EconomicsTerms {
 public:
  // Null: as above. `economics.invalid_terms`.
  static absl::StatusOr<EconomicsTerms> FromJson(const Json& document);

  // Whether anybody is paid commission.
  bool PaysCommission() const;
  // Of a rep; of an empty id what holds for all.
  const CommissionTerms& CommissionOf(const RepId& rep) const;
  std::int64_t window_days() const { return window_days_; }
  std::int64_t referral_days() const { return referral_days_; }
  double discount_rate() const { return discount_rate_; }
  const std::optional<double>& margin_share() const { return margin_share_; }
  std::int64_t MinutesOf(Channel channel) const { return minutes_[static_cast<std::size_t>(channel) - 1]; }

 private:
  CommissionTerms commission_;
  std::map<RepId, CommissionTerms> reps_;
  std::int64_t window_days_ = 60, referral_days_ = 365;
  double discount_rate_ = 0;
  std::optional<double> margin_share_;
  std::array<std::int64_t, 8> minutes_{60, 10, 5, 5, 2, 60, 0, 0};   // in the order of Channel
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_ECONOMICS_TERMS_HPP_
