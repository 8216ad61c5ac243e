// Floor 8, inside. What became of the promises of a book, as a table.
#ifndef RAPPORT_SRC_ENGINE_PROMISE_TABLE_HPP_
#define RAPPORT_SRC_ENGINE_PROMISE_TABLE_HPP_

#include <span>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"

namespace rapport {

// Engine::Promises of customers that the book knows; none: all. `message.*` where the catalogue lacks a sentence.
absl::StatusOr<Table> PromiseTable(const Book& book, Instant as_of, std::span<const CustomerId> customers, const Texts& texts, Language language);

// Every settled word of ours, counted by rep, product and dimension, and judged (expectation/kept_share.hpp).
absl::StatusOr<Table> KeptShareTableOf(const Book& book, Instant as_of);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_PROMISE_TABLE_HPP_
