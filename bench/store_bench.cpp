// Stored books beside plain SQLite: appending, reading, opening, many at once. BM_Store_X and BM_Plain_X do the same work; store_ratios.py
// divides their times.
#include <benchmark/benchmark.h>

#include <array>
#include <utility>

#include "store_cases.hpp"

namespace rapport {
namespace {

using bench::Folder;
using bench::Plain;

constexpr std::size_t kEvents = 200'000;
constexpr std::size_t kCall = 10'000;   // events an append call, rows a transaction

EngineOptions WithSnapshot(bool use) {
  EngineOptions options;
  options.use_snapshot = use;
  return options;
}

const std::vector<Event>& Bulk() {
  static const std::vector<Event> events = bench::Purchases(kEvents);
  return events;
}

void AppendAll(const std::string& path, std::vector<std::vector<Event>> calls) {
  Ledger ledger(*OpenSqliteStore(path));
  for (std::vector<Event>& call : calls) {
    if (const auto receipt = ledger.Append(std::move(call)); !receipt.ok()) std::abort();
  }
}

std::vector<std::vector<Event>> Calls() {
  std::vector<std::vector<Event>> calls;
  for (std::size_t at = 0; at < kEvents; at += kCall) {
    calls.emplace_back(Bulk().begin() + static_cast<std::ptrdiff_t>(at), Bulk().begin() + static_cast<std::ptrdiff_t>(at + kCall));
  }
  return calls;
}

// A book of the bulk purchases, made once.
const std::string& StoredBook() {
  static const Folder folder;
  static const std::string path = [] {
    AppendAll(folder.File("book.db"), Calls());
    return folder.File("book.db");
  }();
  return path;
}

void BM_Store_Append(benchmark::State& state) {
  const Folder folder;
  int number = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<std::vector<Event>> calls = Calls();
    const std::string path = folder.File(std::to_string(++number) + ".db");
    state.ResumeTiming();
    AppendAll(path, std::move(calls));
    state.PauseTiming();
    std::filesystem::remove(path);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}
BENCHMARK(BM_Store_Append)->Unit(benchmark::kMillisecond)->UseRealTime();

// One value of a stored row.
struct Value {
  int type = SQLITE_NULL;
  std::int64_t integer = 0;
  std::string bytes;
};

struct Rows {
  std::string schema;
  std::vector<std::vector<Value>> events, links;
};

std::vector<std::vector<Value>> ReadRows(const Plain& db, const std::string& sql) {
  std::vector<std::vector<Value>> rows;
  sqlite3_stmt* statement = db.Prepare(sql);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    std::vector<Value>& row = rows.emplace_back(static_cast<std::size_t>(sqlite3_column_count(statement)));
    for (int i = 0; i < static_cast<int>(row.size()); ++i) {
      Value& value = row[static_cast<std::size_t>(i)];
      value.type = sqlite3_column_type(statement, i);
      value.integer = value.type == SQLITE_INTEGER ? sqlite3_column_int64(statement, i) : 0;
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
      if (value.type == SQLITE_TEXT || value.type == SQLITE_BLOB) value.bytes.assign(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
    }
  }
  sqlite3_finalize(statement);
  return rows;
}

const Rows& StoredRows() {
  static const Rows rows = [] {
    const Plain db(StoredBook());
    Rows read;
    for (const auto& row : ReadRows(db, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")) read.schema += row[0].bytes + ";";
    read.events = ReadRows(db, "SELECT * FROM event ORDER BY sequence");
    read.links = ReadRows(db, "SELECT * FROM chain ORDER BY append_call");
    return read;
  }();
  return rows;
}

void Insert(const Plain& db, sqlite3_stmt* statement, const std::vector<Value>& row) {
  for (int i = 0; i < static_cast<int>(row.size()); ++i) {
    const Value& value = row[static_cast<std::size_t>(i)];
    const auto size = static_cast<int>(value.bytes.size());
    if (value.type == SQLITE_NULL) sqlite3_bind_null(statement, i + 1);
    else if (value.type == SQLITE_INTEGER) sqlite3_bind_int64(statement, i + 1, value.integer);
    else if (value.type == SQLITE_TEXT) sqlite3_bind_text(statement, i + 1, value.bytes.data(), size, SQLITE_STATIC);
    else sqlite3_bind_blob(statement, i + 1, value.bytes.data(), size, SQLITE_STATIC);
  }
  db.Must(sqlite3_step(statement));
  sqlite3_reset(statement);
}

void InsertAll(const std::string& path, const Rows& rows) {
  const Plain db(path);
  db.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON");
  db.Run("BEGIN;" + rows.schema + "COMMIT");
  sqlite3_stmt* event = db.Prepare("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  sqlite3_stmt* link = db.Prepare("INSERT INTO chain VALUES (?, ?, ?, ?)");
  for (std::size_t call = 0; call < rows.links.size(); ++call) {
    db.Run("BEGIN IMMEDIATE");
    for (std::size_t i = call * kCall; i < (call + 1) * kCall; ++i) Insert(db, event, rows.events[i]);
    Insert(db, link, rows.links[call]);
    db.Run("COMMIT");
  }
  sqlite3_finalize(event);
  sqlite3_finalize(link);
}

void BM_Plain_Append(benchmark::State& state) {
  const Folder folder;
  const Rows& rows = StoredRows();
  int number = 0;
  for (auto _ : state) {
    const std::string path = folder.File(std::to_string(++number) + ".db");
    InsertAll(path, rows);
    state.PauseTiming();
    std::filesystem::remove(path);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}
BENCHMARK(BM_Plain_Append)->Unit(benchmark::kMillisecond)->UseRealTime();

// Reads the book, folds it and visits every account.
void BM_Store_Fold(benchmark::State& state) {
  const std::string& path = StoredBook();
  for (auto _ : state) {
    Ledger ledger(*OpenSqliteStore(path));
    BookBuilder builder(ZoneRules::Bundled());
    (void)ledger.Scan(0, [&](Event&& event) {
      builder.Add(event);
      return absl::OkStatus();
    });
    std::int64_t accounts = 0;
    builder.AsKnown(std::nullopt)->Visit({}, [&](const Account& account) {
      benchmark::DoNotOptimize(account);
      ++accounts;
    });
    state.counters["accounts"] = static_cast<double>(accounts);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}
BENCHMARK(BM_Store_Fold)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_Plain_Fold(benchmark::State& state) {
  const std::string& path = StoredBook();
  for (auto _ : state) {
    const Plain db(path);
    sqlite3_stmt* rows = db.Prepare("SELECT e.*, p.* FROM event AS e LEFT JOIN private AS p ON p.sequence = e.sequence ORDER BY e.sequence");
    const int columns = sqlite3_column_count(rows);
    std::int64_t sum = 0;
    while (sqlite3_step(rows) == SQLITE_ROW) {
      for (int i = 0; i < columns; ++i) {
        if (sqlite3_column_type(rows, i) == SQLITE_INTEGER) sum += sqlite3_column_int64(rows, i);
        else if (const void* bytes = sqlite3_column_blob(rows, i)) sum += *static_cast<const char*>(bytes) + sqlite3_column_bytes(rows, i);
      }
    }
    sqlite3_finalize(rows);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}
BENCHMARK(BM_Plain_Fold)->Unit(benchmark::kMillisecond)->UseRealTime();

// A large book with its snapshot beside it, made once.
const std::string& LargeBook() {
  static const Folder folder;
  static const std::string path = [] {
    const std::string made = folder.File("large.db");
    Engine engine = *Engine::Open(made, WithSnapshot(false));
    std::vector<Event> call;
    bench::VisitPurchases(bench::large_events, true, [&](Event&& event) {
      call.push_back(std::move(event));
      if (call.size() < 50'000) return;
      if (!engine.Append(std::exchange(call, {})).ok()) std::abort();
    });
    if (!engine.Append(std::move(call)).ok() || !engine.SaveSnapshot().ok()) std::abort();
    return made;
  }();
  return path;
}

void Open(benchmark::State& state, bool with_snapshot) {
  const std::string& path = LargeBook();
  for (auto _ : state) {
    absl::StatusOr<Engine> engine = Engine::Open(path, WithSnapshot(with_snapshot));
    benchmark::DoNotOptimize(engine->Snapshot());
    state.PauseTiming();
    engine = absl::CancelledError("closed");
    state.ResumeTiming();
  }
  state.counters["events"] = static_cast<double>(bench::large_events);
}
void BM_Store_OpenSnapshot(benchmark::State& state) { Open(state, true); }
void BM_Store_OpenReplay(benchmark::State& state) { Open(state, false); }
BENCHMARK(BM_Store_OpenSnapshot)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(BM_Store_OpenReplay)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

// Resident bytes of a book in memory, an event and a customer.
void BM_Book_Resident(benchmark::State& state) {
  std::array<double, 2> bytes{};
  std::array<double, 2> count{};
  for (auto _ : state) {
    BookBuilder customers(ZoneRules::Bundled()), all(ZoneRules::Bundled());
    bench::VisitPurchases(bench::large_events, true, [&](Event&& event) {
      if (event.As<PurchasePlaced>() == nullptr) customers.Add(event);
      all.Add(event);
    });
    (void)customers.AsKnown(std::nullopt);
    (void)all.AsKnown(std::nullopt);
    bytes = {static_cast<double>(customers.ResidentBytes()), static_cast<double>(all.ResidentBytes())};
    count = {static_cast<double>(customers.event_count()), static_cast<double>(all.event_count())};
  }
  state.counters["customers"] = count[0];
  state.counters["events"] = count[1];
  state.counters["bytes_a_customer"] = bytes[0] / count[0];
  state.counters["bytes_a_purchase"] = (bytes[1] - bytes[0]) / (count[1] - count[0]);
}
BENCHMARK(BM_Book_Resident)->Unit(benchmark::kMillisecond)->Iterations(1);

// A thousand books of a hundred events, all open at once.
void BM_Store_ThousandBooks(benchmark::State& state) {
  constexpr int kBooks = 1'000;
  const Folder folder;
  {
    const std::vector<Event> events = bench::Purchases(100, true);
    Engine first = *Engine::Open(folder.File("0.db"), WithSnapshot(false));
    if (!first.Append(events).ok()) std::abort();
    for (int i = 1; i < kBooks; ++i) {
      if (!first.Backup(folder.File(std::to_string(i) + ".db")).ok()) std::abort();
    }
  }
  for (auto _ : state) {
    const double before = bench::ResidentSet();
    std::vector<Engine> open;
    open.reserve(kBooks);
    for (int i = 0; i < kBooks; ++i) {
      open.push_back(*Engine::Open(folder.File(std::to_string(i) + ".db"), WithSnapshot(false)));
      benchmark::DoNotOptimize(open.back().Snapshot());
    }
    state.counters["bytes_a_book"] = (bench::ResidentSet() - before) / kBooks;
  }
  state.SetItemsProcessed(state.iterations() * kBooks);
}
BENCHMARK(BM_Store_ThousandBooks)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

}  // namespace
}  // namespace rapport
