#include <gtest/gtest.h>

#include "policy/world.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport::policy_test {
namespace {

WorryRaised Worry(const char* id) {
  WorryRaised worry;
  worry.worry = WorryId::Trusted(id);
  return worry;
}
WorryResolved Cured(const char* id) {
  WorryResolved resolved;
  resolved.worry = WorryId::Trusted(id);
  return resolved;
}
// A delivered order: on 2 March its return window is closing.
World Delivered() {
  World world;
  world.Add("", "p", "2026-01-01T00:00:00Z", Softener())
      .Add("c", "o1", "2026-02-18T01:00:00Z", Order("softener", 412000))
      .Add("c", "d1", "2026-02-23T01:00:00Z", PurchaseDelivered{});
  return world;
}

TEST(Policy_Tick, IssuesOnceAndSaysEverything) {
  World world = Delivered();
  const std::vector<Event> first = world.Tick("2026-03-02T00:00:00Z");
  const auto issued = All<FollowUpIssued>(first);
  ASSERT_EQ(issued.size(), 1u) << "one call a delivery: the window, and no check-in beside it";
  for (const Event& event : first) {
    EXPECT_EQ(event.key.source, "rapport");
    EXPECT_EQ(event.occurred.at, At("2026-03-02T00:00:00Z"));
    EXPECT_EQ(event.occurred.offset_minutes, 0);
    EXPECT_EQ(event.recorded, event.occurred.at);
    EXPECT_EQ(event.claimed, event.occurred.at);
    EXPECT_EQ(event.key.id, event.As<FollowUpIssued>()->followup.text() + "/issued/1");
  }
  const FollowUpIssued* window = issued.front();
  EXPECT_EQ(window->rule, "return-window-closing");
  EXPECT_EQ(window->revision, 1);
  EXPECT_EQ(window->root_id, "o1");
  EXPECT_EQ(window->policy, SevenRules().id());
  EXPECT_EQ(window->zone_rules, ZoneRules::Bundled().version());
  EXPECT_EQ(window->propensity, 1.0);
  EXPECT_TRUE(window->mandatory);
  EXPECT_TRUE(Sentence::FromJson(window->headline).ok());
  EXPECT_EQ(*window->derivation.Find("seed"), Json("7"));
  EXPECT_EQ(*window->derivation.Find("zone"), Json("Asia/Tokyo"));
  EXPECT_TRUE(world.Tick("2026-03-02T00:00:00Z").empty()) << "the same tick again";
  EXPECT_TRUE(world.Tick("2026-03-02T05:00:00Z").empty()) << "a later one the same day";
  EXPECT_TRUE(All<FollowUpIssued>(world.Tick("2026-03-03T00:00:00Z")).empty()) << "counting days is no news";
}

TEST(Policy_Tick, WhatItMakesTheLedgerTakes) {
  World world = Delivered();
  std::vector<Event> events = world.Tick("2026-03-02T00:00:00Z");
  world.Add("c", "t1", "2026-03-02T03:00:00Z", Reached());
  const std::vector<Event> closing = world.Tick("2026-03-02T04:00:00Z");
  events.insert(events.end(), closing.begin(), closing.end());
  ASSERT_EQ(events.size(), 2u);
  DecodeOptions own;
  own.own_events = true;
  for (const Event& event : events) {
    EXPECT_TRUE(CheckEvent(event).ok()) << CheckEvent(event);
    const auto read = DecodeEvent(EncodeEvent(event), own, "test");
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(FactsDigest(*read), FactsDigest(event));
  }
}

TEST(Policy_Tick, WithdrawsWhatIsResolved) {
  World world;
  world.Add("c", "w1", "2026-03-01T01:00:00Z", Worry("w1")).Add("c", "w2", "2026-03-01T02:00:00Z", Worry("w2"));
  ASSERT_EQ(All<FollowUpIssued>(world.Tick("2026-03-02T00:00:00Z")).size(), 2u);
  world.Add("c", "x", "2026-03-02T03:00:00Z", Cured("w1"));
  const std::vector<Event> events = world.Tick("2026-03-02T04:00:00Z");
  const auto withdrawn = All<FollowUpWithdrawn>(events);
  ASSERT_EQ(events.size(), 1u);
  ASSERT_EQ(withdrawn.size(), 1u);
  EXPECT_EQ(withdrawn[0]->cause, "resolved");
  EXPECT_EQ(Say(*Sentence::FromJson(withdrawn[0]->because)), "the worry is settled");
  EXPECT_EQ(events[0].key.id, withdrawn[0]->followup.text() + "/withdrawn");
  EXPECT_TRUE(world.Tick("2026-03-02T05:00:00Z").empty());
}

TEST(Policy_Tick, WithdrawsWhenConditionsNoLongerHoldAndOpensAgainWhenTheyDo) {
  World world = Delivered();
  world.Tick("2026-03-02T00:00:00Z");
  world.Add("c", "t1", "2026-03-02T03:00:00Z", Reached());
  const std::vector<Event> events = world.Tick("2026-03-02T04:00:00Z");
  const auto withdrawn = All<FollowUpWithdrawn>(events);
  ASSERT_EQ(withdrawn.size(), 1u);
  EXPECT_EQ(withdrawn[0]->cause, "conditions");
  EXPECT_EQ(Say(*Sentence::FromJson(withdrawn[0]->because)), "no longer called for; contacts since the delivery: 1");
  // A second delivery of the order moves the window: it is called for again, as the same follow-up.
  world.Add("c", "d2", "2026-03-02T06:00:00Z", PurchaseDelivered{OrderId::Trusted("o1")});
  const std::vector<Event> again = world.Tick("2026-03-10T00:00:00Z");
  const auto issued = All<FollowUpIssued>(again);
  ASSERT_EQ(issued.size(), 1u);
  EXPECT_EQ(issued[0]->followup, withdrawn[0]->followup);
  EXPECT_EQ(issued[0]->revision, 2);
  world.Add("c", "t2", "2026-03-10T03:00:00Z", Reached());
  const std::vector<Event> over = world.Tick("2026-03-10T04:00:00Z");
  ASSERT_EQ(All<FollowUpWithdrawn>(over).size(), 1u);
  EXPECT_EQ(over[0].key.id, withdrawn[0]->followup.text() + "/withdrawn/2");
  EXPECT_TRUE(world.Tick("2026-03-10T04:00:00Z").empty());
}

TEST(Policy_Tick, ExpiresWhatIsTooLate) {
  World world = Delivered();
  world.Tick("2026-03-02T00:00:00Z");
  EXPECT_TRUE(world.Tick("2026-03-09T14:59:59Z").empty()) << "the last second of the last day";
  const std::vector<Event> events = world.Tick("2026-03-09T15:00:00Z");
  ASSERT_EQ(All<FollowUpExpired>(events).size(), 1u);
  EXPECT_EQ(events[0].key.id, All<FollowUpExpired>(events)[0]->followup.text() + "/expired");
  EXPECT_TRUE(world.Tick("2026-03-09T15:00:00Z").empty());
}

TEST(Policy_Tick, WithdrawsWhereContactIsForbidden) {
  World world;
  world.Add("c", "w1", "2026-03-01T01:00:00Z", Worry("w1"));
  world.Tick("2026-03-02T00:00:00Z");
  World stopped = world;
  stopped.Add("c", "s", "2026-03-02T02:00:00Z", DoNotContactSet{});
  auto withdrawn = stopped.Tick("2026-03-02T03:00:00Z");
  ASSERT_EQ(All<FollowUpWithdrawn>(withdrawn).size(), 1u);
  EXPECT_EQ(All<FollowUpWithdrawn>(withdrawn)[0]->cause, "permission");

  World refused = world;   // 60 quiet days end after the follow-up does
  refused.Use(OfficeProfile());
  Touch touch;
  touch.disposition = Disposition::kRefusedContact;
  refused.Add("c", "t", "2026-03-02T02:00:00Z", touch);
  withdrawn = refused.Tick("2026-03-02T03:00:00Z");
  ASSERT_EQ(All<FollowUpWithdrawn>(withdrawn).size(), 1u);
  EXPECT_EQ(Say(*Sentence::FromJson(All<FollowUpWithdrawn>(withdrawn)[0]->because)),
            "contact is not possible in time: quiet days after a refusal");
}

TEST(Policy_Tick, RevisesOnlyWhatARepSees) {
  World world;
  world.Use(OfficeProfile());
  CustomerUpserted owned = Profile("Asia/Tokyo");
  owned.owner = RepId::Trusted("r1");
  world.Add("c", "u", "2026-01-01T00:00:00Z", owned).Add("c", "w1", "2026-03-06T01:00:00Z", Worry("w1"));
  ASSERT_EQ(All<FollowUpIssued>(world.Tick("2026-03-06T02:00:00Z")).size(), 1u);   // Friday 11:00
  EXPECT_TRUE(world.Tick("2026-03-06T12:00:00Z").empty()) << "Friday night";
  EXPECT_TRUE(world.Tick("2026-03-07T02:00:00Z").empty()) << "Saturday: hours pass by themselves";
  EXPECT_EQ(world.Find("2026-03-07T02:00:00Z", "open-worry")->status, DecisionStatus::kHeld);
  EXPECT_EQ(world.Find("2026-03-07T02:00:00Z", "open-worry")->not_before, At("2026-03-09T00:00:00Z"));
  EXPECT_TRUE(world.Tick("2026-03-09T00:00:00Z").empty());

  OwnerAssigned to;
  to.owner = RepId::Trusted("r2");
  world.Add("c", "own", "2026-03-09T01:00:00Z", to);
  std::vector<Event> events = world.Tick("2026-03-09T02:00:00Z");
  auto issued = All<FollowUpIssued>(events);
  ASSERT_EQ(issued.size(), 1u);
  EXPECT_EQ(issued[0]->revision, 2);
  EXPECT_EQ(issued[0]->rep, RepId::Trusted("r2"));
  EXPECT_EQ(events[0].key.id, issued[0]->followup.text() + "/issued/2");
  EXPECT_TRUE(world.Tick("2026-03-09T02:00:00Z").empty());

  ContactUpserted contact;
  contact.contact = ContactId::Trusted("oda");
  world.Add("c", "k", "2026-03-09T03:00:00Z", contact);
  issued = All<FollowUpIssued>(events = world.Tick("2026-03-09T04:00:00Z"));
  ASSERT_EQ(issued.size(), 1u);
  EXPECT_EQ(issued[0]->revision, 3);
  EXPECT_EQ(issued[0]->contact, ContactId::Trusted("oda"));
}

TEST(Policy_Tick, ADueDayThatMovesIsARevisionNotAnEnd) {
  World world;
  world.Add("c", "o1", "2026-03-01T01:00:00Z", Order(std::nullopt, 1000));
  ASSERT_EQ(All<FollowUpIssued>(world.Tick("2026-03-07T00:00:00Z")).size(), 1u);
  world.Add("c", "d1", "2026-03-07T05:00:00Z", PurchaseDelivered{});   // later than assumed
  const std::vector<Event> events = world.Tick("2026-03-07T06:00:00Z");
  const auto issued = All<FollowUpIssued>(events);
  ASSERT_EQ(events.size(), 1u);
  ASSERT_EQ(issued.size(), 1u);
  EXPECT_EQ(issued[0]->revision, 2);
  EXPECT_EQ(issued[0]->due, At("2026-03-09T15:00:00Z"));
  EXPECT_TRUE(world.Tick("2026-03-08T06:00:00Z").empty());
  EXPECT_EQ(world.Find("2026-03-08T06:00:00Z", "check-in-after-delivery")->status, DecisionStatus::kHeld);
  EXPECT_EQ(world.Find("2026-03-10T06:00:00Z", "check-in-after-delivery")->status, DecisionStatus::kDue);
}

TEST(Policy_Tick, PeopleKeepThePolicyTheyEntered) {
  World world;
  world.Add("c", "w1", "2026-03-01T01:00:00Z", Worry("w1"));
  world.Tick("2026-03-02T00:00:00Z");
  const std::string old = SevenRules().id();
  const Policy changed = MustParse(R"({"rapport_policy": 1, "name": "q", "rules": [
    {"name": "open-worry", "purpose": "care", "priority": 1, "trigger": {"event": "worry.raised"},
     "action": {"channel": "mail", "minutes": 30, "headline": "worry", "objective": "worry.listen"}, "expires": {"days": 30}}]})");
  world.Use(changed);
  EXPECT_TRUE(world.Tick("2026-03-02T01:00:00Z").empty());
  const auto decision = world.Find("2026-03-02T01:00:00Z", "open-worry");
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->policy, old);
  EXPECT_EQ(decision->channel, Channel::kCall);
  EXPECT_TRUE(decision->open);
  world.Add("c", "w2", "2026-03-02T02:00:00Z", Worry("w2"));
  const std::vector<Event> events = world.Tick("2026-03-02T03:00:00Z");
  ASSERT_EQ(All<FollowUpIssued>(events).size(), 1u);
  EXPECT_EQ(All<FollowUpIssued>(events)[0]->policy, changed.id());
  world.Forget(old);
  const std::vector<Event> gone = world.Tick("2026-03-02T04:00:00Z");
  ASSERT_EQ(All<FollowUpWithdrawn>(gone).size(), 1u);
  EXPECT_EQ(All<FollowUpWithdrawn>(gone)[0]->cause, "policy");
}

TEST(Policy_Tick, ACheckInGivesWayToTheClosingWindow) {
  World world = Delivered();
  ASSERT_EQ(All<FollowUpIssued>(world.Tick("2026-02-26T00:00:00Z")).size(), 1u);
  const std::vector<Event> events = world.Tick("2026-03-02T00:00:00Z");
  ASSERT_EQ(events.size(), 2u);
  ASSERT_EQ(All<FollowUpIssued>(events).size(), 1u);
  EXPECT_EQ(All<FollowUpIssued>(events)[0]->rule, "return-window-closing");
  ASSERT_EQ(All<FollowUpWithdrawn>(events).size(), 1u);
  EXPECT_EQ(Say(*Sentence::FromJson(All<FollowUpWithdrawn>(events)[0]->because)), "no longer called for; days left to return: 7");
}

TEST(Policy_Admission, OneADayGoesToTheMostUrgentAndOpenOnesKeepTheirPlace) {
  World world = Delivered();
  world.Use(OneADay()).Add("c", "w1", "2026-03-01T01:00:00Z", Worry("w1"));
  const AccountDecisions decided = world.Decide("2026-03-02T00:00:00Z");
  ASSERT_EQ(RulesOf(decided), (std::vector<std::string>{"open-worry", "return-window-closing"}));
  EXPECT_EQ(decided.decisions[0].status, DecisionStatus::kDue);
  EXPECT_EQ(decided.decisions[1].status, DecisionStatus::kHeld);
  EXPECT_EQ(decided.decisions[1].holds.front().reason, HoldReason::kFrequencyCap);
  EXPECT_EQ(decided.decisions[1].held_until, At("2026-03-02T15:00:00Z"));
  ASSERT_EQ(All<FollowUpIssued>(world.Tick("2026-03-02T00:00:00Z")).size(), 1u);

  PromiseMade promise;
  promise.due = OnDay("2026-03-03");
  world.Add("c", "p1", "2026-03-02T02:00:00Z", promise);
  const AccountDecisions later = world.Decide("2026-03-02T03:00:00Z");
  ASSERT_EQ(RulesOf(later), (std::vector<std::string>{"open-worry", "promise-due", "return-window-closing"}));
  EXPECT_TRUE(later.decisions[0].open);
  EXPECT_EQ(later.decisions[0].status, DecisionStatus::kDue);
  EXPECT_EQ(later.decisions[1].status, DecisionStatus::kHeld) << "an open follow-up counts until it is closed";
  EXPECT_TRUE(world.Tick("2026-03-02T03:00:00Z").empty());

  world.Add("c", "done", "2026-03-02T04:00:00Z", FollowUpDone{later.decisions[0].followup, std::nullopt, std::nullopt});
  const std::vector<Event> events = world.Tick("2026-03-02T05:00:00Z");
  ASSERT_EQ(All<FollowUpIssued>(events).size(), 1u) << "its place is free again";
  EXPECT_EQ(All<FollowUpIssued>(events)[0]->rule, "promise-due");
}

TEST(Policy_Admission, EqualUrgencyGoesByDueThenId) {
  World world;
  world.Use(OneADay());
  world.Add("c", "w2", "2026-03-01T01:00:00Z", Worry("w2")).Add("c", "w1", "2026-03-01T02:00:00Z", Worry("w1"));
  const AccountDecisions decided = world.Decide("2026-03-02T00:00:00Z");
  ASSERT_EQ(decided.decisions.size(), 2u);
  EXPECT_EQ(decided.decisions[0].root.id, "w2");
  EXPECT_EQ(decided.decisions[1].status, DecisionStatus::kHeld);
}

TEST(Policy_Hold, MsUenoWouldNotTakeOurCall) {
  World world;
  world.Use(OfficeProfile());
  ContactUpserted ueno;
  ueno.contact = ContactId::Trusted("ueno");
  Touch refused;
  refused.contact = ContactId::Trusted("ueno");
  refused.disposition = Disposition::kRefusedContact;
  world.Add("c", "k", "2025-06-01T00:00:00Z", ueno)
      .Add("c", "o1", "2025-08-18T01:00:00Z", Order(std::nullopt, 1000))
      .Add("c", "o2", "2025-09-29T01:00:00Z", Order(std::nullopt, 1000))
      .Add("c", "o3", "2025-11-10T01:00:00Z", Order(std::nullopt, 1000))
      .Add("c", "t1", "2026-02-09T02:00:00Z", refused);
  const auto decision = world.Find("2026-03-01T15:00:00Z", "long-silence");
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->status, DecisionStatus::kHeld);
  ASSERT_FALSE(decision->holds.empty());
  EXPECT_EQ(decision->holds.front().reason, HoldReason::kCoolOff) << "the reason that lasts longest is told";
  EXPECT_EQ(decision->holds.front().evidence, (std::vector<EventKey>{{"test", "t1"}}));
  EXPECT_EQ(decision->held_until, At("2026-04-13T00:00:00Z"));
  const Zone& tokyo = **ZoneRules::Bundled().Find("Asia/Tokyo");
  const auto said = HoldSentence(*decision, tokyo, Language::kEnglish, TestTexts());
  ASSERT_TRUE(said.ok()) << said.status();
  EXPECT_EQ(*said, "would not take our call on 9 Feb (refused contact); 60 quiet days, then a weekend: Mon 13 Apr 09:00");
  for (const Language language : {Language::kJapanese, Language::kKorean, Language::kChinese}) {
    const auto other = HoldSentence(*decision, tokyo, language, TestTexts());
    ASSERT_TRUE(other.ok()) << other.status();
    EXPECT_LE(DisplayWidth(*other), 110) << *other;
    EXPECT_EQ(other->find("…"), std::string::npos) << *other;
  }
  EXPECT_TRUE(world.Tick("2026-03-01T15:00:00Z").empty()) << "what is held is not issued";
}

TEST(Policy_Hold, WhatCanOnlyBeAllowedTooLateIsShownAndNotIssued) {
  World world;
  world.Use(ProfileOf(R"({"rapport_permission": 1, "name": "m", "windows": {"any": {"mon": [["09:00","10:00"]]}}})"));
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [{"name": "a", "purpose": "care", "priority": 1,
      "trigger": {"event": "worry.raised"}, "action": {"channel": "call", "minutes": 5, "headline": "worry", "objective": "worry.listen"},
      "expires": {"days": 1}}]})"));
  world.Add("c", "w1", "2026-03-04T01:00:00Z", Worry("w1"));
  const AccountDecisions decided = world.Decide("2026-03-04T02:00:00Z");
  ASSERT_EQ(decided.decisions.size(), 1u);
  EXPECT_EQ(decided.decisions[0].status, DecisionStatus::kHeld);
  EXPECT_GT(*decided.decisions[0].held_until, decided.decisions[0].expires);
  EXPECT_TRUE(world.Tick("2026-03-04T02:00:00Z").empty());
  EXPECT_TRUE(world.Decide("2026-03-09T02:00:00Z").decisions.empty());
}

TEST(Policy_Decide, TheContactOfTheRootElseThePrimaryOne) {
  World world;
  ContactUpserted a, b;
  a.contact = ContactId::Trusted("a");
  b.contact = ContactId::Trusted("b");
  b.primary = true;
  b.zone = "America/New_York";
  WorryRaised named = Worry("w1");
  named.contact = ContactId::Trusted("a");
  world.Add("c", "ka", "2026-01-01T00:00:00Z", a).Add("c", "kb", "2026-01-01T00:00:00Z", b);
  world.Add("c", "w1", "2026-03-01T01:00:00Z", named).Add("c", "w2", "2026-03-01T02:00:00Z", Worry("w2"));
  world.Use(OfficeProfile());
  const AccountDecisions decided = world.Decide("2026-03-02T00:30:00Z");
  ASSERT_EQ(decided.decisions.size(), 2u);
  EXPECT_EQ(decided.decisions[0].contact, ContactId::Trusted("a"));
  EXPECT_EQ(decided.decisions[0].status, DecisionStatus::kDue) << "Monday 09:30 in Tokyo";
  EXPECT_EQ(decided.decisions[1].contact, ContactId::Trusted("b"));
  EXPECT_EQ(decided.decisions[1].status, DecisionStatus::kHeld) << "Sunday evening in New York";
}

TEST(Policy_Decide, SameAnswerWhateverTheOrderOfArrival) {
  World world = Delivered();
  world.Add("c", "w1", "2026-03-01T01:00:00Z", Worry("w1")).Add("d", "w2", "2026-03-01T01:00:00Z", Worry("w2"));
  World backwards;
  for (auto event = world.events().rbegin(); event != world.events().rend(); ++event) backwards.Add(Event(*event));
  const auto table = [](const World& w) {
    const auto view = w.Seen("2026-03-02T00:00:00Z");
    const auto decided = DecideBook(*view->book, view->input, {});
    EXPECT_EQ(decided.size(), 2u) << "every account has its place";
    return DecisionTable(decided, Language::kJapanese, TestTexts())->ToNdjson();
  };
  EXPECT_EQ(table(world), table(backwards));
  EXPECT_NE(table(world).find("\"status\":\"due\""), std::string::npos);
}

TEST(Policy_Decide, AnswersForTheCustomersAskedFor) {
  World world;
  for (const char* id : {"a", "b", "d"}) world.Add(id, std::string("w") + id, "2026-03-01T01:00:00Z", Worry("w"));
  const auto view = world.Seen("2026-03-02T00:00:00Z");
  const std::vector<CustomerId> asked{CustomerId::Trusted("d"), CustomerId::Trusted("a"), CustomerId::Trusted("d"), CustomerId::Trusted("z")};
  const auto decided = DecideBook(*view->book, view->input, asked);
  ASSERT_EQ(decided.size(), 2u);
  EXPECT_EQ(decided[0].customer.text(), "a");
  EXPECT_EQ(decided[1].customer.text(), "d");
}

TEST(Policy_Decide, ValueIsAProductOfSignalsOrWhatTheRuleSays) {
  World world;
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [
    {"name": "a", "purpose": "care", "priority": 2, "trigger": {"event": "worry.raised"}, "action": {"channel": "call", "minutes": 5,
      "headline": "worry", "objective": "worry.listen"}, "value": {"share": 0.25, "of": ["purchase.revenue", "purchase.count"]}, "expires": {"days": 9}},
    {"name": "b", "purpose": "care", "priority": 1, "trigger": {"event": "worry.raised"}, "action": {"channel": "call", "minutes": 5,
      "headline": "worry", "objective": "worry.listen"}, "value": {"of": ["account.expected_volume"], "otherwise": "12.75"}, "expires": {"days": 9}}]})"));
  world.Add("c", "o1", "2026-02-01T01:00:00Z", Order(std::nullopt, 1001)).Add("c", "o2", "2026-02-02T01:00:00Z", Order(std::nullopt, 1001));
  world.Add("c", "w1", "2026-03-01T01:00:00Z", Worry("w1"));
  EXPECT_EQ(world.Find("2026-03-02T00:00:00Z", "a")->value, Yen(1001));
  EXPECT_EQ(world.Find("2026-03-02T00:00:00Z", "b")->value, Yen(12)) << "more decimals than the currency has are dropped";
}

TEST(Policy_HandOver, ChecksOnceMoreAtTheExactMoment) {
  World world;
  world.Use(OfficeProfile());
  world.Add("c", "w1", "2026-03-01T01:00:00Z", Worry("w1"));
  world.Tick("2026-03-01T15:00:00Z");
  const auto check = [](const World& w, std::string_view at, std::optional<std::string> id = std::nullopt) {
    const auto view = w.Seen(at);
    const FollowUpId followup = id ? FollowUpId::Trusted(*id) : view->account().followups.begin()->first;
    return CheckHandOver(view->account(), followup, view->input, At(at));
  };
  EXPECT_TRUE(check(world, "2026-03-02T00:00:00Z").allowed);
  EXPECT_EQ(check(world, "2026-03-01T23:59:59Z").tokens, (std::vector<std::string>{"outside_hours"}));
  EXPECT_EQ(check(world, "2026-03-02T00:00:00Z", "nobody").tokens, (std::vector<std::string>{"unknown_followup"}));
  EXPECT_EQ(check(world, "2026-03-16T00:00:00Z").tokens, (std::vector<std::string>{"expired"}));
  World cured = world;
  cured.Add("c", "x", "2026-03-01T23:00:00Z", Cured("w1"));
  EXPECT_EQ(check(cured, "2026-03-02T00:00:00Z").tokens, (std::vector<std::string>{"conditions"}));
  World stopped = world;
  stopped.Add("c", "x", "2026-03-01T23:00:00Z", DoNotContactSet{});
  const HandOverAnswer no = check(stopped, "2026-03-02T00:00:00Z");
  EXPECT_EQ(no.tokens, (std::vector<std::string>{"do_not_contact"}));
  ASSERT_EQ(no.reasons.size(), 1u);
  EXPECT_FALSE(Say(no.reasons[0]).empty());
  World done = world;
  const FollowUpId id = world.Seen("2026-03-02T00:00:00Z")->account().followups.begin()->first;
  done.Add("c", "f", "2026-03-01T23:00:00Z", FollowUpDone{id, std::nullopt, std::nullopt});
  EXPECT_EQ(check(done, "2026-03-02T00:00:00Z").tokens, (std::vector<std::string>{"closed"}));
  World handed = world;
  handed.Add("c", "h", "2026-03-01T23:00:00Z", FollowUpHandedOver{id, std::nullopt});
  EXPECT_TRUE(check(handed, "2026-03-02T00:00:00Z").allowed);
}

}  // namespace
}  // namespace rapport::policy_test
