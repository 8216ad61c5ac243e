// Floor 3. What became of a promise: an outcome and margins, from its terms and what was delivered. Nothing is fitted and nothing is guessed.
//
//   ten by 11 January:   eleven on the 10th   exceeded         +1 day, +1
//                        ten on the 11th      kept              0 days, 0
//                        nine on the 11th     short             0 days, -1
//                        ten on the 12th      late             -1 day,  0
//                        nine, one of them on the 12th
//                                             short_and_late   -1 day,  -1
//
// A day is a local day of the customer's zone, and a due day is whole: what comes by its 24:00 is in time. All of it is there on the day on
// which what was delivered reaches the quantity promised, to a relative 1e-9, so that 0.7 and 0.1 make 0.8; a promise without a quantity is one
// thing, and any delivery does it. Every function here is pure; any thread may call it.
#ifndef RAPPORT_EXPECTATION_PROMISE_OUTCOME_HPP_
#define RAPPORT_EXPECTATION_PROMISE_OUTCOME_HPP_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "rapport/book/context.hpp"
#include "rapport/book/promise_record.hpp"
#include "rapport/core/time.hpp"
#include "rapport/core/working_calendar.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {

enum class PromiseOutcome {
  kPending,       // its day has not passed, and more than two working days are left; or it has no day
  kDueSoon,       // its day has not passed, and two working days or fewer are left, today not counted
  kOverdue,       // its day has passed and nothing was delivered
  kKept,          // all of it by its day
  kExceeded,      // all of it, and a day or more before its day, or more than was promised
  kShort,         // its day has passed with part of it delivered, and none since
  kLate,          // all of it, after its day
  kShortAndLate,  // part of it, some of that after its day
  kRenegotiated,  // another word was agreed before its day was over: neither kept nor broken
  kWithdrawn      // taken back: neither kept nor broken
};
// "pending", "due_soon", "overdue", "kept", "exceeded", "short", "late", "short_and_late", "renegotiated", "withdrawn".
std::string_view NameOf(PromiseOutcome outcome);

inline bool IsKept(PromiseOutcome o) { return o == PromiseOutcome::kKept || o == PromiseOutcome::kExceeded; }
inline bool IsBroken(PromiseOutcome o) {
  return o == PromiseOutcome::kShort || o == PromiseOutcome::kLate || o == PromiseOutcome::kShortAndLate || o == PromiseOutcome::kOverdue;
}
// What counts in shares of kept promises.
inline bool IsJudged(PromiseOutcome o) { return IsKept(o) || IsBroken(o); }

// Due soon is a promise with no more working days left than this, today not counted.
inline constexpr std::int64_t kSoonWorkingDays = 2;
// Sums of quantities such as 0.7 + 0.1 reach 0.8: relative, as the fold has it.
inline constexpr double kPromiseTolerance = 1e-9;

struct PromiseTerms {
  std::optional<double> quantity;   // null: one thing, done or not
  std::optional<Day> due;           // null: some day
  std::optional<Instant> given;     // what was delivered before the word was given counts from then; null: from when it was delivered
};

struct PromiseJudgement {
  PromiseOutcome outcome = PromiseOutcome::kPending;
  // From the day of fulfilment to the due day, positive early; of what is short or short and late, from the last delivery. Null without a due
  // day, while nothing is delivered or the day has not passed, and of what was renegotiated or withdrawn.
  std::optional<std::int64_t> margin_days;           // calendar days
  std::optional<std::int64_t> margin_working_days;   // days on which the rep works
  std::optional<double> margin_quantity;             // delivered minus promised; null without a quantity, renegotiated or withdrawn
  double delivered = 0;                              // quantity; of one thing as much as deliveries say
  std::optional<Day> fulfilled_on;                   // the day on which all of it was there
};

// The week by which a promise's working days are counted: its rep's, Mon-Fri where the rep or his calendar is unknown.
const WorkingWeek& WeekOf(const BookContext& context, const std::optional<RepId>& rep);

// `deliveries`: those that count, in order of time. `week`: the rep's working days. What lies after `as_of` has not happened; null: judged
// after the last delivery, as if no more will come (nothing delivered is then overdue where there is a day, else pending). A due day before
// the word was given is judged as it stands. O(deliveries).
PromiseJudgement JudgePromise(const PromiseTerms& terms, std::span<const PromiseDelivery> deliveries, const Zone& zone, const WorkingWeek& week,
                              std::optional<Instant> as_of);

// A promise is one word or, where another was agreed, several; each is judged.
struct PromiseWord {
  PromiseTerms terms;
  EventKey said_by;                     // promise.made or the agreed promise.revised
  std::optional<Instant> replaced_at;   // by the next word; null: it is the current one
  EventKey replaced_by;
  PromiseJudgement judged;
  // The day on which it was known how it ended: of fulfilment, else the day after the due day. Null where it is not judged yet, or never.
  std::optional<Day> settled_on;
  bool current() const { return !replaced_at.has_value(); }
};

// In order; empty before the promise was made. A word that was replaced before its day was over is renegotiated; replaced later, it stays as
// broken as it was, by what had been delivered before. The current word is withdrawn with the promise. Announced revisions change nothing.
// Of two revisions at one instant the later in canonical order is the current word. O(words x deliveries).
std::vector<PromiseWord> JudgeWords(const PromiseRecord& promise, const Zone& zone, const WorkingWeek& week, std::optional<Instant> as_of);

}  // namespace rapport

#endif  // RAPPORT_EXPECTATION_PROMISE_OUTCOME_HPP_
