// Cadences: steps after what came of the last, branches, exits, pauses, re-entry, groups, throttles, approval, holdout, teams.
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "policy/names.hpp"
#include "policy/world.hpp"

namespace rapport::policy_test {
namespace {

// A refused customer: a call the same evening, another after what came of it, a letter in the end.
constexpr char kThreeCalls[] = R"({"rapport_policy": 1, "name": "three", "rules": [
  {"name": "come-again", "purpose": "sell", "priority": 30,
   "trigger": {"event": "refusal"},
   "steps": [
     {"name": "evening", "after": {"days": 0, "at": "18:00"}, "expires": {"days": 1}, "most": 2,
      "action": {"channel": "call", "minutes": 10, "headline": "after-refusal", "objective": "sell.offer"},
      "branches": [{"on": ["absent", "busy"], "to": "evening", "after": {"days": 2, "at": "18:00"}},
                   {"on": ["not_met"], "to": "letter"}]},
     {"name": "month", "after": {"days": 30}, "expires": {"days": 7},
      "action": {"channel": "call", "minutes": 10, "headline": "after-refusal", "objective": "sell.offer"},
      "branches": [{"on": ["timeout"], "to": "letter", "after": {"days": 1}}]},
     {"name": "letter", "after": {"days": 3}, "expires": {"days": 30},
      "action": {"channel": "letter", "minutes": 5, "headline": "after-refusal", "objective": "sell.offer"}}],
   "exits": ["reply", "purchase", "complaint", "meeting", "colleague"]}]})";

std::string With(const std::string& text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return absl::StrReplaceAll(text, {{from, to}});
}

Refusal No(std::string contact = "") {
  Refusal refusal;
  if (!contact.empty()) refusal.contact = ContactId::Trusted(std::move(contact));
  return refusal;
}
Touch Answering(const std::string& followup, Disposition disposition, std::optional<bool> met = std::nullopt) {
  Touch touch;
  touch.followup = FollowUpId::Trusted(followup);
  touch.disposition = disposition;
  touch.objective_met = met;
  return touch;
}
Touch Inbound(std::string contact = "", std::optional<Disposition> disposition = std::nullopt) {
  Touch touch;
  touch.channel = Channel::kMail;
  touch.direction = Direction::kInbound;
  if (!contact.empty()) touch.contact = ContactId::Trusted(std::move(contact));
  touch.disposition = disposition;
  return touch;
}
// The one follow-up that a tick issues, and its step.
const FollowUpIssued* OnlyIssued(const std::vector<Event>& events) {
  const auto issued = All<FollowUpIssued>(events);
  EXPECT_EQ(issued.size(), 1u);
  return issued.empty() ? nullptr : issued.front();
}
void Do(World& world, FollowUpIssued issued, std::string_view at, Disposition disposition, std::optional<bool> met = std::nullopt) {
  const std::string id = issued.followup.text() + "-" + std::string(at);
  world.Add("c", "touch-" + id, at, Answering(issued.followup.text(), disposition, met));
  world.Add("c", "done-" + id, at, FollowUpDone{issued.followup, std::nullopt, met});
}

class Cadence : public testing::Test {
 protected:
  void SetUp() override {
    world.Use(MustParse(kThreeCalls));
    world.Add("c", "no", "2026-03-02T01:00:00Z", No());   // Mon 10:00 in Tokyo
  }
  std::string StepOn(std::string_view at) {
    const AccountDecisions decided = world.Decide(at);
    return decided.decisions.empty() ? "" : decided.decisions.front().step;
  }
  World world;
};

TEST_F(Cadence, CallsTheSameEveningAndEntersOnce) {
  EXPECT_TRUE(world.Tick("2026-03-02T08:59:00Z").empty() || All<FollowUpIssued>(world.events()).empty());
  const std::vector<Event> evening = world.Tick("2026-03-02T09:00:00Z");
  const FollowUpIssued* issued = OnlyIssued(evening);
  ASSERT_NE(issued, nullptr);
  EXPECT_EQ(issued->step, "evening");
  EXPECT_EQ(FormatInstant(issued->due), "2026-03-02T09:00:00Z");
  EXPECT_EQ(All<CadenceEntered>(world.events()).size(), 1u);
  ASSERT_TRUE(issued->enrolment.has_value());
  EXPECT_EQ(*issued->enrolment, All<CadenceEntered>(world.events()).front()->enrolment);
  EXPECT_TRUE(world.Tick("2026-03-02T09:00:00Z").empty());
}

// However often it is taken, and on whichever occasion.
TEST_F(Cadence, AFollowUpsStepIsFoundInItsRule) {
  const Policy policy = MustParse(kThreeCalls);
  const Rule& rule = policy.rules().front();
  ASSERT_NE(rule.FindStep("evening"), nullptr);
  for (const char* step : {"evening", "evening/2", "evening@2026-03-01", "evening/2@2026-03-01"}) EXPECT_EQ(rule.FindStep(StepNameOf(step)), rule.FindStep("evening")) << step;
  for (const char* step : {"", "even", "evenings", "/evening", "@evening"}) EXPECT_EQ(rule.FindStep(StepNameOf(step)), nullptr) << step;
}

TEST_F(Cadence, AnAbsentCustomerIsCalledAgainAndThenTheNextStepHasItsTurn) {
  const std::vector<Event> first = world.Tick("2026-03-02T09:00:00Z");
  Do(world, *OnlyIssued(first), "2026-03-02T09:30:00Z", Disposition::kAbsent);
  EXPECT_TRUE(All<FollowUpIssued>(world.Tick("2026-03-03T00:00:00Z")).empty());
  const std::vector<Event> second = world.Tick("2026-03-04T09:00:00Z");
  const FollowUpIssued* again = OnlyIssued(second);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->step, "evening/2");
  Do(world, *again, "2026-03-04T09:10:00Z", Disposition::kAbsent);
  // Twice is enough: absent leads to a step that may not be taken a third time.
  const std::vector<Event> over = world.Tick("2026-03-05T00:00:00Z");
  ASSERT_EQ(All<CadenceLeft>(over).size(), 1u);
  EXPECT_EQ(All<CadenceLeft>(over)[0]->exit, "finished");
}

TEST_F(Cadence, AHumanStepHoldsTheNextAndTheWaitBeginsWhenItIsDone) {
  const std::vector<Event> first = world.Tick("2026-03-02T09:00:00Z");
  Do(world, *OnlyIssued(first), "2026-03-03T05:00:00Z", Disposition::kReached);
  EXPECT_TRUE(All<FollowUpIssued>(world.Tick("2026-04-01T12:00:00Z")).empty());
  const std::vector<Event> month = world.Tick("2026-04-01T15:00:00Z");   // 30 days after 3 March, 00:00 in Tokyo
  ASSERT_NE(OnlyIssued(month), nullptr);
  EXPECT_EQ(OnlyIssued(month)->step, "month");
  ASSERT_EQ(All<CadenceAdvanced>(world.events()).size(), 1u);
  EXPECT_EQ(All<CadenceAdvanced>(world.events())[0]->step, "month");
}

TEST_F(Cadence, AnUnmetObjectiveBranchesAndATimeOutGoesOn) {
  const std::vector<Event> first = world.Tick("2026-03-02T09:00:00Z");
  Do(world, *OnlyIssued(first), "2026-03-02T10:00:00Z", Disposition::kReached, false);
  EXPECT_EQ(StepOn("2026-03-05T00:00:00Z"), "letter");

  World late;
  late.Use(MustParse(kThreeCalls)).Add("c", "no", "2026-03-02T01:00:00Z", No());
  late.Tick("2026-03-02T09:00:00Z");
  const std::vector<Event> expired = late.Tick("2026-03-04T00:00:00Z");
  EXPECT_EQ(All<FollowUpExpired>(expired).size(), 1u);
  // Nobody called that evening: the wait of the next step runs from when it lapsed, the end of 3 March.
  EXPECT_TRUE(All<FollowUpIssued>(late.Tick("2026-04-01T14:00:00Z")).empty());
  EXPECT_EQ(OnlyIssued(late.Tick("2026-04-01T15:00:00Z"))->step, "month");
}

TEST_F(Cadence, LeavesOnEachTypedExitAndWithdrawsWhatIsOpen) {
  struct Case { Payload data; std::string exit; };
  PurchasePlaced order = Order(std::nullopt, 100);
  Touch meeting;
  meeting.channel = Channel::kMeeting;
  CaseOpened claim;
  claim.kind = CaseKind::kClaim;
  const std::vector<Case> cases{{Inbound(), "reply"}, {order, "purchase"}, {WorryRaised{}, "complaint"}, {claim, "complaint"}, {meeting, "meeting"}};
  for (const Case& one : cases) {
    World other;
    other.Use(MustParse(kThreeCalls)).Add("c", "no", "2026-03-02T01:00:00Z", No());
    other.Tick("2026-03-02T09:00:00Z");
    other.Add("c", "exit", "2026-03-02T12:00:00Z", one.data);
    const std::vector<Event> events = other.Tick("2026-03-02T13:00:00Z");
    ASSERT_EQ(All<CadenceLeft>(events).size(), 1u) << one.exit;
    EXPECT_EQ(All<CadenceLeft>(events)[0]->exit, one.exit);
    ASSERT_EQ(All<FollowUpWithdrawn>(events).size(), 1u) << one.exit;
    EXPECT_EQ(All<FollowUpWithdrawn>(events)[0]->cause, "exit");
    EXPECT_TRUE(other.Tick("2026-06-02T13:00:00Z").empty()) << one.exit;
  }
}

TEST_F(Cadence, AColleaguesAnswerCountsOnlyWhereItIsAnExit) {
  World named;
  named.Use(MustParse(kThreeCalls)).Add("c", "no", "2026-03-02T01:00:00Z", No("ono"));
  named.Tick("2026-03-02T09:00:00Z");
  named.Add("c", "mail", "2026-03-02T12:00:00Z", Inbound("kato"));
  EXPECT_EQ(All<CadenceLeft>(named.Tick("2026-03-02T13:00:00Z")).at(0)->exit, "colleague");

  World alone;
  alone.Use(MustParse(With(kThreeCalls, R"(, "meeting", "colleague"])", R"(, "meeting"])"))).Add("c", "no", "2026-03-02T01:00:00Z", No("ono"));
  alone.Tick("2026-03-02T09:00:00Z");
  alone.Add("c", "mail", "2026-03-02T12:00:00Z", Inbound("kato"));
  EXPECT_TRUE(alone.Tick("2026-03-02T13:00:00Z").empty());
}

TEST_F(Cadence, AnAutoReplyIsNoReplyAndPausesUntilTheDayAfterTheReturn) {
  Touch away = Inbound("", Disposition::kAutoReply);
  away.back_on = Day(2026, 3, 13);   // a Friday
  world.Add("c", "away", "2026-03-02T02:00:00Z", away);
  const auto held = world.Find("2026-03-02T09:00:00Z", "come-again");
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->status, DecisionStatus::kHeld);
  ASSERT_TRUE(held->rule_hold.has_value());
  EXPECT_EQ(held->rule_hold->by, "paused");
  EXPECT_EQ(FormatInstant(*held->held_until), "2026-03-15T15:00:00Z");   // Mon 16 March in Tokyo
  EXPECT_TRUE(All<FollowUpIssued>(world.Tick("2026-03-02T09:00:00Z")).empty());
}

TEST_F(Cadence, TheVersionThatWasEnteredIsKept) {
  world.Tick("2026-03-02T09:00:00Z");
  world.Use(MustParse(With(kThreeCalls, R"("after": {"days": 30})", R"("after": {"days": 5})")));
  const auto open = All<FollowUpIssued>(world.events());
  Do(world, *open.front(), "2026-03-02T10:00:00Z", Disposition::kReached);
  EXPECT_TRUE(All<FollowUpIssued>(world.Tick("2026-03-10T00:00:00Z")).empty());
  EXPECT_EQ(OnlyIssued(world.Tick("2026-04-01T00:00:00Z"))->step, "month");
}

TEST_F(Cadence, ReEntry) {
  const auto entries = [&](const std::string& reentry, bool buys_between) {
    World one;
    one.Use(MustParse(With(kThreeCalls, R"("exits":)", R"("reentry": ")" + reentry + R"(", "exits":)")));
    one.Add("c", "no", "2026-03-02T01:00:00Z", No());
    one.Tick("2026-03-02T09:00:00Z");
    one.Add("c", "no2", "2026-03-02T10:00:00Z", No());
    one.Tick("2026-03-02T11:00:00Z");
    const auto while_running = All<CadenceEntered>(one.events()).size();
    one.Add("c", "answer", "2026-03-03T01:00:00Z", Inbound());
    one.Tick("2026-03-03T02:00:00Z");
    if (buys_between) one.Add("c", "order", "2026-03-04T01:00:00Z", Order(std::nullopt, 5));
    one.Add("c", "no3", "2026-03-05T01:00:00Z", No());
    one.Tick("2026-03-05T09:00:00Z");
    return std::pair(while_running, All<CadenceEntered>(one.events()).size());
  };
  EXPECT_EQ(entries("never", true), std::pair(std::size_t{1}, std::size_t{1}));
  EXPECT_EQ(entries("when_finished", false), std::pair(std::size_t{1}, std::size_t{2}));
  EXPECT_EQ(entries("always", false), std::pair(std::size_t{2}, std::size_t{3}));
  EXPECT_EQ(entries("new_purchase", false), std::pair(std::size_t{1}, std::size_t{1}));
  EXPECT_EQ(entries("new_purchase", true), std::pair(std::size_t{1}, std::size_t{2}));
}

TEST_F(Cadence, AStepWhoseConditionsDoNotHoldIsPassedOver) {
  World one;
  one.Use(MustParse(With(kThreeCalls, R"({"name": "month", "after")", R"({"name": "month", "when": {"signal": "purchase.count", "is": ">", "value": 5}, "after")")));
  one.Add("c", "no", "2026-03-02T01:00:00Z", No());
  Do(one, *OnlyIssued(one.Tick("2026-03-02T09:00:00Z")), "2026-03-02T10:00:00Z", Disposition::kReached);
  EXPECT_TRUE(All<FollowUpIssued>(one.Tick("2026-04-01T00:00:00Z")).empty());
  EXPECT_EQ(OnlyIssued(one.Tick("2026-04-04T00:00:00Z"))->step, "letter");
}

std::string TwoRules(const std::string& extra) {
  const std::string rule = R"({"name": "NAME", "purpose": "care", "priority": PRIORITY, EXTRA "trigger": {"event": "worry.raised"},
      "action": {"channel": "mail", "minutes": 5, "headline": "worry", "objective": "worry.listen"}, "expires": {"days": 9}})";
  return R"({"rapport_policy": 1, "name": "two", "rules": [)" + absl::StrReplaceAll(rule, {{"NAME", "a"}, {"PRIORITY", "9"}, {"EXTRA", extra}}) + "," +
         absl::StrReplaceAll(rule, {{"NAME", "b"}, {"PRIORITY", "5"}, {"EXTRA", extra}}) + "]}";
}

TEST(Policy_Exclusive, OneOfAGroupAtATime) {
  World world;
  world.Use(MustParse(TwoRules(R"("exclusive": "worries",)"))).Add("c", "w", "2026-03-02T01:00:00Z", WorryRaised{});
  const std::vector<Event> events = world.Tick("2026-03-02T02:00:00Z");
  EXPECT_EQ(OnlyIssued(events)->rule, "a");
  EXPECT_EQ(world.Find("2026-03-02T03:00:00Z", "b")->rule_hold->by, "exclusive");
  world.Add("c", "done", "2026-03-02T04:00:00Z", FollowUpDone{All<FollowUpIssued>(events)[0]->followup, std::nullopt, std::nullopt});
  EXPECT_EQ(OnlyIssued(world.Tick("2026-03-02T05:00:00Z"))->rule, "b");
}

TEST(Policy_Throttle, ARepGetsSoManyNewADayByUrgency) {
  World world;
  world.Use(MustParse(TwoRules(R"("throttle": {"new_a_day": 2},)")));
  for (const std::string id : {"c", "d", "e"}) {
    CustomerUpserted owned;
    owned.owner = RepId::Trusted("r");
    world.Add(id, "p-" + id, "2026-03-01T00:00:00Z", owned).Add(id, "w-" + id, "2026-03-02T01:00:00Z", WorryRaised{});
  }
  EXPECT_EQ(All<FollowUpIssued>(world.Tick("2026-03-02T02:00:00Z")).size(), 4u);   // two of each rule
  EXPECT_TRUE(All<FollowUpIssued>(world.Tick("2026-03-02T05:00:00Z")).empty());
  EXPECT_EQ(All<FollowUpIssued>(world.Tick("2026-03-02T15:00:00Z")).size(), 2u);   // the next day in Tokyo
}

// Customers of one rep, with a rule that is throttled to one a day.
World OfOneRep(const std::string& rule, std::vector<std::string> customers, const std::string& more = "") {
  World world;
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "slowly", )" + more + R"("rules": [{"name": "slow", "purpose": "care", "priority": 10,
    "throttle": {"new_a_day": 1}, )" + rule + "}]}"));
  RepUpserted rep;
  rep.rep = RepId::Trusted("r");
  rep.team = "east";
  world.Add("", "rep", "2026-01-01T00:00:00Z", rep);
  for (const std::string& id : customers) {
    CustomerUpserted owned;
    owned.owner = rep.rep;
    world.Add(id, "p-" + id, "2026-01-05T00:00:00Z", owned);
  }
  return world;
}

constexpr char kLetter[] = R"("expires": {"days": 4}, "action": {"channel": "letter", "minutes": 5, "headline": "general", "objective": "keep-in-sight"})";

TEST(Policy_Throttle, CountsEveryDateAndEveryRepetition) {
  World dates = OfOneRep(std::string(R"("trigger": {"recurrence": "FREQ=MONTHLY", "from": "customer"}, )") + kLetter, {"c", "d", "e"});
  EXPECT_EQ(All<FollowUpIssued>(dates.Tick("2026-03-05T02:00:00Z")).size(), 1u);
  EXPECT_EQ(All<FollowUpIssued>(dates.Tick("2026-03-06T02:00:00Z")).size(), 1u);
  World repeated = OfOneRep(std::string(R"("trigger": {"silence": "care", "days": 10, "repeat": {"days": 10}}, )") + kLetter, {"c", "d", "e"});
  EXPECT_EQ(All<FollowUpIssued>(repeated.Tick("2026-01-25T02:00:00Z")).size(), 1u);   // the second time for each of them
}

TEST(Policy_Throttle, LaterStepsOfACadenceTakeNoRoom) {
  World world = OfOneRep(std::string(R"("trigger": {"event": "worry.raised"}, "steps": [{"name": "a", )") + kLetter + R"(}, {"name": "b", "after": {"days": 1}, )" + kLetter + "}]", {"c", "d"});
  world.Add("c", "w-c", "2026-03-02T01:00:00Z", WorryRaised{});
  const std::vector<Event> first = world.Tick("2026-03-02T02:00:00Z");
  ASSERT_NE(OnlyIssued(first), nullptr);
  Do(world, *OnlyIssued(first), "2026-03-02T03:00:00Z", Disposition::kReached);
  EXPECT_EQ(OnlyIssued(world.Tick("2026-03-03T01:00:00Z"))->step, "b");
  world.Add("d", "w-d", "2026-03-03T02:00:00Z", WorryRaised{});
  EXPECT_EQ(OnlyIssued(world.Tick("2026-03-03T03:00:00Z"))->step, "a");
}

TEST(Policy_Throttle, ATeamHasItsOwnNumber) {
  World world = OfOneRep(std::string(R"("trigger": {"silence": "care", "days": 10}, )") + kLetter, {"c", "d", "e"}, R"("teams": {"east": {"slow": {"throttle": {"new_a_day": 2}}}}, )");
  EXPECT_EQ(All<FollowUpIssued>(world.Tick("2026-01-15T02:00:00Z")).size(), 2u);
}

TEST(Policy_Approval, NothingIsHandedOverBeforeItsOwnerApproves) {
  World world;
  world.Use(MustParse(TwoRules(R"("approval": "owner",)"))).Add("c", "w", "2026-03-02T01:00:00Z", WorryRaised{});
  const std::vector<Event> events = world.Tick("2026-03-02T02:00:00Z");
  const auto issued = All<FollowUpIssued>(events);
  ASSERT_EQ(issued.size(), 2u);
  EXPECT_EQ(issued[0]->needs_approval, true);
  const auto asked = [&](const FollowUpId& id) {
    const auto view = world.Seen("2026-03-02T05:00:00Z");
    return CheckHandOver(view->account(), id, view->input, At("2026-03-02T05:00:00Z"));
  };
  EXPECT_EQ(asked(issued[0]->followup).tokens, std::vector<std::string>{"approval"});
  world.Add("c", "yes", "2026-03-02T03:00:00Z", ApprovalGiven{issued[0]->followup, RepId::Trusted("r"), {}, {}});
  world.Add("c", "no", "2026-03-02T03:00:00Z", ApprovalWithheld{issued[1]->followup, RepId::Trusted("r"), std::nullopt});
  EXPECT_TRUE(asked(issued[0]->followup).allowed);
  const std::vector<Event> after = world.Tick("2026-03-02T06:00:00Z");
  const auto withdrawn = All<FollowUpWithdrawn>(after);
  ASSERT_EQ(withdrawn.size(), 1u);
  EXPECT_EQ(withdrawn[0]->followup, issued[1]->followup);
  EXPECT_EQ(withdrawn[0]->cause, "approval");
  EXPECT_TRUE(world.Tick("2026-03-03T06:00:00Z").empty());
}

TEST(Policy_Snooze, PutsOffAndComesBackBeforeItLapses) {
  World world;
  world.Use(MustParse(TwoRules(""))).Add("c", "w", "2026-03-02T01:00:00Z", WorryRaised{});
  const std::vector<Event> events = world.Tick("2026-03-02T02:00:00Z");
  const FollowUpId first = All<FollowUpIssued>(events)[0]->followup;
  world.Add("c", "later", "2026-03-02T03:00:00Z", FollowUpSnoozed{first, At("2026-03-20T00:00:00Z"), std::nullopt, std::nullopt});
  EXPECT_EQ(world.Find("2026-03-10T00:00:00Z", "a")->rule_hold->by, "snoozed");
  world.Tick("2026-03-15T00:00:00Z");   // the other one lapses, this one waits
  const auto back = world.Find("2026-03-20T00:00:00Z", "a");
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->status, DecisionStatus::kDue);
  EXPECT_FALSE(world.Find("2026-03-20T00:00:00Z", "b").has_value());
}

TEST(Policy_Holdout, LeavesAStableShareAloneAndSaysHowLikelyItWas) {
  World world;
  const std::string held = With(TwoRules(""), R"("rules":)", R"("holdout": {"share": 0.3, "salt": "spring"}, "rules":)");
  world.Use(MustParse(held));
  int held_out = 0;
  for (int i = 0; i < 400; ++i) world.Add("k" + std::to_string(i), "w" + std::to_string(i), "2026-03-02T01:00:00Z", WorryRaised{});
  const auto view = world.Seen("2026-03-02T02:00:00Z");
  for (const AccountDecisions& account : DecideBook(*view->book, view->input, {})) {
    ASSERT_EQ(account.decisions.size(), 2u);
    const bool left_alone = account.decisions[0].rule_hold.has_value();
    held_out += left_alone ? 1 : 0;
    EXPECT_EQ(account.decisions[1].rule_hold.has_value(), left_alone);   // by customer, not by follow-up
    EXPECT_DOUBLE_EQ(account.decisions[0].propensity, 0.7);
    if (left_alone) {
      EXPECT_EQ(account.decisions[0].rule_hold->by, "holdout");
    }
  }
  EXPECT_GT(held_out, 120 - 37);   // four standard deviations
  EXPECT_LT(held_out, 120 + 37);
}

TEST(Policy_Teams, HaveTheirOwnNumbersAndNothingElse) {
  const std::string text = With(TwoRules(""), R"("rules":)", R"("teams": {"north": {"a": {"priority": 1, "action": {"minutes": 45}, "expires": {"days": 2}}}}, "rules":)");
  World world;
  world.Use(MustParse(text));
  RepUpserted rep;
  rep.rep = RepId::Trusted("r");
  rep.team = "north";
  CustomerUpserted owned;
  owned.owner = rep.rep;
  world.Add("", "rep", "2026-03-01T00:00:00Z", rep).Add("c", "p", "2026-03-01T00:00:00Z", owned);
  for (const std::string id : {"c", "d"}) world.Add(id, "w" + id, "2026-03-02T01:00:00Z", WorryRaised{});
  EXPECT_EQ(world.Find("2026-03-02T02:00:00Z", "a", "c")->minutes, 45);
  EXPECT_EQ(world.Find("2026-03-02T02:00:00Z", "a", "c")->priority, 1);
  EXPECT_EQ(world.Find("2026-03-02T02:00:00Z", "a", "d")->minutes, 5);
  EXPECT_FALSE(world.Find("2026-03-06T02:00:00Z", "a", "c").has_value());
  EXPECT_TRUE(world.Find("2026-03-06T02:00:00Z", "a", "d").has_value());

  const auto wrong = Policy::ParseText(With(text, R"("priority": 1,)", R"("priority": "low", "name": "z",)"));
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(std::string(wrong.status().message()).find("/teams/north/a/priority"), std::string::npos) << wrong.status();
}

// Two later dates of the recurrence come while the cadence of the first one still runs.
TEST(Policy_Cadence, OneOfARecurrenceOutlastsItsLaterDates) {
  World world;
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "monthly", "rules": [
    {"name": "letters", "purpose": "care", "priority": 10, "trigger": {"recurrence": "FREQ=MONTHLY;BYMONTHDAY=1", "from": "customer"},
     "steps": [{"name": "first", "after": {"days": 1}, "expires": {"days": 5},
                "action": {"channel": "letter", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}},
               {"name": "second", "after": {"days": 80}, "expires": {"days": 20},
                "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}}],
     "reentry": "never"}]})"));
  world.Add("c", "u", "2025-12-15T00:00:00Z", Profile("Asia/Tokyo"));
  std::vector<std::string> left;
  std::vector<std::string> steps;
  for (Instant at = At("2026-01-01T03:00:00Z"); at < At("2026-05-01T00:00:00Z"); at = at.PlusMicros(86'400'000'000)) {
    for (const Event& event : world.Tick(at)) {
      if (const auto* gone = event.As<CadenceLeft>()) left.push_back(gone->exit);
      if (const auto* issued = event.As<FollowUpIssued>()) steps.push_back(issued->step);
    }
  }
  EXPECT_EQ(steps, (std::vector<std::string>{"first@2026-01-01", "second@2026-01-01"}));
  EXPECT_EQ(left, std::vector<std::string>{"finished"});
}

// Two business hours of a rep in Paris end for a customer in Tokyo in the evening.
TEST(Policy_Cadence, BusinessHoursAreThoseOfTheOwnersZone) {
  World world;
  world.Use(MustParse(R"({"rapport_policy": 1, "name": "soon", "rules": [{"name": "soon", "purpose": "care", "priority": 10,
    "trigger": {"event": "worry.raised", "offset": {"business_hours": 2}}, "expires": {"days": 9},
    "action": {"channel": "mail", "minutes": 5, "headline": "worry", "objective": "worry.listen"}}]})"));
  RepUpserted rep;
  rep.rep = RepId::Trusted("martin");
  rep.zone = "Europe/Paris";
  world.Add("", "r", "2026-01-01T00:00:00Z", rep);
  world.Add("c", "u", "2026-01-01T00:00:00Z", Profile("Asia/Tokyo"));
  world.Add("c", "o", "2026-01-02T00:00:00Z", OwnerAssigned{RepId::Trusted("martin"), {}});
  world.Add("c", "w", "2026-03-02T01:00:00Z", WorryRaised());   // Monday 10:00 in Tokyo, 2:00 in Paris
  const std::optional<Decision> decision = world.Find("2026-03-02T12:00:00Z", "soon");
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(decision->due, At("2026-03-02T10:00:00Z"));         // 11:00 in Paris
}

}  // namespace
}  // namespace rapport::policy_test
