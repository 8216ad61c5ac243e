#include "ledger/payload_text.hpp"

#include <algorithm>
#include <charconv>

namespace rapport::wire {
namespace {

// The place of the quote that ends the string whose content begins at `at`; npos where it has escapes or control characters.
std::size_t EndOfPlainString(std::string_view text, std::size_t at) {
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"') return at;
    if (byte == '\\' || byte < 0x20) break;
  }
  return std::string_view::npos;
}

std::size_t SkipDigits(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

// The grammar of RFC 8259: from_chars alone takes more.
bool IsNumber(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = SkipDigits(text, at);
  if (whole == at || (text[at] == '0' && whole > at + 1)) return false;
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t end = SkipDigits(text, at + 1);
    if (end == at + 1) return false;
    at = end;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    at += at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-') ? 2 : 1;
    const std::size_t end = SkipDigits(text, at);
    if (end == at) return false;
    at = end;
  }
  return at == text.size();
}

}  // namespace

std::size_t EndOfPlainValue(std::string_view text, std::size_t at) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      at = EndOfPlainString(text, at + 1);
      if (at == std::string_view::npos) return at;
      if (depth == 0) return at + 1;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    } else if (c == ',' && depth == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

bool PlainString(std::string_view value, std::string_view& out) {
  if (value.size() < 2 || value.front() != '"') return false;
  out = value.substr(1, value.size() - 2);
  return true;
}

// Almost always the one of the event before.
bool PlainCurrency(std::string_view value, Currency& out) {
  thread_local Currency last;
  std::string_view code;
  if (!PlainString(value, code)) return false;
  if (last.empty() || last.code() != code) {
    const absl::StatusOr<Currency> parsed = Currency::Parse(code);
    if (!parsed.ok()) return false;
    last = *parsed;
  }
  out = last;
  return true;
}

bool PlainNumber(std::string_view value, double& out) {
  if (value.size() == 1 && value[0] >= '0' && value[0] <= '9') {
    out = value[0] - '0';
    return true;
  }
  if (!IsNumber(value)) return false;
  const char* const end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, out);
  return read.ec == std::errc() && read.ptr == end;
}

bool PlainMembers::Split(std::string_view object) {
  if (object.size() < 2 || object.front() != '{') return false;
  if (object == "{}") return true;
  for (std::size_t at = 1; size_ < members_.size() && at < object.size() && object[at] == '"';) {
    const std::size_t quote = EndOfPlainString(object, at + 1);
    if (quote == std::string_view::npos || quote + 2 >= object.size() || object[quote + 1] != ':') return false;
    const std::size_t end = EndOfPlainValue(object, quote + 2);
    if (end >= object.size() || end == quote + 2) return false;
    members_[size_++] = {object.data() + at + 1, object.data() + quote + 2, quote - at - 1, end - quote - 2};
    if (object[end] == '}') return end + 1 == object.size();
    if (object[end] != ',') return false;
    at = end + 1;
  }
  return false;
}

void TextMembers::Begin(std::string_view name) {
  if (size_ > 0) pieces_[size_ - 1].end = out_.size();
  RAPPORT_INVARIANT(size_ < pieces_.size(), "a payload has fewer fields");
  pieces_[size_++] = {name.data(), name.size(), out_.size(), 0};
  out_.append(1, '"').append(name).append("\":");
}

// Names are ASCII, so their order as bytes is that of RFC 8785.
void TextMembers::Finish() {
  const std::size_t end = out_.size();
  if (size_ > 0) pieces_[size_ - 1].end = out_.size();
  std::sort(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(size_), [](const Piece& a, const Piece& b) {
    return std::string_view(a.name, a.name_size) < std::string_view(b.name, b.name_size);
  });
  out_ += '{';
  for (std::size_t i = 0; i < size_; ++i) {
    if (i > 0) out_ += ',';
    out_.append(out_, pieces_[i].begin, pieces_[i].end - pieces_[i].begin);
  }
  out_ += '}';
  out_.erase(begin_, end - begin_);
}

void WriteQuoted(std::string_view text, std::string& out) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; });
  if (!plain) {
    out += Json(text).Canonical();
    return;
  }
  out.append(1, '"').append(text).append(1, '"');
}

}  // namespace rapport::wire
