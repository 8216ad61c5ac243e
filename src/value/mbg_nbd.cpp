#include "rapport/value/mbg_nbd.hpp"

#include <utility>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr BgKind kKind{"mbg_nbd", true, false};

}  // namespace

MbgNbd::MbgNbd(Made made) : BgFamily(kKind, std::move(made)) {}

absl::StatusOr<MbgNbd> MbgNbd::Make(const Params& params) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, Checked({params.r, params.alpha, params.a, params.b}));
  return MbgNbd(std::move(made));
}

absl::StatusOr<MbgNbd> MbgNbd::Fit(const Histories& rows, std::span<const double> weights) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, Fitted(kKind, rows, weights));
  return MbgNbd(std::move(made));
}

absl::StatusOr<MbgNbd> MbgNbd::FromJson(const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(Made made, Read(kKind, json));
  return MbgNbd(std::move(made));
}

}  // namespace rapport
