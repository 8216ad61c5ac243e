// Floor 4, inside. What signals of touches and of the relationship are made from, once for an account and a moment where somebody keeps it.
#ifndef RAPPORT_SRC_SIGNALS_TOUCH_ROWS_HPP_
#define RAPPORT_SRC_SIGNALS_TOUCH_ROWS_HPP_

#include <optional>
#include <vector>

#include "rapport/relationship/health.hpp"
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
  std::optional<HealthFacts> facts;
  std::optional<std::optional<double>> health;   // rounded
};

// An input with a memo: its own where it brings none.
class Memorised {
 public:
  explicit Memorised(const SignalInput& input) : input_(input) {
    if (input_.memo == nullptr) input_.memo = &memo_;
  }
  Memorised(const Memorised&) = delete;
  Memorised& operator=(const Memorised&) = delete;
  const SignalInput& input() const { return input_; }

 private:
  SignalMemo memo_;
  SignalInput input_;
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

// The newest touch that is `wanted`, also one that is yet to come; null: none. O(touches after it): who asks for one touch needs no sums.
template <class Wanted>
const TouchRecord* NewestTouch(const SignalInput& in, Wanted wanted) {
  const auto& touches = in.account->touches;
  const auto newest = std::find_if(touches.rbegin(), touches.rend(), [&](const TouchRecord& record) { return wanted(record.touch); });
  return newest == touches.rend() ? nullptr : &*newest;
}
inline const TouchRecord* LastContact(const SignalInput& in) { return NewestTouch(in, [](const Touch& touch) { return IsContact(touch); }); }
inline const TouchRecord* LastCare(const SignalInput& in) { return NewestTouch(in, IsCareContact); }

// Terms that the book has configured are an event that values rest on.
inline void CiteTerms(const SignalInput& in, SignalValue& out) {
  if (!in.context->book->relationship.is_null()) Cite(in, in.context->book->configured_by, out);
}

}  // namespace rapport

#endif  // RAPPORT_SRC_SIGNALS_TOUCH_ROWS_HPP_
