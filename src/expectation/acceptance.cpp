#include "rapport/expectation/acceptance.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rapport {
namespace {

constexpr std::array<std::pair<OrderVerdict, std::string_view>, 3> kVerdictNames{{
    {OrderVerdict::kAccept, "accept"},
    {OrderVerdict::kOtherPromise, "other_promise"},
    {OrderVerdict::kDecline, "decline"},
}};
constexpr std::array<std::pair<OrderReason, std::string_view>, 5> kReasonNames{{
    {OrderReason::kLoad, "load"},
    {OrderReason::kHistory, "history"},
    {OrderReason::kNoDay, "no_day"},
    {OrderReason::kMargin, "margin"},
    {OrderReason::kSegment, "segment"},
}};

template <class Names, class E>
std::string_view NameIn(const Names& names, E wanted) {
  for (const auto& [one, name] : names) {
    if (one == wanted) return name;
  }
  return {};
}

bool DoesNotFit(const OrderAnswer& answer) { return answer.work_minutes.has_value() && answer.free_minutes.has_value() && *answer.free_minutes < *answer.work_minutes; }

// What no other day would mend.
void TellWhatNoDayMends(const AskedOrder& asked, OrderAnswer& answer) {
  if (asked.margin.has_value() && *asked.margin <= 0) answer.reasons.push_back(OrderReason::kMargin);
  if (answer.segment.settled >= kFewestInSegment && 2 * answer.segment.kept < answer.segment.settled) answer.reasons.push_back(OrderReason::kSegment);
}

}  // namespace

std::string_view NameOf(OrderVerdict verdict) { return NameIn(kVerdictNames, verdict); }
std::string_view NameOf(OrderReason reason) { return NameIn(kReasonNames, reason); }

OrderAnswer AnswerOrder(const PromiseKeeping& keeping, const AskedOrder& asked, const PromiseCalendar& calendar) {
  OrderAnswer answer;
  answer.chance = keeping.ChanceOf(asked.promise, asked.due, calendar);
  answer.work_minutes = asked.promise.work_minutes;
  answer.free_minutes = keeping.FreeUntil(asked.due, asked.promise, calendar);
  answer.segment = keeping.CountIn(asked.segment, asked.promise.product);
  if (asked.quantity.has_value()) answer.quantity = keeping.QuantityFor(*asked.quantity, asked.confidence);
  if (answer.chance >= asked.confidence) {
    answer.day = asked.due;
  } else {
    answer.verdict = OrderVerdict::kOtherPromise;
    answer.reasons.push_back(DoesNotFit(answer) ? OrderReason::kLoad : OrderReason::kHistory);
    answer.day = keeping.DayFor(asked.promise, asked.confidence, asked.due + 1, calendar);
    if (answer.day.has_value() && *answer.day - asked.due > asked.patience_days) answer.day.reset();
    if (!answer.day.has_value()) answer.reasons.push_back(OrderReason::kNoDay);
  }
  if (answer.day.has_value()) answer.day_chance = keeping.ChanceOf(asked.promise, *answer.day, calendar);
  TellWhatNoDayMends(asked, answer);
  const bool hopeless = std::any_of(answer.reasons.begin(), answer.reasons.end(), [](OrderReason reason) { return reason >= OrderReason::kNoDay; });
  if (!hopeless) return answer;
  answer.verdict = OrderVerdict::kDecline;
  return answer;
}

}  // namespace rapport
