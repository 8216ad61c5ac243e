#include "rapport/relationship/referral_tree.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>
#include <utility>

#include <boost/pending/disjoint_sets.hpp>   // before the graph, whose own boost::detail::get would hide the one it needs

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using Vertex = boost::graph_traits<Graph>::vertex_descriptor;

// Customers as numbers in order of their ids, so that nothing depends on the order of referrals.
class Numbers {
 public:
  explicit Numbers(std::span<const Referral> referrals) {
    for (const Referral& one : referrals) {
      ids_.push_back(one.referrer);
      ids_.push_back(one.referred);
    }
    std::sort(ids_.begin(), ids_.end());
    ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
  }
  std::size_t size() const { return ids_.size(); }
  const CustomerId& At(Vertex vertex) const { return ids_[vertex]; }
  Vertex Of(const CustomerId& id) const { return static_cast<Vertex>(std::lower_bound(ids_.begin(), ids_.end(), id) - ids_.begin()); }

 private:
  std::vector<CustomerId> ids_;
};

bool Before(const Referral& a, const Referral& b) {
  return std::tie(a.at, a.key.source, a.key.id, a.referrer, a.referred) < std::tie(b.at, b.key.source, b.key.id, b.referrer, b.referred);
}

}  // namespace

std::vector<std::size_t> ReferralsOnCircles(std::span<const Referral> referrals) {
  const Numbers numbers(referrals);
  Graph graph(numbers.size());
  std::vector<std::pair<Vertex, Vertex>> edges;
  for (const Referral& one : referrals) {
    edges.emplace_back(numbers.Of(one.referrer), numbers.Of(one.referred));
    boost::add_edge(edges.back().first, edges.back().second, graph);
  }
  std::vector<std::size_t> component(numbers.size());
  if (!component.empty()) boost::strong_components(graph, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph)));
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (component[edges[i].first] == component[edges[i].second]) found.push_back(i);
  }
  return found;
}

std::string_view NameOf(ReferralTree::Because because) {
  switch (because) {
    case ReferralTree::Because::kSelf: return "self";
    case ReferralTree::Because::kCycle: return "cycle";
    case ReferralTree::Because::kNotFirst: return "not_first";
  }
  return {};
}

// Whoever has no referrer yet is the root of his tree, so a referral closes a cycle exactly where both are in one tree.
void ReferralTree::Link(std::span<const Referral> referrals) {
  std::vector<Referral> ordered(referrals.begin(), referrals.end());
  std::sort(ordered.begin(), ordered.end(), Before);
  const Numbers numbers(ordered);
  boost::disjoint_sets_with_storage<> trees(numbers.size());
  for (Referral& one : ordered) {
    const auto referrer = numbers.Of(one.referrer), referred = numbers.Of(one.referred);
    Node* known = nullptr;
    if (const auto found = nodes_.find(one.referred); found != nodes_.end()) known = &found->second;
    const bool taken = known != nullptr && !known->brought_by.empty();
    if (taken && known->brought_by == one.referrer) continue;   // said again
    const bool joined = trees.find_set(referrer) == trees.find_set(referred);
    if (referrer == referred || taken || joined) {
      const Because because = referrer == referred ? Because::kSelf : taken ? Because::kNotFirst : Because::kCycle;
      dropped_.push_back({std::move(one), because});
      continue;
    }
    trees.link(trees.find_set(referrer), trees.find_set(referred));
    nodes_[one.referred].brought_by = one.referrer;
    nodes_[one.referrer].brought.push_back(one.referred);
  }
  for (auto& [id, node] : nodes_) std::sort(node.brought.begin(), node.brought.end());
}

void ReferralTree::Count(const std::map<CustomerId, double>& revenue) {
  std::vector<std::pair<const CustomerId, Node>*> places;
  places.reserve(nodes_.size());
  for (auto& node : nodes_) places.push_back(&node);
  const auto number = [&](const CustomerId& id) {
    return static_cast<Vertex>(std::lower_bound(places.begin(), places.end(), id, [](const auto* place, const CustomerId& wanted) { return place->first < wanted; }) - places.begin());
  };
  Graph graph(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (const CustomerId& child : places[i]->second.brought) boost::add_edge(i, number(child), graph);
  }
  std::vector<Vertex> leaves_first;
  leaves_first.reserve(places.size());
  boost::topological_sort(graph, std::back_inserter(leaves_first));
  for (const Vertex vertex : leaves_first) {
    Node& node = places[vertex]->second;
    for (const auto [edge, end] = boost::out_edges(vertex, graph); const auto out : boost::make_iterator_range(edge, end)) {
      const auto& [id, child] = *places[boost::target(out, graph)];
      const auto spent = revenue.find(id);
      node.value += (spent == revenue.end() ? 0 : spent->second) + discount_ * child.value;
      node.in_all += 1 + child.in_all;
      node.generations = std::max(node.generations, 1 + child.generations);
    }
  }
}

ReferralTree ReferralTree::Of(std::span<const Referral> referrals, const std::map<CustomerId, double>& revenue, const std::optional<Currency>& currency) {
  ReferralTree tree;
  tree.currency_ = currency;
  tree.Link(referrals);
  tree.Count(currency.has_value() ? revenue : std::map<CustomerId, double>());
  return tree;
}

const ReferralTree::Node* ReferralTree::Find(const CustomerId& customer) const {
  const auto found = nodes_.find(customer);
  return found == nodes_.end() ? nullptr : &found->second;
}

std::int64_t ReferralTree::BroughtDirectly(const CustomerId& customer) const {
  const Node* node = Find(customer);
  return node == nullptr ? 0 : static_cast<std::int64_t>(node->brought.size());
}

CustomerId ReferralTree::BroughtBy(const CustomerId& customer) const {
  const Node* node = Find(customer);
  return node == nullptr ? CustomerId() : node->brought_by;
}

std::optional<double> ReferralTree::ValueOf(const CustomerId& customer, const std::optional<Currency>& reporting) const {
  if (!currency_.has_value() || reporting != currency_) return std::nullopt;
  const Node* node = Find(customer);
  return node == nullptr ? 0 : node->value;
}

}  // namespace rapport
