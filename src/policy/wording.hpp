// Words that explanations, descriptions and closings share.
#ifndef RAPPORT_SRC_POLICY_WORDING_HPP_
#define RAPPORT_SRC_POLICY_WORDING_HPP_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"
#include "rapport/policy/occasion.hpp"
#include "rapport/policy/policy.hpp"

namespace rapport {

// What a reader sees on one line.
inline constexpr int kSentenceWidth = 110;

// "signal.<name>": a short phrase; of a column of the host's its own name.
SentenceArgument PhraseOf(std::string_view signal);
// A signal's value as an argument: numbers to two decimals, days as days, yes, no and "not known" by key.
SentenceArgument SayCell(const Cell& cell);
// The same from the JSON of a derivation; text that is a date is said as a day.
SentenceArgument SayJson(const Json& value);

// The sentence of `key` with those of the arguments that its pattern names; none if one of them is missing or there is no such key.
std::optional<Sentence> Sayable(const std::string& key, const std::map<std::string, SentenceArgument>& known);

// The headline of a rule for an occasion: the first of its variants that the occasion gives all words for, else the plain one,
// else "headline.general". Only the arguments the pattern names are kept.
Sentence HeadlineOf(const Action& action, const Occasion& occasion);
// Likewise what is to be reached; a plain objective needs no words.
Sentence ObjectiveOf(const Action& action, const Occasion& occasion);

// Says sentences one after the other in one language, each cut to kSentenceWidth.
class Speaker {
 public:
  Speaker(Language language, const Texts& texts) : language_(language), texts_(texts) {}
  Language language() const { return language_; }
  absl::StatusOr<std::string> Say(const Sentence& sentence) const;
  absl::StatusOr<std::string> Say(std::string key, std::map<std::string, SentenceArgument> arguments = {}) const;
  // "exactly 0", "at least 2", "known"
  absl::StatusOr<std::string> Asked(std::string_view is, const std::vector<SentenceArgument>& expected) const;
  // "3 days after the delivery"
  absl::StatusOr<std::string> Moment(std::string_view event, std::string_view anchor, std::string_view unit,
                                     std::int64_t count) const;

 private:
  Language language_;
  const Texts& texts_;
};

// At most `width` columns; what is cut off ends in an ellipsis.
std::string CutToWidth(std::string text, int width);

// For sentences that name nobody.
const Texts& NoTexts();

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_WORDING_HPP_
