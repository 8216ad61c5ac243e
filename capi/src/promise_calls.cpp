// What became of a promise, without a book: a request as JSON, the answer as JSON.
#include <algorithm>

#include "border.hpp"
#include "rapport/expectation/promise_outcome.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

constexpr char kPrefix[] = "promise";

struct Request {
  PromiseTerms terms;
  std::vector<PromiseDelivery> deliveries;
  std::int64_t before_promise = 0;
  const Zone* zone = nullptr;
  WorkingWeek week = OfficeWeek();
  std::optional<Instant> as_of;
};

absl::StatusOr<std::optional<Instant>> OptionalMoment(JsonReader& in, std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> text, in.OptionalString(key));
  if (!text.has_value()) return std::optional<Instant>();
  const absl::StatusOr<Stamp> stamp = ParseStamp(*text);
  if (!stamp.ok()) return WithContext(stamp.status(), in.PathOf(key));
  return std::optional(stamp->at);
}

absl::StatusOr<PromiseDelivery> ReadDelivery(const Json& json, const std::string& path) {
  JsonReader in(json, path, kPrefix);
  PromiseDelivery delivery;
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> at, OptionalMoment(in, "at"));
  if (!at.has_value()) return in.Error("at", "missing_key", "found nothing, expected the moment of the delivery");
  delivery.at = *at;
  RAPPORT_ASSIGN_OR_RETURN(delivery.quantity, in.OptionalNumber("quantity"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  if (delivery.quantity.value_or(0) >= 0) return delivery;
  return in.Error("quantity", "invalid_value", "found " + Json(*delivery.quantity).Canonical() + ", expected a number of 0 or more");
}

// In order of time; what came before the promise was made is counted apart.
absl::Status ReadDeliveries(JsonReader& in, std::optional<Instant> made, Request& request) {
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* array, in.Array("deliveries"));
  for (std::size_t i = 0; i < array->size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(PromiseDelivery delivery, ReadDelivery((*array)[i], in.PathOf("deliveries") + "[" + std::to_string(i) + "]"));
    if (made.has_value() && delivery.at < *made) ++request.before_promise;
    else request.deliveries.push_back(std::move(delivery));
  }
  std::stable_sort(request.deliveries.begin(), request.deliveries.end(), [](const PromiseDelivery& a, const PromiseDelivery& b) { return a.at < b.at; });
  return absl::OkStatus();
}

absl::StatusOr<Request> ReadRequest(const Json& json) {
  JsonReader in(json, "", kPrefix);
  Request request;
  RAPPORT_ASSIGN_OR_RETURN(request.terms.quantity, in.OptionalNumber("promised_quantity"));
  if (request.terms.quantity.value_or(1) <= 0) {
    return in.Error("promised_quantity", "invalid_value", "found " + Json(*request.terms.quantity).Canonical() + ", expected a number above 0, or none for one thing");
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> due, in.OptionalString("due"));
  if (due.has_value()) {
    const absl::StatusOr<Day> day = ParseDay(*due);
    if (!day.ok()) return WithContext(day.status(), in.PathOf("due"));
    request.terms.due = *day;
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::string zone, in.String("zone"));
  RAPPORT_ASSIGN_OR_RETURN(request.zone, ZoneRules::Bundled().Find(zone));
  RAPPORT_ASSIGN_OR_RETURN(request.as_of, OptionalMoment(in, "as_of"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> made, OptionalMoment(in, "made"));
  if (const Json* week = in.OptionalAny("week")) {
    RAPPORT_ASSIGN_OR_RETURN(request.week, WorkingWeek::FromJson(*week));
  }
  RAPPORT_RETURN_IF_ERROR(ReadDeliveries(in, made, request));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return request;
}

Json AnswerOf(const Request& request) {
  const PromiseJudgement judged = JudgePromise(request.terms, request.deliveries, *request.zone, request.week, request.as_of);
  const auto days = [](const std::optional<std::int64_t>& n) { return n.has_value() ? Json(Json::Integer(*n)) : Json(); };
  return Json::Object{{"outcome", NameOf(judged.outcome)},
                      {"margin_days", days(judged.margin_days)},
                      {"margin_working_days", days(judged.margin_working_days)},
                      {"margin_quantity", judged.margin_quantity.has_value() ? Json(*judged.margin_quantity) : Json()},
                      {"delivered_quantity", judged.delivered},
                      {"fulfilled_on", judged.fulfilled_on.has_value() ? Json(FormatDay(*judged.fulfilled_on)) : Json()},
                      {"deliveries_before_promise", Json::Integer(request.before_promise)}};
}

}  // namespace

extern "C" rapport_status rapport_judge_promise(const char* request, size_t request_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({request, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(request, request_size)));
    RAPPORT_ASSIGN_OR_RETURN(const Request asked, ReadRequest(json));
    return Give(AnswerOf(asked).Canonical(), out);
  });
}

extern "C" rapport_status rapport_engine_advise_promise(rapport_engine* engine, const char* request, size_t request_size, const char* language, size_t language_size,
                                                        rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, request, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Language said_in, ReadLanguage(language, language_size));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(request, request_size)));
    RAPPORT_ASSIGN_OR_RETURN(const PromiseQuestion question, PromiseQuestion::FromJson(json));
    RAPPORT_ASSIGN_OR_RETURN(const Json answer, engine->engine.AdvisePromise(question, said_in));
    return Give(answer.Canonical(), out);
  });
}

extern "C" rapport_status rapport_engine_accept_order(rapport_engine* engine, const char* request, size_t request_size, const char* language, size_t language_size,
                                                      rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, request, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Language said_in, ReadLanguage(language, language_size));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(request, request_size)));
    RAPPORT_ASSIGN_OR_RETURN(const OrderQuestion question, OrderQuestion::FromJson(json));
    RAPPORT_ASSIGN_OR_RETURN(const Json answer, engine->engine.AcceptOrder(question, said_in));
    return Give(answer.Canonical(), out);
  });
}

extern "C" rapport_status rapport_engine_kept_shares(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [](Engine& asked, const Read& read) { return asked.KeptShares(read.at); });
}
