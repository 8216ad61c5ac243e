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

  std::vector<SheetLine> broken, at_risk, good;
  std::int64_t still_owed = 0;           // broken before
  Cited still_owed_events;
  std::map<WorryTopic, Heard> heard;
  std::vector<CustomerWorries> worries;  // of all accounts that are theirs
  std::int64_t goals = 0, goals_met = 0;
  std::vector<CustomerId> not_met;
  Cited goal_events;

 private:
  // The account while it is read: those of its events that are news, and what signals ask of it.
  struct Reading {
    const Account& account;
    SignalInput input;
    std::set<EventKey> news;
    bool IsNews(const EventKey& key) const { return news.contains(key); }
  };
  bool IsOurs(const std::optional<RepId>& rep, const Account& account) const;
  bool Concerns(const std::optional<RepId>& rep, const Account& account) const;
  const RepId& Whose(const std::optional<RepId>& rep, const Account& account) const;
  std::set<EventKey> NewsOf(const Account& account) const;
  void AddPromises(const Reading& in);
  void AddBroken(const Reading& in, const PromiseRecord& promise, const PromiseWord& word);
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
