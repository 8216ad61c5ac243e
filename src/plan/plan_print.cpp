#include "rapport/plan/plan_print.hpp"

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "plan/plan_voice.hpp"

namespace rapport {
namespace {

absl::StatusOr<std::string> Header(const DayPlan& plan, const RepDay& day, const PlanVoice& voice) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string rep, voice.Rep(day));
  const auto year = static_cast<std::int64_t>(plan.day.year());
  if (!day.works) return voice.Say("plan.header_off", {{"day", plan.day}, {"year", year}, {"rep", rep}});
  return voice.Say("plan.header", {{"day", plan.day},
                                   {"year", year},
                                   {"rep", rep},
                                   {"planned", day.planned_minutes},
                                   {"room", day.minutes - day.reserve},
                                   {"minutes", day.minutes},
                                   {"reserve", day.reserve},
                                   {"must", day.mandatory},
                                   {"chosen", day.chosen},
                                   {"without", day.without_next_date}});
}

// Spaces up to a width as a reader sees it.
std::string Padded(std::string text, int width) {
  const int missing = width - DisplayWidth(text);
  return missing > 0 ? text.append(static_cast<std::size_t>(missing), ' ') : text;
}

// "1 09:00 MUST 20m call  Hakata Dental, Dr Mori: promised 10 filters by Wed 4 Mar. ..."
absl::StatusOr<std::string> Line(const RepDay& day, const PlanLine& line, const PlanVoice& voice) {
  const Decision& d = *line.decision;
  RAPPORT_ASSIGN_OR_RETURN(const std::string channel, voice.Say("channel." + std::string(NameOf(d.channel))));
  RAPPORT_ASSIGN_OR_RETURN(const std::string must, voice.Say("plan.must"));
  RAPPORT_ASSIGN_OR_RETURN(const std::string who, voice.Who(d));
  RAPPORT_ASSIGN_OR_RETURN(const std::string headline, voice.Say(d.headline));
  RAPPORT_ASSIGN_OR_RETURN(const std::string objective, voice.Say(d.objective));
  RAPPORT_ASSIGN_OR_RETURN(const std::string said,
                           voice.Say("plan.line", {{"who", who}, {"headline", headline}, {"objective", objective}}));
  const std::string minutes = absl::StrFormat("%dm", d.minutes);
  const std::string kind = d.mandatory ? must + absl::StrFormat(" %3s ", minutes) + Padded(channel, 5) + " "
                                       : Padded(channel, 5) + " " + Padded(minutes, 8) + " ";
  return absl::StrFormat("%d %s %s%s", *line.position, ClockText(*day.zone, *line.start), kind, said);
}

absl::StatusOr<std::string> NoRoom(const RepDay& day, const PlanVoice& voice, int most) {
  std::string list;
  for (std::size_t i = 0; i < day.no_room.size() && i < static_cast<std::size_t>(most); ++i) {
    const Decision& d = *day.no_room[i].decision;
    RAPPORT_ASSIGN_OR_RETURN(const std::string headline, voice.Say(d.headline));
    RAPPORT_ASSIGN_OR_RETURN(const std::string who, voice.Who(d));
    RAPPORT_ASSIGN_OR_RETURN(const std::string one, voice.Say("plan.no_room_one", {{"who", who}, {"headline", headline}}));
    list += (i == 0 ? "" : "; ") + one;
  }
  const auto count = static_cast<std::int64_t>(day.no_room.size());
  if (list.empty()) return voice.Say("plan.no_room", {{"n", count}});
  return voice.Say("plan.no_room_first", {{"n", count}, {"list", list}});
}

// The held ones with the largest value a minute come first; so many of each reason are told.
absl::StatusOr<std::string> HeldLines(const RepDay& day, const Book& book, const PlanVoice& voice, int most_a_reason) {
  std::map<std::string, int> told;
  std::string text;
  for (const Decision* d : day.held) {
    const std::string reason = HoldReasonOf(*d);
    if (reason.empty() || told[reason]++ >= most_a_reason) continue;
    RAPPORT_ASSIGN_OR_RETURN(const auto held, voice.Held(book, *d));
    RAPPORT_ASSIGN_OR_RETURN(const std::string line, voice.Say("plan.held", {{"who", held.first}, {"why", held.second}}));
    text += line + "\n";
  }
  std::map<std::string, std::int64_t> counts;
  for (const Decision* d : day.held) {
    if (const std::string reason = HoldReasonOf(*d); !reason.empty()) counts[reason] += 1;
  }
  for (const auto& [reason, count] : counts) {
    if (count <= most_a_reason) continue;
    RAPPORT_ASSIGN_OR_RETURN(const std::string word, voice.Say("plan.hold." + reason));
    RAPPORT_ASSIGN_OR_RETURN(const std::string line, voice.Say("plan.held_more", {{"n", count - most_a_reason}, {"why", word}}));
    text += line + "\n";
  }
  return text;
}

std::vector<std::pair<std::string, ColumnType>> PlanColumns() {
  using enum ColumnType;
  return {{"rep", kText},           {"position", kInteger}, {"start", kInstant},     {"minutes", kInteger},
          {"customer", kText},      {"customer_name", kText}, {"contact", kText},    {"channel", kText},
          {"purpose", kText},       {"objective", kText},   {"headline", kText},     {"value", kNumber},
          {"mandatory", kBool},     {"followup_id", kText}, {"status", kText},       {"held_by", kText},
          {"held_until", kInstant}, {"currency", kText}};
}

absl::Status AppendPlanRow(const RepDay& day, const PlanLine& line, std::string_view status, const PlanVoice& voice, Table& table) {
  const Decision& d = *line.decision;
  RAPPORT_ASSIGN_OR_RETURN(const std::string headline, voice.Say(d.headline));
  RAPPORT_ASSIGN_OR_RETURN(const std::string objective, voice.Say(d.objective));
  const auto text_or_null = [](const std::string& s) { return s.empty() ? Cell() : Cell(s); };
  const bool held = status == "held";
  table.AppendRow({text_or_null(day.rep.text()),
                   line.position ? Cell(*line.position) : Cell(),
                   line.start ? Cell(*line.start) : Cell(),
                   d.minutes,
                   d.customer.text(),
                   voice.Customer(d),
                   text_or_null(d.contact ? d.contact->text() : std::string()),
                   std::string(NameOf(d.channel)),
                   std::string(NameOf(d.purpose)),
                   objective,
                   headline,
                   d.value ? Cell(d.value->ToMajor()) : Cell(),
                   d.mandatory,
                   d.followup.text(),
                   std::string(status),
                   held ? text_or_null(d.rule_hold ? d.rule_hold->by : HoldReasonOf(d)) : Cell(),
                   held && d.held_until ? Cell(*d.held_until) : Cell(),
                   d.value ? text_or_null(std::string(d.value->currency().code())) : Cell()});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Table> PlanTable(const DayPlan& plan, Language language, const Texts& texts) {
  const PlanVoice voice(language, texts);
  Table table(PlanColumns());
  for (const RepDay& day : plan.reps) {
    for (const PlanLine& line : day.lines) RAPPORT_RETURN_IF_ERROR(AppendPlanRow(day, line, "planned", voice, table));
  }
  for (const RepDay& day : plan.reps) {
    for (const PlanLine& line : day.no_room) RAPPORT_RETURN_IF_ERROR(AppendPlanRow(day, line, "no_room", voice, table));
  }
  for (const RepDay& day : plan.reps) {
    for (const Decision* d : day.held) {
      RAPPORT_RETURN_IF_ERROR(AppendPlanRow(day, {std::nullopt, std::nullopt, d}, "held", voice, table));
    }
  }
  return table;
}

namespace {

bool IsBlank(const RepDay& day) { return day.lines.empty() && day.no_room.empty() && day.held.empty() && day.without_next_date == 0; }

}  // namespace

absl::StatusOr<std::string> PlanText(const DayPlan& plan, const Book& book, Language language, const Texts& texts,
                                     const PlanTextOptions& options) {
  const PlanVoice voice(language, texts);
  std::string text;
  for (const RepDay& day : plan.reps) {
    if (plan.reps.size() > 1 && IsBlank(day)) continue;
    if (!text.empty()) text += "\n";
    RAPPORT_ASSIGN_OR_RETURN(const std::string header, Header(plan, day, voice));
    text += header + "\n";
    for (const PlanLine& line : day.lines) {
      RAPPORT_ASSIGN_OR_RETURN(const std::string row, Line(day, line, voice));
      text += row + "\n";
    }
    if (!day.no_room.empty()) {
      RAPPORT_ASSIGN_OR_RETURN(const std::string row, NoRoom(day, voice, options.most_no_room));
      text += row + "\n";
    }
    RAPPORT_ASSIGN_OR_RETURN(const std::string held, HeldLines(day, book, voice, options.most_held_a_reason));
    text += held;
  }
  return text;
}

}  // namespace rapport
