// Floor 1. Events as CloudEvents 1.0 JSON, and the split into facts and private text.
//
//   {"specversion":"1.0","id":"o-1001","source":"shop","type":"purchase.placed","subject":"c-17",
//    "time":"2026-03-02T10:15:00+09:00","recordedtime":"2026-03-02T11:00:00+09:00","data":{...}}
//
// `subject` is required for all types but rep., product., model., policy. and book. ones, where it is refused. `data` may
// be left out where no field is required. `recordedtime` is when it became known; `claimedtime` stands beside it where the
// seal moved it. `datacontenttype` must be application/json; it and `dataschema` say nothing about the event and are
// not kept. Amounts are decimal strings; the one `currency` of an event stands in `data` beside them, for those in
// `lines` too.
//
// What is unknown and kept (OnUnknown::kKeep) is treated as private: fields of `data` in Event::extra under their names,
// those of elements of `lines` as a list under "lines", and extension attributes of CloudEvents under "$attributes", a
// name no field may have.
#ifndef RAPPORT_LEDGER_CODEC_HPP_
#define RAPPORT_LEDGER_CODEC_HPP_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/hash.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/table.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

enum class OnUnknown { kError, kKeep };

struct DecodeOptions {
  // Becomes `recorded` where the event claims no `recordedtime`; absent: its `time`.
  std::optional<Instant> received_at;
  OnUnknown on_unknown = OnUnknown::kError;
  // Accepts the engine's own source: an export of a whole book that is read back.
  bool own_events = false;
};

// One event from its JSON. Errors name record (by `where` and the id, where it could be read), field, found and
// expected: `event.missing_field`, `event.invalid_field`, `event.unknown_type`, `event.unknown_field`,
// `event.reserved_source`, and those of json, id, money, time.
absl::StatusOr<Event> DecodeEvent(const Json& json, const DecodeOptions& options, std::string_view where);
// NDJSON: one event a line, blank lines skipped. Errors carry "line 12". All or nothing.
absl::StatusOr<std::vector<Event>> DecodeLines(std::string_view ndjson, const DecodeOptions& options);

// The event as CloudEvents JSON, private fields included when asked; DecodeEvent reads it back equal.
enum class PrivateFields { kInclude, kLeaveOut };
Json EncodeEvent(const Event& event, PrivateFields fields = PrivateFields::kInclude);

// OK if the event can be encoded and read back: what DecodeEvent promises, asked of an event that was built in memory.
// The same tokens, and money.currency_mismatch where amounts differ in currency.
absl::Status CheckEvent(const Event& event);

// `data` split as the stores keep it; kinds that have no private field give an empty object. Unrecognised has null for
// facts, which stays its mark for a later version that does know the type.
Json EncodeFacts(const Event& event);
Json EncodePrivate(const Event& event);
// EncodeFacts(event).Canonical(), made without the Json between.
std::string FactsText(const Event& event);
// DecodePayload from canonical texts into `event`: data and extra. `private_text` is empty where there is none or it was erased.
absl::Status ReadPayloadText(std::string_view type, std::string_view facts, std::string_view private_text, Event& event);
// The stored parts back into a payload; `private_part` may be null (erased or not wanted).
absl::StatusOr<Payload> DecodePayload(std::string_view type, const Json& facts, const Json* private_part,
                                      Json::Object* extra);

// The digest of what the event says: type, subject, occurred instant and facts. Equal identity with another digest is
// a conflict. Knowledge time and private text are outside: a second delivery comes later, and text can be erased.
Digest FactsDigest(const Event& event);
// The same where EncodeFacts(event).Canonical() is at hand; `event.data` gives the type only.
Digest FactsDigest(const Event& event, std::string_view canonical_facts);

// All type names this version knows, sorted.
std::vector<std::string_view> KnownTypes();
// The JSON Schema (draft 2020-12) of a type, made from its Describe; schemas/<type>.json must equal it.
absl::StatusOr<Json> SchemaOf(std::string_view type);

// Events of one type as a table: id, source, subject, time, recorded, batch, then a column a field of `data`, facts first. Amounts, lists and
// documents are text. `event.unknown_type`. The layout is what Arrow consumers see.
absl::StatusOr<Table> EventTable(std::string_view type, std::span<const Event> events);

}  // namespace rapport

#endif  // RAPPORT_LEDGER_CODEC_HPP_
