// Logarithms of chances that are too small for a double, of every model.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rapport/value/models.hpp"
#include "value/one_customer.hpp"

namespace rapport {
namespace {

constexpr double kStays = -1;
constexpr double kNever = -std::numeric_limits<double>::infinity();

// Parameters in the order of the model's, x, t_x, T; the chance of n purchases within the span, or to be a customer still after it (kStays), by its logarithm.
struct Truth {
  std::string_view model;
  std::vector<double> params;
  OneCustomer of;
  double n, span, log_chance;
};

// By mpmath at 34 to 60 digits: closed forms (2F1, incomplete beta), sums over all numbers of purchases, phases or opportunities, and quadrature over the time of
// stopping, over the chance to stop. Parameters are random, of many orders of magnitude.
const std::vector<Truth>& Truths() {
  static const std::vector<Truth> truths{
    {"nbd", {3828.02, 11.7206}, {0, 0, 9.62107}, 30, 44.2737, -4138.2791736777867},
    {"nbd", {5143.23, 0.05554}, {0, 0, 6.70703}, 2000, 6779.17, -31317.286283365135},
    {"nbd", {0.874844, 0.00149018}, {1, 332.742, 332.742}, 2000, 0.00695966, -21543.337230939197},
    {"nbd", {634.392, 270.806}, {200, 172.407, 172.407}, 5000, 3.61269, -21707.098619255231},
    {"nbd", {6492.46, 254378}, {2, 2.63252, 2.63252}, 5000, 0.00503283, -80827.33692510225},
    {"nbd", {36.2912, 62530}, {5, 0.952522, 0.952522}, 2000, 0.420561, -23623.916035855641},
    {"nbd", {2235.37, 0.00348303}, {2, 463.063, 463.063}, 2000, 0.00104379, -23080.11444852675},
    {"nbd", {125.067, 0.0800971}, {0, 0, 511.994}, 0, 20.8435, -4.9898574661834382},
    {"nbd", {0.0475309, 17.4649}, {0, 0, 630.958}, 30, 566.244, -29.186886535889062},
    {"bg_nbd", {2024430, 1.04437e-05, 1920.81, 9.38821}, {50, 0.255798, 0.255798}, kStays, 121911000000000, -79946.718646160375},
    {"bg_nbd", {6439.1, 186.185, 2421.62, 0.0463783}, {20, 7.51218, 7.51218}, kStays, 761.235, -7481.1071305556601},
    {"bg_nbd", {29.2546, 8.69622e-05, 7532650, 953371}, {3, 1.79724, 1.79724}, kStays, 1.88199e+17, -1262.3992548955223},
    {"bg_nbd", {89.4307, 2832.15, 133.925, 0.797258}, {2, 853.974, 853.974}, kStays, 2.78224e+16, -2712.2821626795253},
    {"bg_nbd", {70.256, 0.000969818, 526990, 4887.99}, {50, 51.4917, 51.4917}, kStays, 65928.7, -864.07122770054203},
    {"bg_nbd", {435.517, 786.121, 5232520, 10368.6}, {3, 295.935, 295.935}, kStays, 662162000, -5848.3350395462222},
    {"bg_nbd", {6792870, 0.0120742, 2612.84, 68555.2}, {3, 1.24779, 1.24779}, kStays, 6.93315e+17, -118691.42929760966},
    {"bg_nbd", {2.43718, 0.679414, 536.651, 57.3153}, {1, 20.575, 20.575}, kStays, 0.0279496, -2.3423294457082442},
    {"bg_nbd", {4.38592, 4.98983, 15.3065, 0.018709}, {20, 46.9033, 46.9033}, kStays, 2274350000, -261.63494153799697},
    {"bg_nbd", {0.138622, 0.00102284, 6035.06, 323.369}, {1, 2.50062, 2.50062}, 2000, 0.369669, -7761.4074449556462},
    {"bg_nbd", {0.169369, 0.0917076, 189.061, 2.70308}, {20, 6.40871, 6.40871}, 2000, 0.0107235, -13288.595256660418},
    {"bg_nbd", {49.0957, 3525.94, 0.018295, 23.9363}, {200, 92.8573, 92.8573}, 300, 27.9165, -1089.5643089870227},
    {"bg_nbd", {35.8905, 2529.02, 0.120841, 10.0319}, {1, 16.986, 16.986}, 2000, 0.0109226, -24541.256046470653},
    {"bg_nbd", {0.0314868, 8.90254, 8.11225, 129.408}, {0, 0, 7.04799}, 300, 0.00354449, -2542.1471185695189},
    {"bg_nbd", {0.0657196, 0.0633274, 5084.08, 0.110438}, {5, 44.5718, 44.5718}, 300, 155.978, -1199.9739247155146},
    {"bg_nbd", {24.5795, 0.00181243, 948383, 18.3175}, {0, 0, 75.639}, 100000, 2.73234e-05, -1813040.960226151},
    {"bg_nbd", {0.0246296, 0.0181133, 3.03789, 15.3493}, {0, 0, 73.4363}, 2000, 2272.48, -89.394237410463988},
    {"bg_nbd", {2479.88, 0.00391651, 63.7923, 0.0729907}, {0, 0, 2.17813}, 30, 144.351, -60.945944262695349},
    {"mbg_nbd", {567.498, 707.657, 2307.99, 226.609}, {1, 3.50518, 3.50518}, kStays, 41336000, -6177.8172872110848},
    {"mbg_nbd", {36038.4, 2.04485e-05, 7134350, 12781.9}, {3, 2.17141, 2.17141}, kStays, 3.87803e+19, -1597622.9366120894},
    {"mbg_nbd", {57.2108, 1.50329e-06, 4132690, 28.8342}, {3, 0.374253, 0.374253}, kStays, 3321200000000, -1806.908243661603},
    {"mbg_nbd", {390.279, 0.692179, 216.674, 0.0265039}, {1, 330.648, 330.648}, kStays, 8686.73, -972.57381072406484},
    {"mbg_nbd", {87.3101, 3816.74, 1898.96, 9900.58}, {2, 60.2031, 60.2031}, kStays, 8.49777e+16, -2578.649779005155},
    {"mbg_nbd", {191.132, 0.000290513, 105.144, 1006.45}, {50, 155.061, 155.061}, kStays, 1477020000000, -2228.0265804043799},
    {"mbg_nbd", {155779, 14.3464, 3955050, 83021.1}, {50, 0.130623, 0.130623}, kStays, 5.67346e+18, -6309296.5454523308},
    {"mbg_nbd", {0.81821, 0.157114, 4.86171, 3.76045}, {0, 0, 1.63907}, kStays, 236.565, -5.7133847351058433},
    {"mbg_nbd", {893.576, 19.0573, 0.0891358, 397.261}, {5, 3.23929, 3.23929}, kStays, 4072260000, -1.7673192854375183},
    {"mbg_nbd", {0.699095, 8195.42, 0.0147433, 689.973}, {20, 10.7601, 10.7601}, 2000, 0.00109438, -31552.036685640051},
    {"mbg_nbd", {17.6812, 4.27445, 12.2233, 0.726792}, {20, 21.0771, 21.0771}, 5000, 1.73123, -13602.736962090231},
    {"mbg_nbd", {2947020, 0.0805928, 153.87, 34.2294}, {0, 0, 156.709}, 10, 2646680, -22318537.386789478},
    {"mbg_nbd", {2.90923, 0.355587, 0.198643, 6656.05}, {0, 0, 0.435754}, 5000, 0.00267913, -28442.554102852607},
    {"mbg_nbd", {8.21742, 9168.62, 1070.16, 1349.84}, {20, 18.1594, 18.1594}, 2000, 182.814, -8511.6333121493185},
    {"mbg_nbd", {0.0699737, 0.00457905, 116.459, 177.719}, {20, 2.12146, 2.12146}, 2000, 0.00442503, -12502.850285772365},
    {"mbg_nbd", {0.826012, 29.8048, 0.0234679, 0.0721395}, {200, 33.6936, 33.6936}, 5000, 0.00248044, -49908.342338533799},
    {"mbg_nbd", {0.87991, 0.00126809, 869.932, 80.9798}, {200, 8.45036, 8.45036}, 2, 257.472, -3.0990008083682225},
    {"mbg_nbd", {8.07084, 0.00199576, 18.0189, 5803.45}, {200, 37.7518, 37.7518}, 5, 1.3775, -2.2339379715852745},
    {"bg_cnbd_k", {264.64, 10.435, 1283.8, 0.21872, 2}, {3, 3.3578, 3.3578}, kStays, 2722, -1412.2394234932679},
    {"bg_cnbd_k", {0.827564, 107.169, 85.9516, 1.22592, 3}, {20, 63.175, 126.35}, kStays, 8824.99, -172.15702463129646},
    {"bg_cnbd_k", {0.103067, 0.0345191, 899.179, 373.452, 3}, {5, 5.68247, 5.73987}, kStays, 0.298591, -1.2729963724050639},
    {"bg_cnbd_k", {0.192674, 4.71512, 61.9647, 0.0116568, 12}, {0, 0, 9.31735}, 300, 12.8184, -2771.6603537953253},
    {"bg_cnbd_k", {0.105972, 134.264, 339.928, 3.08387, 12}, {5, 0.0972555, 0.194511}, 30, 1.3863, -1552.5903988871058},
    {"bg_cnbd_k", {0.293402, 637.386, 0.0188859, 0.0586082, 12}, {20, 68.18, 136.36}, 300, 0.00101436, -47691.221246306024},
    {"bg_cnbd_k", {0.889018, 0.0492018, 680.967, 1.62348, 12}, {1, 0.921388, 0.921388}, 300, 0.00133603, -24241.792375314434},
    {"bg_cnbd_k", {11.5092, 0.343853, 738.72, 3.05259, 2}, {0, 0, 8.46712}, 2, 0.00753246, -20.770061979197661},
    {"bg_cnbd_k", {6.86185, 26.6699, 1.45249, 379.979, 12}, {2, 0.651788, 0.658372}, 0, 78.4063, -5.5732701678776219},
    {"bg_cnbd_k", {41.804313632434827, 0.88297447447914143, 89.780972231990361, 0.03829046836427398, 2}, {0, 0, 0.11702552552085857}, kStays, 714.52620773863021, -271.556921039652},
    {"bg_cnbd_k", {36.125398897368676, 0.98187782241901793, 45.716696999761865, 1.1696479443202614, 3}, {0, 0, 0.018122177580982075}, kStays, 989.18144540461969, -220.433748031914},
    {"mbg_cnbd_k", {143.94, 296.947, 1042.15, 25.582, 3}, {200, 0.157287, 0.157287}, kStays, 285119, -4210.5653334819642},
    {"mbg_cnbd_k", {248.928, 0.0213667, 105.167, 0.161575, 5}, {0, 0, 89.5792}, kStays, 1.21229, -2067.042953997243},
    {"mbg_cnbd_k", {277.96, 4.197, 8603.1, 0.15279, 5}, {0, 0, 0.39084}, kStays, 314.92, -1131.6409160777622},
    {"mbg_cnbd_k", {4.1092, 323.774, 8.94922, 0.0932243, 3}, {200, 55.7615, 111.523}, kStays, 44790.6, -113.02255299984568},
    {"mbg_cnbd_k", {0.198302, 93.4435, 769.016, 0.205235, 3}, {2, 0.160014, 0.320027}, kStays, 393176, -54.118064975725224},
    {"mbg_cnbd_k", {0.982067, 0.137155, 2.45126, 2.57062, 12}, {200, 1.50779, 1.50779}, 30, 0.00282653, -1232.0615259469729},
    {"mbg_cnbd_k", {6.62576, 19.2441, 907.645, 33.0753, 5}, {200, 1.01184, 1.01184}, 300, 0.0263881, -8656.7246506692819},
    {"mbg_cnbd_k", {9.26071, 0.430023, 0.0264614, 0.0759063, 5}, {20, 30.8903, 30.8903}, 300, 0.0388118, -9648.5805200267761},
    {"mbg_cnbd_k", {0.191511, 0.0184302, 111.572, 21.9261, 12}, {200, 521.376, 526.642}, 30, 0.00341701, -3142.4171350917967},
    {"mbg_cnbd_k", {5.22583, 8.43693, 16.1462, 1.48362, 5}, {2, 0.728935, 1.45787}, 300, 0.00790527, -10633.862349132963},
    {"mbg_cnbd_k", {0.655704, 0.455441, 0.998832, 0.0102369, 12}, {0, 0, 0.152627}, 300, 0.009073, -15101.252366327935},
    {"mbg_cnbd_k", {0.315822, 13.9389, 31.5968, 0.0753067, 5}, {0, 0, 75.4982}, 300, 55.0791, -1533.2794231242463},
    {"mbg_cnbd_k", {46.3098, 1.0837, 774.781, 6.83783, 2}, {2, 28.7281, 28.7281}, 5, 0.516774, -38.029612733039542},
    {"mbg_cnbd_k", {8.11084, 0.0136759, 0.305757, 0.0658812, 5}, {0, 0, 0.37279}, 1, 0.00163727, -25.923353381326457},
    {"pareto_nbd", {97.5843, 0.00408745, 3261.67, 546.482}, {5, 55.9477, 55.9477}, kStays, 1686710000000, -70950.553105121681},
    {"pareto_nbd", {67.9501, 0.034609, 43.8007, 4304.14}, {2, 497.736, 497.736}, kStays, 1.1361e+18, -1449.6880207897808},
    {"pareto_nbd", {51.8663, 9026.76, 8325.93, 0.241691}, {0, 0, 0}, kStays, 1427.07, -72299.405809515424},
    {"pareto_nbd", {0.1257, 0.710597, 627.614, 168.648}, {1, 152.927, 152.927}, kStays, 1140730000, -9465.4884043175013},
    {"pareto_nbd", {718.798, 5.97633, 1959.63, 8.07525}, {2, 612.142, 612.142}, kStays, 2.82843e+19, -75168.993974980385},
    {"pareto_nbd", {0.101549, 1.06459, 0.210028, 2704.14}, {0, 0, 0}, kStays, 334037000, -2.4624168320647936},
    {"pareto_nbd", {10.8753, 187.53, 0.210787, 0.00351453}, {20, 5.11649, 5.11649}, kStays, 1981.98, -1.2565595362500037},
    {"pareto_nbd", {0.458522, 0.015773, 0.00200855, 0.0352962}, {3, 217.403, 217.403}, 1000, 0.000126769, -14339.138320513592},
    {"pareto_nbd", {120.037, 154.916, 29.3583, 20.7588}, {3, 7.28463, 7.28463}, 1000, 0.0218267, -8530.9992258268465},
    {"pareto_nbd", {858.293, 227.295, 3985.14, 0.343238}, {0, 0, 0}, 300, 4669.04, -2350.7492248023255},
    {"pareto_nbd", {0.117584, 0.0988882, 0.338571, 60.6826}, {1, 596.506, 596.506}, 5000, 85.6782, -10373.364044726383},
    {"pareto_nbd", {4.0401, 0.00020088, 24.3567, 0.803119}, {50, 0.587386, 0.587386}, 1000, 1.18792e-05, -10601.706406085642},
    {"pareto_nbd", {0.0216716, 65.2676, 0.133735, 0.0827253}, {1, 0.485724, 0.485724}, 5000, 0.0397938, -37052.609944260506},
    {"pareto_nbd", {156.385, 2673.15, 0.272516, 6.57121}, {5, 307.576, 307.576}, 300, 0.00944503, -3504.2943951940378},
    {"pareto_nbd", {14.8024, 0.524027, 3.08469, 4.1362}, {5, 8.82007, 8.82007}, 30, 1.86654, -27.40476972100287},
    {"pareto_nbd", {18.662, 597.141, 0.0488522, 450.909}, {20, 704.637, 704.637}, 30, 0.266915, -210.64881426213158},
    {"ggompertz_nbd", {84.5662, 0.00221143, 0.726777, 1.09067, 77.9906}, {5, 7.21972, 7.21972}, kStays, 13392.1, -10615.196740173013},
    {"ggompertz_nbd", {18.4083, 156.19, 0.377672, 797.026, 2542.45}, {1, 12.3312, 12.3312}, kStays, 8654.98, -2602704.0680864632},
    {"ggompertz_nbd", {32.0291, 182.315, 1.31762, 56.8298, 0.099514}, {20, 0.378668, 0.378668}, kStays, 6307.67, -472363.81123735821},
    {"ggompertz_nbd", {0.138886, 2.38206, 0.451848, 134.591, 200.027}, {2, 25.1465, 25.1465}, kStays, 1.14093, -69.260085904286827},
    {"ggompertz_nbd", {0.0163249, 469.942, 0.00094858, 0.0964732, 457.636}, {20, 330.549, 330.549}, kStays, 220219, -19.591971624547679},
    {"ggompertz_nbd", {0.0113319, 0.420031, 0.00234553, 112.652, 68.2572}, {20, 13.0775, 13.0775}, 300, 0.0099587, -2094.0970109798973},
    {"ggompertz_nbd", {339460, 0.887636, 2.43384e-06, 24630.2, 0.000873575}, {50, 0.170607, 0.170607}, 50000, 0.000140275, -297196.52903252465},
    {"ggompertz_nbd", {0.509083, 0.0733889, 0.0663838, 155.735, 46.0871}, {1, 0.601268, 0.601268}, 300, 0.00282106, -1641.360858897207},
    {"ggompertz_nbd", {0.0181556, 0.0022544, 0.000384002, 0.343968, 0.0128673}, {1, 0.521311, 0.521311}, 2000, 0.788348, -1019.3996024336716},
    {"ggompertz_nbd", {0.587062, 61.9038, 0.0167554, 49.4398, 1.38541}, {0, 0, 0}, 5000, 2.68061, -15915.216242738022},
    {"ggompertz_nbd", {0.197927, 0.00169058, 0.195461, 95.5957, 0.445588}, {200, 310.736, 310.736}, 300, 0.0108984, -2745.1890998648742},
    {"ggompertz_nbd", {2.8991, 3795.14, 1.18462, 0.0819457, 332.25}, {20, 1.12926, 1.12926}, 2000, 240.289, -5548.5420960847537},
    {"ggompertz_nbd", {4.26635, 121.756, 0.0321971, 20.5085, 20.5737}, {1, 72.5235, 72.5235}, 5, 0.0472422, -36.589429360622345},
    {"ggompertz_nbd", {380.879, 4023.49, 0.0980564, 0.0226914, 23.5938}, {1, 1.73521, 1.73521}, 300, 2225.98, -19.020198977583376},
    {"bg_bb", {3.08266, 254347, 730.591, 2.03463}, {1, 3, 3}, kStays, 1000, -1153.3781702356837},
    {"bg_bb", {1029.4, 0.0011316, 732.452, 2288.1}, {5, 60, 60}, kStays, 100000, -2663.6620871703323},
    {"bg_bb", {13.2465, 0.0340214, 0.00423677, 0.00919542}, {0, 0, 0}, kStays, 10, -0.39086106129361084},
    {"bg_bb", {0.0553921, 0.00262654, 0.049178, 5.21225}, {3, 3, 3}, kStays, 1000, -0.23943670481896488},
    {"bg_bb", {1.07372, 1481.58, 37.5424, 7.68353}, {0, 0, 0}, 1108, 1500, -1261.7972559941392},
    {"bg_bb", {0.466143, 40489.8, 253.017, 0.0286865}, {3, 3, 3}, 1073, 1500, -4790.980917503671},
    {"bg_bb", {41.6552, 187672, 44.7983, 0.0659135}, {0, 0, 0}, 199, 200, -1566.6571560098446},
    {"bg_bb", {0.382516, 763.694, 861.159, 0.189555}, {2, 3, 3}, 167, 200, -845.19602235446765},
    {"bg_bb", {0.254627, 5051.74, 107.479, 0.00331457}, {0, 0, 0}, 159, 200, -821.18932537783203},
    {"bg_bb", {1.30319, 118996, 23.2369, 704.634}, {12, 12, 12}, 1458, 1500, -7649.4256425623558},
    {"bg_bb", {2829.93, 340.134, 0.00118493, 112.388}, {3, 3, 3}, 149, 1500, -12.26881065778305},
    {"bg_bb", {2185.26, 89.2317, 1.11408, 5887.81}, {0, 0, 0}, 165, 200, -8.5935518898303084},
  };
  return truths;
}

std::shared_ptr<const PurchaseModel> ModelOf(std::string_view name, const std::vector<double>& params) {
  static const std::map<std::string_view, std::vector<std::string>> names{
      {"nbd", {"r", "alpha"}},
      {"bg_nbd", {"r", "alpha", "a", "b"}},
      {"mbg_nbd", {"r", "alpha", "a", "b"}},
      {"bg_cnbd_k", {"r", "alpha", "a", "b", "k"}},
      {"mbg_cnbd_k", {"r", "alpha", "a", "b", "k"}},
      {"pareto_nbd", {"r", "alpha", "s", "beta"}},
      {"ggompertz_nbd", {"r", "alpha", "b", "s", "beta"}},
      {"bg_bb", {"alpha", "beta", "gamma", "delta"}},
  };
  Json::Object told;
  for (std::size_t i = 0; i < params.size(); ++i) told[names.at(name)[i]] = params[i];
  auto model = ReadPurchaseModel(Json(Json::Object{{"model", std::string(name)}, {"params", Json(std::move(told))}}));
  EXPECT_TRUE(model.ok()) << model.status();
  return *std::move(model);
}

double Ask(const PurchaseModel& model, const OneCustomer& of, double n, double span, bool log) {
  return n == kStays ? AliveOf(model, of, span, log) : CountOf(model, of, n, span, log);
}

std::string Named(const Truth& truth) {
  std::string said(truth.model);
  for (const double param : truth.params) said += " " + std::to_string(param);
  return said + ", x = " + std::to_string(truth.of.x) + ", n = " + std::to_string(truth.n) + ", span " + std::to_string(truth.span);
}

TEST(LogChance_Truth, IsMetHoweverSmallTheChanceIs) {
  double worst = 0;
  for (const Truth& truth : Truths()) {
    const auto model = ModelOf(truth.model, truth.params);
    const double found = Ask(*model, truth.of, truth.n, truth.span, true), error = RelativeError(found, truth.log_chance);
    EXPECT_LT(error, 1e-11) << Named(truth) << ": found " << found << ", truth " << truth.log_chance;
    worst = std::max(worst, error);
  }
  RecordProperty("worst", std::to_string(worst));
}

TEST(LogChance_Truth, IsThatOfTheNumberWhereThereIsOne) {
  int numbers = 0;
  for (const Truth& truth : Truths()) {
    const auto model = ModelOf(truth.model, truth.params);
    const double log = Ask(*model, truth.of, truth.n, truth.span, true), number = Ask(*model, truth.of, truth.n, truth.span, false);
    if (!(number > 1e-300)) continue;
    EXPECT_LT(RelativeError(std::exp(log), number), 1e-12) << Named(truth);
    ++numbers;
  }
  EXPECT_GE(numbers, 20);
}

// From where digits end to where numbers do and beyond: the logarithm is smooth where the way of computing it changes.
TEST(LogChance_Steps, AreSmoothWhereTheWayChanges) {
  const std::vector<std::pair<std::string_view, std::vector<double>>> models{
      {"nbd", {2, 3}},           {"bg_nbd", {90, 2, 60, 3}},       {"mbg_nbd", {90, 2, 60, 3}},           {"bg_cnbd_k", {90, 2, 60, 3, 3}}, {"mbg_cnbd_k", {90, 2, 60, 3, 3}},
      {"pareto_nbd", {2, 3, 90, 5}}, {"ggompertz_nbd", {2, 3, 0.01, 90, 5}}};
  for (const auto& [name, params] : models) {
    const auto model = ModelOf(name, params);
    const OneCustomer of{2, 3, 3};
    // The logarithm of a stay as a function of ln t, and that of a count as one of n: second differences stay small.
    std::vector<double> stays, counts;
    for (int i = 0; i <= 400; ++i) {
      stays.push_back(AliveOf(*model, of, std::exp(i * 0.1), true));
      counts.push_back(CountOf(*model, of, 20 + i, 0.05, true));
    }
    for (std::size_t i = 1; i + 1 < stays.size(); ++i) {
      EXPECT_LE(stays[i + 1], stays[i]) << name;
      const double bend = name == "ggompertz_nbd" ? 0 : stays[i + 1] - 2 * stays[i] + stays[i - 1];   // a stay there falls with e^(bt)
      EXPECT_LT(std::abs(bend), 1.5) << name << " at step " << i;
      EXPECT_LT(std::abs(counts[i + 1] - 2 * counts[i] + counts[i - 1]), 0.2) << name << " at " << i;
    }
    EXPECT_LT(counts.back(), -800) << name;
    EXPECT_EQ(stays.back() < -800, name != "nbd") << name;
  }
}

TEST(LogChance_Never, IsWhatCannotBe) {
  for (const std::string_view name : PurchaseModelNames()) {
    const std::vector<double> params(name == "nbd" ? 2 : name == "ggompertz_nbd" ? 5 : 4, 1.5);
    std::vector<double> all = params;
    if (name == "bg_cnbd_k" || name == "mbg_cnbd_k") all.push_back(2);
    const auto model = ModelOf(name, all);
    const OneCustomer of{2, 3, 3};
    EXPECT_EQ(CountOf(*model, of, 1, 0, true), kNever) << name << ": nothing within no time";
    EXPECT_EQ(CountOf(*model, of, 1, 0), 0) << name;
    EXPECT_EQ(CountOf(*model, of, 0, 0, true), 0) << name;
    if (name == "bg_bb") continue;
    EXPECT_GT(CountOf(*model, of, 3, 5e-300, true), -1e5) << name << ": no time is a time, if ever so short";
  }
  const auto yearly = ModelOf("bg_bb", {1, 1, 1, 1});
  EXPECT_EQ(CountOf(*yearly, {2, 3, 3}, 6, 5, true), kNever) << "one purchase an opportunity";
  EXPECT_GT(CountOf(*yearly, {2, 3, 3}, 5, 5, true), -100);
}

// Counts at which whole numbers of phases are no longer told apart come to an end.
TEST(LogChance_Count, EndsOfNumbersOfAnySize) {
  for (const std::string_view name : {"bg_cnbd_k", "mbg_cnbd_k"}) {
    const double log = CountOf(*ModelOf(name, {0.5, 4, 0.8, 2.5, 7}), {2, 3, 3}, 9007199254740992.0, 10, true);
    EXPECT_LT(log, -1e15) << name;
    EXPECT_TRUE(std::isfinite(log)) << name;
  }
  const auto gompertz = ModelOf("ggompertz_nbd", {4.899520360525236e+48, 5704965365192113, 5.680231609413205e+37, 3.686058645192204e+32, 2.26542220583671e+49});
  EXPECT_TRUE(std::isfinite(CountOf(*gompertz, {0, 0, 752639888815.9978}, 50, 4.989643547777364e-294, true)));
}

// Spans whose reciprocals no double holds are spans: the chance of n purchases in them is a number times t^n.
TEST(LogChance_Count, HoldsOfTheShortestTimes) {
  const std::vector<std::pair<std::string_view, std::vector<double>>> models{
      {"nbd", {0.553, 10.578}}, {"bg_nbd", {0.243, 4.414, 0.793, 2.426}}, {"mbg_nbd", {0.525, 6.183, 0.891, 1.614}}, {"bg_cnbd_k", {0.243, 2.2, 0.793, 2.426, 2}},
      {"mbg_cnbd_k", {0.525, 3.1, 0.891, 1.614, 3}}, {"pareto_nbd", {0.553, 10.578, 0.606, 11.668}}, {"ggompertz_nbd", {0.553, 10.578, 0.01, 0.6, 0.2}}};
  const OneCustomer of{2, 30.43, 38.86};
  for (const auto& [name, params] : models) {
    const auto model = ModelOf(name, params);
    for (const double t : {5e-324, 1e-310, 1e-308, 1e-307, 1e-306, 1e-300, 1e-290, 1e-30}) {
      for (const double n : {0.0, 1.0, 7.0, 1e6, 1e9}) {
        const double log = CountOf(*model, of, n, t, true), number = CountOf(*model, of, n, t);
        EXPECT_TRUE(std::isfinite(log) && log <= 0) << name << ": n = " << n << ", t = " << t << ", found " << log;
        EXPECT_NEAR(number, std::exp(log), 1e-15 + std::numeric_limits<double>::denorm_min()) << name << ": n = " << n << ", t = " << t;
        if (n == 0) EXPECT_NEAR(log, 0, 3e-16) << name << ' ' << t;
        else EXPECT_LT(log, n * std::log(t) + 100) << name << ": n = " << n << ", t = " << t;
      }
    }
  }
}

// Where times are short beside everything, nobody stops meanwhile, and of n purchases it is the rate that matters: Gamma(r + x + n)/(Gamma(r + x) n!) (t/(alpha + T))^n.
TEST(LogChance_Count, OfAGompertzIsAPowerOfAShortTime) {
  const double r = 0.553, alpha = 10.578, x = 2, age = 38.86;
  const auto model = ModelOf("ggompertz_nbd", {r, alpha, 0.01, 0.6, 0.2}), pareto = ModelOf("pareto_nbd", {r, alpha, 0.606, 11.668});
  const OneCustomer of{x, 30.43, age};
  for (const double n : {1.0, 7.0, 1e6, 1e9}) {
    for (const double t : {1e-308, 1e-300, 1e-200, 1e-30}) {
      const double chance = std::lgamma(r + x + n) - std::lgamma(r + x) - std::lgamma(n + 1) + n * (std::log(t) - std::log(alpha + age));
      EXPECT_LT(RelativeError(CountOf(*model, of, n, t, true) - AliveOf(*model, of, 0, true), chance), 1e-12) << n << ' ' << t;
      EXPECT_LT(RelativeError(CountOf(*pareto, of, n, t, true) - AliveOf(*pareto, of, 0, true), chance), 1e-12) << n << ' ' << t;
    }
  }
}

}  // namespace
}  // namespace rapport
