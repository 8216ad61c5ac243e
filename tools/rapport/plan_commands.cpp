// Each rep's day.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "face.hpp"

namespace rapport_command {
namespace {

std::string Quoted(const std::string& text) {
  const std::string list = JsonList({text});
  return list.substr(1, list.size() - 2);
}

std::string RequestOf(const Arguments& a) {
  std::string request = "{\"day\":" + Quoted(a.day);
  if (a.days > 0) request += ",\"days\":" + std::to_string(a.days);
  if (!a.reps.empty()) request += ",\"reps\":" + JsonList(a.reps);
  if (!a.team.empty()) request += ",\"team\":" + Quoted(a.team);
  if (!a.travel.empty()) request += ",\"travel\":" + ReadDocument(a.travel);
  return request + "}";
}

void Plan(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  const std::string request = RequestOf(a);
  if (a.format == "table") {
    const std::string text = Text([&](rapport_buffer* out, rapport_error* error) {
      return rapport_engine_plan_days_text(engine.get(), request.data(), request.size(), &read.options, out, error);
    });
    std::fwrite(text.data(), 1, text.size(), stdout);
    return;
  }
  Print(Rows([&](rapport_table** out, rapport_error* error) {
          return rapport_engine_plan_days(engine.get(), request.data(), request.size(), &read.options, out, error);
        }).get(), a.format);
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
  AddFormat(plan, a);
}

}  // namespace rapport_command
