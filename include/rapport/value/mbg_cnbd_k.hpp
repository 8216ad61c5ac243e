// Floor 3. MBG/CNBD-k: the BG/CNBD-k in which the first purchase too may have been the last; k = 1 is the MBG/NBD.
//
// Sources, exactness, likelihood with and without log_gaps: bg_cnbd_k.hpp.
#ifndef RAPPORT_VALUE_MBG_CNBD_K_HPP_
#define RAPPORT_VALUE_MBG_CNBD_K_HPP_

#include <optional>
#include <span>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/value/bg_family.hpp"

namespace rapport {

class MbgCnbdK final : public BgFamily {
 public:
  struct Params {
    double r = 1, alpha = 1, a = 1, b = 1;   // all from 1e-50 to 1e50; alpha in units of time
    int k = 1;                               // from 1 to 16
    friend bool operator==(const Params&, const Params&) = default;
  };

  // `value.invalid_parameter` names the one out of range.
  static absl::StatusOr<MbgCnbdK> Make(const Params& params);
  // As BgCnbdK::Fit.
  static absl::StatusOr<MbgCnbdK> Fit(const Histories& rows, std::span<const double> weights = {}, std::span<const double> log_gaps = {},
                                      std::optional<int> k = std::nullopt);
  static absl::StatusOr<MbgCnbdK> FromJson(const Json& json);

  Params params() const { return {terms_.r, terms_.alpha, terms_.a, terms_.b, terms_.k}; }

 private:
  explicit MbgCnbdK(Made made);
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_MBG_CNBD_K_HPP_
