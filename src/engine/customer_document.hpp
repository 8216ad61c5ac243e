// Floor 8, inside. One customer as a document: what the account holds, with the text that belongs to it.
#ifndef RAPPORT_SRC_ENGINE_CUSTOMER_DOCUMENT_HPP_
#define RAPPORT_SRC_ENGINE_CUSTOMER_DOCUMENT_HPP_

#include "absl/status/statusor.h"
#include "rapport/book/account.hpp"
#include "rapport/book/book.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/expectation/balance.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// Promises are judged as of `as_of`; `balance`: as BalanceDocument made it, `relationship` as RelationshipDocument.
Json CustomerDocument(const Book& book, const Account& account, const Texts& texts, Instant as_of, Json balance, Json relationship);

// {"gap": .., "courtesy_held": .., "dimensions": [{"dimension", "family", "weight", "expectation", "expected_from", "delivery", "gap", "counted",
// "events"}, ...], "overall": .., "missed": {"day", "events"}, "bought_since": .., "carried_by": [..], "not_counted": [names that are none of the ten]}
Json BalanceDocument(const Balance& balance);

// {"rung", "trust", "falls_on", "health": {"value", "band", "reasons_for": [..], "reasons_against": [..]}, "trend", "sentence", "who_knows": [{"rep",
// "sender", "works_here", "touches", "last", "sentence"}, ...], "best_window"}; where the models are fitted "worries_of_others": sentences about
// products bought or talked of, "brought_by", "brought": ids. Who withdrew consent to be scored has no standing. No warmth: it ranks people.
absl::StatusOr<Json> RelationshipDocument(const SignalInput& input, const Texts& texts);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_CUSTOMER_DOCUMENT_HPP_
