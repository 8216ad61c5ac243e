// Floor 8, inside. Which customers may be a rep's business: whoever names him or one whose manager he is, ever. More than those who are, never
// fewer.
#ifndef RAPPORT_SRC_ENGINE_REP_INDEX_HPP_
#define RAPPORT_SRC_ENGINE_REP_INDEX_HPP_

#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "rapport/book/book.hpp"

namespace rapport {

class RepIndex {
 public:
  bool is_made() const { return is_made_; }
  // One pass over the accounts; then events keep it up.
  void Make(const Book& book, Instant latest_known);
  void Note(const Event& event);
  // Sorted, once each; nullopt for a moment before the index was made, when other reps may have been named.
  std::optional<std::vector<CustomerId>> Of(std::span<const RepId> reps, Instant as_of) const;

 private:
  bool is_made_ = false;
  Instant since_;
  std::map<RepId, std::set<CustomerId>> customers_;
  std::map<RepId, std::set<RepId>> reports_;   // of a manager
};

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_REP_INDEX_HPP_
