// Floor 1. Chance for simulation: a stream of draws that is a function of its seed and its number, whoever asks, on whatever thread.
#ifndef RAPPORT_STATS_DRAWS_HPP_
#define RAPPORT_STATS_DRAWS_HPP_

#include <cstdint>

namespace rapport::stats {

// Streams of one seed with different numbers do not show any pattern between them: each draw hashes (seed, stream, counter) by SplitMix64 (Steele, Lea,
// Flood 2014). Not for secrets. One thread.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t stream);
  std::uint64_t Bits();
  double Uniform();                      // in (0, 1), never 0 or 1
  double Exponential();                  // mean 1
  double Normal();                       // mean 0, standard deviation 1: by inversion, one uniform each
  double Gamma(double shape);            // scale 1, shape > 0 (Marsaglia and Tsang 2000); of tiny shapes it may be 0
  double Beta(double a, double b);       // a, b > 0

 private:
  std::uint64_t key_, counter_ = 0;
};

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_DRAWS_HPP_
