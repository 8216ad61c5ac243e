// Floor 3. The chance that a customer buys again within a horizon, from what was promised and kept, from the gaps, and from the history.
//
// Logistic regression (stats/logistic.hpp) over the numbers below, a row a customer: known at a cut, and whether a purchase came in the horizon
// after it. Recency, frequency, money and age are the classic ones (Bult and Wansbeek 1995); the forecast is another model's, handed in as a plain number.
// What was promised enters with a jump at the promise (`broken`) and two slopes, as PromiseResponse has it: satisfaction changes its course at the day
// that was agreed, and so does the wish to come back.
//
// Each coefficient has a normal prior of mean 0 and standard deviation 2.5 per standard deviation of its number (Gelman, Jakulin, Pittau, Su 2008), so
// that few customers, or a number that hardly varies, give a small coefficient and no infinite one. The coefficients of what was promised and of
// the gap are held on the side that makes sense: a broken word never raises the chance. What is unknown is filled with the mean of the others.
//
//   auto fitted = Repeat::Fit(rows, bought, 180);
//   double chance = fitted->Probability(*RepeatRowOf(account, zone, as_of, {}));
#ifndef RAPPORT_EXPECTATION_REPEAT_HPP_
#define RAPPORT_EXPECTATION_REPEAT_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/account.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {

enum class RepeatFeature {
  kRecency,       // ln(1 + days since the last purchase day)
  kFrequency,     // ln(purchase days)
  kAge,           // ln(1 + days since the first purchase day)
  kMoney,         // ln(mean amount of a purchase), of amounts above 0; null where unknown
  kSilence,       // ln(1 + days since the last purchase over the mean days between purchases); 0 for who bought on one day only
  kOneTime,       // 1 for who bought on one day only
  kForecast,      // logit of the chance of a purchase in the horizon by the value model, held within 1e-4 and 1 - 1e-4; null where there is none
  kBroken,        // 1 where the last word was broken: late, short, overdue
  kDaysLate,      // by how many days the last word was late, 0 to 30
  kDaysEarly,     // by how many days it was early, 0 to 30
  kMissing,       // the share of it that was missing, 0 to 1
  kNoWord,        // 1 for a customer to whom no word was settled yet
  kBrokenBefore,  // the share of the words before it that were broken; 0 where there were none
  kGap            // the whole of the balance (balance.hpp); null where unknown
};
inline constexpr std::size_t kRepeatFeatureCount = 14;
std::string_view NameOf(RepeatFeature feature);   // "recency", "frequency", ...

// In the order above. Null: unknown.
using RepeatRow = std::array<std::optional<double>, kRepeatFeatureCount>;

// What other modules say, as plain numbers.
struct RepeatGiven {
  std::optional<double> mean_amount;   // of a purchase, in one currency for all customers
  std::optional<double> forecast;      // the chance of a purchase in the horizon, 0 to 1
  std::optional<double> gap;
};

// Nullopt for a customer without a purchase by `as_of`. A word is a settled promise of ours, or the day on which an order was expected, where it was
// delivered. The last word is the last one that belongs to an order; else the last of the others. O(purchases + promises).
std::optional<RepeatRow> RepeatRowOf(const Account& account, const Zone& zone, Instant as_of, const RepeatGiven& given);

class Repeat {
 public:
  // At least so many customers, and of those who bought as of those who did not.
  static constexpr double kLeastCustomers = 50, kLeastOfEach = 10;

  // `bought`: 1 or 0 a row. `features` empty: all; one that does not vary over the rows is left out. No bit shows the order of rows.
  // `expectation.too_few_customers` names what was found; `expectation.invalid_input` for spans of two lengths, numbers that are not finite or a
  // horizon below 1 day. O(rows log rows), then some ten passes.
  static absl::StatusOr<Repeat> Fit(std::span<const RepeatRow> rows, std::span<const double> bought, int horizon_days,
                                    std::span<const RepeatFeature> features = {});

  double Probability(const RepeatRow& row) const;
  int horizon_days() const { return horizon_days_; }
  std::int64_t customers() const { return static_cast<std::int64_t>(customers_); }

  // {"model":"repeat","horizon_days":180,"customers":900,"bought":310,"coefficients":{"const":..,"recency":..},"standard_errors":{..},"fill":{..},
  //  "log_likelihood":..,"diagnosis":".."}. Coefficients are per unit of each number, `fill` is what an unknown one counts as.
  Json ToJson() const;
  // `expectation.invalid_model` names field, found and expected; members that are not Repeat's are passed over.
  static absl::StatusOr<Repeat> FromJson(const Json& json);

 private:
  struct Term {
    RepeatFeature feature;
    double coefficient = 0;
    double standard_error = 0;
    double fill = 0;
  };
  double constant_ = 0, constant_error_ = 0;
  std::vector<Term> terms_;
  int horizon_days_ = 0;
  double customers_ = 0, bought_ = 0, log_likelihood_ = 0;
  std::string diagnosis_;
};

}  // namespace rapport

#endif  // RAPPORT_EXPECTATION_REPEAT_HPP_
