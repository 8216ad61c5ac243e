#include "ledger/chain.hpp"

#include <string>

namespace rapport {

Digest EntryDigest(const Event& event, const Digest& facts, std::string_view private_digest) {
  const std::string offset = std::to_string(event.occurred.offset_minutes);
  const std::string sequence = std::to_string(event.sequence);
  const std::string recorded = std::to_string(event.recorded.micros());
  const std::string claimed = std::to_string(event.claimed.micros());
  // A batch came with schema version 2: events without one keep the digest that version 1 gave them.
  if (event.batch.empty()) {
    return HashParts({sequence, event.key.source, event.key.id, offset, recorded, claimed, BytesOf(facts), private_digest});
  }
  return HashParts({sequence, event.key.source, event.key.id, offset, recorded, claimed, BytesOf(facts), private_digest, event.batch.text()});
}

Digest LinkOf(const Digest& previous, const std::vector<Digest>& entries) {
  std::vector<std::string_view> parts{BytesOf(previous)};
  parts.reserve(entries.size() + 1);
  for (const Digest& entry : entries) parts.push_back(BytesOf(entry));
  return HashParts(parts);
}

}  // namespace rapport
