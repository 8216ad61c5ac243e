// Books of orders, losses and touches for the tests of economics.
#ifndef RAPPORT_TESTS_VALUE_ECONOMICS_WORLD_HPP_
#define RAPPORT_TESTS_VALUE_ECONOMICS_WORLD_HPP_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "book/made_events.hpp"
#include "rapport/value/economics_terms.hpp"

namespace rapport::made {

inline EconomicsTerms Terms(std::string_view json) {
  const auto terms = EconomicsTerms::FromJson(*Json::Parse(json));
  EXPECT_TRUE(terms.ok()) << terms.status();
  return terms.ok() ? *terms : EconomicsTerms();
}

// Events one after the other, each with an id of its own; in euros unless it is told otherwise.
class Trade {
 public:
  Trade() {
    BookConfigured book;
    book.reporting_currency = "EUR";
    Add("", "2020-01-01T00:00:00Z", book);
  }
  Trade& Add(std::string customer, std::string_view at, Payload data) { return Add(std::move(customer), At(at), std::move(data)); }
  Trade& Add(std::string customer, Instant at, Payload data) {
    events_.push_back(Happened(std::move(customer), "e" + std::to_string(events_.size()), at, std::move(data)));
    return *this;
  }
  Trade& Order(const std::string& customer, const std::string& order, std::string_view at, std::string_view amount, std::optional<Money> margin = std::nullopt,
               std::optional<std::string> rep = std::nullopt) {
    PurchasePlaced placed = Placed({Line(std::nullopt, Euro(amount), margin)}, order);
    if (rep.has_value()) placed.rep = RepId::Trusted(*rep);
    return Add(customer, at, placed);
  }
  Trade& Call(const std::string& customer, std::string_view at, std::optional<std::int64_t> minutes = std::nullopt) {
    Touch touch = Called();
    touch.minutes = minutes;
    return Add(customer, at, touch);
  }
  Trade& Cancel(const std::string& customer, const std::string& order, std::string_view at) {
    PurchaseCancelled cancelled;
    cancelled.order = OrderId::Trusted(order);
    return Add(customer, at, cancelled);
  }
  std::shared_ptr<const Book> AsBook() const { return BookOf(events_); }

 private:
  std::vector<Event> events_;
};

}  // namespace rapport::made

#endif  // RAPPORT_TESTS_VALUE_ECONOMICS_WORLD_HPP_
