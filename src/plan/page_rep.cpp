// A rep's part of the page: the sheet that prints on one page, and the cards behind it.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "plan/page_model.hpp"
#include "plan/told_line.hpp"

namespace rapport {
namespace {

// Of what has no room or is held: so many at once, so many on demand, the others as counts.
constexpr std::size_t kShownAtOnce = 3;
constexpr std::size_t kShownByName = 24;

struct ListItem {
  std::string who;
  std::string text;
};

PageModel ItemModel(const ListItem& item) {
  PageModel model = PageObject();
  model["who"] = item.who;
  model["text"] = item.text;
  return model;
}

// `counted`: what stands in no item.
absl::StatusOr<PageModel> ListModel(const std::string& title_key, const std::vector<ListItem>& items, std::int64_t counted, const PlanVoice& voice) {
  PageModel model = PageObject(), first = PageList(), rest = PageList();
  RAPPORT_ASSIGN_OR_RETURN(const std::string title, voice.Say(title_key));
  for (std::size_t i = 0; i < items.size(); ++i) (i < kShownAtOnce ? first : rest) << ItemModel(items[i]);
  const std::int64_t hidden = static_cast<std::int64_t>(items.size()) - static_cast<std::int64_t>(std::min(items.size(), kShownAtOnce));
  if (hidden > 0) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string more, voice.Say("page.more", {{"n", hidden}}));
    model["more"] = more;
  }
  model["title"] = title;
  model["count"] = absl::StrCat(static_cast<std::int64_t>(items.size()) + counted);
  model["first"] = std::move(first);
  model["rest"] = std::move(rest);
  return model;
}

// Lines that are not planned, with who must be told of them and when there is room.
absl::StatusOr<PageModel> LeftOutModel(const std::string& title_key, const RepDay& day, const std::vector<PlanLine>& lines, const PlanVoice& voice) {
  std::vector<ListItem> items;
  for (const PlanLine& line : lines) {
    if (items.size() == kShownByName) break;
    RAPPORT_ASSIGN_OR_RETURN(ToldLine told, TellLine(line, voice));
    RAPPORT_ASSIGN_OR_RETURN(const std::string later, voice.Later(day, line));
    std::string text = std::move(told.headline);
    for (const std::string& more : {told.told, later}) absl::StrAppend(&text, more.empty() ? "" : " · ", more);
    items.push_back({std::move(told.who), std::move(text)});
  }
  return ListModel(title_key, items, static_cast<std::int64_t>(lines.size() - items.size()), voice);
}

// The first of each reason, then the others, both by value a minute; holds that a plan says nothing of are left out.
std::vector<const Decision*> InOrderOfTelling(const RepDay& day) {
  std::vector<const Decision*> told;
  std::set<std::string> reasons;
  for (const Decision* d : day.held) {
    if (!HoldReasonOf(*d).empty()) told.push_back(d);
  }
  std::stable_partition(told.begin(), told.end(), [&](const Decision* d) { return reasons.insert(HoldReasonOf(*d)).second; });
  return told;
}

absl::StatusOr<PageModel> HeldModel(const RepDay& day, const Book& book, const PlanVoice& voice) {
  std::vector<ListItem> items;
  const std::vector<const Decision*> told = InOrderOfTelling(day);
  for (const Decision* d : told) {
    if (items.size() == kShownByName) break;
    RAPPORT_ASSIGN_OR_RETURN(auto held, voice.Held(book, *d));
    items.push_back({std::move(held.first), std::move(held.second)});
  }
  return ListModel("page.held", items, static_cast<std::int64_t>(told.size() - items.size()), voice);
}

absl::StatusOr<std::string> Minutes(const ToldLine& line, const PlanVoice& voice) {
  if (line.travel_minutes == 0) return voice.Say("page.minutes", {{"n", line.minutes}});
  return voice.Say("page.minutes_travel", {{"n", line.minutes}, {"travel", line.travel_minutes}});
}

absl::StatusOr<PageModel> LineModel(const RepDay& day, const PlanLine& line, const CardsByFollowUp& cards, const PlanVoice& voice) {
  RAPPORT_ASSIGN_OR_RETURN(const ToldLine told, TellLine(line, voice));
  RAPPORT_INVARIANT(told.start.has_value(), "a line with a position has a start");
  PageModel model = PageObject();
  RAPPORT_ASSIGN_OR_RETURN(const std::string minutes, Minutes(told, voice));
  const auto offset = static_cast<std::int16_t>(day.zone->OffsetSeconds(*told.start) / 60);
  model["datetime"] = FormatStamp({*told.start, offset});
  model["clock"] = ClockText(*day.zone, *told.start);
  model["minutes"] = minutes;
  model["must"] = told.must;
  model["fixed"] = told.fixed;
  model["channel"] = told.channel;
  model["purpose"] = told.purpose;
  model["who"] = told.who;
  model["headline"] = told.headline;
  model["objective"] = told.objective;
  if (!told.besides.empty()) model["besides"] = told.besides;
  const auto card = told.followup ? cards.find(*told.followup) : cards.end();
  if (card == cards.end()) return model;
  RAPPORT_ASSIGN_OR_RETURN(const std::string label, voice.Say("page.card_of", {{"who", told.who}}));
  model["card"] = absl::StrCat(card->second.number);
  model["card_label"] = label;
  return model;
}

// A share of the day's minutes as the bar draws it, in hundredths of its width.
std::string Share(std::int64_t part, std::int64_t whole) {
  const std::int64_t hundredths = std::clamp<std::int64_t>(part, 0, whole) * 10'000 / whole;
  return absl::StrFormat("%d.%02d", hundredths / 100, hundredths % 100);
}

absl::Status SetHead(const DayPlan& plan, const RepDay& day, const PlanVoice& voice, PageModel& model) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, voice.Rep(day));
  RAPPORT_ASSIGN_OR_RETURN(const std::string date, voice.Say("page.day", {{"day", plan.day}, {"year", static_cast<std::int64_t>(plan.day.year())}}));
  model["name"] = name;
  model["day"] = date;
  if (!day.works) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string off, voice.Say("page.off"));
    model["sum"] = off;
    return absl::OkStatus();
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::string sum, voice.Say("page.sum", {{"planned", day.planned_minutes},
                                                                         {"room", day.minutes - day.reserve},
                                                                         {"minutes", day.minutes},
                                                                         {"reserve", day.reserve},
                                                                         {"must", day.mandatory},
                                                                         {"chosen", day.chosen},
                                                                         {"without", day.without_next_date}}));
  model["sum"] = sum;
  RAPPORT_ASSIGN_OR_RETURN(const std::string quota, voice.Quota(day));
  if (!quota.empty()) model["quota"] = quota;
  if (day.minutes <= 0) return absl::OkStatus();
  PageModel bar = PageObject();
  bar["label"] = sum;
  bar["used_width"] = Share(day.planned_minutes, day.minutes);
  bar["kept_x"] = Share(day.minutes - day.reserve, day.minutes);
  bar["kept_width"] = Share(day.reserve, day.minutes);
  model["bar"] = std::move(bar);
  return absl::OkStatus();
}

// 0 of a text that is not there.
std::int64_t WidthOf(const PageModel& model, const char* name) {
  const PageModel* text = model.get(name);
  return text == nullptr ? 0 : DisplayWidth(text->string_value());
}

SheetWidths WidthsOf(const PageModel& head, const PageModel& lines, const PageModel& lists) {
  SheetWidths widths;
  if (const std::int64_t quota = WidthOf(head, "quota"); quota > 0) widths.lists.push_back({quota});   // a row more than a head has
  for (const PageModel& line : lines.list_value()) {
    widths.lines.push_back({WidthOf(line, "who"), WidthOf(line, "headline") + WidthOf(line, "objective") + WidthOf(line, "besides") + 3});
  }
  for (const PageModel& list : lists.list_value()) {
    std::vector<std::int64_t>& items = widths.lists.emplace_back();
    for (const PageModel& item : list.get("first")->list_value()) items.push_back(WidthOf(item, "who") + WidthOf(item, "text") + 1);
  }
  return widths;
}

}  // namespace

absl::StatusOr<PageModel> RepModel(const DayPlan& plan, const RepDay& day, std::size_t number, const Book& book, const CardsByFollowUp& cards,
                                   const PlanVoice& voice) {
  PageModel model = PageObject(), lines = PageList(), lists = PageList(), told_cards = PageList();
  RAPPORT_RETURN_IF_ERROR(SetHead(plan, day, voice, model));
  for (const PlanLine& line : day.lines) {
    RAPPORT_ASSIGN_OR_RETURN(const PageModel told, LineModel(day, line, cards, voice));
    lines << told;
  }
  for (const PlanLine& line : day.lines) {
    const auto card = line.decision != nullptr ? cards.find(line.decision->followup) : cards.end();
    if (card == cards.end()) continue;
    RAPPORT_ASSIGN_OR_RETURN(PageModel told, CardModel(*card->second.sheet, voice));
    told["id"] = absl::StrCat(card->second.number);
    told_cards << told;
  }
  for (const auto& [title, left_out] :
       {std::pair("page.no_room", &day.no_room), std::pair("page.passed_on", &day.passed_on), std::pair("page.waits", &day.waits)}) {
    if (left_out->empty()) continue;
    RAPPORT_ASSIGN_OR_RETURN(const PageModel list, LeftOutModel(title, day, *left_out, voice));
    lists << list;
  }
  if (!InOrderOfTelling(day).empty()) {
    RAPPORT_ASSIGN_OR_RETURN(const PageModel list, HeldModel(day, book, voice));
    lists << list;
  }
  model["n"] = absl::StrCat(number);
  if (const std::string_view scale = PrintScale(WidthsOf(model, lines, lists)); !scale.empty()) model["scale"] = std::string(scale);
  model["any_lines"] = !day.lines.empty();
  model["any_cards"] = told_cards.is_non_empty_list();
  model["lines"] = std::move(lines);
  model["lists"] = std::move(lists);
  model["cards"] = std::move(told_cards);
  return model;
}

}  // namespace rapport
