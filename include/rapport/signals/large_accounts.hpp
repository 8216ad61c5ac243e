// Floor 4. Large accounts: of each rep's, the tenth with the greatest expected volume.
//
//   engine.Fit("large_accounts", as_of, "");   // model.fitted: from which volume on an account of a rep is large
//
// What is large among a rep's accounts is a matter of all of them, so no account can say it of itself: the cut points are fitted and recorded
// as an event, like any model, and a decision reads the newest one known. The host's own flag (customer.upserted, large) goes first.
#ifndef RAPPORT_SIGNALS_LARGE_ACCOUNTS_HPP_
#define RAPPORT_SIGNALS_LARGE_ACCOUNTS_HPP_

#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/money.hpp"

namespace rapport {

inline constexpr std::string_view kLargeAccounts = "large_accounts";

class LargeAccounts {
 public:
  struct Account {
    RepId owner;
    double volume = 0;   // expected in a year, in major units of the reporting currency
  };
  // Of n accounts of a rep the n / 10 greatest, rounded down, and those of equal volume; a rep with fewer than ten has none. O(n log n).
  static LargeAccounts Of(std::span<const Account> accounts, Currency currency);
  // {"model": "large_accounts", "share": 0.1, "currency": "JPY", "from": {"r-sato": 1200000}}. `signal.invalid_model` names the field.
  static absl::StatusOr<LargeAccounts> FromJson(const Json& fitted);
  Json ToJson() const;

  // Nullopt where the rep has no cut point, or the book's currency is not the one that was fitted in. O(log reps).
  std::optional<bool> IsLarge(const RepId& owner, double volume, const std::optional<Currency>& currency) const;

 private:
  Currency currency_;
  std::map<RepId, double> from_;
};

}  // namespace rapport

#endif  // RAPPORT_SIGNALS_LARGE_ACCOUNTS_HPP_
