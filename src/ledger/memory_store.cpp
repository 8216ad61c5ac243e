// The store without a file: events in a vector, by sequence.
#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ledger/owner_process.hpp"
#include "rapport/ledger/codec.hpp"
#include "rapport/ledger/store.hpp"

namespace rapport {
namespace {

class MemoryStore final : public Store {
 public:
  absl::StatusOr<std::int64_t> LastSequence() override {
    RAPPORT_RETURN_IF_ERROR(CheckOwner());
    return static_cast<std::int64_t>(events_.size());
  }
  absl::StatusOr<std::optional<Instant>> Seal() override {
    RAPPORT_RETURN_IF_ERROR(CheckOwner());
    return seal_;
  }
  absl::StatusOr<std::optional<StoredIdentity>> Find(const EventKey& key) override {
    RAPPORT_RETURN_IF_ERROR(CheckOwner());
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::optional<StoredIdentity>();
    const Event& event = events_[static_cast<std::size_t>(found->second - 1)];
    const Json privates = EncodePrivate(event);
    return std::optional<StoredIdentity>(
        {found->second, FactsDigest(event), privates.if_object()->empty() ? std::string() : privates.Canonical(), false});
  }
  absl::Status Scan(std::int64_t after, const std::function<absl::Status(Event&&)>& visit) override {
    RAPPORT_RETURN_IF_ERROR(CheckOwner());
    // By index: a visitor may append, and what it appends is not visited, as in a file.
    const std::size_t end = events_.size();
    for (auto i = static_cast<std::size_t>(std::max<std::int64_t>(after, 0)); i < end; ++i) {
      RAPPORT_RETURN_IF_ERROR(visit(Event(events_[i])));
    }
    return absl::OkStatus();
  }
  absl::Status Transaction(const std::function<absl::Status()>& write) override;
  absl::Status Put(const std::vector<Event>& events) override;
  absl::Status SetSeal(Instant seal) override {
    RAPPORT_INVARIANT(in_transaction_, "a seal is set within Transaction");
    seal_ = seal;
    return absl::OkStatus();
  }
  absl::Status Check() override;

 private:
  absl::Status CheckOwner() const { return owner_.Check("the store in memory"); }

  OwnerProcess owner_;
  std::vector<Event> events_;
  absl::flat_hash_map<EventKey, std::int64_t> by_key_;
  std::optional<Instant> seal_;
  bool in_transaction_ = false;
};

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
      if (keep) return;
      for (std::size_t i = size; i < store.events_.size(); ++i) store.by_key_.erase(store.events_[i].key);
      store.events_.erase(store.events_.begin() + static_cast<std::ptrdiff_t>(size), store.events_.end());
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
  if (events_.empty()) events_.reserve(events.size());
  for (const Event& event : events) {
    RAPPORT_INVARIANT(event.sequence == static_cast<std::int64_t>(events_.size()) + 1, "sequences have no gap");
    events_.push_back(event);
    RAPPORT_INVARIANT(by_key_.emplace(event.key, event.sequence).second, "an identity is put once");
  }
  return absl::OkStatus();
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

std::unique_ptr<Store> OpenMemoryStore() { return std::make_unique<MemoryStore>(); }

}  // namespace rapport
