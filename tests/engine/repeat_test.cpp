// The chance of buying again, judged on what came later: beside the classic numbers of history (recency, frequency, money, age) and BG/NBD alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <set>

#include "rapport/book/book.hpp"
#include "rapport/core/status.hpp"
#include "rapport/engine.hpp"
#include "rapport/signals/repeat.hpp"
#include "rapport/simulate.hpp"
#include "rapport/value/summarize.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kDay = 24 * 60;
constexpr std::int64_t kHorizon = kRepeatHorizonDays * kDay;

Instant At(std::string_view text) { return ParseStamp(text)->at; }

std::vector<Event> SimulatedOrders(double promised_orders, std::int64_t customers) {
  SimulateOptions options;
  options.seed = 11;
  options.customers = customers;
  options.years = 3;
  options.promised_orders = promised_orders;
  std::vector<Event> events;
  const absl::Status status = Simulate(options, ZoneRules::Bundled(), [&](Event&& event) {
    events.push_back(std::move(event));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return events;
}

std::vector<Event> CdnowOrders() {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/examples/cdnow/CDNOW_master.txt");
  const Currency usd = *Currency::Parse("USD");
  std::vector<Event> events;
  std::string customer, date, discs, dollars;
  std::getline(file, customer);   // the header
  for (int row = 0; file >> customer >> date >> discs >> dollars; ++row) {
    Event event;
    event.key = {"cdnow", std::to_string(row)};
    event.subject = CustomerId::Trusted("c-" + customer);
    const std::string day = date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6, 2);
    event.occurred = {At(day + "T12:00:00Z"), 0};
    event.recorded = event.claimed = event.occurred.at;
    PurchasePlaced placed;
    placed.lines.emplace_back().amount = Money::Parse(dollars, usd).value_or(Money(0, usd));
    event.data = placed;
    events.push_back(std::move(event));
  }
  return events;
}

std::optional<BgNbd> BgNbdOf(const Book& book, Instant as_of) {
  std::vector<double> frequency, recency, age;
  for (const auto& [id, account] : book.accounts()) {
    if (account->purchases.empty() || ProfilingWithdrawn(*account)) continue;
    const Zone& zone = book.context().ZoneOf(std::nullopt, account->profile.zone);
    std::set<Day> days;
    for (const PurchaseRecord& purchase : account->purchases) days.insert(zone.LocalDay(purchase.placed));
    frequency.push_back(static_cast<double>(days.size() - 1));
    recency.push_back(UnitsBetween(*days.begin(), *days.rbegin(), TimeUnit::kWeek));
    age.push_back(UnitsBetween(*days.begin(), zone.LocalDay(as_of), TimeUnit::kWeek));
  }
  absl::StatusOr<BgNbd> fitted = BgNbd::Fit({frequency, recency, age});
  EXPECT_TRUE(fitted.ok()) << fitted.status();
  return fitted.ok() ? std::optional(*std::move(fitted)) : std::nullopt;
}

struct Seen {
  std::vector<RepeatRow> rows;
  std::vector<double> bought;
};

// The customers of `book` at `at`, and whether they bought in the horizon after it, as `later` tells.
Seen SeenIn(const Book& book, Instant at, const Book& later, const BgNbd* forecast) {
  const SignalContext context = *SignalContext::From(book.context());
  const TypicalLevels typical = TypicalOf(book, at);
  const RepeatView view{forecast, &typical};
  Seen seen;
  for (const auto& [id, account] : book.accounts()) {
    const std::optional<RepeatRow> row = view.RowOf(InputFor(*account, context, at));
    if (!row.has_value()) continue;
    const std::shared_ptr<const Account> then = later.Find(id);
    const bool bought = then != nullptr && std::any_of(then->purchases.begin(), then->purchases.end(), [&](const PurchaseRecord& purchase) {
      return purchase.placed > at && purchase.placed <= at.PlusMinutes(kHorizon);
    });
    seen.rows.push_back(*row);
    seen.bought.push_back(bought ? 1 : 0);
  }
  return seen;
}

double LogLoss(const std::vector<double>& chances, const std::vector<double>& bought) {
  double sum = 0;
  for (std::size_t i = 0; i < chances.size(); ++i) {
    const double chance = std::clamp(chances[i], 1e-6, 1 - 1e-6);
    sum -= bought[i] == 1 ? std::log(chance) : std::log1p(-chance);
  }
  return sum / static_cast<double>(chances.size());
}

// By tenths of the chance: how many, what was said, what came.
double PrintCalibration(const std::vector<double>& chances, const std::vector<double>& bought) {
  std::vector<std::size_t> order(chances.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return chances[a] < chances[b]; });
  double worst = 0;
  for (std::size_t tenth = 0; tenth < 10; ++tenth) {
    const std::size_t from = order.size() * tenth / 10, until = order.size() * (tenth + 1) / 10;
    double said = 0, came = 0;
    for (std::size_t i = from; i < until; ++i) {
      said += chances[order[i]];
      came += bought[order[i]];
    }
    const auto n = static_cast<double>(until - from);
    std::printf("  tenth %2zu  n %5.0f  said %.3f  came %.3f\n", tenth + 1, n, said / n, came / n);
    worst = std::max(worst, std::fabs(said - came) / n);
  }
  return worst;
}

struct Judged {
  double rfm = 0, bg_nbd = 0, ours = 0, without_promises = 0, worst_tenth = 0;
};

// Fitted on what was known at `at`, judged on the horizon after it.
Judged Judge(const std::vector<Event>& events, Instant at, const char* what) {
  BookBuilder builder(ZoneRules::Bundled());
  for (const Event& event : events) builder.Add(event);
  const Instant cut = at.PlusMinutes(-kHorizon);
  const std::shared_ptr<const Book> then = builder.AsKnown(cut, cut), now = builder.AsKnown(at, at);
  const std::shared_ptr<const Book> later = builder.AsKnown(std::nullopt, at.PlusMinutes(kHorizon));
  const std::optional<BgNbd> forecast_then = BgNbdOf(*then, cut), forecast_now = BgNbdOf(*now, at);

  const absl::StatusOr<RepeatModel> fitted = RepeatModel::Fit(*then, cut, forecast_then, *now, at, forecast_now);
  EXPECT_TRUE(fitted.ok()) << fitted.status();
  const Seen learned = SeenIn(*then, cut, *now, &*forecast_then), judged = SeenIn(*now, at, *later, &*forecast_now);
  using F = RepeatFeature;
  const F classic[] = {F::kRecency, F::kFrequency, F::kAge, F::kMoney};
  const F history[] = {F::kRecency, F::kFrequency, F::kAge, F::kMoney, F::kSilence, F::kOneTime, F::kForecast};
  const Repeat rfm = *Repeat::Fit(learned.rows, learned.bought, kRepeatHorizonDays, classic);
  const Repeat plain = *Repeat::Fit(learned.rows, learned.bought, kRepeatHorizonDays, history);

  std::vector<double> by_rfm, by_bg_nbd, by_us, by_history;
  for (const RepeatRow& row : judged.rows) {
    by_rfm.push_back(rfm.Probability(row));
    by_bg_nbd.push_back(1 / (1 + std::exp(-*row[static_cast<std::size_t>(F::kForecast)])));
    by_us.push_back(fitted->repeat().Probability(row));
    by_history.push_back(plain.Probability(row));
  }
  Judged out{LogLoss(by_rfm, judged.bought), LogLoss(by_bg_nbd, judged.bought), LogLoss(by_us, judged.bought), LogLoss(by_history, judged.bought), 0};
  std::printf("%s: %zu customers; log-loss: recency, frequency, money, age %.4f; BG/NBD %.4f; history with BG/NBD %.4f; with promises %.4f\n", what,
              judged.rows.size(), out.rfm, out.bg_nbd, out.without_promises, out.ours);
  std::printf("%s\n", fitted->repeat().ToJson().Find("coefficients")->Canonical().c_str());
  out.worst_tenth = PrintCalibration(by_us, judged.bought);
  return out;
}

TEST(Repeat_Evaluation, BeatsBothWherePromisesMatter) {
  const Judged judged = Judge(SimulatedOrders(0.8, 6000), At("2026-01-01T00:00:00Z"), "promises matter");
  EXPECT_LT(judged.ours, judged.rfm - 0.005);
  EXPECT_LT(judged.ours, judged.bg_nbd - 0.005);
  EXPECT_LT(judged.ours, judged.without_promises - 0.005) << "it is the promises that tell";
  EXPECT_LT(judged.worst_tenth, 0.08);
}

TEST(Repeat_Evaluation, IsNotWorseThanEitherWhereTheyHardlyDo) {
  const Judged judged = Judge(SimulatedOrders(0, 4000), At("2026-01-01T00:00:00Z"), "no orders with promises");
  EXPECT_LT(judged.ours, judged.rfm + 0.002);
  EXPECT_LT(judged.ours, judged.bg_nbd + 0.002);
}

TEST(Repeat_Evaluation, IsNotWorseThanHistoryOnCdnow) {
  const Judged judged = Judge(CdnowOrders(), At("1997-12-31T00:00:00Z"), "CDNOW");
  EXPECT_LT(judged.ours, judged.rfm + 0.001);
}

// --- as a model of the book
TEST(Repeat_Engine, IsFittedOnceRecordedAndApplied) {
  const Instant at = At("2026-06-01T00:00:00Z");
  Engine engine = *Engine::InMemory();
  ASSERT_TRUE(engine.Append(SimulatedOrders(0.8, 400)).ok());
  const std::string_view column = "expectation.repeat_probability";
  const std::vector<std::string> columns{std::string(column), "purchase.count"};
  EXPECT_EQ(engine.Signals({at}, {}, columns)->Find(column)->at(0), Cell()) << "nothing was fitted";
  const absl::StatusOr<FitReceipt> fitted = engine.Fit("repeat", at);
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  EXPECT_TRUE(fitted->appended);
  EXPECT_GT(fitted->customers, 100);
  EXPECT_FALSE(engine.Fit("repeat", at)->appended);
  const Table table = *engine.Signals({at}, {}, columns);
  std::size_t told = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Cell cell = table.Find(column)->at(i);
    const auto* chance = std::get_if<double>(&cell);
    if (chance == nullptr) continue;
    ++told;
    EXPECT_NE(table.Find("purchase.count")->at(i), Cell(std::int64_t{0}));
    EXPECT_TRUE(*chance > 0 && *chance < 1) << *chance;
  }
  EXPECT_GT(told, 100u);
}

TEST(Repeat_Engine, TheSameBitsWhateverTheOrder) {
  std::vector<Event> events = SimulatedOrders(0.5, 300);
  const Instant at = At("2026-06-01T00:00:00Z");
  Engine one = *Engine::InMemory(), other = *Engine::InMemory();
  std::vector<Event> reversed(events.rbegin(), events.rend());
  ASSERT_TRUE(one.Append(std::move(events)).ok());
  ASSERT_TRUE(other.Append(std::move(reversed)).ok());
  EXPECT_EQ(one.Fit("repeat", at)->fitted.Canonical(), other.Fit("repeat", at)->fitted.Canonical());
}

TEST(Repeat_Engine, TooFewCustomersAreToldAndOtherModelsToo) {
  Engine engine = *Engine::InMemory();
  ASSERT_TRUE(engine.Append(SimulatedOrders(0, 20)).ok());
  EXPECT_EQ(TokenOf(engine.Fit("repeat", At("2026-06-01T00:00:00Z")).status()), "expectation.too_few_customers");
  EXPECT_EQ(TokenOf(engine.Fit("repaet", At("2026-06-01T00:00:00Z")).status()), "value.unknown_model");
}

}  // namespace
}  // namespace rapport
