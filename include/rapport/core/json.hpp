// Floor 0. JSON as a value, read strictly and written canonically.
//
// Parse refuses duplicate keys, numbers that are not finite doubles, invalid UTF-8 and text after the value; it
// keeps members sorted. Canonical() is RFC 8785 (JCS): members in UTF-16 code unit order, shortest numbers, minimal
// escapes. Hashes and comparisons of content are over it. Numbers are read from their text by std::from_chars.
#ifndef RAPPORT_CORE_JSON_HPP_
#define RAPPORT_CORE_JSON_HPP_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rapport {

// Orders strings by UTF-16 code units, as RFC 8785 sorts members.
struct Utf16Less {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::map<std::string, Json, Utf16Less>;

  Json() = default;  // null
  Json(bool value) : value_(value) {}                                // NOLINT(google-explicit-constructor)
  Json(double value) : value_(value) {}                              // NOLINT
  Json(int value) : value_(static_cast<double>(value)) {}            // NOLINT
  Json(std::string value) : value_(std::move(value)) {}              // NOLINT
  Json(std::string_view value) : value_(std::string(value)) {}       // NOLINT
  Json(const char* value) : value_(std::string(value)) {}            // NOLINT
  Json(Array value) : value_(std::move(value)) {}                    // NOLINT
  Json(Object value) : value_(std::move(value)) {}                   // NOLINT
  // Exact: |value| <= 2^53.
  static Json Integer(std::int64_t value);

  // One JSON text. `json.invalid` with line and column; `json.duplicate_key`; depth over 64 is `json.too_deep`.
  static absl::StatusOr<Json> Parse(std::string_view text);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* if_bool() const { return std::get_if<bool>(&value_); }
  const double* if_number() const { return std::get_if<double>(&value_); }
  const std::string* if_string() const { return std::get_if<std::string>(&value_); }
  const Array* if_array() const { return std::get_if<Array>(&value_); }
  const Object* if_object() const { return std::get_if<Object>(&value_); }
  Array* if_array() { return std::get_if<Array>(&value_); }
  Object* if_object() { return std::get_if<Object>(&value_); }
  // The number if it is whole and |n| <= 2^53.
  std::optional<std::int64_t> if_integer() const;
  // "null", "a boolean", "a number", "a string", "an array", "an object": for messages.
  std::string_view KindName() const;

  // Member of an object, or nullptr.
  const Json* Find(std::string_view key) const;

  // RFC 8785 text.
  std::string Canonical() const;
  // Indented by two, for people; same order of members.
  std::string Pretty() const;

  friend bool operator==(const Json&, const Json&) = default;

 private:
  std::variant<std::monostate, bool, double, std::string, Array, Object> value_;
};

// A finite double as RFC 8785 (ECMAScript) writes it: 10, 0.3, 1e+21.
std::string CanonicalNumber(double value);

// Reads an object strictly: every member must be asked for, or Finish() names the first that was not.
//
//   JsonReader in(json, "rules[3]");
//   RAPPORT_ASSIGN_OR_RETURN(std::string name, in.String("name"));
//   RAPPORT_ASSIGN_OR_RETURN(std::optional<std::int64_t> n, in.OptionalInteger("minutes"));
//   RAPPORT_RETURN_IF_ERROR(in.Finish());     // "rules[3]: unknown key \"minuets\"; expected one of minutes, name"
//
// Errors carry `<token_prefix>.missing_key`, `.wrong_type`, `.unknown_key` and the path to the member.
class JsonReader {
 public:
  // Keeps references to both; `json` that is not an object fails at the first call.
  JsonReader(const Json& json, std::string path, std::string token_prefix = "json");

  absl::StatusOr<std::string> String(std::string_view key);
  absl::StatusOr<double> Number(std::string_view key);
  absl::StatusOr<std::int64_t> Integer(std::string_view key);
  absl::StatusOr<bool> Bool(std::string_view key);
  absl::StatusOr<const Json*> Any(std::string_view key);
  absl::StatusOr<const Json::Array*> Array(std::string_view key);
  absl::StatusOr<const Json::Object*> Object(std::string_view key);
  absl::StatusOr<std::optional<std::string>> OptionalString(std::string_view key);
  absl::StatusOr<std::optional<double>> OptionalNumber(std::string_view key);
  absl::StatusOr<std::optional<std::int64_t>> OptionalInteger(std::string_view key);
  absl::StatusOr<std::optional<bool>> OptionalBool(std::string_view key);
  const Json* OptionalAny(std::string_view key);  // nullptr where absent
  absl::Status Finish();

  // "rules[3].minutes"
  std::string PathOf(std::string_view key) const;
  // A failure at a member: Invalid(prefix + "." + token, PathOf(key) + ": " + message).
  absl::Status Error(std::string_view key, std::string_view token, std::string_view message) const;

 private:
  absl::StatusOr<const Json*> Required(std::string_view key);
  const Json& json_;
  std::string path_;
  std::string prefix_;
  std::vector<std::string> asked_;
};

}  // namespace rapport

#endif  // RAPPORT_CORE_JSON_HPP_
