#include "rapport/value/bg_bb.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cmath>
#include <limits>

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
  std::cout << "worst relative error " << worst << "\n";
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
  std::cout << model->ToJson().Canonical() << "\n";
}

}  // namespace
}  // namespace rapport
