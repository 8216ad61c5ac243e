// The model `referrals` as it is recorded and read again.
#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/relationship/referral_tree.hpp"

namespace rapport {
namespace {

constexpr char kTokens[] = "relationship";

absl::Status InvalidField(std::string_view field, std::string_view found, std::string_view expected) {
  return Invalid("relationship.invalid_model", absl::StrCat("model referrals, field ", ToAbsl(field), ": found ", ToAbsl(found), ", expected ", ToAbsl(expected)));
}

absl::StatusOr<CustomerId> IdFrom(const std::string* text, const std::string& field) {
  if (text == nullptr) return InvalidField(field, "no text", "the id of a customer");
  absl::StatusOr<CustomerId> id = CustomerId::Parse(*text);
  return id.ok() ? id : InvalidField(field, *text, "the id of a customer");
}

// Each as a referral of its own: at one moment, as everybody has one referrer only.
absl::StatusOr<std::vector<Referral>> EdgesFromJson(const Json::Object& brought_by) {
  std::vector<Referral> edges;
  edges.reserve(brought_by.size());
  for (const auto& [name, by] : brought_by) {
    const std::string field = absl::StrCat("brought_by.", name);
    Referral& edge = edges.emplace_back();
    RAPPORT_ASSIGN_OR_RETURN(edge.referred, IdFrom(&name, field));
    RAPPORT_ASSIGN_OR_RETURN(edge.referrer, IdFrom(by.if_string(), field));
  }
  return edges;
}

constexpr ReferralTree::Because kReasons[] = {ReferralTree::Because::kSelf, ReferralTree::Because::kCycle, ReferralTree::Because::kNotFirst};

Json DroppedToJson(const ReferralTree::Dropped& one) {
  const Referral& referral = one.referral;
  return Json::Object{{"because", NameOf(one.because)},
                      {"event", Json::Object{{"source", referral.key.source}, {"id", referral.key.id}}},
                      {"time", FormatInstant(referral.at)},
                      {"referrer", referral.referrer.text()},
                      {"referred", referral.referred.text()}};
}

absl::Status ReadEvent(const Json& json, const std::string& field, EventKey& key) {
  JsonReader in(json, field, kTokens);
  RAPPORT_ASSIGN_OR_RETURN(key.source, in.String("source"));
  RAPPORT_ASSIGN_OR_RETURN(key.id, in.String("id"));
  return in.Finish();
}

absl::StatusOr<ReferralTree::Dropped> DroppedFromJson(const Json& json, const std::string& field) {
  JsonReader in(json, field, kTokens);
  ReferralTree::Dropped one;
  RAPPORT_ASSIGN_OR_RETURN(const std::string because, in.String("because"));
  const auto reason = std::find_if(std::begin(kReasons), std::end(kReasons), [&](auto known) { return NameOf(known) == because; });
  if (reason == std::end(kReasons)) return InvalidField(in.PathOf("because"), because, "self, cycle or not_first");
  one.because = *reason;
  RAPPORT_ASSIGN_OR_RETURN(const Json* event, in.Any("event"));
  RAPPORT_RETURN_IF_ERROR(ReadEvent(*event, in.PathOf("event"), one.referral.key));
  RAPPORT_ASSIGN_OR_RETURN(const std::string time, in.String("time"));
  const absl::StatusOr<Stamp> stamp = ParseStamp(time);
  if (!stamp.ok()) return InvalidField(in.PathOf("time"), time, "an instant");
  one.referral.at = stamp->at;
  RAPPORT_ASSIGN_OR_RETURN(const std::string referrer, in.String("referrer"));
  RAPPORT_ASSIGN_OR_RETURN(one.referral.referrer, IdFrom(&referrer, in.PathOf("referrer")));
  RAPPORT_ASSIGN_OR_RETURN(const std::string referred, in.String("referred"));
  RAPPORT_ASSIGN_OR_RETURN(one.referral.referred, IdFrom(&referred, in.PathOf("referred")));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return one;
}

// How many nodes brought somebody.
std::size_t Bringers(const std::map<CustomerId, ReferralTree::Node>& nodes) {
  return static_cast<std::size_t>(std::count_if(nodes.begin(), nodes.end(), [](const auto& node) { return !node.second.brought.empty(); }));
}

// `brought` says again what brought_by says.
absl::Status CheckBrought(const Json::Object& brought, const std::map<CustomerId, ReferralTree::Node>& nodes) {
  for (const auto& [name, count] : brought) {
    const auto node = nodes.find(CustomerId::Trusted(name));
    const std::size_t expected = node == nodes.end() ? 0 : node->second.brought.size();
    if (expected > 0 && count.if_integer() == static_cast<std::int64_t>(expected)) continue;
    return InvalidField(absl::StrCat("brought.", name), count.Canonical(), absl::StrCat(expected, " as in brought_by"));
  }
  const std::size_t expected = Bringers(nodes);
  return brought.size() == expected ? absl::OkStatus() : InvalidField("brought", absl::StrCat(brought.size(), " customers"), absl::StrCat(expected, " as in brought_by"));
}

absl::Status ReadValues(const Json::Object& values, std::map<CustomerId, ReferralTree::Node>& nodes) {
  for (const auto& [name, value] : values) {
    const auto node = nodes.find(CustomerId::Trusted(name));
    const std::string field = absl::StrCat("value.", name);
    if (node == nodes.end() || node->second.brought.empty()) return InvalidField(field, name, "one who brought somebody");
    if (value.if_number() == nullptr) return InvalidField(field, value.Canonical(), "a number");
    node->second.value = *value.if_number();
  }
  const std::size_t expected = Bringers(nodes);
  return values.size() == expected ? absl::OkStatus() : InvalidField("value", absl::StrCat(values.size(), " customers"), absl::StrCat(expected, " as in brought_by"));
}

}  // namespace

Json ReferralTree::ToJson() const {
  Json::Object brought_by, value, brought;
  for (const auto& [id, node] : nodes_) {
    if (!node.brought_by.empty()) brought_by.emplace(id.text(), node.brought_by.text());
    if (node.brought.empty()) continue;
    value.emplace(id.text(), node.value);
    brought.emplace(id.text(), Json::Integer(static_cast<std::int64_t>(node.brought.size())));
  }
  Json::Array dropped;
  for (const Dropped& one : dropped_) dropped.push_back(DroppedToJson(one));
  Json::Object out{{"model", kReferralTree}, {"discount", discount_}, {"brought_by", std::move(brought_by)},
                   {"brought", std::move(brought)}, {"dropped", std::move(dropped)}};
  if (!currency_.has_value()) return out;
  out.emplace("currency", currency_->code());
  out.emplace("value", std::move(value));
  return out;
}

absl::Status ReferralTree::Read(const Json& fitted) {
  JsonReader in(fitted, "fitted", kTokens);
  RAPPORT_ASSIGN_OR_RETURN(const std::string model, in.String("model"));
  if (model != kReferralTree) return InvalidField("model", model, kReferralTree);
  RAPPORT_ASSIGN_OR_RETURN(discount_, in.Number("discount"));
  if (!(discount_ >= 0 && discount_ <= 1)) return InvalidField("discount", CanonicalNumber(discount_), "0 to 1");
  RAPPORT_ASSIGN_OR_RETURN(const Json::Object* brought_by, in.Object("brought_by"));
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<Referral> edges, EdgesFromJson(*brought_by));
  Link(edges);
  if (!dropped_.empty()) {
    const Referral& closing = dropped_.front().referral;
    return InvalidField(absl::StrCat("brought_by.", closing.referred.text()), absl::StrCat(closing.referrer.text(), ", which closes a circle"), "a tree");
  }
  Count({});
  RAPPORT_ASSIGN_OR_RETURN(const Json::Object* brought, in.Object("brought"));
  RAPPORT_RETURN_IF_ERROR(CheckBrought(*brought, nodes_));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> currency, in.OptionalString("currency"));
  if (currency.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(currency_, Currency::Parse(*currency));
    RAPPORT_ASSIGN_OR_RETURN(const Json::Object* value, in.Object("value"));
    RAPPORT_RETURN_IF_ERROR(ReadValues(*value, nodes_));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* dropped, in.Array("dropped"));
  for (std::size_t i = 0; i < dropped->size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(Dropped one, DroppedFromJson((*dropped)[i], absl::StrCat("dropped[", i, "]")));
    dropped_.push_back(std::move(one));
  }
  return in.Finish();
}

absl::StatusOr<ReferralTree> ReferralTree::FromJson(const Json& fitted) {
  ReferralTree tree;
  const absl::Status read = tree.Read(fitted);
  if (read.ok()) return tree;
  // A member that is missing, of another type or unknown is the model's fault too.
  return TokenOf(read) == "relationship.invalid_model" ? read : Invalid("relationship.invalid_model", absl::StrCat("model referrals, ", read.message()));
}

}  // namespace rapport
