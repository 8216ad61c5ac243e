// The store without a file: events in a vector, by sequence.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "ledger/chain.hpp"
#include "ledger/owner_process.hpp"
#include "rapport/ledger/codec.hpp"
#include "rapport/ledger/store.hpp"

namespace rapport {
namespace {

// Enough to name what the store held; nobody can change a store in memory behind its back.
Digest EntryOf(const Event& event) { return EntryDigest(event, Digest{}, {}); }

class MemoryStore final : public Store {
 public:
  MemoryStore(std::int64_t first_after, const Digest& link) : first_after_(first_after), links_{{first_after, link}} {}

  absl::StatusOr<std::int64_t> LastSequence() override {
    RAPPORT_RETURN_IF_ERROR(CheckOwner());
    return Last();
  }
  absl::StatusOr<std::optional<Instant>> Seal() override {
    RAPPORT_RETURN_IF_ERROR(CheckOwner());
    return seal_;
  }
  absl::StatusOr<std::optional<StoredIdentity>> Find(const EventKey& key) override;
  absl::Status Scan(std::int64_t after, const std::function<absl::Status(Event&&)>& visit) override;
  absl::Status ScanSubject(const CustomerId& subject, const std::function<absl::Status(Event&&)>& visit) override;
  absl::StatusOr<std::vector<Event>> WithPrefix(std::string_view source, std::string_view prefix) override;
  absl::StatusOr<std::optional<Digest>> LinkAt(std::int64_t sequence) override {
    RAPPORT_RETURN_IF_ERROR(CheckOwner());
    const auto found = links_.find(sequence);
    return found == links_.end() ? std::nullopt : std::optional<Digest>(found->second);
  }
  absl::Status Transaction(const std::function<absl::Status()>& write) override;
  absl::Status Put(const std::vector<Event>& events) override;
  absl::Status SetSeal(Instant seal) override {
    RAPPORT_INVARIANT(in_transaction_, "a seal is set within Transaction");
    seal_ = seal;
    return absl::OkStatus();
  }
  absl::Status ErasePrivate(const std::vector<std::int64_t>& sequences) override;
  absl::Status Scrub() override { return CheckOwner(); }
  absl::Status Backup(const std::string& path) override;
  absl::Status Check() override;

 private:
  absl::Status CheckOwner() const { return owner_.Check("the store in memory"); }
  std::int64_t Last() const { return first_after_ + static_cast<std::int64_t>(events_.size()); }
  Event& At(std::int64_t sequence) { return events_[static_cast<std::size_t>(sequence - first_after_ - 1)]; }

  OwnerProcess owner_;
  std::int64_t first_after_;
  std::vector<Event> events_;
  absl::btree_map<EventKey, std::int64_t> by_key_;
  std::map<CustomerId, std::vector<std::int64_t>> by_subject_;
  std::map<std::int64_t, Digest> links_;   // by the last sequence of each append call
  std::set<std::int64_t> erased_;
  std::vector<Event> before_erasure_;   // in this transaction
  std::optional<Instant> seal_;
  bool in_transaction_ = false;
};

absl::StatusOr<std::optional<StoredIdentity>> MemoryStore::Find(const EventKey& key) {
  RAPPORT_RETURN_IF_ERROR(CheckOwner());
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::optional<StoredIdentity>();
  const Event& event = At(found->second);
  const Json privates = EncodePrivate(event);
  return std::optional<StoredIdentity>({found->second, FactsDigest(event), privates.if_object()->empty() ? std::string() : privates.Canonical(),
                                        erased_.contains(found->second), event.batch.text()});
}

absl::Status MemoryStore::Scan(std::int64_t after, const std::function<absl::Status(Event&&)>& visit) {
  RAPPORT_RETURN_IF_ERROR(CheckOwner());
  // By index: a visitor may append, and what it appends is not visited, as in a file.
  const std::size_t end = events_.size();
  for (auto i = static_cast<std::size_t>(std::max<std::int64_t>(after - first_after_, 0)); i < end; ++i) {
    RAPPORT_RETURN_IF_ERROR(visit(Event(events_[i])));
  }
  return absl::OkStatus();
}

absl::Status MemoryStore::ScanSubject(const CustomerId& subject, const std::function<absl::Status(Event&&)>& visit) {
  RAPPORT_RETURN_IF_ERROR(CheckOwner());
  const auto found = by_subject_.find(subject);
  if (found == by_subject_.end()) return absl::OkStatus();
  const std::vector<std::int64_t> sequences = found->second;
  for (const std::int64_t sequence : sequences) RAPPORT_RETURN_IF_ERROR(visit(Event(At(sequence))));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Event>> MemoryStore::WithPrefix(std::string_view source, std::string_view prefix) {
  RAPPORT_RETURN_IF_ERROR(CheckOwner());
  std::vector<Event> events;
  for (auto at = by_key_.lower_bound(EventKey{std::string(source), std::string(prefix)}); at != by_key_.end(); ++at) {
    if (at->first.source != source || !at->first.id.starts_with(prefix)) break;
    events.push_back(At(at->second));
  }
  return events;
}

absl::Status MemoryStore::Transaction(const std::function<absl::Status()>& write) {
  RAPPORT_RETURN_IF_ERROR(CheckOwner());
  RAPPORT_INVARIANT(!in_transaction_, "one transaction at a time");
  // Takes everything back unless told to keep it, also where `write` leaves by an exception.
  struct Guard {
    explicit Guard(MemoryStore& s) : store(s), size(s.events_.size()), seal(s.seal_) { s.in_transaction_ = true; }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard() {
      store.in_transaction_ = false;
      std::vector<Event> texts = std::exchange(store.before_erasure_, {});
      if (keep) return;
      for (Event& event : texts) {
        store.erased_.erase(event.sequence);
        store.At(event.sequence) = std::move(event);
      }
      for (std::size_t i = store.events_.size(); i > size; --i) {
        const Event& event = store.events_[i - 1];
        store.by_key_.erase(event.key);
        std::vector<std::int64_t>& of_subject = store.by_subject_[event.subject];
        if (!of_subject.empty() && of_subject.back() == event.sequence) of_subject.pop_back();
      }
      store.events_.erase(store.events_.begin() + static_cast<std::ptrdiff_t>(size), store.events_.end());
      store.links_.erase(store.links_.upper_bound(store.Last()), store.links_.end());
      store.seal_ = seal;
    }
    MemoryStore& store;
    std::size_t size;
    std::optional<Instant> seal;
    bool keep = false;
  } guard(*this);
  RAPPORT_RETURN_IF_ERROR(write());
  guard.keep = true;
  return absl::OkStatus();
}

absl::Status MemoryStore::Put(const std::vector<Event>& events) {
  RAPPORT_INVARIANT(in_transaction_, "events are put within Transaction");
  if (events.empty()) return absl::OkStatus();
  if (events_.empty()) events_.reserve(events.size());
  std::vector<Digest> entries;
  for (const Event& event : events) {
    RAPPORT_INVARIANT(event.sequence == Last() + 1, "sequences have no gap");
    events_.push_back(event);
    RAPPORT_INVARIANT(by_key_.emplace(event.key, event.sequence).second, "an identity is put once");
    by_subject_[event.subject].push_back(event.sequence);
    entries.push_back(EntryOf(event));
  }
  const Digest link = LinkOf(links_.rbegin()->second, entries);
  links_.emplace(Last(), link);
  return absl::OkStatus();
}

absl::Status MemoryStore::ErasePrivate(const std::vector<std::int64_t>& sequences) {
  RAPPORT_INVARIANT(in_transaction_, "texts are erased within Transaction");
  for (const std::int64_t sequence : sequences) {
    Event& event = At(sequence);
    if (EncodePrivate(event).if_object()->empty()) continue;
    RAPPORT_ASSIGN_OR_RETURN(Payload facts, DecodePayload(event.type(), EncodeFacts(event), nullptr, nullptr));
    before_erasure_.push_back(event);
    event.extra.clear();
    event.data = std::move(facts);
    erased_.insert(sequence);
  }
  return absl::OkStatus();
}

absl::Status MemoryStore::Backup(const std::string& path) {
  RAPPORT_RETURN_IF_ERROR(CheckOwner());
  return FailedPrecondition("store.no_file", absl::StrCat(path, ": found a book in memory, expected one in a file: export its events instead"));
}

absl::Status MemoryStore::Check() {
  RAPPORT_RETURN_IF_ERROR(CheckOwner());
  for (const Event& event : events_) {
    const auto found = by_key_.find(event.key);
    const bool there = found != by_key_.end() && found->second == event.sequence;
    const absl::Status content = CheckEvent(event);
    if (there && content.ok()) continue;
    return Fail(absl::StatusCode::kDataLoss, "store.corrupt",
                absl::StrCat("event ", event.sequence, ": ", there ? content.message() : "not found by its identity"));
  }
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<Store> OpenMemoryStore(std::int64_t first_after, const Digest& link) {
  return std::make_unique<MemoryStore>(first_after, link);
}

}  // namespace rapport
