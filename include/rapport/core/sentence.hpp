// Floor 0. A sentence before it has a language: a key and arguments.
//
// The engine concludes in sentences, stores them with the follow-up, and says them in English, Japanese, Korean or
// Chinese when somebody reads. A Sentence therefore carries no text of a person: names and quotes are references
// (CustomerName, ContactName, RepName, EventText) that the reader's Texts resolve at that moment, so that erasure works.
//
// The catalogue is messages/<lang>.json, bundled at build time: key -> pattern.
//   "worry.since": "worried since {since:day}, \"{text}\""
//   "silence": "ordered every {rhythm:n} {rhythm:plural:week|weeks}, silent for {weeks:n}"
// Forms: {name} or {name:n} as is; {name:day} "Thu 26 Feb" ("2月26日(木)"); {name:day_month} "26 Feb"; {name:weekday}
// "Thursday"; {name:time} "09:00"; {name:moment} "Mon 13 Apr 09:00"; {name:money} "JPY 412,000"; {name:plural:one|other}. "{{" is a brace. A
// missing key or argument is an error that the tests find: every key exists in every language with the same arguments.
#ifndef RAPPORT_CORE_SENTENCE_HPP_
#define RAPPORT_CORE_SENTENCE_HPP_

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/ids.hpp"
#include "rapport/core/money.hpp"
#include "rapport/core/time.hpp"

namespace rapport {

enum class Language { kEnglish, kJapanese, kKorean, kChinese };
// "en", "ja", "ko", "zh"; else `language.unknown`.
absl::StatusOr<Language> ParseLanguage(std::string_view code);
std::string_view LanguageCode(Language language);

// References that are resolved when a person reads.
struct CustomerName { CustomerId customer; friend bool operator==(const CustomerName&, const CustomerName&) = default; };
struct ContactName { CustomerId customer; ContactId contact; friend bool operator==(const ContactName&, const ContactName&) = default; };
struct RepName { RepId rep; friend bool operator==(const RepName&, const RepName&) = default; };
struct EventText { EventKey event; std::string field; friend bool operator==(const EventText&, const EventText&) = default; };
struct LocalTime { LocalMinute minute; friend bool operator==(const LocalTime&, const LocalTime&) = default; };
struct MessageRef { std::string key; friend bool operator==(const MessageRef&, const MessageRef&) = default; };  // another key, e.g. a channel's word

using SentenceArgument =
    std::variant<std::int64_t, double, std::string, Day, LocalTime, Money, CustomerName, ContactName, RepName, EventText, MessageRef>;

struct Sentence {
  std::string key;
  std::map<std::string, SentenceArgument> arguments;

  Json ToJson() const;  // {"key": ..., "args": {"since": {"day": "2026-02-26"}, ...}}
  static absl::StatusOr<Sentence> FromJson(const Json& json);
  friend bool operator==(const Sentence&, const Sentence&) = default;
};

// What a reader may see of the private texts. Returns a neutral word of the language where a text is erased or out of scope.
class Texts {
 public:
  virtual ~Texts() = default;
  // "Hakata Dental"; the id where no name is known.
  virtual std::string Customer(const CustomerId& id, Language language) const = 0;
  // With title or honorific by language: "Ms Oda", "小田様".
  virtual std::string Contact(const CustomerId& customer, const ContactId& contact, Language language) const = 0;
  virtual std::string Event(const EventKey& event, std::string_view field, Language language) const = 0;
  // A colleague's name; the id where none is known.
  virtual std::string Rep(const RepId& id, Language /*language*/) const { return id.text(); }
};

class Catalogue {
 public:
  // The catalogue bundled at build time.
  static const Catalogue& Bundled();
  // language code -> JSON text of {key: pattern}. `message.invalid` names language and key.
  static absl::StatusOr<Catalogue> FromJson(const std::map<std::string, std::string>& files);

  // `message.missing_key`, `message.missing_argument`; `message.wrong_argument` where the argument has no such form.
  absl::StatusOr<std::string> Say(const Sentence& sentence, Language language, const Texts& texts) const;
  // A key without arguments: "call", "held".
  absl::StatusOr<std::string> Word(std::string_view key, Language language) const;
  bool Has(std::string_view key, Language language) const;
  std::vector<std::string> Keys(Language language) const;                               // sorted
  absl::StatusOr<std::vector<std::string>> ArgumentsOf(std::string_view key, Language language) const;  // sorted, unique

 private:
  std::map<Language, std::map<std::string, std::string>> patterns_;
};

// Width as a reader sees it: a full-width character counts 2, others 1 (limit 110; 55 full-width characters).
int DisplayWidth(std::string_view utf8);

}  // namespace rapport

#endif  // RAPPORT_CORE_SENTENCE_HPP_
