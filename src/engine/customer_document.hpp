// Floor 8, inside. One customer as a document: what the account holds, with the text that belongs to it.
#ifndef RAPPORT_SRC_ENGINE_CUSTOMER_DOCUMENT_HPP_
#define RAPPORT_SRC_ENGINE_CUSTOMER_DOCUMENT_HPP_

#include "rapport/book/account.hpp"
#include "rapport/book/book.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/expectation/balance.hpp"

namespace rapport {

// Promises are judged as of `as_of`; `balance`: as BalanceDocument made it.
Json CustomerDocument(const Book& book, const Account& account, const Texts& texts, Instant as_of, Json balance);

// {"gap": .., "courtesy_held": .., "dimensions": [{"dimension", "family", "weight", "expectation", "expected_from", "delivery", "gap", "counted",
// "events"}, ...], "overall": .., "missed": {"day", "events"}, "bought_since": .., "carried_by": [..], "not_counted": [names that are none of the ten]}
Json BalanceDocument(const Balance& balance);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_CUSTOMER_DOCUMENT_HPP_
