#include "engine/text_encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "rapport/core/ids.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

struct EncodingName {
  TextEncoding encoding;
  std::string_view name;
  const char* iconv;
};

// What people call Shift_JIS and EUC-KR is nearly always what Windows writes: CP932 and CP949, which hold the other two.
constexpr std::array<EncodingName, 7> kEncodings{{{TextEncoding::kUtf8, "utf-8", nullptr},
                                                  {TextEncoding::kLatin1, "latin-1", "ISO-8859-1"},
                                                  {TextEncoding::kWindows1252, "windows-1252", "CP1252"},
                                                  {TextEncoding::kUtf16, "utf-16", "UTF-16"},
                                                  {TextEncoding::kShiftJis, "shift_jis", "CP932"},
                                                  {TextEncoding::kEucKr, "euc-kr", "UHC"},
                                                  {TextEncoding::kGb18030, "gb18030", "GB18030"}}};

constexpr std::string_view kMark8 = "\xEF\xBB\xBF";
constexpr std::string_view kMark16Big = "\xFE\xFF";
constexpr std::string_view kMark16Little = "\xFF\xFE";

absl::Status Unreadable(std::string_view path, std::int64_t line, std::string_view found, std::string_view expected) {
  return Invalid("import.encoding", absl::StrCat(ToAbsl(path), ", line ", line, ": found ", ToAbsl(found), ", expected ", ToAbsl(expected)));
}

std::int64_t LineAfter(std::string_view text) { return 1 + std::count(text.begin(), text.end(), '\n'); }

absl::StatusOr<std::string> CheckedUtf8(std::string_view bytes, std::string_view path) {
  if (bytes.starts_with(kMark16Big) || bytes.starts_with(kMark16Little)) return Unreadable(path, 1, "the byte order mark of UTF-16", "utf-8");
  if (bytes.starts_with(kMark8)) bytes.remove_prefix(kMark8.size());
  std::int64_t line = 1;
  for (std::string_view rest = bytes; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    if (!IsUtf8(rest.substr(0, end))) return Unreadable(path, line, "bytes that are not UTF-8", "utf-8, or the mapping's \"encoding\"");
    rest.remove_prefix(end);
  }
  return std::string(bytes);
}

absl::StatusOr<std::string> Converted(std::string_view bytes, const EncodingName& from, std::string_view path) {
  const iconv_t converter = iconv_open("UTF-8", from.iconv);
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return Fail(absl::StatusCode::kUnimplemented, "import.encoding",
                absl::StrCat(ToAbsl(path), ": this system has no converter for ", ToAbsl(from.name)));
  }
  std::string text;
  std::array<char, 1 << 14> buffer;
  char* in = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
  std::size_t left = bytes.size();
  bool ok = true;
  while (ok && left > 0) {
    char* out = buffer.data();
    std::size_t room = buffer.size();
    ok = iconv(converter, &in, &left, &out, &room) != static_cast<std::size_t>(-1) || errno == E2BIG;
    text.append(buffer.data(), buffer.size() - room);
  }
  iconv_close(converter);
  if (!ok) return Unreadable(path, LineAfter(text), absl::StrCat("bytes that are not ", ToAbsl(from.name)), from.name);
  return text;
}

}  // namespace

std::optional<TextEncoding> TextEncodingNamed(std::string_view name) {
  for (const EncodingName& known : kEncodings) {
    if (known.name == name) return known.encoding;
  }
  return std::nullopt;
}

std::string_view NameOfEncoding(TextEncoding encoding) {
  for (const EncodingName& known : kEncodings) {
    if (known.encoding == encoding) return known.name;
  }
  return {};
}

absl::StatusOr<std::string> ToUtf8(std::string_view bytes, TextEncoding encoding, std::string_view path) {
  std::string text;
  if (encoding == TextEncoding::kUtf8) {
    RAPPORT_ASSIGN_OR_RETURN(text, CheckedUtf8(bytes, path));
  } else {
    if (encoding == TextEncoding::kUtf16 && !bytes.empty() && !bytes.starts_with(kMark16Big) && !bytes.starts_with(kMark16Little)) {
      return Unreadable(path, 1, "no byte order mark", "one at the start of utf-16");
    }
    RAPPORT_ASSIGN_OR_RETURN(text, Converted(bytes, kEncodings[static_cast<std::size_t>(encoding)], path));
  }
  const std::size_t nul = text.find('\0');
  if (nul != std::string::npos) return Unreadable(path, LineAfter(std::string_view(text).substr(0, nul)), "a NUL", "text; UTF-16 is said by \"encoding\"");
  return text;
}

}  // namespace rapport
