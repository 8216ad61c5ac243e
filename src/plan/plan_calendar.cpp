#include "rapport/plan/plan_calendar.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "absl/strings/str_cat.h"
#include "plan/calendar_text.hpp"
#include "plan/told_line.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMicrosPerMinute = 60'000'000;

Instant MadeAt(const DayPlan& plan) { return std::max(plan.as_of, plan.known_at.value_or(plan.as_of)); }

// Of all lines of a calendar: nothing of the line itself is in it, whose day, hour and rep may move either way.
std::int64_t SequenceOf(const DayPlan& plan, std::int64_t events_known) {
  const std::int64_t minutes = std::max<std::int64_t>(MadeAt(plan).micros() / kMicrosPerMinute, 0);
  return std::min<std::int64_t>(minutes + events_known, std::numeric_limits<std::int32_t>::max());
}

struct EventStamp {
  std::int64_t sequence = 0;
  Instant made;
  bool cancelled = false;
  bool names_rep = false;   // several share the calendar
};

absl::StatusOr<std::string> Description(const RepDay& day, const ToldLine& line, const PlanVoice& voice, const EventStamp& stamp) {
  std::string text = absl::StrCat(line.headline, "\n", line.objective, line.besides.empty() ? "" : "\n", line.besides);
  if (!stamp.names_rep) return text;
  RAPPORT_ASSIGN_OR_RETURN(const std::string rep, voice.Rep(day));
  return absl::StrCat(text, "\n", rep);
}

absl::Status AddEvent(const RepDay& day, const ToldLine& line, const PlanVoice& voice, const EventStamp& stamp, CalendarLines& out) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string summary, voice.Say("calendar.summary", {{"channel", line.channel}, {"who", line.who}}));
  RAPPORT_ASSIGN_OR_RETURN(const std::string description, Description(day, line, voice, stamp));
  RAPPORT_ASSIGN_OR_RETURN(const std::string must, voice.Say(line.fixed ? "plan.fixed" : "plan.must"));
  const bool marked = line.must || line.fixed;
  out.Add("BEGIN", "VEVENT");
  out.Add("UID", absl::StrCat(CalendarText(line.id), "@rapport"));
  out.Add("SEQUENCE", absl::StrCat(stamp.sequence));
  out.Add("DTSTAMP", CalendarInstant(stamp.made));
  out.Add("DTSTART", CalendarInstant(*line.start));
  out.Add("DTEND", CalendarInstant(line.start->PlusMinutes(line.minutes)));
  out.Add("SUMMARY", CalendarText(summary));
  out.Add("DESCRIPTION", CalendarText(description));
  out.Add("CATEGORIES", absl::StrCat(CalendarText(line.channel), ",", CalendarText(line.purpose), marked ? "," : "", marked ? CalendarText(must) : ""));
  out.Add("PRIORITY", marked ? "1" : "5");
  out.Add("STATUS", stamp.cancelled ? "CANCELLED" : "CONFIRMED");
  out.Add("TRANSP", stamp.cancelled ? "TRANSPARENT" : "OPAQUE");
  out.Add("END", "VEVENT");
  return absl::OkStatus();
}

absl::StatusOr<std::string> TitleOf(const DayPlan& plan, const PlanVoice& voice) {
  std::string rep;
  if (plan.reps.size() == 1) {
    RAPPORT_ASSIGN_OR_RETURN(rep, voice.Rep(plan.reps.front()));
  } else {
    RAPPORT_ASSIGN_OR_RETURN(rep, voice.Say("page.reps", {{"n", static_cast<std::int64_t>(plan.reps.size())}}));
  }
  return voice.Say("page.title", {{"who", rep}, {"day", plan.day}, {"year", static_cast<std::int64_t>(plan.day.year())}});
}

// Adds the planned lines of days, but for those whose id is told already.
class PlannedLines {
 public:
  PlannedLines(const DayPlan& newest, const PlanCalendarOptions& options, const PlanVoice& voice, CalendarLines& out)
      : newest_(newest), options_(options), voice_(voice), out_(out) {}

  absl::Status Add(const DayPlan& plan, bool cancelled) {
    const EventStamp stamp{SequenceOf(newest_, options_.events_known), MadeAt(newest_), cancelled, newest_.reps.size() > 1};
    RAPPORT_RETURN_IF_ERROR(AddDay(plan.reps, stamp));
    for (const LaterDay& later : plan.later) RAPPORT_RETURN_IF_ERROR(AddDay(later.reps, stamp));
    return absl::OkStatus();
  }

 private:
  absl::Status AddDay(const std::vector<RepDay>& reps, const EventStamp& stamp) {
    for (const RepDay& day : reps) {
      for (const PlanLine& line : day.lines) {
        RAPPORT_ASSIGN_OR_RETURN(const ToldLine told, TellLine(line, voice_));
        if (!told.start.has_value() || !told_.insert(told.id).second) continue;
        RAPPORT_RETURN_IF_ERROR(AddEvent(day, told, voice_, stamp, out_));
      }
    }
    return absl::OkStatus();
  }

  const DayPlan& newest_;
  const PlanCalendarOptions& options_;
  const PlanVoice& voice_;
  CalendarLines& out_;
  std::set<std::string> told_;
};

}  // namespace

absl::StatusOr<std::string> PlanCalendar(const DayPlan& plan, Language language, const Texts& texts, const PlanCalendarOptions& options) {
  const PlanVoice voice(language, texts);
  RAPPORT_ASSIGN_OR_RETURN(const std::string title, TitleOf(plan, voice));
  CalendarLines out;
  out.Add("BEGIN", "VCALENDAR");
  out.Add("VERSION", "2.0");
  out.Add("PRODID", "-//Rapport//Plan of the day//EN");
  out.Add("CALSCALE", "GREGORIAN");
  out.Add("METHOD", "PUBLISH");
  out.Add("NAME", CalendarText(title));          // RFC 7986
  out.Add("X-WR-CALNAME", CalendarText(title));  // what most readers know it by
  PlannedLines lines(plan, options, voice, out);
  RAPPORT_RETURN_IF_ERROR(lines.Add(plan, false));
  if (options.before != nullptr) RAPPORT_RETURN_IF_ERROR(lines.Add(*options.before, true));
  out.Add("END", "VCALENDAR");
  return out.Take();
}

}  // namespace rapport
