// Floor 2, inside. Which events count: what was corrected says its last words, what was retracted says none.
#ifndef RAPPORT_SRC_BOOK_VERSIONS_HPP_
#define RAPPORT_SRC_BOOK_VERSIONS_HPP_

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "book/packed.hpp"

namespace rapport {

// An event as it counts. `correction` null: as it was first said.
struct CountingEntry {
  const PackedEntry* said = nullptr;
  const PackedEntry* correction = nullptr;
  Instant occurred;   // as it counts
  Instant claimed;
};

using Batches = std::set<std::string, std::less<>>;

// Of `entries` (all of an account that were known, in any order) those that count, in canonical order. Of all that was said under one
// identity the words claimed last count; those of a retracted batch never. A correction or retraction that an import brought does not
// lift an opt-out. The entries of event.corrected and event.retracted themselves are among the answer only as what they are: told, not
// folded. O(n log n), O(n) where nothing is corrected and the order is right.
std::vector<CountingEntry> CountingEntries(const std::vector<PackedEntry>& entries, const Batches& retracted);

// event.corrected and .retracted: after them other events say something else, or nothing.
bool SpeaksOfOthers(std::uint8_t type);
// Source and id of the event that such a word is about; texts point into it.
using KeyView = std::pair<std::string_view, std::string_view>;
KeyView TargetOf(const Payload& word);
// event.corrected, .retracted, customer.merged, merge.undone: they say which events count and are none of an account's own.
bool KeepsTheLedger(std::uint8_t type);

// The same events as a fold takes them: of one instant, what opens a record before what speaks of it. Dates without a time put an order and
// its delivery on one instant, and canonical order then goes by ids.
void OpeningFirst(std::vector<CountingEntry>& entries);

// The event as it counts, with its payload but not its subject; `scratch` is used again and again.
const Event& Counting(const CountingEntry& entry, Event& scratch);

}  // namespace rapport

#endif  // RAPPORT_SRC_BOOK_VERSIONS_HPP_
