// The charts of the page: each is a table that is read and the same numbers to draw.
#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "plan/page_model.hpp"

namespace rapport {
namespace {

// A column of numbers; `colour` names a property of page.css.
struct Series {
  std::string word;
  std::string colour;
  std::vector<std::int64_t> numbers;
};

struct Chart {
  std::string id;
  std::string title;
  std::string label_word;               // over the first column
  std::vector<std::string> labels;
  std::vector<Series> series;
  bool across = true;                   // bars lie
  bool stacked = false;
};

PageModel TableOf(const Chart& chart) {
  PageModel figure = PageObject(), head = PageList(), rows = PageList();
  const auto heading = [&](const std::string& word) {
    PageModel cell = PageObject();
    cell["word"] = word;
    head << cell;
  };
  heading(chart.label_word);
  for (const Series& series : chart.series) heading(series.word);
  for (std::size_t i = 0; i < chart.labels.size(); ++i) {
    PageModel row = PageObject(), cells = PageList();
    for (const Series& series : chart.series) {
      PageModel cell = PageObject();
      cell["number"] = absl::StrCat(series.numbers[i]);
      cells << cell;
    }
    row["label"] = chart.labels[i];
    row["cells"] = std::move(cells);
    rows << row;
  }
  figure["id"] = chart.id;
  figure["title"] = chart.title;
  figure["head"] = std::move(head);
  figure["rows"] = std::move(rows);
  return figure;
}

Json NumbersOf(const Chart& chart) {
  Json::Array labels, sets;
  for (const std::string& label : chart.labels) labels.push_back(label);
  for (const Series& series : chart.series) {
    Json::Array numbers;
    for (const std::int64_t number : series.numbers) numbers.push_back(Json::Integer(number));
    sets.push_back(Json::Object{{"label", series.word}, {"colour", series.colour}, {"data", std::move(numbers)}});
  }
  return Json::Object{{"labels", std::move(labels)}, {"sets", std::move(sets)}, {"across", chart.across}, {"stacked", chart.stacked}};
}

absl::StatusOr<Chart> Named(const PlanVoice& voice, std::string id, std::string label_key, std::vector<std::pair<std::string, std::string>> series) {
  Chart chart;
  RAPPORT_ASSIGN_OR_RETURN(chart.title, voice.Say("page.chart." + id));
  RAPPORT_ASSIGN_OR_RETURN(chart.label_word, voice.Say(std::move(label_key)));
  chart.id = std::move(id);
  for (auto& [key, colour] : series) {
    RAPPORT_ASSIGN_OR_RETURN(std::string word, voice.Say(std::move(key)));
    chart.series.push_back({std::move(word), std::move(colour), {}});
  }
  return chart;
}

// What is planned, what is left of the room, and what is kept free, of each rep who works.
absl::StatusOr<Chart> MinutesChart(const std::vector<const RepDay*>& reps, const PlanVoice& voice) {
  RAPPORT_ASSIGN_OR_RETURN(Chart chart, Named(voice, "minutes", "page.word.rep",
                                              {{"page.word.planned", "--used"}, {"page.word.free", "--free"}, {"page.word.reserve", "--kept"}}));
  chart.stacked = true;
  for (const RepDay* day : reps) {
    if (!day->works) continue;
    RAPPORT_ASSIGN_OR_RETURN(std::string name, voice.Rep(*day));
    chart.labels.push_back(std::move(name));
    chart.series[0].numbers.push_back(day->planned_minutes);
    chart.series[1].numbers.push_back(std::max<std::int64_t>(day->minutes - day->reserve - day->planned_minutes, 0));
    chart.series[2].numbers.push_back(day->reserve);
  }
  return chart;
}

absl::StatusOr<Chart> WeeksChart(const std::vector<PageWeek>& weeks, const PlanVoice& voice) {
  RAPPORT_ASSIGN_OR_RETURN(Chart chart, Named(voice, "weeks", "page.word.week", {{"page.word.planned", "--free"}, {"page.word.done", "--done"}}));
  chart.across = false;
  for (const PageWeek& week : weeks) {
    RAPPORT_ASSIGN_OR_RETURN(std::string label, voice.Say("page.week", {{"monday", week.monday}}));
    chart.labels.push_back(std::move(label));
    chart.series[0].numbers.push_back(week.planned);
    chart.series[1].numbers.push_back(week.done);
  }
  return chart;
}

absl::StatusOr<Chart> HeldChart(const std::vector<const RepDay*>& reps, const PlanVoice& voice) {
  std::map<std::string, std::int64_t> counts;
  for (const RepDay* day : reps) {
    for (const Decision* held : day->held) {
      if (const std::string reason = HoldReasonOf(*held); !reason.empty()) counts[reason] += 1;
    }
  }
  std::vector<std::pair<std::string, std::int64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  RAPPORT_ASSIGN_OR_RETURN(Chart chart, Named(voice, "held", "page.word.reason", {{"page.word.count", "--held"}}));
  for (const auto& [reason, count] : sorted) {
    RAPPORT_ASSIGN_OR_RETURN(std::string word, voice.Say("plan.hold." + reason));
    chart.labels.push_back(std::move(word));
    chart.series[0].numbers.push_back(count);
  }
  return chart;
}

}  // namespace

absl::StatusOr<PageCharts> ChartsModel(const std::vector<const RepDay*>& reps, const std::vector<PageWeek>& weeks, const PlanVoice& voice) {
  PageCharts charts;
  std::vector<Chart> all(3);
  RAPPORT_ASSIGN_OR_RETURN(all[0], MinutesChart(reps, voice));
  RAPPORT_ASSIGN_OR_RETURN(all[1], WeeksChart(weeks, voice));
  RAPPORT_ASSIGN_OR_RETURN(all[2], HeldChart(reps, voice));
  if (all[0].labels.size() < 2) all[0].labels.clear();   // the bar over a single plan says it
  for (const Chart& chart : all) {
    if (chart.labels.empty()) continue;
    charts.figures << TableOf(chart);
    charts.numbers.emplace(chart.id, NumbersOf(chart));
    charts.empty = false;
  }
  return charts;
}

std::string ScriptJson(const Json& json) {
  // "<" alone could end the element or open a comment in it; the two separators end a line in older scripts.
  std::string safe;
  const std::string text = json.Canonical();
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = std::string_view(text).substr(at, 3);
    if (text[at] == '<') safe += "\\u003c";
    else if (text[at] == '>') safe += "\\u003e";
    else if (text[at] == '&') safe += "\\u0026";
    else if (rest == "\xE2\x80\xA8" || rest == "\xE2\x80\xA9") safe += rest == "\xE2\x80\xA8" ? "\\u2028" : "\\u2029", at += 2;
    else safe += text[at];
  }
  return safe;
}

}  // namespace rapport
