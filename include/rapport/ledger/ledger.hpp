// Floor 1. The ledger: append-only, each event once, knowledge sealed.
//
//   Ledger ledger(OpenMemoryStore());
//   auto receipt = ledger.Append(events);      // all or nothing
//   receipt->accepted, receipt->duplicates, receipt->last_sequence
//
// Identity. The same (source, id) with equal content counts once, within the call and against the store; with other
// content the call is refused with `ledger.conflict` (ALREADY_EXISTS), naming the record and the first field that
// differs; where the caller asks, it becomes `event.corrected` (docs/adr/0018): the stored event stays, its new words count from when
// they became known.
// Seal. What the engine writes (a tick, a hand-over, a fit) seals knowledge up to its as_of: an event appended later
// that claims to have been known by then is stored at the seal plus one microsecond, its claim kept. So no answer once
// given for a moment can change. docs/adr/0001 says why.
// Order. A batch is sorted canonically before sequences are assigned, so arrival order within a call leaves no trace.
#ifndef RAPPORT_LEDGER_LEDGER_HPP_
#define RAPPORT_LEDGER_LEDGER_HPP_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/ledger/event.hpp"
#include "rapport/ledger/store.hpp"

namespace rapport {

struct AppendReceipt {
  std::int64_t accepted = 0;
  std::int64_t duplicates = 0;
  std::int64_t corrected = 0;
  std::int64_t last_sequence = 0;
};

// Other content under a stored identity: refused, or appended as event.corrected. kReplace is for a table that holds the present state:
// its words count from now on whatever time they claim.
enum class OnConflict { kError, kCorrect, kReplace };

struct AppendOptions {
  OnConflict on_conflict = OnConflict::kError;
  // Takes events of the engine's own source too: an export that is read back into a book.
  bool own_events = false;
  // Appended in the same call if anything else of it is: what an import says of itself.
  std::optional<Event> companion;
};

// The id under which the engine retracts a batch.
std::string RetractedBatchId(const BatchId& batch);

struct EngineWrite {
  // Knowledge is sealed up to here in the same transaction.
  Instant seal;
  // Refused with `ledger.moved` (ABORTED) if the store has grown past this since the decision was made.
  std::optional<std::int64_t> expected_last_sequence;
};

// What a conclusion about a moment behind the seal is refused with: `ledger.behind_seal` (FAILED_PRECONDITION).
absl::Status BehindSeal(Instant at, Instant seal);

class Ledger {
 public:
  explicit Ledger(std::unique_ptr<Store> store) : store_(std::move(store)) {}

  // Events of the host. O(n log n). Source "rapport" is refused (`event.reserved_source`). `claimed` is kept; `recorded`
  // moves behind the seal where it is not. Besides `ledger.conflict`, the tokens of CheckEvent and of the store.
  absl::StatusOr<AppendReceipt> Append(std::vector<Event> events, const AppendOptions& options = {});
  // Events the engine concluded, with their seal. An event whose identity exists with equal content is a duplicate, so
  // a tick that is run twice writes once. `events` may be empty: the seal alone is set. They are stored with the times
  // they carry; a seal before the store's is `ledger.behind_seal`. `ledger.invalid_seal` for a seal outside the years 1 to 9999.
  absl::StatusOr<AppendReceipt> AppendOwn(std::vector<Event> events, const EngineWrite& write);

  absl::Status Scan(std::int64_t after, const std::function<absl::Status(Event&&)>& visit) {
    return store_->Scan(after, visit);
  }
  // The event of that identity, private part included; none where it is not stored.
  absl::StatusOr<std::optional<Event>> Find(const EventKey& key);
  // The engine's event that takes a stored event back from `at` on; none where it does not count already.
  absl::StatusOr<std::optional<Event>> RetractionOf(const EventKey& key, const CustomerId& subject, Instant at, const BatchId& batch);
  absl::StatusOr<std::int64_t> LastSequence() { return store_->LastSequence(); }
  absl::StatusOr<std::optional<Instant>> Seal() { return store_->Seal(); }
  absl::Status Check() { return store_->Check(); }
  // The store, for what is no append: erasure, links, backup.
  Store& store() { return *store_; }

 private:
  absl::StatusOr<AppendReceipt> Write(std::vector<Event> events, const AppendOptions& options, const EngineWrite* own);
  std::unique_ptr<Store> store_;
};

}  // namespace rapport

#endif  // RAPPORT_LEDGER_LEDGER_HPP_
