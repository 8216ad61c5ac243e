// How the ledger comes to know a life: late, twice, and not always right at first.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/simulate_life.hpp"
#include "rapport/ledger/codec.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::simulation {
namespace {

// From an hour to three weeks, shorter ones more often. What has a time of knowledge of its own keeps it.
void MakeLate(Life& life) {
  Draws draws = life.DrawsFor("late");
  const double hours = stats::Log(21 * 24.0);
  for (Event& event : life.events) {
    const bool late = draws.Happens(life.world.options.late_share);
    if (!late || event.recorded != event.occurred.at) continue;
    event.recorded = event.claimed = Later(event.occurred.at, stats::Exp(draws.Uniform() * hours) / 24);
  }
}

// Said anew the next day or later, when the first words are known: the number of minutes was wrong.
void Correct(Life& life, std::size_t place, Draws& draws) {
  const Event target = life.events[place];
  const Instant at = Later(std::max(target.recorded, target.occurred.at), 1 + draws.Exponential(3));
  EventCorrected* said = life.Tell<EventCorrected>(at);
  if (said == nullptr) return;
  Json facts = EncodeFacts(target);
  (*facts.if_object())["minutes"] = Json::Integer(2 + draws.Below(30));
  said->target_source = target.key.source;
  said->target_id = target.key.id;
  said->target_type = std::string(target.type());
  said->time = target.occurred.at;
  said->facts = std::move(facts);
  const Json text = EncodePrivate(target);
  if (!text.if_object()->empty()) said->text = text;
}

void Retract(Life& life, std::size_t place, Draws& draws) {
  const EventKey target = life.events[place].key;
  const Instant known = std::max(life.events[place].recorded, life.events[place].occurred.at);
  EventRetracted* said = life.Tell<EventRetracted>(Later(known, 1 + draws.Exponential(3)));
  if (said != nullptr) *said = {target.source, target.id, life.Says(Saying::kReason, draws)};
}

// Of touches alone: what the truth counts stays as it was told.
void SayAnew(Life& life) {
  Draws draws = life.DrawsFor("said_anew");
  const std::size_t told = life.events.size();
  for (std::size_t i = 0; i < told; ++i) {
    if (life.events[i].As<Touch>() == nullptr) continue;
    const double which = draws.Uniform();
    if (which < 0.008) {
      Correct(life, i, draws);
    } else if (which < 0.014) {
      Retract(life, i, draws);
    }
  }
}

// The same customer was entered a second time, somebody called him there, and the two were joined; not always rightly.
void Merge(Life& life) {
  Draws draws = life.DrawsFor("merge");
  if (!draws.Happens(0.04)) return;
  const CustomerId twin = CustomerId::Trusted(absl::StrCat("c-", life.name, "-twin"));
  const Instant entered = life.WorkMoment(life.Sometime(draws), 600);
  if (CustomerUpserted* said = life.Tell<CustomerUpserted>(entered, twin)) {
    said->kind = life.person.kind;
    said->owner = life.RepAt(entered).id;
    said->segment = std::string(kSegments[life.person.segment]);
    said->name = NamePerson(life.person.language, draws).full;
  }
  if (Touch* said = life.Tell<Touch>(entered.PlusMinutes(30), twin)) {
    said->rep = life.RepAt(entered).id;
    said->purpose = Purpose::kCare;
    said->disposition = Disposition::kReached;
  }
  const Instant merged = Later(entered, 2 + draws.Exponential(30));
  if (CustomerMerged* said = life.Tell<CustomerMerged>(merged)) *said = {twin, life.Says(Saying::kReason, draws)};
  if (!draws.Happens(0.5)) return;
  if (MergeUndone* said = life.Tell<MergeUndone>(Later(merged, 1 + draws.Exponential(20)))) *said = {twin, life.Says(Saying::kReason, draws)};
}

}  // namespace

void TellKeeping(Life& life) {
  MakeLate(life);
  if (life.world.options.only_purchases) return;
  SayAnew(life);
  Merge(life);
}

}  // namespace rapport::simulation
