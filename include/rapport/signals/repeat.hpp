// Floor 4. The fitted model `repeat`: the chance that a customer buys again within 180 days (expectation/repeat.hpp), joined with what other modules
// say: the chance by BG/NBD, the mean amount in the reporting currency, the whole of the balance.
//
//   engine.Fit("repeat", as_of);   // model.fitted: learns from the customers of 180 days before and what they have bought since
//
// The model carries all that it needs to be applied: its coefficients, the BG/NBD of the same day, and what customers of the book expect.
#ifndef RAPPORT_SIGNALS_REPEAT_HPP_
#define RAPPORT_SIGNALS_REPEAT_HPP_

#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "rapport/expectation/balance.hpp"
#include "rapport/expectation/repeat.hpp"
#include "rapport/signals/registry.hpp"
#include "rapport/value/bg_nbd.hpp"

namespace rapport {

inline constexpr std::string_view kRepeat = "repeat";
inline constexpr int kRepeatHorizonDays = 180;

using TypicalLevels = PerDimension<std::optional<double>>;

// The balance as signals show it: the customer's zone and weights; what is typical from the model `repeat`, where one was fitted.
Balance BalanceFor(const SignalInput& input);
Balance BalanceFor(const SignalInput& input, const TypicalLevels& typical);

// What is known beside an account, and the row of numbers made with it. `forecast`: fitted by weeks; null where none could be.
struct RepeatView {
  const BgNbd* forecast = nullptr;
  const TypicalLevels* typical = nullptr;
  int horizon_days = kRepeatHorizonDays;
  // Nullopt for a customer without a purchase, or who does not want to be scored.
  std::optional<RepeatRow> RowOf(const SignalInput& input) const;
};

class RepeatModel {
 public:
  RepeatModel(Repeat repeat, std::optional<BgNbd> forecast, TypicalLevels typical)
      : repeat_(std::move(repeat)), forecast_(std::move(forecast)), typical_(std::move(typical)) {}

  // Learns from the customers of `then`, as the book was known and stood at `cut`, and whether they bought in (cut, as_of]. `forecast_then` and
  // `forecast_now`: BG/NBD of the two moments, where it could be fitted. `expectation.too_few_customers`. O(events of the book).
  static absl::StatusOr<RepeatModel> Fit(const Book& then, Instant cut, const std::optional<BgNbd>& forecast_then, const Book& now, Instant as_of,
                                         const std::optional<BgNbd>& forecast_now);

  std::optional<double> ProbabilityOf(const SignalInput& input) const;
  const Repeat& repeat() const { return repeat_; }
  const TypicalLevels& typical() const { return typical_; }

  // Repeat's, with "forecast" (BG/NBD's, or absent) and "typical" (levels by dimension). `signal.invalid_model` names the field.
  Json ToJson() const;
  static absl::StatusOr<RepeatModel> FromJson(const Json& fitted);

 private:
  Repeat repeat_;
  std::optional<BgNbd> forecast_;
  TypicalLevels typical_;
};

// What customers of the book expect, by dimension.
TypicalLevels TypicalOf(const Book& book, Instant as_of);

}  // namespace rapport

#endif  // RAPPORT_SIGNALS_REPEAT_HPP_
