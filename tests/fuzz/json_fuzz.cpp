// JSON of any bytes: it is refused, or its canonical text is read back as the same value and stays as it is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "rapport/core/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const absl::StatusOr<rapport::Json> json = rapport::Json::Parse(text);
  if (!json.ok()) return 0;
  const std::string canonical = json->Canonical();
  const absl::StatusOr<rapport::Json> again = rapport::Json::Parse(canonical);
  if (!again.ok() || *again != *json || again->Canonical() != canonical) std::abort();
  const absl::StatusOr<rapport::Json> pretty = rapport::Json::Parse(json->Pretty());
  if (!pretty.ok() || *pretty != *json) std::abort();
  return 0;
}
