#include "rapport/relationship/terms.hpp"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/bundled_texts.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::array<std::string_view, kRungCount + 1> kRungs = {"none", "recognised", "trust", "reliance", "standing"};
constexpr std::array<std::string_view, kHealthPartCount> kParts = {"contact", "rhythm", "trust", "both_sides", "worries", "claims", "promises", "feedback"};
constexpr std::string_view kVersion = "rapport_relationship";
constexpr double kMostWeight = 1000;
constexpr double kMostNumber = 1e9;
constexpr double kMostDays = 3660;
constexpr double kMostPart = 10;

std::string Number(double value) { return CanonicalNumber(value); }

// Members of `over` in place of those of `base`, object by object.
Json Laid(const Json& base, const Json& over) {
  const Json::Object* old = base.if_object();
  const Json::Object* said = over.if_object();
  if (old == nullptr || said == nullptr) return over;
  Json::Object merged = *old;
  for (const auto& [name, value] : *said) {
    const Json* before = base.Find(name);
    merged[name] = before != nullptr ? Laid(*before, value) : value;
  }
  return merged;
}

// One object of the document. The first error of all is kept; after it, values read are of no use.
class Fields {
 public:
  Fields(const Json& json, std::string path, absl::Status& status) : json_(json), path_(std::move(path)), status_(status) {
    if (json.if_object() == nullptr) Wrong(path_.empty() ? "relationship" : path_, json, "an object");
  }
  // `known`: all members that it may have.
  void Know(std::span<const std::string_view> known) {
    for (const auto& [name, value] : Members()) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      std::string all;
      for (const std::string_view one : known) absl::StrAppend(&all, all.empty() ? "" : ", ", std::string(one));
      Say(PathOf(name), "an unknown member", absl::StrCat("one of ", all));
    }
  }
  double Between(std::string_view name, double least, double most) {
    const Json& found = At(name);
    const double* number = found.if_number();
    if (number != nullptr && *number >= least && *number <= most) return *number;
    Wrong(PathOf(name), found, absl::StrCat("a number from ", Number(least), " to ", Number(most)));
    return least;
  }
  // Null or absent: none.
  std::optional<std::int64_t> Days(std::string_view name) {
    const Json& found = At(name);
    if (found.is_null()) return std::nullopt;
    const std::optional<std::int64_t> days = found.if_integer();
    if (days.has_value() && *days >= 1 && static_cast<double>(*days) <= kMostDays) return days;
    Wrong(PathOf(name), found, absl::StrCat("a whole number from 1 to ", Number(kMostDays), " or null"));
    return std::nullopt;
  }
  std::string Text(std::string_view name) {
    const std::string* text = At(name).if_string();
    if (text != nullptr && !text->empty()) return *text;
    Wrong(PathOf(name), At(name), "a text");
    return {};
  }
  const Json::Array& List(std::string_view name) {
    static const Json::Array kNothing;
    const Json::Array* list = At(name).if_array();
    if (list == nullptr) Wrong(PathOf(name), At(name), "a list");
    return list == nullptr ? kNothing : *list;
  }
  Fields In(std::string_view name) { return Fields(At(name), PathOf(name), status_); }
  Fields Item(std::string_view name, std::size_t i) {
    return Fields(List(name)[i], absl::StrCat(PathOf(name), "[", i, "]"), status_);
  }
  const Json& At(std::string_view name) const {
    static const Json kNull;
    const Json* found = json_.Find(name);
    return found == nullptr ? kNull : *found;
  }
  bool Has(std::string_view name) const { return json_.Find(name) != nullptr; }
  const Json::Object& Members() const {
    static const Json::Object kNothing;
    return json_.if_object() == nullptr ? kNothing : *json_.if_object();
  }
  std::string PathOf(std::string_view name) const { return path_.empty() ? std::string(name) : absl::StrCat(path_, ".", std::string(name)); }
  void Wrong(const std::string& field, const Json& found, const std::string& expected) { Say(field, found.Canonical().substr(0, 40), expected); }
  void Say(const std::string& field, const std::string& found, const std::string& expected) {
    if (!status_.ok()) return;
    status_ = Invalid("relationship.invalid_terms", absl::StrCat("field ", field, ": found ", found, ", expected ", expected));
  }

 private:
  const Json& json_;
  std::string path_;
  absl::Status& status_;
};

}  // namespace

class TermsReading {
 public:
  explicit TermsReading(const Json& document) : in_(document, "", status_) {}

  absl::StatusOr<RelationshipTerms> Read() {
    in_.Know(std::array<std::string_view, 7>{kVersion, "half_life_days", "trust_purposes", "weights", "rungs", "intervals", "health"});
    in_.Between(kVersion, 1, 1);
    terms_.half_life_days_ = in_.Between("half_life_days", 1, kMostDays);
    ReadPurposes();
    ReadWeights(in_.In("weights"));
    ReadRungs(in_.In("rungs"));
    ReadIntervals(in_.In("intervals"));
    ReadHealth(in_.In("health"));
    if (!status_.ok()) return status_;
    return terms_;
  }

 private:
  void ReadPurposes() {
    for (const Json& one : in_.List("trust_purposes")) {
      const std::string* word = one.if_string();
      const std::optional<Purpose> purpose = word == nullptr ? std::nullopt : FromName<Purpose>(*word);
      if (purpose.has_value() && IsCare(*purpose)) terms_.raises_trust_[static_cast<std::size_t>(*purpose)] = true;
      else in_.Wrong("trust_purposes", one, "care or service: selling and administration never raise trust");
    }
  }

  void ReadWeights(Fields in) {
    in.Know(std::array<std::string_view, 3>{"channels", "reach", "inbound"});
    Fields channels = in.In("channels");
    std::vector<std::string_view> names;
    for (const auto& word : WordList<Channel>::kWords) names.push_back(word.name);
    channels.Know(names);
    for (const auto& word : WordList<Channel>::kWords) terms_.channels_[static_cast<std::size_t>(word.value)] = channels.Between(word.name, 0, kMostWeight);
    Fields reach = in.In("reach");
    reach.Know(std::array<std::string_view, 3>{"reached", "sent", "nobody"});
    const auto read = [&](TouchReach one, std::string_view name) { terms_.reach_[static_cast<std::size_t>(one)] = reach.Between(name, 0, kMostWeight); };
    read(TouchReach::kReached, "reached");
    read(TouchReach::kSent, "sent");
    read(TouchReach::kNobody, "nobody");
    terms_.inbound_ = in.Between("inbound", 0, kMostWeight);
  }

  std::vector<RungNeed> ReadNeeds(Fields& in, std::string_view list, bool inside_any) {
    std::vector<RungNeed> needs;
    for (std::size_t i = 0; i < in.List(list).size(); ++i) {
      Fields one = in.Item(list, i);
      RungNeed need;
      if (one.Has("any") && !inside_any) {
        one.Know(std::array<std::string_view, 1>{"any"});
        need.any = ReadNeeds(one, "any", true);
        if (need.any.empty()) one.Wrong(one.PathOf("any"), one.At("any"), "a list of at least one");
      } else {
        one.Know(std::array<std::string_view, 2>{"signal", "at_least"});
        need.signal = one.Text("signal");
        need.at_least = one.Between("at_least", -kMostNumber, kMostNumber);
      }
      needs.push_back(std::move(need));
    }
    return needs;
  }

  void ReadRungs(Fields in) {
    in.Know(std::span(kRungs).subspan(1));
    double below = 0;
    for (std::size_t i = 1; i <= kRungCount; ++i) {
      Fields one = in.In(kRungs[i]);
      one.Know(std::array<std::string_view, 2>{"trust", "needs"});
      RungTerms& rung = terms_.rungs_[i - 1];
      rung.trust = one.Between("trust", 0, kMostNumber);
      // Without a level, or with one that is no higher than below, no day would come on which it falls.
      if (!(rung.trust > below)) one.Wrong(one.PathOf("trust"), one.At("trust"), absl::StrCat("more than ", Number(below), ", that of the rung below"));
      below = rung.trust;
      rung.needs = ReadNeeds(one, "needs", false);
    }
    terms_.health_.trusted = terms_.Of(Rung::kTrust).trust;
  }

  ContactInterval ReadInterval(Fields in) {
    in.Know(std::array<std::string_view, 2>{"ideal_days", "latest_days"});
    const ContactInterval interval{in.Days("ideal_days"), in.Days("latest_days")};
    if (interval.ideal_days.has_value() && interval.latest_days.has_value() && *interval.latest_days < *interval.ideal_days) {
      in.Wrong(in.PathOf("latest_days"), in.At("latest_days"), absl::StrCat("no less than ideal_days, ", *interval.ideal_days));
    }
    return interval;
  }
  std::map<std::string, ContactInterval, std::less<>> ReadNamed(Fields in) {
    std::map<std::string, ContactInterval, std::less<>> named;
    for (const auto& [name, value] : in.Members()) named.emplace(name, ReadInterval(in.In(name)));
    return named;
  }
  void ReadIntervals(Fields in) {
    in.Know(std::array<std::string_view, 4>{"book", "segments", "grades", "tags"});
    terms_.book_ = ReadInterval(in.In("book"));
    terms_.segments_ = ReadNamed(in.In("segments"));
    terms_.grades_ = ReadNamed(in.In("grades"));
    terms_.tags_ = ReadNamed(in.In("tags"));
  }

  void ReadHealth(Fields in) {
    in.Know(std::array<std::string_view, 3>{"usual", "weights", "bands"});
    HealthTerms& health = terms_.health_;
    const ContactInterval usual = ReadInterval(in.In("usual"));
    if (!usual.ideal_days.has_value() || !usual.latest_days.has_value()) in.Wrong(in.PathOf("usual"), in.At("usual"), "ideal_days and latest_days");
    health.usual_ideal_days = usual.ideal_days.value_or(1);
    health.usual_latest_days = usual.latest_days.value_or(1);
    Fields weights = in.In("weights");
    weights.Know(kParts);
    for (std::size_t i = 0; i < kHealthPartCount; ++i) health.weights[i] = weights.Between(kParts[i], 0, kMostPart);
    Fields bands = in.In("bands");
    bands.Know(std::array<std::string_view, 2>{"good", "fair"});
    health.good = bands.Between("good", 0, 100);
    health.fair = bands.Between("fair", 0, 100);
    if (health.fair > health.good) bands.Wrong(bands.PathOf("fair"), bands.At("fair"), absl::StrCat("no more than good, ", Number(health.good)));
  }

  absl::Status status_;
  Fields in_;
  RelationshipTerms terms_;
};

namespace {

const Json& OurDocument() {
  static const Json ours = [] {
    absl::StatusOr<Json> parsed = Json::Parse(BundledText("policies/relationship.json"));
    RAPPORT_INVARIANT(parsed.ok(), "policies/relationship.json is JSON");
    return *std::move(parsed);
  }();
  return ours;
}

void CollectNames(const std::vector<RungNeed>& needs, std::set<std::string>& names) {
  for (const RungNeed& need : needs) {
    if (!need.signal.empty()) names.insert(need.signal);
    CollectNames(need.any, names);
  }
}

}  // namespace

std::string_view NameOf(Rung rung) { return kRungs[static_cast<std::size_t>(rung)]; }
std::string_view NameOf(HealthPart part) { return kParts[static_cast<std::size_t>(part)]; }

const RelationshipTerms& RelationshipTerms::Default() {
  static const RelationshipTerms ours = [] {
    absl::StatusOr<RelationshipTerms> read = TermsReading(OurDocument()).Read();
    RAPPORT_INVARIANT(read.ok(), "policies/relationship.json holds the terms");
    return *std::move(read);
  }();
  return ours;
}

absl::StatusOr<RelationshipTerms> RelationshipTerms::FromJson(const Json& document) {
  if (document.is_null()) return Default();
  const Json* version = document.Find(kVersion);
  if (document.if_object() != nullptr && version == nullptr) {
    return Invalid("relationship.invalid_terms", "field rapport_relationship: found nothing, expected 1");
  }
  const Json laid = Laid(OurDocument(), document);
  return TermsReading(laid).Read();
}

std::vector<std::string> RelationshipTerms::SignalNames() const {
  std::set<std::string> names;
  for (const RungTerms& rung : rungs_) CollectNames(rung.needs, names);
  return {names.begin(), names.end()};
}

ContactInterval RelationshipTerms::IntervalOf(const CustomerUpserted& profile) const {
  ContactInterval interval{profile.contact_ideal_days, profile.contact_latest_days};
  const auto fill = [&](const ContactInterval& from) {
    if (!interval.ideal_days.has_value()) interval.ideal_days = from.ideal_days;
    if (!interval.latest_days.has_value()) interval.latest_days = from.latest_days;
  };
  const auto named = [](const auto& by_name, const std::optional<std::string>& name) {
    const auto found = name.has_value() ? by_name.find(*name) : by_name.end();
    return found == by_name.end() ? ContactInterval() : found->second;
  };
  const auto shorter = [](std::optional<std::int64_t>& least, const std::optional<std::int64_t>& days) {
    if (days.has_value()) least = std::min(least.value_or(*days), *days);
  };
  ContactInterval tagged;
  if (profile.tags.has_value() && !tags_.empty()) {
    for (const std::string& tag : *profile.tags) {
      const ContactInterval one = named(tags_, tag);
      shorter(tagged.ideal_days, one.ideal_days);
      shorter(tagged.latest_days, one.latest_days);
    }
  }
  fill(tagged);
  fill(named(grades_, profile.grade));
  fill(named(segments_, profile.segment));
  fill(book_);
  return interval;
}

}  // namespace rapport
