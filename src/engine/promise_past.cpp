#include "engine/promise_past.hpp"

#include <algorithm>
#include <vector>

#include "rapport/expectation/keeping.hpp"
#include "rapport/expectation/promise_outcome.hpp"
#include "rapport/signals/promise_chance.hpp"

namespace rapport {
namespace {

// One account's part of the past, and of the work that waits.
class Gathering {
 public:
  Gathering(const Book& book, Instant as_of) : book_(book.context()), as_of_(as_of) {}

  // True where the account has a promise of ours.
  bool See(const Account& account) {
    bool any = false;
    for (const PromiseRecord& promise : account.promises) {
      if (promise.by != PromiseBy::kOurs) continue;
      any = true;
      SeePromise(account, promise);
    }
    return any;
  }
  const std::vector<PastPromise>& past() const { return past_; }
  const std::vector<WaitingWork>& waiting() const { return waiting_; }

 private:
  void SeePromise(const Account& account, const PromiseRecord& promise) {
    const Zone& zone = book_.ZoneOf(std::nullopt, account.profile.zone);
    const RepId rep = promise.rep.value_or(account.owner.value_or(RepId()));
    for (const PromiseWord& word : JudgeWords(promise, zone, WeekOf(book_, promise.rep), as_of_)) {
      if (!IsJudged(word.judged.outcome) || !word.settled_on.has_value()) continue;
      PastPromise one;
      one.rep = rep;
      one.product = promise.product.value_or(ProductId());
      one.segment = account.profile.segment.value_or(std::string());
      one.kept = IsKept(word.judged.outcome);
      one.settled = zone.StartOf(*word.settled_on);
      // How long it took is counted once, from the first word to the last delivery of the last.
      if (word.current() && word.judged.fulfilled_on.has_value()) one.lead_days = static_cast<double>(std::max<std::int64_t>(0, *word.judged.fulfilled_on - zone.LocalDay(promise.made)));
      if (word.terms.quantity.value_or(0) > 0 && word.judged.delivered > 0) one.delivered_share = word.judged.delivered / *word.terms.quantity;
      past_.push_back(std::move(one));
    }
    const std::optional<std::int64_t>& minutes = promise.work_left.has_value() ? promise.work_left : promise.work_minutes;
    if (promise.fulfilled || !promise.due.has_value() || minutes.value_or(0) <= 0) return;
    waiting_.push_back({rep, NameOfPromise(promise.key), *promise.due, *minutes});
  }

  const BookContext& book_;
  const Instant as_of_;
  std::vector<PastPromise> past_;
  std::vector<WaitingWork> waiting_;
};

}  // namespace

absl::StatusOr<ModelFitted> FitPromiseKeeping(const Book& book, Instant as_of) {
  Gathering gathering(book, as_of);
  std::int64_t customers = 0;
  for (const auto& [id, account] : book.accounts()) customers += gathering.See(*account) ? 1 : 0;
  return ModelFitted{std::string(kPromiseKeeping), PromiseKeeping::Of(gathering.past(), gathering.waiting()).ToJson(), customers, std::nullopt};
}

}  // namespace rapport
