#include "plan/report_gather.hpp"

#include "policy/purchase_dates.hpp"
#include "rapport/expectation/pinned_down.hpp"
#include "rapport/expectation/promise_outcome.hpp"
#include "rapport/policy/letters.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

Day TodayOf(const Book& book, Instant as_of) { return book.context().ZoneOf(std::nullopt, std::nullopt).LocalDay(as_of); }

bool IsOf(const WorryRecord& worry, const PurchaseRecord& order) {
  if (!worry.product.has_value()) return true;
  return std::any_of(order.lines.begin(), order.lines.end(), [&](const PurchaseLine& line) { return line.product == worry.product; });
}

}  // namespace

ReportGathering::ReportGathering(const Book& book, const SignalContext& context, Instant as_of)
    : tally(book.context(), {}, WeekSpan::Before(TodayOf(book, as_of), 2 * kReportWeeks), as_of),
      today(TodayOf(book, as_of)),
      book_(book),
      context_(context),
      as_of_(as_of) {}

std::optional<int> ReportGathering::PeriodOf(const SignalInput& in, Day day) const {
  const std::int64_t back = in.today - day;
  if (back < 0 || back >= 2 * kReportDays) return std::nullopt;
  return back < kReportDays ? 0 : 1;
}

void ReportGathering::Add(const Account& account) {
  const SignalInput in = InputFor(account, context_, as_of_);
  AddWorries(in);
  AddOrders(in);
  AddPromises(in);
  AddSpared(in);
  AddContacts(in);
  AddLetters(in);
  tally.Add(account);
  for (const auto& [id, record] : account.followups) fired.insert(record.issued.rule);
  for (const auto& [id, record] : account.relations.enrolments) fired.insert(record.entered.cadence);
}

void ReportGathering::AddWorries(const SignalInput& in) {
  worries.push_back(WorriesOf(*in.account, *in.zone, as_of_));
  for (const WorryRecord& worry : in.account->worries) {
    if (worry.raised > as_of_) continue;
    if (worry.product.has_value()) product_worries.Add(worry.key);
    const Day raised = in.zone->LocalDay(worry.raised);
    if (!worry.resolved.has_value() || *worry.resolved > as_of_) {
      open_worries.Count(0, worry.key);
      oldest_worry = std::min(oldest_worry.value_or(raised), raised);
      continue;
    }
    const Day resolved = in.zone->LocalDay(*worry.resolved);
    const std::optional<int> period = PeriodOf(in, resolved);
    if (!period.has_value()) continue;
    resolved_worries.Count(*period, worry.resolved_by);
    resolved_days[static_cast<std::size_t>(*period)][resolved - raised] += 1;
  }
}

void ReportGathering::AddOrders(const SignalInput& in) {
  for (const PinnedOrder& one : PinDown(*in.account, *in.zone, in.today - (2 * kReportDays - 1), in.today)) {
    const std::optional<int> period = PeriodOf(in, one.placed_on);
    if (!period.has_value() || one.order->placed > as_of_) continue;
    orders.Count(*period, one.order->key);
    if (one.pinned()) pinned.Count(*period, one.promise->key);
  }
}

void ReportGathering::AddPromises(const SignalInput& in) {
  for (const PromiseRecord& promise : in.account->promises) {
    if (promise.by != PromiseBy::kOurs) continue;
    for (const PromiseWord& word : JudgeWords(promise, *in.zone, WeekOf(book_.context(), promise.rep), as_of_)) {
      if (!IsJudged(word.judged.outcome) || !word.settled_on.has_value()) continue;
      const std::optional<int> period = PeriodOf(in, *word.settled_on);
      if (!period.has_value()) continue;
      judged.Count(*period, promise.key);
      if (IsKept(word.judged.outcome)) kept.Count(*period, promise.fulfilled_by);
      if (word.judged.outcome == PromiseOutcome::kExceeded) exceeded.Count(*period, promise.fulfilled_by);
    }
  }
}

// See report.hpp: no more than that both happened and nothing came back.
void ReportGathering::AddSpared(const SignalInput& in) {
  for (const PurchaseRecord& order : in.account->purchases) {
    const std::optional<Day> ends = ReturnWindowEnd(order, book_.context(), *in.zone);
    if (!ends.has_value() || order.returned.has_value() || *ends >= in.today || PeriodOf(in, *ends) != 0) continue;
    const auto in_window = [&](Instant at) { return *order.delivered <= at && in.zone->LocalDay(at) <= *ends; };
    const auto& touches = in.account->touches;
    const auto care = std::find_if(touches.begin(), touches.end(), [&](const TouchRecord& record) {
      return in_window(record.at) && IsCareContact(record.touch) && ReachOf(record.touch) == TouchReach::kReached;
    });
    const auto& all = in.account->worries;
    const auto solved = std::find_if(all.begin(), all.end(), [&](const WorryRecord& worry) {
      return worry.resolved.has_value() && in_window(*worry.resolved) && IsOf(worry, order);
    });
    if (care == touches.end() || solved == all.end()) continue;
    spared.Count(0, order.key);
    for (const EventKey& key : {order.delivered_by, care->key, solved->key, solved->resolved_by}) spared.cited.Add(key);
    const std::optional<Money> amount = order.KeptAmount();
    absl::StatusOr<Money> sum = amount.has_value() ? book_.context().InReporting(*amount, order.placed) : absl::StatusOr<Money>(absl::NotFoundError(""));
    if (sum.ok()) sum = spared_money.value_or(Money()).Add(*sum);
    money_known_ = money_known_ && sum.ok();
    spared_money = money_known_ ? std::optional(*sum) : std::nullopt;
  }
}

void ReportGathering::AddContacts(const SignalInput& in) {
  bool before = false;
  for (const TouchRecord& record : in.account->touches) {
    if (record.at > as_of_ || !IsMeeting(record.touch)) continue;
    if (const std::optional<int> period = PeriodOf(in, in.zone->LocalDay(record.at))) {
      visits.Count(*period, record.key);
      if (before) revisits.Count(*period, record.key);
    }
    before = true;
  }
  for (const Said<ReferralMade>& said : in.account->relations.referrals) {
    const std::optional<int> period = said.at <= as_of_ ? PeriodOf(in, in.zone->LocalDay(said.at)) : std::nullopt;
    if (period.has_value()) referrals.Count(*period, said.key);
  }
}

void ReportGathering::AddLetters(const SignalInput& in) {
  const std::vector<const TouchRecord*> sent = LettersOfTheYear(*in.account, *in.zone, as_of_);
  letters += static_cast<std::int64_t>(sent.size());
  if (!LetterSenderOf(*in.account, context_, as_of_).has_value()) return;
  known_customers += 1;
  if (static_cast<std::int64_t>(sent.size()) >= kFewestLettersAYear) return;
  few_letters += 1;
  for (const TouchRecord* letter : sent) few_letters_events.Add(letter->key);
}

}  // namespace rapport
