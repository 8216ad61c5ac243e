#include "rapport/expectation/balance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "expectation/words.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::array<std::string_view, kDimensionCount> kNames = {"outcome",  "ease_of_use", "brand_uplift", "assurance",    "after_care", "speed_of_response",
                                                                  "courtesy", "drive",       "track_record", "relationship"};
constexpr std::array<double, kDimensionCount> kOurWeights = {0.25, 0.08, 0.07, 0.10, 0.10, 0.10, 0.06, 0.05, 0.09, 0.10};

constexpr double kHighest = 10;
constexpr double kNeutral = 7;
constexpr double kMissedBy = 1;          // points below what was expected
constexpr std::size_t kMostWords = 12;   // of a dimension: what is older weighs less than a thousandth
constexpr double kMostWeight = 1e6;

Dimension At(std::size_t i) { return static_cast<Dimension>(i); }
bool IsOnScale(double score) { return score >= 0 && score <= kHighest; }

// --- weights
absl::Status InvalidWeights(std::string_view field, std::string_view found, std::string_view expected) {
  return Invalid("expectation.invalid_weights", absl::StrCat("field ", std::string(field), ": found ", std::string(found), ", expected ", std::string(expected)));
}

std::string KnownNames() {
  std::string all = "one of ";
  for (const std::string_view name : kNames) all += (name == kNames.front() ? "" : ", ") + std::string(name);
  return all;
}

void MakeSumOne(PerDimension<double>& weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
}

// --- words of delivery
struct Word {
  Instant at;
  double score;                    // 0 to 10, or points beside the expectation
  bool is_points;
  std::vector<EventKey> evidence;
};

double ScoreOf(const Word& word, double expectation) {
  return word.is_points ? std::clamp(expectation + word.score, 0.0, kHighest) : word.score;
}

// The newest half, the one before it a quarter, and so on, the weights made to sum to 1.
double Heard(const std::vector<Word>& words, double expectation) {
  double sum = 0, weights = 0, weight = 0.5;
  for (auto word = words.rbegin(); word != words.rend(); ++word, weight /= 2) {
    sum += weight * ScoreOf(*word, expectation);
    weights += weight;
  }
  return sum / weights;
}

std::vector<EventKey> EvidenceOf(const PromiseRecord& promise) {
  std::vector<EventKey> evidence{promise.key};
  for (const PromiseRevision& revision : promise.revisions) evidence.push_back(revision.key);
  for (const PromiseDelivery& delivery : promise.deliveries) evidence.push_back(delivery.key);
  return evidence;
}

// What csat or nps says, from 0 to 10.
std::optional<double> OverallScore(const FeedbackGiven& said) {
  if (said.nps.has_value() && IsOnScale(static_cast<double>(*said.nps))) return static_cast<double>(*said.nps);
  if (said.csat.has_value() && *said.csat >= 1 && *said.csat <= 5) return (*said.csat - 1) * 2.5;
  return std::nullopt;
}

class Weigher {
 public:
  Weigher(const Account& account, const Zone& zone, Instant as_of, const PerDimension<std::optional<double>>& typical)
      : account_(account), zone_(zone), as_of_(as_of), typical_(typical) {}

  Balance Make(const PerDimension<double>& weights);

 private:
  void Expect();
  void HearFeedback();
  void HearPromises();
  void Miss(Instant at, std::vector<EventKey> evidence);
  void MakeGaps();
  void MakeWhole();
  void HoldCourtesy(double others);
  void FindWhatCarried();

  DimensionBalance& Of(Dimension dimension) { return balance_.dimensions[static_cast<std::size_t>(dimension)]; }

  const Account& account_;
  const Zone& zone_;
  Instant as_of_;
  const PerDimension<std::optional<double>>& typical_;
  PerDimension<std::vector<Word>> words_;
  Balance balance_;
};

// What the customer said goes before what we inferred, whenever that was.
void Weigher::Expect() {
  for (std::size_t i = 0; i < kDimensionCount; ++i) {
    DimensionBalance& one = balance_.dimensions[i];
    one.dimension = At(i);
    const std::optional<double> typical = typical_[At(i)];
    one.expectation = std::clamp(typical.value_or(kNeutral), 0.0, kHighest);
    one.expected_from = typical.has_value() ? ExpectedFrom::kTypical : ExpectedFrom::kNeutral;
  }
  for (const auto& said : account_.relations.expectations) {
    if (said.at > as_of_) continue;
    const std::optional<Dimension> dimension = DimensionNamed(said.data.dimension);
    if (!dimension.has_value()) balance_.ignored.insert(said.data.dimension);
    if (!dimension.has_value() || !said.data.level.has_value() || !IsOnScale(*said.data.level)) continue;
    const bool inferred = said.data.inferred.value_or(false);
    DimensionBalance& one = Of(*dimension);
    if (inferred && one.expected_from == ExpectedFrom::kStated) continue;
    one.expectation = *said.data.level;
    one.expected_from = inferred ? ExpectedFrom::kInferred : ExpectedFrom::kStated;
    one.evidence = {said.key};
  }
}

void Weigher::HearFeedback() {
  for (const auto& said : account_.relations.feedback) {
    if (said.at > as_of_) continue;
    bool by_dimension = false;
    const Json::Object* scores = said.data.dimensions.has_value() ? said.data.dimensions->if_object() : nullptr;
    for (const auto& [name, score] : scores != nullptr ? *scores : Json::Object()) {
      const std::optional<Dimension> dimension = DimensionNamed(name);
      if (!dimension.has_value()) balance_.ignored.insert(name);
      if (!dimension.has_value() || score.if_number() == nullptr || !IsOnScale(*score.if_number())) continue;
      by_dimension = true;
      words_[*dimension].push_back({said.at, *score.if_number(), false, {said.key}});
      if (*dimension == Dimension::kOutcome && *score.if_number() <= Of(*dimension).expectation - kMissedBy) {
        std::vector<EventKey> evidence = Of(*dimension).evidence;
        evidence.push_back(said.key);
        Miss(said.at, std::move(evidence));
      }
    }
    const std::optional<double> overall = OverallScore(said.data);
    if (by_dimension || !overall.has_value()) continue;
    balance_.overall_delivery = overall;
    balance_.overall_evidence = {said.key};
  }
}

void Weigher::HearPromises() {
  const auto dimension_of = [](const PromiseRecord& promise) {
    return promise.dimension.has_value() ? DimensionNamed(*promise.dimension) : std::optional(Dimension::kOutcome);
  };
  for (const PromiseRecord& promise : account_.promises) {
    if (promise.by != PromiseBy::kOurs || promise.made > as_of_) continue;
    const std::optional<Dimension> dimension = dimension_of(promise);
    if (!dimension.has_value()) {
      balance_.ignored.insert(*promise.dimension);
      continue;
    }
    const std::vector<SettledWord> words = SettledWordsOf(promise, zone_, as_of_);
    const std::vector<EventKey> evidence = EvidenceOf(promise);
    for (const SettledWord& word : words) {
      if (*dimension == Dimension::kOutcome && word.broken && word.due.has_value()) Miss(zone_.StartOf(*word.due + 1), evidence);
      words_[*dimension].push_back({word.settled, *PointsOf(word.outcome, word.margin_days, word.margin_share), true, evidence});
    }
    for (const PromiseRevision& revision : promise.revisions) {
      if (words.empty()) Of(*dimension).besides.push_back(revision.key);
    }
  }
  for (const PromiseRecord& promise : account_.withdrawn_promises) {
    const std::optional<Dimension> dimension = dimension_of(promise);
    if (promise.by == PromiseBy::kOurs && dimension.has_value()) Of(*dimension).besides.push_back(promise.withdrawn_by);
  }
}

// Of two at one moment the later told.
void Weigher::Miss(Instant at, std::vector<EventKey> evidence) {
  if (balance_.missed.has_value() && at < balance_.missed->at) return;
  balance_.missed = MissedOutcome{at, zone_.LocalDay(at), std::move(evidence)};
}

void Weigher::MakeGaps() {
  Instant newest = Instant::Min();
  for (DimensionBalance& one : balance_.dimensions) {
    std::vector<Word>& words = words_[one.dimension];
    if (words.empty()) continue;
    std::stable_sort(words.begin(), words.end(), [](const Word& a, const Word& b) { return a.at < b.at; });
    if (words.size() > kMostWords) words.erase(words.begin(), words.end() - kMostWords);
    one.delivery = Heard(words, one.expectation);
    one.gap = *one.delivery - one.expectation;
    for (const Word& word : words) one.evidence.insert(one.evidence.end(), word.evidence.begin(), word.evidence.end());
    if (words.back().at < newest) continue;
    newest = words.back().at;
    balance_.moved_by = words.back().evidence.back();
  }
}

void Weigher::MakeWhole() {
  double known = 0, unknown = 0, expected = 0;
  for (const DimensionBalance& one : balance_.dimensions) {
    (one.gap.has_value() ? known : unknown) += one.weight;
    if (!one.gap.has_value()) expected += one.weight * one.expectation;
  }
  const bool overall = balance_.overall_delivery.has_value() && unknown > 0;
  if (!overall && known <= 0) return;
  for (DimensionBalance& one : balance_.dimensions) {
    if (!one.gap.has_value()) continue;
    one.counted = (overall ? one.weight : one.weight / known) * *one.gap;
  }
  if (overall) {
    balance_.overall_expectation = expected / unknown;
    balance_.overall_counted = unknown * (*balance_.overall_delivery - *balance_.overall_expectation);
  }
  // Courtesy last, so that what the others come to is exact.
  double others = balance_.overall_counted;
  for (const DimensionBalance& one : balance_.dimensions) others += one.dimension == Dimension::kCourtesy ? 0 : one.counted;
  HoldCourtesy(others);
  balance_.gap = balance_.courtesy_held ? std::max(0.0, others) : others + Of(Dimension::kCourtesy).counted;
}

void Weigher::HoldCourtesy(double others) {
  DimensionBalance& courtesy = Of(Dimension::kCourtesy);
  const std::optional<double> outcome = Of(Dimension::kOutcome).gap;
  if (!outcome.has_value() || *outcome >= 0 || courtesy.counted <= 0 || others + courtesy.counted <= 0) return;
  courtesy.counted = std::max(0.0, -others);
  balance_.courtesy_held = true;
}

void Weigher::FindWhatCarried() {
  if (!balance_.missed.has_value()) return;
  for (const PurchaseRecord& purchase : account_.purchases) {
    if (purchase.placed <= balance_.missed->at || purchase.placed > as_of_) continue;
    balance_.bought_since = purchase.key;
    break;
  }
  if (!balance_.bought_since.has_value()) return;
  for (const DimensionBalance& one : balance_.dimensions) {
    if (one.counted > 0) balance_.carried_by.push_back(one.dimension);
  }
  std::stable_sort(balance_.carried_by.begin(), balance_.carried_by.end(),
                   [this](Dimension a, Dimension b) { return Of(a).counted > Of(b).counted; });
}

Balance Weigher::Make(const PerDimension<double>& weights) {
  for (std::size_t i = 0; i < kDimensionCount; ++i) balance_.dimensions[i].weight = weights[At(i)];
  Expect();
  HearFeedback();
  HearPromises();
  MakeGaps();
  MakeWhole();
  FindWhatCarried();
  return std::move(balance_);
}

}  // namespace

std::string_view NameOf(Dimension dimension) { return kNames[static_cast<std::size_t>(dimension)]; }
std::string_view NameOf(DimensionFamily family) { return family == DimensionFamily::kService ? "service" : "sales_work"; }
DimensionFamily FamilyOf(Dimension dimension) {
  return dimension <= Dimension::kAfterCare ? DimensionFamily::kService : DimensionFamily::kSalesWork;
}

std::optional<Dimension> DimensionNamed(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return At(static_cast<std::size_t>(found - kNames.begin()));
}

std::string_view NameOf(ExpectedFrom from) {
  switch (from) {
    case ExpectedFrom::kStated: return "stated";
    case ExpectedFrom::kInferred: return "inferred";
    case ExpectedFrom::kTypical: return "typical";
    case ExpectedFrom::kNeutral: return "neutral";
  }
  return {};
}

std::optional<double> PointsOf(PromiseOutcome outcome, double margin_days, double margin_share) {
  constexpr double kALateDay = 0.25, kAnEarlyDay = kALateDay / 10, kAllOfIt = 5;
  const double days = std::isfinite(margin_days) ? margin_days : 0;
  const double share = std::isfinite(margin_share) ? margin_share : 0;
  switch (outcome) {
    case PromiseOutcome::kKept: return 0;
    case PromiseOutcome::kExceeded: return std::clamp(1 + kAnEarlyDay * std::max(days, 0.0) + kAllOfIt * std::max(share, 0.0), 1.0, 3.0);
    case PromiseOutcome::kShort:
    case PromiseOutcome::kLate:
    case PromiseOutcome::kShortAndLate: return std::clamp(-3 + kALateDay * std::min(days, 0.0) + kAllOfIt * std::min(share, 0.0), -8.0, -3.0);
    case PromiseOutcome::kOverdue: return -8;
    default: return std::nullopt;
  }
}

BalanceWeights::BalanceWeights() {
  for (std::size_t i = 0; i < kDimensionCount; ++i) default_[At(i)] = kOurWeights[i];
}

absl::StatusOr<PerDimension<double>> BalanceWeights::Read(const Json& weights, std::string_view field) {
  const Json::Object* members = weights.if_object();
  if (members == nullptr) return InvalidWeights(field, weights.Canonical(), "an object of numbers by dimension");
  PerDimension<double> read;
  double sum = 0;
  for (const auto& [name, weight] : *members) {
    const std::optional<Dimension> dimension = DimensionNamed(name);
    const std::string where = absl::StrCat(std::string(field), ".", name);
    if (!dimension.has_value()) return InvalidWeights(where, "an unknown dimension", KnownNames());
    if (weight.if_number() == nullptr || !(*weight.if_number() >= 0 && *weight.if_number() <= kMostWeight)) {
      return InvalidWeights(where, weight.Canonical(), "a number from 0 to 1000000");
    }
    read[*dimension] = *weight.if_number();
    sum += *weight.if_number();
  }
  if (sum <= 0) return InvalidWeights(field, "weights whose sum is 0", "one above 0");
  MakeSumOne(read);
  return read;
}

absl::StatusOr<BalanceWeights> BalanceWeights::FromJson(const Json& document) {
  constexpr std::string_view kField = "expectation_weights";
  BalanceWeights weights;
  if (document.is_null()) return weights;
  const Json::Object* members = document.if_object();
  if (members == nullptr) return InvalidWeights(kField, document.Canonical(), R"({"default": {...}, "segments": {...}})");
  for (const auto& [name, member] : *members) {
    const std::string where = absl::StrCat(std::string(kField), ".", name);
    if (name == "default") {
      RAPPORT_ASSIGN_OR_RETURN(weights.default_, Read(member, where));
    } else if (name == "segments" && member.if_object() != nullptr) {
      for (const auto& [segment, one] : *member.if_object()) {
        RAPPORT_ASSIGN_OR_RETURN(weights.segments_[segment], Read(one, absl::StrCat(where, ".", segment)));
      }
    } else {
      return InvalidWeights(where, member.Canonical(), "default: weights by dimension, segments: an object of such");
    }
  }
  return weights;
}

PerDimension<double> BalanceWeights::Of(const std::optional<std::string>& segment, const std::optional<Json>& own) const {
  if (own.has_value()) {
    const absl::StatusOr<PerDimension<double>> read = Read(*own, "expectation_weights");
    if (read.ok()) return *read;
  }
  const auto found = segment.has_value() ? segments_.find(*segment) : segments_.end();
  return found == segments_.end() ? default_ : found->second;
}

Balance BalanceOf(const Account& account, const Zone& zone, Instant as_of, const PerDimension<double>& weights,
                  const PerDimension<std::optional<double>>& typical) {
  return Weigher(account, zone, as_of, typical).Make(weights);
}

void TypicalExpectations::See(const Account& account, Instant as_of) {
  PerDimension<std::optional<double>> newest;
  for (const auto& said : account.relations.expectations) {
    const std::optional<Dimension> dimension = DimensionNamed(said.data.dimension);
    if (said.at > as_of || said.data.inferred.value_or(false) || !dimension.has_value()) continue;
    if (said.data.level.has_value() && IsOnScale(*said.data.level)) newest[*dimension] = said.data.level;
  }
  for (std::size_t i = 0; i < kDimensionCount; ++i) {
    if (!newest[At(i)].has_value()) continue;
    sum_[At(i)] += std::llround(*newest[At(i)] * 1000);
    count_[At(i)] += 1;
  }
}

PerDimension<std::optional<double>> TypicalExpectations::Means() const {
  constexpr double kAsIfSaid = 5;
  PerDimension<std::optional<double>> means;
  for (std::size_t i = 0; i < kDimensionCount; ++i) {
    const auto count = static_cast<double>(count_[At(i)]);
    if (count > 0) means[At(i)] = (static_cast<double>(sum_[At(i)]) / 1000 + kAsIfSaid * kNeutral) / (count + kAsIfSaid);
  }
  return means;
}

}  // namespace rapport
