// Floor 8, inside. The state of an engine and the few steps that every call shares.
#ifndef RAPPORT_SRC_ENGINE_ENGINE_IMPL_HPP_
#define RAPPORT_SRC_ENGINE_ENGINE_IMPL_HPP_

#include <map>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/name_book.hpp"
#include "engine/rep_index.hpp"
#include "ledger/own_event.hpp"
#include "policy/tick_state.hpp"
#include "rapport/engine.hpp"
#include "rapport/plan/sheet.hpp"

namespace rapport {

class Reading;
struct AskedFollowUp;   // engine/asked_followup.hpp

// What was recorded of a follow-up at one moment: the events under one name, sorted by id. `counts`: nobody took it back.
struct OutcomeRecording {
  std::string name;
  std::vector<Event> events;
  bool counts = false;
};
// What answers would append, none where they were recorded before, and the receipt either way.
struct PlannedRecording {
  std::vector<Event> events;
  Json receipt;
};

// Adopted policies and the profile of the book, read from their documents once: a tick with nothing due should not read them again.
struct ReadDocuments {
  std::shared_ptr<const std::map<std::string, Policy>> policies;   // by id
  std::shared_ptr<const PermissionProfile> permission;
  Json permission_document;
};

class Engine::Impl {
 public:
  Impl(std::unique_ptr<Store> store, const EngineOptions& options, std::string path = {})
      : ledger_(std::move(store)), zones_(options.zones), builder_(options.zones), names_(ledger_), suppression_key_(options.suppression_key),
        path_(std::move(path)), use_snapshot_(options.use_snapshot) {}
  Impl(std::unique_ptr<Store> store, const EngineOptions& options, BookBuilder builder) : Impl(std::move(store), options) {
    builder_ = std::move(builder);
    replays_ = true;
    any_erased_ = !builder_.AsKnown(std::nullopt)->erased().empty();
  }

  // Reads what the store has beyond what is folded already, this process's writes and others'.
  absl::Status Refresh();
  // The book as known at a moment, fresh; with `as_of` without what happens later, though known already.
  absl::StatusOr<std::shared_ptr<const Book>> BookAt(std::optional<Instant> known_at, std::optional<Instant> as_of = std::nullopt);
  // As a read asks for it.
  absl::StatusOr<std::shared_ptr<const Book>> BookFor(const ReadAt& at) { return BookAt(at.known_at.value_or(at.as_of), at.as_of); }
  // Everything that a decision reads of a book. What `at` points to has to outlive it.
  absl::StatusOr<std::unique_ptr<Reading>> Read(std::shared_ptr<const Book> book, const ReadAt& at);
  // Concludes from the book as known at `at` and records the events that makes, unless something was appended meanwhile: then it
  // concludes again. Knowledge is sealed in the same transaction.
  absl::StatusOr<AppendReceipt> Conclude(
      Instant at, const std::function<absl::StatusOr<std::vector<Event>>(std::shared_ptr<const Book>)>& conclude);
  // --- models: engine_fit.cpp
  // Fits one on the book as known at `as_of`.
  absl::StatusOr<ModelFitted> FitOn(const Book& book, std::string_view model, Instant as_of, std::string_view unit);
  // And records it; `fitted` says what became of the fit alone.
  absl::StatusOr<FitReceipt> FitAndRecord(std::string_view model, Instant as_of, std::string_view unit, absl::Status& fitted);
  // "bg_nbd" by weeks; nothing before enough is known.
  static absl::StatusOr<std::optional<ModelFitted>> FitIfKnown(const Book& book, Instant as_of);

  // The account that holds an issued follow-up, found by its event; null where none does.
  absl::StatusOr<std::shared_ptr<const Account>> AccountOfFollowUp(const Book& book, const FollowUpId& followup);
  // The derivation of a follow-up, read from the event that issued it: books do not keep it.
  absl::StatusOr<Json> DerivationOf(const EventKey& issued);
  // Appends what is said of an issued follow-up; nothing where it was said before. False: nothing was appended.
  using SayWord = std::function<absl::StatusOr<std::optional<Event>>(const FollowUpRecord&, const Account&)>;
  absl::StatusOr<bool> Say(const FollowUpId& followup, Instant at, const SayWord& word);
  static absl::StatusOr<std::optional<Event>> Ruling(const FollowUpRecord& record, const RepId& rep, bool given, Instant at, std::optional<std::string> words);
  // --- cards and outcomes: engine_card.cpp, engine_outcome.cpp
  // Where a reader names no moment: everything stored, as of the latest that any event names.
  absl::StatusOr<ReadAt> MomentOf(const std::optional<ReadAt>& at) {
    RAPPORT_RETURN_IF_ERROR(Refresh());
    return at ? *at : ReadAt{LatestKnown()};
  }
  absl::StatusOr<AskedFollowUp> Asked(const FollowUpId& followup, const ReadAt& at);
  absl::StatusOr<Sheet> CardOf(const FollowUpId& followup, const ReadAt& at);
  absl::StatusOr<std::vector<OutcomeRecording>> RecordingsOf(const FollowUpId& followup);
  absl::StatusOr<PlannedRecording> PlanRecording(std::shared_ptr<const Book> book, const FollowUpId& followup, const Json& answers, Instant at,
                                                 const RepId& by);
  absl::StatusOr<std::vector<Event>> RetractionsOf(const FollowUpId& followup, const Json& receipt, Instant at);
  // OK if the events agree with what the codec cannot see: zone rules, calendars, profiles, currencies, models.
  absl::Status Validate(const std::vector<Event>& events);
  absl::Status CheckKeeping(const Event& event);

  // --- keeping: engine_keep.cpp
  absl::StatusOr<BatchId> NewBatch(const std::vector<Event>& events);
  // Where a call that needs a moment names none: nothing became known later.
  absl::StatusOr<Instant> LatestMoment();
  absl::StatusOr<std::string> Suppressed(const std::string& name) const;
  absl::Status Forget(std::vector<Event>& events);
  absl::StatusOr<std::optional<Event>> ErasureOf(const CustomerId& id, Instant at, EraseReceipt& receipt, bool& known);
  // Retractions of what a full table of a source does not hold any more.
  absl::StatusOr<std::vector<Event>> Vanished(const std::vector<Event>& rows, const std::string& source, Instant at, const BatchId& batch);
  // In a book opened from a snapshot: takes out what it knows already; `ledger.conflict` for other facts.
  absl::Status TakeOutKnown(std::vector<Event>& events, std::int64_t& duplicates);
  absl::StatusOr<std::string> SnapshotBytes();
  absl::Status LoadSnapshot();
  absl::Status SaveSnapshot();
  void Close() noexcept;
  void ForgetNames() { names_ = NameBook(ledger_); }
  const std::string& suppression_key() const { return suppression_key_; }

  TickState& tick_state() { return tick_state_; }
  Instant LatestKnown() const { return std::max(builder_.latest_recorded(), builder_.latest_occurred()); }
  // How many events were known at a moment; after a read, which refreshes.
  std::int64_t CountKnown(Instant known) const { return builder_.CountKnown(known); }
  // Who may be a rep's business as a read sees it; nullopt: the index cannot say, so ask everybody.
  std::optional<std::vector<CustomerId>> CustomersOf(std::span<const RepId> reps, const ReadAt& at);

  Ledger& ledger() { return ledger_; }
  // True where the ledger's beginning lies elsewhere.
  bool replays() const { return replays_; }
  const ZoneRules& zones() const { return zones_; }
  const NameBook& names() const { return names_; }
  // Names and quotes as they were known then.
  NameBook NamesAt(Instant known) { return NameBook(ledger_, known); }

 private:
  Ledger ledger_;
  ZoneRules zones_;
  BookBuilder builder_;
  NameBook names_;
  TickState tick_state_;
  ReadDocuments documents_;
  RepIndex rep_index_;
  std::string suppression_key_;
  std::string path_;                   // empty in memory
  bool use_snapshot_ = true;
  bool any_erased_ = false;            // of the events read so far
  bool replays_ = false;               // the ledger's beginning lies elsewhere, its book in the snapshot
  std::size_t snapshot_events_ = 0;    // in the snapshot on disk
};

// Everything a decision reads, owned together so that DecideInput's pointers stay good.
class Reading {
 public:
  // Reads the documents that are not among `documents`, and leaves them there.
  static absl::StatusOr<std::unique_ptr<Reading>> Make(std::shared_ptr<const Book> book, const ReadAt& at, ReadDocuments& documents);
  const Book& book() const { return *book_; }
  const DecideInput& input() const { return input_; }
  const Policy& policy() const { return *input_.policy; }
  // True where the policy in use is the newest adopted one.
  bool policy_is_adopted() const { return policy_is_adopted_; }

 private:
  std::shared_ptr<const Book> book_;
  SignalContext signals_;
  ReadDocuments documents_;
  bool policy_is_adopted_ = false;
  DecideInput input_;
};

inline absl::Status UnknownCustomer(const CustomerId& customer) {
  return NotFound("customer.unknown", absl::StrCat("customer: found \"", customer.text(), "\", expected one that an event names"));
}
inline absl::Status UnknownFollowUp(const FollowUpId& followup, Instant at) {
  return NotFound("followup.unknown", absl::StrCat("followup: found \"", followup.text(), "\", expected one that a tick issued by ", FormatInstant(at)));
}
inline absl::Status CheckKnown(const Book& book, std::span<const CustomerId> customers) {
  for (const CustomerId& customer : customers) {
    if (book.Find(customer) == nullptr) return UnknownCustomer(customer);
  }
  return absl::OkStatus();
}

// The border of the engine: a broken invariant or no memory becomes a Status, whatever `call` returns.
template <class Call>
auto Guarded(Call&& call) -> decltype(call()) {
  try {
    return call();
  } catch (const InvariantBroken& broken) {
    return Fail(absl::StatusCode::kInternal, "internal", broken.what());
  } catch (const std::bad_alloc&) {
    return Fail(absl::StatusCode::kResourceExhausted, "internal.no_memory", "memory ran out; nothing was changed");
  } catch (const std::exception& other) {
    return Fail(absl::StatusCode::kInternal, "internal", other.what());
  }
}

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_ENGINE_IMPL_HPP_
