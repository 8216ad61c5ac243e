// How the book is kept right: imports as batches, synchronised tables, erasure, retention, exports, snapshots.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <set>

#include "engine/engine_impl.hpp"
#include "rapport/core/hash.hpp"

namespace rapport {
namespace {

// What an import says is named by its content, so that the same file is the same batch.
std::string ContentName(const std::vector<Event>& events) {
  std::vector<std::string> parts;
  parts.reserve(events.size() * 3);
  for (const Event& event : events) {
    parts.push_back(event.key.source);
    parts.push_back(event.key.id);
    parts.push_back(ToHex(FactsDigest(event)));
  }
  std::vector<std::string_view> views(parts.begin(), parts.end());
  return ToHex(HashParts(views), 10);
}

Event ImportStartedEvent(const BatchId& batch, const std::vector<Event>& events, const ImportStarted& data) {
  Instant at = Instant::Min();
  for (const Event& event : events) at = std::max(at, event.recorded);
  return OwnEvent("import/" + batch.text(), CustomerId(), at, data);
}

// The person's own, without what differs between two ways of writing the same.
std::string NormalMail(std::string mail) {
  std::erase_if(mail, [](char c) { return c == ' ' || c == '\t'; });
  std::transform(mail.begin(), mail.end(), mail.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return "mail:" + mail;
}
std::string NormalPhone(std::string phone) {
  std::erase_if(phone, [](char c) { return (c < '0' || c > '9') && c != '+'; });
  return "phone:" + phone;
}

std::set<std::string> KnownBy(const Event& event) {
  std::set<std::string> names;
  const auto add = [&](const auto& said) {
    if (said.mail && !said.mail->empty()) names.insert(NormalMail(*said.mail));
    if (said.phone && !said.phone->empty()) names.insert(NormalPhone(*said.phone));
  };
  if (const auto* customer = event.As<CustomerUpserted>()) add(*customer);
  if (const auto* contact = event.As<ContactUpserted>()) add(*contact);
  return names;
}

absl::Status ReadFileInto(const std::string& path, std::string& out) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return absl::NotFoundError(path);
  out.resize(static_cast<std::size_t>(file.tellg()));
  file.seekg(0);
  file.read(out.data(), static_cast<std::streamsize>(out.size()));
  return file ? absl::OkStatus() : absl::DataLossError(path);
}

}  // namespace

absl::StatusOr<BatchId> Engine::Impl::NewBatch(const std::vector<Event>& events) {
  const std::string name = "b-" + ContentName(events);
  for (int n = 1;; ++n) {
    const BatchId batch = BatchId::Trusted(n == 1 ? name : absl::StrCat(name, "-", n));
    RAPPORT_ASSIGN_OR_RETURN(const auto started, ledger_.store().Find({std::string(kEngineSource), "import/" + batch.text()}));
    RAPPORT_ASSIGN_OR_RETURN(const auto taken, ledger_.store().Find({std::string(kEngineSource), RetractedBatchId(batch)}));
    if (!started && !taken) return batch;
  }
}

absl::StatusOr<Instant> Engine::Impl::LatestMoment() {
  RAPPORT_RETURN_IF_ERROR(Refresh());
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> seal, ledger_.Seal());
  const Instant latest = std::max(builder_.latest_recorded(), Instant::FromMicros(0));
  return seal ? std::max(latest, seal->PlusMicros(1)) : latest;
}

absl::StatusOr<std::string> Engine::Impl::Suppressed(const std::string& name) const {
  if (suppression_key_.size() < 16 || suppression_key_.size() > 64) {
    return Invalid("erase.key", absl::StrCat("suppression_key: found ", suppression_key_.size(), " bytes, expected 16 to 64"));
  }
  return ToHex(HashKeyed(suppression_key_, name), 16);
}

// What an erased person's later events hold of his text is dropped, and whoever comes back under a suppressed mail or phone is not contacted.
absl::Status Engine::Impl::Forget(std::vector<Event>& events) {
  RAPPORT_RETURN_IF_ERROR(Refresh());
  if (!any_erased_) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, BookAt(std::nullopt));
  std::vector<Event> rules;
  for (Event& event : events) {
    if (book->erased().contains(event.subject)) {
      event.extra.clear();
      if (auto* unknown = std::get_if<Unrecognised>(&event.data)) unknown->content = Json::Object();
      else if (auto* corrected = std::get_if<EventCorrected>(&event.data)) corrected->text.reset();
      else {
        RAPPORT_ASSIGN_OR_RETURN(event.data, DecodePayload(event.type(), EncodeFacts(event), nullptr, nullptr));
      }
      continue;
    }
    if (suppression_key_.empty() || book->suppressed().empty()) continue;
    for (const std::string& name : KnownBy(event)) {
      RAPPORT_ASSIGN_OR_RETURN(const std::string digest, Suppressed(name));
      if (!book->suppressed().contains(digest)) continue;
      DoNotContactSet rule;
      if (const auto* contact = event.As<ContactUpserted>()) rule.contact = contact->contact;
      Event own = OwnEvent(absl::StrCat("suppressed/", digest, "/", ToHex(HashParts({event.subject.text(), rule.contact.value_or(ContactId()).text()}), 12)), event.subject, event.recorded, std::move(rule));
      rules.push_back(std::move(own));
    }
  }
  for (Event& rule : rules) {
    const bool twice = std::any_of(events.begin(), events.end(), [&](const Event& event) { return event.key == rule.key; });
    RAPPORT_ASSIGN_OR_RETURN(const auto before, ledger_.store().Find(rule.key));
    if (!twice && !before) events.push_back(std::move(rule));
  }
  return absl::OkStatus();
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
    RAPPORT_ASSIGN_OR_RETURN(const BatchId batch, impl_->NewBatch(file.events));
    ImportStarted started;
    started.batch = batch;
    started.rows = file.rows;
    if (mapping) started.mapping = ToHex(HashBytes(mapping->document().Canonical()), 16);
    if (mapping && mapping->assumes_knowledge()) started.knowledge_assumed = true;
    started.file = path;
    AppendOptions append;
    append.own_events = options.decode.own_events;
    append.companion = ImportStartedEvent(batch, file.events, started);
    for (Event& event : file.events) {
      if (event.batch.empty() && event.key.source != kEngineSource) event.batch = batch;
    }
    absl::StatusOr<AppendReceipt> appended = Append(std::move(file.events), std::move(append));
    if (!appended.ok()) return WithContext(appended.status(), path);
    receipt.append = *appended;
    if (appended->accepted + appended->corrected > 0) receipt.batch = batch;
    return receipt;
  });
}

absl::StatusOr<AppendReceipt> Engine::RetractBatch(const BatchId& batch, std::optional<Instant> at) {
  return Guarded([&]() -> absl::StatusOr<AppendReceipt> {
    Ledger& ledger = impl_->ledger();
    RAPPORT_ASSIGN_OR_RETURN(const auto started, ledger.store().Find({std::string(kEngineSource), "import/" + batch.text()}));
    if (!started) return NotFound("batch.unknown", absl::StrCat("batch: found \"", batch.text(), "\", expected one that an import gave"));
    RAPPORT_ASSIGN_OR_RETURN(const Instant latest, impl_->LatestMoment());
    RAPPORT_ASSIGN_OR_RETURN(const auto before, ledger.store().Find({std::string(kEngineSource), RetractedBatchId(batch)}));
    if (before) {
      RAPPORT_ASSIGN_OR_RETURN(const std::int64_t last, ledger.LastSequence());
      return AppendReceipt{0, 1, 0, last};
    }
    std::vector<Event> events;
    events.push_back(OwnEvent(RetractedBatchId(batch), CustomerId(), at.value_or(latest), BatchRetracted{batch, {}}));
    AppendOptions options;
    options.own_events = true;
    return ledger.Append(std::move(events), options);
  });
}

absl::StatusOr<std::vector<Event>> Engine::Impl::Vanished(const std::vector<Event>& rows, const std::string& source, Instant at, const BatchId& batch) {
  std::set<std::string> ids, types;
  for (const Event& row : rows) {
    ids.insert(row.key.id);
    types.insert(std::string(row.type()));
  }
  std::vector<Event> gone;
  std::vector<std::pair<EventKey, CustomerId>> missing;
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<Event> stored, ledger_.store().WithPrefix(source, ""));
  for (const Event& event : stored) {
    if (types.contains(std::string(event.type())) && !ids.contains(event.key.id)) missing.emplace_back(event.key, event.subject);
  }
  for (const auto& [key, subject] : missing) {
    RAPPORT_ASSIGN_OR_RETURN(std::optional<Event> retraction, ledger_.RetractionOf(key, subject, at, batch));
    if (retraction) gone.push_back(*std::move(retraction));
  }
  return gone;
}

absl::StatusOr<SyncReceipt> Engine::Sync(std::vector<Event> rows, SyncMode mode, std::optional<Instant> at) {
  return Guarded([&]() -> absl::StatusOr<SyncReceipt> {
    SyncReceipt receipt;
    RAPPORT_ASSIGN_OR_RETURN(receipt.append.last_sequence, impl_->ledger().LastSequence());
    if (rows.empty()) return receipt;
    const std::string source = rows.front().key.source;
    for (const Event& row : rows) {
      if (row.key.source == source) continue;
      return Invalid("sync.sources", absl::StrCat("rows: found the sources \"", source, "\" and \"", row.key.source, "\", expected one"));
    }
    RAPPORT_ASSIGN_OR_RETURN(const Instant latest, impl_->LatestMoment());
    RAPPORT_ASSIGN_OR_RETURN(const BatchId batch, impl_->NewBatch(rows));
    std::vector<Event> gone;
    if (mode == SyncMode::kFull) {
      RAPPORT_ASSIGN_OR_RETURN(gone, impl_->Vanished(rows, source, at.value_or(latest), batch));
    }
    receipt.retracted = static_cast<std::int64_t>(gone.size());
    ImportStarted started;
    started.batch = batch;
    started.rows = static_cast<std::int64_t>(rows.size());
    AppendOptions options;
    options.on_conflict = OnConflict::kReplace;
    options.own_events = true;
    options.companion = ImportStartedEvent(batch, rows, started);
    const Instant now = at.value_or(latest);
    for (Event& row : rows) {
      row.batch = batch;
      // What a row says anew became known by this run, whatever time the row itself names.
      RAPPORT_ASSIGN_OR_RETURN(const auto stored, impl_->ledger().store().Find(row.key));
      if (stored) row.recorded = row.claimed = std::max(row.claimed, now);
    }
    std::move(gone.begin(), gone.end(), std::back_inserter(rows));
    RAPPORT_ASSIGN_OR_RETURN(receipt.append, Append(std::move(rows), std::move(options)));
    receipt.append.accepted -= receipt.retracted;
    if (receipt.append.accepted + receipt.append.corrected + receipt.retracted > 0) receipt.batch = batch;
    return receipt;
  });
}

absl::StatusOr<std::string> Engine::ExportLines(const ExportOptions& options) {
  return Guarded([&]() -> absl::StatusOr<std::string> {
    std::string lines;
    const auto add = [&](Event&& event) {
      const bool known = !options.known_at.has_value() || event.recorded <= *options.known_at;
      if (known && event.sequence > options.after) lines += EncodeEvent(event).Canonical() + "\n";
      return absl::OkStatus();
    };
    RAPPORT_RETURN_IF_ERROR(options.subject ? impl_->ledger().store().ScanSubject(*options.subject, add) : impl_->ledger().Scan(options.after, add));
    return lines;
  });
}

absl::StatusOr<Table> Engine::EventTable(std::string_view type, std::optional<Instant> known_at) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    std::vector<Event> events;
    RAPPORT_RETURN_IF_ERROR(impl_->ledger().Scan(0, [&](Event&& event) {
      if (event.type() == type && (!known_at || event.recorded <= *known_at)) events.push_back(std::move(event));
      return absl::OkStatus();
    }));
    return rapport::EventTable(type, events);
  });
}

absl::StatusOr<Json> Engine::SubjectDocument(const CustomerId& customer) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookAt(std::nullopt));
    Json::Array events;
    Json::Array ids;
    for (const CustomerId& id : book->MembersOf(customer)) {
      ids.emplace_back(id.text());
      RAPPORT_RETURN_IF_ERROR(impl_->ledger().store().ScanSubject(id, [&](Event&& event) {
        events.push_back(EncodeEvent(event));
        return absl::OkStatus();
      }));
    }
    if (events.empty()) {
      return UnknownCustomer(customer);
    }
    return Json(Json::Object{{"customer", customer.text()}, {"ids", std::move(ids)}, {"events", std::move(events)}});
  });
}

// The event that erases one customer; none where it is stored already, or nothing names the customer (`known` stays as it was).
absl::StatusOr<std::optional<Event>> Engine::Impl::ErasureOf(const CustomerId& id, Instant at, EraseReceipt& receipt, bool& known) {
  std::set<std::string> digests;
  RAPPORT_RETURN_IF_ERROR(ledger_.store().ScanSubject(id, [&](Event&& event) -> absl::Status {
    known = true;
    if (!EncodePrivate(event).if_object()->empty()) ++receipt.events;
    if (suppression_key_.empty()) return absl::OkStatus();
    for (const std::string& name : KnownBy(event)) {
      RAPPORT_ASSIGN_OR_RETURN(std::string digest, Suppressed(name));
      digests.insert(std::move(digest));
    }
    return absl::OkStatus();
  }));
  receipt.suppressed += static_cast<std::int64_t>(digests.size());
  CustomerErased data;
  if (!digests.empty()) data.suppressed.emplace(digests.begin(), digests.end());
  Event event = OwnEvent(absl::StrCat("erased/", ToHex(HashParts({id.text()}), 12), "/", at.micros()), id, at, std::move(data));
  RAPPORT_ASSIGN_OR_RETURN(const auto before, ledger_.store().Find(event.key));
  return before ? std::nullopt : std::optional<Event>(std::move(event));
}

absl::StatusOr<EraseReceipt> Engine::Erase(const CustomerId& customer, Instant at) {
  return Guarded([&]() -> absl::StatusOr<EraseReceipt> {
    EraseReceipt receipt;
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookAt(std::nullopt));
    std::vector<Event> events;
    bool known = false;
    for (const CustomerId& id : book->MembersOf(customer)) {
      RAPPORT_ASSIGN_OR_RETURN(std::optional<Event> erasure, impl_->ErasureOf(id, at, receipt, known));
      if (erasure) events.push_back(*std::move(erasure));
    }
    if (!known) return UnknownCustomer(customer);
    AppendOptions options;
    options.own_events = true;
    impl_->ForgetNames();
    RAPPORT_RETURN_IF_ERROR(impl_->ledger().Append(std::move(events), options).status());
    // Also where nothing was new: an earlier call may have been stopped before its pages were clean.
    RAPPORT_RETURN_IF_ERROR(impl_->ledger().store().Scrub());
    return receipt;
  });
}

absl::StatusOr<std::int64_t> Engine::ApplyRetention(Instant at) {
  return Guarded([&]() -> absl::StatusOr<std::int64_t> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookAt(at, at));
    const std::map<std::string, std::int64_t>& days = book->context().retention;
    if (days.empty()) return 0;
    std::vector<std::int64_t> sequences;
    Store& store = impl_->ledger().store();
    RAPPORT_RETURN_IF_ERROR(store.Scan(0, [&](Event&& event) {
      const auto kept = days.find(std::string(event.type()));
      const bool old = kept != days.end() && event.occurred.at.PlusMinutes(kept->second * 24 * 60) < at;
      if (old && !EncodePrivate(event).if_object()->empty()) sequences.push_back(event.sequence);
      return absl::OkStatus();
    }));
    if (!sequences.empty()) RAPPORT_RETURN_IF_ERROR(store.Transaction([&]() { return store.ErasePrivate(sequences); }));
    RAPPORT_RETURN_IF_ERROR(store.Scrub());
    impl_->ForgetNames();
    return static_cast<std::int64_t>(sequences.size());
  });
}

// --- snapshots
absl::StatusOr<std::string> Engine::Impl::SnapshotBytes() {
  RAPPORT_RETURN_IF_ERROR(Refresh());
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Digest> link, ledger_.store().LinkAt(builder_.last_sequence()));
  return builder_.Snapshot(link.value_or(Digest{}));
}

absl::Status Engine::Impl::LoadSnapshot() {
  std::string blob;
  if (path_.empty() || !ReadFileInto(path_ + ".snapshot", blob).ok()) return absl::OkStatus();
  const absl::StatusOr<BookBuilder::SnapshotHead> head = BookBuilder::HeadOf(blob);
  if (!head.ok()) return absl::OkStatus();   // a cache: another version's is as good as none
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Digest> link, ledger_.store().LinkAt(head->last_sequence));
  if (!link || *link != head->link) return absl::OkStatus();
  absl::StatusOr<BookBuilder> builder = BookBuilder::FromSnapshot(std::move(blob), zones_);
  if (!builder.ok()) return absl::OkStatus();
  builder_ = *std::move(builder);
  any_erased_ = !builder_.AsKnown(std::nullopt)->erased().empty();
  snapshot_events_ = builder_.event_count();
  return absl::OkStatus();
}

absl::Status Engine::Impl::SaveSnapshot() {
  if (path_.empty()) return FailedPrecondition("store.no_file", "found a book in memory, expected one in a file: take SnapshotBytes");
  RAPPORT_ASSIGN_OR_RETURN(const std::string blob, SnapshotBytes());
  const std::string target = path_ + ".snapshot", temporary = target + ".new";
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  file.write(blob.data(), static_cast<std::streamsize>(blob.size()));
  file.close();
  if (!file || std::rename(temporary.c_str(), target.c_str()) != 0) {
    const std::string why = std::strerror(errno);
    std::remove(temporary.c_str());
    return Fail(absl::StatusCode::kUnavailable, "store.io", absl::StrCat(target, ": ", why));
  }
  snapshot_events_ = builder_.event_count();
  return absl::OkStatus();
}

// Worth a snapshot when opening would replay many events without it.
void Engine::Impl::Close() noexcept {
  constexpr std::size_t kWorthIt = 20'000;
  try {
    if (path_.empty() || !use_snapshot_ || builder_.event_count() < snapshot_events_ + kWorthIt) return;
    if (ledger_.LastSequence().ok()) (void)SaveSnapshot();
  } catch (...) {
    // A cache that cannot be written is none.
  }
}

absl::StatusOr<std::string> Engine::SnapshotBytes() {
  return Guarded([&]() { return impl_->SnapshotBytes(); });
}
absl::Status Engine::SaveSnapshot() {
  return Guarded([&]() -> absl::Status { return impl_->SaveSnapshot(); });
}
absl::Status Engine::Backup(const std::string& path) {
  return Guarded([&]() -> absl::Status { return impl_->ledger().store().Backup(path); });
}

}  // namespace rapport
