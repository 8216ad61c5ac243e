// Mappings that come with the library: mappings/*.json, embedded.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/bundled_texts.hpp"
#include "rapport/engine/import.hpp"

namespace rapport {
namespace {

constexpr std::string_view kFolder = "mappings/";
constexpr std::string_view kEnding = ".json";

}  // namespace

std::vector<std::string> ShippedMappings() {
  std::vector<std::string> names;
  for (const BundledFile& file : BundledFiles()) {
    if (!file.path.starts_with(kFolder)) continue;
    names.emplace_back(file.path.substr(kFolder.size(), file.path.size() - kFolder.size() - kEnding.size()));
  }
  return names;
}

absl::StatusOr<Mapping> Mapping::Shipped(std::string_view name, const ZoneRules& zones) {
  const std::string_view text = BundledText(std::string(kFolder).append(name).append(kEnding));
  if (!text.empty()) return Parse(text, zones);
  return NotFound("mapping.unknown_name", absl::StrCat("found \"", ToAbsl(name), "\", expected one of ", absl::StrJoin(ShippedMappings(), ", ")));
}

}  // namespace rapport
