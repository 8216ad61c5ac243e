// Floor 0, inside. The files bundled at build time (cmake/RapportMessages.cmake): mappings/*.json, messages/*.json,
// policies/*.json, policies/profiles/*.json and schemas/*.schema.json.
#ifndef RAPPORT_SRC_CORE_BUNDLED_TEXTS_HPP_
#define RAPPORT_SRC_CORE_BUNDLED_TEXTS_HPP_

#include <span>
#include <string_view>

namespace rapport {

struct BundledFile {
  std::string_view path;  // from the root of the source tree: "messages/en.json"
  std::string_view text;
};

// All of them, sorted by path.
std::span<const BundledFile> BundledFiles();

// By path, for example "policies/default.json"; empty where there is none.
std::string_view BundledText(std::string_view path);

}  // namespace rapport

#endif  // RAPPORT_SRC_CORE_BUNDLED_TEXTS_HPP_
