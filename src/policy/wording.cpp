#include "policy/wording.hpp"

#include <algorithm>
#include <cmath>

#include "policy/names.hpp"

namespace rapport {

std::optional<Sentence> Sayable(const std::string& key, const std::map<std::string, SentenceArgument>& known) {
  const Catalogue& catalogue = Catalogue::Bundled();
  if (!catalogue.Has(key, Language::kEnglish)) return std::nullopt;
  const absl::StatusOr<std::vector<std::string>> names = catalogue.ArgumentsOf(key, Language::kEnglish);
  if (!names.ok()) return std::nullopt;
  Sentence sentence{key, {}};
  for (const std::string& name : *names) {
    const auto found = known.find(name);
    if (found == known.end()) return std::nullopt;
    sentence.arguments.insert(*found);
  }
  return sentence;
}

namespace {

constexpr std::string_view kEllipsis = "…";
constexpr double kHundredths = 100;
constexpr double kMostRounded = 1e13;

SentenceArgument SayNumber(double value) {
  if (std::fabs(value) >= kMostRounded) return CanonicalNumber(value);
  const double rounded = std::nearbyint(value * kHundredths) / kHundredths;
  if (rounded == std::trunc(rounded)) return static_cast<std::int64_t>(rounded);
  return CanonicalNumber(rounded);
}

class Nobody : public Texts {
 public:
  std::string Customer(const CustomerId& id, Language) const override { return id.text(); }
  std::string Contact(const CustomerId&, const ContactId& contact, Language) const override { return contact.text(); }
  std::string Event(const EventKey&, std::string_view, Language) const override { return std::string(kEllipsis); }
};

// The first variant of `base` that the occasion gives all words for, else `base` itself if it does.
std::optional<Sentence> MostTelling(const std::string& base, const Occasion& occasion) {
  for (const std::string& variant : occasion.variants) {
    if (auto sentence = Sayable(base + "." + variant, occasion.arguments)) return sentence;
  }
  return Sayable(base, occasion.arguments);
}

std::string_view IsKey(std::string_view is) {
  if (is == "=") return "policy.is.equal";
  if (is == "!=") return "policy.is.not_equal";
  if (is == "<") return "policy.is.less";
  if (is == "<=") return "policy.is.at_most";
  if (is == ">") return "policy.is.more";
  if (is == ">=") return "policy.is.at_least";
  if (is == "in") return "policy.is.in";
  return is == "known" ? "policy.is.known" : "policy.is.unknown";
}

}  // namespace

SentenceArgument PhraseOf(std::string_view signal) {
  if (signal.starts_with("host.")) return std::string(signal.substr(5));   // the host's own word
  return MessageRef{"signal." + std::string(signal)};
}

SentenceArgument SayCell(const Cell& cell) {
  if (const auto* flag = std::get_if<bool>(&cell)) return MessageRef{*flag ? "policy.yes" : "policy.no"};
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return *whole;
  if (const auto* number = std::get_if<double>(&cell)) return SayNumber(*number);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* day = std::get_if<Day>(&cell)) return FormatDay(*day);
  if (const auto* instant = std::get_if<Instant>(&cell)) return FormatInstant(*instant);
  return MessageRef{"policy.not_known"};
}

SentenceArgument SayJson(const Json& value) {
  if (value.if_bool() != nullptr) return SayCell(*value.if_bool());
  if (value.if_number() != nullptr) return SayNumber(*value.if_number());
  if (value.if_string() != nullptr) return *value.if_string();
  return SayCell(Cell());
}

Sentence HeadlineOf(const Action& action, const Occasion& occasion) {
  return MostTelling("headline." + action.headline, occasion).value_or(Sentence{"headline.general", {}});
}

Sentence ObjectiveOf(const Action& action, const Occasion& occasion) {
  const std::string base = "objective." + action.objective;
  return MostTelling(base, occasion).value_or(Sentence{base, {}});
}

const Texts& NoTexts() {
  static const Nobody nobody;
  return nobody;
}

std::string CutToWidth(std::string text, int width) {
  if (DisplayWidth(text) <= width) return text;
  const int room = width - DisplayWidth(kEllipsis);
  while (!text.empty() && DisplayWidth(text) > room) {
    std::size_t last = text.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
    text.resize(last);
  }
  return text + std::string(kEllipsis);
}

absl::StatusOr<std::string> Speaker::Say(const Sentence& sentence) const {
  RAPPORT_ASSIGN_OR_RETURN(std::string text, Catalogue::Bundled().Say(sentence, language_, texts_));
  return CutToWidth(std::move(text), kSentenceWidth);
}

absl::StatusOr<std::string> Speaker::Say(std::string key, std::map<std::string, SentenceArgument> arguments) const {
  return Say(Sentence{std::move(key), std::move(arguments)});
}

absl::StatusOr<std::string> Speaker::Asked(std::string_view is, const std::vector<SentenceArgument>& expected) const {
  const std::string key(IsKey(is));
  if (expected.empty()) return Say(key);
  if (expected.size() == 1) return Say(key, {{"value", expected.front()}});
  std::string list;
  for (const SentenceArgument& one : expected) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string word, Say("policy.value", {{"value", one}}));
    list += (list.empty() ? "" : ", ") + word;
  }
  return Say(key, {{"value", std::move(list)}});
}

absl::StatusOr<std::string> Speaker::Moment(std::string_view event, std::string_view anchor, std::string_view unit,
                                            std::int64_t count) const {
  const std::string named = "policy.anchor." + std::string(event) + "." + std::string(anchor);
  const bool exact = unit == NameOf(OffsetUnit::kHours) || unit == NameOf(OffsetUnit::kBusinessHours);
  const bool is_day = anchor != NameOf(Anchor::kOccurred) && anchor != NameOf(Anchor::kDelivery) && anchor != NameOf(Anchor::kEnds);
  std::string key = exact ? "policy.moment.at" : is_day ? "policy.moment.on_day" : "policy.moment.on";
  if (count != 0) key = "policy.moment." + std::string(unit) + (count > 0 ? ".after" : ".before");
  std::map<std::string, SentenceArgument> arguments{{"anchor", MessageRef{named}}};
  if (count != 0) arguments.emplace("n", count > 0 ? count : -count);
  return Say(std::move(key), std::move(arguments));
}

}  // namespace rapport
