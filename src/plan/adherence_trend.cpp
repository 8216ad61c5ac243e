// Whether the share done falls, and the table of it.
#include <algorithm>
#include <cmath>

#include "rapport/plan/adherence.hpp"
#include "rapport/signals/registry.hpp"
#include "rapport/stats/special.hpp"
#include "policy/wording.hpp"

namespace rapport {
namespace {

// One in forty, to one side.
constexpr double kBeyondChance = -1.959963984540054;

struct LineOfShares {
  double mean_week = 0, share = 0, slope = 0, spread = 0;   // spread: sum n (x - m)^2
  double At(double week) const { return share + slope * (week - mean_week); }
};

LineOfShares FitLine(std::span<const WorkCount> weeks, double planned, double done) {
  LineOfShares line;
  line.share = done / planned;
  for (std::size_t x = 0; x < weeks.size(); ++x) line.mean_week += static_cast<double>(weeks[x].planned) * static_cast<double>(x) / planned;
  double moved = 0;
  for (std::size_t x = 0; x < weeks.size(); ++x) {
    const double away = static_cast<double>(x) - line.mean_week;
    line.spread += static_cast<double>(weeks[x].planned) * away * away;
    moved += away * (static_cast<double>(weeks[x].done) - static_cast<double>(weeks[x].planned) * line.share);
  }
  line.slope = moved / line.spread;
  return line;
}

// Pearson's statistic about the line over its degrees of freedom, never below 1.
double Dispersion(std::span<const WorkCount> weeks, const LineOfShares& line, int counted) {
  double sum = 0;
  for (std::size_t x = 0; x < weeks.size(); ++x) {
    if (weeks[x].planned == 0) continue;
    const double n = static_cast<double>(weeks[x].planned);
    const double off = static_cast<double>(weeks[x].done) - n * line.At(static_cast<double>(x));
    sum += off * off / (n * line.share * (1 - line.share));
  }
  return std::max(1.0, sum / (counted - 2));
}

std::int64_t PercentOf(double share) { return static_cast<std::int64_t>(std::floor(std::clamp(share, 0.0, 1.0) * 100 + 0.5)); }

}  // namespace

bool WorkTrend::Falls() const { return z < kBeyondChance; }

std::optional<WorkTrend> TrendOf(std::span<const WorkCount> weeks) {
  WorkTrend trend;
  std::int64_t done = 0;
  std::size_t first = weeks.size(), last = 0;
  for (std::size_t x = 0; x < weeks.size(); ++x) {
    if (weeks[x].planned == 0) continue;
    first = std::min(first, x);
    last = x;
    trend.weeks += 1;
    trend.planned += weeks[x].planned;
    done += weeks[x].done;
  }
  if (trend.weeks < kTrendWeeks || trend.planned < kTrendPlanned || done == 0 || done == trend.planned) return std::nullopt;
  const LineOfShares line = FitLine(weeks, static_cast<double>(trend.planned), static_cast<double>(done));
  const double variance = line.share * (1 - line.share) / line.spread * Dispersion(weeks, line, trend.weeks);
  trend.slope = RoundSignal(line.slope);
  trend.z = RoundSignal(line.slope / stats::Sqrt(variance));
  trend.from_percent = PercentOf(line.At(static_cast<double>(first)));
  trend.to_percent = PercentOf(line.At(static_cast<double>(last)));
  return trend;
}

Sentence TellSlipping(const WorkTrend& trend) {
  return {"adherence.slips", {{"from", trend.from_percent}, {"to", trend.to_percent}, {"weeks", std::int64_t{trend.weeks}}}};
}

namespace {

Table EmptyTable() {
  return Table({{"team", ColumnType::kText}, {"rep", ColumnType::kText}, {"week", ColumnType::kDay}, {"planned", ColumnType::kInteger},
                {"done", ColumnType::kInteger}, {"share", ColumnType::kNumber}, {"visits_planned", ColumnType::kInteger}, {"visits_done", ColumnType::kInteger},
                {"objectives", ColumnType::kInteger}, {"met", ColumnType::kInteger}, {"slope", ColumnType::kNumber}, {"sentence", ColumnType::kText}});
}

absl::Status AddRows(const Cell& team, const Cell& rep, const std::vector<WeekOfWork>& weeks, const WeekSpan& span, Language language, Table& table) {
  std::vector<WorkCount> counts;
  for (const WeekOfWork& week : weeks) counts.push_back(week.all);
  const std::optional<WorkTrend> trend = TrendOf(counts);
  std::string told;
  if (trend.has_value() && trend->Falls()) {
    RAPPORT_ASSIGN_OR_RETURN(told, Catalogue::Bundled().Say(TellSlipping(*trend), language, NoTexts()));
  }
  for (std::size_t i = 0; i < weeks.size(); ++i) {
    const WeekOfWork& week = weeks[i];
    const WorkCount visits = week.Of(Channel::kVisit);
    const Cell share = week.all.planned == 0 ? Cell() : Cell(RoundSignal(static_cast<double>(week.all.done) / static_cast<double>(week.all.planned)));
    table.AppendRow({team, rep, span.Monday(static_cast<int>(i)), week.all.planned, week.all.done, share, visits.planned, visits.done, week.objectives,
                     week.met, trend.has_value() ? Cell(trend->slope) : Cell(), i + 1 == weeks.size() && !told.empty() ? Cell(told) : Cell()});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Table> AdherenceTable(const AdherenceTally& tally, const BookContext& context, Language language) {
  std::map<std::string, std::set<RepId>> teams;   // "": of none
  for (const auto& [rep, weeks] : tally.reps()) {
    const RepRecord* known = context.FindRep(rep);
    teams[known != nullptr ? known->team.value_or("") : std::string()].insert(rep);
  }
  Table table = EmptyTable();
  for (const auto& [team, reps] : teams) {
    const Cell name = team.empty() ? Cell() : Cell(team);
    if (!team.empty()) RAPPORT_RETURN_IF_ERROR(AddRows(name, Cell(), tally.Together(reps), tally.span(), language, table));
    for (const RepId& rep : reps) RAPPORT_RETURN_IF_ERROR(AddRows(name, rep.text(), tally.reps().at(rep), tally.span(), language, table));
  }
  return table;
}

}  // namespace rapport
