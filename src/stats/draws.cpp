#include "rapport/stats/draws.hpp"

#include "rapport/stats/special.hpp"

namespace rapport::stats {
namespace {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;

std::uint64_t Mixed(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

Draws::Draws(std::uint64_t seed, std::uint64_t stream) : key_(Mixed(Mixed(seed + kGolden) ^ Mixed(stream * kGolden + 1))) {}

std::uint64_t Draws::Bits() { return Mixed(key_ + ++counter_ * kGolden); }

double Draws::Uniform() { return (static_cast<double>(Bits() >> 11) + 0.5) * 0x1p-53; }

double Draws::Exponential() { return -Log(Uniform()); }

double Draws::Normal() { return NormalQuantile(Uniform()); }

double Draws::Gamma(double shape) {
  // Below 1 the squeeze does not hold: Gamma(shape) = Gamma(shape + 1) U^(1/shape).
  const double power = shape < 1 ? Exp(Log(Uniform()) / shape) : 1;
  const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / Sqrt(9 * d);
  while (true) {
    const double x = Normal(), root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (Log(Uniform()) < x * x / 2 + d * (1 - v + Log(v))) return d * v * power;
  }
}

double Draws::Beta(double a, double b) {
  const double x = Gamma(a), y = Gamma(b);
  return x + y > 0 ? x / (x + y) : (a >= b ? 1.0 : 0.0);
}

}  // namespace rapport::stats
