#include "rapport/core/json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/utf8.hpp"
#include "rapport/core/ids.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kLongestShown = 40;             // characters of a refused number
constexpr double kExactInteger = 9007199254740992.0;  // 2^53

// True where a JSON number that from_chars calls out of range is too small rather than too large: decided by
// the decimal position of its first digit other than 0.
bool IsTiny(std::string_view number) {
  const std::size_t e = std::min(number.find_first_of("eE"), number.size());
  const std::string_view mantissa =
      number.substr(number.starts_with('-') ? 1 : 0, e - (number.starts_with('-') ? 1 : 0));
  std::int64_t exponent = 0;
  if (e < number.size()) {
    const std::size_t digits = e + (number[e + 1] == '+' ? 2 : 1);
    const auto read = std::from_chars(number.data() + digits, number.data() + number.size(), exponent);
    if (read.ec != std::errc()) return number[e + 1] == '-';
  }
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = mantissa.find_first_not_of("0.");
  if (first == std::string_view::npos) return true;
  return static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) + exponent < 0;
}

// Builds a Json from the parser's calls, in place. Numbers are collected as text and read by from_chars: the
// parser's own conversion errs in the last bit.
class Builder {
 public:
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();

  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& ec) { return Open(Json::Object(), ec); }
  bool on_array_begin(error_code& ec) { return Open(Json::Array(), ec); }
  bool on_object_end(std::size_t, error_code&) { return Close(); }
  bool on_array_end(std::size_t, error_code&) { return Close(); }
  bool on_key_part(string_view part, std::size_t, error_code&) { return Collect(part); }
  bool on_key(string_view part, std::size_t, error_code& ec) {
    Collect(part);
    const auto [at, added] = open_.back()->if_object()->try_emplace(Taken());
    member_ = &at->second;
    if (added) return true;
    return Refuse("json.duplicate_key",
                  absl::StrCat("found the key \"", at->first, "\" again, expected it once"), ec);
  }
  bool on_string_part(string_view part, std::size_t, error_code&) { return Collect(part); }
  bool on_string(string_view part, std::size_t, error_code&) {
    Collect(part);
    Place() = Json(Taken());
    return true;
  }
  bool on_number_part(string_view part, error_code&) { return Collect(part); }
  bool on_int64(std::int64_t, string_view part, error_code& ec) { return Number(part, ec); }
  bool on_uint64(std::uint64_t, string_view part, error_code& ec) { return Number(part, ec); }
  bool on_double(double, string_view part, error_code& ec) { return Number(part, ec); }
  bool on_bool(bool value, error_code&) {
    Place() = Json(value);
    return true;
  }
  bool on_null(error_code&) {
    Place();
    return true;
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

  Json Take() { return std::move(root_); }
  std::string_view token() const { return token_; }
  const std::string& problem() const { return problem_; }

 private:
  bool Collect(string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  std::string Taken() { return std::exchange(text_, std::string()); }
  bool Refuse(std::string_view token, std::string problem, error_code& ec) {
    token_ = token;
    problem_ = std::move(problem);
    ec = boost::json::error::syntax;
    return false;
  }
  bool Number(string_view part, error_code& ec) {
    Collect(part);
    double value = 0;
    const char* const end = text_.data() + text_.size();
    const auto read = std::from_chars(text_.data(), end, value);
    if (read.ec == std::errc::result_out_of_range && IsTiny(text_)) {
      value = 0;
    } else if (read.ec != std::errc() || read.ptr != end) {
      if (text_.size() > kLongestShown) text_.replace(kLongestShown, std::string::npos, "...");
      return Refuse("json.invalid",
                    absl::StrCat("found the number ", text_, ", expected one a double can hold"), ec);
    }
    text_.clear();
    Place() = Json(value);
    return true;
  }
  // Where the next value goes: null, in its parent. Valid until the parent takes its next value; an open
  // container is its parent's last, so the pointers in open_ stay valid.
  Json& Place() {
    if (open_.empty()) return root_;
    if (Json::Array* array = open_.back()->if_array()) return array->emplace_back();
    return *member_;
  }
  template <class Container>
  bool Open(Container container, error_code& ec) {
    if (open_.size() == kDeepest) {
      return Refuse("json.too_deep",
                    absl::StrCat("found nesting deeper than ", kDeepest, ", expected at most that"), ec);
    }
    Json& place = Place();
    place = Json(std::move(container));
    open_.push_back(&place);
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> open_;
  Json* member_ = nullptr;  // the value of the key read last
  std::string text_;
  std::string_view token_ = "json.invalid";
  std::string problem_;
};

std::string PlaceOf(std::string_view text, std::size_t offset) {
  std::size_t line = 1, column = 1;
  for (const char c : text.substr(0, std::min(offset, text.size()))) {
    column = c == '\n' ? 1 : column + 1;
    line += c == '\n' ? 1 : 0;
  }
  return absl::StrCat("line ", line, ", column ", column);
}

void WriteString(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (byte < 0x20) {
          out += "\\u00";
          out += kHex[byte >> 4];
          out += kHex[byte & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// `indent` < 0: no white space at all.
void Write(const Json& json, int indent, int depth, std::string& out) {
  const auto line = [&](int level) {
    if (indent >= 0) out.append("\n").append(static_cast<std::size_t>(indent * level), ' ');
  };
  if (const Json::Object* object = json.if_object()) {
    out += '{';
    bool first = true;
    for (const auto& [key, value] : *object) {
      if (!std::exchange(first, false)) out += ',';
      line(depth + 1);
      WriteString(key, out);
      out += indent >= 0 ? ": " : ":";
      Write(value, indent, depth + 1, out);
    }
    if (!object->empty()) line(depth);
    out += '}';
  } else if (const Json::Array* array = json.if_array()) {
    out += '[';
    bool first = true;
    for (const Json& value : *array) {
      if (!std::exchange(first, false)) out += ',';
      line(depth + 1);
      Write(value, indent, depth + 1, out);
    }
    if (!array->empty()) line(depth);
    out += ']';
  } else if (const std::string* text = json.if_string()) {
    WriteString(*text, out);
  } else if (const double* number = json.if_number()) {
    out += CanonicalNumber(*number);
  } else if (const bool* truth = json.if_bool()) {
    out += *truth ? "true" : "false";
  } else {
    out += "null";
  }
}

}  // namespace

bool Utf16Less::operator()(std::string_view a, std::string_view b) const {
  // UTF-8 order is code point order; UTF-16 differs where a surrogate pair meets U+E000..U+FFFF.
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const auto ca = static_cast<unsigned char>(a[i]), cb = static_cast<unsigned char>(b[j]);
    if (ca < 0x80 && cb < 0x80) {
      if (ca != cb) return ca < cb;
      ++i, ++j;
      continue;
    }
    const char32_t pa = NextPoint(a, i), pb = NextPoint(b, j);
    if (pa == pb) continue;
    const auto unit = [](char32_t p) { return p < 0x10000 ? p : 0xD800 + ((p - 0x10000) >> 10); };
    return unit(pa) != unit(pb) ? unit(pa) < unit(pb) : pa < pb;
  }
  return i == a.size() && j < b.size();
}

Json Json::Integer(std::int64_t value) {
  RAPPORT_INVARIANT(std::abs(static_cast<double>(value)) <= kExactInteger, "an integer in JSON is exact");
  return Json(static_cast<double>(value));
}

absl::StatusOr<Json> Json::Parse(std::string_view text) {
  if (!IsUtf8(text)) return Invalid("json.invalid", "found bytes that are not UTF-8, expected UTF-8 text");
  boost::json::parse_options options;
  options.max_depth = kDeepest + 2;  // the builder counts, and says so in its own words
  boost::json::basic_parser<Builder> parser(options);
  boost::json::error_code ec;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
  const Builder& builder = parser.handler();
  if (ec) {
    const std::string problem = builder.problem().empty()
                                    ? absl::StrCat("found ", ec.message(), ", expected JSON")
                                    : builder.problem();
    return Invalid(builder.token(), absl::StrCat(PlaceOf(text, read), ": ", problem));
  }
  if (text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
    return Invalid("json.invalid",
                   absl::StrCat(PlaceOf(text, read), ": found more after the value, expected its end"));
  }
  return parser.handler().Take();
}

std::optional<std::int64_t> Json::if_integer() const {
  const double* number = if_number();
  if (number == nullptr || std::abs(*number) > kExactInteger || *number != std::trunc(*number))
    return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::string_view Json::KindName() const {
  static constexpr std::string_view kNames[] = {"null",     "a boolean", "a number",
                                                "a string", "an array",  "an object"};
  return kNames[value_.index()];
}

const Json* Json::Find(std::string_view key) const {
  const Object* object = if_object();
  if (object == nullptr) return nullptr;
  const auto found = object->find(key);
  return found == object->end() ? nullptr : &found->second;
}

std::string Json::Canonical() const {
  std::string out;
  Write(*this, -1, 0, out);
  return out;
}

std::string Json::Pretty() const {
  std::string out;
  Write(*this, 2, 0, out);
  return out;
}

std::string CanonicalNumber(double value) {
  RAPPORT_INVARIANT(std::isfinite(value), "JSON has no number for infinity or NaN");
  if (value == 0) return "0";
  char buffer[40];
  const auto written =
      std::to_chars(buffer, buffer + sizeof buffer, std::abs(value), std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<std::size_t>(written.ptr - buffer));
  const std::size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  int exponent = 0;
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
  // Number::toString of ECMAScript: k digits, the decimal point after the n-th.
  const int n = exponent + 1;
  const int k = static_cast<int>(digits.size());
  std::string out(value < 0 ? "-" : "");
  if (k <= n && n <= 21) return out.append(digits).append(static_cast<std::size_t>(n - k), '0');
  if (0 < n && n <= 21) return out.append(digits.insert(static_cast<std::size_t>(n), 1, '.'));
  if (-6 < n && n <= 0) return out.append("0.").append(static_cast<std::size_t>(-n), '0').append(digits);
  if (k > 1) digits.insert(1, 1, '.');
  out.append(digits).append(n > 0 ? "e+" : "e-");
  return out.append(std::to_string(std::abs(n - 1)));
}

}  // namespace rapport
