#include "rapport/plan/brief.hpp"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "plan/brief_gather.hpp"
#include "policy/wording.hpp"
#include "rapport/book/visit_only.hpp"
#include "rapport/plan/adherence.hpp"

namespace rapport {
namespace {

constexpr int kMostIdleDays = 30;
// A label that all share is short; a sentence with names beside it has no room for one that is not.
constexpr int kTopicWidth = 40;
// Weeks from which a falling share is told.
constexpr int kTrendSpan = 8;
// Of what is heard twice so many topics are read out in a morning; the facts hold all.
constexpr std::size_t kMostTopics = 3;

// Of what may be long so many lines are read out; one says how many more there are, and cites them.
constexpr std::size_t kMostLines = 8;

absl::Status UnknownScope(const BookContext& context, std::string_view found) {
  std::set<std::string> teams;
  for (const auto& [id, rep] : context.reps) {
    if (rep.team.has_value()) teams.insert(*rep.team);
  }
  std::string known = absl::StrJoin(teams, "\", \"");
  if (!known.empty()) known = absl::StrCat(" or one of the teams \"", known, "\"");
  return NotFound("brief.unknown", absl::StrCat("team or rep: found \"", ToAbsl(found), "\", expected a rep the book knows", known));
}

bool WorkedOn(const BookContext& context, const BriefScope& scope, Day day) {
  return std::any_of(scope.reps.begin(), scope.reps.end(), [&](const RepId& id) {
    const RepRecord& rep = context.reps.at(id);
    const std::set<Day>* holidays = context.HolidaysOf(context.ZoneOf(rep.zone, std::nullopt));
    return rep.WorksOn(day) && (holidays == nullptr || !holidays->contains(day));
  });
}

// With the days before it looked through; `scope` has reps.
BriefScope Since(const BookContext& context, BriefScope scope, Day day, const std::optional<std::string>& zone) {
  scope.day = day;
  scope.zone = &context.ZoneOf(std::nullopt, zone);
  scope.since_day = day - 1;
  for (int back = 1; back <= kMostIdleDays; ++back) {
    if (!WorkedOn(context, scope, day - back)) continue;
    scope.since_day = day - back;
    break;
  }
  scope.since = scope.zone->StartOf(scope.since_day);
  return scope;
}

}  // namespace

std::optional<BriefScope> BriefScopeOfTeam(const BookContext& context, std::string_view team, Day day) {
  BriefScope scope;
  scope.team = team;
  for (const auto& [id, rep] : context.reps) {
    if (rep.team == team && rep.WorksHere(day)) scope.reps.insert(id);
  }
  if (scope.reps.empty()) return std::nullopt;
  return Since(context, std::move(scope), day, std::nullopt);
}

std::optional<BriefScope> BriefScopeOfRep(const BookContext& context, const RepId& rep, Day day) {
  const RepRecord* record = context.FindRep(rep);
  if (record == nullptr) return std::nullopt;
  BriefScope scope;
  scope.reps = {rep};
  return Since(context, std::move(scope), day, record->zone);
}

absl::StatusOr<BriefScope> BriefScopeOf(const BookContext& context, std::string_view team_or_rep, Day day) {
  std::optional<BriefScope> scope;
  if (const absl::StatusOr<RepId> rep = RepId::Parse(team_or_rep); rep.ok()) scope = BriefScopeOfRep(context, *rep, day);
  if (!scope.has_value()) scope = BriefScopeOfTeam(context, team_or_rep, day);
  if (!scope.has_value()) return UnknownScope(context, team_or_rep);
  return *std::move(scope);
}

namespace {

std::string NameOfTopic(const BookContext& context, const WorryTopic& about) {
  if (!about.topic.empty()) return CutToWidth(about.topic, kTopicWidth);
  const auto product = context.products.find(about.product);
  return CutToWidth(product != context.products.end() && product->second.name ? *product->second.name : about.product.text(), kTopicWidth);
}

// What cured it, of the customers told of and all others.
WorryKnowledge::Known KnownOf(const SignalContext& context, const WorryKnowledge& own, const WorryTopic& about) {
  return (context.worries != nullptr ? *context.worries : own).Of(about, {});
}

// Of two or more customers, and news: most customers first.
std::vector<std::pair<WorryTopic, BriefGathering::Heard>> MostHeard(const BriefGathering& gathered) {
  std::vector<std::pair<WorryTopic, BriefGathering::Heard>> most;
  for (const auto& [about, topic] : gathered.heard) {
    if (topic.customers.size() >= 2 && topic.is_news) most.emplace_back(about, topic);
  }
  std::stable_sort(most.begin(), most.end(), [](const auto& a, const auto& b) { return a.second.customers.size() > b.second.customers.size(); });
  return most;
}

std::vector<SheetLine> HeardLines(const SignalContext& context, const BriefGathering& gathered, Instant as_of, Json::Array& facts) {
  std::vector<SheetLine> lines;
  std::size_t told = 0;
  const WorryKnowledge own = context.worries == nullptr ? WorryKnowledge::Of(gathered.worries, as_of) : WorryKnowledge();
  for (const auto& [about, topic] : MostHeard(gathered)) {
    Cited cited;
    cited.Add(topic.events);
    const bool tell = ++told <= kMostTopics;
    if (tell) lines.push_back({NamesInARow("brief.heard", {{"topic", NameOfTopic(*context.book, about)}}, topic.customers), cited.keys(), {}});
    Json::Object fact{{"customers", Json::Integer(static_cast<std::int64_t>(topic.customers.size()))}, {"topic", about.topic}};
    if (!about.product.empty()) fact.emplace("product", about.product.text());
    const WorryKnowledge::Known known = KnownOf(context, own, about);
    if (known.cured > 0) {
      cited.Add(context.worries_event);
      const std::string remedy = CutToWidth(known.remedy, kTopicWidth);
      if (tell) lines.push_back({{"brief.heard.cured", {{"cured", known.cured}, {"tried", known.tried}, {"remedy", remedy}}}, cited.keys(), {}});
      fact.emplace("remedy", known.remedy);
      fact.emplace("cured", Json::Integer(known.cured));
      fact.emplace("tried", Json::Integer(known.tried));
    }
    facts.push_back(std::move(fact));
  }
  return lines;
}

std::vector<SheetLine> Capped(std::vector<SheetLine> lines) {
  if (lines.size() <= kMostLines) return lines;
  Cited cited;
  for (std::size_t i = kMostLines; i < lines.size(); ++i) cited.Add(lines[i].events);
  const auto more = static_cast<std::int64_t>(lines.size() - kMostLines);
  lines.resize(kMostLines);
  lines.push_back({{"brief.more", {{"n", more}}}, cited.keys(), {}});
  return lines;
}

std::vector<SheetLine> BrokenLines(std::vector<BriefGathering::Broken> broken) {
  std::stable_sort(broken.begin(), broken.end(), [](const auto& a, const auto& b) { return a.kind != b.kind ? a.kind < b.kind : a.days > b.days; });
  std::vector<SheetLine> lines;
  for (BriefGathering::Broken& one : broken) lines.push_back(std::move(one.line));
  return Capped(std::move(lines));
}

std::vector<SheetLine> AtRiskLines(const BriefGathering& gathered) {
  std::vector<SheetLine> lines;
  for (const auto& [due, of_day] : gathered.at_risk) lines.insert(lines.end(), of_day.begin(), of_day.end());
  return lines;
}

std::vector<SheetLine> SlackLines(const std::vector<WeekOfWork>& weeks, const WeekSpan& span, Json::Array& facts) {
  std::vector<SheetLine> lines;
  std::vector<WorkCount> counts;
  for (const WeekOfWork& week : weeks) counts.push_back(week.all);
  Cited cited;
  const std::size_t last = weeks.size() - 1;
  for (const std::size_t i : {last - 1, last}) {
    const WorkCount visits = weeks[i].Of(Channel::kVisit);
    cited.Add(weeks[i].visits);
    const std::string monday = FormatDay(span.Monday(static_cast<int>(i)));
    facts.push_back(Json::Object{{"monday", monday}, {"visits_planned", Json::Integer(visits.planned)}, {"visits_done", Json::Integer(visits.done)}});
  }
  const WorkCount now = weeks[last].Of(Channel::kVisit), before = weeks[last - 1].Of(Channel::kVisit);
  if (now.planned + before.planned > 0) {
    lines.push_back({{"brief.slack", {{"planned", now.planned}, {"done", now.done}, {"planned_before", before.planned}, {"done_before", before.done}}},
                     cited.keys(), {}});
  }
  const std::optional<WorkTrend> trend = TrendOf(counts);
  if (trend.has_value() && trend->Falls()) lines.push_back({TellSlipping(*trend), cited.keys(), {}});
  return lines;
}

std::vector<SheetLine> GoalLines(const BriefGathering& gathered) {
  if (gathered.goals == 0) return {};
  std::vector<SheetLine> lines{{{"brief.goals", {{"met", gathered.goals_met}, {"goals", gathered.goals}}}, gathered.goal_events.keys(), {}}};
  if (!gathered.not_met.empty()) lines.push_back({NamesInARow("brief.goals.not_met", {}, gathered.not_met), gathered.goal_events.keys(), {}});
  return lines;
}

Sentence TitleOf(const BriefScope& scope) {
  Sentence title{"brief.title.team", {{"day", scope.day}, {"since", LocalTime{LocalMinute(scope.zone->Local(scope.since))}}}};
  if (!scope.team.empty()) title.arguments["team"] = CutToWidth(scope.team, kTopicWidth);
  else title.arguments["rep"] = RepName{*scope.reps.begin()}, title.key = "brief.title.rep";
  return title;
}

}  // namespace

Sheet MakeBrief(const Book& book, const SignalContext& context, const BriefScope& scope, Instant as_of,
                const std::optional<std::vector<CustomerId>>& customers) {
  BriefGathering gathered(book, context, scope, as_of);
  AdherenceTally tally(book.context(), scope.reps, WeekSpan::Before(scope.day, kTrendSpan), as_of);
  VisitOnly(book, customers, [&](const Account& account) {
    gathered.Add(account);
    tally.Add(account);
  });
  Sheet sheet{"brief", TitleOf(scope), {}, {}};
  Json::Array topics, weeks;
  std::vector<SheetLine> broken = BrokenLines(gathered.broken), at_risk = AtRiskLines(gathered);
  const auto count = [](const auto& some) { return Json::Integer(static_cast<std::int64_t>(some.size())); };
  if (gathered.still_owed > 0) {
    broken.push_back({{"brief.broken.before", {{"n", gathered.still_owed}}}, gathered.still_owed_events.keys(), {}});
  }
  sheet.facts = {{"day", FormatDay(scope.day)}, {"since", FormatInstant(scope.since)}, {"broken", count(gathered.broken)},
                 {"goals", Json::Integer(gathered.goals)}, {"goals_met", Json::Integer(gathered.goals_met)}, {"still_owed", Json::Integer(gathered.still_owed)},
                 {"at_risk", count(at_risk)}, {"good", count(gathered.good)}};
  if (!scope.team.empty()) sheet.facts.emplace("team", scope.team);
  else sheet.facts.emplace("rep", scope.reps.begin()->text());
  AddSection(sheet, "broken", std::move(broken));
  AddSection(sheet, "at_risk", Capped(std::move(at_risk)));
  AddSection(sheet, "heard", HeardLines(context, gathered, as_of, topics));
  AddSection(sheet, "good", Capped(gathered.good));
  AddSection(sheet, "slack", SlackLines(tally.Together({}), tally.span(), weeks));
  AddSection(sheet, "goals", GoalLines(gathered));
  if (sheet.sections.empty()) AddSection(sheet, "quiet", {{{"brief.quiet", {}}, {}, {}}});
  sheet.facts.emplace("topics", std::move(topics));
  sheet.facts.emplace("weeks", std::move(weeks));
  return sheet;
}

absl::StatusOr<std::string> BriefText(const Sheet& brief, Language language, const Texts& texts) {
  // What stands beside what is read together: what is at risk after what is broken.
  const std::map<std::string, std::string> beside{{"at_risk", "broken"}, {"slack", "good"}};
  RAPPORT_ASSIGN_OR_RETURN(std::string text, Catalogue::Bundled().Say(brief.title, language, texts));
  std::string before;
  for (const SheetSection& section : brief.sections) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string said, SectionText(brief, section, language, texts));
    const auto partner = beside.find(section.key);
    text += (partner != beside.end() && partner->second == before ? " " : "\n") + said;
    before = section.key;
  }
  return text + "\n";
}

}  // namespace rapport
