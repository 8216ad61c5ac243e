# What the library links. Nothing is downloaded: a missing package is named by find_package.
find_package(absl REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)

# libcsv ships neither a CMake nor a pkg-config file.
if(NOT TARGET csv::csv)
  find_path(RAPPORT_CSV_INCLUDE csv.h REQUIRED)
  find_library(RAPPORT_CSV_LIBRARY NAMES csv REQUIRED)
  add_library(csv::csv UNKNOWN IMPORTED)
  set_target_properties(csv::csv PROPERTIES
    IMPORTED_LOCATION "${RAPPORT_CSV_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${RAPPORT_CSV_INCLUDE}")
endif()
