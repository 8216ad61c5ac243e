// Floor 6, inside. A planned line in words, for every face that shows it by itself: the calendar and the page.
#ifndef RAPPORT_SRC_PLAN_TOLD_LINE_HPP_
#define RAPPORT_SRC_PLAN_TOLD_LINE_HPP_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "plan/plan_voice.hpp"

namespace rapport {

struct ToldLine {
  std::string id;                       // the same as long as it is the same work: of the follow-up, else of the appointment
  std::optional<FollowUpId> followup;
  std::optional<Instant> start;         // none: it has no room
  std::int64_t minutes = 0;             // with the customer
  std::int64_t travel_minutes = 0;      // before them
  bool must = false;
  bool fixed = false;                   // an appointment
  std::string channel;                  // the word of the language
  std::string purpose;
  std::string who;                      // "Hakata Dental, Dr Mori"
  std::string headline;
  std::string objective;
  std::string besides;                  // how often it was put off, whose it was; most often empty
  std::string told;                     // not planned: who must be told, or who has it now
};

// `message.*`.
absl::StatusOr<ToldLine> TellLine(const PlanLine& line, const PlanVoice& voice);

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_TOLD_LINE_HPP_
