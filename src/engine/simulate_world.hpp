// Floor 8, inside. What all simulated lives share: who sells what to whom, and the rules by which chance runs. Everything here is the truth.
#ifndef RAPPORT_SRC_ENGINE_SIMULATE_WORLD_HPP_
#define RAPPORT_SRC_ENGINE_SIMULATE_WORLD_HPP_

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/simulate_draws.hpp"
#include "rapport/core/money.hpp"
#include "rapport/simulate.hpp"

namespace rapport::simulation {

enum class RepKind { kHonest, kOverPromising, kInvented };

struct RepPlan {
  RepId id;
  RepKind kind = RepKind::kHonest;
  double bias = 0;                    // how much longer what is promised takes, as a share of what was said
  double latitude = 0, longitude = 0; // where the rep's customers are
};

struct RemedyPlan {
  std::string_view label;
  double cures = 0;                   // the chance that the same does not come back
};

struct TopicPlan {
  std::string_view label;
  std::array<RemedyPlan, 2> remedies; // each tried as often as the other
};

struct ProductPlan {
  ProductId id;
  std::string_view name;
  std::int64_t price = 0, margin = 0; // cents
  int lead_days = 0, return_days = 0;
  double worry_chance = 0;            // after a delivery
  double cure_chance = 0;             // of a worry: that it is resolved
  std::array<TopicPlan, 2> topics{};  // of worries, each as often as the other
};

inline constexpr std::array<std::string_view, 4> kSegments = {"bakery", "clinic", "builder", "hotel"};
inline constexpr std::array<std::string_view, 4> kApproaches = {"capacity", "price", "recipe", "guarantee"};
inline constexpr std::array<std::string_view, 3> kCompetitors = {"Norda", "Velmet", "Quisto"};
inline constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

// The numbers of the world, where no option sets them.
struct Rules {
  double early = 0.2, late = 0.18;         // shares of deliveries; the rest comes on its day
  double late_log_odds = 0.9;              // what a late delivery adds to the log-odds of leaving
  double worry_log_odds = 0.7;             // an uncured worry
  // Of an order with a promise, instead of a late delivery's: the jump where it was broken, late or short, and what days and quantity add to it.
  double broken_log_odds = 1.5, late_day_log_odds = 0.12, early_day_log_odds = -0.1, missing_log_odds = 2;
  double short_share = 0.25;               // of orders with a promise of two pieces or more, delivered short
  double promise_mean = -0.3, promise_spread = 0.25;  // of the log of days taken over days promised, without bias
  double reached_in = 0.65, reached_out = 0.25;       // a call in the customer's best hours, and outside
  double approach_chance = 0.2, winning_chance = 0.6; // of a good answer
  double won_intercept = -0.6, won_approach = 1.1, won_competitor = -0.9, won_large = -0.5;  // log-odds of an opportunity
  int attempts = 12;                       // with a prospect, at most
  double referred = 0.15;                  // share of customers whom an earlier one may bring
  int neighbours = 16;                     // who may have brought a customer: one of so many before
};

struct World {
  SimulateOptions options;
  std::string seed;                    // as text, for draws
  Rules rules;
  std::array<const Zone*, 4> zones{};  // by language; [0] is the book's
  std::array<std::string, 4> zone_names;
  Instant begin, end;
  Currency euro;
  std::vector<RepPlan> reps;
  std::array<ProductPlan, 5> products;
  std::array<std::size_t, kSegments.size()> winning{};  // approach by segment

  Draws DrawsFor(std::string_view purpose, std::string_view customer) const { return Draws(seed, purpose, customer); }
  // Of the n-th attempt with a prospect, n from 1.
  double ChanceOfYes(int attempt) const;
  // When customer `number` becomes known, and who brought him: the number of an earlier customer, or -1.
  Instant BornAt(std::int64_t number) const;
  std::int64_t BroughtBy(std::int64_t number) const;
};

// `simulate.invalid_option`, `zone.unknown`.
absl::StatusOr<World> MakeWorld(const SimulateOptions& options, const ZoneRules& zones);
// Book, reps, products, offers and rates, in canonical order.
std::vector<Event> SetupEvents(const World& world);
// The truth document without its customers.
Json::Object TruthOf(const World& world);

}  // namespace rapport::simulation

#endif  // RAPPORT_SRC_ENGINE_SIMULATE_WORLD_HPP_
