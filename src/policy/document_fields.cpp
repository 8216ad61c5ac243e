#include "policy/document_fields.hpp"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rapport {
namespace {

constexpr std::size_t kMostShown = 40;

}  // namespace

std::string Shown(const Json& json) {
  std::string text = json.Canonical();
  if (text.size() <= kMostShown) return text;
  std::size_t end = kMostShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;   // whole characters
  return text.substr(0, end) + "...";
}

std::string Quoted(std::string_view text) { return Shown(Json(text)); }

std::string PointerTo(std::string_view pointer, std::string_view key) {
  std::string out = std::string(pointer) + "/";
  for (const char c : key) {
    if (c == '~') out += "~0";
    else if (c == '/') out += "~1";
    else out += c;
  }
  return out;
}

std::string PointerTo(std::string_view pointer, std::size_t index) { return absl::StrCat(std::string(pointer), "/", index); }

void AddProblem(std::vector<PolicyProblem>& problems, std::string_view token, std::string pointer, std::string found, std::string expected) {
  problems.push_back({"policy." + std::string(token), std::move(pointer), std::move(found), std::move(expected)});
}

DocumentFields::DocumentFields(const Json& json, std::string pointer, std::vector<PolicyProblem>& problems)
    : json_(json), pointer_(std::move(pointer)), problems_(problems) {
  if (json.if_object() == nullptr) AddProblem(problems_, "wrong_type", pointer_, Shown(json), "an object");
}

void DocumentFields::Problem(std::string_view key, std::string_view token, std::string found, std::string expected) {
  AddProblem(problems_, token, PointerOf(key), std::move(found), std::move(expected));
}

void DocumentFields::Missing(std::string_view key) {
  if (json_.if_object() != nullptr) Problem(key, "missing_key", "nothing", "a value");
}

void DocumentFields::WrongType(std::string_view key, const Json& found, std::string_view expected) {
  Problem(key, "wrong_type", Shown(found), std::string(expected));
}

const Json* DocumentFields::Maybe(std::string_view key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  return json_.Find(key);
}

const Json* DocumentFields::Any(std::string_view key) {
  const Json* member = Maybe(key);
  if (member == nullptr) Missing(key);
  return member;
}

std::optional<std::string> DocumentFields::MaybeText(std::string_view key) {
  const Json* member = Maybe(key);
  if (member == nullptr) return std::nullopt;
  if (const std::string* text = member->if_string()) return *text;
  WrongType(key, *member, "a text");
  return std::nullopt;
}

std::string DocumentFields::Text(std::string_view key) {
  if (Any(key) == nullptr) return {};
  const std::optional<std::string> text = MaybeText(key);
  if (text.has_value() && text->empty()) Problem(key, "invalid_value", Quoted(*text), "a text that is not empty");
  return text.value_or(std::string());
}

std::optional<std::int64_t> DocumentFields::MaybeWhole(std::string_view key, std::int64_t least, std::int64_t most) {
  const Json* member = Maybe(key);
  if (member == nullptr) return std::nullopt;
  const std::optional<std::int64_t> whole = member->if_integer();
  if (!whole.has_value()) {
    WrongType(key, *member, "a whole number");
    return std::nullopt;
  }
  if (*whole >= least && *whole <= most) return whole;
  Problem(key, "invalid_value", Shown(*member), least == most ? absl::StrCat(least) : absl::StrCat(least, " to ", most));
  return std::nullopt;
}

std::int64_t DocumentFields::Whole(std::string_view key, std::int64_t least, std::int64_t most) {
  if (Any(key) == nullptr) return least;
  return MaybeWhole(key, least, most).value_or(least);
}

std::optional<double> DocumentFields::MaybeNumber(std::string_view key, double least, double most) {
  const Json* member = Maybe(key);
  if (member == nullptr) return std::nullopt;
  if (member->if_number() == nullptr) {
    WrongType(key, *member, "a number");
    return std::nullopt;
  }
  const double number = *member->if_number();
  if (number >= least && number <= most) return number;
  Problem(key, "invalid_value", Shown(*member), absl::StrCat(CanonicalNumber(least), " to ", CanonicalNumber(most)));
  return std::nullopt;
}

double DocumentFields::Number(std::string_view key) {
  const Json* member = Any(key);
  if (member == nullptr) return 0;
  if (member->if_number() != nullptr) return *member->if_number();
  WrongType(key, *member, "a number");
  return 0;
}

bool DocumentFields::Flag(std::string_view key) {
  const Json* member = Maybe(key);
  if (member == nullptr) return false;
  if (member->if_bool() != nullptr) return *member->if_bool();
  WrongType(key, *member, "true or false");
  return false;
}

const Json::Array* DocumentFields::MaybeList(std::string_view key) {
  const Json* member = Maybe(key);
  if (member == nullptr) return nullptr;
  if (member->if_array() == nullptr) WrongType(key, *member, "a list");
  return member->if_array();
}

const Json::Array* DocumentFields::List(std::string_view key) {
  if (Any(key) == nullptr) return nullptr;
  return MaybeList(key);
}

void DocumentFields::Finish() {
  const Json::Object* members = json_.if_object();
  if (members == nullptr) return;
  std::vector<std::string> known = asked_;
  std::sort(known.begin(), known.end());
  std::string list;
  for (const std::string& key : known) list += (list.empty() ? "" : ", ") + key;
  for (const auto& [key, value] : *members) {
    if (std::binary_search(known.begin(), known.end(), key)) continue;
    AddProblem(problems_, "unknown_key", PointerOf(key), Quoted(key), "one of " + list);
  }
}

}  // namespace rapport
