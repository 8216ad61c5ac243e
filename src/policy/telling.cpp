#include "policy/telling.hpp"

#include <algorithm>

#include "policy/names.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// Far beyond a line: a condition that is this long already is told in parts, however it goes on.
constexpr std::size_t kMoreThanALine = 1000;

bool Fits(const std::string& text) { return text.size() <= kMoreThanALine && DisplayWidth(text) <= kSentenceWidth; }

bool IsGroup(const Condition& condition) { return condition.kind == Condition::Kind::kAll || condition.kind == Condition::Kind::kAny; }

}  // namespace

absl::StatusOr<std::string> Telling::Phrase(std::string key, Arguments arguments) const {
  return Catalogue::Bundled().Say({std::move(key), std::move(arguments)}, speaker_.language(), NoTexts());
}

absl::Status Telling::Add(std::string key, Arguments arguments) {
  RAPPORT_ASSIGN_OR_RETURN(std::string text, speaker_.Say(std::move(key), std::move(arguments)));
  sentences_.push_back(std::move(text));
  return absl::OkStatus();
}

absl::Status Telling::AddNamed(std::string key, const std::string& rule, Arguments arguments) {
  arguments["rule"] = rule;
  RAPPORT_ASSIGN_OR_RETURN(const std::string whole, Phrase(key, arguments));
  const int over = DisplayWidth(whole) - kSentenceWidth;
  if (over > 0) arguments["rule"] = CutToWidth(rule, std::max(1, DisplayWidth(rule) - over));
  return Add(std::move(key), std::move(arguments));
}

absl::StatusOr<std::string> Telling::Listed(std::span<const std::string> words, bool last_by_comma) const {
  std::string text = words.empty() ? std::string() : words.front();
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool last = i + 1 == words.size() && !last_by_comma;
    RAPPORT_ASSIGN_OR_RETURN(text, Phrase(last ? "policy.describe.or" : "policy.list.more", {{"left", std::move(text)}, {"right", words[i]}}));
  }
  return text;
}

absl::Status Telling::AddWords(const std::vector<std::string>& words, const Sayer& say) {
  for (std::size_t at = 0; at < words.size();) {
    std::size_t count = 0;
    std::string sentence;
    while (at + count < words.size()) {
      RAPPORT_ASSIGN_OR_RETURN(std::string listed, Listed(std::span(words).subspan(at, count + 1)));
      RAPPORT_ASSIGN_OR_RETURN(std::string wider, say(at == 0, std::move(listed)));
      if (count > 0 && !Fits(wider)) break;
      sentence = std::move(wider);
      ++count;
    }
    sentences_.push_back(CutToWidth(std::move(sentence), kSentenceWidth));
    at += count;
  }
  return absl::OkStatus();
}

// --- times -----------------------------------------------------------------------------------------------------
absl::StatusOr<std::string> Telling::Timed(std::string moment, const Offset& offset) const {
  if (!offset.at_minute.has_value()) return moment;
  return Phrase("policy.moment.timed", {{"moment", std::move(moment)}, {"time", FormatMinuteOfDay(*offset.at_minute)}});
}

absl::StatusOr<std::string> Telling::Wait(const Offset& offset) const {
  if (offset.count == 0) {
    RAPPORT_ASSIGN_OR_RETURN(std::string now, Phrase(offset.at_minute.has_value() ? "policy.wait.same_day" : "policy.wait.now"));
    return Timed(std::move(now), offset);
  }
  const std::string key = (offset.count > 0 ? "policy.wait." : "policy.early.") + std::string(NameOf(offset.unit));
  RAPPORT_ASSIGN_OR_RETURN(std::string text, Phrase(key, {{"n", offset.count > 0 ? offset.count : -offset.count}}));
  return Timed(std::move(text), offset);
}

absl::StatusOr<std::string> Telling::Moment(const EventTrigger& trigger) const {
  RAPPORT_ASSIGN_OR_RETURN(std::string moment,
                           speaker_.Moment(trigger.event, NameOf(trigger.anchor), NameOf(trigger.offset.unit), trigger.offset.count));
  return Timed(std::move(moment), trigger.offset);
}

// --- conditions ------------------------------------------------------------------------------------------------
absl::StatusOr<std::vector<std::string>> Telling::Values(const Condition& leaf) const {
  std::vector<std::string> words;
  for (const Cell& cell : leaf.expected) {
    RAPPORT_ASSIGN_OR_RETURN(std::string word, Phrase("policy.value", {{"value", SayCell(cell)}}));
    words.push_back(std::move(word));
  }
  return words;
}

absl::StatusOr<std::string> Telling::Leaf(const Condition& leaf) const {
  std::vector<SentenceArgument> expected;
  for (const Cell& cell : leaf.expected) expected.push_back(SayCell(cell));
  if (leaf.is == Comparison::kIn) {
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> words, Values(leaf));
    if (words.size() > static_cast<std::size_t>(kSentenceWidth)) return std::string(kMoreThanALine + 1, ' ');   // told in parts
    RAPPORT_ASSIGN_OR_RETURN(std::string listed, Listed(words));
    return Phrase("policy.describe.one_of", {{"signal", PhraseOf(leaf.signal->name)}, {"words", std::move(listed)}});
  }
  RAPPORT_ASSIGN_OR_RETURN(std::string asked, speaker_.Asked(NameOf(leaf.is), expected));
  return Phrase("policy.describe.leaf", {{"signal", PhraseOf(leaf.signal->name)}, {"asked", std::move(asked)}});
}

absl::StatusOr<std::string> Telling::Expression(const Condition& condition) const {
  if (condition.kind == Condition::Kind::kLeaf) return Leaf(condition);
  if (condition.kind == Condition::Kind::kNot) {
    RAPPORT_ASSIGN_OR_RETURN(std::string inner, Expression(condition.children.front()));
    return Phrase("policy.describe.not", {{"inner", std::move(inner)}});
  }
  if (condition.children.empty()) return Phrase(condition.kind == Condition::Kind::kAll ? "policy.always" : "policy.never");
  const std::string key = condition.kind == Condition::Kind::kAll ? "policy.describe.and" : "policy.describe.or";
  std::string text;
  for (const Condition& child : condition.children) {
    RAPPORT_ASSIGN_OR_RETURN(std::string inner, Expression(child));
    if (IsGroup(child) && child.children.size() > 1) inner = "(" + inner + ")";
    if (text.empty()) {
      text = std::move(inner);
      continue;
    }
    RAPPORT_ASSIGN_OR_RETURN(text, Phrase(key, {{"left", std::move(text)}, {"right", std::move(inner)}}));
    if (text.size() > kMoreThanALine) break;
  }
  return text;
}

absl::StatusOr<std::string> Telling::Announcement(const Condition& group) const {
  if (group.kind == Condition::Kind::kNot) return Phrase("policy.describe.none_of");
  const auto n = static_cast<std::int64_t>(group.children.size());
  return Phrase(group.kind == Condition::Kind::kAll ? "policy.describe.each_of" : "policy.describe.some_of", {{"n", n}});
}

absl::Status Telling::AddPart(const Condition& condition) {
  RAPPORT_ASSIGN_OR_RETURN(std::string text, Expression(condition));
  if (Fits(text)) {
    sentences_.push_back(std::move(text));
    return absl::OkStatus();
  }
  return AddWide("policy.describe.part", condition);
}

absl::Status Telling::AddWide(const std::string& key, const Condition& condition) {
  if (condition.kind == Condition::Kind::kLeaf) {
    if (condition.is != Comparison::kIn) {
      RAPPORT_ASSIGN_OR_RETURN(std::string inner, Leaf(condition));
      return Add(key, {{"inner", std::move(inner)}});
    }
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> words, Values(condition));
    return AddWords(words, [&](bool first, std::string listed) -> absl::StatusOr<std::string> {
      if (!first) return Phrase("policy.describe.or_also", {{"words", std::move(listed)}});
      RAPPORT_ASSIGN_OR_RETURN(std::string inner,
                               Phrase("policy.describe.one_of", {{"signal", PhraseOf(condition.signal->name)}, {"words", std::move(listed)}}));
      return Phrase(key, {{"inner", std::move(inner)}});
    });
  }
  RAPPORT_ASSIGN_OR_RETURN(std::string announced, Announcement(condition));
  RAPPORT_RETURN_IF_ERROR(Add(key, {{"inner", std::move(announced)}}));
  for (const Condition& child : condition.children) RAPPORT_RETURN_IF_ERROR(AddPart(child));
  return absl::OkStatus();
}

absl::Status Telling::AddConditions(const std::string& key, const Condition& when) {
  if (when.kind == Condition::Kind::kAll) {
    for (const Condition& child : when.children) RAPPORT_RETURN_IF_ERROR(AddConditions(key, child));
    return absl::OkStatus();
  }
  RAPPORT_ASSIGN_OR_RETURN(std::string inner, Expression(when));
  RAPPORT_ASSIGN_OR_RETURN(std::string text, Phrase(key, {{"inner", std::move(inner)}}));
  if (!Fits(text)) return AddWide(key, when);
  sentences_.push_back(std::move(text));
  return absl::OkStatus();
}

}  // namespace rapport
