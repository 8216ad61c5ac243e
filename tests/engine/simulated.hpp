// A made-up book and the truth it was made from.
#ifndef RAPPORT_TESTS_ENGINE_SIMULATED_HPP_
#define RAPPORT_TESTS_ENGINE_SIMULATED_HPP_

#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "rapport/simulate.hpp"

namespace rapport {

struct Simulated {
  std::vector<Event> events;
  Json truth;
};

inline Simulated SimulatedBy(const SimulateOptions& options) {
  Simulated made;
  const auto keep = [&](Event&& event) {
    made.events.push_back(std::move(event));
    return absl::OkStatus();
  };
  const absl::Status status = Simulate(options, ZoneRules::Bundled(), keep, &made.truth);
  EXPECT_TRUE(status.ok()) << status;
  return made;
}

}  // namespace rapport

#endif  // RAPPORT_TESTS_ENGINE_SIMULATED_HPP_
