// Events from hostile text: decoding fails with a Status or gives an event that can be written and read back.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rapport/core/status.hpp"
#include "rapport/ledger/codec.hpp"

namespace {

using namespace rapport;

void CheckOne(const Json& json, OnUnknown on_unknown) {
  DecodeOptions options;
  options.on_unknown = on_unknown;
  options.own_events = true;
  const absl::StatusOr<Event> event = DecodeEvent(json, options, "input");
  if (!event.ok()) {
    RAPPORT_INVARIANT(TokenOf(event.status()) != "internal", "every refusal has a token");
    return;
  }
  RAPPORT_INVARIANT(CheckEvent(*event).ok(), "what decodes is sound");
  const Json encoded = EncodeEvent(*event);
  const absl::StatusOr<Json> parsed = Json::Parse(encoded.Canonical());
  RAPPORT_INVARIANT(parsed.ok() && *parsed == encoded, "what is encoded parses");
  const absl::StatusOr<Event> again = DecodeEvent(*parsed, options, "again");
  RAPPORT_INVARIANT(again.ok() && EncodeEvent(*again) == encoded, "and decodes to the same");
  RAPPORT_INVARIANT(FactsDigest(*again) == FactsDigest(*event), "with the same digest");

  const Json facts = EncodeFacts(*event), privates = EncodePrivate(*event);
  Event stored = *event;
  stored.extra.clear();
  absl::StatusOr<Payload> payload = DecodePayload(event->type(), facts, &privates, &stored.extra);
  RAPPORT_INVARIANT(payload.ok(), "stored parts read back");
  stored.data = *std::move(payload);
  RAPPORT_INVARIANT(EncodeEvent(stored) == encoded, "as the same event");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const absl::StatusOr<Json> json = Json::Parse(text);
  if (!json.ok()) return 0;
  CheckOne(*json, OnUnknown::kError);
  CheckOne(*json, OnUnknown::kKeep);
  return 0;
}
