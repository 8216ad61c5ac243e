// What adds up; the judgement is in kept_share.cpp.
#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/expectation/kept_share.hpp"

namespace rapport {
namespace {

constexpr double kLargestDays = 1e6;
constexpr double kLargestQuantity = 1e15;
constexpr std::array<KeptBy, 3> kKinds = {KeptBy::kRep, KeptBy::kProduct, KeptBy::kDimension};

absl::Status CheckMargin(std::string_view field, const std::optional<double>& margin, double largest) {
  if (!margin || std::abs(*margin) <= largest) return absl::OkStatus();
  return Invalid("expectation.invalid_input",
                 absl::StrCat("field ", ToAbsl(field), ": found ", *margin, ", expected a number of at most ", largest, " by size"));
}

void MergeGroups(const KeptGroups& from, KeptGroups& into) {
  for (const auto& [name, count] : from) into[name].Merge(count);
}

void AddTo(KeptGroups& groups, std::string_view name, const SettledPromise& promise) {
  if (name.empty()) return;
  const auto found = groups.find(name);
  (found != groups.end() ? found->second : groups[std::string(name)]).Add(promise);
}

Json GroupsJson(const KeptGroups& groups) {
  Json::Object json;
  for (const auto& [name, c] : groups) json.emplace(name, Json::Array{c.settled, c.kept, c.margins, c.days, c.days_squared, c.quantities, c.quantity});
  return json;
}

absl::StatusOr<KeptGroups> ReadGroups(const Json::Object& json, const JsonReader& in, std::string_view key) {
  KeptGroups groups;
  for (const auto& [name, value] : json) {
    std::array<double, 7> numbers{};
    const Json::Array* array = value.if_array();
    bool right = array != nullptr && array->size() == numbers.size();
    for (std::size_t i = 0; right && i < numbers.size(); ++i) {
      right = (*array)[i].if_number() != nullptr;
      if (right) numbers[i] = *(*array)[i].if_number();
    }
    const auto [settled, kept, margins, days, days_squared, quantities, quantity] = numbers;
    if (!right || !(kept >= 0 && kept <= settled && margins >= 0 && margins <= settled && quantities >= 0 && quantities <= settled)) {
      return in.Error(key, "invalid_counts", absl::StrCat("group \"", name, "\": expected seven numbers, counts no larger than the first"));
    }
    groups[name] = {settled, kept, margins, days, days_squared, quantities, quantity};
  }
  return groups;
}

}  // namespace

std::string_view NameOf(KeptBy by) {
  switch (by) {
    case KeptBy::kRep: return "rep";
    case KeptBy::kProduct: return "product";
    case KeptBy::kDimension: return "dimension";
  }
  return "rep";
}

void KeptCount::Add(const SettledPromise& promise) {
  settled += 1;
  kept += promise.kept ? 1 : 0;
  if (promise.margin_days) {
    margins += 1;
    days += *promise.margin_days;
    days_squared += *promise.margin_days * *promise.margin_days;
  }
  if (promise.margin_quantity) {
    quantities += 1;
    quantity += *promise.margin_quantity;
  }
}

void KeptCount::Merge(const KeptCount& other) {
  settled += other.settled, kept += other.kept;
  margins += other.margins, days += other.days, days_squared += other.days_squared;
  quantities += other.quantities, quantity += other.quantity;
}

absl::Status KeptCounts::Add(const SettledPromise& promise) {
  RAPPORT_RETURN_IF_ERROR(CheckMargin("margin_days", promise.margin_days, kLargestDays));
  RAPPORT_RETURN_IF_ERROR(CheckMargin("margin_quantity", promise.margin_quantity, kLargestQuantity));
  AddTo(reps, promise.rep, promise);
  AddTo(products, promise.product, promise);
  AddTo(dimensions, promise.dimension, promise);
  return absl::OkStatus();
}

void KeptCounts::Merge(const KeptCounts& other) {
  MergeGroups(other.reps, reps);
  MergeGroups(other.products, products);
  MergeGroups(other.dimensions, dimensions);
}

const KeptGroups& KeptCounts::Of(KeptBy by) const {
  switch (by) {
    case KeptBy::kRep: return reps;
    case KeptBy::kProduct: return products;
    case KeptBy::kDimension: return dimensions;
  }
  return reps;
}

Json KeptCounts::ToJson() const {
  Json::Object json;
  for (const KeptBy by : kKinds) json.emplace(std::string(NameOf(by)), GroupsJson(Of(by)));
  return json;
}

absl::StatusOr<KeptCounts> KeptCounts::FromJson(const Json& json) {
  JsonReader in(json, "counts", "expectation");
  KeptCounts counts;
  for (const KeptBy by : kKinds) {
    RAPPORT_ASSIGN_OR_RETURN(const Json::Object* groups, in.Object(NameOf(by)));
    RAPPORT_ASSIGN_OR_RETURN(KeptGroups read, ReadGroups(*groups, in, NameOf(by)));
    (by == KeptBy::kRep ? counts.reps : by == KeptBy::kProduct ? counts.products : counts.dimensions) = std::move(read);
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return counts;
}

}  // namespace rapport
