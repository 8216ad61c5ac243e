// Floor 1. Where events are kept. One interface, two stores: memory and a SQLite file; one conformance suite.
//
// A store knows nothing of folds. It keeps what the ledger hands it in one transaction, and gives it back in order of
// sequence. One writer; a second process that reads sees whole appends only. A store is used by one thread at a time.
// After a fork it belongs to the process that opened it: in the other every call is FAILED_PRECONDITION `store.forked`.
#ifndef RAPPORT_LEDGER_STORE_HPP_
#define RAPPORT_LEDGER_STORE_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rapport/core/hash.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

// Enough of a stored event to tell a repetition from a conflict.
struct StoredIdentity {
  std::int64_t sequence = 0;
  Digest facts;
  std::string private_json;  // canonical; empty where there is none or it was erased
  bool erased = false;       // there was a private part, and it is gone
  std::string batch;         // the import that brought it
};

class Store {
 public:
  virtual ~Store() = default;

  // 0 for an empty store. Sees what other processes have committed.
  virtual absl::StatusOr<std::int64_t> LastSequence() = 0;
  // Knowledge up to this instant is sealed; nullopt before the first seal.
  virtual absl::StatusOr<std::optional<Instant>> Seal() = 0;
  virtual absl::StatusOr<std::optional<StoredIdentity>> Find(const EventKey& key) = 0;
  // Calls `visit` with each event after `after`, in order of sequence.
  virtual absl::Status Scan(std::int64_t after, const std::function<absl::Status(Event&&)>& visit) = 0;

  // The same for the events of one customer, or, with an empty id, for those about none. O(those), by an index.
  virtual absl::Status ScanSubject(const CustomerId& subject, const std::function<absl::Status(Event&&)>& visit) = 0;
  // The events of a source whose id begins with `prefix`, in order of id.
  virtual absl::StatusOr<std::vector<Event>> WithPrefix(std::string_view source, std::string_view prefix) = 0;
  // The link of the integrity chain that ends with `sequence`; none where no append call ended there. It names the ledger and all it
  // held then: a snapshot made at that sequence is this ledger's if it carries it.
  virtual absl::StatusOr<std::optional<Digest>> LinkAt(std::int64_t sequence) = 0;

  // Runs `write` while nobody else can append. Whatever it passes to Put and SetSeal is committed and synced if it
  // returns OK, and leaves no trace otherwise. Disk full is RESOURCE_EXHAUSTED `store.full`; another writer that does
  // not give way within the store's patience is UNAVAILABLE `store.busy`; other I/O is UNAVAILABLE `store.io`.
  virtual absl::Status Transaction(const std::function<absl::Status()>& write) = 0;
  // Within Transaction only. The events carry their sequence already; they are one append call of the integrity chain.
  virtual absl::Status Put(const std::vector<Event>& events) = 0;
  virtual absl::Status SetSeal(Instant seal) = 0;
  // Within Transaction only: deletes the private parts of these events, text and salt. Digests and chain stay as they are.
  virtual absl::Status ErasePrivate(const std::vector<std::int64_t>& sequences) = 0;

  // After an erasure was committed: leaves none of its bytes in the store's files. `store.busy` where a reader holds them.
  virtual absl::Status Scrub() = 0;
  // A copy of everything committed, in a new file, while others read and write. `store.exists`, `store.io`, `store.full`.
  virtual absl::Status Backup(const std::string& path) = 0;

  // Re-reads everything and checks digests, the chain and the store's own integrity; `store.corrupt` names what broke.
  virtual absl::Status Check() = 0;
};

// `first_after`: the sequence after which the store begins, for a ledger whose beginning lies elsewhere (a snapshot): what came before is
// not here. `link` is the chain's at that point.
std::unique_ptr<Store> OpenMemoryStore(std::int64_t first_after = 0, const Digest& link = {});

struct SqliteOptions {
  bool create = true;
  int busy_milliseconds = 5000;
};
// Opens or creates `path`. `store.not_found` (create = false, or no such folder), `store.not_a_book` (another application's
// file), `store.newer_schema`, `store.io`. Every later failure of the file names its path: `store.full`, `store.busy`,
// `store.io`, `store.read_only` (PERMISSION_DENIED), `store.corrupt` (DATA_LOSS).
//
// Private parts are stored with a salt of their own, drawn from the operating system: the one thing in the engine that two
// runs do not share. It makes the digest of a private text useless for guessing the text, goes when the text is erased,
// and never reaches an answer.
absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const std::string& path, const SqliteOptions& options = {});

}  // namespace rapport

#endif  // RAPPORT_LEDGER_STORE_HPP_
