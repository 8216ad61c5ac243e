// Floor 5, inside. One account on its way through the days of a backtest: what becomes known of it, what is asked for, and what becomes
// of that. Accounts do not look at each other, so each may be taken from one day to the next alone (docs/adr/0021).
#ifndef RAPPORT_SRC_POLICY_BACKTEST_LIFE_HPP_
#define RAPPORT_SRC_POLICY_BACKTEST_LIFE_HPP_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "book/replay.hpp"
#include "policy/quiet_rules.hpp"
#include "rapport/policy/backtest.hpp"

namespace rapport {

// What a run has to be told of an event on the day it became known.
struct Happening {
  Instant known;
  Instant at;
  CustomerId customer;
  CustomerId joined;                       // said to be one with him, or not to be
  bool many = false;                       // concerns many accounts
  bool retracts_batch = false;
  bool ordered = false;
  std::optional<Channel> contacted_by;     // an outbound touch that reached somebody
  FollowUpId answers;                      // what it names
  std::optional<BacktestOutcome> closes;   // a rep said so of what `answers` names
  std::size_t type = 0;                    // its place in Payload
  std::string host;                        // the host's signal that it observes
  EventKey key;
  bool is_shared() const { return many || retracts_batch || customer.empty() || !joined.empty(); }
};
Happening HappeningOf(const Event& event);
// By when they became known.
bool KnownBefore(const Happening& a, const Happening& b);

// The days of a run, with what is counted on each. `starts` are filled in as the run comes to them.
struct BacktestCalendar {
  std::vector<Instant> starts;                                    // a day
  std::vector<BacktestDay> days;
  std::vector<std::map<RepId, std::int64_t>> minutes;             // issued that day, by rep
  const Zone* zone = nullptr;                                     // the book's
};

class BacktestLife {
 public:
  // A happening, whether it may matter to a rule, and whether it came before all that was known of its customer until then.
  struct Turn {
    const Happening* what;
    bool matters;
    bool begins;
  };
  // What was issued or held, by id.
  using FollowUps = std::map<FollowUpId, BacktestFollowUp>;

  // Everything that belongs to the account: its customers, what is to become known of them, what was concluded of them before.
  struct Past {
    std::vector<CustomerId> members;
    std::vector<Turn> ahead;                                      // by when they become known
    FollowUps followups;
    std::string said;                                             // packed
    std::vector<std::pair<CustomerId, Day>> orders;
    bool seen = false;
  };
  BacktestLife(CustomerId account, Past past) : account_(std::move(account)), past_(std::move(past)) {}

  const CustomerId& account() const { return account_; }
  // True once anything of it has become known.
  bool seen() const { return past_.seen; }
  // When the account is to be looked at next: a moment that may lie behind, none: never.
  std::optional<Instant> Next() const;
  // Takes in what became known by that day's beginning; true where the account is to be looked at.
  bool TakeIn(std::size_t day, BacktestCalendar& calendar);
  // Null where nothing was known. `whole`: the book of all that will ever be known.
  const Account* At(Instant moment, const Book& book, const std::shared_ptr<const Book>& whole);
  // What the rules of the policy need not be asked again; both must outlive the life.
  QuietRules& Quiet(const Policy& policy, const EventsRead& read);
  // Something that accounts have in common has changed.
  void HearAll();
  // What a tick on that day concludes.
  void Conclude(const AccountDecisions& decided, std::size_t day, BacktestCalendar& calendar);
  // Its events are folded afresh: a batch was taken back.
  void Forget();
  // It belongs to another account from now on.
  void Tell() { told_ = true; }
  // About 10 kB less to keep, and so many more to read again.
  void Shrink();
  bool IsShrunk() const { return replay_ == nullptr; }
  Past TakePast();

  const FollowUps& followups() const { return past_.followups; }
  // Whether what was issued was followed by an order, and how many ordered without.
  void CountBuyers(Day before, std::int64_t lookback_days, std::vector<BacktestDay>& days);

 private:
  void Happens(const Turn& turn, BacktestDay& tally, const Zone& zone);
  void Answer(const Happening& happening, BacktestDay& tally, const Zone& zone);
  void TakeWord(const Happening& happening, BacktestDay& tally, const Zone& zone);
  void Close(const FollowUpId& followup, BacktestOutcome outcome, Instant at, const Zone& zone);
  void Count(const Decision& decision, BacktestDay& tally);
  void CountEvent(const Event& event, std::size_t day, BacktestCalendar& calendar);
  void Say(const Event& event);
  void HearOwn(const std::string& rule);

  CustomerId account_;
  Past past_;
  std::size_t next_ = 0;                   // of past_.ahead
  bool told_ = false;
  std::optional<Instant> foreseen_;        // when to look again if nothing happens
  std::unique_ptr<AccountReplay> replay_;
  std::optional<QuietRules> quiet_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_BACKTEST_LIFE_HPP_
