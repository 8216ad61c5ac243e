#include "rapport/policy/agenda.hpp"

#include <algorithm>

#include "policy/admission.hpp"
#include "policy/cadence.hpp"
#include "policy/wording.hpp"

namespace rapport {
namespace {

bool WasIssued(const AccountView& view, const Rule& rule, const Occasion& occasion) {
  return view.account().followups.contains(
      FollowUpIdOf(rule.name, occasion.step, view.account().NamedIn(occasion.root), occasion.contact, occasion.root));
}

std::optional<Occasion> NextOf(const AccountView& view, const Rule& rule) {
  if (std::holds_alternative<SignalTrigger>(rule.trigger)) {
    std::optional<Occasion> next = NextOccasion(rule, view.signal_input());
    return next.has_value() && !WasIssued(view, rule, *next) ? next : std::nullopt;
  }
  for (Occasion& occasion : OccasionsOf(rule, view.signal_input(), {})) {
    if (occasion.due > view.input().as_of && !WasIssued(view, rule, occasion)) return std::move(occasion);
  }
  return std::nullopt;
}

// Fills in the earliest of several moments; equal ones go to the first.
void Offer(AgendaLine& line, Instant at, const Zone& zone, Channel channel, const std::string& rule, Sentence because) {
  if (line.next.has_value() && *line.next <= at) return;
  line.next = at;
  line.day = zone.LocalDay(at);
  line.channel = channel;
  line.rule = rule;
  line.because = std::move(because);
}

// Why what was found has no date. Contact that is not allowed is told before work that is held out.
struct Obstacles {
  bool forbidden = false;
  bool held_out = false;
};

void OfferDecisions(const Account& account, const DecideInput& input, const Zone& zone, AgendaLine& line, Obstacles& obstacles) {
  for (const Decision& decision : DecideAccount(account, input).decisions) {
    const std::optional<Instant> at = decision.status == DecisionStatus::kDue ? decision.not_before : decision.held_until;
    if (at.has_value()) {
      Offer(line, *at, zone, decision.channel, decision.rule, decision.headline);
      continue;
    }
    const std::string by = decision.rule_hold.has_value() ? decision.rule_hold->by : std::string();
    obstacles.held_out = obstacles.held_out || by == "holdout";
    obstacles.forbidden = obstacles.forbidden || by.empty();   // what waits for other work of the customer has that work's date
  }
}

// At the occasion's moment, or when contact is allowed after it.
void OfferOccasion(AccountView& view, const Rule& rule, const Step& step, const Occasion& occasion, const std::vector<Attempt>& attempts, AgendaLine& line,
                   Obstacles& obstacles) {
  const PermissionAnswer answer = CheckPermission(AskFor(view, rule, step, occasion, attempts).input, occasion.due);
  if (!answer.first_allowed.has_value()) {
    obstacles.forbidden = true;
    return;
  }
  Offer(line, *answer.first_allowed, view.zone(), step.action.channel, rule.name, {"agenda.foreseen", {{"rule", rule.name}}});
}

// The next steps of the cadences that run.
void OfferRuns(AccountView& view, const std::vector<Attempt>& attempts, AgendaLine& line, Obstacles& obstacles) {
  for (const auto& [id, record] : view.account().relations.enrolments) {
    if (record.left_at.has_value()) continue;
    std::string problem;
    const std::optional<Run> run = RunOf(view, record, problem);
    if (!run.has_value()) continue;
    Progress progress = ProgressOf(view, *run);
    if (!progress.exit.empty() || !progress.is_waiting) continue;
    if (const std::optional<RuleHold> pause = PausedBy(view, progress.occasion.contact); pause.has_value() && pause->until.has_value()) {
      progress.occasion.due = std::max(progress.occasion.due, *pause->until);
    }
    OfferOccasion(view, *run->rule, *progress.step, progress.occasion, attempts, line, obstacles);
  }
}

void OfferForeseen(AccountView& view, AgendaLine& line, Obstacles& obstacles) {
  const std::vector<Attempt> attempts = TouchesOf(view.account(), view.input().as_of);
  OfferRuns(view, attempts, line, obstacles);
  for (const Rule& rule : view.rules()) {
    if (OutlookOf(rule.when, view.signals()) == Outlook::kNo) continue;
    const std::optional<Occasion> next = NextOf(view, rule);
    if (!next.has_value() || (line.next.has_value() && next->due >= *line.next)) continue;
    if (IsHeldOut(view, *view.input().policy, rule)) obstacles.held_out = true;
    else OfferOccasion(view, rule, rule.steps.front(), *next, attempts, line, obstacles);
  }
}

AgendaLine LineOf(const Account& account, const DecideInput& input) {
  AgendaLine line;
  line.customer = account.id;
  const AccountView now(account, input);
  Obstacles obstacles;
  OfferDecisions(account, input, now.zone(), line, obstacles);
  if (line.next.has_value()) return line;

  DecideInput ahead = input;   // nothing that falls due before the book goes live will be followed up
  const std::optional<Day>& go_live = now.book().go_live;
  if (go_live.has_value()) ahead.as_of = std::max(ahead.as_of, now.zone().StartOf(*go_live).PlusMicros(-1));
  AccountView view(account, ahead);
  OfferForeseen(view, line, obstacles);
  if (line.next.has_value()) return line;
  line.reason = obstacles.forbidden ? "do_not_contact" : obstacles.held_out ? "holdout" : "no_rule";
  line.because = {"agenda." + line.reason, {}};
  return line;
}

}  // namespace

std::vector<AgendaLine> AgendaOf(const Book& book, const DecideInput& input, std::span<const CustomerId> customers) {
  std::vector<AgendaLine> lines;
  book.Visit(customers, [&](const Account& account) { lines.push_back(LineOf(account, input)); });
  return lines;
}

absl::StatusOr<Table> AgendaTable(const std::vector<AgendaLine>& lines, const BookContext&, Language language, const Texts& texts) {
  using enum ColumnType;
  Table table({{"customer", kText}, {"next", kInstant}, {"day", kDay}, {"channel", kText}, {"rule", kText},
               {"reason", kText}, {"because", kText}});
  const Speaker speaker(language, texts);
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Cell() : Cell(text); };
  for (const AgendaLine& line : lines) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string because, speaker.Say(line.because));
    table.AppendRow({line.customer.text(), line.next.has_value() ? Cell(*line.next) : Cell(),
                     line.day.has_value() ? Cell(*line.day) : Cell(),
                     line.channel.has_value() ? Cell(std::string(NameOf(*line.channel))) : Cell(), text_or_null(line.rule),
                     text_or_null(line.reason), because});
  }
  return table;
}

}  // namespace rapport
