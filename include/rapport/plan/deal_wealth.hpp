// Floor 6. The three wealths of a deal: income, experience, relationship (PO3).
//
//   JudgeDeal({.won = true, .rung_before = Rung::kTrust, .rung_after = Rung::kTrust}).verdict   // kFull
//
// A deal is a success although nothing was sold where they stand at least as close to us afterwards; sold at the price of the relationship
// it is a bare pass. What was learned is told beside the verdict and does not move it.
#ifndef RAPPORT_PLAN_DEAL_WEALTH_HPP_
#define RAPPORT_PLAN_DEAL_WEALTH_HPP_

#include <optional>
#include <string_view>

#include "rapport/book/account.hpp"
#include "rapport/core/money.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/relationship/terms.hpp"

namespace rapport {

// After a deal has closed: how long a lesson that names no deal is taken for one of it, and when the relationship is looked at.
inline constexpr int kDealAftermathDays = 30;

struct DealFacts {
  bool won = false;
  std::optional<Money> brought;   // of a won one; null: nothing says
  std::optional<Money> margin;    // of its order, likewise
  bool lesson = false;            // one was recorded
  Rung rung_before = Rung::kNone; // when it was opened
  Rung rung_after = Rung::kNone;  // kDealAftermathDays after it closed, or now if that is sooner
};

//               sold         not sold
// relationship  kFull        kSuccess
// none          kBarePass    kFailure
enum class DealVerdict { kFailure, kSuccess, kBarePass, kFull };
std::string_view NameOf(DealVerdict verdict);  // "failure", "success", "bare_pass", "full"

struct DealWealth {
  bool income = false;         // won, and not known to have brought nothing, or no margin
  bool experience = false;     // a lesson was recorded
  bool relationship = false;   // the rung was kept or rose, and is above none
  DealVerdict verdict = DealVerdict::kFailure;
};

// A pure function. O(1).
DealWealth JudgeDeal(const DealFacts& facts);

// What the verdict rests on, for a reader: "sold, and the relationship held: ...".
Sentence TellDeal(const DealFacts& facts, const DealWealth& wealth);

// What a won deal brought: what is kept of its order's amount (less what came back; nothing of a cancelled one), else its own value. Null for
// one that was not won, and where nothing says: also where something came back in another
// currency (PurchaseRecord::KeptAmount). Its margin: the same share of the order's, of an order that was not cancelled.
std::optional<Money> BroughtBy(const Account& account, const OpportunityRecord& deal);
std::optional<Money> MarginOf(const Account& account, const OpportunityRecord& deal);

// The first lesson of a closed deal known in the account: one that names it, or one that names none within kDealAftermathDays after it
// closed. Null: none. O(lessons).
const Said<LessonRecorded>* LessonOf(const Account& account, const OpportunityRecord& deal);

// When the relationship after a closed deal is looked at: kDealAftermathDays after it closed, or `as_of` if that is sooner.
Instant AftermathOf(const OpportunityRecord& deal, Instant as_of);

}  // namespace rapport

#endif  // RAPPORT_PLAN_DEAL_WEALTH_HPP_
