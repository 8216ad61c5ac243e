#include "ledger/difference.hpp"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/wire.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport {
namespace {

struct Difference {
  std::string field;
  std::string found;
  std::string expected;
};

std::string ShownOrNone(const Json* json) { return json == nullptr ? "none" : wire::Shown(*json); }

std::optional<Difference> FirstIn(const Json* found, const Json* expected, const std::string& path);

std::optional<Difference> FirstInObjects(const Json::Object& found, const Json::Object& expected, const std::string& path) {
  Json::Object names = found;
  names.insert(expected.begin(), expected.end());
  for (const auto& [name, ignored] : names) {
    const auto f = found.find(name), e = expected.find(name);
    const std::string at = path.empty() ? name : absl::StrCat(path, ".", name);
    std::optional<Difference> difference = FirstIn(f == found.end() ? nullptr : &f->second, e == expected.end() ? nullptr : &e->second, at);
    if (difference) return difference;
  }
  return std::nullopt;
}

std::optional<Difference> FirstInArrays(const Json::Array& found, const Json::Array& expected, const std::string& path) {
  for (std::size_t i = 0; i < std::max(found.size(), expected.size()); ++i) {
    std::optional<Difference> difference = FirstIn(i < found.size() ? &found[i] : nullptr,
                                                   i < expected.size() ? &expected[i] : nullptr, absl::StrCat(path, "[", i, "]"));
    if (difference) return difference;
  }
  return std::nullopt;
}

std::optional<Difference> FirstIn(const Json* found, const Json* expected, const std::string& path) {
  if (found != nullptr && expected != nullptr) {
    if (*found == *expected) return std::nullopt;
    if (found->if_object() != nullptr && expected->if_object() != nullptr) {
      return FirstInObjects(*found->if_object(), *expected->if_object(), path);
    }
    if (found->if_array() != nullptr && expected->if_array() != nullptr) {
      return FirstInArrays(*found->if_array(), *expected->if_array(), path);
    }
  }
  return Difference{path, ShownOrNone(found), ShownOrNone(expected)};
}

std::string Quoted(std::string_view text) { return text.empty() ? "none" : wire::Shown(Json(text)); }

std::optional<Difference> FirstDifference(const Event& found, const Event& expected) {
  if (found.type() != expected.type()) return Difference{"type", Quoted(found.type()), Quoted(expected.type())};
  if (found.subject != expected.subject) {
    return Difference{"subject", Quoted(found.subject.text()), Quoted(expected.subject.text())};
  }
  if (found.occurred.at != expected.occurred.at) {
    return Difference{"time", FormatInstant(found.occurred.at), FormatInstant(expected.occurred.at)};
  }
  const Json found_facts = EncodeFacts(found), expected_facts = EncodeFacts(expected);
  if (std::optional<Difference> facts = FirstIn(&found_facts, &expected_facts, "")) return facts;
  const Json found_private = EncodePrivate(found), expected_private = EncodePrivate(expected);
  std::optional<Difference> text = FirstIn(&found_private, &expected_private, "");
  if (text) text->found = "other text", text->expected = "the same text";
  return text;
}

}  // namespace

absl::Status Conflict(const Event& found, const Event& counts, std::string_view there) {
  const Difference difference = FirstDifference(found, counts).value_or(Difference{"data", "other content", "the same"});
  return Fail(absl::StatusCode::kAlreadyExists, "ledger.conflict",
              absl::StrCat("source ", wire::Shown(Json(found.key.source)), ", event ", wire::Shown(Json(found.key.id)),
                           ", field ", difference.field, ": found ", difference.found, ", expected ", difference.expected,
                           " ", ToAbsl(there)));
}

}  // namespace rapport
