// Each rep's day.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "face.hpp"

namespace rapport_command {
namespace {

std::string RequestOf(const Arguments& a) {
  std::string request = "{\"day\":" + JsonText(a.day);
  if (a.days > 0) request += ",\"days\":" + std::to_string(a.days);
  if (!a.reps.empty()) request += ",\"reps\":" + JsonList(a.reps);
  if (!a.team.empty()) request += ",\"team\":" + JsonText(a.team);
  if (!a.since.empty()) request += ",\"since\":" + JsonText(a.since);
  if (!a.travel.empty()) request += ",\"travel\":" + ReadDocument(a.travel);
  return request + "}";
}

// What of a plan is text: "table", "ics", "html".
using TextCall = rapport_status (*)(rapport_engine*, const char*, size_t, const rapport_read_options*, rapport_buffer*, rapport_error*);
TextCall TextCallOf(const std::string& format) {
  return format == "html" ? rapport_engine_plan_page : format == "ics" ? rapport_engine_plan_calendar : rapport_engine_plan_days_text;
}

void WriteOutput(const Arguments& a, const std::string& text) {
  if (!a.output.empty()) return WriteText(a.output, text);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void Plan(const Arguments& a) {
  if (!a.since.empty() && a.format != "ics") throw Failure(2, "--since: found with --format " + a.format + ", expected ics");
  if (a.days > 1 && a.format == "html") throw Failure(2, "--days: found with --format html, which shows one day");
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  const std::string request = RequestOf(a);
  if (a.format == "json" || a.format == "csv") {
    const Table table = Rows([&](rapport_table** out, rapport_error* error) {
      return rapport_engine_plan_days(engine.get(), request.data(), request.size(), &read.options, out, error);
    });
    return WriteOutput(a, TableText(table.get(), a.format));
  }
  WriteOutput(a, Text([&](rapport_buffer* out, rapport_error* error) {
    return TextCallOf(a.format)(engine.get(), request.data(), request.size(), &read.options, out, error);
  }));
}

}  // namespace

void AddPlans(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* plan = Command(app, a, "plan", "Each rep's day: what must be done, then the best money under the minutes", "--day 2026-03-02 --days 3", Plan);
  plan->add_option("--day", a->day, "the day, ISO date")->required();
  plan->add_option("--days", a->days, "with the days after it; as the book's plan says, else 1")->check(CLI::Range(1, 14));
  plan->add_option("--rep", a->reps, "only these");
  plan->add_option("--team", a->team, "only the reps of this team");
  plan->add_option("--travel", a->travel, "a file: a JSON list of {from, to, minutes} between customers; \"\" is where the rep starts");
  AddKnownAt(plan, a);
  AddRead(plan, a, false);
  plan->add_option("--format", a->format, "table, json (an object a line), csv, ics (a calendar) or html (one page that needs nothing beside it)")
      ->check(CLI::IsMember({"table", "json", "csv", "ics", "html"}));
  plan->add_option("--output", a->output, "write to this file (default: standard output)");
  plan->add_option("--since", a->since, "ics: the --as-of of the calendar that the reader has; what is gone since is cancelled");
}

}  // namespace rapport_command
