// Floor 5, inside. Reads a document strictly and goes on after an error, so that all errors of it are found at once.
//
//   DocumentFields in(json, "/rules/3", problems);
//   rule.name = in.Text("name");                  // a problem and "" where it is missing or no text
//   rule.priority = in.Whole("priority", 0, 1000);
//   in.Finish();                                  // a problem for each member that nobody asked for
#ifndef RAPPORT_SRC_POLICY_DOCUMENT_FIELDS_HPP_
#define RAPPORT_SRC_POLICY_DOCUMENT_FIELDS_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rapport/core/json.hpp"
#include "rapport/ledger/vocabulary.hpp"
#include "rapport/policy/policy.hpp"

namespace rapport {

// A value as an error shows it: canonical, cut after 40 characters.
std::string Shown(const Json& json);
std::string Quoted(std::string_view text);
// RFC 6901: "/" and "~" of the key escaped.
std::string PointerTo(std::string_view pointer, std::string_view key);
std::string PointerTo(std::string_view pointer, std::size_t index);

void AddProblem(std::vector<PolicyProblem>& problems, std::string_view token, std::string pointer, std::string found, std::string expected);

class DocumentFields {
 public:
  // `json` that is no object is one problem; then all members are missing without a further word.
  DocumentFields(const Json& json, std::string pointer, std::vector<PolicyProblem>& problems);

  // Required: a problem where missing, or an empty text.
  std::string Text(std::string_view key);
  std::int64_t Whole(std::string_view key, std::int64_t least, std::int64_t most);
  double Number(std::string_view key);
  const Json* Any(std::string_view key);
  const Json::Array* List(std::string_view key);

  // Optional: a problem where of another type or out of range.
  std::optional<std::string> MaybeText(std::string_view key);
  std::optional<std::int64_t> MaybeWhole(std::string_view key, std::int64_t least, std::int64_t most);
  std::optional<double> MaybeNumber(std::string_view key, double least, double most);
  bool Flag(std::string_view key);
  const Json* Maybe(std::string_view key);
  const Json::Array* MaybeList(std::string_view key);

  // A word of a closed list; a problem that lists them else.
  template <class E>
  std::optional<E> MaybeWord(std::string_view key) {
    const std::optional<std::string> text = MaybeText(key);
    if (!text.has_value()) return std::nullopt;
    if (const std::optional<E> word = FromName<E>(*text)) return word;
    std::string list;
    for (const auto& word : WordList<E>::kWords) list += (list.empty() ? "" : ", ") + std::string(word.name);
    Problem(key, "invalid_value", Quoted(*text), "one of " + list);
    return std::nullopt;
  }
  template <class E>
  E Word(std::string_view key, E otherwise) {
    if (Maybe(key) == nullptr) Missing(key);
    return MaybeWord<E>(key).value_or(otherwise);
  }

  void Finish();
  void Problem(std::string_view key, std::string_view token, std::string found, std::string expected);
  void Missing(std::string_view key);
  std::string PointerOf(std::string_view key) const { return PointerTo(pointer_, key); }
  const std::string& pointer() const { return pointer_; }
  std::vector<PolicyProblem>& problems() { return problems_; }

 private:
  void WrongType(std::string_view key, const Json& found, std::string_view expected);
  const Json& json_;
  std::string pointer_;
  std::vector<PolicyProblem>& problems_;
  std::vector<std::string> asked_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_DOCUMENT_FIELDS_HPP_
