#include "rapport/core/sha256.hpp"

#include <sodium/crypto_hash_sha256.h>

namespace rapport {

Digest Sha256(std::string_view bytes) {
  Digest digest;
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return digest;
}

}  // namespace rapport
