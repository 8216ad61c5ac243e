#include "expectation/words.hpp"

#include "rapport/book/context.hpp"

namespace rapport {

std::vector<SettledWord> SettledWordsOf(const PromiseRecord& promise, const Zone& zone, Instant as_of) {
  static const WorkingWeek week = OfficeWeek();   // settles nothing: working days tell only what is due soon
  std::vector<SettledWord> settled;
  for (const PromiseWord& word : JudgeWords(promise, zone, week, as_of)) {
    const PromiseJudgement& judged = word.judged;
    if (!IsJudged(judged.outcome)) continue;
    SettledWord& one = settled.emplace_back();
    one.outcome = judged.outcome;
    one.broken = IsBroken(judged.outcome);
    one.due = word.terms.due;
    if (word.settled_on.has_value()) one.settled = zone.StartOf(*word.settled_on);
    one.margin_days = static_cast<double>(judged.margin_days.value_or(0));
    const double promised = word.terms.quantity.value_or(0);
    if (judged.outcome == PromiseOutcome::kOverdue) one.margin_share = -1;
    else if (promised > 0) one.margin_share = judged.margin_quantity.value_or(0) / promised;
  }
  return settled;
}

}  // namespace rapport
