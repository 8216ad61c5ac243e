#include "rapport/simulate.hpp"

#include <algorithm>

#include "engine/simulate_life.hpp"

namespace rapport {
namespace {

using simulation::Life;
using simulation::Person;
using simulation::World;

void Live(Life& life) {
  simulation::MakePerson(life);
  if (life.world.options.only_purchases) {
    simulation::TellPlainPurchases(life);
  } else {
    simulation::TellProfile(life);
    simulation::TellProspect(life);
    simulation::TellPurchases(life);
    simulation::TellTouches(life);
    simulation::TellPromises(life);
    simulation::TellDeals(life);
    simulation::TellContracts(life);
    simulation::TellReferrals(life);
  }
  simulation::TellKeeping(life);
}

Json CustomerTruth(Life& life) {
  const Person& person = life.person;
  Json::Object truth = std::move(life.truth);
  const bool bought = life.purchases > 0;
  truth.emplace("customer", life.id.text());
  truth.emplace("lambda", person.lambda);
  truth.emplace("p", person.p);
  truth.emplace("purchases", Json::Integer(life.purchases));
  truth.emplace("alive", bought && !person.left);
  if (bought) truth.emplace("first_purchase", FormatInstant(*person.first_purchase));
  if (person.left) truth.emplace("left", FormatInstant(*person.left));
  if (life.world.options.only_purchases) return truth;
  truth.emplace("segment", simulation::kSegments[person.segment]);
  truth.emplace("best_hours", Json::Array{person.best_hour, person.best_hour + 2});
  if (person.brought_by >= 0) truth.emplace("brought_by", "c-" + std::to_string(person.brought_by));
  return truth;
}

// An event is large, so places are sorted and each event moves once, to the visitor.
absl::Status VisitInOrder(std::vector<Event>& events, const std::function<absl::Status(Event&&)>& visit) {
  std::vector<Event*> order;
  order.reserve(events.size());
  for (Event& event : events) order.push_back(&event);
  std::sort(order.begin(), order.end(), [](const Event* a, const Event* b) { return CanonicalLess(*a, *b); });
  for (Event* event : order) RAPPORT_RETURN_IF_ERROR(visit(std::move(*event)));
  return absl::OkStatus();
}

}  // namespace

absl::Status Simulate(const SimulateOptions& options, const ZoneRules& zones, const std::function<absl::Status(Event&&)>& visit, Json* truth) {
  RAPPORT_ASSIGN_OR_RETURN(const World world, simulation::MakeWorld(options, zones));
  if (options.setup && !options.only_purchases) {
    std::vector<Event> setup = simulation::SetupEvents(world);
    RAPPORT_RETURN_IF_ERROR(VisitInOrder(setup, visit));
  }
  Json::Array customers;
  std::vector<Event> space;  // reused, so that a life costs no new room
  for (std::int64_t i = 0; i < options.customers; ++i) {
    Life life(world, options.first_customer + i);
    life.events = std::move(space);
    life.events.clear();
    Live(life);
    RAPPORT_RETURN_IF_ERROR(VisitInOrder(life.events, visit));
    space = std::move(life.events);
    if (truth != nullptr) customers.push_back(CustomerTruth(life));
  }
  if (truth == nullptr) return absl::OkStatus();
  Json::Object document = simulation::TruthOf(world);
  document.emplace("customers", std::move(customers));
  *truth = std::move(document);
  return absl::OkStatus();
}

}  // namespace rapport
