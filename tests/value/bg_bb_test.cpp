#include "rapport/value/bg_bb.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "rapport/core/status.hpp"
#include "rapport/stats/special.hpp"
#include "rapport/value/models.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

Histories One(const double& x, const double& t_x, const double& n) { return {{&x, 1}, {&t_x, 1}, {&n, 1}}; }

struct Customer {
  BgBb model;
  double x, t_x, n;
  Histories row() const { return One(x, t_x, n); }
  double LogLikelihood() const { return Of([&](std::span<double> out) { return model.LogLikelihoodOf(row(), out); }); }
  double Alive(double ahead = 0, bool log = false) const {
    return Of([&](std::span<double> out) { return model.ProbabilityAlive(ahead, row(), out, {.log = log}); });
  }
  double Expected(double horizon, double start = 0, bool log = false) const {
    return Of([&](std::span<double> out) { return model.ExpectedPurchases(horizon, row(), start, out, {.log = log}); });
  }
  double Count(std::int64_t k, double horizon) const {
    return Of([&](std::span<double> out) { return model.PurchaseProbability(k, horizon, row(), out); });
  }
  double Residual(double rate) const {
    return Of([&](std::span<double> out) { return model.ExpectedResidual(rate, row(), out); });
  }

 private:
  template <class Ask>
  static double Of(const Ask& ask) {
    double out = std::numeric_limits<double>::quiet_NaN();
    const absl::Status status = ask(std::span<double>(&out, 1));
    EXPECT_TRUE(status.ok()) << status;
    return out;
  }
};

Customer Case(const BgBb::Params& params, double x, double t_x, double n) { return {*BgBb::Make(params), x, t_x, n}; }

// Figures of an independent evaluation (mpmath, sums over opportunities at 40 digits).
struct Truth {
  BgBb::Params params;
  double x, t_x, n;
  double log_likelihood, alive, next_ten, window, two_of_fifty, none_of_300, residual;   // window: 2000 opportunities after 7; rate 0.01
};
constexpr Truth kTruths[] = {
    {{0.5, 20, 0.3, 50}, 30, 300, 365, -105.607849197887713, 0.225657140125314373, 0.177832726117535893, 25.6715392546953911, 0.0343002280106322633,
     0.776390193614192333, 1.67458190977865774},
    {{2, 40, 1, 30}, 5, 20, 104, -16.8570778958813968, 0.00475786250314474021, 0.00219215812330380895, 0.0830510477527322105, 0.00101057324884347015,
     0.995878259332495069, 0.0147534662496310615},
    {{1.204, 0.75, 0.657, 2.783}, 3, 4, 6, -5.05930794741110369, 0.472336259889142803, 1.84823805732032348, 32.9584287239160994, 0.0334489780526879833,
     0.586654007822541473, 7.32174472985695727},
    {{1.204, 0.75, 0.657, 2.783}, 0, 0, 6, -1.16726247267389378, 0.116096613292984675, 0.130103791412848637, 2.32005640128881446, 0.0115718928142941129,
     0.923144154775103555, 0.515402626484461464},
    {{0.3, 5, 0.4, 1.5}, 2, 17, 3000, -10.3135576248644933, 8.25394158688416898e-6, 6.31223912463627151e-8, 0.0000113195471273128101,
     7.89920310873349207e-9, 0.999998406432547421, 6.20478440182084191e-7},
    {{0.3, 5, 0.4, 1.5}, 0, 0, 3000, -0.337272762501029897, 0.00887578101996528925, 8.8536438794531949e-6, 0.00158769712558520924,
     4.50520875099597057e-7, 0.99975486628493478, 0.0000870292622915695583},
    {{0.8, 300, 1, 2000}, 4, 900, 5000, -29.5362919035416038, 0.00375463680120837578, 0.0000339724389634810296, 0.0059754684801586899,
     4.26472006066862175e-6, 0.999144984787628819, 0.000333570300283277264},
    {{30, 60, 12, 400}, 150, 600, 2500, -353.720152964114445, 8.62834890432763059e-117, 5.86242766602020347e-117, 1.53471330391497016e-115,
     1.61839255842423138e-117, 1.0, 4.2433020477021376e-116},
    {{0.05, 0.2, 0.1, 0.3}, 1, 2, 1000, -6.2556922728865374, 0.00541657826473354987, 0.0000568286989838034385, 0.0106590974554845708,
     0.0000123208788882204929, 0.998711200869426385, 0.000560597209374390844},
    {{3, 0.5, 2, 0.1}, 40, 45, 2000, -29.9618903272356562, 6.31867850280791718e-86, 1.34872501181964666e-86, 1.34875162381093885e-84,
     1.20838266411138401e-86, 1.0, 1.23085403182544798e-85},
};

TEST(BgBb_Reference, AgreesWithSumsOverOpportunities) {
  double worst = 0;
  for (const Truth& t : kTruths) {
    const Customer customer = Case(t.params, t.x, t.t_x, t.n);
    const double found[] = {customer.LogLikelihood(), customer.Alive(), customer.Expected(10), customer.Expected(2000, 7),
                            customer.Count(2, 50), customer.Count(0, 300), customer.Residual(0.01)};
    const double truth[] = {t.log_likelihood, t.alive, t.next_ten, t.window, t.two_of_fifty, t.none_of_300, t.residual};
    for (std::size_t i = 0; i < std::size(truth); ++i) {
      EXPECT_LT(RelativeError(found[i], truth[i]), 1e-11) << "figure " << i << " of x = " << t.x << ", n = " << t.n << ": " << found[i];
      worst = std::max(worst, RelativeError(found[i], truth[i]));
    }
  }
  RecordProperty("worst_relative_error", std::to_string(worst));
}

// A chance of 1.026e-350, below what a double holds.
TEST(BgBb_Reference, LogarithmsGoFurtherThanDoubles) {
  const Customer customer = Case({1.5, 2, 1e-3, .5}, 700, 1500, 4000);
  EXPECT_EQ(customer.Alive(), 0);
  EXPECT_LT(RelativeError(customer.Alive(0, true), std::log(1.02626940640523455) - 350 * std::log(10.0)), 1e-13);
  EXPECT_LT(RelativeError(customer.Expected(10, 0, true), std::log(1.79824403536483509) - 350 * std::log(10.0)), 1e-13);
  EXPECT_LT(RelativeError(customer.LogLikelihood(), -1052.97515127357575), 1e-13);
}

// The published example: 11,104 supporters of a charity, first gift in 1995, six yearly appeals after it.
struct Supporters {
  double x, t_x, customers;
};
constexpr Supporters kDonations[] = {{6, 6, 1203}, {5, 6, 728}, {4, 6, 512}, {3, 6, 357}, {2, 6, 234}, {1, 6, 129}, {5, 5, 335}, {4, 5, 284},
                                     {3, 5, 225},  {2, 5, 173}, {1, 5, 119}, {4, 4, 240}, {3, 4, 181}, {2, 4, 155}, {1, 4, 78},  {3, 3, 322},
                                     {2, 3, 255},  {1, 3, 129}, {2, 2, 613}, {1, 2, 277}, {1, 1, 1091}, {0, 0, 3464}};

TEST(BgBb_Reference, ReachesThePublishedFitOfDonations) {
  Customers rows;
  std::vector<double> weights;
  for (const Supporters& s : kDonations) {
    rows.frequency.push_back(s.x), rows.recency.push_back(s.t_x), rows.age.push_back(6);
    weights.push_back(s.customers);
  }
  const auto model = BgBb::Fit({rows.frequency, rows.recency, rows.age}, weights);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_TRUE(model->report()->converged);
  EXPECT_EQ(model->report()->customers, 11104);
  EXPECT_NEAR(model->report()->log_likelihood, -33225.6, 0.05);
  EXPECT_NEAR(model->params().alpha, 1.204, 5e-4);
  EXPECT_NEAR(model->params().beta, 0.750, 5e-4);
  EXPECT_NEAR(model->params().gamma, 0.657, 5e-4);
  EXPECT_NEAR(model->params().delta, 2.783, 5e-4);
}

// The same by adding up what the model says, opportunity by opportunity: chances to buy and to stop are integrated over Beta in closed form.
struct Counted {
  BgBb::Params p;
  double x, t_x, n;
  double Bought(double purchases, double opportunities) const {
    return std::exp(stats::LogBeta(p.alpha + purchases, p.beta + opportunities - purchases) - stats::LogBeta(p.alpha, p.beta));
  }
  double There(double until) const { return std::exp(stats::LogBeta(p.gamma, p.delta + until) - stats::LogBeta(p.gamma, p.delta)); }
  double StopsAfter(double i) const { return There(i) - There(i + 1); }
  double Alive() const { return Bought(x, n) * There(n); }
  double Likelihood() const {
    double sum = Alive();
    for (double i = t_x; i < n; ++i) sum += Bought(x, i) * StopsAfter(i);
    return sum;
  }
  double Expected(double horizon, double start) const {
    double sum = 0;
    for (double j = start + 1; j <= start + horizon; ++j) sum += Bought(x + 1, n + 1) * There(n + j);
    return sum / Likelihood();
  }
  double Count(double k, double horizon) const {
    const auto ways = [&](double of) {   // k purchases at `of` opportunities
      return k > of ? 0 : std::exp(std::lgamma(of + 1) - std::lgamma(k + 1) - std::lgamma(of - k + 1)) * Bought(x + k, n + of);
    };
    double sum = ways(horizon) * There(n + horizon);
    for (double i = 0; i < horizon; ++i) sum += ways(i) * StopsAfter(n + i);
    return sum / Likelihood() + (k == 0 ? 1 - Alive() / Likelihood() : 0);
  }
};

TEST(BgBb_Property, IsWhatTheModelSaysOpportunityByOpportunity) {
  EXPECT_TRUE(rc::check([] {
    const auto parameter = [] { return std::exp(*rc::gen::inRange(-200, 300) / 100.0); };
    const BgBb::Params p{parameter(), parameter(), parameter(), parameter()};
    const int n = *rc::gen::inRange(0, 60), t_x = n == 0 ? 0 : *rc::gen::inRange(0, n + 1), x = t_x == 0 ? 0 : *rc::gen::inRange(1, t_x + 1);
    const Customer customer = Case(p, x, t_x, n);
    const Counted counted{p, static_cast<double>(x), static_cast<double>(t_x), static_cast<double>(n)};
    const int horizon = *rc::gen::inRange(0, 90), start = *rc::gen::inRange(0, 40), k = *rc::gen::inRange(0, 6);
    const auto near = [](double found, double truth) { return std::abs(found - truth) <= 1e-9 * std::abs(truth) + 1e-300; };
    RC_ASSERT(std::abs(customer.LogLikelihood() - std::log(counted.Likelihood())) < 1e-9);
    RC_ASSERT(near(customer.Alive(), counted.Alive() / counted.Likelihood()));
    RC_ASSERT(near(customer.Alive(start), counted.Alive() / counted.Likelihood() * counted.There(n + start) / counted.There(n)));
    RC_ASSERT(near(customer.Expected(horizon, start), counted.Expected(horizon, start)));
    RC_ASSERT(near(customer.Count(k, horizon), counted.Count(k, horizon)));
  }));
}

// Direct sums against the transformed ones, where the number of terms decides between them.
TEST(BgBb_Property, LongHistoriesAgreeWithTheirSums) {
  EXPECT_TRUE(rc::check([] {
    const auto parameter = [] { return std::exp(*rc::gen::inRange(-500, 700) / 100.0); };
    const BgBb::Params p{parameter(), parameter(), parameter(), parameter()};
    const int n = *rc::gen::inRange(100, 6000), t_x = *rc::gen::inRange(0, n), x = t_x == 0 ? 0 : *rc::gen::inRange(1, std::min(t_x, 60) + 1);
    double sum = 0, term = 1;
    for (double i = t_x; i < n; ++i) {
      sum += term;
      term *= (p.beta - x + i) * (p.delta + i) / ((p.alpha + p.beta + i) * (p.gamma + p.delta + 1 + i));
    }
    if (term < 1e-290) return;
    const double log_odds = std::log(sum) - std::log(term) - std::log((p.gamma + p.delta + n) / p.gamma);
    RC_ASSERT(std::abs(-Case(p, x, t_x, n).Alive(0, true) - stats::SoftPlus(log_odds)) < 1e-10 * std::max(1.0, std::abs(log_odds)));
  }));
}

TEST(BgBb_Property, NeverNanNeverNegative) {
  EXPECT_TRUE(rc::check([] {
    const auto parameter = [] { return std::exp(*rc::gen::inRange(-11000, 11000) / 100.0); };
    const BgBb::Params p{parameter(), parameter(), parameter(), parameter()};
    const int n = *rc::gen::inRange(0, 3000), t_x = n == 0 ? 0 : *rc::gen::inRange(0, n + 1), x = t_x == 0 ? 0 : *rc::gen::inRange(1, t_x + 1);
    const Customer customer = Case(p, x, t_x, n);
    const int horizon = *rc::gen::inRange(0, 5000);
    const double alive = customer.Alive(), ahead = customer.Alive(50), expected = customer.Expected(horizon), window = customer.Expected(horizon, 100);
    const double count = customer.Count(*rc::gen::inRange(0, 50), horizon), none = customer.Count(0, horizon), residual = customer.Residual(1e-3);
    RC_ASSERT(customer.LogLikelihood() <= 0);
    RC_ASSERT(0 <= ahead && ahead <= alive && alive <= 1);
    RC_ASSERT(0 <= expected && expected <= horizon * (1 + 1e-12) && 0 <= window && window <= expected * (1 + 1e-9));
    RC_ASSERT(0 <= count && count <= 1 && 0 <= none && none <= 1);
    RC_ASSERT(residual >= 0 && std::isfinite(residual));
  }));
}

TEST(BgBb_Property, ChancesOfCountsAddUp) {
  for (const Truth& t : {kTruths[0], kTruths[2], kTruths[9]}) {
    const Customer customer = Case(t.params, t.x, t.t_x, t.n);
    double sum = 0, mean = 0;
    for (int k = 0; k <= 60; ++k) {
      const double chance = customer.Count(k, 60);
      sum += chance;
      mean += k * chance;
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_LT(RelativeError(mean, customer.Expected(60)), 1e-11);
    EXPECT_EQ(customer.Count(61, 60), 0);
  }
}

TEST(BgBb_Property, SmallRatesAndManyOpportunities) {
  // gamma = 1 exactly and nearly, where the closed form of eq. 13 divides by 0; the sum over opportunities is harmonic there.
  for (const double gamma : {1.0, 1 + 1e-12, 1 - 1e-7}) {
    double harmonic = 0;
    for (double j = 20'000; j >= 1; --j) harmonic += 36 / (36 + j);
    const Customer customer = Case({1, 1, gamma, 30}, 6, 6, 6);
    EXPECT_LT(RelativeError(customer.Expected(20'000), 7.0 / 8 * harmonic), std::abs(gamma - 1) * 10 + 1e-13) << gamma;
  }
  // Where hardly anything is discounted and nearly all stop, the discounted sum is the sum.
  const Customer customer = Case({1, 1, 4, 3}, 2, 2, 3);
  EXPECT_LT(RelativeError(customer.Residual(1e-12), customer.Expected(100'000)), 1e-11);
}

Customers Drawn(const BgBb& model, std::size_t size, std::uint64_t seed, double opportunities) {
  Customers drawn;
  drawn.age.assign(size, opportunities);
  for (std::size_t i = 0; i < size; ++i) drawn.age[i] -= static_cast<double>(i % 3);
  drawn.frequency.resize(size), drawn.recency.resize(size);
  const std::vector<double> none(size, 0);
  EXPECT_TRUE(model.Simulate(seed, {none, none, drawn.age}, drawn.frequency, drawn.recency).ok());
  return drawn;
}
Histories RowsOf(const Customers& customers) { return {customers.frequency, customers.recency, customers.age}; }
std::string FitText(const Customers& customers, std::span<const double> weights = {}) {
  const auto model = BgBb::Fit(RowsOf(customers), weights);
  return model.ok() ? model->ToJson().Canonical() : std::string(model.status().message());
}

TEST(BgBb_Fit, FindsTheParametersThatMadeTheData) {
  for (const double opportunities : {8.0, 300.0, 3000.0}) {
    const BgBb::Params truth{0.6, 3, 0.5, 2.5};
    const auto model = BgBb::Fit(RowsOf(Drawn(*BgBb::Make(truth), 20'000, 3, opportunities)));
    ASSERT_TRUE(model.ok()) << model.status();
    EXPECT_TRUE(model->report()->converged);
    const double expected[] = {truth.alpha, truth.beta, truth.gamma, truth.delta};
    ASSERT_EQ(model->report()->standard_errors.size(), 4u) << model->report()->diagnosis;
    for (std::size_t i = 0; i < 4; ++i) {
      const double found = model->parameters()[i].value, error = model->report()->standard_errors[i];
      EXPECT_LT(std::abs(found - expected[i]), 4 * error) << opportunities << ", " << i;
      EXPECT_LT(error, 0.6 * expected[i]) << "precise enough to mean something";
    }
  }
}

// The likelihood at the optimum is flat and curves as the covariance says; LogLikelihoodOf adds terms up in another way.
TEST(BgBb_Fit, CovarianceIsTheCurvatureOfTheLikelihood) {
  const Customers drawn = Drawn(*BgBb::Make({1.2, 2, 0.7, 4}), 4000, 9, 150);
  const auto model = BgBb::Fit(RowsOf(drawn));
  ASSERT_TRUE(model.ok());
  std::vector<double> each(drawn.age.size());
  const auto log_likelihood = [&](std::array<double, 4> p) {
    EXPECT_TRUE(BgBb::Make({p[0], p[1], p[2], p[3]})->LogLikelihoodOf(RowsOf(drawn), each).ok());
    return std::accumulate(each.begin(), each.end(), 0.0);
  };
  const BgBb::Params& p = model->params();
  const std::array<double, 4> at{p.alpha, p.beta, p.gamma, p.delta};
  EXPECT_LT(RelativeError(log_likelihood(at), model->report()->log_likelihood), 1e-13);
  stats::Matrix information(4, std::vector<double>(4));
  const auto moved = [&](std::size_t i, double by_i, std::size_t j, double by_j) {
    std::array<double, 4> q = at;
    q[i] += by_i, q[j] += by_j;
    return log_likelihood(q);
  };
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      const double hi = at[i] * 2e-3, hj = at[j] * 2e-3;
      information[i][j] = -(moved(i, hi, j, hj) - moved(i, hi, j, -hj) - moved(i, -hi, j, hj) + moved(i, -hi, j, -hj)) / (4 * hi * hj);
    }
  }
  const stats::Matrix covariance = stats::InvertPositiveDefinite(information);
  ASSERT_FALSE(covariance.empty());
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) EXPECT_LT(RelativeError(model->report()->covariance[i][j], covariance[i][j]), 1e-3) << i << j;
  }
}

TEST(BgBb_Fit, OrderAndWeightsDoNotShow) {
  const Customers drawn = Drawn(*BgBb::Make({1.2, 0.75, 0.66, 2.8}), 900, 4, 40);
  Customers repeated;
  std::vector<double> weights;
  for (std::size_t i = 0; i < drawn.age.size(); ++i) weights.push_back(static_cast<double>(i % 4));
  for (std::size_t i = drawn.age.size(); i-- > 0;) {
    for (std::size_t k = 0; k < i % 4; ++k) {
      repeated.frequency.push_back(drawn.frequency[i]), repeated.recency.push_back(drawn.recency[i]), repeated.age.push_back(drawn.age[i]);
    }
  }
  EXPECT_EQ(FitText(drawn, weights), FitText(repeated));
}

TEST(BgBb_Fit, SaysWhichBoundaryItRanTo) {
  const auto diagnosis = [](const Customers& customers) {
    const auto model = BgBb::Fit(RowsOf(customers));
    EXPECT_TRUE(model.ok() && model->report()->standard_errors.empty()) << "none is made up";
    return model.ok() ? model->report()->diagnosis : std::string(model.status().message());
  };
  Customers nobody_stops;
  for (int i = 0; i < 200; ++i) {
    nobody_stops.frequency.push_back(1 + i % 9), nobody_stops.recency.push_back(10), nobody_stops.age.push_back(10);
  }
  EXPECT_EQ(diagnosis(nobody_stops), "On the boundary: these customers show no stopping, so gamma and delta are not determined one by one.");
  const Customers always = Drawn(*BgBb::Make({1e9, 1e-9, 0.7, 2.8}), 2000, 6, 20);
  EXPECT_EQ(diagnosis(always), "On the boundary: these customers buy at every opportunity or never, so alpha and beta are determined only by their ratio.");
}

TEST(BgBb_Fit, IsFiniteForAnyTable) {
  EXPECT_TRUE(rc::check([] {
    const int size = *rc::gen::inRange(1, 30);
    Customers customers;
    bool anyone = false;
    for (int i = 0; i < size; ++i) {
      const int n = *rc::gen::inRange(0, 30), t_x = n == 0 ? 0 : *rc::gen::inRange(0, n + 1), x = t_x == 0 ? 0 : *rc::gen::inRange(1, t_x + 1);
      customers.frequency.push_back(x), customers.recency.push_back(t_x), customers.age.push_back(n);
      anyone |= x > 0;
    }
    const auto model = BgBb::Fit(RowsOf(customers));
    RC_ASSERT(model.ok() == anyone);
    if (!anyone) return;
    RC_ASSERT(std::isfinite(model->report()->log_likelihood) && !model->report()->diagnosis.empty());
    RC_ASSERT(model->report()->converged);
    for (const double error : model->report()->standard_errors) RC_ASSERT(error > 0 && std::isfinite(error));
    RC_ASSERT((*ReadPurchaseModel(*Json::Parse(model->ToJson().Canonical())))->ToJson() == model->ToJson());
  }));
}

TEST(BgBb_Draw, FollowsTheModel) {
  const BgBb model = *BgBb::Make({1.2, 2, 0.7, 4});
  constexpr std::size_t kCustomers = 40'000;
  Customers drawn;
  drawn.age.assign(kCustomers, 12), drawn.frequency.resize(kCustomers), drawn.recency.resize(kCustomers);
  const std::vector<double> none(kCustomers, 0);
  ASSERT_TRUE(model.Simulate(8, {none, none, drawn.age}, drawn.frequency, drawn.recency).ok());
  double total = 0, last = 0;
  for (std::size_t i = 0; i < kCustomers; ++i) {
    total += drawn.frequency[i];
    last += drawn.recency[i] == 12;
  }
  EXPECT_NEAR(total / kCustomers, *model.ExpectedPurchasesNew(12), 0.06);
  const Counted fresh{model.params(), 0, 0, 0};
  EXPECT_NEAR(last / kCustomers, fresh.Bought(1, 1) * fresh.There(12), 0.008) << "who bought at the last opportunity was there";
}

TEST(BgBb_Errors, WantWholeOpportunities) {
  const std::vector<double> x{1, 2}, t_x{2, 3}, n{6, 6}, half{6, 5.5}, early{2, 1}, long_ago{6, 100'001};
  const BgBb model = *BgBb::Make({1, 1, 1, 1});
  std::vector<double> out{-1, -1};
  const auto message = [&](const absl::Status& status) {
    EXPECT_EQ(TokenOf(status), "value.invalid_input");
    return std::string(status.message());
  };
  EXPECT_EQ(message(BgBb::Fit({x, t_x, half}).status()), "row 1, field opportunities: found 5.5, expected a whole number of opportunities, at most 100000");
  EXPECT_EQ(message(BgBb::Fit({x, t_x, long_ago}).status()), "row 1, field opportunities: found 100001, expected a whole number of opportunities, at most 100000");
  const std::vector<double> one{6}, negative{6, -1};
  EXPECT_EQ(message(BgBb::Fit({x, t_x, one}).status()), "field opportunities: found 1 rows, expected 2");
  EXPECT_EQ(message(model.ProbabilityAlive(0, {x, t_x, one}, out)), "field opportunities: found 1 rows, expected 2");
  EXPECT_EQ(message(model.ProbabilityAlive(0, {x, t_x, negative}, out)), "row 1, field opportunities: found -1, expected a time from 0 to 1e20");
  EXPECT_EQ(message(BgBb::Fit({x, early, n}).status()), "row 1, field frequency: found 2, expected at most the recency, one purchase an opportunity");
  EXPECT_EQ(message(model.ExpectedPurchases(2.5, {x, t_x, n}, 0, out)),
            "horizon: found 2.5, expected a whole number of opportunities, at most 100000");
  EXPECT_EQ(message(model.ExpectedPurchases(2, {x, t_x, n}, 0.5, out)), "start: found 0.5, expected a whole number of opportunities, at most 100000");
  EXPECT_EQ(message(model.ProbabilityAlive(0.5, {x, t_x, n}, out)), "ahead: found 0.5, expected a whole number of opportunities, at most 100000");
  EXPECT_EQ(message(model.PurchaseProbability(1, 0.5, {x, t_x, n}, out)),
            "horizon: found 0.5, expected a whole number of opportunities, at most 100000");
  EXPECT_FALSE(model.ExpectedPurchasesNew(0.5).ok());
  EXPECT_EQ(out, (std::vector<double>{-1, -1}));
  const std::vector<double> column{1, 2};
  EXPECT_EQ(TokenOf(BgBb::Fit({x, t_x, n, {{"segment"}, {column}}}).status()), "value.covariates");
  EXPECT_EQ(TokenOf(BgBb::Make({1, 1, 1, -1}).status()), "value.invalid_parameter");
}

}  // namespace
}  // namespace rapport
