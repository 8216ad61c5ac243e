// Promises on plain columns: the response to early and late, the advisor, kept shares.
#include <algorithm>
#include <span>

#include "arrow_import.hpp"
#include "border.hpp"
#include "rapport/expectation/kept_share.hpp"
#include "rapport/expectation/promise_advisor.hpp"
#include "rapport/expectation/promise_response.hpp"
#include "rapport_pure.h"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

absl::Status CheckCount(int64_t n) {
  if (n >= 0) return absl::OkStatus();
  return Invalid("capi.invalid_count", "n: found " + std::to_string(n) + ", expected 0 or more");
}

absl::StatusOr<Json> ReadJson(const char* text, size_t size, std::string_view name) {
  RAPPORT_RETURN_IF_ERROR(CheckText(text, size, name));
  return size == 0 ? Json(Json::Object()) : Json::Parse(View(text, size));
}

absl::StatusOr<PromiseAdvisor> ReadAdvisor(const char* model, size_t model_size) {
  if (model_size == 0) return PromiseAdvisor();
  RAPPORT_ASSIGN_OR_RETURN(const Json json, ReadJson(model, model_size, "model"));
  return PromiseAdvisor::FromJson(json);
}

absl::StatusOr<KeptShareOptions> ReadKeptOptions(const char* text, size_t size) {
  RAPPORT_ASSIGN_OR_RETURN(const Json json, ReadJson(text, size, "options"));
  JsonReader in(json, "options", "expectation");
  KeptShareOptions options;
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> level, in.OptionalNumber("level"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> margin, in.OptionalNumber("margin"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> certainty, in.OptionalNumber("certainty"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  options.level = level.value_or(options.level);
  options.margin = margin.value_or(options.margin);
  options.certainty = certainty.value_or(options.certainty);
  return options;
}

// The columns of settled promises, by place in the stream.
class SettledRows {
 public:
  explicit SettledRows(KeptCounts& counts) : counts_(counts) {}

  absl::Status Columns(const std::vector<std::string>& columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto named = std::find(kNames.begin(), kNames.end(), columns[i]);
      if (named == kNames.end()) {
        return Invalid("expectation.invalid_input", "column \"" + columns[i] + "\": expected rep, product, dimension, kept, margin_days, margin_quantity");
      }
      places_[static_cast<std::size_t>(named - kNames.begin())] = static_cast<int>(i);
    }
    if (places_[kKept] >= 0) return absl::OkStatus();
    return Invalid("expectation.invalid_input", "column \"kept\": found none, expected booleans");
  }

  absl::Status Row(const std::vector<Json>& row) {
    ++row_;
    SettledPromise promise;
    RAPPORT_RETURN_IF_ERROR(Text(row, kRep, promise.rep));
    RAPPORT_RETURN_IF_ERROR(Text(row, kProduct, promise.product));
    RAPPORT_RETURN_IF_ERROR(Text(row, kDimension, promise.dimension));
    RAPPORT_RETURN_IF_ERROR(Number(row, kDays, promise.margin_days));
    RAPPORT_RETURN_IF_ERROR(Number(row, kQuantity, promise.margin_quantity));
    const Json& kept = row[static_cast<std::size_t>(places_[kKept])];
    if (kept.if_bool() != nullptr) {
      promise.kept = *kept.if_bool();
    } else if (kept.if_number() != nullptr && (*kept.if_number() == 0 || *kept.if_number() == 1)) {
      promise.kept = *kept.if_number() == 1;
    } else {
      return Wrong(kKept, kept, "true or false");
    }
    const absl::Status added = counts_.Add(promise);
    return added.ok() ? added : WithContext(added, "row " + std::to_string(row_));
  }

 private:
  enum { kRep, kProduct, kDimension, kKept, kDays, kQuantity };
  static constexpr std::array<std::string_view, 6> kNames = {"rep", "product", "dimension", "kept", "margin_days", "margin_quantity"};

  absl::Status Wrong(int name, const Json& found, std::string_view expected) const {
    return Invalid("expectation.invalid_input", "row " + std::to_string(row_) + ", field " + std::string(kNames[static_cast<std::size_t>(name)]) + ": found " +
                                                    std::string(found.KindName()) + ", expected " + std::string(expected));
  }
  absl::Status Text(const std::vector<Json>& row, int name, std::string_view& out) const {
    const int place = places_[static_cast<std::size_t>(name)];
    if (place < 0 || row[static_cast<std::size_t>(place)].is_null()) return absl::OkStatus();
    const Json& cell = row[static_cast<std::size_t>(place)];
    if (cell.if_string() == nullptr) return Wrong(name, cell, "a text or null");
    out = *cell.if_string();
    return absl::OkStatus();
  }
  absl::Status Number(const std::vector<Json>& row, int name, std::optional<double>& out) const {
    const int place = places_[static_cast<std::size_t>(name)];
    if (place < 0 || row[static_cast<std::size_t>(place)].is_null()) return absl::OkStatus();
    const Json& cell = row[static_cast<std::size_t>(place)];
    if (cell.if_number() == nullptr) return Wrong(name, cell, "a number or null");
    out = *cell.if_number();
    return absl::OkStatus();
  }

  KeptCounts& counts_;
  std::array<int, 6> places_ = {-1, -1, -1, -1, -1, -1};
  std::int64_t row_ = 0;
};

}  // namespace

extern "C" {

rapport_status rapport_promise_response_fit(const double* days_early, const double* satisfied, const double* weights, int64_t n, const char* options,
                                            size_t options_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(CheckCount(n));
    RAPPORT_RETURN_IF_ERROR(NotNull({days_early, satisfied, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, ReadJson(options, options_size, "options"));
    JsonReader in(json, "options", "expectation");
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> monotone, in.OptionalBool("monotone"));
    RAPPORT_RETURN_IF_ERROR(in.Finish());
    const auto size = static_cast<size_t>(n);
    RAPPORT_ASSIGN_OR_RETURN(const PromiseResponse model,
                             PromiseResponse::Fit({days_early, size}, {satisfied, size},
                                                  weights == nullptr ? std::span<const double>() : std::span(weights, size), {monotone.value_or(false)}));
    return Give(model.ToJson().Canonical(), out);
  });
}

rapport_status rapport_promise_response_predict(const char* model, size_t model_size, const double* days_early, int64_t n, double* out,
                                                rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(CheckCount(n));
    RAPPORT_RETURN_IF_ERROR(NotNull({model, days_early, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, ReadJson(model, model_size, "model"));
    RAPPORT_ASSIGN_OR_RETURN(const PromiseResponse read, PromiseResponse::FromJson(json));
    const auto size = static_cast<size_t>(n);
    return read.Predict({days_early, size}, {out, size});
  });
}

rapport_status rapport_promise_advisor_fit(const char* model, size_t model_size, const double* lead_days, const int64_t* group_offsets,
                                           const char* group_bytes, int64_t n, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(CheckCount(n));
    RAPPORT_RETURN_IF_ERROR(n == 0 ? NotNull({out}) : NotNull({lead_days, out}));
    if (group_offsets != nullptr) RAPPORT_RETURN_IF_ERROR(NotNull({group_bytes}));
    RAPPORT_RETURN_IF_ERROR(CheckText(model, model_size, "model"));
    RAPPORT_ASSIGN_OR_RETURN(PromiseAdvisor advisor, ReadAdvisor(model, model_size));
    for (int64_t i = 0; i < n; ++i) {
      std::string_view group;
      if (group_offsets != nullptr) {
        if (group_offsets[i + 1] < group_offsets[i]) return Invalid("capi.invalid_offsets", "group_offsets: expected offsets that do not fall");
        group = {group_bytes + group_offsets[i], static_cast<size_t>(group_offsets[i + 1] - group_offsets[i])};
      }
      RAPPORT_RETURN_IF_ERROR(advisor.Add(lead_days[i], group));
    }
    return Give(advisor.ToJson().Canonical(), out);
  });
}

rapport_status rapport_promise_advisor_days(const char* model, size_t model_size, const double* confidence, int64_t n, const char* group,
                                            size_t group_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(CheckCount(n));
    RAPPORT_RETURN_IF_ERROR(NotNull({model, confidence, out}));
    RAPPORT_RETURN_IF_ERROR(CheckText(group, group_size, "group"));
    RAPPORT_ASSIGN_OR_RETURN(const PromiseAdvisor advisor, ReadAdvisor(model, model_size));
    Json::Array days;
    for (int64_t i = 0; i < n; ++i) {
      RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> answer, advisor.Days(confidence[i], View(group, group_size)));
      days.push_back(answer ? Json(*answer) : Json());
    }
    return Give(Json(std::move(days)).Canonical(), out);
  });
}

rapport_status rapport_kept_shares(struct ArrowArrayStream* promises, const char* options, size_t options_size, rapport_table** out,
                                   rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    KeptCounts counts;
    SettledRows rows(counts);
    const absl::Status read = ReadArrowStream(
        promises, [&](const std::vector<std::string>& columns) { return rows.Columns(columns); },
        [&](std::vector<Json>&& row) { return rows.Row(row); });
    RAPPORT_RETURN_IF_ERROR(read);
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    RAPPORT_ASSIGN_OR_RETURN(const KeptShareOptions read_options, ReadKeptOptions(options, options_size));
    RAPPORT_ASSIGN_OR_RETURN(Table table, KeptShareTable(counts, read_options));
    return Give(std::move(table), out);
  });
}

}  // extern "C"
