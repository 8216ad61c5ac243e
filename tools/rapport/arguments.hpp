// Floor 10. What most subcommands share: their arguments, and how a subcommand is declared.
#ifndef RAPPORT_TOOLS_ARGUMENTS_HPP_
#define RAPPORT_TOOLS_ARGUMENTS_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rapport.h"

namespace CLI {
class App;
}

namespace rapport_command {

// Lives as long as the parser.
struct Arguments {
  std::string book, file, mapping, rejects, as_of, known_at, day, policy, language = "en", format = "table", followup, rule;
  std::string model = "bg_nbd", unit = "week", batch, at, customer, kind = "events", truth, start, end, zone, against, refit, show = "days";
  std::string rep, product, due, team, travel, answers, by, receipt, since, output, line, reason, ask = "origins";
  double quantity = 0, confidence = 0.9;
  std::int64_t work_minutes = -1;
  bool kept = false;
  std::int64_t after = 0, days = 0, years = 2, reps_count = 10, customer_count = 1000, weeks = 8, months = 0;
  std::vector<std::string> reps, customers, columns, said;
  std::int64_t max_rejects = 0;
  std::uint64_t seed = 0;
  bool dry_run = false, inspect = false, whole_book = false, correct = false, only_purchases = false, schema = false, list = false, form = false, for_managers = false, by_rep = false;
};

// A JSON text, and a JSON array of texts, with what has to be escaped escaped.
std::string JsonText(const std::string& text);
std::string JsonList(const std::vector<std::string>& texts);

// Owns the texts that the options point into.
struct ReadArguments {
  explicit ReadArguments(const Arguments& a);
  std::string policy, customers;
  rapport_read_options options = RAPPORT_READ_OPTIONS_INIT;
};

// Prints the table that a read of the book answers.
using ReadCall = rapport_status (*)(rapport_engine*, const rapport_read_options*, rapport_table**, rapport_error*);
void PrintAnswer(const Arguments& a, ReadCall ask);
template <ReadCall ask>
void PrintAnswerOf(const Arguments& a) { PrintAnswer(a, ask); }

// A subcommand on a BOOK, with an example in its help.
CLI::App* Command(CLI::App& app, const std::shared_ptr<Arguments>& a, const std::string& name, const std::string& about,
                  const std::string& example, void (*run)(const Arguments&));
void AddFormat(CLI::App* command, const std::shared_ptr<Arguments>& a);
void AddKnownAt(CLI::App* command, const std::shared_ptr<Arguments>& a);
void AddRead(CLI::App* command, const std::shared_ptr<Arguments>& a, bool need_as_of);

inline constexpr char kMoment[] = "--as-of 2026-03-02T08:00:00+09:00";

// What a rep's day asks for.
void AddPlans(CLI::App& app, const std::shared_ptr<Arguments>& a);
// The subcommands of one contact: its card and its outcome.
void AddCards(CLI::App& app, const std::shared_ptr<Arguments>& a);
// The subcommands of relationships.
// The subcommands of relationships, and those of briefs and reports.
void AddRelationships(CLI::App& app, const std::shared_ptr<Arguments>& a);
void AddBriefs(CLI::App& app, const std::shared_ptr<Arguments>& a);
// value: models on files, without a book.
void AddValue(CLI::App& app);
// economics.
void AddEconomics(CLI::App& app, const std::shared_ptr<Arguments>& a);
// report-trust.
void AddTrust(CLI::App& app, const std::shared_ptr<Arguments>& a);
// summarize, rfm, cohorts: of a file of purchases, without a book.
void AddSummaries(CLI::App& app);

}  // namespace rapport_command

#endif  // RAPPORT_TOOLS_ARGUMENTS_HPP_
