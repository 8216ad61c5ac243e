# The page of a day (src/plan/page/) and the chart library that draws in it, put into the library by the assembler as the zone rules are: a host needs
# no files beside it, and a page needs no network. Chart.js is read from where the system has it and is never copied into the tree.
option(RAPPORT_PAGE_CHARTS "Put Chart.js into the pages; without it their numbers stand in tables alone" ON)
set(RAPPORT_CHART_JS "/usr/share/javascript/chart.js/chart.min.js" CACHE FILEPATH "Chart.js 3.9 or later, minified, as one script for browsers")
set(page_library "")
if(RAPPORT_PAGE_CHARTS)
  if(NOT EXISTS "${RAPPORT_CHART_JS}")
    message(FATAL_ERROR "No chart library at ${RAPPORT_CHART_JS}; install the package libjs-chart.js, set RAPPORT_CHART_JS to a chart.min.js, or "
                        "build with -DRAPPORT_PAGE_CHARTS=OFF: pages then show tables alone")
  endif()
  file(REAL_PATH "${RAPPORT_CHART_JS}" page_library)
  file(STRINGS "${page_library}" ends_script REGEX "</[sS][cC][rR][iI][pP][tT]|<!--" LIMIT_COUNT 1)
  file(READ "${page_library}" banner LIMIT 200)
  if(ends_script OR NOT banner MATCHES "Chart\\.js v[34]\\.")
    message(FATAL_ERROR "${page_library}: found no Chart.js 3 or 4 that can stand within a page's script element")
  endif()
endif()

# Templates with automatic escaping; headers alone.
find_path(RAPPORT_MUSTACHE_INCLUDE kainjow/mustache.hpp)
if(NOT RAPPORT_MUSTACHE_INCLUDE)
  message(FATAL_ERROR "No kainjow/mustache.hpp; install the package libkainjow-mustache-dev or set RAPPORT_MUSTACHE_INCLUDE to the folder that holds it")
endif()
function(rapport_page_templates)
  foreach(target IN LISTS ARGN)
    if(TARGET ${target})
      target_include_directories(${target} SYSTEM PRIVATE "${RAPPORT_MUSTACHE_INCLUDE}")
    endif()
  endforeach()
endfunction()

set(page_folder "${PROJECT_SOURCE_DIR}/src/plan/page")
set(page_source "${PROJECT_BINARY_DIR}/generated/page_files.S")
set(page_sections "")
foreach(pair IN ITEMS "template|${page_folder}/page.mustache" "style|${page_folder}/page.css" "script|${page_folder}/page.js" "library|${page_library}")
  string(REGEX MATCH "^([a-z]+)\\|(.*)$" whole "${pair}")
  set(bytes "")
  if(CMAKE_MATCH_2)
    set(bytes "  .incbin \"${CMAKE_MATCH_2}\"\n")
  endif()
  string(APPEND page_sections "  .globl rapport_page_${CMAKE_MATCH_1}, rapport_page_${CMAKE_MATCH_1}_end
  .hidden rapport_page_${CMAKE_MATCH_1}, rapport_page_${CMAKE_MATCH_1}_end
rapport_page_${CMAKE_MATCH_1}:
${bytes}rapport_page_${CMAKE_MATCH_1}_end:
  .byte 0
")
endforeach()
file(CONFIGURE OUTPUT "${page_source}" @ONLY CONTENT
"/* Made by cmake/RapportPage.cmake. */
  .section .rodata
@page_sections@  .section .note.GNU-stack, \"\", @progbits
")
set_source_files_properties("${page_source}" PROPERTIES
  OBJECT_DEPENDS "${page_folder}/page.mustache;${page_folder}/page.css;${page_folder}/page.js;${page_library}")
set(RAPPORT_GENERATED_plan "${page_source}")
