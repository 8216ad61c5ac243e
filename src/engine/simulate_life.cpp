#include "engine/simulate_life.hpp"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace rapport::simulation {

Life::Life(const World& world_of, std::int64_t its_number)
    : world(world_of), number(its_number), name(std::to_string(its_number)), id(CustomerId::Trusted("c-" + name)), born(world.BornAt(number)) {}

// "sim-17-p-3": the third of the customer's events whose type begins with p.
void Life::Address(Event& event, Instant at, const CustomerId& subject) {
  const char letter = event.type().front();
  event.key.source = kSimulationSource;
  std::string& text = event.key.id;
  text.reserve(24);
  text += "sim-";
  text += name;
  text += '-';
  text += letter;
  text += '-';
  text += std::to_string(++told_[static_cast<std::size_t>(letter - 'a')]);
  event.subject = subject;
  event.occurred = {at, static_cast<std::int16_t>(person.zone->OffsetSeconds(at) / 60)};
  event.recorded = event.claimed = at;
}

std::string Life::NewId(char letter) {
  return absl::StrCat(absl::string_view(&letter, 1), "-", name, "-", ++named_[static_cast<std::size_t>(letter - 'a')]);
}

const RepPlan& Life::RepAt(Instant at) const {
  const auto reps = static_cast<std::int64_t>(world.reps.size());
  const std::int64_t handed = person.handed && at >= *person.handed ? 1 : 0;
  return world.reps[static_cast<std::size_t>((number + handed) % reps)];
}

const ContactId& Life::SomeContact(Draws& draws) const {
  const std::int64_t which = draws.Happens(0.7) ? 0 : draws.Below(static_cast<std::int64_t>(person.contacts.size()));
  return person.contacts[static_cast<std::size_t>(which)];
}

Instant Life::Moment(Day day, double minute) const {
  return person.zone->At(LocalSecond(day) + static_cast<std::int64_t>(minute * 60));
}

Instant Life::WorkMoment(Instant at, double minute) const {
  Day day = DayOf(at) + 1;
  while (absl::GetWeekday(day) == absl::Weekday::saturday || absl::GetWeekday(day) == absl::Weekday::sunday) ++day;
  return Moment(day, minute);
}

double Life::Years() const { return static_cast<double>(world.end.micros() - born.micros()) / (365.25 * static_cast<double>(kMicrosPerDay)); }

Instant Life::Sometime(Draws& draws) const {
  const double span = static_cast<double>(world.end.micros() - born.micros());
  return born.PlusMicros(60'000'000 + static_cast<std::int64_t>(draws.Uniform() * span));
}

}  // namespace rapport::simulation
