// The engine's calls: convert, call, convert.
#include <limits>

#include "plan_request.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

constexpr size_t kImportV1 = offsetof(rapport_import_options, own_events) + sizeof(int32_t);

absl::StatusOr<FollowUpId> ReadFollowUp(const char* data, size_t size) {
  RAPPORT_RETURN_IF_ERROR(CheckText(data, size, "followup"));
  return FollowUpId::Parse(View(data, size));
}

template <class E>
absl::StatusOr<E> ReadWord(const char* data, size_t size, std::string_view name, std::optional<E> otherwise) {
  RAPPORT_RETURN_IF_ERROR(CheckText(data, size, name));
  if (size == 0 && otherwise) return *otherwise;
  if (const std::optional<E> word = FromName<E>(View(data, size))) return *word;
  std::string expected;
  for (const auto& word : WordList<E>::kWords) expected += (expected.empty() ? "" : ", ") + std::string(word.name);
  return Invalid("capi.unknown_word", std::string(name) + ": found \"" + std::string(View(data, size)) + "\", expected one of " + expected);
}

struct Said {
  FollowUpId followup;
  std::string_view word;
  Instant at;
  std::pair<const char*, size_t> until, rep;
  std::optional<std::string> reason;
};

absl::StatusOr<bool> Answer(Engine& engine, const Said& said) {
  if (said.word == "snooze") {
    RAPPORT_ASSIGN_OR_RETURN(const Instant until, ReadInstant(said.until.first, said.until.second, "until"));
    return engine.Snooze(said.followup, until, said.at, said.reason);
  }
  if (said.word == "skip") return engine.Skip(said.followup, said.at, said.reason);
  if (said.word != "approve" && said.word != "withhold") {
    return Invalid("capi.unknown_word", "word: found \"" + std::string(said.word) + "\", expected one of snooze, skip, approve, withhold");
  }
  RAPPORT_RETURN_IF_ERROR(CheckText(said.rep.first, said.rep.second, "rep"));
  RAPPORT_ASSIGN_OR_RETURN(const RepId rep, RepId::Parse(View(said.rep.first, said.rep.second)));
  return said.word == "approve" ? engine.Approve(said.followup, rep, said.at, said.reason) : engine.Withhold(said.followup, rep, said.at, said.reason);
}

using Text = std::pair<const char*, size_t>;

absl::StatusOr<Day> ReadDay(Text text, std::string_view name) {
  RAPPORT_RETURN_IF_ERROR(CheckText(text.first, text.second, name));
  return ParseDay(View(text.first, text.second));
}

// `other` owns the policy that the request points to.
absl::StatusOr<BacktestRequest> ReadBacktest(Text start, Text end, Text against, Text refit, const Read& read, std::optional<Policy>& other) {
  BacktestRequest request;
  RAPPORT_ASSIGN_OR_RETURN(request.start, ReadDay(start, "start"));
  RAPPORT_ASSIGN_OR_RETURN(request.end, ReadDay(end, "end"));
  RAPPORT_RETURN_IF_ERROR(CheckText(against.first, against.second, "against"));
  RAPPORT_RETURN_IF_ERROR(CheckText(refit.first, refit.second, "refit"));
  if (against.second > 0) {
    RAPPORT_ASSIGN_OR_RETURN(other, Policy::ParseText(View(against.first, against.second)));
    request.against = &*other;
  }
  if (refit.second > 0 && View(refit.first, refit.second) != "month") {
    return Invalid("capi.unknown_word", "refit: found \"" + std::string(View(refit.first, refit.second)) + "\", expected month, or nothing");
  }
  request.refit_monthly = refit.second > 0;
  request.policy = read.at.policy;
  request.seed = read.at.seed;
  return request;
}

absl::StatusOr<std::string> TextMember(const Json& row, const char* name, bool required) {
  const Json* member = row.Find(name);
  if (member != nullptr && member->if_string() != nullptr) return *member->if_string();
  if (!required && (member == nullptr || member->is_null())) return std::string();
  return Invalid("capi.invalid_request", std::string(name) + ": found " + (member == nullptr ? "none" : member->Canonical()) + ", expected a text");
}

absl::StatusOr<PermitRequest> ReadPermitRequest(const Json& row) {
  PermitRequest request;
  constexpr std::string_view kKeys[] = {"at", "channel", "class", "contact", "customer", "purpose"};
  for (const auto& [key, value] : row.if_object() != nullptr ? *row.if_object() : Json::Object()) {
    if (std::find(std::begin(kKeys), std::end(kKeys), key) == std::end(kKeys)) {
      return Invalid("capi.invalid_request", absl::StrCat("found ", key, ", expected at, channel, class, contact, customer, purpose"));
    }
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::string customer, TextMember(row, "customer", true));
  RAPPORT_ASSIGN_OR_RETURN(request.customer, CustomerId::Parse(customer));
  RAPPORT_ASSIGN_OR_RETURN(const std::string channel, TextMember(row, "channel", true));
  RAPPORT_ASSIGN_OR_RETURN(request.channel, ReadWord<Channel>(channel.data(), channel.size(), "channel", std::nullopt));
  RAPPORT_ASSIGN_OR_RETURN(const std::string purpose, TextMember(row, "purpose", false));
  RAPPORT_ASSIGN_OR_RETURN(request.purpose, ReadWord<Purpose>(purpose.data(), purpose.size(), "purpose", Purpose::kCare));
  RAPPORT_ASSIGN_OR_RETURN(const std::string message_class, TextMember(row, "class", false));
  RAPPORT_ASSIGN_OR_RETURN(request.message_class, ReadWord<MessageClass>(message_class.data(), message_class.size(), "class", MessageClass::kDefault));
  RAPPORT_ASSIGN_OR_RETURN(const std::string at, TextMember(row, "at", true));
  RAPPORT_ASSIGN_OR_RETURN(request.at, ReadInstant(at.data(), at.size(), "at"));
  RAPPORT_ASSIGN_OR_RETURN(const std::string contact, TextMember(row, "contact", false));
  if (!contact.empty()) {
    RAPPORT_ASSIGN_OR_RETURN(request.contact, ContactId::Parse(contact));
  }
  return request;
}

absl::StatusOr<std::vector<PermitRequest>> ReadPermitRequests(const char* data, size_t size) {
  RAPPORT_RETURN_IF_ERROR(CheckText(data, size, "requests"));
  RAPPORT_ASSIGN_OR_RETURN(const Json list, Json::Parse(View(data, size)));
  if (list.if_array() == nullptr) return Invalid("capi.invalid_request", "requests: found no array, expected an array of objects");
  std::vector<PermitRequest> requests;
  for (const Json& row : *list.if_array()) {
    absl::StatusOr<PermitRequest> request = ReadPermitRequest(row);
    if (!request.ok()) return WithContext(request.status(), "requests[" + std::to_string(requests.size()) + "]");
    requests.push_back(*std::move(request));
  }
  return requests;
}

Json ImportJson(const ImportReceipt& receipt) {
  Json::Array rejected;
  for (const RejectedRow& row : receipt.rejected) {
    rejected.push_back(Json::Object{{"line", Json::Integer(row.line)}, {"token", row.token}, {"message", row.message}});
  }
  return Json::Object{{"batch", receipt.batch.empty() ? Json() : Json(receipt.batch.text())},
                      {"corrected", Json::Integer(receipt.append.corrected)},
                      {"rows", Json::Integer(receipt.rows)},
                      {"events", Json::Integer(receipt.events)},
                      {"accepted", Json::Integer(receipt.append.accepted)},
                      {"duplicates", Json::Integer(receipt.append.duplicates)},
                      {"last_sequence", Json::Integer(receipt.append.last_sequence)},
                      {"rejected", std::move(rejected)}};
}

Json TickJson(const TickReceipt& receipt) {
  Json::Array events;
  for (const Event& event : receipt.events) events.push_back(EncodeEvent(event));
  Json::Object backlog;
  for (const auto& [rule, count] : receipt.backlog) backlog.emplace(rule, Json::Integer(count));
  return Json::Object{{"backlog", std::move(backlog)},                 {"issued", Json::Integer(receipt.issued)},       {"changed", Json::Integer(receipt.changed)},
                      {"withdrawn", Json::Integer(receipt.withdrawn)}, {"expired", Json::Integer(receipt.expired)},
                      {"cursor", Json::Integer(receipt.cursor)},       {"events", std::move(events)}};
}

absl::StatusOr<Json> HandOverJson(const HandOverAnswer& answer, Language language, const Texts& texts) {
  Json::Array reasons, sentences;
  for (const std::string& token : answer.tokens) reasons.push_back(token);
  for (const Sentence& sentence : answer.reasons) {
    RAPPORT_ASSIGN_OR_RETURN(std::string said, Catalogue::Bundled().Say(sentence, language, texts));
    sentences.push_back(std::move(said));
  }
  return Json(Json::Object{{"allowed", answer.allowed}, {"reasons", std::move(reasons)}, {"sentences", std::move(sentences)}});
}

// Day, reps and options of the two faces of a plan.
absl::Status MakePlan(rapport_engine* engine, const char* day, size_t day_size, const char* reps, size_t reps_size,
                      const rapport_read_options* options, Read& read, DayPlan& plan) {
  RAPPORT_RETURN_IF_ERROR(NotNull({engine, day}));
  RAPPORT_RETURN_IF_ERROR(ReadOptions(options, false, read));
  PlanRequest request;
  RAPPORT_ASSIGN_OR_RETURN(request.day, ParseDay(View(day, day_size)));
  RAPPORT_ASSIGN_OR_RETURN(request.reps, ReadReps(reps, reps_size));
  TakeRead(read, request);
  RAPPORT_ASSIGN_OR_RETURN(plan, engine->engine.Plan(request));
  return absl::OkStatus();
}

}  // namespace

extern "C" {

rapport_status rapport_engine_open(const char* path, size_t path_size, const rapport_open_options* options, rapport_engine** out,
                                   rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    RAPPORT_RETURN_IF_ERROR(CheckText(path, path_size, "path"));
    EngineOptions open;
    RAPPORT_RETURN_IF_ERROR(ReadOpenOptions(options, open));
    RAPPORT_ASSIGN_OR_RETURN(Engine engine, path_size == 0 ? Engine::InMemory(open) : Engine::Open(std::string(View(path, path_size)), open));
    *out = new rapport_engine{std::move(engine)};
    return absl::OkStatus();
  });
}

void rapport_engine_close(rapport_engine* engine) { delete engine; }

rapport_status rapport_engine_append(rapport_engine* engine, const char* ndjson, size_t ndjson_size, const rapport_append_options* options,
                                     rapport_append_receipt* receipt, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine}));
    RAPPORT_RETURN_IF_ERROR(CheckText(ndjson, ndjson_size, "ndjson"));
    DecodeOptions decode;
    AppendOptions append;
    RAPPORT_RETURN_IF_ERROR(ReadAppendOptions(options, receipt, decode, append));
    RAPPORT_ASSIGN_OR_RETURN(const AppendReceipt done, engine->engine.AppendLines(View(ndjson, ndjson_size), decode, append.on_conflict));
    GiveReceipt(done, receipt);
    return absl::OkStatus();
  });
}

rapport_status rapport_engine_import(rapport_engine* engine, const char* path, size_t path_size, const char* mapping, size_t mapping_size,
                                     const rapport_import_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, path, out}));
    RAPPORT_RETURN_IF_ERROR(CheckStruct(options, kImportV1, "rapport_import_options"));
    ImportOptions import;
    if (options != nullptr) {
      import.dry_run = options->dry_run != 0;
      import.max_rejects = options->max_rejects;
      import.decode.on_unknown = options->keep_unknown != 0 ? OnUnknown::kKeep : OnUnknown::kError;
      import.decode.own_events = options->own_events != 0;
    }
    std::optional<Mapping> compiled;
    if (mapping_size > 0) {
      RAPPORT_RETURN_IF_ERROR(CheckText(mapping, mapping_size, "mapping"));
      RAPPORT_ASSIGN_OR_RETURN(compiled, ReadMapping(View(mapping, mapping_size)));
    }
    RAPPORT_ASSIGN_OR_RETURN(const ImportReceipt receipt, engine->engine.ImportFile(std::string(View(path, path_size)), compiled, import));
    return Give(ImportJson(receipt).Canonical(), out);
  });
}

rapport_status rapport_engine_fit(rapport_engine* engine, const char* model, size_t model_size, const char* as_of, size_t as_of_size,
                                  const char* unit, size_t unit_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, model, as_of, out}));
    RAPPORT_RETURN_IF_ERROR(CheckText(unit, unit_size, "unit"));
    RAPPORT_ASSIGN_OR_RETURN(const Instant at, ReadInstant(as_of, as_of_size, "as_of"));
    RAPPORT_ASSIGN_OR_RETURN(const FitReceipt receipt,
                             engine->engine.Fit(View(model, model_size), at, unit_size == 0 ? "week" : View(unit, unit_size)));
    return Give(Json(Json::Object{{"model", receipt.model}, {"customers", Json::Integer(receipt.customers)},
                                  {"fitted", receipt.fitted}, {"appended", receipt.appended}}).Canonical(), out);
  });
}

rapport_status rapport_engine_adopt(rapport_engine* engine, const char* policy, size_t policy_size, const char* at, size_t at_size,
                                    rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, policy, at}));
    RAPPORT_ASSIGN_OR_RETURN(const Policy parsed, Policy::ParseText(View(policy, policy_size)));
    RAPPORT_ASSIGN_OR_RETURN(const Instant moment, ReadInstant(at, at_size, "at"));
    return engine->engine.Adopt(parsed, moment);
  });
}

rapport_status rapport_engine_decide(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [](Engine& asked, const Read& read) -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<AccountDecisions> decided, asked.Decide(read.at, read.customers));
    return asked.DecisionTable(decided, read.language, read.at.known_at.value_or(read.at.as_of));
  });
}

rapport_status rapport_engine_tick(rapport_engine* engine, const rapport_read_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, out}));
    Read read;
    RAPPORT_RETURN_IF_ERROR(ReadOptions(options, true, read));
    RAPPORT_ASSIGN_OR_RETURN(const TickReceipt receipt, engine->engine.Tick(read.at));
    return Give(TickJson(receipt).Canonical(), out);
  });
}

rapport_status rapport_engine_hand_over(rapport_engine* engine, const char* followup, size_t followup_size, const char* at, size_t at_size,
                                        const char* language, size_t language_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, followup, at, out}));
    RAPPORT_ASSIGN_OR_RETURN(const FollowUpId id, ReadFollowUp(followup, followup_size));
    RAPPORT_ASSIGN_OR_RETURN(const Instant moment, ReadInstant(at, at_size, "at"));
    RAPPORT_ASSIGN_OR_RETURN(const Language said_in, ReadLanguage(language, language_size));
    RAPPORT_ASSIGN_OR_RETURN(const HandOverAnswer answer, engine->engine.HandOver(id, moment));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, HandOverJson(answer, said_in, engine->engine.texts()));
    return Give(json.Canonical(), out);
  });
}

rapport_status rapport_engine_answer(rapport_engine* engine, const char* followup, size_t followup_size, const char* word, size_t word_size,
                                     const char* at, size_t at_size, const char* until, size_t until_size, const char* rep, size_t rep_size,
                                     const char* reason, size_t reason_size, int64_t* appended, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, followup, word, at}));
    RAPPORT_ASSIGN_OR_RETURN(const FollowUpId id, ReadFollowUp(followup, followup_size));
    RAPPORT_ASSIGN_OR_RETURN(const Instant moment, ReadInstant(at, at_size, "at"));
    RAPPORT_RETURN_IF_ERROR(CheckText(word, word_size, "word"));
    RAPPORT_RETURN_IF_ERROR(CheckText(reason, reason_size, "reason"));
    const std::optional<std::string> why = reason_size == 0 ? std::nullopt : std::optional(std::string(View(reason, reason_size)));
    RAPPORT_ASSIGN_OR_RETURN(const bool said, Answer(engine->engine, {id, View(word, word_size), moment, {until, until_size}, {rep, rep_size}, why}));
    if (appended != nullptr) *appended = said ? 1 : 0;
    return absl::OkStatus();
  });
}

rapport_status rapport_engine_backtest(rapport_engine* engine, const char* start, size_t start_size, const char* end, size_t end_size, const char* against,
                                       size_t against_size, const char* refit, size_t refit_size, const rapport_read_options* options,
                                       rapport_table** days, rapport_table** rules, rapport_table** people, rapport_buffer* summary, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, start, end}));
    Read read;
    RAPPORT_RETURN_IF_ERROR(ReadOptions(options, false, read));
    std::optional<Policy> other;
    RAPPORT_ASSIGN_OR_RETURN(const BacktestRequest request, ReadBacktest({start, start_size}, {end, end_size}, {against, against_size}, {refit, refit_size}, read, other));
    RAPPORT_ASSIGN_OR_RETURN(const BacktestReport report, engine->engine.Backtest(request));
    const BacktestRun* beside = report.against ? &*report.against : nullptr;
    RAPPORT_ASSIGN_OR_RETURN(const Json said, BacktestSummary(report.run, beside, read.language));
    if (days != nullptr) RAPPORT_RETURN_IF_ERROR(Give(BacktestDayTable(report.run, beside), days));
    if (rules != nullptr) RAPPORT_RETURN_IF_ERROR(Give(BacktestRuleTable(report.run, beside), rules));
    if (people != nullptr) RAPPORT_RETURN_IF_ERROR(Give(BacktestPeopleTable(report.run, beside), people));
    return summary == nullptr ? absl::OkStatus() : Give(said.Canonical(), summary);
  });
}

rapport_status rapport_engine_explain(rapport_engine* engine, const char* followup, size_t followup_size, const char* language,
                                      size_t language_size, const rapport_read_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, followup, out}));
    RAPPORT_ASSIGN_OR_RETURN(const FollowUpId id, ReadFollowUp(followup, followup_size));
    RAPPORT_ASSIGN_OR_RETURN(const Language said_in, ReadLanguage(language, language_size));
    Read read;
    RAPPORT_RETURN_IF_ERROR(ReadOptions(options, options != nullptr, read));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, engine->engine.Explain(id, said_in, options == nullptr ? std::nullopt : std::optional<ReadAt>(read.at)));
    return Give(json.Canonical(), out);
  });
}

rapport_status rapport_engine_why_not(rapport_engine* engine, const char* customer, size_t customer_size, const char* rule, size_t rule_size,
                                      const rapport_read_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, customer, rule, options, out}));
    RAPPORT_ASSIGN_OR_RETURN(const CustomerId id, CustomerId::Parse(View(customer, customer_size)));
    Read read;
    RAPPORT_RETURN_IF_ERROR(ReadOptions(options, true, read));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, engine->engine.WhyNot(id, std::string_view(rule, rule_size), read.at, read.language));
    return Give(json.Canonical(), out);
  });
}

rapport_status rapport_engine_agenda(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [](Engine& asked, const Read& read) { return asked.Agenda(read.at, read.customers, read.language); });
}

rapport_status rapport_engine_signals(rapport_engine* engine, const rapport_read_options* options, const char* columns, size_t columns_size,
                                      rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [&](Engine& asked, const Read& read) -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> names, ReadTexts(columns, columns_size, "columns"));
    return asked.Signals(read.at, read.customers, names);
  });
}

rapport_status rapport_engine_promises(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [](Engine& asked, const Read& read) { return asked.Promises(read.at, read.customers, read.language); });
}

rapport_status rapport_engine_coverage(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, out}));
    Read read;
    RAPPORT_RETURN_IF_ERROR(ReadOptions(options, false, read));
    if (!read.has_as_of && read.at.known_at.has_value()) return Invalid("capi.missing_as_of", "known_at: found one without as_of, expected both or neither");
    const std::optional<ReadAt> at = read.has_as_of ? std::optional(read.at) : std::nullopt;
    RAPPORT_ASSIGN_OR_RETURN(Table table, engine->engine.Coverage(read.at.policy, at, read.customers, read.language));
    return Give(std::move(table), out);
  });
}

rapport_status rapport_engine_plan(rapport_engine* engine, const char* day, size_t day_size, const char* reps, size_t reps_size,
                                   const rapport_read_options* options, rapport_table** out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    Read read;
    DayPlan plan;
    RAPPORT_RETURN_IF_ERROR(MakePlan(engine, day, day_size, reps, reps_size, options, read, plan));
    RAPPORT_ASSIGN_OR_RETURN(Table table, engine->engine.PlanTable(plan, read.language));
    return Give(std::move(table), out);
  });
}

rapport_status rapport_engine_plan_text(rapport_engine* engine, const char* day, size_t day_size, const char* reps, size_t reps_size,
                                        const rapport_read_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    Read read;
    DayPlan plan;
    RAPPORT_RETURN_IF_ERROR(MakePlan(engine, day, day_size, reps, reps_size, options, read, plan));
    RAPPORT_ASSIGN_OR_RETURN(const std::string text, engine->engine.PlanText(plan, read.language));
    return Give(text, out);
  });
}

rapport_status rapport_engine_customer(rapport_engine* engine, const char* customer, size_t customer_size, const char* known_at,
                                       size_t known_at_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, customer, out}));
    RAPPORT_ASSIGN_OR_RETURN(const CustomerId id, CustomerId::Parse(View(customer, customer_size)));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> known, ReadOptionalInstant(known_at, known_at_size, "known_at"));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, engine->engine.Customer(id, known));
    return Give(json.Canonical(), out);
  });
}

rapport_status rapport_engine_permit(rapport_engine* engine, const char* customer, size_t customer_size, const char* channel, size_t channel_size,
                                     const char* at, size_t at_size, const char* purpose, size_t purpose_size, const char* contact,
                                     size_t contact_size, const char* language, size_t language_size, rapport_table** out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, customer, channel, at, out}));
    RAPPORT_ASSIGN_OR_RETURN(const CustomerId id, CustomerId::Parse(View(customer, customer_size)));
    RAPPORT_ASSIGN_OR_RETURN(const Channel way, ReadWord<Channel>(channel, channel_size, "channel", std::nullopt));
    RAPPORT_ASSIGN_OR_RETURN(const Purpose aim, ReadWord<Purpose>(purpose, purpose_size, "purpose", Purpose::kCare));
    RAPPORT_ASSIGN_OR_RETURN(const Instant moment, ReadInstant(at, at_size, "at"));
    RAPPORT_ASSIGN_OR_RETURN(const Language said_in, ReadLanguage(language, language_size));
    ContactId person;
    if (contact_size > 0) {
      RAPPORT_ASSIGN_OR_RETURN(person, ContactId::Parse(View(contact, contact_size)));
    }
    RAPPORT_ASSIGN_OR_RETURN(const PermissionAnswer answer, engine->engine.Permit(id, way, moment, aim, person));
    RAPPORT_ASSIGN_OR_RETURN(Table table, engine->engine.PermitTable(answer, said_in));
    return Give(std::move(table), out);
  });
}

rapport_status rapport_engine_permit_all(rapport_engine* engine, const char* requests, size_t requests_size, rapport_table** out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, requests, out}));
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<PermitRequest> asked, ReadPermitRequests(requests, requests_size));
    RAPPORT_ASSIGN_OR_RETURN(Table table, engine->engine.PermitAll(asked));
    return Give(std::move(table), out);
  });
}

rapport_status rapport_engine_check(rapport_engine* engine, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine}));
    return engine->engine.Check();
  });
}

}  // extern "C"
