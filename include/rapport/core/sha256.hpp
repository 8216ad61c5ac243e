// Floor 0. SHA-256, for formats that name it, such as a Content-Security-Policy. Identity and chance stay with hash.hpp.
#ifndef RAPPORT_CORE_SHA256_HPP_
#define RAPPORT_CORE_SHA256_HPP_

#include <string_view>

#include "rapport/core/hash.hpp"

namespace rapport {

Digest Sha256(std::string_view bytes);

}  // namespace rapport

#endif  // RAPPORT_CORE_SHA256_HPP_
