// A small book's file with some of its bytes changed, as the input says: opening, reading and checking it give errors of the store or
// what was stored, and never anything worse. The input: four bytes a change, a place (three bytes, little-endian, modulo the size) and
// what stands there; a place of the last 256 below 2^24 cuts the file instead, to as many sixteenths of a kilobyte as the byte says.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "ledger/payload_samples.hpp"
#include "rapport/ledger/ledger.hpp"

namespace rapport::store_fuzz {

inline std::string FolderForBooks() {
  const std::string memory = "/dev/shm";
  return access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path().string();
}
inline std::string PathForBook() { return FolderForBooks() + "/rapport-store-fuzz-" + std::to_string(getpid()) + ".db"; }

inline void Remove(const std::string& path) {
  for (const char* end : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path + end);
}

inline std::vector<std::string> ContentOf(Store& store, absl::Status& status) {
  std::vector<std::string> content;
  status = store.Scan(0, [&](Event&& event) {
    content.push_back(samples::TextOf(event));
    return absl::OkStatus();
  });
  return content;
}

struct Book {
  std::string bytes;
  std::vector<std::string> content;
};

inline const Book& SmallBook() {
  static const Book book = [] {
    Book made;
    const std::string path = PathForBook();
    Remove(path);
    {
      Ledger ledger(OpenSqliteStore(path).value());
      for (std::uint64_t call = 0; call < 3; ++call) {
        std::vector<Event> events = samples::LastingEvents(8 + 70 * (call % 2), 40 + call);
        for (Event& event : events) event.key.source = "source-" + std::to_string(call);
        RAPPORT_INVARIANT(ledger.Append(std::move(events)).ok(), "the book is filled");
      }
      absl::Status status;
      made.content = ContentOf(ledger.store(), status);
    }
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    made.bytes = text.str();
    Remove(path);
    return made;
  }();
  return book;
}

inline std::string Changed(const std::uint8_t* bytes, std::size_t size) {
  std::string book = SmallBook().bytes;
  for (std::size_t at = 0; at + 4 <= size && !book.empty(); at += 4) {
    const std::size_t place = bytes[at] | (std::size_t{bytes[at + 1]} << 8) | (std::size_t{bytes[at + 2]} << 16);
    if (place >= (std::size_t{1} << 24) - 256) {
      book.resize(std::min(book.size(), std::size_t{bytes[at + 3]} * 64));
    } else {
      book[place % book.size()] = static_cast<char>(bytes[at + 3]);
    }
  }
  return book;
}

inline void MustBeOfTheStore(const absl::Status& status) {
  RAPPORT_INVARIANT(status.ok() || TokenOf(status).starts_with("store."), "a failure is the store's");
}

// Everything that reads; true where the whole book was found sound.
inline bool Read(Store& store) {
  absl::Status scanned;
  const std::vector<std::string> content = ContentOf(store, scanned);
  MustBeOfTheStore(scanned);
  MustBeOfTheStore(store.LastSequence().status());
  MustBeOfTheStore(store.Seal().status());
  MustBeOfTheStore(store.Find({"source-1", "e-5"}).status());
  MustBeOfTheStore(store.WithPrefix("source-1", "e-").status());
  MustBeOfTheStore(store.LinkAt(8).status());
  for (const char* subject : {"c-1", ""}) {
    MustBeOfTheStore(store.ScanSubject(CustomerId::Trusted(subject), [](Event&&) { return absl::OkStatus(); }));
  }
  const absl::Status checked = store.Check();
  MustBeOfTheStore(checked);
  if (!checked.ok()) return false;
  RAPPORT_INVARIANT(scanned.ok() && (content.empty() || content == SmallBook().content), "what Check passes is what was stored");
  return true;
}

// True where the book was opened and found sound.
inline bool Run(const std::uint8_t* bytes, std::size_t size) {
  const std::string path = PathForBook();
  const std::string changed = Changed(bytes, size);
  Remove(path);
  std::ofstream(path, std::ios::binary) << changed;
  bool sound = false;
  {
    absl::StatusOr<std::unique_ptr<Store>> store = OpenSqliteStore(path);
    MustBeOfTheStore(store.status());
    if (store.ok()) {
      sound = Read(**store);
      Ledger ledger(*std::move(store));
      std::vector<Event> more = samples::LastingEvents(5, 99);
      for (Event& event : more) event.key.source = "later";
      MustBeOfTheStore(ledger.Append(std::move(more)).status());
    }
  }
  Remove(path);
  return sound;
}

}  // namespace rapport::store_fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static_cast<void>(rapport::store_fuzz::Run(bytes, size));
  return 0;
}
