// Floor 8, inside. What became of the promises of a book, as a table.
#ifndef RAPPORT_SRC_ENGINE_PROMISE_TABLE_HPP_
#define RAPPORT_SRC_ENGINE_PROMISE_TABLE_HPP_

#include <span>

#include "rapport/book/book.hpp"
#include "rapport/core/table.hpp"

namespace rapport {

// Engine::Promises of customers that the book knows; none: all.
Table PromiseTable(const Book& book, Instant as_of, std::span<const CustomerId> customers);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_PROMISE_TABLE_HPP_
