// Simulated books: the same bytes from the same seed, valid events, and a truth that the events bear out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/simulated.hpp"
#include "rapport/core/status.hpp"
#include "rapport/engine.hpp"
#include "rapport/value/bg_nbd.hpp"

namespace rapport {
namespace {

// 600 customers are enough for every type; made once.
const Simulated& World() {
  static const Simulated made = SimulatedBy({.seed = 3, .customers = 600});
  return made;
}

std::string TextOf(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) text += EncodeEvent(event).Canonical() + "\n";
  return text;
}

std::vector<Event> Copy(const std::vector<Event>& events) { return events; }

const Json::Array& Customers(const Json& truth) { return *truth.Find("customers")->if_array(); }
std::string Text(const Json& json, std::string_view key) { return *json.Find(key)->if_string(); }
double Number(const Json& json, std::string_view key) { return *json.Find(key)->if_number(); }

TEST(Simulate, TheSameSeedGivesTheSameBytes) {
  const Simulated again = SimulatedBy({.seed = 3, .customers = 600});
  EXPECT_EQ(TextOf(again.events), TextOf(World().events));
  EXPECT_EQ(again.truth.Canonical(), World().truth.Canonical());
  EXPECT_NE(TextOf(SimulatedBy({.seed = 4, .customers = 20}).events), TextOf(SimulatedBy({.seed = 3, .customers = 20}).events));
}

TEST(Simulate, RangesAreTheWholeInParts) {
  const Simulated whole = SimulatedBy({.seed = 5, .customers = 120});
  std::string parts;
  Json::Array truths;
  for (const std::int64_t first : {0, 50, 100}) {
    const Simulated part = SimulatedBy({.seed = 5, .first_customer = first, .customers = first == 100 ? 20 : 50, .setup = first == 0});
    parts += TextOf(part.events);
    truths.insert(truths.end(), Customers(part.truth).begin(), Customers(part.truth).end());
  }
  EXPECT_EQ(parts, TextOf(whole.events));
  EXPECT_EQ(Json(truths).Canonical(), Json(Customers(whole.truth)).Canonical());
}

// What the engine alone writes, and what imports and erasures write.
bool IsOfHosts(std::string_view type) {
  for (const std::string_view prefix : {"model.", "policy.", "cadence.", "followup.", "approval.", "experiment.", "exposure.", "import.", "batch."}) {
    if (type.starts_with(prefix)) return false;
  }
  return type != CustomerErased::kType;
}

TEST(Simulate, EveryTypeOfHostsAppears) {
  std::set<std::string_view> expected;
  for (const std::string_view type : KnownTypes()) {
    if (IsOfHosts(type)) expected.insert(type);
  }
  for (const std::uint64_t seed : {1, 2, 3}) {
    std::set<std::string_view> found;
    const Simulated made = SimulatedBy({.seed = seed, .customers = 400});
    for (const Event& event : made.events) found.insert(event.type());
    EXPECT_EQ(found, expected) << "seed " << seed;
  }
}

TEST(Simulate, EveryEventIsValidAndReadsBack) {
  std::set<std::string> ids;
  for (const Event& event : World().events) {
    ASSERT_TRUE(CheckEvent(event).ok()) << CheckEvent(event);
    EXPECT_TRUE(ids.insert(event.key.id).second) << event.key.id;
    EXPECT_EQ(event.key.source, kSimulationSource);
    const Json json = EncodeEvent(event);
    const auto back = DecodeEvent(json, {}, "");
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(EncodeEvent(*back), json);
  }
}

TEST(Simulate, CanBeAppended) {
  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  const auto receipt = engine->Append(Copy(World().events));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->accepted, static_cast<std::int64_t>(World().events.size()));
  EXPECT_TRUE(engine->Check().ok());
  // A range brings the setup again: it counts once.
  const auto range = engine->Append(SimulatedBy({.seed = 3, .first_customer = 500, .customers = 100}).events);
  ASSERT_TRUE(range.ok()) << range.status();
  EXPECT_EQ(range->accepted, 0);
}

TEST(Simulate, EachCustomersEventsAreInCanonicalOrderAndNoneComesBeforeHisFirst) {
  std::map<std::string, const Event*> last;
  for (const Event& event : World().events) {
    const auto [at, first] = last.try_emplace(event.subject.text(), &event);
    if (first && !event.subject.empty()) {
      EXPECT_NE(event.As<CustomerUpserted>(), nullptr) << event.key.id;
    }
    if (!first) {
      EXPECT_TRUE(CanonicalLess(*at->second, event)) << event.key.id;
    }
    at->second = &event;
  }
}

TEST(Simulate, NoDeliveryBeforeItsOrder) {
  std::map<std::string, Instant> placed;
  std::int64_t deliveries = 0;
  for (const Event& event : World().events) {
    if (const auto* order = event.As<PurchasePlaced>()) placed[order->order->text()] = event.occurred.at;
    if (const auto* delivery = event.As<PurchaseDelivered>()) {
      ++deliveries;
      ASSERT_TRUE(placed.contains(delivery->order->text()));
      EXPECT_LT(placed[delivery->order->text()], event.occurred.at);
    }
  }
  EXPECT_GT(deliveries, 500);
}

TEST(Simulate, SomeBecomeKnownLateAndSomeBefore) {
  double late = 0, early = 0;
  for (const Event& event : World().events) {
    late += event.recorded > event.occurred.at ? 1 : 0;
    early += event.recorded < event.occurred.at ? 1 : 0;
    EXPECT_EQ(event.recorded, event.claimed);
  }
  EXPECT_NEAR(late / static_cast<double>(World().events.size()), 0.1, 0.02);
  EXPECT_GT(early, 10);
  EXPECT_LT(early / static_cast<double>(World().events.size()), 0.05);
}

TEST(Simulate, TheTruthCountsThePurchases) {
  std::map<std::string, std::int64_t> counted;
  std::map<std::string, std::string> first;
  for (const Event& event : World().events) {
    if (event.As<PurchasePlaced>() == nullptr) continue;
    if (++counted[event.subject.text()] == 1) first[event.subject.text()] = FormatInstant(event.occurred.at);
  }
  ASSERT_EQ(Customers(World().truth).size(), 600u);
  for (const Json& one : Customers(World().truth)) {
    const std::string customer = Text(one, "customer");
    EXPECT_EQ(*one.Find("purchases")->if_integer(), counted[customer]) << customer;
    if (counted[customer] > 0) {
      EXPECT_EQ(Text(one, "first_purchase"), first[customer]);
    }
  }
}

TEST(Simulate, ReferralsAndTruthAgreeAndPointForward) {
  std::map<std::string, std::string> brought;
  for (const Event& event : World().events) {
    if (const auto* referral = event.As<ReferralMade>()) brought[referral->referred.text()] = event.subject.text();
  }
  for (const Json& one : Customers(World().truth)) {
    const Json* by = one.Find("brought_by");
    const std::string customer = Text(one, "customer");
    EXPECT_EQ(by == nullptr ? "" : *by->if_string(), brought.contains(customer) ? brought[customer] : "") << customer;
    if (by != nullptr) {
      EXPECT_LT(std::stoll(by->if_string()->substr(2)), std::stoll(customer.substr(2)));
    }
  }
  EXPECT_GT(brought.size(), 20u);
}

// Kept by the day that was said first, of promises whose day lies before the end.
std::map<std::string, std::pair<int, int>> KeptByRep(const Simulated& made, Day before) {
  const Zone& zone = **ZoneRules::Bundled().Find("Europe/Berlin");
  std::map<std::string, const PromiseMade*> open;
  std::map<std::string, std::pair<int, int>> kept;
  for (const Event& event : made.events) {
    if (const auto* said = event.As<PromiseMade>(); said != nullptr && said->rep && *said->due < before) {
      open[said->promise->text()] = said;
      ++kept[said->rep->text()].second;
    }
    const auto* done = event.As<PromiseDelivered>();
    if (done == nullptr || !open.contains(done->promise->text())) continue;
    const PromiseMade& said = *open[done->promise->text()];
    if (zone.LocalDay(event.occurred.at) <= *said.due) ++kept[said.rep->text()].first;
  }
  return kept;
}

TEST(Simulate, ThePlantedOverPromisersKeepLeast) {
  const auto kept = KeptByRep(World(), Day(2025, 12, 31));
  double worst_honest = 1, best_over = 0;
  int over = 0;
  for (const Json& rep : *World().truth.Find("reps")->if_array()) {
    const auto [in_time, all] = kept.at(Text(rep, "rep"));
    ASSERT_GT(all, 20);
    const double share = static_cast<double>(in_time) / all;
    if (Text(rep, "kind") == "over_promising") {
      ++over;
      best_over = std::max(best_over, share);
    } else {
      worst_honest = std::min(worst_honest, share);
    }
  }
  EXPECT_EQ(over, 2);
  EXPECT_LT(best_over + 0.2, worst_honest);
}

struct Seen {
  Instant at;
  double latitude = 0, longitude = 0;
};

// The fastest drive between two visits that follow each other within a day, in degrees of latitude an hour: one is 111 km.
double Fastest(std::vector<Seen> visits) {
  std::sort(visits.begin(), visits.end(), [](const Seen& a, const Seen& b) { return a.at < b.at; });
  double fastest = 0;
  for (std::size_t i = 1; i < visits.size(); ++i) {
    const double hours = static_cast<double>(visits[i].at.micros() - visits[i - 1].at.micros()) / 3.6e9;
    const double way = std::max(std::abs(visits[i].latitude - visits[i - 1].latitude), std::abs(visits[i].longitude - visits[i - 1].longitude) / 2);
    if (hours < 12) fastest = std::max(fastest, way / std::max(hours, 1.0 / 3600));
  }
  return fastest;
}

TEST(Simulate, OnlyInventedVisitsAreTooFast) {
  std::map<std::string, std::vector<Seen>> visits;
  for (const Event& event : World().events) {
    const auto* touch = event.As<Touch>();
    if (touch != nullptr && touch->latitude) visits[touch->rep->text()].push_back({event.occurred.at, *touch->latitude, *touch->longitude});
  }
  for (const Json& rep : *World().truth.Find("reps")->if_array()) {
    const auto& seen = visits[Text(rep, "rep")];
    ASSERT_GT(seen.size(), 20u);
    if (Text(rep, "kind") == "invented_reports") {
      EXPECT_GT(Fastest(seen), 5);
    } else {
      EXPECT_LT(Fastest(seen), 0.6) << Text(rep, "rep");
    }
  }
}

TEST(Simulate, TheWinningApproachWinsInEachSegment) {
  const Simulated made = SimulatedBy({.seed = 8, .customers = 1500, .setup = false});
  std::map<std::string, std::string> segment;
  std::map<std::string, std::map<std::string, std::pair<double, double>>> success;
  for (const Event& event : made.events) {
    if (const auto* customer = event.As<CustomerUpserted>(); customer != nullptr && customer->segment) segment[event.subject.text()] = *customer->segment;
    if (const auto* used = event.As<ApproachUsed>()) {
      auto& [met, all] = success[segment[event.subject.text()]][used->approach];
      met += *used->success ? 1 : 0;
      all += 1;
    }
  }
  ASSERT_EQ(success.size(), 4u);
  for (const auto& [name, of] : success) {
    const auto best = std::max_element(of.begin(), of.end(), [](const auto& a, const auto& b) {
      return a.second.first / a.second.second < b.second.first / b.second.second;
    });
    EXPECT_EQ(best->first, Text(*made.truth.Find("approaches")->Find("winning"), name)) << name;
  }
}

TEST(Simulate, AfterALateDeliveryMoreLeave) {
  const Simulated made = SimulatedBy({.seed = 2, .customers = 2500, .years = 3, .late_share = 0, .setup = false});
  std::map<std::string, std::string> left;
  for (const Json& one : Customers(made.truth)) {
    if (const Json* day = one.Find("left")) left[Text(one, "customer")] = *day->if_string();
  }
  std::map<std::string, const Event*> orders;
  std::map<std::string, int> number;
  std::map<bool, std::pair<double, double>> leave;  // by lateness, of repeat orders
  const Zone& zone = **ZoneRules::Bundled().Find("Europe/Berlin");
  for (const Event& event : made.events) {
    if (const auto* order = event.As<PurchasePlaced>(); order != nullptr && ++number[event.subject.text()] > 1) orders[order->order->text()] = &event;
    const auto* delivery = event.As<PurchaseDelivered>();
    if (delivery == nullptr || !orders.contains(delivery->order->text())) continue;
    const Event& placed = *orders[delivery->order->text()];
    auto& [gone, all] = leave[zone.LocalDay(event.occurred.at) > *placed.As<PurchasePlaced>()->expected_delivery];
    gone += left[event.subject.text()] == FormatInstant(placed.occurred.at) ? 1 : 0;
    all += 1;
  }
  EXPECT_GT(leave[true].first / leave[true].second, leave[false].first / leave[false].second + 0.05);
}

TEST(Simulate, AfterABrokenPromiseMoreLeave) {
  const Simulated made = SimulatedBy({.seed = 2, .customers = 2000, .years = 3, .late_share = 0, .promised_orders = 1, .setup = false});
  std::map<std::string, std::string> left;
  for (const Json& one : Customers(made.truth)) {
    if (const Json* day = one.Find("left")) left[Text(one, "customer")] = *day->if_string();
  }
  struct Word {
    const Event* made = nullptr;
    bool repeat = false;
  };
  std::map<std::string, Word> words;
  std::map<std::string, int> number;
  std::map<bool, std::pair<double, double>> leave;   // by whether it was broken, of repeat orders
  const Zone& zone = **ZoneRules::Bundled().Find("Europe/Berlin");
  for (const Event& event : made.events) {
    if (event.As<PurchasePlaced>() != nullptr) ++number[event.subject.text()];
    const auto* promise = event.As<PromiseMade>();
    if (promise != nullptr && promise->order.has_value()) words[promise->promise->text()] = {&event, number[event.subject.text()] > 1};
    const auto* delivery = event.As<PromiseDelivered>();
    if (delivery == nullptr || !words.contains(delivery->promise->text()) || !words[delivery->promise->text()].repeat) continue;
    const Event& said = *words[delivery->promise->text()].made;
    const PromiseMade& word = *said.As<PromiseMade>();
    const bool broken = zone.LocalDay(event.occurred.at) > *word.due || *delivery->quantity < *word.quantity;
    leave[broken].first += left[event.subject.text()] == FormatInstant(said.occurred.at) ? 1 : 0;
    leave[broken].second += 1;
  }
  EXPECT_GT(leave[true].second, 200);
  EXPECT_GT(leave[true].first / leave[true].second, leave[false].first / leave[false].second + 0.15);
  EXPECT_EQ(Number(*made.truth.Find("leaving"), "broken_promise_log_odds"), 1.5);
}

// How often something happened, to be compared with the chance it was made with: within four standard errors.
struct Share {
  double hits = 0, all = 0;
  void Count(bool hit) {
    hits += hit ? 1 : 0;
    all += 1;
  }
};

void ExpectChance(const Share& share, double chance, const std::string& what) {
  ASSERT_GT(share.all, 30) << what;
  EXPECT_NEAR(share.hits / share.all, chance, 4 * std::sqrt(chance * (1 - chance) / share.all)) << what;
}

TEST(Simulate, ProspectsSayYesWithTheTrueChances) {
  const Simulated made = SimulatedBy({.seed = 6, .customers = 4000, .years = 3, .late_share = 0, .setup = false});
  const Json::Array& chances = *made.truth.Find("refusals")->Find("chance_of_yes")->if_array();
  std::vector<Share> said(chances.size());
  for (const Json& one : Customers(made.truth)) {
    const Json* attempts = one.Find("attempts");
    if (attempts == nullptr) continue;
    for (std::int64_t k = 1; k <= *attempts->if_integer(); ++k) {
      const Json* won = one.Find("won_over_at");
      said[static_cast<std::size_t>(k - 1)].Count(won != nullptr && *won->if_integer() == k);
    }
  }
  for (std::size_t k = 0; k < chances.size(); ++k) ExpectChance(said[k], *chances[k].if_number(), "attempt " + std::to_string(k + 1));
}

TEST(Simulate, CallsReachMoreInTheBestHours) {
  std::map<std::string, double> best;
  for (const Json& one : Customers(World().truth)) best[Text(one, "customer")] = *one.Find("best_hours")->if_array()->front().if_number();
  Share within, outside;
  for (const Event& event : World().events) {
    const auto* touch = event.As<Touch>();
    const bool plain = touch != nullptr && touch->channel == Channel::kCall && touch->direction == Direction::kOutbound && best.contains(event.subject.text());
    if (!plain || touch->purpose == Purpose::kSell) continue;  // attempts are counted where somebody was met
    const double hour = static_cast<double>((event.occurred.at.micros() / 60'000'000 + event.occurred.offset_minutes) / 60 % 24);
    const double from = best[event.subject.text()];
    (hour >= from && hour < from + 2 ? within : outside).Count(touch->disposition == Disposition::kReached);
  }
  const Json& calls = *World().truth.Find("calls");
  ExpectChance(within, Number(calls, "reached_in_best_hours"), "within");
  ExpectChance(outside, Number(calls, "reached_outside"), "outside");
}

TEST(Simulate, WorriesAreCuredWithTheTrueChances) {
  const Simulated made = SimulatedBy({.seed = 12, .customers = 3000, .years = 3, .late_share = 0, .setup = false});
  const Instant settled = ParseStamp("2026-10-01T00:00:00Z")->at;  // what was raised later may be cured after the end
  std::map<std::string, std::string> raised;
  std::set<std::string> cured;
  for (const Event& event : made.events) {
    if (const auto* worry = event.As<WorryRaised>(); worry != nullptr && event.occurred.at < settled) raised[worry->worry->text()] = worry->product->text();
    if (const auto* done = event.As<WorryResolved>()) cured.insert(done->worry->text());
  }
  std::map<std::string, Share> shares;
  for (const auto& [worry, product] : raised) shares[product].Count(cured.contains(worry));
  ASSERT_EQ(shares.size(), 5u);
  for (const auto& [product, share] : shares) {
    ExpectChance(share, Number(*made.truth.Find("products")->Find(product), "cure_chance"), product);
  }
}

TEST(Simulate, UsageFallsBeforeAChurn) {
  std::map<std::string, Instant> churn;
  for (const Json& one : Customers(World().truth)) {
    if (const Json* at = one.Find("churned")) churn[Text(one, "customer")] = ParseStamp(*at->if_string())->at;
  }
  ASSERT_GT(churn.size(), 10u);
  std::map<std::string, std::pair<double, double>> usage;  // first and last
  for (const Event& event : World().events) {
    const auto* signal = event.As<SignalObserved>();
    if (signal == nullptr || !churn.contains(event.subject.text())) continue;
    const auto [at, first] = usage.try_emplace(event.subject.text(), *signal->value, *signal->value);
    at->second.second = *signal->value;
    EXPECT_LT(event.occurred.at, churn[event.subject.text()]);
  }
  for (const auto& [customer, value] : usage) EXPECT_LT(value.second, 0.6 * value.first) << customer;
}

TEST(Simulate, OpportunitiesAreWonWithTheTrueOdds) {
  const Simulated made = SimulatedBy({.seed = 13, .customers = 3000, .setup = false});
  std::map<double, Share> won;
  for (const Json& one : Customers(made.truth)) {
    const Json* deals = one.Find("opportunities");
    if (deals == nullptr) continue;
    for (const Json& deal : *deals->if_array()) {
      if (const bool* end = deal.Find("won")->if_bool()) won[Number(deal, "log_odds")].Count(*end);
    }
  }
  EXPECT_GE(won.size(), 6u);
  for (const auto& [log_odds, share] : won) {
    if (share.all < 50) continue;
    ExpectChance(share, 1 / (1 + std::exp(-log_odds)), std::to_string(log_odds));
  }
}

struct Summary {
  std::vector<double> frequency, recency, age;
};

Summary Summarised(const std::vector<Event>& events, Instant end) {
  constexpr double kWeek = 7 * 86'400e6;
  std::map<std::string, std::vector<Instant>> bought;
  for (const Event& event : events) {
    if (event.As<PurchasePlaced>() != nullptr) bought[event.subject.text()].push_back(event.occurred.at);
  }
  Summary rows;
  for (const auto& [customer, times] : bought) {
    rows.frequency.push_back(static_cast<double>(times.size() - 1));
    rows.recency.push_back(static_cast<double>(times.back().micros() - times.front().micros()) / kWeek);
    rows.age.push_back(static_cast<double>(end.micros() - times.front().micros()) / kWeek);
  }
  return rows;
}

TEST(Simulate, BgNbdFindsItsParametersInPurchasesAlone) {
  const SimulateOptions options{.seed = 11, .customers = 4000, .only_purchases = true};
  const Simulated made = SimulatedBy(options);
  const Summary rows = Summarised(made.events, ParseStamp(Text(made.truth, "end"))->at);
  ASSERT_EQ(rows.age.size(), 4000u);
  const auto model = BgNbd::Fit({rows.frequency, rows.recency, rows.age});
  ASSERT_TRUE(model.ok()) << model.status();
  ASSERT_FALSE(model->report()->standard_errors.empty());
  const BgNbd::Params found = model->params();
  const std::vector<double>& error = model->report()->standard_errors;
  EXPECT_NEAR(found.r, options.buying.r, 3 * error[0]);
  EXPECT_NEAR(found.alpha, options.buying.alpha, 3 * error[1]);
  EXPECT_NEAR(found.a, options.buying.a, 3 * error[2]);
  EXPECT_NEAR(found.b, options.buying.b, 3 * error[3]);
  for (const Event& event : made.events) ASSERT_TRUE(event.As<PurchasePlaced>() != nullptr || event.As<CustomerUpserted>() != nullptr);
}

TEST(Simulate, TasteIsTheSameInBothWorlds) {
  const Simulated plain = SimulatedBy({.seed = 3, .customers = 20, .only_purchases = true});
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(Number(Customers(plain.truth)[i], "lambda"), Number(Customers(World().truth)[i], "lambda"));
    EXPECT_EQ(Number(Customers(plain.truth)[i], "p"), Number(Customers(World().truth)[i], "p"));
  }
}

std::string TokenOfOptions(const SimulateOptions& options) {
  return TokenOf(Simulate(options, ZoneRules::Bundled(), [](Event&&) { return absl::OkStatus(); }));
}

TEST(Simulate, OptionsOutOfRangeAreNamed) {
  EXPECT_EQ(TokenOfOptions({.customers = -1}), "simulate.invalid_option");
  EXPECT_EQ(TokenOfOptions({.years = 0}), "simulate.invalid_option");
  EXPECT_EQ(TokenOfOptions({.reps = 0}), "simulate.invalid_option");
  EXPECT_EQ(TokenOfOptions({.late_share = 1.5}), "simulate.invalid_option");
  EXPECT_EQ(TokenOfOptions({.buying = {.r = 1e6, .alpha = 1, .a = 1, .b = 1}}), "simulate.invalid_option");
  EXPECT_EQ(TokenOfOptions({.zone = "Nowhere/City"}), "zone.unknown");
}

TEST(Simulate, TheVisitorsFailureEndsIt) {
  int seen = 0;
  const absl::Status status = Simulate({.customers = 5}, ZoneRules::Bundled(), [&](Event&&) {
    return ++seen == 3 ? absl::CancelledError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(seen, 3);
}

TEST(Simulate, OtherZonesAndYearsWork) {
  for (const std::int64_t reps : {1, 2, 3}) {
    for (const Event& event : SimulatedBy({.seed = 9, .customers = 40, .years = 1, .reps = reps, .start = Day(2024, 2, 29), .zone = "Asia/Tokyo"}).events) {
      ASSERT_TRUE(CheckEvent(event).ok()) << CheckEvent(event);
    }
  }
}

}  // namespace
}  // namespace rapport
