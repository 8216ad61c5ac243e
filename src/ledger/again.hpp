// Floor 1, inside. What is said again under an identity that is stored: a repetition, a conflict, or new words.
#ifndef RAPPORT_SRC_LEDGER_AGAIN_HPP_
#define RAPPORT_SRC_LEDGER_AGAIN_HPP_

#include <optional>

#include "absl/status/statusor.h"
#include "rapport/ledger/ledger.hpp"
#include "rapport/ledger/store.hpp"

namespace rapport {

// The engine's event that gives the stored event of the same identity the content of `said`, claimed at `claimed`.
Event CorrectionOf(const Event& said, Instant claimed);
// The engine's event that takes an event back.
Event RetractionOf(const EventKey& target, const CustomerId& subject, Instant at, const BatchId& batch);

// What `said` adds to what is stored: nothing (a repetition), or a correction. `ledger.conflict` where it says something else and the
// caller did not ask for corrections, or where subject or type differ, which no correction changes.
absl::StatusOr<std::optional<Event>> SaidAgain(Store& store, const Event& said, const StoredIdentity& stored, OnConflict on_conflict);

// When what counts of the identity was claimed; none where it is retracted, by the engine's word or with its batch.
absl::StatusOr<std::optional<Instant>> LastClaim(Store& store, const EventKey& key, const StoredIdentity& stored);

// The event of that sequence; `store.corrupt` where it is gone.
absl::StatusOr<Event> StoredEvent(Store& store, std::int64_t sequence);
// The private part as stores keep it; empty where there is none.
std::string PrivateText(const Event& event);

}  // namespace rapport

#endif  // RAPPORT_SRC_LEDGER_AGAIN_HPP_
