// Floor 6. Minutes of travel between customers, as a host measures them.
//
//   [{"from": "", "to": "c-1", "minutes": 25}, {"from": "c-1", "to": "c-2", "minutes": 10}]     "" is where the rep starts
//
// A way that is not listed is taken as the way back, and where that is missing too as the fixed minutes of the rep. Errors: `travel.invalid` names the row.
#ifndef RAPPORT_PLAN_TRAVEL_HPP_
#define RAPPORT_PLAN_TRAVEL_HPP_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"

namespace rapport {

class TravelMatrix {
 public:
  TravelMatrix() = default;
  static absl::StatusOr<TravelMatrix> FromJson(const Json& list);

  bool empty() const { return minutes_.empty(); }
  // `travel.invalid` for minutes outside 0 to 1440, and for another number for the same way.
  absl::Status Add(std::string from, std::string to, std::int64_t minutes);
  // Ids of customers; "" where the rep starts. 0 from a place to itself. O(log ways).
  std::optional<std::int64_t> Between(std::string_view from, std::string_view to) const;

 private:
  std::map<std::pair<std::string, std::string>, std::int64_t, std::less<>> minutes_;
};

}  // namespace rapport

#endif  // RAPPORT_PLAN_TRAVEL_HPP_
