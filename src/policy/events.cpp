// What a tick appends, and the decisions as a table.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/own_event.hpp"
#include "policy/wording.hpp"
#include "rapport/policy/decide.hpp"

namespace rapport {
namespace {

FollowUpIssued IssuedOf(const Decision& decision) {
  FollowUpIssued issued;
  issued.followup = decision.followup;
  issued.revision = decision.revision;
  issued.contact = decision.contact;
  issued.rep = decision.rep;
  issued.rule = decision.rule;
  issued.step = decision.step;
  issued.policy = decision.policy;
  issued.channel = decision.channel;
  issued.purpose = decision.purpose;
  issued.due = decision.due;
  issued.not_before = decision.not_before;
  issued.expires = decision.expires;
  issued.minutes = decision.minutes;
  issued.priority = decision.priority;
  issued.mandatory = decision.mandatory;
  issued.value = decision.value;
  issued.propensity = decision.propensity;
  issued.root_source = decision.root.source;
  issued.root_id = decision.root.id;
  issued.headline = decision.headline.ToJson();
  issued.objective = decision.objective.ToJson();
  issued.derivation = decision.derivation;
  issued.zone_rules = decision.zone_rules;
  if (decision.message_class != MessageClass::kDefault) issued.message_class = decision.message_class;
  if (!decision.enrolment.empty()) issued.enrolment = decision.enrolment;
  if (decision.needs_approval) issued.needs_approval = true;
  return issued;
}

Event ClosingEvent(const Closing& closing, Instant as_of) {
  const std::string& id = closing.followup.text();
  if (closing.expired) return OwnEvent(id + "/expired", closing.customer, as_of, FollowUpExpired{closing.followup});
  // One that was opened again may be withdrawn again.
  return OwnEvent(id + "/withdrawn" + OfRevision(closing.revision), closing.customer, as_of,
                  FollowUpWithdrawn{closing.followup, closing.cause, closing.because.ToJson()});
}

Event CadenceEvent(const CadenceChange& change, Instant as_of) {
  if (change.kind == CadenceChange::Kind::kEntered) {
    CadenceEntered entered{change.cadence, change.enrolment, change.policy, change.root.source, change.root.id, std::nullopt, std::nullopt};
    if (!change.contact.empty()) entered.contact = change.contact;
    if (!change.skipped.empty()) entered.skipped = change.skipped;
    return OwnEvent(change.enrolment + "/entered", change.customer, as_of, std::move(entered));
  }
  const std::optional<Json> because = change.because.key.empty() ? std::nullopt : std::optional(change.because.ToJson());
  if (change.kind == CadenceChange::Kind::kAdvanced) {
    return OwnEvent(absl::StrCat(change.enrolment, "/advanced/", change.advance), change.customer, as_of, CadenceAdvanced{change.enrolment, change.step, because});
  }
  return OwnEvent(change.enrolment + "/left", change.customer, as_of, CadenceLeft{change.enrolment, change.exit, because});
}

Cell TextOrNull(const std::string& text) { return text.empty() ? Cell() : Cell(text); }

}  // namespace

std::vector<Event> EventsOf(const AccountDecisions& decided, Instant as_of) {
  std::vector<Event> events;
  for (const Decision& decision : decided.decisions) {
    const bool first = !decision.open && decision.status == DecisionStatus::kDue;
    if (!first && !(decision.open && decision.changed)) continue;
    events.push_back(OwnEvent(absl::StrCat(decision.followup.text(), "/issued/", decision.revision), decision.named, as_of,
                              IssuedOf(decision)));
  }
  for (const CadenceChange& change : decided.cadences) events.push_back(CadenceEvent(change, as_of));
  for (const Closing& closing : decided.closings) events.push_back(ClosingEvent(closing, as_of));
  std::sort(events.begin(), events.end(), CanonicalLess);
  return events;
}

absl::StatusOr<Table> DecisionTable(const std::vector<AccountDecisions>& decisions, Language language, const Texts& texts) {
  using enum ColumnType;
  Table table({{"followup_id", kText},   {"customer", kText},   {"contact", kText},   {"rep", kText},
               {"rule", kText},          {"step", kText},       {"channel", kText},   {"purpose", kText},
               {"objective", kText},     {"headline", kText},   {"due", kInstant},    {"not_before", kInstant},
               {"expires", kInstant},    {"minutes", kInteger}, {"value", kNumber},   {"priority", kInteger},
               {"status", kText},        {"held_by", kText},    {"held_until", kInstant}, {"propensity", kNumber}});
  const Speaker speaker(language, texts);
  for (const AccountDecisions& account : decisions) {
    for (const Decision& d : account.decisions) {
      RAPPORT_ASSIGN_OR_RETURN(std::string objective, speaker.Say(d.objective));
      RAPPORT_ASSIGN_OR_RETURN(std::string headline, speaker.Say(d.headline));
      table.AppendRow({d.followup.text(),
                       d.customer.text(),
                       d.contact.has_value() ? TextOrNull(d.contact->text()) : Cell(),
                       d.rep.has_value() ? TextOrNull(d.rep->text()) : Cell(),
                       d.rule,
                       d.step,
                       std::string(NameOf(d.channel)),
                       std::string(NameOf(d.purpose)),
                       std::move(objective),
                       std::move(headline),
                       d.due,
                       d.not_before,
                       d.expires,
                       d.minutes,
                       d.value.has_value() ? Cell(d.value->ToMajor()) : Cell(),
                       d.priority,
                       std::string(d.status == DecisionStatus::kDue ? "due" : "held"),
                       d.rule_hold.has_value() ? Cell(d.rule_hold->by) : d.holds.empty() ? Cell() : Cell(std::string(NameOf(d.holds.front().reason))),
                       d.held_until.has_value() ? Cell(*d.held_until) : Cell(),
                       d.propensity});
    }
  }
  return table;
}

}  // namespace rapport
