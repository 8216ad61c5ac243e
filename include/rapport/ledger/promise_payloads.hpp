// Floor 1. What was expected, what was promised, and what became of it: payloads as in payloads.hpp, which includes this.
#ifndef RAPPORT_LEDGER_PROMISE_PAYLOADS_HPP_
#define RAPPORT_LEDGER_PROMISE_PAYLOADS_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rapport/core/ids.hpp"
#include "rapport/core/time.hpp"
#include "rapport/ledger/need.hpp"
#include "rapport/ledger/vocabulary.hpp"

namespace rapport {

struct ExpectationStated {
  static constexpr std::string_view kType = "expectation.stated";
  std::string dimension;
  std::optional<double> level;  // 0 to 10
  std::optional<bool> inferred;  // true: concluded by us, not said
  std::optional<ContactId> contact;
  std::optional<OrderId> order;
  std::optional<std::string> text;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("dimension", &ExpectationStated::dimension, kRequired);
    v.Fact("level", &ExpectationStated::level);
    v.Fact("inferred", &ExpectationStated::inferred);
    v.Fact("contact", &ExpectationStated::contact);
    v.Fact("order", &ExpectationStated::order);
    v.Private("text", &ExpectationStated::text);
  }
};

struct PromiseMade {
  static constexpr std::string_view kType = "promise.made";
  std::optional<PromiseId> promise;    // absent: the event's id
  std::optional<double> quantity;      // absent: one thing, done or not
  std::optional<std::string> unit;
  std::optional<Day> due;              // the last local day
  std::optional<std::string> dimension;
  std::optional<PromiseBy> by;         // absent: ours
  std::optional<RepId> rep;
  std::optional<ContactId> contact;
  std::optional<OrderId> order;
  std::optional<ProductId> product;
  std::optional<std::int64_t> work_minutes;  // the work it takes to keep it, 0 or more
  std::optional<std::string> what;     // private
  template <class V> static void Describe(V& v) {
    v.Fact("promise", &PromiseMade::promise);
    v.Fact("quantity", &PromiseMade::quantity);
    v.Fact("unit", &PromiseMade::unit);
    v.Fact("due", &PromiseMade::due);
    v.Fact("dimension", &PromiseMade::dimension);
    v.Fact("by", &PromiseMade::by);
    v.Fact("rep", &PromiseMade::rep);
    v.Fact("contact", &PromiseMade::contact);
    v.Fact("order", &PromiseMade::order);
    v.Fact("product", &PromiseMade::product);
    v.Fact("work_minutes", &PromiseMade::work_minutes);
    v.Private("what", &PromiseMade::what);
  }
};

struct PromiseDelivered {
  static constexpr std::string_view kType = "promise.delivered";
  std::optional<PromiseId> promise;  // absent: the open promise that falls due first
  std::optional<double> quantity;    // absent: all that was open
  std::optional<std::string> unit;   // absent: that of the promise; another than promised: it counts for nothing
  template <class V> static void Describe(V& v) {
    v.Fact("promise", &PromiseDelivered::promise);
    v.Fact("quantity", &PromiseDelivered::quantity);
    v.Fact("unit", &PromiseDelivered::unit);
  }
};

// A new word in place of the old one, where it is agreed with whom it was given to; one that is only announced changes nothing of
// what the promise is judged by.
struct PromiseRevised {
  static constexpr std::string_view kType = "promise.revised";
  std::optional<PromiseId> promise;  // absent: the open promise that falls due first
  std::optional<Day> due;
  std::optional<double> quantity;
  std::optional<bool> agreed;  // absent: true
  template <class V> static void Describe(V& v) {
    v.Fact("promise", &PromiseRevised::promise);
    v.Fact("due", &PromiseRevised::due);
    v.Fact("quantity", &PromiseRevised::quantity);
    v.Fact("agreed", &PromiseRevised::agreed);
  }
};

struct PromiseWithdrawn {
  static constexpr std::string_view kType = "promise.withdrawn";
  std::optional<PromiseId> promise;  // absent: the open promise that falls due first
  std::optional<std::string> reason;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("promise", &PromiseWithdrawn::promise);
    v.Private("reason", &PromiseWithdrawn::reason);
  }
};

// How far the work on a promise is, before it is delivered: what stands ready to be handed over and what work is left.
struct PromiseProgressed {
  static constexpr std::string_view kType = "promise.progressed";
  std::optional<PromiseId> promise;          // absent: the open promise that falls due first
  std::optional<double> ready;               // of the quantity promised, not handed over yet; of one thing 1; 0 or more
  std::optional<std::int64_t> work_minutes;  // left, 0 or more
  template <class V> static void Describe(V& v) {
    v.Fact("promise", &PromiseProgressed::promise);
    v.Fact("ready", &PromiseProgressed::ready);
    v.Fact("work_minutes", &PromiseProgressed::work_minutes);
  }
};

}  // namespace rapport

#endif  // RAPPORT_LEDGER_PROMISE_PAYLOADS_HPP_
