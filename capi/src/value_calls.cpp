// Purchases to summaries of customers.
#include "border.hpp"
#include "rapport/value/summarize.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

constexpr size_t kSummarizeV1 = offsetof(rapport_summarize_options, unit_size) + sizeof(size_t);
const Day kEpoch(1970, 1, 1);

absl::Status CheckCount(int64_t n) {
  if (n >= 0) return absl::OkStatus();
  return Invalid("capi.invalid_count", "n: found " + std::to_string(n) + ", expected 0 or more");
}

absl::StatusOr<SummarizeOptions> ReadSummarizeOptions(const rapport_summarize_options* options) {
  RAPPORT_RETURN_IF_ERROR(CheckStruct(options, kSummarizeV1, "rapport_summarize_options"));
  SummarizeOptions read;
  if (options == nullptr) return read;
  if (options->has_calibration_end != 0) read.calibration_end = kEpoch + options->calibration_end;
  if (options->has_observation_end != 0) read.observation_end = kEpoch + options->observation_end;
  if (options->refunds < 0 || options->refunds > 2) {
    return Invalid("capi.invalid_option", "refunds: found " + std::to_string(options->refunds) + ", expected 0 exclude, 1 net or 2 error");
  }
  read.refunds = static_cast<Refunds>(options->refunds);
  if (options->unit_size > 0) {
    RAPPORT_RETURN_IF_ERROR(CheckText(options->unit, options->unit_size, "unit"));
    RAPPORT_ASSIGN_OR_RETURN(read.unit, ParseTimeUnit(View(options->unit, options->unit_size)));
  }
  return read;
}

}  // namespace

extern "C" {

rapport_status rapport_value_summarize(const int64_t* customer_offsets, const char* customer_bytes, const int32_t* days, const double* amounts,
                                       int64_t n, const rapport_summarize_options* options, rapport_table** out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(CheckCount(n));
    RAPPORT_RETURN_IF_ERROR(n == 0 ? NotNull({out}) : NotNull({customer_offsets, customer_bytes, days, out}));
    RAPPORT_ASSIGN_OR_RETURN(const SummarizeOptions read, ReadSummarizeOptions(options));
    std::vector<Purchase> purchases(static_cast<size_t>(n));
    for (size_t i = 0; i < purchases.size(); ++i) {
      if (customer_offsets[i + 1] < customer_offsets[i]) return Invalid("capi.invalid_offsets", "customer_offsets: expected offsets that do not fall");
      purchases[i].customer.assign(customer_bytes + customer_offsets[i], static_cast<size_t>(customer_offsets[i + 1] - customer_offsets[i]));
      purchases[i].date = kEpoch + days[i];
      if (amounts != nullptr) purchases[i].amount = amounts[i];
    }
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<CustomerSummary> rows, Summarize(purchases, read));
    return Give(SummaryTable(rows, read.calibration_end.has_value()), out);
  });
}

}  // extern "C"
