#include "plan/told_line.hpp"

namespace rapport {

absl::StatusOr<ToldLine> TellLine(const PlanLine& line, const PlanVoice& voice) {
  RAPPORT_INVARIANT(line.decision != nullptr, "a planned line stands for a decision");
  const Decision& d = *line.decision;
  ToldLine told;
  told.id = d.followup.text();
  told.followup = d.followup;
  told.start = line.start;
  told.minutes = d.minutes;
  told.must = d.mandatory;
  RAPPORT_ASSIGN_OR_RETURN(told.channel, voice.Say("channel." + std::string(NameOf(d.channel))));
  RAPPORT_ASSIGN_OR_RETURN(told.purpose, voice.Say("policy.purpose." + std::string(NameOf(d.purpose))));
  RAPPORT_ASSIGN_OR_RETURN(told.who, voice.Who(d));
  RAPPORT_ASSIGN_OR_RETURN(told.headline, voice.Say(d.headline));
  RAPPORT_ASSIGN_OR_RETURN(told.objective, voice.Say(d.objective));
  return told;
}

}  // namespace rapport
