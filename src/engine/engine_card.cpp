// The card of a follow-up, and the questions after it.
#include <algorithm>

#include "engine/asked_followup.hpp"
#include "policy/names.hpp"
#include "rapport/book/zone_of.hpp"

namespace rapport {
namespace {

const Step* StepOf(const DecideInput& input, const Account& account, const FollowUpIssued& issued) {
  const Policy* policy = input.policy;
  if (policy->id() != issued.policy) {
    const auto earlier = input.earlier->find(issued.policy);
    if (earlier == input.earlier->end()) return nullptr;
    policy = &earlier->second;
  }
  const RepRecord* owner = input.context->book->FindRep(account.owner);
  const Rule* rule = policy->Find(issued.rule, owner != nullptr ? owner->team : std::nullopt);
  return rule == nullptr ? nullptr : rule->FindStep(StepNameOf(issued.step));
}

// When the plan of the day has it begin; none where it is closed or has no place. What the days after hold is no news to a card.
std::optional<Instant> StartOf(const Reading& reading, const FollowUpId& followup, const std::optional<RepId>& rep,
                               const std::optional<std::vector<CustomerId>>& customers) {
  if (!rep.has_value()) return std::nullopt;
  const Zone& zone = ZoneOfRep(reading.book().context(), rep);
  const PlanAsk ask{.day = zone.LocalDay(reading.input().as_of), .days = 1, .reps = {*rep}};
  const absl::StatusOr<DayPlan> plan = PlanBook(reading.book(), reading.input(), ask, customers);
  if (!plan.ok()) return std::nullopt;   // a plan that cannot be made takes no card away
  for (const RepDay& day : plan->reps) {
    for (const PlanLine& line : day.lines) {
      if (line.decision != nullptr && line.decision->followup == followup) return line.start;
    }
  }
  return std::nullopt;
}

}  // namespace

const Zone& AskedFollowUp::ZoneOfCustomer() const {
  return ZoneOfPerson(reading->book().context(), *account, record ? record->issued.contact : decision->contact);
}

absl::StatusOr<OutcomeSubject> OutcomeSubjectIn(const Reading& reading, const Account& account, const FollowUpRecord& record) {
  const Zone& zone = ZoneOfPerson(reading.book().context(), account, record.issued.contact);
  RAPPORT_ASSIGN_OR_RETURN(OutcomeSubject subject, OutcomeSubjectOf(account, record, zone));
  if (const Step* step = StepOf(reading.input(), account, record.issued)) {
    for (const Branch& branch : step->branches) subject.branches.insert(branch.on.begin(), branch.on.end());
  }
  return subject;
}

absl::StatusOr<Decision> DecisionOf(const Reading& reading, const FollowUpId& followup) {
  for (AccountDecisions& one : DecideBook(reading.book(), reading.input(), {})) {
    for (Decision& decision : one.decisions) {
      if (decision.followup == followup) return std::move(decision);
    }
  }
  return NotFound("followup.unknown", absl::StrCat("followup: found \"", followup.text(),
                                                   "\", expected the id of a follow-up issued, or due at the moment asked about"));
}

absl::StatusOr<AskedFollowUp> Engine::Impl::Asked(const FollowUpId& followup, const ReadAt& at) {
  AskedFollowUp asked;
  RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, BookFor(at));
  RAPPORT_ASSIGN_OR_RETURN(asked.account, AccountOfFollowUp(*book, followup));
  RAPPORT_ASSIGN_OR_RETURN(asked.reading, Read(book, at));
  if (asked.account != nullptr) {
    asked.record = asked.account->followups.at(followup);
    return asked;
  }
  RAPPORT_ASSIGN_OR_RETURN(asked.decision, DecisionOf(*asked.reading, followup));
  asked.account = book->Find(asked.decision->customer);
  return asked;
}

absl::StatusOr<Sheet> Engine::Impl::CardOf(const FollowUpId& followup, const ReadAt& at) {
  RAPPORT_ASSIGN_OR_RETURN(const AskedFollowUp asked, Asked(followup, at));
  CardSubject subject;
  if (asked.decision) {
    subject = SubjectOf(*asked.decision);
  } else {
    RAPPORT_ASSIGN_OR_RETURN(Json derivation, DerivationOf(asked.record->issued_by));
    RAPPORT_ASSIGN_OR_RETURN(subject, SubjectOf(*asked.record, std::move(derivation)));
  }
  const bool is_open = !asked.record || IsOpen(asked.record->state);
  std::optional<Instant> start;
  if (is_open && subject.rep) start = StartOf(*asked.reading, followup, subject.rep, CustomersOf(std::span(&*subject.rep, 1), at));
  return MakeCard(subject, InputFor(*asked.account, *asked.reading->input().context, at.as_of), start);
}

absl::StatusOr<Json> Engine::Card(const FollowUpId& followup, const std::optional<ReadAt>& at, Language language) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    RAPPORT_ASSIGN_OR_RETURN(const ReadAt read, impl_->MomentOf(at));
    RAPPORT_ASSIGN_OR_RETURN(const Sheet card, impl_->CardOf(followup, read));
    const NameBook names = impl_->NamesAt(read.known_at.value_or(read.as_of));
    RAPPORT_ASSIGN_OR_RETURN(std::string text, SheetText(card, language, names));
    return SheetDocument(card, std::move(text), language, names);
  });
}

absl::StatusOr<std::string> Engine::CardText(const FollowUpId& followup, const std::optional<ReadAt>& at, Language language) {
  return Guarded([&]() -> absl::StatusOr<std::string> {
    RAPPORT_ASSIGN_OR_RETURN(const ReadAt read, impl_->MomentOf(at));
    RAPPORT_ASSIGN_OR_RETURN(const Sheet card, impl_->CardOf(followup, read));
    return SheetText(card, language, impl_->NamesAt(read.known_at.value_or(read.as_of)));
  });
}

absl::StatusOr<Json> Engine::OutcomeForm(const FollowUpId& followup, const std::optional<ReadAt>& at, Language language) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    RAPPORT_ASSIGN_OR_RETURN(const ReadAt read, impl_->MomentOf(at));
    RAPPORT_ASSIGN_OR_RETURN(const AskedFollowUp asked, impl_->Asked(followup, read));
    const NameBook names = impl_->NamesAt(read.known_at.value_or(read.as_of));
    if (asked.decision) return rapport::OutcomeForm(OutcomeSubjectOf(*asked.account, *asked.decision, asked.ZoneOfCustomer()), language, names);
    RAPPORT_ASSIGN_OR_RETURN(const OutcomeSubject subject, OutcomeSubjectIn(*asked.reading, *asked.account, *asked.record));
    return rapport::OutcomeForm(subject, language, names);
  });
}

}  // namespace rapport
