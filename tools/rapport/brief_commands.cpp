// What an office reads of itself: the morning's brief, whether plans are kept, the report, letters; and the owner's word on what waits for it.
#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "face.hpp"

namespace rapport_command {
namespace {

void Brief(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  const auto ask = a.format == "json" ? rapport_engine_brief : rapport_engine_brief_text;
  PrintText(Text([&](rapport_buffer* out, rapport_error* error) {
    return ask(engine.get(), a.rep.data(), a.rep.size(), a.day.data(), a.day.size(), &read.options, out, error);
  }));
}

void Report(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  const auto ask = a.format == "json" ? rapport_engine_report : rapport_engine_report_text;
  PrintText(Text([&](rapport_buffer* out, rapport_error* error) { return ask(engine.get(), &read.options, out, error); }));
}

void Adherence(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  const std::string reps = a.reps.empty() ? "" : JsonList(a.reps);
  Print(Rows([&](rapport_table** out, rapport_error* error) {
          return rapport_engine_adherence(engine.get(), &read.options, a.weeks, reps.data(), reps.size(), out, error);
        }).get(), a.format);
}
// The owner's word: `words` is the line of an approval, the reason of what is withheld.
void Rule(const Arguments& a, const std::string& word, const std::string& words) {
  const Engine engine = OpenBook(a.book, false);
  int64_t appended = 0;
  Do([&](rapport_error* error) {
    return rapport_engine_answer(engine.get(), a.followup.data(), a.followup.size(), word.data(), word.size(), a.at.data(), a.at.size(), nullptr, 0,
                                 a.by.data(), a.by.size(), words.empty() ? nullptr : words.data(), words.size(), &appended, error);
  });
  std::printf("{\"appended\":%lld}\n", static_cast<long long>(appended));
}
void Approve(const Arguments& a) { Rule(a, "approve", a.line); }
void Withhold(const Arguments& a) { Rule(a, "withhold", a.reason); }

CLI::App* AddRuling(CLI::App& app, const std::shared_ptr<Arguments>& a, const std::string& name, const std::string& about, const std::string& example,
                    void (*run)(const Arguments&)) {
  CLI::App* ruling = Command(app, a, name, about, "f3b0c44298fc1c149afbf4c8996fb924 --by r-sato --at 2026-03-02T09:00:00+09:00" + example, run);
  ruling->add_option("FOLLOWUP", a->followup, "its id")->required();
  ruling->add_option("--by", a->by, "who rules: of a letter the customer's owner")->required();
  ruling->add_option("--at", a->at, "when it is said, RFC 3339 with offset")->required();
  return ruling;
}

}  // namespace

void AddBriefs(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* brief = Command(app, a, "brief", "What became known since a team, or a rep, last worked", "Fukuoka --day 2026-03-02", Brief);
  brief->add_option("TEAM_OR_REP", a->rep, "a rep's id, or a team's name")->required();
  brief->add_option("--day", a->day, "the day, as 2026-03-02")->required();
  brief->add_option("--as-of", a->as_of, "as known then (default: the start of the day, of a team in the book's zone)");
  AddKnownAt(brief, a);
  brief->add_option("--lang", a->language, "en, ja, ko or zh");
  brief->add_option("--format", a->format, "table (as people read it) or json")->check(CLI::IsMember({"table", "json"}));

  CLI::App* report = Command(app, a, "report", "How the office looks after its customers, the last 30 days beside the 30 before", kMoment, Report);
  AddRead(report, a, true);
  AddKnownAt(report, a);
  report->add_option("--format", a->format, "table (as people read it) or json")->check(CLI::IsMember({"table", "json"}));

  CLI::App* adherence = Command(app, a, "adherence", "Planned and done by team, rep and whole week, and whether it slips; for managers", kMoment, Adherence);
  adherence->add_option("--weeks", a->weeks, "how many whole weeks before --as-of");
  adherence->add_option("--rep", a->reps, "only these");
  AddRead(adherence, a, true);
  AddKnownAt(adherence, a);
  AddFormat(adherence, a);

  CLI::App* letters = Command(app, a, "letters", "Letters that are open and what each waits for, and who had enough this year", kMoment,
                              PrintAnswerOf<rapport_engine_letters>);
  AddRead(letters, a, true);
  AddKnownAt(letters, a);
  AddFormat(letters, a);

  CLI::App* approve = AddRuling(app, a, "approve", "The owner lets a follow-up go that waits for his word; a letter with a line of its own",
                                " --line \"The cherry trees behind your house must be out.\"", Approve);
  approve->add_option("--line", a->line, "what only this customer reads; no letter goes without");
  CLI::App* withhold = AddRuling(app, a, "withhold", "The owner does not let it go: it ends", " --reason \"they move house\"", Withhold);
  withhold->add_option("--reason", a->reason, "why, in his words (private)");
}

}  // namespace rapport_command
