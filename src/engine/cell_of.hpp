// Floor 8, inside. A cell from what may be missing: an id as its text, null where there is nothing.
#ifndef RAPPORT_SRC_ENGINE_CELL_OF_HPP_
#define RAPPORT_SRC_ENGINE_CELL_OF_HPP_

#include <optional>

#include "rapport/core/table.hpp"

namespace rapport {

template <class T>
Cell CellOf(const std::optional<T>& value) {
  if (!value.has_value()) return Cell();
  if constexpr (requires { value->text(); }) return Cell(value->text());
  else return Cell(*value);
}

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_CELL_OF_HPP_
