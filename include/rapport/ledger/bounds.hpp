// Floor 1. What an event may say of a day's minutes: checked when it is appended, and where an older book says more.
#ifndef RAPPORT_LEDGER_BOUNDS_HPP_
#define RAPPORT_LEDGER_BOUNDS_HPP_

#include <cstdint>

namespace rapport {

inline constexpr std::int64_t kMinutesOfADay = 1440;       // of a rep's day, its reserve, an appointment
inline constexpr std::int64_t kMostTravelMinutes = 720;    // on the way to a visit

}  // namespace rapport

#endif  // RAPPORT_LEDGER_BOUNDS_HPP_
