#include "plan/plan_voice.hpp"

#include "absl/strings/str_format.h"
#include "rapport/policy/explain.hpp"

namespace rapport {

std::string HoldReasonOf(const Decision& d) {
  if (d.rule_hold.has_value()) return d.rule_hold->by == "holdout" || d.rule_hold->by == "exclusive" ? "" : d.rule_hold->by;
  if (!d.hold_chain.empty()) return std::string(NameOf(d.hold_chain.front()));
  return d.holds.empty() ? "" : std::string(NameOf(d.holds.front().reason));
}

bool IsBlank(const RepDay& day) {
  return day.lines.empty() && day.no_room.empty() && day.held.empty() && day.waits.empty() && day.passed_on.empty() && day.without_next_date == 0;
}

std::string ClockText(const Zone& zone, Instant at) {
  const LocalMinute local(zone.Local(at));
  return absl::StrFormat("%02d:%02d", local.hour(), local.minute());
}

absl::StatusOr<std::string> PlanVoice::Who(const PlanLine& line) const {
  if (!line.contact) return Customer(line);
  return Say("plan.who", {{"customer", Customer(line)}, {"contact", Contact(line)}});
}

absl::StatusOr<std::string> PlanVoice::WhoAndWhy(const PlanLine& line) const {
  RAPPORT_ASSIGN_OR_RETURN(const std::string headline, Say(HeadlineOf(line)));
  RAPPORT_ASSIGN_OR_RETURN(const std::string who, Who(line));
  return Say("plan.no_room_one", {{"who", who}, {"headline", headline}});
}

absl::StatusOr<std::string> PlanVoice::Rep(const RepDay& day) const {
  return day.rep.empty() ? Say("plan.nobody") : absl::StatusOr<std::string>(texts_.Rep(day.rep, language_));
}

absl::StatusOr<std::string> PlanVoice::Besides(const PlanLine& line) const {
  std::string text;
  if (line.rolled > 0) {
    RAPPORT_ASSIGN_OR_RETURN(text, Say("plan.rolled", {{"n", line.rolled}, {"age", line.age_days}}));
  }
  if (!line.passed_from.empty()) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string from, Say("plan.from", {{"rep", RepName{line.passed_from}}}));
    text += (text.empty() ? "" : " ") + from;
  }
  return text;
}

absl::StatusOr<std::string> PlanVoice::Later(const RepDay& day, const PlanLine& line) const {
  if (!line.later.has_value()) return std::string();
  return Say("plan.later", {{"at", LocalTime{LocalMinute(day.zone->Local(*line.later))}}});
}

absl::StatusOr<std::string> PlanVoice::Quota(const RepDay& day) const {
  if (!day.visit_quota.has_value() || !day.works) return std::string();
  return Say("plan.quota", {{"quota", *day.visit_quota}, {"planned", day.visits}, {"done", day.visits_done}});
}

absl::StatusOr<std::pair<std::string, std::string>> PlanVoice::Held(const Book& book, const Decision& d) const {
  const std::shared_ptr<const Account> account = book.Find(d.customer);
  RAPPORT_INVARIANT(account != nullptr, "a decision names an account of its book");
  const Zone& zone = book.context().ZoneOf(std::nullopt, account->profile.zone);
  RAPPORT_ASSIGN_OR_RETURN(std::string why, HoldSentence(d, zone, language_, texts_));
  const std::string contact = Contact(d);
  return std::pair(contact.empty() ? Customer(d) : contact, std::move(why));
}

}  // namespace rapport
