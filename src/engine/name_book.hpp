// Floor 8, inside. Names and quotes: the private text of events, for sentences that a person reads. No fold sees it.
#ifndef RAPPORT_SRC_ENGINE_NAME_BOOK_HPP_
#define RAPPORT_SRC_ENGINE_NAME_BOOK_HPP_

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "rapport/core/sentence.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

class NameBook : public Texts {
 public:
  // Keeps what is private in the event; of several names the one that comes last in canonical order.
  void Learn(const rapport::Event& event);

  std::string Customer(const CustomerId& id, Language language) const override;
  std::string Contact(const CustomerId& customer, const ContactId& contact, Language language) const override;
  std::string Event(const EventKey& event, std::string_view field, Language language) const override;
  std::string Rep(const RepId& id, Language language) const override;

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
  static void Keep(std::optional<Said>& slot, const Order& order, const std::optional<std::string>& text);
  void KeepText(const EventKey& key, std::string_view field, const std::optional<std::string>& text);

  std::map<CustomerId, std::optional<Said>> customers_;
  std::map<std::pair<CustomerId, ContactId>, PersonName> contacts_;
  std::map<RepId, std::optional<Said>> reps_;
  std::map<std::pair<EventKey, std::string>, std::string> texts_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_NAME_BOOK_HPP_
