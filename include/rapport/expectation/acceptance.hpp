// Floor 3. Choosing customers, and declining them (EX7): take an order as it is asked for, take it with another promise, or leave it.
//
//   OrderAnswer answer = AnswerOrder(keeping, asked, calendar);
//   if (answer.verdict == OrderVerdict::kOtherPromise) ... answer.day, answer.chance
//
// An order is taken as asked where its day holds with the confidence that the house wants. Else the first day on which it does is offered, as
// long as it is not later than the customer can wait. It is declined where no such day comes, where it earns nothing, or where we do not keep
// what we promise to such customers: at least kFewestInSegment promises of the product settled in the segment, and fewer than half kept.
#ifndef RAPPORT_EXPECTATION_ACCEPTANCE_HPP_
#define RAPPORT_EXPECTATION_ACCEPTANCE_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rapport/expectation/keeping.hpp"

namespace rapport {

enum class OrderVerdict { kAccept, kOtherPromise, kDecline };
std::string_view NameOf(OrderVerdict verdict);   // "accept", "other_promise", "decline"

// Why it is not taken as asked.
enum class OrderReason { kLoad, kHistory, kNoDay, kMargin, kSegment };
std::string_view NameOf(OrderReason reason);     // "load", "history", "no_day", "margin", "segment"

struct AskedOrder {
  AskedPromise promise;                     // of nobody yet: `promise` empty, nothing elapsed
  Day due;
  std::string segment;                      // of the customer; may be empty
  std::optional<double> quantity;
  std::optional<double> margin;             // of the whole order, in any currency; none: not known, and not asked
  double confidence = 0.9;                  // 0 to 1, both excluded
  std::int64_t patience_days = 60;          // how much later than asked the customer may be offered
};

struct OrderAnswer {
  OrderVerdict verdict = OrderVerdict::kAccept;
  double chance = 0;                        // that the day asked for holds
  std::vector<OrderReason> reasons;         // in the order of the enumeration
  std::optional<Day> day;                   // that is to be promised: the one asked for, or the one offered
  double day_chance = 0;                    // that it holds
  std::optional<double> quantity;           // that was delivered in time with the confidence, of the one asked for
  std::optional<std::int64_t> work_minutes; // of the order, and what is free for it until the day asked for
  std::optional<std::int64_t> free_minutes;
  SettledCount segment;                        // promises of the product in the segment
};

inline constexpr std::int64_t kFewestInSegment = 10;

// O(patience + waiting work of the rep).
OrderAnswer AnswerOrder(const PromiseKeeping& keeping, const AskedOrder& asked, const PromiseCalendar& calendar);

}  // namespace rapport

#endif  // RAPPORT_EXPECTATION_ACCEPTANCE_HPP_
