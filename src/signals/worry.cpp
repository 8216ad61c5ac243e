#include "signals/rows.hpp"

namespace rapport {
namespace {

bool IsOpenWorry(const WorryRecord& worry) { return !worry.resolved.has_value(); }
const EventKey& ResolvedBy(const WorryRecord& worry) { return worry.resolved_by; }

SignalValue WorryOpen(const SignalInput& in) {
  const auto& worries = in.account->worries;
  const auto open = std::count_if(worries.begin(), worries.end(), IsOpenWorry);
  SignalValue out = WithClosings(in, MadeByThose(in, Count(static_cast<std::size_t>(open)), worries, IsOpenWorry), worries, ResolvedBy);
  if (!in.explain) return out;
  NewestEvent newest;
  for (const WorryRecord& worry : worries) {
    newest.See(worry.raised, worry.key);
    if (worry.resolved.has_value()) newest.See(*worry.resolved, worry.resolved_by);
  }
  out.armed_by = newest.key();
  return out;
}

SignalValue WorryOldestDays(const SignalInput& in) {
  const auto& worries = in.account->worries;
  const auto oldest = std::find_if(worries.begin(), worries.end(), IsOpenWorry);
  return WithClosings(in, oldest == worries.end() ? SignalValue() : MadeBy(in, DaysSince(in, oldest->raised), oldest->key), worries, ResolvedBy);
}

SignalValue RefusalCount(const SignalInput& in) {
  return MadeByAll(in, Count(in.account->refusals.size()), in.account->refusals);
}

SignalValue RefusalLastReason(const SignalInput& in) {
  if (in.account->refusals.empty()) return {};
  const RefusalRecord& last = in.account->refusals.back();
  if (!last.refusal.reason.has_value()) return MadeBy(in, Cell(), last.key);
  return MadeBy(in, std::string(NameOf(*last.refusal.reason)), last.key);
}

const SignalColumn kColumns[] = {
    {"worry.open", ColumnType::kInteger, kNoUnit, "Worries raised and not resolved.", Motion::kConstant, 0, WorryOpen},
    {"worry.oldest_days", ColumnType::kInteger, kDays, "Local days since the oldest open worry was raised.",
     Motion::kClockLinear, 1, WorryOldestDays},
    {"refusal.count", ColumnType::kInteger, kNoUnit, "Offers refused.", Motion::kConstant, 0, RefusalCount},
    {"refusal.last_reason", ColumnType::kText, kNoUnit,
     "Why the last offer was refused; missing if no reason was noted.", Motion::kConstant, 0, RefusalLastReason},
};

}  // namespace

std::span<const SignalColumn> WorrySignals() { return kColumns; }

}  // namespace rapport
