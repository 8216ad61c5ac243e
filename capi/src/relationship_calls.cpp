// Relationships across the border, and the fit of all models that they and others rest on.
#include "border.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

extern "C" {

rapport_status rapport_engine_fit_all(rapport_engine* engine, const char* as_of, size_t as_of_size, const char* unit, size_t unit_size, rapport_table** out,
                                      rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, as_of, out}));
    RAPPORT_RETURN_IF_ERROR(CheckText(unit, unit_size, "unit"));
    RAPPORT_ASSIGN_OR_RETURN(const Instant at, ReadInstant(as_of, as_of_size, "as_of"));
    RAPPORT_ASSIGN_OR_RETURN(Table table, engine->engine.FitAll(at, unit_size == 0 ? "week" : View(unit, unit_size)));
    return Give(std::move(table), out);
  });
}

rapport_status rapport_engine_who_knows(rapport_engine* engine, const char* customer, size_t customer_size, const rapport_read_options* options,
                                        rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [&](Engine& asked, const Read& read) -> absl::StatusOr<Table> {
    RAPPORT_RETURN_IF_ERROR(NotNull({customer}));
    RAPPORT_ASSIGN_OR_RETURN(const CustomerId id, CustomerId::Parse(View(customer, customer_size)));
    return asked.WhoKnows(id, read.at, read.language);
  });
}

rapport_status rapport_engine_relationships(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [](Engine& asked, const Read& read) { return asked.Relationships(read.at, read.customers, read.language); });
}

rapport_status rapport_engine_worries(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [](Engine& asked, const Read& read) { return asked.Worries(read.at, read.language); });
}

rapport_status rapport_engine_referrals(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [](Engine& asked, const Read& read) { return asked.Referrals(read.at, read.customers); });
}

rapport_status rapport_engine_deals(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error) {
  return GiveTable(engine, options, out, error, [](Engine& asked, const Read& read) { return asked.Deals(read.at, read.customers, read.language); });
}

}  // extern "C"
