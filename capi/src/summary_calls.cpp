// Purchases to summaries, at once and piece by piece.
#include <algorithm>
#include <bit>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "arrow_export.hpp"
#include "border.hpp"
#include "rapport/value/summary_builder.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

struct rapport_summary {
  rapport::SummaryBuilder builder;
};

namespace {

constexpr size_t kSummarizeV1 = offsetof(rapport_summarize_options, unit_size) + sizeof(size_t);
const Day kEpoch(1970, 1, 1);

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

// The columns where they stand; nothing is copied.
absl::StatusOr<PurchaseColumns> ReadPurchases(const int64_t* customer_offsets, const char* customer_bytes, const int64_t* customer_numbers,
                                              const int32_t* days, const double* amounts, int64_t n) {
  if (n < 0) return Invalid("capi.invalid_count", "n: found " + std::to_string(n) + ", expected 0 or more");
  PurchaseColumns columns;
  if (n == 0) return columns;
  RAPPORT_RETURN_IF_ERROR(NotNull({days}));
  RAPPORT_RETURN_IF_ERROR(customer_offsets != nullptr ? NotNull({customer_bytes}) : NotNull({customer_numbers}));
  const auto size = static_cast<size_t>(n);
  columns.days = {days, size};
  if (amounts != nullptr) columns.amounts = {amounts, size};
  if (customer_offsets == nullptr) {
    columns.customer_numbers = {customer_numbers, size};
    return columns;
  }
  columns.customer_offsets = {customer_offsets, size + 1};
  columns.customer_bytes = customer_bytes;
  if (customer_offsets[0] >= 0 && std::is_sorted(columns.customer_offsets.begin(), columns.customer_offsets.end())) return columns;
  return Invalid("capi.invalid_offsets", "customer_offsets: expected offsets that do not fall");
}

int Threads(int64_t threads) { return static_cast<int>(std::clamp<int64_t>(threads, 1, 256)); }

Json FactsOf(const SummaryColumns& rows, const SummarizeOptions& options) {
  static constexpr std::string_view kUnits[] = {"day", "week", "month", "quarter", "year"};
  const auto day = [](const std::optional<Day>& of) { return of ? Json(FormatDay(*of)) : Json(); };
  return Json::Object{{"purchases", Json::Integer(rows.purchases)},
                      {"customers", Json::Integer(static_cast<std::int64_t>(rows.size()))},
                      {"joined_later", Json::Integer(static_cast<std::int64_t>(rows.later.size()))},
                      {"unit", kUnits[static_cast<size_t>(options.unit)]},
                      {"calibration_end", options.calibration_end ? day(options.calibration_end) : Json()},
                      {"observation_end", day(rows.observation_end)}};
}

OwnedColumn Whole(const char* name, const char* format, auto values) {
  OwnedColumn column{.name = name, .format = format};
  column.buffers.emplace_back();
  column.buffers.emplace_back(std::move(values));
  return column;
}

OwnedColumn Optional(const char* name, OptionalNumbers numbers) {
  OwnedColumn column{.name = name, .format = "g", .nulls = static_cast<int64_t>(numbers.size())};
  for (const uint8_t bits : numbers.valid) column.nulls -= std::popcount(bits);
  column.buffers.emplace_back(std::move(numbers.valid));
  column.buffers.emplace_back(std::move(numbers.values));
  return column;
}

// The columns of SummaryTable.
std::vector<OwnedColumn> ColumnsOf(SummaryColumns rows, bool holdout) {
  const size_t n = rows.size();
  std::vector<OwnedColumn> columns;
  columns.push_back(Whole("customer", "U", std::move(rows.customer_offsets)));
  columns.back().buffers.emplace_back(std::move(rows.customer_bytes));
  columns.push_back(Whole("frequency", "l", std::move(rows.frequency)));
  columns.push_back(Whole("recency", "g", std::move(rows.recency)));
  columns.push_back(Whole("age", "g", std::move(rows.age)));
  columns.push_back(Optional("monetary", std::move(rows.monetary)));
  if (!holdout) return columns;
  columns.push_back(Whole("frequency_holdout", "l", std::move(rows.frequency_holdout)));
  columns.push_back(Optional("monetary_holdout", std::move(rows.monetary_holdout)));
  columns.push_back(Whole("duration_holdout", "g", std::vector<double>(n, rows.duration_holdout)));
  return columns;
}

// The columns of LateTable.
std::vector<OwnedColumn> LateColumns(const std::vector<LateCustomer>& later) {
  std::vector<int64_t> offsets{0};
  std::string bytes;
  std::vector<int32_t> days;
  for (const LateCustomer& late : later) {
    bytes += late.customer;
    offsets.push_back(static_cast<int64_t>(bytes.size()));
    days.push_back(static_cast<int32_t>(late.first - kEpoch));
  }
  std::vector<OwnedColumn> columns;
  columns.push_back(Whole("customer", "U", std::move(offsets)));
  columns.back().buffers.emplace_back(std::move(bytes));
  columns.push_back(Whole("first_day", "tdD", std::move(days)));
  return columns;
}

// A stream that is released unless it was given away.
struct MadeStream {
  ArrowArrayStream stream{};
  ~MadeStream() { ReleaseLeft(stream); }
};

// What `change` answers; where memory ran out in the midst of it what is said of the builder then, not that nothing was changed.
template <class Change>
absl::Status SaidWell(const SummaryBuilder& builder, Change change) {
  try {
    return change();
  } catch (const std::bad_alloc&) {
    RAPPORT_RETURN_IF_ERROR(builder.status());
    throw;
  }
}

}  // namespace

extern "C" {

rapport_status rapport_value_summarize(const int64_t* customer_offsets, const char* customer_bytes, const int32_t* days, const double* amounts,
                                       int64_t n, const rapport_summarize_options* options, rapport_table** out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(n > 0 ? NotNull({customer_offsets, out}) : NotNull({out}));
    RAPPORT_ASSIGN_OR_RETURN(const PurchaseColumns columns, ReadPurchases(customer_offsets, customer_bytes, nullptr, days, amounts, n));
    RAPPORT_ASSIGN_OR_RETURN(const SummarizeOptions read, ReadSummarizeOptions(options));
    RAPPORT_ASSIGN_OR_RETURN(SummaryBuilder builder, SummaryBuilder::Open(read));
    RAPPORT_RETURN_IF_ERROR(builder.Add(columns));
    return Give(SummaryTable(builder.Finish(), read.calibration_end.has_value()), out);
  });
}

rapport_status rapport_summary_open(const rapport_summarize_options* options, const char* saved, size_t saved_size, rapport_summary** out,
                                    rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    RAPPORT_RETURN_IF_ERROR(CheckText(saved, saved_size, "saved"));
    RAPPORT_ASSIGN_OR_RETURN(const SummarizeOptions read, ReadSummarizeOptions(options));
    absl::StatusOr<SummaryBuilder> builder = saved_size > 0 ? SummaryBuilder::Load(View(saved, saved_size)) : SummaryBuilder::Open(read);
    RAPPORT_RETURN_IF_ERROR(builder.status());
    *out = new rapport_summary{*std::move(builder)};
    return absl::OkStatus();
  });
}

rapport_status rapport_summary_add(rapport_summary* summary, const int64_t* customer_offsets, const char* customer_bytes,
                                   const int64_t* customer_numbers, const int32_t* days, const double* amounts, int64_t n, int64_t threads,
                                   rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({summary}));
    RAPPORT_ASSIGN_OR_RETURN(const PurchaseColumns columns, ReadPurchases(customer_offsets, customer_bytes, customer_numbers, days, amounts, n));
    return SaidWell(summary->builder, [&] { return summary->builder.Add(columns, Threads(threads)); });
  });
}

rapport_status rapport_summary_merge(rapport_summary* summary, const rapport_summary* other, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({summary, other}));
    return SaidWell(summary->builder, [&] { return summary->builder.Merge(other->builder); });
  });
}

rapport_status rapport_summary_save(const rapport_summary* summary, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({summary, out}));
    RAPPORT_RETURN_IF_ERROR(summary->builder.status());
    return Give(summary->builder.Save(), out);
  });
}

rapport_status rapport_summary_table(const rapport_summary* summary, int64_t threads, rapport_table** out, rapport_table** later, rapport_buffer* facts,
                                     rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({summary, out}));
    RAPPORT_RETURN_IF_ERROR(summary->builder.status());
    const SummaryColumns rows = summary->builder.Finish(Threads(threads));
    const SummarizeOptions& options = summary->builder.options();
    if (facts != nullptr) RAPPORT_RETURN_IF_ERROR(Give(FactsOf(rows, options).Canonical(), facts));
    Table table = SummaryTable(rows, options.calibration_end.has_value());
    if (later != nullptr) RAPPORT_RETURN_IF_ERROR(Give(LateTable(rows), later));
    return Give(std::move(table), out);
  });
}

rapport_status rapport_summary_to_arrow(const rapport_summary* summary, int64_t threads, struct ArrowArrayStream* out, struct ArrowArrayStream* later,
                                        rapport_buffer* facts, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({summary, out, later}));
    RAPPORT_RETURN_IF_ERROR(summary->builder.status());
    SummaryColumns rows = summary->builder.Finish(Threads(threads), SummaryBuilder::Spend::kLeaveOut);
    const SummarizeOptions& options = summary->builder.options();
    const std::string facts_text = FactsOf(rows, options).Canonical();
    const auto size = static_cast<int64_t>(rows.size());
    MadeStream made_later, made;
    GiveColumns(LateColumns(rows.later), static_cast<int64_t>(rows.later.size()), &made_later.stream);
    GiveColumns(ColumnsOf(std::move(rows), options.calibration_end.has_value()), size, &made.stream);
    if (facts != nullptr) RAPPORT_RETURN_IF_ERROR(Give(facts_text, facts));
    *later = std::exchange(made_later.stream, {});   // nothing fails from here on: an error leaves no stream with the caller
    *out = std::exchange(made.stream, {});
    return absl::OkStatus();
  });
}

void rapport_summary_free(rapport_summary* summary) { delete summary; }

}  // extern "C"
