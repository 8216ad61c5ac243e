// Floor 6. The brief of a morning: what became known of a team's, or a rep's, customers since the last day on which they worked (EX8, EF1, EF3).
//
//   BRIEF Fukuoka team, Mon 2 Mar (since Fri 27 Feb 00:00)
//   Broken: Park, Ebisu 2 units, 1 day late; call today, say when. At risk: Kurume Print, Fri 6 Mar.
//   Heard twice: smell after filter change (Nagi, Mine). Cured 3 of 3: a 5-min flush. Put it in the hand-over talk?
//   Good: Yamato Inn 9 of 10 after early delivery. Slack: visits planned/done 8/4 last week, 8/7 the week before.
//   Goals: 2 of 5 met. Not met: Riverside Yoga, Tenjin Dental, Green Hills.
//
// Sections of the sheet "brief", each only where there is something to say, each line with the events it rests on:
//   broken   promises of ours of which it became known since then that they are broken: still owed, with the rep's working days that have passed since
//            the day, or come late, or agreed anew after their day had passed; what is owed and latest first. A word that another replaced is judged by what was
//            delivered before that. How many older ones are still owed is a line of its own
//   at_risk  open promises that the model promise_keeping gives less than 0.8 (signals/promise_chance.hpp); none without the model. By
//            their days
//   heard    worries that two or more customers raised within kHeardDays days, where one of them is open or was raised or resolved since then, and what
//            cured it, by the model `worries`, else by the customers of the brief alone; the three that most raised
//   good     scores of 9 and more of 10 (of satisfaction 4.6 and more of 5), what came before its day, who brought whom
//   slack    visits planned and done in the last two whole weeks, and a sentence where the share of the work done falls by more than chance (adherence.hpp)
//   goals    of the goals judged since then, how many were met, and whose were not
//   quiet    one line where there is none of these
// Since then: what occurred since then, and what occurred before and was told since then; of good, of goals, and of what came late or was agreed anew only
// what occurred within the kNewsDays days before as well, for a book that goes live is told of years in a night. Of broken, at_risk and good eight lines are
// read out, and one says how many more there are.
//
// It tells the same whatever was stored later: of those who are not the business of these reps nothing is told, whether they are read or not.
//
// A brief of a rep tells of the same and is his own; that of a team compares nobody with anybody. `slack` and `goals` of one person are for him and his
// manager: the host decides who is shown a sheet.
#ifndef RAPPORT_PLAN_BRIEF_HPP_
#define RAPPORT_PLAN_BRIEF_HPP_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/plan/sheet.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// A worry heard again within so many local days is heard twice.
inline constexpr int kHeardDays = 14;
// What occurred longer than so many days before `since` is no news, however late it is told.
inline constexpr int kNewsDays = 14;
// What is good news of feedback, on the scale of 0 to 10 (signals/feedback_score.hpp).
inline constexpr double kGoodScore = 9;

// Whose brief it is.
struct BriefScope {
  std::string team;                // empty: of one rep
  std::set<RepId> reps;            // of the team, those who work there on the day; or the one
  const Zone* zone = nullptr;      // the rep's; of a team the book's
  Day day;
  Day since_day;                   // the last day before `day` on which one of them worked, at most 30 days back; else the day before
  Instant since;                   // its first instant
};

// Of a team as rep.upserted names it, whatever reps are called; nullopt where nobody works there on the day. O(reps).
std::optional<BriefScope> BriefScopeOfTeam(const BookContext& context, std::string_view team, Day day);
// Of one rep; nullopt where rep.upserted never named him, though customers may be his. O(log reps).
std::optional<BriefScope> BriefScopeOfRep(const BookContext& context, const RepId& rep, Day day);
// `team_or_rep`: a rep's id, else a team; `brief.unknown` names both kinds that there are. O(reps).
absl::StatusOr<BriefScope> BriefScopeOf(const BookContext& context, std::string_view team_or_rep, Day day);

// `customers`: who may be the business of these reps, more than these do no harm; others are not read. nullopt: anybody.
// O(events of these accounts). Facts of the sheet: team or rep, day, since, broken, still_owed, at_risk, good, topics, goals, goals_met, weeks (monday,
// visits_planned, visits_done).
Sheet MakeBrief(const Book& book, const SignalContext& context, const BriefScope& scope, Instant as_of,
                const std::optional<std::vector<CustomerId>>& customers);

// A row a group of sections, as above; each row may be longer than a sentence.
absl::StatusOr<std::string> BriefText(const Sheet& brief, Language language, const Texts& texts);

}  // namespace rapport

#endif  // RAPPORT_PLAN_BRIEF_HPP_
