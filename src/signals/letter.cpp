#include "rapport/relationship/letters.hpp"

#include "signals/rows.hpp"

namespace rapport {
namespace {

SignalValue CountOfTheYear(const SignalInput& in) {
  const std::vector<const TouchRecord*> letters = LettersOfTheYear(*in.account, *in.zone, in.as_of);
  SignalValue out;
  out.value = Count(letters.size());
  if (!in.explain || letters.empty()) return out;
  const std::size_t first = letters.size() - std::min(letters.size(), SignalValue::kMaxEvidence);
  for (std::size_t i = first; i < letters.size(); ++i) out.evidence.push_back(letters[i]->key);
  out.armed_by = out.evidence.back();
  return out;
}

// The next day on which one of those letters is too old to count. The first is the oldest.
std::optional<Day> NextLetterLeaves(const SignalInput& in) {
  const std::vector<const TouchRecord*> letters = LettersOfTheYear(*in.account, *in.zone, in.as_of);
  if (letters.empty()) return std::nullopt;
  return DayOf(in, letters.front()->at) + kLetterYearDays;
}

const SignalColumn kColumns[] = {
    {"letter.count_365", ColumnType::kInteger, kNoUnit, "Letters and newsletters that went out to them in the last 365 days, mass mail included.",
     Motion::kPolled, 0, CountOfTheYear, {}, NextLetterLeaves},
};

}  // namespace

std::span<const SignalColumn> LetterSignals() { return kColumns; }

}  // namespace rapport
