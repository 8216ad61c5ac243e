#include "rapport/engine.hpp"

#include <algorithm>
#include <map>

#include "engine/engine_impl.hpp"
#include "engine/referral_past.hpp"
#include "rapport/expectation/balance.hpp"
#include "rapport/plan/plan_terms.hpp"
#include "rapport/relationship/referral_tree.hpp"
#include "rapport/relationship/worry_knowledge.hpp"
#include "rapport/signals/large_accounts.hpp"
#include "rapport/signals/relationship.hpp"
#include "rapport/signals/repeat.hpp"
#include "rapport/value/care_worth.hpp"
#include "rapport/value/economics_terms.hpp"
#include "rapport/value/gamma_gamma.hpp"
#include "rapport/value/models.hpp"

namespace rapport {

absl::Status Engine::Impl::Refresh() {
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t last, ledger_.LastSequence());
  if (last == builder_.last_sequence()) return absl::OkStatus();
  return ledger_.Scan(builder_.last_sequence(), [this](Event&& event) {
    names_.Forget(event.subject);
    tick_state_.Note(event);
    rep_index_.Note(event);
    any_erased_ = any_erased_ || event.As<CustomerErased>() != nullptr;
    builder_.Add(event);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::shared_ptr<const Book>> Engine::Impl::BookAt(std::optional<Instant> known_at, std::optional<Instant> as_of) {
  RAPPORT_RETURN_IF_ERROR(Refresh());
  return builder_.AsKnown(known_at, as_of);
}

std::optional<std::vector<CustomerId>> Engine::Impl::CustomersOf(std::span<const RepId> reps, const ReadAt& at) {
  if (reps.empty()) return std::nullopt;
  if (!rep_index_.is_made()) rep_index_.Make(*builder_.AsKnown(std::nullopt), LatestKnown());
  // Whose customers somebody was is known of the newest book: what was known earlier may name others.
  return rep_index_.Of(reps, at.known_at.has_value() ? std::min(at.as_of, *at.known_at) : at.as_of);
}

absl::StatusOr<std::shared_ptr<const Account>> Engine::Impl::AccountOfFollowUp(const Book& book, const FollowUpId& followup) {
  const auto holds = [&](const std::shared_ptr<const Account>& account) { return account != nullptr && account->followups.contains(followup); };
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Event> issued, ledger_.Find({std::string(kEngineSource), followup.text() + "/issued/1"}));
  if (issued) {
    std::shared_ptr<const Account> account = book.Find(issued->subject);
    return holds(account) ? account : nullptr;
  }
  if (!replays_) return nullptr;
  for (const auto& [id, account] : book.accounts()) {   // the event that issued it is not here, its account is
    if (holds(account)) return account;
  }
  return nullptr;
}

absl::StatusOr<Json> Engine::Impl::DerivationOf(const EventKey& issued) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Event> event, ledger_.Find(issued));
  const FollowUpIssued* said = event ? event->As<FollowUpIssued>() : nullptr;
  if (said != nullptr) return said->derivation;
  return NotFound("explain.not_loaded", absl::StrCat("followup: found its event ", issued.id, " in the snapshot only, expected it in the ledger: load the events to explain it"));
}

namespace {

absl::Status CheckZone(const ZoneRules& zones, const std::optional<std::string>& zone) {
  if (!zone.has_value()) return absl::OkStatus();
  return zones.Find(*zone).status();
}

absl::Status CheckHostSignals(const Json& declared) {
  const Json::Object* columns = declared.if_object();
  bool well = columns != nullptr;
  for (const auto& [name, column] : well ? *columns : Json::Object()) {
    const Json* type = column.Find("type");
    const std::string* word = type == nullptr ? nullptr : type->if_string();
    well = well && word != nullptr && (*word == "number" || *word == "text");
  }
  return well ? absl::OkStatus() : Invalid("event.invalid_field", "field host_signals: found another document, expected {\"name\": {\"type\": \"number\" or \"text\"}}");
}

absl::Status CheckRetention(const Json& retention) {
  const Json::Object* days = retention.if_object();
  const std::vector<std::string_view> types = KnownTypes();
  bool well = days != nullptr;
  for (const auto& [type, kept] : well ? *days : Json::Object()) {
    const std::optional<std::int64_t> number = kept.if_integer();
    well = well && number && *number >= 0 && *number <= 40'000 && std::binary_search(types.begin(), types.end(), std::string_view(type));
  }
  return well ? absl::OkStatus() : Invalid("event.invalid_field", "field retention: found another document, expected days by type, such as {\"touch\": 730}");
}

absl::Status CheckHolidays(const ZoneRules& zones, const Json& holidays) {
  const Json::Object* by_zone = holidays.if_object();
  bool well = by_zone != nullptr;
  for (const auto& [zone, days] : well ? *by_zone : Json::Object()) {
    if (zone != "any") RAPPORT_RETURN_IF_ERROR(zones.Find(zone).status());
    well = well && days.if_array() != nullptr;
    for (const Json& day : well ? *days.if_array() : Json::Array()) well = well && day.if_string() != nullptr && ParseDay(*day.if_string()).ok();
  }
  return well ? absl::OkStatus() : Invalid("event.invalid_field", "field holidays: found another document, expected days by zone, such as {\"Europe/Paris\": [\"2026-07-14\"]}");
}

absl::Status CheckRate(const RateSet& rate) {
  RAPPORT_ASSIGN_OR_RETURN(const Currency from, Currency::Parse(rate.from));
  RAPPORT_ASSIGN_OR_RETURN(const Currency to, Currency::Parse(rate.to));
  return Money(1, from).ConvertedTo(to, rate.rate).status();
}

// A model of when customers buy is what its name says.
absl::Status CheckLifetime(const ModelFitted& model) {
  RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const PurchaseModel> read, ReadPurchaseModel(model.fitted));
  if (read->name() == model.model) return absl::OkStatus();
  return Invalid("event.invalid_field", absl::StrCat("field fitted.model: found \"", std::string(read->name()), "\", expected \"", model.model, "\""));
}

absl::Status CheckAgainstRules(const Event& event, const ZoneRules& zones) {
  if (const auto* correction = event.As<EventCorrected>()) {
    Event now = event;
    Json::Object unknown;
    RAPPORT_ASSIGN_OR_RETURN(now.data, DecodePayload(correction->target_type, correction->facts, nullptr, &unknown));
    return CheckAgainstRules(now, zones);
  }
  if (const auto* rate = event.As<RateSet>()) return CheckRate(*rate);
  if (const auto* customer = event.As<CustomerUpserted>()) {
    if (customer->expectation_weights) RAPPORT_RETURN_IF_ERROR(BalanceWeights::Read(*customer->expectation_weights, "expectation_weights").status());
    return CheckZone(zones, customer->zone);
  }
  if (const auto* contact = event.As<ContactUpserted>()) return CheckZone(zones, contact->zone);
  if (const auto* rep = event.As<RepUpserted>()) {
    RAPPORT_RETURN_IF_ERROR(CheckZone(zones, rep->zone));
    return rep->calendar ? WorkingWeek::FromJson(*rep->calendar).status() : absl::OkStatus();
  }
  if (const auto* book = event.As<BookConfigured>()) {
    RAPPORT_RETURN_IF_ERROR(CheckZone(zones, book->zone));
    if (book->host_signals) RAPPORT_RETURN_IF_ERROR(CheckHostSignals(*book->host_signals));
    if (book->holidays) RAPPORT_RETURN_IF_ERROR(CheckHolidays(zones, *book->holidays));
    if (book->retention) RAPPORT_RETURN_IF_ERROR(CheckRetention(*book->retention));
    if (book->expectation_weights) RAPPORT_RETURN_IF_ERROR(BalanceWeights::FromJson(*book->expectation_weights).status());
    if (book->relationship) RAPPORT_RETURN_IF_ERROR(ReadRelationshipTerms(*book->relationship).status());
    if (book->economics) RAPPORT_RETURN_IF_ERROR(EconomicsTerms::FromJson(*book->economics).status());
    if (book->plan) RAPPORT_RETURN_IF_ERROR(PlanTerms::FromJson(*book->plan).status());
    if (book->reporting_currency) RAPPORT_RETURN_IF_ERROR(Currency::Parse(*book->reporting_currency).status());
    return book->permission ? PermissionProfile::Resolve(*book->permission).status() : absl::OkStatus();
  }
  if (const auto* policy = event.As<PolicyAdopted>()) {
    RAPPORT_ASSIGN_OR_RETURN(const Policy parsed, Policy::Parse(policy->document));
    if (parsed.id() == policy->policy) return absl::OkStatus();
    return Invalid("event.invalid_field", absl::StrCat("field policy: found \"", policy->policy, "\", expected the document's hash ", parsed.id()));
  }
  if (const auto* model = event.As<ModelFitted>()) {
    const std::span<const std::string_view> lifetimes = PurchaseModelNames();
    if (std::find(lifetimes.begin(), lifetimes.end(), model->model) != lifetimes.end()) return CheckLifetime(*model);
    if (model->model == "gamma_gamma") return GammaGamma::FromJson(model->fitted).status();
    if (model->model == kCareWorth) return CareWorth::FromJson(model->fitted).status();
    if (model->model == kLargeAccounts) return LargeAccounts::FromJson(model->fitted).status();
    if (model->model == kRepeat) return RepeatModel::FromJson(model->fitted).status();
    if (model->model == kWorryKnowledge) return WorryKnowledge::FromJson(model->fitted).status();
    if (model->model == kReferralTree) return ReferralTree::FromJson(model->fitted).status();
  }
  return absl::OkStatus();
}

}  // namespace

// What was retracted or corrected before is the ledger's; this is the one thing that only the book can tell.
absl::Status Engine::Impl::CheckKeeping(const Event& event) {
  const auto* undone = event.As<MergeUndone>();
  if (undone == nullptr) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, BookAt(std::nullopt));
  for (const CustomerId& id : {event.subject, undone->merged}) {
    if (!book->erased().contains(id)) continue;
    return FailedPrecondition("merge.erased", absl::StrCat("field merged: found customer \"", id.text(), "\", which was erased, expected both to have their text: the merge stays"));
  }
  return absl::OkStatus();
}

absl::Status Engine::Impl::TakeOutKnown(std::vector<Event>& events, std::int64_t& duplicates) {
  if (!replays_) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, BookAt(std::nullopt));
  std::map<CustomerId, std::map<EventKey, Digest>> known;
  std::vector<Event> fresh;
  for (Event& event : events) {
    auto [of, is_new] = known.try_emplace(event.subject);
    if (is_new) {
      for (const Event& told : book->EventsOf(event.subject)) of->second.emplace(told.key, FactsDigest(told));
    }
    const auto found = of->second.find(event.key);
    if (found == of->second.end()) {
      fresh.push_back(std::move(event));
      continue;
    }
    if (found->second != FactsDigest(event)) {
      return Fail(absl::StatusCode::kAlreadyExists, "ledger.conflict",
                  absl::StrCat("source \"", event.key.source, "\", event \"", event.key.id, "\": found other facts than in the snapshot, expected the same"));
    }
    ++duplicates;
  }
  events = std::move(fresh);
  return absl::OkStatus();
}

absl::Status Engine::Impl::Validate(const std::vector<Event>& events) {
  for (const Event& event : events) {
    absl::Status status = CheckAgainstRules(event, zones_);
    if (status.ok()) status = CheckKeeping(event);
    if (!status.ok()) return WithContext(status, absl::StrCat("record ", event.key.source, "/", event.key.id));
  }
  if (!SpeaksOfReferrals(events)) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, BookAt(std::nullopt));
  return CheckReferrals(*book, events);
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() {
  if (impl_ != nullptr) impl_->Close();
}

absl::StatusOr<Engine> Engine::Open(const std::string& path, EngineOptions options) {
  return Guarded([&]() -> absl::StatusOr<Engine> {
    SqliteOptions sqlite;
    sqlite.create = options.create;
    sqlite.busy_milliseconds = options.busy_milliseconds;
    RAPPORT_ASSIGN_OR_RETURN(std::unique_ptr<Store> store, OpenSqliteStore(path, sqlite));
    Engine engine(std::make_unique<Impl>(std::move(store), options, path));
    if (options.use_snapshot) RAPPORT_RETURN_IF_ERROR(engine.impl_->LoadSnapshot());
    RAPPORT_RETURN_IF_ERROR(engine.impl_->Refresh());
    return engine;
  });
}

absl::StatusOr<Engine> Engine::InMemory(EngineOptions options) {
  return Guarded([&]() -> absl::StatusOr<Engine> {
    return Engine(std::make_unique<Impl>(OpenMemoryStore(), options));
  });
}

absl::StatusOr<Engine> Engine::FromSnapshot(std::string blob, EngineOptions options) {
  return Guarded([&]() -> absl::StatusOr<Engine> {
    Digest link{};
    RAPPORT_ASSIGN_OR_RETURN(BookBuilder builder, BookBuilder::FromSnapshot(std::move(blob), options.zones, &link));
    std::unique_ptr<Store> store = OpenMemoryStore(builder.last_sequence(), link);
    return Engine(std::make_unique<Impl>(std::move(store), options, std::move(builder)));
  });
}

absl::StatusOr<AppendReceipt> Engine::Append(std::vector<Event> events, AppendOptions options) {
  return Guarded([&]() -> absl::StatusOr<AppendReceipt> {
    for (const Event& event : events) {
      if (event.key.source == kEngineSource && !options.own_events) return impl_->ledger().Append(std::move(events), options);   // refuses
    }
    RAPPORT_RETURN_IF_ERROR(impl_->Validate(events));
    RAPPORT_RETURN_IF_ERROR(impl_->Forget(events));
    std::int64_t known = 0;
    RAPPORT_RETURN_IF_ERROR(impl_->TakeOutKnown(events, known));
    options.own_events = true;   // what the host may not send was refused above
    RAPPORT_ASSIGN_OR_RETURN(AppendReceipt receipt, impl_->ledger().Append(std::move(events), options));
    receipt.duplicates += known;
    return receipt;
  });
}

absl::StatusOr<AppendReceipt> Engine::AppendLines(std::string_view ndjson, const DecodeOptions& options, OnConflict on_conflict) {
  return Guarded([&]() -> absl::StatusOr<AppendReceipt> {
    RAPPORT_ASSIGN_OR_RETURN(std::vector<Event> events, DecodeLines(ndjson, options));
    AppendOptions append;
    append.on_conflict = on_conflict;
    append.own_events = options.own_events;
    return Append(std::move(events), std::move(append));
  });
}

absl::StatusOr<std::shared_ptr<const Book>> Engine::Snapshot(std::optional<Instant> known_at) {
  return Guarded([&]() { return impl_->BookAt(known_at); });
}

const Texts& Engine::texts() { return impl_->names(); }

absl::Status Engine::Check() {
  return Guarded([&]() -> absl::Status { return impl_->ledger().Check(); });
}

}  // namespace rapport
