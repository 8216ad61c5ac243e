#include "rapport/policy/flip.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "policy/signal_line.hpp"
#include "policy/wording.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// The tree of conditions, with its leaves' places in the signals that they ask about.
struct Node {
  Condition::Kind kind = Condition::Kind::kLeaf;
  std::size_t signal = 0;     // leaf: which line
  std::size_t leaf = 0;       // leaf: which comparison of that line
  std::vector<Node> children;
};

absl::Status Unreadable(std::string_view what) {
  return Fail(absl::StatusCode::kDataLoss, "explain.invalid_derivation",
              absl::StrCat("derivation, conditions, member ", std::string(what), ": not as docs/policy.md says"));
}

// All signals of a trace and what is asked of them.
class Tree {
 public:
  absl::Status Read(const Json& trace) {
    std::map<std::string, std::vector<const Json*>> leaves;
    RAPPORT_RETURN_IF_ERROR(Collect(trace, leaves));
    for (const auto& [signal, asked] : leaves) {
      places_.emplace(signal, lines_.size());
      lines_.emplace_back(signal, *asked.front()->Find("actual"), asked);
    }
    root_ = Build(trace);
    return absl::OkStatus();
  }
  const std::vector<SignalLine>& lines() const { return lines_; }
  // With each signal at the region given for it.
  bool Holds(const std::vector<std::size_t>& at) const { return Holds(root_, at); }

 private:
  absl::Status Collect(const Json& trace, std::map<std::string, std::vector<const Json*>>& leaves);
  Node Build(const Json& trace);
  bool Holds(const Node& node, const std::vector<std::size_t>& at) const;

  std::vector<SignalLine> lines_;
  std::map<std::string, std::size_t> places_;
  std::map<std::string, std::size_t> seen_;
  Node root_;
};

const Json* ChildrenOf(const Json& trace, Condition::Kind& kind) {
  for (const auto& [name, one] : {std::pair("all", Condition::Kind::kAll), std::pair("any", Condition::Kind::kAny), std::pair("not", Condition::Kind::kNot)}) {
    const Json* children = trace.Find(name);
    if (children == nullptr || children->if_array() == nullptr) continue;
    kind = one;
    return children;
  }
  return nullptr;
}

absl::Status Tree::Collect(const Json& trace, std::map<std::string, std::vector<const Json*>>& leaves) {
  Condition::Kind kind;
  if (const Json* children = ChildrenOf(trace, kind)) {
    if (kind == Condition::Kind::kNot && children->if_array()->size() != 1) return Unreadable("not");
    for (const Json& child : *children->if_array()) RAPPORT_RETURN_IF_ERROR(Collect(child, leaves));
    return absl::OkStatus();
  }
  const Json* signal = trace.Find("signal");
  const Json* is = trace.Find("is");
  const Json* expected = trace.Find("expected");
  if (signal == nullptr || signal->if_string() == nullptr) return Unreadable("signal");
  if (is == nullptr || is->if_string() == nullptr) return Unreadable("is");
  if (expected == nullptr || expected->if_array() == nullptr) return Unreadable("expected");
  if (trace.Find("actual") == nullptr) return Unreadable("actual");
  leaves[*signal->if_string()].push_back(&trace);
  return absl::OkStatus();
}

Node Tree::Build(const Json& trace) {
  Node node;
  if (const Json* children = ChildrenOf(trace, node.kind)) {
    for (const Json& child : *children->if_array()) node.children.push_back(Build(child));
    return node;
  }
  const std::string& signal = *trace.Find("signal")->if_string();
  node.signal = places_.at(signal);
  node.leaf = seen_[signal]++;
  return node;
}

bool Tree::Holds(const Node& node, const std::vector<std::size_t>& at) const {
  const auto holds = [&](const Node& child) { return Holds(child, at); };
  switch (node.kind) {
    case Condition::Kind::kLeaf: return lines_[node.signal].Holds(node.leaf, at[node.signal]);
    case Condition::Kind::kAll: return std::all_of(node.children.begin(), node.children.end(), holds);
    case Condition::Kind::kAny: return std::any_of(node.children.begin(), node.children.end(), holds);
    case Condition::Kind::kNot: return !holds(node.children.front());
  }
  return false;
}

// Tries sets of signals, the smallest first.
class Search {
 public:
  Search(const Tree& tree, bool wanted) : tree_(tree), wanted_(wanted) {
    for (const SignalLine& line : tree.lines()) at_.push_back(line.actual());
  }
  Flips Run() {
    if (tree_.Holds(at_) == wanted_) return {};
    for (std::size_t size = 1; size <= at_.size() && flips_.complete; ++size) {
      chosen_.clear();
      Choose(0, size);
      if (!flips_.sets.empty()) break;
    }
    return std::move(flips_);
  }

 private:
  bool IsFull() const { return static_cast<int>(flips_.sets.size()) >= kMostFlipSets || trials_ >= kMostFlipTrials; }
  void Choose(std::size_t from, std::size_t more);
  // A value for each chosen signal, from the `index`-th on; the first that turns the outcome stays in at_.
  bool Place(std::size_t index);
  bool Turns() {
    ++trials_;
    return tree_.Holds(at_) == wanted_;
  }
  void Keep();
  bool AllTurn(const std::vector<std::vector<std::size_t>>& choices);

  const Tree& tree_;
  bool wanted_;
  std::vector<std::size_t> at_;
  std::vector<std::size_t> chosen_;
  int trials_ = 0;
  Flips flips_;
};

void Search::Choose(std::size_t from, std::size_t more) {
  if (IsFull()) {
    flips_.complete = false;
    return;
  }
  if (more == 0) {
    const std::vector<std::size_t> before = at_;
    if (Place(0)) Keep();
    at_ = before;
    return;
  }
  for (std::size_t signal = from; signal + more <= at_.size(); ++signal) {
    chosen_.push_back(signal);
    Choose(signal + 1, more - 1);
    chosen_.pop_back();
  }
}

bool Search::Place(std::size_t index) {
  if (index == chosen_.size()) return trials_ < kMostFlipTrials && Turns();
  const std::size_t signal = chosen_[index];
  for (const std::size_t region : tree_.lines()[signal].NearestFirst()) {
    at_[signal] = region;
    if (Place(index + 1)) return true;
  }
  return false;
}

// With every choice of one value each.
bool Search::AllTurn(const std::vector<std::vector<std::size_t>>& choices) {
  std::vector<std::size_t> turn(chosen_.size(), 0);
  while (true) {
    for (std::size_t i = 0; i < chosen_.size(); ++i) at_[chosen_[i]] = choices[i][turn[i]];
    if (!Turns()) return false;
    std::size_t wheel = 0;
    while (wheel < turn.size() && ++turn[wheel] == choices[wheel].size()) turn[wheel++] = 0;
    if (wheel == turn.size()) return true;
  }
}

// Around the values that were found: all others that do as well, one signal after the other.
void Search::Keep() {
  std::vector<std::vector<std::size_t>> good;
  for (const std::size_t signal : chosen_) good.push_back({at_[signal]});
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    const std::size_t found = good[i].front();
    for (const std::size_t region : tree_.lines()[chosen_[i]].NearestFirst()) {
      if (region == found) continue;
      std::vector<std::vector<std::size_t>> choices = good;
      choices[i] = {region};
      if (AllTurn(choices)) good[i].push_back(region);
    }
  }
  FlipSet set;
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    const SignalLine& line = tree_.lines()[chosen_[i]];
    set.push_back({line.signal(), line.actual_value(), line.Describe(good[i].front(), good[i])});
  }
  flips_.sets.push_back(std::move(set));
}

Json NeededToJson(const NeededComparison& needed) {
  Json::Object out{{"is", needed.is}};
  if (needed.is == "in") out.emplace("values", needed.values);
  else if (!needed.values.empty()) out.emplace("value", needed.values.front());
  return out;
}

absl::StatusOr<std::string> Joined(const Speaker& speaker, std::string left, std::string right) {
  if (left.empty()) return right;
  return speaker.Say("policy.describe.and", {{"left", std::move(left)}, {"right", std::move(right)}});
}

absl::StatusOr<std::string> SayChange(const Speaker& speaker, const SignalChange& change) {
  std::string asked;
  for (const NeededComparison& needed : change.needed) {
    std::vector<SentenceArgument> values;
    for (const Json& value : needed.values) values.push_back(SayJson(value));
    RAPPORT_ASSIGN_OR_RETURN(std::string one, speaker.Asked(needed.is, values));
    RAPPORT_ASSIGN_OR_RETURN(asked, Joined(speaker, std::move(asked), std::move(one)));
  }
  return speaker.Say("explain.flip.change", {{"signal", PhraseOf(change.signal)}, {"asked", std::move(asked)}});
}

}  // namespace

absl::StatusOr<Flips> FewestFlips(const Json& conditions, bool wanted) {
  Tree tree;
  RAPPORT_RETURN_IF_ERROR(tree.Read(conditions));
  return Search(tree, wanted).Run();
}

absl::StatusOr<Json> FlipsToJson(const Flips& flips, bool wanted, Language language) {
  const Speaker speaker(language, NoTexts());
  Json::Array out;
  for (const FlipSet& set : flips.sets) {
    Json::Array changes;
    std::string words;
    for (const SignalChange& change : set) {
      Json::Array needed;
      for (const NeededComparison& one : change.needed) needed.push_back(NeededToJson(one));
      changes.push_back(Json::Object{{"signal", change.signal}, {"actual", change.actual}, {"needed", std::move(needed)}});
      RAPPORT_ASSIGN_OR_RETURN(std::string said, SayChange(speaker, change));
      RAPPORT_ASSIGN_OR_RETURN(words, Joined(speaker, std::move(words), std::move(said)));
    }
    RAPPORT_ASSIGN_OR_RETURN(std::string sentence, speaker.Say(wanted ? "explain.flip.due" : "explain.flip.not_due", {{"changes", std::move(words)}}));
    out.push_back(Json::Object{{"change", std::move(changes)}, {"sentence", std::move(sentence)}});
  }
  return Json(std::move(out));
}

}  // namespace rapport
