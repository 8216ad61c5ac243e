#include "signals/rows.hpp"

namespace rapport {
namespace {

// Unless it is noted otherwise, a touch reached its customer and was care.
bool Reached(const TouchRecord& record) {
  return record.touch.disposition.value_or(Disposition::kReached) == Disposition::kReached;
}
bool ReachedCare(const TouchRecord& record) {
  const Purpose purpose = record.touch.purpose.value_or(Purpose::kCare);
  return Reached(record) && (purpose == Purpose::kCare || purpose == Purpose::kService);
}
bool RefusedContact(const TouchRecord& record) { return record.touch.disposition == Disposition::kRefusedContact; }

template <class Wanted>
const TouchRecord* Last(const SignalInput& in, Wanted wanted) {
  const auto& touches = in.account->touches;
  const auto last = std::find_if(touches.rbegin(), touches.rend(), wanted);
  return last != touches.rend() ? &*last : nullptr;
}

SignalValue TouchCount(const SignalInput& in) {
  const auto& touches = in.account->touches;
  const auto reached = std::count_if(touches.begin(), touches.end(), Reached);
  return MadeByThose(in, Count(static_cast<std::size_t>(reached)), touches, Reached);
}

SignalValue TouchLastAt(const SignalInput& in) {
  const TouchRecord* last = Last(in, Reached);
  return last == nullptr ? SignalValue() : MadeBy(in, last->at, last->key);
}

SignalValue TouchLastCareAt(const SignalInput& in) {
  const TouchRecord* last = Last(in, ReachedCare);
  return last == nullptr ? SignalValue() : MadeBy(in, last->at, last->key);
}

SignalValue RefusedContactAt(const SignalInput& in) {
  const TouchRecord* last = Last(in, RefusedContact);
  return last == nullptr ? SignalValue() : MadeBy(in, last->at, last->key);
}

SignalValue TouchDaysSince(const SignalInput& in) {
  const TouchRecord* last = Last(in, Reached);
  return last == nullptr ? SignalValue() : MadeBy(in, DaysSince(in, last->at), last->key);
}

// Somebody never cared for has been so since the account began: a large account that nobody ever visited must not be
// lost.
SignalValue TouchDaysSinceCare(const SignalInput& in) {
  const TouchRecord* last = Last(in, ReachedCare);
  if (last != nullptr) return MadeBy(in, DaysSince(in, last->at), last->key);
  const ToldEvent* first = in.account->BegunBy({});
  return first == nullptr ? SignalValue() : MadeBy(in, DaysSince(in, first->at), first->key);
}

SignalValue TouchSinceDelivery(const SignalInput& in) {
  std::optional<Instant> delivered;
  EventKey delivery;
  for (const PurchaseRecord& purchase : in.account->purchases) {
    if (!purchase.delivered.has_value() || (delivered.has_value() && *purchase.delivered < *delivered)) continue;
    delivered = purchase.delivered;
    if (in.explain) delivery = purchase.delivered_by;
  }
  if (!delivered.has_value()) return {};
  const auto since = [&](const TouchRecord& record) { return Reached(record) && record.at > *delivered; };
  const auto& touches = in.account->touches;
  const auto count = std::count_if(touches.begin(), touches.end(), since);
  if (count == 0) return MadeBy(in, Count(0), delivery);
  SignalValue out = MadeByThose(in, Count(static_cast<std::size_t>(count)), touches, since);
  Cite(in, delivery, out);
  return out;
}

bool IsVisit(const TouchRecord& record) {
  return Reached(record) && (record.touch.channel == Channel::kVisit || record.touch.channel == Channel::kMeeting);
}

SignalValue VisitsSinceFirstPurchase(const SignalInput& in) {
  if (in.account->purchases.empty()) return {};
  const Instant first = in.account->purchases.front().placed;
  const auto since = [&](const TouchRecord& record) { return IsVisit(record) && record.at > first; };
  const auto& touches = in.account->touches;
  const auto count = std::count_if(touches.begin(), touches.end(), since);
  if (count == 0) return MadeBy(in, Count(0), in.account->purchases.front().key);
  SignalValue out = MadeByThose(in, Count(static_cast<std::size_t>(count)), touches, since);
  Cite(in, in.account->purchases.front().key, out);
  return out;
}

// Attempts that met nobody, since the last that met somebody.
SignalValue AbsentInARow(const SignalInput& in) {
  SignalValue out;
  std::size_t absent = 0;
  const auto& touches = in.account->touches;
  for (auto record = touches.rbegin(); record != touches.rend(); ++record) {
    const Disposition disposition = record->touch.disposition.value_or(Disposition::kReached);
    if (disposition != Disposition::kAbsent && disposition != Disposition::kBusy) {
      Cite(in, record->key, out);   // without it the row would be longer
      break;
    }
    ++absent;
    if (in.explain && out.evidence.size() < SignalValue::kMaxEvidence) out.evidence.insert(out.evidence.begin(), record->key);
  }
  out.value = Count(absent);
  if (in.explain && !touches.empty()) out.armed_by = touches.back().key;
  return out;
}

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
    {"touch.since_delivery", ColumnType::kInteger, kNoUnit, "Times we reached each other after the last delivery.",
     Motion::kConstant, 0, TouchSinceDelivery},
    {"touch.refused_contact_at", ColumnType::kInstant, kNoUnit, "When the customer last would not take a contact.",
     Motion::kConstant, 0, RefusedContactAt},
    {"touch.visits_since_first_purchase", ColumnType::kInteger, kNoUnit, "Visits and meetings that reached them after their first purchase.",
     Motion::kConstant, 0, VisitsSinceFirstPurchase},
    {"reach.absent_in_a_row", ColumnType::kInteger, kNoUnit, "Attempts in a row, up to the last, that met nobody.", Motion::kConstant, 0,
     AbsentInARow},
};

}  // namespace

std::span<const SignalColumn> TouchSignals() { return kColumns; }

}  // namespace rapport
