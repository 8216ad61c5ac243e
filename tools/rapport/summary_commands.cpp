// What a file of purchases tells, without a book: summaries, RFM, cohorts.
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <limits>

#include "arguments.hpp"
#include "face.hpp"
#include "purchase_file.hpp"
#include "rapport_pure.h"

namespace rapport_command {
namespace {

constexpr std::int64_t kRowsAtOnce = 1 << 20;

// What these commands alone take.
struct PurchaseArguments {
  std::string file, customer = "customer", date = "date", amount, unit = "week", calibration_end, observation_end, refunds = "exclude", period = "month";
  std::string language = "en", format = "table";
  int bins = 5, threads = 1;
  bool later = false, partial = false;
};

PurchaseFile Open(const PurchaseArguments& a) {
  return PurchaseFile(a.file, a.customer, a.date, a.amount.empty() ? "amount" : a.amount, !a.amount.empty());
}

std::string Member(const std::string& name, const std::string& value) { return value.empty() ? "" : "," + JsonText(name) + ":" + JsonText(value); }

// A day of the command line as the C API counts it: read as the days of a file are.
std::int32_t DayNumber(const std::string& name, const std::string& text) {
  std::int32_t day = 0;
  if (!ParseIsoDay(text, day)) throw Failure(2, "--" + name + ": found \"" + text + "\", expected a date such as 2026-03-02");
  return day;
}

struct FreeSummary { void operator()(rapport_summary* summary) const { rapport_summary_free(summary); } };

void Summarize(const PurchaseArguments& a) {
  rapport_summarize_options options = RAPPORT_SUMMARIZE_OPTIONS_INIT;
  options.unit = a.unit.data(), options.unit_size = a.unit.size();
  options.refunds = a.refunds == "net" ? 1 : a.refunds == "error" ? 2 : 0;
  if (!a.calibration_end.empty()) options.has_calibration_end = 1, options.calibration_end = DayNumber("calibration-end", a.calibration_end);
  if (!a.observation_end.empty()) options.has_observation_end = 1, options.observation_end = DayNumber("observation-end", a.observation_end);
  rapport_summary* opened = nullptr;
  Do([&](rapport_error* error) { return rapport_summary_open(&options, nullptr, 0, &opened, error); });
  const std::unique_ptr<rapport_summary, FreeSummary> summary(opened);
  PurchaseFile file = Open(a);
  for (PurchaseRows rows; file.Read(kRowsAtOnce, rows);) {
    Do([&](rapport_error* error) {
      return rapport_summary_add(summary.get(), rows.offsets.data(), rows.customers.data(), nullptr, rows.days.data(),
                                 rows.amounts.empty() ? nullptr : rows.amounts.data(), rows.size(), a.threads, error);
    });
  }
  rapport_table *table = nullptr, *later = nullptr;
  Do([&](rapport_error* error) { return rapport_summary_table(summary.get(), a.threads, &table, &later, nullptr, error); });
  const Table summaries(table), late(later);
  Print(a.later ? late.get() : summaries.get(), a.format);
}

void Analyse(const PurchaseArguments& a, const std::string& request) {
  PurchaseFile file = Open(a);
  PurchaseRows rows;
  file.Read(std::numeric_limits<std::int64_t>::max(), rows);
  ArrowArrayStream stream = StreamOf(rows);
  Print(Rows([&](rapport_table** out, rapport_error* error) {
          return rapport_value_analyse(&stream, request.data(), request.size(), out, nullptr, error);
        }).get(), a.format);
}

std::string OfPurchases(const PurchaseArguments& a) {
  return Member("observation_end", a.observation_end) + Member("refunds", a.refunds) + ",\"threads\":" + std::to_string(a.threads) + "}";
}

void Rfm(const PurchaseArguments& a) { Analyse(a, "{\"ask\":\"rfm\",\"bins\":" + std::to_string(a.bins) + Member("language", a.language) + OfPurchases(a)); }
void Cohorts(const PurchaseArguments& a) {
  Analyse(a, "{\"ask\":\"cohorts\"" + Member("period", a.period) + (a.partial ? ",\"partial\":true" : "") + OfPurchases(a));
}

CLI::App* OnPurchases(CLI::App& app, const std::shared_ptr<PurchaseArguments>& a, const std::string& name, const std::string& about,
                      const std::string& example, void (*run)(const PurchaseArguments&)) {
  CLI::App* command = app.add_subcommand(name, about);
  command->add_option("FILE", a->file, "purchases as CSV with a header: a row a purchase, dates as 2026-03-02")->required();
  command->add_option("--customer", a->customer, "the column of customers (default customer)");
  command->add_option("--date", a->date, "the column of days (default date)");
  command->add_option("--amount", a->amount, "the column of money (default amount, where there is one)");
  command->add_option("--observation-end", a->observation_end, "the last day that counts (default that of the last purchase)");
  command->add_option("--refunds", a->refunds, "negative amounts: exclude, net (taken off their day) or error")->check(CLI::IsMember({"exclude", "net", "error"}));
  command->add_option("--threads", a->threads, "how many (default 1); the answer is the same")->check(CLI::Range(1, 256));
  command->add_option("--format", a->format, "table, json (an object a line) or csv")->check(CLI::IsMember({"table", "json", "csv"}));
  command->footer("Example:\n  rapport " + name + " purchases.csv " + example);
  command->callback([a, run] { run(*a); });
  return command;
}

}  // namespace

void AddSummaries(CLI::App& app) {
  const auto a = std::make_shared<PurchaseArguments>();
  CLI::App* summarize = OnPurchases(app, a, "summarize", "A row a customer: how often, how lately, for how long, for how much", "--unit week --calibration-end 2026-06-30",
                                    Summarize);
  summarize->add_option("--unit", a->unit, "of times: day, week (default), month, quarter or year");
  summarize->add_option("--calibration-end", a->calibration_end, "also what came after this day");
  summarize->add_flag("--later", a->later, "instead who came after the calibration, and when");
  CLI::App* rfm = OnPurchases(app, a, "rfm", "Scores of recency, frequency and money, and segments", "--bins 5 --lang en", Rfm);
  rfm->add_option("--bins", a->bins, "how many scores (default 5)");
  rfm->add_option("--lang", a->language, "en, ja, ko or zh");
  CLI::App* cohorts = OnPurchases(app, a, "cohorts", "Who came in the same period, and what became of them", "--period month --format csv", Cohorts);
  cohorts->add_option("--period", a->period, "month (default), quarter or year");
  cohorts->add_flag("--partial", a->partial, "also the last period, as far as it went");
}

}  // namespace rapport_command
