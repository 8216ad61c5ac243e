// Floor 1. Whether a field of an event must be present; used in each payload's Describe.
#ifndef RAPPORT_LEDGER_NEED_HPP_
#define RAPPORT_LEDGER_NEED_HPP_

namespace rapport {

enum class Need { kOptional, kRequired };
inline constexpr Need kRequired = Need::kRequired;
inline constexpr Need kOptional = Need::kOptional;

}  // namespace rapport

#endif  // RAPPORT_LEDGER_NEED_HPP_
