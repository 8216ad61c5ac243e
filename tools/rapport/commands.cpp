#include "commands.hpp"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "face.hpp"

namespace rapport_command {

Engine OpenBook(const std::string& path, bool create) {
  rapport_open_options options = RAPPORT_OPEN_OPTIONS_INIT;
  options.create = create ? 1 : 0;
  rapport_engine* engine = nullptr;
  Do([&](rapport_error* error) { return rapport_engine_open(path.data(), path.size(), &options, &engine, error); });
  return Engine(engine);
}

std::string ReadFile(const std::string& path) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) throw Failure(errno == ENOENT ? 1 : 3, path + ": " + std::strerror(errno));
  std::string text;
  char buffer[1 << 14];
  while (const size_t read = std::fread(buffer, 1, sizeof buffer, file.get())) text.append(buffer, read);
  if (std::ferror(file.get()) != 0) throw Failure(3, path + ": " + std::strerror(errno));
  return text;
}

std::string ReadDocument(const std::string& path) {
  std::string text = ReadFile(path);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) throw Failure(1, path + ": found an empty file, expected a JSON document");
  return text;
}

void PrintText(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (!text.ends_with('\n')) std::fputc('\n', stdout);
}

void WriteText(const std::string& path, const std::string& text) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wb"), &std::fclose);
  if (file == nullptr || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || std::fflush(file.get()) != 0) {
    throw Failure(3, path + ": " + std::strerror(errno));
  }
}

std::string VersionText() {
  return Text([](rapport_buffer* out, rapport_error* error) { return rapport_build_info(out, error); });
}

namespace {

void PrintLine(const std::string& text) { std::printf("%s\n", text.c_str()); }

// The number behind "key": in a flat canonical object that the engine wrote.
std::string Member(const std::string& json, const std::string& key) {
  const size_t at = json.find("\"" + key + "\":");
  if (at == std::string::npos) return "?";
  const size_t from = at + key.size() + 3;
  return json.substr(from, json.find_first_of(",}", from) - from);
}

// The texts of "sentences": in a canonical object that the engine wrote.
std::vector<std::string> Sentences(const std::string& json) {
  std::vector<std::string> sentences;
  size_t at = json.find("\"sentences\":[");
  if (at == std::string::npos) return sentences;
  at = json.find('[', at) + 1;
  while (at < json.size() && json[at] == '"') {
    std::string text;
    for (++at; at < json.size() && json[at] != '"'; ++at) text += json[at] == '\\' ? json[++at] : json[at];
    sentences.push_back(std::move(text));
    at += 2;   // the quote and the comma
  }
  return sentences;
}

// A shipped mapping's name, or a file's text.
std::string MappingText(const std::string& mapping) {
  if (mapping.empty() || std::filesystem::exists(mapping)) return mapping.empty() ? "" : ReadDocument(mapping);
  return mapping;
}

void Inspect(const Arguments& a) {
  PrintLine(Text([&](rapport_buffer* out, rapport_error* error) { return rapport_import_inspect(a.file.data(), a.file.size(), out, error); }));
}

void Import(const Arguments& a) {
  if (a.inspect) return Inspect(a);
  const std::string mapping = MappingText(a.mapping);
  rapport_import_options options = RAPPORT_IMPORT_OPTIONS_INIT;
  options.dry_run = a.dry_run ? 1 : 0;
  options.max_rejects = a.max_rejects;
  options.own_events = a.whole_book ? 1 : 0;
  // A dry run, or a file that cannot be read, makes no book.
  const bool exists = std::filesystem::exists(a.book);
  if (!exists) ReadFile(a.file);
  const Engine engine = OpenBook(a.dry_run && !exists ? "" : a.book, true);
  const std::string receipt = Text([&](rapport_buffer* out, rapport_error* error) {
    return rapport_engine_import(engine.get(), a.file.data(), a.file.size(), mapping.data(), mapping.size(), &options, out, error);
  });
  if (!a.rejects.empty()) WriteText(a.rejects, receipt);
  if (a.format == "json") return PrintLine(receipt);
  PrintLine(Member(receipt, "rows") + " rows, " + Member(receipt, "events") + " events: " + Member(receipt, "accepted") +
            " new, " + Member(receipt, "duplicates") + " known already" + (a.dry_run ? " (dry run: nothing was stored)" : ""));
  const std::string quoted = Member(receipt, "batch");
  if (a.dry_run || quoted == "null") return;
  const std::string batch = quoted.substr(1, quoted.size() - 2);
  PrintLine("batch " + batch + "; to take it back: rapport retract " + a.book + " " + batch);
}

void Retract(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const std::string receipt = Text([&](rapport_buffer* out, rapport_error* error) {
    return rapport_engine_retract_batch(engine.get(), a.batch.data(), a.batch.size(), a.at.data(), a.at.size(), out, error);
  });
  PrintLine(Member(receipt, "accepted") == "1" ? "retracted: its events are stored and count no more" : "was retracted before");
}

void Erase(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const std::string receipt = Text([&](rapport_buffer* out, rapport_error* error) {
    return rapport_engine_erase(engine.get(), a.customer.data(), a.customer.size(), a.at.data(), a.at.size(), out, error);
  });
  PrintLine("erased: the text of " + Member(receipt, "events") + " events");
}

void Backup(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  Do([&](rapport_error* error) { return rapport_engine_backup(engine.get(), a.file.data(), a.file.size(), error); });
  PrintLine("copied to " + a.file);
}

void Simulate(const Arguments& a) {
  std::string options = "{\"seed\":" + std::to_string(a.seed) + ",\"customers\":" + std::to_string(a.customer_count) +
                        ",\"years\":" + std::to_string(a.years) + ",\"reps\":" + std::to_string(a.reps_count) +
                        (a.only_purchases ? ",\"only_purchases\":true" : "");
  for (const auto& [key, value] : {std::pair("start", &a.start), std::pair("zone", &a.zone)}) {
    if (!value->empty()) options += std::string(",\"") + key + "\":" + JsonList({*value}).substr(1, JsonList({*value}).size() - 2);
  }
  options += "}";
  rapport_buffer truth = RAPPORT_BUFFER_INIT;
  const std::string events = Text([&](rapport_buffer* out, rapport_error* error) {
    return rapport_simulate(options.data(), options.size(), out, a.truth.empty() ? nullptr : &truth, error);
  });
  std::fwrite(events.data(), 1, events.size(), stdout);
  if (a.truth.empty()) return;
  const std::string known(truth.data, truth.size);
  rapport_buffer_dispose(&truth);
  WriteText(a.truth, known);
}

void Fit(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  if (a.model == "all") {
    return Print(Rows([&](rapport_table** out, rapport_error* error) {
      return rapport_engine_fit_all(engine.get(), a.as_of.data(), a.as_of.size(), a.unit.data(), a.unit.size(), out, error);
    }).get(), a.format);
  }
  const std::string receipt = Text([&](rapport_buffer* out, rapport_error* error) {
    return rapport_engine_fit(engine.get(), a.model.data(), a.model.size(), a.as_of.data(), a.as_of.size(), a.unit.data(), a.unit.size(),
                              out, error);
  });
  if (a.format == "json") return PrintLine(receipt);
  std::string line = a.model + ", " + Member(receipt, "customers") + " customers";
  const std::size_t begin = receipt.find("\"params\":{");   // of models that have parameters
  if (begin != std::string::npos) {
    const std::string parameters = receipt.substr(begin + 10);
    line += ": " + parameters.substr(0, parameters.find('}')) + ", log-likelihood " + Member(receipt, "log_likelihood");
  }
  PrintLine(line + (Member(receipt, "appended") == "true" ? "" : " (recorded before)"));
}

void Tick(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  const std::string receipt = Text([&](rapport_buffer* out, rapport_error* error) { return rapport_engine_tick(engine.get(), &read.options, out, error); });
  if (a.format == "json") return PrintLine(receipt);
  PrintLine("issued " + Member(receipt, "issued") + ", changed " + Member(receipt, "changed") + ", withdrawn " +
            Member(receipt, "withdrawn") + ", expired " + Member(receipt, "expired"));
}

void SignalList(const Arguments& a) {
  Print(Rows([&](rapport_table** out, rapport_error* error) { return rapport_signal_list(a.language.data(), a.language.size(), out, error); }).get(), a.format);
}

void Signals(const Arguments& a) {
  if (a.list) return SignalList(a);
  if (a.book.empty() || a.as_of.empty()) throw Failure(2, "BOOK and --as-of are missing, or --list");
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  const std::string columns = a.columns.empty() ? "" : JsonList(a.columns);
  Print(Rows([&](rapport_table** out, rapport_error* error) {
          return rapport_engine_signals(engine.get(), &read.options, columns.data(), columns.size(), out, error);
        }).get(), a.format);
}

// "name":"text", with what has to be escaped escaped.
std::string TextMember(const std::string& name, const std::string& text) {
  const std::string list = JsonList({text});
  return "\"" + name + "\":" + list.substr(1, list.size() - 2);
}

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

// What may be promised; with --due whether to take an order.
void AskPromise(const Arguments& a, const Engine& engine) {
  std::string request = "{" + TextMember("rep", a.rep) + "," + TextMember("as_of", a.as_of) + ",\"confidence\":" + Number(a.confidence);
  if (!a.product.empty()) request += "," + TextMember("product", a.product);
  if (a.quantity != 0) request += ",\"quantity\":" + Number(a.quantity);
  if (a.work_minutes >= 0) request += ",\"work_minutes\":" + std::to_string(a.work_minutes);
  if (!a.known_at.empty()) request += "," + TextMember("known_at", a.known_at);
  if (!a.due.empty()) request += "," + TextMember("due", a.due);
  if (!a.due.empty() && !a.customers.empty()) request += "," + TextMember("customer", a.customers.front());
  request += "}";
  const std::string answer = Text([&](rapport_buffer* out, rapport_error* error) {
    const auto ask = a.due.empty() ? rapport_engine_advise_promise : rapport_engine_accept_order;
    return ask(engine.get(), request.data(), request.size(), a.language.data(), a.language.size(), out, error);
  });
  std::printf("%s\n", answer.c_str());
}

void Promises(const Arguments& a) {
  if (!a.rep.empty()) return AskPromise(a, OpenBook(a.book, false));
  PrintAnswer(a, a.kept ? rapport_engine_kept_shares : rapport_engine_promises);
}

void Coverage(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  if (a.as_of.empty() && !a.known_at.empty()) throw Failure(2, "--known-at needs --as-of");
  Print(Rows([&](rapport_table** out, rapport_error* error) { return rapport_engine_coverage(engine.get(), &read.options, out, error); }).get(), a.format);
}

void Explain(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  const rapport_read_options* at = a.as_of.empty() ? nullptr : &read.options;
  if (at == nullptr && !(a.known_at.empty() && a.policy.empty())) throw Failure(2, "--known-at and --policy need --as-of");
  if (!a.customer.empty() || !a.rule.empty()) {
    if (a.customer.empty() || a.rule.empty() || at == nullptr || !a.followup.empty()) {
      throw Failure(2, "a rule that asks nothing is explained by --customer, --rule and --as-of together, without FOLLOWUP");
    }
    return PrintLine(Text([&](rapport_buffer* out, rapport_error* error) {
      return rapport_engine_why_not(engine.get(), a.customer.data(), a.customer.size(), a.rule.data(), a.rule.size(), at, out, error);
    }));
  }
  if (a.followup.empty()) throw Failure(2, "FOLLOWUP is missing, or --customer and --rule for what was not issued");
  PrintLine(Text([&](rapport_buffer* out, rapport_error* error) {
    return rapport_engine_explain(engine.get(), a.followup.data(), a.followup.size(), a.language.data(), a.language.size(), at, out, error);
  }));
}

// Prints one of the tables; the summary's sentences follow, for people.
void Backtest(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  const std::string against = a.against.empty() ? "" : ReadDocument(a.against);
  rapport_table* table = nullptr;
  rapport_table** days = a.show == "days" ? &table : nullptr;
  rapport_table** rules = a.show == "rules" ? &table : nullptr;
  rapport_table** people = a.show == "people" ? &table : nullptr;
  const std::string summary = Text([&](rapport_buffer* out, rapport_error* error) {
    return rapport_engine_backtest(engine.get(), a.start.data(), a.start.size(), a.end.data(), a.end.size(), against.data(), against.size(), a.refit.data(),
                                   a.refit.size(), &read.options, days, rules, people, out, error);
  });
  if (table == nullptr) return PrintLine(summary);
  Print(Table(table).get(), a.format);
  if (a.format != "table") return;
  for (const std::string& sentence : Sentences(summary)) PrintLine(sentence);
}

void Export(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  if (a.kind == "subject") {
    return PrintLine(Text([&](rapport_buffer* out, rapport_error* error) {
      return rapport_engine_subject(engine.get(), a.customer.data(), a.customer.size(), out, error);
    }));
  }
  if (a.kind != "events") {
    return Print(Rows([&](rapport_table** out, rapport_error* error) {
      return rapport_engine_event_table(engine.get(), a.kind.data(), a.kind.size(), a.known_at.data(), a.known_at.size(), out, error);
    }).get(), a.format);
  }
  rapport_export_options options = RAPPORT_EXPORT_OPTIONS_INIT;
  options.after = a.after;
  options.known_at = a.known_at.data();
  options.known_at_size = a.known_at.size();
  options.subject = a.customer.data();
  options.subject_size = a.customer.size();
  const std::string lines = Text([&](rapport_buffer* out, rapport_error* error) {
    return rapport_engine_export(engine.get(), &options, out, error);
  });
  std::fwrite(lines.data(), 1, lines.size(), stdout);
}

// The texts behind "key": in each object of a canonical list whose values are texts alone; what is escaped but for quotes stays so.
std::vector<std::string> Members(const std::string& json, const std::string& key) {
  std::vector<std::string> found;
  const std::string mark = "\"" + key + "\":\"";
  for (size_t at = json.find(mark); at != std::string::npos; at = json.find(mark, at)) {
    std::string& text = found.emplace_back();
    for (at += mark.size(); json[at] != '"'; ++at) {
      const bool quoted = json[at] == '\\' && (json[at + 1] == '"' || json[at + 1] == '\\');
      if (quoted) ++at;
      text += json[at];
    }
  }
  return found;
}

void CheckPolicy(const Arguments& a) {
  const std::string text = ReadDocument(a.file);
  const std::string problems = Text([&](rapport_buffer* out, rapport_error* error) { return rapport_policy_check(text.data(), text.size(), out, error); });
  const std::vector<std::string> tokens = Members(problems, "token"), pointers = Members(problems, "pointer");
  const std::vector<std::string> found = Members(problems, "found"), expected = Members(problems, "expected");
  std::string lines;
  for (size_t i = 0; i < tokens.size(); ++i) {
    lines += (i == 0 ? "" : "\nrapport: ") + a.file + ": " + (pointers[i].empty() ? "the document" : pointers[i]) + ": found " + found[i] + ", expected " +
             expected[i] + " [" + tokens[i] + "]";
  }
  if (!lines.empty()) throw Failure(1, lines);
  const std::string sentences = Text([&](rapport_buffer* out, rapport_error* error) {
    return rapport_policy_describe(text.data(), text.size(), a.language.data(), a.language.size(), out, error);
  });
  std::fwrite(sentences.data(), 1, sentences.size(), stdout);
}

void Policy(const Arguments& a) {
  if (a.schema != a.file.empty()) throw Failure(2, "policy: found " + std::string(a.schema ? "both" : "neither") + ", expected a FILE or --schema");
  if (!a.schema) return CheckPolicy(a);
  PrintLine(Text([&](rapport_buffer* out, rapport_error* error) { return rapport_policy_schema(a.language.data(), a.language.size(), out, error); }));
}

void Check(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  Do([&](rapport_error* error) { return rapport_engine_check(engine.get(), error); });
  PrintLine("sound: digests, chain and store agree");
}

void AddKeeping(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* import = Command(app, a, "import", "Append the events of a file, all or nothing", "orders.csv --mapping orders.json", Import);
  import->add_option("FILE", a->file, "NDJSON events, or delimited text with --mapping")->required();
  import->add_option("--mapping", a->mapping, "the mapping of a delimited file: a document, or a shipped one such as shopify-orders");
  import->add_flag("--inspect", a->inspect, "say what the file seems to hold, propose a mapping, store nothing");
  import->add_flag("--whole-book", a->whole_book, "take the engine's own events too: an export read back");
  import->add_flag("--dry-run", a->dry_run, "read and check, store nothing");
  import->add_option("--max-rejects", a->max_rejects, "rows that may be left out (default 0: one refuses the file)");
  import->add_option("--rejects", a->rejects, "write the receipt with the rejected rows here");
  AddFormat(import, a);

  CLI::App* retract = Command(app, a, "retract", "Take all events of an import back", "b-1f0c2a", Retract);
  retract->add_option("BATCH", a->batch, "as import printed it")->required();
  retract->add_option("--at", a->at, "from when on (default: the latest moment known)");

  CLI::App* erase = Command(app, a, "erase", "Delete a customer's text for good", "c-17 --at 2026-03-02T08:00:00+09:00", Erase);
  erase->add_option("CUSTOMER", a->customer, "whose")->required();
  erase->add_option("--at", a->at, "when, RFC 3339 with offset")->required();

  CLI::App* backup = Command(app, a, "backup", "Copy the book while others read and write", "copy.book", Backup);
  backup->add_option("FILE", a->file, "a file that is not there yet")->required();

  CLI::App* out = Command(app, a, "export", "Every event as NDJSON, private fields included", "> events.ndjson", Export);
  out->add_option("--kind", a->kind, "events, subject (one document of --customer), or a type such as touch as a table");
  out->add_option("--customer", a->customer, "only this one's");
  out->add_option("--after", a->after, "only what was stored after this sequence");
  AddFormat(out, a);
  out->add_option("--known-at", a->known_at, "only what was known by then");

  Command(app, a, "check", "Read everything again and check digests, chain and store", "", Check);
}

void AddConcluding(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* fit = Command(app, a, "fit", "Fit a model and record it", kMoment, Fit);
  fit->add_option("--as-of", a->as_of, "the moment, RFC 3339 with offset")->required();
  fit->add_option("--model", a->model, "bg_nbd (what customers will still buy), large_accounts (from which expected volume on an account is large), repeat (who buys again), promise_keeping (which promises hold), worries, referrals, gamma_gamma (what they spend), care_worth (what care saves and brings), another model of when customers buy, or all");
  fit->add_option("--unit", a->unit, "day, week, month, quarter or year");
  AddFormat(fit, a);

  CLI::App* decide = Command(app, a, "decide", "Who is to be followed up, who is held back and why", kMoment, PrintAnswerOf<rapport_engine_decide>);
  AddKnownAt(decide, a);
  AddRead(decide, a, true);
  decide->add_option("--customer", a->customers, "only these");
  AddFormat(decide, a);

  CLI::App* tick = Command(app, a, "tick", "Record what decide concludes, once", kMoment, Tick);
  AddRead(tick, a, true);
  AddFormat(tick, a);
}

void AddReading(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* explain = Command(app, a, "explain", "Why a follow-up: its derivation and sentences, as JSON", "f3b0c44298fc1c149afbf4c8996fb924", Explain);
  explain->add_option("FOLLOWUP", a->followup, "its id");
  explain->add_option("--customer", a->customer, "why not: the customer");
  explain->add_option("--rule", a->rule, "why not: the rule");
  AddKnownAt(explain, a);
  AddRead(explain, a, false);

  CLI::App* agenda = Command(app, a, "agenda", "Every customer's next date, channel and rule, or the reason for none", kMoment, PrintAnswerOf<rapport_engine_agenda>);
  AddKnownAt(agenda, a);
  AddRead(agenda, a, true);
  agenda->add_option("--customer", a->customers, "only these");
  AddFormat(agenda, a);

  CLI::App* backtest = Command(app, a, "backtest", "What a policy would have asked for, day by day, with what was known each day",
                               "--start 2026-01-01 --end 2026-02-28 --policy mine.json --against policies/default.json --show people", Backtest);
  backtest->add_option("--start", a->start, "first day, ISO date")->required();
  backtest->add_option("--end", a->end, "last day")->required();
  backtest->add_option("--policy", a->policy, "a policy file (default: the adopted one, else the default policy)");
  backtest->add_option("--against", a->against, "another policy file, to be compared person by person");
  backtest->add_option("--refit", a->refit, "month: fit models as the days go (default: those of history)");
  backtest->add_option("--show", a->show, "days, rules, people or summary")->check(CLI::IsMember({"days", "rules", "people", "summary"}));
  backtest->add_option("--seed", a->seed, "seed of chance");
  backtest->add_option("--lang", a->language, "en, ja, ko or zh");
  AddFormat(backtest, a);
}

void AddSignals(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* signals = Command(app, a, "signals", "One row a customer, a column a signal", std::string(kMoment) + " --column purchase.days_since", Signals);
  signals->get_option("BOOK")->required(false);
  signals->add_flag("--list", a->list, "the signals there are: name, type, unit, how they move, what they mean, what they are made from");
  AddKnownAt(signals, a);
  AddRead(signals, a, false);
  signals->add_option("--customer", a->customers, "only these");
  signals->add_option("--column", a->columns, "only these");
  AddFormat(signals, a);

  CLI::App* promises = Command(app, a, "promises", "What became of promises, ours and the customers': one row a word", kMoment, Promises);
  promises->add_option("--as-of", a->as_of, "the moment, RFC 3339 with offset")->required();
  AddKnownAt(promises, a);
  promises->add_option("--customer", a->customers, "only these");
  promises->add_option("--lang", a->language, "en, ja, ko or zh");
  promises->add_flag("--kept", a->kept, "who promises more than is kept: by rep, product and dimension");
  promises->add_option("--rep", a->rep, "what may this rep promise? with --due: take the order? (JSON; needs fit --model promise_keeping)");
  promises->add_option("--product", a->product, "of what");
  promises->add_option("--quantity", a->quantity, "how much");
  promises->add_option("--confidence", a->confidence, "how often it is to hold (default 0.9)");
  promises->add_option("--work-minutes", a->work_minutes, "the work it takes");
  promises->add_option("--due", a->due, "the day asked for");
  AddFormat(promises, a);

  CLI::App* coverage = Command(app, a, "coverage", "Which rules can work on what the book records, and what would wake the others",
                               "--policy policies/default.json --lang ko", Coverage);
  AddKnownAt(coverage, a);
  AddRead(coverage, a, false);
  coverage->add_option("--customer", a->customers, "only these");
  AddFormat(coverage, a);
}

void AddSimulation(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* simulate = app.add_subcommand("simulate", "Print the events of a made-up book, with known truth");
  simulate->footer("Example:\n  rapport simulate --seed 7 --customers 200 --truth truth.json > events.ndjson");
  simulate->add_option("--seed", a->seed, "the same seed gives the same bytes");
  simulate->add_option("--customers", a->customer_count, "how many (default 1000)");
  simulate->add_option("--years", a->years, "how long (default 2)");
  simulate->add_option("--reps", a->reps_count, "how many (default 10)");
  simulate->add_option("--start", a->start, "first day (default 2024-01-01)");
  simulate->add_option("--zone", a->zone, "IANA name (default Europe/Berlin)");
  simulate->add_flag("--only-purchases", a->only_purchases, "customers and purchases alone");
  simulate->add_option("--truth", a->truth, "write what the events were made from here");
  simulate->callback([a] { Simulate(*a); });
}

void AddPolicy(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* policy = app.add_subcommand("policy", "Check a policy and say what it does, or print the form of one");
  policy->footer("Examples:\n  rapport policy policies/default.json --lang ko\n  rapport policy --schema --lang ja > form.json");
  policy->add_option("FILE", a->file, "a policy document; all its errors are told, one a line");
  policy->add_flag("--schema", a->schema, "print the form (JSON Schema) with titles in the language");
  policy->add_option("--lang", a->language, "en, ja, ko or zh");
  policy->callback([a] { Policy(*a); });
}

}  // namespace

void AddCommands(CLI::App& app) {
  const auto a = std::make_shared<Arguments>();
  AddKeeping(app, a);
  AddConcluding(app, a);
  AddReading(app, a);
  AddSignals(app, a);
  AddPlans(app, a);
  AddCards(app, a);
  AddRelationships(app, a);
  AddBriefs(app, a);
  AddEconomics(app, a);
  AddTrust(app, a);
  AddValue(app);
  AddSummaries(app);
  AddSimulation(app, a);
  AddPolicy(app, a);
}

}  // namespace rapport_command
