// The library, buffers, tables and policies.
#include <cstdlib>

#include "border.hpp"
#include "rapport/policy/screen.hpp"
#include "rapport/signals/needs.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

extern "C" {

uint32_t rapport_abi_version(void) { return RAPPORT_ABI_VERSION; }

rapport_status rapport_build_info(rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    return Give(BuildInfo().Canonical(), out);
  });
}

void rapport_buffer_dispose(rapport_buffer* buffer) {
  if (buffer == nullptr) return;
  std::free(buffer->data);
  *buffer = RAPPORT_BUFFER_INIT;
}

rapport_status rapport_table_to_ndjson(const rapport_table* table, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({table, out}));
    return Give(table->table.ToNdjson(), out);
  });
}

rapport_status rapport_table_to_csv(const rapport_table* table, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({table, out}));
    return Give(table->table.ToCsv(), out);
  });
}

int64_t rapport_table_rows(const rapport_table* table) {
  return table == nullptr ? 0 : static_cast<int64_t>(table->table.rows());
}

void rapport_table_free(rapport_table* table) { delete table; }

rapport_status rapport_signal_list(const char* language, size_t language_size, rapport_table** out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    RAPPORT_ASSIGN_OR_RETURN(const Language said_in, ReadLanguage(language, language_size));
    RAPPORT_ASSIGN_OR_RETURN(Table table, SignalList(said_in));
    return Give(std::move(table), out);
  });
}

rapport_status rapport_policy_default(rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    return Give(Policy::Default().document().Pretty(), out);
  });
}

rapport_status rapport_policy_parse(const char* text, size_t text_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({text, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Policy policy, Policy::ParseText(View(text, text_size)));
    Json::Array rules;
    for (const Rule& rule : policy.rules()) rules.push_back(rule.name);
    Json::Array signals;
    for (const std::string& name : Screen::Of(policy, {.triggers = true}).ColumnNames()) signals.push_back(name);
    return Give(Json(Json::Object{{"id", policy.id()}, {"name", policy.name()}, {"rules", std::move(rules)}, {"signals", std::move(signals)}}).Canonical(), out);
  });
}

rapport_status rapport_policy_describe(const char* text, size_t text_size, const char* language, size_t language_size, rapport_buffer* out,
                                       rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({text, out}));
    RAPPORT_ASSIGN_OR_RETURN(const Policy policy, Policy::ParseText(View(text, text_size)));
    RAPPORT_ASSIGN_OR_RETURN(const Language said_in, ReadLanguage(language, language_size));
    RAPPORT_ASSIGN_OR_RETURN(const std::string sentences, policy.Describe(said_in));
    return Give(sentences, out);
  });
}

rapport_status rapport_policy_check(const char* text, size_t text_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({text, out}));
    Json::Array problems;
    for (const PolicyProblem& problem : Policy::CheckText(View(text, text_size))) {
      problems.push_back(Json::Object{{"token", problem.token}, {"pointer", problem.pointer}, {"found", problem.found}, {"expected", problem.expected}});
    }
    return Give(Json(std::move(problems)).Canonical(), out);
  });
}

rapport_status rapport_policy_schema(const char* language, size_t language_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    RAPPORT_ASSIGN_OR_RETURN(const Language said_in, ReadLanguage(language, language_size));
    RAPPORT_ASSIGN_OR_RETURN(const Json schema, Policy::Schema(said_in));
    return Give(schema.Pretty(), out);
  });
}

}  // extern "C"
