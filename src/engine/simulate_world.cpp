#include "engine/simulate_world.hpp"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rapport::simulation {
namespace {

absl::Status Wrong(std::string_view option, std::string_view found, std::string_view expected) {
  return Invalid("simulate.invalid_option", absl::StrCat("option ", ToAbsl(option), ": found ", ToAbsl(found), ", expected ", ToAbsl(expected)));
}

// Numbers of customers stay far from the ends of int64: neighbours are added to them.
constexpr std::int64_t kMostCustomers = std::int64_t{1} << 52;

absl::Status CheckCounts(const SimulateOptions& options) {
  const auto within = [](std::string_view name, std::int64_t value, std::int64_t low, std::int64_t high) {
    return value >= low && value <= high ? absl::OkStatus() : Wrong(name, std::to_string(value), absl::StrCat(low, " to ", high));
  };
  RAPPORT_RETURN_IF_ERROR(within("first_customer", options.first_customer, 0, kMostCustomers));
  RAPPORT_RETURN_IF_ERROR(within("customers", options.customers, 0, kMostCustomers));
  RAPPORT_RETURN_IF_ERROR(within("years", options.years, 1, 50));
  RAPPORT_RETURN_IF_ERROR(within("reps", options.reps, 1, 10'000));
  return within("start", options.start.year(), 1900, 9000);
}

absl::Status CheckOptions(const SimulateOptions& options) {
  RAPPORT_RETURN_IF_ERROR(CheckCounts(options));
  if (!(options.promised_orders >= 0 && options.promised_orders <= 1)) return Wrong("promised_orders", CanonicalNumber(options.promised_orders), "0 to 1");
  if (!(options.late_share >= 0 && options.late_share <= 1)) return Wrong("late_share", CanonicalNumber(options.late_share), "0 to 1");
  const absl::Status buying = BgNbd::Make(options.buying).status();
  if (!buying.ok()) return WithContext(buying, "option buying");
  const double rate = options.buying.r / options.buying.alpha;
  return rate <= 50 ? absl::OkStatus() : Wrong("buying", CanonicalNumber(rate) + " purchases a week", "a mean r / alpha of at most 50");
}

absl::Status FindZones(const ZoneRules& zones, World& world) {
  static constexpr std::array<std::string_view, 4> kZones = {"", "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai"};
  RAPPORT_ASSIGN_OR_RETURN(const Zone* own, zones.Find(world.options.zone));
  for (std::size_t i = 0; i < kZones.size(); ++i) {
    const absl::StatusOr<const Zone*> other = zones.Find(kZones[i]);
    const bool abroad = i > 0 && other.ok();
    world.zones[i] = abroad ? *other : own;
    world.zone_names[i] = abroad ? std::string(kZones[i]) : world.options.zone;
  }
  return absl::OkStatus();
}

// One rep's reports are invented and a fifth of the others promise too much, as far as there are enough reps.
void PlanReps(World& world) {
  Draws draws = world.DrawsFor("reps", "");
  const std::int64_t count = world.options.reps;
  const std::int64_t first = draws.Below(count);
  const std::int64_t invented = count >= 3 ? 1 : 0;
  const std::int64_t over = count >= 2 ? std::max<std::int64_t>(1, count / 5) : 0;
  world.reps.resize(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    RepPlan& rep = world.reps[static_cast<std::size_t>((first + i) % count)];
    if (i < invented) {
      rep.kind = RepKind::kInvented;
    } else if (i < invented + over) {
      rep.kind = RepKind::kOverPromising;
      rep.bias = draws.Between(0.5, 0.9);
    }
  }
  for (std::size_t i = 0; i < world.reps.size(); ++i) {
    world.reps[i].id = RepId::Trusted(absl::StrCat("r-", i + 1));
    world.reps[i].latitude = draws.Between(48, 54);
    world.reps[i].longitude = draws.Between(7, 14);
  }
}

// One remedy of each topic cures much more often; which one is chance. In the order of the products.
void PlanWorries(World& world) {
  static constexpr std::array<std::array<TopicPlan, 2>, 5> kWorries{{
      {{{"noise at high speed", {{{"a new belt", 0}, {"tighter screws", 0}}}}, {"dough sticks", {{{"an oiled hook", 0}, {"a shorter programme", 0}}}}}},
      {{{"smell after filter change", {{{"a 5-min flush", 0}, {"a second filter", 0}}}}, {"slow flow", {{{"a cleaned sieve", 0}, {"a call to the plumber", 0}}}}}},
      {{{"weighs too little", {{{"a new calibration", 0}, {"a level table", 0}}}}, {"display too dark", {{{"a brighter setting", 0}, {"a new display", 0}}}}}},
      {{{"drips overnight", {{{"a new seal", 0}, {"a closed valve", 0}}}}, {"doses too much", {{{"a slower stroke", 0}, {"a second test", 0}}}}}},
      {{{"lumps in the bag", {{{"dry storage", 0}, {"a sieve", 0}}}}, {"runs out too soon", {{{"a reminder", 0}, {"a larger bag", 0}}}}}},
  }};
  Draws draws = world.DrawsFor("remedies", "");
  for (std::size_t i = 0; i < world.products.size(); ++i) {
    world.products[i].topics = kWorries[i];
    for (TopicPlan& topic : world.products[i].topics) {
      const std::size_t better = draws.Happens(0.5) ? 1 : 0;
      topic.remedies[better].cures = draws.Between(0.8, 0.95);
      topic.remedies[1 - better].cures = draws.Between(0.3, 0.55);
    }
  }
}

void PlanProducts(World& world) {
  world.products = {ProductPlan{ProductId::Trusted("mixer"), "Mixer 20 l", 128'000, 41'000, 12, 30, 0.28, 0},
                    ProductPlan{ProductId::Trusted("filter"), "Filter", 4'900, 2'100, 4, 14, 0.08, 0},
                    ProductPlan{ProductId::Trusted("scale"), "Counter scale", 21'500, 7'300, 6, 30, 0.14, 0},
                    ProductPlan{ProductId::Trusted("pump"), "Dosing pump", 58'000, 19'900, 9, 30, 0.24, 0},
                    ProductPlan{ProductId::Trusted("refill"), "Refill 10 kg", 2'000, 700, 3, 14, 0.05, 0}};
  Draws draws = world.DrawsFor("products", "");
  for (ProductPlan& product : world.products) product.cure_chance = draws.Between(0.35, 0.95);
  for (std::size_t& approach : world.winning) approach = static_cast<std::size_t>(draws.Below(kApproaches.size()));
  PlanWorries(world);
}

class Setup {
 public:
  explicit Setup(const World& world) : world_(world) {}
  template <class T>
  T& Add(Instant at, std::string id) {
    Event& event = events_.emplace_back();
    event.key = {std::string(kSimulationSource), "sim-world-" + std::move(id)};
    event.occurred = {at, static_cast<std::int16_t>(world_.zones[0]->OffsetSeconds(at) / 60)};
    event.recorded = event.claimed = at;
    return event.data.emplace<T>();
  }
  std::vector<Event> Take() {
    std::sort(events_.begin(), events_.end(), CanonicalLess);
    return std::move(events_);
  }

 private:
  const World& world_;
  std::vector<Event> events_;
};

void TellReps(const World& world, Setup& setup) {
  static constexpr std::string_view kWeek = R"({"weekly":{"mon":[["09:00","17:00"]],"tue":[["09:00","17:00"]],"wed":[["09:00","17:00"]],)"
                                            R"("thu":[["09:00","17:00"]],"fri":[["09:00","17:00"]]}})";
  for (std::size_t i = 0; i < world.reps.size(); ++i) {
    RepUpserted& rep = setup.Add<RepUpserted>(world.begin, absl::StrCat("r-", i + 1));
    Draws draws = world.DrawsFor("rep", world.reps[i].id.text());
    rep.rep = world.reps[i].id;
    rep.zone = world.options.zone;
    rep.team = i % 2 == 0 ? "north" : "south";
    rep.calendar = *Json::Parse(kWeek);
    rep.minutes = 240 + 30 * draws.Below(4);
    rep.absences.emplace();
    for (int year = 0; year < world.options.years; ++year) {
      const Day leave = world.options.start + 365 * year + static_cast<int>(draws.Below(340));
      for (int day = 0; day < 10; ++day) rep.absences->push_back(leave + day);
    }
    rep.name = "Rep " + std::to_string(i + 1);
  }
}

void TellProducts(const World& world, Setup& setup) {
  int offers = 0;
  for (std::size_t i = 0; i < world.products.size(); ++i) {
    const ProductPlan& plan = world.products[i];
    ProductUpserted& product = setup.Add<ProductUpserted>(world.begin, absl::StrCat("p-", i + 1));
    product.product = plan.id;
    product.name = std::string(plan.name);
    product.price = Money(plan.price, world.euro);
    product.margin = Money(plan.margin, world.euro);
    product.lead_days = plan.lead_days;
    product.return_days = plan.return_days;
    product.attributes = Json(Json::Object{{"warranty_months", plan.price > 10'000 ? 24 : 6}});
    for (const std::string_view competitor : kCompetitors) {
      OfferKnown& offer = setup.Add<OfferKnown>(world.begin.PlusMicros(kMicrosPerDay), absl::StrCat("o-", ++offers));
      offer.competitor = std::string(competitor);
      offer.offer = std::string(competitor) + " " + plan.id.text();
      offer.product = plan.id;
      offer.price = Money(plan.price * (90 + 5 * (offers % 5)) / 100, world.euro);
      offer.warranty_months = 3 + 3 * (offers % 4);
    }
  }
}

void TellRates(const World& world, Setup& setup) {
  Draws draws = world.DrawsFor("rates", "");
  int number = 0;
  for (Instant at = world.begin; at < world.end; at = at.PlusMicros(182 * kMicrosPerDay)) {
    RateSet& yen = setup.Add<RateSet>(at, absl::StrCat("x-", ++number));
    yen = {"JPY", "EUR", absl::StrCat("0.00", 580 + draws.Below(80))};
    RateSet& dollar = setup.Add<RateSet>(at, absl::StrCat("x-", ++number));
    dollar = {"USD", "EUR", absl::StrCat("0.", 880 + draws.Below(80))};
  }
}

std::string_view NameOf(RepKind kind) {
  return kind == RepKind::kHonest ? "honest" : kind == RepKind::kOverPromising ? "over_promising" : "invented_reports";
}

Json RepsTruth(const World& world) {
  Json::Array reps;
  for (const RepPlan& rep : world.reps) {
    reps.push_back(Json::Object{{"rep", rep.id.text()}, {"kind", NameOf(rep.kind)}, {"promise_bias", rep.bias}});
  }
  return reps;
}

Json ProductsTruth(const World& world) {
  Json::Object products;
  for (const ProductPlan& plan : world.products) {
    Json::Object topics;
    for (const TopicPlan& topic : plan.topics) {
      Json::Object remedies;
      for (const RemedyPlan& remedy : topic.remedies) remedies.emplace(remedy.label, remedy.cures);
      topics.emplace(topic.label, std::move(remedies));
    }
    products.emplace(plan.id.text(), Json::Object{{"worry_chance", plan.worry_chance}, {"cure_chance", plan.cure_chance}, {"topics", std::move(topics)}});
  }
  return products;
}

Json ApproachesTruth(const World& world) {
  Json::Object winning;
  for (std::size_t i = 0; i < kSegments.size(); ++i) winning.emplace(kSegments[i], kApproaches[world.winning[i]]);
  return Json::Object{{"winning", std::move(winning)}, {"chance", world.rules.approach_chance}, {"winning_chance", world.rules.winning_chance}};
}

Json RefusalsTruth(const World& world) {
  Json::Array chances;
  for (int attempt = 1; attempt <= world.rules.attempts; ++attempt) chances.push_back(world.ChanceOfYes(attempt));
  return Json::Object{{"chance_of_yes", std::move(chances)}};
}

}  // namespace

double World::ChanceOfYes(int attempt) const { return std::min(0.5, 0.1 + 0.025 * (attempt - 1)); }

// In the first three fifths, so that there are years to look back on.
Instant World::BornAt(std::int64_t number) const {
  const std::string customer = std::to_string(number);
  const double span = static_cast<double>(end.micros() - begin.micros() - 2 * kMicrosPerDay);
  return begin.PlusMicros(kMicrosPerDay + static_cast<std::int64_t>(DrawsFor("born", customer).Uniform() * 0.6 * span));
}

// Always by an earlier number: nobody brings himself, and there is no circle.
std::int64_t World::BroughtBy(std::int64_t number) const {
  const std::string customer = std::to_string(number);
  Draws draws = DrawsFor("brought", customer);
  if (!draws.Happens(rules.referred)) return -1;
  const std::int64_t by = number - 1 - draws.Below(rules.neighbours);
  return by >= 0 && BornAt(by).PlusMicros(30 * kMicrosPerDay) <= BornAt(number) ? by : -1;
}

absl::StatusOr<World> MakeWorld(const SimulateOptions& options, const ZoneRules& zones) {
  RAPPORT_RETURN_IF_ERROR(CheckOptions(options));
  World world;
  world.options = options;
  world.seed = std::to_string(options.seed);
  RAPPORT_RETURN_IF_ERROR(FindZones(zones, world));
  const Day last(options.start.year() + options.years, options.start.month(), options.start.day());
  world.begin = world.zones[0]->StartOf(options.start);
  world.end = world.zones[0]->StartOf(last);
  RAPPORT_ASSIGN_OR_RETURN(world.euro, Currency::Parse("EUR"));
  PlanReps(world);
  PlanProducts(world);
  return world;
}

std::vector<Event> SetupEvents(const World& world) {
  Setup setup(world);
  BookConfigured& book = setup.Add<BookConfigured>(world.begin, "b-1");
  book.reporting_currency = "EUR";
  book.zone = world.options.zone;
  book.permission = Json("plain");
  book.host_signals = Json(Json::Object{{"usage", Json::Object{{"type", "number"}, {"unit", "hours"}}}});
  TellReps(world, setup);
  TellProducts(world, setup);
  TellRates(world, setup);
  return setup.Take();
}

Json::Object TruthOf(const World& world) {
  const SimulateOptions& options = world.options;
  const Rules& rules = world.rules;
  const BgNbd::Params& buying = options.buying;
  return {{"seed", world.seed},
          {"first_customer", Json::Integer(options.first_customer)},
          {"start", FormatDay(options.start)},
          {"end", FormatInstant(world.end)},
          {"zone", options.zone},
          {"late_share", options.late_share},
          {"buying", Json::Object{{"model", "bg_nbd"}, {"unit", "week"}, {"r", buying.r}, {"alpha", buying.alpha}, {"a", buying.a}, {"b", buying.b}}},
          {"leaving", Json::Object{{"late_delivery_log_odds", options.only_purchases ? 0 : rules.late_log_odds},
                                   {"uncured_worry_log_odds", options.only_purchases ? 0 : rules.worry_log_odds},
                                   {"broken_promise_log_odds", options.only_purchases ? 0 : rules.broken_log_odds},
                                   {"late_day_log_odds", options.only_purchases ? 0 : rules.late_day_log_odds},
                                   {"early_day_log_odds", options.only_purchases ? 0 : rules.early_day_log_odds},
                                   {"missing_share_log_odds", options.only_purchases ? 0 : rules.missing_log_odds}}},
          {"promised_orders", options.promised_orders},
          {"deliveries", Json::Object{{"early", rules.early}, {"late", rules.late}, {"on_time", 1 - rules.early - rules.late}}},
          {"products", ProductsTruth(world)},
          {"promises", Json::Object{{"log_mean", rules.promise_mean}, {"log_spread", rules.promise_spread}}},
          {"calls", Json::Object{{"reached_in_best_hours", rules.reached_in}, {"reached_outside", rules.reached_out}}},
          {"refusals", RefusalsTruth(world)},
          {"approaches", ApproachesTruth(world)},
          {"opportunities", Json::Object{{"intercept", rules.won_intercept}, {"approach_met", rules.won_approach},
                                         {"competitor_seen", rules.won_competitor}, {"large", rules.won_large}}},
          {"reps", RepsTruth(world)}};
}

}  // namespace rapport::simulation
