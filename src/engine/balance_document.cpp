// Expectation and delivery of one customer, for the customer document.
#include "engine/customer_document.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {
namespace {

Json Rounded(const std::optional<double>& number) { return number.has_value() ? Json(RoundSignal(*number)) : Json(); }

Json KeysJson(const std::vector<EventKey>& keys) {
  Json::Array out;
  for (const EventKey& key : keys) out.push_back(Json::Object{{"source", key.source}, {"id", key.id}});
  return out;
}

Json DimensionJson(const DimensionBalance& one) {
  return Json::Object{{"dimension", NameOf(one.dimension)}, {"family", NameOf(FamilyOf(one.dimension))}, {"weight", RoundSignal(one.weight)},
                      {"expectation", RoundSignal(one.expectation)}, {"expected_from", NameOf(one.expected_from)}, {"delivery", Rounded(one.delivery)},
                      {"gap", Rounded(one.gap)}, {"counted", RoundSignal(one.counted)}, {"events", KeysJson(one.evidence)}};
}

}  // namespace

Json BalanceDocument(const Balance& balance) {
  Json::Array dimensions, carried, not_counted;
  for (const DimensionBalance& one : balance.dimensions) dimensions.push_back(DimensionJson(one));
  for (const Dimension dimension : balance.carried_by) carried.emplace_back(NameOf(dimension));
  for (const std::string& name : balance.ignored) not_counted.emplace_back(name);
  Json overall, missed;
  if (balance.overall_delivery.has_value()) {
    overall = Json::Object{{"expectation", Rounded(balance.overall_expectation)}, {"delivery", Rounded(balance.overall_delivery)}, {"events", KeysJson(balance.overall_evidence)}};
  }
  if (balance.missed.has_value()) missed = Json::Object{{"day", FormatDay(balance.missed->day)}, {"events", KeysJson(balance.missed->evidence)}};
  return Json::Object{{"gap", Rounded(balance.gap)},
                      {"courtesy_held", balance.courtesy_held},
                      {"dimensions", std::move(dimensions)},
                      {"overall", std::move(overall)},
                      {"missed", std::move(missed)},
                      {"bought_since", balance.bought_since.has_value() ? KeysJson({*balance.bought_since}).if_array()->front() : Json()},
                      {"carried_by", std::move(carried)},
                      {"not_counted", std::move(not_counted)}};
}

}  // namespace rapport
