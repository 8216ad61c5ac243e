#include "rapport/core/quantity.hpp"

#include <cmath>

namespace rapport {

SentenceArgument SayQuantity(double quantity) {
  if (quantity == std::trunc(quantity) && std::fabs(quantity) < 1e15) return static_cast<std::int64_t>(quantity);
  return std::nearbyint(quantity * 100) / 100;
}

}  // namespace rapport
