// What others' experience says of a customer: whose worry is like his, what cured it, whom he brought and who brought him; and when he is best reached.
#include "rapport/core/status.hpp"
#include "rapport/relationship/best_hours.hpp"
#include "rapport/relationship/referral_tree.hpp"
#include "rapport/relationship/worry_knowledge.hpp"
#include "signals/rows.hpp"

namespace rapport {
namespace {

bool HasHappened(const SignalInput& in, Instant at) { return at <= in.as_of; }

// --- the hours
SignalValue BestWindow(const SignalInput& in) {
  const auto& touches = in.account->touches;
  const BestHours hours = BestHours::Of(touches, *in.zone, in.as_of);
  const auto counts = [&](const TouchRecord& record) { return HasHappened(in, record.at) && BestHours::IsAttempt(record); };
  return MadeByThose(in, hours.proven().has_value() ? Cell(hours.proven()->window.Text()) : Cell(), touches, counts);
}

// --- worries
// The oldest that is open, as worry.oldest_days sees it.
const WorryRecord* OldestOpen(const SignalInput& in) {
  const auto& worries = in.account->worries;
  const auto open = [&](const WorryRecord& worry) {
    return HasHappened(in, worry.raised) && !(worry.resolved.has_value() && HasHappened(in, *worry.resolved));
  };
  const auto oldest = std::find_if(worries.begin(), worries.end(), open);
  return oldest == worries.end() ? nullptr : &*oldest;
}

template <class Say>
SignalValue OfOldestWorry(const SignalInput& in, Say say) {
  const WorryRecord* oldest = OldestOpen(in);
  SignalValue out;
  if (oldest != nullptr && in.context->worries != nullptr) {
    const WorryTopic about = TopicOf(*oldest);
    out = MadeBy(in, about.empty() ? Cell() : say(in.context->worries->Of(about, in.account->Ids())), oldest->key);
    Cite(in, in.context->worries_event, out);
  }
  return WithClosings(in, std::move(out), in.account->worries, [&](const WorryRecord& worry) {
    return worry.resolved.has_value() && HasHappened(in, *worry.resolved) ? worry.resolved_by : EventKey();
  });
}

SignalValue WorryHeard(const SignalInput& in) {
  return OfOldestWorry(in, [](const WorryKnowledge::Known& known) { return Cell(known.heard); });
}
SignalValue WorryRemedy(const SignalInput& in) {
  return OfOldestWorry(in, [](const WorryKnowledge::Known& known) { return known.remedy.empty() ? Cell() : Cell(known.remedy); });
}

// --- referrals
// Made by the account's own referrals, as the tree counts them: one made after the fit moves nothing before the next.
SignalValue ByReferrals(const SignalInput& in, Cell value) {
  const auto made = [&](const Said<ReferralMade>& said) { return HasHappened(in, said.at) && said.at <= in.context->referrals_at; };
  SignalValue out = MadeByThose(in, std::move(value), in.account->relations.referrals, made);
  // The tree is always told of, also of many referrals: without it there were no value.
  if (out.evidence.size() == SignalValue::kMaxEvidence) out.evidence.erase(out.evidence.begin());
  Cite(in, in.context->referrals_event, out);
  return out;
}

SignalValue ReferralValue(const SignalInput& in) {
  if (in.context->referrals == nullptr) return {};
  const std::optional<double> value = in.context->referrals->ValueOf(in.account->Ids(), in.context->book->reporting_currency);
  return ByReferrals(in, value.has_value() ? Number(*value) : Cell());
}

SignalValue ReferralBrought(const SignalInput& in) {
  if (in.context->referrals == nullptr) return {};
  return ByReferrals(in, in.context->referrals->BroughtDirectly(in.account->Ids()));
}

SignalValue ReferralBroughtBy(const SignalInput& in) {
  if (in.context->referrals == nullptr) return {};
  const CustomerId by = in.context->referrals->BroughtBy(in.account->Ids());
  return MadeBy(in, by.empty() ? Cell() : Cell(by.text()), in.context->referrals_event);
}

// The host's word, else whether the tree knows who brought them.
SignalValue AccountOrigin(const SignalInput& in) {
  const std::optional<Origin>& origin = in.account->profile.origin;
  if (origin.has_value()) return MadeBy(in, std::string(NameOf(*origin)), in.account->profile_event);
  SignalValue out = ReferralBroughtBy(in);
  if (!std::holds_alternative<std::monostate>(out.value)) out.value = std::string(NameOf(Origin::kReferral));
  return out;
}

const SignalColumn kColumns[] = {
    {"account.origin", ColumnType::kText, kNoUnit, "How they came: new, repeat or referral, as the host says, else by the referrals that are known.", Motion::kConstant,
     0, AccountOrigin},
    {"reach.best_window", ColumnType::kText, kNoUnit, "The two hours, perhaps of a weekday, in which calls and visits reach them best; missing until it is proven.",
     Motion::kConstant, 0, BestWindow},
    {"referral.brought", ColumnType::kInteger, kNoUnit, "Customers whom they were the first to bring, by the fitted referrals.", Motion::kConstant, 0, ReferralBrought},
    {"referral.brought_by", ColumnType::kText, kNoUnit, "The customer who brought them first, by the fitted referrals.", Motion::kConstant, 0, ReferralBroughtBy},
    {"referral.value", ColumnType::kNumber, kReportingCurrency,
     "What those they brought have spent, half of what those brought in turn, and so on.", Motion::kConstant, 0, ReferralValue},
    {"worry.heard", ColumnType::kInteger, kNoUnit, "Other customers who raised the same worry as the oldest open one.", Motion::kConstant, 0, WorryHeard},
    {"worry.remedy", ColumnType::kText, kNoUnit, "What most often cured, with others, the oldest open worry.", Motion::kConstant, 0, WorryRemedy},
};

}  // namespace

std::span<const SignalColumn> NetworkSignals() { return kColumns; }

absl::Status ReadNetwork(const BookContext& book, SignalContext& context) {
  RAPPORT_RETURN_IF_ERROR(ReadModel(book, kWorryKnowledge, context.worries, context.worries_event));
  RAPPORT_RETURN_IF_ERROR(ReadModel(book, kReferralTree, context.referrals, context.referrals_event));
  if (context.referrals != nullptr) context.referrals_at = book.models.find(std::string(kReferralTree))->second.fitted_at;
  return absl::OkStatus();
}

}  // namespace rapport
