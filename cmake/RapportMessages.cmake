# Embeds messages/*.json, mappings/*.json, policies/*.json, policies/profiles/*.json and the forms of policies and profiles in the library: a host
# needs no files beside it. Read at configure time, written to generated/bundled_texts.cpp, which core compiles (src/core/bundled_texts.hpp).
file(GLOB bundled_paths CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
  "${PROJECT_SOURCE_DIR}/mappings/*.json"
  "${PROJECT_SOURCE_DIR}/messages/*.json"
  "${PROJECT_SOURCE_DIR}/policies/*.json"
  "${PROJECT_SOURCE_DIR}/policies/profiles/*.json"
  "${PROJECT_SOURCE_DIR}/schemas/*.schema.json")
list(SORT bundled_paths)
list(LENGTH bundled_paths bundled_count)

set(bundled_entries "")
foreach(path IN LISTS bundled_paths)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${path}")
  file(READ "${PROJECT_SOURCE_DIR}/${path}" text)
  string(FIND "${text}" ")rapport\"" end_mark)
  if(NOT end_mark EQUAL -1)
    message(FATAL_ERROR "${path}: found )rapport\", which ends the literal it is embedded in")
  endif()
  # A literal a line: compilers limit the length of one literal, not of their sum.
  string(REPLACE "\n" "\n)rapport\"\n     R\"rapport(" text "${text}")
  string(APPEND bundled_entries "    {\"${path}\",\n     R\"rapport(${text})rapport\"sv},\n")
endforeach()

set(bundled_source "${PROJECT_BINARY_DIR}/generated/bundled_texts.cpp")
file(WRITE "${bundled_source}.new" "// Made by cmake/RapportMessages.cmake from mappings/, messages/, policies/ and schemas/.
#include \"core/bundled_texts.hpp\"

#include <array>

namespace rapport {
namespace {

using namespace std::string_view_literals;

constexpr std::array<BundledFile, ${bundled_count}> kFiles = {{
${bundled_entries}}};

}  // namespace

std::span<const BundledFile> BundledFiles() { return kFiles; }

std::string_view BundledText(std::string_view path) {
  for (const BundledFile& file : kFiles) {
    if (file.path == path) return file.text;
  }
  return {};
}

}  // namespace rapport
")
# Only if it changed, so that configuring again compiles nothing.
file(COPY_FILE "${bundled_source}.new" "${bundled_source}" ONLY_IF_DIFFERENT)
file(REMOVE "${bundled_source}.new")
list(APPEND RAPPORT_GENERATED_core "${bundled_source}")
