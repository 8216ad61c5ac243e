#include "rapport/stats/two_groups.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "rapport/stats/special.hpp"

namespace rapport::stats {
namespace {

constexpr std::array<double, 8> kShares = {0.01, 0.03, 0.08, 0.2, 0.4, 0.6, 0.8, 0.97};

// How many independent rows so many of one owner are worth.
double Independent(std::size_t rows, double likeness) {
  const auto n = static_cast<double>(rows);
  return rows == 0 ? 0 : n / (1 + (n - 1) * likeness);
}

double MeanOf(std::span<const double> values, const OwnedRows& owner) {
  double sum = 0;
  for (std::size_t i = owner.first; i < owner.first + owner.rows; ++i) sum += values[i];
  return sum / static_cast<double>(owner.rows);
}

// Owners with rows, without those of the largest means.
std::vector<OwnedRows> Kept(std::span<const double> values, std::span<const OwnedRows> owners, double left_out) {
  std::vector<std::pair<double, OwnedRows>> means;
  for (const OwnedRows& owner : owners) {
    if (owner.rows > 0) means.emplace_back(MeanOf(values, owner), owner);
  }
  std::sort(means.begin(), means.end(), [](const auto& a, const auto& b) { return a.first != b.first ? a.first < b.first : a.second.rows < b.second.rows; });
  const auto out = static_cast<std::size_t>(std::ceil(left_out * static_cast<double>(means.size())));
  std::vector<OwnedRows> kept;
  for (std::size_t i = 0; i + out < means.size(); ++i) kept.push_back(means[i].second);
  return kept;
}

}  // namespace

std::vector<double> RankAmongOthers(std::span<const double> statistic, std::span<const OwnedRows> owners, double quiet, double likeness) {
  std::vector<double> all(statistic.begin(), statistic.end());
  std::sort(all.begin(), all.end());
  const auto at_least = [](const std::vector<double>& sorted, double value) {
    return static_cast<double>(sorted.end() - std::lower_bound(sorted.begin(), sorted.end(), value));
  };
  double independent_rows = 0;
  for (const OwnedRows& owner : owners) independent_rows += Independent(owner.rows, likeness);
  std::vector<double> p(statistic.size(), 1);
  std::vector<double> own;
  for (const OwnedRows& owner : owners) {
    const auto rows = statistic.subspan(owner.first, owner.rows);
    own.assign(rows.begin(), rows.end());
    std::sort(own.begin(), own.end());
    const double others = static_cast<double>(all.size() - own.size()) + quiet;
    if (others <= 0) continue;
    const double independent = independent_rows - Independent(own.size(), likeness) + quiet;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] > 0) p[owner.first + i] = (1 + (at_least(all, rows[i]) - at_least(own, rows[i])) / others * independent) / (1 + independent);
    }
  }
  return p;
}

double OddsOf(double p, double kappa, double most) { return std::min(most, kappa * Exp((kappa - 1) * Log(p))); }

double LikenessOf(std::span<const double> values, std::span<const OwnedRows> owners, const LikenessOptions& options) {
  const std::vector<OwnedRows> kept = Kept(values, owners, options.left_out);
  double rows = 0, squares = 0, sum = 0;
  for (const OwnedRows& owner : kept) {
    const auto n = static_cast<double>(owner.rows);
    rows += n, squares += n * n, sum += n * MeanOf(values, owner);
  }
  const auto count = static_cast<double>(kept.size());
  double found = options.floor;
  if (count >= 2 && rows > count) {
    const double mean = sum / rows;
    double within = 0, between = 0;
    for (const OwnedRows& owner : kept) {
      const double own = MeanOf(values, owner);
      for (std::size_t i = owner.first; i < owner.first + owner.rows; ++i) within += (values[i] - own) * (values[i] - own);
      between += static_cast<double>(owner.rows) * (own - mean) * (own - mean);
    }
    within /= rows - count, between /= count - 1;
    const double size = (rows - squares / rows) / (count - 1);
    const double total = between + (size - 1) * within;
    found = total > 0 ? std::clamp((between - within) / total, 0.0, 1.0) : options.floor;
  }
  return std::clamp(found, options.floor, 1.0);
}

OwnerShare ShareOf(std::span<const double> odds, double likeness, double prior) {
  const double weight = odds.empty() ? 0 : Independent(odds.size(), likeness) / static_cast<double>(odds.size());
  std::array<double, kShares.size()> log_share{};
  double all = -std::numeric_limits<double>::infinity();
  for (std::size_t s = 0; s < kShares.size(); ++s) {
    double sum = 0;
    for (const double one : odds) sum += Log(1 + kShares[s] * (one - 1));
    log_share[s] = weight * sum - Log(static_cast<double>(kShares.size()));
    all = LogAdd(all, log_share[s]);
  }
  OwnerShare owner;
  owner.any = Logistic(all + Log(prior) - Log1p(-prior));
  for (std::size_t s = 0; s < kShares.size(); ++s) owner.share += owner.any * Exp(log_share[s] - all) * kShares[s];
  return owner;
}

}  // namespace rapport::stats
