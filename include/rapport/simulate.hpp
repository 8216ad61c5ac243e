// Floor 8. A made-up book of business with known truth beside it: every type of event that hosts write, over years.
//
//   Json truth;
//   Simulate({.seed = 7, .customers = 300}, ZoneRules::Bundled(), [&](Event&& event) { events.push_back(std::move(event)); return absl::OkStatus(); }, &truth);
//
// What is estimated from the events can be compared with what they were made from: docs/simulate.md describes the truth document.
//
// A customer's life is a function of (seed, customer number) and the other options, never of another customer's draws: ranges of customers can be
// made in any order, on any machine, and together are the whole. All names, texts and places are invented.
#ifndef RAPPORT_SIMULATE_HPP_
#define RAPPORT_SIMULATE_HPP_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "rapport/core/json.hpp"
#include "rapport/core/time.hpp"
#include "rapport/core/zones.hpp"
#include "rapport/ledger/event.hpp"
#include "rapport/value/bg_nbd.hpp"

namespace rapport {

// The source of every simulated event.
inline constexpr std::string_view kSimulationSource = "simulation";

struct SimulateOptions {
  std::uint64_t seed = 0;
  std::int64_t first_customer = 0;       // the range made is [first_customer, first_customer + customers)
  std::int64_t customers = 1000;
  int years = 2;                         // 1 to 50
  std::int64_t reps = 10;                // 1 to 10,000; customer n belongs to rep n modulo reps
  Day start = Day(2024, 1, 1);           // nothing happens before
  std::string zone = "Europe/Berlin";    // the book's and the reps'
  double late_share = 0.1;               // of events become known hours to weeks after they happened
  double promised_orders = 0;            // share of orders with what, how much and when agreed before: what becomes of it bears on leaving
  bool only_purchases = false;           // customers and their purchases alone, bought exactly as BG/NBD says
  bool setup = true;                     // book, reps, products, offers and rates too: equal in every range, so that ranges count them once
  BgNbd::Params buying = {.r = 0.8, .alpha = 10, .a = 0.8, .b = 4};   // in weeks; r / alpha at most 50
};

// Calls `visit` with the setup in canonical order, then customer after customer by number, each one's events in canonical order; a failure of
// `visit` ends the simulation and comes back. Every event passes CheckEvent, and nothing happens after the last year. `truth`, where not null,
// becomes the truth document; it grows with the customers, while everything else is kept for one customer at a time.
//
// `simulate.invalid_option` names the option; `zone.unknown`; `value.invalid_parameter` of `buying`. Where `zones` lack a zone of another country its
// customers live in options.zone. About a microsecond an event.
absl::Status Simulate(const SimulateOptions& options, const ZoneRules& zones, const std::function<absl::Status(Event&&)>& visit,
                      Json* truth = nullptr);

}  // namespace rapport

#endif  // RAPPORT_SIMULATE_HPP_
