#include "plan/choice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using Kind = ChoiceItem::Kind;

constexpr std::size_t kMostCells = std::size_t{1} << 28;
constexpr std::size_t kShort = 512;

// Of each kind and length the first that fit side by side: whoever is after them can be exchanged for one of them.
std::vector<ChoiceItem> Contenders(std::span<const ChoiceItem> items, std::int64_t room) {
  std::map<std::tuple<Kind, bool, std::int64_t>, std::int64_t> kept_long;
  std::vector<std::int64_t> kept_short(6 * kShort, 0);   // most lengths are those of a day
  std::vector<ChoiceItem> contenders;
  for (const ChoiceItem& item : items) {
    if (item.length > room) continue;
    const std::size_t group = static_cast<std::size_t>(item.kind) * 2 + (item.small ? 1 : 0);
    std::int64_t& count = item.length < std::int64_t{kShort} ? kept_short[group * kShort + static_cast<std::size_t>(item.length)]
                                                             : kept_long[{item.kind, item.small, item.length}];
    if (count >= room / item.length) continue;
    ++count;
    contenders.push_back(item);
  }
  return contenders;
}

// Where only minutes bind, most items are settled by the price of a minute at which the room is used up, value and length of the first item that does not fit any
// more (Dantzig 1957): one so far from it that the best plan with it, or without it, falls short of a plan at hand is in every optimum, or in none. The
// rows of the former go into `rows` and their minutes off `room`; the items that are left open are returned, in their order.
std::vector<ChoiceItem> OpenItems(const std::vector<ChoiceItem>& items, std::int64_t& room, std::vector<std::size_t>& rows) {
  std::vector<const ChoiceItem*> by_worth;
  for (const ChoiceItem& item : items) by_worth.push_back(&item);
  std::stable_sort(by_worth.begin(), by_worth.end(), [](const ChoiceItem* a, const ChoiceItem* b) { return a->value * b->length > b->value * a->length; });
  Wide before = 0, at_hand = 0;   // up to the first that does not fit; with all that fit after it
  std::int64_t left = room, left_before = 0;
  const ChoiceItem* price = nullptr;
  for (const ChoiceItem* item : by_worth) {
    if (item->length <= left) {
      left -= item->length;
      at_hand += item->value;
    } else if (price == nullptr) {
      price = item;
      before = at_hand;
      left_before = left;
    }
  }
  std::vector<ChoiceItem> open;
  const std::int64_t whole = room;
  for (const ChoiceItem& item : items) {
    const Wide gain = price == nullptr ? 1 : item.value * price->length - price->value * item.length;
    const bool settled = price == nullptr || before * price->length + price->value * left_before - (gain > 0 ? gain : -gain) < at_hand * price->length;
    if (!settled) {
      open.push_back(item);
    } else if (gain > 0) {
      rows.push_back(item.row);
      room -= item.length;
    }
  }
  RAPPORT_INVARIANT(room >= 0 && room <= whole, "what every optimum holds fits");
  return open;
}

// The fewest minutes of the first 0, 1, 2, ... items of a kind that fit.
std::vector<std::int64_t> ShortestOf(std::span<const ChoiceItem> items, Kind kind, std::int64_t room) {
  std::vector<std::int64_t> lengths;
  for (const ChoiceItem& item : items) {
    if (item.kind == kind) lengths.push_back(item.length);
  }
  std::sort(lengths.begin(), lengths.end());
  std::vector<std::int64_t> sums = {0};
  for (const std::int64_t length : lengths) {
    if (sums.back() + length > room) break;
    sums.push_back(sums.back() + length);
  }
  return sums;
}

// How many new visits may stand beside so many revisits.
struct Allowed {
  std::int64_t least = 0;
  std::int64_t most = -1;   // less than `least`: none
};

// The goals that count visits, as far as they can be reached: that is a matter of lengths alone.
std::vector<Allowed> AllowedBeside(const ChoiceGoals& goals, const std::vector<std::int64_t>& revisits, const std::vector<std::int64_t>& visits,
                                   std::int64_t revisits_there, std::int64_t room) {
  const auto count = [](const std::vector<std::int64_t>& sums) { return static_cast<std::int64_t>(sums.size()) - 1; };
  const auto fits = [&](std::int64_t r, std::int64_t n) { return revisits[static_cast<std::size_t>(r)] + visits[static_cast<std::size_t>(n)] <= room; };
  const auto missing = [&](std::int64_t r, std::int64_t n) { return RevisitsMissing(goals.share, goals.visits + r + n, goals.revisits + r, revisits_there); };
  std::int64_t quota = 0;
  for (std::int64_t r = 0; r <= count(revisits); ++r) {
    std::int64_t n = count(visits);
    while (!fits(r, n)) --n;
    quota = std::max(quota, goals.visits + r + n);
  }
  quota = std::min(quota, goals.quota.value_or(0));
  std::int64_t least_missing = std::numeric_limits<std::int64_t>::max();
  for (std::int64_t r = 0; r <= count(revisits); ++r) {
    for (std::int64_t n = std::max<std::int64_t>(0, quota - goals.visits - r); n <= count(visits) && fits(r, n); ++n) {
      least_missing = std::min(least_missing, missing(r, n));
    }
  }
  std::vector<Allowed> allowed;
  for (std::int64_t r = 0; r <= count(revisits); ++r) {
    Allowed beside{std::max<std::int64_t>(0, quota - goals.visits - r), -1};
    for (std::int64_t n = 0; n <= count(visits) && missing(r, n) <= least_missing; ++n) beside.most = n;
    allowed.push_back(beside);
  }
  return allowed;
}

// The greatest value of items laid so far, by layer, small ones (the last stands for as many or more) and the minutes they may take; -1: there is none.
template <class Value>
class Layers {
 public:
  Layers(std::size_t layers, std::size_t smalls, std::size_t width)
      : layers_(layers), smalls_(smalls), width_(width), best_(layers * smalls * width, Value(-1)) {}

  Value& At(std::size_t layer, std::size_t small, std::size_t w) { return best_[(layer * smalls_ + small) * width_ + w]; }
  Value At(std::size_t layer, std::size_t small, std::size_t w) const { return best_[(layer * smalls_ + small) * width_ + w]; }
  std::size_t layers() const { return layers_; }
  std::size_t smalls() const { return smalls_; }
  void Begin(std::size_t layer) { std::fill_n(&At(layer, 0, 0), width_, Value(0)); }

  // Each item may be taken once. `climb`: it lifts a choice by a layer.
  void Lay(const ChoiceItem& item, bool climb) {
    items_.push_back({item, climb, std::vector<std::uint8_t>(best_.size(), 0)});
    Laid& laid = items_.back();
    for (std::size_t layer = layers_; layer-- > (climb ? 1U : 0U);) {
      for (std::size_t small = smalls_; small-- > 0;) {
        if (!item.small) {
          LayFrom(laid, layer, small, small, 1);
          continue;
        }
        if (small + 1 == smalls_) LayFrom(laid, layer, small, small, 1);
        if (small > 0) LayFrom(laid, layer, small, small - 1, 2);
      }
    }
  }
  // Takes the steps back from a cell: rows of the items in it; layer, small and w become those it began from.
  void TakeBack(std::size_t& layer, std::size_t& small, std::size_t& w, std::vector<std::size_t>& rows) const {
    for (std::size_t k = items_.size(); k-- > 0;) {
      const Laid& laid = items_[k];
      const std::uint8_t step = laid.steps[(layer * smalls_ + small) * width_ + w];
      if (step == 0) continue;
      rows.push_back(laid.item.row);
      w -= static_cast<std::size_t>(laid.item.length);
      if (step == 2) --small;
      if (laid.climb) --layer;
    }
  }

 private:
  struct Laid {
    ChoiceItem item;
    bool climb;
    std::vector<std::uint8_t> steps;   // 0 not taken, 1 taken, 2 taken and one more small one
  };
  void LayFrom(Laid& laid, std::size_t layer, std::size_t small, std::size_t from_small, std::uint8_t step) {
    const auto length = static_cast<std::size_t>(laid.item.length);
    const auto value = static_cast<Value>(laid.item.value);
    const Value* from = &At(laid.climb ? layer - 1 : layer, from_small, 0);
    Value* to = &At(layer, small, 0);
    std::uint8_t* steps = &laid.steps[(layer * smalls_ + small) * width_];
    for (std::size_t w = width_; w-- > length;) {
      const Value with = from[w - length] + value;
      if (from[w - length] >= 0 && with > to[w]) {
        to[w] = with;
        steps[w] = step;
      }
    }
  }
  std::size_t layers_, smalls_, width_;
  std::vector<Value> best_;
  std::vector<Laid> items_;
};

template <class Value>
class Chooser {
 public:
  Chooser(std::span<const ChoiceItem> items, std::vector<Allowed> allowed, std::size_t new_visits, std::size_t floor, std::size_t room)
      : allowed_(std::move(allowed)), room_(room), revisits_(allowed_.size(), floor + 1, room + 1), visits_(new_visits + 1, floor + 1, room + 1),
        rest_(allowed_.size(), floor + 1, room + 1) {
    revisits_.Begin(0);
    visits_.Begin(0);
    for (const ChoiceItem& item : items) {
      if (item.kind == Kind::kRevisit) revisits_.Lay(item, true);
      if (item.kind == Kind::kNewVisit) visits_.Lay(item, true);
    }
    for (std::size_t layer = 0; layer < allowed_.size(); ++layer) {
      for (std::size_t small = 0; small < rest_.smalls(); ++small) {
        for (std::size_t w = 0; w <= room_; ++w) rest_.At(layer, small, w) = Beside(layer, small, w).first;
      }
    }
    for (const ChoiceItem& item : items) {
      if (item.kind == Kind::kOther) rest_.Lay(item, false);
    }
  }

  std::vector<std::size_t> Rows() const {
    const Found best = Best(room_);
    std::size_t low = 0, high = room_;   // the fewest minutes that reach it
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (Best(middle).IsAsGoodAs(best)) high = middle;
      else low = middle + 1;
    }
    return RowsOf(Best(low));
  }

 private:
  struct Found {
    std::size_t smalls = 0;
    Value value = Value(-1);
    std::size_t layer = 0, revisit_small = 0, rest_small = 0, revisit_w = 0, rest_w = 0;
    bool IsAsGoodAs(const Found& other) const { return value >= 0 && smalls == other.smalls && value == other.value; }
  };
  // The best allowed choice of new visits beside a layer's revisits, and how many they are.
  std::pair<Value, std::size_t> Beside(std::size_t layer, std::size_t small, std::size_t w) const {
    std::pair<Value, std::size_t> best{Value(-1), 0};
    for (std::int64_t n = allowed_[layer].least; n <= allowed_[layer].most && static_cast<std::size_t>(n) < visits_.layers(); ++n) {
      const Value value = visits_.At(static_cast<std::size_t>(n), small, w);
      if (value > best.first) best = {value, static_cast<std::size_t>(n)};
    }
    return best;
  }
  Found Best(std::size_t room) const {
    Found best;
    for (std::size_t layer = 0; layer < allowed_.size(); ++layer) {
      for (std::size_t a = 0; a < rest_.smalls(); ++a) {
        for (std::size_t b = 0; b < rest_.smalls(); ++b) BestOf(room, layer, a, b, best);
      }
    }
    return best;
  }
  void BestOf(std::size_t room, std::size_t layer, std::size_t a, std::size_t b, Found& best) const {
    const std::size_t smalls = std::min(a + b, rest_.smalls() - 1);
    const std::size_t most = layer == 0 ? 0 : room;   // without revisits there are no minutes of them
    for (std::size_t w = 0; w <= most; ++w) {
      const Value above = revisits_.At(layer, a, w), below = rest_.At(layer, b, room - w);
      if (above < 0 || below < 0) continue;
      if (best.value < 0 || smalls > best.smalls || (smalls == best.smalls && above + below > best.value)) best = {smalls, above + below, layer, a, b, w, room - w};
    }
  }
  std::vector<std::size_t> RowsOf(Found found) const {
    std::vector<std::size_t> rows;
    if (found.value < 0) return rows;
    std::size_t layer = found.layer;
    rest_.TakeBack(layer, found.rest_small, found.rest_w, rows);
    std::size_t visits = Beside(layer, found.rest_small, found.rest_w).second;
    visits_.TakeBack(visits, found.rest_small, found.rest_w, rows);
    revisits_.TakeBack(found.layer, found.revisit_small, found.revisit_w, rows);
    return rows;
  }

  std::vector<Allowed> allowed_;   // by the count of revisits
  std::size_t room_;
  Layers<Value> revisits_, visits_, rest_;
};

// Whether sums of all values, and of one more, stay within 62 bits.
bool IsNarrow(std::span<const ChoiceItem> items) {
  Wide sum = 0;
  for (const ChoiceItem& item : items) sum += item.value;
  return sum < (Wide{1} << 62);
}

// Within `room`, of items that have their kinds only where somebody counts them.
absl::StatusOr<std::vector<std::size_t>> BestOf(std::span<const ChoiceItem> items, std::int64_t room, const ChoiceGoals& goals, std::int64_t revisits_there) {
  std::vector<ChoiceItem> contenders = Contenders(items, room);
  std::vector<std::size_t> rows;
  const auto is_plain = [](const ChoiceItem& item) { return item.kind == Kind::kOther && !item.small; };
  if (std::all_of(contenders.begin(), contenders.end(), is_plain)) contenders = OpenItems(contenders, room, rows);
  std::int64_t sum = 0, unit = 0;
  for (const ChoiceItem& item : contenders) {
    sum += item.length;
    unit = std::gcd(unit, item.length);
  }
  if (contenders.empty()) return rows;
  room = std::min(room, sum) / unit;
  for (ChoiceItem& item : contenders) item.length /= unit;
  const std::vector<std::int64_t> revisits = ShortestOf(contenders, Kind::kRevisit, room), visits = ShortestOf(contenders, Kind::kNewVisit, room);
  std::vector<Allowed> allowed = AllowedBeside(goals, revisits, visits, revisits_there, room);
  const auto smalls = static_cast<std::int64_t>(std::count_if(contenders.begin(), contenders.end(), [](const ChoiceItem& item) { return item.small; }));
  const auto floor = static_cast<std::size_t>(std::min(goals.floor, smalls));
  const std::size_t cells = std::max(allowed.size(), visits.size()) * (floor + 1) * static_cast<std::size_t>(room + 1);
  if (cells > kMostCells / contenders.size()) {
    return Invalid("plan.too_large", absl::StrCat("candidates: found ", contenders.size(), " for ", room, " units of time with goals, expected tables of at most 256 million cells"));
  }
  const auto width = static_cast<std::size_t>(room);
  const std::vector<std::size_t> chosen = IsNarrow(contenders) ? Chooser<std::int64_t>(contenders, std::move(allowed), visits.size() - 1, floor, width).Rows()
                                                               : Chooser<Wide>(contenders, std::move(allowed), visits.size() - 1, floor, width).Rows();
  rows.insert(rows.end(), chosen.begin(), chosen.end());
  return rows;
}

// Whether a choice reaches all goals as it is.
bool Reaches(const ChoiceGoals& goals, std::span<const ChoiceItem> items, const std::vector<std::size_t>& rows, std::int64_t revisits_there) {
  const std::set<std::size_t> chosen(rows.begin(), rows.end());
  std::int64_t visits = goals.visits, revisits = goals.revisits, smalls = 0;
  for (const ChoiceItem& item : items) {
    if (!chosen.contains(item.row)) continue;
    if (item.kind != Kind::kOther) ++visits;
    if (item.kind == Kind::kRevisit) ++revisits;
    if (item.small) ++smalls;
  }
  return visits >= goals.quota.value_or(0) && RevisitsMissing(goals.share, visits, revisits, revisits_there) == 0 && smalls >= goals.floor;
}

// Where one of them falls away, all before it stay.
std::vector<std::size_t> OneAfterTheOther(std::span<const ChoiceItem> items, std::int64_t room) {
  std::vector<std::size_t> rows;
  for (const ChoiceItem& item : items) {
    if (item.length > room) continue;
    room -= item.length;
    rows.push_back(item.row);
  }
  return rows;
}

Wide ValueOf(std::span<const ChoiceItem> items, const std::vector<std::size_t>& rows) {
  const std::set<std::size_t> chosen(rows.begin(), rows.end());
  Wide sum = 0;
  for (const ChoiceItem& item : items) sum += chosen.contains(item.row) ? item.value : 0;
  return sum;
}

}  // namespace

std::int64_t RevisitsMissing(std::optional<double> share, std::int64_t visits, std::int64_t revisits, std::int64_t there) {
  if (!share.has_value()) return 0;
  const auto wanted = static_cast<std::int64_t>(std::ceil(*share * static_cast<double>(visits) - 1e-9));
  return std::max<std::int64_t>(0, std::min(wanted, there) - revisits);
}

absl::StatusOr<std::vector<std::size_t>> BestChoice(std::span<const ChoiceItem> items, std::int64_t room, const ChoiceGoals& goals) {
  const auto is_revisit = [&](const ChoiceItem& item) { return item.kind == Kind::kRevisit && item.length <= room; };
  const std::int64_t there = goals.revisits + std::count_if(items.begin(), items.end(), is_revisit);
  std::vector<ChoiceItem> seen(items.begin(), items.end());
  for (ChoiceItem& item : seen) {
    item.kind = Kind::kOther;
    item.small = false;
  }
  RAPPORT_ASSIGN_OR_RETURN(std::vector<std::size_t> by_value, BestOf(seen, room, {}, 0));
  if (goals.tolerance > 0) {
    std::vector<std::size_t> in_order = OneAfterTheOther(items, room);
    const double least = static_cast<double>(ValueOf(items, by_value)) * (1 - goals.tolerance);
    if (static_cast<double>(ValueOf(items, in_order)) >= least && Reaches(goals, items, in_order, there)) return in_order;
  }
  if (Reaches(goals, items, by_value, there)) return by_value;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    // Where nobody asks for revisits they are visits; where nobody counts visits they are nothing special.
    const Kind kind = items[i].kind == Kind::kRevisit && !goals.share.has_value() ? Kind::kNewVisit : items[i].kind;
    seen[i].kind = goals.share.has_value() || goals.quota.has_value() ? kind : Kind::kOther;
    seen[i].small = items[i].small && goals.floor > 0;
  }
  return BestOf(seen, room, goals, there);
}

}  // namespace rapport
