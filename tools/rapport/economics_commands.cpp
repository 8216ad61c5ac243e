// What customers, reps and care are worth in money.
#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "face.hpp"
#include "rapport_day.h"

namespace rapport_command {
namespace {

void Economics(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  std::string request = "{\"ask\":" + JsonText(a.ask);
  if (!a.since.empty()) request += ",\"since\":" + JsonText(a.since);
  if (!a.reps.empty()) request += ",\"reps\":" + JsonList(a.reps);
  if (a.months != 0) request += ",\"months\":" + std::to_string(a.months);
  request += "}";
  Print(Rows([&](rapport_table** out, rapport_error* error) {
          return rapport_engine_economics(engine.get(), request.data(), request.size(), &read.options, out, error);
        }).get(), a.format);
}

}  // namespace

void AddEconomics(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* economics = Command(app, a, "economics", "What new, repeat and referred customers bring, commission, what comes by itself, what care is worth",
                                std::string(kMoment) + " --ask origins", Economics);
  economics->add_option("--ask", a->ask, "origins (by how customers came), commission (by rep and month; for managers), recurring (the base by month and year) or care (by customer)");
  economics->add_option("--since", a->since, "origins: of orders and contacts from this day on");
  economics->add_option("--rep", a->reps, "commission: of this rep (repeatable)");
  economics->add_option("--months", a->months, "recurring: so many months ahead, 24 unless given");
  economics->add_option("--customer", a->customers, "care: of this customer (repeatable)");
  economics->add_option("--as-of", a->as_of, "the moment, RFC 3339 with offset")->required();
  AddKnownAt(economics, a);
  economics->add_option("--lang", a->language, "en, ja, ko or zh");
  AddFormat(economics, a);
}

}  // namespace rapport_command
