// The model `worries` as it is recorded:
//   {"model": "worries", "as_of": "...", "products": {"filter": {"buyers": 19, "heard_first": 4, "complained_first": 1, "topics": {"salt refill":
//     {"customers": ["c-1"], "times": 4, "open": 0, "resolved": 4, "days": [[2, 3], [5, 1]], "remedies": {"a reminder": {"c-1": 2}}}}}}}
// Of a remedy the customers who tried it, with the days of the newest worry that it resolved, null where that one came back.
#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/relationship/worry_knowledge.hpp"

namespace rapport {
namespace {

constexpr char kTokens[] = "relationship";

absl::Status InvalidField(std::string_view field, std::string_view found, std::string_view expected) {
  return Invalid("relationship.invalid_model", absl::StrCat("model worries, field ", ToAbsl(field), ": found ", ToAbsl(found), ", expected ", ToAbsl(expected)));
}

Json DaysToJson(const DayCounts& days) {
  Json::Array out;
  for (const auto& [day, count] : days) out.push_back(Json::Array{Json::Integer(day), Json::Integer(count)});
  return out;
}

// Ascending days, each counted at least once; `all` together.
absl::StatusOr<DayCounts> DaysFromJson(const Json& json, std::int64_t all, const std::string& field) {
  DayCounts days;
  std::int64_t counted = 0, last = -1;
  const Json::Array* list = json.if_array();
  bool well = list != nullptr;
  for (const Json& pair : well ? *list : Json::Array()) {
    const Json::Array* two = pair.if_array();
    const std::optional<std::int64_t> day = two != nullptr && two->size() == 2 ? (*two)[0].if_integer() : std::nullopt;
    const std::optional<std::int64_t> count = two != nullptr && two->size() == 2 ? (*two)[1].if_integer() : std::nullopt;
    well = well && day.has_value() && count.has_value() && *day > last && *count > 0;
    if (!well) break;
    last = *day;
    counted += *count;
    days.emplace(*day, *count);
  }
  if (!well || counted != all) return InvalidField(field, json.Canonical(), absl::StrCat("ascending [days, count], ", all, " together"));
  return days;
}

absl::StatusOr<std::int64_t> CountFrom(JsonReader& in, std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t count, in.Integer(key));
  return count >= 0 ? absl::StatusOr<std::int64_t>(count) : InvalidField(in.PathOf(key), std::to_string(count), "0 or more");
}

Json RemedyToJson(const WorryKnowledge::Remedy& remedy) {
  Json::Object customers;
  for (const auto& [customer, cured_in] : remedy.customers) customers.emplace(customer.text(), cured_in.has_value() ? Json::Integer(*cured_in) : Json());
  return customers;
}

absl::StatusOr<WorryKnowledge::Remedy> RemedyFromJson(const Json& json, const std::set<CustomerId>& worried, const std::string& field) {
  const Json::Object* customers = json.if_object();
  if (customers == nullptr || customers->empty()) return InvalidField(field, json.Canonical(), "days by customer, of one or more");
  WorryKnowledge::Remedy remedy;
  for (const auto& [name, days] : *customers) {
    const absl::StatusOr<CustomerId> customer = CustomerId::Parse(name);
    if (!customer.ok() || !worried.contains(*customer)) return InvalidField(field, name, "one of the customers who raised it");
    const std::optional<std::int64_t> cured_in = days.if_integer();
    if (!days.is_null() && cured_in.value_or(-1) < 0) return InvalidField(absl::StrCat(field, ".", name), days.Canonical(), "days, 0 or more, or null where it came back");
    remedy.Add(*customer, cured_in);
  }
  return remedy;
}

Json TopicToJson(const WorryKnowledge::Topic& topic) {
  Json::Array customers;
  for (const CustomerId& customer : topic.customers) customers.emplace_back(customer.text());
  Json::Object remedies;
  for (const auto& [label, remedy] : topic.remedies) remedies.emplace(label, RemedyToJson(remedy));
  return Json::Object{{"customers", std::move(customers)},        {"times", Json::Integer(topic.times)}, {"open", Json::Integer(topic.open)},
                      {"resolved", Json::Integer(topic.resolved)}, {"days", DaysToJson(topic.days)},      {"remedies", std::move(remedies)}};
}

absl::StatusOr<std::set<CustomerId>> CustomersFromJson(const Json::Array& list, const std::string& field) {
  std::set<CustomerId> customers;
  for (const Json& one : list) {
    absl::StatusOr<CustomerId> id = one.if_string() != nullptr ? CustomerId::Parse(*one.if_string()) : absl::StatusOr<CustomerId>(absl::InvalidArgumentError(""));
    if (!id.ok() || !customers.insert(*id).second) return InvalidField(field, one.Canonical(), "ids of customers, each once");
  }
  return customers;
}

absl::StatusOr<WorryKnowledge::Topic> TopicFromJson(const Json& json, const std::string& field) {
  JsonReader in(json, field, kTokens);
  WorryKnowledge::Topic topic;
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* customers, in.Array("customers"));
  RAPPORT_ASSIGN_OR_RETURN(topic.customers, CustomersFromJson(*customers, in.PathOf("customers")));
  RAPPORT_ASSIGN_OR_RETURN(topic.times, CountFrom(in, "times"));
  RAPPORT_ASSIGN_OR_RETURN(topic.open, CountFrom(in, "open"));
  RAPPORT_ASSIGN_OR_RETURN(topic.resolved, CountFrom(in, "resolved"));
  const auto customers_counted = static_cast<std::int64_t>(topic.customers.size());
  if (customers_counted < 1 || topic.times < customers_counted || topic.open + topic.resolved != topic.times) {
    return InvalidField(field, json.Canonical(), "as many times as open and resolved together, and no more customers");
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json* days, in.Any("days"));
  RAPPORT_ASSIGN_OR_RETURN(topic.days, DaysFromJson(*days, topic.resolved, in.PathOf("days")));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Object* remedies, in.Object("remedies"));
  std::int64_t tried = 0;
  for (const auto& [label, remedy] : *remedies) {
    const std::string path = absl::StrCat(in.PathOf("remedies"), ".", label);
    if (label.empty()) return InvalidField(path, "an empty label", "a remedy");
    RAPPORT_ASSIGN_OR_RETURN(WorryKnowledge::Remedy read, RemedyFromJson(remedy, topic.customers, path));
    tried += read.tried();
    topic.remedies.emplace(label, std::move(read));
  }
  if (tried > topic.resolved) return InvalidField(in.PathOf("remedies"), absl::StrCat(tried, " tried"), absl::StrCat("at most the ", topic.resolved, " resolved"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return topic;
}

Json ProductToJson(const WorryKnowledge::Product& product) {
  Json::Object topics;
  for (const auto& [label, topic] : product.topics) topics.emplace(label, TopicToJson(topic));
  return Json::Object{{"buyers", Json::Integer(product.buyers)}, {"heard_first", Json::Integer(product.heard_first)},
                      {"complained_first", Json::Integer(product.complained_first)}, {"topics", std::move(topics)}};
}

absl::StatusOr<WorryKnowledge::Product> ProductFromJson(const Json& json, const std::string& field) {
  JsonReader in(json, field, kTokens);
  WorryKnowledge::Product product;
  RAPPORT_ASSIGN_OR_RETURN(product.buyers, CountFrom(in, "buyers"));
  RAPPORT_ASSIGN_OR_RETURN(product.heard_first, CountFrom(in, "heard_first"));
  RAPPORT_ASSIGN_OR_RETURN(product.complained_first, CountFrom(in, "complained_first"));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Object* topics, in.Object("topics"));
  for (const auto& [label, topic] : *topics) {
    const std::string path = absl::StrCat(in.PathOf("topics"), ".", label);
    RAPPORT_ASSIGN_OR_RETURN(WorryKnowledge::Topic read, TopicFromJson(topic, path));
    if (static_cast<std::int64_t>(read.customers.size()) > product.buyers) return InvalidField(path, "more customers than buyers", "at most as many");
    product.topics.emplace(label, std::move(read));
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return product;
}

}  // namespace

Json WorryKnowledge::ToJson() const {
  Json::Object products;
  for (const auto& [id, product] : products_) products.emplace(id.text(), ProductToJson(product));
  return Json::Object{{"model", kWorryKnowledge}, {"as_of", FormatInstant(as_of_)}, {"products", std::move(products)}};
}

namespace {

// Into `products`.
absl::Status ProductsFromJson(const Json::Object& json, std::map<ProductId, WorryKnowledge::Product>& products) {
  for (const auto& [name, product] : json) {
    const std::string path = absl::StrCat("products.", name);
    absl::StatusOr<ProductId> id = name.empty() ? ProductId() : ProductId::Parse(name);   // of none: worries about no product
    if (!id.ok()) return InvalidField(path, "an id that is none", "an id");
    RAPPORT_ASSIGN_OR_RETURN(WorryKnowledge::Product read, ProductFromJson(product, path));
    products.emplace(*std::move(id), std::move(read));
  }
  return absl::OkStatus();
}

absl::Status Read(const Json& fitted, Instant& as_of, std::map<ProductId, WorryKnowledge::Product>& products) {
  JsonReader in(fitted, "fitted", kTokens);
  RAPPORT_ASSIGN_OR_RETURN(const std::string model, in.String("model"));
  if (model != kWorryKnowledge) return InvalidField("model", model, kWorryKnowledge);
  RAPPORT_ASSIGN_OR_RETURN(const std::string moment, in.String("as_of"));
  const absl::StatusOr<Stamp> stamp = ParseStamp(moment);
  if (!stamp.ok()) return InvalidField("as_of", moment, "an instant");
  as_of = stamp->at;
  RAPPORT_ASSIGN_OR_RETURN(const Json::Object* json, in.Object("products"));
  RAPPORT_RETURN_IF_ERROR(ProductsFromJson(*json, products));
  return in.Finish();
}

}  // namespace

absl::StatusOr<WorryKnowledge> WorryKnowledge::FromJson(const Json& fitted) {
  WorryKnowledge known;
  const absl::Status read = Read(fitted, known.as_of_, known.products_);
  if (read.ok()) return known;
  // A member that is missing, of another type or unknown is the model's fault too.
  return TokenOf(read) == "relationship.invalid_model" ? read : Invalid("relationship.invalid_model", absl::StrCat("model worries, ", read.message()));
}

}  // namespace rapport
