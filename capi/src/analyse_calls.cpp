// RFM, cohorts, calibration and tracking: an Arrow stream and a request in, a table out.
#include "arrow_columns.hpp"
#include "border.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/value/calibration.hpp"
#include "rapport/value/cohorts.hpp"
#include "rapport/value/models.hpp"
#include "rapport/value/rfm.hpp"
#include "rapport/value/summary_builder.hpp"
#include "rapport/value/tracking.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

using Keep = SummaryBuilder::Keep;
using enum ColumnType;

// What may be asked, whichever question it is.
struct AnalyseRequest {
  std::string ask;
  bool of_summaries = false;
  SummarizeOptions summarize;
  RfmOptions rfm;
  CohortOptions cohorts;
  TrackingOptions tracking;
  int classes = 8, threads = 1;
  Language language = Language::kEnglish;
  std::shared_ptr<const PurchaseModel> model;
};

struct Answer {
  Table table;
  Json facts{Json::Object()};
};

absl::StatusOr<std::optional<Day>> OptionalDay(JsonReader& in, std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> text, in.OptionalString(key));
  if (!text) return std::optional<Day>();
  const absl::StatusOr<Day> day = ParseDay(*text);
  if (!day.ok()) return WithContext(day.status(), in.PathOf(key));
  return std::optional<Day>(*day);
}

absl::Status ReadSummarize(JsonReader& in, SummarizeOptions& options) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> refunds, in.OptionalString("refunds"));
  if (refunds == "net") options.refunds = Refunds::kNet;
  else if (refunds == "error") options.refunds = Refunds::kError;
  else if (refunds && *refunds != "exclude") return in.Error("refunds", "unknown_word", "found \"" + *refunds + "\", expected exclude, net or error");
  RAPPORT_ASSIGN_OR_RETURN(options.observation_end, OptionalDay(in, "observation_end"));
  return absl::OkStatus();
}

absl::Status ReadRfm(JsonReader& in, AnalyseRequest& request) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> of, in.OptionalString("of"));
  if (of && *of != "purchases" && *of != "summaries") return in.Error("of", "unknown_word", "found \"" + *of + "\", expected purchases or summaries");
  request.of_summaries = of == "summaries";
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> bins, in.OptionalInteger("bins"));
  request.rfm.bins = static_cast<int>(std::clamp<std::int64_t>(bins.value_or(5), -1, 1000));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> language, in.OptionalString("language"));
  RAPPORT_ASSIGN_OR_RETURN(request.language, ParseLanguage(language.value_or("en")));
  double* const weights[] = {&request.rfm.recency_weight, &request.rfm.frequency_weight, &request.rfm.monetary_weight};
  const std::string_view names[] = {"recency_weight", "frequency_weight", "monetary_weight"};
  for (int i = 0; i < 3; ++i) {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> weight, in.OptionalNumber(names[i]));
    *weights[i] = weight.value_or(1);
  }
  return absl::OkStatus();
}

absl::Status ReadModel(JsonReader& in, AnalyseRequest& request) {
  RAPPORT_ASSIGN_OR_RETURN(const Json* model, in.Any("model"));
  RAPPORT_ASSIGN_OR_RETURN(request.model, ReadPurchaseModel(*model));
  return absl::OkStatus();
}

absl::Status ReadTracking(JsonReader& in, AnalyseRequest& request) {
  RAPPORT_RETURN_IF_ERROR(ReadModel(in, request));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> unit, in.OptionalString("unit"));
  RAPPORT_ASSIGN_OR_RETURN(request.tracking.unit, ParseTimeUnit(unit.value_or("week")));
  RAPPORT_ASSIGN_OR_RETURN(request.tracking.calibration_end, OptionalDay(in, "calibration_end"));
  RAPPORT_ASSIGN_OR_RETURN(request.tracking.until, OptionalDay(in, "until"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> only, in.OptionalBool("calibration_customers"));
  request.tracking.calibration_customers = only.value_or(false);
  return absl::OkStatus();
}

absl::StatusOr<AnalyseRequest> ReadAnalyseRequest(const char* text, size_t size) {
  RAPPORT_RETURN_IF_ERROR(CheckText(text, size, "request"));
  RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(text, size)));
  JsonReader in(json, "", "value");
  AnalyseRequest request;
  RAPPORT_ASSIGN_OR_RETURN(request.ask, in.String("ask"));
  if (request.ask == "rfm") {
    RAPPORT_RETURN_IF_ERROR(ReadRfm(in, request));
  } else if (request.ask == "cohorts") {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> period, in.OptionalString("period"));
    RAPPORT_ASSIGN_OR_RETURN(request.cohorts.period, ParseCohortPeriod(period.value_or("month")));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> partial, in.OptionalBool("partial"));
    request.cohorts.partial = partial.value_or(false);
  } else if (request.ask == "tracking") {
    RAPPORT_RETURN_IF_ERROR(ReadTracking(in, request));
  } else if (request.ask == "calibration") {
    RAPPORT_RETURN_IF_ERROR(ReadModel(in, request));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> classes, in.OptionalInteger("classes"));
    request.classes = static_cast<int>(std::clamp<std::int64_t>(classes.value_or(8), -1, 10000));
  } else {
    return in.Error("ask", "unknown_word", "found \"" + request.ask + "\", expected rfm, cohorts, calibration or tracking");
  }
  if (request.ask != "calibration") RAPPORT_RETURN_IF_ERROR(ReadSummarize(in, request.summarize));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> threads, in.OptionalInteger("threads"));
  request.threads = static_cast<int>(std::clamp<std::int64_t>(threads.value_or(1), 1, 256));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return request;
}

// customer, date and, where there is one, amount.
absl::StatusOr<SummaryBuilder> ReadPurchases(ArrowArrayStream* stream, const AnalyseRequest& request, Keep keep) {
  const WantedColumn wanted[] = {{"customer", kText}, {"date", kDay}, {"amount", kNumber, false, false}};
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<ArrowColumn> columns, ReadArrowColumns(stream, wanted));
  RAPPORT_ASSIGN_OR_RETURN(SummaryBuilder builder, SummaryBuilder::Open(request.summarize, keep));
  PurchaseColumns purchases{.customer_offsets = columns[0].offsets, .customer_bytes = columns[0].bytes.data(), .days = columns[1].days};
  if (columns[2].found) {
    purchases.amounts = columns[2].numbers;
    purchases.has_amount = columns[2].valid;
  }
  RAPPORT_RETURN_IF_ERROR(builder.Add(purchases, request.threads));
  return builder;
}

absl::StatusOr<Table> RfmTable(const ArrowColumn& customers, const RfmColumns& columns, const AnalyseRequest& request) {
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<RfmRow> rows, ScoreRfm(columns, request.rfm));
  Table table({{"customer", kText}, {"recency_score", kInteger}, {"frequency_score", kInteger}, {"monetary_score", kInteger}, {"score", kNumber},
               {"segment", kText}, {"segment_name", kText}});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto from = static_cast<std::size_t>(customers.offsets[i]), to = static_cast<std::size_t>(customers.offsets[i + 1]);
    const std::string segment(NameOf(rows[i].segment));
    RAPPORT_ASSIGN_OR_RETURN(std::string name, Catalogue::Bundled().Word("rfm.segment." + segment, request.language));
    table.AppendRow({customers.bytes.substr(from, to - from), std::int64_t{rows[i].recency}, std::int64_t{rows[i].frequency},
                     rows[i].monetary ? Cell(std::int64_t{*rows[i].monetary}) : Cell(), rows[i].score, segment, std::move(name)});
  }
  return table;
}

absl::StatusOr<Answer> RfmOfSummaries(ArrowArrayStream* stream, const AnalyseRequest& request) {
  const WantedColumn wanted[] = {{"customer", kText}, {"frequency", kNumber}, {"recency", kNumber}, {"age", kNumber}, {"monetary", kNumber, false, false}};
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<ArrowColumn> columns, ReadArrowColumns(stream, wanted));
  std::vector<double> since_last(columns[1].numbers.size());
  for (std::size_t i = 0; i < since_last.size(); ++i) since_last[i] = columns[3].numbers[i] - columns[2].numbers[i];
  const bool money = std::find(columns[4].valid.begin(), columns[4].valid.end(), 1) != columns[4].valid.end();
  Answer answer;
  RAPPORT_ASSIGN_OR_RETURN(answer.table, RfmTable(columns[0], {since_last, columns[1].numbers, money ? std::span<const double>(columns[4].numbers)
                                                                                                      : std::span<const double>()}, request));
  return answer;
}

absl::StatusOr<Answer> RfmOfPurchases(ArrowArrayStream* stream, const AnalyseRequest& request) {
  AnalyseRequest by_day = request;
  by_day.summarize.unit = TimeUnit::kDay;
  RAPPORT_ASSIGN_OR_RETURN(const SummaryBuilder builder, ReadPurchases(stream, by_day, Keep::kTotals));
  SummaryColumns rows = builder.Finish(request.threads);
  std::vector<double> since_last, frequency, monetary;
  bool money = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    since_last.push_back(rows.age[i] - rows.recency[i]);
    frequency.push_back(static_cast<double>(rows.frequency[i]));
    monetary.push_back(rows.spend[i].value_or(0));
    money = money || rows.spend[i].has_value();
  }
  ArrowColumn customers;
  customers.offsets = std::move(rows.customer_offsets);
  customers.bytes = std::move(rows.customer_bytes);
  Answer answer;
  RAPPORT_ASSIGN_OR_RETURN(answer.table, RfmTable(customers, {since_last, frequency, money ? std::span<const double>(monetary) : std::span<const double>()}, request));
  return answer;
}

absl::StatusOr<Answer> AnswerCohorts(ArrowArrayStream* stream, const AnalyseRequest& request) {
  RAPPORT_ASSIGN_OR_RETURN(const SummaryBuilder builder, ReadPurchases(stream, request, Keep::kDays));
  return Answer{CohortTable(Cohorts(builder, request.cohorts))};
}

absl::StatusOr<Answer> AnswerTracking(ArrowArrayStream* stream, const AnalyseRequest& request) {
  RAPPORT_ASSIGN_OR_RETURN(const SummaryBuilder builder, ReadPurchases(stream, request, Keep::kTotals));
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<TrackingPeriod> periods, Track(*request.model, builder, request.tracking));
  return Answer{TrackingTable(periods)};
}

absl::StatusOr<Answer> AnswerCalibration(ArrowArrayStream* stream, const AnalyseRequest& request) {
  const WantedColumn wanted[] = {{"frequency", kNumber}, {"recency", kNumber}, {"age", kNumber}, {"frequency_holdout", kNumber}, {"duration_holdout", kNumber}};
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<ArrowColumn> columns, ReadArrowColumns(stream, wanted));
  const std::vector<double>& durations = columns[4].numbers;
  for (std::size_t row = 0; row < durations.size(); ++row) {
    if (durations[row] == durations[0]) continue;
    return Invalid("value.invalid_input", "row " + std::to_string(row) + ", field duration_holdout: found " + Json(durations[row]).Canonical() + ", expected " +
                                              Json(durations[0]).Canonical() + " as in the first row");
  }
  RAPPORT_ASSIGN_OR_RETURN(const CalibrationReport report,
                           Calibrate(*request.model, {columns[0].numbers, columns[1].numbers, columns[2].numbers}, columns[3].numbers,
                                     durations.empty() ? 0 : durations[0], request.classes, {.threads = request.threads}));
  return Answer{CalibrationTable(report), CalibrationJson(report.metrics)};
}

absl::StatusOr<Answer> Analyse(ArrowArrayStream* stream, const AnalyseRequest& request) {
  if (request.ask == "rfm") return request.of_summaries ? RfmOfSummaries(stream, request) : RfmOfPurchases(stream, request);
  if (request.ask == "cohorts") return AnswerCohorts(stream, request);
  if (request.ask == "tracking") return AnswerTracking(stream, request);
  return AnswerCalibration(stream, request);
}

}  // namespace

extern "C" rapport_status rapport_value_analyse(struct ArrowArrayStream* rows, const char* request, size_t request_size, rapport_table** out,
                                                rapport_buffer* facts, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    const absl::StatusOr<AnalyseRequest> read = ReadAnalyseRequest(request, request_size);
    if (!read.ok() || out == nullptr) {
      if (rows != nullptr && rows->release != nullptr) rows->release(rows);   // whatever happens
      return read.ok() ? NotNull({out}) : read.status();
    }
    RAPPORT_ASSIGN_OR_RETURN(Answer answer, Analyse(rows, *read));
    if (facts != nullptr) RAPPORT_RETURN_IF_ERROR(Give(answer.facts.Canonical(), facts));
    return Give(std::move(answer.table), out);
  });
}
