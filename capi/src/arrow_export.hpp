// Floor 9, inside. Columns that own their values, given away as an Arrow C stream without a copy.
#ifndef RAPPORT_CAPI_ARROW_EXPORT_HPP_
#define RAPPORT_CAPI_ARROW_EXPORT_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "arrow_nodes.hpp"

namespace rapport::capi {

struct OwnedColumn {
  std::string name;
  std::string format;                   // as the Arrow C interface writes types
  std::int64_t nulls = 0;
  std::vector<OwnedBuffer> buffers = {};   // those of the type: validity (none, where no value is missing), then values
};

// A stream of one batch of these columns, each of `rows` values.
void GiveColumns(std::vector<OwnedColumn> columns, std::int64_t rows, ArrowArrayStream* out);

}  // namespace rapport::capi

#endif  // RAPPORT_CAPI_ARROW_EXPORT_HPP_
