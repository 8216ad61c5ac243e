// Floor 1, inside. The integrity chain: one link an append call, over all that a stored event says about itself. The
// private part counts by its salted digest, which stays when text and salt are erased, so erasure breaks no link.
#ifndef RAPPORT_SRC_LEDGER_CHAIN_HPP_
#define RAPPORT_SRC_LEDGER_CHAIN_HPP_

#include <string_view>
#include <vector>

#include "rapport/core/hash.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

inline std::string_view BytesOf(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// `private_digest`: 32 bytes, or empty where the event has no private part.
Digest EntryDigest(const Event& event, const Digest& facts, std::string_view private_digest);

// BLAKE2b over the previous link (zeros before the first) and the entries of the call in order of sequence.
Digest LinkOf(const Digest& previous, const std::vector<Digest>& entries);

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_CHAIN_HPP_
