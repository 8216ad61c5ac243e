// Floor 6, inside. What a brief tells, gathered account by account.
#ifndef RAPPORT_SRC_PLAN_BRIEF_GATHER_HPP_
#define RAPPORT_SRC_PLAN_BRIEF_GATHER_HPP_

#include <map>
#include <set>
#include <vector>

#include "plan/sheet_lines.hpp"
#include "rapport/expectation/promise_outcome.hpp"
#include "rapport/plan/brief.hpp"
#include "rapport/relationship/worry_knowledge.hpp"

namespace rapport {

class BriefGathering {
 public:
  BriefGathering(const Book& book, const SignalContext& context, const BriefScope& scope, Instant as_of)
      : book_(book), context_(context), scope_(scope), as_of_(as_of) {}
  void Add(const Account& account);

  struct Heard {
    std::vector<CustomerId> customers;   // in order of account
    std::vector<EventKey> events;
    bool is_news = false;
  };

  // What broke, the worst first when told: still owed before come late before agreed anew, then the days.
  struct Broken {
    SheetLine line;
    int kind = 0;                        // 0 still owed, 1 come late, 2 agreed anew
    std::int64_t days = 0;
  };
  std::vector<Broken> broken;
  std::map<Day, std::vector<SheetLine>> at_risk;   // by due day
  std::vector<SheetLine> good;
  std::int64_t still_owed = 0;           // broken before
  Cited still_owed_events;
  std::map<WorryTopic, Heard> heard;
  std::vector<CustomerWorries> worries;  // of all accounts that are theirs
  std::int64_t goals = 0, goals_met = 0;
  std::vector<CustomerId> not_met;
  Cited goal_events;

 private:
  // The account while it is read: those of its events that are news, and what signals ask of it. Fresh is what occurred lately too: what a book that goes
  // live is told of the years before is known since yesterday, and no news to anybody.
  struct Reading {
    const Account& account;
    SignalInput input;
    std::set<EventKey> news;
    std::set<EventKey> fresh;
    bool IsNews(const EventKey& key) const { return news.contains(key); }
    bool IsFresh(const EventKey& key) const { return fresh.contains(key); }
  };
  bool IsOurs(const std::optional<RepId>& rep, const Account& account) const;
  bool Concerns(const std::optional<RepId>& rep, const Account& account) const;
  const RepId& Whose(const std::optional<RepId>& rep, const Account& account) const;
  void ReadNews(Reading& in) const;
  Day FreshFrom() const { return scope_.since_day - kNewsDays; }
  void AddPromises(const Reading& in);
  void AddBroken(const Reading& in, const PromiseRecord& promise, const PromiseWord& word);
  void AddRenewed(const Reading& in, const PromiseRecord& promise, const std::vector<PromiseWord>& words);
  void AddEarly(const Reading& in, const PromiseRecord& promise, const PromiseWord& word);
  void AddWorries(const Reading& in);
  void AddFeedback(const Reading& in);
  void AddReferrals(const Reading& in);
  void AddGoals(const Reading& in);

  const Book& book_;
  const SignalContext& context_;
  const BriefScope& scope_;
  Instant as_of_;
  std::set<EventKey> told_early_;        // deliveries of which feedback told
};

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_BRIEF_GATHER_HPP_
