#include "rapport/plan/day_page.hpp"

#include <algorithm>
#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "plan/page_files.hpp"
#include "plan/page_model.hpp"
#include "rapport/core/sha256.hpp"

namespace rapport {

std::vector<const RepDay*> ShownReps(const DayPlan& plan) {
  std::vector<const RepDay*> shown;
  for (const RepDay& day : plan.reps) {
    if (!IsBlank(day) || plan.reps.size() == 1) shown.push_back(&day);
  }
  return shown;
}

namespace {

std::int64_t SizeOf(const auto& list) { return static_cast<std::int64_t>(list.size()); }

// "'sha256-...'" as a policy names what may run.
std::string HashSource(std::string_view text) {
  const Digest digest = Sha256(text);
  return absl::StrCat("'sha256-", absl::Base64Escape(absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size())), "'");
}

// Nothing may be fetched, sent or framed from; style and scripts are those of the build and no others.
const std::string& SecurityPolicy() {
  static const std::string policy = absl::StrCat("default-src 'none'; style-src ", HashSource(PageStyle()), "; script-src ", HashSource(PageLibrary()), " ",
                                                 HashSource(PageScript()), "; base-uri 'none'; form-action 'none'");
  return policy;
}

// The words of the template itself.
absl::Status SetWords(const PlanVoice& voice, PageModel& page) {
  static constexpr std::array<std::pair<const char*, const char*>, 9> kWords{{{"word_skip", "page.skip"},
                                                                               {"word_eyebrow", "page.eyebrow"},
                                                                               {"word_contents", "page.contents"},
                                                                               {"word_glance", "page.glance"},
                                                                               {"word_as_table", "page.as_table"},
                                                                               {"word_nothing", "page.nothing"},
                                                                               {"word_cards", "page.cards"},
                                                                               {"word_card", "page.card"},
                                                                               {"word_back", "page.back"}}};
  for (const auto& [name, key] : kWords) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string word, voice.Say(key));
    page[name] = word;
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::string must, voice.Say("plan.must"));
  RAPPORT_ASSIGN_OR_RETURN(const std::string fixed, voice.Say("plan.fixed"));
  RAPPORT_ASSIGN_OR_RETURN(const std::string stop, voice.Say("page.stop"));
  page["word_must"] = must;
  page["word_fixed"] = fixed;
  page["stop"] = stop;
  return absl::OkStatus();
}

absl::Status SetTitle(const DayPlan& plan, const std::vector<const RepDay*>& shown, const Book& book, const DayPageParts& parts, const PlanVoice& voice,
                      PageModel& page) {
  std::string who = parts.team;
  if (who.empty() && shown.size() == 1) {
    RAPPORT_ASSIGN_OR_RETURN(who, voice.Rep(*shown.front()));
  } else if (who.empty()) {
    const std::int64_t reps = std::count_if(shown.begin(), shown.end(), [](const RepDay* day) { return !day->rep.empty(); });
    RAPPORT_ASSIGN_OR_RETURN(who, voice.Say("page.reps", {{"n", reps}}));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::string title,
                           voice.Say("page.title", {{"who", who}, {"day", plan.day}, {"year", static_cast<std::int64_t>(plan.day.year())}}));
  const Zone& zone = book.context().ZoneOf(std::nullopt, std::nullopt);
  RAPPORT_ASSIGN_OR_RETURN(const std::string made, voice.Say("page.made", {{"at", LocalTime{LocalMinute(zone.Local(plan.as_of))}}}));
  page["title"] = title;
  page["made"] = made;
  return absl::OkStatus();
}

// The day in numbers.
absl::Status SetFigures(const std::vector<const RepDay*>& reps, const PlanVoice& voice, PageModel& page) {
  std::int64_t working = 0, lines = 0, must = 0, minutes = 0, room = 0, no_room = 0, held = 0;
  for (const RepDay* day : reps) {
    working += day->works && !day->rep.empty() ? 1 : 0;
    lines += SizeOf(day->lines);
    must += day->mandatory;
    minutes += day->planned_minutes;
    room += day->minutes - day->reserve;
    no_room += SizeOf(day->no_room);
    for (const Decision* d : day->held) held += HoldReasonOf(*d).empty() ? 0 : 1;
  }
  const std::array<std::pair<const char*, std::int64_t>, 6> figures{{{"reps", working}, {"lines", lines}, {"must", must}, {"minutes", minutes}, {"no_room", no_room}, {"held", held}}};
  PageModel list = PageList();
  for (const auto& [name, number] : figures) {
    if (std::string_view(name) == "reps" && reps.size() == 1) continue;
    PageModel figure = PageObject();
    RAPPORT_ASSIGN_OR_RETURN(const std::string word, voice.Say(absl::StrCat("page.figure.", name)));
    figure["word"] = word;
    figure["number"] = absl::StrCat(number);
    if (std::string_view(name) == "minutes") figure["of"] = absl::StrCat("/ ", room);
    list << figure;
  }
  page["figures"] = std::move(list);
  return absl::OkStatus();
}

absl::Status SetCharts(const std::vector<const RepDay*>& reps, const DayPageParts& parts, const PlanVoice& voice, PageModel& page) {
  RAPPORT_ASSIGN_OR_RETURN(PageCharts charts, ChartsModel(reps, parts.weeks, voice));
  page["glance"] = !charts.empty;
  page["charts"] = std::move(charts.figures);
  page["chart_numbers"] = ScriptJson(Json(std::move(charts.numbers)));
  if (charts.empty || PageLibrary().empty()) return absl::OkStatus();
  PageModel script = PageObject();
  script["library"] = std::string(PageLibrary());
  script["script"] = std::string(PageScript());
  page["scripts"] = std::move(script);
  return absl::OkStatus();
}

absl::Status SetReps(const DayPlan& plan, const std::vector<const RepDay*>& shown, const Book& book, const DayPageParts& parts, const PlanVoice& voice,
                     PageModel& page) {
  CardsByFollowUp cards;
  for (const PageCard& card : parts.cards) cards.try_emplace(card.followup, NumberedCard{cards.size() + 1, &card.sheet});
  PageModel reps = PageList();
  for (std::size_t i = 0; i < shown.size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(const PageModel rep, RepModel(plan, *shown[i], i + 1, book, cards, voice));
    reps << rep;
  }
  page["reps"] = std::move(reps);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> DayPage(const DayPlan& plan, const Book& book, const DayPageParts& parts, Language language, const Texts& texts) {
  const PlanVoice voice(language, texts);
  const std::vector<const RepDay*> shown = ShownReps(plan);
  PageModel page = PageObject();
  page["lang"] = std::string(language == Language::kChinese ? "zh-Hans" : LanguageCode(language));
  page["security"] = SecurityPolicy();
  page["style"] = std::string(PageStyle());
  RAPPORT_RETURN_IF_ERROR(SetWords(voice, page));
  RAPPORT_RETURN_IF_ERROR(SetTitle(plan, shown, book, parts, voice, page));
  RAPPORT_RETURN_IF_ERROR(SetFigures(shown, voice, page));
  RAPPORT_RETURN_IF_ERROR(SetCharts(shown, parts, voice, page));
  RAPPORT_RETURN_IF_ERROR(SetReps(plan, shown, book, parts, voice, page));
  if (parts.brief.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(PageModel brief, BriefModel(*parts.brief, voice));
    const kainjow::mustache::data* title = brief.get("title");
    page["brief_title"] = title->string_value();
    page["brief"] = std::move(brief);
  }
  kainjow::mustache::mustache form{std::string(PageTemplate())};
  RAPPORT_INVARIANT(form.is_valid(), "the page's template is well formed");
  std::string text = form.render(page);
  RAPPORT_INVARIANT(form.error_message().empty(), "the page's template can be filled");
  return text;
}

}  // namespace rapport
