// What follows from the book: fit, adopt, decide, tick, hand over.
#include <algorithm>
#include <set>

#include "engine/engine_impl.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/summarize.hpp"

namespace rapport {

absl::StatusOr<std::unique_ptr<Reading>> Reading::Make(std::shared_ptr<const Book> book, const ReadAt& at) {
  auto reading = std::make_unique<Reading>();
  reading->book_ = std::move(book);
  const BookContext& context = reading->book_->context();
  RAPPORT_ASSIGN_OR_RETURN(reading->signals_, SignalContext::From(context));
  RAPPORT_ASSIGN_OR_RETURN(reading->permission_, PermissionProfile::Resolve(context.permission));
  for (const auto& [id, adopted] : context.policies) {
    RAPPORT_ASSIGN_OR_RETURN(Policy policy, Policy::Parse(adopted.document));
    reading->earlier_.emplace(id, std::move(policy));
  }
  const std::string adopted = context.policy ? context.policy->policy.policy : std::string();
  reading->policy_ = at.policy != nullptr  ? *at.policy
                     : adopted.empty()     ? Policy::Default()
                                           : reading->earlier_.at(adopted);
  reading->policy_is_adopted_ = reading->policy_->id() == adopted;
  reading->input_ = {&reading->signals_, &*reading->policy_, &reading->permission_, at.as_of, at.seed, &reading->earlier_};
  return reading;
}

namespace {

// One value row a customer's purchase day; the model's own Summarize makes of it what it needs.
std::vector<Purchase> PurchasesOf(const Book& book) {
  std::vector<Purchase> purchases;
  for (const auto& [id, account] : book.accounts()) {
    const Zone& zone = book.context().ZoneOf(std::nullopt, account->profile.zone);
    for (const PurchaseRecord& record : account->purchases) {
      Purchase purchase;
      purchase.customer = id.text();
      purchase.date = zone.LocalDay(record.placed);
      purchases.push_back(std::move(purchase));
    }
  }
  return purchases;
}

absl::StatusOr<BgNbd> FitBgNbd(const Book& book, Instant as_of, std::string_view unit, std::int64_t& customers) {
  SummarizeOptions options;
  RAPPORT_ASSIGN_OR_RETURN(options.unit, ParseTimeUnit(unit));
  options.observation_end = book.context().ZoneOf(std::nullopt, std::nullopt).LocalDay(as_of);
  const std::vector<Purchase> purchases = PurchasesOf(book);
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<CustomerSummary> rows, Summarize(purchases, options));
  customers = static_cast<std::int64_t>(rows.size());
  std::vector<double> frequency, recency, age;
  for (const CustomerSummary& row : rows) {
    frequency.push_back(static_cast<double>(row.frequency));
    recency.push_back(row.recency);
    age.push_back(row.age);
  }
  return BgNbd::Fit(frequency, recency, age);
}

std::optional<CustomerId> OwnerOfFollowUp(const Book& book, const FollowUpId& followup) {
  for (const auto& [id, account] : book.accounts()) {
    if (account->followups.contains(followup)) return id;
  }
  return std::nullopt;
}

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

// A decision made behind the seal could contradict one that was recorded at it.
absl::Status CheckNotBehindSeal(Ledger& ledger, Instant at, std::string_view call) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> seal, ledger.Seal());
  if (!seal.has_value() || at >= *seal) return absl::OkStatus();
  return FailedPrecondition("ledger.behind_seal",
                            absl::StrCat(std::string(call), ": found ", FormatInstant(at), ", expected ",
                                         FormatInstant(*seal), " or later: knowledge is sealed up to there"));
}

// Two writers may meet; after so many meetings in a row something else is wrong.
constexpr int kMostAttempts = 8;

}  // namespace

absl::StatusOr<FitReceipt> Engine::Fit(std::string_view model, Instant as_of, std::string_view unit) {
  return Guarded([&]() -> absl::StatusOr<FitReceipt> {
    if (model != "bg_nbd") {
      return Invalid("value.unknown_model", absl::StrCat("model: found \"", std::string(model), "\", expected bg_nbd"));
    }
    RAPPORT_RETURN_IF_ERROR(CheckNotBehindSeal(impl_->ledger(), as_of, "fit"));
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookAt(as_of, as_of));
    FitReceipt receipt{std::string(model), 0, Json(), true};
    RAPPORT_ASSIGN_OR_RETURN(const BgNbd fitted, FitBgNbd(*book, as_of, unit, receipt.customers));
    receipt.fitted = fitted.ToJson();
    ModelFitted data{receipt.model, receipt.fitted, receipt.customers, std::string(unit)};
    Event event = OwnEvent(absl::StrCat("model/", receipt.model, "/", std::string(unit), "/", FormatInstant(as_of)),
                           CustomerId(), as_of, std::move(data));
    std::vector<Event> events;
    events.push_back(std::move(event));
    RAPPORT_ASSIGN_OR_RETURN(const AppendReceipt appended, impl_->ledger().AppendOwn(std::move(events), {as_of, std::nullopt}));
    receipt.appended = appended.accepted == 1;
    return receipt;
  });
}

absl::Status Engine::Adopt(const Policy& policy, Instant at) {
  return Guarded([&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(CheckNotBehindSeal(impl_->ledger(), at, "adopt"));
    std::vector<Event> events{AdoptionOf(policy, at)};
    return impl_->ledger().AppendOwn(std::move(events), {at, std::nullopt}).status();
  });
}

absl::StatusOr<std::vector<AccountDecisions>> Engine::Decide(const ReadAt& at, std::span<const CustomerId> customers) {
  return Guarded([&]() -> absl::StatusOr<std::vector<AccountDecisions>> {
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, Reading::Make(std::move(book), at));
    return DecideBook(reading->book(), reading->input(), customers);
  });
}

absl::StatusOr<TickReceipt> Engine::Tick(const ReadAt& at) {
  return Guarded([&]() -> absl::StatusOr<TickReceipt> {
    RAPPORT_RETURN_IF_ERROR(CheckNotBehindSeal(impl_->ledger(), at.as_of, "tick"));
    for (int attempt = 0;; ++attempt) {
      RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(at));
      const std::int64_t seen = impl_->last_folded();
      RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, Reading::Make(std::move(book), at));
      TickReceipt receipt;
      if (!reading->policy_is_adopted()) receipt.events.push_back(AdoptionOf(reading->policy(), at.as_of));
      const std::vector<AccountDecisions> decided = DecideBook(reading->book(), reading->input(), {});
      for (const AccountDecisions& one : decided) {
        std::vector<Event> events = EventsOf(*reading->book().Find(one.customer), one, at.as_of);
        std::move(events.begin(), events.end(), std::back_inserter(receipt.events));
      }
      Count(receipt.events, receipt);
      const absl::StatusOr<AppendReceipt> appended = impl_->ledger().AppendOwn(receipt.events, {at.as_of, seen});
      if (appended.ok()) {
        receipt.cursor = appended->last_sequence;
        return receipt;
      }
      if (appended.status().code() != absl::StatusCode::kAborted || attempt == kMostAttempts) return appended.status();
    }
  });
}

absl::StatusOr<HandOverAnswer> Engine::HandOver(const FollowUpId& followup, Instant at) {
  return Guarded([&]() -> absl::StatusOr<HandOverAnswer> {
    RAPPORT_RETURN_IF_ERROR(CheckNotBehindSeal(impl_->ledger(), at, "hand_over"));
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookAt(at, at));
    const std::optional<CustomerId> customer = OwnerOfFollowUp(*book, followup);
    if (!customer) return NotFound("followup.unknown", absl::StrCat("followup: found \"", followup.text(), "\", expected one that a tick issued by ", FormatInstant(at)));
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, Reading::Make(std::move(book), ReadAt{at}));
    const Account& account = *reading->book().Find(*customer);
    HandOverAnswer answer = CheckHandOver(account, followup, reading->input(), at);
    const FollowUpRecord& record = account.followups.at(followup);
    if (!answer.allowed || record.state == FollowUpState::kHandedOver) return answer;
    std::vector<Event> events{OwnEvent(followup.text() + "/handed_over", *customer, at,
                                       FollowUpHandedOver{followup, record.issued.rep})};
    RAPPORT_RETURN_IF_ERROR(impl_->ledger().AppendOwn(std::move(events), {at, std::nullopt}).status());
    return answer;
  });
}

}  // namespace rapport
