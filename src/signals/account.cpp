#include "rapport/signals/large_accounts.hpp"
#include "signals/rows.hpp"

namespace rapport {
namespace {

SignalValue AccountExpectedVolume(const SignalInput& in) {
  ReportingSum sum(in);
  if (in.account->profile.expected_volume.has_value()) sum.Add(*in.account->profile.expected_volume, in.as_of);
  return MadeBy(in, sum.Value(false), in.account->profile_event);
}

// The host's word, else whether the account is in the top tenth of its owner's.
SignalValue AccountLarge(const SignalInput& in) {
  const std::optional<bool>& flag = in.account->profile.large;
  if (flag.has_value()) return MadeBy(in, *flag, in.account->profile_event);
  SignalValue out = AccountExpectedVolume(in);
  const auto* volume = std::get_if<double>(&out.value);
  const bool known = volume != nullptr && in.context->large != nullptr && in.account->owner.has_value();
  const std::optional<bool> large = known ? in.context->large->IsLarge(*in.account->owner, *volume, in.context->book->reporting_currency) : std::nullopt;
  out.value = large.has_value() ? Cell(*large) : Cell();
  if (!large.has_value()) return out;
  Cite(in, in.account->owner_event, out);
  Cite(in, in.context->large_event, out);
  return out;
}

SignalValue AccountAgeDays(const SignalInput& in) {
  if (!in.account->first_event_at.has_value()) return {};
  SignalValue out = MadeBy(in, DaysSince(in, *in.account->first_event_at), in.account->first_event);
  const ToldEvent* begun = in.account->BegunBy({});   // what was filled in later makes the account older, and no other
  Cite(in, begun->key, out);
  if (in.explain) out.armed_by = begun->key;
  return out;
}

SignalValue FollowUpOpen(const SignalInput& in) {
  std::vector<const FollowUpRecord*> open;
  NewestEvent newest;
  for (const auto& [id, record] : in.account->followups) {
    if (IsOpen(record.state)) open.push_back(&record);
    if (in.explain) newest.See(record.state_at, record.state_by);
  }
  SignalValue out;
  out.value = Count(open.size());
  if (!in.explain) return out;
  std::stable_sort(open.begin(), open.end(), [](const auto* a, const auto* b) { return a->issued_at < b->issued_at; });
  const std::size_t skipped = open.size() - std::min(open.size(), SignalValue::kMaxEvidence);
  for (std::size_t i = skipped; i < open.size(); ++i) out.evidence.push_back(open[i]->issued_by);
  out.armed_by = newest.key();
  return out;
}

const SignalColumn kColumns[] = {
    {"account.large", ColumnType::kBool, kNoUnit, "A large account: as the host says, else in the top tenth of its owner's by expected volume.", Motion::kConstant, 0,
     AccountLarge},
    {"account.expected_volume", ColumnType::kNumber, kReportingCurrency,
     "The volume expected in a year; missing where it is in another currency.", Motion::kConstant, 0,
     AccountExpectedVolume},
    {"account.age_days", ColumnType::kInteger, kDays, "Local days since the account's first event.",
     Motion::kClockLinear, 1, AccountAgeDays},
    {"followup.open", ColumnType::kInteger, kNoUnit, "Follow-ups issued and not yet closed.", Motion::kConstant, 0,
     FollowUpOpen},
};

}  // namespace

std::span<const SignalColumn> AccountSignals() { return kColumns; }

}  // namespace rapport
