#include "rapport/core/hash.hpp"

#include <sodium/core.h>
#include <sodium/crypto_generichash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using State = crypto_generichash_state;

// Until it is told to begin, libsodium hashes with its slowest code; the digests are the same.
void UseBestCode() {
  static const int begun = sodium_init();
  static_cast<void>(begun);
}

Digest Finish(State& state) {
  Digest digest;
  crypto_generichash_final(&state, digest.data(), digest.size());
  return digest;
}

void AddBytes(State& state, std::string_view bytes) {
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

void AddPart(State& state, std::string_view part) {
  unsigned char length[8];
  for (int i = 0; i < 8; ++i)
    length[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(part.size()) >> (8 * i));
  crypto_generichash_update(&state, length, sizeof length);
  AddBytes(state, part);
}

State Begin(std::string_view key = {}) {
  UseBestCode();
  State state;
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                          std::tuple_size_v<Digest>);
  return state;
}

// 53 bits, so that every value is a double and 1 is never reached.
double UniformOf(const Digest& digest) {
  std::uint64_t bits = 0;
  for (int i = 0; i < 8; ++i) bits = (bits << 8) | digest[static_cast<std::size_t>(i)];
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

}  // namespace

Digest HashBytes(std::string_view bytes) {
  UseBestCode();
  Digest digest;
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
  return digest;
}

Digest HashParts(std::span<const std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size() + 8;
  std::array<char, 1024> bytes;
  if (size <= bytes.size()) {
    // The same bytes at once: what is short costs more by its calls than by its bytes.
    char* at = bytes.data();
    for (const std::string_view part : parts) {
      for (int i = 0; i < 8; ++i) *at++ = static_cast<char>(static_cast<std::uint64_t>(part.size()) >> (8 * i));
      at = std::copy(part.begin(), part.end(), at);
    }
    return HashBytes({bytes.data(), size});
  }
  State state = Begin();
  for (const std::string_view part : parts) AddPart(state, part);
  return Finish(state);
}

Digest HashParts(std::initializer_list<std::string_view> parts) {
  return HashParts(std::span<const std::string_view>(parts.begin(), parts.size()));
}

Digest HashKeyed(std::string_view key, std::string_view bytes) {
  RAPPORT_INVARIANT(key.size() >= 16 && key.size() <= 64, "a hash key has 16 to 64 bytes");
  State state = Begin(key);
  AddBytes(state, bytes);
  return Finish(state);
}

std::string ToHex(const Digest& digest, int bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (int i = 0; i < bytes; ++i) {
    text += kHex[digest[static_cast<std::size_t>(i)] >> 4];
    text += kHex[digest[static_cast<std::size_t>(i)] & 15];
  }
  return text;
}

double Chance(std::uint64_t seed, std::string_view purpose, std::initializer_list<std::string_view> parts) {
  const std::string seed_text = std::to_string(seed);
  std::vector<std::string_view> all{"chance", seed_text, purpose};
  all.insert(all.end(), parts.begin(), parts.end());
  return UniformOf(HashParts(all));
}

int AssignArm(std::string_view experiment, std::string_view id, std::span<const double> weights,
              std::string_view salt) {
  double sum = 0;
  for (const double weight : weights) {
    RAPPORT_INVARIANT(weight >= 0 && std::isfinite(weight), "weights of arms are finite and not negative");
    sum += weight;
  }
  RAPPORT_INVARIANT(sum > 0, "at least one arm has weight");
  const double at = UniformOf(HashParts({"assign", salt, experiment, id})) * sum;
  double reached = 0;
  int last = 0;
  for (std::size_t arm = 0; arm < weights.size(); ++arm) {
    if (weights[arm] == 0) continue;
    reached += weights[arm];
    last = static_cast<int>(arm);
    if (at < reached) break;
  }
  return last;
}

}  // namespace rapport
