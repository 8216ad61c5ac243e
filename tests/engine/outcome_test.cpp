// Outcomes recorded at once and taken back whole, over random answers; and what a tick between makes of it.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "engine/office.hpp"

namespace rapport {
namespace {

absl::StatusOr<Engine> Office() {
  absl::StatusOr<Engine> engine = Engine::InMemory();
  EXPECT_TRUE(engine.ok());
  EXPECT_TRUE(engine->AppendLines(ReadText(OfficePath())).ok());
  return engine;
}

struct Work {
  FollowUpId followup;
  CustomerId customer;
  FollowUpIssued issued;
};
std::vector<Work> Issue(Engine& engine, Instant at) {
  std::vector<Work> work;
  const auto ticked = engine.Tick(ReadAt{at});
  EXPECT_TRUE(ticked.ok()) << ticked.status();
  for (const Event& event : ticked->events) {
    if (const auto* issued = event.As<FollowUpIssued>()) work.push_back({issued->followup, event.subject, *issued});
  }
  return work;
}
Work Find(const std::vector<Work>& work, std::string_view rule) {
  const auto found = std::find_if(work.begin(), work.end(), [&](const Work& one) { return one.issued.rule == rule; });
  EXPECT_NE(found, work.end()) << rule;
  return found == work.end() ? work.front() : *found;
}
FollowUpRecord RecordOf(Engine& engine, const Work& work) {
  const auto book = engine.Snapshot();
  return (*book)->Find(work.customer)->followups.at(work.followup);
}
// All that counts of an account, as it is stored, but for the words that take others back.
std::vector<std::string> CountingOf(Engine& engine, const CustomerId& customer) {
  std::vector<std::string> lines;
  const auto book = engine.Snapshot();
  for (const Event& event : (*book)->EventsOf(customer)) {
    if (event.As<EventRetracted>() == nullptr) lines.push_back(EncodeEvent(event).Canonical());
  }
  return lines;
}
std::set<std::string> IdsOf(const Json& receipt) {
  std::set<std::string> ids;
  for (const Json& event : *receipt.Find("events")->if_array()) ids.insert(*event.Find("id")->if_string());
  return ids;
}
std::int64_t Appended(const Json& receipt) { return *receipt.Find("appended")->if_integer(); }
Json J(std::string_view text) { return *Json::Parse(text); }

// --- random answers that a follow-up takes
Json Maybe(Json answer) { return *rc::gen::inRange(0, 2) == 0 ? Json() : answer; }

Json RandomAnswers(const FollowUpIssued& issued, bool of_a_worry) {
  const std::vector<const char*> nobody{"absent", "busy", "call_back", "refused_contact"};
  Json::Object answers;
  if (*rc::gen::inRange(0, 3) == 0) {
    answers["reached"] = nobody[*rc::gen::inRange<std::size_t>(0, nobody.size())];
    answers["next"] = Maybe("2026-03-" + std::to_string(*rc::gen::inRange(10, 30)));
    return answers;
  }
  answers["reached"] = "reached";
  answers["goal"] = *rc::gen::inRange(0, 2) == 0;
  answers["minutes"] = Maybe(Json(*rc::gen::inRange(1, 120)));
  answers["note"] = Maybe("note " + std::to_string(*rc::gen::inRange(0, 1000)));
  answers["worry"] = of_a_worry ? Json(*rc::gen::inRange(0, 2) == 0) : Maybe(Json::Object{{"text", "it hums"}, {"topic", "noise"}});
  answers["fact"] = Maybe(Json::Object{{"facet", "hobby"}, {"value", "fishes"}});
  const Json promise = Json::Object{{"what", "a report"}, {"due", "2026-03-20"}, {"by", *rc::gen::inRange(0, 2) == 0 ? "ours" : "customer"}};
  const Json date = "2026-03-" + std::to_string(*rc::gen::inRange(10, 30)) + "T10:00";
  if (issued.purpose == Purpose::kSell) {
    answers["refusal"] = Maybe("money");
    answers["next"] = Maybe(*rc::gen::inRange(0, 2) == 0 ? promise : date);
  } else {
    answers["promise"] = Maybe(promise);
    answers["next"] = Maybe(date);
  }
  return answers;
}

// Every event of the receipt is stored and counts, and it is the only new one of the account.
void ExpectRecorded(Engine& engine, const CustomerId& customer, const std::vector<std::string>& before, const Json& receipt) {
  const std::vector<std::string> after = CountingOf(engine, customer);
  RC_ASSERT(after.size() == before.size() + IdsOf(receipt).size());
  RC_ASSERT(Appended(receipt) == static_cast<std::int64_t>(IdsOf(receipt).size()));
  for (const std::string& id : IdsOf(receipt)) {
    RC_ASSERT(std::any_of(after.begin(), after.end(), [&](const std::string& line) { return line.find("\"id\":\"" + id + "\"") != std::string::npos; }));
  }
}

TEST(Outcome, RecordAppendsItsEventsAtOnceAndTheReceiptUndoesThem) {
  EXPECT_TRUE(rc::check([] {
    auto engine = Office();
    const std::vector<Work> all = Issue(*engine, MondayMorning());
    const Work work = all[*rc::gen::inRange<std::size_t>(0, all.size())];
    const bool of_a_worry = work.issued.rule == "open-worry";
    const Json answers = RandomAnswers(work.issued, of_a_worry);
    const Instant noon = At("2026-03-02T12:00:00+09:00");
    const std::vector<std::string> before = CountingOf(*engine, work.customer);
    const FollowUpRecord open = RecordOf(*engine, work);

    const auto receipt = engine->Record(work.followup, answers, noon, RepId::Trusted("r-sato"));
    RC_ASSERT(receipt.ok());
    ExpectRecorded(*engine, work.customer, before, *receipt);
    const FollowUpRecord recorded = RecordOf(*engine, work);
    const bool closed = *receipt->Find("closed")->if_bool();
    RC_ASSERT(closed == (answers.Find("reached")->Canonical() == "\"reached\""));
    RC_ASSERT(closed == !IsOpen(recorded.state));
    if (closed) RC_ASSERT(recorded.objective_met == *answers.Find("goal")->if_bool());

    const auto again = engine->Record(work.followup, answers, noon, RepId::Trusted("r-sato"));
    RC_ASSERT(again.ok());
    RC_ASSERT(Appended(*again) == 0);
    RC_ASSERT(IdsOf(*again) == IdsOf(*receipt));
    const auto other = engine->Record(work.followup, J(R"({"reached": "busy", "note": "other"})"), noon, RepId::Trusted("r-sato"));
    RC_ASSERT(TokenOf(other.status()) == (work.issued.channel == Channel::kLetter ? "outcome.invalid_answer" : closed ? "followup.closed" : "outcome.recorded"));

    // Beside it a book in which nothing was recorded, to be compared with in the end.
    auto untouched = Office();
    Issue(*untouched, MondayMorning());
    const bool tick_between = *rc::gen::inRange(0, 2) == 0;
    const Instant evening = At("2026-03-02T18:00:00+09:00");
    if (tick_between) RC_ASSERT(engine->Tick(ReadAt{evening}).ok() && untouched->Tick(ReadAt{evening}).ok());
    const FollowUpState meanwhile = RecordOf(*engine, work).state;
    const auto undone = engine->Undo(*receipt);
    RC_ASSERT(undone.ok());
    RC_ASSERT(Appended(*undone) == Appended(*receipt));
    const FollowUpRecord opened = RecordOf(*engine, work);
    RC_ASSERT(*undone->Find("state")->if_string() == NameOf(opened.state));
    // What was not closed by the recording may have been withdrawn because of it; then the next tick opens it again.
    RC_ASSERT(opened.state == open.state || (!closed && opened.state == meanwhile && meanwhile == FollowUpState::kWithdrawn));
    RC_ASSERT(opened.issued_by == open.issued_by);
    if (!tick_between) RC_ASSERT(CountingOf(*engine, work.customer) == before);

    const std::string stored = *engine->ExportLines();
    const auto twice = engine->Undo(*receipt);
    RC_ASSERT(twice.ok());
    RC_ASSERT(Appended(*twice) == 0);
    RC_ASSERT(*engine->ExportLines() == stored);

    // Never a second one, whatever follows; and in the morning it stands where it would stand had nothing been said.
    const Instant morning = At("2026-03-03T09:30:00+09:00");
    const auto ticked = engine->Tick(ReadAt{morning});
    RC_ASSERT(ticked.ok());
    for (const Event& event : ticked->events) {
      const auto* issued = event.As<FollowUpIssued>();
      RC_ASSERT(issued == nullptr || issued->followup != work.followup || issued->revision > 1);
      RC_ASSERT(issued == nullptr || issued->followup == work.followup || issued->rule != work.issued.rule || issued->root_id != work.issued.root_id);
    }
    RC_ASSERT(untouched->Tick(ReadAt{morning}).ok());
    RC_ASSERT(IsOpen(RecordOf(*engine, work).state) == IsOpen(RecordOf(*untouched, work).state));
    // And it may be recorded anew.
    if (IsOpen(RecordOf(*engine, work).state)) {
      const auto anew = engine->Record(work.followup, answers, At("2026-03-03T12:00:00+09:00"), RepId::Trusted("r-sato"));
      RC_ASSERT(anew.ok());
      RC_ASSERT(Appended(*anew) == Appended(*receipt));
      RC_ASSERT(Appended(*engine->Undo(*receipt)) == 0);
      RC_ASSERT(IsOpen(RecordOf(*engine, work).state) == !closed);
    }
  }));
}

TEST(Outcome, AnInvalidAnswerAppendsNothing) {
  auto engine = Office();
  const Work work = Find(Issue(*engine, MondayMorning()), "open-worry");
  const std::string before = *engine->ExportLines();
  const Instant at = At("2026-03-02T12:00:00+09:00");
  EXPECT_EQ(TokenOf(engine->Record(work.followup, J(R"({"reached": "reached", "goal": 1, "worry": true})"), at, {}).status()), "outcome.invalid_answer");
  EXPECT_EQ(TokenOf(engine->Record(FollowUpId::Trusted("nobody"), J(R"({"reached": "absent"})"), at, {}).status()), "followup.unknown");
  EXPECT_EQ(TokenOf(engine->Record(work.followup, J(R"({"reached": "absent"})"), At("2026-03-01T12:00:00+09:00"), {}).status()), "followup.unknown");
  EXPECT_EQ(*engine->ExportLines(), before);
}

TEST(Outcome, ACuredWorryIsOpenAgainWhenTheWordIsTakenBack) {
  auto engine = Office();
  const Work work = Find(Issue(*engine, MondayMorning()), "open-worry");
  const auto worry = [&] { return (*engine->Snapshot())->Find(work.customer)->worries.back(); };
  const auto receipt = engine->Record(work.followup, J(R"({"reached": "reached", "goal": true, "worry": {"cured": true, "remedy": "a 5-min flush"}})"), At("2026-03-02T09:40:00+09:00"),
                                      RepId::Trusted("r-sato"));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_TRUE(worry().resolved.has_value());
  EXPECT_EQ(worry().remedy, "a 5-min flush");
  // A tick that sees it done and settled has nothing to say of it.
  ASSERT_TRUE(engine->Tick(ReadAt{At("2026-03-02T10:00:00+09:00")}).ok());
  EXPECT_EQ(RecordOf(*engine, work).state, FollowUpState::kDone);
  ASSERT_TRUE(engine->Undo(*receipt).ok());
  EXPECT_FALSE(worry().resolved.has_value());
  EXPECT_TRUE(IsOpen(RecordOf(*engine, work).state));
  const auto ticked = engine->Tick(ReadAt{At("2026-03-02T11:00:00+09:00")});
  for (const Event& event : ticked->events) EXPECT_NE(event.subject, work.customer) << EncodeEvent(event).Canonical();
}

TEST(Outcome, WhoRepeatsHimselfIsAnsweredThoughKnowledgeIsSealed) {
  auto engine = Office();
  const Work work = Find(Issue(*engine, MondayMorning()), "large-account-not-seen");
  const Json answers = J(R"({"reached": "reached", "goal": true, "next": "2026-03-30T10:00"})");
  const Instant noon = At("2026-03-02T12:00:00+09:00");
  const auto first = engine->Record(work.followup, answers, noon, RepId::Trusted("r-sato"));
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(engine->Tick(ReadAt{At("2026-03-03T00:00:00+09:00")}).ok());
  const auto again = engine->Record(work.followup, answers, noon, RepId::Trusted("r-sato"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(Appended(*again), 0);
  const auto appointments = (*engine->Snapshot())->Find(work.customer)->relations.appointments;
  ASSERT_EQ(appointments.size(), 1u);
  EXPECT_EQ(appointments[0].start, At("2026-03-30T10:00:00+09:00"));
  EXPECT_EQ(appointments[0].followup, work.followup);
  EXPECT_EQ(TokenOf(engine->Record(work.followup, answers, At("2026-03-03T12:00:00+09:00"), {}).status()), "followup.closed");
}

TEST(Outcome, KnowledgeIsSealedAndNothingIsWrittenBehindIt) {
  auto engine = Office();
  const std::vector<Work> work = Issue(*engine, MondayMorning());
  const Json answers = J(R"({"reached": "absent"})");
  ASSERT_TRUE(engine->Record(work[0].followup, answers, At("2026-03-02T12:00:00+09:00"), {}).ok());
  EXPECT_EQ(TokenOf(engine->Record(work[1].followup, answers, At("2026-03-02T11:00:00+09:00"), {}).status()), "ledger.behind_seal");
  // An event that claims to have been known before comes after.
  ASSERT_TRUE(engine->AppendLines(R"({"specversion":"1.0","id":"late","source":"test","type":"touch","subject":"c-late","time":"2026-03-02T10:00:00+09:00","data":{"channel":"call","direction":"inbound"}})").ok());
  EXPECT_EQ((*engine->Snapshot(At("2026-03-02T12:00:00+09:00")))->Find(CustomerId::Trusted("c-late")), nullptr);
}

TEST(Outcome, AReceiptThatDoesNotFitIsRefused) {
  auto engine = Office();
  const std::vector<Work> work = Issue(*engine, MondayMorning());
  const Instant noon = At("2026-03-02T12:00:00+09:00");
  const Json receipt = *engine->Record(work[0].followup, J(R"({"reached": "absent"})"), noon, RepId::Trusted("r-sato"));
  const std::string before = *engine->ExportLines();
  const auto refused = [&](const char* member, Json value) {
    Json changed = receipt;
    changed.if_object()->insert_or_assign(member, std::move(value));
    return TokenOf(engine->Undo(changed).status()) == "outcome.unknown_receipt" && *engine->ExportLines() == before;
  };
  EXPECT_TRUE(refused("followup_id", work[1].followup.text()));
  EXPECT_TRUE(refused("recording", "f/outcome/1/never"));
  EXPECT_TRUE(refused("recording", Json(3)));
  EXPECT_TRUE(refused("at", "2026-03-02T04:00:00Z"));
  EXPECT_TRUE(refused("by", "r-lee"));
  EXPECT_TRUE(refused("events", Json::Array()));
  EXPECT_TRUE(refused("customer", "c-nobody"));
  EXPECT_EQ(TokenOf(engine->Undo(Json()).status()), "outcome.unknown_receipt");
  EXPECT_EQ(TokenOf(engine->Undo(receipt, At("2026-03-02T11:00:00+09:00")).status()), "ledger.behind_seal");
  auto elsewhere = Office();
  Issue(*elsewhere, MondayMorning());
  EXPECT_EQ(TokenOf(elsewhere->Undo(receipt).status()), "outcome.unknown_receipt") << "of another book";
  EXPECT_TRUE(engine->Undo(receipt, noon).ok()) << "at the very moment";
}

TEST(Outcome, IsTakenBackByTheEngineAloneAndAsAWhole) {
  auto engine = Office();
  const std::vector<Work> work = Issue(*engine, MondayMorning());
  const Json receipt = *engine->Record(work[0].followup, J(R"({"reached": "absent"})"), At("2026-03-02T12:00:00+09:00"), {});
  DecodeOptions whole;
  whole.own_events = true;
  const auto retracted = [&](const std::string& source, const std::string& id) {
    return TokenOf(engine->AppendLines(R"({"specversion":"1.0","id":"x","source":")" + source + R"(","type":"event.retracted","subject":")" + work[0].customer.text() +
                                       R"(","time":"2026-03-02T13:00:00+09:00","data":{"target_source":"rapport","target_id":")" + id + "\"}}",
                                       whole).status());
  };
  EXPECT_EQ(retracted("test", *IdsOf(receipt).begin()), "event.invalid_field");
  EXPECT_EQ(retracted("rapport", work[0].followup.text() + "/issued/1"), "event.invalid_field");
  EXPECT_EQ(retracted("rapport", "/outcome/x"), "event.invalid_field");
  // An export read back into another book holds what was taken back, and that it was.
  ASSERT_TRUE(engine->Undo(receipt).ok());
  auto copy = *Engine::InMemory();
  ASSERT_TRUE(copy.AppendLines(*engine->ExportLines(), whole).ok());
  EXPECT_EQ(CountingOf(copy, work[0].customer), CountingOf(*engine, work[0].customer));
}

TEST(Outcome, AMomentTakenBackMayBeToldAnew) {
  auto engine = Office();
  const std::vector<Work> work = Issue(*engine, MondayMorning());
  const Instant noon = At("2026-03-02T12:00:00+09:00"), later = At("2026-03-02T12:05:00+09:00");
  const Json absent = J(R"({"reached": "absent"})");
  const Json first = *engine->Record(work[0].followup, absent, noon, {});
  ASSERT_TRUE(engine->Undo(first, later).ok());
  // The moment is sealed by now; what is told anew is told at its own.
  EXPECT_EQ(TokenOf(engine->Record(work[0].followup, absent, noon, {}).status()), "ledger.behind_seal");
  const Json second = *engine->Record(work[0].followup, absent, later, {});
  EXPECT_EQ(Appended(second), 1);
  ASSERT_TRUE(engine->Undo(second, later).ok());
  const Json third = *engine->Record(work[0].followup, absent, later.PlusMicros(1), {});
  EXPECT_NE(third.Find("recording")->Canonical(), second.Find("recording")->Canonical());
  EXPECT_EQ(Appended(*engine->Undo(second)), 0);
  EXPECT_EQ((*engine->Snapshot())->Find(work[0].customer)->touches.back().touch.disposition, Disposition::kAbsent);
}

// A cadence whose first call tells what follows when nobody is there.
constexpr char kCalls[] = R"({"rapport_policy": 1, "name": "calls", "rules": [
  {"name": "come-again", "purpose": "sell", "priority": 30, "trigger": {"event": "refusal"},
   "steps": [
     {"name": "evening", "after": {"days": 0, "at": "18:00"}, "expires": {"days": 9}, "most": 3,
      "action": {"channel": "call", "minutes": 10, "headline": "after-refusal", "objective": "sell.offer"},
      "branches": [{"on": ["absent"], "to": "evening", "after": {"days": 2, "at": "18:00"}}]},
     {"name": "letter", "after": {"days": 3}, "expires": {"days": 30},
      "action": {"channel": "letter", "minutes": 5, "headline": "after-refusal", "objective": "sell.offer"}}]}]})";

class Cadence : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(engine.AppendLines(R"({"specversion":"1.0","id":"no","source":"t","type":"refusal","subject":"c","time":"2026-03-02T01:00:00Z","data":{"reason":"money"}})").ok());
    const auto issued = Tick("2026-03-02T18:00:00Z");
    ASSERT_EQ(issued.size(), 1u);
    first = issued[0];
    ASSERT_EQ(first.issued.step, "evening");
  }
  std::vector<Work> Tick(const char* at) {
    std::vector<Work> work;
    const auto ticked = engine.Tick(ReadAt{At(at), std::nullopt, &policy});
    EXPECT_TRUE(ticked.ok()) << ticked.status();
    for (const Event& event : ticked->events) {
      if (const auto* issued = event.As<FollowUpIssued>()) work.push_back({issued->followup, event.subject, *issued});
    }
    return work;
  }
  Policy policy = *Policy::ParseText(kCalls);
  Engine engine = *Engine::InMemory();
  Work first;
};

TEST_F(Cadence, GoesOnByItsPolicyWhereNobodyIsThereAndGoesBackWhenThatIsTakenBack) {
  const Json receipt = *engine.Record(first.followup, J(R"({"reached": "absent"})"), At("2026-03-02T18:10:00Z"), {});
  EXPECT_TRUE(*receipt.Find("closed")->if_bool()) << "the policy says what follows";
  EXPECT_TRUE(Tick("2026-03-03T00:00:00Z").empty());
  const std::vector<Work> second = Tick("2026-03-04T18:00:00Z");
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].issued.step, "evening/2");

  ASSERT_TRUE(engine.Undo(receipt).ok());
  EXPECT_TRUE(IsOpen(RecordOf(engine, first).state));
  const std::vector<Work> after = Tick("2026-03-04T19:00:00Z");
  EXPECT_TRUE(after.empty()) << "the first is open again, not issued again";
  EXPECT_TRUE(IsOpen(RecordOf(engine, first).state));
  EXPECT_FALSE(IsOpen(RecordOf(engine, second[0]).state)) << "what followed from it is withdrawn";

  ASSERT_TRUE(engine.Record(first.followup, J(R"({"reached": "absent"})"), At("2026-03-04T20:00:00Z"), {}).ok());
  Tick("2026-03-05T00:00:00Z");
  const std::vector<Work> again = Tick("2026-03-06T18:00:00Z");
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].followup, second[0].followup) << "under the same id";
  EXPECT_EQ(again[0].issued.revision, 2);
}

TEST_F(Cadence, WhatTheCustomerSaidPutsTheStepOff) {
  const Json receipt = *engine.Record(first.followup, J(R"({"reached": "absent", "next": "2026-03-05"})"), At("2026-03-02T18:10:00Z"), {});
  EXPECT_FALSE(*receipt.Find("closed")->if_bool());
  EXPECT_TRUE(Tick("2026-03-04T18:00:00Z").empty());
  EXPECT_EQ(RecordOf(engine, first).snoozed_until, At("2026-03-05T00:00:00Z"));
  ASSERT_TRUE(engine.Undo(receipt).ok());
  EXPECT_FALSE(RecordOf(engine, first).snoozed_until.has_value());
}

TEST_F(Cadence, BusyIsNoBranchSoTheStepWaits) {
  const Json receipt = *engine.Record(first.followup, J(R"({"reached": "busy"})"), At("2026-03-02T18:10:00Z"), {});
  EXPECT_FALSE(*receipt.Find("closed")->if_bool());
  EXPECT_TRUE(IsOpen(RecordOf(engine, first).state));
}

TEST(Outcome, OfAMergedCustomerBearsTheNameThatTheIssueHad) {
  auto engine = Office();
  const Work work = Find(Issue(*engine, MondayMorning()), "open-worry");
  ASSERT_TRUE(engine->AppendLines(R"({"specversion":"1.0","id":"merge","source":"test","type":"customer.merged","subject":"a-survivor","time":"2026-03-02T09:00:00+09:00","data":{"merged":")" +
                                  work.customer.text() + R"("}})").ok());
  const auto receipt = engine->Record(work.followup, J(R"({"reached": "reached", "goal": true, "worry": false})"), At("2026-03-02T12:00:00+09:00"), {});
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(*receipt->Find("customer")->if_string(), work.customer.text());
  EXPECT_EQ(*engine->Undo(*receipt)->Find("state")->if_string(), "open");
}

TEST(OutcomeForm, IsOfWhatWasIssuedOrIsDue) {
  auto engine = Office();
  const auto decided = engine->Decide(ReadAt{MondayMorning()});
  ASSERT_TRUE(decided.ok());
  int forms = 0;
  for (const AccountDecisions& one : *decided) {
    for (const Decision& d : one.decisions) {
      const auto before = engine->OutcomeForm(d.followup, ReadAt{MondayMorning()}, Language::kJapanese);
      ASSERT_TRUE(before.ok()) << before.status();
      EXPECT_LE(before->Find("questions")->if_array()->size(), 6u);
      ++forms;
    }
  }
  EXPECT_GT(forms, 10);
  const Work work = Find(Issue(*engine, MondayMorning()), "open-worry");
  EXPECT_TRUE(engine->OutcomeForm(work.followup, std::nullopt, Language::kEnglish).ok());
  EXPECT_EQ(TokenOf(engine->OutcomeForm(FollowUpId::Trusted("nobody"), std::nullopt, Language::kEnglish).status()), "followup.unknown");
}

}  // namespace
}  // namespace rapport
