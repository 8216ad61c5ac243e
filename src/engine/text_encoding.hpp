// Floor 8, inside. Bytes of a file as UTF-8.
#ifndef RAPPORT_SRC_ENGINE_TEXT_ENCODING_HPP_
#define RAPPORT_SRC_ENGINE_TEXT_ENCODING_HPP_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace rapport {

enum class TextEncoding { kUtf8, kLatin1, kWindows1252, kUtf16, kShiftJis, kEucKr, kGb18030 };

// By the name a mapping uses.
std::optional<TextEncoding> TextEncodingNamed(std::string_view name);
std::string_view NameOfEncoding(TextEncoding encoding);

// Without a byte order mark. `import.encoding` names `path` and the first line that does not convert, or says that UTF-16 has no
// byte order mark, that a NUL stands in the text, or that this system has no converter. Cost: one pass.
absl::StatusOr<std::string> ToUtf8(std::string_view bytes, TextEncoding encoding, std::string_view path);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_TEXT_ENCODING_HPP_
