// Are customers who slip away found earlier by health than by recency alone? Made-up books, of which it is known who left and after which order.
//
// A year is walked week by week, the year before only to know who was silent already. A customer raises an alarm in the first week since his last
// order in which his score passes a threshold. By recency the score is the days since that order, by health what relationship.health lacks to 100, with
// bg_nbd fitted at the start of each year. Thresholds are set so that all customers together raise no more alarms by health than by recency. Of each who
// left in that year it is told how many days later the alarm came; who raised none by the end counts as found at the end. The weights of health were set
// on seed 1; what is judged here is seed 2. The part rhythm alone is printed beside it.
//
// RAPPORT_SLIPPING_CUSTOMERS=2000 prints the long version, RAPPORT_SLIPPING_SEED=3 that of other books.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/simulated.hpp"
#include "rapport/core/hash.hpp"
#include "rapport/engine.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {
namespace {

constexpr int kWeeks = 104;        // walked
constexpr int kCountedFrom = 52;   // alarms count from here on
constexpr std::int64_t kMinutesAWeek = 7 * 24 * 60;
constexpr double kDaysAWeek = 7;
constexpr double kMicrosADay = 86.4e9;

using Scores = std::vector<double>;   // one a week, higher is worse

// Between two orders of one customer, or after his last.
struct Gap {
  int first_week = 0;
  Scores recency, silence, health;
  std::optional<double> left_days;   // of who left with the order that began it: days from then to the first week
};

struct MadeUp {
  Engine engine;
  Instant end;
  std::map<CustomerId, Instant> left;
};

MadeUp Make(std::uint64_t seed, std::int64_t customers) {
  SimulateOptions options;
  options.seed = seed;
  options.customers = customers;
  options.years = 3;
  options.promised_orders = 0.5;
  MadeUp made{*Engine::InMemory(), {}, {}};
  Simulated simulated = SimulatedBy(options);
  const Json& truth = simulated.truth;
  EXPECT_TRUE(made.engine.Append(std::move(simulated.events)).ok());
  made.end = ParseStamp(*truth.Find("end")->if_string())->at;
  for (const Json& customer : *truth.Find("customers")->if_array()) {
    const Json* left = customer.Find("left");
    if (left != nullptr) made.left.emplace(*CustomerId::Parse(*customer.Find("customer")->if_string()), ParseStamp(*left->if_string())->at);
  }
  return made;
}

Instant WeekOf(const MadeUp& made, int week) { return made.end.PlusMinutes((week + 1 - kWeeks) * kMinutesAWeek); }

double DaysFrom(Instant from, Instant to) { return static_cast<double>(to.micros() - from.micros()) / kMicrosADay; }

double NumberOr(const Cell& cell, double otherwise) {
  const auto* number = std::get_if<double>(&cell);
  return number == nullptr ? otherwise : *number;
}

std::vector<Gap> Walk(MadeUp& made) {
  const std::array<const SignalColumn*, 2> columns{*FindSignal("value.probability_alive"), *FindSignal("relationship.health")};
  std::map<CustomerId, std::pair<EventKey, Gap>> running;
  std::vector<Gap> gaps;
  for (int week = 0; week < kWeeks; ++week) {
    const Instant at = WeekOf(made, week);
    if (week == 0 || week == kCountedFrom) {
      EXPECT_TRUE(made.engine.Fit("bg_nbd", at).ok());
    }
    const std::shared_ptr<const Book> book = *made.engine.Snapshot(at);
    const SignalContext context = *SignalContext::From(book->context());
    std::array<Cell, 2> values;
    book->Visit({}, [&](const Account& account) {
      if (account.purchases.empty() || ProfilingWithdrawn(account)) return;
      SignalValuesOf(columns, account, context, at, values);
      const PurchaseRecord& order = account.purchases.back();
      auto& [since, gap] = running[account.id];
      if (since != order.key) {
        if (!gap.recency.empty()) gaps.push_back(std::move(gap));
        gap = Gap{week, {}, {}, {}, std::nullopt};
        since = order.key;
        const auto left = made.left.find(account.id);
        if (left != made.left.end() && left->second <= order.placed) gap.left_days = DaysFrom(left->second, at);
      }
      gap.recency.push_back(DaysFrom(order.placed, at));
      gap.silence.push_back(1 - NumberOr(values[0], 1));
      gap.health.push_back(100 - NumberOr(values[1], 100));
    });
  }
  for (auto& [id, run] : running) gaps.push_back(std::move(run.second));
  return gaps;
}

std::optional<int> AlarmOf(const Gap& gap, const Scores& scores, double threshold) {
  const auto first = std::find_if(scores.begin(), scores.end(), [&](double score) { return score > threshold; });
  return first == scores.end() ? std::nullopt : std::optional(gap.first_week + static_cast<int>(first - scores.begin()));
}

std::int64_t AlarmsIn(const std::vector<Gap>& gaps, Scores Gap::*scores, double threshold) {
  return std::count_if(gaps.begin(), gaps.end(), [&](const Gap& gap) { return AlarmOf(gap, gap.*scores, threshold).value_or(-1) >= kCountedFrom; });
}

// Of several hundred thresholds the one with the most alarms that are not more than `most`.
double ThresholdFor(const std::vector<Gap>& gaps, Scores Gap::*scores, std::int64_t most) {
  Scores seen;
  for (const Gap& gap : gaps) seen.insert(seen.end(), (gap.*scores).begin(), (gap.*scores).end());
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  double best = seen.back();
  std::int64_t alarms = 0;
  for (std::size_t i = 0; i < seen.size(); i += 1 + seen.size() / 800) {
    const std::int64_t now = AlarmsIn(gaps, scores, seen[i]);
    if (now > most || now < alarms) continue;
    best = seen[i];
    alarms = now;
  }
  return best;
}

double DaysToAlarm(const Gap& gap, const Scores& scores, double threshold) {
  return *gap.left_days + kDaysAWeek * (AlarmOf(gap, scores, threshold).value_or(kWeeks - 1) - gap.first_week);
}

struct Lead {
  std::int64_t left = 0, by_recency_alarms = 0, by_health_alarms = 0;
  double by_recency = 0, by_health = 0;   // mean days from leaving to the alarm
  double mean = 0, low = 0, high = 0;     // days earlier by health; the middle 95% of means of resamples
};

Lead LeadOf(const std::vector<Gap>& gaps, double silent_days, Scores Gap::*scores) {
  Lead lead;
  lead.by_recency_alarms = AlarmsIn(gaps, &Gap::recency, silent_days);
  const double threshold = ThresholdFor(gaps, scores, lead.by_recency_alarms);
  lead.by_health_alarms = AlarmsIn(gaps, scores, threshold);
  std::vector<double> earlier;
  for (const Gap& gap : gaps) {
    if (!gap.left_days.has_value() || gap.first_week < kCountedFrom) continue;
    const double by_recency = DaysToAlarm(gap, gap.recency, silent_days), by_health = DaysToAlarm(gap, gap.*scores, threshold);
    lead.by_recency += by_recency;
    lead.by_health += by_health;
    earlier.push_back(by_recency - by_health);
  }
  lead.left = static_cast<std::int64_t>(earlier.size());
  const auto count = static_cast<double>(earlier.size());
  lead.by_recency /= count;
  lead.by_health /= count;
  lead.mean = lead.by_recency - lead.by_health;
  std::vector<double> means;
  for (int resample = 0; resample < 2000; ++resample) {
    double sum = 0;
    for (std::size_t i = 0; i < earlier.size(); ++i) {
      const Digest drawn = HashParts({"slipping", std::to_string(resample), std::to_string(i)});
      sum += earlier[(std::size_t{drawn[0]} << 16 | std::size_t{drawn[1]} << 8 | drawn[2]) % earlier.size()];
    }
    means.push_back(sum / count);
  }
  std::sort(means.begin(), means.end());
  lead.low = means[50];
  lead.high = means[1949];
  return lead;
}

void Print(const char* by, double silent_days, const Lead& lead) {
  std::printf("%g days, %lld alarms by recency, %lld by %s; %lld left, found after %.0f and %.0f days: %.1f earlier [%.1f, %.1f]\n", silent_days,
              static_cast<long long>(lead.by_recency_alarms), static_cast<long long>(lead.by_health_alarms), by, static_cast<long long>(lead.left),
              lead.by_recency, lead.by_health, lead.mean, lead.low, lead.high);
}

TEST(Slipping, WhoLeftIsFoundEarlierByHealthThanByRecency) {
  const char* asked = std::getenv("RAPPORT_SLIPPING_CUSTOMERS");
  const char* seed = std::getenv("RAPPORT_SLIPPING_SEED");
  MadeUp made = Make(seed == nullptr ? 2 : std::strtoull(seed, nullptr, 10), asked == nullptr ? 1000 : std::atoi(asked));
  const std::vector<Gap> gaps = Walk(made);
  for (const double silent_days : {90.0, 120.0, 180.0}) {
    const Lead lead = LeadOf(gaps, silent_days, &Gap::health);
    Print("health as a whole", silent_days, lead);
    Print("its part rhythm", silent_days, LeadOf(gaps, silent_days, &Gap::silence));
    EXPECT_GT(lead.left, 30);
    EXPECT_LE(lead.by_health_alarms, lead.by_recency_alarms);
    EXPECT_GE(lead.by_health_alarms, lead.by_recency_alarms * 9 / 10) << "as many alarms, not fewer by far";
    EXPECT_GT(lead.low, 0) << "days earlier, by the lower end of the interval";
  }
}

}  // namespace
}  // namespace rapport
