// The CDNOW customers that value models are held to.
#ifndef RAPPORT_TESTS_VALUE_REFERENCE_HPP_
#define RAPPORT_TESTS_VALUE_REFERENCE_HPP_

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace rapport {

struct Customers {
  std::vector<double> frequency, recency, age, monetary = {};
};

inline Customers CdnowWeeks() {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/tests/fixtures/cdnow_summary_weeks.csv");
  EXPECT_TRUE(file.good());
  Customers customers;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string id, x, t_x, age, mean;
    std::getline(cells, id, ',') && std::getline(cells, x, ',') && std::getline(cells, t_x, ',') && std::getline(cells, age, ',') &&
        std::getline(cells, mean, ',');
    customers.frequency.push_back(std::stod(x));
    customers.recency.push_back(std::stod(t_x));
    customers.age.push_back(std::stod(age));
    customers.monetary.push_back(std::stod(mean));
  }
  return customers;
}

inline double RelativeError(double found, double expected) {
  return expected == 0 ? std::abs(found) : std::abs(found - expected) / std::abs(expected);
}

}  // namespace rapport

#endif  // RAPPORT_TESTS_VALUE_REFERENCE_HPP_
