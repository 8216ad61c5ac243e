// What the cases about stored books share: simulated purchases, folders that go, plain SQLite.
#ifndef RAPPORT_BENCH_STORE_CASES_HPP_
#define RAPPORT_BENCH_STORE_CASES_HPP_

#include <sqlite3.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "rapport/engine.hpp"
#include "rapport/simulate.hpp"

namespace rapport::bench {

// Events of the large cases; --ten_million on the command line makes it ten times as many.
inline std::size_t large_events = 1'000'000;

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "rapport-bench-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string File(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// The first `most` purchases, and customer.upserted too where asked, of as many customers as it takes, ten events each.
inline void VisitPurchases(std::size_t most, bool with_customers, const std::function<void(Event&&)>& visit) {
  SimulateOptions options{.customers = static_cast<std::int64_t>(most), .years = 5, .late_share = 0, .only_purchases = true, .setup = false};
  options.buying = {.r = 2, .alpha = 20, .a = 0.8, .b = 20};
  std::size_t made = 0;
  (void)Simulate(options, ZoneRules::Bundled(), [&](Event&& event) {
    if (!with_customers && event.As<PurchasePlaced>() == nullptr) return absl::OkStatus();
    visit(std::move(event));
    return ++made < most ? absl::OkStatus() : absl::CancelledError("enough");
  });
}

inline std::vector<Event> Purchases(std::size_t most, bool with_customers = false) {
  std::vector<Event> events;
  events.reserve(most);
  VisitPurchases(most, with_customers, [&](Event&& event) { events.push_back(std::move(event)); });
  return events;
}

// SQLite as a C program uses it; a failure ends the run.
class Plain {
 public:
  explicit Plain(const std::string& path) { Must(sqlite3_open(path.c_str(), &db_)); }
  ~Plain() { sqlite3_close(db_); }
  Plain(const Plain&) = delete;
  Plain& operator=(const Plain&) = delete;
  void Run(const std::string& sql) const { Must(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr)); }
  sqlite3_stmt* Prepare(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    Must(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr));
    return statement;
  }
  void Must(int code) const {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    std::fprintf(stderr, "sqlite: %s\n", sqlite3_errstr(code));
    std::abort();
  }

 private:
  sqlite3* db_ = nullptr;
};

// Bytes of this process in memory.
inline double ResidentSet() {
  std::ifstream statm("/proc/self/statm");
  double size = 0, resident = 0;
  statm >> size >> resident;
  return resident * 4096;
}

}  // namespace rapport::bench

#endif  // RAPPORT_BENCH_STORE_CASES_HPP_
