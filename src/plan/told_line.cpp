#include "plan/told_line.hpp"

#include "absl/strings/str_cat.h"

namespace rapport {
namespace {

std::string IdOf(const PlanLine& line) {
  if (line.decision != nullptr) return line.decision->followup.text();
  RAPPORT_INVARIANT(line.appointment.has_value(), "a planned line stands for a decision or an appointment");
  return line.appointment->followup ? line.appointment->followup->text() : absl::StrCat("appointment/", line.appointment->id.text());
}

}  // namespace

absl::StatusOr<ToldLine> TellLine(const PlanLine& line, const PlanVoice& voice) {
  ToldLine told;
  told.id = IdOf(line);
  if (line.decision != nullptr) told.followup = line.decision->followup;
  told.start = line.start;
  told.minutes = line.minutes;
  told.travel_minutes = line.travel_minutes;
  told.must = line.mandatory;
  told.fixed = line.appointment.has_value();
  RAPPORT_ASSIGN_OR_RETURN(told.channel, voice.Say("channel." + std::string(NameOf(line.channel))));
  RAPPORT_ASSIGN_OR_RETURN(told.purpose, voice.Say("policy.purpose." + std::string(NameOf(line.purpose))));
  RAPPORT_ASSIGN_OR_RETURN(told.who, voice.Who(line));
  RAPPORT_ASSIGN_OR_RETURN(told.headline, voice.Say(HeadlineOf(line)));
  RAPPORT_ASSIGN_OR_RETURN(told.objective, voice.Say(ObjectiveOf(line)));
  RAPPORT_ASSIGN_OR_RETURN(told.besides, voice.Besides(line));
  if (line.told.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(told.told, voice.Say(*line.told));
  }
  return told;
}

}  // namespace rapport
