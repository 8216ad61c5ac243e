// The plan as a calendar and as a page.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "arguments.hpp"
#include "face.hpp"

namespace rapport_command {

void AddPlanFormat(CLI::App* command, const std::shared_ptr<Arguments>& a) {
  command->add_option("--format", a->format, "table, json (an object a line), csv, ics (a calendar) or html (one page that needs nothing beside it)")
      ->check(CLI::IsMember({"table", "json", "csv", "ics", "html"}));
  command->add_option("--output", a->output, "write to this file (default: standard output)");
  command->add_option("--team", a->team, "html: the reps of this team");
  command->add_option("--since", a->since, "ics: the --as-of of the calendar that the reader has; what is gone since is cancelled");
}

void CheckPlanFormat(const Arguments& a) {
  if (!a.team.empty() && a.format != "html") throw Failure(2, "--team: found with --format " + a.format + ", expected html");
  if (!a.team.empty() && !a.reps.empty()) throw Failure(2, "--team: found beside --rep, expected one of the two");
  if (!a.since.empty() && a.format != "ics") throw Failure(2, "--since: found with --format " + a.format + ", expected ics");
}

std::string PlanDocument(rapport_engine* engine, const Arguments& a, const rapport_read_options& read, const std::string& reps) {
  return Text([&](rapport_buffer* out, rapport_error* error) {
    if (a.format == "html") {
      return rapport_engine_plan_page(engine, a.day.data(), a.day.size(), a.team.data(), a.team.size(), reps.data(), reps.size(), &read, out, error);
    }
    return rapport_engine_plan_calendar(engine, a.day.data(), a.day.size(), reps.data(), reps.size(), a.since.data(), a.since.size(), &read, out, error);
  });
}

void WriteOutput(const Arguments& a, const std::string& text) {
  if (!a.output.empty()) return WriteText(a.output, text);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace rapport_command
