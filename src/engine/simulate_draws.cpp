#include "engine/simulate_draws.hpp"

#include <algorithm>
#include <charconv>

#include "rapport/core/hash.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::simulation {
namespace {

double UniformAt(const Digest& digest, std::size_t part) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = (bits << 8) | digest[part * 8 + i];
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

}  // namespace

double Draws::Uniform() {
  const std::size_t part = next_ % 4;
  if (part == 0) {
    char text[20];
    const auto end = std::to_chars(text, text + sizeof text, next_ / 4).ptr;
    const Digest digest = HashParts({"simulate", seed_, purpose_, customer_, {text, static_cast<std::size_t>(end - text)}});
    for (std::size_t i = 0; i < block_.size(); ++i) block_[i] = UniformAt(digest, i);
  }
  ++next_;
  return block_[part];
}

std::int64_t Draws::Below(std::int64_t end) { return std::min(end - 1, static_cast<std::int64_t>(Uniform() * static_cast<double>(end))); }

std::size_t Draws::Weighted(const double* weights, std::size_t size) {
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += weights[i];
  double rest = Uniform() * sum;
  for (std::size_t i = 0; i + 1 < size; ++i) {
    if (rest < weights[i]) return i;
    rest -= weights[i];
  }
  return size - 1;
}

double Draws::Exponential(double mean) { return -mean * stats::Log1p(-Uniform()); }

// Marsaglia's polar method, of which one of the two numbers is used: nothing is kept between draws.
double Draws::Normal() {
  while (true) {
    const double x = Between(-1, 1), y = Between(-1, 1);
    const double square = x * x + y * y;
    if (square > 0 && square < 1) return x * stats::Sqrt(-2 * stats::Log(square) / square);
  }
}

// Marsaglia and Tsang (2000), A Simple Method for Generating Gamma Variables; below 1 by the power of a uniform.
double Draws::Gamma(double shape) {
  if (shape < 1) {
    const double larger = Gamma(shape + 1);
    return larger * stats::Exp(stats::Log1p(-Uniform()) / shape);
  }
  const double d = shape - 1.0 / 3, c = 1 / stats::Sqrt(9 * d);
  while (true) {
    const double x = Normal(), root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (stats::Log1p(-Uniform()) < 0.5 * x * x + d - d * v + d * stats::Log(v)) return d * v;
  }
}

double Draws::Beta(double a, double b) {
  const double x = Gamma(a), y = Gamma(b);
  return x + y > 0 ? x / (x + y) : a / (a + b);
}

std::int64_t Draws::Geometric(double success) {
  if (success >= 1) return 0;
  return static_cast<std::int64_t>(std::min(1e9, stats::Log1p(-Uniform()) / stats::Log1p(-success)));
}

}  // namespace rapport::simulation
