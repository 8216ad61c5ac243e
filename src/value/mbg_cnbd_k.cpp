#include "rapport/value/mbg_cnbd_k.hpp"

#include <utility>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr BgKind kKind{"mbg_cnbd_k", true, true};

}  // namespace

MbgCnbdK::MbgCnbdK(Made made) : BgFamily(kKind, std::move(made)) {}

absl::StatusOr<MbgCnbdK> MbgCnbdK::Make(const Params& params) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, Checked({params.r, params.alpha, params.a, params.b, params.k}));
  return MbgCnbdK(std::move(made));
}

absl::StatusOr<MbgCnbdK> MbgCnbdK::Fit(const Histories& rows, std::span<const double> weights, std::span<const double> log_gaps, std::optional<int> k) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, FittedRegular(kKind, rows, weights, log_gaps, k));
  return MbgCnbdK(std::move(made));
}

absl::StatusOr<MbgCnbdK> MbgCnbdK::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, Read(kKind, json));
  return MbgCnbdK(std::move(made));
}

}  // namespace rapport
