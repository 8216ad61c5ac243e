// Floor 1, inside. The CloudEvents members around `data`.
#ifndef RAPPORT_SRC_LEDGER_ENVELOPE_HPP_
#define RAPPORT_SRC_LEDGER_ENVELOPE_HPP_

#include <array>
#include <string_view>

#include "rapport/core/json.hpp"

namespace rapport::wire {

enum class SubjectRule;

// Under this name `extra` keeps the extension attributes of CloudEvents that were kept; no field of `data` may have it.
inline constexpr std::string_view kAttributes = "$attributes";

// Everything an event's envelope may hold beside extension attributes. `claimedtime` is written only where the seal
// moved `recordedtime`, `batch` where an import brought the event.
inline constexpr std::array<std::string_view, 12> kEnvelope = {
    "batch", "claimedtime", "data", "datacontenttype", "dataschema", "id", "recordedtime",
    "source",      "specversion", "subject",  "time",       "type"};

// JSON Schema of the envelope around `data` of a type.
Json EnvelopeSchema(std::string_view type, SubjectRule subject, Json::Object data);

}  // namespace rapport::wire

#endif  // RAPPORT_SRC_LEDGER_ENVELOPE_HPP_
