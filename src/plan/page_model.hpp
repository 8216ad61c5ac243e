// Floor 6, inside. What the page's template is filled with (src/plan/page/page.mustache): one function a part of it.
#ifndef RAPPORT_SRC_PLAN_PAGE_MODEL_HPP_
#define RAPPORT_SRC_PLAN_PAGE_MODEL_HPP_

#include <kainjow/mustache.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "plan/plan_voice.hpp"
#include "rapport/plan/day_page.hpp"

namespace rapport {

using PageModel = kainjow::mustache::data;

inline PageModel PageObject() { return PageModel(PageModel::type::object); }
inline PageModel PageList() { return PageModel(PageModel::type::list); }

// The reps that have something to do, or the only one.
std::vector<const RepDay*> ShownReps(const DayPlan& plan);

// --- page_sheets.cpp
// {"title", "sections": [{"title", "lines": [{"text", "evidence": {"count", "keys"}}]}]} of a brief, whose lines each say what they rest on.
absl::StatusOr<PageModel> BriefModel(const Json& sheet, const PlanVoice& voice);
// The same of a card, which says it once: "evidence" stands beside "sections".
absl::StatusOr<PageModel> CardModel(const Json& sheet, const PlanVoice& voice);

// --- page_charts.cpp
struct PageCharts {
  PageModel figures = PageList();    // title, table: what is read
  Json::Object numbers;              // what is drawn, by id
  bool empty = true;
};
absl::StatusOr<PageCharts> ChartsModel(const std::vector<const RepDay*>& reps, const std::vector<PageWeek>& weeks, const PlanVoice& voice);
// The numbers as they may stand within a script element.
std::string ScriptJson(const Json& json);

// --- page_scale.cpp
// How close the lines of a plan stand in print, so that it stays on one A4 page: "" (as set), "compact", "dense", "tiny" or "bare", a line a row.
// What stands on the sheet, as widths that a reader sees (DisplayWidth).
struct SheetWidths {
  struct Line { std::int64_t who = 0, said = 0; };
  std::vector<Line> lines;
  std::vector<std::vector<std::int64_t>> lists;   // of no room, passed on, waiting, held: their items; a quota as one of its own
};
std::string_view PrintScale(const SheetWidths& sheet);

// --- page_rep.cpp
// What belongs to the lines of all reps: the cards by follow-up, each with its number on the page.
struct NumberedCard {
  std::size_t number = 0;
  const Json* sheet = nullptr;
};
using CardsByFollowUp = std::map<FollowUpId, NumberedCard>;
absl::StatusOr<PageModel> RepModel(const DayPlan& plan, const RepDay& day, std::size_t number, const Book& book, const CardsByFollowUp& cards,
                                   const PlanVoice& voice);

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_PAGE_MODEL_HPP_
