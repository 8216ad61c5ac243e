// Predictions at parameters no fit would give, against figures of an independent evaluation (mpmath, the published formulas at 150 digits).
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

#include "rapport/core/status.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "value/reference.hpp"

namespace rapport {
namespace {

struct Prediction {
  BgNbd::Params params;
  double x, t_x, age, t, other, truth;   // other: start of the window, or the count
};

// E of purchases in (T + other, T + other + t].
constexpr Prediction kExpected[] = {
    {{1.8423636305031674, 1.6585592825255486, 0.999999, 23.990656292050105}, 13, 3.43, 5.05, 198.5121084577078, 0, 35.02404126009977},
    {{0.45910105634844434, 50.38059220004108, 4.6460169150818, 1.8118847114864942}, 2, 61.73, 62.99, 2.0523706442197813, 0, 0.01621900556305977},
    {{0.002309196134706327, 113.79465328277148, 198.69214219323084, 0.05726060696939598}, 5, 11.01, 12.36, 3.844355024178336, 0, 0.002652473940755613},
    {{8.344138247524885, 0.5010382086654981, 1.826075796884775, 0.6714746101333667}, 2, 0.66, 1.26, 579.3253777916477, 0, 0.051319669796599285},
    {{1.9225361423816878, 32.782691199485654, 0.3863498680965792, 0.49491852130903163}, 3, 6.5, 10.94, 6.963851861566793, 0, 0.5946370728643281},
    {{456.67476663167986, 1904.888279921391, 267.93231879216296, 1.0976558307884516}, 1713, 142, 172.41, 60283.22404257647, 0, 6.026745034305812e-13},
    {{8.748392745026251, 0.6309439886095123, 0.26044000830599656, 0.35703988865770003}, 120, 149.67, 447.38, 14.612187391173977, 0, 1.6350119137268545e-58},
    {{1.121833154216283, 3.422757409835948, 3.9479549429346665, 2.6196656435492893}, 0, 0, 27.01, 3.830781098400358, 0, 0.13076764562061896},
    {{0.043908950592182784, 2176.7053502481194, 0.00508943042593192, 2787.8647045105868}, 3, 136.26, 185.98, 131.22970318019418, 0, 0.1690662740221504},
    {{0.1276819576141225, 11.711451242523887, 0.25, 0.75}, 120, 1.59, 4.53, 8.165794655416038, 0, 1.0464979874667093e-06},
    {{0.10195117135267903, 70.17138236404693, 1.1673085448855667, 4.183286411814331}, 0, 0, 45.13, 1145.7522336450966, 0, 0.5754693705941256},
    {{0.14984515406539914, 0.5685623535289329, 0.999999999, 4.225496915471276}, 8, 3.81, 8.5, 1200.9696857111799, 711.9780739347477, 0.34447070809351144},
    {{2.428315395615997, 0.36447851389625224, 1.3199923933722668, 4.632526389380713}, 5, 11.47, 23.5, 23.354299835829536, 8.132763967880974, 0.13503504919170928},
    {{0.39221783475770117, 1.199688243306084, 0.6775511782714553, 0.7746544357629586}, 120, 21.02, 57.24, 4.001819774150155, 0, 3.914246913202756e-48},
    {{8.66398313064593, 3.6247220731969065, 0.3622715080723647, 0.7462794088391193}, 8, 634.18, 695.28, 4.106666770545262, 0, 0.08043734943884873},
    {{1.837758548452938, 83.90953461344309, 1.000001, 1.9856794616377846}, 5, 2.03, 3.34, 0.2481068029957967, 494.38024231102423, 0.0025043213823653676},
    {{7.008311363811662, 2.174026883564114, 1.113803650314581, 1.2242019341102928}, 1, 5.85, 6.09, 197.14116595326055, 0, 3.8900909661537275},
    {{0.0137885834343848, 0.010906397257818097, 0.16950961410582352, 3.1724821087233384}, 8, 21.36, 35.67, 4975.989123048617, 0, 297.7705421723675},
    {{2.058521913373538, 38.366669655966476, 0.36989959937423555, 7.731351178986021}, 0, 0, 737.92, 0.3661368283275779, 0, 0.0009708731251372466},
    {{3.463321177264467, 52.17510142742791, 0.25, 0.75}, 0, 0, 11.22, 5.519819711552966, 0, 0.288216302987503},
    {{0.2426, 4.4135, 0.7929, 2.4258}, 10, 0.1285713, 0.142857, 1040, 0, 108.345524009},   // joined yesterday, 20 years of weeks
    {{0.5, 10, 1.0000001, 3}, 7, 29.43, 38.86, 10000, 0, 32.305328},   // eight digits given
};

// P(active t after T).
constexpr Prediction kAlive[] = {
    {{5.253977462181017, 5.924730942277992, 0.42904466137248076, 8.008801463647492}, 5, 11.56, 12.36, 8.058410059307008, 0, 0.8361567677766174},
    {{0.9501953675006641, 2.609129408836629, 0.25, 0.75}, 0, 0, 278.73, 0.18382942712609193, 0, 0.9998448453056336},
    {{0.153782636124867, 16.538215227781095, 2.662455950231956, 0.3437998936675235}, 40, 116.71, 220.38, 860.9832743726613, 0, 2.6576274449607302e-11},
    {{0.10821184274271206, 72.12302153917908, 1.7381536999703926, 2.568419318806078}, 2, 137.69, 279.81, 1400.3683905802823, 0, 0.11675183067009157},
    {{0.4031033739317074, 1.396229545675136, 0.34059159238382264, 1.0012916456954373}, 0, 0, 35.83, 19.411877450468626, 0, 0.9553680871697003},
    {{0.002389841001392618, 4.587872955715915, 0.03129796447765887, 0.17654147986441543}, 8, 62.23, 135.45, 0.2112734379480919, 0, 0.3807511347020249},
    {{1.2281810962382838, 11.319479439886958, 0.1425380287126195, 1.843492404558497}, 8, 67.71, 118.75, 10.88698055374576, 0, 0.3805328529542336},
    {{0.1905164147730399, 5.373500379988822, 0.16749351132722248, 0.47291243411765405}, 5, 3.25, 4.42, 730.6774763876248, 0, 0.45878670727411974},
    {{80.6962059784593, 57.91495095749077, 0.0143459696083213, 0.4376240911500365}, 3, 13.59, 15.65, 237.01538181661485, 0, 0.8813881920014615},
    {{0.33338969917728134, 20.880086314068198, 1.020953548932097, 4.183769876222161}, 13, 2.96, 3.25, 2329.228476654622, 0, 0.012130851120870442},
};

// P(other purchases in (T, T + t]).
constexpr Prediction kCounts[] = {
    {{7.864207683329243, 0.4379035029811345, 0.1394062971375919, 5.66563141084572}, 0, 0, 65.74, 41.24944190290217, 5, 0.1309991875627476},
    {{179.03874654568563, 0.04341061073412696, 0.746439579374707, 949.7319541833755}, 0, 0, 18.57, 0.21916866957812492, 0, 0.12296867976522069},
    {{21.947749124488627, 0.20653405497270308, 0.4982527401057118, 0.006462173123937485}, 0, 0, 10.83, 3.3494511734095074, 5, 0.0011855804763688776},
    {{0.11449059682155356, 9.725466405521905, 3.155656913259755, 0.5897076178181746}, 8, 107.42, 135.33, 13.373537750083058, 171, 5.320979438055687e-177},
    {{4.720002608326546, 4.04006083717286, 0.024848553348696296, 9.17618927696053}, 13, 1.11, 1.65, 1034.0184526681564, 2, 0.0010625146821503309},
    {{9.651425798144134, 15.459440630757026, 1.001, 0.8394256565611478}, 2, 12.76, 14.03, 2.4430761271705275, 30, 1.20803872468361e-26},
    {{0.006490618590572448, 0.4090850805810672, 1.0673302937365832, 0.44263377634594253}, 40, 102.18, 144.61, 2469.9762210713816, 200, 2.3814142820288216e-08},
    {{1.989403670250312, 0.42113037999719705, 3.3715109114172126, 0.7282655969747879}, 0, 0, 32.1, 0.7911005470799028, 30, 2.7389062762524063e-52},
    {{9.413972005143288, 1.1823810192613304, 1.000000001, 3.536583769729795}, 120, 1.42, 4.34, 0.41825618199963827, 171, 5.552677315953745e-155},
    {{0.12461866435005464, 26.949862609172015, 0.999, 5.665178291645992}, 40, 2.49, 2.64, 270.9927510527649, 2, 0.019962938706031982},
};

double Tolerance(const Prediction& p) { return p.truth == 108.345524009 || p.truth == 32.305328 ? 2e-8 : 1e-11; }

TEST(BgNbd_Limits, ExpectedPurchasesInAnyWindow) {
  for (const Prediction& p : kExpected) {
    double found = -1;
    ASSERT_TRUE(BgNbd::Make(p.params)->ExpectedPurchases(p.t, {{&p.x, 1}, {&p.t_x, 1}, {&p.age, 1}}, p.other, {&found, 1}).ok());
    EXPECT_LT(RelativeError(found, p.truth), Tolerance(p)) << p.truth;
  }
}

TEST(BgNbd_Limits, ProbabilityAliveAhead) {
  for (const Prediction& p : kAlive) {
    double found = -1;
    ASSERT_TRUE(BgNbd::Make(p.params)->ProbabilityAlive(p.t, {{&p.x, 1}, {&p.t_x, 1}, {&p.age, 1}}, {&found, 1}).ok());
    EXPECT_LT(RelativeError(found, p.truth), 1e-11) << p.truth;
  }
}

TEST(BgNbd_Limits, PurchaseProbabilities) {
  for (const Prediction& p : kCounts) {
    double found = -1;
    ASSERT_TRUE(BgNbd::Make(p.params)->PurchaseProbability(static_cast<std::int64_t>(p.other), p.t, {{&p.x, 1}, {&p.t_x, 1}, {&p.age, 1}}, {&found, 1}).ok());
    EXPECT_LT(RelativeError(found, p.truth), 1e-11) << p.truth;
  }
}

TEST(BgNbd_Limits, NothingJumpsWhereAIsOne) {
  const double x = 3, t_x = 20, age = 30;
  const auto expected = [&](double a) {
    double found = -1;
    EXPECT_TRUE(BgNbd::Make({0.5, 10, a, 2})->ExpectedPurchases(52, {{&x, 1}, {&t_x, 1}, {&age, 1}}, 0, {&found, 1}).ok());
    return found;
  };
  for (const double step : {1e-3, 1e-6, 1e-9, 1e-12, 1e-15}) {
    EXPECT_LT(RelativeError((expected(1 + step) + expected(1 - step)) / 2, expected(1)), step * step + 1e-13) << step;
  }
}

struct Answers {
  double log_likelihood = -1, alive = -1, later = -1, expected = -1, longer = -1, window = -1, none = -1, some = -1;
};

Answers Ask(const BgNbd& model, double x, double t_x, double age, double t) {
  Answers answers;
  const std::span<const double> f(&x, 1), r(&t_x, 1), a(&age, 1);
  RC_ASSERT(model.LogLikelihoodOf({f, r, a}, {&answers.log_likelihood, 1}).ok());
  RC_ASSERT(model.ProbabilityAlive(0, {f, r, a}, {&answers.alive, 1}).ok());
  RC_ASSERT(model.ProbabilityAlive(t, {f, r, a}, {&answers.later, 1}).ok());
  RC_ASSERT(model.ExpectedPurchases(t, {f, r, a}, 0, {&answers.expected, 1}).ok());
  RC_ASSERT(model.ExpectedPurchases(2 * t, {f, r, a}, 0, {&answers.longer, 1}).ok());
  RC_ASSERT(model.ExpectedPurchases(t, {f, r, a}, t, {&answers.window, 1}).ok());
  RC_ASSERT(model.PurchaseProbability(0, t, {f, r, a}, {&answers.none, 1}).ok());
  RC_ASSERT(model.PurchaseProbability(3, t, {f, r, a}, {&answers.some, 1}).ok());
  return answers;
}

// `room`: what rounding may break of an order that holds exactly.
void IsSound(const Answers& of, double room) {
  RC_ASSERT(std::isfinite(of.log_likelihood) && std::isfinite(of.expected) && std::isfinite(of.longer) && std::isfinite(of.window));
  RC_ASSERT(of.alive >= 0 && of.alive <= 1 && of.later >= 0 && of.later <= of.alive * (1 + room));
  RC_ASSERT(of.expected >= 0 && of.longer >= of.expected * (1 - room) && of.window >= 0);
  RC_ASSERT(of.window <= of.expected * (1 + room) + 1e-300);
  RC_ASSERT(std::abs(of.expected + of.window - of.longer) <= room * of.longer + 1e-300);
  RC_ASSERT(of.none >= 0 && of.none <= 1 + 1e-12 && of.some >= 0 && of.some <= 1 + 1e-12 && of.none + of.some <= 1 + 1e-9);
  RC_ASSERT(of.expected >= 1 - of.none - 1e-9);   // Markov's inequality
}

TEST(BgNbd_Limits, AnyCustomerOfAnyShop) {
  EXPECT_TRUE(rc::check([] {
    const auto positive = [] { return std::exp(*rc::gen::inRange(-700, 700) / 100.0); };
    const BgNbd model = *BgNbd::Make({positive(), positive(), positive(), positive()});
    const double x = *rc::gen::weightedOneOf<int>({{3, rc::gen::inRange(0, 30)}, {1, rc::gen::inRange(0, 20'000)}});
    const double age = *rc::gen::inRange(0, 20'000) / 10.0;
    const double t_x = x == 0 ? 0 : age * *rc::gen::inRange(0, 1001) / 1000.0;
    IsSound(Ask(model, x, t_x, age, *rc::gen::inRange(1, 20'000) / 2.0), 1e-10);
  }));
}

TEST(BgNbd_Limits, NumbersAsLargeAndSmallAsAreTaken) {
  EXPECT_TRUE(rc::check([] {
    const auto power = [](int low, int high) { return std::pow(10.0, *rc::gen::inRange(10 * low, 10 * high + 1) / 10.0); };
    const BgNbd model = *BgNbd::Make({power(-50, 50), power(-50, 50), power(-50, 50), power(-50, 50)});
    const double x = *rc::gen::oneOf(rc::gen::just(0.0), rc::gen::just(1.0), rc::gen::just(20'000.0), rc::gen::just(9007199254740992.0));
    const double age = *rc::gen::oneOf(rc::gen::just(0.0), rc::gen::just(power(-50, 20)));
    const double t_x = x == 0 ? 0 : age * *rc::gen::inRange(0, 1001) / 1000.0;
    const Answers of = Ask(model, x, t_x, age, power(-50, 19));
    for (const double number : {of.log_likelihood, of.alive, of.later, of.expected, of.longer, of.window, of.none, of.some}) {
      RC_ASSERT(std::isfinite(number));
    }
    for (const double number : {of.alive, of.later, of.none, of.some}) RC_ASSERT(number >= 0 && number <= 1 + 1e-9);
    RC_ASSERT(of.expected >= 0 && of.longer >= 0 && of.window >= 0);
  }));
}

}  // namespace
}  // namespace rapport
