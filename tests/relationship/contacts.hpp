// Touches for tests, made in one line each.
#ifndef RAPPORT_TESTS_RELATIONSHIP_CONTACTS_HPP_
#define RAPPORT_TESTS_RELATIONSHIP_CONTACTS_HPP_

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "book/made_events.hpp"
#include "rapport/relationship/terms.hpp"
#include "rapport/relationship/touch_sums.hpp"

namespace rapport::made {

inline Touch By(Channel channel, std::optional<Purpose> purpose = Purpose::kCare, std::optional<Disposition> disposition = Disposition::kReached,
                Direction direction = Direction::kOutbound) {
  Touch touch = Called(purpose, disposition, direction);
  touch.channel = channel;
  return touch;
}
inline Touch Of(Touch touch, TouchKind kind) {
  touch.kind = kind;
  return touch;
}
inline Touch From(Touch touch, std::string rep) {
  touch.rep = RepId::Trusted(std::move(rep));
  return touch;
}

inline Account AccountWith(std::vector<std::pair<Instant, Touch>> touches) {
  std::stable_sort(touches.begin(), touches.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Account account;
  account.id = Customer("c");
  int number = 0;
  for (auto& [at, touch] : touches) account.touches.push_back({{"test", "t-" + std::to_string(++number)}, at, std::move(touch)});
  if (!account.touches.empty()) account.first_event_at = account.touches.front().at;
  return account;
}

inline const Zone& ZoneNamed(std::string_view name) { return **ZoneRules::Bundled().Find(name); }
inline const Zone& AnyZone() { return ZoneNamed(*rc::gen::element<std::string>("UTC", "Asia/Tokyo", "America/New_York", "Pacific/Auckland", "America/Santiago")); }

// Within `days` after the start of 2026.
inline Instant AnyMomentWithin(int days) { return At("2026-01-01T00:00:00Z").PlusMinutes(*rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, days * 1440))); }

inline Touch AnyTouch() {
  Touch touch;
  touch.channel = *rc::gen::element(Channel::kVisit, Channel::kCall, Channel::kMail, Channel::kLetter, Channel::kMessage, Channel::kMeeting, Channel::kSeminar,
                                    Channel::kNewsletter);
  touch.direction = *rc::gen::element(Direction::kOutbound, Direction::kInbound);
  touch.purpose = *rc::gen::element<std::optional<Purpose>>(std::nullopt, Purpose::kCare, Purpose::kService, Purpose::kSell, Purpose::kAdmin);
  touch.disposition = *rc::gen::element<std::optional<Disposition>>(std::nullopt, Disposition::kReached, Disposition::kReached, Disposition::kAbsent,
                                                                    Disposition::kCallBack, Disposition::kAutoReply, Disposition::kRefusedContact);
  touch.kind = *rc::gen::element<std::optional<TouchKind>>(std::nullopt, std::nullopt, TouchKind::kPersonal, TouchKind::kMass, TouchKind::kCopy, TouchKind::kEdit);
  touch.rep = RepId::Trusted(*rc::gen::element<std::string>("r-1", "r-2", "r-3"));
  return touch;
}

inline std::vector<std::pair<Instant, Touch>> AnyTouches(int days) {
  std::vector<std::pair<Instant, Touch>> touches;
  const int count = *rc::gen::inRange(0, 25);
  for (int i = 0; i < count; ++i) touches.emplace_back(AnyMomentWithin(days), AnyTouch());
  return touches;
}

}  // namespace rapport::made

#endif  // RAPPORT_TESTS_RELATIONSHIP_CONTACTS_HPP_
