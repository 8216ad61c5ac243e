#include "rapport/ledger/codec.hpp"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/envelope.hpp"
#include "ledger/number_check.hpp"
#include "ledger/outcome_id.hpp"
#include "ledger/payload_table.hpp"
#include "ledger/payload_text.hpp"

namespace rapport {
namespace {

using wire::AtField;
using wire::Field;
using wire::InvalidField;
using wire::kAttributes;
using wire::Path;

const Json::Object& NoMembers() {
  static const Json::Object none;
  return none;
}

// The members of an envelope, found in one pass.
struct Envelope {
  const Json* batch = nullptr;
  const Json* specversion = nullptr;
  const Json* id = nullptr;
  const Json* source = nullptr;
  const Json* type = nullptr;
  const Json* subject = nullptr;
  const Json* time = nullptr;
  const Json* recorded = nullptr;
  const Json* claimed = nullptr;
  const Json* data = nullptr;
  const Json* content_type = nullptr;
  const Json* schema = nullptr;
};

const Json** SlotOf(Envelope& envelope, std::string_view name) {
  using Slot = const Json* Envelope::*;
  static constexpr Slot kSlots[] = {&Envelope::batch, &Envelope::claimed,  &Envelope::data,   &Envelope::content_type, &Envelope::schema,
                                    &Envelope::id,       &Envelope::recorded, &Envelope::source,     &Envelope::specversion,
                                    &Envelope::subject,  &Envelope::time,   &Envelope::type};
  static_assert(std::size(kSlots) == wire::kEnvelope.size());
  const auto found = std::lower_bound(wire::kEnvelope.begin(), wire::kEnvelope.end(), name);
  if (found == wire::kEnvelope.end() || *found != name) return nullptr;
  return &(envelope.*kSlots[found - wire::kEnvelope.begin()]);
}

// CloudEvents allows lower-case letters and digits.
bool IsAttributeName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

absl::StatusOr<Envelope> Open(const Json::Object& members, OnUnknown on_unknown, Json::Object& attributes) {
  Envelope envelope;
  for (const auto& [name, value] : members) {
    if (const Json** slot = SlotOf(envelope, name)) {
      *slot = &value;
    } else if (on_unknown == OnUnknown::kKeep && IsAttributeName(name)) {
      attributes.emplace(name, value);
    } else {
      return wire::UnknownField(Path{nullptr, name}, {wire::kEnvelope.begin(), wire::kEnvelope.end()});
    }
  }
  return envelope;
}

absl::StatusOr<const std::string*> Text(const Json* json, std::string_view name) {
  const Path path{nullptr, name};
  if (json == nullptr) return wire::MissingField(path, "it");
  if (const std::string* text = json->if_string()) return text;
  return wire::WrongKind(path, *json, "a string");
}

absl::StatusOr<std::string> IdText(const Json* json, std::string_view name) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string* text, Text(json, name));
  absl::Status status = CheckId(*text, "");
  if (!status.ok()) return CheckId(*text, absl::StrCat("field ", ToAbsl(name)));
  return *text;
}

absl::StatusOr<Stamp> Time(const Json* json, std::string_view name) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string* text, Text(json, name));
  absl::StatusOr<Stamp> stamp = ParseStamp(*text);
  if (!stamp.ok()) return AtField(stamp.status(), Path{nullptr, name});
  return stamp;
}

absl::Status CheckFixedMembers(const Envelope& envelope) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string* version, Text(envelope.specversion, "specversion"));
  if (*version != "1.0") return wire::WrongKind(Path{nullptr, "specversion"}, *envelope.specversion, "\"1.0\"");
  if (envelope.schema != nullptr) RAPPORT_RETURN_IF_ERROR(Text(envelope.schema, "dataschema").status());
  if (envelope.content_type == nullptr) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(const std::string* content, Text(envelope.content_type, "datacontenttype"));
  if (*content == "application/json") return absl::OkStatus();
  return wire::WrongKind(Path{nullptr, "datacontenttype"}, *envelope.content_type, "\"application/json\"");
}

absl::Status SubjectRefused(std::string_view type, std::string_view subject) {
  return InvalidField(Path{nullptr, "subject"}, absl::StrCat("\"", ToAbsl(subject), "\""),
                      absl::StrCat("none for type ", ToAbsl(type)));
}

absl::Status ReservedSource() {
  return Invalid("event.reserved_source", absl::StrCat("field source: found \"", ToAbsl(kEngineSource),
                                                       "\", expected another: this one is the engine's own"));
}

absl::Status ReadIdentity(const Envelope& envelope, const DecodeOptions& options, Event& event) {
  RAPPORT_ASSIGN_OR_RETURN(event.key.id, IdText(envelope.id, "id"));
  RAPPORT_ASSIGN_OR_RETURN(event.key.source, IdText(envelope.source, "source"));
  if (event.key.source == kEngineSource && !options.own_events) return ReservedSource();
  if (envelope.batch == nullptr) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(std::string batch, IdText(envelope.batch, "batch"));
  event.batch = BatchId::Trusted(std::move(batch));
  return absl::OkStatus();
}

absl::Status ReadTimes(const Envelope& envelope, const DecodeOptions& options, Event& event) {
  RAPPORT_ASSIGN_OR_RETURN(event.occurred, Time(envelope.time, "time"));
  event.recorded = options.received_at.value_or(event.occurred.at);
  if (envelope.recorded != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const Stamp recorded, Time(envelope.recorded, "recordedtime"));
    event.recorded = recorded.at;
  }
  event.claimed = event.recorded;
  if (envelope.claimed == nullptr) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(const Stamp claimed, Time(envelope.claimed, "claimedtime"));
  event.claimed = claimed.at;
  if (event.claimed <= event.recorded) return absl::OkStatus();
  return InvalidField(Path{nullptr, "claimedtime"}, FormatInstant(event.claimed),
                      absl::StrCat("at most the recorded time ", FormatInstant(event.recorded)));
}

absl::StatusOr<const Json::Object*> DataMembers(const Envelope& envelope) {
  if (envelope.data == nullptr) return &NoMembers();
  if (const Json::Object* object = envelope.data->if_object()) return object;
  return wire::WrongKind(Path{nullptr, "data"}, *envelope.data, "an object");
}

absl::Status ReadUnrecognised(const std::string& type, const Json::Object& data, const DecodeOptions& options, Event& event) {
  if (options.on_unknown == OnUnknown::kError) {
    return Invalid("event.unknown_type", absl::StrCat("field type: found \"", type, "\", expected one of ",
                                                      KnownTypes().size(), " such as purchase.placed or touch"));
  }
  if (data.contains(kAttributes)) return wire::UnknownField(Path{nullptr, kAttributes}, {"a field without $"});
  event.data = Unrecognised{type, Json(data)};
  return absl::OkStatus();
}

absl::Status ReadData(const Envelope& envelope, const DecodeOptions& options, Event& event) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string type, IdText(envelope.type, "type"));
  const wire::TypeEntry* entry = wire::FindType(type);
  if (envelope.subject != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(std::string subject, IdText(envelope.subject, "subject"));
    if (entry != nullptr && entry->subject == wire::SubjectRule::kRefused) return SubjectRefused(type, subject);
    event.subject = CustomerId::Trusted(std::move(subject));
  } else if (entry != nullptr && entry->subject == wire::SubjectRule::kRequired) {
    return wire::MissingField(Path{nullptr, "subject"}, "the customer");
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json::Object* data, DataMembers(envelope));
  if (entry == nullptr) return ReadUnrecognised(type, *data, options, event);
  const bool keep = options.on_unknown == OnUnknown::kKeep;
  RAPPORT_RETURN_IF_ERROR(entry->read({data, data}, keep ? &event.extra : nullptr, event.data));
  if (event.extra.contains(kAttributes)) return wire::UnknownField(Path{nullptr, kAttributes}, {"a field without $"});
  return CheckNumbers(event.data);
}

absl::StatusOr<Event> DecodeRecord(const Json& json, const DecodeOptions& options) {
  const Json::Object* members = json.if_object();
  if (members == nullptr) {
    return Invalid("event.invalid_field", absl::StrCat("found ", ToAbsl(json.KindName()), ", expected an object: one event"));
  }
  Event event;
  Json::Object attributes;
  RAPPORT_ASSIGN_OR_RETURN(const Envelope envelope, Open(*members, options.on_unknown, attributes));
  RAPPORT_RETURN_IF_ERROR(CheckFixedMembers(envelope));
  RAPPORT_RETURN_IF_ERROR(ReadIdentity(envelope, options, event));
  RAPPORT_RETURN_IF_ERROR(ReadTimes(envelope, options, event));
  RAPPORT_RETURN_IF_ERROR(ReadData(envelope, options, event));
  if (!attributes.empty()) event.extra.emplace(kAttributes, std::move(attributes));
  return event;
}

// "line 12, event "o-1": found ..." or, where the failure names a field, "line 12, event "o-1", field amount: ..."
absl::Status AtRecord(const absl::Status& status, std::string_view where, const std::string* id) {
  std::string text(where);
  if (id != nullptr) absl::StrAppend(&text, text.empty() ? "" : ", ", "event ", wire::Shown(Json(*id)));
  if (text.empty()) return status;
  if (!ToStd(status.message()).starts_with("field ")) return WithContext(status, text);
  return Fail(status.code(), TokenOf(status), absl::StrCat(text, ", ", status.message()));
}

bool IsUnrecognised(const Event& event) { return std::holds_alternative<Unrecognised>(event.data); }

// Either part may be nullptr, or both the same.
void WriteData(const Event& event, Json::Object* facts, Json::Object* privates) {
  std::visit(
      [&](const auto& data) {
        using T = std::decay_t<decltype(data)>;
        if constexpr (std::is_same_v<T, Unrecognised>) {
          if (const Json::Object* content = data.content.if_object(); content != nullptr && privates != nullptr) {
            *privates = *content;
          }
        } else {
          wire::WritePayload(data, facts, privates);
        }
      },
      event.data);
}

// The kept unknown fields of the elements of a list go back into the elements.
void MergeLists(const Json& extra, Json& data) {
  Json::Array* elements = data.if_array();
  const Json::Array* extras = extra.if_array();
  if (elements == nullptr || extras == nullptr) return;
  for (std::size_t i = 0; i < std::min(elements->size(), extras->size()); ++i) {
    Json::Object* element = (*elements)[i].if_object();
    const Json::Object* more = (*extras)[i].if_object();
    if (element != nullptr && more != nullptr) element->insert(more->begin(), more->end());
  }
}

absl::Status CheckExtraLists(const Event& event, const wire::FieldList& fields) {
  const Json facts = EncodeFacts(event);
  for (const std::string_view list : fields.lists) {
    const auto extra = event.extra.find(list);
    if (extra == event.extra.end()) continue;
    const Path path{nullptr, list};
    const Json* elements = facts.Find(list);
    const std::size_t size = elements == nullptr ? 0 : elements->if_array()->size();
    const Json::Array* extras = extra->second.if_array();
    if (extras == nullptr || extras->size() != size) {
      return InvalidField(path, "kept fields of another shape", "an object for each element");
    }
    for (const Json& one : *extras) {
      if (one.if_object() == nullptr) return wire::WrongKind(path, one, "an object for each element");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAttributes(const Json& attributes) {
  const Path path{nullptr, kAttributes};
  const Json::Object* members = attributes.if_object();
  if (members == nullptr) return wire::WrongKind(path, attributes, "an object");
  Envelope envelope;
  for (const auto& [name, value] : *members) {
    if (IsAttributeName(name) && SlotOf(envelope, name) == nullptr) continue;
    return InvalidField(path, wire::Shown(Json(name)), "names of extension attributes");
  }
  return absl::OkStatus();
}

absl::Status CheckExtra(const Event& event) {
  if (event.extra.empty()) return absl::OkStatus();
  RAPPORT_RETURN_IF_ERROR(wire::CheckTree(Json(event.extra), Path{nullptr, "extra"}));
  if (const auto found = event.extra.find(kAttributes); found != event.extra.end()) {
    RAPPORT_RETURN_IF_ERROR(CheckAttributes(found->second));
  }
  if (IsUnrecognised(event)) {
    const bool only_attributes = event.extra.size() == event.extra.count(kAttributes);
    return only_attributes ? absl::OkStatus() : InvalidField(Path{nullptr, "data"}, "fields beside it", "all of them in it");
  }
  wire::FieldList fields = wire::FindType(event.type())->fields();
  if (fields.money) fields.facts.push_back(wire::kCurrency);
  fields.facts.insert(fields.facts.end(), fields.privates.begin(), fields.privates.end());
  for (const std::string_view name : fields.facts) {
    const bool list = std::find(fields.lists.begin(), fields.lists.end(), name) != fields.lists.end();
    if (!list && event.extra.contains(name)) {
      return InvalidField(Path{nullptr, name}, "it among the unknown fields", "it in its member");
    }
  }
  return CheckExtraLists(event, fields);
}

absl::Status CheckStamps(const Event& event) {
  RAPPORT_RETURN_IF_ERROR(wire::CheckInstant(event.occurred.at, Path{nullptr, "time"}));
  RAPPORT_RETURN_IF_ERROR(wire::CheckInstant(event.recorded, Path{nullptr, "recordedtime"}));
  RAPPORT_RETURN_IF_ERROR(wire::CheckInstant(event.claimed, Path{nullptr, "claimedtime"}));
  const int offset = event.occurred.offset_minutes;
  if (offset <= -24 * 60 || offset >= 24 * 60) {
    return InvalidField(Path{nullptr, "time"}, absl::StrCat("an offset of ", offset, " minutes"), "less than a day");
  }
  RAPPORT_RETURN_IF_ERROR(wire::CheckInstant(event.occurred.at.PlusMinutes(offset), Path{nullptr, "time"}));
  if (event.claimed <= event.recorded) return absl::OkStatus();
  return InvalidField(Path{nullptr, "claimedtime"}, FormatInstant(event.claimed),
                      absl::StrCat("at most the recorded time ", FormatInstant(event.recorded)));
}

absl::Status CheckSubject(const Event& event) {
  const Path path{nullptr, "subject"};
  const wire::TypeEntry* entry = wire::FindType(event.type());
  if (event.subject.empty()) {
    return entry != nullptr && entry->subject == wire::SubjectRule::kRequired ? wire::MissingField(path, "the customer") : absl::OkStatus();
  }
  if (entry != nullptr && entry->subject == wire::SubjectRule::kRefused) return SubjectRefused(entry->type, event.subject.text());
  return CheckId(event.subject.text(), "field subject");
}

// What corrects must be what could have been said in the first place. The ledger's own keeping is not corrected.
absl::Status CheckTarget(const std::string& source) {
  if (source != kEngineSource) return absl::OkStatus();
  return InvalidField(Path{nullptr, "target_source"}, absl::StrCat("\"", source, "\""), "another: what the engine concluded is neither corrected nor retracted");
}

absl::Status CheckCorrection(const EventCorrected& said) {
  RAPPORT_RETURN_IF_ERROR(CheckTarget(said.target_source));
  const bool keeping = said.target_type.starts_with("event.") || said.target_type.starts_with("batch.") || said.target_type.starts_with("merge.") ||
                       said.target_type == CustomerMerged::kType || said.target_type == CustomerErased::kType || said.target_type == ImportStarted::kType;
  if (keeping || wire::FindType(said.target_type) == nullptr) {
    return InvalidField(Path{nullptr, "target_type"}, absl::StrCat("\"", said.target_type, "\""), "a known type other than those that keep the ledger");
  }
  if (said.facts.if_object() == nullptr) return wire::WrongKind(Path{nullptr, "facts"}, said.facts, "an object");
  if (said.text && said.text->if_object() == nullptr) return wire::WrongKind(Path{nullptr, "text"}, *said.text, "an object");
  Json::Object unknown;
  RAPPORT_ASSIGN_OR_RETURN(const Payload data, DecodePayload(said.target_type, said.facts, said.text ? &*said.text : nullptr, &unknown));
  RAPPORT_RETURN_IF_ERROR(CheckNumbers(data));
  if (unknown.empty()) return absl::OkStatus();
  return Invalid("event.unknown_field", absl::StrCat("field ", unknown.begin()->first, ": found an unknown field, expected those of ", said.target_type));
}

absl::Status CheckData(const Event& event) {
  if (const auto* correction = event.As<EventCorrected>()) RAPPORT_RETURN_IF_ERROR(CheckCorrection(*correction));
  if (const auto* retraction = event.As<EventRetracted>()) {
    // The engine takes back what it recorded of a follow-up; that it was issued, handed over or withdrawn stands.
    const bool undone = event.key.source == kEngineSource && IsOutcome(retraction->target_source, retraction->target_id);
    if (!undone) RAPPORT_RETURN_IF_ERROR(CheckTarget(retraction->target_source));
  }
  RAPPORT_RETURN_IF_ERROR(CheckNumbers(event.data));
  return std::visit(
      [&](const auto& data) -> absl::Status {
        using T = std::decay_t<decltype(data)>;
        if constexpr (std::is_same_v<T, Unrecognised>) {
          const Path path{nullptr, "data"};
          RAPPORT_RETURN_IF_ERROR(CheckId(data.type, "field type"));
          const Json::Object* content = data.content.if_object();
          if (content == nullptr) return wire::WrongKind(path, data.content, "an object");
          if (content->contains(kAttributes)) return wire::UnknownField(path, {"fields without $"});
          return wire::CheckTree(data.content, path, wire::kDeepestTree + 1);
        } else {
          wire::CurrencyContext context;
          return wire::CheckFields(data, context, nullptr);
        }
      },
      event.data);
}

absl::Status CheckContent(const Event& event) {
  RAPPORT_RETURN_IF_ERROR(CheckId(event.key.id, "field id"));
  RAPPORT_RETURN_IF_ERROR(CheckId(event.key.source, "field source"));
  if (!event.batch.empty()) RAPPORT_RETURN_IF_ERROR(CheckId(event.batch.text(), "field batch"));
  RAPPORT_RETURN_IF_ERROR(CheckStamps(event));
  RAPPORT_RETURN_IF_ERROR(CheckSubject(event));
  RAPPORT_RETURN_IF_ERROR(CheckData(event));
  return CheckExtra(event);
}

}  // namespace

absl::StatusOr<Event> DecodeEvent(const Json& json, const DecodeOptions& options, std::string_view where) {
  absl::StatusOr<Event> event = DecodeRecord(json, options);
  if (event.ok()) return event;
  const Json* id = json.Find("id");
  return AtRecord(event.status(), where, id == nullptr ? nullptr : id->if_string());
}

absl::StatusOr<std::vector<Event>> DecodeLines(std::string_view ndjson, const DecodeOptions& options) {
  std::vector<Event> events;
  // No event is shorter than kShortest, so a text of blank lines reserves little.
  constexpr std::size_t kShortest = 64;
  const auto lines = static_cast<std::size_t>(std::count(ndjson.begin(), ndjson.end(), '\n')) + 1;
  events.reserve(std::min(lines, ndjson.size() / kShortest + 1));
  for (std::int64_t number = 1; !ndjson.empty(); ++number) {
    const std::size_t end = std::min(ndjson.find('\n'), ndjson.size());
    const std::string_view line = ndjson.substr(0, end);
    ndjson.remove_prefix(std::min(end + 1, ndjson.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = absl::StrCat("line ", number);
    absl::StatusOr<Json> json = Json::Parse(line);
    if (!json.ok()) return WithContext(json.status(), where);
    RAPPORT_ASSIGN_OR_RETURN(Event event, DecodeEvent(*json, options, where));
    events.push_back(std::move(event));
  }
  return events;
}

absl::Status CheckEvent(const Event& event) {
  absl::Status status = CheckContent(event);
  return status.ok() ? status : AtRecord(status, absl::StrCat("source ", wire::Shown(Json(event.key.source))), &event.key.id);
}

Json EncodeEvent(const Event& event, PrivateFields fields) {
  Json::Object members{{"specversion", "1.0"},
                       {"id", event.key.id},
                       {"source", event.key.source},
                       {"type", event.type()},
                       {"time", FormatStamp(event.occurred)},
                       {"recordedtime", FormatInstant(event.recorded)}};
  if (event.claimed != event.recorded) members.emplace("claimedtime", FormatInstant(event.claimed));
  if (!event.subject.empty()) members.emplace("subject", event.subject.text());
  if (!event.batch.empty()) members.emplace("batch", event.batch.text());
  const bool include = fields == PrivateFields::kInclude;
  Json::Object data;
  WriteData(event, &data, include ? &data : nullptr);
  for (const auto& [name, value] : include ? event.extra : NoMembers()) {
    if (name == kAttributes && value.if_object() != nullptr) {
      members.insert(value.if_object()->begin(), value.if_object()->end());
    } else if (const auto [at, added] = data.emplace(name, value); !added) {
      MergeLists(value, at->second);
    }
  }
  members.emplace("data", std::move(data));
  return members;
}

Json EncodeFacts(const Event& event) {
  if (IsUnrecognised(event)) return Json();
  Json::Object facts;
  WriteData(event, &facts, nullptr);
  return facts;
}

Json EncodePrivate(const Event& event) {
  Json::Object privates;
  WriteData(event, nullptr, &privates);
  privates.insert(event.extra.begin(), event.extra.end());
  return privates;
}

absl::StatusOr<Payload> DecodePayload(std::string_view type, const Json& facts, const Json* private_part,
                                      Json::Object* extra) {
  Json::Object ignored;
  Payload payload;
  const Json::Object* privates = private_part == nullptr ? nullptr : private_part->if_object();
  if (facts.is_null()) {
    Unrecognised unrecognised{std::string(type), Json(privates == nullptr ? NoMembers() : *privates)};
    Json::Object* content = unrecognised.content.if_object();
    if (const auto attributes = content->find(kAttributes); attributes != content->end()) {
      if (extra != nullptr) extra->insert(*attributes);
      content->erase(attributes);
    }
    return Payload(std::move(unrecognised));
  }
  const wire::TypeEntry* entry = wire::FindType(type);
  if (entry == nullptr) {
    return Invalid("event.unknown_type",
                   absl::StrCat("field type: found \"", ToAbsl(type), "\", expected a type this version knows"));
  }
  if (facts.if_object() == nullptr) return wire::WrongKind(Path{nullptr, "data"}, facts, "an object");
  RAPPORT_RETURN_IF_ERROR(entry->read({facts.if_object(), privates}, extra == nullptr ? &ignored : extra, payload));
  return payload;
}

std::string FactsText(const Event& event) {
  return std::visit(
      [](const auto& data) -> std::string {
        if constexpr (std::is_same_v<std::decay_t<decltype(data)>, Unrecognised>) return "null";
        else return wire::WriteText(data);
      },
      event.data);
}

absl::Status ReadPayloadText(std::string_view type, std::string_view facts, std::string_view private_text, Event& event) {
  const wire::TypeEntry* entry = wire::FindType(type);
  if (entry != nullptr && IsUtf8(facts) && IsUtf8(private_text) && entry->read_text(facts, private_text, event.data)) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(const Json fact_json, Json::Parse(facts));
  std::optional<Json> private_json;
  if (!private_text.empty()) {
    RAPPORT_ASSIGN_OR_RETURN(private_json, Json::Parse(private_text));
  }
  RAPPORT_ASSIGN_OR_RETURN(event.data, DecodePayload(type, fact_json, private_json ? &*private_json : nullptr, &event.extra));
  return absl::OkStatus();
}

Digest FactsDigest(const Event& event) { return FactsDigest(event, FactsText(event)); }

Digest FactsDigest(const Event& event, std::string_view canonical_facts) {
  return HashParts({event.type(), event.subject.text(), std::to_string(event.occurred.at.micros()), canonical_facts});
}

}  // namespace rapport
