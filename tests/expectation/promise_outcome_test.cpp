// Outcomes of promises: the example of the page, days in their zones, words, and a judge that counts day by day.
#include "rapport/expectation/promise_outcome.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "book/made_events.hpp"
#include "rapport/book/fold.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

const Zone& Place(std::string_view name) { return **ZoneRules::Bundled().Find(name); }

PromiseDelivery Came(std::string_view at, std::optional<double> quantity = std::nullopt) { return {EventKey{"test", std::string(at)}, At(at), quantity}; }

struct Case {
  std::optional<double> quantity;
  std::optional<std::string_view> due;
  std::vector<PromiseDelivery> deliveries;
  std::optional<std::string_view> as_of;
  std::string_view zone = "UTC";
};

PromiseJudgement Judge(const Case& c) {
  const PromiseTerms terms{c.quantity, c.due ? std::optional(*ParseDay(*c.due)) : std::nullopt, std::nullopt};
  return JudgePromise(terms, c.deliveries, Place(c.zone), OfficeWeek(), c.as_of ? std::optional(At(*c.as_of)) : std::nullopt);
}

// "exceeded 1 1" : outcome, calendar days, quantity; - where there is none.
std::string Told(const PromiseJudgement& j) {
  std::string text(NameOf(j.outcome));
  text += " " + (j.margin_days ? std::to_string(*j.margin_days) : "-");
  return text + " " + (j.margin_quantity ? CanonicalNumber(*j.margin_quantity) : "-");
}

TEST(PromiseOutcome, TenByTheEleventh) {
  const auto ten = [](std::vector<PromiseDelivery> deliveries) { return Told(Judge({10, "2026-01-11", std::move(deliveries), {}})); };
  EXPECT_EQ(ten({Came("2026-01-10T09:00:00Z", 11)}), "exceeded 1 1");
  EXPECT_EQ(ten({Came("2026-01-11T23:59:59Z", 10)}), "kept 0 0");
  EXPECT_EQ(ten({Came("2026-01-11T09:00:00Z", 11)}), "exceeded 0 1");
  EXPECT_EQ(ten({Came("2026-01-10T09:00:00Z", 10)}), "exceeded 1 0");
  EXPECT_EQ(ten({Came("2026-01-11T09:00:00Z", 9)}), "short 0 -1");
  EXPECT_EQ(ten({Came("2026-01-12T00:00:00Z", 10)}), "late -1 0");
  EXPECT_EQ(ten({Came("2026-01-09T00:00:00Z", 4), Came("2026-01-14T00:00:00Z", 6), Came("2026-01-20T00:00:00Z", 1)}), "late -3 1");
  EXPECT_EQ(ten({Came("2026-01-09T00:00:00Z", 4), Came("2026-01-14T00:00:00Z", 5)}), "short_and_late -3 -1");
  EXPECT_EQ(ten({Came("2026-01-14T00:00:00Z", 5)}), "short_and_late -3 -5");
  EXPECT_EQ(ten({}), "overdue - -10");
  EXPECT_EQ(ten({Came("2026-01-09T00:00:00Z", 0)}), "overdue - -10") << "a delivery of nothing is none";
  EXPECT_EQ(ten({Came("2026-01-09T00:00:00Z", 4), Came("2026-01-10T00:00:00Z")}), "exceeded 1 0") << "all that was open";
}

TEST(PromiseOutcome, SumsReachWhatWasPromised) {
  EXPECT_EQ(Judge({0.8, "2026-01-11", {Came("2026-01-11T00:00:00Z", 0.7), Came("2026-01-11T01:00:00Z", 0.1)}, {}}).outcome, PromiseOutcome::kKept);
  EXPECT_EQ(Judge({1e9, "2026-01-11", {Came("2026-01-11T00:00:00Z", 1e9 - 2)}, {}}).outcome, PromiseOutcome::kShort);
}

TEST(PromiseOutcome, OneThingIsDoneOrNot) {
  EXPECT_EQ(Told(Judge({{}, "2026-01-11", {Came("2026-01-11T12:00:00Z")}, {}})), "kept 0 -");
  EXPECT_EQ(Told(Judge({{}, "2026-01-11", {Came("2026-01-09T12:00:00Z", 3)}, {}})), "exceeded 2 -");
  EXPECT_EQ(Told(Judge({{}, "2026-01-11", {Came("2026-01-13T12:00:00Z")}, {}})), "late -2 -");
  EXPECT_EQ(Told(Judge({{}, "2026-01-11", {}, {}})), "overdue - -");
  EXPECT_EQ(Told(Judge({{}, {}, {Came("2026-01-13T12:00:00Z")}, {}})), "kept - -");
  EXPECT_EQ(Told(Judge({{}, {}, {}, {}})), "pending - -");
  EXPECT_EQ(Told(Judge({5, {}, {Came("2026-01-13T12:00:00Z", 3)}, {}})), "short - -2");
}

TEST(PromiseOutcome, IsOpenUntilItsDayIsOver) {
  // Friday 9 January 2026; the promise falls due on Wednesday the 14th.
  const auto on = [](std::string_view as_of, std::vector<PromiseDelivery> deliveries = {}) { return Told(Judge({10, "2026-01-14", std::move(deliveries), as_of})); };
  EXPECT_EQ(on("2026-01-09T23:00:00Z"), "pending - -10") << "Monday, Tuesday, Wednesday are left";
  EXPECT_EQ(on("2026-01-10T00:00:00Z"), "pending - -10");
  EXPECT_EQ(on("2026-01-12T00:00:00Z"), "due_soon - -10");
  EXPECT_EQ(on("2026-01-14T23:59:59Z", {Came("2026-01-13T00:00:00Z", 4)}), "due_soon - -6");
  EXPECT_EQ(on("2026-01-15T00:00:00Z", {Came("2026-01-13T00:00:00Z", 4)}), "short 1 -6");
  EXPECT_EQ(on("2026-01-15T00:00:00Z", {Came("2026-01-15T01:00:00Z", 10)}), "overdue - -10") << "what lies ahead has not happened";
  EXPECT_EQ(on("2026-01-15T01:00:00Z", {Came("2026-01-15T01:00:00Z", 10)}), "late -1 0") << "as_of includes its instant";
  EXPECT_EQ(Told(Judge({10, {}, {}, "2026-01-15T00:00:00Z"})), "pending - -10");
}

TEST(PromiseOutcome, CountsTheRepsWorkingDays) {
  const PromiseTerms terms{10, Day(2026, 1, 14), std::nullopt};
  const Zone& utc = Place("UTC");
  WorkingWeek saturdays = OfficeWeek();
  saturdays.weekly[5] = {{540, 720}};
  saturdays.closed.insert(Day(2026, 1, 12));
  const std::vector<PromiseDelivery> early{Came("2026-01-09T10:00:00Z", 10)}, late{Came("2026-01-20T10:00:00Z", 10)};
  EXPECT_EQ(JudgePromise(terms, early, utc, OfficeWeek(), std::nullopt).margin_working_days, 3);
  EXPECT_EQ(JudgePromise(terms, early, utc, saturdays, std::nullopt).margin_working_days, 3);
  EXPECT_EQ(JudgePromise(terms, late, utc, OfficeWeek(), std::nullopt).margin_working_days, -4);
  EXPECT_EQ(JudgePromise(terms, {}, utc, saturdays, At("2026-01-09T10:00:00Z")).outcome, PromiseOutcome::kPending);
  EXPECT_EQ(JudgePromise(terms, {}, utc, WorkingWeek(), At("2025-01-09T10:00:00Z")).outcome, PromiseOutcome::kDueSoon) << "never works: none is left";
}

TEST(PromiseOutcome, DaysAreTheCustomersAlsoWhereClocksChange) {
  // New York skips an hour on 8 March 2026 and repeats one on 1 November; a due day is whole.
  for (const auto& [due, last, first] : {std::tuple("2026-03-08", "2026-03-09T03:59:59Z", "2026-03-09T04:00:00Z"),
                                         std::tuple("2026-11-01", "2026-11-02T04:59:59Z", "2026-11-02T05:00:00Z")}) {
    EXPECT_EQ(Told(Judge({1, due, {Came(last, 1)}, {}, "America/New_York"})), "kept 0 0") << last;
    EXPECT_EQ(Told(Judge({1, due, {Came(first, 1)}, {}, "America/New_York"})), "late -1 0") << first;
  }
  // The same instant is the 11th in Los Angeles and the 12th in Auckland.
  EXPECT_EQ(Told(Judge({1, "2026-01-11", {Came("2026-01-12T02:00:00Z", 1)}, {}, "America/Los_Angeles"})), "kept 0 0");
  EXPECT_EQ(Told(Judge({1, "2026-01-11", {Came("2026-01-12T02:00:00Z", 1)}, {}, "Pacific/Auckland"})), "late -1 0");
  // Samoa had no 30 December 2011.
  EXPECT_EQ(Told(Judge({1, "2011-12-29", {Came("2011-12-30T10:30:00Z", 1)}, {}, "Pacific/Apia"})), "late -2 0");
}

// --- words
template <class T>
T Of(std::string promise) {
  T said;
  said.promise = PromiseId::Trusted(std::move(promise));
  return said;
}
PromiseRevised To(std::optional<std::string_view> due, std::optional<double> quantity = std::nullopt, bool agreed = true) {
  PromiseRevised said = Of<PromiseRevised>("p");
  if (due) said.due = *ParseDay(*due);
  said.quantity = quantity;
  if (!agreed) said.agreed = false;
  return said;
}

class Telling {
 public:
  Telling& Tell(std::string_view at, Payload data) {
    FoldInto(account_, Happened("c", "e" + std::to_string(++number_), at, std::move(data)));
    return *this;
  }
  std::vector<PromiseWord> Words(std::string_view as_of, const Zone& zone = Place("UTC")) const {
    const PromiseRecord& promise = account_.promises.empty() ? account_.withdrawn_promises.front() : account_.promises.front();
    return JudgeWords(promise, zone, OfficeWeek(), At(as_of));
  }
  // "renegotiated - - | kept 0 0"
  std::string Told(std::string_view as_of) const {
    std::string text;
    for (const PromiseWord& word : Words(as_of)) text += (text.empty() ? "" : " | ") + rapport::Told(word.judged);
    return text;
  }

 private:
  Account account_;
  int number_ = 0;
};

Telling TenBy(std::string_view due) { return Telling().Tell("2026-01-02T09:00:00Z", Promised(due, 10, "p")); }

TEST(PromiseWords, AgreedBeforeItsDayWasOverIsNeitherKeptNorBroken) {
  Telling story = TenBy("2026-01-11").Tell("2026-01-05T09:00:00Z", Kept(4, "p")).Tell("2026-01-11T22:00:00Z", To("2026-01-20"));
  EXPECT_EQ(story.Told("2026-01-11T21:00:00Z"), "due_soon - -6") << "not revised yet";
  EXPECT_EQ(story.Told("2026-01-12T00:00:00Z"), "renegotiated - - | pending - -6");
  story.Tell("2026-01-20T10:00:00Z", Kept(6, "p"));
  EXPECT_EQ(story.Told("2026-02-01T00:00:00Z"), "renegotiated - - | kept 0 0");
  EXPECT_EQ(story.Words("2026-02-01T00:00:00Z")[1].said_by.id, "e3");
}

TEST(PromiseWords, AgreedLaterItStaysAsBrokenAsItWas) {
  EXPECT_EQ(TenBy("2026-01-11").Tell("2026-01-12T00:00:00Z", To("2026-01-20")).Tell("2026-01-15T00:00:00Z", Kept(10, "p")).Told("2026-02-01T00:00:00Z"),
            "overdue - -10 | exceeded 5 0");
  EXPECT_EQ(TenBy("2026-01-11").Tell("2026-01-10T00:00:00Z", Kept(4, "p")).Tell("2026-01-13T00:00:00Z", To("2026-01-20")).Told("2026-01-14T00:00:00Z"),
            "short 1 -6 | pending - -6");
  EXPECT_EQ(TenBy("2026-01-11").Tell("2026-01-12T00:00:00Z", Kept(4, "p")).Tell("2026-01-13T00:00:00Z", To("2026-01-20")).Told("2026-02-01T00:00:00Z"),
            "short_and_late -1 -6 | short 7 -6");
}

TEST(PromiseWords, WhatIsOnlyAnnouncedMovesNothing) {
  const Telling story = TenBy("2026-01-11").Tell("2026-01-05T09:00:00Z", To("2026-01-30", 5, false)).Tell("2026-01-12T09:00:00Z", Kept(10, "p"));
  EXPECT_EQ(story.Told("2026-02-01T00:00:00Z"), "late -1 0");
}

TEST(PromiseWords, OfTwoAtOneInstantTheLaterCounts) {
  const Telling story = TenBy("2026-01-11").Tell("2026-01-05T09:00:00Z", To("2026-01-15")).Tell("2026-01-05T09:00:00Z", To("2026-01-25", 12));
  EXPECT_EQ(story.Told("2026-02-01T00:00:00Z"), "renegotiated - - | renegotiated - - | overdue - -12");
}

TEST(PromiseWords, LessAgreedAfterwardsIsFulfilledWhenItIsAgreed) {
  const Telling story = TenBy("2026-01-11").Tell("2026-01-05T09:00:00Z", Kept(4, "p")).Tell("2026-01-15T09:00:00Z", To("2026-01-20", 4));
  EXPECT_EQ(story.Told("2026-02-01T00:00:00Z"), "short 6 -6 | exceeded 5 0");
  EXPECT_EQ(story.Words("2026-02-01T00:00:00Z")[1].judged.fulfilled_on, Day(2026, 1, 15));
}

TEST(PromiseWords, WithdrawnIsNeitherKeptNorBrokenButAnEarlierWordStays) {
  Telling story = TenBy("2026-01-11").Tell("2026-01-12T00:00:00Z", To("2026-01-20")).Tell("2026-01-15T00:00:00Z", Of<PromiseWithdrawn>("p"));
  EXPECT_EQ(story.Told("2026-01-14T00:00:00Z"), "overdue - -10 | pending - -10");
  EXPECT_EQ(story.Told("2026-02-01T00:00:00Z"), "overdue - -10 | withdrawn - -");
  EXPECT_TRUE(story.Words("2026-01-01T00:00:00Z").empty()) << "not made yet";
}

TEST(PromiseWords, DueBeforeItWasMadeIsJudgedAsItStands) {
  EXPECT_EQ(TenBy("2026-01-01").Told("2026-01-02T10:00:00Z"), "overdue - -10");
  EXPECT_EQ(TenBy("2026-01-01").Tell("2026-01-02T10:00:00Z", Kept(10, "p")).Told("2026-02-01T00:00:00Z"), "late -1 0");
}

TEST(PromiseWords, WhatWasDeliveredBeforeItWasMadeOrInAnotherUnitCountsForNothing) {
  PromiseMade boxes = Promised("2026-01-11", 10, "p");
  boxes.unit = "boxes";
  PromiseDelivered bags = Kept(10, "p");
  bags.unit = "bags";
  const Telling story = Telling().Tell("2026-01-01T00:00:00Z", Kept(10, "p")).Tell("2026-01-02T00:00:00Z", boxes).Tell("2026-01-03T00:00:00Z", bags);
  EXPECT_EQ(story.Told("2026-02-01T00:00:00Z"), "overdue - -10");
}

TEST(PromiseWords, SettleWhenItIsKnownHowTheyEnded) {
  const Telling story = TenBy("2026-01-11").Tell("2026-01-13T00:00:00Z", To("2026-01-20")).Tell("2026-01-15T00:00:00Z", Kept(10, "p"));
  const std::vector<PromiseWord> words = story.Words("2026-02-01T00:00:00Z");
  EXPECT_EQ(words[0].settled_on, Day(2026, 1, 12));
  EXPECT_EQ(words[1].settled_on, Day(2026, 1, 15));
  EXPECT_FALSE(story.Words("2026-01-11T00:00:00Z")[0].settled_on.has_value());
}

// --- a judge that knows days alone: what lay there at the end of each
struct ByDays {
  std::map<Day, double> end_of_day;   // sum at the end of each day with a delivery
  std::map<Day, bool> came;
};

std::string BruteForce(std::optional<int> quantity, std::optional<Day> due, const std::vector<PromiseDelivery>& deliveries, const Zone& zone,
                       const WorkingWeek& week, std::optional<Instant> as_of) {
  ByDays days;
  double sum = 0;
  for (const PromiseDelivery& d : deliveries) {
    if (as_of && d.at > *as_of) continue;
    const double more = d.quantity ? *d.quantity : std::max(quantity.value_or(0) - sum, 0.0);
    sum += more;
    days.end_of_day[zone.LocalDay(d.at)] = sum;
    if (more > 0) days.came[zone.LocalDay(d.at)] = true;
  }
  const auto margins = [&](std::string_view outcome, std::optional<Day> end) {
    return std::string(outcome) + " " + (due && end ? std::to_string(*due - *end) : "-") + " " + (quantity ? CanonicalNumber(sum - *quantity) : "-");
  };
  for (const auto& [day, there] : days.end_of_day) {
    if (quantity && there < *quantity) continue;
    if (due && day > *due) return margins("late", day);
    return margins((due && day < *due) || (quantity && sum > *quantity) ? "exceeded" : "kept", day);
  }
  if (!due) return margins(!as_of && sum > 0 ? "short" : "pending", std::nullopt);
  if (as_of && zone.LocalDay(*as_of) <= *due) {
    int left = 0;
    for (Day day = zone.LocalDay(*as_of) + 1; day <= *due; ++day) left += week.WorksOn(day) ? 1 : 0;
    return margins(left <= 2 ? "due_soon" : "pending", std::nullopt);
  }
  if (days.came.empty()) return margins("overdue", std::nullopt);
  const Day last = days.came.rbegin()->first;
  return margins(last > *due ? "short_and_late" : "short", last);
}

RC_GTEST_PROP(PromiseOutcomeProperty, IsWhatCountingDaysFinds, ()) {
  static const std::string_view kZones[] = {"UTC", "Asia/Tokyo", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"};
  const Zone& zone = Place(kZones[*rc::gen::inRange(0, 5)]);
  WorkingWeek week = OfficeWeek();
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) week.closed.insert(Day(2026, 3, 1) + *rc::gen::inRange(0, 40));
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) week.open[Day(2026, 3, 1) + *rc::gen::inRange(0, 40)] = {{540, 600}};
  const std::optional<int> quantity = *rc::gen::inRange(0, 4) == 0 ? std::nullopt : std::optional(*rc::gen::inRange(1, 12));
  const std::optional<Day> due = *rc::gen::inRange(0, 5) == 0 ? std::nullopt : std::optional(Day(2026, 3, 1) + *rc::gen::inRange(0, 40));
  std::vector<PromiseDelivery> deliveries(static_cast<std::size_t>(*rc::gen::inRange(0, 6)));
  const Instant start = At("2026-02-27T00:00:00Z");
  for (PromiseDelivery& d : deliveries) {
    d.at = start.PlusMinutes(*rc::gen::inRange(0, 44 * 24 * 60));
    if (*rc::gen::inRange(0, 6) != 0) d.quantity = *rc::gen::inRange(0, 9);
  }
  std::sort(deliveries.begin(), deliveries.end(), [](const PromiseDelivery& a, const PromiseDelivery& b) { return a.at < b.at; });
  const std::optional<Instant> as_of = *rc::gen::inRange(0, 3) == 0 ? std::nullopt : std::optional(start.PlusMinutes(*rc::gen::inRange(0, 44 * 24 * 60)));
  const PromiseTerms terms{quantity ? std::optional<double>(*quantity) : std::nullopt, due, std::nullopt};
  const PromiseJudgement judged = JudgePromise(terms, deliveries, zone, week, as_of);
  RC_ASSERT(Told(judged) == BruteForce(quantity, due, deliveries, zone, week, as_of));
  RC_ASSERT(judged.margin_days.has_value() == judged.margin_working_days.has_value());
  if (judged.margin_days.has_value() && judged.margin_working_days != 0) RC_ASSERT((*judged.margin_days > 0) == (*judged.margin_working_days > 0));
}

RC_GTEST_PROP(WorkingDaysProperty, AreThoseCountedOneByOne, ()) {
  WorkingWeek week;
  for (auto& ranges : week.weekly) if (*rc::gen::inRange(0, 3) != 0) ranges = {{540, 1020}};
  const Day start = Day(2026, 1, 1);
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) week.closed.insert(start + *rc::gen::inRange(0, 60));
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) week.open[start + *rc::gen::inRange(0, 60)] = *rc::gen::inRange(0, 2) == 0 ? std::vector<MinuteRange>() : std::vector<MinuteRange>{{0, 60}};
  const Day from = start + *rc::gen::inRange(0, 60), to = from + *rc::gen::inRange(0, 60);
  std::int64_t counted = 0;
  for (Day day = from + 1; day <= to; ++day) counted += week.WorksOn(day) ? 1 : 0;
  RC_ASSERT(week.WorkingDays(from, to) == counted);
  RC_ASSERT(week.WorkingDays(to, from) == -counted);
}

}  // namespace
}  // namespace rapport
