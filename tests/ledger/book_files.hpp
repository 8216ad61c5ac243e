// Folders for books that go when the test ends.
#ifndef RAPPORT_TESTS_LEDGER_BOOK_FILES_HPP_
#define RAPPORT_TESTS_LEDGER_BOOK_FILES_HPP_

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "rapport/core/status.hpp"
#include "sanitized.hpp"
#include "rapport/ledger/store.hpp"

namespace rapport::samples {

class Folder {
 public:
  Folder() {
    // In memory where there is such a folder: hundreds of books are made, and syncing each to a disk takes a minute.
    const std::filesystem::path memory = "/dev/shm";
    std::error_code none;
    const bool there = std::filesystem::is_directory(memory, none) && access(memory.c_str(), W_OK) == 0;
    std::string name = ((there ? memory : std::filesystem::temp_directory_path()) / "rapport-ledger-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string File(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string TextOfFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

inline void WriteFile(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

// How much slower tests that repeat something very often may run: one part in this of their rounds.
inline const int kSlow = IsSanitized() ? 10 : 1;

// Runs SQL behind the store's back; the last column of the last row, as text.
inline std::string RunSql(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  std::string value;
  char* problem = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  const auto keep = [](void* out, int count, char** values, char**) {
    if (count > 0 && values[count - 1] != nullptr) *static_cast<std::string*>(out) = values[count - 1];
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), keep, &value, &problem), SQLITE_OK) << (problem == nullptr ? "" : problem);
  sqlite3_free(problem);
  sqlite3_close(db);
  return value;
}

}  // namespace rapport::samples

#endif  // RAPPORT_TESTS_LEDGER_BOOK_FILES_HPP_
