// Floor 8, inside. Chance for simulated lives.
#ifndef RAPPORT_SRC_ENGINE_SIMULATE_DRAWS_HPP_
#define RAPPORT_SRC_ENGINE_SIMULATE_DRAWS_HPP_

#include <array>
#include <cstdint>
#include <string_view>

namespace rapport::simulation {

// The numbers of (seed, purpose, customer), one after the other. Each purpose has its own, so a draw added to one moves no other. A hash
// gives four of them: number k is part k modulo 4 of HashParts(seed, purpose, customer, k / 4).
class Draws {
 public:
  // Keeps the views.
  Draws(std::string_view seed, std::string_view purpose, std::string_view customer) : seed_(seed), purpose_(purpose), customer_(customer) {}

  double Uniform();                                             // [0, 1), 53 bits
  bool Happens(double chance) { return Uniform() < chance; }
  std::int64_t Below(std::int64_t end);                         // 0 to end - 1
  double Between(double from, double to) { return from + (to - from) * Uniform(); }
  std::size_t Weighted(const double* weights, std::size_t size);  // in proportion; the sum is above 0
  double Exponential(double mean);
  double Normal();
  double Gamma(double shape);                                   // scale 1
  double Beta(double a, double b);
  std::int64_t Geometric(double success);                       // failures before the first success

 private:
  std::string_view seed_, purpose_, customer_;
  std::array<double, 4> block_{};
  std::uint64_t next_ = 0;
};

}  // namespace rapport::simulation

#endif  // RAPPORT_SRC_ENGINE_SIMULATE_DRAWS_HPP_
