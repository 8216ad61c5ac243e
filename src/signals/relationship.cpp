// Trust, rung and health of a customer, and who of ours they know.
#include "rapport/signals/relationship.hpp"

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "signals/touch_rows.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kFewCareDays = 4;   // below, nobody can say which side begins

const RelationshipTerms& Terms(const SignalInput& in) { return *in.context->relationship; }

Cell ValueOf(SignalInput in, const SignalColumn& column) {
  in.explain = false;
  return column.Of(in).value;
}

// Before the account began nobody trusted anybody.
bool IsRanked(const SignalInput& in) {
  const std::optional<Instant>& born = in.account->first_event_at;
  return born.has_value() && *born <= in.as_of && !ProfilingWithdrawn(*in.account);
}

Rung RungFor(const SignalInput& in) {
  return Remembered(in, &SignalMemo::rung, [&] {
    return RungOf(Terms(in), TouchSumsOf(in).trust, [&](std::string_view name) { return NumberOf(ValueOf(in, SignalNamed(name))); });
  });
}

std::optional<Day> FallsOnOf(const SignalInput& in) {
  return IsRanked(in) ? FallsOn(Terms(in), RungFor(in), TouchSumsOf(in).sum, *in.zone, in.today) : std::nullopt;
}

// --- trust and rungs
// Without consent to be scored nothing is told but why.
SignalValue NotRanked(const SignalInput& in) {
  SignalValue out;
  for (auto consent = in.account->consents.rbegin(); consent != in.account->consents.rend(); ++consent) Cite(in, consent->key, out);
  return out;
}

void CiteTouches(const SignalInput& in, std::size_t most, SignalValue& out) {
  const auto& touches = in.account->touches;
  for (auto record = touches.rbegin(); record != touches.rend() && out.evidence.size() < most; ++record) {
    if (record->at <= in.as_of && Terms(in).WeightOf(record->touch, ReachOf(record->touch)) > 0) Cite(in, record->key, out);
  }
}

SignalValue MadeOfTouches(const SignalInput& in, Cell value) {
  SignalValue out;
  out.value = std::move(value);
  if (!in.explain) return out;
  CiteTouches(in, SignalValue::kMaxEvidence, out);
  CiteTerms(in, out);
  if (const TouchRecord* last = TouchSumsOf(in).last_counted) out.armed_by = last->key;
  return out;
}

SignalValue TrustValue(const SignalInput& in) { return IsRanked(in) ? MadeOfTouches(in, Number(TouchSumsOf(in).trust)) : NotRanked(in); }

std::optional<Day> TrustReaches(const SignalInput& in, double threshold) {
  return threshold > 0 ? std::optional(TouchSumsOf(in).sum.FirstDayBelow(threshold, *in.zone, in.today)) : std::nullopt;
}

// The touches, and what the rungs ask for beside them: the newest of all these moved it.
SignalValue MadeOfLadder(const SignalInput& in, Cell value) {
  SignalValue out;
  out.value = std::move(value);
  if (!in.explain) return out;
  NewestEvent newest;
  if (const TouchRecord* last = TouchSumsOf(in).last_counted) newest.See(last->at, last->key);
  CiteTouches(in, SignalValue::kMaxEvidence / 2, out);
  CiteTerms(in, out);
  for (const std::string& name : Terms(in).SignalNames()) {
    const SignalValue needed = SignalNamed(name).Of(in);
    for (auto key = needed.evidence.rbegin(); key != needed.evidence.rend(); ++key) Cite(in, *key, out);
    const std::optional<Instant> moved = OccurredAt(*in.account, needed.armed_by);
    if (moved.has_value() && *moved <= in.as_of) newest.See(*moved, needed.armed_by);
  }
  CiteTouches(in, SignalValue::kMaxEvidence, out);
  out.armed_by = newest.key();
  return out;
}

SignalValue RungValue(const SignalInput& in) { return IsRanked(in) ? MadeOfLadder(in, std::string(NameOf(RungFor(in)))) : NotRanked(in); }

SignalValue FallsOnValue(const SignalInput& in) {
  if (!IsRanked(in)) return NotRanked(in);
  const std::optional<Day> day = FallsOnOf(in);
  return MadeOfLadder(in, day.has_value() ? Cell(*day) : Cell());
}

SignalValue DaysToFall(const SignalInput& in) {
  if (!IsRanked(in)) return NotRanked(in);
  const std::optional<Day> day = FallsOnOf(in);
  return MadeOfLadder(in, day.has_value() ? Cell(DaysFrom(in.today, *day)) : Cell());
}

// --- health
std::optional<std::int64_t> WholeOf(const SignalInput& in, const SignalColumn& column) {
  const Cell cell = ValueOf(in, column);
  const auto* whole = std::get_if<std::int64_t>(&cell);
  return whole == nullptr ? std::nullopt : std::optional(*whole);
}

// The signals that health is made of, as evidence and for their values.
struct HealthColumns {
  const SignalColumn& care = SignalNamed("touch.days_since_care");
  const SignalColumn& silent = SignalNamed("purchase.days_since");
  const SignalColumn& rhythm = SignalNamed("purchase.rhythm_days");
  const SignalColumn& alive = SignalNamed("value.probability_alive");
  const SignalColumn& worries = SignalNamed("worry.open");
  const SignalColumn& oldest = SignalNamed("worry.oldest_days");
  const SignalColumn& claims = SignalNamed("case.open_claims");
  const SignalColumn& kept = SignalNamed("promise.kept_share");
  const SignalColumn& last_kept = SignalNamed("promise.last_kept");
  const SignalColumn& feedback = SignalNamed("feedback.last");
  const SignalColumn& feedback_days = SignalNamed("feedback.days_since");

  static const HealthColumns& All() {
    static const HealthColumns all;
    return all;
  }
};

// An order after a worry says that they stayed in spite of it.
void CountUnanswered(const SignalInput& in, HealthFacts& facts) {
  const auto& purchases = in.account->purchases;
  const auto last = std::find_if(purchases.rbegin(), purchases.rend(), [&](const PurchaseRecord& purchase) { return purchase.placed <= in.as_of; });
  for (const WorryRecord& worry : in.account->worries) {
    if (worry.raised > in.as_of || worry.resolved.has_value() || (last != purchases.rend() && worry.raised <= last->placed)) continue;
    if (facts.unanswered_worries++ == 0) facts.unanswered_days = DaysFrom(DayOf(in, worry.raised), in.today);
  }
}

// Of who bought on one day alone the model says 1 however long ago that was: they can leave after a repeat only (bg_nbd.hpp). That is no knowledge.
bool HasReturned(const SignalInput& in) { return PurchaseDays(in).size() >= 2; }

HealthFacts FindFacts(const SignalInput& in) {
  const HealthColumns& columns = HealthColumns::All();
  const TouchSums sums = TouchSumsOf(in);
  HealthFacts facts;
  facts.interval = IntervalOf(in);
  const bool is_set = facts.interval.ideal_days.has_value() || facts.interval.latest_days.has_value();
  if (sums.contacts > 0 || is_set) facts.days_since_care = WholeOf(in, columns.care);
  facts.never_cared = sums.last_care == nullptr;
  facts.rhythm_days = NumberOf(ValueOf(in, columns.rhythm));
  if (HasReturned(in)) facts.still_buys = NumberOf(ValueOf(in, columns.alive));
  facts.days_since_purchase = WholeOf(in, columns.silent);
  if (sums.contacts > 0) facts.trust = sums.trust;
  if (sums.care_days >= kFewCareDays) facts.both_sides_share = sums.both_sides_share;
  if (!in.account->worries.empty()) {
    facts.open_worries = WholeOf(in, columns.worries);
    facts.oldest_worry_days = WholeOf(in, columns.oldest).value_or(0);
    CountUnanswered(in, facts);
  }
  if (!in.account->relations.cases.empty()) facts.open_claims = WholeOf(in, columns.claims);
  if (!in.account->promises.empty() || !in.account->withdrawn_promises.empty()) {
    facts.kept_share = NumberOf(ValueOf(in, columns.kept));
    const Cell last = ValueOf(in, columns.last_kept);
    if (const auto* kept = std::get_if<bool>(&last)) facts.last_kept = *kept;
  }
  if (!in.account->relations.feedback.empty()) {
    facts.feedback = NumberOf(ValueOf(in, columns.feedback));
    facts.feedback_days = WholeOf(in, columns.feedback_days).value_or(0);
  }
  return facts;
}

HealthFacts FactsOf(const SignalInput& in) { return Remembered(in, &SignalMemo::facts, [&] { return FindFacts(in); }); }

std::optional<double> HealthFor(const SignalInput& in) {
  return Remembered(in, &SignalMemo::health, [&]() -> std::optional<double> {
    const std::optional<double> value = HealthValueOf(FactsOf(in), Terms(in).health());
    return value.has_value() ? std::optional(RoundSignal(*value)) : std::nullopt;
  });
}

std::optional<HealthBand> BandFor(const SignalInput& in) {
  const std::optional<double> value = HealthFor(in);
  return value.has_value() ? std::optional(BandOf(*value, Terms(in).health())) : std::nullopt;
}

// The newest event up to now that moved a part. What sold, and no more, moves none.
EventKey HealthArmedBy(const SignalInput& in) {
  NewestEvent newest;
  const auto see = [&](const std::optional<Instant>& at, const EventKey& key) {
    if (at.has_value() && *at <= in.as_of) newest.See(*at, key);
  };
  const Account& account = *in.account;
  const HealthColumns& columns = HealthColumns::All();
  const TouchSums sums = TouchSumsOf(in);
  if (sums.last_care == nullptr) {   // then the days are since the account began, and count as the profile says
    see(account.profile_at, account.profile_event);
    const ToldEvent* begun = account.BegunBy({});
    const auto is_it = [&](const TouchRecord& record) { return record.key == begun->key; };
    if (begun != nullptr && std::none_of(account.touches.begin(), account.touches.end(), is_it)) see(begun->at, begun->key);
  }
  for (const PurchaseRecord& purchase : account.purchases) see(purchase.placed, purchase.key);
  for (const WorryRecord& worry : account.worries) {
    see(worry.raised, worry.key);
    see(worry.resolved, worry.resolved_by);
  }
  for (const CaseRecord& record : account.relations.cases) {
    if (record.kind == CaseKind::kService) continue;
    see(record.opened, record.key);
    see(record.closed, record.closed_by);
  }
  for (const auto& said : account.relations.feedback) see(said.at, said.key);
  for (const SignalColumn* column : {&columns.kept, &columns.last_kept}) {
    const EventKey settled = column->Of(in).armed_by;
    if (!settled.empty()) see(OccurredAt(account, settled), settled);
  }
  if (sums.last_care != nullptr) see(sums.last_care->at, sums.last_care->key);
  if (sums.last_counted != nullptr) see(sums.last_counted->at, sums.last_counted->key);
  return newest.key();
}

// Of what a count is made of and what no longer counts, the newest: open ones first.
std::vector<EventKey> NewestOf(const SignalInput& in, const SignalColumn& column) {
  const SignalValue value = column.Of(in);
  std::vector<EventKey> keys = value.evidence;
  const auto* count = std::get_if<std::int64_t>(&value.value);
  const std::size_t counted = count == nullptr ? 0 : std::min(keys.size(), static_cast<std::size_t>(*count));
  std::reverse(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(counted));
  return keys;
}

// What a part rests on, what says most first.
std::vector<EventKey> EventsOf(const SignalInput& in, HealthPart part) {
  const HealthColumns& columns = HealthColumns::All();
  switch (part) {
    case HealthPart::kContact: return columns.care.Of(in).evidence;
    case HealthPart::kRhythm: {
      std::vector<EventKey> keys;
      for (auto purchase = in.account->purchases.rbegin(); purchase != in.account->purchases.rend() && keys.size() < 2; ++purchase) keys.push_back(purchase->key);
      return keys;
    }
    case HealthPart::kTrust:
    case HealthPart::kBothSides: {
      SignalValue touches;
      CiteTouches(in, 2, touches);
      return touches.evidence;
    }
    case HealthPart::kWorries: return NewestOf(in, columns.worries);
    case HealthPart::kClaims: return NewestOf(in, columns.claims);
    case HealthPart::kPromises: return columns.last_kept.Of(in).evidence;
    case HealthPart::kFeedback: break;
  }
  return columns.feedback.Of(in).evidence;
}

// One or two events of each part, what takes most away first, so that what is many does not hide what is wrong; then more, as there is room.
SignalValue MadeOfHealth(const SignalInput& in, Cell value) {
  SignalValue out;
  out.value = std::move(value);
  if (!in.explain) return out;
  out.armed_by = HealthArmedBy(in);
  std::vector<std::vector<EventKey>> parts;
  for (const HealthPart part : PartsByLoss(FactsOf(in), Terms(in).health())) parts.push_back(EventsOf(in, part));
  for (const std::size_t round : {0U, 1U}) {
    for (const std::vector<EventKey>& keys : parts) {
      if (round < keys.size()) Cite(in, keys[round], out);
    }
    CiteTerms(in, out);
    Cite(in, in.context->lifetime_event, out);
  }
  for (const std::vector<EventKey>& keys : parts) {
    for (const EventKey& key : keys) Cite(in, key, out);
  }
  CiteTouches(in, SignalValue::kMaxEvidence, out);
  for (auto purchase = in.account->purchases.rbegin(); purchase != in.account->purchases.rend(); ++purchase) Cite(in, purchase->key, out);
  return out;
}

SignalValue HealthValue(const SignalInput& in) {
  if (!IsRanked(in)) return NotRanked(in);
  const std::optional<double> value = HealthFor(in);
  return MadeOfHealth(in, value.has_value() ? Number(*value) : Cell());
}

SignalValue BandValue(const SignalInput& in) {
  if (!IsRanked(in)) return NotRanked(in);
  const std::optional<HealthBand> band = BandFor(in);
  return MadeOfHealth(in, band.has_value() ? Cell(std::string(NameOf(*band))) : Cell());
}

SignalValue TrendValue(const SignalInput& in) {
  if (!IsRanked(in)) return NotRanked(in);
  const std::optional<double> trend = TouchSumsOf(in).trend;
  return MadeOfTouches(in, trend.has_value() ? Number(*trend) : Cell());
}

// --- people
template <class Use>
auto WithTies(const SignalInput& in, Use use) {
  SignalMemo own;
  std::optional<std::vector<Tie>>& ties = in.memo != nullptr ? in.memo->ties : own.ties;
  if (!ties.has_value()) ties = TiesOf(*in.account, Terms(in), *in.zone, in.as_of);
  return use(*ties);
}

// The newest contact of each, and that somebody left.
SignalValue MadeOfTies(const SignalInput& in, Cell value, const std::vector<Tie>& ties) {
  SignalValue out;
  out.value = std::move(value);
  if (!in.explain) return out;
  NewestEvent newest;
  for (const Tie& tie : ties) {
    newest.See(tie.last_at, tie.last_event);
    Cite(in, tie.last_event, out);
    const RepRecord* rep = in.context->book->FindRep(tie.rep);
    if (rep != nullptr && rep->left.has_value()) Cite(in, rep->last_event, out);
  }
  CiteTouches(in, SignalValue::kMaxEvidence, out);
  CiteTerms(in, out);
  out.armed_by = newest.key();
  return out;
}

SignalValue People(const SignalInput& in) {
  return WithTies(in, [&](const std::vector<Tie>& ties) {
    const auto known = std::count_if(ties.begin(), ties.end(), [&](const Tie& tie) { return tie.reached > 0 && WorksHere(*in.context->book, tie.rep, in.today); });
    return MadeOfTies(in, Count(static_cast<std::size_t>(known)), ties);
  });
}

SignalValue Sender(const SignalInput& in) {
  return WithTies(in, [&](const std::vector<Tie>& ties) {
    const Tie* sender = SenderOf(ties, *in.context->book, in.today);
    return MadeOfTies(in, sender == nullptr ? Cell() : Cell(sender->rep.text()), ties);
  });
}

// Warmth decays alike for all, so only that somebody leaves changes who is first.
std::optional<Day> NextLeaves(const SignalInput& in) {
  return WithTies(in, [&](const std::vector<Tie>& ties) {
    std::optional<Day> next;
    for (const Tie& tie : ties) {
      const RepRecord* rep = in.context->book->FindRep(tie.rep);
      if (rep == nullptr || !rep->left.has_value() || *rep->left <= in.today) continue;
      next = std::min(next.value_or(*rep->left), *rep->left);
    }
    return next;
  });
}

constexpr auto kPolled = Motion::kPolled;

const SignalColumn kColumns[] = {
    {"relationship.trust", ColumnType::kNumber, kNoUnit, "The sum of what contacts that care have left, half of it gone after each half life.",
     Motion::kMonotone, 0, TrustValue, {}, nullptr, TrustReaches, true},
    {"relationship.rung", ColumnType::kText, kNoUnit, "How far the relationship has come: none, recognised, trust, reliance or standing.", kPolled, 0,
     RungValue, {}, FallsOnOf},
    {"relationship.falls_on", ColumnType::kDay, kNoUnit, "The first local day that begins with a lower rung if nobody makes contact.", kPolled, 0,
     FallsOnValue, {}, FallsOnOf},
    {"relationship.days_to_fall", ColumnType::kInteger, kDays, "Local days until a rung is lost if nobody makes contact.", Motion::kClockLinear, -1,
     DaysToFall, {}, FallsOnOf, nullptr, true},
    {"relationship.health", ColumnType::kNumber, kNoUnit, "The health of the relationship, 0 to 100: contact, buying, worries, promises and more.", kPolled, 0,
     HealthValue},
    {"relationship.band", ColumnType::kText, kNoUnit, "Health as a word: good, fair or poor.", kPolled, 0, BandValue},
    {"relationship.trend", ColumnType::kNumber, kNoUnit, "Contact of the last while against the long run, from -1 (it ended) over 0 (as ever, or just begun) to 0.6.",
     kPolled, 0, TrendValue},
    {"relationship.people", ColumnType::kInteger, kNoUnit, "People of ours, still here, who have reached them.", kPolled, 0, People, {}, NextLeaves},
    {"relationship.sender", ColumnType::kText, kNoUnit, "Who of ours, still here, the customer knows best.", kPolled, 0, Sender, {}, NextLeaves},
};

}  // namespace

std::span<const SignalColumn> RelationshipSignals() { return kColumns; }

std::optional<Standing> StandingOf(const SignalInput& input) {
  if (!IsRanked(input)) return std::nullopt;
  const Memorised once(input);
  const SignalInput& in = once.input();
  const TouchSums sums = TouchSumsOf(in);
  Health health = HealthOf(FactsOf(in), Terms(in).health());
  health.value = HealthFor(in);   // as the signals say it
  health.band = BandFor(in);
  return Standing{sums.trust, RungFor(in), FallsOnOf(in), std::move(health), sums.trend};
}

Rung RungOf(const SignalInput& in) { return IsRanked(in) ? RungFor(Memorised(in).input()) : Rung::kNone; }

absl::StatusOr<RelationshipTerms> ReadRelationshipTerms(const Json& document) {
  RAPPORT_ASSIGN_OR_RETURN(RelationshipTerms terms, RelationshipTerms::FromJson(document));
  for (const std::string& name : terms.SignalNames()) {
    const absl::StatusOr<const SignalColumn*> column = FindSignal(name);
    if (!column.ok()) return Invalid("relationship.invalid_terms", absl::StrCat("field rungs: ", std::string(ToStd(column.status().message()))));
    const bool is_number = (*column)->type == ColumnType::kInteger || (*column)->type == ColumnType::kNumber;
    if (is_number && (*column)->motion == Motion::kConstant) continue;
    return Invalid("relationship.invalid_terms", absl::StrCat("field rungs: found signal \"", name, "\", expected a number that only events move"));
  }
  return terms;
}

void ReadRelationship(const BookContext& book, SignalContext& context) {
  static const auto ours = std::make_shared<const RelationshipTerms>(RelationshipTerms::Default());
  context.relationship = ours;
  if (book.relationship.is_null()) return;
  // Checked when the event was appended; terms that cannot be read are as if they were not there.
  absl::StatusOr<RelationshipTerms> terms = ReadRelationshipTerms(book.relationship);
  if (terms.ok()) context.relationship = std::make_shared<const RelationshipTerms>(*std::move(terms));
}

}  // namespace rapport
