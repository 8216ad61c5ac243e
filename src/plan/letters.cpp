#include "rapport/plan/letters.hpp"

#include <algorithm>

#include "policy/wording.hpp"
#include "rapport/policy/letters.hpp"

namespace rapport {
namespace {

bool HasOpenLetter(const Account& account) {
  return std::any_of(account.followups.begin(), account.followups.end(),
                     [](const auto& entry) { return IsOpen(entry.second.state) && IsLetter(entry.second.issued.channel) && entry.second.approved != false; });
}

// What every row of a customer says.
LetterLine RowOf(const Account& account, const DecideInput& input, std::int64_t count) {
  LetterLine line;
  line.customer = account.id;
  line.owner = account.owner;
  line.sender = LetterSenderOf(account, *input.context, input.as_of);
  line.count = count;
  return line;
}

void Enough(LetterLine& line, const std::vector<const TouchRecord*>& letters, const Zone& zone) {
  // From the day on which fewer than kMostLettersAYear are younger than a year.
  const Day falls = zone.LocalDay(letters[letters.size() - static_cast<std::size_t>(kMostLettersAYear)]->at) + kLetterYearDays;
  line.state = LetterState::kEnough;
  line.why = Sentence{"letter.enough", {{"n", line.count}}};
  line.next = zone.StartOf(falls);
}

void Hold(LetterLine& line, Sentence why, std::optional<Instant> next) {
  line.state = LetterState::kHeld;
  line.why = std::move(why);
  line.next = next;
}

void Judge(LetterLine& line, const Account& account, const Decision& decision, const DecideInput& input) {
  if (decision.status == DecisionStatus::kHeld) {
    const bool by_rule = decision.rule_hold.has_value();
    return Hold(line, by_rule ? decision.rule_hold->sentence : decision.holds.empty() ? Sentence{"hold.approval", {}} : decision.holds.front().sentence,
                decision.held_until.has_value() ? decision.held_until : by_rule ? decision.rule_hold->until : std::nullopt);
  }
  line.next = std::max(decision.not_before, input.as_of);
  const FollowUpRecord& record = account.followups.at(decision.followup);
  switch (WaitsFor(account, record, *input.context, input.as_of)) {
    case LetterWait::kNothing: line.state = LetterState::kReady; return;
    case LetterWait::kEnough:   // with those on their way: whether they go nobody can foresee
      line.state = LetterState::kEnough;
      line.why = Sentence{"letter.enough", {{"n", LettersBeside(account, record, *input.context, input.as_of)}}};
      line.next.reset();
      return;
    case LetterWait::kOwner: line.state = LetterState::kWaitsForOwner; line.why = Sentence{"hold.approval", {}}; return;
    case LetterWait::kLine: line.state = LetterState::kWaitsForLine; line.why = Sentence{"hold.no_personal_line", {}}; return;
    case LetterWait::kSender: return Hold(line, {"hold.no_sender", {}}, std::nullopt);
  }
}

void AddLetters(const Account& account, const DecideInput& input, std::vector<LetterLine>& lines) {
  const Zone& zone = *InputFor(account, *input.context, input.as_of).zone;
  const std::vector<const TouchRecord*> letters = LettersOfTheYear(account, zone, input.as_of);
  const bool enough = static_cast<std::int64_t>(letters.size()) >= kMostLettersAYear;
  const bool open = HasOpenLetter(account);
  if (!open && !enough) return;
  const LetterLine row = RowOf(account, input, static_cast<std::int64_t>(letters.size()));
  if (!open) {
    lines.push_back(row);
    return Enough(lines.back(), letters, zone);
  }
  std::vector<LetterLine> own;
  for (const Decision& decision : DecideAccount(account, input).decisions) {
    if (!decision.open || !IsLetter(decision.channel)) continue;
    const FollowUpRecord& record = account.followups.at(decision.followup);
    if (record.approved == false) continue;   // withheld: it goes nowhere, and the next tick ends it
    LetterLine line = row;
    line.followup = decision.followup;
    line.contact = decision.contact;
    if (record.approved == true && record.has_line) line.line_in = record.approved_by;
    if (enough) Enough(line, letters, zone);
    else Judge(line, account, decision, input);
    own.push_back(std::move(line));
  }
  std::sort(own.begin(), own.end(), [](const LetterLine& a, const LetterLine& b) { return a.followup < b.followup; });
  std::move(own.begin(), own.end(), std::back_inserter(lines));
}

}  // namespace

std::string_view NameOf(LetterState state) {
  switch (state) {
    case LetterState::kReady: return "ready";
    case LetterState::kWaitsForOwner: return "waits_for_owner";
    case LetterState::kWaitsForLine: return "waits_for_line";
    case LetterState::kHeld: return "held";
    case LetterState::kEnough: return "enough";
  }
  return {};
}

std::vector<LetterLine> LettersOf(const Book& book, const DecideInput& input) {
  std::vector<LetterLine> lines;
  book.Visit({}, [&](const Account& account) { AddLetters(account, input, lines); });
  return lines;
}

absl::StatusOr<Table> LetterTable(const std::vector<LetterLine>& lines, Language language, const Texts& texts) {
  Table table({{"followup_id", ColumnType::kText}, {"customer", ColumnType::kText}, {"customer_name", ColumnType::kText}, {"contact", ColumnType::kText},
               {"sender", ColumnType::kText}, {"sender_name", ColumnType::kText}, {"owner", ColumnType::kText}, {"state", ColumnType::kText},
               {"why", ColumnType::kText}, {"line", ColumnType::kText}, {"count_365", ColumnType::kInteger}, {"next", ColumnType::kInstant}});
  for (const LetterLine& line : lines) {
    Cell why;
    if (line.why.has_value()) {
      RAPPORT_ASSIGN_OR_RETURN(why, Speaker(language, texts).Say(*line.why));
    }
    table.AppendRow({line.followup ? Cell(line.followup->text()) : Cell(), line.customer.text(), texts.Customer(line.customer, language),
                     line.contact ? Cell(texts.Contact(line.customer, *line.contact, language)) : Cell(), line.sender ? Cell(line.sender->text()) : Cell(),
                     line.sender ? Cell(texts.Rep(*line.sender, language)) : Cell(), line.owner ? Cell(line.owner->text()) : Cell(),
                     std::string(NameOf(line.state)), why, line.line_in.empty() ? Cell() : Cell(texts.Event(line.line_in, "line", language)), line.count,
                     line.next ? Cell(*line.next) : Cell()});
  }
  return table;
}

}  // namespace rapport
