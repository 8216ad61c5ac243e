// What follows from the book: adopt, decide, tick, hand over.
#include <algorithm>
#include <set>

#include "engine/engine_impl.hpp"
#include "rapport/book/zone_of.hpp"

namespace rapport {

namespace {

absl::Status ReadPolicies(const BookContext& context, ReadDocuments& documents) {
  const auto same = [&]() {
    return documents.policies != nullptr && std::equal(context.policies.begin(), context.policies.end(), documents.policies->begin(), documents.policies->end(),
                                                       [](const auto& adopted, const auto& read) { return adopted.first == read.first; });
  };
  if (same()) return absl::OkStatus();
  auto policies = std::make_shared<std::map<std::string, Policy>>();
  for (const auto& [id, adopted] : context.policies) {
    RAPPORT_ASSIGN_OR_RETURN(Policy policy, Policy::Parse(adopted.document));
    policies->emplace(id, std::move(policy));
  }
  documents.policies = std::move(policies);
  return absl::OkStatus();
}

absl::Status ReadPermission(const BookContext& context, ReadDocuments& documents) {
  if (documents.permission != nullptr && documents.permission_document == context.permission) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(PermissionProfile profile, PermissionProfile::Resolve(context.permission));
  documents.permission = std::make_shared<const PermissionProfile>(std::move(profile));
  documents.permission_document = context.permission;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Reading>> Engine::Impl::Read(std::shared_ptr<const Book> book, const ReadAt& at) {
  return Reading::Make(std::move(book), at, documents_);
}

absl::StatusOr<std::unique_ptr<Reading>> Reading::Make(std::shared_ptr<const Book> book, const ReadAt& at, ReadDocuments& documents) {
  auto reading = std::make_unique<Reading>();
  reading->book_ = std::move(book);
  const BookContext& context = reading->book_->context();
  RAPPORT_ASSIGN_OR_RETURN(reading->signals_, SignalContext::From(context));
  RAPPORT_RETURN_IF_ERROR(ReadPolicies(context, documents));
  RAPPORT_RETURN_IF_ERROR(ReadPermission(context, documents));
  reading->documents_ = documents;
  const std::map<std::string, Policy>& adopted = *documents.policies;
  const std::string newest = context.policy ? context.policy->policy.policy : std::string();
  const Policy* policy = at.policy;
  if (policy == nullptr) policy = newest.empty() ? &Policy::Default() : &adopted.at(newest);
  reading->policy_is_adopted_ = policy->id() == newest;
  reading->input_ = {&reading->signals_, policy, documents.permission.get(), at.as_of, at.seed, &adopted};
  return reading;
}

namespace {

Event AdoptionOf(const Policy& policy, Instant at) {
  return OwnEvent("policy/" + policy.id() + "/" + FormatInstant(at), CustomerId(), at,
                  PolicyAdopted{policy.id(), policy.document()});
}

void Count(const std::vector<Event>& events, TickReceipt& receipt) {
  for (const Event& event : events) {
    if (const auto* issued = event.As<FollowUpIssued>()) (issued->revision == 1 ? receipt.issued : receipt.changed) += 1;
    receipt.withdrawn += event.As<FollowUpWithdrawn>() != nullptr ? 1 : 0;
    receipt.expired += event.As<FollowUpExpired>() != nullptr ? 1 : 0;
  }
}

AccountSource SourceOf(const Book& book) {
  return [&book](std::span<const CustomerId> customers, const std::function<void(const Account&)>& visit) { book.Visit(customers, visit); };
}

// Two writers may meet; after so many meetings in a row something else is wrong.
constexpr int kMostAttempts = 8;

}  // namespace

absl::StatusOr<AppendReceipt> Engine::Impl::Conclude(
    Instant at, const std::function<absl::StatusOr<std::vector<Event>>(std::shared_ptr<const Book>)>& conclude) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> seal, ledger_.Seal());
  if (seal && at < *seal) return BehindSeal(at, *seal);   // said early; the ledger says it again within its transaction
  for (int attempt = 0;; ++attempt) {
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, BookAt(at, at));
    const std::int64_t seen = builder_.last_sequence();
    RAPPORT_ASSIGN_OR_RETURN(std::vector<Event> events, conclude(std::move(book)));
    absl::StatusOr<AppendReceipt> appended = ledger_.AppendOwn(std::move(events), {at, seen});
    if (appended.ok() || appended.status().code() != absl::StatusCode::kAborted || attempt == kMostAttempts) return appended;
  }
}

absl::Status Engine::Adopt(const Policy& policy, Instant at) {
  return Guarded([&]() -> absl::Status {
    const auto conclude = [&](std::shared_ptr<const Book>) -> absl::StatusOr<std::vector<Event>> {
      std::vector<Event> events;
      events.push_back(AdoptionOf(policy, at));
      return events;
    };
    return impl_->Conclude(at, conclude).status();
  });
}

absl::StatusOr<std::vector<AccountDecisions>> Engine::Decide(const ReadAt& at, std::span<const CustomerId> customers) {
  return Guarded([&]() -> absl::StatusOr<std::vector<AccountDecisions>> {
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, impl_->Read(std::move(book), at));
    return DecideBook(reading->book(), reading->input(), customers);
  });
}

absl::StatusOr<TickReceipt> Engine::Tick(const ReadAt& at) {
  return Guarded([&]() -> absl::StatusOr<TickReceipt> {
    if (at.known_at.has_value() && *at.known_at != at.as_of) {
      return Invalid("tick.known_at", absl::StrCat("known_at: found ", FormatInstant(*at.known_at),
                                                   ", expected none or as_of: what is recorded rests on what is known then"));
    }
    TickReceipt receipt;
    TickState& state = impl_->tick_state();
    std::unique_ptr<Reading> reading;
    TickState::Whom whom;
    whom.all = false;
    const auto conclude = [&](std::shared_ptr<const Book> book) -> absl::StatusOr<std::vector<Event>> {
      RAPPORT_ASSIGN_OR_RETURN(reading, impl_->Read(std::move(book), at));
      // Where another writer came between, those who were taken from the queue before are still to be looked at.
      TickState::Whom more = state.Ask(reading->input());
      whom.all = whom.all || more.all;
      whom.customers.insert(whom.customers.end(), more.customers.begin(), more.customers.end());
      std::vector<Event> events;
      receipt.backlog.clear();
      if (!reading->policy_is_adopted()) events.push_back(AdoptionOf(reading->policy(), at.as_of));
      for (const AccountDecisions& one : state.Decide(SourceOf(reading->book()), reading->input(), whom)) {
        for (const auto& [rule, count] : one.backlog) receipt.backlog[rule] += count;
        if (one.decisions.empty() && one.closings.empty() && one.cadences.empty()) continue;
        std::vector<Event> follow = EventsOf(one, at.as_of);
        std::move(follow.begin(), follow.end(), std::back_inserter(events));
      }
      receipt.events = events;
      return events;
    };
    const absl::StatusOr<AppendReceipt> appended = impl_->Conclude(at.as_of, conclude);
    if (!appended.ok()) {
      state.Drop();
      return appended.status();
    }
    state.Keep(reading->input(), impl_->LatestKnown());
    Count(receipt.events, receipt);
    receipt.cursor = appended->last_sequence;
    return receipt;
  });
}

absl::StatusOr<BacktestReport> Engine::Backtest(const BacktestRequest& request) {
  return Guarded([&]() -> absl::StatusOr<BacktestReport> {
    if (impl_->replays()) {
      return FailedPrecondition("backtest.no_history", "engine: found one opened from a snapshot, expected one that holds all of its events");
    }
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookAt(std::nullopt));
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, impl_->Read(std::move(book), ReadAt{Instant::Max(), std::nullopt, request.policy}));
    rapport::Backtest history(impl_->zones());
    RAPPORT_RETURN_IF_ERROR(impl_->ledger().Scan(0, [&](Event&& event) {
      history.Add(event);
      return absl::OkStatus();
    }));
    BacktestOptions options{request.start, request.end, request.lookback_days, request.seed, {}, request.progress};
    if (request.refit_monthly) options.refit = Impl::FitIfKnown;
    BacktestReport report;
    RAPPORT_ASSIGN_OR_RETURN(report.run, history.Run(reading->policy(), options));
    if (request.against != nullptr) {
      RAPPORT_ASSIGN_OR_RETURN(report.against, history.Run(*request.against, options));
    }
    return report;
  });
}

absl::StatusOr<HandOverAnswer> Engine::HandOver(const FollowUpId& followup, Instant at) {
  return Guarded([&]() -> absl::StatusOr<HandOverAnswer> {
    HandOverAnswer answer;
    const auto conclude = [&](std::shared_ptr<const Book> book) -> absl::StatusOr<std::vector<Event>> {
      RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Account> owner, impl_->AccountOfFollowUp(*book, followup));
      if (owner == nullptr) {
        return UnknownFollowUp(followup, at);
      }
      RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, impl_->Read(std::move(book), ReadAt{at}));
      const Account& account = *owner;
      answer = CheckHandOver(account, followup, reading->input(), at);
      const FollowUpRecord& record = account.followups.at(followup);
      std::vector<Event> events;
      const Zone& zone = ZoneOfRep(reading->book().context(), record.issued.rep);
      const bool again = record.state == FollowUpState::kHandedOver;
      if (answer.allowed && (!again || zone.LocalDay(record.handed_over.back()) < zone.LocalDay(at))) {
        // One that was withdrawn and opened again is handed over again; one that stays undone once a day.
        std::string id = followup.text() + "/handed_over" + OfRevision(record.issued.revision);
        if (again) id += "/" + FormatDay(zone.LocalDay(at));
        events.push_back(OwnEvent(std::move(id), account.NamedIn(record.issued_by), at, FollowUpHandedOver{followup, record.issued.rep}));
      }
      return events;
    };
    RAPPORT_RETURN_IF_ERROR(impl_->Conclude(at, conclude).status());
    return answer;
  });
}

}  // namespace rapport
