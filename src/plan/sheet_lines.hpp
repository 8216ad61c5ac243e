// Floor 6, inside. What briefs and reports share: lines with their evidence, and names in a row.
#ifndef RAPPORT_SRC_PLAN_SHEET_LINES_HPP_
#define RAPPORT_SRC_PLAN_SHEET_LINES_HPP_

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "rapport/plan/sheet.hpp"

namespace rapport {

// So many events stand beside a line; its facts hold the counts.
inline constexpr std::size_t kMostCited = 24;

// Evidence as it comes up: each once, the first kMostCited.
class Cited {
 public:
  void Add(const EventKey& key) {
    if (key.empty() || keys_.size() >= kMostCited || std::find(keys_.begin(), keys_.end(), key) != keys_.end()) return;
    keys_.push_back(key);
  }
  void Add(const std::vector<EventKey>& keys) {
    for (const EventKey& key : keys) Add(key);
  }
  const std::vector<EventKey>& keys() const { return keys_; }

 private:
  std::vector<EventKey> keys_;
};

// `<key>.1`, `.2`, `.3` with a, b, c; from four on `<key>.more` with a, b and how many more.
inline Sentence NamesInARow(std::string key, std::map<std::string, SentenceArgument> arguments, const std::vector<CustomerId>& customers) {
  const char* names[] = {"a", "b", "c"};
  const std::size_t told = customers.size() > 3 ? 2 : customers.size();
  for (std::size_t i = 0; i < told; ++i) arguments[names[i]] = CustomerName{customers[i]};
  if (customers.size() > 3) {
    arguments["n"] = static_cast<std::int64_t>(customers.size() - told);
    return {key + ".more", std::move(arguments)};
  }
  return {key + "." + std::to_string(told), std::move(arguments)};
}

inline void AddSection(Sheet& sheet, std::string key, std::vector<SheetLine> lines) {
  if (!lines.empty()) sheet.sections.push_back({std::move(key), std::move(lines)});
}

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_SHEET_LINES_HPP_
