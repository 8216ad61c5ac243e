#include "signals/touch_rows.hpp"

#include "signals/purchase_rows.hpp"

namespace rapport {
namespace {

bool IsContactRecord(const TouchRecord& record) { return IsContact(record.touch); }
bool IsCareRecord(const TouchRecord& record) { return IsCareContact(record.touch); }
bool RefusedContact(const TouchRecord& record) { return record.touch.disposition == Disposition::kRefusedContact; }

// Of the touches up to now.
template <class Wanted>
SignalValue MadeByTouches(const SignalInput& in, Cell value, Wanted wanted) {
  return MadeByThose(in, std::move(value), in.account->touches, [&](const TouchRecord& record) { return record.at <= in.as_of && wanted(record); });
}

SignalValue TouchCount(const SignalInput& in) { return MadeByTouches(in, TouchSumsOf(in).contacts, IsContactRecord); }

// A value of one touch; null where there is none.
template <class ValueOf>
SignalValue OfTouch(const SignalInput& in, const TouchRecord* record, ValueOf value_of) {
  return record == nullptr ? SignalValue() : MadeBy(in, value_of(*record), record->key);
}
Cell AtOf(const TouchRecord& record) { return record.at; }

SignalValue TouchLastAt(const SignalInput& in) { return OfTouch(in, LastContact(in), AtOf); }
SignalValue TouchLastCareAt(const SignalInput& in) { return OfTouch(in, LastCare(in), AtOf); }

SignalValue RefusedContactAt(const SignalInput& in) {
  const auto& touches = in.account->touches;
  const auto last = std::find_if(touches.rbegin(), touches.rend(), RefusedContact);
  return OfTouch(in, last == touches.rend() ? nullptr : &*last, AtOf);
}

SignalValue TouchDaysSince(const SignalInput& in) {
  return OfTouch(in, LastContact(in), [&](const TouchRecord& record) { return DaysSince(in, record.at); });
}

// Somebody never cared for has been so since the account began: a large account that nobody ever visited must not be
// lost.
SignalValue TouchDaysSinceCare(const SignalInput& in) {
  const TouchRecord* last = LastCare(in);
  if (last != nullptr) return MadeBy(in, DaysSince(in, last->at), last->key);
  const ToldEvent* first = in.account->BegunBy({});
  return first == nullptr ? SignalValue() : MadeBy(in, DaysSince(in, first->at), first->key);
}

SignalValue CareDays(const SignalInput& in) {
  return MadeByTouches(in, TouchSumsOf(in).care_days,
                       [](const TouchRecord& record) { return IsCareRecord(record) && ReachOf(record.touch) == TouchReach::kReached; });
}

SignalValue BothSidesShare(const SignalInput& in) {
  const std::optional<double> share = TouchSumsOf(in).both_sides_share;
  if (!share.has_value()) return {};
  const RelationshipTerms& terms = *in.context->relationship;
  SignalValue out = MadeByTouches(in, Number(*share),
                                  [&](const TouchRecord& record) { return terms.OneWayWeightOf(record.touch, ReachOf(record.touch)) > 0; });
  CiteTerms(in, out);
  return out;
}

SignalValue SoldSinceCare(const SignalInput& in) {
  const TouchSums sums = TouchSumsOf(in);
  const auto sold = [&](const TouchRecord& record) {
    const bool since = sums.last_care == nullptr || &record > sums.last_care;
    return since && IsSale(record.touch);
  };
  SignalValue out = MadeByThose(in, sums.sold_since_care, in.account->touches, sold);
  if (sums.last_care != nullptr) Cite(in, sums.last_care->key, out);   // without it more would count
  return out;
}

// --- how often they are to be contacted
using DaysOf = std::optional<std::int64_t> ContactInterval::*;

SignalValue WithInterval(const SignalInput& in, SignalValue out) {
  for (auto event = in.account->profile_events.rbegin(); event != in.account->profile_events.rend(); ++event) Cite(in, *event, out);
  CiteTerms(in, out);
  return out;
}

// Set by their profile, itself or by the grade, segment and tags that it names; else by the book.
template <DaysOf kDaysOf>
SignalValue IntervalDays(const SignalInput& in) {
  const std::optional<std::int64_t> days = IntervalOf(in).*kDaysOf;
  if (!days.has_value()) return WithInterval(in, {});
  const bool is_of_all = in.context->relationship->IntervalOf(CustomerUpserted()).*kDaysOf == days;
  const bool is_own = (kDaysOf == &ContactInterval::ideal_days ? in.account->profile.contact_ideal_days : in.account->profile.contact_latest_days).has_value();
  return WithInterval(in, MadeBy(in, *days, is_of_all && !is_own ? in.context->book->configured_by : in.account->profile_event));
}

// Below 0 until it is reached; 0 on the day itself.
template <DaysOf kDaysOf>
SignalValue DaysBeyond(const SignalInput& in) {
  const std::optional<std::int64_t> days = IntervalOf(in).*kDaysOf;
  if (!days.has_value()) return WithInterval(in, {});
  SignalValue out = TouchDaysSinceCare(in);
  if (const auto* since = std::get_if<std::int64_t>(&out.value)) out.value = *since - *days;
  return WithInterval(in, std::move(out));
}

// --- since an order
SignalValue TouchSinceDelivery(const SignalInput& in) {
  const PurchaseRecord* last = LastDelivered(in);
  if (last == nullptr) return {};
  const auto since = [&](const TouchRecord& record) { return record.at > *last->delivered && IsContactRecord(record); };
  const auto& touches = in.account->touches;
  const auto count = static_cast<std::size_t>(std::count_if(touches.begin(), touches.end(), since));
  SignalValue out = count == 0 ? MadeBy(in, Count(0), last->delivered_by) : MadeByThose(in, Count(count), touches, since);
  CiteDelivery(in, *last, out);
  return out;
}

SignalValue VisitsSinceFirstPurchase(const SignalInput& in) {
  if (in.account->purchases.empty()) return {};
  const Instant first = in.account->purchases.front().placed;
  const auto since = [&](const TouchRecord& record) { return record.at > first && IsMeeting(record.touch); };
  const auto& touches = in.account->touches;
  const auto count = std::count_if(touches.begin(), touches.end(), since);
  if (count == 0) return MadeBy(in, Count(0), in.account->purchases.front().key);
  SignalValue out = MadeByThose(in, Count(static_cast<std::size_t>(count)), touches, since);
  Cite(in, in.account->purchases.front().key, out);
  return out;
}

// Attempts that met nobody, since the last that met somebody. What is no contact, and what was sent without a word of an answer, tells nothing of it.
// The first of them arms the row: another one makes it longer, and no other row.
SignalValue AbsentInARow(const SignalInput& in) {
  SignalValue out;
  std::size_t absent = 0;
  const auto& touches = in.account->touches;
  for (auto record = touches.rbegin(); record != touches.rend(); ++record) {
    const TouchReach reach = ReachOf(record->touch);
    if (record->at > in.as_of || reach == TouchReach::kNone || reach == TouchReach::kSent) continue;
    if (in.explain && (absent == 0 || reach == TouchReach::kNobody)) out.armed_by = record->key;
    if (reach != TouchReach::kNobody) {
      Cite(in, record->key, out);   // without it the row would be longer
      break;
    }
    ++absent;
    if (in.explain && out.evidence.size() < SignalValue::kMaxEvidence) out.evidence.insert(out.evidence.begin(), record->key);
  }
  out.value = Count(absent);
  return out;
}

constexpr auto kIdeal = &ContactInterval::ideal_days;
constexpr auto kLatest = &ContactInterval::latest_days;

const SignalColumn kColumns[] = {
    {"touch.count", ColumnType::kInteger, kNoUnit, "Times we and the customer reached each other, either way.",
     Motion::kConstant, 0, TouchCount},
    {"touch.last_at", ColumnType::kInstant, kNoUnit, "When we last reached each other.", Motion::kConstant, 0,
     TouchLastAt},
    {"touch.last_care_at", ColumnType::kInstant, kNoUnit,
     "When we last reached each other for care or service; a touch without a purpose counts.", Motion::kConstant, 0,
     TouchLastCareAt},
    {"touch.days_since", ColumnType::kInteger, kDays, "Local days since we last reached each other.",
     Motion::kClockLinear, 1, TouchDaysSince},
    {"touch.days_since_care", ColumnType::kInteger, kDays,
     "Local days since the last care or service; since the account's first event where there was none.",
     Motion::kClockLinear, 1, TouchDaysSinceCare},
    {"touch.care_days", ColumnType::kInteger, kDays, "Different local days on which care or service reached them.", Motion::kConstant, 0, CareDays},
    {"touch.both_sides_share", ColumnType::kNumber, kNoUnit, "The share of the contact that the customers began, the newest counting most.",
     Motion::kConstant, 0, BothSidesShare},
    {"touch.sold_since_care", ColumnType::kInteger, kNoUnit, "Contacts of ours to sell since the last care or service.", Motion::kConstant, 0,
     SoldSinceCare},
    {"touch.ideal_days", ColumnType::kInteger, kDays, "Days between two contacts that care, as set for the customer, a tag, grade, segment or the book.",
     Motion::kConstant, 0, IntervalDays<kIdeal>},
    {"touch.latest_days", ColumnType::kInteger, kDays, "The most days between two contacts that care, likewise set.", Motion::kConstant, 0,
     IntervalDays<kLatest>},
    {"touch.due_days", ColumnType::kInteger, kDays, "Local days beyond the ideal interval since the last care; negative until then.",
     Motion::kClockLinear, 1, DaysBeyond<kIdeal>},
    {"touch.overdue_days", ColumnType::kInteger, kDays, "Local days beyond the longest interval since the last care; negative until then.",
     Motion::kClockLinear, 1, DaysBeyond<kLatest>},
    {"touch.since_delivery", ColumnType::kInteger, kNoUnit, "Times we reached each other after the last delivery.",
     Motion::kConstant, 0, TouchSinceDelivery},
    {"touch.refused_contact_at", ColumnType::kInstant, kNoUnit, "When the customer last would not take a contact.",
     Motion::kConstant, 0, RefusedContactAt},
    {"touch.visits_since_first_purchase", ColumnType::kInteger, kNoUnit, "Visits and meetings that reached them after their first purchase.",
     Motion::kConstant, 0, VisitsSinceFirstPurchase},
    {"reach.absent_in_a_row", ColumnType::kInteger, kNoUnit, "Attempts in a row, up to the last, that met nobody.", Motion::kConstant, 0,
     AbsentInARow, {}, nullptr, nullptr, true},
};

}  // namespace

std::span<const SignalColumn> TouchSignals() { return kColumns; }

}  // namespace rapport
