#include "rapport/relationship/health.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

constexpr double kLeast = 0.02;                // of a part: the worst is still told from the worst of two
constexpr double kOneSided = 0.4;
constexpr double kBothSidesFrom = 0.3;
constexpr double kOfAWorry = 0.6;
constexpr double kOfAWorryOutlived = 0.9;
constexpr double kWorryHalvesAfter = 30;       // days
constexpr double kOfAClaim = 0.5;
constexpr double kContent = 8;                 // of 10: from here on praise rather than indifference
constexpr double kFeedbackForgottenAfter = 180;   // days, half of it
constexpr double kWell = 0.75;                 // from here on what is a matter of degree speaks for the relationship
constexpr std::size_t kMostReasons = 3;

using Parts = std::array<std::optional<double>, kHealthPartCount>;

double Half(double times) { return stats::Exp2(-times); }
double Times(double base, std::int64_t count) { return stats::Exp2(static_cast<double>(count) * stats::Log2(base)); }   // base > 0

// What is not set is twice the ideal, or half of the latest.
struct Interval {
  double ideal, latest;
};
Interval IntervalOf(const HealthFacts& facts, const HealthTerms& terms) {
  const ContactInterval& set = facts.interval;
  if (!set.ideal_days.has_value() && !set.latest_days.has_value()) return {static_cast<double>(terms.usual_ideal_days), static_cast<double>(terms.usual_latest_days)};
  if (!set.latest_days.has_value()) return {static_cast<double>(*set.ideal_days), 2.0 * static_cast<double>(*set.ideal_days)};
  const auto latest = static_cast<double>(*set.latest_days);
  return {set.ideal_days.has_value() ? static_cast<double>(*set.ideal_days) : latest / 2, latest};
}

std::optional<double> ContactPart(const HealthFacts& facts, const HealthTerms& terms) {
  if (!facts.days_since_care.has_value()) return std::nullopt;
  const Interval interval = IntervalOf(facts, terms);
  const double beyond = static_cast<double>(*facts.days_since_care) - interval.ideal;
  return beyond <= 0 ? 1 : Half(beyond / std::max(1.0, interval.latest - interval.ideal));
}

std::optional<double> RhythmPart(const HealthFacts& facts) {
  if (!facts.days_since_purchase.has_value()) return std::nullopt;
  if (facts.still_buys.has_value()) return facts.still_buys;
  if (!facts.rhythm_days.has_value() || *facts.rhythm_days <= 0) return std::nullopt;
  return Half(std::max(0.0, static_cast<double>(*facts.days_since_purchase) / *facts.rhythm_days - 1));
}

std::optional<double> TrustPart(const HealthFacts& facts, const HealthTerms& terms) {
  if (!facts.trust.has_value()) return std::nullopt;
  return 1 - Half(*facts.trust / terms.trusted);
}

std::optional<double> BothSidesPart(const HealthFacts& facts) {
  if (!facts.both_sides_share.has_value()) return std::nullopt;
  return kOneSided + (1 - kOneSided) * std::min(1.0, *facts.both_sides_share / kBothSidesFrom);
}

std::optional<double> WorriesPart(const HealthFacts& facts) {
  if (!facts.open_worries.has_value()) return std::nullopt;
  const double outlived = Times(kOfAWorryOutlived, *facts.open_worries - facts.unanswered_worries);
  if (facts.unanswered_worries == 0) return outlived;
  return outlived * Times(kOfAWorry, facts.unanswered_worries) * Half(static_cast<double>(facts.unanswered_days) / kWorryHalvesAfter);
}

std::optional<double> ClaimsPart(const HealthFacts& facts) {
  if (!facts.open_claims.has_value()) return std::nullopt;
  return Times(kOfAClaim, *facts.open_claims);
}

std::optional<double> PromisesPart(const HealthFacts& facts) {
  if (!facts.kept_share.has_value() || !facts.last_kept.has_value()) return std::nullopt;
  return (*facts.kept_share + (*facts.last_kept ? 1 : 0)) / 2;
}

std::optional<double> FeedbackPart(const HealthFacts& facts) {
  if (!facts.feedback.has_value()) return std::nullopt;
  const double missing = 1 - std::clamp(*facts.feedback / kContent, 0.0, 1.0);
  return 1 - missing * Half(static_cast<double>(facts.feedback_days) / kFeedbackForgottenAfter);
}

Parts PartsOf(const HealthFacts& facts, const HealthTerms& terms) {
  Parts parts{ContactPart(facts, terms), RhythmPart(facts),  TrustPart(facts, terms), BothSidesPart(facts),
              WorriesPart(facts),        ClaimsPart(facts), PromisesPart(facts),     FeedbackPart(facts)};
  for (std::optional<double>& part : parts) {
    if (part.has_value()) part = std::clamp(*part, kLeast, 1.0);
  }
  return parts;
}

std::optional<double> ValueOf(const Parts& parts, const HealthTerms& terms) {
  double taken = 0;   // powers of two taken away
  bool known = false;
  for (std::size_t i = 0; i < kHealthPartCount; ++i) {
    if (!parts[i].has_value() || terms.weights[i] == 0) continue;
    known = true;
    taken -= terms.weights[i] * stats::Log2(*parts[i]);
  }
  return known ? std::optional(100 * Half(taken)) : std::nullopt;
}

// What a sentence about a part may name.
std::map<std::string, SentenceArgument> ArgumentsOf(HealthPart part, const HealthFacts& facts, const HealthTerms& terms) {
  switch (part) {
    case HealthPart::kContact: return {{"days", *facts.days_since_care}, {"ideal", static_cast<std::int64_t>(std::llround(IntervalOf(facts, terms).ideal))}};
    case HealthPart::kRhythm:
      if (!facts.rhythm_days.has_value()) return {{"days", *facts.days_since_purchase}};
      return {{"days", *facts.days_since_purchase}, {"rhythm", static_cast<std::int64_t>(std::llround(*facts.rhythm_days))}};
    case HealthPart::kWorries: return {{"count", *facts.open_worries}, {"days", facts.oldest_worry_days}};
    case HealthPart::kClaims: return {{"count", *facts.open_claims}};
    case HealthPart::kFeedback: return {{"score", static_cast<std::int64_t>(std::llround(*facts.feedback))}, {"days", facts.feedback_days}};
    case HealthPart::kPromises: return {{"in_ten", static_cast<std::int64_t>(std::llround(*facts.kept_share * 10))}};
    case HealthPart::kTrust:
    case HealthPart::kBothSides: break;
  }
  return {};
}

// Whether a part speaks for the relationship, by what is so: a bad word that is half forgotten is no good one.
bool IsWell(HealthPart part, double value, const HealthFacts& facts, const HealthTerms& terms) {
  switch (part) {
    case HealthPart::kContact: return static_cast<double>(*facts.days_since_care) <= IntervalOf(facts, terms).ideal;
    case HealthPart::kWorries: return *facts.open_worries == 0;
    case HealthPart::kClaims: return *facts.open_claims == 0;
    case HealthPart::kPromises: return *facts.last_kept && *facts.kept_share >= kWell;
    case HealthPart::kFeedback: return *facts.feedback >= kContent;
    case HealthPart::kRhythm:
    case HealthPart::kTrust:
    case HealthPart::kBothSides: break;
  }
  return value >= kWell;
}

// The key of the sentence; empty where there is nothing to say.
std::string KeyFor(HealthPart part, bool is_well, const HealthFacts& facts) {
  if (part == HealthPart::kContact && facts.never_cared) return is_well ? "" : "health.contact.never";
  if (part == HealthPart::kWorries && !is_well && facts.unanswered_worries == 0) return "health.worries.outlived";
  const std::string_view word = part == HealthPart::kRhythm && !facts.rhythm_days.has_value() ? "silence" : NameOf(part);
  return absl::StrCat("health.", std::string(word), is_well ? ".for" : ".against");
}

}  // namespace

std::string_view NameOf(HealthBand band) {
  constexpr std::array<std::string_view, 3> kNames = {"poor", "fair", "good"};
  return kNames[static_cast<std::size_t>(band)];
}

HealthBand BandOf(double value, const HealthTerms& terms) {
  if (value >= terms.good) return HealthBand::kGood;
  return value >= terms.fair ? HealthBand::kFair : HealthBand::kPoor;
}

std::optional<double> HealthValueOf(const HealthFacts& facts, const HealthTerms& terms) { return ValueOf(PartsOf(facts, terms), terms); }

std::vector<HealthPart> PartsByLoss(const HealthFacts& facts, const HealthTerms& terms) {
  const Parts parts = PartsOf(facts, terms);
  std::vector<std::pair<double, HealthPart>> known;
  for (std::size_t i = 0; i < kHealthPartCount; ++i) {
    if (parts[i].has_value() && terms.weights[i] > 0) known.emplace_back(terms.weights[i] * stats::Log2(*parts[i]), static_cast<HealthPart>(i));
  }
  std::stable_sort(known.begin(), known.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<HealthPart> ordered;
  for (const auto& [loss, part] : known) ordered.push_back(part);
  return ordered;
}

Health HealthOf(const HealthFacts& facts, const HealthTerms& terms) {
  const Parts parts = PartsOf(facts, terms);
  Health health;
  health.value = ValueOf(parts, terms);
  if (!health.value.has_value()) return health;
  health.band = BandOf(*health.value, terms);
  std::vector<std::pair<double, HealthReason>> well, wrong;   // by what orders them
  for (std::size_t i = 0; i < kHealthPartCount; ++i) {
    if (!parts[i].has_value() || terms.weights[i] == 0) continue;
    const auto part = static_cast<HealthPart>(i);
    const bool is_well = IsWell(part, *parts[i], facts, terms);
    std::string key = KeyFor(part, is_well, facts);
    if (key.empty()) continue;
    const Sentence sentence{std::move(key), ArgumentsOf(part, facts, terms)};
    const double order = is_well ? terms.weights[i] : -terms.weights[i] * stats::Log2(*parts[i]);
    (is_well ? well : wrong).push_back({order, {part, *parts[i], sentence}});
  }
  const auto top = [](std::vector<std::pair<double, HealthReason>>& all, std::vector<HealthReason>& out) {
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (std::size_t i = 0; i < std::min(all.size(), kMostReasons); ++i) out.push_back(std::move(all[i].second));
  };
  top(well, health.reasons_for);
  top(wrong, health.reasons_against);
  return health;
}

}  // namespace rapport
