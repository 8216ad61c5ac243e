#include "rapport/value/mbg_cnbd_k.hpp"

#include <utility>

#include "rapport/core/status.hpp"
#include "value/bg_fit.hpp"
#include "value/history_rows.hpp"
#include "value/model_json.hpp"

namespace rapport {
namespace {

constexpr BgKind kKind{"mbg_cnbd_k", true, true};
constexpr std::string_view kNames[] = {"r", "alpha", "a", "b", "k"};

}  // namespace

MbgCnbdK::MbgCnbdK(const Terms& terms) : BgFamily(kKind, terms) {}

absl::StatusOr<MbgCnbdK> MbgCnbdK::Make(const Params& params) {
  RAPPORT_RETURN_IF_ERROR(CheckPhases(params.k));
  MbgCnbdK model(Terms{params.r, params.alpha, params.a, params.b, params.k});
  for (const stats::NamedNumber& param : model.parameters()) RAPPORT_RETURN_IF_ERROR(CheckParameter(param.value, param.name));
  return model;
}

absl::StatusOr<MbgCnbdK> MbgCnbdK::Fit(const Histories& rows, std::span<const double> weights, std::span<const double> log_gaps, std::optional<int> k) {
  RAPPORT_ASSIGN_OR_RETURN(BgRegularFit found, FitRegularBg(rows, weights, log_gaps, k, kKind.stops_at_first));
  const std::vector<double>& params = found.fit.params;
  MbgCnbdK model(Terms{params[0], params[1], params[2], params[3], found.k});
  model.report_ = std::move(found.fit.report);
  return model;
}

absl::StatusOr<MbgCnbdK> MbgCnbdK::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(ModelJson read, ReadModelJson(json, kKind.name, kNames));
  RAPPORT_ASSIGN_OR_RETURN(const int k, PhasesOf(read.params[4]));
  RAPPORT_ASSIGN_OR_RETURN(MbgCnbdK model, Make({read.params[0], read.params[1], read.params[2], read.params[3], k}));
  model.report_ = std::move(read.report);
  return model;
}

}  // namespace rapport
