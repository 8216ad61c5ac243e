// JSON Schemas of the types, made from what the codec itself goes by.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/envelope.hpp"
#include "ledger/payload_table.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport {
namespace wire {
namespace {

// The amounts in the elements of a list need the event's currency too: said with if and then for each such list.
Json::Array ListConditions(const Json::Object& data) {
  Json::Array conditions;
  for (const auto& [name, property] : *data.at("properties").if_object()) {
    const Json* items = property.Find("items");
    const Json* members = items == nullptr ? nullptr : items->Find("properties");
    if (members == nullptr) continue;
    Json::Array amounts;
    for (const auto& [member, schema] : *members->if_object()) {
      if (schema.Find("pattern") != nullptr) amounts.emplace_back(Json::Object{{"required", Json::Array{member}}});
    }
    if (amounts.empty()) continue;
    Json::Object contains{{"contains", Json::Object{{"anyOf", std::move(amounts)}}}};
    Json::Object has{{"properties", Json::Object{{name, std::move(contains)}}}, {"required", Json::Array{name}}};
    conditions.emplace_back(
        Json::Object{{"if", std::move(has)}, {"then", Json::Object{{"required", Json::Array{kCurrency}}}}});
  }
  return conditions;
}

}  // namespace

Json EnvelopeSchema(std::string_view type, SubjectRule subject, Json::Object data) {
  const Json::Object id{{"type", "string"}, {"minLength", 1}, {"maxLength", 255}};
  const Json::Object time{{"type", "string"}, {"format", "date-time"}};
  Json::Array required{"specversion", "id", "source", "type", "time"};
  if (subject == SubjectRule::kRequired) required.emplace_back("subject");
  if (data.contains("required")) required.emplace_back("data");
  if (Json::Array conditions = ListConditions(data); !conditions.empty()) data.emplace("allOf", std::move(conditions));
  Json::Object properties{{"specversion", Json::Object{{"const", "1.0"}}},
                          {"type", Json::Object{{"const", type}}},
                          {"id", id},
                          {"source", id},
                          {"batch", id},
                          {"time", time},
                          {"recordedtime", time},
                          {"claimedtime", time},
                          {"datacontenttype", Json::Object{{"const", "application/json"}}},
                          {"dataschema", Json::Object{{"type", "string"}}},
                          {"data", std::move(data)}};
  if (subject != SubjectRule::kRefused) properties.emplace("subject", id);
  return Json::Object{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                      {"title", type},
                      {"type", "object"},
                      {"properties", std::move(properties)},
                      {"required", std::move(required)},
                      {"additionalProperties", false}};
}

}  // namespace wire

std::vector<std::string_view> KnownTypes() {
  std::vector<std::string_view> types;
  for (const wire::TypeEntry& entry : wire::TypeTable()) types.push_back(entry.type);
  return types;
}

absl::StatusOr<Table> EventTable(std::string_view type, std::span<const Event> events) {
  const wire::TypeEntry* entry = wire::FindType(type);
  if (entry == nullptr) {
    return NotFound("event.unknown_type", absl::StrCat("type: found \"", ToAbsl(type), "\", expected a type this version knows"));
  }
  std::vector<std::pair<std::string, ColumnType>> columns{{"id", ColumnType::kText},      {"source", ColumnType::kText},
                                                          {"subject", ColumnType::kText}, {"time", ColumnType::kInstant},
                                                          {"recorded", ColumnType::kInstant}, {"batch", ColumnType::kText}};
  for (auto& column : entry->columns()) {
    // A field that is named like a member of the envelope stands under its full name.
    const bool taken = std::any_of(columns.begin(), columns.begin() + 6, [&](const auto& c) { return c.first == column.first; });
    columns.emplace_back(taken ? "data." + column.first : column.first, column.second);
  }
  Table table(std::move(columns));
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Cell() : Cell(text); };
  for (const Event& event : events) {
    if (event.type() != type) continue;
    std::vector<Cell> row{event.key.id, event.key.source, text_or_null(event.subject.text()), event.occurred.at, event.recorded,
                          text_or_null(event.batch.text())};
    entry->cells(event.data, row);
    table.AppendRow(std::move(row));
  }
  return table;
}

absl::StatusOr<Json> SchemaOf(std::string_view type) {
  const wire::TypeEntry* entry = wire::FindType(type);
  if (entry == nullptr) {
    return NotFound("event.unknown_type", absl::StrCat("type: found \"", ToAbsl(type), "\", expected a type this version knows"));
  }
  return wire::EnvelopeSchema(entry->type, entry->subject, entry->schema());
}

}  // namespace rapport
