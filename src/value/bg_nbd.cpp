#include "rapport/value/bg_nbd.hpp"

#include <utility>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr BgKind kKind{"bg_nbd", false, false};

}  // namespace

BgNbd::BgNbd(Made made) : BgFamily(kKind, std::move(made)) {}

absl::StatusOr<BgNbd> BgNbd::Make(const Params& params) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, Checked({params.r, params.alpha, params.a, params.b}));
  return BgNbd(std::move(made));
}

absl::StatusOr<BgNbd> BgNbd::Fit(const Histories& rows, std::span<const double> weights) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, Fitted(kKind, rows, weights));
  return BgNbd(std::move(made));
}

absl::StatusOr<BgNbd> BgNbd::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, Read(kKind, json));
  return BgNbd(std::move(made));
}

}  // namespace rapport
