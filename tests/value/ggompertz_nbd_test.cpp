#include "rapport/value/ggompertz_nbd.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <numeric>

#include "rapport/core/status.hpp"
#include "rapport/value/models.hpp"
#include "rapport/value/pareto_nbd.hpp"
#include "value/gompertz_lifetime.hpp"
#include "value/lifetime_likelihood.hpp"
#include "value/one_customer.hpp"

namespace rapport {
namespace {

struct Rule {
  static constexpr std::size_t kParams = 5;
  static RowTerms<5> Terms(const CountTerms& count, const HistoryRow& row, const std::array<double, 5>& p) {
    return GompertzTerms(count, row.t_x, row.age, {p[0], p[1], p[2], p[3], p[4]});
  }
};

struct Case {
  GgompertzNbd::Params params;
  LifetimeQuestion asked;
  LifetimeTruth truth;
};

// x, t_x, T, ahead, start, horizon, n, rate; log-likelihood and ln P(alive); of one alive at T: stays, expected, n purchases, residual. The integral over
// the time of the end in pieces of ln t by Gauss and Legendre's rule of mpmath, 40 digits.
constexpr Case kCases[] = {
    {{0.494893, 5.57987, 1.0769e-05, 0.380278, 0.32652}, 3, 3.18, 3.18, 638.388, 0, 141.398, 12, 0.609343,
     {-6.12090075904076352, 0.0, 0.992081520105938989, 56.3631015868863251, 0.00496491503813730243, 0.65473485057774978}},
    {{0.430408, 2.17198, 0.228364, 0.29291, 90.1401}, 0, 0, 172.0, 0.789231, 0, 5.32711, 2, 0.000660451,
     {-1.13250905446623066, -10.9411757158240081, 0.948577542754058901, 0.0110742070473789433, 0.00021227347552553597, 0.0365824809444608486}},
    {{5.96327, 318.487, 0.00096098, 12.3118, 2939.51}, 5, 0.0, 210.75, 0.124146, 0, 906.107, 60, 0.00926503,
     {-24.0593991689536391, -0.0340490736700272079, 0.999999388153551639, 18.7131000808652741, 6.73287813636467082e-6, 2.2345262125502107}},
    {{0.433599, 64.9862, 4.03796e-05, 1.0, 0.782531}, 1, 2.09, 2.09, 0.620443, 5.65994, 1347.28, 3, 0.0141368,
     {-5.05529756027832714, 0.0, 0.999967985722744421, 27.8135123191823369, 0.0241598954678158733, 1.50635403888942731}},
    {{0.126832, 2.42286, 5.33072e-05, 2.47952, 49.9548}, 7, 496.38, 496.38, 20.0045, 95.9306, 118.717, 2, 0.0886196,
     {-39.3486265838266191, 0.0, 0.999945652741697906, 1.69549530132671591, 0.233688270173525273, 0.161222067436396725}},
    {{0.0131775, 256.431, 6.43722e-05, 0.406884, 0.999}, 0, 0, 138.03, 294.77, 6.71748, 638.993, 60, 0.0563449,
     {-0.00566549063266190581, -0.00362842726175274717, 0.992301576983542136, 0.0211648795752777647, 6.73154516541859716e-17, 0.000592614543647423193}},
    {{0.146201, 57.9985, 9.85964e-05, 0.750307, 54.2645}, 7, 1.55, 2.22, 181.466, 0, 0.100639, 3, 0.00119826,
     {-23.6914905116298543, -9.51006464852965131e-7, 0.999750404160572478, 0.0119429489790089222, 4.07259200637979693e-7, 98.9138443806948482}},
    {{0.288889, 3.71342, 0.000807066, 1.18238, 0.634122}, 2, 6.99, 34.94, 110.397, 0.170601, 35.2468, 1, 0.000241602,
     {-8.8474699840344562, -0.178667933909736982, 0.852380378201543481, 2.03338096468204011, 0.248000115084917115, 39.7509977698502282}},
    {{0.608934, 632.828, 0.000282805, 1.74524, 0.068362}, 3, 0.47, 2.36, 0.156785, 0, 1.52519, 5, 0.000391992,
     {-18.4288788536562244, -0.0136445171251523995, 0.998879201394231546, 0.00861861999092743699, 3.02927465150138737e-12, 1.24471710525160408}},
    {{0.473867, 37.4247, 0.0984987, 0.606053, 0.0266104}, 2, 0.0, 50.68, 0.371606, 0, 231.071, 0, 0.0047831,
     {-7.72901493053778207, -7.21186527671495304, 0.977919284837407227, 0.469189217779807475, 0.705548617478827472, 0.434416494611184528}},
    {{0.696447, 38.8849, 0.0206986, 0.999, 0.0234842}, 3, 0.0, 34.36, 132.007, 0.281323, 1.76129, 60, 0.000217315,
     {-10.037600725022325, -5.931926301720899, 0.0350733328503627463, 0.0849437229471560395, 2.44463271274797162e-94, 1.71488928690989856}},
    {{0.0600382, 0.0361879, 0.00625499, 0.0505129, 5.49775}, 8, 3.22, 3.22, 21.9312, 7.48177, 1815.38, 0, 0.0210895,
     {-3.8493753705900645, 0.0, 0.998645915650753201, 3666.32142406531352, 0.0000270188389017318199, 116.955341106233599}},
    {{0.450427, 4.14498, 0.095631, 1.21643, 0.999}, 3, 97.64, 488.19, 9.13825, 0.229739, 175.002, 3, 0.00651819,
     {-26.4415698938085353, -50.6287416922378504, 0.345404819608338712, 0.0586569847773391537, 0.000295131850534698008, 0.0570491244294011177}},
    {{0.901867, 1.27613, 0.247554, 1.52684, 0.0143063}, 29, 483.1, 508.53, 51.5494, 0.133658, 873.619, 0, 0.0283855,
     {-303.034188855830852, -10.9913295680245639, 3.45168791680949781e-9, 0.147533099247799541, 0.866186259124998801, 0.144338235838004657}},
    {{0.265074, 0.0646162, 8.06427e-05, 0.0570637, 44.5344}, 0, 0, 2.37, 0.200105, 0, 64.6694, 0, 0.0651896,
     {-0.961974479917213041, -3.18559259779089027e-7, 0.999999979318983394, 7.04099445024591203, 0.415154723297290262, 1.67015823250764729}},
    {{0.133937, 4.39494, 5.53221e-05, 1.00694, 0.0852021}, 2, 168.68, 240.97, 0.272333, 0, 104.849, 1, 0.749438,
     {-13.5151985226209788, -0.0610053493797493402, 0.999844133537390697, 0.885502566963337585, 0.294211931788521424, 0.0115958346717601119}},
    {{0.119976, 1.41016, 3.29686e-05, 1.73347, 0.00131}, 7, 14.88, 40.27, 5.71509, 0.104508, 0.231798, 12, 0.000615787,
     {-18.2366160148744709, -4.75097384616549761, 0.887157984695370499, 0.0394081761038858606, 1.64785420265663697e-23, 14.8373460181584492}},
    {{20.1213, 0.0398156, 1.94543e-05, 1.0000001, 630.698}, 20, 53.72, 268.6, 0.558134, 0, 75.0315, 2, 0.000143076,
     {-174.323354986064396, -47.5736296976397921, 0.999999982693836848, 11.2059257140282287, 0.0020080080061478363, 1043.58768714988577}},
    {{0.338971, 91.8753, 0.771053, 0.839805, 0.0326333}, 29, 0.69, 3.44, 371.418, 1.33697, 7.49203, 2, 0.333664,
     {-66.1162073308349935, -3.03778720621352493, 3.3410555717967376e-105, 0.188796313504634148, 0.0672765826497687948, 0.305558367232448157}},
    {{0.441699, 1.43586, 0.419788, 0.618236, 1.000001}, 0, 0, 13.29, 0.698856, 0, 0.184057, 5, 0.000128072,
     {-0.440952871346686707, -4.03637946210703985, 0.834124391646265099, 0.00539096730009787182, 5.42740715453938471e-11, 0.115517339004990907}},
    {{0.188849, 342.675, 0.749126, 59.5504, 0.0327711}, 500, 59.18, 62.92, 0.119258, 0.548677, 199.976, 60, 0.00219523,
     {-3237.01871068967762, -171.450346650674765, 0.00489182822434171114, 6.47771474382590654e-13, 1.47552454095628791e-93, 0.0276427018196534415}},
    {{0.674048, 8.73362, 0.147181, 3.36496, 0.372152}, 0, 0, 28.71, 856.904, 0, 0.103368, 0, 0.000785163,
     {-0.060399146607520004, -18.4347261268990078, 4.75171150675949453e-185, 0.00181354512289884375, 0.998190599225713663, 0.0360336585027095365}},
    {{0.296465, 1.52399, 0.00353241, 0.671625, 8.88998}, 2, 83.75, 83.75, 1.20142, 0.29645, 18.9641, 2, 0.00272882,
     {-11.0665752563519464, 0.0, 0.999584404784526035, 0.508956724319442779, 0.0786893069256437386, 7.75477204586302442}},
    {{0.1323, 1.7088, 0.219812, 0.053669, 47.3173}, 500, 0.0, 5.36, 104.361, 6.7438, 1.79197, 3, 0.42938,
     {2322.10926174201015, -696.166905847459724, 0.337934808971480982, 125.077750562464257, 0.0000110778230508970824, 164.259764992886002}},
};

TEST(GgompertzNbd_Limits, AgreesWithFortyDigits) {
  for (const Case& c : kCases) {
    const GgompertzNbd model = *GgompertzNbd::Make(c.params);
    MeetsTheTruth(model, c.asked, c.truth, 1e-12);
  }
}

TEST(GgompertzNbd_Limits, WithoutGrowthItIsThePareto) {
  EXPECT_TRUE(rc::check([] {
    const auto positive = [](int low, int high) { return std::exp(*rc::gen::inRange(low * 100, high * 100) / 100.0); };
    const double r = positive(-3, 2), alpha = positive(-1, 5), s = positive(-3, 3), beta = positive(-1, 6), b = 1e-15;
    const GgompertzNbd model = *GgompertzNbd::Make({r, alpha, b, s, beta * b});
    const ParetoNbd pareto = *ParetoNbd::Make({r, alpha, s, beta});
    const double x = *rc::gen::inRange(0, 300), age = 1 + *rc::gen::inRange(0, 3000) / 10.0;
    const OneCustomer of{x, x == 0 ? 0 : age * *rc::gen::inRange(0, 1001) / 1000.0, age};
    const double horizon = positive(-2, 6), start = *rc::gen::element(0.0, 3.0, 100.0), rate = positive(-6, 1), n = *rc::gen::inRange(0, 20);
    const double log_alive = AliveOf(pareto, of, 0, true);
    const auto near = [](double found, double truth, double room) { RC_ASSERT(std::abs(found - truth) <= room * (1 + std::abs(truth))); };
    near(AliveOf(model, of, 0, true), log_alive, 2e-12);
    near(LogLikelihoodOf(model, of), LogLikelihoodOf(pareto, of), 2e-12);
    near(ExpectedOf(model, of, horizon, start, true), ExpectedOf(pareto, of, horizon, start, true), 2e-12);
    near(ResidualOf(model, of, rate, true), ResidualOf(pareto, of, rate, true), 2e-12);
    near(AliveOf(model, of, horizon, true), AliveOf(pareto, of, horizon, true), 2e-12);
    near(CountOf(model, of, n, horizon), CountOf(pareto, of, n, horizon), 2e-12);
  }));
}

TEST(GgompertzNbd_Predict, CountsAndExpectationsAgree) {
  const GgompertzNbd model = *GgompertzNbd::Make({.8, 8, .1, 1, 20});
  const OneCustomer of{2, 20, 30};
  CountsAndExpectationsAgree(model, of, 39, {1e-12, 1e-11, 1e-13});
}

TEST(GgompertzNbd_Likelihood, DerivativesAreThoseOfDifferences) {
  const std::vector<HistoryRow> rows = {{0, 0, 0, 1}, {0, 0, 30, 2}, {1, 1.7, 38, 1}, {3, 0, 20, 1}, {7, 29, 38, 3}, {10, 39, 39, 1}, {400, 30, 39, 1}};
  const LifetimeLikelihood<Rule> likelihood(rows);
  using Point = std::array<double, 5>;
  for (const Point& point : {Point{-.6, 2.3, -3, -.5, 0}, Point{.5, 3, -1, 1.5, -1}, Point{2, -1, -2, -3, 4}, Point{-3, 1, -8, 0, -6}, Point{-1, 2, .5, 1, 8}}) {
    std::array<double, 5> gradient{}, up{}, down{};
    stats::Matrix hessian(5, std::vector<double>(5)), unused = hessian;
    (void)likelihood(point, gradient, hessian);
    for (std::size_t i = 0; i < 5; ++i) {
      const double step = 1e-4;
      Point above = point, below = point;
      above[i] += step;
      below[i] -= step;
      const double slope = (likelihood(above, up, unused) - likelihood(below, down, unused)) / (2 * step);
      const double scale = 1 + std::abs(gradient[i]) + std::abs(hessian[i][i]);
      EXPECT_NEAR(gradient[i], slope, 1e-6 * scale) << i;
      for (std::size_t j = 0; j < 5; ++j) {
        EXPECT_NEAR(hessian[i][j], (up[j] - down[j]) / (2 * step), 1e-6 * (scale + std::abs(hessian[i][j]))) << i << j;
      }
    }
  }
}

TEST(GgompertzNbd_Fit, CollapsesOntoTheParetoOnCdnow) {
  const Customers cdnow = CdnowWeeks();
  const auto model = GgompertzNbd::Fit(RowsOf(cdnow));
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_TRUE(model->report()->converged);
  EXPECT_TRUE(model->report()->standard_errors.empty()) << "none is made up";
  EXPECT_EQ(model->report()->diagnosis,
            "On the boundary: the risk to stop does not grow, as in the Pareto/NBD, so b and beta are determined only by their ratio.");
  EXPECT_NEAR(model->report()->log_likelihood, -9594.97392982686363, 1e-5);
  EXPECT_LT(RelativeError(model->params().r, 0.55327550868951929), 1e-4);
  EXPECT_LT(RelativeError(model->params().s, 0.60621356867408408), 1e-4);
  EXPECT_LT(RelativeError(model->params().beta / model->params().b, 11.667911237920216), 1e-4);
}

TEST(GgompertzNbd_Fit, FindsTheParametersThatMadeTheData) {
  const GgompertzNbd maker = *GgompertzNbd::Make({.8, 8, .1, 1, 20});
  const Customers drawn = DrawnFrom(maker, 10'000, 27, 80);
  const auto model = GgompertzNbd::Fit(RowsOf(drawn));
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->report()->diagnosis, "An interior optimum.");
  const std::vector<double>& se = model->report()->standard_errors;
  ASSERT_EQ(se.size(), 5u);
  EXPECT_LT(std::abs(model->params().r - .8), 4 * se[0]);
  EXPECT_LT(std::abs(model->params().alpha - 8), 4 * se[1]);
  EXPECT_LT(std::abs(model->params().b - .1), 4 * se[2]);
  EXPECT_LT(std::abs(model->params().s - 1), 4 * se[3]);
  EXPECT_LT(std::abs(model->params().beta - 20), 4 * se[4]);
  EXPECT_LT(se[2], 0.03) << "precise enough to mean something";
  // Better than the Pareto, whose risk cannot grow.
  EXPECT_GT(model->report()->log_likelihood, ParetoNbd::Fit(RowsOf(drawn))->report()->log_likelihood + 20);
  std::vector<double> each(drawn.age.size());
  ASSERT_TRUE(model->LogLikelihoodOf(RowsOf(drawn), each).ok());
  EXPECT_LT(RelativeError(std::accumulate(each.begin(), each.end(), 0.0), model->report()->log_likelihood), 1e-12);
}

TEST(GgompertzNbd_Fit, FindsEffectsAndReadsThemBack) {
  const auto maker = GgompertzNbd::FromJson(
      *Json::Parse(R"({"model":"ggompertz_nbd","params":{"r":0.8,"alpha":8,"b":0.1,"s":1,"beta":20,"transaction.vip":0.6,"dropout.vip":-0.8}})"));
  ASSERT_TRUE(maker.ok()) << maker.status();
  const std::size_t size = 6'000;
  Customers drawn;
  std::vector<double> vip, x(size), t_x(size);
  for (std::size_t i = 0; i < size; ++i) {
    AddTo(drawn, 0, 0, 40 + static_cast<double>(i % 30));
    vip.push_back(i % 2 == 0 ? 1 : 0);
  }
  Histories rows = RowsOf(drawn);
  rows.transaction = {{"vip"}, {vip}};
  rows.dropout = {{"vip"}, {vip}};
  ASSERT_TRUE(maker->Simulate(3, rows, x, t_x).ok());
  rows.frequency = x;
  rows.recency = t_x;
  const auto model = GgompertzNbd::Fit(rows);
  ASSERT_TRUE(model.ok()) << model.status();
  const std::vector<double>& se = model->report()->standard_errors;
  ASSERT_EQ(se.size(), 7u) << model->report()->diagnosis;
  EXPECT_LT(std::abs(model->effects()[0].value - .6), 4 * se[5]);
  EXPECT_LT(std::abs(model->effects()[1].value + .8), 4 * se[6]);
  EXPECT_LT(se[6], 0.2);
  const std::vector<double> same(size, 0.7);
  rows.dropout = {{"same"}, {same}};
  const auto constant = GgompertzNbd::Fit(rows);
  ASSERT_TRUE(constant.ok()) << constant.status();
  EXPECT_TRUE(constant->report()->standard_errors.empty() && constant->report()->covariance.empty()) << "none is made up";
  EXPECT_EQ(constant->report()->diagnosis, "Covariate \"same\" of dropout is a constant or a sum of others, so their effects are not determined one by one.");
  const auto again = ReadPurchaseModel(*Json::Parse(model->ToJson().Canonical()));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ((*again)->ToJson(), model->ToJson());
}

TEST(GgompertzNbd_Input, NamesWhatIsWrong) {
  EXPECT_EQ(TokenOf(GgompertzNbd::Make({1, 1, 0, 1, 1}).status()), "value.invalid_parameter");
  const std::vector<double> x{1, 1.5}, t{1, 1}, age{2, 2};
  EXPECT_EQ(GgompertzNbd::Fit({x, t, age}).status().message(), "row 1, field frequency: found 1.5, expected a whole number of 0 or more");
}

TEST(GgompertzNbd_Limits, NumbersAsLargeAndSmallAsAreTaken) {
  EXPECT_TRUE(rc::check([] {
    const auto power = [](int low, int high) { return std::pow(10.0, *rc::gen::inRange(10 * low, 10 * high + 1) / 10.0); };
    const GgompertzNbd model = *GgompertzNbd::Make({power(-50, 50), power(-50, 50), power(-50, 50), power(-50, 50), power(-50, 50)});
    const double x = *rc::gen::oneOf(rc::gen::just(0.0), rc::gen::just(1.0), rc::gen::just(20'000.0), rc::gen::just(9007199254740992.0));
    const double age = *rc::gen::oneOf(rc::gen::just(0.0), rc::gen::just(power(-50, 20)));
    const OneCustomer of{x, x == 0 ? 0 : age * *rc::gen::inRange(0, 1001) / 1000.0, age};
    const double t = power(-50, 19), rate = power(-12, 12);
    RC_ASSERT(std::isfinite(LogLikelihoodOf(model, of)) && std::isfinite(AliveOf(model, of, 0, true)));
    for (const double chance : {AliveOf(model, of), AliveOf(model, of, t), CountOf(model, of, 0, t), CountOf(model, of, 3, t)}) {
      RC_ASSERT(chance >= 0 && chance <= 1 + 1e-9);
    }
    for (const double number : {ExpectedOf(model, of, t), ExpectedOf(model, of, t, t), ResidualOf(model, of, rate)}) {
      RC_ASSERT(std::isfinite(number) && number >= 0);
    }
  }));
}

TEST(GgompertzNbd_Limits, AnyCustomerOfAnyShop) {
  EXPECT_TRUE(rc::check([] {
    const auto positive = [](int low = -7, int high = 7) { return std::exp(*rc::gen::inRange(low * 100, high * 100) / 100.0); };
    const GgompertzNbd model = *GgompertzNbd::Make({positive(), positive(), positive(-9, 1), positive(), positive()});
    const double x = *rc::gen::weightedOneOf<int>({{3, rc::gen::inRange(0, 30)}, {1, rc::gen::inRange(0, 20'000)}});
    const double age = *rc::gen::inRange(0, 20'000) / 10.0;
    const OneCustomer of{x, x == 0 ? 0 : age * *rc::gen::inRange(0, 1001) / 1000.0, age};
    const double t = *rc::gen::inRange(1, 20'000) / 2.0, expected = ExpectedOf(model, of, t), longer = ExpectedOf(model, of, 2 * t);
    const double window = ExpectedOf(model, of, t, t), none = CountOf(model, of, 0, t), alive = AliveOf(model, of);
    RC_ASSERT(expected >= 0 && window >= 0 && std::abs(expected + window - longer) <= 1e-11 * longer + 1e-300);
    RC_ASSERT(AliveOf(model, of, t) <= alive * (1 + 1e-12) && alive <= 1 && none >= 0 && none <= 1 + 1e-12);
    RC_ASSERT(expected >= 1 - none - 1e-9);   // Markov's inequality
    RC_ASSERT(ResidualOf(model, of, 1e-3) >= std::exp(-1e-3 * t) * expected * (1 - 1e-11));
  }));
}

}  // namespace
}  // namespace rapport
