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
#include <boost/range/iterator_range.hpp>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using Vertex = boost::graph_traits<Graph>::vertex_descriptor;

constexpr Vertex kNobody = static_cast<Vertex>(-1);

// Customers as numbers in order of their ids, so that nothing depends on the order of referrals. Keeps references to them.
class Numbers {
 public:
  explicit Numbers(std::span<const Referral> referrals) {
    absl::flat_hash_set<std::string_view> ids;
    for (const Referral& one : referrals) {
      ids.insert(one.referrer.text());
      ids.insert(one.referred.text());
    }
    ids_.assign(ids.begin(), ids.end());
    std::sort(ids_.begin(), ids_.end());
    numbers_.reserve(ids_.size());
    for (std::size_t i = 0; i < ids_.size(); ++i) numbers_.emplace(ids_[i], i);
  }
  std::size_t size() const { return ids_.size(); }
  CustomerId At(Vertex vertex) const { return CustomerId::Trusted(std::string(ids_[vertex])); }
  Vertex Of(const CustomerId& id) const { return numbers_.at(id.text()); }

 private:
  std::vector<std::string_view> ids_;
  absl::flat_hash_map<std::string_view, Vertex> numbers_;
};

bool Before(const Referral& a, const Referral& b) {
  return std::tie(a.at, a.key.source, a.key.id, a.referred, a.referrer) < std::tie(b.at, b.key.source, b.key.id, b.referred, b.referrer);
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
  std::vector<const Referral*> ordered;
  ordered.reserve(referrals.size());
  for (const Referral& one : referrals) ordered.push_back(&one);
  const auto before = [](const Referral* a, const Referral* b) { return Before(*a, *b); };
  if (!std::is_sorted(ordered.begin(), ordered.end(), before)) std::sort(ordered.begin(), ordered.end(), before);   // a model's are
  const Numbers numbers(referrals);
  boost::disjoint_sets_with_storage<> trees(numbers.size());
  std::vector<Vertex> brought_by(numbers.size(), kNobody);
  for (const Referral* one : ordered) {
    const Vertex referrer = numbers.Of(one->referrer), referred = numbers.Of(one->referred);
    if (brought_by[referred] == referrer) continue;   // said again
    const bool taken = brought_by[referred] != kNobody;
    if (referrer == referred || taken || trees.find_set(referrer) == trees.find_set(referred)) {
      dropped_.push_back({*one, referrer == referred ? Because::kSelf : taken ? Because::kNotFirst : Because::kCycle});
      continue;
    }
    trees.link(trees.find_set(referrer), trees.find_set(referred));
    brought_by[referred] = referrer;
  }
  std::vector<std::vector<CustomerId>> brought(numbers.size());
  for (Vertex vertex = 0; vertex < numbers.size(); ++vertex) {
    if (brought_by[vertex] != kNobody) brought[brought_by[vertex]].push_back(numbers.At(vertex));   // so in order of ids
  }
  for (Vertex vertex = 0; vertex < numbers.size(); ++vertex) {
    if (brought_by[vertex] == kNobody && brought[vertex].empty()) continue;
    Node& node = nodes_.emplace_hint(nodes_.end(), numbers.At(vertex), Node())->second;
    if (brought_by[vertex] != kNobody) node.brought_by = numbers.At(brought_by[vertex]);
    node.brought = std::move(brought[vertex]);
  }
}

void ReferralTree::Count(const std::map<CustomerId, double>& revenue) {
  std::vector<Node*> nodes;
  std::vector<double> spent;
  absl::flat_hash_map<std::string_view, Vertex> numbers;
  auto known = revenue.begin();
  for (auto& [id, node] : nodes_) {
    numbers.emplace(id.text(), nodes.size());
    while (known != revenue.end() && known->first < id) ++known;
    spent.push_back(known != revenue.end() && known->first == id ? known->second : 0);
    nodes.push_back(&node);
  }
  Graph graph(nodes.size());
  for (Vertex vertex = 0; vertex < nodes.size(); ++vertex) {
    for (const CustomerId& child : nodes[vertex]->brought) boost::add_edge(vertex, numbers.at(child.text()), graph);
  }
  std::vector<Vertex> leaves_first;
  leaves_first.reserve(nodes.size());
  boost::topological_sort(graph, std::back_inserter(leaves_first));
  for (const Vertex vertex : leaves_first) {
    Node& node = *nodes[vertex];
    for (const auto& edge : boost::make_iterator_range(boost::out_edges(vertex, graph))) {
      const Vertex below = boost::target(edge, graph);
      const Node& child = *nodes[below];
      node.value += spent[below] + discount_ * child.value;
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

namespace {
bool IsAmong(const std::vector<CustomerId>& ids, const CustomerId& id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }
}  // namespace

std::int64_t ReferralTree::BroughtDirectly(const std::vector<CustomerId>& ids) const {
  std::int64_t brought = 0;
  for (const CustomerId& id : ids) {
    const Node* node = Find(id);
    if (node == nullptr) continue;
    brought += static_cast<std::int64_t>(node->brought.size()) - (IsAmong(ids, node->brought_by) ? 1 : 0);
  }
  return brought;
}

CustomerId ReferralTree::BroughtBy(const std::vector<CustomerId>& ids) const {
  for (const CustomerId& id : ids) {
    const Node* node = Find(id);
    if (node != nullptr && !node->brought_by.empty() && !IsAmong(ids, node->brought_by)) return node->brought_by;
  }
  return {};
}

std::optional<double> ReferralTree::ValueOf(const std::vector<CustomerId>& ids, const std::optional<Currency>& reporting) const {
  if (!currency_.has_value() || reporting != currency_) return std::nullopt;
  double value = 0;
  for (const CustomerId& id : ids) {
    const Node* node = Find(id);
    if (node != nullptr) value += node->value * (IsAmong(ids, node->brought_by) ? 1 - discount_ : 1);
  }
  return value;
}

}  // namespace rapport
