#include "rapport/expectation/promise_advisor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/order_statistics.hpp"
#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

constexpr double kLongestLead = 1e6;
constexpr std::size_t kWindow = 500;     // of which quantiles and means are
constexpr std::size_t kMemory = 2048;    // that is replayed: what came before moves the level by less than a thousandth
constexpr std::size_t kFirst = 20;       // from which on a mean of the whole means something
constexpr double kGroupMemory = 200;
constexpr double kInfinite = std::numeric_limits<double>::infinity();

absl::Status BadLead(std::int64_t row, double found) {
  return Invalid("expectation.invalid_input", absl::StrCat("row ", row, ", field lead_days: found ", found, ", expected days from 0 to 1e6"));
}

void Keep(std::deque<double>& values, double value) {
  values.push_back(value);
  if (values.size() > kMemory) values.pop_front();
}

std::optional<double> Replay(const std::deque<double>& values, double confidence) {
  stats::AdaptiveQuantile bound(confidence, {.window = kWindow, .step = 0.005, .first = kFirst});
  for (const double value : values) bound.Add(value);
  return bound.Quantile();
}

absl::Status ReadNumbers(const JsonReader& in, std::string_view key, const Json::Array& array, double largest, std::deque<double>& out) {
  for (const Json& value : array) {
    if (value.if_number() == nullptr || !(std::abs(*value.if_number()) <= largest)) {
      return in.Error(key, "wrong_type", absl::StrCat("found ", ToAbsl(value.KindName()), ", expected numbers of at most ", largest, " by size"));
    }
    out.push_back(*value.if_number());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PromiseAdvisor> PromiseAdvisor::Fit(std::span<const double> lead_days, std::span<const std::string> groups) {
  if (!groups.empty() && groups.size() != lead_days.size()) {
    return Invalid("expectation.invalid_input", absl::StrCat("field groups: found ", groups.size(), " rows, expected ", lead_days.size()));
  }
  PromiseAdvisor advisor;
  for (std::size_t i = 0; i < lead_days.size(); ++i) {
    RAPPORT_RETURN_IF_ERROR(advisor.Add(lead_days[i], groups.empty() ? std::string_view() : std::string_view(groups[i])));
  }
  return advisor;
}

absl::Status PromiseAdvisor::Add(double lead_days, std::string_view group) {
  if (!(lead_days >= 0 && lead_days <= kLongestLead)) return BadLead(known_, lead_days);
  const double log_lead = stats::Log1p(lead_days);
  if (!group.empty() && groups_.empty()) {
    for (const double lead : leads_) rests_.push_back(stats::Log1p(lead));   // those before had no group, hence no shift
  }
  if (!group.empty() || !groups_.empty()) Keep(rests_, log_lead - ShiftOf(group));
  const std::size_t window = std::min(leads_.size(), kWindow);
  if (!group.empty()) Learn(group, window >= kFirst ? log_lead - log_sum_ / static_cast<double>(window) : 0);
  log_sum_ += log_lead;
  if (window == kWindow) log_sum_ -= stats::Log1p(leads_[leads_.size() - kWindow]);
  Keep(leads_, lead_days);
  ++known_;
  return absl::OkStatus();
}

// The sums over groups, without this one (sign -1) or with it.
void PromiseAdvisor::Count(const GroupSums& group, double sign) {
  if (group.leads == 0) return;
  leads_sum_ += sign * group.leads;
  leads_squared_ += sign * group.leads * group.leads;
  slower_sum_ += sign * group.sum;
  between_ += sign * group.sum * group.sum / group.leads;
  squares_ += sign * group.squares;
}

void PromiseAdvisor::Learn(std::string_view group, double slower) {
  const auto found = groups_.find(group);
  GroupSums& sums = found != groups_.end() ? found->second : groups_[std::string(group)];
  if (std::min(leads_.size(), kWindow) < kFirst) return;   // the group is known by name, the whole not yet by its mean
  Count(sums, -1);
  const double fade = sums.leads >= kGroupMemory ? 1 - 1 / kGroupMemory : 1;
  sums = {sums.leads * fade + 1, sums.sum * fade + slower, sums.squares * fade + slower * slower};
  Count(sums, 1);
}

double PromiseAdvisor::Shrinkage() const {
  const auto count = static_cast<double>(groups_.size());
  if (groups_.size() < 2 || !(leads_sum_ > count) || leads_sum_ < 30) return kInfinite;
  const double within = std::max(squares_ - between_, 0.0) / (leads_sum_ - count);
  const double whole = slower_sum_ * slower_sum_ / leads_sum_;
  const double spread = leads_sum_ - leads_squared_ / leads_sum_;
  if (!(spread > 0)) return kInfinite;
  const double among = (between_ - whole - (count - 1) * within) / spread;
  return among > 1e-9 * within ? within / among : kInfinite;
}

double PromiseAdvisor::ShiftOf(const GroupSums& group) const { return group.leads > 0 ? group.sum / (group.leads + Shrinkage()) : 0; }

double PromiseAdvisor::ShiftOf(std::string_view group) const {
  const auto found = groups_.find(group);
  return found == groups_.end() ? 0 : ShiftOf(found->second);
}

absl::StatusOr<std::optional<double>> PromiseAdvisor::Days(double confidence, std::string_view group) const {
  if (!(confidence > 0 && confidence < 1)) {
    return Invalid("expectation.invalid_input", absl::StrCat("confidence: found ", confidence, ", expected a number between 0 and 1"));
  }
  const auto found = groups_.find(group);
  if (found == groups_.end()) return Replay(leads_, confidence);
  const std::optional<double> rest = Replay(rests_, confidence);
  if (!rest) return std::optional<double>();
  return std::optional<double>(std::clamp(stats::Expm1(*rest + ShiftOf(found->second)), 0.0, kLongestLead));
}

Json PromiseAdvisor::ToJson() const {
  Json::Object json{{"model", "promise_advisor"},
                    {"known", Json::Integer(known_)},
                    {"lead_days", Json::Array(leads_.begin(), leads_.end())},
                    {"log_sum", log_sum_}};
  if (groups_.empty()) return json;
  json.emplace("rests", Json::Array(rests_.begin(), rests_.end()));
  Json::Object groups;
  for (const auto& [name, sums] : groups_) groups.emplace(name, Json::Array{sums.leads, sums.sum, sums.squares});
  json.emplace("groups", std::move(groups));
  json.emplace("sums", Json::Array{leads_sum_, leads_squared_, slower_sum_, between_, squares_});
  return json;
}

absl::StatusOr<PromiseAdvisor> PromiseAdvisor::FromJson(const Json& json) {
  JsonReader in(json, "model", "expectation");
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String("model"));
  if (name != "promise_advisor") return in.Error("model", "unknown_model", absl::StrCat("found \"", name, "\", expected promise_advisor"));
  PromiseAdvisor advisor;
  RAPPORT_ASSIGN_OR_RETURN(advisor.known_, in.Integer("known"));
  RAPPORT_ASSIGN_OR_RETURN(advisor.log_sum_, in.Number("log_sum"));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* leads, in.Array("lead_days"));
  RAPPORT_RETURN_IF_ERROR(ReadNumbers(in, "lead_days", *leads, kLongestLead, advisor.leads_));
  const auto kept = static_cast<std::int64_t>(leads->size());
  if (leads->size() > kMemory || advisor.known_ < kept || std::any_of(advisor.leads_.begin(), advisor.leads_.end(), [](double lead) { return lead < 0; })) {
    return in.Error("lead_days", "invalid_model", "expected the last leads, at most 2048, none below 0");
  }
  const Json* groups = in.OptionalAny("groups");
  if (groups == nullptr) {
    RAPPORT_RETURN_IF_ERROR(in.Finish());
    return advisor;
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* rests, in.Array("rests"));
  RAPPORT_RETURN_IF_ERROR(ReadNumbers(in, "rests", *rests, kLongestLead, advisor.rests_));
  std::deque<double> sums;
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* sums_json, in.Array("sums"));
  RAPPORT_RETURN_IF_ERROR(ReadNumbers(in, "sums", *sums_json, 1e300, sums));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  if (rests->size() != leads->size() || sums.size() != 5 || groups->if_object() == nullptr) {
    return in.Error("groups", "invalid_model", "expected an object beside as many rests as leads and 5 sums");
  }
  advisor.leads_sum_ = sums[0], advisor.leads_squared_ = sums[1], advisor.slower_sum_ = sums[2], advisor.between_ = sums[3], advisor.squares_ = sums[4];
  for (const auto& [group, value] : *groups->if_object()) {
    std::deque<double> numbers;
    if (value.if_array() == nullptr) return in.Error("groups", "invalid_model", "expected three numbers a group");
    RAPPORT_RETURN_IF_ERROR(ReadNumbers(in, "groups", *value.if_array(), 1e300, numbers));
    if (numbers.size() != 3 || group.empty() || numbers[0] < 0) return in.Error("groups", "invalid_model", "expected three numbers a group");
    advisor.groups_[group] = {numbers[0], numbers[1], numbers[2]};
  }
  return advisor;
}

}  // namespace rapport
