// How the members of a permission profile stand in JSON.
#ifndef RAPPORT_SRC_PERMISSION_PROFILE_FIELDS_HPP_
#define RAPPORT_SRC_PERMISSION_PROFILE_FIELDS_HPP_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "rapport/core/json.hpp"
#include "rapport/core/status.hpp"
#include "rapport/core/working_calendar.hpp"
#include "rapport/ledger/vocabulary.hpp"

namespace rapport {

// "found a number, expected an object"
std::string WrongKind(std::string_view expected, const Json& found);

// A whole number from `least` to 3660: days, or a count of attempts.
absl::StatusOr<int> ReadDays(JsonReader& in, std::string_view key, const Json& json, int least);

// {"mon": [["09:00","18:00"]], ...} or the whole form of WorkingWeek.
absl::StatusOr<WorkingWeek> ReadWeek(const Json& json);
Json WeekToJson(const WorkingWeek& week);

// [["21:00","08:00"], ...], each may cross midnight; split there, sorted, joined where they touch.
absl::StatusOr<std::vector<MinuteRange>> ReadQuietHours(const Json& json);
Json RangesToJson(const std::vector<MinuteRange>& ranges);

// "call, care, ...": the words of a list.
template <class E>
std::string WordsText() {
  std::string text;
  for (const auto& word : WordList<E>::kWords) absl::StrAppend(&text, text.empty() ? "" : ", ", std::string(word.name));
  return text;
}

template <class E>
std::string UnknownWord(std::string_view found) {
  return absl::StrCat("found \"", std::string(found), "\", expected one of ", WordsText<E>());
}

// An optional list of different words, empty where the key is absent.
template <class E>
absl::StatusOr<std::set<E>> ReadWords(JsonReader& in, std::string_view key) {
  std::set<E> words;
  const Json* json = in.OptionalAny(key);
  if (json == nullptr) return words;
  const Json::Array* list = json->if_array();
  if (list == nullptr) return in.Error(key, "wrong_type", WrongKind("an array", *json));
  if (list->empty()) return in.Error(key, "invalid", "found no word, expected at least one, or no such key for all");
  for (const Json& item : *list) {
    const std::string* text = item.if_string();
    if (text == nullptr) return in.Error(key, "wrong_type", WrongKind("strings", item));
    const std::optional<E> word = FromName<E>(*text);
    if (!word.has_value()) return in.Error(key, "invalid", UnknownWord<E>(*text));
    if (!words.insert(*word).second) return in.Error(key, "invalid", absl::StrCat("found \"", *text, "\" twice"));
  }
  return words;
}

template <class E>
Json WordsToJson(const std::set<E>& words) {
  Json::Array list;
  for (const E word : words) list.push_back(NameOf(word));
  return list;
}

}  // namespace rapport

#endif  // RAPPORT_SRC_PERMISSION_PROFILE_FIELDS_HPP_
