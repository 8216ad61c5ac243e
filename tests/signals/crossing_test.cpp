#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "rapport/signals/rows_since.hpp"
#include "relationship/contacts.hpp"
#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

std::optional<double> ValueOn(const SignalColumn& column, SignalInput input, Day day) {
  input.today = day;
  input.as_of = input.zone->StartOf(day);
  const Cell value = column.compute(input).value;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

bool Above(const SignalColumn& column, const SignalInput& input, Day day, double threshold) {
  const std::optional<double> value = ValueOn(column, input, day);
  return value.has_value() && *value >= threshold;
}

std::optional<Day> CrossedByLookingEveryDay(const SignalColumn& column, const SignalInput& input, double threshold) {
  std::optional<Day> since;
  for (Day day = input.today; day > input.today - 900 && Above(column, input, day, threshold); --day) since = day;
  return since;
}

std::optional<Day> NextByLookingEveryDay(const SignalColumn& column, const SignalInput& input, double threshold) {
  if (Above(column, input, input.today, threshold)) return std::nullopt;
  for (Day day = input.today; day < input.today + 12000; ++day) {
    if (Above(column, input, day, threshold)) return day;
  }
  return std::nullopt;
}

TEST(Signals_Crossing, SilenceCrossesOnTheDayTheRatioIsReached) {
  const Asked asked({Happened("c", "1", "2026-01-01T12:00:00Z", Bought("1")),
                     Happened("c", "2", "2026-01-11T12:00:00Z", Bought("1")),
                     Happened("c", "3", "2026-01-21T12:00:00Z", Bought("1"))},
                    "2026-03-02T08:00:00Z");
  const SignalColumn& ratio = Asked::Column("purchase.silence_ratio");
  EXPECT_EQ(CrossedAboveOn(ratio, asked.input(), 2.0), Day(2026, 2, 10));
  EXPECT_EQ(CrossedAboveOn(ratio, asked.input(), 2.01), Day(2026, 2, 11));
  EXPECT_EQ(CrossedAboveOn(ratio, asked.input(), 0.0), Day(2026, 1, 21)) << "the day of the purchase itself";
  EXPECT_EQ(CrossedAboveOn(ratio, asked.input(), 4.0), Day(2026, 3, 2));
  EXPECT_EQ(CrossedAboveOn(ratio, asked.input(), 4.1), std::nullopt);
  EXPECT_EQ(NextCrossing(ratio, asked.input(), 4.0), std::nullopt) << "already above";
  EXPECT_EQ(NextCrossing(ratio, asked.input(), 4.1), Day(2026, 3, 3));
  EXPECT_EQ(NextCrossing(ratio, asked.input(), 1e9), std::nullopt) << "beyond the horizon";
}

TEST(Signals_Crossing, DaysAreOfTheCustomersZone) {
  const Asked asked({Happened("c", "z", "2026-01-01T00:00:00Z", InZone("Asia/Tokyo")),
                     Happened("c", "1", "2026-02-01T23:30:00+09:00", Bought("1"))},
                    "2026-03-01T16:00:00Z");  // 2 March in Tokyo
  EXPECT_EQ(CrossedAboveOn(Asked::Column("purchase.days_since"), asked.input(), 20), Day(2026, 2, 21));
  EXPECT_EQ(NextCrossing(Asked::Column("purchase.days_since"), asked.input(), 30), Day(2026, 3, 3));
}

TEST(Signals_Crossing, WhatCountsDownIsAboveFromItsBeginning) {
  const Asked asked({Happened("c", "p", "2026-02-01T00:00:00Z", Promised("2026-03-10"))}, "2026-03-02T00:00:00Z");
  const SignalColumn& days = Asked::Column("promise.days_to_due");
  EXPECT_EQ(CrossedAboveOn(days, asked.input(), 8), Day(2026, 2, 1));
  EXPECT_EQ(CrossedAboveOn(days, asked.input(), 9), std::nullopt);
  EXPECT_EQ(NextCrossing(days, asked.input(), 9), std::nullopt) << "it only falls";
}

TEST(Signals_Crossing, ConstantSignalsCrossByTheEventThatMovedThem) {
  const Asked asked({Happened("c", "1", "2026-01-01T00:00:00Z", Called()),
                     Happened("c", "2", "2026-02-01T00:00:00Z", Worried()),
                     Happened("c", "3", "2026-02-05T00:00:00Z", Worried())},
                    "2026-03-02T00:00:00Z");
  EXPECT_EQ(CrossedAboveOn(Asked::Column("worry.open"), asked.input(), 2), Day(2026, 2, 5));
  EXPECT_EQ(CrossedAboveOn(Asked::Column("worry.open"), asked.input(), 3), std::nullopt);
  EXPECT_EQ(NextCrossing(Asked::Column("worry.open"), asked.input(), 3), std::nullopt);
  EXPECT_EQ(CrossedAboveOn(Asked::Column("touch.count"), asked.input(), 1), Day(2026, 1, 1));
}

TEST(Signals_Crossing, PolledSignalsAreNotForeseen) {
  const Asked asked({Happened("c", "p", "2026-02-01T00:00:00Z", Promised("2026-02-10"))}, "2026-03-02T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("promise.overdue"), Whole(1));
  EXPECT_EQ(CrossedAboveOn(Asked::Column("promise.overdue"), asked.input(), 1), std::nullopt);
  EXPECT_EQ(NextCrossing(Asked::Column("promise.overdue"), asked.input(), 2), std::nullopt);
}

Instant AnyMoment() {
  return At("2026-01-01T00:00:00Z").PlusMinutes(*rc::gen::inRange(0, 200 * 24 * 60));
}

CustomerUpserted Often(std::int64_t days) {
  CustomerUpserted customer;
  customer.contact_ideal_days = days;
  customer.contact_latest_days = 2 * days;
  return customer;
}

std::vector<Event> AnyLife() {
  std::vector<Event> events = {
      Happened("", "product", "2026-01-01T00:00:00Z", Product("p", *rc::gen::inRange(0, 40))),
      Happened("c", "zone", At("2026-01-01T00:00:00Z"),
               InZone(*rc::gen::element<std::string>("UTC", "Asia/Tokyo", "America/New_York", "Pacific/Auckland")))};
  const int count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    const std::string id = "e-" + std::to_string(i);
    const auto day = FormatDay(Day(2026, 1, 1) + *rc::gen::inRange(0, 300));
    const Payload all[] = {Placed({Line("p", Euro("1"))}), Delivered(), Returned(), Called(), Called(Purpose::kSell),
                           Worried(), Resolved(), Promised(day), Kept(), AnyTouch(), AnyTouch(), Often(*rc::gen::inRange(1, 60))};
    events.push_back(Happened("c", id, AnyMoment(), all[*rc::gen::inRange(0, 12)]));
  }
  return events;
}

TEST(Signals_Property, CrossingsEqualLookingEveryDay) {
  EXPECT_TRUE(rc::check([] {
    const std::shared_ptr<const Book> book = BookOf(AnyLife());
    const SignalContext context = *SignalContext::From(book->context());
    const std::shared_ptr<const Account> account_of_input = book->Find(Customer("c"));
    const SignalInput input = InputFor(*account_of_input, context, AnyMoment());
    const double threshold = *rc::gen::inRange(-40, 400) / 7.0;
    for (const SignalColumn& column : AllSignals()) {
      if (column.motion != Motion::kClockLinear || column.jumps) continue;
      // What counts down towards a later event's day is not foreseen before that event.
      const bool foreseeable = column.slope_per_day >= 0;
      RC_LOG() << column.name << " above " << threshold << "\n";
      RC_ASSERT(CrossedAboveOn(column, input, threshold) == CrossedByLookingEveryDay(column, input, threshold));
      if (!foreseeable) continue;
      RC_ASSERT(NextCrossing(column, input, threshold) == NextByLookingEveryDay(column, input, threshold));
    }
  }));
}

// --- signals that events move both ways, and time downward
// As a past day ended, as it is now, as a day to come begins.
std::optional<double> ValueWhile(const SignalColumn& column, SignalInput input, Day day) {
  const Day today = input.today;
  input.today = day;
  if (day < today) input.as_of = input.zone->StartOf(day + 1).PlusMicros(-1);
  if (day > today) input.as_of = input.zone->StartOf(day);
  const Cell value = column.compute(input).value;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

bool BeyondWhile(const SignalColumn& column, const SignalInput& input, Day day, double threshold, bool below) {
  const std::optional<double> value = ValueWhile(column, input, day);
  return value.has_value() && (below ? *value <= threshold : *value >= threshold);
}

std::vector<Event> AnyWarmLife() {
  std::vector<Event> events = AnyLife();
  const int count = *rc::gen::inRange(0, 8);
  for (int i = 0; i < count; ++i) events.push_back(Happened("c", "visit-" + std::to_string(i), AnyMoment(), By(Channel::kVisit)));
  return events;
}

TEST(Signals_Property, CrossingsOfWhatJumpsEqualLookingEveryDay) {
  EXPECT_TRUE(rc::check([] {
    const Instant as_of = AnyMoment();
    std::vector<Event> life = AnyWarmLife();
    if (*rc::gen::arbitrary<bool>()) std::erase_if(life, [&](const Event& event) { return event.occurred.at > as_of; });
    const std::shared_ptr<const Book> book = BookOf(life);
    const SignalContext context = *SignalContext::From(book->context());
    const std::shared_ptr<const Account> account = book->Find(Customer("c"));
    const SignalInput input = InputFor(*account, context, as_of);
    for (const SignalColumn& column : AllSignals()) {
      if (!column.jumps) continue;
      const double threshold = column.motion == Motion::kMonotone   ? *rc::gen::element(0.3, 0.6, 0.75, 1.0, 1.5, 3.0)
                               : column.motion == Motion::kConstant ? *rc::gen::element(1.0, 2.0, 3.0)
                                                                    : *rc::gen::element(5.0, 14.0, 30.5, 100.0);
      for (const bool below : {false, true}) {
        if (below && column.motion == Motion::kConstant) continue;   // a count is low before anything happened
        RC_LOG() << column.name << (below ? " below " : " above ") << threshold << "\n";
        std::optional<Day> since;
        for (Day day = input.today; day > input.today - 400 && BeyondWhile(column, input, day, threshold, below); --day) since = day;
        RC_ASSERT((below ? CrossedBelowOn : CrossedAboveOn)(column, input, threshold) == since);
        if (!below) {
          RC_ASSERT(NextCrossing(column, input, threshold) == std::nullopt);
          continue;
        }
        std::optional<Day> next;
        // What lifts it by time alone is another step, and what happens later is not foreseen.
        const std::optional<Day> end = column.next_step != nullptr ? column.next_step(input) : std::nullopt;
        for (Day day = input.today; !since.has_value() && !next.has_value() && day < end.value_or(input.today + 600); ++day) {
          if (BeyondWhile(column, input, day, threshold, below)) next = day;
        }
        if (life.back().occurred.at <= as_of && std::none_of(life.begin(), life.end(), [&](const Event& event) { return event.occurred.at > as_of; })) {
          RC_ASSERT(NextCrossingBelow(column, input, threshold) == next);
        }
      }
    }
  }));
}

TEST(Signals_Property, RowsSinceMovedAreThoseOfLookingEveryDay) {
  EXPECT_TRUE(rc::check([] {
    const Instant as_of = AnyMoment().PlusMinutes(1440LL * *rc::gen::inRange(0, 300));
    std::vector<Event> life = AnyWarmLife();
    std::erase_if(life, [&](const Event& event) { return event.occurred.at > as_of; });
    const std::shared_ptr<const Book> book = BookOf(life);
    const SignalContext context = *SignalContext::From(book->context());
    const std::shared_ptr<const Account> account = book->Find(Customer("c"));
    if (account == nullptr) return;
    const SignalInput input = InputFor(*account, context, as_of);
    for (const SignalColumn& column : AllSignals()) {
      if (!column.jumps) continue;
      const double threshold = column.motion == Motion::kMonotone ? *rc::gen::element(0.3, 0.75, 1.5) : *rc::gen::element(5.0, 14.0, 30.5);
      const EventKey armed = column.compute(input).armed_by;
      const auto root = std::find_if(life.begin(), life.end(), [&](const Event& event) { return event.key == armed; });
      if (root == life.end()) continue;
      RC_LOG() << column.name << " below " << threshold << "\n";
      std::int64_t rows = 0;
      for (Day day = input.zone->LocalDay(root->occurred.at); day <= input.today; ++day) {
        if (BeyondWhile(column, input, day, threshold, true) && !BeyondWhile(column, input, day - 1, threshold, true)) ++rows;
      }
      RC_ASSERT(RowsSinceMoved(column, input, threshold, true) == rows);
    }
  }));
}

// --- polled signals, looked at on dates ---------------------------------------------------------------------------------
bool Beyond(const SignalColumn& column, const SignalInput& input, const SignalCheck& check, Day day) {
  const std::optional<double> value = ValueOn(column, input, day);
  return value.has_value() && (check.below ? *value <= check.threshold : *value >= check.threshold);
}

bool RestsOnLater(const SignalColumn& column, SignalInput input, Day day, const std::vector<Event>& life) {
  input.today = day;
  input.as_of = input.zone->StartOf(day);
  const std::vector<EventKey> cited = column.compute(input).evidence;
  return std::any_of(life.begin(), life.end(), [&](const Event& event) {
    return event.occurred.at >= input.as_of && std::find(cited.begin(), cited.end(), event.key) != cited.end();
  });
}

// Every day from Monday, 1 January 1900, asked alone.
bool IsDate(Day day, int every) { return (day - Day(1900, 1, 1)) % every == 0; }

TEST(Signals_Property, ChecksEqualLookingOnEveryDate) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Event> life = AnyLife();
    const std::shared_ptr<const Book> book = BookOf(life);
    const SignalContext context = *SignalContext::From(book->context());
    const std::shared_ptr<const Account> account = book->Find(Customer("c"));
    const SignalInput input = InputFor(*account, context, AnyMoment());
    const int every = *rc::gen::element(1, 3, 7, 14);
    const Recurrence dates = *Recurrence::Parse("FREQ=DAILY;INTERVAL=" + std::to_string(every), LocalSecond(1900, 1, 1));
    for (const SignalColumn& column : AllSignals()) {
      if (column.motion != Motion::kPolled || (column.type != ColumnType::kInteger && column.type != ColumnType::kNumber)) continue;
      const SignalCheck check{*rc::gen::element(0.5, 1.0, 2.0), *rc::gen::arbitrary<bool>(), &dates};
      RC_LOG() << column.name << (check.below ? " below " : " above ") << check.threshold << " every " << every << "\n";
      std::optional<CheckedRow> expected;
      for (Day day = input.today; day > input.zone->LocalDay(*account->first_event_at); --day) {
        if (!IsDate(day, every)) continue;
        if (!Beyond(column, input, check, day) || RestsOnLater(column, input, day, life)) break;
        expected = CheckedRow{day, expected.has_value() ? expected->last : day};
      }
      const std::optional<CheckedRow> row = CheckedRowOf(column, input, check);
      RC_ASSERT(row.has_value() == expected.has_value());
      if (row.has_value()) RC_ASSERT(row->first == expected->first);
      if (row.has_value()) RC_ASSERT(row->last == expected->last);
      // When it moves next is told by what has happened; what is still to happen tells more.
      const bool all_has_happened = std::none_of(life.begin(), life.end(), [&](const Event& event) { return event.occurred.at > input.as_of; });
      if (column.next_step != nullptr && !all_has_happened) continue;
      const bool wanted = *rc::gen::arbitrary<bool>();
      const std::optional<CheckAhead> ahead = NextChecked(column, input, check, wanted);
      // Nothing ahead: time alone never makes it so, and half a year is as good as never.
      const Day until = ahead.has_value() ? ahead->day : input.today + 183;
      std::optional<Day> first;
      for (Day day = input.today + 1; day <= until && !first.has_value(); ++day) {
        if (IsDate(day, every) && Beyond(column, input, check, day) == wanted) first = day;
      }
      const bool found = ahead.has_value() && ahead->found;
      RC_ASSERT(first.has_value() == found);
      if (found) RC_ASSERT(*first == ahead->day);
      if (column.next_step == nullptr) RC_ASSERT(ahead.has_value());
    }
  }));
}

TEST(Signals_Property, MotionIsAsDeclared) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Event> life = AnyLife();
    std::erase_if(life, [](const Event& event) { return event.occurred.at > At("2026-08-01T12:00:00Z"); });   // or it happens in between
    const std::shared_ptr<const Book> book = BookOf(life);
    const SignalContext context = *SignalContext::From(book->context());
    const std::shared_ptr<const Account> account_of_today = book->Find(Customer("c"));
    const SignalInput today = InputFor(*account_of_today, context, At("2026-08-01T12:00:00Z"));
    const std::shared_ptr<const Account> account_of_tomorrow = book->Find(Customer("c"));
    const SignalInput tomorrow = InputFor(*account_of_tomorrow, context, At("2026-08-02T12:00:00Z"));
    for (const SignalColumn& column : AllSignals()) {
      const Cell now = column.compute(today).value;
      const Cell then = column.compute(tomorrow).value;
      if (column.motion == Motion::kConstant) RC_ASSERT(now == then);
      if (column.motion == Motion::kMonotone && now.index() != 0) RC_ASSERT(std::get<double>(then) <= std::get<double>(now));
      // But where its next step is tomorrow.
      if (column.next_step != nullptr && column.next_step(today) == tomorrow.today) continue;
      if (column.slope_per_day == 0 || now.index() == 0 || then.index() == 0) continue;
      const std::int64_t moved = std::get<std::int64_t>(then) - std::get<std::int64_t>(now);
      RC_ASSERT(static_cast<double>(moved) == column.slope_per_day);
    }
  }));
}

}  // namespace
}  // namespace rapport
