// Floor 2, inside. Merged customers: edges between ids, joined into wholes.
#ifndef RAPPORT_SRC_BOOK_MERGES_HPP_
#define RAPPORT_SRC_BOOK_MERGES_HPP_

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rapport/core/ids.hpp"
#include "rapport/core/time.hpp"

namespace rapport {

struct Merges {
  std::map<CustomerId, CustomerId> survivors;                // of each merged customer; survivors are not among the keys
  std::map<CustomerId, std::vector<CustomerId>> members;     // of each survivor, itself included, sorted
};

// From the log of customer.merged and merge.undone: as known by then. Of a pair the words claimed last count. A whole's survivor is the
// customer that others were merged into and that was never merged itself; of several, or of a ring, the smallest id.
Merges MergesIn(std::string_view crossing, Instant known, const std::set<std::string, std::less<>>& retracted);

}  // namespace rapport

#endif  // RAPPORT_SRC_BOOK_MERGES_HPP_
