// A developer's tool; no test runs it and nothing installs it.
//
//   rapport_write_schemas schemas <folder>    writes <folder>/<type>.json for every type (the repository's schemas/)
//   rapport_write_schemas events <folder>     writes one event of every type, a file each (tests/fuzz/corpus/event)
//   rapport_write_schemas book <file.db> <file.ndjson>
//                                             writes a new book with events of every type, and what it holds as lines.
//                                             tests/fixtures/ledger holds one for each released schema version: a file
//                                             that is there is never written again.
#include <sqlite3.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "ledger/payload_samples.hpp"
#include "rapport/ledger/ledger.hpp"

namespace rapport {
namespace {

bool WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) std::fprintf(stderr, "%s: not written\n", path.c_str());
  return static_cast<bool>(file);
}

bool WriteSchemas(const std::string& folder) {
  bool ok = true;
  for (const std::string_view type : KnownTypes()) {
    ok = WriteFile(folder + "/" + std::string(type) + ".json", SchemaOf(type)->Pretty() + "\n") && ok;
  }
  return ok;
}

bool WriteEvents(const std::string& folder) {
  bool ok = true;
  for (const Event& event : samples::AnyEvents(samples::kTypes, 1, samples::Fill::kAll)) {
    ok = WriteFile(folder + "/" + std::string(event.type()) + ".json", samples::TextOf(event)) && ok;
  }
  return ok;
}

absl::Status FillBook(Ledger& ledger) {
  std::vector<Event> events = samples::LastingEvents(3 * samples::kTypes, 2026);
  std::vector<Event> late(events.end() - static_cast<std::ptrdiff_t>(samples::kTypes), events.end());
  events.resize(events.size() - samples::kTypes);
  late.front().extra.emplace("colour", "green");
  Event unknown = late.front();
  unknown.key.id = "unknown";
  unknown.extra.clear();
  unknown.data = Unrecognised{"weather.seen", Json::Object{{"sky", "blue"}}};
  late.push_back(unknown);
  RAPPORT_RETURN_IF_ERROR(ledger.Append(events).status());
  const Instant seal = Instant::FromMicros(1'730'000'000'000'000);
  Event own = unknown;
  own.key = {std::string(kEngineSource), "own"};
  own.data = FollowUpExpired{FollowUpId::Trusted("f-1")};
  own.occurred = {seal, 0};
  own.recorded = own.claimed = seal;
  RAPPORT_RETURN_IF_ERROR(ledger.AppendOwn({own}, {seal, std::nullopt}).status());
  return ledger.Append(late).status();
}

// Leaves one file: without the journal of WAL beside it.
bool LeaveWal(const std::string& path) {
  sqlite3* db = nullptr;
  const bool ok = sqlite3_open(path.c_str(), &db) == SQLITE_OK &&
                  sqlite3_exec(db, "PRAGMA journal_mode = DELETE; VACUUM", nullptr, nullptr, nullptr) == SQLITE_OK;
  sqlite3_close(db);
  return ok;
}

bool WriteBook(const std::string& path, const std::string& lines_path) {
  if (std::ifstream(path).good()) {
    std::fprintf(stderr, "%s: is there already and stays as it is\n", path.c_str());
    return false;
  }
  std::string lines;
  {
    Ledger ledger(OpenSqliteStore(path).value());
    const absl::Status filled = FillBook(ledger);
    if (!filled.ok()) {
      std::fprintf(stderr, "%s\n", std::string(filled.message()).c_str());
      return false;
    }
    (void)ledger.Scan(0, [&](Event&& event) {
      lines += samples::TextOf(event) + "\n";
      return absl::OkStatus();
    });
  }
  return LeaveWal(path) && WriteFile(lines_path, lines);
}

}  // namespace
}  // namespace rapport

int main(int count, char** words) {
  const std::string what = count > 1 ? words[1] : "";
  if (what == "schemas" && count == 3) return rapport::WriteSchemas(words[2]) ? 0 : 1;
  if (what == "events" && count == 3) return rapport::WriteEvents(words[2]) ? 0 : 1;
  if (what == "book" && count == 4) return rapport::WriteBook(words[2], words[3]) ? 0 : 1;
  std::fprintf(stderr, "usage: %s schemas <folder> | events <folder> | book <file.db> <file.ndjson>\n", words[0]);
  return 2;
}
