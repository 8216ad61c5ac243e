// Floor 6, inside. In which order to make visits.
#ifndef RAPPORT_SRC_PLAN_ROUTE_HPP_
#define RAPPORT_SRC_PLAN_ROUTE_HPP_

#include <cstdint>
#include <functional>
#include <vector>

namespace rapport {

// The order of `stops` places with the least travel from the start on, without the way home: exact up to ten (Held and Karp 1962), beyond that each
// next one is the nearest. Of equal ways the earlier places first. `way(a, b)`: minutes from place a to b; a = -1 is the start.
std::vector<std::size_t> ShortestRoute(std::size_t stops, const std::function<std::int64_t(int, int)>& way);
// Minutes of the whole way in that order.
std::int64_t LengthOf(const std::vector<std::size_t>& route, const std::function<std::int64_t(int, int)>& way);

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_ROUTE_HPP_
