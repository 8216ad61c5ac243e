#include "rapport/ledger/ledger.hpp"

#include <algorithm>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ledger/again.hpp"
#include "ledger/difference.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport {
namespace {

using KeyView = std::pair<std::string_view, std::string_view>;

absl::Status CheckHostSource(const Event& event) {
  if (event.key.source != kEngineSource) return absl::OkStatus();
  return Invalid("event.reserved_source", absl::StrCat("event \"", event.key.id, "\", field source: found \"",
                                                       ToAbsl(kEngineSource), "\", expected another: this one is the engine's own"));
}

// Canonical order, and an order for the rest, so that of two equal deliveries the same one stays whichever came first.
bool StrictlyBefore(const Event& a, const Event& b) {
  if (CanonicalLess(a, b)) return true;
  if (CanonicalLess(b, a)) return false;
  return std::tie(a.recorded, a.occurred.offset_minutes) < std::tie(b.recorded, b.occurred.offset_minutes);
}

bool SameContent(const Event& a, const Event& b) {
  return FactsDigest(a) == FactsDigest(b) && PrivateText(a) == PrivateText(b);
}

// An event is large, so places are sorted and each event moves once.
void Sort(std::vector<Event>& events) {
  if (std::is_sorted(events.begin(), events.end(), StrictlyBefore)) return;
  std::vector<Event*> order;
  order.reserve(events.size());
  for (Event& event : events) order.push_back(&event);
  std::sort(order.begin(), order.end(), [](const Event* a, const Event* b) { return StrictlyBefore(*a, *b); });
  std::vector<Event> sorted;
  sorted.reserve(events.size());
  for (Event* event : order) sorted.push_back(std::move(*event));
  events = std::move(sorted);
}

// Sorts, and takes out what is in the call more than once; the number of those is added to `duplicates`. Other content under an
// identity becomes a correction where the caller asks.
absl::Status SortOnce(std::vector<Event>& events, OnConflict on_conflict, std::int64_t& duplicates, std::vector<Event>& corrections) {
  Sort(events);
  absl::flat_hash_map<KeyView, std::size_t> first;
  first.reserve(events.size());
  std::vector<bool> repeated(events.size());
  bool any = false;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto [at, added] = first.try_emplace(KeyView(events[i].key.source, events[i].key.id), i);
    if (added) continue;
    repeated[i] = true;
    any = true;
    if (SameContent(events[i], events[at->second])) {
      ++duplicates;
      continue;
    }
    const bool same_event = events[i].subject == events[at->second].subject && events[i].type() == events[at->second].type();
    if (on_conflict == OnConflict::kError || !same_event) return Conflict(events[i], events[at->second], "as earlier in the call");
    const Instant before = events[at->second].claimed;
    corrections.push_back(CorrectionOf(events[i], events[i].claimed == before ? before.PlusMicros(1) : events[i].claimed));
  }
  if (!any) return absl::OkStatus();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (repeated[i]) continue;
    if (kept != i) events[kept] = std::move(events[i]);
    ++kept;
  }
  events.resize(kept);
  return absl::OkStatus();
}

// The events that the store does not have yet, corrections of those it has among them.
absl::StatusOr<std::vector<Event>> NewOnes(Store& store, std::vector<Event>&& events, OnConflict on_conflict, AppendReceipt& receipt) {
  std::vector<Event> fresh;
  fresh.reserve(events.size());
  for (Event& event : events) {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<StoredIdentity> stored, store.Find(event.key));
    if (!stored) {
      fresh.push_back(std::move(event));
      continue;
    }
    RAPPORT_ASSIGN_OR_RETURN(std::optional<Event> correction, SaidAgain(store, event, *stored, on_conflict));
    receipt.duplicates += correction ? 0 : 1;
    receipt.corrected += correction ? 1 : 0;
    if (correction) fresh.push_back(*std::move(correction));
  }
  return fresh;
}

// Those that two contents in one call made, unless they were made before.
absl::Status AddCorrections(Store& store, std::vector<Event>&& corrections, std::vector<Event>& fresh, AppendReceipt& receipt) {
  for (Event& correction : corrections) {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<StoredIdentity> before, store.Find(correction.key));
    receipt.duplicates += before ? 1 : 0;
    if (before) continue;
    ++receipt.corrected;
    fresh.push_back(std::move(correction));
  }
  Sort(fresh);
  return absl::OkStatus();
}

absl::Status AddCompanion(Store& store, const std::optional<Event>& companion, std::vector<Event>& fresh) {
  if (!companion || fresh.empty()) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<StoredIdentity> before, store.Find(companion->key));
  if (!before) fresh.push_back(*companion);
  Sort(fresh);
  return absl::OkStatus();
}

// Whoever is erased in this call loses the text of every event that names him as its subject, in the same transaction.
absl::StatusOr<bool> EraseTexts(Store& store, const std::vector<Event>& fresh) {
  bool erased = false;
  for (const Event& event : fresh) {
    if (event.As<CustomerErased>() == nullptr) continue;
    std::vector<std::int64_t> sequences;
    RAPPORT_RETURN_IF_ERROR(store.ScanSubject(event.subject, [&](Event&& told) {
      sequences.push_back(told.sequence);
      return absl::OkStatus();
    }));
    RAPPORT_RETURN_IF_ERROR(store.ErasePrivate(sequences));
    erased = true;
  }
  return erased;
}

absl::Status CheckNotMoved(const EngineWrite& own, std::int64_t last) {
  if (!own.expected_last_sequence || last <= *own.expected_last_sequence) return absl::OkStatus();
  return Fail(absl::StatusCode::kAborted, "ledger.moved",
              absl::StrCat("found ", last, " events, expected at most ", *own.expected_last_sequence,
                           ": others were appended since the decision was made"));
}

}  // namespace

absl::StatusOr<AppendReceipt> Ledger::Append(std::vector<Event> events, const AppendOptions& options) {
  for (const Event& event : events) {
    if (!options.own_events) RAPPORT_RETURN_IF_ERROR(CheckHostSource(event));
  }
  return Write(std::move(events), options, nullptr);
}

absl::StatusOr<std::optional<Event>> Ledger::Find(const EventKey& key) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<StoredIdentity> stored, store_->Find(key));
  if (!stored) return std::optional<Event>();
  RAPPORT_ASSIGN_OR_RETURN(Event event, StoredEvent(*store_, stored->sequence));
  return std::optional<Event>(std::move(event));
}

absl::StatusOr<std::optional<Event>> Ledger::RetractionOf(const EventKey& key, const CustomerId& subject, Instant at, const BatchId& batch) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<StoredIdentity> stored, store_->Find(key));
  if (!stored) return std::optional<Event>();
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> last, LastClaim(*store_, key, *stored));
  if (!last) return std::optional<Event>();
  return std::optional<Event>(rapport::RetractionOf(key, subject, std::max(at, last->PlusMicros(1)), batch));
}

absl::Status BehindSeal(Instant at, Instant seal) {
  return FailedPrecondition("ledger.behind_seal", absl::StrCat("found ", FormatInstant(at), ", expected ", FormatInstant(seal),
                                                               " or later: knowledge is sealed up to there"));
}

absl::StatusOr<AppendReceipt> Ledger::AppendOwn(std::vector<Event> events, const EngineWrite& write) {
  if (write.seal < Instant::Min() || write.seal >= Instant::Max()) {
    return Invalid("ledger.invalid_seal", absl::StrCat("found ", write.seal.micros(), " microseconds, expected a time before ",
                                                       FormatInstant(Instant::Max())));
  }
  return Write(std::move(events), AppendOptions(), &write);
}

absl::StatusOr<AppendReceipt> Ledger::Write(std::vector<Event> events, const AppendOptions& options, const EngineWrite* own) {
  for (const Event& event : events) RAPPORT_RETURN_IF_ERROR(CheckEvent(event));
  AppendReceipt receipt;
  std::vector<Event> corrections;
  RAPPORT_RETURN_IF_ERROR(SortOnce(events, options.on_conflict, receipt.duplicates, corrections));
  bool erased = false;
  const auto write = [&]() -> absl::Status {
    RAPPORT_ASSIGN_OR_RETURN(receipt.last_sequence, store_->LastSequence());
    if (own != nullptr) RAPPORT_RETURN_IF_ERROR(CheckNotMoved(*own, receipt.last_sequence));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> seal, store_->Seal());
    if (own != nullptr && seal && own->seal < *seal) return BehindSeal(own->seal, *seal);
    RAPPORT_ASSIGN_OR_RETURN(std::vector<Event> fresh, NewOnes(*store_, std::move(events), options.on_conflict, receipt));
    RAPPORT_RETURN_IF_ERROR(AddCorrections(*store_, std::move(corrections), fresh, receipt));
    receipt.accepted = static_cast<std::int64_t>(fresh.size()) - receipt.corrected;
    RAPPORT_RETURN_IF_ERROR(AddCompanion(*store_, options.companion, fresh));
    for (const Event& event : fresh) {
      if (event.key.source == kEngineSource) RAPPORT_RETURN_IF_ERROR(CheckEvent(event));   // what was made of the input
    }
    for (Event& event : fresh) {
      event.sequence = ++receipt.last_sequence;
      if (own == nullptr && seal && event.recorded <= *seal) event.recorded = seal->PlusMicros(1);
    }
    if (!fresh.empty()) RAPPORT_RETURN_IF_ERROR(store_->Put(fresh));
    RAPPORT_ASSIGN_OR_RETURN(erased, EraseTexts(*store_, fresh));
    if (own == nullptr || (seal && *seal >= own->seal)) return absl::OkStatus();
    return store_->SetSeal(own->seal);
  };
  RAPPORT_RETURN_IF_ERROR(store_->Transaction(write));
  if (erased) RAPPORT_RETURN_IF_ERROR(store_->Scrub());
  return receipt;
}

}  // namespace rapport
