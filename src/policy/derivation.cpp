#include "policy/derivation.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "absl/strings/str_format.h"
#include "policy/assignee.hpp"
#include "policy/evidence.hpp"
#include "policy/names.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// Beyond this many minor units a double no longer holds each of them.
constexpr double kMostMinor = 9e15;

Json OffsetToJson(const Offset& offset) {
  Json::Object out{{std::string(NameOf(offset.unit)), Json::Integer(offset.count)}};
  if (offset.at_minute.has_value()) out.emplace("at", FormatMinuteOfDay(*offset.at_minute));
  return out;
}

// A polled signal is what it was found to be when it was looked at last; between two looks it may have moved.
void AddCheck(const AccountView& view, const SignalTrigger& trigger, Json::Object& out) {
  out.emplace("check", trigger.checks->rrule);
  const std::optional<CheckedRow> row = CheckedRowOf(*trigger.signal, view.signal_input(), CheckOf(trigger));
  if (!row.has_value()) return;
  SignalInput then = view.signal_input();
  then.today = row->last;
  then.as_of = view.zone().StartOf(row->last);
  out.emplace("checked_on", FormatDay(row->last));
  out.emplace("actual", CellToJson(trigger.signal->Of(then).value));
}

Json TriggerToJson(AccountView& view, const Admission& admission) {
  const Candidate& candidate = admission.candidate;
  Json::Object out{{"root", KeyToJson(candidate.occasion.root)},
                   {"due", FormatInstant(candidate.occasion.due)},
                   {"due_day", FormatDay(candidate.occasion.day)},
                   {"evidence", KeysToJson(candidate.occasion.evidence)}};
  if (const auto* event = std::get_if<EventTrigger>(&candidate.rule->trigger)) {
    out.emplace("event", event->event);
    out.emplace("anchor", NameOf(event->anchor));
    out.emplace("offset", OffsetToJson(event->offset));
    return out;
  }
  if (const auto* recurrence = std::get_if<RecurrenceTrigger>(&candidate.rule->trigger)) {
    out.emplace("recurrence", recurrence->rrule);
    out.emplace("from", recurrence->from);
    return out;
  }
  const auto& signal = std::get<SignalTrigger>(candidate.rule->trigger);
  out.emplace("signal", signal.signal->name);
  if (signal.checks.has_value()) AddCheck(view, signal, out);
  else out.emplace("actual", CellToJson(view.signals().Of(*signal.signal).value));
  out.emplace(signal.below ? "crosses_below" : "crosses_above", signal.threshold);
  if (signal.repeat_days.has_value()) out.emplace("repeat", Json::Object{{"days", Json::Integer(*signal.repeat_days)}});
  return out;
}

Json HoldToJson(const Hold& hold) {
  Json::Object out{{"reason", NameOf(hold.reason)}, {"evidence", KeysToJson(hold.evidence)}, {"sentence", hold.sentence.ToJson()}};
  if (hold.until.has_value()) out.emplace("until", FormatInstant(*hold.until));
  return out;
}

Json PermissionToJson(const Admission& admission, const PermissionProfile& profile) {
  Json::Array holds;
  for (const Hold& hold : admission.answer.holds) holds.push_back(HoldToJson(hold));
  Json::Array chain;
  for (const HoldReason reason : admission.chain) chain.emplace_back(NameOf(reason));
  Json::Object out{{"profile", profile.name},
                   {"zone", admission.zone->name()},
                   {"channel", NameOf(admission.candidate.step->action.channel)},
                   {"checked_at", FormatInstant(admission.checked_at)},
                   {"allowed", admission.answer.allowed},
                   {"holds", std::move(holds)},
                   {"chain", std::move(chain)}};
  if (const auto& first = admission.answer.first_allowed) {
    out.emplace("first_allowed", FormatInstant(*first));
    out.emplace("first_allowed_local", FormatLocalMinute(*admission.zone, *first));
  }
  return out;
}

Json RuleHoldToJson(const RuleHold& hold) {
  Json::Object out{{"by", hold.by}, {"evidence", KeysToJson(hold.evidence)}, {"sentence", hold.sentence.ToJson()}};
  if (hold.until.has_value()) out.emplace("until", FormatInstant(*hold.until));
  return out;
}

// What was said of contacting this person by this channel, in force or lifted since.
template <class Records, class Said>
void AddSaid(const Records& records, Said said, const Admission& admission, std::vector<EventKey>& out) {
  for (const auto& record : records) {
    const auto& [channel, contact] = said(record);
    if (channel.has_value() && *channel != admission.candidate.step->action.channel) continue;
    if (!contact.has_value() || contact == admission.contact) out.push_back(record.key);
  }
}

// The circumstances: who the customer and the contact are, whose the customer is, what was said of contacting them.
Json RestsOn(const Account& account, const Admission& admission) {
  std::vector<EventKey> owner, contact, permission;
  if (account.owner.has_value()) owner.push_back(account.owner_event);
  // Where the event names nobody, whom to ask for depends on all there are.
  const bool chosen = admission.candidate.occasion.contact.empty();
  for (const ContactRecord& record : account.contacts) {
    if (chosen || record.id == admission.contact) contact.insert(contact.end(), record.events.begin(), record.events.end());
  }
  AddSaid(account.consents, [](const ConsentRecord& r) { return std::tie(r.consent.channel, r.consent.contact); }, admission, permission);
  AddSaid(account.do_not_contact, [](const DoNotContactRecord& r) { return std::tie(r.rule.channel, r.rule.contact); }, admission, permission);
  Json::Object out;
  const auto add = [&](const char* name, const std::vector<EventKey>& keys) {
    if (!keys.empty()) out.emplace(name, KeysToJson(keys));
  };
  add("assignee", admission.assigned.evidence);
  add("customer", account.profile_events);
  add("contact", contact);
  add("owner", owner);
  add("permission", permission);
  return out;
}

// Whose work it is, where it is not simply the owner's.
Json AssignedToJson(const Assigned& assigned, Assignee asked) {
  Json::Object out{{"asked", NameOf(asked)}, {"to", NameOf(assigned.to)}, {"because", NameOf(assigned.because)}};
  if (assigned.rep.has_value()) out.emplace("rep", assigned.rep->text());
  if (assigned.instead_of.has_value()) out.emplace("instead_of", assigned.instead_of->text());
  return out;
}

// The steps of a cadence that were left out at its beginning, and the one that it began with. Who brought the customer is asked at the beginning alone;
// from then on it rests on what was recorded, whatever a later fit knows.
Json LeftOutToJson(AccountView& view, const Candidate& candidate) {
  Json::Array steps;
  for (const std::string& step : candidate.left_out) steps.emplace_back(step);
  Json::Object out{{"steps", std::move(steps)}, {"begins_at", candidate.rule->BeginsAfter(candidate.left_out).name}};
  const auto entered = view.account().relations.enrolments.find(candidate.enrolment);
  if (entered != view.account().relations.enrolments.end()) {
    out.emplace("evidence", KeysToJson({entered->second.key}));
    return out;
  }
  std::vector<EventKey> evidence = view.signals().Of(SignalNamed("account.origin")).evidence;
  const SignalValue& brought_by = view.signals().Of(SignalNamed("referral.brought_by"));
  for (const EventKey& key : brought_by.evidence) AddOnce(key, evidence);
  out.emplace("evidence", KeysToJson(evidence));
  if (CellToJson(brought_by.value).if_string() != nullptr) out.emplace("brought_by", CellToJson(brought_by.value));
  return out;
}

void AddKeys(const std::vector<EventKey>& keys, std::set<EventKey>& all) { all.insert(keys.begin(), keys.end()); }

void AddKeys(const ConditionTrace& trace, std::set<EventKey>& all) {
  AddKeys(trace.evidence, all);
  for (const ConditionTrace& child : trace.children) AddKeys(child, all);
}

void AddKeysOf(const Json& value_trace, std::set<EventKey>& all) {
  const Json* factors = value_trace.Find("of");
  if (factors == nullptr) return;
  for (const Json& factor : *factors->if_array()) {
    for (const Json& key : *factor.Find("evidence")->if_array()) {
      all.insert({*key.Find("source")->if_string(), *key.Find("id")->if_string()});
    }
  }
}

std::size_t CountEvents(const Admission& admission, const Json& value_trace) {
  std::set<EventKey> all;
  AddKeys(admission.candidate.occasion.evidence, all);
  all.insert(admission.candidate.occasion.root);
  AddKeys(admission.candidate.trace, all);
  for (const Hold& hold : admission.answer.holds) AddKeys(hold.evidence, all);
  AddKeysOf(value_trace, all);
  return all.size();
}

// Half to even at the minor unit; what is below zero is worth nothing.
Money FromMajor(double major, Currency currency) {
  double scale = 1;
  for (int i = 0; i < currency.decimals(); ++i) scale *= 10;
  const double minor = std::nearbyint(RoundSignal(major) * scale);
  return Money(static_cast<std::int64_t>(std::clamp(minor, 0.0, kMostMinor)), currency);
}

// A decimal with more places than the currency has loses them.
Money Otherwise(const std::string& decimal, Currency currency) {
  for (std::string text = decimal;; text.pop_back()) {
    const absl::StatusOr<Money> money = Money::Parse(text, currency);
    if (money.ok()) return *money;
    RAPPORT_INVARIANT(text.size() > 1, "a decimal was checked when the policy was read");
  }
}

}  // namespace

std::string FormatLocalMinute(const Zone& zone, Instant at) {
  const LocalSecond local = zone.Local(at);
  return absl::StrFormat("%sT%02d:%02d", FormatDay(Day(local)), local.hour(), local.minute());
}

Valuation ValueOf(const ValueRule& rule, AccountView& view) {
  double product = rule.share;
  bool known = !rule.of.empty();
  Json::Array factors;
  for (const SignalColumn* column : rule.of) {
    const SignalValue& signal = view.signals().Of(*column);
    const std::optional<double> factor = NumberOf(signal.value);
    known = known && factor.has_value();
    product *= factor.value_or(0);
    factors.push_back(Json::Object{{"signal", column->name},
                                   {"value", CellToJson(signal.value)},
                                   {"evidence", KeysToJson(signal.evidence)}});
  }
  known = known && std::isfinite(product);
  Valuation out;
  Json::Object trace{{"share", rule.share},
                     {"of", std::move(factors)},
                     {"otherwise", rule.otherwise},
                     {"from", known ? "of" : "otherwise"}};
  const std::optional<Currency>& currency = view.book().reporting_currency;
  if (currency.has_value()) {
    out.value = known ? FromMajor(product, *currency) : Otherwise(rule.otherwise, *currency);
    trace.emplace("amount", out.value->ToDecimal());
    trace.emplace("currency", currency->code());
  }
  out.trace = std::move(trace);
  return out;
}

void HoldInDerivation(const RuleHold& hold, Json& derivation) {
  Json::Object* members = derivation.if_object();
  if (members == nullptr) return;   // none was made
  members->insert_or_assign("status", "held");
  members->insert_or_assign("held_by_rule", RuleHoldToJson(hold));
}

Json DerivationOf(AccountView& view, const Admission& admission, const Json& value_trace) {
  const Candidate& candidate = admission.candidate;
  Json::Object out{{"followup", candidate.id.text()},
                   {"customer", view.account().NamedIn(candidate.occasion.root).text()},
                   {"contact", candidate.occasion.contact.text()},
                   {"rule", candidate.rule->name},
                   {"step", candidate.occasion.step},
                   {"purpose", NameOf(candidate.rule->purpose)},
                   {"status", admission.status == DecisionStatus::kDue ? "due" : "held"},
                   {"expires", FormatInstant(candidate.expires)},
                   {"policy", candidate.policy->id()},
                   {"policy_name", candidate.policy->name()},
                   {"as_of", FormatInstant(view.input().as_of)},
                   {"zone", view.zone().name()},
                   {"zone_rules", view.book().zones.version()},
                   {"seed", std::to_string(view.input().seed)},
                   {"trigger", TriggerToJson(view, admission)},
                   {"conditions", candidate.trace.ToJson()},
                   {"permission", PermissionToJson(admission, view.profile())},
                   {"rests_on", RestsOn(view.account(), admission)},
                   {"value", value_trace}};
  if (!candidate.enrolment.empty()) out.emplace("enrolment", candidate.enrolment);
  if (admission.assigned.because != Assigned::Because::kOwner) out.emplace("assigned", AssignedToJson(admission.assigned, candidate.step->action.assignee));
  if (!candidate.left_out.empty()) out.emplace("left_out", LeftOutToJson(view, candidate));
  if (candidate.hold.has_value()) out.emplace("held_by_rule", RuleHoldToJson(*candidate.hold));
  out.emplace("events", Json::Integer(static_cast<std::int64_t>(CountEvents(admission, value_trace))));
  return out;
}

}  // namespace rapport
