// Floor 8, inside. One customer as a document: what the account holds, with the text that belongs to it.
#ifndef RAPPORT_SRC_ENGINE_CUSTOMER_DOCUMENT_HPP_
#define RAPPORT_SRC_ENGINE_CUSTOMER_DOCUMENT_HPP_

#include "rapport/book/account.hpp"
#include "rapport/book/book.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"

namespace rapport {

// Promises are judged as of `as_of`.
Json CustomerDocument(const Book& book, const Account& account, const Texts& texts, Instant as_of);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_CUSTOMER_DOCUMENT_HPP_
