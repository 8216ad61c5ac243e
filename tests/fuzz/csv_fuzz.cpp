// Any bytes as a file of rows: the first line chooses the mapping (the name of a shipped one, else one that uses most of the language,
// with the line as its encoding; "inspect": none, the file is inspected), the rest is the file. It is refused with a token, or gives events that are sound, the same again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/delimited.hpp"
#include "engine/inspect_columns.hpp"
#include "rapport/core/status.hpp"

namespace {

using namespace rapport;

constexpr std::string_view kMapping = R"({"rapport_mapping":1,"source":"fuzz","format":"delimited","delimiter":";","zone":"Europe/Berlin","group_by":"o","events":[
  {"type":"purchase.placed","subject":{"column":"c","trim":true,"strip_prefix":"'","prefix":"c-","else":{"column":"m","as":"digest"}},
   "when":{"any":[{"column":"s","in":["paid",1,true]},{"not":{"column":"s","not_empty":true}}]},"retract_when":{"column":"x","equals":true},
   "id":{"join":[{"column":"o"},{"column":"s","null_words":["-"]}],"with":"/"},
   "time":{"column":"t","forms":["%d.%m.%Y","rfc3339","epoch_milliseconds","excel_serial"],"date_only":true,"at":"12:00"},
   "data":{"currency":{"value":"EUR"},"lines":[{"each_row":{"product":{"column":"p","split":",","first":true,"own_row":true},
     "quantity":{"column":"q","as":"number","decimal":",","group":".","divide_by":2},"amount":{"column":"a","as":"amount","decimal":",","group":".","absolute":true}}}]}}],
  "optional_columns":["x","m","s"],"encoding":)";

absl::StatusOr<Mapping> Chosen(std::string_view line) {
  absl::StatusOr<Mapping> shipped = Mapping::Shipped(line, ZoneRules::Bundled());
  if (shipped.ok()) return shipped;
  const std::string encoding(TextEncodingNamed(line) ? line : "utf-8");
  return Mapping::Parse(std::string(kMapping).append("\"").append(encoding).append("\"}"), ZoneRules::Bundled());
}

std::string Lines(const FileEvents& file) {
  std::string out;
  for (const Event& event : file.events) out += EncodeEvent(event).Canonical() + "\n";
  return out;
}

void CheckInspection(std::string_view file) {
  const absl::StatusOr<Json> found = InspectBytes(file, "input", ZoneRules::Bundled());
  if (!found.ok()) {
    RAPPORT_INVARIANT(TokenOf(found.status()) == "import.encoding", "nothing else is refused");
    return;
  }
  const Json& mapping = *found->Find("mapping");
  RAPPORT_INVARIANT(mapping.is_null() || Mapping::Parse(mapping.Canonical(), ZoneRules::Bundled()).ok(), "what is proposed is accepted");
  RAPPORT_INVARIANT(Json::Parse(found->Canonical()).ok(), "the answer can be written down");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const std::size_t end = std::min(text.find('\n'), size);
  if (text.substr(0, end) == "inspect") {
    CheckInspection(text.substr(std::min(end + 1, size)));
    return 0;
  }
  const absl::StatusOr<Mapping> mapping = Chosen(text.substr(0, end));
  RAPPORT_INVARIANT(mapping.ok(), "the mappings are sound");
  const std::string_view file = text.substr(std::min(end + 1, size));
  ImportOptions options;
  options.max_rejects = 1'000'000;
  const absl::StatusOr<FileEvents> read = MapText(file, "input", *mapping, ZoneRules::Bundled(), options);
  if (!read.ok()) {
    RAPPORT_INVARIANT(TokenOf(read.status()) != "internal", "every refusal has a token");
    return 0;
  }
  for (const Event& event : read->events) RAPPORT_INVARIANT(CheckEvent(event).ok(), "what is read is sound");
  for (const RejectedRow& row : read->rejected) RAPPORT_INVARIANT(row.token != "internal" && row.line > 0, "every rejected row has a line and a token");
  const absl::StatusOr<FileEvents> again = MapText(file, "input", *mapping, ZoneRules::Bundled(), options);
  RAPPORT_INVARIANT(again.ok() && Lines(*again) == Lines(*read), "the same file gives the same events");
  return 0;
}
