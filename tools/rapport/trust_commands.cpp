// Trust in reports: for managers, who have to say so.
#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "face.hpp"
#include "rapport_day.h"

namespace rapport_command {
namespace {

std::string Member(const std::string& name, const std::string& value) { return JsonText(name) + ":" + JsonText(value); }

void ReportTrust(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  std::string request = "{" + Member("by", a.by_rep ? "rep" : "report");
  if (!a.start.empty()) request += "," + Member("start", a.start);
  if (!a.end.empty()) request += "," + Member("end", a.end);
  request += "}";
  Print(Rows([&](rapport_table** out, rapport_error* error) {
          return rapport_engine_report_trust(engine.get(), request.data(), request.size(), &read.options, out, error);
        }).get(), a.format);
}

}  // namespace

void AddTrust(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* trust = Command(app, a, "report-trust", "Which reports of visits and calls are worth asking about, from the records alone; for managers only",
                            std::string(kMoment) + " --for-managers --by-rep", ReportTrust);
  trust->add_flag("--for-managers", a->for_managers, "this ranks people: who asks says that managers read it")->required();
  trust->add_flag("--by-rep", a->by_rep, "a row a rep instead of a row a report");
  trust->add_option("--start", a->start, "reports from this day on");
  trust->add_option("--end", a->end, "reports until this day");
  trust->add_option("--as-of", a->as_of, "the moment, RFC 3339 with offset")->required();
  AddKnownAt(trust, a);
  trust->add_option("--lang", a->language, "en, ja, ko or zh");
  AddFormat(trust, a);
}

}  // namespace rapport_command
