#include "ledger/again.hpp"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "ledger/chain.hpp"
#include "ledger/difference.hpp"
#include "ledger/own_event.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport {
namespace {

// All that the engine says of an identity stands under one prefix, so that the store finds it by its index.
std::string PrefixOf(const EventKey& key) { return absl::StrCat("again/", ToHex(HashParts({key.source, key.id}), 12), "/"); }

// One thing that was said under an identity.
struct Version {
  Instant claimed;
  bool retracts = false;
  bool erased = false;
  Digest facts{};
  std::string text;
};

Version VersionOf(const Event& event, bool erased) { return {event.claimed, false, erased, FactsDigest(event), PrivateText(event)}; }

absl::StatusOr<Version> VersionOf(const Event& word, const Event& original) {
  if (word.As<EventRetracted>() != nullptr) return Version{word.claimed, true, false, {}, {}};
  const auto* corrected = word.As<EventCorrected>();
  RAPPORT_INVARIANT(corrected != nullptr, "what is said again is a correction or a retraction");
  Event now = original;
  now.occurred.at = corrected->time;
  now.claimed = word.claimed;
  now.extra.clear();
  RAPPORT_ASSIGN_OR_RETURN(now.data, DecodePayload(corrected->target_type, corrected->facts, corrected->text ? &*corrected->text : nullptr, &now.extra));
  return VersionOf(now, false);
}

bool Says(const Version& version, const Digest& facts, const std::string& text) {
  return !version.retracts && version.facts == facts && (version.erased || version.text == text);
}

absl::StatusOr<bool> IsBatchGone(Store& store, const std::string& batch) {
  if (batch.empty()) return false;
  RAPPORT_ASSIGN_OR_RETURN(const auto found, store.Find({std::string(kEngineSource), RetractedBatchId(BatchId::Trusted(batch))}));
  return found.has_value();
}

// Everything said under the identity that was not part of a retracted batch, in order of claim.
absl::StatusOr<std::vector<Version>> VersionsOf(Store& store, const EventKey& key, const Event& original, const StoredIdentity& stored) {
  std::vector<Version> versions;
  RAPPORT_ASSIGN_OR_RETURN(const bool gone, IsBatchGone(store, stored.batch));
  if (!gone) versions.push_back(VersionOf(original, stored.erased));
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<Event> words, store.WithPrefix(kEngineSource, PrefixOf(key)));
  for (const Event& word : words) {
    RAPPORT_ASSIGN_OR_RETURN(const bool taken, IsBatchGone(store, word.batch.text()));
    if (taken) continue;
    RAPPORT_ASSIGN_OR_RETURN(Version version, VersionOf(word, original));
    versions.push_back(std::move(version));
  }
  std::stable_sort(versions.begin(), versions.end(), [](const Version& a, const Version& b) {
    return std::tie(a.claimed, a.retracts) < std::tie(b.claimed, b.retracts);
  });
  return versions;
}

// Nothing where these very words were said before.
absl::StatusOr<std::optional<Event>> UnlessSaid(Store& store, Event correction) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<StoredIdentity> before, store.Find(correction.key));
  return before ? std::nullopt : std::optional<Event>(std::move(correction));
}

}  // namespace

std::string RetractedBatchId(const BatchId& batch) { return absl::StrCat("batch-retracted/", batch.text()); }

std::string PrivateText(const Event& event) {
  const Json privates = EncodePrivate(event);
  return privates.if_object()->empty() ? std::string() : privates.Canonical();
}

absl::StatusOr<Event> StoredEvent(Store& store, std::int64_t sequence) {
  std::optional<Event> stored;
  const absl::Status stop = absl::CancelledError("read");
  const absl::Status status = store.Scan(sequence - 1, [&](Event&& event) {
    stored = std::move(event);
    return stop;
  });
  if (stored && stored->sequence == sequence) return *std::move(stored);
  if (!status.ok() && !stored) return status;
  return Fail(absl::StatusCode::kDataLoss, "store.corrupt", absl::StrCat("event ", sequence, " is not there any more"));
}

Event CorrectionOf(const Event& said, Instant claimed) {
  EventCorrected data;
  data.target_source = said.key.source;
  data.target_id = said.key.id;
  data.target_type = said.type();
  data.time = said.occurred.at;
  data.facts = EncodeFacts(said);
  Json text = EncodePrivate(said);
  const std::string words = text.Canonical();
  if (!text.if_object()->empty()) data.text = std::move(text);
  const std::string content = ToHex(HashParts({BytesOf(FactsDigest(said)), words}), 8);
  Event event = OwnEvent(absl::StrCat(PrefixOf(said.key), claimed.micros(), "/", content), said.subject, claimed, std::move(data));
  event.occurred = said.occurred;
  event.recorded = std::max(said.recorded, claimed);
  event.batch = said.batch;
  if (!event.batch.empty()) event.key.id += "/" + ToHex(HashParts({event.batch.text()}), 6);
  return event;
}

Event RetractionOf(const EventKey& target, const CustomerId& subject, Instant at, const BatchId& batch) {
  Event event = OwnEvent(absl::StrCat(PrefixOf(target), at.micros(), "/retracted"), subject, at, EventRetracted{target.source, target.id, {}});
  event.batch = batch;
  return event;
}

absl::StatusOr<std::optional<Event>> SaidAgain(Store& store, const Event& said, const StoredIdentity& stored, OnConflict on_conflict) {
  const Digest facts = FactsDigest(said);
  const std::string text = PrivateText(said);
  const bool as_first = stored.facts == facts && (stored.erased || stored.private_json == text);
  RAPPORT_ASSIGN_OR_RETURN(const bool gone, IsBatchGone(store, stored.batch));
  if (as_first && on_conflict == OnConflict::kError && !gone) return std::optional<Event>();
  RAPPORT_ASSIGN_OR_RETURN(const Event original, StoredEvent(store, stored.sequence));
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<Version> versions, VersionsOf(store, said.key, original, stored));
  const Version* last = versions.empty() ? nullptr : &versions.back();
  if (last != nullptr && Says(*last, facts, text)) return std::optional<Event>();
  const bool same_event = said.subject == original.subject && said.type() == original.type();
  // An import brings back what left with another one.
  const bool brought_back = last == nullptr && gone && !said.batch.empty() && said.batch.text() != stored.batch && same_event;
  if (on_conflict == OnConflict::kError && !brought_back) {
    const bool known = as_first || std::any_of(versions.begin(), versions.end(), [&](const Version& v) { return Says(v, facts, text); });
    if (known) return std::optional<Event>();
    return Conflict(said, original, "as stored");
  }
  if (!same_event) return Conflict(said, original, "as stored: a correction changes neither subject nor type");
  const bool later = on_conflict == OnConflict::kReplace || (last != nullptr && (last->retracts || said.claimed == last->claimed));
  const Instant claimed = later && last != nullptr ? std::max(said.claimed, last->claimed.PlusMicros(1)) : said.claimed;
  return UnlessSaid(store, CorrectionOf(said, claimed));
}

absl::StatusOr<std::optional<Instant>> LastClaim(Store& store, const EventKey& key, const StoredIdentity& stored) {
  RAPPORT_ASSIGN_OR_RETURN(const Event original, StoredEvent(store, stored.sequence));
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<Version> versions, VersionsOf(store, key, original, stored));
  if (versions.empty() || versions.back().retracts) return std::optional<Instant>();
  return std::optional<Instant>(versions.back().claimed);
}

}  // namespace rapport
