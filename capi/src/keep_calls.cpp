// The calls that keep the book right: snapshots, batches, synchronised tables, erasure, exports; convert, call, convert.
#include "arrow_import.hpp"
#include "border.hpp"
#include "event_rows.hpp"
#include "rapport/simulate.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

constexpr size_t kExportV1 = offsetof(rapport_export_options, subject_size) + sizeof(size_t);

absl::StatusOr<CustomerId> ReadCustomer(const char* data, size_t size) {
  RAPPORT_RETURN_IF_ERROR(CheckText(data, size, "customer"));
  return CustomerId::Parse(View(data, size));
}

Json ReceiptJson(const AppendReceipt& receipt) {
  return Json::Object{{"accepted", Json::Integer(receipt.accepted)},
                      {"duplicates", Json::Integer(receipt.duplicates)},
                      {"corrected", Json::Integer(receipt.corrected)},
                      {"last_sequence", Json::Integer(receipt.last_sequence)}};
}

// A cell as the text that a file would hold.
std::string CellText(const Json& cell) {
  if (cell.is_null()) return {};
  if (const std::string* text = cell.if_string()) return *text;
  return cell.Canonical();
}

absl::StatusOr<std::vector<Event>> MappedRows(ArrowArrayStream* stream, const Mapping& mapping) {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  const auto keep_columns = [&](const std::vector<std::string>& names) {
    columns = names;
    return absl::OkStatus();
  };
  const auto keep_row = [&](std::vector<Json>&& row) {
    std::vector<std::string> cells;
    for (const Json& cell : row) cells.push_back(CellText(cell));
    rows.push_back(std::move(cells));
    return absl::OkStatus();
  };
  RAPPORT_RETURN_IF_ERROR(ReadArrowStream(stream, keep_columns, keep_row));
  RAPPORT_ASSIGN_OR_RETURN(FileEvents events, MapRows(columns, rows, mapping, ZoneRules::Bundled(), ImportOptions()));
  return std::move(events.events);
}

absl::StatusOr<SimulateOptions> ReadSimulation(std::string_view text) {
  RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(text.empty() ? "{}" : text));
  JsonReader in(json, "options", "simulate");
  SimulateOptions options;
  const auto integer = [&](std::string_view key, auto& out) -> absl::Status {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> value, in.OptionalInteger(key));
    if (value) out = static_cast<std::decay_t<decltype(out)>>(*value);
    return absl::OkStatus();
  };
  RAPPORT_RETURN_IF_ERROR(integer("seed", options.seed));
  RAPPORT_RETURN_IF_ERROR(integer("first_customer", options.first_customer));
  RAPPORT_RETURN_IF_ERROR(integer("customers", options.customers));
  RAPPORT_RETURN_IF_ERROR(integer("years", options.years));
  RAPPORT_RETURN_IF_ERROR(integer("reps", options.reps));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> start, in.OptionalString("start"));
  if (start) {
    RAPPORT_ASSIGN_OR_RETURN(options.start, ParseDay(*start));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> zone, in.OptionalString("zone"));
  options.zone = zone.value_or(options.zone);
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> late, in.OptionalNumber("late_share"));
  options.late_share = late.value_or(options.late_share);
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> promised, in.OptionalNumber("promised_orders"));
  options.promised_orders = promised.value_or(options.promised_orders);
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> only, in.OptionalBool("only_purchases"));
  options.only_purchases = only.value_or(false);
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return options;
}

}  // namespace

extern "C" {

rapport_status rapport_engine_open_snapshot(const char* bytes, size_t size, const rapport_open_options* options, rapport_engine** out,
                                            rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({bytes, out}));
    EngineOptions open;
    RAPPORT_RETURN_IF_ERROR(ReadOpenOptions(options, open));
    RAPPORT_ASSIGN_OR_RETURN(Engine engine, Engine::FromSnapshot(std::string(bytes, size), open));
    *out = new rapport_engine{std::move(engine)};
    return absl::OkStatus();
  });
}

rapport_status rapport_engine_append_arrow(rapport_engine* engine, struct ArrowArrayStream* stream, const rapport_append_options* options,
                                           rapport_append_receipt* receipt, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, stream}));
    DecodeOptions decode;
    AppendOptions append;
    RAPPORT_RETURN_IF_ERROR(ReadAppendOptions(options, receipt, decode, append));
    std::vector<std::string> columns;
    std::vector<Event> events;
    const auto keep_columns = [&](const std::vector<std::string>& names) {
      columns = names;
      return absl::OkStatus();
    };
    const auto keep_row = [&](std::vector<Json>&& row) -> absl::Status {
      const std::string where = "row " + std::to_string(events.size() + 1);
      absl::StatusOr<Json> json = EventOfRow(columns, std::move(row));
      if (!json.ok()) return WithContext(json.status(), where);
      RAPPORT_ASSIGN_OR_RETURN(Event event, DecodeEvent(*json, decode, where));
      events.push_back(std::move(event));
      return absl::OkStatus();
    };
    RAPPORT_RETURN_IF_ERROR(ReadArrowStream(stream, keep_columns, keep_row));
    RAPPORT_ASSIGN_OR_RETURN(const AppendReceipt done, engine->engine.Append(std::move(events), std::move(append)));
    GiveReceipt(done, receipt);
    return absl::OkStatus();
  });
}

rapport_status rapport_engine_sync(rapport_engine* engine, struct ArrowArrayStream* table, const char* mapping, size_t mapping_size,
                                   const char* mode, size_t mode_size, const char* at, size_t at_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, table, mapping, out}));
    RAPPORT_RETURN_IF_ERROR(CheckText(mapping, mapping_size, "mapping"));
    const std::string_view word = mode_size == 0 ? std::string_view("full") : View(mode, mode_size);
    if (word != "full" && word != "delta") return Invalid("capi.unknown_word", "mode: found \"" + std::string(word) + "\", expected full or delta");
    RAPPORT_ASSIGN_OR_RETURN(const Mapping compiled, ReadMapping(View(mapping, mapping_size)));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> moment, ReadOptionalInstant(at, at_size, "at"));
    RAPPORT_ASSIGN_OR_RETURN(std::vector<Event> rows, MappedRows(table, compiled));
    RAPPORT_ASSIGN_OR_RETURN(const SyncReceipt receipt,
                             engine->engine.Sync(std::move(rows), word == "full" ? SyncMode::kFull : SyncMode::kDelta, moment));
    Json json = ReceiptJson(receipt.append);
    json.if_object()->emplace("retracted", Json::Integer(receipt.retracted));
    json.if_object()->emplace("batch", receipt.batch.empty() ? Json() : Json(receipt.batch.text()));
    return Give(json.Canonical(), out);
  });
}

rapport_status rapport_engine_retract_batch(rapport_engine* engine, const char* batch, size_t batch_size, const char* at, size_t at_size,
                                            rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, batch, out}));
    RAPPORT_ASSIGN_OR_RETURN(const BatchId id, BatchId::Parse(View(batch, batch_size)));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> moment, ReadOptionalInstant(at, at_size, "at"));
    RAPPORT_ASSIGN_OR_RETURN(const AppendReceipt receipt, engine->engine.RetractBatch(id, moment));
    return Give(ReceiptJson(receipt).Canonical(), out);
  });
}

rapport_status rapport_engine_export(rapport_engine* engine, const rapport_export_options* options, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, out}));
    RAPPORT_RETURN_IF_ERROR(CheckStruct(options, kExportV1, "rapport_export_options"));
    ExportOptions wanted;
    if (options != nullptr) {
      wanted.after = options->after;
      RAPPORT_ASSIGN_OR_RETURN(wanted.known_at, ReadOptionalInstant(options->known_at, options->known_at_size, "known_at"));
      if (options->subject_size > 0) {
        RAPPORT_ASSIGN_OR_RETURN(wanted.subject, ReadCustomer(options->subject, options->subject_size));
      }
    }
    RAPPORT_ASSIGN_OR_RETURN(const std::string lines, engine->engine.ExportLines(wanted));
    return Give(lines, out);
  });
}

rapport_status rapport_engine_event_table(rapport_engine* engine, const char* type, size_t type_size, const char* known_at,
                                          size_t known_at_size, rapport_table** out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, type, out}));
    RAPPORT_RETURN_IF_ERROR(CheckText(type, type_size, "type"));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> known, ReadOptionalInstant(known_at, known_at_size, "known_at"));
    RAPPORT_ASSIGN_OR_RETURN(Table table, engine->engine.EventTable(View(type, type_size), known));
    return Give(std::move(table), out);
  });
}

rapport_status rapport_engine_subject(rapport_engine* engine, const char* customer, size_t customer_size, rapport_buffer* out,
                                      rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, customer, out}));
    RAPPORT_ASSIGN_OR_RETURN(const CustomerId id, ReadCustomer(customer, customer_size));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, engine->engine.SubjectDocument(id));
    return Give(json.Canonical(), out);
  });
}

rapport_status rapport_engine_erase(rapport_engine* engine, const char* customer, size_t customer_size, const char* at, size_t at_size,
                                    rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, customer, at, out}));
    RAPPORT_ASSIGN_OR_RETURN(const CustomerId id, ReadCustomer(customer, customer_size));
    RAPPORT_ASSIGN_OR_RETURN(const Instant moment, ReadInstant(at, at_size, "at"));
    RAPPORT_ASSIGN_OR_RETURN(const EraseReceipt receipt, engine->engine.Erase(id, moment));
    return Give(Json(Json::Object{{"events", Json::Integer(receipt.events)}, {"suppressed", Json::Integer(receipt.suppressed)}}).Canonical(), out);
  });
}

rapport_status rapport_engine_apply_retention(rapport_engine* engine, const char* at, size_t at_size, int64_t* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, at, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Instant moment, ReadInstant(at, at_size, "at"));
    RAPPORT_ASSIGN_OR_RETURN(*out, engine->engine.ApplyRetention(moment));
    return absl::OkStatus();
  });
}

rapport_status rapport_engine_snapshot_bytes(rapport_engine* engine, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, out}));
    RAPPORT_ASSIGN_OR_RETURN(const std::string bytes, engine->engine.SnapshotBytes());
    return Give(bytes, out);
  });
}

rapport_status rapport_engine_save_snapshot(rapport_engine* engine, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine}));
    return engine->engine.SaveSnapshot();
  });
}

rapport_status rapport_engine_backup(rapport_engine* engine, const char* path, size_t path_size, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, path}));
    RAPPORT_RETURN_IF_ERROR(CheckText(path, path_size, "path"));
    return engine->engine.Backup(std::string(View(path, path_size)));
  });
}

rapport_status rapport_import_inspect(const char* path, size_t path_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({path, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, InspectFile(std::string(View(path, path_size)), ZoneRules::Bundled()));
    return Give(json.Canonical(), out);
  });
}

rapport_status rapport_import_mapping(const char* name, size_t name_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    RAPPORT_RETURN_IF_ERROR(CheckText(name, name_size, "name"));
    if (name_size == 0) {
      Json::Array names;
      for (const std::string& one : ShippedMappings()) names.emplace_back(one);
      return Give(Json(std::move(names)).Canonical(), out);
    }
    RAPPORT_ASSIGN_OR_RETURN(const Mapping mapping, Mapping::Shipped(View(name, name_size), ZoneRules::Bundled()));
    return Give(mapping.document().Canonical(), out);
  });
}

rapport_status rapport_simulate(const char* options, size_t options_size, rapport_buffer* events, rapport_buffer* truth, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({events}));
    RAPPORT_RETURN_IF_ERROR(CheckText(options, options_size, "options"));
    RAPPORT_ASSIGN_OR_RETURN(const SimulateOptions wanted, ReadSimulation(View(options, options_size)));
    std::string lines;
    Json known;
    RAPPORT_RETURN_IF_ERROR(Simulate(wanted, ZoneRules::Bundled(), [&](Event&& event) {
      lines += EncodeEvent(event).Canonical() + "\n";
      return absl::OkStatus();
    }, truth == nullptr ? nullptr : &known));
    if (truth != nullptr) RAPPORT_RETURN_IF_ERROR(Give(known.Canonical(), truth));
    return Give(lines, events);
  });
}

}  // extern "C"
