#include "rapport/value/purchase_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/parallel.hpp"
#include "rapport/core/status.hpp"
#include "rapport/stats/log_chance.hpp"
#include "rapport/stats/special.hpp"
#include "value/history_rows.hpp"
#include "value/weighted_purchases.hpp"

namespace rapport {
namespace {

// Rows that one thread takes at a time: more of many, as each range starts with nothing remembered.
std::size_t RangeOf(std::size_t rows) { return std::clamp<std::size_t>(rows / 16, 8192, 65536); }
constexpr double kNever = -std::numeric_limits<double>::infinity();

// ln of the chance of no purchase: none of a customer, or no customer any more at T.
double LogNone(double log_alive, double log_none) {
  const double some = stats::Exp(log_alive) * -stats::Expm1(log_none);
  return some < 0.5 ? stats::Log1p(-some) : stats::LogAdd(log_alive + log_none, stats::Log(-stats::Expm1(log_alive)));
}

absl::Status BadCovariates(std::string_view found, std::string_view expected) {
  return Invalid("value.covariates", absl::StrCat("covariates: found ", std::string(found), ", expected ", std::string(expected)));
}

// One effect of one process, and where its column is.
struct Effect {
  std::size_t process;
  double coefficient;
  std::span<const double> column;
};

// Answers to rows met before in a range, where equal rows are frequent: many tables of customers count time in days. An answer is a function of its row, so no
// bit shows whether it was remembered.
class AnswersGiven {
 public:
  struct Answer {
    double frequency = -1, recency = 0, age = 0, value = 0;
    template <class History>
    bool Is(const History& of) const { return frequency == of.frequency && recency == of.recency && age == of.age; }
  };
  explicit AnswersGiven(std::size_t rows) : answers_(rows < 64 ? 0 : std::min<std::size_t>(std::bit_ceil(rows / 4), 8192)) {}

  // Where the answer to this row would be; null where remembering does not pay.
  template <class History>
  Answer* Of(const History& of) {
    if (answers_.empty() || (++asked_ > kTrial && used_ < asked_ / 8)) return nullptr;
    std::uint64_t hash = std::bit_cast<std::uint64_t>(of.recency) * 0x9e3779b97f4a7c15 + std::bit_cast<std::uint64_t>(of.age);
    hash = (hash ^ std::bit_cast<std::uint64_t>(of.frequency) >> 7) * 0xbf58476d1ce4e5b9;
    return &answers_[(hash >> 40) & (answers_.size() - 1)];
  }
  void Used() { ++used_; }

 private:
  static constexpr std::size_t kTrial = 4096;
  std::vector<Answer> answers_;
  std::size_t asked_ = 0, used_ = 0;
};

}  // namespace

// Rows as a model reads them one by one.
class PurchaseModelRows {
 public:
  using History = PurchaseModel::History;

  static absl::StatusOr<PurchaseModelRows> Of(const PurchaseModel& model, const Histories& rows, std::size_t size) {
    RAPPORT_RETURN_IF_ERROR(CheckRows(rows, size, model.age_name()));
    RAPPORT_RETURN_IF_ERROR(model.CheckMore(rows));
    PurchaseModelRows read(rows);
    std::size_t used[2] = {0, 0};
    const std::span<const std::string_view> processes = model.processes();
    for (const stats::NamedNumber& effect : model.effects()) {
      const std::size_t dot = effect.name.find('.');
      const auto process = std::find(processes.begin(), processes.end(), std::string_view(effect.name).substr(0, dot));
      const auto place = static_cast<std::size_t>(process - processes.begin());
      const Covariates& given = place == 0 ? rows.transaction : rows.dropout;
      const std::string name = effect.name.substr(dot + 1);
      const auto found = std::find(given.names.begin(), given.names.end(), name);
      if (found == given.names.end()) return BadCovariates("no column " + name, "those that the model was fitted with");
      read.effects_.push_back({place, effect.value, given.columns[static_cast<std::size_t>(found - given.names.begin())]});
      if (place <= 1) ++used[place];
    }
    if (used[0] != rows.transaction.names.size() || used[1] != rows.dropout.names.size()) {
      return BadCovariates("more columns", "those that the model was fitted with");
    }
    return read;
  }

  static absl::Status CheckSpan(const PurchaseModel& model, double time, std::string_view name) {
    RAPPORT_RETURN_IF_ERROR(CheckTime(time, name));
    return model.CheckAhead(time, name);
  }

  // The chance to be a customer x number, or its logarithm; the product may be representable where the chance is not.
  static double TimesAlive(const PurchaseModel& model, const History& of, double number, bool log) {
    if (!(number > 0)) return log ? kNever : 0;
    const double alive = log ? 0 : model.Alive(of);
    if (alive > stats::kLeastChance) return alive * number;
    const double log_product = model.LogAlive(of) + stats::Log(number);
    return log ? log_product : stats::Exp(log_product);
  }

  // For one customer: the sum over k of weights[k] * E of purchases until ends[k], with one chance to be a customer at T for all of them.
  static std::function<double(const History&)> Weighted(const PurchaseModel& model, std::span<const double> ends, std::span<const double> weights,
                                                 bool log) {
    std::vector<PurchaseModel::OfHistory> expected;
    std::vector<double> share;
    for (std::size_t k = 0; k < ends.size(); ++k) {
      if (weights[k] == 0) continue;
      expected.push_back(model.ExpectedWhileAlive(0, ends[k]));
      share.push_back(weights[k]);
    }
    return [&model, log, expected = std::move(expected), share = std::move(share)](const History& of) {
      double sum = 0;
      for (std::size_t k = 0; k < share.size(); ++k) sum += share[k] * expected[k](of);
      return TimesAlive(model, of, sum, log);
    };
  }

  History At(std::size_t row) const {
    History of{rows_.frequency[row], rows_.recency[row], rows_.age[row], {}};
    for (const Effect& effect : effects_) of.shift[effect.process] += effect.coefficient * effect.column[row];
    return of;
  }

  // out[i] = one(row i), with a function of its own for each range.
  void Fill(const std::function<std::function<double(const History&)>()>& make, std::span<double> out, int threads) const {
    ForRanges(out.size(), RangeOf(out.size()), threads, [&](std::size_t begin, std::size_t end) {
      const std::function<double(const History&)> one = make();
      AnswersGiven given(effects_.empty() ? end - begin : 0);
      for (std::size_t i = begin; i < end; ++i) {
        const History of = At(i);
        AnswersGiven::Answer* const known = given.Of(of);
        if (known == nullptr) out[i] = one(of);
        else if (known->Is(of)) out[i] = known->value, given.Used();
        else *known = {of.frequency, of.recency, of.age, out[i] = one(of)};
      }
    });
  }

 private:
  explicit PurchaseModelRows(const Histories& rows) : rows_(rows) {}
  const Histories& rows_;
  std::vector<Effect> effects_;
};

double PurchaseModel::Alive(const History& of) const { return stats::Exp(LogAlive(of)); }

absl::Status PurchaseModel::CheckMore(const Histories&) const { return absl::OkStatus(); }
absl::Status PurchaseModel::CheckAhead(double, std::string_view) const { return absl::OkStatus(); }

absl::Status PurchaseModel::LogLikelihoodOf(const Histories& rows, std::span<double> out, const PredictOptions& options) const {
  RAPPORT_ASSIGN_OR_RETURN(const PurchaseModelRows read, PurchaseModelRows::Of(*this, rows, out.size()));
  read.Fill([&] { return [&](const History& of) { return LogLikelihood(of); }; }, out, options.threads);
  return absl::OkStatus();
}

absl::Status PurchaseModel::ProbabilityAlive(double ahead, const Histories& rows, std::span<double> out, const PredictOptions& options) const {
  RAPPORT_ASSIGN_OR_RETURN(const PurchaseModelRows read, PurchaseModelRows::Of(*this, rows, out.size()));
  RAPPORT_RETURN_IF_ERROR(PurchaseModelRows::CheckSpan(*this, ahead, "ahead"));
  const bool log = options.log;
  read.Fill([&, log]() -> OfHistory {
    if (ahead == 0) return [this, log](const History& of) { return log ? LogAlive(of) : Alive(of); };
    return [this, log, stays = LogStaysAlive(ahead)](const History& of) {
      return log ? LogAlive(of) + stays(of) : PurchaseModelRows::TimesAlive(*this, of, stats::Exp(stays(of)), false);
    };
  }, out, options.threads);
  return absl::OkStatus();
}

absl::Status PurchaseModel::ExpectedPurchases(double horizon, const Histories& rows, double start, std::span<double> out,
                                              const PredictOptions& options) const {
  RAPPORT_ASSIGN_OR_RETURN(const PurchaseModelRows read, PurchaseModelRows::Of(*this, rows, out.size()));
  RAPPORT_RETURN_IF_ERROR(PurchaseModelRows::CheckSpan(*this, horizon, "horizon"));
  RAPPORT_RETURN_IF_ERROR(PurchaseModelRows::CheckSpan(*this, start, "start"));
  read.Fill([&, log = options.log]() -> OfHistory {
    return [this, log, expected = ExpectedWhileAlive(start, horizon)](const History& of) {
      return PurchaseModelRows::TimesAlive(*this, of, expected(of), log);
    };
  }, out, options.threads);
  return absl::OkStatus();
}

absl::Status PurchaseModel::PurchaseProbability(std::int64_t n, double horizon, const Histories& rows, std::span<double> out,
                                                const PredictOptions& options) const {
  RAPPORT_ASSIGN_OR_RETURN(const PurchaseModelRows read, PurchaseModelRows::Of(*this, rows, out.size()));
  RAPPORT_RETURN_IF_ERROR(PurchaseModelRows::CheckSpan(*this, horizon, "horizon"));
  const auto count = static_cast<double>(n);
  if (!(count >= 0 && count <= kLargestCount)) return Invalid("value.invalid_input", absl::StrCat("n: found ", n, ", expected a count of 0 or more"));
  read.Fill([&, log = options.log]() -> OfHistory {
    if (horizon == 0) {
      const double sure = n == 0 ? (log ? 0.0 : 1.0) : (log ? kNever : 0.0);
      return [sure](const History&) { return sure; };
    }
    return [this, log, n, chance = LogCountWhileAlive(count, horizon)](const History& of) {
      const double log_chance = n > 0 ? LogAlive(of) + chance(of) : LogNone(LogAlive(of), chance(of));
      return log ? log_chance : stats::Exp(log_chance);
    };
  }, out, options.threads);
  return absl::OkStatus();
}

absl::Status PurchaseModel::ExpectedResidual(double rate, const Histories& rows, std::span<double> out, const PredictOptions& options) const {
  RAPPORT_ASSIGN_OR_RETURN(const PurchaseModelRows read, PurchaseModelRows::Of(*this, rows, out.size()));
  if (!(rate >= 1e-12 && rate <= 1e12)) {
    return Invalid("value.invalid_input", absl::StrCat("discount_rate: found ", rate, ", expected a continuous rate per unit of time from 1e-12 to 1e12"));
  }
  read.Fill([&, log = options.log]() -> OfHistory {
    return [this, log, residual = ResidualWhileAlive(rate)](const History& of) {
      return PurchaseModelRows::TimesAlive(*this, of, residual(of), log);
    };
  }, out, options.threads);
  return absl::OkStatus();
}

absl::StatusOr<double> PurchaseModel::ExpectedPurchasesNew(double horizon) const {
  RAPPORT_RETURN_IF_ERROR(PurchaseModelRows::CheckSpan(*this, horizon, "horizon"));
  const History fresh{0, 0, 0, {}};
  return PurchaseModelRows::TimesAlive(*this, fresh, ExpectedWhileAlive(0, horizon)(fresh), false);
}

absl::Status PurchaseModel::Simulate(std::uint64_t seed, const Histories& rows, std::span<double> frequency, std::span<double> recency,
                                     int threads) const {
  const std::vector<double> none(rows.age.size(), 0);
  Histories fresh = rows;   // of what is to be drawn nothing is known
  fresh.frequency = fresh.recency = none;
  RAPPORT_ASSIGN_OR_RETURN(const PurchaseModelRows read, PurchaseModelRows::Of(*this, fresh, frequency.size()));
  if (recency.size() != frequency.size()) return Invalid("value.invalid_input", "frequency and recency: expected spans of one length");
  ForRanges(frequency.size(), RangeOf(frequency.size()), threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      stats::Draws draws(seed, i);
      const History drawn = Draw(read.At(i), draws);
      frequency[i] = drawn.frequency;
      recency[i] = drawn.recency;
    }
  });
  return absl::OkStatus();
}

absl::Status WeightedPurchases(const PurchaseModel& model, std::span<const double> ends, std::span<const double> weights, const Histories& rows,
                               std::span<double> out, const PredictOptions& options) {
  RAPPORT_ASSIGN_OR_RETURN(const PurchaseModelRows read, PurchaseModelRows::Of(model, rows, out.size()));
  for (const double end : ends) RAPPORT_RETURN_IF_ERROR(PurchaseModelRows::CheckSpan(model, end, "horizon"));
  read.Fill([&] { return PurchaseModelRows::Weighted(model, ends, weights, options.log); }, out, options.threads);
  return absl::OkStatus();
}

Json PurchaseModel::ToJson() const {
  std::vector<stats::NamedNumber> all = parameters();
  all.insert(all.end(), effects_.begin(), effects_.end());
  return stats::FitJson(name(), all, report_);
}

}  // namespace rapport
