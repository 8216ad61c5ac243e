// The card before a contact, the questions after it, and what was answered: recorded, or taken back.
#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "face.hpp"

namespace rapport_command {
namespace {

// yes and no are taps, an object and how many minutes are taken as they stand, anything else is a text.
std::string AnswerAsJson(const std::string& key, const std::string& value) {
  if (value == "yes" || value == "true") return "true";
  if (value == "no" || value == "false") return "false";
  const bool digits = !value.empty() && value.size() < 10 && value[0] != '0' && value.find_first_not_of("0123456789") == std::string::npos;
  const bool whole = key == "minutes" && digits;
  return whole || value.starts_with('{') ? value : JsonText(value);
}

std::string AnswersOf(const Arguments& a) {
  if (a.said.empty() == a.answers.empty()) throw Failure(2, "answers are given as KEY=VALUE or by --answers FILE, and one of the two is needed");
  if (a.said.empty()) return ReadDocument(a.answers == "-" ? "/dev/stdin" : a.answers);
  std::string json = "{";
  for (const std::string& one : a.said) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals == 0) throw Failure(2, "found the answer \"" + one + "\", expected KEY=VALUE");
    json += (json.size() > 1 ? "," : "") + JsonText(one.substr(0, equals)) + ":" + AnswerAsJson(one.substr(0, equals), one.substr(equals + 1));
  }
  return json + "}";
}

using CardCall = rapport_status (*)(rapport_engine*, const char*, size_t, const rapport_read_options*, rapport_buffer*, rapport_error*);

void PrintAsked(const Arguments& a, CardCall ask) {
  if (a.as_of.empty() && !(a.known_at.empty() && a.policy.empty())) throw Failure(2, "--known-at and --policy need --as-of");
  const Engine engine = OpenBook(a.book, false);
  const ReadArguments read(a);
  PrintText(Text([&](rapport_buffer* out, rapport_error* error) {
    return ask(engine.get(), a.followup.data(), a.followup.size(), &read.options, out, error);
  }));
}

void Card(const Arguments& a) { PrintAsked(a, a.format == "json" ? rapport_engine_card : rapport_engine_card_text); }

void Undo(const Arguments& a) {
  const std::string receipt = ReadDocument(a.receipt == "-" ? "/dev/stdin" : a.receipt);
  const Engine engine = OpenBook(a.book, false);
  PrintText(Text([&](rapport_buffer* out, rapport_error* error) {
    return rapport_engine_undo(engine.get(), receipt.data(), receipt.size(), a.at.data(), a.at.size(), out, error);
  }));
}

void Record(const Arguments& a) {
  if (!a.receipt.empty()) {
    if (!a.followup.empty() || !a.answers.empty() || a.form) throw Failure(2, "--undo stands alone, with --at where a moment is to be named");
    return Undo(a);
  }
  if (a.followup.empty()) throw Failure(2, "FOLLOWUP is missing, or --undo RECEIPT");
  if (a.form) return PrintAsked(a, rapport_engine_outcome_form);
  if (a.at.empty()) throw Failure(2, "--at is missing: when it is recorded");
  const std::string answers = AnswersOf(a);
  const Engine engine = OpenBook(a.book, false);
  PrintText(Text([&](rapport_buffer* out, rapport_error* error) {
    return rapport_engine_record(engine.get(), a.followup.data(), a.followup.size(), answers.data(), answers.size(), a.at.data(), a.at.size(), a.by.data(),
                                 a.by.size(), out, error);
  }));
}

}  // namespace

void AddCards(CLI::App& app, const std::shared_ptr<Arguments>& a) {
  CLI::App* card = Command(app, a, "card", "What a rep reads before a contact: goal, opening, what is known, owed and open",
                           "f3b0c44298fc1c149afbf4c8996fb924 " + std::string(kMoment), Card);
  card->add_option("FOLLOWUP", a->followup, "its id")->required();
  AddKnownAt(card, a);
  AddRead(card, a, false);
  card->add_option("--format", a->format, "table (as a rep reads it) or json")->check(CLI::IsMember({"table", "json"}));

  CLI::App* record = Command(app, a, "record", "What came of a contact: the questions (--form), the answers, or taking a receipt back (--undo)",
                             "f3b0c44298fc1c149afbf4c8996fb924 --at 2026-03-02T11:40:00+09:00 --by r-sato reached=reached goal=yes next=2026-03-12T10:00",
                             Record);
  record->add_option("FOLLOWUP", a->followup, "its id");
  record->add_option("ANSWERS", a->said, "answers as KEY=VALUE: yes, no, a text, or an object in JSON");
  record->add_option("--answers", a->answers, "a file with the answers as JSON, - for the standard input");
  record->add_option("--at", a->at, "when it is recorded, RFC 3339 with offset");
  record->add_option("--by", a->by, "the rep who answers (default: the follow-up's)");
  record->add_flag("--form", a->form, "print the questions as JSON and record nothing");
  record->add_option("--undo", a->receipt, "take back what this receipt (a file, - for the standard input) names");
  AddKnownAt(record, a);
  AddRead(record, a, false);
}

}  // namespace rapport_command
