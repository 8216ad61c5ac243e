// Signals about promises: their values, what they rest on, and when time alone moves them.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT
using Ids = std::vector<std::string>;

template <class T>
T Of(std::string promise) {
  T said;
  said.promise = PromiseId::Trusted(std::move(promise));
  return said;
}
PromiseRevised To(std::string promise, Day due, bool agreed = true) {
  PromiseRevised said = Of<PromiseRevised>(std::move(promise));
  said.due = due;
  said.agreed = agreed;
  return said;
}
Cell Text(std::string text) { return Cell(std::move(text)); }

TEST(Signals_PromiseOutcome, WordsAreKeptOrBrokenOrNeither) {
  // a is kept; b broken, then kept under another word; r renegotiated in time and still open; w withdrawn.
  const std::vector<Event> events = {Happened("c", "a", "2026-01-01T00:00:00Z", Promised("2026-01-10", 4, "a")),
                                     Happened("c", "b", "2026-01-01T00:00:00Z", Promised("2026-01-10", 4, "b")),
                                     Happened("c", "r", "2026-01-01T00:00:00Z", Promised("2026-01-10", 4, "r")),
                                     Happened("c", "w", "2026-01-01T00:00:00Z", Promised("2026-01-10", 4, "w")),
                                     Happened("c", "ad", "2026-01-09T00:00:00Z", Kept(4, "a")),
                                     Happened("c", "rr", "2026-01-10T12:00:00Z", To("r", Day(2026, 3, 1))),
                                     Happened("c", "ww", "2026-01-10T13:00:00Z", Of<PromiseWithdrawn>("w")),
                                     Happened("c", "br", "2026-01-12T00:00:00Z", To("b", Day(2026, 1, 20))),
                                     Happened("c", "bd", "2026-01-20T00:00:00Z", Kept(4, "b"))};
  const Asked broken({events.begin(), events.end() - 1}, "2026-01-15T00:00:00Z");
  EXPECT_EQ(broken.ValueOf("promise.kept_share"), Cell(0.5));
  EXPECT_EQ(broken.ValueOf("promise.last_outcome"), Text("overdue"));
  EXPECT_EQ(broken.ValueOf("promise.last_kept"), Cell(false));
  EXPECT_EQ(broken.ValueOf("promise.overdue"), Whole(0)) << "b has another word";
  const Asked asked(events, "2026-02-01T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("promise.kept_share"), Cell(RoundSignal(2.0 / 3)));
  EXPECT_EQ(asked.ValueOf("promise.last_outcome"), Text("kept"));
  EXPECT_EQ(asked.ArmedBy("promise.last_outcome"), "bd");
  EXPECT_EQ(asked.ValueOf("promise.last_kept"), Cell(true));
  const Asked none({events.begin(), events.begin() + 4}, "2026-01-05T00:00:00Z");
  EXPECT_EQ(none.ValueOf("promise.last_outcome"), Null());
  EXPECT_EQ(none.ValueOf("promise.kept_share"), Null());
}

TEST(Signals_PromiseOutcome, WhatIsOnlyAnnouncedExcusesNothing) {
  const std::vector<Event> events = {Happened("c", "p", "2026-01-01T00:00:00Z", Promised("2026-01-10", 4, "p")),
                                     Happened("c", "r", "2026-01-05T00:00:00Z", To("p", Day(2026, 2, 10), false)),
                                     Happened("c", "d", "2026-01-12T00:00:00Z", Kept(3, "p"))};
  const Asked asked(events, "2026-01-15T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("promise.overdue"), Whole(1));
  EXPECT_EQ(asked.ValueOf("promise.last_outcome"), Text("short_and_late"));
}

TEST(Signals_PromiseSoon, CountsTheWorkingDaysOfItsRep) {
  RepUpserted rep;
  rep.rep = RepId::Trusted("kim");
  rep.calendar = *Json::Parse(R"({"weekly":{"mon":[["09:00","17:00"]],"sat":[["09:00","12:00"]]}})");
  PromiseMade by_kim = Promised("2026-01-12", 1, "k");   // a Monday
  by_kim.rep = rep.rep;
  const std::vector<Event> events = {Happened("", "rep", "2026-01-01T00:00:00Z", rep), Happened("c", "k", "2026-01-01T00:00:00Z", by_kim),
                                     Happened("c", "o", "2026-01-01T00:00:00Z", Promised("2026-01-14", 1, "o"))};
  const auto soon = [&](std::string_view as_of) { return Asked(events, as_of).ValueOf("promise.due_soon"); };
  EXPECT_EQ(soon("2026-01-04T00:00:00Z"), Whole(0)) << "kim works on the 5th, 10th and 12th";
  EXPECT_EQ(soon("2026-01-05T00:00:00Z"), Whole(1));
  EXPECT_EQ(soon("2026-01-12T00:00:00Z"), Whole(2));
  EXPECT_EQ(soon("2026-01-13T00:00:00Z"), Whole(1));
  EXPECT_EQ(soon("2026-01-15T00:00:00Z"), Whole(0));
  EXPECT_EQ(Asked(events, "2026-01-06T00:00:00Z").EvidenceOf("promise.due_soon"), (Ids{"k", "rep"}));
}

TEST(Signals_PromiseHomework, IsTheCustomers) {
  PromiseMade homework = Promised("2026-01-10");
  homework.by = PromiseBy::kCustomer;
  const std::vector<Event> events = {Happened("c", "h", "2026-01-01T00:00:00Z", homework), Happened("c", "o", "2026-01-01T00:00:00Z", Promised("2026-01-05"))};
  EXPECT_EQ(Asked(events, "2026-01-10T23:00:00Z").ValueOf("promise.homework_overdue"), Whole(0));
  EXPECT_EQ(Asked(events, "2026-01-11T00:00:00Z").ValueOf("promise.homework_overdue"), Whole(1));
  EXPECT_EQ(Asked(events, "2026-01-11T00:00:00Z").ArmedBy("promise.homework_overdue"), "h");
}

TEST(Signals_PromiseAhead, AllStandsReadyBeforeItsDay) {
  const auto ready = [](double quantity) {
    PromiseProgressed said = Of<PromiseProgressed>("p");
    said.ready = quantity;
    return said;
  };
  std::vector<Event> events = {Happened("c", "p", "2026-01-01T00:00:00Z", Promised("2026-01-20", 10, "p")), Happened("c", "r1", "2026-01-02T00:00:00Z", ready(7))};
  EXPECT_EQ(Asked(events, "2026-01-05T00:00:00Z").ValueOf("promise.ahead"), Whole(0));
  events.push_back(Happened("c", "d", "2026-01-06T00:00:00Z", Kept(3, "p")));
  EXPECT_EQ(Asked(events, "2026-01-07T00:00:00Z").ValueOf("promise.ahead"), Whole(0)) << "three of the seven are gone";
  events.push_back(Happened("c", "r2", "2026-01-08T00:00:00Z", ready(7)));
  const Asked asked(events, "2026-01-09T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("promise.ahead"), Whole(1));
  EXPECT_EQ(asked.ArmedBy("promise.ahead"), "r2");
  EXPECT_EQ(Asked(events, "2026-01-20T00:00:00Z").ValueOf("promise.ahead"), Whole(0)) << "its day has come";
}

TEST(Signals_PromisePinned, SaysBeforeWhatHowMuchAndWhen) {
  const auto order = [](std::string id, std::string_view at) {
    PurchasePlaced placed = Bought("10.00");
    placed.order = OrderId::Trusted(id);
    return Happened("c", std::move(id), at, placed);
  };
  const auto of_order = [](std::string order, std::string_view due) {
    PromiseMade made = Promised(due, 10);
    made.order = OrderId::Trusted(std::move(order));
    return made;
  };
  PromiseMade undated = Promised(std::nullopt, 3, "u");
  undated.order = OrderId::Trusted("o3");
  PromiseMade other = Promised("2026-02-20", 3);
  other.product = ProductId::Trusted("another");
  const std::vector<Event> events = {
      Happened("c", "m1", "2026-01-01T00:00:00Z", of_order("o1", "2026-01-20")), order("o1", "2026-01-05T00:00:00Z"),
      order("o2", "2026-01-06T00:00:00Z"), Happened("c", "m2", "2026-01-07T00:00:00Z", of_order("o2", "2026-01-20")),   // too late
      Happened("c", "m3", "2026-01-06T00:00:00Z", undated), order("o3", "2026-01-08T00:00:00Z"),
      Happened("c", "r3", "2026-01-08T20:00:00Z", To("u", Day(2026, 2, 1))),   // on the order's own day
      Happened("c", "m4", "2026-02-01T00:00:00Z", other), order("o4", "2026-02-02T00:00:00Z")};
  const Asked asked(events, "2026-02-03T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("promise.coverage"), Cell(0.5));
  EXPECT_EQ(asked.ValueOf("promise.unpinned_orders"), Whole(2));
  EXPECT_EQ(asked.ArmedBy("promise.unpinned_orders"), "o4");
  EXPECT_EQ(Asked(events, "2026-02-05T00:00:00Z").ValueOf("promise.unpinned_orders"), Whole(1)) << "o2 is thirty days old";
  EXPECT_EQ(Asked(events, "2027-01-05T00:00:00Z").ValueOf("promise.coverage"), Cell(RoundSignal(1.0 / 3)));
  EXPECT_EQ(Asked(events, "2028-01-05T00:00:00Z").ValueOf("promise.coverage"), Null());
}

TEST(Signals_PromisePinned, APromiseWithoutAnOrderSpeaksOfTheNextThirtyDays) {
  const auto coverage = [](std::string_view ordered, bool withdrawn) {
    std::vector<Event> events = {Happened("c", "m", "2026-01-01T00:00:00Z", Promised("2026-04-01", 1, "p"))};
    if (withdrawn) events.push_back(Happened("c", "w", "2026-01-20T00:00:00Z", Of<PromiseWithdrawn>("p")));
    events.push_back(Happened("c", "o", ordered, Bought("10.00")));
    return Asked(std::move(events), "2026-03-01T00:00:00Z").ValueOf("promise.coverage");
  };
  EXPECT_EQ(coverage("2026-01-31T23:00:00Z", false), Cell(1.0));
  EXPECT_EQ(coverage("2026-02-01T00:00:00Z", false), Cell(0.0));
  EXPECT_EQ(coverage("2026-01-31T23:00:00Z", true), Cell(0.0));
}

TEST(Signals_OpportunityUnpinned, NeedsADayPromisedSinceItWasOpened) {
  std::vector<Event> events = {Happened("c", "m", "2026-01-01T00:00:00Z", Promised("2026-04-01", 1, "p")), Happened("c", "y", "2026-01-05T00:00:00Z", OpportunityOpened())};
  EXPECT_EQ(Asked(events, "2026-01-06T00:00:00Z").ValueOf("opportunity.unpinned"), Cell(true));
  EXPECT_EQ(Asked(events, "2026-01-06T00:00:00Z").ArmedBy("opportunity.unpinned"), "y");
  events.push_back(Happened("c", "n", "2026-01-07T00:00:00Z", Promised("2026-04-01", 1, "q")));
  EXPECT_EQ(Asked(events, "2026-01-08T00:00:00Z").ValueOf("opportunity.unpinned"), Cell(false));
  events.push_back(Happened("c", "z", "2026-01-09T00:00:00Z", OpportunityWon()));
  EXPECT_EQ(Asked(events, "2026-01-10T00:00:00Z").ValueOf("opportunity.unpinned"), Null());
}

// --- a random life of promises, orders and deals
constexpr std::string_view kSignals[] = {"opportunity.unpinned", "promise.ahead", "promise.coverage", "promise.due_soon", "promise.homework_overdue",
                                         "promise.kept_share", "promise.last_kept", "promise.last_outcome", "promise.overdue", "promise.unpinned_orders"};

std::vector<Event> AnyLife() {
  std::vector<Event> events;
  Instant at = At("2026-01-01T08:00:00Z");
  std::vector<std::string> names{"none"};
  const int count = *rc::gen::inRange(2, 9);
  for (int i = 0; i < count; ++i) {
    at = at.PlusMinutes(*rc::gen::inRange(1, 6 * 24 * 60));
    const int n = *rc::gen::inRange(0, 1000);
    const std::string name = "n" + std::to_string(i), of = names[static_cast<std::size_t>(n) % names.size()];
    Payload data;
    switch (*rc::gen::inRange(0, 9)) {
      case 0: case 1: {
        PromiseMade made = Promised(std::nullopt, n % 4 == 0 ? std::nullopt : std::optional<double>(1 + n % 5), name);
        if (n % 7 != 0) made.due = Day(2026, 1, 1) + n % 50;
        if (n % 6 == 0) made.by = PromiseBy::kCustomer;
        if (n % 3 == 0) made.order = OrderId::Trusted("o" + std::to_string(n % 5));
        names.push_back(name);
        data = made;
        break;
      }
      case 2: case 3: data = n % 3 == 0 ? Kept(std::nullopt, of) : Kept(n % 5, of); break;
      case 4: data = To(of, Day(2026, 1, 1) + n % 60, n % 3 != 0); break;
      case 5: data = Of<PromiseWithdrawn>(of); break;
      case 6: {
        PromiseProgressed said = Of<PromiseProgressed>(of);
        said.ready = n % 6;
        data = said;
        break;
      }
      case 7: {
        PurchasePlaced placed = Bought("10.00");
        placed.order = OrderId::Trusted("o" + std::to_string(n % 5));
        if (n % 4 == 0) data = PurchaseDelivered{placed.order};
        else data = placed;
        break;
      }
      default: {   // everything is named, so that leaving one event out does not make another one mean something else
        OpportunityOpened opened;
        OpportunityWon won;
        opened.opportunity = won.opportunity = OpportunityId::Trusted(n % 4 == 0 ? of : name);
        if (n % 4 != 0) names.push_back(name);
        data = n % 4 == 0 ? Payload(won) : Payload(opened);
        break;
      }
    }
    events.push_back(Happened("c", "e" + std::to_string(i), FormatInstant(at), std::move(data)));
  }
  return events;
}

RC_GTEST_PROP(Signals_PromiseProperty, WhatIsNotCitedChangesNothing, ()) {
  const std::vector<Event> events = AnyLife();
  const std::string as_of = FormatInstant(events.back().occurred.at.PlusMinutes(*rc::gen::inRange(0, 40 * 24 * 60)));
  const Asked whole(events, as_of);
  for (const Event& left_out : events) {
    std::vector<Event> less;
    for (const Event& event : events) {
      if (event.key != left_out.key) less.push_back(event);
    }
    if (less.empty()) continue;
    const Asked without(less, as_of);
    for (const std::string_view signal : kSignals) {
      const Ids cited = whole.EvidenceOf(signal);
      if (cited.size() == SignalValue::kMaxEvidence || std::find(cited.begin(), cited.end(), left_out.key.id) != cited.end()) continue;
      if (whole.ValueOf(signal) != without.ValueOf(signal)) RC_FAIL(std::string(signal) + " changes without " + left_out.key.id);
    }
  }
}

RC_GTEST_PROP(Signals_PromiseProperty, StandsStillUntilItsNextStep, ()) {
  const std::vector<Event> events = AnyLife();
  const Asked asked(events, FormatInstant(events.back().occurred.at.PlusMinutes(*rc::gen::inRange(0, 10 * 24 * 60))));
  SignalInput input = asked.input();
  for (const std::string_view signal : kSignals) {
    const SignalColumn& column = Asked::Column(signal);
    const std::optional<Day> step = column.next_step == nullptr ? std::nullopt : column.next_step(input);
    RC_ASSERT(!step.has_value() || *step > input.today);
    const Cell now = column.compute(input).value;
    for (Day day = input.today + 1; day < std::min(step.value_or(Day::max()), input.today + 60); ++day) {
      SignalInput then = input;
      then.today = day;
      then.as_of = input.zone->StartOf(day);
      if (column.compute(then).value != now) RC_FAIL(std::string(signal) + " moves on " + FormatDay(day));
    }
  }
}

}  // namespace
}  // namespace rapport
