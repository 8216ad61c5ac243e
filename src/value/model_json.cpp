#include "value/model_json.hpp"

#include <algorithm>
#include <string>

#include "rapport/core/status.hpp"

namespace rapport {

absl::StatusOr<ModelJson> ReadModelJson(const Json& json, std::string_view model, std::span<const std::string_view> params,
                                        std::span<const std::string_view> processes) {
  std::vector<std::string> names(params.begin(), params.end());
  JsonReader in(json, "model", "value");
  const Json* told = in.OptionalAny("params");
  const Json::Object* object = told == nullptr ? nullptr : told->if_object();
  for (const std::string_view process : processes) {
    if (object == nullptr) break;
    for (const auto& [key, value] : *object) {   // sorted
      if (key.size() > process.size() + 1 && key[process.size()] == '.' && key.compare(0, process.size(), process) == 0) names.push_back(key);
    }
  }
  RAPPORT_ASSIGN_OR_RETURN(stats::ReadFit fit, stats::FitFromJson(in, model, names));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  ModelJson read;
  for (std::size_t i = params.size(); i < names.size(); ++i) read.effects.push_back({names[i], fit.params[i]});
  fit.params.resize(params.size());
  read.params = std::move(fit.params);
  read.report = std::move(fit.report);
  return read;
}

}  // namespace rapport
