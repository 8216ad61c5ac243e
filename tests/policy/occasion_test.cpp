// Each rule of the default policy by example, in zones that have long days, short days and other days.
#include <gtest/gtest.h>

#include <set>

#include "policy/world.hpp"

namespace rapport::policy_test {
namespace {

std::string Headline(const Decision& decision, Language language = Language::kEnglish) {
  TestTexts texts;
  texts.texts = {{"w1.text", "smell after filter change"}, {"p1.what", "filters"}};
  return Say(decision.headline, language, texts);
}

TEST(Policy_CheckIn, ThreeLocalDaysAfterDeliveryInTheCustomersZone) {
  World world;
  world.Add("c", "u", "2026-02-01T00:00:00Z", Profile("America/New_York"))
      .Add("c", "o1", "2026-02-20T12:00:00Z", Order("softener", 1000))
      .Add("c", "d1", "2026-03-06T04:30:00Z", PurchaseDelivered{});   // 5 March, 23:30 in New York
  EXPECT_FALSE(world.Find("2026-03-08T04:59:59Z", "check-in-after-delivery"));
  const auto decision = world.Find("2026-03-08T05:00:00Z", "check-in-after-delivery");
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->due, At("2026-03-08T05:00:00Z")) << "00:00 before the clocks go forward that day";
  EXPECT_EQ(decision->expires, At("2026-03-16T03:59:59.999999Z")) << "the end of 15 March, in summer time";
  EXPECT_EQ(decision->status, DecisionStatus::kDue);
  EXPECT_EQ(decision->root, (EventKey{"test", "o1"}));
  EXPECT_EQ(Headline(*decision), "delivered 3 days ago, not a word yet");
  EXPECT_EQ(Say(decision->objective), "Ask how it works; nothing to sell.");
  EXPECT_TRUE(world.Find("2026-03-16T03:59:59Z", "check-in-after-delivery"));
  EXPECT_FALSE(world.Find("2026-03-16T04:00:00Z", "check-in-after-delivery")) << "lapsed";
}

TEST(Policy_CheckIn, WithoutADeliveryTheDayIsExpected) {
  World assumed;
  assumed.Add("c", "o1", "2026-03-01T01:00:00Z", Order(std::nullopt, 1000));
  auto decision = assumed.Find("2026-03-08T01:00:00Z", "check-in-after-delivery");
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->due, At("2026-03-06T15:00:00Z")) << "1 March + 3 assumed + 3, at 00:00 in Tokyo";
  EXPECT_EQ(Headline(*decision), "delivery was expected Wed 4 Mar, not a word yet");

  World by_lead;
  by_lead.Add("", "p", "2026-01-01T00:00:00Z", Softener()).Add("c", "o1", "2026-03-01T01:00:00Z", Order("softener", 1000));
  EXPECT_FALSE(by_lead.Find("2026-03-08T14:59:59Z", "check-in-after-delivery"));
  EXPECT_TRUE(by_lead.Find("2026-03-08T15:00:00Z", "check-in-after-delivery")) << "1 March + 5 of the product + 3";

  World agreed;
  PurchasePlaced order = Order("softener", 1000);
  order.expected_delivery = OnDay("2026-03-20");
  agreed.Add("c", "o1", "2026-03-01T01:00:00Z", order);
  EXPECT_FALSE(agreed.Find("2026-03-22T14:00:00Z", "check-in-after-delivery"));
  EXPECT_TRUE(agreed.Find("2026-03-22T15:00:00Z", "check-in-after-delivery"));
}

TEST(Policy_CheckIn, NotAfterAContactNorForWhatCameBack) {
  World world;
  world.Add("c", "o1", "2026-03-01T01:00:00Z", Order(std::nullopt, 1000)).Add("c", "d1", "2026-03-02T01:00:00Z", PurchaseDelivered{});
  EXPECT_TRUE(world.Find("2026-03-06T01:00:00Z", "check-in-after-delivery"));
  World spoken = world;
  spoken.Add("c", "t1", "2026-03-03T01:00:00Z", Reached());
  EXPECT_FALSE(spoken.Find("2026-03-06T01:00:00Z", "check-in-after-delivery"));
  World returned = world;
  returned.Add("c", "r1", "2026-03-04T01:00:00Z", PurchaseReturned{});
  EXPECT_FALSE(returned.Find("2026-03-06T01:00:00Z", "check-in-after-delivery"));
}

TEST(Policy_OpenWorry, AtOnceAndWithItsOwnWords) {
  World world;
  WorryRaised worry;
  worry.contact = ContactId::Trusted("oda");
  worry.text = "never folded";
  world.Add("c", "w1", "2026-02-26T03:17:20Z", worry);
  EXPECT_FALSE(world.Seen("2026-02-26T03:17:19Z")->book->Find(CustomerId::Trusted("c")));
  const auto decision = world.Find("2026-03-02T00:00:00Z", "open-worry");
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->due, At("2026-02-26T03:17:20Z")) << "hours are exact";
  EXPECT_EQ(decision->contact, ContactId::Trusted("oda"));
  EXPECT_TRUE(decision->mandatory);
  EXPECT_EQ(Headline(*decision), "worried since Thu 26 Feb, \"smell after filter change\"");
  EXPECT_EQ(decision->headline.arguments.count("text"), 1u);
  EXPECT_EQ(decision->derivation.Canonical().find("never folded"), std::string::npos);
  world.Add("c", "w2", "2026-03-01T00:00:00Z", WorryResolved{});
  EXPECT_FALSE(world.Find("2026-03-02T00:00:00Z", "open-worry"));
}

TEST(Policy_PromiseDue, TwoWorkingDaysBeforeByTheOwnersWeek) {
  PromiseMade promise;
  promise.quantity = 10;
  promise.unit = "filters";
  promise.due = OnDay("2026-03-04");   // Wednesday
  World world;
  world.Add("c", "p1", "2026-02-10T01:00:00Z", promise);
  EXPECT_FALSE(world.Find("2026-03-01T14:59:59Z", "promise-due"));
  const auto decision = world.Find("2026-03-01T15:00:00Z", "promise-due");
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->due, At("2026-03-01T15:00:00Z")) << "Monday 2 March in Tokyo";
  EXPECT_EQ(Headline(*decision), "promised 10 filters by Wed 4 Mar");

  // An owner who works on Wednesday, Saturday and Sunday alone.
  RepUpserted rep;
  rep.rep = RepId::Trusted("r1");
  rep.calendar = *Json::Parse(R"({"weekly": {"wed": [["09:00","12:00"]], "sat": [["09:00","12:00"]], "sun": [["09:00","12:00"]]}})");
  CustomerUpserted owned = Profile("Asia/Tokyo");
  owned.owner = RepId::Trusted("r1");
  world.Add("", "rep", "2026-01-01T00:00:00Z", rep).Add("c", "u", "2026-01-01T00:00:00Z", owned);
  const auto earlier = world.Find("2026-03-02T00:00:00Z", "promise-due");
  ASSERT_TRUE(earlier);
  EXPECT_EQ(earlier->due, At("2026-02-27T15:00:00Z")) << "Saturday 28 February";
  EXPECT_EQ(earlier->rep, RepId::Trusted("r1"));
}

TEST(Policy_PromiseDue, SaysWhatIsKnown) {
  PromiseMade promise;
  promise.due = OnDay("2026-03-04");
  World plain;
  plain.Add("c", "p1", "2026-02-10T01:00:00Z", promise);
  EXPECT_EQ(Headline(*plain.Find("2026-03-02T00:00:00Z", "promise-due")), "promised \"filters\" by Wed 4 Mar");
  promise.quantity = 2.5;
  World counted;
  counted.Add("c", "p1", "2026-02-10T01:00:00Z", promise);
  EXPECT_EQ(Headline(*counted.Find("2026-03-02T00:00:00Z", "promise-due")), "promised 2.5 of \"filters\" by Wed 4 Mar");
  promise.by = PromiseBy::kCustomer;
  World theirs;
  theirs.Add("c", "p1", "2026-02-10T01:00:00Z", promise);
  EXPECT_FALSE(theirs.Find("2026-03-02T00:00:00Z", "promise-due")) << "their homework is not ours to keep";
  World kept = counted;
  kept.Add("c", "k", "2026-02-20T01:00:00Z", PromiseDelivered{});
  EXPECT_FALSE(kept.Find("2026-03-02T00:00:00Z", "promise-due"));
}

TEST(Policy_ReturnWindow, AWeekBeforeItsLastDay) {
  World world;
  world.Add("", "p", "2026-01-01T00:00:00Z", Softener())
      .Add("c", "o1", "2026-02-18T01:00:00Z", Order("softener", 412000))
      .Add("c", "d1", "2026-02-23T01:00:00Z", PurchaseDelivered{});
  EXPECT_FALSE(world.Find("2026-03-01T14:59:59Z", "return-window-closing"));
  const auto decision = world.Find("2026-03-02T00:00:00Z", "return-window-closing");
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->due, At("2026-03-01T15:00:00Z"));
  EXPECT_EQ(decision->expires, At("2026-03-09T14:59:59.999999Z")) << "the end of the window's last day";
  EXPECT_EQ(Headline(*decision) + ". " + Say(decision->objective),
            "delivered 7 days ago, not a word; return ends 9 Mar (JPY 412,000). Ask only \"any problem?\"");
  EXPECT_EQ(decision->value, Yen(41200));
  World spoken = world;
  spoken.Add("c", "t", "2026-02-25T00:00:00Z", Reached());
  EXPECT_FALSE(spoken.Find("2026-03-02T00:00:00Z", "return-window-closing"));
}

TEST(Policy_LargeAccount, WhenNobodyWasThereForFortyDaysAndAgainEveryForty) {
  World world;
  world.Add("c", "u", "2025-12-01T00:00:00Z", Profile("Asia/Tokyo", true)).Add("c", "t1", "2026-01-20T03:00:00Z", Reached());
  EXPECT_FALSE(world.Find("2026-02-28T14:59:59Z", "large-account-not-seen"));
  const auto decision = world.Find("2026-03-02T00:00:00Z", "large-account-not-seen");
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->due, At("2026-02-28T15:00:00Z")) << "1 March, the fortieth day";
  EXPECT_EQ(Headline(*decision), "large, nobody there for 41 days");
  EXPECT_EQ(decision->channel, Channel::kVisit);
  EXPECT_EQ(decision->root, (EventKey{"test", "t1"}));
  EXPECT_EQ(decision->step, "1");
  EXPECT_FALSE(world.Find("2026-04-05T00:00:00Z", "large-account-not-seen")) << "lapsed after 30 days";
  const auto again = world.Find("2026-04-10T00:00:00Z", "large-account-not-seen");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->step, "2");
  EXPECT_EQ(again->due, At("2026-04-09T15:00:00Z"));
  EXPECT_NE(again->followup, decision->followup);

  World small;
  small.Add("c", "u", "2025-12-01T00:00:00Z", Profile("Asia/Tokyo")).Add("c", "t1", "2026-01-20T03:00:00Z", Reached());
  EXPECT_FALSE(small.Find("2026-03-02T00:00:00Z", "large-account-not-seen"));
}

TEST(Policy_LongSilence, AgainstTheCustomersOwnRhythm) {
  World world;
  world.Add("c", "o1", "2025-08-18T01:00:00Z", Order(std::nullopt, 1000))
      .Add("c", "o2", "2025-09-29T01:00:00Z", Order(std::nullopt, 1000))
      .Add("c", "o3", "2025-11-24T01:00:00Z", Order(std::nullopt, 4000));   // 42 and 56 days: a rhythm of 49
  EXPECT_FALSE(world.Find("2026-03-01T14:59:59Z", "long-silence"));
  const auto decision = world.Find("2026-03-02T00:00:00Z", "long-silence");
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->due, At("2026-03-01T15:00:00Z")) << "98 days after 24 November";
  EXPECT_EQ(decision->root, (EventKey{"test", "o3"}));
  EXPECT_EQ(Headline(*decision) + ". " + Say(decision->objective),
            "ordered every 7 weeks, silent for 14. Ask how it runs; no offer.");
  EXPECT_EQ(decision->value, Yen(1)) << "without a model, the rule's own value";
  World spoken = world;
  spoken.Add("c", "t", "2026-02-25T00:00:00Z", Reached());
  EXPECT_FALSE(spoken.Find("2026-03-02T00:00:00Z", "long-silence"));
  World other = world;
  other.Add("c", "t", "2026-01-25T00:00:00Z", Reached());
  EXPECT_TRUE(other.Find("2026-03-02T00:00:00Z", "long-silence"));
}

TEST(Policy_LongSilence, ShortRhythmsAreToldInDays) {
  World world;
  for (int i = 0; i < 5; ++i) {
    world.Add("c", "o" + std::to_string(i), "2026-02-0" + std::to_string(1 + 2 * i) + "T01:00:00Z", Order(std::nullopt, 100));
  }
  const auto decision = world.Find("2026-02-14T01:00:00Z", "long-silence");
  ASSERT_TRUE(decision);
  EXPECT_EQ(Headline(*decision), "ordered every 2 days, silent for 5");
}

TEST(Policy_KeepInSight, NobodyIsForgotten) {
  World world;
  world.Add("c", "u", "2025-01-01T00:00:00Z", Profile("Asia/Tokyo"));
  const auto decision = world.Find("2025-07-01T00:00:00Z", "keep-in-sight");
  ASSERT_TRUE(decision);
  EXPECT_EQ(Headline(*decision), "nobody in touch for 181 days");
  EXPECT_EQ(decision->root, (EventKey{"test", "u"}));
}

TEST(Policy_Occasion, AnIdSurvivesAnythingButItsCause) {
  const EventKey root{"test", "o1"};
  const CustomerId c = CustomerId::Trusted("c");
  const FollowUpId id = FollowUpIdOf("r", "1", c, ContactId(), root);
  EXPECT_EQ(id.text().size(), 32u);
  EXPECT_EQ(id.text().front(), 'f');
  EXPECT_EQ(id.text().find_first_not_of("f0123456789abcde"), std::string::npos);
  EXPECT_EQ(id, FollowUpIdOf("r", "1", c, ContactId(), root));
  EXPECT_NE(id, FollowUpIdOf("r", "2", c, ContactId(), root));
  EXPECT_NE(id, FollowUpIdOf("s", "1", c, ContactId(), root));
  EXPECT_NE(id, FollowUpIdOf("r", "1", c, ContactId::Trusted("x"), root));
  EXPECT_NE(id, FollowUpIdOf("r", "1", c, ContactId(), {"test", "o2"}));
  EXPECT_NE(id, FollowUpIdOf("r", "1", CustomerId::Trusted("d"), ContactId(), root));
  EXPECT_NE(FollowUpIdOf("r1", "1", c, ContactId(), root), FollowUpIdOf("r", "11", c, ContactId(), root));
}

TEST(Policy_Occasion, GoLiveCountsWhatFellDueBeforeAndKeepsWhatIsOwed) {
  World world;
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [
    {"name": "thanks", "purpose": "care", "priority": 8, "trigger": {"event": "touch", "offset": {"hours": 0}},
     "action": {"channel": "letter", "minutes": 5, "headline": "after-contact", "objective": "thank"}, "expires": {"days": 9}},
    {"name": "worry", "purpose": "care", "priority": 7, "trigger": {"event": "worry.raised"},
     "action": {"channel": "call", "minutes": 5, "headline": "worry", "objective": "worry.listen"}, "expires": {"days": 400}}]})"));
  BookConfigured live;
  live.go_live = OnDay("2026-03-02");
  world.Add("", "live", "2026-01-01T00:00:00Z", live)
      .Add("c", "old", "2025-06-01T00:00:00Z", WorryRaised{})
      .Add("c", "t1", "2026-03-01T14:59:59Z", Touch{})
      .Add("c", "t2", "2026-03-01T15:00:00Z", Touch{});
  const AccountDecisions decided = world.Decide("2026-03-02T00:00:00Z");
  std::vector<std::string> roots;
  for (const Decision& decision : decided.decisions) roots.push_back(decision.root.id);
  EXPECT_EQ(roots, (std::vector<std::string>{"t2", "old"})) << "2 March begins at 15:00 UTC in Tokyo; an open worry is owed however old";
  EXPECT_EQ(decided.backlog, (std::map<std::string, std::int64_t>{{"thanks", 1}}));
}

// 1 at 00:00 of New Year, half of it gone in 75 days: below 0.8 after 24.1 of them.
TEST(Policy_Occasion, TrustFadesOnADayAndAContactTooSmallToBringItBackIsNoNewCause) {
  World world;
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "fading", "rules": [
    {"name": "fades", "purpose": "care", "priority": 30, "trigger": {"signal": "relationship.trust", "crosses_below": 0.8},
     "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}, "expires": {"days": 90}}]})"));
  Touch visit = Reached();
  visit.channel = Channel::kVisit;
  Touch mail = Reached();
  mail.channel = Channel::kMail;
  mail.disposition = std::nullopt;
  world.Add("c", "u", "2025-12-01T00:00:00Z", Profile("UTC")).Add("c", "v1", "2026-01-01T00:00:00Z", visit);
  EXPECT_FALSE(world.Find("2026-01-25T23:59:59Z", "fades"));
  const auto found = world.Find("2026-01-26T00:00:00Z", "fades");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->due, At("2026-01-26T00:00:00Z"));
  EXPECT_EQ(found->root, (EventKey{"test", "v1"}));
  world.Add("c", "m1", "2026-02-20T09:00:00Z", mail);
  const auto after = world.Find("2026-02-25T00:00:00Z", "fades");
  ASSERT_TRUE(after);
  EXPECT_EQ(after->followup, found->followup);
  EXPECT_EQ(after->due, found->due);
  world.Add("c", "v2", "2026-02-26T09:00:00Z", visit);
  EXPECT_FALSE(world.Find("2026-02-27T00:00:00Z", "fades")) << "brought back";
}

// Six visits and four orders make a standing buyer. Without a word standing is lost in March, reliance in April, trust in June: three rows of one cause.
TEST(Policy_Occasion, EachRungThatOneContactCostsIsAnOccasionOfItsOwn) {
  for (const bool repeats : {false, true}) {
    World world;
    world.Use(MustParse(std::string(R"({"rapport_policy": 1, "name": "slipping", "rules": [
      {"name": "falls", "purpose": "care", "priority": 30, "trigger": {"signal": "relationship.days_to_fall", "crosses_below": 14)") +
                        (repeats ? R"(, "repeat": {"days": 5})" : "") + R"(},
       "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}, "expires": {"days": 4}}]})"));
    Touch visit = Reached();
    visit.channel = Channel::kVisit;
    world.Add("c", "u", "2025-12-01T00:00:00Z", Profile("UTC"));
    for (int i = 1; i <= 6; ++i) world.Add("c", "v" + std::to_string(i), "2026-01-0" + std::to_string(i) + "T09:00:00Z", visit);
    for (int i = 1; i <= 4; ++i) world.Add("c", "o" + std::to_string(i), "2026-01-05T0" + std::to_string(i) + ":00:00Z", Order(std::nullopt, 10));
    std::set<std::string> steps;
    std::set<std::string> told;
    int days_found = 0;
    for (Day day(2026, 1, 10); day < Day(2026, 12, 1); day = day + 1) {
      const auto found = world.Find(FormatDay(day) + "T12:00:00Z", "falls");
      if (!found) continue;
      ++days_found;
      EXPECT_EQ(found->root, (EventKey{"test", "v6"})) << FormatDay(day);
      steps.insert(found->step);
      told.insert(found->followup.text());
    }
    EXPECT_EQ(steps.size(), told.size());
    EXPECT_GT(days_found, 15);
    if (repeats) {
      EXPECT_TRUE(steps.contains("1") && steps.contains("2") && steps.contains("3")) << "within the first";
      EXPECT_TRUE(steps.contains("2.1") && steps.contains("2.2") && steps.contains("4.1"));
    } else {
      EXPECT_EQ(steps, (std::set<std::string>{"1", "2", "3", "4"})) << "standing, reliance, trust, recognised";
    }
  }
}

TEST(Policy_Occasion, OtherTriggersWorkToo) {
  World world;
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [
    {"name": "back", "purpose": "sell", "priority": 9, "trigger": {"event": "refusal", "anchor": "come_back"},
     "action": {"channel": "visit", "minutes": 30, "headline": "come-back", "objective": "sell.offer"}, "expires": {"days": 3}},
    {"name": "thanks", "purpose": "care", "priority": 8, "trigger": {"event": "purchase.delivered", "offset": {"hours": 48}},
     "action": {"channel": "letter", "minutes": 5, "headline": "order", "objective": "thank"}, "expires": {"hours": 24}},
    {"name": "again", "purpose": "care", "priority": 7, "trigger": {"event": "touch", "offset": {"working_days": 5}},
     "action": {"channel": "mail", "minutes": 5, "headline": "after-contact", "objective": "thank"}, "expires": {"days": 3}},
    {"name": "many", "purpose": "care", "priority": 6, "trigger": {"signal": "purchase.count", "crosses_above": 2},
     "action": {"channel": "call", "minutes": 5, "headline": "keep-in-sight", "objective": "thank"}, "expires": {"days": 30}}]})"));
  Refusal refusal;
  refusal.come_back = OnDay("2026-03-10");
  world.Add("c", "x1", "2026-03-01T01:00:00Z", refusal)
      .Add("c", "t1", "2026-03-03T01:00:00Z", Reached())
      .Add("c", "o1", "2026-03-06T01:00:00Z", Order(std::nullopt, 10))
      .Add("c", "o2", "2026-03-07T01:00:00Z", Order(std::nullopt, 10))
      .Add("c", "d1", "2026-03-08T05:06:07Z", PurchaseDelivered{});
  const auto back = world.Find("2026-03-10T06:00:00Z", "back");
  ASSERT_TRUE(back);
  EXPECT_EQ(Headline(*back), "asked us to come back on Tue 10 Mar");
  const auto thanks = world.Find("2026-03-10T06:00:00Z", "thanks");
  ASSERT_TRUE(thanks);
  EXPECT_EQ(thanks->due, At("2026-03-10T05:06:07Z"));
  EXPECT_EQ(thanks->expires, At("2026-03-11T05:06:07Z"));
  EXPECT_EQ(thanks->root.id, "d1");
  const auto again = world.Find("2026-03-10T06:00:00Z", "again");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->due, At("2026-03-09T15:00:00Z")) << "Tuesday 3 March + 5 working days";
  const auto many = world.Find("2026-03-10T06:00:00Z", "many");
  ASSERT_TRUE(many);
  EXPECT_EQ(many->root.id, "o2");
  EXPECT_EQ(many->due, At("2026-03-06T15:00:00Z"));
}

// Two promises broken; the third day of checks finds both, another promise starts the row anew, and what was found stays found till then.
TEST(Policy_Checked, APolledSignalIsFoundBeyondOnItsDatesAlone) {
  World world;
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [
    {"name": "broken", "purpose": "care", "priority": 9, "trigger": {"signal": "promise.overdue", "crosses_above": 2, "check": "FREQ=WEEKLY;BYDAY=MO,TH"},
     "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}, "expires": {"days": 30}}]})"));
  PromiseMade first, second;
  first.due = OnDay("2026-03-03");
  second.due = OnDay("2026-03-06");   // a Friday
  world.Add("c", "p1", "2026-03-01T01:00:00Z", first).Add("c", "p2", "2026-03-02T01:00:00Z", second);
  EXPECT_FALSE(world.Find("2026-03-05T06:00:00Z", "broken")) << "Thursday: one only";
  EXPECT_FALSE(world.Find("2026-03-08T14:59:59Z", "broken")) << "both since Saturday, but nobody looked";
  const auto found = world.Find("2026-03-08T15:00:00Z", "broken");
  ASSERT_TRUE(found) << "Monday in Tokyo";
  EXPECT_EQ(found->due, At("2026-03-08T15:00:00Z"));
  EXPECT_EQ(found->root.id, "p2");
  const auto later = world.Find("2026-03-17T01:00:00Z", "broken");
  ASSERT_TRUE(later);
  EXPECT_EQ(later->due, found->due) << "found again at each look: one row";
  EXPECT_EQ(later->followup, found->followup);
  const Json* trigger = later->derivation.Find("trigger");
  EXPECT_EQ(*trigger->Find("check"), Json("FREQ=WEEKLY;BYDAY=MO,TH"));
  EXPECT_EQ(*trigger->Find("checked_on"), Json("2026-03-16"));
  EXPECT_EQ(trigger->Find("actual")->if_integer(), 2);

  World kept = world;
  kept.Add("c", "k1", "2026-03-18T01:00:00Z", PromiseDelivered{});
  EXPECT_FALSE(kept.Find("2026-03-20T01:00:00Z", "broken"));
}

}  // namespace
}  // namespace rapport::policy_test
