// Orders, and all that comes of them.
#include <algorithm>

#include "engine/simulate_life.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::simulation {
namespace {

constexpr double kMicrosPerWeek = 7.0 * static_cast<double>(kMicrosPerDay);

// What became of an order, as far as it bears on leaving.
struct Fate {
  bool late = false;
  std::int64_t days = 0;       // positive early
  bool uncured = false;
  bool promised = false;
  double missing = 0;          // share of what was promised
};

const ProductPlan& SomeProduct(const World& world, Draws& draws) {
  static constexpr double kShares[] = {0.12, 0.3, 0.15, 0.13, 0.3};
  return world.products[draws.Weighted(kShares, world.products.size())];
}

PurchaseLine LineOf(const Life& life, const ProductPlan& product, std::int64_t quantity) {
  PurchaseLine line;
  line.product = product.id;
  line.quantity = static_cast<double>(quantity);
  line.amount = life.Cents(product.price * quantity);
  line.margin = life.Cents(product.margin * quantity);
  return line;
}

struct Order {
  OrderId id;
  const ProductPlan* product = nullptr;  // the first line's
  std::int64_t quantity = 0;             // of it
  Instant placed;
  Day expected;
};

Order PlaceOrder(Life& life, Instant at, Draws& draws) {
  const ProductPlan& product = SomeProduct(life.world, draws);
  Order order{OrderId::Trusted(life.NewId('o')), &product, 1 + draws.Geometric(0.7), at, life.DayOf(at) + product.lead_days};
  PurchasePlaced* said = life.Tell<PurchasePlaced>(at);
  if (said == nullptr) return order;
  ++life.purchases;
  said->order = order.id;
  said->rep = life.RepAt(at).id;
  said->contact = life.SomeContact(draws);
  said->expected_delivery = order.expected;
  said->lines.push_back(LineOf(life, product, order.quantity));
  if (draws.Happens(0.35)) said->lines.push_back(LineOf(life, SomeProduct(life.world, draws), 1));
  if (draws.Happens(0.1)) said->lines.front().unit_price = Money(product.price, life.world.euro).ToDecimal();
  return order;
}

// Never on the day of the order: the shortest lead is longer than the earliest delivery is early.
Instant Deliver(Life& life, const Order& order, Draws& draws, Fate& fate) {
  const double shares[] = {life.world.rules.early, life.world.rules.late, 1 - life.world.rules.early - life.world.rules.late};
  const std::size_t kind = draws.Weighted(shares, 3);
  const std::int64_t early = kind == 0 ? 1 + draws.Below(std::min(3, order.product->lead_days - 2)) : 0;
  const std::int64_t late = kind == 1 ? 1 + draws.Geometric(0.2) : 0;
  fate.late = kind == 1;
  fate.days = early - late;
  const Instant at = life.Moment(order.expected - early + late, 480 + 600 * draws.Uniform());
  if (PurchaseDelivered* said = life.Tell<PurchaseDelivered>(at)) said->order = order.id;
  return at;
}

// What, how much and when was agreed before the order; what comes is what was delivered of the order.
void Promise(Life& life, const Order& order, Instant delivered, Fate& fate, Draws& words) {
  if (!words.Happens(life.world.options.promised_orders)) return;
  fate.promised = true;
  const PromiseId id = PromiseId::Trusted(life.NewId('v'));
  if (PromiseMade* said = life.Tell<PromiseMade>(order.placed)) {
    said->promise = id;
    said->quantity = static_cast<double>(order.quantity);
    said->unit = "pieces";
    said->due = order.expected;
    said->dimension = "outcome";
    said->rep = life.RepAt(order.placed).id;
    said->order = order.id;
    said->product = order.product->id;
    said->what = life.Says(Saying::kPromise, words);
  }
  std::int64_t quantity = order.quantity;
  if (quantity > 1 && words.Happens(life.world.rules.short_share)) quantity -= 1 + words.Below(quantity - 1);
  fate.missing = static_cast<double>(order.quantity - quantity) / static_cast<double>(order.quantity);
  if (PromiseDelivered* said = life.Tell<PromiseDelivered>(delivered)) {
    said->promise = id;
    said->quantity = static_cast<double>(quantity);
  }
}

void GiveFeedback(Life& life, const Order& order, Instant delivered, const Fate& fate, Draws& draws) {
  const double mood = 8.5 - 2.5 * (fate.late ? 1 : 0) - 2 * (fate.uncured ? 1 : 0) + draws.Normal();
  const double score = std::clamp(mood, 0.0, 10.0);
  const Instant at = Later(delivered, 8 + draws.Exponential(5));
  FeedbackGiven* said = life.Tell<FeedbackGiven>(at);
  if (said == nullptr) return;
  said->csat = 1 + static_cast<double>(static_cast<int>(score * 0.4));
  said->nps = static_cast<std::int64_t>(score);
  if (draws.Happens(0.4)) {
    said->dimensions = Json(Json::Object{{"outcome", Json::Integer(static_cast<std::int64_t>(score))}, {"courtesy", Json::Integer(5 + draws.Below(6))}});
  }
  said->order = order.id;
  said->contact = life.SomeContact(draws);
  said->rep = life.RepAt(at).id;
  said->text = life.Says(Saying::kFeedback, draws);
}

// The same is raised again some weeks after each remedy that did not cure it. `topics`: a stream of its own, as all that is told of topics.
void ComeBack(Life& life, const Order& order, const TopicPlan& topic, RemedyPlan tried, Instant solved, Draws& topics) {
  while (!topics.Happens(tried.cures)) {
    const Instant raised = Later(solved, topics.Between(3, 75));
    const WorryId id = WorryId::Trusted(life.NewId('w'));
    WorryRaised* said = life.Tell<WorryRaised>(raised);
    if (said == nullptr) return;
    *said = {id, order.product->id, std::string(topic.label), life.SomeContact(topics), life.RepAt(raised).id, life.Says(Saying::kWorry, topics)};
    if (!topics.Happens(order.product->cure_chance)) return;
    solved = Later(raised, 0.05 + topics.Exponential(5));
    tried = topic.remedies[static_cast<std::size_t>(topics.Below(2))];
    WorryResolved* resolved = life.Tell<WorryResolved>(solved);
    if (resolved == nullptr) return;
    *resolved = {id, life.RepAt(solved).id, std::string(tried.label), life.Says(Saying::kCure, topics)};
  }
}

// True: the worry was never resolved.
bool Worry(Life& life, const Order& order, Instant delivered, Draws& draws, Draws& topics) {
  const Instant raised = Later(delivered, 0.1 + draws.Gamma(2) * 3);
  const bool cured = draws.Happens(order.product->cure_chance);
  const WorryId id = WorryId::Trusted(life.NewId('w'));
  const TopicPlan& topic = order.product->topics[static_cast<std::size_t>(topics.Below(2))];
  const RemedyPlan& remedy = topic.remedies[static_cast<std::size_t>(topics.Below(2))];
  if (WorryRaised* said = life.Tell<WorryRaised>(raised)) {
    said->worry = id;
    said->product = order.product->id;
    said->topic = std::string(topic.label);
    said->contact = life.SomeContact(draws);
    said->rep = life.RepAt(raised).id;
    said->text = life.Says(Saying::kWorry, draws);
  }
  const Instant heard = Later(raised, draws.Exponential(0.8));
  if (cured || draws.Happens(0.6)) {
    if (WorryAcknowledged* said = life.Tell<WorryAcknowledged>(heard)) *said = {id, life.RepAt(heard).id};
  }
  if (!cured) return true;
  const Instant solved = Later(heard, 0.05 + draws.Exponential(5));
  if (WorryResolved* said = life.Tell<WorryResolved>(solved)) {
    *said = {id, life.RepAt(solved).id, std::string(remedy.label), life.Says(Saying::kCure, draws)};
    ComeBack(life, order, topic, remedy, solved, topics);
  }
  return false;
}

void Complain(Life& life, const Order& order, Instant delivered, Draws& draws) {
  static constexpr std::array<CaseKind, 3> kKinds = {CaseKind::kClaim, CaseKind::kService, CaseKind::kReturn};
  const Instant opened = Later(delivered, 0.2 + draws.Exponential(10));
  const CaseId id = CaseId::Trusted(life.NewId('k'));
  if (CaseOpened* said = life.Tell<CaseOpened>(opened)) {
    said->case_id = id;
    said->kind = kKinds[static_cast<std::size_t>(draws.Below(3))];
    said->product = order.product->id;
    said->order = order.id;
    said->contact = life.SomeContact(draws);
    said->rep = life.RepAt(opened).id;
    said->text = life.Says(Saying::kCase, draws);
  }
  if (!draws.Happens(0.85)) return;
  const Instant closed = Later(opened, 0.1 + draws.Exponential(9));
  if (CaseClosed* said = life.Tell<CaseClosed>(closed)) {
    *said = {id, draws.Happens(0.8), life.RepAt(closed).id, life.Says(Saying::kSolution, draws)};
  }
}

void Return(Life& life, const Order& order, Instant delivered, Draws& draws) {
  PurchaseReturned* said = life.Tell<PurchaseReturned>(Later(delivered, draws.Between(0.5, order.product->return_days - 0.5)));
  if (said == nullptr) return;
  said->order = order.id;
  if (draws.Happens(0.4)) said->amount = life.Cents(order.product->price);
  said->note = life.Says(Saying::kReturn, draws);
}

Fate AfterOrder(Life& life, const Order& order, Draws& draws, Draws& words, Draws& topics) {
  Fate fate;
  if (draws.Happens(0.03)) {
    if (PurchaseCancelled* said = life.Tell<PurchaseCancelled>(Later(order.placed, draws.Between(0.01, 0.9)))) {
      *said = {order.id, life.Says(Saying::kReturn, draws)};
    }
    return fate;
  }
  const Instant delivered = Deliver(life, order, draws, fate);
  if (life.world.options.promised_orders > 0) Promise(life, order, delivered, fate, words);
  if (draws.Happens(order.product->worry_chance)) fate.uncured = Worry(life, order, delivered, draws, topics);
  if (draws.Happens(0.3)) GiveFeedback(life, order, delivered, fate, draws);
  if (draws.Happens(0.06)) Complain(life, order, delivered, draws);
  if (draws.Happens(0.04)) Return(life, order, delivered, draws);
  return fate;
}

double ChanceToLeave(const World& world, double p, const Fate& fate) {
  if (p >= 1) return 1;
  const Rules& rules = world.rules;
  const auto days = static_cast<double>(fate.days);
  const double kept = fate.late || fate.missing > 0 ? rules.broken_log_odds : 0;
  const double promised = kept + rules.late_day_log_odds * std::max(-days, 0.0) + rules.early_day_log_odds * std::max(days, 0.0) + rules.missing_log_odds * fate.missing;
  const double shift = (fate.promised ? promised : fate.late ? rules.late_log_odds : 0) + (fate.uncured ? rules.worry_log_odds : 0);
  const double odds = p / (1 - p) * stats::Exp(shift);
  return odds / (1 + odds);
}

// BG/NBD as it is told: after each repeat purchase the customer leaves with some chance, else the next comes after an exponential time.
// `buy` says that something was bought at a time and answers with the chance to leave then.
template <class Buy>
void Repeat(Life& life, Buy buy) {
  Person& person = life.person;
  if (!person.first_purchase || *person.first_purchase >= life.world.end) return;
  Draws draws = life.DrawsFor("buy");
  Instant at = *person.first_purchase;
  for (bool repeat = false;; repeat = true) {
    const double chance = buy(at);
    if (repeat && draws.Happens(chance)) {
      person.left = at;
      return;
    }
    const double wait = person.lambda > 0 ? draws.Exponential(kMicrosPerWeek / person.lambda) : 1e30;
    if (wait >= static_cast<double>(life.world.end.micros() - at.micros())) return;
    at = at.PlusMicros(std::max<std::int64_t>(1, static_cast<std::int64_t>(wait)));
  }
}

}  // namespace

void TellPurchases(Life& life) {
  Draws draws = life.DrawsFor("orders"), words = life.DrawsFor("order-promises"), topics = life.DrawsFor("worry-topics");
  Repeat(life, [&](Instant at) {
    const Order order = PlaceOrder(life, at, draws);
    return ChanceToLeave(life.world, life.person.p, AfterOrder(life, order, draws, words, topics));
  });
}

void TellPlainPurchases(Life& life) {
  Draws draws = life.DrawsFor("orders");
  CustomerUpserted* customer = life.Tell<CustomerUpserted>(life.born);
  if (customer != nullptr) customer->kind = life.person.kind;
  life.person.first_purchase = life.born.PlusMinutes(5);
  Repeat(life, [&](Instant at) {
    const ProductPlan& product = SomeProduct(life.world, draws);
    if (PurchasePlaced* said = life.Tell<PurchasePlaced>(at)) {
      ++life.purchases;
      said->lines.push_back(LineOf(life, product, 1 + draws.Geometric(0.7)));
    }
    return life.person.p;
  });
}

}  // namespace rapport::simulation
