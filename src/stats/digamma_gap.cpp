#include "rapport/stats/digamma_gap.hpp"

#include <span>

#include "rapport/stats/special.hpp"

namespace rapport::stats {
namespace {

constexpr double kAsymptotic = 16;   // from here on the series hold to the last digit

// Coefficients of 1 / z, 1 / z^2, ...: of psi without its logarithm, and of psi'.
constexpr double kDigamma[] = {-1.0 / 2, -1.0 / 12, 0, 1.0 / 120, 0, -1.0 / 252, 0, 1.0 / 240, 0, -1.0 / 132, 0, 691.0 / 32760, 0, -1.0 / 12};
constexpr double kTrigamma[] = {1, 1.0 / 2, 1.0 / 6, 0, -1.0 / 30, 0, 1.0 / 42, 0, -1.0 / 30, 0, 5.0 / 66, 0, -691.0 / 2730, 0, 7.0 / 6};

// The sum of c_m (v^m - u^m), u = 1 / z, v = 1 / (z + h): v - u is a factor of each, and is known without a subtraction.
double SeriesGap(std::span<const double> c, double z, double h) {
  const double u = 1 / z, v = 1 / (z + h);
  double power = 1, all = 1, sum = c[0];   // `all`: the sum of u^i v^j over i + j = m - 1
  for (std::size_t m = 1; m < c.size(); ++m) {
    power *= v;
    all = u * all + power;
    sum += c[m] * all;
  }
  return -(h * u) * v * sum;
}

}  // namespace

double DigammaGap(double z, double h) {
  double below = 0;
  for (; z < kAsymptotic; ++z) below += h / (z + h) / z;
  return below + Log1p(h / z) + SeriesGap(kDigamma, z, h);
}

double TrigammaGap(double z, double h) {
  double below = 0;
  for (; z < kAsymptotic; ++z) below += h / (z + h) / z * (1 / z + 1 / (z + h));
  return SeriesGap(kTrigamma, z, h) - below;
}

}  // namespace rapport::stats
