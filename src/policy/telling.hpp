// Floor 5, inside. Sentences that describe a policy, each at most kSentenceWidth wide: what is wider is told in several.
#ifndef RAPPORT_SRC_POLICY_TELLING_HPP_
#define RAPPORT_SRC_POLICY_TELLING_HPP_

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "policy/wording.hpp"
#include "rapport/policy/policy.hpp"

namespace rapport {

class Telling {
 public:
  using Arguments = std::map<std::string, SentenceArgument>;
  // Says a sentence around some of the words; `first` for the one that begins.
  using Sayer = std::function<absl::StatusOr<std::string>(bool first, std::string words)>;

  explicit Telling(Language language) : speaker_(language, NoTexts()) {}
  const Speaker& speaker() const { return speaker_; }

  absl::Status Add(std::string key, Arguments arguments = {});
  // A sentence with {rule}: of a name that is too long for it as much as fits.
  absl::Status AddNamed(std::string key, const std::string& rule, Arguments arguments);
  // As many sentences as the words need: "only contacts by call, mail or letter".
  absl::Status AddWords(const std::vector<std::string>& words, const Sayer& say);
  // What must hold together is said one by one, each with `key` and its {inner}; a wide choice as its parts, with their number before.
  absl::Status AddConditions(const std::string& key, const Condition& when);

  // As wide as it is.
  absl::StatusOr<std::string> Phrase(std::string key, Arguments arguments = {}) const;
  // "call, mail or letter"; with `last_by_comma` "call, mail, letter".
  absl::StatusOr<std::string> Listed(std::span<const std::string> words, bool last_by_comma = false) const;
  // "2 working days later at 09:00", "at once"
  absl::StatusOr<std::string> Wait(const Offset& offset) const;
  // "on the day of the refusal at 18:00"
  absl::StatusOr<std::string> Moment(const EventTrigger& trigger) const;

  std::vector<std::string> Take() { return std::move(sentences_); }

 private:
  absl::StatusOr<std::string> Timed(std::string moment, const Offset& offset) const;
  absl::StatusOr<std::vector<std::string>> Values(const Condition& leaf) const;
  absl::StatusOr<std::string> Leaf(const Condition& leaf) const;
  absl::StatusOr<std::string> Expression(const Condition& condition) const;
  absl::StatusOr<std::string> Announcement(const Condition& group) const;
  absl::Status AddWide(const std::string& key, const Condition& condition);
  absl::Status AddPart(const Condition& condition);

  Speaker speaker_;
  std::vector<std::string> sentences_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_TELLING_HPP_
