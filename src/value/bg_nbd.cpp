#include "rapport/value/bg_nbd.hpp"

#include <array>
#include <utility>

#include "rapport/core/status.hpp"
#include "value/bg_fit.hpp"
#include "value/history_rows.hpp"
#include "value/model_json.hpp"

namespace rapport {
namespace {

constexpr BgKind kKind{"bg_nbd", false, false};
constexpr std::string_view kNames[] = {"r", "alpha", "a", "b"};

}  // namespace

BgNbd::BgNbd(const Terms& terms) : BgFamily(kKind, terms) {}

absl::StatusOr<BgNbd> BgNbd::Make(const Params& params) {
  BgNbd model(Terms{params.r, params.alpha, params.a, params.b});
  for (const stats::NamedNumber& param : model.parameters()) RAPPORT_RETURN_IF_ERROR(CheckParameter(param.value, param.name));
  return model;
}

absl::StatusOr<BgNbd> BgNbd::Fit(const Histories& rows, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckBgRows(rows, weights));
  RAPPORT_ASSIGN_OR_RETURN(FittedModel found, FitBg(rows, weights, {1, kKind.stops_at_first}));
  const std::vector<double>& params = found.params;
  BgNbd model(Terms{params[0], params[1], params[2], params[3]});
  model.effects_ = std::move(found.effects);
  model.report_ = std::move(found.report);
  return model;
}

absl::StatusOr<BgNbd> BgNbd::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(ModelJson read, ReadModelJson(json, kKind.name, kNames, kBgProcesses));
  RAPPORT_ASSIGN_OR_RETURN(BgNbd model, Make({read.params[0], read.params[1], read.params[2], read.params[3]}));
  model.effects_ = std::move(read.effects);
  model.report_ = std::move(read.report);
  return model;
}

}  // namespace rapport
