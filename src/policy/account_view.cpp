#include "policy/admission.hpp"
#include "rapport/core/status.hpp"

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

SignalInput InputOf(const Account& account, const DecideInput& input) {
  SignalInput signals = InputFor(account, *input.context, input.as_of);
  signals.explain = input.derive;
  return signals;
}

}  // namespace

AccountView::AccountView(const Account& account, const DecideInput& input)
    : account_(account),
      input_(input),
      profile_(input.permission != nullptr ? input.permission : &PlainProfile()),
      signals_(InputOf(account, input)) {
  if (const RepRecord* owner = book().FindRep(account.owner)) team_ = owner->team;
}

const RepHours* AccountView::HoursOf(const std::optional<RepId>& rep) const {
  const RepRecord* record = book().FindRep(rep);
  if (record == nullptr || (!record->week_given && record->absences.empty())) return nullptr;
  const auto hours = hours_.try_emplace(*rep, RepHours{&book().ZoneOf(record->zone, std::nullopt), &record->week, &record->absences}).first;
  return &hours->second;
}

ConditionTrace AccountView::Ask(const Condition& condition) {
  if (input_.derive) return Evaluate(condition, signals_);
  ConditionTrace trace;
  trace.holds = Holds(condition, signals_);
  return trace;
}

const Policy* AccountView::PolicyOf(const std::string& id) const {
  if (id == input_.policy->id()) return input_.policy;
  if (input_.earlier == nullptr) return nullptr;
  const auto found = input_.earlier->find(id);
  return found == input_.earlier->end() ? nullptr : &found->second;
}

FollowUpId AccountView::IdOf(const Rule& rule, const Occasion& occasion) const {
  return FollowUpIdOf(rule.name, occasion.step, account_.NamedIn(occasion.root), occasion.contact, occasion.root);
}

}  // namespace rapport
