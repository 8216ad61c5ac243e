// Floor 5. Occasions: the concrete moments at which a rule would act for an account.
//
// A rule by event has one occasion a matching event that is still open (a worry not resolved, a promise of ours not kept, an
// order not returned whole); a rule by signal has one each time an event arms it, and with `repeat` one more every so many
// days, each a step of its own; so is each further time that a signal comes to be beyond with no new event (the next rung lost
// to the same silence). The root cause is what makes a follow-up the same follow-up for ever: the triggering event, or
// the event that armed the signal; never the policy version or the moment of crossing.
#ifndef RAPPORT_POLICY_OCCASION_HPP_
#define RAPPORT_POLICY_OCCASION_HPP_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rapport/core/sentence.hpp"
#include "rapport/policy/policy.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

inline constexpr std::string_view kOnlyStep = "1";

struct Occasion {
  EventKey root;
  std::string step = std::string(kOnlyStep);   // "2" and on: the repetitions of a rule by signal
  ContactId contact;                 // as named in the root event; empty if it names nobody
  RepId rep;                         // likewise
  Day day;                           // the customer's local day of `due`
  Instant due;
  Instant since;                     // when the root event happened; of a signal or a recurrence, `due`: exits count from here
  bool settled = false;              // the matter is closed: the worry resolved, the promise kept, the order given back whole
  std::vector<EventKey> evidence;
  // What the headline may say: since, due, delivered_days, return_ends, at_risk, rhythm_weeks, text, ... (docs/policy.md)
  std::map<std::string, SentenceArgument> arguments;
  std::vector<std::string> variants; // of the headline's and the objective's key, the most telling first: "weeks" for headline.silence.weeks
};

// The names of all arguments that occasions of such a trigger may give, sorted.
std::vector<std::string> ArgumentNamesOf(const Trigger& trigger);
// True for arguments that merely count the days up to the moment of saying (delivered_days, silent_days, silent_weeks, days), or others of whom the
// newest fit knows (buyers, cured): a change in them alone is no new revision of a follow-up.
bool IsClockCounted(std::string_view argument);

// Which occasions are asked for. What is not is not told either: most of an account's lapsed long ago.
struct OccasionScope {
  Instant from = Instant::Min();     // by due, both included
  Instant until = Instant::Max();
  bool settled = false;              // also those whose matter is closed; of events alone
  const EventKey* root = nullptr;    // of this root alone
};
// Oldest first, equals by root; of those that repeat the newest past one alone, and the next. A root after input.as_of has not happened yet.
// O(records of the account).
std::vector<Occasion> OccasionsOf(const Rule& rule, const SignalInput& input, const OccasionScope& scope);
// Those of one root, settled or not; of a signal, where nothing of it need be left, what can still be said.
std::vector<Occasion> OccasionsByRoot(const Rule& rule, const SignalInput& input, const EventKey& root);
// How a trigger looks at its polled signal.
SignalCheck CheckOf(const SignalTrigger& trigger);
// The first one after input.as_of that can be foreseen; its conditions are not looked at.
std::optional<Occasion> NextOccasion(const Rule& rule, const SignalInput& input);

// Hash of (rule, step, customer, contact as named in the root event, root cause): "f" and 31 hexadecimal digits.
FollowUpId FollowUpIdOf(std::string_view rule, std::string_view step, const CustomerId& customer,
                        const ContactId& contact, const EventKey& root);

// A moment and the customer's local day of it.
struct DueMoment {
  Day day;
  Instant at;
};
// `offset` after a moment. Days begin at 00:00, or at the offset's time of day, but never before the moment itself; working days and
// business hours are those of the account's owner without his absences, else Monday to Friday 9 to 17.
DueMoment Shifted(const DueMoment& from, const Offset& offset, const SignalInput& input);
// `offset` after a day, in whole days.
Day ShiftDay(Day day, const Offset& offset, const SignalInput& input);
// The last moment at which a follow-up due then may still be made: with days, the end of that local day.
Instant ExpiryOf(const Offset& expires, const Occasion& occasion, const Zone& zone);

}  // namespace rapport

#endif  // RAPPORT_POLICY_OCCASION_HPP_
