#include "plan/route.hpp"

#include <algorithm>
#include <limits>

namespace rapport {
namespace {

using Way = std::function<std::int64_t(int, int)>;

constexpr std::size_t kMostExact = 10;

std::vector<std::size_t> NearestNext(std::size_t stops, const Way& way) {
  std::vector<bool> seen(stops, false);
  std::vector<std::size_t> route;
  int here = -1;
  while (route.size() < stops) {
    std::size_t next = stops;
    for (std::size_t i = 0; i < stops; ++i) {
      if (!seen[i] && (next == stops || way(here, static_cast<int>(i)) < way(here, static_cast<int>(next)))) next = i;
    }
    seen[next] = true;
    route.push_back(next);
    here = static_cast<int>(next);
  }
  return route;
}

// best[set][first]: the least travel through all of `set` that begins at `first`, which is in it.
std::vector<std::size_t> Exact(std::size_t stops, const Way& way) {
  constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max() / 2;
  const std::size_t sets = std::size_t{1} << stops;
  std::vector<std::vector<std::int64_t>> best(sets, std::vector<std::int64_t>(stops, kNever));
  for (std::size_t set = 1; set < sets; ++set) {
    for (std::size_t first = 0; first < stops; ++first) {
      if ((set >> first & 1U) == 0) continue;
      const std::size_t rest = set & ~(std::size_t{1} << first);
      if (rest == 0) best[set][first] = 0;
      for (std::size_t next = 0; next < stops; ++next) {
        if ((rest >> next & 1U) != 0) best[set][first] = std::min(best[set][first], way(static_cast<int>(first), static_cast<int>(next)) + best[rest][next]);
      }
    }
  }
  std::vector<std::size_t> route;
  int here = -1;
  for (std::size_t set = sets - 1; set != 0;) {
    std::size_t next = stops;
    for (std::size_t i = 0; i < stops; ++i) {
      if ((set >> i & 1U) == 0) continue;
      if (next == stops || way(here, static_cast<int>(i)) + best[set][i] < way(here, static_cast<int>(next)) + best[set][next]) next = i;
    }
    route.push_back(next);
    set &= ~(std::size_t{1} << next);
    here = static_cast<int>(next);
  }
  return route;
}

}  // namespace

std::vector<std::size_t> ShortestRoute(std::size_t stops, const Way& way) {
  if (stops > kMostExact) return NearestNext(stops, way);
  return Exact(stops, way);
}

std::int64_t LengthOf(const std::vector<std::size_t>& route, const Way& way) {
  std::int64_t minutes = 0;
  int here = -1;
  for (const std::size_t stop : route) {
    minutes += way(here, static_cast<int>(stop));
    here = static_cast<int>(stop);
  }
  return minutes;
}

}  // namespace rapport
