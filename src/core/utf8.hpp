// Floor 0, inside. Walking over UTF-8 that was checked where it entered (IsUtf8 of ids.hpp).
#ifndef RAPPORT_SRC_CORE_UTF8_HPP_
#define RAPPORT_SRC_CORE_UTF8_HPP_

#include <cstddef>
#include <string_view>

namespace rapport {

// The code point at `at` (< text.size()), which moves behind it. Reads no byte past the end whatever the
// bytes are; the result means something for well-formed UTF-8 only.
inline char32_t NextPoint(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t point = lead & (0x3Fu >> more);
  for (int i = 0; i < more && at < text.size(); ++i) {
    point = (point << 6) | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
  }
  return point;
}

}  // namespace rapport

#endif  // RAPPORT_SRC_CORE_UTF8_HPP_
