#include "rapport/signals/large_accounts.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::size_t kOneIn = 10;

absl::Status InvalidField(std::string_view field, std::string_view found, std::string_view expected) {
  return Invalid("signal.invalid_model", absl::StrCat("field ", std::string(field), ": found ", std::string(found), ", expected ", std::string(expected)));
}

}  // namespace

LargeAccounts LargeAccounts::Of(std::span<const Account> accounts, Currency currency) {
  std::map<RepId, std::vector<double>> volumes;
  for (const Account& account : accounts) volumes[account.owner].push_back(account.volume);
  LargeAccounts large;
  large.currency_ = currency;
  for (auto& [owner, all] : volumes) {
    const std::size_t most = all.size() / kOneIn;
    if (most == 0) continue;
    const auto cut = all.begin() + static_cast<std::ptrdiff_t>(most - 1);
    std::nth_element(all.begin(), cut, all.end(), std::greater<>());
    large.from_.emplace(owner, *cut);
  }
  return large;
}

absl::StatusOr<LargeAccounts> LargeAccounts::FromJson(const Json& fitted) {
  const Json* currency = fitted.Find("currency");
  if (currency == nullptr || currency->if_string() == nullptr) return InvalidField("currency", "none", "an ISO 4217 code");
  const Json* from = fitted.Find("from");
  if (from == nullptr || from->if_object() == nullptr) return InvalidField("from", "none", "an object of numbers by rep");
  LargeAccounts large;
  RAPPORT_ASSIGN_OR_RETURN(large.currency_, Currency::Parse(*currency->if_string()));
  for (const auto& [name, cut] : *from->if_object()) {
    RAPPORT_ASSIGN_OR_RETURN(RepId rep, RepId::Parse(name));
    if (cut.if_number() == nullptr) return InvalidField(absl::StrCat("from.", name), cut.Canonical(), "a number");
    large.from_.emplace(std::move(rep), *cut.if_number());
  }
  return large;
}

Json LargeAccounts::ToJson() const {
  Json::Object from;
  for (const auto& [rep, cut] : from_) from.emplace(rep.text(), cut);
  return Json::Object{{"model", kLargeAccounts}, {"share", 1.0 / kOneIn}, {"currency", currency_.code()}, {"from", std::move(from)}};
}

std::optional<bool> LargeAccounts::IsLarge(const RepId& owner, double volume, const std::optional<Currency>& currency) const {
  const auto cut = from_.find(owner);
  if (cut == from_.end() || currency != currency_) return std::nullopt;
  return volume >= cut->second;
}

}  // namespace rapport
