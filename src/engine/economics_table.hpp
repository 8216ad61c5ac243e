// Floor 8, inside. What value/ reckons in money, as tables with sentences.
#ifndef RAPPORT_SRC_ENGINE_ECONOMICS_TABLE_HPP_
#define RAPPORT_SRC_ENGINE_ECONOMICS_TABLE_HPP_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"
#include "rapport/signals/economics.hpp"
#include "rapport/value/commission.hpp"
#include "rapport/value/origin_economics.hpp"
#include "rapport/value/recurring_base.hpp"

namespace rapport {

absl::StatusOr<Table> OriginTable(const OriginEconomics& economics, Language language);
absl::StatusOr<Table> CommissionTable(const std::vector<CommissionRow>& rows, const Texts& texts, Language language);
absl::StatusOr<Table> BaseTable(const RecurringBase& base, const Currency& currency, Language language);

struct CareRow {
  CustomerId customer;
  CustomerCare care;
};
// The most worth first. `referral_days`: of the terms, to be said.
absl::StatusOr<Table> CareTable(std::vector<CareRow> rows, std::int64_t referral_days, const Currency& currency, const Texts& texts, Language language);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_ECONOMICS_TABLE_HPP_
