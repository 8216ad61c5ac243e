#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rapport/core/json.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

template <class T>
absl::StatusOr<std::optional<T>> Optional(absl::StatusOr<T> value) {
  if (!value.ok()) return std::move(value).status();
  return std::optional<T>(*std::move(value));
}

// "rules[3]: ", or nothing at the top of a document.
std::string At(const std::string& path) {
  return path.empty() ? std::string() : absl::StrCat(path, ": ");
}

absl::Status NotAnObject(const Json& json, const std::string& path, const std::string& prefix) {
  return Invalid(prefix + ".wrong_type",
                 absl::StrCat(At(path), "found ", std::string(json.KindName()), ", expected an object"));
}

}  // namespace

JsonReader::JsonReader(const Json& json, std::string path, std::string token_prefix)
    : json_(json), path_(std::move(path)), prefix_(std::move(token_prefix)) {}

std::string JsonReader::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : absl::StrCat(path_, ".", std::string(key));
}

absl::Status JsonReader::Error(std::string_view key, std::string_view token, std::string_view message) const {
  return Invalid(absl::StrCat(prefix_, ".", std::string(token)),
                 absl::StrCat(PathOf(key), ": ", std::string(message)));
}

const Json* JsonReader::OptionalAny(std::string_view key) {
  asked_.emplace_back(key);
  return json_.Find(key);
}

absl::StatusOr<const Json*> JsonReader::Required(std::string_view key) {
  const Json* found = OptionalAny(key);
  if (found != nullptr) return found;
  if (json_.if_object() == nullptr) return NotAnObject(json_, path_, prefix_);
  return Error(key, "missing_key", "found nothing, expected a value");
}

absl::StatusOr<const Json*> JsonReader::Any(std::string_view key) {
  return Required(key);
}

absl::StatusOr<std::string> JsonReader::String(std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const Json* value, Required(key));
  if (const std::string* text = value->if_string()) return *text;
  return Error(key, "wrong_type",
               absl::StrCat("found ", std::string(value->KindName()), ", expected a string"));
}

absl::StatusOr<double> JsonReader::Number(std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const Json* value, Required(key));
  if (const double* number = value->if_number()) return *number;
  return Error(key, "wrong_type",
               absl::StrCat("found ", std::string(value->KindName()), ", expected a number"));
}

absl::StatusOr<std::int64_t> JsonReader::Integer(std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const Json* value, Required(key));
  if (const std::optional<std::int64_t> number = value->if_integer()) return *number;
  return Error(key, "wrong_type", absl::StrCat("found ", value->Canonical(), ", expected a whole number"));
}

absl::StatusOr<bool> JsonReader::Bool(std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const Json* value, Required(key));
  if (const bool* truth = value->if_bool()) return *truth;
  return Error(key, "wrong_type",
               absl::StrCat("found ", std::string(value->KindName()), ", expected true or false"));
}

absl::StatusOr<const Json::Array*> JsonReader::Array(std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const Json* value, Required(key));
  if (const Json::Array* array = value->if_array()) return array;
  return Error(key, "wrong_type",
               absl::StrCat("found ", std::string(value->KindName()), ", expected an array"));
}

absl::StatusOr<const Json::Object*> JsonReader::Object(std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const Json* value, Required(key));
  if (const Json::Object* object = value->if_object()) return object;
  return Error(key, "wrong_type",
               absl::StrCat("found ", std::string(value->KindName()), ", expected an object"));
}

absl::StatusOr<std::optional<std::string>> JsonReader::OptionalString(std::string_view key) {
  if (OptionalAny(key) == nullptr) return std::optional<std::string>();
  return Optional(String(key));
}

absl::StatusOr<std::optional<double>> JsonReader::OptionalNumber(std::string_view key) {
  if (OptionalAny(key) == nullptr) return std::optional<double>();
  return Optional(Number(key));
}

absl::StatusOr<std::optional<std::int64_t>> JsonReader::OptionalInteger(std::string_view key) {
  if (OptionalAny(key) == nullptr) return std::optional<std::int64_t>();
  return Optional(Integer(key));
}

absl::StatusOr<std::optional<bool>> JsonReader::OptionalBool(std::string_view key) {
  if (OptionalAny(key) == nullptr) return std::optional<bool>();
  return Optional(Bool(key));
}

absl::Status JsonReader::Finish() {
  const Json::Object* object = json_.if_object();
  if (object == nullptr) return NotAnObject(json_, path_, prefix_);
  for (const auto& [key, value] : *object) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    std::sort(asked_.begin(), asked_.end());
    asked_.erase(std::unique(asked_.begin(), asked_.end()), asked_.end());
    const std::string expected =
        asked_.empty() ? "no keys" : absl::StrCat("one of ", absl::StrJoin(asked_, ", "));
    return Invalid(prefix_ + ".unknown_key",
                   absl::StrCat(At(path_), "unknown key \"", key, "\", expected ", expected));
  }
  return absl::OkStatus();
}

}  // namespace rapport
