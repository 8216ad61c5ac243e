#include "policy/admission.hpp"

#include <algorithm>
#include <tuple>

#include "policy/names.hpp"

namespace rapport {
namespace {

const PermissionProfile& PlainProfile() {
  static const PermissionProfile plain = [] {
    absl::StatusOr<PermissionProfile> resolved = PermissionProfile::Resolve(Json());
    RAPPORT_INVARIANT(resolved.ok(), "the profile plain is bundled");
    return *std::move(resolved);
  }();
  return plain;
}

// A rule whose occasions vanish because a matter is settled, not because time or a signal moved.
bool WaitsForEvent(const Rule& rule) { return std::holds_alternative<EventTrigger>(rule.trigger); }

// The occasion an open follow-up was issued for, if it still is one; its due may have moved, also into the future.
std::optional<Occasion> OccasionOf(const AccountView& view, const Rule& rule, const FollowUpId& id) {
  for (Occasion& occasion : OccasionsOf(rule, view.signal_input(), Instant::Max())) {
    if (FollowUpIdOf(rule.name, occasion.step, view.account().NamedIn(occasion.root), occasion.contact, occasion.root) == id) {
      return std::move(occasion);
    }
  }
  return std::nullopt;
}

void LookAgain(AccountView& view, const FollowUpRecord& record, std::vector<Candidate>& open, std::vector<Closing>& closings) {
  const Policy* policy = view.PolicyOf(record);
  const Rule* rule = policy != nullptr ? policy->Find(record.issued.rule) : nullptr;
  if (rule == nullptr) {
    closings.push_back(WithdrawnByPolicy(view, record));
    return;
  }
  std::optional<Occasion> occasion = OccasionOf(view, *rule, record.issued.followup);
  const Instant as_of = view.input().as_of;
  if (!occasion.has_value()) {
    const bool late = !WaitsForEvent(*rule) && as_of > record.issued.expires;
    closings.push_back(late ? Expired(view, record) : WithdrawnResolved(view, record, *rule));
    return;
  }
  Candidate candidate{policy, rule, &record, record.issued.followup, *std::move(occasion), {}, {}};
  candidate.expires = ExpiryOf(*rule, candidate.occasion, view.zone());
  if (as_of > candidate.expires) {
    closings.push_back(Expired(view, record));
    return;
  }
  candidate.trace = Evaluate(rule->when, view.signals());
  if (candidate.trace.holds) open.push_back(std::move(candidate));
  else closings.push_back(WithdrawnByConditions(view, candidate));
}

// What is owed stays owed, however long before the book went live it fell due: open promises and open worries.
bool IsOwed(const Rule& rule) {
  const auto* trigger = std::get_if<EventTrigger>(&rule.trigger);
  return trigger != nullptr && (trigger->event == kOnPromise || trigger->event == kOnWorry);
}

void FindNew(AccountView& view, const Rule& rule, const std::optional<Instant>& live_from, std::vector<Candidate>& fresh,
             std::map<std::string, std::int64_t>& backlog) {
  const DecideInput& input = view.input();
  std::optional<ConditionTrace> trace;
  for (Occasion& occasion : OccasionsOf(rule, view.signal_input(), input.as_of)) {
    const Instant expires = ExpiryOf(rule, occasion, view.zone());
    if (input.as_of > expires) continue;
    FollowUpId id = FollowUpIdOf(rule.name, occasion.step, view.account().NamedIn(occasion.root), occasion.contact, occasion.root);
    if (view.account().followups.contains(id)) continue;
    if (!trace.has_value()) trace = Evaluate(rule.when, view.signals());
    if (!trace->holds) return;
    if (live_from.has_value() && occasion.due < *live_from && !IsOwed(rule)) {
      ++backlog[rule.name];
      continue;
    }
    fresh.push_back({input.policy, &rule, nullptr, std::move(id), std::move(occasion), expires, *trace});
  }
}

bool ByUrgency(const Candidate& a, const Candidate& b) {
  return std::make_tuple(-a.rule->priority, a.occasion.due, a.id) < std::make_tuple(-b.rule->priority, b.occasion.due, b.id);
}

// The first order of admission is the order for ever: a tick repeated at the same moment gives each its answer again.
bool ByPlace(const Candidate& a, const Candidate& b) {
  if (a.record->issued_at != b.record->issued_at) return a.record->issued_at < b.record->issued_at;
  return ByUrgency(a, b);
}

// A contact that is forbidden now, however soon it may be allowed again, ends what was issued.
bool IsForbidden(const PermissionAnswer& answer) {
  return std::any_of(answer.holds.begin(), answer.holds.end(), [](const Hold& hold) {
    return hold.reason == HoldReason::kDoNotContact || hold.reason == HoldReason::kConsentWithdrawn ||
           hold.reason == HoldReason::kConsentUnknown || hold.reason == HoldReason::kConsentExpired;
  });
}

std::optional<RepId> RepFor(const AccountView& view, const Occasion& occasion) {
  if (view.account().owner.has_value()) return view.account().owner;
  return occasion.rep.empty() ? std::nullopt : std::optional(occasion.rep);
}

// The reason that lasts longest comes first: it is what a person is told.
void LongestFirst(std::vector<Hold>& holds) {
  const auto longest = std::max_element(holds.begin(), holds.end(), [](const Hold& a, const Hold& b) {
    return b.until.has_value() ? a.until.has_value() && *a.until < *b.until : a.until.has_value();
  });
  if (longest != holds.end()) std::rotate(holds.begin(), longest, longest + 1);
}

Admission Admit(AccountView& view, Candidate&& candidate, const std::vector<Attempt>& attempts) {
  const Instant as_of = view.input().as_of;
  Admission admission;
  admission.checked_at = std::max(candidate.occasion.due, as_of);
  const Asked asked = AskFor(view, *candidate.rule, candidate.occasion, attempts);
  admission.contact = asked.contact;
  admission.zone = asked.zone;
  admission.rep = RepFor(view, candidate.occasion);
  admission.answer = CheckPermission(asked.input, admission.checked_at);
  const std::optional<Instant>& first = admission.answer.first_allowed;
  const bool now = admission.answer.allowed && admission.checked_at == as_of;
  const bool today = first.has_value() && asked.zone->LocalDay(*first) <= asked.zone->LocalDay(as_of);
  admission.status = now || today ? DecisionStatus::kDue : DecisionStatus::kHeld;
  if (!admission.answer.allowed) admission.chain = HoldChain(asked.input, admission.checked_at);
  LongestFirst(admission.answer.holds);
  admission.candidate = std::move(candidate);
  return admission;
}

void Reserve(const Admission& admission, Instant as_of, std::vector<Attempt>& attempts) {
  Attempt attempt;
  attempt.at = admission.answer.first_allowed.value_or(std::max(admission.candidate.occasion.due, as_of));
  attempt.channel = admission.candidate.rule->action.channel;
  attempt.purpose = admission.candidate.rule->purpose;
  attempt.contact = admission.contact.value_or(ContactId());
  attempt.reservation = true;
  if (admission.candidate.record != nullptr) attempt.event = admission.candidate.record->issued_by;
  const auto place = std::upper_bound(attempts.begin(), attempts.end(), attempt,
                                      [](const Attempt& a, const Attempt& b) { return a.at < b.at; });
  attempts.insert(place, std::move(attempt));
}

// The first allowed minute, if there is one, comes after the follow-up has lapsed. What is allowed right now is never late.
bool IsTooLate(const Admission& admission) {
  const std::optional<Instant>& first = admission.answer.first_allowed;
  return !admission.answer.allowed && (!first.has_value() || *first > admission.candidate.expires);
}

}  // namespace

AccountView::AccountView(const Account& account, const DecideInput& input)
    : account_(account),
      input_(input),
      profile_(input.permission != nullptr ? input.permission : &PlainProfile()),
      signals_(InputFor(account, *input.context, input.as_of)) {}

const Policy* AccountView::PolicyOf(const FollowUpRecord& record) const {
  if (record.issued.policy == input_.policy->id()) return input_.policy;
  if (input_.earlier == nullptr) return nullptr;
  const auto found = input_.earlier->find(record.issued.policy);
  return found == input_.earlier->end() ? nullptr : &found->second;
}

std::vector<Attempt> TouchesOf(const Account& account, Instant as_of) {
  std::vector<Attempt> attempts = AttemptsOf(account, as_of, FollowUpId());
  std::erase_if(attempts, [](const Attempt& attempt) { return attempt.reservation; });
  return attempts;
}

Asked AskFor(const AccountView& view, const Rule& rule, const Occasion& occasion, const std::vector<Attempt>& attempts) {
  const Account& account = view.account();
  Asked asked;
  const ContactRecord* record = nullptr;
  if (!occasion.contact.empty()) {
    asked.contact = occasion.contact;
    record = account.FindContact(occasion.contact);
  } else if ((record = account.PrimaryContact()) != nullptr) {
    asked.contact = record->id;
  }
  asked.zone = &view.book().ZoneOf(record != nullptr ? record->zone : std::nullopt, account.profile.zone);
  asked.input.profile = &view.profile();
  asked.input.zone = asked.zone;
  asked.input.contact = asked.contact.value_or(ContactId());
  asked.input.channel = rule.action.channel;
  asked.input.purpose = rule.purpose;
  asked.input.attempts = attempts;
  asked.input.consents = account.consents;
  asked.input.do_not_contact = account.do_not_contact;
  asked.input.holidays = view.book().HolidaysOf(*asked.zone);
  return asked;
}

Admissions AdmitAll(AccountView& view) {
  Admissions result;
  std::vector<Candidate> open;
  for (const auto& [id, record] : view.account().followups) {
    if (IsOpen(record.state)) LookAgain(view, record, open, result.closings);
  }
  std::vector<Candidate> fresh;
  const std::optional<Day>& go_live = view.book().go_live;
  const std::optional<Instant> live_from = go_live.has_value() ? std::optional(view.zone().StartOf(*go_live)) : std::nullopt;
  for (const Rule& rule : view.input().policy->rules()) FindNew(view, rule, live_from, fresh, result.backlog);
  if (open.empty() && fresh.empty()) return result;

  std::sort(open.begin(), open.end(), ByPlace);
  std::sort(fresh.begin(), fresh.end(), ByUrgency);
  std::vector<Attempt> attempts = TouchesOf(view.account(), view.input().as_of);
  for (Candidate& candidate : open) {
    Admission admission = Admit(view, std::move(candidate), attempts);
    if (IsForbidden(admission.answer) || IsTooLate(admission)) {
      result.closings.push_back(WithdrawnByPermission(view, *admission.candidate.record, admission.answer));
      result.forbidden.push_back(std::move(admission));
      continue;
    }
    Reserve(admission, view.input().as_of, attempts);
    result.admitted.push_back(std::move(admission));
  }
  for (Candidate& candidate : fresh) {
    Admission admission = Admit(view, std::move(candidate), attempts);
    if (IsTooLate(admission)) admission.status = DecisionStatus::kHeld;
    if (admission.status == DecisionStatus::kDue) Reserve(admission, view.input().as_of, attempts);
    result.admitted.push_back(std::move(admission));
  }
  return result;
}

}  // namespace rapport
