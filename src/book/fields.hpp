// What the folds do with the fields of a payload, made from its Describe list.
#ifndef RAPPORT_SRC_BOOK_FIELDS_HPP_
#define RAPPORT_SRC_BOOK_FIELDS_HPP_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rapport/book/context.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

template <class T>
struct PrivateDropper {
  T& record;
  template <class Member, class... Need>
  void Fact(std::string_view, Member, Need...) {}
  template <class Member, class... Need>
  void Private(std::string_view, Member member, Need...) { (record.*member).reset(); }
};

// Leaves only what folds may read. What this version does not know counts as private.
template <class T>
void DropPrivate(T& record) {
  PrivateDropper<T> dropper{record};
  T::Describe(dropper);
}
inline void DropPrivate(Unrecognised& record) { record.content = Json(); }

template <class T>
struct FactMerger {
  T& into;
  const T& said;
  template <class Value, class... Need>
  void Fact(std::string_view, Value T::*member, Need...) { into.*member = said.*member; }
  template <class Value, class... Need>
  void Fact(std::string_view, std::optional<Value> T::*member, Need...) {
    if ((said.*member).has_value()) into.*member = said.*member;
  }
  template <class Member, class... Need>
  void Private(std::string_view, Member, Need...) {}
};

// Each fact that `said` gives replaces the one in `into`; facts it leaves out stay.
template <class T>
void MergeFacts(T& into, const T& said) {
  FactMerger<T> merger{into, said};
  T::Describe(merger);
}

// A record's name: as the event gives it, else the event's own id.
template <class NamedId>
NamedId NamedOrEvent(const std::optional<NamedId>& named, const Event& event) {
  return named.has_value() ? *named : NamedId::Trusted(event.key.id);
}

// Adds the currency of every amount in the payload.
void NoteCurrencies(const Payload& data, std::set<std::string>& seen);

// Gives context.reporting_currency its value: the configured one, or the only one seen.
void SettleReportingCurrency(BookContext& context);

}  // namespace rapport

#endif  // RAPPORT_SRC_BOOK_FIELDS_HPP_
