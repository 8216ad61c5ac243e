#include "book/versions.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "rapport/ledger/codec.hpp"

namespace rapport {
namespace {

constexpr auto kCorrected = static_cast<std::uint8_t>(IndexOf<EventCorrected>());
constexpr auto kRetracted = static_cast<std::uint8_t>(IndexOf<EventRetracted>());
constexpr auto kConsent = static_cast<std::uint8_t>(IndexOf<ConsentChanged>());
constexpr auto kDoNotContact = static_cast<std::uint8_t>(IndexOf<DoNotContactSet>());

constexpr auto kErased = static_cast<std::uint8_t>(IndexOf<CustomerErased>());

bool Keeps(const PackedEntry& entry) { return SpeaksOfOthers(entry.type); }

bool IsOptOut(const Payload& data) {
  if (const auto* consent = std::get_if<ConsentChanged>(&data)) return consent->state == ConsentState::kWithdrawn;
  if (const auto* rule = std::get_if<DoNotContactSet>(&data)) return rule->active.value_or(true);
  return false;
}

// A later word about an event.
struct LaterWord {
  const PackedEntry* entry = nullptr;
  Payload data;       // EventCorrected or EventRetracted
  bool retracts() const { return std::holds_alternative<EventRetracted>(data); }
};

bool SpokenBefore(const LaterWord& a, const LaterWord& b) {
  return std::tuple(a.entry->claimed, a.retracts(), a.entry->source, a.entry->id) <
         std::tuple(b.entry->claimed, b.retracts(), b.entry->source, b.entry->id);
}

// What a consent or a do-not-contact says by a correction; nothing that opts out where it cannot be read.
Payload SaidBy(const EventCorrected& corrected) {
  Json::Object unknown;
  absl::StatusOr<Payload> said = DecodePayload(corrected.target_type, corrected.facts, nullptr, &unknown);
  return said.ok() ? *std::move(said) : Payload();
}

// An import, or a synchronised table, changes nothing about an opt-out that stands: neither its scope nor its time.
bool StandsAsOptOut(const PackedEntry& said, const CountingEntry& last, bool none) {
  if (none || (said.type != kConsent && said.type != kDoNotContact)) return false;
  Payload standing;
  Unpack(last.correction == nullptr ? said : *last.correction, standing);
  if (const auto* corrected = std::get_if<EventCorrected>(&standing)) return IsOptOut(SaidBy(*corrected));
  return IsOptOut(standing);
}

std::map<KeyView, std::vector<LaterWord>> WordsOf(const std::vector<PackedEntry>& entries, std::vector<LaterWord>& kept) {
  for (const PackedEntry& entry : entries) {
    if (!Keeps(entry)) continue;
    Unpack(entry, kept.emplace_back(LaterWord{&entry, {}}).data);
  }
  std::map<KeyView, std::vector<LaterWord>> words;
  for (const LaterWord& word : kept) words[TargetOf(word.data)].push_back(word);
  for (auto& [key, said] : words) std::sort(said.begin(), said.end(), SpokenBefore);
  return words;
}

// What the event says last; `none` where it says nothing.
CountingEntry LastWord(const PackedEntry& said, const std::vector<LaterWord>& words, const Batches& retracted, bool& none) {
  CountingEntry last{&said, nullptr, said.occurred, said.claimed};
  none = !said.batch.empty() && retracted.contains(said.batch);
  for (const LaterWord& word : words) {
    const bool imported = !word.entry->batch.empty();
    if (imported && (retracted.contains(word.entry->batch) || StandsAsOptOut(said, last, none))) continue;
    if (!none && word.entry->claimed < last.claimed) continue;
    if (word.retracts()) {
      none = true;
      last.claimed = word.entry->claimed;
      continue;
    }
    const auto& corrected = std::get<EventCorrected>(word.data);
    if (corrected.target_type != TypeNameAt(said.type)) continue;
    none = false;
    last = {&said, word.entry, corrected.time, word.entry->claimed};
  }
  return last;
}

bool Before(const CountingEntry& a, const CountingEntry& b) {
  return std::tie(a.occurred, a.claimed, a.said->source, a.said->id) < std::tie(b.occurred, b.claimed, b.said->source, b.said->id);
}

template <class... T>
constexpr bool IsOneOf(std::uint8_t type) { return ((type == IndexOf<T>()) || ...); }

// Types that speak of a record which another type opens.
bool SpeaksOfAnother(std::uint8_t type) {
  return IsOneOf<PurchaseDelivered, PurchaseReturned, PurchaseCancelled, WorryAcknowledged, WorryResolved, PromiseRevised, PromiseDelivered,
                 PromiseWithdrawn, PromiseProgressed, ContractRenewed, ContractEnded, OpportunityStageChanged, OpportunityWon, OpportunityLost, CaseClosed,
                 AppointmentCancelled,
                 CadenceAdvanced, CadenceLeft, FollowUpHandedOver, FollowUpDone, FollowUpSkipped, FollowUpSnoozed, FollowUpWithdrawn,
                 FollowUpExpired, ApprovalGiven, ApprovalWithheld>(type);
}

}  // namespace

KeyView TargetOf(const Payload& word) {
  if (const auto* corrected = std::get_if<EventCorrected>(&word)) return {corrected->target_source, corrected->target_id};
  const auto& retracted = std::get<EventRetracted>(word);
  return {retracted.target_source, retracted.target_id};
}

bool SpeaksOfOthers(std::uint8_t type) { return type == kCorrected || type == kRetracted; }
bool KeepsTheLedger(std::uint8_t type) { return IsOneOf<EventCorrected, EventRetracted, CustomerMerged, MergeUndone>(type); }

void OpeningFirst(std::vector<CountingEntry>& entries) {
  for (auto from = entries.begin(); from != entries.end();) {
    const auto to = std::find_if(from, entries.end(), [&](const CountingEntry& e) { return e.occurred != from->occurred; });
    if (to - from > 1) std::stable_partition(from, to, [](const CountingEntry& e) { return !SpeaksOfAnother(e.said->type); });
    from = to;
  }
}

std::vector<CountingEntry> CountingEntries(const std::vector<PackedEntry>& entries, const Batches& retracted) {
  std::vector<CountingEntry> counting;
  counting.reserve(entries.size());
  const bool plain = std::none_of(entries.begin(), entries.end(), Keeps);
  std::vector<LaterWord> kept;
  const std::map<KeyView, std::vector<LaterWord>> words = plain ? std::map<KeyView, std::vector<LaterWord>>() : WordsOf(entries, kept);
  for (const PackedEntry& entry : entries) {
    if (entry.type == kErased) {   // nothing takes an erasure back
      counting.push_back({&entry, nullptr, entry.occurred, entry.claimed});
      continue;
    }
    const auto about = plain ? words.end() : words.find({entry.source, entry.id});
    if (about == words.end() && (entry.batch.empty() || !retracted.contains(entry.batch))) {
      counting.push_back({&entry, nullptr, entry.occurred, entry.claimed});
      continue;
    }
    bool none = false;
    static const std::vector<LaterWord> kNoWords;
    const CountingEntry last = LastWord(entry, about == words.end() ? kNoWords : about->second, retracted, none);
    if (!none) counting.push_back(last);
  }
  if (!std::is_sorted(counting.begin(), counting.end(), Before)) std::sort(counting.begin(), counting.end(), Before);
  return counting;
}

const Event& Counting(const CountingEntry& entry, Event& scratch) {
  const PackedEntry& said = *entry.said;
  scratch.key.source.assign(said.source);
  scratch.key.id.assign(said.id);
  scratch.batch = BatchId::Trusted(std::string(entry.correction == nullptr ? said.batch : entry.correction->batch));
  scratch.occurred = {entry.occurred, 0};
  scratch.recorded = said.recorded;   // it was known since then, if otherwise
  scratch.claimed = entry.claimed;
  if (entry.correction == nullptr) {
    Unpack(said, scratch.data);
    return scratch;
  }
  Payload words;
  Unpack(*entry.correction, words);
  const auto& corrected = std::get<EventCorrected>(words);
  Json::Object unknown;
  absl::StatusOr<Payload> data = DecodePayload(corrected.target_type, corrected.facts, nullptr, &unknown);
  RAPPORT_INVARIANT(data.ok(), "a correction was checked when it was appended");
  scratch.data = *std::move(data);
  return scratch;
}

}  // namespace rapport
