// Floor 4. Signals: one row per customer, named and typed, with unit, provenance and motion.
//
// A signal is a function of (account, context, as_of). Policies compare signals and nothing else; explanations show them.
// Each declares how it moves when nothing happens:
//   constant      changes by events only
//   clock_linear  a number of days that grows by its slope with each local day
//   monotone      a number that time alone lowers: the day on which it crosses is solved for
//   polled        must be asked for again; a rule that crosses a threshold on it names the dates on which it is looked at
// so that a rule "silence above 2" knows the day of crossing without looking every day. Numbers are rounded to 12
// significant digits before anyone sees them (docs/adr on determinism). Missing is null, never NaN.
#ifndef RAPPORT_SIGNALS_REGISTRY_HPP_
#define RAPPORT_SIGNALS_REGISTRY_HPP_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/account.hpp"
#include "rapport/book/book.hpp"
#include "rapport/book/context.hpp"
#include "rapport/core/recurrence.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/table.hpp"

namespace rapport {

enum class Motion { kConstant, kClockLinear, kMonotone, kPolled };
std::string_view NameOf(Motion motion);  // "constant", "clock_linear", "monotone", "polled"

class BalanceWeights;
class CareWorth;
class EconomicsTerms;
class GammaGamma;
class LargeAccounts;
class PromiseKeeping;
class PurchaseModel;
class ReferralTree;
class RelationshipTerms;
class RepeatModel;
class SignalMemo;
class WorryKnowledge;
enum class TimeUnit;

// The context with what is costly to read from it, made once for many accounts: the fitted models.
struct SignalContext {
  const BookContext* book = nullptr;
  std::shared_ptr<const PurchaseModel> lifetime;   // the newest fitted model of when customers buy; null where none was
  TimeUnit lifetime_unit{};              // of time, in which it was fitted; a week where its event names none
  EventKey lifetime_event;
  std::shared_ptr<const GammaGamma> spend;         // what they spend; null where none was fitted
  EventKey spend_event;
  std::shared_ptr<const CareWorth> care;           // what care after the sale saves and brings; null where none was fitted
  EventKey care_event;
  std::shared_ptr<const EconomicsTerms> economics; // of the book, else the default
  std::shared_ptr<const LargeAccounts> large;   // null where none was fitted
  EventKey large_event;
  std::shared_ptr<const PromiseKeeping> keeping;   // null where none was fitted
  EventKey keeping_event;
  std::shared_ptr<const BalanceWeights> weights;   // of the book; null where it is not configured
  std::shared_ptr<const RepeatModel> repeat;       // null where none was fitted
  EventKey repeat_event;
  std::shared_ptr<const RelationshipTerms> relationship;   // of the book, else the default
  std::shared_ptr<const WorryKnowledge> worries;   // null where none was fitted
  EventKey worries_event;
  std::shared_ptr<const ReferralTree> referrals;   // null where none was fitted
  EventKey referrals_event;
  Instant referrals_at;                            // as of which it was fitted
  // `signal.invalid_model` where a model.fitted event cannot be read. `book` must outlive the result.
  static absl::StatusOr<SignalContext> From(const BookContext& book);
};

// What a signal may read. `zone` is the customer's. Signals read the account as it was folded: to ask about a past moment, fold
// the book as of it (BookBuilder::AsKnown). What lies after `today` has not begun to count: days since it are null.
struct SignalInput {
  const Account* account;
  const SignalContext* context;
  const Zone* zone;
  Instant as_of;
  Day today;  // of the zone at as_of
  bool explain = true;  // false: values only, evidence and armed_by are left empty (for tables)
  SignalMemo* memo = nullptr;   // what several columns of one account are made from, kept between them; null: made anew for each
};

struct SignalValue {
  Cell value;                       // of the declared type, or null
  std::vector<EventKey> evidence;   // the events it was made from, at most kMaxEvidence, the newest kept
  EventKey armed_by;                // the newest event that moved it: the root cause of a crossing; empty if none
  static constexpr std::size_t kMaxEvidence = 12;
};

struct SignalColumn {
  std::string_view name;      // "purchase.days_since"
  ColumnType type;
  std::string_view unit;      // "days", "reporting currency", "" for counts and words
  std::string_view meaning;   // one English sentence
  Motion motion;
  double slope_per_day = 0;   // of kClockLinear where it is the same for all; 0: ask by two days' values
  SignalValue (*compute)(const SignalInput&);
  // Of a column of the host's own, its name without "host."; empty for ours.
  std::string host = {};
  // The next local day on which time alone may move it in another way than by its slope: a kPolled signal at all, a kClockLinear one that
  // may end. Null: of kPolled any day, of the others none.
  std::optional<Day> (*next_step)(const SignalInput&) = nullptr;
  // Of kMonotone: the first local day after today on which it is <= threshold if nothing happens, to a day; null: never.
  std::optional<Day> (*reaches)(const SignalInput&, double threshold) = nullptr;
  // Events move it both ways, so it may have crossed a threshold at any of them and crossed back since. A past day is asked as it ended.
  // Of kConstant: what arms it begins a row, which only grows from there on.
  bool jumps = false;
  SignalValue Of(const SignalInput& input) const;
};

// A column of the host's own as conditions name it ("host.usage"), a number or a text: its newest signal.observed.
std::shared_ptr<const SignalColumn> HostSignal(std::string_view name, ColumnType type);

// All signals, sorted by name.
std::span<const SignalColumn> AllSignals();
// `signal.unknown` names it and the nearest name.
absl::StatusOr<const SignalColumn*> FindSignal(std::string_view name);
// One that is known to be there, by a name that stands in the code or was looked up before. Any other breaks an invariant.
const SignalColumn& SignalNamed(std::string_view name);

SignalInput InputFor(const Account& account, const SignalContext& context, Instant as_of);

// The values of columns for one account, each in its place of `out`, without evidence: what several are made from is made once.
void SignalValuesOf(std::span<const SignalColumn* const> columns, const Account& account, const SignalContext& context, Instant as_of, std::span<Cell> out);

// The first local day, not after `input.today`, from which on the signal (kClockLinear, kMonotone) has been >= threshold with the events as
// they are; nullopt if it is below today. And the next day on which it will be (NextCrossing), for agendas: nullopt if it is
// already, or will not be within a hundred years. Both are what asking day by day would find, in a few evaluations; where events move
// it both ways, in a few for each event since it crossed.
// A kConstant signal crosses by events alone: the day of the event that moved it last, and no next day. kPolled: nullopt.
std::optional<Day> CrossedAboveOn(const SignalColumn& column, const SignalInput& input, double threshold);
std::optional<Day> NextCrossing(const SignalColumn& column, const SignalInput& input, double threshold);
// The same downward, for signals that fall: the first day from which on the value has been <= threshold.
std::optional<Day> CrossedBelowOn(const SignalColumn& column, const SignalInput& input, double threshold);
std::optional<Day> NextCrossingBelow(const SignalColumn& column, const SignalInput& input, double threshold);

// A kPolled signal is looked at when the local days `dates` begin, and not between them. It is beyond where it is >= threshold, with
// `below` where it is <= threshold.
struct SignalCheck {
  double threshold;
  bool below;
  const Recurrence* dates;
};
// The dates without a gap, up to the last one not after today, on which it was beyond by events before them; none on the account's first day.
// O(dates in the row).
struct CheckedRow {
  Day first;
  Day last;
};
std::optional<CheckedRow> CheckedRowOf(const SignalColumn& column, const SignalInput& input, const SignalCheck& check);
// The first of the next kMostChecksAhead dates after today on which it is `beyond`, if nothing happens; else the last of them, not found. None where
// time alone does not move it (next_step) and it is not: then only an event can.
inline constexpr int kMostChecksAhead = 64;
struct CheckAhead {
  Day day;
  bool found;
};
std::optional<CheckAhead> NextChecked(const SignalColumn& column, const SignalInput& input, const SignalCheck& check, bool beyond);

// 12 significant digits, half to even; -0 becomes 0.
double RoundSignal(double value);

// customer and a column a signal, one row a customer, sorted by customer. `customers` empty: all. `columns` empty: all.
// `signal.unknown`, `signal.unknown_customer`, `signal.invalid_model`. A name given twice counts once.
absl::StatusOr<Table> SignalTable(const Book& book, Instant as_of, std::span<const CustomerId> customers,
                                  std::span<const std::string> columns);

}  // namespace rapport

#endif  // RAPPORT_SIGNALS_REGISTRY_HPP_
