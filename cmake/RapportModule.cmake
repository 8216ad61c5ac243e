# rapport_module(<name> [DEPENDS <module>...] [USES <target>...] [TEST_USES <target>...])
# One folder of src/ as an object library, with its tests beside it as rapport_<name>_tests.
# rapport_library() then joins all modules into the one library that hosts link.
set(RAPPORT_MODULES "" CACHE INTERNAL "")
set(RAPPORT_EXTERNAL "" CACHE INTERNAL "")

add_library(rapport_flags INTERFACE)
target_compile_features(rapport_flags INTERFACE cxx_std_20)
# -ffp-contract=off: the same doubles on every build of one compiler (docs/adr/0010).
target_compile_options(rapport_flags INTERFACE -ffp-contract=off)
target_include_directories(rapport_flags INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>)

add_library(rapport_warnings INTERFACE)
# gcc 12 sees overlaps and uninitialised values inside std::string and std::variant that are not there (GCC 105329, 105562).
target_compile_options(rapport_warnings INTERFACE -Wall -Wextra -Wpedantic
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<BOOL:${RAPPORT_WARNINGS_AS_ERRORS}>:-Werror>)

# Of the tests' own sources alone, whose compiling takes longer than that of what they test.
set(RAPPORT_TEST_OPTIONS "" CACHE STRING "Options for the sources of tests, after all others")
set(RAPPORT_COMPILED_TESTS "" CACHE PATH "A build of this tree whose compiled tests are linked with this one's library, instead of compiling them again")

# rapport_test_suite(<suite> SOURCES <source>... [OBJECTS <object>...] [INCLUDES <folder>...] [USES <target>...])
# The executable <suite>, run by ctest as <suite> without rapport_ and _tests. Its own sources are the object library <suite>_sources, so that another
# build can link them. What is tested stands first in the link: of an inline function that both hold, the one under sanitizers is taken.
function(rapport_test_suite suite)
  cmake_parse_arguments(ARG "" "" "SOURCES;OBJECTS;INCLUDES;USES" ${ARGN})
  set(listing compiled_tests/${suite}.txt)
  if(RAPPORT_COMPILED_TESTS)
    if(NOT EXISTS "${RAPPORT_COMPILED_TESTS}/${listing}")
      message(FATAL_ERROR "RAPPORT_COMPILED_TESTS: found no ${listing} in ${RAPPORT_COMPILED_TESTS}, expected a build of this tree with its tests")
    endif()
    file(READ "${RAPPORT_COMPILED_TESTS}/${listing}" compiled)
  else()
    add_library(${suite}_sources OBJECT ${ARG_SOURCES})
    target_include_directories(${suite}_sources PRIVATE ${ARG_INCLUDES})
    target_link_libraries(${suite}_sources PRIVATE rapport_flags rapport_warnings ${ARG_USES} GTest::gmock GTest::gtest rapidcheck)
    target_compile_options(${suite}_sources PRIVATE ${RAPPORT_TEST_OPTIONS})
    target_compile_definitions(${suite}_sources PRIVATE
      RAPPORT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" RAPPORT_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared")
    set(compiled $<TARGET_OBJECTS:${suite}_sources>)
    file(GENERATE OUTPUT "${PROJECT_BINARY_DIR}/${listing}" CONTENT "${compiled}")
  endif()
  add_executable(${suite} ${ARG_OBJECTS} ${compiled})
  set_target_properties(${suite} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${suite} PRIVATE rapport_flags ${ARG_USES} GTest::gmock GTest::gtest_main rapidcheck)
  string(REGEX REPLACE "^rapport_(.*)_tests$" "\\1" name ${suite})
  add_test(NAME ${name} COMMAND ${suite})
endfunction()

function(rapport_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;USES;TEST_USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${name}/*.cpp")
  set(target rapport_${name})
  if(NOT sources)
    message(FATAL_ERROR "src/${name} holds no source")
  endif()
  add_library(${target} OBJECT ${sources} ${RAPPORT_GENERATED_${name}})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  # What a module depends on brings its own dependencies along.
  set(closure ${ARG_DEPENDS})
  foreach(dep IN LISTS ARG_DEPENDS)
    list(APPEND closure ${RAPPORT_CLOSURE_${dep}})
  endforeach()
  list(REMOVE_DUPLICATES closure)
  set(RAPPORT_CLOSURE_${name} "${closure}" CACHE INTERNAL "")
  set(objects $<TARGET_OBJECTS:${target}>)
  set(externals ${ARG_USES})
  foreach(dep IN LISTS closure)
    list(APPEND objects $<TARGET_OBJECTS:rapport_${dep}>)
    list(APPEND externals ${RAPPORT_EXTERNAL_${dep}})
  endforeach()
  list(REMOVE_DUPLICATES externals)
  target_link_libraries(${target} PRIVATE rapport_flags rapport_warnings ${externals})
  set(RAPPORT_EXTERNAL_${name} "${externals}" CACHE INTERNAL "")
  set(RAPPORT_MODULES ${RAPPORT_MODULES} ${name} CACHE INTERNAL "")

  if(RAPPORT_BUILD_TESTS)
    file(GLOB tests CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/${name}/*_test.cpp")
    if(tests)
      rapport_test_suite(${target}_tests SOURCES ${tests} OBJECTS ${objects} INCLUDES "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests" USES ${externals} ${ARG_TEST_USES})
    endif()
  endif()
endfunction()

function(rapport_library)
  set(externals "")
  add_library(rapport STATIC)
  foreach(module IN LISTS RAPPORT_MODULES)
    target_sources(rapport PRIVATE $<TARGET_OBJECTS:rapport_${module}>)
    list(APPEND externals ${RAPPORT_EXTERNAL_${module}})
  endforeach()
  list(REMOVE_DUPLICATES externals)
  set_target_properties(rapport PROPERTIES LINKER_LANGUAGE CXX POSITION_INDEPENDENT_CODE ON)
  target_compile_features(rapport PUBLIC cxx_std_20)
  target_include_directories(rapport PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(rapport PUBLIC absl::status absl::statusor absl::time absl::strings
    PRIVATE ${externals})
  add_library(rapport::rapport ALIAS rapport)
endfunction()
