// Properties over random lives of customers: whatever is ticked, whenever, each follow-up is issued once.
#include <fstream>
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "policy/random_world.hpp"

namespace rapport::policy_test {
namespace {

std::string Shown(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) {
    text += event.key.id;
    if (const auto* issued = event.As<FollowUpIssued>()) {
      text += " " + FormatInstant(issued->due) + " " + issued->derivation.Canonical() + issued->headline.Canonical();
    }
    text += "\n";
  }
  return text;
}

TEST(Policy_ExactlyOnce, ATickRepeatedAppendsNothing) {
  EXPECT_TRUE(rc::check("tick twice", [] {
    World world = RandomWorld();
    for (const Instant at : RandomTicks()) {
      const std::vector<Event> first = world.Tick(at);
      const std::vector<Event> second = world.Tick(at);
      if (!second.empty()) RC_FAIL(Shown(first) + "then\n" + Shown(second));
    }
  }));
}

TEST(Policy_ExactlyOnce, EachFollowUpIsIssuedOnceClosedOnceAndRevisedInOrder) {
  EXPECT_TRUE(rc::check("once", [] {
    World world = RandomWorld();
    std::map<FollowUpId, std::int64_t> revisions;
    std::set<FollowUpId> closed;      // what expired stays closed, what was withdrawn may be called for again
    std::set<FollowUpId> withdrawn_now;
    std::set<EventKey> keys;
    for (const Instant at : RandomTicks()) {
      for (const Event& event : world.Tick(at)) {
        RC_ASSERT(keys.insert(event.key).second);
        if (const auto* issued = event.As<FollowUpIssued>()) {
          RC_ASSERT(!closed.contains(issued->followup));
          RC_ASSERT(issued->revision == ++revisions[issued->followup]);
          RC_ASSERT(issued->expires >= at);
          RC_ASSERT(issued->root_source == "test");
          withdrawn_now.erase(issued->followup);
        }
        if (const auto* withdrawn = event.As<FollowUpWithdrawn>()) {
          RC_ASSERT(!closed.contains(withdrawn->followup));
          RC_ASSERT(withdrawn_now.insert(withdrawn->followup).second);
        }
        if (const auto* expired = event.As<FollowUpExpired>()) {
          RC_ASSERT(!withdrawn_now.contains(expired->followup));
          RC_ASSERT(closed.insert(expired->followup).second);
        }
      }
    }
  }));
}

// Two processes that tick the same book at the same moments make the same events, so that merging them adds none.
TEST(Policy_ExactlyOnce, TwoTickersMergeToOne) {
  EXPECT_TRUE(rc::check("merge", [] {
    World one = RandomWorld();
    World two;
    two = one;
    for (const Instant at : RandomTicks()) {
      const std::string a = Shown(one.Tick(at));
      const std::string b = Shown(two.Tick(at));
      RC_ASSERT(a == b);
    }
  }));
}

TEST(Policy_ExactlyOnce, DecideDoesNotDependOnTheOrderOfArrival) {
  EXPECT_TRUE(rc::check("order", [] {
    World world = RandomWorld();
    const std::vector<Instant> ticks = RandomTicks();
    for (const Instant at : ticks) world.Tick(at);
    std::vector<Event> shuffled = world.events();
    std::mt19937 random(static_cast<unsigned>(*rc::gen::inRange(0, 1 << 30)));
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    BookBuilder builder(ZoneRules::Bundled());
    for (const Event& event : shuffled) builder.Add(Event(event));
    const auto view = world.Seen(ticks.back());
    const std::shared_ptr<const Book> book = builder.AsKnown(ticks.back());
    const SignalContext context = *SignalContext::From(book->context());
    DecideInput input = view->input;
    input.context = &context;
    const std::shared_ptr<const Account> other = book->Find(CustomerId::Trusted("c"));
    RC_ASSERT(other != nullptr);
    const std::string a = Shown(EventsOf(DecideAccount(view->account(), view->input), ticks.back()));
    RC_ASSERT(a == Shown(EventsOf(DecideAccount(*other, input), ticks.back())));
  }));
}

// What happened long ago and is told only now.
Event ToldLate(std::string id, std::string_view happened, std::string_view told, Payload data) {
  Event event;
  event.key = {"test", std::move(id)};
  event.subject = CustomerId::Trusted("c");
  event.occurred = {At(happened), 0};
  event.recorded = event.claimed = At(told);
  event.data = std::move(data);
  return event;
}

std::string OneRule(const std::string& trigger) {
  return R"({"rapport_policy": 1, "name": "one", "rules": [{"name": "one", "purpose": "care", "priority": 10, "trigger": )" + trigger +
         R"(, "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}, "expires": {"days": 25}}]})";
}

// A rep skips what was issued; then an older event is filled in, and the next tick asks for nothing new.
void ExpectNoSecond(World& world, std::string_view first, Event late) {
  const std::vector<Event> events = world.Tick(first);
  const auto issued = All<FollowUpIssued>(events);
  ASSERT_EQ(issued.size(), 1u);
  const Instant at = At(first);
  Event skip = ToldLate("skip", first, first, FollowUpSkipped{issued[0]->followup, {}, {}});
  skip.occurred.at = skip.recorded = skip.claimed = at.PlusMinutes(10);
  world.Add(std::move(skip));
  EXPECT_TRUE(world.Tick(at.PlusMinutes(20)).empty());
  late.recorded = late.claimed = at.PlusMinutes(30);
  world.Add(std::move(late));
  EXPECT_EQ(Shown(world.Tick(at.PlusMinutes(40))), "");
}

TEST(Policy_BackFill, AnOlderEventEnrolsNobodyAnew) {
  World monthly;
  monthly.Use(MustParse(OneRule(R"({"recurrence": "FREQ=MONTHLY", "from": "customer"})")));
  monthly.Add("c", "u", "2026-01-05T09:00:00Z", Profile("Asia/Tokyo"));
  ExpectNoSecond(monthly, "2026-03-06T02:00:00Z", ToldLate("old", "2025-01-20T02:00:00Z", "2026-03-06T03:00:00Z", Reached()));
  World orders;
  orders.Use(MustParse(OneRule(R"({"recurrence": "FREQ=MONTHLY", "from": "purchase.placed"})")));
  orders.Add("c", "o", "2026-01-05T09:00:00Z", Order(std::nullopt, 5));
  ExpectNoSecond(orders, "2026-03-06T02:00:00Z", ToldLate("old", "2025-01-05T02:00:00Z", "2026-03-06T03:00:00Z", Order(std::nullopt, 7)));
}

TEST(Policy_BackFill, AnOlderEventBeginsNoOtherSilence) {
  World world;
  world.Use(MustParse(OneRule(R"({"silence": "care", "days": 90})")));
  world.Add("c", "u", "2026-01-05T09:00:00Z", Profile("Asia/Tokyo"));
  ExpectNoSecond(world, "2026-04-10T02:00:00Z", ToldLate("old", "2026-01-04T02:00:00Z", "2026-04-10T03:00:00Z", FactLearned{}));
}

// A term is the one that its own event began, however many are told of before it.
TEST(Policy_BackFill, AnOlderRenewalMakesNoOtherTerm) {
  World world;
  world.Use(MustParse(OneRule(R"({"event": "contract.started", "anchor": "ends", "offset": {"days": -20}})")));
  ContractStarted started;
  started.ends = Day(2025, 1, 5);
  world.Add("c", "s", "2024-01-05T00:00:00Z", started);
  world.Add("c", "r2", "2025-01-05T00:00:00Z", ContractRenewed{{}, Day(2026, 4, 5), {}});
  ExpectNoSecond(world, "2026-03-20T02:00:00Z", ToldLate("r1", "2024-12-01T00:00:00Z", "2026-03-20T03:00:00Z", ContractRenewed{{}, Day(2025, 1, 6), {}}));
}

// Its exits count from there too: an order of the first term does not settle the renewal of the second.
TEST(Policy_BackFill, WhatWasBoughtInAnEarlierTermEndsNothingInALaterOne) {
  World world;
  std::string text = OneRule(R"({"event": "contract.started", "anchor": "ends", "offset": {"days": -20}})");
  text.insert(text.find(R"("trigger")"), R"("exits": ["purchase"], )");
  world.Use(MustParse(text));
  ContractStarted started;
  started.ends = Day(2025, 1, 5);
  world.Add("c", "s", "2024-01-05T00:00:00Z", started).Add("c", "o", "2024-06-05T00:00:00Z", Order(std::nullopt, 5));
  world.Add("c", "r", "2025-01-05T00:00:00Z", ContractRenewed{{}, Day(2026, 4, 5), {}});
  EXPECT_EQ(All<FollowUpIssued>(world.Tick("2026-03-20T02:00:00Z")).size(), 1u);
}

// What is issued on one day never exceeds the cap, touches included; office work, which no cap counts or holds, aside.
TEST(Policy_ExactlyOnce, ACapOfOneIsNeverBroken) {
  EXPECT_TRUE(rc::check("cap", [] {
    World world = RandomWorld();
    world.Use(OneADay());
    for (const Instant at : RandomTicks()) {
      const auto view = world.Seen(at);
      const AccountDecisions decided = DecideAccount(view->account(), view->input);
      const auto due = std::count_if(decided.decisions.begin(), decided.decisions.end(), [](const Decision& d) {
        return d.status == DecisionStatus::kDue && !d.open && d.message_class == MessageClass::kDefault;
      });
      RC_ASSERT(due <= 1);
      world.Tick(at);
    }
  }));
}

TEST(Policy_Cdnow, EveryCustomerHasANextDate) {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/examples/cdnow/CDNOW_master.txt");
  ASSERT_TRUE(file.good());
  World world;
  BookConfigured configured;
  configured.reporting_currency = "USD";
  BookBuilder builder(ZoneRules::Bundled());
  std::string customer, date, quantity, amount;
  std::getline(file, customer);   // the header
  for (int row = 0; file >> customer >> date >> quantity >> amount; ++row) {
    Event event;
    event.key = {"cdnow", std::to_string(row)};
    event.subject = CustomerId::Trusted(customer);
    event.occurred = {At(date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6, 2) + "T12:00:00Z"), 0};
    event.recorded = event.claimed = event.occurred.at;
    PurchaseLine line;
    line.amount = Money::Parse(amount, *Currency::Parse("USD")).value_or(Money(0, *Currency::Parse("USD")));
    PurchasePlaced placed;
    placed.lines.push_back(line);
    event.data = placed;
    builder.Add(std::move(event));
  }
  const Instant as_of = At("1998-01-15T00:00:00Z");
  const std::shared_ptr<const Book> book = builder.AsKnown(as_of);
  const SignalContext context = *SignalContext::From(book->context());
  const PermissionProfile office = OfficeProfile();
  const DecideInput input{&context, &Policy::Default(), &office, as_of, 0, nullptr};
  const std::vector<AccountDecisions> decided = DecideBook(*book, input, {});
  std::size_t decisions = 0;
  for (const AccountDecisions& one : decided) decisions += one.decisions.size();
  const std::vector<AgendaLine> agenda = AgendaOf(*book, input, {});
  EXPECT_EQ(decided.size(), book->accounts().size());
  EXPECT_GT(decisions, 1000u);
  for (const AgendaLine& line : agenda) ASSERT_TRUE(line.next.has_value()) << line.customer.text();
}

}  // namespace
}  // namespace rapport::policy_test
