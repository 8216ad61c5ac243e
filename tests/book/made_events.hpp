// Events for tests, made in one line each.
#ifndef RAPPORT_TESTS_BOOK_MADE_EVENTS_HPP_
#define RAPPORT_TESTS_BOOK_MADE_EVENTS_HPP_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "rapport/book/book.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport::made {

inline Instant At(std::string_view text) {
  const absl::StatusOr<Stamp> stamp = ParseStamp(text);
  EXPECT_TRUE(stamp.ok()) << text;
  return stamp.ok() ? stamp->at : Instant();
}

inline Currency Eur() { return *Currency::Parse("EUR"); }
inline Money Euro(std::string_view decimal) { return *Money::Parse(decimal, Eur()); }
inline Money In(std::string_view currency, std::string_view decimal) {
  return *Money::Parse(decimal, *Currency::Parse(currency));
}
inline CustomerId Customer(std::string id) { return CustomerId::Trusted(std::move(id)); }

// Known when it happened.
inline Event Happened(std::string subject, std::string id, Instant at, Payload data) {
  Event event;
  event.key = {"test", std::move(id)};
  event.subject = Customer(std::move(subject));
  event.occurred = {at, 0};
  event.recorded = at;
  event.claimed = at;
  event.data = std::move(data);
  return event;
}
inline Event Happened(std::string subject, std::string id, std::string_view at, Payload data) {
  return Happened(std::move(subject), std::move(id), At(at), std::move(data));
}
inline Event KnownAt(Event event, std::string_view recorded) {
  event.recorded = At(recorded);
  event.claimed = event.recorded;
  return event;
}

inline PurchaseLine Line(std::optional<std::string> product, std::optional<Money> amount,
                         std::optional<Money> margin = std::nullopt, std::optional<double> quantity = std::nullopt) {
  PurchaseLine line;
  if (product.has_value()) line.product = ProductId::Trusted(*product);
  line.amount = amount;
  line.margin = margin;
  line.quantity = quantity;
  return line;
}
inline PurchasePlaced Placed(std::vector<PurchaseLine> lines, std::optional<std::string> order = std::nullopt) {
  PurchasePlaced placed;
  if (order.has_value()) placed.order = OrderId::Trusted(*order);
  placed.lines = std::move(lines);
  return placed;
}
inline PurchasePlaced Bought(std::string_view euros) { return Placed({Line(std::nullopt, Euro(euros))}); }
inline PurchaseDelivered Delivered(std::optional<std::string> order = std::nullopt) {
  PurchaseDelivered delivered;
  if (order.has_value()) delivered.order = OrderId::Trusted(*order);
  return delivered;
}
inline PurchaseReturned Returned(std::optional<Money> amount = std::nullopt,
                                 std::optional<std::string> order = std::nullopt) {
  PurchaseReturned returned;
  if (order.has_value()) returned.order = OrderId::Trusted(*order);
  returned.amount = amount;
  return returned;
}
inline Touch Called(std::optional<Purpose> purpose = Purpose::kCare,
                    std::optional<Disposition> disposition = Disposition::kReached,
                    Direction direction = Direction::kOutbound) {
  Touch touch;
  touch.direction = direction;
  touch.purpose = purpose;
  touch.disposition = disposition;
  return touch;
}
inline WorryRaised Worried(std::optional<std::string> worry = std::nullopt) {
  WorryRaised raised;
  if (worry.has_value()) raised.worry = WorryId::Trusted(*worry);
  return raised;
}
inline WorryResolved Resolved(std::optional<std::string> worry = std::nullopt) {
  WorryResolved resolved;
  if (worry.has_value()) resolved.worry = WorryId::Trusted(*worry);
  return resolved;
}
inline PromiseMade Promised(std::optional<std::string_view> due, std::optional<double> quantity = std::nullopt,
                            std::optional<std::string> promise = std::nullopt) {
  PromiseMade made;
  if (promise.has_value()) made.promise = PromiseId::Trusted(*promise);
  if (due.has_value()) made.due = *ParseDay(*due);
  made.quantity = quantity;
  return made;
}
inline PromiseDelivered Kept(std::optional<double> quantity = std::nullopt,
                             std::optional<std::string> promise = std::nullopt) {
  PromiseDelivered delivered;
  if (promise.has_value()) delivered.promise = PromiseId::Trusted(*promise);
  delivered.quantity = quantity;
  return delivered;
}
inline CustomerUpserted InZone(std::string zone) {
  CustomerUpserted customer;
  customer.zone = std::move(zone);
  return customer;
}
inline ProductUpserted Product(std::string id, std::optional<std::int64_t> return_days,
                               std::optional<Money> margin = std::nullopt) {
  ProductUpserted product;
  product.product = ProductId::Trusted(std::move(id));
  product.return_days = return_days;
  product.margin = margin;
  return product;
}
inline FollowUpIssued Issued(std::string id, std::int64_t revision, std::int64_t minutes = 10) {
  FollowUpIssued issued;
  issued.followup = FollowUpId::Trusted(std::move(id));
  issued.revision = revision;
  issued.minutes = minutes;
  return issued;
}
template <class T>
T About(std::string followup) {
  T event;
  event.followup = FollowUpId::Trusted(std::move(followup));
  return event;
}

inline std::shared_ptr<const Book> BookOf(std::vector<Event> events) {
  BookBuilder builder(ZoneRules::Bundled());
  for (Event& event : events) builder.Add(std::move(event));
  return builder.AsKnown(std::nullopt);
}

}  // namespace rapport::made

#endif  // RAPPORT_TESTS_BOOK_MADE_EVENTS_HPP_
