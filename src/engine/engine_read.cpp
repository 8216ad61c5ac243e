// What a person reads: tables, explanations, the plan, one customer.
#include <algorithm>

#include "engine/asked_followup.hpp"
#include "engine/customer_document.hpp"
#include "engine/promise_table.hpp"
#include "engine/version.hpp"
#include "rapport/book/zone_of.hpp"
#include "rapport/plan/plan_print.hpp"
#include "rapport/policy/coverage.hpp"
#include "rapport/policy/explain.hpp"
#include "rapport/policy/why_not.hpp"
#include "rapport/signals/repeat.hpp"

namespace rapport {

Json BuildInfo() {
  return Json::Object{{"name", "rapport"},
                      {"version", kVersion},
                      {"compiler", kCompiler},
                      {"zone_rules", ZoneRules::Bundled().version()},
                      {"event_semantics", 1},
                      {"book_schema", 3}};
}

namespace {

absl::Status UnknownFollowUp(const FollowUpId& followup) {
  return NotFound("followup.unknown", absl::StrCat("followup: found \"", followup.text(), "\", expected the id of a follow-up issued, or due at the moment asked about"));
}

}  // namespace

absl::StatusOr<Table> Engine::DecisionTable(const std::vector<AccountDecisions>& decisions, Language language, std::optional<Instant> known_at) {
  return Guarded([&]() { return rapport::DecisionTable(decisions, language, impl_->NamesAt(known_at.value_or(Instant::Max()))); });
}

absl::StatusOr<Table> Engine::Agenda(const ReadAt& at, std::span<const CustomerId> customers, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, impl_->Read(std::move(book), at));
    return AgendaTable(AgendaOf(reading->book(), reading->input(), customers), reading->book().context(), language,
                       impl_->NamesAt(at.known_at.value_or(at.as_of)));
  });
}

absl::StatusOr<Table> Engine::Signals(const ReadAt& at, std::span<const CustomerId> customers,
                                      std::span<const std::string> columns) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    return SignalTable(*book, at.as_of, customers, columns);
  });
}

absl::StatusOr<Table> Engine::KeptShares(const ReadAt& at) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    return KeptShareTableOf(*book, at.as_of);
  });
}

absl::StatusOr<Table> Engine::Promises(const ReadAt& at, std::span<const CustomerId> customers, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_RETURN_IF_ERROR(CheckKnown(*book, customers));
    return PromiseTable(*book, at.as_of, customers, impl_->NamesAt(at.known_at.value_or(at.as_of)), language);
  });
}

absl::StatusOr<Table> Engine::Coverage(const Policy* policy, const std::optional<ReadAt>& at, std::span<const CustomerId> customers, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, at.has_value() ? impl_->BookFor(*at) : impl_->BookAt(std::nullopt));
    ReadAt read = at.has_value() ? *at : ReadAt{std::max(impl_->LatestKnown(), Instant::FromMicros(0))};
    if (policy != nullptr) read.policy = policy;
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, impl_->Read(std::move(book), read));
    return CoverageTable(CoverageOf(reading->policy(), reading->book(), *reading->input().context, read.as_of, customers), language);
  });
}

absl::StatusOr<Json> Engine::Explain(const FollowUpId& followup, Language language, const std::optional<ReadAt>& at) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, at.has_value() ? impl_->BookFor(*at) : impl_->BookAt(std::nullopt));
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Account> holder, impl_->AccountOfFollowUp(*book, followup));
    if (holder != nullptr) {
      const FollowUpRecord& record = holder->followups.at(followup);
      RAPPORT_ASSIGN_OR_RETURN(const Json derivation, impl_->DerivationOf(record.issued_by));
      return ExplainIssued(*holder, record, derivation, language, impl_->names());
    }
    if (!at.has_value()) return UnknownFollowUp(followup);
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, impl_->Read(book, *at));
    RAPPORT_ASSIGN_OR_RETURN(const Decision decision, DecisionOf(*reading, followup));
    return ExplainDecision(*book->Find(decision.customer), decision, language, impl_->NamesAt(at->known_at.value_or(at->as_of)));
  });
}

absl::StatusOr<Json> Engine::WhyNot(const CustomerId& customer, std::string_view rule, const ReadAt& at, Language language) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, impl_->Read(std::move(book), at));
    const std::shared_ptr<const Account> account = reading->book().Find(customer);
    if (account == nullptr) return UnknownCustomer(customer);
    // A rep's throttle is shared among all of his customers.
    const Rule* asked = reading->policy().Find(rule);
    std::vector<CustomerId> whom;
    if (asked == nullptr || !asked->most_new_a_day.has_value()) whom.push_back(account->id);
    std::vector<Decision> decisions;
    for (AccountDecisions& one : DecideBook(reading->book(), reading->input(), whom)) {
      if (one.customer == account->id) decisions = std::move(one.decisions);
    }
    RAPPORT_ASSIGN_OR_RETURN(const rapport::WhyNot why, WhyNotOf(*account, reading->input(), rule, decisions));
    return WhyNotToJson(*account, why, reading->input(), rule, language, impl_->NamesAt(at.known_at.value_or(at.as_of)));
  });
}

namespace {

// Of `reps` (empty: of all) those of a team who still work here on the day.
absl::Status KeepTeam(const BookContext& context, const std::string& team, Day day, std::vector<RepId>& reps) {
  if (team.empty()) return absl::OkStatus();
  std::vector<RepId> members;
  for (const auto& [id, rep] : context.reps) {
    if (rep.team == team && rep.WorksHere(day) && (reps.empty() || std::find(reps.begin(), reps.end(), id) != reps.end())) members.push_back(id);
  }
  if (members.empty()) return NotFound("team.unknown", absl::StrCat("team: found \"", team, "\", expected one that a rep belongs to on that day"));
  reps = std::move(members);
  return absl::OkStatus();
}

// The first start of a day in the zones of the reps asked about (none: of all, and of the book): who is farther east has hours of it before the book has.
Instant StartOfPlan(const BookContext& context, Day day, const std::vector<RepId>& reps) {
  const auto start = [&](const std::optional<std::string>& zone) { return context.ZoneOf(zone, std::nullopt).StartOf(day); };
  std::optional<Instant> first;
  if (reps.empty()) first = start(std::nullopt);
  for (const auto& [id, rep] : context.reps) {
    const bool is_asked = reps.empty() || std::find(reps.begin(), reps.end(), id) != reps.end();
    if (is_asked && rep.WorksHere(day)) first = std::min(first.value_or(Instant::Max()), start(rep.zone));
  }
  return first.value_or(start(std::nullopt));
}

}  // namespace

absl::StatusOr<DayPlan> Engine::Plan(const PlanRequest& request) {
  return Guarded([&]() -> absl::StatusOr<DayPlan> {
    ReadAt read{request.as_of.value_or(Instant()), request.known_at, request.policy, request.seed};
    if (!request.as_of.has_value()) {
      RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> all, impl_->BookAt(std::nullopt));
      std::vector<RepId> reps = request.reps;
      RAPPORT_RETURN_IF_ERROR(KeepTeam(all->context(), request.team, request.day, reps));
      read.as_of = StartOfPlan(all->context(), request.day, reps);
    }
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(read));
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, impl_->Read(std::move(book), read));
    PlanAsk ask{request.day, request.days, request.reps, request.travel.empty() ? nullptr : &request.travel};
    RAPPORT_RETURN_IF_ERROR(KeepTeam(reading->book().context(), request.team, request.day, ask.reps));
    const std::optional<std::vector<CustomerId>> customers = impl_->CustomersOf(ask.reps, read);
    RAPPORT_ASSIGN_OR_RETURN(DayPlan plan, PlanBook(reading->book(), reading->input(), ask, customers));
    plan.known_at = read.known_at;
    return plan;
  });
}

absl::StatusOr<Table> Engine::PlanTable(const DayPlan& plan, Language language) {
  return Guarded([&]() { return rapport::PlanTable(plan, language, impl_->NamesAt(plan.known_at.value_or(plan.as_of))); });
}

absl::StatusOr<std::string> Engine::PlanText(const DayPlan& plan, Language language) {
  return Guarded([&]() -> absl::StatusOr<std::string> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(ReadAt{plan.as_of, plan.known_at}));
    return rapport::PlanText(plan, *book, language, impl_->NamesAt(plan.known_at.value_or(plan.as_of)));
  });
}

absl::StatusOr<Json> Engine::Customer(const CustomerId& customer, std::optional<Instant> known_at) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookAt(known_at, known_at));
    std::shared_ptr<const Account> account = book->Find(customer);
    if (account == nullptr) return UnknownCustomer(customer);
    RAPPORT_ASSIGN_OR_RETURN(const SignalContext signals, SignalContext::From(book->context()));
    const Instant as_of = known_at.value_or(impl_->LatestKnown());
    const SignalInput input = InputFor(*account, signals, as_of);
    const NameBook names = impl_->NamesAt(known_at.value_or(Instant::Max()));
    RAPPORT_ASSIGN_OR_RETURN(Json relationship, RelationshipDocument(input, names));
    return CustomerDocument(*book, *account, names, as_of, BalanceDocument(BalanceFor(input)), std::move(relationship));
  });
}

namespace {

PermissionAnswer PermitIn(const Book& book, const PermissionProfile& profile, const PermitRequest& asked) {
  std::shared_ptr<const Account> account = book.Find(asked.customer);
  if (account == nullptr) account = std::make_shared<Account>();   // a customer nobody has met yet: only the windows hold
  const std::vector<Attempt> attempts = AttemptsOf(*account, asked.at, FollowUpId());
  // As decisions do: whom to ask for, where nobody is named.
  const ContactRecord* person = asked.contact.empty() ? account->PrimaryContact() : account->FindContact(asked.contact);
  PermissionInput input;
  input.profile = &profile;
  input.zone = &ZoneOfPerson(book.context(), *account, person);
  input.contact = asked.contact.empty() && person != nullptr ? person->id : asked.contact;
  input.channel = asked.channel;
  input.purpose = asked.purpose;
  input.message_class = asked.message_class;
  input.attempts = attempts;
  input.consents = account->consents;
  input.do_not_contact = account->do_not_contact;
  input.holidays = book.context().HolidaysOf(*input.zone);
  return CheckPermission(input, asked.at);
}

}  // namespace

absl::StatusOr<PermissionAnswer> Engine::Permit(const CustomerId& customer, Channel channel, Instant at, Purpose purpose,
                                                const ContactId& contact) {
  return Guarded([&]() -> absl::StatusOr<PermissionAnswer> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookAt(at, at));
    RAPPORT_ASSIGN_OR_RETURN(const PermissionProfile profile, PermissionProfile::Resolve(book->context().permission));
    return PermitIn(*book, profile, {customer, channel, at, purpose, contact});
  });
}

absl::StatusOr<Table> Engine::PermitAll(std::span<const PermitRequest> requests) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    struct Moment {
      std::shared_ptr<const Book> book;
      PermissionProfile profile;
    };
    std::map<Instant, Moment> moments;   // many are asked about one moment
    Table table({{"customer", ColumnType::kText}, {"contact", ColumnType::kText}, {"channel", ColumnType::kText}, {"purpose", ColumnType::kText},
                 {"at", ColumnType::kInstant}, {"allowed", ColumnType::kBool}, {"reasons", ColumnType::kText}, {"first_allowed", ColumnType::kInstant}});
    for (const PermitRequest& asked : requests) {
      auto moment = moments.find(asked.at);
      if (moment == moments.end()) {
        RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookAt(asked.at, asked.at));
        RAPPORT_ASSIGN_OR_RETURN(PermissionProfile profile, PermissionProfile::Resolve(book->context().permission));
        moment = moments.emplace(asked.at, Moment{std::move(book), std::move(profile)}).first;
      }
      const PermissionAnswer answer = PermitIn(*moment->second.book, moment->second.profile, asked);
      std::string reasons;
      for (const Hold& hold : answer.holds) absl::StrAppend(&reasons, reasons.empty() ? "" : ",", std::string(NameOf(hold.reason)));
      table.AppendRow({asked.customer.text(), asked.contact.empty() ? rapport::Cell() : rapport::Cell(asked.contact.text()),
                       std::string(NameOf(asked.channel)), std::string(NameOf(asked.purpose)), asked.at, answer.allowed,
                       reasons.empty() ? rapport::Cell() : rapport::Cell(reasons),
                       answer.first_allowed ? rapport::Cell(*answer.first_allowed) : rapport::Cell()});
    }
    return table;
  });
}

absl::StatusOr<Table> Engine::PermitTable(const PermissionAnswer& answer, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    Table table({{"allowed", ColumnType::kBool}, {"reason", ColumnType::kText}, {"until", ColumnType::kInstant},
                 {"sentence", ColumnType::kText}, {"first_allowed", ColumnType::kInstant}});
    const rapport::Cell first = answer.first_allowed ? rapport::Cell(*answer.first_allowed) : rapport::Cell();
    if (answer.holds.empty()) table.AppendRow({answer.allowed, rapport::Cell(), rapport::Cell(), rapport::Cell(), first});
    for (const Hold& hold : answer.holds) {
      RAPPORT_ASSIGN_OR_RETURN(const std::string sentence, Catalogue::Bundled().Say(hold.sentence, language, impl_->names()));
      table.AppendRow({answer.allowed, std::string(NameOf(hold.reason)),
                       hold.until ? rapport::Cell(*hold.until) : rapport::Cell(), sentence, first});
    }
    return table;
  });
}

}  // namespace rapport
