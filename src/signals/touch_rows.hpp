// Floor 4, inside. What signals of touches and of the relationship are made from, once for an account and a moment where somebody keeps it.
#ifndef RAPPORT_SRC_SIGNALS_TOUCH_ROWS_HPP_
#define RAPPORT_SRC_SIGNALS_TOUCH_ROWS_HPP_

#include <optional>
#include <vector>

#include "rapport/relationship/ladder.hpp"
#include "rapport/relationship/ties.hpp"
#include "rapport/relationship/touch_sums.hpp"
#include "signals/rows.hpp"

namespace rapport {

// Of one input: whoever changes its account, as_of or today takes another.
class SignalMemo {
 public:
  std::optional<TouchSums> sums;
  std::optional<ContactInterval> interval;
  std::optional<std::vector<Tie>> ties;
  std::optional<Rung> rung;
  std::optional<std::optional<double>> health;   // rounded
};

// What `make` gives, or what it gave before for the same input.
template <class T, class Make>
T Remembered(const SignalInput& in, std::optional<T> SignalMemo::*member, Make make) {
  if (in.memo == nullptr) return make();
  std::optional<T>& kept = in.memo->*member;
  if (!kept.has_value()) kept = make();
  return *kept;
}

inline TouchSums TouchSumsOf(const SignalInput& in) {
  return Remembered(in, &SignalMemo::sums, [&] { return TouchSumsOf(*in.account, *in.context->relationship, *in.zone, in.as_of); });
}

inline ContactInterval IntervalOf(const SignalInput& in) {
  return Remembered(in, &SignalMemo::interval, [&] { return in.context->relationship->IntervalOf(in.account->profile); });
}

// Terms that the book has configured are an event that values rest on.
inline void CiteTerms(const SignalInput& in, SignalValue& out) {
  if (!in.context->book->relationship.is_null()) Cite(in, in.context->book->configured_by, out);
}

}  // namespace rapport

#endif  // RAPPORT_SRC_SIGNALS_TOUCH_ROWS_HPP_
