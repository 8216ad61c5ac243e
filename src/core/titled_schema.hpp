// Floor 0, inside. The published forms of documents (schemas/*.schema.json) with titles in the words of a language.
#ifndef RAPPORT_SRC_CORE_TITLED_SCHEMA_HPP_
#define RAPPORT_SRC_CORE_TITLED_SCHEMA_HPP_

#include <string_view>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"

namespace rapport {

// schemas/<document>.schema.json, one that is bundled. A form's title is the message schema.form.<form>, a property's schema.property.<form>.<name> or
// schema.property.<name>, that of a word it may be schema.word.<form>.<word>; descriptions are schema.about.*, where they exist. O(schema).
absl::StatusOr<Json> TitledSchema(std::string_view document, Language language);

}  // namespace rapport

#endif  // RAPPORT_SRC_CORE_TITLED_SCHEMA_HPP_
