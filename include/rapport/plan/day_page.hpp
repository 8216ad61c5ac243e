// Floor 6. The day of a team as one HTML page: what a CRM shows, mails or prints.
//
// One file and nothing beside it: style, charts and numbers are inside, no address is fetched, and a Content-Security-Policy in the page
// forbids any (default-src 'none'; style and scripts by their hashes, so nothing that a name or a note smuggles in can run). It holds the
// brief, charts (minutes of each rep, visits by week, hold-backs by reason), each rep's plan with all that its text says (plan_print.hpp): what was put
// off, found no room, is with the manager now, waits or is held; and the cards. Charts are drawn by Chart.js where the build has it
// (RAPPORT_PAGE_CHARTS); each stands beside its table, which is all there is without scripts. It reads from 360 px on, in light and dark, by keyboard
// and screen reader; in print each rep's plan is one A4 page, cards after it. What people wrote is escaped by the template, everywhere.
// docs/pages.md shows it; docs/adr/0030 says why it is made so.
#ifndef RAPPORT_PLAN_DAY_PAGE_HPP_
#define RAPPORT_PLAN_DAY_PAGE_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/plan/plan_day.hpp"

namespace rapport {

// A card as SheetJson says it (plan/sheet.hpp), and the planned line that it belongs to.
struct PageCard {
  FollowUpId followup;
  Json sheet;
};

// Visits of a week, planned and done with an outcome.
struct PageWeek {
  Day monday;
  std::int64_t planned = 0;
  std::int64_t done = 0;
};

struct DayPageParts {
  std::string team;                  // whose page it is; empty: the rep's name, or how many reps
  std::optional<Json> brief;         // SheetJson
  std::vector<PageCard> cards;       // one without a line in the plan is left out
  std::vector<PageWeek> weeks;       // oldest first; empty: no such chart
};

// The page of plan.day in `language`: days after it are not shown. Of several reps those with nothing to do are left out; of what is held, waits or has
// no room at most 24 a rep stand by name, the others are counted. The same input gives the same bytes. `message.*`; `page.wrong_type`, `page.missing_key` for a sheet of another
// shape, with the member. O(size of the page): about 1 kB a line, 2 kB a card and 200 kB of charts.
absl::StatusOr<std::string> DayPage(const DayPlan& plan, const Book& book, const DayPageParts& parts, Language language, const Texts& texts);

}  // namespace rapport

#endif  // RAPPORT_PLAN_DAY_PAGE_HPP_
