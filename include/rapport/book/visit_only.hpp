// Floor 2. Visits to those who are named: nobody is not everybody, as an empty list of Book::Visit would be.
#ifndef RAPPORT_BOOK_VISIT_ONLY_HPP_
#define RAPPORT_BOOK_VISIT_ONLY_HPP_

#include <optional>
#include <vector>

#include "rapport/book/book.hpp"

namespace rapport {

// The accounts of these customers; nullopt: all. As Book::Visit else.
template <class Visitor>
void VisitOnly(const Book& book, const std::optional<std::vector<CustomerId>>& customers, const Visitor& visit) {
  if (customers.has_value() && customers->empty()) return;
  book.Visit(customers.value_or(std::vector<CustomerId>()), visit);
}

}  // namespace rapport

#endif  // RAPPORT_BOOK_VISIT_ONLY_HPP_
