// Floor 6. The report: how an office looks after its customers, in the last 30 days beside the 30 before (PO7).
//
//   REPORT 1 Feb to 2 Mar 2026, beside the 30 days before
//   Worries: 2 open, the oldest since Wed 25 Feb. 3 resolved, in the middle after 2 days; before 5, after 1.
//   Promises: 4 of 5 kept, 2 of them earlier or more; before 2 of 2.
//
// Sections of the sheet "report"; one without material is absent, so that a nought is a count and never a gap:
//   worries    open ones and since when; resolved ones and their days from raised to resolved (the lower of two middle ones)
//   heard      of the customers who worried or complained about a product, whom we heard before any complaint (relationship/worry_knowledge.hpp); over all time
//   coverage   orders for which a promise of ours said before what, how much and by when (expectation/pinned_down.hpp)
//   kept       words of promises settled in the period: kept, exceeded, of all judged
//   returns    orders whose return window ended in the period, of which nothing came back, where we reached the customer for care or service
//              between delivery and the window's end and a worry about the order's products, or about none, was resolved between them. What would have
//              come back otherwise nobody knows: the sentence says so
//   undated    customers whom the policy in force neither gives a next date nor a reason for none
//   revisits   of visits and meetings that reached somebody, those to customers visited before
//   referrals  customers whom another brought
//   letters    of the customers who know somebody here who could sign one, those who got fewer than kFewestLettersAYear letters in 365 days (three to six
//              a year: relationship/letters.hpp); absent where nobody got any, for not every office writes
//   plan       planned and done in the last four whole weeks beside the four before (adherence.hpp), and a sentence where the share falls by more than chance
//   held       what is due and held back, by the reason that lasts longest
//   rules      rules of the policy in force that never brought anything about, and what they lack (policy/coverage.hpp); absent in a book that
//              records no follow-ups
// The recurring base, and margin by where customers come from, are not part of it yet.
//
// Each line cites up to 24 of the events it rests on; heard the worries about products. What counts things that are not there rests on no event and cites
// none: next dates (undated), rules that never fired (rules), what nobody knows (the last line of returns), lines that say how many more there are, and
// letters where none of those customers got one. `facts` has every count, `held` and `rules` as lists for tables.
#ifndef RAPPORT_PLAN_REPORT_HPP_
#define RAPPORT_PLAN_REPORT_HPP_

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/plan/sheet.hpp"
#include "rapport/policy/decide.hpp"

namespace rapport {

inline constexpr int kReportDays = 30;
// The plan is read by whole weeks.
inline constexpr int kReportWeeks = 4;

// The period is the local day of input.as_of and the 29 before it, days are those of each customer's zone. One pass over the accounts, then decisions and
// the agenda of all: O(events) and what these cost.
Sheet MakeReport(const Book& book, const DecideInput& input);

}  // namespace rapport

#endif  // RAPPORT_PLAN_REPORT_HPP_
