#include "rapport/engine.hpp"

#include "engine/engine_impl.hpp"
#include "rapport/value/bg_nbd.hpp"

namespace rapport {

absl::Status Engine::Impl::Refresh() {
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t last, ledger_.LastSequence());
  if (last == builder_.last_sequence()) return absl::OkStatus();
  return ledger_.Scan(builder_.last_sequence(), [this](Event&& event) {
    names_.Learn(event);
    builder_.Add(std::move(event));
    return absl::OkStatus();
  });
}

absl::StatusOr<std::shared_ptr<const Book>> Engine::Impl::BookAt(std::optional<Instant> known_at, std::optional<Instant> as_of) {
  RAPPORT_RETURN_IF_ERROR(Refresh());
  return builder_.AsKnown(known_at, as_of);
}

namespace {

absl::Status CheckZone(const ZoneRules& zones, const std::optional<std::string>& zone) {
  if (!zone.has_value()) return absl::OkStatus();
  return zones.Find(*zone).status();
}

absl::Status CheckAgainstRules(const Event& event, const ZoneRules& zones) {
  if (const auto* customer = event.As<CustomerUpserted>()) return CheckZone(zones, customer->zone);
  if (const auto* contact = event.As<ContactUpserted>()) return CheckZone(zones, contact->zone);
  if (const auto* rep = event.As<RepUpserted>()) {
    RAPPORT_RETURN_IF_ERROR(CheckZone(zones, rep->zone));
    return rep->calendar ? WorkingWeek::FromJson(*rep->calendar).status() : absl::OkStatus();
  }
  if (const auto* book = event.As<BookConfigured>()) {
    RAPPORT_RETURN_IF_ERROR(CheckZone(zones, book->zone));
    if (book->reporting_currency) RAPPORT_RETURN_IF_ERROR(Currency::Parse(*book->reporting_currency).status());
    return book->permission ? PermissionProfile::Resolve(*book->permission).status() : absl::OkStatus();
  }
  if (const auto* policy = event.As<PolicyAdopted>()) {
    RAPPORT_ASSIGN_OR_RETURN(const Policy parsed, Policy::Parse(policy->document));
    if (parsed.id() == policy->policy) return absl::OkStatus();
    return Invalid("event.invalid_field", absl::StrCat("field policy: found \"", policy->policy, "\", expected the document's hash ", parsed.id()));
  }
  if (const auto* model = event.As<ModelFitted>(); model != nullptr && model->model == "bg_nbd") {
    return BgNbd::FromJson(model->fitted).status();
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Engine::Impl::Validate(const std::vector<Event>& events) const {
  for (const Event& event : events) {
    const absl::Status status = CheckAgainstRules(event, zones_);
    if (!status.ok()) return WithContext(status, absl::StrCat("record ", event.key.source, "/", event.key.id));
  }
  return absl::OkStatus();
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

absl::StatusOr<Engine> Engine::Open(const std::string& path, EngineOptions options) {
  return Guarded([&]() -> absl::StatusOr<Engine> {
    SqliteOptions sqlite;
    sqlite.create = options.create;
    RAPPORT_ASSIGN_OR_RETURN(std::unique_ptr<Store> store, OpenSqliteStore(path, sqlite));
    Engine engine(std::make_unique<Impl>(std::move(store), options.zones));
    RAPPORT_RETURN_IF_ERROR(engine.impl_->Refresh());
    return engine;
  });
}

absl::StatusOr<Engine> Engine::InMemory(EngineOptions options) {
  return Guarded([&]() -> absl::StatusOr<Engine> {
    return Engine(std::make_unique<Impl>(OpenMemoryStore(), options.zones));
  });
}

absl::StatusOr<AppendReceipt> Engine::Append(std::vector<Event> events) {
  return Guarded([&]() -> absl::StatusOr<AppendReceipt> {
    RAPPORT_RETURN_IF_ERROR(impl_->Validate(events));
    return impl_->ledger().Append(std::move(events));
  });
}

absl::StatusOr<AppendReceipt> Engine::AppendLines(std::string_view ndjson, const DecodeOptions& options) {
  return Guarded([&]() -> absl::StatusOr<AppendReceipt> {
    RAPPORT_ASSIGN_OR_RETURN(std::vector<Event> events, DecodeLines(ndjson, options));
    return Append(std::move(events));
  });
}

absl::StatusOr<ImportReceipt> Engine::ImportFile(const std::string& path, const std::optional<Mapping>& mapping,
                                                 const ImportOptions& options) {
  return Guarded([&]() -> absl::StatusOr<ImportReceipt> {
    RAPPORT_ASSIGN_OR_RETURN(FileEvents file, ReadEvents(path, mapping, impl_->zones(), options));
    ImportReceipt receipt;
    receipt.rows = file.rows;
    receipt.events = static_cast<std::int64_t>(file.events.size());
    receipt.rejected = std::move(file.rejected);
    if (options.dry_run) {
      const absl::Status valid = impl_->Validate(file.events);
      return valid.ok() ? absl::StatusOr<ImportReceipt>(std::move(receipt)) : WithContext(valid, path);
    }
    absl::StatusOr<AppendReceipt> appended = Append(std::move(file.events));
    if (!appended.ok()) return WithContext(appended.status(), path);
    receipt.append = *appended;
    return receipt;
  });
}

absl::StatusOr<std::string> Engine::ExportLines(std::optional<Instant> known_at) {
  return Guarded([&]() -> absl::StatusOr<std::string> {
    std::string lines;
    RAPPORT_RETURN_IF_ERROR(impl_->ledger().Scan(0, [&](Event&& event) {
      if (!known_at.has_value() || event.recorded <= *known_at) lines += EncodeEvent(event).Canonical() + "\n";
      return absl::OkStatus();
    }));
    return lines;
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
