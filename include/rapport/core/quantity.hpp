// Floor 0. A quantity as people write it.
#ifndef RAPPORT_CORE_QUANTITY_HPP_
#define RAPPORT_CORE_QUANTITY_HPP_

#include "rapport/core/sentence.hpp"

namespace rapport {

// Whole where it is, else to two decimals: 6, 2.5, 0.13.
SentenceArgument SayQuantity(double quantity);

}  // namespace rapport

#endif  // RAPPORT_CORE_QUANTITY_HPP_
