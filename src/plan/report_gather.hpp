// Floor 6, inside. What a report counts, account by account.
#ifndef RAPPORT_SRC_PLAN_REPORT_GATHER_HPP_
#define RAPPORT_SRC_PLAN_REPORT_GATHER_HPP_

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/sheet_lines.hpp"
#include "rapport/plan/adherence.hpp"
#include "rapport/plan/report.hpp"
#include "rapport/relationship/worry_knowledge.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// Of the last 30 days, and of the 30 before.
struct Periods {
  std::array<std::int64_t, 2> n{};
  Cited cited;                               // of the last
  void Count(int period, const EventKey& key) {
    n[static_cast<std::size_t>(period)] += 1;
    if (period == 0) cited.Add(key);
  }
  bool any() const { return n[0] + n[1] > 0; }
};

class ReportGathering {
 public:
  ReportGathering(const Book& book, const SignalContext& context, Instant as_of);
  void Add(const Account& account);

  Periods open_worries;                      // [0] alone
  std::optional<Day> oldest_worry;
  Periods resolved_worries;
  std::array<DayCounts, 2> resolved_days;
  std::vector<CustomerWorries> worries;
  Cited product_worries;                     // of all time
  Periods orders, pinned;
  Periods judged, kept, exceeded;
  Periods spared;                            // [0] alone: orders kept after a worry was solved in the window
  std::optional<Money> spared_money;         // in the reporting currency; none where one of them has no amount in it
  Periods visits, revisits;
  Periods referrals;
  std::int64_t letters = 0;                  // of the year, to anybody
  std::int64_t known_customers = 0;          // who know somebody here who could sign one
  std::int64_t few_letters = 0;              // of them, with fewer than kFewestLettersAYear
  Cited few_letters_events;
  AdherenceTally tally;
  std::set<std::string> fired;               // rules
  Day today;                                 // of the book

 private:
  // 0: the last 30 days, 1: the 30 before, none: neither.
  std::optional<int> PeriodOf(const SignalInput& in, Day day) const;
  void AddWorries(const SignalInput& in);
  void AddOrders(const SignalInput& in);
  void AddPromises(const SignalInput& in);
  void AddSpared(const SignalInput& in);
  void AddContacts(const SignalInput& in);
  void AddLetters(const SignalInput& in);

  const Book& book_;
  const SignalContext& context_;
  Instant as_of_;
  bool money_known_ = true;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_REPORT_GATHER_HPP_
