// Floor 8, inside. Relationships of a book as tables.
#ifndef RAPPORT_SRC_ENGINE_RELATIONSHIP_TABLE_HPP_
#define RAPPORT_SRC_ENGINE_RELATIONSHIP_TABLE_HPP_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"
#include "rapport/plan/deal_wealth.hpp"
#include "rapport/relationship/referral_tree.hpp"
#include "rapport/relationship/ties.hpp"
#include "rapport/relationship/worry_knowledge.hpp"
#include "rapport/signals/registry.hpp"
#include "rapport/signals/relationship.hpp"

namespace rapport {

// Whom a tie is, for a reader: who knows the customer best, who too, who has left, whom they have not met yet.
Sentence TellTie(const Tie& tie, bool is_sender, const BookContext& context, const Zone& zone, Day today);
// Names of contacts, comma separated; null where none is known.
Cell NamesOf(const CustomerId& customer, const std::vector<ContactId>& contacts, const Texts& texts, Language language);

// "relies on us; slips one rung on 28 Mar if nobody comes".
Sentence TellStanding(const Standing& standing);

// Engine::WhoKnows of one account.
absl::StatusOr<Table> WhoKnowsTable(const SignalInput& input, const Texts& texts, Language language);
// Engine::Relationships of customers that the book knows; none: all.
absl::StatusOr<Table> RelationshipTable(const Book& book, Instant as_of, std::span<const CustomerId> customers, const Texts& texts, Language language);
// Engine::Worries.
absl::StatusOr<Table> WorryTable(const WorryKnowledge& known, Language language);
// Engine::Referrals; `customers` empty: all.
Table ReferralTable(const ReferralTree& tree, const Book& book, std::span<const CustomerId> customers);

// A closed deal, and what is found out of it.
struct ClosedDeal {
  CustomerId customer;
  OpportunityRecord deal;
  DealFacts facts;
  std::optional<std::string> lesson;
};
// Deals closed by `as_of`, by customer and moment, without their rungs. Of who withdrew consent to be scored none.
std::vector<ClosedDeal> ClosedDealsOf(const Book& book, Instant as_of, std::span<const CustomerId> customers);
// Engine::Deals, of deals whose rungs are known.
absl::StatusOr<Table> DealTable(const std::vector<ClosedDeal>& deals, const BookContext& context, Language language);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_RELATIONSHIP_TABLE_HPP_
