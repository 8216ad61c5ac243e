// Floor 6. Adherence: how much of what was planned in a week was done, by rep, and whether it slips (EF3: plans decay when routine sets in).
//
//   planned  appointments that fell in the week and were not called off before, at the time they were moved to last; and follow-ups that were handed over
//            in it. A follow-up counts once in each week in which it was handed over, and not beside an appointment of the same week that was
//            made for it before it was done (a next date agreed when it was done is work of its own); one that was withdrawn within the week, because
//            its reason was gone, counts not at all.
//   done     of an appointment, a touch of the rep with that customer on that local day, by the same channel (a visit and a meeting are one). Of a follow-up, a
//            touch that answers it, or its being done, within the week. A visit counts only with an outcome: a touch with a disposition, or a goal
//            that was judged. A touch does for one appointment, and counts on the day it was made (BeganAt), however late it was noted.
//   met      of the goals that the rep judged of the week's work, how many were reached: of touches, and of follow-ups done without a touch that says so.
//
// Weeks are ISO weeks, Monday to Sunday, in the rep's zone; only whole ones are counted, for a week that still runs looks like one that slips:
// one that ended in the book's zone is left out of a rep west of it until it has ended for him too. Whose a
// piece of work is: the rep it names, else the customer's owner.
//
// What is counted here is about people: for their managers alone.
#ifndef RAPPORT_PLAN_ADHERENCE_HPP_
#define RAPPORT_PLAN_ADHERENCE_HPP_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"

namespace rapport {

struct WorkCount {
  std::int64_t planned = 0;
  std::int64_t done = 0;                    // 0..planned
  friend bool operator==(const WorkCount&, const WorkCount&) = default;
};

struct WeekOfWork {
  WorkCount all;
  std::map<Channel, WorkCount> channels;    // meetings under visit
  std::int64_t objectives = 0;              // judged
  std::int64_t met = 0;                     // of them
  std::vector<EventKey> visits;             // what made the visits: appointments and hand-overs' follow-ups, then the touches that did them
  WorkCount Of(Channel channel) const;
  void Add(const WeekOfWork& other);
};

// The Monday of the ISO week of a day.
Day MondayOf(Day day);

// Which weeks: `weeks` whole ones, 1 to 520, the last of them the one that ended before the day on which `as_of` falls in the book's zone.
struct WeekSpan {
  Day first;                                // a Monday
  int weeks = 8;
  static WeekSpan Before(Day today, int weeks) { return {MondayOf(today) - 7 * weeks, weeks}; }
  Day Monday(int index) const { return first + 7 * index; }
};

// Counts account by account, in any order.
class AdherenceTally {
 public:
  // `reps`: only these; empty: all. `context` must outlive the tally.
  AdherenceTally(const BookContext& context, std::set<RepId> reps, WeekSpan span, Instant as_of);
  // O(appointments, follow-ups and touches of the account).
  void Add(const Account& account);
  const WeekSpan& span() const { return span_; }
  // By rep, one entry a week, in order; reps of whom nothing was planned or judged are not there.
  const std::map<RepId, std::vector<WeekOfWork>>& reps() const { return reps_; }
  // Of several together; empty: of all.
  std::vector<WeekOfWork> Together(const std::set<RepId>& reps) const;

 private:
  void AddAppointments(const Account& account);
  void AddFollowUps(const Account& account);
  void AddObjectives(const Account& account);
  bool StillRuns(const RepId& rep, Day monday) const;
  WeekOfWork* WeekOf(const RepId& rep, Day day);
  Day DayOf(const RepId& rep, Instant at) const;

  const BookContext* context_;
  std::set<RepId> wanted_;
  WeekSpan span_;
  Instant as_of_;
  std::map<RepId, std::vector<WeekOfWork>> reps_;
};

// Whether the share done moves over the weeks.
//   slope   change of the share a week, the least squares weighted by what was planned: sum n (x - m)(p - q) / sum n (x - m)^2, with m the mean week and
//           q the share of all weeks together
//   z       the slope over its standard deviation if the share were the same in all weeks (the trend test for proportions: Cochran 1954, Armitage
//           1955). Weeks that differ among themselves more than chance makes them (a fair, a flu) widen it: the variance is multiplied by Pearson's
//           statistic of the weeks about the line over its degrees of freedom, where that is above 1 (McCullagh and Nelder 1989, 4.5)
struct WorkTrend {
  double slope = 0;
  double z = 0;
  std::int64_t planned = 0;
  int weeks = 0;                            // with something planned
  std::int64_t from_percent = 0, to_percent = 0;   // on the line, at the first and the last of these weeks, within 0..100
  // It falls by more than chance would bring about once in forty times.
  bool Falls() const;
};
// From so many weeks with something planned on, and so much planned in all, a slope is told.
inline constexpr int kTrendWeeks = 4;
inline constexpr std::int64_t kTrendPlanned = 12;
// None below that, or where nothing or all was done. O(weeks).
std::optional<WorkTrend> TrendOf(std::span<const WorkCount> weeks);

// "Of what was planned 9 in 10 were done, now 5 in 10, over 8 weeks: more than chance. What is in the way?"
Sentence TellSlipping(const WorkTrend& trend);

// team, rep, week (its Monday), planned, done, share (null where nothing was planned), visits_planned, visits_done, objectives, met, slope (of all weeks;
// null where none is told), sentence (in the last week of one whose share falls). Sorted by team, rep, week; a row without a rep is its
// team's. For managers only.
absl::StatusOr<Table> AdherenceTable(const AdherenceTally& tally, const BookContext& context, Language language);

}  // namespace rapport

#endif  // RAPPORT_PLAN_ADHERENCE_HPP_
