# The IANA zone rules that the library carries: every TZif file below RAPPORT_ZONEINFO, put into one object by the assembler. The
# rules are read here, at build time, and nowhere else: no environment variable and no other tzdata changes a plan.
set(RAPPORT_ZONEINFO "/usr/share/zoneinfo" CACHE PATH "Folder with the TZif files of package tzdata")
if(NOT EXISTS "${RAPPORT_ZONEINFO}/tzdata.zi")
  message(FATAL_ERROR "No zone rules in ${RAPPORT_ZONEINFO}; install the package tzdata or set RAPPORT_ZONEINFO")
endif()
file(STRINGS "${RAPPORT_ZONEINFO}/tzdata.zi" first_line LIMIT_COUNT 1)
string(REGEX REPLACE "^# version " "" RAPPORT_ZONE_RULES_VERSION "${first_line}")

file(GLOB_RECURSE zone_files LIST_DIRECTORIES false RELATIVE "${RAPPORT_ZONEINFO}" "${RAPPORT_ZONEINFO}/*")
list(FILTER zone_files EXCLUDE REGEX "^(posix|right|SystemV)/|\\.(zi|tab|list)$|^(localtime|posixrules|leapseconds|\\+VERSION)$")
list(SORT zone_files)
set(names "")
set(contents "")
set(index "")
set(count 0)
foreach(name IN LISTS zone_files)
  file(READ "${RAPPORT_ZONEINFO}/${name}" magic LIMIT 4 HEX)
  if(NOT magic STREQUAL "545a6966")
    continue()
  endif()
  file(SHA256 "${RAPPORT_ZONEINFO}/${name}" digest)
  if(NOT DEFINED zone_content_${digest})
    set(zone_content_${digest} ${count})
    string(APPEND contents ".Lzone_${count}:\n  .incbin \"${RAPPORT_ZONEINFO}/${name}\"\n.Lzone_end_${count}:\n")
  endif()
  set(at ${zone_content_${digest}})
  string(APPEND names ".Lname_${count}:\n  .asciz \"${name}\"\n")
  string(APPEND index "  .quad .Lname_${count}, .Lzone_${at}, .Lzone_end_${at} - .Lzone_${at}\n")
  math(EXPR count "${count} + 1")
endforeach()
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/generated/zone_rules.S" @ONLY CONTENT
"/* Made by cmake/RapportZoneRules.cmake. */
  .section .rodata
@names@.Lversion:
  .asciz \"@RAPPORT_ZONE_RULES_VERSION@\"
@contents@
  .section .data.rel.ro, \"aw\"
  .balign 8
  .globl rapport_bundled_zones
  .hidden rapport_bundled_zones
  .type rapport_bundled_zones, @object
rapport_bundled_zones:
@index@  .quad 0, 0, 0
  .globl rapport_bundled_zones_version
  .hidden rapport_bundled_zones_version
  .type rapport_bundled_zones_version, @object
rapport_bundled_zones_version:
  .quad .Lversion
  .section .note.GNU-stack, \"\", @progbits
")
list(APPEND RAPPORT_GENERATED_core "${PROJECT_BINARY_DIR}/generated/zone_rules.S")
