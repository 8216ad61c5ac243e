// Floor 0. One hash for identity, chance and assignment: BLAKE2b (libsodium), see docs/adr.
//
// Chance is not a stream but a function: the number for (seed, purpose, customer, follow-up) is the same whoever
// asks, in whatever order, on whatever thread. Parts are length-prefixed, so ("ab","c") and ("a","bc") differ.
#ifndef RAPPORT_CORE_HASH_HPP_
#define RAPPORT_CORE_HASH_HPP_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace rapport {

// 256 bits.
using Digest = std::array<std::uint8_t, 32>;

Digest HashBytes(std::string_view bytes);
// Of the parts, each preceded by its length as 8 bytes little-endian.
Digest HashParts(std::span<const std::string_view> parts);
Digest HashParts(std::initializer_list<std::string_view> parts);
// Keyed, for suppressions and salted private parts. `key` of 16 to 64 bytes.
Digest HashKeyed(std::string_view key, std::string_view bytes);

// Lower-case hexadecimal of the first `bytes` bytes.
std::string ToHex(const Digest& digest, int bytes = 32);

// Uniform in [0, 1): 53 bits of HashParts(seed, purpose, parts...).
double Chance(std::uint64_t seed, std::string_view purpose, std::initializer_list<std::string_view> parts);

// Which of the arms `id` belongs to, in proportion to `weights` (each >= 0, sum > 0), stable under the order in which
// ids are asked. Index into weights.
int AssignArm(std::string_view experiment, std::string_view id, std::span<const double> weights,
              std::string_view salt = "");

}  // namespace rapport

#endif  // RAPPORT_CORE_HASH_HPP_
