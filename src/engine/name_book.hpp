// Floor 8, inside. Names and quotes, for sentences: the private text that no fold sees.
//
// Read from the ledger when a sentence needs it, a customer at a time, by the store's index: memory holds the texts of customers that were
// spoken of, not those of the book.
#ifndef RAPPORT_SRC_ENGINE_NAME_BOOK_HPP_
#define RAPPORT_SRC_ENGINE_NAME_BOOK_HPP_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "rapport/core/sentence.hpp"
#include "rapport/ledger/event.hpp"
#include "rapport/ledger/ledger.hpp"

namespace rapport {

class NameBook : public Texts {
 public:
  // What was known at `known`. Refers to the ledger.
  explicit NameBook(Ledger& ledger, Instant known = Instant::Max()) : ledger_(&ledger), known_(known) {}

  std::string Customer(const CustomerId& id, Language language) const override;
  std::string Contact(const CustomerId& customer, const ContactId& contact, Language language) const override;
  std::string Event(const EventKey& event, std::string_view field, Language language) const override;
  std::string Rep(const RepId& id, Language language) const override;
  // The customer has new events: what was read of it is read again.
  void Forget(const CustomerId& customer) { by_subject_.erase(customer); }

 private:
  // When a text was said: canonical order decides which is the newest.
  using Order = std::tuple<Instant, Instant, EventKey>;
  struct Said {
    Order order;
    std::string text;
  };
  struct PersonName {
    std::optional<Said> full;
    std::optional<Said> family;
    std::optional<std::pair<Order, PersonTitle>> title;
  };
  struct SubjectTexts {
    std::optional<Said> name;
    std::map<ContactId, PersonName> contacts;
    std::map<RepId, std::optional<Said>> reps;
    std::map<std::pair<EventKey, std::string>, std::string> texts;
  };
  static void Keep(std::optional<Said>& slot, const Order& order, const std::optional<std::string>& text);
  static void Learn(const rapport::Event& event, SubjectTexts& into);
  const SubjectTexts& Of(const CustomerId& subject) const;

  Ledger* ledger_;
  Instant known_;
  mutable std::map<CustomerId, std::unique_ptr<SubjectTexts>> by_subject_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_NAME_BOOK_HPP_
