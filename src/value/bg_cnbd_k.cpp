#include "rapport/value/bg_cnbd_k.hpp"

#include <utility>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr BgKind kKind{"bg_cnbd_k", false, true};

}  // namespace

BgCnbdK::BgCnbdK(Made made) : BgFamily(kKind, std::move(made)) {}

absl::StatusOr<BgCnbdK> BgCnbdK::Make(const Params& params) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, Checked({params.r, params.alpha, params.a, params.b, params.k}));
  return BgCnbdK(std::move(made));
}

absl::StatusOr<BgCnbdK> BgCnbdK::Fit(const Histories& rows, std::span<const double> weights, std::span<const double> log_gaps, std::optional<int> k) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, FittedRegular(kKind, rows, weights, log_gaps, k));
  return BgCnbdK(std::move(made));
}

absl::StatusOr<BgCnbdK> BgCnbdK::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, Read(kKind, json));
  return BgCnbdK(std::move(made));
}

}  // namespace rapport
