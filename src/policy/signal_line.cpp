#include "policy/signal_line.hpp"

#include <algorithm>
#include <cmath>

#include "rapport/signals/registry.hpp"

namespace rapport {
namespace {

// Of one type, which the grammar sees to.
bool Before(const Json& a, const Json& b) {
  if (a.if_number() != nullptr && b.if_number() != nullptr) return *a.if_number() < *b.if_number();
  if (a.if_string() != nullptr && b.if_string() != nullptr) return *a.if_string() < *b.if_string();
  if (a.if_bool() != nullptr && b.if_bool() != nullptr) return !*a.if_bool() && *b.if_bool();
  return false;
}

bool IsNull(const Json& value) { return value.if_bool() == nullptr && value.if_number() == nullptr && value.if_string() == nullptr; }

const SignalColumn* ColumnOf(const std::string& signal) {
  const absl::StatusOr<const SignalColumn*> column = FindSignal(signal);
  return column.ok() ? *column : nullptr;   // one of the host's own is known by its values alone
}

}  // namespace

SignalLine::SignalLine(std::string signal, Json actual, const std::vector<const Json*>& leaves)
    : signal_(std::move(signal)), actual_value_(std::move(actual)) {
  for (const Json* leaf : leaves) {
    leaves_.push_back({*leaf->Find("is")->if_string(), *leaf->Find("expected")->if_array()});
    values_.insert(values_.end(), leaves_.back().expected.begin(), leaves_.back().expected.end());
  }
  shape_ = ShapeOf();
  if (shape_ == Shape::kFlags) values_ = {Json(false), Json(true)};
  std::sort(values_.begin(), values_.end(), Before);
  values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
  const SignalColumn* column = ColumnOf(signal_);
  never_negative_ = column != nullptr && column->slope_per_day >= 0;
  actual_ = IsNull(actual_value_) ? missing() : RegionOf(actual_value_);
  for (std::size_t region = 0; region < missing(); ++region) {
    if (IsPossible(region)) possible_.push_back(region);
  }
  for (const std::size_t region : possible_) {
    if (region != actual_) nearest_.push_back(region);
  }
  const auto distance = [this](std::size_t region) { return region > actual_ ? region - actual_ : actual_ - region; };
  std::stable_sort(nearest_.begin(), nearest_.end(), [&](std::size_t a, std::size_t b) { return distance(a) < distance(b); });
  if (actual_ != missing()) nearest_.push_back(missing());
}

SignalLine::Shape SignalLine::ShapeOf() const {
  if (const SignalColumn* column = ColumnOf(signal_)) {
    switch (column->type) {
      case ColumnType::kInteger: return Shape::kWhole;
      case ColumnType::kBool: return Shape::kFlags;
      case ColumnType::kText: return Shape::kWords;
      case ColumnType::kNumber: return Shape::kReal;
      default: return Shape::kOrderedWords;
    }
  }
  const Json& sample = !values_.empty() ? values_.front() : actual_value_;
  if (sample.if_bool() != nullptr) return Shape::kFlags;
  return sample.if_string() != nullptr ? Shape::kWords : Shape::kReal;
}

std::size_t SignalLine::RegionOf(const Json& value) const {
  const auto at = std::lower_bound(values_.begin(), values_.end(), value, Before);
  const auto index = static_cast<std::size_t>(at - values_.begin());
  if (at != values_.end() && *at == value) return 2 * index + 1;
  // Of words it does not matter between which.
  return shape_ == Shape::kWords ? 2 * values_.size() : 2 * index;
}

bool SignalLine::IsPossible(std::size_t region) const {
  const bool is_value = region % 2 == 1;
  const std::size_t index = region / 2;
  if (shape_ == Shape::kFlags) return is_value;
  if (shape_ == Shape::kWords) return is_value || index == values_.size();
  if (shape_ == Shape::kOrderedWords) return true;
  const auto number = [this](std::size_t i) { return *values_[i].if_number(); };
  if (is_value) return !(never_negative_ && number(index) < 0) && (shape_ == Shape::kReal || number(index) == std::trunc(number(index)));
  if (index < values_.size() && never_negative_ && number(index) <= 0) return false;
  if (shape_ == Shape::kReal || index == 0 || index == values_.size()) return true;
  return std::floor(number(index - 1)) + 1 < number(index);
}

bool SignalLine::Holds(std::size_t leaf, std::size_t region) const {
  const auto& [is, expected] = leaves_[leaf];
  if (is == "known") return region != missing();
  if (is == "unknown") return region == missing();
  if (region == missing() || expected.empty()) return false;
  const auto place = [this](const Json& value) { return 2 * static_cast<std::size_t>(std::lower_bound(values_.begin(), values_.end(), value, Before) - values_.begin()) + 1; };
  if (is == "in") return std::any_of(expected.begin(), expected.end(), [&](const Json& one) { return region == place(one); });
  const std::size_t asked = place(expected.front());
  if (is == "=") return region == asked;
  if (is == "!=") return region != asked;
  if (is == "<") return region < asked;
  if (is == "<=") return region <= asked;
  return is == ">" ? region > asked : region >= asked;
}

std::vector<NeededComparison> SignalLine::DescribeWords(const std::vector<bool>& good) const {
  std::vector<NeededComparison> needed;
  if (good[2 * values_.size()]) {
    for (const std::size_t region : possible_) {
      if (!good[region]) needed.push_back({"!=", {values_[region / 2]}});
    }
    return needed;
  }
  Json::Array words;
  for (const std::size_t region : possible_) {
    if (good[region]) words.push_back(values_[region / 2]);
  }
  needed.push_back({words.size() == 1 ? "=" : "in", std::move(words)});
  return needed;
}

NeededComparison SignalLine::AtLeast(std::size_t region) const {
  if (region % 2 == 1) return {">=", {values_[region / 2]}};
  const Json& below = values_[region / 2 - 1];
  if (shape_ == Shape::kWhole) return {">=", {Json(std::floor(*below.if_number()) + 1)}};
  return {">", {below}};
}

NeededComparison SignalLine::AtMost(std::size_t region) const {
  const Json& value = values_[region / 2];
  if (region % 2 == 1) return {"<=", {value}};
  if (shape_ == Shape::kWhole) return {"<=", {Json(std::ceil(*value.if_number()) - 1)}};
  return {"<", {value}};
}

std::vector<NeededComparison> SignalLine::DescribeRun(std::size_t first, std::size_t last) const {
  if (first == last && possible_[first] % 2 == 1) return {{"=", {values_[possible_[first] / 2]}}};
  std::vector<NeededComparison> needed;
  if (first > 0) needed.push_back(AtLeast(possible_[first]));
  if (possible_[last] != 2 * values_.size()) needed.push_back(AtMost(possible_[last]));
  if (needed.size() == 2 && needed[0].values == needed[1].values && needed[0].is == ">=" && needed[1].is == "<=") {
    return {{"=", needed[0].values}};
  }
  return needed;
}

std::vector<NeededComparison> SignalLine::Describe(std::size_t main, const std::vector<std::size_t>& good) const {
  if (main == missing()) return {{"unknown", {}}};
  std::vector<bool> is_good(missing() + 1, false);
  for (const std::size_t region : good) is_good[region] = true;
  const auto bad = std::count_if(possible_.begin(), possible_.end(), [&](std::size_t region) { return !is_good[region]; });
  if (bad == 0) return {{"known", {}}};
  if (shape_ == Shape::kWords || shape_ == Shape::kFlags) return DescribeWords(is_good);
  auto first = static_cast<std::size_t>(std::find(possible_.begin(), possible_.end(), main) - possible_.begin());
  std::size_t last = first;
  while (first > 0 && is_good[possible_[first - 1]]) --first;
  while (last + 1 < possible_.size() && is_good[possible_[last + 1]]) ++last;
  // All but one value on both sides of which it may lie.
  if (bad == 1 && first > 1 && possible_[first - 1] % 2 == 1) return {{"!=", {values_[possible_[first - 1] / 2]}}};
  if (bad == 1 && last + 2 < possible_.size() && possible_[last + 1] % 2 == 1) return {{"!=", {values_[possible_[last + 1] / 2]}}};
  return DescribeRun(first, last);
}

}  // namespace rapport
