// Floor 3, inside. A model read back from its JSON, effects of covariates among its parameters.
#ifndef RAPPORT_SRC_VALUE_MODEL_JSON_HPP_
#define RAPPORT_SRC_VALUE_MODEL_JSON_HPP_

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/stats/fit_report.hpp"

namespace rapport {

struct ModelJson {
  std::vector<double> params;                  // in the order asked for
  std::vector<stats::NamedNumber> effects;     // by process, then by name
  std::optional<stats::FitReport> report;
};

// `params`: the names that must be there. Others are effects where they begin with the name of a process and a dot, else `value.unknown_key`.
absl::StatusOr<ModelJson> ReadModelJson(const Json& json, std::string_view model, std::span<const std::string_view> params,
                                        std::span<const std::string_view> processes = {});

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_MODEL_JSON_HPP_
