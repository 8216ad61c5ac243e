// The model care_worth as it is recorded. Counts are read back, what is told of them is made anew:
//   {"model": "care_worth", "currency": "EUR", "landmark_days": 4, "products": {"p-1": [lost with care, all with care, lost without, all without]},
//    "cared": {"customers": 20, "referrals": 9, "years": 14.5, "credibility_years": 2}, "uncared": {...}, "referred": {"customers": 5, "margin": 400},
//    "told": {"cared": 0.1, "uncared": 0.2, "avoided": 0.1, "low": 0, "high": 0.2}}
// `currency`, `told` and credibility_years are absent where there is none.
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/value/care_worth.hpp"

namespace rapport {
namespace {

constexpr double kMost = 1e12;

absl::Status Wrong(std::string_view field, std::string_view expected) {
  return Invalid("value.invalid_model", absl::StrCat("model care_worth, field ", ToAbsl(field), ": expected ", ToAbsl(expected)));
}

Json RateJson(const CareWorth::Rate& rate) {
  Json::Object out{{"customers", rate.customers}, {"referrals", rate.referrals}, {"years", rate.years}};
  if (std::isfinite(rate.credibility_years)) out.emplace("credibility_years", rate.credibility_years);
  return out;
}

absl::StatusOr<double> Positive(JsonReader& in, std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const double number, in.Number(key));
  if (!(number >= 0 && number <= kMost)) return Wrong(in.PathOf(key), "a number from 0 to 1e12");
  return number;
}

absl::StatusOr<CareWorth::Rate> ReadRate(const Json& json, const std::string& name) {
  JsonReader in(json, name, "value");
  CareWorth::Rate rate;
  RAPPORT_ASSIGN_OR_RETURN(rate.customers, Positive(in, "customers"));
  RAPPORT_ASSIGN_OR_RETURN(rate.referrals, Positive(in, "referrals"));
  RAPPORT_ASSIGN_OR_RETURN(rate.years, Positive(in, "years"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> credibility, in.OptionalNumber("credibility_years"));
  if (credibility.has_value() && !(*credibility > 0)) return Wrong(in.PathOf("credibility_years"), "a number above 0");
  rate.credibility_years = credibility.value_or(std::numeric_limits<double>::infinity());
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return rate;
}

absl::StatusOr<CareWorth::Arms> ReadArms(const Json& json, const std::string& product) {
  double counts[4] = {};
  const Json::Array* list = json.if_array();
  bool well = list != nullptr && list->size() == 4;
  for (std::size_t i = 0; well && i < 4; ++i) {
    const std::optional<std::int64_t> count = (*list)[i].if_integer();
    well = count.has_value() && *count >= 0 && *count <= 1'000'000'000;
    if (well) counts[i] = static_cast<double>(*count);
  }
  if (!well || counts[0] > counts[1] || counts[2] > counts[3]) return Wrong(absl::StrCat("products.", product), "four counts: lost and all with care, lost and all without");
  return CareWorth::Arms{{counts[0], counts[1]}, {counts[2], counts[3]}};
}

}  // namespace

Json CareWorth::ToJson() const {
  Json::Object products;
  for (const auto& [product, arms] : products_) {
    products.emplace(product, Json::Array{arms.cared.kept, arms.cared.settled, arms.uncared.kept, arms.uncared.settled});
  }
  Json::Object out{{"model", kCareWorth},
                   {"landmark_days", Json::Integer(landmark_days_)},
                   {"products", std::move(products)},
                   {"cared", RateJson(cared_)},
                   {"uncared", RateJson(uncared_)},
                   {"referred", Json::Object{{"customers", Json::Integer(referred_customers_)}, {"margin", referred_margin_}}}};
  if (currency_.has_value()) out.emplace("currency", currency_->code());
  if (const std::optional<Difference> told = Told()) {
    out.emplace("told", Json::Object{{"cared", told->cared}, {"uncared", told->uncared}, {"avoided", told->avoided}, {"low", told->low}, {"high", told->high}});
  }
  return out;
}

absl::StatusOr<CareWorth> CareWorth::FromJson(const Json& json) {
  JsonReader in(json, "model", "value");
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, in.String("model"));
  if (name != kCareWorth) return Wrong("model", "\"care_worth\"");
  CareWorth model;
  RAPPORT_ASSIGN_OR_RETURN(model.landmark_days_, in.Integer("landmark_days"));
  if (model.landmark_days_ < 0) return Wrong("landmark_days", "0 or more");
  RAPPORT_ASSIGN_OR_RETURN(const Json::Object* products, in.Object("products"));
  for (const auto& [product, arms] : *products) {
    RAPPORT_ASSIGN_OR_RETURN(model.products_[product], ReadArms(arms, product));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json* cared, in.Any("cared"));
  RAPPORT_ASSIGN_OR_RETURN(model.cared_, ReadRate(*cared, "model.cared"));
  RAPPORT_ASSIGN_OR_RETURN(const Json* uncared, in.Any("uncared"));
  RAPPORT_ASSIGN_OR_RETURN(model.uncared_, ReadRate(*uncared, "model.uncared"));
  RAPPORT_ASSIGN_OR_RETURN(const Json* referred, in.Any("referred"));
  JsonReader of(*referred, "model.referred", "value");
  RAPPORT_ASSIGN_OR_RETURN(model.referred_customers_, of.Integer("customers"));
  RAPPORT_ASSIGN_OR_RETURN(model.referred_margin_, of.Number("margin"));
  RAPPORT_RETURN_IF_ERROR(of.Finish());
  if (model.referred_customers_ < 0) return Wrong("referred.customers", "0 or more");
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> currency, in.OptionalString("currency"));
  if (currency.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(model.currency_, Currency::Parse(*currency));
  }
  in.OptionalAny("told");   // for readers; made anew of the counts
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  RAPPORT_RETURN_IF_ERROR(model.Learn());
  return model;
}

}  // namespace rapport
