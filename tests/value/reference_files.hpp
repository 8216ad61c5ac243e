// The figures and purchases in ../shared that purchase models are held to.
#ifndef RAPPORT_TESTS_VALUE_REFERENCE_FILES_HPP_
#define RAPPORT_TESTS_VALUE_REFERENCE_FILES_HPP_

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "rapport/core/json.hpp"
#include "rapport/value/summarize.hpp"
#include "value/one_customer.hpp"
#include "value/reference.hpp"

namespace rapport {

// Not good() where ../shared is absent.
inline std::ifstream ReferenceFile(const std::string& name) { return std::ifstream(std::string(RAPPORT_SHARED_DIR) + "/data/btyd-reference/" + name); }

// The purchases of CDNOW's sample; none where ../shared is absent.
inline std::vector<Purchase> CdnowSample() {
  std::ifstream file(std::string(RAPPORT_SHARED_DIR) + "/data/cdnow/CDNOW_sample.txt");
  std::string master, customer, day;
  double count = 0, amount = 0;
  std::vector<Purchase> purchases;
  while (file >> master >> customer >> day >> count >> amount) {
    purchases.push_back({customer, Day(std::stoi(day.substr(0, 4)), std::stoi(day.substr(4, 2)), std::stoi(day.substr(6, 2))), amount});
  }
  return purchases;
}

inline Customers CustomersOf(const std::vector<CustomerSummary>& rows) {
  Customers customers;
  for (const CustomerSummary& row : rows) AddTo(customers, static_cast<double>(row.frequency), row.recency, row.age);
  return customers;
}

struct Compared {
  int count = 0;
  double worst = 0;   // relative error
  void Add(double found, double truth) {
    const double error = RelativeError(found, truth);
    if (std::isnan(error) || error > worst) worst = error;   // NaN stays, whatever comes after it
    ++count;
  }
};

// The predictions of cdnow.json under the model's key.
inline Compared ComparePredictions(const PurchaseModel& model, const std::string& key, std::ifstream file) {
  std::ostringstream text;
  text << file.rdbuf();
  const auto json = Json::Parse(text.str());
  EXPECT_TRUE(json.ok()) << json.status();
  Compared compared;
  if (!json.ok()) return compared;
  const auto number = [](const Json& in, std::string_view name) { return *in.Find(name)->if_number(); };
  for (const Json& customer : *json->Find("predictions")->if_array()) {
    const OneCustomer of{number(customer, "x"), number(customer, "t_x"), number(customer, "T")};
    const Json& truth = *customer.Find(key);
    compared.Add(AliveOf(model, of), number(truth, "p_alive"));
    for (const auto& [horizon, expected] : *truth.Find("expected_purchases")->if_object()) {
      compared.Add(ExpectedOf(model, of, std::stod(horizon)), *expected.if_number());
    }
    int n = 0;
    if (const Json* counts = truth.Find("pmf_t39")) {
      for (const Json& p : *counts->if_array()) compared.Add(CountOf(model, of, n++, 39), *p.if_number());
    }
    if (const Json* residual = truth.Find("dert")) {
      compared.Add(ResidualOf(model, of, .0025), number(*residual, "delta=0.0025"));
      compared.Add(ResidualOf(model, of, std::log(1.1) / 52), number(*residual, "delta=ln(1.1)/52"));
    }
  }
  return compared;
}

// ln of a number written in decimals, also of one that no double holds.
inline double LogOfText(const std::string& text) {
  const std::size_t e = text.find_first_of("eE");
  return std::log(std::stod(text.substr(0, e))) + (e == std::string::npos ? 0 : std::stoi(text.substr(e + 1))) * std::log(10.0);
}

inline double AnswerOf(const PurchaseModel& model, const OneCustomer& of, const std::string& what, double asked, bool log) {
  if (what == "LL") return LogLikelihoodOf(model, of);
  if (what == "PAlive") return AliveOf(model, of, 0, log);
  return what == "CET" ? ExpectedOf(model, of, asked, 0, log) : ResidualOf(model, of, asked, log);
}

// The lines of edge_cases.csv of a family, of models with four parameters; what a double holds few digits of or none by its logarithm too.
template <typename Model>
Compared CompareEdgeCases(const std::string& family, std::ifstream file) {
  Compared compared;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> c;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) c.push_back(cell);
    if (c[0] != family) continue;
    const auto number = [&](std::size_t i) { return std::stod(c[i]); };
    const Model model = *Model::Make({number(2), number(3), number(4), number(5)});
    const OneCustomer of{number(6), number(7), number(8)};
    const bool tiny = c[1] != "LL" && LogOfText(c[10]) < std::log(1e-300);
    if (tiny) {
      EXPECT_NEAR(AnswerOf(model, of, c[1], number(9), false), std::strtod(c[10].c_str(), nullptr), std::numeric_limits<double>::min()) << line;
    }
    const double truth = tiny ? LogOfText(c[10]) : number(10);
    const double found = AnswerOf(model, of, c[1], number(9), tiny);
    EXPECT_LT(RelativeError(found, truth), 1e-12) << line;
    compared.Add(found, truth);
  }
  return compared;
}

}  // namespace rapport

#endif  // RAPPORT_TESTS_VALUE_REFERENCE_FILES_HPP_
