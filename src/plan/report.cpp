#include "rapport/plan/report.hpp"

#include <algorithm>
#include <utility>

#include "absl/strings/str_join.h"
#include "plan/report_gather.hpp"
#include "policy/wording.hpp"
#include "rapport/policy/agenda.hpp"
#include "rapport/policy/coverage.hpp"
#include "rapport/relationship/letters.hpp"

namespace rapport {
namespace {

constexpr std::size_t kMostRulesTold = 5;
constexpr int kNeedsWidth = 48;

// The lower of the two middle ones; 0 of none.
std::int64_t MedianOf(const DayCounts& days) {
  std::int64_t all = 0;
  for (const auto& [day, count] : days) all += count;
  std::int64_t seen = 0;
  for (const auto& [day, count] : days) {
    seen += count;
    if (2 * seen >= all) return day;
  }
  return 0;
}

Json PeriodsJson(const Periods& periods) { return Json::Array{Json::Integer(periods.n[0]), Json::Integer(periods.n[1])}; }

// One report as it is written: a section after the other, each with its facts.
class Writer {
 public:
  Writer(const Book& book, const DecideInput& input, const ReportGathering& counted, Sheet& sheet)
      : book_(book), input_(input), counted_(counted), sheet_(sheet) {}
  void Worries();
  void Heard();
  void Coverage();
  void Kept();
  void Returns();
  void Undated();
  void Contacts();
  void Letters();
  void Plan();
  void Held();
  void Rules();

 private:
  void Fact(std::string name, Json value) { sheet_.facts.emplace(std::move(name), std::move(value)); }
  // `<key>`, and `<key>.before` where there was something in the 30 days before.
  static Sentence Compared(std::string key, bool before, std::map<std::string, SentenceArgument> now, std::map<std::string, SentenceArgument> then) {
    if (before) key += ".before", now.merge(then);
    return {std::move(key), std::move(now)};
  }

  const Book& book_;
  const DecideInput& input_;
  const ReportGathering& counted_;
  Sheet& sheet_;
};

void Writer::Worries() {
  const ReportGathering& c = counted_;
  Fact("open_worries", Json::Integer(c.open_worries.n[0]));
  Fact("resolved_worries", PeriodsJson(c.resolved_worries));
  std::vector<SheetLine> lines;
  if (c.oldest_worry.has_value()) {
    lines.push_back({{"report.worries.open", {{"open", c.open_worries.n[0]}, {"since", *c.oldest_worry}}}, c.open_worries.cited.keys(), {}});
  }
  if (c.resolved_worries.any()) {
    const std::int64_t now = MedianOf(c.resolved_days[0]), then = MedianOf(c.resolved_days[1]);
    Fact("median_days", Json::Array{c.resolved_worries.n[0] > 0 ? Json::Integer(now) : Json(), c.resolved_worries.n[1] > 0 ? Json::Integer(then) : Json()});
    std::string key = c.resolved_worries.n[0] > 0 ? "report.worries.resolved" : "report.worries.none_resolved";
    std::map<std::string, SentenceArgument> arguments;
    if (c.resolved_worries.n[0] > 0) arguments = {{"n", c.resolved_worries.n[0]}, {"days", now}};
    lines.push_back({Compared(key, c.resolved_worries.n[1] > 0, arguments, {{"n_before", c.resolved_worries.n[1]}, {"days_before", then}}),
                     c.resolved_worries.cited.keys(), {}});
  }
  AddSection(sheet_, "worries", std::move(lines));
}

void Writer::Heard() {
  const WorryKnowledge known = WorryKnowledge::Of(counted_.worries, input_.as_of);
  std::int64_t first = 0, all = 0;
  for (const auto& [product, one] : known.products()) {
    first += one.heard_first;
    all += one.heard_first + one.complained_first;
  }
  Fact("heard_first", Json::Integer(first));
  Fact("worried_or_complained", Json::Integer(all));
  if (all > 0) AddSection(sheet_, "heard", {{{"report.heard", {{"first", first}, {"all", all}}}, counted_.product_worries.keys(), {}}});
}

void Writer::Coverage() {
  const Periods &orders = counted_.orders, &pinned = counted_.pinned;
  Fact("orders", PeriodsJson(orders));
  Fact("pinned_orders", PeriodsJson(pinned));
  if (orders.n[0] == 0) return;
  AddSection(sheet_, "coverage", {{Compared("report.coverage", orders.n[1] > 0, {{"n", pinned.n[0]}, {"all", orders.n[0]}},
                                            {{"n_before", pinned.n[1]}, {"all_before", orders.n[1]}}),
                                   orders.cited.keys(), {}}});
}

void Writer::Kept() {
  const Periods &judged = counted_.judged, &kept = counted_.kept;
  Fact("promises_judged", PeriodsJson(judged));
  Fact("promises_kept", PeriodsJson(kept));
  Fact("promises_exceeded", PeriodsJson(counted_.exceeded));
  if (judged.n[0] == 0) return;
  AddSection(sheet_, "kept", {{Compared("report.kept", judged.n[1] > 0, {{"n", kept.n[0]}, {"all", judged.n[0]}, {"more", counted_.exceeded.n[0]}},
                                        {{"n_before", kept.n[1]}, {"all_before", judged.n[1]}}),
                               judged.cited.keys(), {}}});
}

void Writer::Returns() {
  const Periods& spared = counted_.spared;
  Fact("kept_after_worry", Json::Integer(spared.n[0]));
  if (spared.n[0] == 0) return;
  Sentence told{"report.returns", {{"n", spared.n[0]}}};
  if (counted_.spared_money.has_value()) {
    told.key += ".money";
    told.arguments["money"] = *counted_.spared_money;
    const Money& money = *counted_.spared_money;
    Fact("kept_after_worry_money", Json::Object{{"amount", money.ToDecimal()}, {"currency", std::string(money.currency().code())}});
  }
  AddSection(sheet_, "returns", {{std::move(told), spared.cited.keys(), {}}, {{"report.returns.unknown", {}}, {}, {}}});
}

void Writer::Undated() {
  const std::vector<AgendaLine> agenda = AgendaOf(book_, input_, {});
  std::vector<CustomerId> without;
  std::int64_t reasons = 0;
  for (const AgendaLine& line : agenda) {
    if (line.next.has_value()) continue;
    if (line.reason == "no_rule") without.push_back(line.customer);
    else reasons += 1;
  }
  Fact("customers", Json::Integer(static_cast<std::int64_t>(agenda.size())));
  Fact("without_date", Json::Integer(static_cast<std::int64_t>(without.size())));
  Fact("without_date_for_a_reason", Json::Integer(reasons));
  if (agenda.empty()) return;
  Sentence told = without.empty() ? Sentence{"report.undated.0", {}} : NamesInARow("report.undated", {}, without);
  std::vector<SheetLine> lines{{std::move(told), {}, {}}};
  if (reasons > 0) lines.push_back({{"report.undated.reasons", {{"n", reasons}}}, {}, {}});
  AddSection(sheet_, "undated", std::move(lines));
}

void Writer::Contacts() {
  const Periods &visits = counted_.visits, &again = counted_.revisits, &referrals = counted_.referrals;
  Fact("visits", PeriodsJson(visits));
  Fact("revisits", PeriodsJson(again));
  Fact("referrals", PeriodsJson(referrals));
  if (visits.n[0] > 0) {
    AddSection(sheet_, "revisits", {{Compared("report.revisits", visits.n[1] > 0, {{"n", again.n[0]}, {"all", visits.n[0]}},
                                              {{"n_before", again.n[1]}, {"all_before", visits.n[1]}}),
                                     visits.cited.keys(), {}}});
  }
  if (referrals.any()) {
    Sentence told = Compared("report.referrals", referrals.n[1] > 0, {{"n", referrals.n[0]}}, {{"n_before", referrals.n[1]}});
    AddSection(sheet_, "referrals", {{std::move(told), referrals.cited.keys(), {}}});
  }
}

void Writer::Letters() {
  const ReportGathering& c = counted_;
  Fact("known_customers", Json::Integer(c.known_customers));
  Fact("few_letters", Json::Integer(c.few_letters));
  if (c.known_customers == 0 || c.letters == 0) return;
  AddSection(sheet_, "letters", {{{"report.letters", {{"n", c.few_letters}, {"all", c.known_customers}, {"least", kFewestLettersAYear}}},
                                  c.few_letters_events.keys(), {}}});
}

void Writer::Plan() {
  const std::vector<WeekOfWork> weeks = counted_.tally.Together({});
  WeekOfWork halves[2];
  std::vector<WorkCount> counts;
  for (std::size_t i = 0; i < weeks.size(); ++i) {
    halves[i >= kReportWeeks ? 0 : 1].Add(weeks[i]);
    counts.push_back(weeks[i].all);
  }
  const WorkCount &now = halves[0].all, &then = halves[1].all;
  Fact("planned", Json::Array{Json::Integer(now.planned), Json::Integer(then.planned)});
  Fact("done", Json::Array{Json::Integer(now.done), Json::Integer(then.done)});
  if (now.planned == 0) return;
  Cited cited;
  cited.Add(halves[0].visits);
  std::vector<SheetLine> lines{{Compared("report.plan", then.planned > 0, {{"n", now.done}, {"all", now.planned}, {"weeks", std::int64_t{kReportWeeks}}},
                                         {{"n_before", then.done}, {"all_before", then.planned}}),
                                cited.keys(), {}}};
  const std::optional<WorkTrend> trend = TrendOf(counts);
  if (trend.has_value() && trend->Falls()) lines.push_back({TellSlipping(*trend), cited.keys(), {}});
  AddSection(sheet_, "plan", std::move(lines));
}

// The reason that lasts longest, as a plan says it.
std::string ReasonOf(const Decision& d) {
  if (d.rule_hold.has_value()) return d.rule_hold->by;
  if (!d.hold_chain.empty()) return std::string(NameOf(d.hold_chain.front()));
  return d.holds.empty() ? "" : std::string(NameOf(d.holds.front().reason));
}

void Writer::Held() {
  std::map<std::string, std::pair<std::int64_t, Cited>> held;
  for (const AccountDecisions& one : DecideBook(book_, input_, {})) {
    for (const Decision& d : one.decisions) {
      const std::string reason = d.status == DecisionStatus::kHeld ? ReasonOf(d) : "";
      if (reason.empty()) continue;
      held[reason].first += 1;
      if (d.rule_hold.has_value()) held[reason].second.Add(d.rule_hold->evidence);
      for (const Hold& hold : d.holds) held[reason].second.Add(hold.evidence);
    }
  }
  std::vector<std::pair<std::string, std::pair<std::int64_t, Cited>>> most(held.begin(), held.end());
  std::stable_sort(most.begin(), most.end(), [](const auto& a, const auto& b) { return a.second.first > b.second.first; });
  std::vector<SheetLine> lines;
  Json::Array facts;
  for (const auto& [reason, count] : most) {
    lines.push_back({{"report.held", {{"n", count.first}, {"why", MessageRef{"hold.then." + reason}}}}, count.second.keys(), {}});
    facts.push_back(Json::Object{{"reason", reason}, {"count", Json::Integer(count.first)}});
  }
  Fact("held", std::move(facts));
  AddSection(sheet_, "held", std::move(lines));
}

void Writer::Rules() {
  std::vector<SheetLine> lines;
  Json::Array facts;
  if (counted_.fired.empty()) return Fact("rules", std::move(facts));
  for (const RuleCoverage& rule : CoverageOf(*input_.policy, book_, *input_.context, input_.as_of, {})) {
    if (counted_.fired.contains(rule.rule)) continue;
    const std::string needs = absl::StrJoin(rule.needs, ", ");
    const bool lacks = rule.state == RuleState::kAsleep && !needs.empty();
    if (lacks) lines.push_back({{"report.rules.asleep", {{"rule", rule.rule}, {"needs", CutToWidth(needs, kNeedsWidth)}}}, {}, {}});
    else lines.push_back({{"report.rules.never", {{"rule", rule.rule}}}, {}, {}});
    facts.push_back(Json::Object{{"rule", rule.rule}, {"state", std::string(NameOf(rule.state))}, {"needs", needs}});
  }
  if (lines.size() > kMostRulesTold) {
    const auto more = static_cast<std::int64_t>(lines.size() - kMostRulesTold);
    lines.resize(kMostRulesTold);
    lines.push_back({{"report.rules.more", {{"n", more}}}, {}, {}});
  }
  Fact("rules", std::move(facts));
  AddSection(sheet_, "rules", std::move(lines));
}

}  // namespace

Sheet MakeReport(const Book& book, const DecideInput& input) {
  ReportGathering counted(book, *input.context, input.as_of);
  book.Visit({}, [&](const Account& account) { counted.Add(account); });
  const Day from = counted.today - (kReportDays - 1);
  const std::int64_t year = counted.today.year();
  Sheet sheet{"report", {"report.title", {{"from", from}, {"to", counted.today}, {"year", year}, {"days", std::int64_t{kReportDays}}}}, {}, {}};
  sheet.facts = {{"from", FormatDay(from)}, {"to", FormatDay(counted.today)}};
  Writer writer(book, input, counted, sheet);
  writer.Worries();
  writer.Heard();
  writer.Coverage();
  writer.Kept();
  writer.Returns();
  writer.Undated();
  writer.Contacts();
  writer.Letters();
  writer.Plan();
  writer.Held();
  writer.Rules();
  return sheet;
}

}  // namespace rapport
