// A book asked for one signal of one customer.
#ifndef RAPPORT_TESTS_SIGNALS_SIGNALS_FOR_TEST_HPP_
#define RAPPORT_TESTS_SIGNALS_SIGNALS_FOR_TEST_HPP_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "book/made_events.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport::made {

class Asked {
 public:
  Asked(std::vector<Event> events, std::string_view as_of, std::string customer = "c")
      : book_(BookOf(std::move(events))), context_(*SignalContext::From(book_->context())),
        account_(book_->Find(Customer(std::move(customer)))), as_of_(At(as_of)) {
    EXPECT_NE(account_, nullptr);
  }

  SignalInput input() const { return InputFor(*account_, context_, as_of_); }
  SignalValue Of(std::string_view signal) const { return Column(signal).compute(input()); }
  Cell ValueOf(std::string_view signal) const { return Of(signal).value; }
  std::string ArmedBy(std::string_view signal) const { return Of(signal).armed_by.id; }
  std::vector<std::string> EvidenceOf(std::string_view signal) const {
    std::vector<std::string> ids;
    for (const EventKey& key : Of(signal).evidence) ids.push_back(key.id);
    return ids;
  }
  static const SignalColumn& Column(std::string_view signal) { return **FindSignal(signal); }

 private:
  std::shared_ptr<const Book> book_;
  SignalContext context_;
  std::shared_ptr<const Account> account_;
  Instant as_of_;
};

inline Cell Whole(std::int64_t n) { return n; }
inline Cell Null() { return {}; }

}  // namespace rapport::made

#endif  // RAPPORT_TESTS_SIGNALS_SIGNALS_FOR_TEST_HPP_
