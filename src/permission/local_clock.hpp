// Steps along a local clock that may jump. Pointwise exact: every step stops at a change of the zone's offset.
//
// Two changes within one day that undo each other are not seen; no zone has had them.
#ifndef RAPPORT_SRC_PERMISSION_LOCAL_CLOCK_HPP_
#define RAPPORT_SRC_PERMISSION_LOCAL_CLOCK_HPP_

#include "rapport/core/time.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {

// The first whole minute of UTC not before `t`.
Instant CeilMinute(Instant t);

// The first whole minute after `t` at which the local clock shows `target` (after Local(t), at most a day ahead), or at which
// the zone's offset has changed, whichever comes first.
Instant NextLocal(const Zone& zone, Instant t, LocalSecond target);

// The first whole minute after `t` whose local day is another one: the next, or the one before where clocks go back over
// midnight.
Instant NextDayChange(const Zone& zone, Instant t);

}  // namespace rapport

#endif  // RAPPORT_SRC_PERMISSION_LOCAL_CLOCK_HPP_
