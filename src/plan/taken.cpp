#include "plan/taken.hpp"

#include <algorithm>

#include "rapport/book/zone_of.hpp"
#include "rapport/permission/forbidden.hpp"

namespace rapport {

const ContactRecord* PersonOf(const Account& account, const PlanLine& line) {
  return line.contact.has_value() ? account.FindContact(*line.contact) : account.PrimaryContact();
}

TakenTime TakenBy(const Account& account, const PlanLine& line) {
  TakenTime taken;
  taken.span = {*line.start, line.start->PlusMinutes(line.minutes)};
  taken.attempt.at = *line.start;
  taken.attempt.channel = line.channel;
  taken.attempt.purpose = line.purpose;
  const ContactRecord* person = PersonOf(account, line);
  taken.attempt.contact = person != nullptr ? person->id : line.contact.value_or(ContactId());
  taken.attempt.reservation = true;
  if (line.decision != nullptr) {
    taken.attempt.message_class = line.decision->message_class;
    taken.followup = line.decision->followup;
  }
  return taken;
}

PermissionInput PermissionFor(const WorkQuestion& asked, const Account& account, const PlanLine& line, const std::vector<const TakenTime*>& taken,
                       std::vector<Attempt>& attempts) {
  const BookContext& context = asked.book.context();
  attempts = AttemptsOf(account, asked.input.as_of, line.decision != nullptr ? line.decision->followup : FollowUpId());
  for (const TakenTime* time : taken) {
    const auto open = account.followups.find(time->followup);
    if (open != account.followups.end()) {
      std::erase_if(attempts, [&](const Attempt& attempt) { return attempt.reservation && attempt.event == open->second.issued_by; });
    }
  }
  for (const TakenTime* time : taken) attempts.push_back(time->attempt);
  std::stable_sort(attempts.begin(), attempts.end(), [](const Attempt& a, const Attempt& b) { return a.at < b.at; });
  const ContactRecord* person = PersonOf(account, line);
  PermissionInput input;
  input.profile = asked.input.permission;
  input.zone = &ZoneOfPerson(context, account, person);
  input.contact = person != nullptr ? person->id : line.contact.value_or(ContactId());
  input.channel = line.channel;
  input.purpose = line.purpose;
  input.attempts = attempts;
  input.consents = account.consents;
  input.do_not_contact = account.do_not_contact;
  input.holidays = context.HolidaysOf(*input.zone);
  if (line.decision != nullptr) input.message_class = line.decision->message_class;
  return input;
}

std::optional<Sentence> WhyNotKept(const WorkQuestion& asked, const Account& account, const PlanLine& appointment) {
  std::vector<Attempt> attempts;
  const PermissionAnswer answer = CheckPermission(PermissionFor(asked, account, appointment, {}, attempts), *appointment.start);
  if (!IsForbidden(answer)) return std::nullopt;
  const auto holds = [&](HoldReason reason) {
    return std::any_of(answer.holds.begin(), answer.holds.end(), [&](const Hold& hold) { return hold.reason == reason; });
  };
  if (holds(HoldReason::kDoNotContact) || holds(HoldReason::kConsentWithdrawn)) return Sentence{"plan.told.cancel", {}};
  return Sentence{holds(HoldReason::kConsentExpired) ? "plan.told.consent_expired" : "plan.told.consent_unknown", {}};
}

TakenTimes TakenByAppointments(const WorkQuestion& asked, const std::vector<AccountDecisions>& decisions, std::span<const CustomerId> customers) {
  TakenTimes taken;
  asked.book.Visit(customers, [&](const Account& account) {
    const AccountDecisions* decided = DecidedOf(decisions, account.id);
    for (const AppointmentRecord& appointment : account.relations.appointments) {
      if (appointment.cancelled.has_value()) continue;
      const PlanLine line = AppointmentLine(asked, account, decided, appointment);
      if (IsOver(line, asked.input.as_of) || WhyNotKept(asked, account, line).has_value()) continue;
      taken[account.id].push_back(TakenBy(account, line));
    }
  });
  return taken;
}

}  // namespace rapport
