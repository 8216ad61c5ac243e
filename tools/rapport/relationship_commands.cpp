// Who knows whom, how well, who worries about what, who brought whom, and what deals were worth.
#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "face.hpp"

namespace rapport_command {
namespace {

void WhoKnows(const Arguments& a) {
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  Print(Rows([&](rapport_table** out, rapport_error* error) {
          return rapport_engine_who_knows(engine.get(), a.customer.data(), a.customer.size(), &read.options, out, error);
        }).get(), a.format);
}

// What all of them take.
void AddMoment(CLI::App* command, const std::shared_ptr<Arguments>& a) {
  command->add_option("--as-of", a->as_of, "the moment, RFC 3339 with offset")->required();
  AddKnownAt(command, a);
  command->add_option("--lang", a->language, "en, ja, ko or zh");
  AddFormat(command, a);
}

}  // namespace

void AddRelationships(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* relationships = Command(app, a, "relationships", "How customers stand with us: rung, the day it falls, health with reasons",
                                    std::string(kMoment) + " --customer c-17", PrintAnswerOf<rapport_engine_relationships>);
  relationships->add_option("--customer", a->customers, "only these");
  AddMoment(relationships, a);

  CLI::App* who = Command(app, a, "who-knows", "Who of ours knows a customer, the warmest first", "c-17 " + std::string(kMoment), WhoKnows);
  who->add_option("CUSTOMER", a->customer, "whom")->required();
  AddMoment(who, a);

  CLI::App* worries = Command(app, a, "worries", "What buyers of a product worry about and what cured it (needs fit --model worries)", kMoment,
                              PrintAnswerOf<rapport_engine_worries>);
  AddMoment(worries, a);

  CLI::App* referrals = Command(app, a, "referrals", "Who brought whom, and what that is worth (needs fit --model referrals)", kMoment,
                                PrintAnswerOf<rapport_engine_referrals>);
  referrals->add_option("--customer", a->customers, "only these");
  AddMoment(referrals, a);

  CLI::App* deals = Command(app, a, "deals", "What closed deals were worth: income, experience, relationship", kMoment, PrintAnswerOf<rapport_engine_deals>);
  deals->add_option("--customer", a->customers, "only these");
  AddMoment(deals, a);
}

}  // namespace rapport_command
