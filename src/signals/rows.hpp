// What the families of signals share: how a value is made, and where each family's columns are.
#ifndef RAPPORT_SRC_SIGNALS_ROWS_HPP_
#define RAPPORT_SRC_SIGNALS_ROWS_HPP_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include "rapport/core/status.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

std::span<const SignalColumn> PurchaseSignals();
std::span<const SignalColumn> ValueSignals();
std::span<const SignalColumn> PromiseSignals();
std::span<const SignalColumn> PromiseChanceSignals();
std::span<const SignalColumn> WorrySignals();
std::span<const SignalColumn> TouchSignals();
std::span<const SignalColumn> AccountSignals();
std::span<const SignalColumn> RelationSignals();
std::span<const SignalColumn> ExpectationSignals();
std::span<const SignalColumn> OwnerSignals();
std::span<const SignalColumn> RelationshipSignals();
std::span<const SignalColumn> NetworkSignals();
std::span<const SignalColumn> LetterSignals();

// The weights of the book and the model `repeat`. `signal.invalid_model`.
absl::Status ReadExpectations(const BookContext& book, SignalContext& context);
// The terms of the book, else ours.
void ReadRelationship(const BookContext& book, SignalContext& context);
// The models `worries` and `referrals`. `signal.invalid_model`.
absl::Status ReadNetwork(const BookContext& book, SignalContext& context);

// The newest model of a name, as T reads it; none where none was fitted. `signal.invalid_model`.
template <class T>
absl::Status ReadModel(const BookContext& book, std::string_view name, std::shared_ptr<const T>& model, EventKey& event) {
  const auto found = book.models.find(std::string(name));
  if (found == book.models.end()) return absl::OkStatus();
  absl::StatusOr<T> read = T::FromJson(found->second.model.fitted);
  if (!read.ok()) return Invalid("signal.invalid_model", "model.fitted " + found->second.key.id + ", " + std::string(ToStd(read.status().message())));
  model = std::make_shared<const T>(*std::move(read));
  event = found->second.key;
  return absl::OkStatus();
}

inline constexpr std::string_view kDays = "days";
inline constexpr std::string_view kReportingCurrency = "reporting currency";
inline constexpr std::string_view kNoUnit = "";

inline Cell Count(std::size_t n) { return static_cast<std::int64_t>(n); }
inline Cell Number(double value) { return std::isfinite(value) ? Cell(RoundSignal(value)) : Cell(); }

inline std::int64_t DaysFrom(Day from, Day to) { return static_cast<std::int64_t>(to - from); }
inline Day DayOf(const SignalInput& in, Instant at) { return in.zone->LocalDay(at); }

// Local days from `at` to today; null before it.
inline Cell DaysSince(const SignalInput& in, Instant at) {
  const std::int64_t days = DaysFrom(DayOf(in, at), in.today);
  return days < 0 ? Cell() : Cell(days);
}

// A value made by one event; `cause` may be empty.
inline SignalValue MadeBy(const SignalInput& in, Cell value, const EventKey& cause) {
  SignalValue out;
  out.value = std::move(value);
  if (!in.explain || cause.empty()) return out;
  out.evidence.push_back(cause);
  out.armed_by = cause;
  return out;
}

// A value made by the records (in canonical order, each with a `key`) of which `wanted` is true: the newest are its
// evidence, the last of them its cause.
template <class Records, class Wanted>
SignalValue MadeByThose(const SignalInput& in, Cell value, const Records& records, Wanted wanted) {
  SignalValue out;
  out.value = std::move(value);
  if (!in.explain) return out;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (out.evidence.size() == SignalValue::kMaxEvidence) break;
    if (wanted(*record)) out.evidence.push_back(record->key);
  }
  if (out.evidence.empty()) return out;
  std::reverse(out.evidence.begin(), out.evidence.end());
  out.armed_by = out.evidence.back();
  return out;
}

template <class Records>
SignalValue MadeByAll(const SignalInput& in, Cell value, const Records& records) {
  return MadeByThose(in, std::move(value), records, [](const auto&) { return true; });
}

// What else a value rests on, after what it is made of: without a closing the record would be counted again.
inline void Cite(const SignalInput& in, const EventKey& key, SignalValue& out) {
  if (!in.explain || key.empty() || out.evidence.size() >= SignalValue::kMaxEvidence) return;
  if (std::find(out.evidence.begin(), out.evidence.end(), key) == out.evidence.end()) out.evidence.push_back(key);
}

// `closed_by`: of a record; empty where nothing closed it. The newest first.
template <class Records, class ClosedBy>
SignalValue WithClosings(const SignalInput& in, SignalValue out, const Records& records, ClosedBy closed_by) {
  for (auto record = records.rbegin(); record != records.rend(); ++record) Cite(in, closed_by(*record), out);
  return out;
}

// `changes`: of a record, in order.
template <class Records, class Changes>
SignalValue WithChanges(const SignalInput& in, SignalValue out, const Records& records, Changes changes) {
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    const std::vector<EventKey>& all = changes(*record);
    for (auto key = all.rbegin(); key != all.rend(); ++key) Cite(in, *key, out);
  }
  return out;
}

// When an event that a record of the account names occurred; null where none does. O(records).
std::optional<Instant> OccurredAt(const Account& account, const EventKey& key);

// The newest of several events: of those at one moment, the one told last.
class NewestEvent {
 public:
  void See(Instant at, const EventKey& key) {
    if (key.empty() || (!key_.empty() && at < at_)) return;
    at_ = at;
    key_ = key;
  }
  const EventKey& key() const { return key_; }

 private:
  Instant at_;
  EventKey key_;
};

// Amounts in the reporting currency. One in another currency, without a rate, makes the whole unknown.
class ReportingSum {
 public:
  explicit ReportingSum(const SignalInput& in) : book_(*in.context->book), currency_(book_.reporting_currency) {}

  // `at`: whose rate counts, where the amount is in another currency.
  void Add(const Money& amount, Instant at) {
    ++counted_;
    const absl::StatusOr<Money> reported = book_.InReporting(amount, at);
    known_ = known_ && reported.ok();
    if (!known_) return;
    const absl::StatusOr<Money> sum = sum_.Add(*reported);
    if (sum.ok()) sum_ = *sum;
    known_ = known_ && sum.ok();
  }
  void Subtract(const Money& amount, Instant at) {
    if (amount.minor() == std::numeric_limits<std::int64_t>::min()) known_ = false;
    else Add(Money(-amount.minor(), amount.currency()), at);
  }
  // In major units; null where it cannot be told, or where nothing was counted though something should have been.
  Cell Value(bool nothing_is_zero) const {
    if (!currency_.has_value() || !known_ || (counted_ == 0 && !nothing_is_zero)) return Cell();
    return Number(sum_.ToMajor());
  }

 private:
  const BookContext& book_;
  std::optional<Currency> currency_;
  Money sum_;
  bool known_ = true;
  int counted_ = 0;
};

// The distinct local days with a purchase, ascending.
std::vector<Day> PurchaseDays(const SignalInput& in);

}  // namespace rapport

#endif  // RAPPORT_SRC_SIGNALS_ROWS_HPP_
