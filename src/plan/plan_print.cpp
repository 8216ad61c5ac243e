#include "rapport/plan/plan_print.hpp"

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "plan/day_work.hpp"
#include "plan/plan_voice.hpp"

namespace rapport {
namespace {

absl::StatusOr<std::string> Header(Day civil, const RepDay& day, const PlanVoice& voice) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string rep, voice.Rep(day));
  const auto year = static_cast<std::int64_t>(civil.year());
  if (!day.works) return voice.Say("plan.header_off", {{"day", civil}, {"year", year}, {"rep", rep}});
  return voice.Say("plan.header", {{"day", civil},
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

// "1 09:00 MUST 20m call  Hakata Dental, Dr Mori: promised 10 filters by Wed 4 Mar. ...", "5 10:30 visit 60+30m   Hotel Kaien, Mr Baba: ..."
absl::StatusOr<std::string> Line(const RepDay& day, const PlanLine& line, const PlanVoice& voice) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string channel, voice.Say("channel." + std::string(NameOf(line.channel))));
  RAPPORT_ASSIGN_OR_RETURN(const std::string mark, voice.Say(line.appointment.has_value() ? "plan.fixed" : "plan.must"));
  RAPPORT_ASSIGN_OR_RETURN(const std::string who, voice.Who(line));
  RAPPORT_ASSIGN_OR_RETURN(const std::string headline, voice.Say(HeadlineOf(line)));
  RAPPORT_ASSIGN_OR_RETURN(const std::string objective, voice.Say(ObjectiveOf(line)));
  RAPPORT_ASSIGN_OR_RETURN(const std::string said, voice.Say("plan.line", {{"who", who}, {"headline", headline}, {"objective", objective}}));
  RAPPORT_ASSIGN_OR_RETURN(const std::string besides, voice.Besides(line));
  const std::string minutes = line.travel_minutes > 0 ? absl::StrFormat("%d+%dm", line.minutes, line.travel_minutes) : absl::StrFormat("%dm", line.minutes);
  const std::string kind = line.mandatory || line.appointment.has_value() ? mark + absl::StrFormat(" %3s ", minutes) + Padded(channel, 5) + " "
                                                                         : Padded(channel, 5) + " " + Padded(minutes, 8) + " ";
  return absl::StrFormat("%d %s %s%s%s%s", *line.position, ClockText(*day.zone, *line.start), kind, said, besides.empty() ? "" : " ", besides);
}

// "3 revisits": of one kind by its name, else follow-ups.
Sentence WhatOf(const std::vector<const PlanLine*>& lines) {
  const auto all = [&](auto is) { return std::all_of(lines.begin(), lines.end(), is); };
  const bool revisits = all([](const PlanLine* line) { return line->revisit; });
  const bool visits = all([](const PlanLine* line) { return line->channel == Channel::kVisit; });
  const bool calls = all([](const PlanLine* line) { return line->channel == Channel::kCall; });
  const char* word = revisits ? "plan.what.revisits" : visits ? "plan.what.visits" : calls ? "plan.what.calls" : "plan.what.all";
  return Sentence{word, {{"n", static_cast<std::int64_t>(lines.size())}}};
}

absl::StatusOr<std::string> NoRoom(const RepDay& day, const std::vector<const PlanLine*>& lines, const PlanVoice& voice, int most) {
  const PlanLine* first = nullptr;   // on a later day
  for (const PlanLine* line : lines) {
    if (line->later.has_value() && (first == nullptr || *line->later < *first->later)) first = line;
  }
  if (first != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string what, voice.Say(WhatOf(lines)));
    return voice.Say("plan.no_room_later", {{"what", what}, {"at", LocalTime{LocalMinute(day.zone->Local(*first->later))}}});
  }
  std::string list;
  for (std::size_t i = 0; i < lines.size() && i < static_cast<std::size_t>(most); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string one, voice.WhoAndWhy(*lines[i]));
    list += (i == 0 ? "" : "; ") + one;
  }
  const auto count = static_cast<std::int64_t>(lines.size());
  if (list.empty()) return voice.Say("plan.no_room", {{"n", count}});
  return voice.Say("plan.no_room_first", {{"n", count}, {"list", list}});
}

// What is not planned: each line of which somebody must be told, then the others in one.
absl::StatusOr<std::string> NotPlanned(const RepDay& day, const PlanVoice& voice, int most) {
  std::string text;
  const auto tell = [&](const char* key, const PlanLine& line) -> absl::Status {
    RAPPORT_ASSIGN_OR_RETURN(const std::string who, voice.WhoAndWhy(line));
    RAPPORT_ASSIGN_OR_RETURN(const std::string told, voice.Say(*line.told));
    RAPPORT_ASSIGN_OR_RETURN(const std::string row, voice.Say(key, {{"who", who}, {"told", told}}));
    text += row;
    RAPPORT_ASSIGN_OR_RETURN(const std::string later, voice.Later(day, line));
    text += (later.empty() ? "" : " ") + later + "\n";
    return absl::OkStatus();
  };
  std::vector<const PlanLine*> others;
  for (const PlanLine& line : day.no_room) {
    if (line.told.has_value()) RAPPORT_RETURN_IF_ERROR(tell(line.appointment.has_value() ? "plan.not_kept" : "plan.no_room_must", line));
    else others.push_back(&line);
  }
  for (const PlanLine& line : day.passed_on) RAPPORT_RETURN_IF_ERROR(tell("plan.passed_on", line));
  if (!others.empty()) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string row, NoRoom(day, others, voice, most));
    text += row + "\n";
  }
  std::int64_t waiting = 0;
  for (const PlanLine& line : day.waits) {
    if (!line.told.has_value()) {
      ++waiting;
      continue;
    }
    RAPPORT_ASSIGN_OR_RETURN(const std::string who, voice.WhoAndWhy(line));
    RAPPORT_ASSIGN_OR_RETURN(const std::string told, voice.Say(*line.told));
    RAPPORT_ASSIGN_OR_RETURN(const std::string row, voice.Say("plan.agreed", {{"who", who}, {"told", told}}));
    text += row + "\n";
  }
  if (waiting > 0) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string row, voice.Say("plan.waits", {{"n", waiting}}));
    text += row + "\n";
  }
  if (day.done_minutes > 0) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string row, voice.Say("plan.done", {{"n", day.done_minutes}}));
    text += row + "\n";
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::string quota, voice.Quota(day));
  return text + quota + (quota.empty() ? "" : "\n");
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
          {"held_until", kInstant}, {"currency", kText},      {"day", kDay},           {"travel_minutes", kInteger},
          {"rolled", kInteger},     {"age_days", kInteger},   {"appointment", kText},  {"told", kText},
          {"hand_to", kText},       {"passed_from", kText},   {"later", kInstant}};
}

absl::Status AppendPlanRow(Day civil, const RepDay& day, const PlanLine& line, std::string_view status, const PlanVoice& voice, Table& table) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string headline, voice.Say(HeadlineOf(line)));
  RAPPORT_ASSIGN_OR_RETURN(const std::string objective, voice.Say(ObjectiveOf(line)));
  std::string told;
  if (line.told.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(told, voice.Say(*line.told));
  }
  const auto text_or_null = [](const std::string& s) { return s.empty() ? Cell() : Cell(s); };
  const Decision* d = line.decision;
  const bool held = status == "held";
  const bool priced = d != nullptr && d->value.has_value();
  table.AppendRow({text_or_null(day.rep.text()),
                   line.position ? Cell(*line.position) : Cell(),
                   line.start ? Cell(*line.start) : Cell(),
                   line.minutes,
                   line.customer.text(),
                   voice.Customer(line),
                   text_or_null(line.contact ? line.contact->text() : std::string()),
                   std::string(NameOf(line.channel)),
                   std::string(NameOf(line.purpose)),
                   objective,
                   headline,
                   priced ? Cell(d->value->ToMajor()) : Cell(),
                   line.mandatory,
                   d != nullptr ? Cell(d->followup.text()) : Cell(),
                   std::string(status),
                   held ? text_or_null(d->rule_hold ? d->rule_hold->by : HoldReasonOf(*d)) : Cell(),
                   held && d->held_until ? Cell(*d->held_until) : Cell(),
                   priced ? text_or_null(std::string(d->value->currency().code())) : Cell(),
                   civil,
                   line.travel_minutes,
                   line.rolled,
                   line.age_days,
                   line.appointment ? Cell(line.appointment->id.text()) : Cell(),
                   text_or_null(told),
                   text_or_null(line.hand_to.text()),
                   text_or_null(line.passed_from.text()),
                   line.later ? Cell(*line.later) : Cell()});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Table> PlanTable(const DayPlan& plan, Language language, const Texts& texts) {
  const PlanVoice voice(language, texts);
  Table table(PlanColumns());
  const auto append = [&](Day civil, const std::vector<RepDay>& reps, std::vector<PlanLine> RepDay::*lines, std::string_view status) -> absl::Status {
    for (const RepDay& day : reps) {
      for (const PlanLine& line : day.*lines) RAPPORT_RETURN_IF_ERROR(AppendPlanRow(civil, day, line, status, voice, table));
    }
    return absl::OkStatus();
  };
  RAPPORT_RETURN_IF_ERROR(append(plan.day, plan.reps, &RepDay::lines, "planned"));
  for (const LaterDay& later : plan.later) RAPPORT_RETURN_IF_ERROR(append(later.day, later.reps, &RepDay::lines, "planned"));
  RAPPORT_RETURN_IF_ERROR(append(plan.day, plan.reps, &RepDay::no_room, "no_room"));
  RAPPORT_RETURN_IF_ERROR(append(plan.day, plan.reps, &RepDay::waits, "waits"));
  RAPPORT_RETURN_IF_ERROR(append(plan.day, plan.reps, &RepDay::passed_on, "passed_on"));
  for (const RepDay& day : plan.reps) {
    for (const Decision* d : day.held) RAPPORT_RETURN_IF_ERROR(AppendPlanRow(plan.day, day, LineOf(*d), "held", voice, table));
  }
  return table;
}

namespace {

absl::Status AppendLines(Day civil, const RepDay& day, const PlanVoice& voice, std::string& text) {
  if (!text.empty()) text += "\n";
  RAPPORT_ASSIGN_OR_RETURN(const std::string header, Header(civil, day, voice));
  text += header + "\n";
  for (const PlanLine& line : day.lines) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string row, Line(day, line, voice));
    text += row + "\n";
  }
  return absl::OkStatus();
}

absl::Status AppendBesides(const RepDay& day, const Book& book, const PlanVoice& voice, const PlanTextOptions& options, std::string& text) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string not_planned, NotPlanned(day, voice, options.most_no_room));
  RAPPORT_ASSIGN_OR_RETURN(const std::string held, HeldLines(day, book, voice, options.most_held_a_reason));
  text += not_planned + held;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> PlanText(const DayPlan& plan, const Book& book, Language language, const Texts& texts,
                                     const PlanTextOptions& options) {
  const PlanVoice voice(language, texts);
  std::string text;
  for (const RepDay& day : plan.reps) {
    if (plan.reps.size() > 1 && IsBlank(day)) continue;
    RAPPORT_RETURN_IF_ERROR(AppendLines(plan.day, day, voice, text));
    RAPPORT_RETURN_IF_ERROR(AppendBesides(day, book, voice, options, text));
  }
  for (const LaterDay& later : plan.later) {
    for (const RepDay& day : later.reps) {
      if (!day.lines.empty()) RAPPORT_RETURN_IF_ERROR(AppendLines(later.day, day, voice, text));
    }
  }
  return text;
}

}  // namespace rapport
