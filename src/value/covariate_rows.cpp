#include "value/covariate_rows.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

// Columns of one group in the order of their names.
std::vector<std::size_t> OrderOf(const std::vector<std::string>& names) {
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return names[i] < names[j]; });
  return order;
}

// One group's columns, each less its mean and over its length, taken one by one: what the others before leave of it. Names the first of which nothing is left.
std::string FirstDependent(const CovariateRows& rows, std::size_t first, std::span<const std::string> names) {
  constexpr double kNothing = 1e-8;
  std::vector<std::vector<double>> basis;
  for (std::size_t c = 0; c < names.size(); ++c) {
    std::vector<double> column;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) column.push_back(rows.Of(i)[first + c]);
    const double mean = std::accumulate(column.begin(), column.end(), 0.0) / static_cast<double>(column.size());
    double largest = 0;
    for (double& v : column) {
      largest = std::max(largest, std::abs(v));
      v -= mean;
    }
    double whole = stats::Sqrt(std::inner_product(column.begin(), column.end(), column.begin(), 0.0));
    if (!(whole > 1e-12 * largest * stats::Sqrt(static_cast<double>(column.size())))) return names[c];
    for (double& v : column) v /= whole;
    for (int pass = 0; pass < 2; ++pass) {   // twice is enough (Giraud, Langou, Rozloznik 2005)
      for (const std::vector<double>& other : basis) {
        const double share = std::inner_product(column.begin(), column.end(), other.begin(), 0.0);
        for (std::size_t i = 0; i < column.size(); ++i) column[i] -= share * other[i];
      }
    }
    whole = stats::Sqrt(std::inner_product(column.begin(), column.end(), column.begin(), 0.0));
    if (whole < kNothing) return names[c];
    for (double& v : column) v /= whole;
    basis.push_back(std::move(column));
  }
  return {};
}

}  // namespace

absl::Status CheckNames(const Covariates& covariates, std::string_view what) {
  std::vector<std::string> names = covariates.names;
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return absl::OkStatus();
  return Invalid("value.covariates", absl::StrCat(std::string(what), ": found \"", *twice, "\" twice, expected each name once"));
}

CovariateRows FoldCovariates(const Histories& columns, std::span<const double> weights, double unit) {
  CovariateRows folded;
  std::vector<std::span<const double>> covariates;
  for (const Covariates* group : {&columns.transaction, &columns.dropout}) {
    for (const std::size_t j : OrderOf(group->names)) {
      (group == &columns.transaction ? folded.transaction : folded.dropout).push_back(group->names[j]);
      covariates.push_back(group->columns[j]);
    }
  }
  std::vector<HistoryRow> rows;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    rows.push_back({columns.frequency[i], columns.recency[i] / unit, columns.age[i] / unit, weights.empty() ? 1 : weights[i]});
    if (rows.back().weight > 0) order.push_back(i);
  }
  // -1, 0, 1: before, the same, after.
  const auto compare = [&](std::size_t i, std::size_t j) {
    const auto of = [](double p, double q) { return p < q ? -1 : p > q ? 1 : 0; };
    int first = of(rows[i].x, rows[j].x);
    if (first == 0) first = of(rows[i].t_x, rows[j].t_x);
    if (first == 0) first = of(rows[i].age, rows[j].age);
    for (std::size_t c = 0; first == 0 && c < covariates.size(); ++c) first = of(covariates[c][i], covariates[c][j]);
    return first;
  };
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    const int first = compare(i, j);
    return first != 0 ? first < 0 : rows[i].weight < rows[j].weight;
  });
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t i = order[k];
    if (k > 0 && compare(order[k - 1], i) == 0) {
      folded.rows.back().weight += rows[i].weight;
      continue;
    }
    folded.rows.push_back(rows[i]);
    for (const std::span<const double> column : covariates) folded.values.push_back(column[i]);
  }
  return folded;
}

std::string CollinearColumns(const CovariateRows& rows) {
  std::string found = FirstDependent(rows, 0, rows.transaction), group = "transaction";
  if (found.empty()) {
    found = FirstDependent(rows, rows.transaction.size(), rows.dropout);
    group = "dropout";
  }
  if (found.empty()) return {};
  return absl::StrCat("Covariate \"", found, "\" of ", group, " is a constant or a sum of others, so their effects are not determined one by one.");
}

}  // namespace rapport
