#include "rapport/core/ids.hpp"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace rapport {

bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const int more = lead < 0x80 ? 0 : lead >= 0xC2 && lead <= 0xDF ? 1 : lead >= 0xE0 && lead <= 0xEF ? 2 : lead >= 0xF0 && lead <= 0xF4 ? 3 : -1;
    if (more < 0 || i + static_cast<std::size_t>(more) >= text.size() + (more == 0 ? 1 : 0)) return false;
    for (int k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]);
      unsigned low = 0x80, high = 0xBF;
      if (k == 1 && lead == 0xE0) low = 0xA0;   // overlong
      if (k == 1 && lead == 0xED) high = 0x9F;  // surrogates
      if (k == 1 && lead == 0xF0) low = 0x90;   // overlong
      if (k == 1 && lead == 0xF4) high = 0x8F;  // above U+10FFFF
      if (next < low || next > high) return false;
    }
    i += static_cast<std::size_t>(more) + 1;
  }
  return true;
}

absl::Status CheckId(std::string_view text, std::string_view what) {
  const bool control = std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (!text.empty() && text.size() <= 255 && !control && IsUtf8(text)) return absl::OkStatus();
  const std::string found = text.size() > 255 ? absl::StrCat(text.size(), " bytes") : absl::StrCat("\"", absl::CHexEscape(ToAbsl(text)), "\"");
  return Invalid("id.invalid", absl::StrCat(std::string(what), ": found ", found,
                                            ", expected 1 to 255 bytes of UTF-8 without control characters"));
}

}  // namespace rapport
