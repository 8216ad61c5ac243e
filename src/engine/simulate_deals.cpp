// What is wanted, offered, won and lost; contracts; who brings whom.
#include "absl/strings/str_cat.h"
#include "engine/simulate_life.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::simulation {
namespace {

void TellNeeds(Life& life) {
  Draws draws = life.DrawsFor("needs");
  const double mean = 365.25 / 0.5;
  for (Instant t = Later(life.born, draws.Exponential(mean)); t < life.world.end; t = Later(t, draws.Exponential(mean))) {
    const Instant at = life.WorkMoment(t, 540 + 480 * draws.Uniform());
    const NeedId id = NeedId::Trusted(life.NewId('n'));
    const ProductId product = life.world.products[static_cast<std::size_t>(draws.Below(5))].id;
    if (NeedStated* said = life.Tell<NeedStated>(at)) {
      said->need = id;
      said->product = product;
      said->contact = life.SomeContact(draws);
      said->rep = life.RepAt(at).id;
      if (draws.Happens(0.5)) said->by = life.DayOf(at) + 30 + static_cast<int>(draws.Below(120));
      said->text = life.Says(Saying::kNeed, draws);
    }
    if (!draws.Happens(0.5)) continue;
    if (NeedStated* said = life.Tell<NeedStated>(Later(at, 3 + draws.Exponential(40)))) {
      said->need = id;
      said->met = true;
    }
  }
}

// One opportunity on its way, and what of its course counts for its end.
struct Deal {
  OpportunityId id;
  Instant opened;
  double days = 0;           // until it is decided
  std::int64_t cents = 0;
  bool approach_met = false;
  std::optional<std::string> competitor;
  Instant At(double share) const { return Later(opened, days * share); }
};

void Open(Life& life, const Deal& deal, Draws& draws) {
  OpportunityOpened* said = life.Tell<OpportunityOpened>(deal.opened);
  if (said == nullptr) return;
  said->opportunity = deal.id;
  said->stage = "qualified";
  said->value = life.Cents(deal.cents);
  said->products = {life.world.products[0].id, life.world.products[static_cast<std::size_t>(1 + draws.Below(4))].id};
  said->expected_close = life.DayOf(deal.opened) + 30 + static_cast<int>(draws.Below(60));
  said->rep = life.RepAt(deal.opened).id;
  said->contact = life.SomeContact(draws);
  said->title = life.Says(Saying::kTitle, draws);
}

// Half of the time the first approach, else any other: the propensity is what it was chosen with.
void Argue(Life& life, Deal& deal, Draws& draws) {
  static constexpr double kPropensities[] = {0.4, 0.2, 0.2, 0.2};
  static constexpr std::array<Channel, 3> kChannels = {Channel::kVisit, Channel::kCall, Channel::kMeeting};
  const std::size_t approach = draws.Weighted(kPropensities, kApproaches.size());
  const Rules& rules = life.world.rules;
  const bool wins = life.world.winning[life.person.segment] == approach;
  deal.approach_met = draws.Happens(wins ? rules.winning_chance : rules.approach_chance);
  const Instant at = deal.At(0.4);
  if (ApproachUsed* said = life.Tell<ApproachUsed>(at)) {
    said->approach = std::string(kApproaches[approach]);
    said->channel = kChannels[static_cast<std::size_t>(draws.Below(3))];
    said->propensity = kPropensities[approach];
    said->rep = life.RepAt(at).id;
    said->success = deal.approach_met;
  }
}

void MeetCompetitor(Life& life, Deal& deal, Draws& draws) {
  if (!draws.Happens(0.3)) return;
  deal.competitor = std::string(kCompetitors[static_cast<std::size_t>(draws.Below(3))]);
  const Instant at = deal.At(0.6);
  if (CompetitorSeen* said = life.Tell<CompetitorSeen>(at)) {
    said->competitor = *deal.competitor;
    said->product = life.world.products[0].id;
    said->offer = absl::StrCat(*deal.competitor, " ", life.world.products[0].id.text());
    said->rep = life.RepAt(at).id;
    said->note = life.Says(Saying::kRefusal, draws);
  }
}

void Move(Life& life, const Deal& deal, std::string_view stage, double share, double probability) {
  OpportunityStageChanged* said = life.Tell<OpportunityStageChanged>(deal.At(share));
  if (said == nullptr) return;
  said->opportunity = deal.id;
  said->stage = std::string(stage);
  said->probability = probability;
}

void Learn(Life& life, const Deal& deal, bool won, Draws& draws) {
  static constexpr std::array<std::string_view, 5> kCauses = {"us", "customer", "product", "price", "competitor"};
  static constexpr std::array<std::string_view, 3> kLessons = {"ask-first", "bring-figures", "answer-same-day"};
  if (!draws.Happens(0.35)) return;
  const Instant at = deal.At(1).PlusMinutes(60);
  LessonRecorded* said = life.Tell<LessonRecorded>(at);
  if (said == nullptr) return;
  said->lesson = std::string(kLessons[static_cast<std::size_t>(draws.Below(3))]);
  said->attributed_to = won ? "us" : deal.competitor ? "competitor" : std::string(kCauses[static_cast<std::size_t>(draws.Below(4))]);
  said->competitor = deal.competitor;
  said->rep = life.RepAt(at).id;
  said->opportunity = deal.id;
  said->text = life.Says(Saying::kLesson, draws);
}

// True where it was decided before the end.
bool Decide(Life& life, const Deal& deal, bool won, Draws& draws) {
  const Instant at = deal.At(1);
  if (won) {
    OpportunityWon* said = life.Tell<OpportunityWon>(at);
    if (said == nullptr) return false;
    said->opportunity = deal.id;
    said->value = life.Cents(deal.cents);
    said->rep = life.RepAt(at).id;
    return true;
  }
  OpportunityLost* said = life.Tell<OpportunityLost>(at);
  if (said == nullptr) return false;
  said->opportunity = deal.id;
  said->reason = deal.competitor ? RefusalReason::kComparing : RefusalReason::kMoney;
  said->competitor = deal.competitor;
  said->rep = life.RepAt(at).id;
  said->note = life.Says(Saying::kRefusal, draws);
  return true;
}

Json TellDeal(Life& life, Instant opened, Draws& draws) {
  const Rules& rules = life.world.rules;
  Deal deal{OpportunityId::Trusted(life.NewId('y')), opened, 15 + draws.Gamma(2) * 20, 100'000 + 1000 * draws.Below(2000), false, std::nullopt};
  Open(life, deal, draws);
  Argue(life, deal, draws);
  MeetCompetitor(life, deal, draws);
  Move(life, deal, "proposal", 0.5, 0.4);
  if (draws.Happens(0.7)) Move(life, deal, "negotiation", 0.8, 0.6);
  const double log_odds = rules.won_intercept + (deal.approach_met ? rules.won_approach : 0) + (deal.competitor ? rules.won_competitor : 0) +
                          (life.person.large ? rules.won_large : 0);
  const bool won = draws.Happens(1 / (1 + stats::Exp(-log_odds)));
  const bool decided = Decide(life, deal, won, draws);
  if (decided) Learn(life, deal, won, draws);
  return Json::Object{{"opportunity", deal.id.text()}, {"log_odds", log_odds}, {"won", decided ? Json(won) : Json()}};
}


// Usage hovers about its level and falls away in the ninety days before a churn.
void TellUsage(Life& life, Instant from, Instant to, std::optional<Instant> churn, Draws& draws) {
  const double level = draws.Between(40, 200);
  for (Instant at = Later(from, 7); at < to; at = Later(at, 28)) {
    const double ahead = churn ? static_cast<double>(churn->micros() - at.micros()) / static_cast<double>(kMicrosPerDay) : 90;
    const double share = ahead >= 90 ? 1 : 0.15 + 0.85 * ahead / 90;
    SignalObserved* said = life.Tell<SignalObserved>(at);
    if (said == nullptr) return;
    said->name = "usage";
    said->value = static_cast<double>(static_cast<std::int64_t>(10 * level * share * (1 + 0.08 * draws.Between(-1, 1)))) / 10;
  }
}

// A year at a time, as long as the customer stays; who has left does not renew. The churn, if there is one.
std::optional<Instant> TellTerms(Life& life, const ContractId& id, Instant from, Instant& to, Draws& draws) {
  const bool leaves_early = draws.Happens(0.25);
  for (int year = 1;; ++year) {
    to = Later(from, 365 * year);
    if (to >= life.world.end) return std::nullopt;
    if ((life.person.left && *life.person.left < to) || leaves_early) break;
    if (ContractRenewed* said = life.Tell<ContractRenewed>(Later(to, -draws.Between(1, 20)))) {
      said->contract = id;
      said->ends = life.DayOf(to) + 365;
    }
  }
  if (ContractEnded* said = life.Tell<ContractEnded>(to)) *said = {id, life.Says(Saying::kReason, draws)};
  return to;
}

}  // namespace

void TellDeals(Life& life) {
  TellNeeds(life);
  Draws draws = life.DrawsFor("deals");
  Json::Array deals;
  const double mean = 365.25 / 0.7;
  for (Instant t = Later(life.born, draws.Exponential(mean)); t < life.world.end; t = Later(t, draws.Exponential(mean))) {
    const Instant at = life.WorkMoment(t, 540 + 480 * draws.Uniform());
    if (at < life.world.end) deals.push_back(TellDeal(life, at, draws));
  }
  if (!deals.empty()) life.truth.emplace("opportunities", std::move(deals));
}

void TellContracts(Life& life) {
  Draws draws = life.DrawsFor("contracts");
  if (life.person.kind != CustomerKind::kOrganisation || !life.person.first_purchase || !draws.Happens(0.4)) return;
  const Instant from = life.WorkMoment(Later(*life.person.first_purchase, draws.Exponential(20)), 600);
  const ContractId id = ContractId::Trusted(life.NewId('g'));
  ContractStarted* said = life.Tell<ContractStarted>(from);
  if (said == nullptr) return;
  said->contract = id;
  said->ends = life.DayOf(from) + 365;
  said->value = life.Cents(1'000 * (50 + draws.Below(400)));
  said->rep = life.RepAt(from).id;
  Instant to = from;
  const std::optional<Instant> churn = TellTerms(life, id, from, to, draws);
  TellUsage(life, from, churn.value_or(life.world.end), churn, draws);
  if (churn) life.truth.emplace("churned", FormatInstant(*churn));
}

void TellReferrals(Life& life) {
  for (std::int64_t other = life.number + 1; other <= life.number + life.world.rules.neighbours; ++other) {
    if (life.world.BroughtBy(other) != life.number) continue;
    Draws draws = life.DrawsFor("referral");
    const Instant at = Later(life.world.BornAt(other), -draws.Between(1, 20));
    if (ReferralMade* said = life.Tell<ReferralMade>(at)) {
      said->referred = CustomerId::Trusted(absl::StrCat("c-", other));
      said->contact = life.person.contacts.front();
      said->rep = life.RepAt(at).id;
    }
  }
}

}  // namespace rapport::simulation
