// Models of the customer base on files: fits and predictions of what `rapport summarize` prints. No book is needed.
#include <CLI/CLI.hpp>
#include <cmath>
#include <limits>
#include <optional>

#include "arguments.hpp"
#include "columns.hpp"
#include "face.hpp"

namespace rapport_command {
namespace {

struct ValueArguments {
  std::string file, model, spend, output, format = "table";
  double horizon = 52, start = 0, level = 0, discount_rate = 0, period = 1;
  int k = 0, periods = 0, threads = 1;
};

// What goes wrong inside is told with the file it came from.
template <class Call>
auto Of(const std::string& file, Call&& call) {
  try {
    return call();
  } catch (const Failure& failure) {
    throw Failure(failure.exit_code, file + ": " + failure.what());
  }
}

// Columns of a summary as the C API takes them; `kept` owns the numbers.
struct Customers {
  std::vector<std::string> names;
  std::vector<std::vector<double>> kept;
  rapport_value_columns columns = RAPPORT_VALUE_COLUMNS_INIT;
};

const double* Keep(Customers& customers, std::optional<std::vector<double>> numbers) {
  if (!numbers.has_value()) return nullptr;
  customers.kept.push_back(*std::move(numbers));
  return customers.kept.back().data();
}

// `money` and `times`: what the model cannot do without.
Customers ReadCustomers(const std::string& path, bool times, bool money) {
  const DelimitedText text = DelimitedText::Read(path);
  Customers customers;
  customers.kept.reserve(5);
  customers.names = text.Texts({"customer", "customer_id", "ID"});
  customers.columns.n = static_cast<int64_t>(text.rows());
  customers.columns.frequency = Keep(customers, text.Numbers({"frequency", "x"}, true));
  customers.columns.recency = Keep(customers, text.Numbers({"recency", "t_x"}, times));
  customers.columns.age = Keep(customers, text.Numbers({"age", "T", "opportunities", "n_periods"}, times));
  customers.columns.monetary = Keep(customers, text.Numbers({"monetary", "monetary_value", "zbar"}, money));
  customers.columns.weights = Keep(customers, text.Numbers({"weights", "weight"}, false));
  return customers;
}

void PrintFit(const std::string& model, const std::string& format) {
  if (format == "json") return PrintText(model);
  std::vector<Column> columns{{"parameter", {}, {}}, {"estimate", {}, {}}, {"standard_error", {}, {}}};
  for (const auto& [name, value] : NumbersOf(model, "params")) {
    columns[0].texts.push_back(name);
    columns[1].numbers.push_back(value);
    columns[2].numbers.push_back(NumberOf(model, "standard_errors", name));
  }
  PrintColumns(columns, format);
  if (format != "table") return;
  std::printf("log-likelihood %.6f, AIC %.4f, BIC %.4f, %.10g customers\n", NumberOf(model, "log_likelihood"), NumberOf(model, "aic"), NumberOf(model, "bic"),
              NumberOf(model, "customers"));
  PrintText(TextOf(model, "diagnosis"));
}

void Fit(const ValueArguments& a) {
  const bool spend = a.model == "gamma_gamma";
  const Customers customers = ReadCustomers(a.file, !spend, spend);
  const std::string options = a.k > 0 ? "{\"k\":" + std::to_string(a.k) + "}" : "";
  const std::string model = Of(a.file, [&] {
    return Text([&](rapport_buffer* out, rapport_error* error) {
      return rapport_value_fit(a.model.data(), a.model.size(), &customers.columns, options.data(), options.size(), out, error);
    });
  });
  if (!a.output.empty()) WriteText(a.output, model + "\n");
  PrintFit(model, a.format);
}

std::vector<double> Predict(const std::string& model, const Customers& customers, const std::string& question) {
  std::vector<double> out(static_cast<size_t>(customers.columns.n));
  Do([&](rapport_error* error) {
    return rapport_value_predict(model.data(), model.size(), question.data(), question.size(), &customers.columns, out.data(), error);
  });
  return out;
}

void AddExpected(const ValueArguments& a, const std::string& model, const Customers& customers, std::vector<Column>& columns) {
  const std::string question = "\"quantity\":\"expected_purchases\",\"horizon\":" + ShortNumber(a.horizon) + ",\"start\":" + ShortNumber(a.start) +
                               ",\"threads\":" + std::to_string(a.threads);
  if (a.level <= 0) return columns.push_back({"expected_purchases", {}, Predict(model, customers, "{" + question + "}")});
  const auto size = static_cast<size_t>(customers.columns.n);
  std::vector<double> estimate(size), low(size), high(size);
  const std::string asked = "{" + question + ",\"level\":" + ShortNumber(a.level) + "}";
  Do([&](rapport_error* error) {
    return rapport_value_interval(model.data(), model.size(), asked.data(), asked.size(), &customers.columns, nullptr, estimate.data(), low.data(), high.data(),
                                  error);
  });
  columns.push_back({"expected_purchases", {}, std::move(estimate)});
  columns.push_back({"low", {}, std::move(low)});
  columns.push_back({"high", {}, std::move(high)});
}

std::vector<double> LifetimeValue(const ValueArguments& a, const std::string& model, const Customers& customers) {
  const std::string spend = a.spend.empty() ? "" : ReadDocument(a.spend);
  const std::string terms = "{\"periods\":" + std::to_string(a.periods) + ",\"discount_rate\":" + ShortNumber(a.discount_rate) +
                            ",\"period\":" + ShortNumber(a.period) + ",\"threads\":" + std::to_string(a.threads) + "}";
  std::vector<double> out(static_cast<size_t>(customers.columns.n));
  Do([&](rapport_error* error) {
    return rapport_value_lifetime_value(model.data(), model.size(), spend.data(), spend.size(), terms.data(), terms.size(), &customers.columns, out.data(), error);
  });
  return out;
}

void PredictAll(const ValueArguments& a) {
  if (!a.spend.empty() && a.periods < 1) throw Failure(2, "--spend needs --periods");
  const std::string model = ReadDocument(a.model);
  const Customers customers = ReadCustomers(a.file, true, a.periods > 0);
  std::vector<Column> columns;
  if (!customers.names.empty()) columns.push_back({"customer", customers.names, {}});
  Of(a.file, [&] {
    columns.push_back({"probability_alive", {}, Predict(model, customers, "{\"quantity\":\"probability_alive\",\"threads\":" + std::to_string(a.threads) + "}")});
    AddExpected(a, model, customers, columns);
    if (a.periods > 0) columns.push_back({"lifetime_value", {}, LifetimeValue(a, model, customers)});
    return 0;
  });
  PrintColumns(columns, a.format);
}

CLI::App* Part(CLI::App* value, const std::shared_ptr<ValueArguments>& a, const char* name, const char* about, const std::string& example,
               void (*run)(const ValueArguments&)) {
  CLI::App* part = value->add_subcommand(name, about);
  part->footer("Example:\n  rapport value " + std::string(name) + " " + example);
  part->add_option("--format", a->format, "table, json or csv")->check(CLI::IsMember({"table", "json", "csv"}));
  part->callback([a, run] { run(*a); });
  return part;
}

void AddFit(CLI::App* value, const std::shared_ptr<ValueArguments>& a) {
  CLI::App* part = Part(value, a, "fit", "Fit a model to customers: parameters, standard errors, what to make of them",
                        "summary.csv --model bg_nbd --output fitted.json", Fit);
  part->add_option("SUMMARY", a->file, "delimited text with frequency, recency, age (of gamma_gamma frequency, monetary), a row a customer")->required();
  part->add_option("--model", a->model, "nbd, bg_nbd, mbg_nbd, pareto_nbd, ggompertz_nbd, bg_cnbd_k, mbg_cnbd_k, bg_bb or gamma_gamma")->required();
  part->add_option("--k", a->k, "of bg_cnbd_k and mbg_cnbd_k: how regular (default: the likeliest)")->check(CLI::Range(1, 1000));
  part->add_option("--output", a->output, "write the model here, for predict");
}

void AddPredict(CLI::App* value, const std::shared_ptr<ValueArguments>& a) {
  CLI::App* part = Part(value, a, "predict", "What customers will do: still there, purchases, with --periods their value",
                        "summary.csv --model fitted.json --horizon 52 [--level 0.95] [--spend spend.json --periods 12 --period 4.345 --discount-rate 0.01]",
                        PredictAll);
  part->add_option("SUMMARY", a->file, "the customers, as for fit")->required();
  part->add_option("--model", a->model, "what fit wrote")->required();
  part->add_option("--horizon", a->horizon, "how far ahead, in the model's unit (default 52)");
  part->add_option("--start", a->start, "count from then on (default 0: now)");
  part->add_option("--level", a->level, "adds the interval of that level, such as 0.95")->check(CLI::Range(0.0, 1.0));
  part->add_option("--periods", a->periods, "adds the value of so many periods")->check(CLI::Range(1, 10000));
  part->add_option("--period", a->period, "the length of one, in the model's unit (default 1)");
  part->add_option("--discount-rate", a->discount_rate, "a period (default 0)");
  part->add_option("--spend", a->spend, "a fitted gamma_gamma (default: monetary is what a purchase is worth)");
  part->add_option("--threads", a->threads, "the numbers are the same")->check(CLI::Range(1, 1024));
}

}  // namespace

void AddValue(CLI::App& app) {
  const auto a = std::make_shared<ValueArguments>();
  CLI::App* value = app.add_subcommand("value", "Models of the customer base on files: fit, predict");
  value->footer("Example:\n  rapport value fit summary.csv --model pareto_nbd --output fitted.json\n  rapport value predict summary.csv --model fitted.json --horizon 52");
  value->require_subcommand(1);
  AddFit(value, a);
  AddPredict(value, a);
}

}  // namespace rapport_command
