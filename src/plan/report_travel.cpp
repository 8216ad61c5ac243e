// Two visits that cannot both be.
#include <algorithm>
#include <numbers>
#include <utility>

#include "plan/report_signs.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::report_signs {
namespace {

constexpr double kEarthKilometres = 6371.0088;      // mean radius (Moritz 2000, Geodetic Reference System 1980)
constexpr double kPlaceDoubtKilometres = 0.3;       // a building, its car park
constexpr double kFastKilometresAnHour = 90;         // straight as the crow flies: faster than most drive
constexpr double kFastKilometres = 20;
constexpr double kImpossible = 1;                    // what cannot be is odder than all that is only fast,
constexpr double kFarApart = 6;                      // and two places odder than two times: durations are often rough
constexpr double kBreakMinutes = 12 * 60;           // reports further apart are not compared
constexpr std::size_t kMostTogether = 64;           // reports compared with each other
constexpr double kUnknownPlaceWeight = 0.6;         // overlapping in time, no places
constexpr double kEitherWeight = 0.9;               // one of two, and nothing says which
constexpr double kBystanderWeight = 0.25;           // the other one cannot be anyway

// Great circle (haversine formula, Sinnott 1984).
double Kilometres(const WorkReport& a, const WorkReport& b) {
  constexpr double kRadians = std::numbers::pi / 180;
  const double half_latitude = stats::Sin((*b.latitude - *a.latitude) * kRadians / 2);
  const double half_longitude = stats::Sin((*b.longitude - *a.longitude) * kRadians / 2);
  const double h = half_latitude * half_latitude + stats::Cos(*a.latitude * kRadians) * stats::Cos(*b.latitude * kRadians) * half_longitude * half_longitude;
  return 2 * kEarthKilometres * stats::Asin(std::min(1.0, stats::Sqrt(h)));
}

// The least that anybody needs from door to door, straight as the crow flies: a car on an empty motorway, a fast train, an aeroplane.
double LeastMinutes(double kilometres) {
  return std::min({kilometres / 110 * 60, 30 + kilometres / 260 * 60, 120 + kilometres / 750 * 60});
}

struct Clash {
  double missing = 0;       // minutes; 0: none
  bool placed = false;      // both places are known
  double kilometres = 0;
  double between = 0;       // minutes from the end of the first to the start of the second
  double fast = 0;          // 0 to below kImpossible: faster than by car
};

// The clock that a rep writes by: what nine in ten of the starts are whole multiples of, in minutes.
double GridOf(const Ordered& reports, const stats::OwnedRows& rep) {
  for (const std::int64_t grid : {30, 15, 10, 5}) {
    std::size_t on = 0;
    for (std::size_t i = rep.first; i < rep.first + rep.rows; ++i) on += reports[i].start.micros() % (grid * 60'000'000) == 0 ? 1 : 0;
    if (10 * on >= 9 * rep.rows) return static_cast<double>(grid);
  }
  return 1;
}

Clash ClashOf(const WorkReport& a, const WorkReport& b, double slack) {
  Clash clash;
  if (!a.customer.empty() && a.customer == b.customer) return clash;   // one visit told twice
  clash.between = MinutesBetween(a.start, b.start) - a.minutes.value_or(0);
  double needed = 0, weight = kUnknownPlaceWeight;
  if (a.latitude.has_value() && b.latitude.has_value() && !IsCall(a)) {
    const double doubt = kPlaceDoubtKilometres + (a.accuracy_metres.value_or(0) + b.accuracy_metres.value_or(0)) / 1000;
    clash.kilometres = Kilometres(a, b);
    if (clash.kilometres <= doubt) return clash;   // two customers in one place
    needed = LeastMinutes(clash.kilometres - doubt), weight = 1, clash.placed = true;
    const double pace = (clash.kilometres - doubt) / std::max(1.0, clash.between + slack) * 60 / kFastKilometresAnHour;
    if (clash.kilometres > kFastKilometres && pace > 1) clash.fast = std::min(0.95, 0.4 * stats::Log(pace));
  } else if (!a.minutes.has_value()) {
    return clash;
  }
  clash.missing = weight * std::max(0.0, needed - clash.between - slack);
  return clash;
}

// Reports of one kind that follow each other closely.
class Chain {
 public:
  Chain(const Ordered& reports, std::vector<std::size_t> rows, double slack) : reports_(reports), rows_(std::move(rows)), slack_(slack) {}

  void Judge(Sign& sign) {
    TellFast(sign);
    if (!AnyClash()) return;
    const std::size_t n = rows_.size();
    clashes_.assign(n * n, Clash());
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) clashes_[i * n + j] = ClashOf(reports_[rows_[i]], reports_[rows_[j]], slack_);
    }
    FindShortfalls();
    for (std::size_t i = 0; i < n; ++i) Tell(i, sign);
  }

 private:
  void TellFast(Sign& sign) const {
    for (std::size_t i = 0; i + 1 < rows_.size(); ++i) {
      const Clash clash = ClashOf(reports_[rows_[i]], reports_[rows_[i + 1]], slack_);
      for (const std::size_t row : {rows_[i], rows_[i + 1]}) {
        if (clash.fast <= sign.statistic[row]) continue;
        sign.statistic[row] = clash.fast;
        TrustFinding& finding = sign.findings[row];
        finding.kilometres = clash.kilometres, finding.minutes = clash.between, finding.possible = true;
      }
    }
  }

  // Whoever can go from each to the next can go the whole way.
  bool AnyClash() const {
    for (std::size_t i = 0; i + 1 < rows_.size(); ++i) {
      if (ClashOf(reports_[rows_[i]], reports_[rows_[i + 1]], slack_).missing > 0) return true;
    }
    return false;
  }
  const Clash& Between(std::size_t i, std::size_t j) const { return clashes_[std::min(i, j) * rows_.size() + std::max(i, j)]; }

  // How many reports fewer can be true together if this one is than at best: the longest chain through it against the longest.
  void FindShortfalls() {
    const std::size_t n = rows_.size();
    std::vector<std::size_t> before(n, 1), after(n, 1);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) before[i] = Between(j, i).missing > 0 ? before[i] : std::max(before[i], before[j] + 1);
    }
    for (std::size_t i = n; i-- > 0;) {
      for (std::size_t j = i + 1; j < n; ++j) after[i] = Between(i, j).missing > 0 ? after[i] : std::max(after[i], after[j] + 1);
    }
    std::size_t best = 0;
    for (std::size_t i = 0; i < n; ++i) best = std::max(best, before[i] + after[i] - 1);
    shortfall_.resize(n);
    for (std::size_t i = 0; i < n; ++i) shortfall_[i] = best - (before[i] + after[i] - 1);
  }

  void Tell(std::size_t i, Sign& sign) const {
    Clash worst;
    bool with_a_possible_one = false;
    for (std::size_t j = 0; j < rows_.size(); ++j) {
      if (j == i || Between(i, j).missing <= 0) continue;
      with_a_possible_one = with_a_possible_one || shortfall_[j] == 0;
      if (std::pair(Between(i, j).placed, Between(i, j).missing) > std::pair(worst.placed, worst.missing)) worst = Between(i, j);
    }
    if (worst.missing <= 0) return;
    const double weight = shortfall_[i] > 0 ? 1 : with_a_possible_one ? kEitherWeight : kBystanderWeight;
    sign.statistic[rows_[i]] = (worst.placed ? kFarApart : kImpossible) + weight * stats::Log1p(worst.missing / 5);
    TrustFinding& finding = sign.findings[rows_[i]];
    finding.part = weight;
    finding.kilometres = worst.kilometres, finding.minutes = worst.between, finding.possible = false;
  }

  const Ordered& reports_;
  std::vector<std::size_t> rows_;
  double slack_;
  std::vector<Clash> clashes_;
  std::vector<std::size_t> shortfall_;
};

void JudgeKind(const Ordered& reports, const stats::OwnedRows& rep, bool calls, double slack, Sign& sign) {
  std::vector<std::size_t> together;
  const auto close = [&] {
    if (together.size() > 1) Chain(reports, together, slack).Judge(sign);
    together.clear();
  };
  for (std::size_t i = rep.first; i < rep.first + rep.rows; ++i) {
    if (IsCall(reports[i]) != calls) continue;
    const bool apart = !together.empty() && MinutesBetween(reports[together.back()].start, reports[i].start) > kBreakMinutes;
    if (apart || together.size() == kMostTogether) close();
    together.push_back(i);
  }
  close();
}

}  // namespace

Sign TravelSign(const Ordered& reports) {
  Sign sign(reports.size(), TrustSign::kTravel);
  for (const stats::OwnedRows& rep : reports.reps) {
    const double slack = 2 + (GridOf(reports, rep) > 1 ? GridOf(reports, rep) : 0);
    for (const bool calls : {false, true}) JudgeKind(reports, rep, calls, slack, sign);
  }
  return sign;
}

}  // namespace rapport::report_signs
