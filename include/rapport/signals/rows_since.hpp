// Floor 4. How often a signal that jumps (registry.hpp) has come to be beyond a threshold since the event that moved it last, its armed_by.
//
// One contact that fades may cost a rung and, months later, the next: relationship.days_to_fall falls below 14, begins anew with the next rung and falls
// below 14 again. Both rows have the same cause, so a rule that tells of both needs their number.
//
//   RowsSinceMoved(column, input, 14, true);   // 2 in the second row, and between it and a third; 0 before the first
//
// Up to input.as_of; 0 of signals that do not jump. Pure; a few evaluations for each step that time alone makes.
#ifndef RAPPORT_SIGNALS_ROWS_SINCE_HPP_
#define RAPPORT_SIGNALS_ROWS_SINCE_HPP_

#include <cstdint>

#include "rapport/signals/registry.hpp"

namespace rapport {

// `below`: <= threshold is beyond, else >=.
std::int64_t RowsSinceMoved(const SignalColumn& column, const SignalInput& input, double threshold, bool below);

}  // namespace rapport

#endif  // RAPPORT_SIGNALS_ROWS_SINCE_HPP_
