#include "rapport/ledger/ledger.hpp"

#include <algorithm>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
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

std::string PrivateText(const Event& event) {
  const Json privates = EncodePrivate(event);
  return privates.if_object()->empty() ? std::string() : privates.Canonical();
}

bool SameContent(const Event& a, const Event& b) {
  return FactsDigest(a) == FactsDigest(b) && PrivateText(a) == PrivateText(b);
}

absl::StatusOr<Event> StoredEvent(Store& store, std::int64_t sequence) {
  std::optional<Event> stored;
  const absl::Status stop = absl::CancelledError("read");
  const absl::Status status = store.Scan(sequence - 1, [&](Event&& event) {
    stored = std::move(event);
    return stop;
  });
  if (stored) return *std::move(stored);
  if (!status.ok()) return status;
  return Fail(absl::StatusCode::kDataLoss, "store.corrupt", absl::StrCat("event ", sequence, " is not there any more"));
}

absl::Status CheckRepetition(Store& store, const Event& event, const StoredIdentity& stored) {
  const bool same_text = stored.erased || PrivateText(event) == stored.private_json;
  if (same_text && FactsDigest(event) == stored.facts) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(const Event other, StoredEvent(store, stored.sequence));
  return Conflict(event, other, "as stored");
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

// Sorts, and takes out what is in the call more than once; the number of those is added to `duplicates`.
absl::Status SortOnce(std::vector<Event>& events, std::int64_t& duplicates) {
  Sort(events);
  absl::flat_hash_map<KeyView, std::size_t> first;
  first.reserve(events.size());
  std::vector<bool> repeated(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto [at, added] = first.try_emplace(KeyView(events[i].key.source, events[i].key.id), i);
    if (added) continue;
    if (!SameContent(events[i], events[at->second])) return Conflict(events[i], events[at->second], "as earlier in the call");
    repeated[i] = true;
    ++duplicates;
  }
  if (duplicates == 0) return absl::OkStatus();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (repeated[i]) continue;
    if (kept != i) events[kept] = std::move(events[i]);
    ++kept;
  }
  events.resize(kept);
  return absl::OkStatus();
}

// The events that the store does not have yet.
absl::StatusOr<std::vector<Event>> NewOnes(Store& store, std::vector<Event>&& events, std::int64_t& duplicates) {
  std::vector<Event> fresh;
  fresh.reserve(events.size());
  for (Event& event : events) {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<StoredIdentity> stored, store.Find(event.key));
    if (!stored) {
      fresh.push_back(std::move(event));
      continue;
    }
    RAPPORT_RETURN_IF_ERROR(CheckRepetition(store, event, *stored));
    ++duplicates;
  }
  return fresh;
}

absl::Status CheckNotMoved(const EngineWrite& own, std::int64_t last) {
  if (!own.expected_last_sequence || last <= *own.expected_last_sequence) return absl::OkStatus();
  return Fail(absl::StatusCode::kAborted, "ledger.moved",
              absl::StrCat("found ", last, " events, expected at most ", *own.expected_last_sequence,
                           ": others were appended since the decision was made"));
}

}  // namespace

absl::StatusOr<AppendReceipt> Ledger::Append(std::vector<Event> events) {
  for (const Event& event : events) RAPPORT_RETURN_IF_ERROR(CheckHostSource(event));
  return Write(std::move(events), nullptr);
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
  return Write(std::move(events), &write);
}

absl::StatusOr<AppendReceipt> Ledger::Write(std::vector<Event> events, const EngineWrite* own) {
  for (const Event& event : events) RAPPORT_RETURN_IF_ERROR(CheckEvent(event));
  AppendReceipt receipt;
  RAPPORT_RETURN_IF_ERROR(SortOnce(events, receipt.duplicates));
  const auto write = [&]() -> absl::Status {
    RAPPORT_ASSIGN_OR_RETURN(receipt.last_sequence, store_->LastSequence());
    if (own != nullptr) RAPPORT_RETURN_IF_ERROR(CheckNotMoved(*own, receipt.last_sequence));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> seal, store_->Seal());
    if (own != nullptr && seal && own->seal < *seal) return BehindSeal(own->seal, *seal);
    RAPPORT_ASSIGN_OR_RETURN(std::vector<Event> fresh, NewOnes(*store_, std::move(events), receipt.duplicates));
    for (Event& event : fresh) {
      event.sequence = ++receipt.last_sequence;
      if (own == nullptr && seal && event.recorded <= *seal) event.recorded = seal->PlusMicros(1);
    }
    receipt.accepted = static_cast<std::int64_t>(fresh.size());
    if (!fresh.empty()) RAPPORT_RETURN_IF_ERROR(store_->Put(fresh));
    if (own == nullptr || (seal && *seal >= own->seal)) return absl::OkStatus();
    return store_->SetSeal(own->seal);
  };
  RAPPORT_RETURN_IF_ERROR(store_->Transaction(write));
  return receipt;
}

}  // namespace rapport
