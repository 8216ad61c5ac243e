// Floor 6, inside. The sections of a card.
#ifndef RAPPORT_SRC_PLAN_CARD_PARTS_HPP_
#define RAPPORT_SRC_PLAN_CARD_PARTS_HPP_

#include <string>
#include <utility>
#include <vector>

#include "rapport/plan/card.hpp"

namespace rapport {

// What all sections read, and how they say a day.
struct CardPage {
  const CardSubject& subject;
  const SignalInput& input;
  const Account& account() const { return *input.account; }
  const BookContext& book() const { return *input.context->book; }
  Day LocalDay(Instant at) const { return input.zone->LocalDay(at); }
  SentenceArgument NameOfContact(const ContactId& contact) const { return ContactName{account().id, contact}; }
  const ContactRecord* Contact() const { return subject.contact ? account().FindContact(*subject.contact) : nullptr; }
};

inline SheetLine Line(Sentence sentence, std::vector<EventKey> events = {}) { return {std::move(sentence), std::move(events), std::nullopt}; }

using SheetLines = std::vector<SheetLine>;

// card_knowledge.cpp: who they are, what is known of them, what they need, and what is not known.
SheetLines KnownOf(const CardPage& page);
// card_history.cpp: what is owed, what was, what is open, how they stand with us.
SheetLines OwedBy(const CardPage& page, PromiseBy by);
SheetLines OpenWorriesOf(const CardPage& page);
SheetLines LastOf(const CardPage& page);
SheetLines WorriesOfOthers(const CardPage& page);
SheetLines StandingLines(const CardPage& page);
// card_market.cpp: what they said no to, and whom we stand beside. Only where we sell.
SheetLines SaidNo(const CardPage& page);
SheetLines MarketOf(const CardPage& page);
// The question that opens the talk, with what it rests on.
SheetLine OpeningLine(const CardPage& page);

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_CARD_PARTS_HPP_
