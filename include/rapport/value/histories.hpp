// Floor 3. What customer-base models read of many customers: columns of `Summarize`, one row a customer.
#ifndef RAPPORT_VALUE_HISTORIES_HPP_
#define RAPPORT_VALUE_HISTORIES_HPP_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace rapport {

// Columns of numbers that hold for a customer all the time ("segment_b", "distance"), one value a customer, finite and at most 1e6 by size.
struct Covariates {
  std::vector<std::string> names = {};
  std::vector<std::span<const double>> columns = {};
};

// Frequency x (a whole number >= 0), recency t_x and age T in one unit of time, 0 <= t_x <= T <= 1e20, t_x = 0 where x = 0.
struct Histories {
  std::span<const double> frequency, recency, age;
  Covariates transaction = {};   // that move the rate of buying, and
  Covariates dropout = {};       // the chance to stop: of a model fitted with them, which then needs them of everybody
  std::size_t size() const { return frequency.size(); }
};

// How predictions are made.
struct PredictOptions {
  // The natural logarithm of what is asked: finite wherever that is above 0, however far below the smallest double it is. -infinity says that it is exactly 0,
  // as purchases within no time, or more of them than opportunities; and of expected purchases, whose logarithm is that of a double, what is below 1e-308.
  bool log = false;
  int threads = 1;   // started and joined within the call; the bits are those of one
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_HISTORIES_HPP_
