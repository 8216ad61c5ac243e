#include "book/merges.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "book/packed.hpp"

namespace rapport {
namespace {

struct Edge {
  CustomerId into;
  CustomerId merged;
};

// The edges in force.
std::vector<Edge> EdgesIn(std::string_view crossing, Instant known, const std::set<std::string, std::less<>>& retracted) {
  using Moment = std::tuple<Instant, bool, std::string, std::string>;
  std::map<std::pair<CustomerId, CustomerId>, std::pair<Moment, std::optional<Edge>>> last;
  PackedReader reader(crossing);
  for (PackedEntry entry; reader.Next(entry);) {
    if (entry.recorded > known || retracted.contains(entry.batch)) continue;
    Payload data;
    Unpack(entry, data);
    const auto* merged = std::get_if<CustomerMerged>(&data);
    const auto* undone = std::get_if<MergeUndone>(&data);
    if (merged == nullptr && undone == nullptr) continue;
    const CustomerId subject = CustomerId::Trusted(std::string(entry.subject));
    const CustomerId other = merged != nullptr ? merged->merged : undone->merged;
    const Moment moment{entry.claimed, undone != nullptr, std::string(entry.source), std::string(entry.id)};
    auto [at, is_new] = last.try_emplace(std::minmax(subject, other));
    if (!is_new && moment < at->second.first) continue;
    at->second = {moment, merged != nullptr ? std::optional<Edge>({subject, other}) : std::nullopt};
  }
  std::vector<Edge> edges;
  for (auto& [pair, word] : last) {
    if (word.second && pair.first != pair.second) edges.push_back(*std::move(word.second));
  }
  return edges;
}

CustomerId SurvivorOf(const std::set<CustomerId>& whole, const std::set<CustomerId>& merged) {
  for (const CustomerId& id : whole) {
    if (!merged.contains(id)) return id;
  }
  return *whole.begin();
}

}  // namespace

Merges MergesIn(std::string_view crossing, Instant known, const std::set<std::string, std::less<>>& retracted) {
  Merges merges;
  const std::vector<Edge> edges = EdgesIn(crossing, known, retracted);
  if (edges.empty()) return merges;
  std::map<CustomerId, std::set<CustomerId>> neighbours;
  std::set<CustomerId> merged;
  for (const Edge& edge : edges) {
    neighbours[edge.into].insert(edge.merged);
    neighbours[edge.merged].insert(edge.into);
    merged.insert(edge.merged);
  }
  std::set<CustomerId> seen;
  for (const auto& [start, ignored] : neighbours) {
    if (seen.contains(start)) continue;
    std::set<CustomerId> whole;
    std::vector<CustomerId> open{start};
    while (!open.empty()) {
      const CustomerId id = open.back();
      open.pop_back();
      if (!whole.insert(id).second) continue;
      for (const CustomerId& next : neighbours.at(id)) open.push_back(next);
    }
    seen.insert(whole.begin(), whole.end());
    const CustomerId survivor = SurvivorOf(whole, merged);
    merges.members[survivor] = {whole.begin(), whole.end()};
    for (const CustomerId& id : whole) {
      if (id != survivor) merges.survivors.emplace(id, survivor);
    }
  }
  return merges;
}

}  // namespace rapport
