#include "arguments.hpp"

#include <CLI/CLI.hpp>

#include "face.hpp"

namespace rapport_command {

std::string JsonText(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) {
    char escaped[8];
    if (c == '"' || c == '\\') {
      json += '\\', json += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      json += escaped;
    } else {
      json += c;
    }
  }
  return json + "\"";
}

std::string JsonList(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const std::string& text : texts) json += (json.size() > 1 ? "," : "") + JsonText(text);
  return json + "]";
}

ReadArguments::ReadArguments(const Arguments& a)
    : policy(a.policy.empty() ? "" : ReadDocument(a.policy)), customers(a.customers.empty() ? "" : JsonList(a.customers)) {
  options.seed = a.seed;
  options.as_of = a.as_of.data(), options.as_of_size = a.as_of.size();
  options.known_at = a.known_at.data(), options.known_at_size = a.known_at.size();
  options.policy = policy.data(), options.policy_size = policy.size();
  options.customers = customers.data(), options.customers_size = customers.size();
  options.language = a.language.data(), options.language_size = a.language.size();
}

void PrintAnswer(const Arguments& a, ReadCall ask) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  Print(Rows([&](rapport_table** out, rapport_error* error) { return ask(engine.get(), &read.options, out, error); }).get(), a.format);
}

CLI::App* Command(CLI::App& app, const std::shared_ptr<Arguments>& a, const std::string& name, const std::string& about,
                  const std::string& example, void (*run)(const Arguments&)) {
  CLI::App* command = app.add_subcommand(name, about);
  command->add_option("BOOK", a->book, "the book's file")->required();
  command->footer("Example:\n  rapport " + name + " office.book " + example);
  command->callback([a, run] { run(*a); });
  return command;
}

void AddFormat(CLI::App* command, const std::shared_ptr<Arguments>& a) {
  command->add_option("--format", a->format, "table, json (an object a line) or csv")->check(CLI::IsMember({"table", "json", "csv"}));
}

void AddKnownAt(CLI::App* command, const std::shared_ptr<Arguments>& a) {
  command->add_option("--known-at", a->known_at, "with what was known by then (default: --as-of)");
}

void AddRead(CLI::App* command, const std::shared_ptr<Arguments>& a, bool need_as_of) {
  CLI::Option* as_of = command->add_option("--as-of", a->as_of, "the moment, RFC 3339 with offset");
  if (need_as_of) as_of->required();
  command->add_option("--policy", a->policy, "a policy file (default: the adopted one, else the default policy)");
  command->add_option("--seed", a->seed, "seed of chance");
  command->add_option("--lang", a->language, "en, ja, ko or zh");
}

}  // namespace rapport_command
