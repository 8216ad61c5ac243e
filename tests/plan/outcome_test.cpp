// Six questions, and what their answers are.
#include <gtest/gtest.h>

#include "policy/world.hpp"
#include "rapport/ledger/codec.hpp"
#include "rapport/plan/outcome.hpp"

namespace rapport::policy_test {
namespace {

constexpr char kAt[] = "2026-03-02T02:00:00Z";   // 11:00 in Tokyo

OutcomeSubject Subject(Purpose purpose = Purpose::kCare, Channel channel = Channel::kVisit) {
  OutcomeSubject subject;
  subject.followup = FollowUpId::Trusted("f");
  subject.customer = CustomerId::Trusted("c");
  subject.contact = ContactId::Trusted("baba");
  subject.rep = RepId::Trusted("sato");
  subject.channel = channel;
  subject.purpose = purpose;
  subject.objective = {"objective.slipping", {}};
  subject.not_before = At("2026-03-02T01:30:00Z");
  subject.zone = *ZoneRules::Bundled().Find("Asia/Tokyo");
  return subject;
}
OutcomeSubject OfAWorry() {
  OutcomeSubject subject = Subject(Purpose::kCare, Channel::kCall);
  subject.objective = {"objective.worry.listen", {}};
  subject.worry = WorryId::Trusted("w-1");
  return subject;
}

absl::StatusOr<std::vector<Event>> Events(const OutcomeSubject& subject, std::string_view answers, const std::string& by = "lee") {
  const auto json = Json::Parse(answers);
  EXPECT_TRUE(json.ok()) << answers;
  return OutcomeEvents(subject, *json, At(kAt), by.empty() ? RepId() : RepId::Trusted(by), "f/outcome/1/then");
}
template <class T>
const T* Only(const std::vector<Event>& events) {
  const T* found = nullptr;
  for (const Event& event : events) {
    if (const T* one = event.As<T>()) {
      EXPECT_EQ(found, nullptr) << T::kType << " twice";
      found = one;
    }
  }
  return found;
}
std::vector<std::string> TypesOf(const std::vector<Event>& events) {
  std::vector<std::string> types;
  for (const Event& event : events) types.emplace_back(event.type());
  return types;
}
using Types = std::vector<std::string>;

std::vector<std::string> KeysOf(const OutcomeSubject& subject) {
  const auto form = OutcomeForm(subject, Language::kEnglish, TestTexts());
  EXPECT_TRUE(form.ok()) << form.status();
  std::vector<std::string> keys;
  for (const Json& question : *form->Find("questions")->if_array()) keys.push_back(*question.Find("key")->if_string());
  return keys;
}

TEST(OutcomeForm, AsksAtMostSixFittedToTheFollowUp) {
  EXPECT_EQ(KeysOf(Subject()), (Types{"reached", "goal", "worry", "fact", "promise", "next"}));
  EXPECT_EQ(KeysOf(Subject(Purpose::kSell)), (Types{"reached", "goal", "worry", "refusal", "fact", "next"}));
  EXPECT_EQ(KeysOf(OfAWorry()), (Types{"reached", "goal", "worry", "fact", "promise", "next"}));
}

TEST(OutcomeForm, SaysItselfInFourLanguages) {
  for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
    for (const Purpose purpose : {Purpose::kCare, Purpose::kSell, Purpose::kService, Purpose::kAdmin}) {
      for (const auto& word : WordList<Channel>::kWords) {
        const auto form = OutcomeForm(Subject(purpose, word.value), language, TestTexts());
        ASSERT_TRUE(form.ok()) << form.status();
        for (const Json& question : *form->Find("questions")->if_array()) EXPECT_LE(DisplayWidth(*question.Find("text")->if_string()), 110);
      }
    }
  }
  const auto form = OutcomeForm(Subject(), Language::kEnglish, TestTexts());
  const Json& goal = (*form->Find("questions")->if_array())[1];
  EXPECT_EQ(*goal.Find("text")->if_string(), "Goal met: \"we talked, and they know we are there for them\"?");
  EXPECT_EQ(goal.Find("only_if")->Canonical(), R"({"reached":["reached"]})");
  EXPECT_EQ(*goal.Find("required")->if_bool(), true);
  const Json& reached = form->Find("questions")->if_array()->front();
  EXPECT_EQ(reached.Find("only_if"), nullptr);
  EXPECT_EQ(reached.Find("options")->if_array()->size(), 5u) << "nobody has a wrong number at the door";
}

TEST(Outcome, ATapIsATouchAndTheWorkIsDone) {
  const auto events = Events(Subject(), R"({"reached": "reached", "goal": true, "minutes": 45, "note": "went well", "start": "2026-03-02T10:00:00+09:00"})");
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(TypesOf(*events), (Types{"touch", "followup.done"}));
  const Touch* touch = Only<Touch>(*events);
  EXPECT_EQ(touch->channel, Channel::kVisit);
  EXPECT_EQ(touch->direction, Direction::kOutbound);
  EXPECT_EQ(touch->purpose, Purpose::kCare);
  EXPECT_EQ(touch->rep, RepId::Trusted("lee")) << "who was there, whoever was meant to be";
  EXPECT_EQ(touch->contact, ContactId::Trusted("baba"));
  EXPECT_EQ(touch->disposition, Disposition::kReached);
  EXPECT_EQ(touch->followup, FollowUpId::Trusted("f"));
  EXPECT_EQ(touch->objective_met, true);
  EXPECT_EQ(touch->minutes, 45);
  EXPECT_EQ(touch->start, At("2026-03-02T01:00:00Z"));
  EXPECT_EQ(Only<FollowUpDone>(*events)->objective_met, true);
  EXPECT_EQ(events->front().key, (EventKey{"rapport", "f/outcome/1/then/touch"}));
  EXPECT_EQ(events->front().recorded, At(kAt));
  EXPECT_EQ(Only<Touch>(*Events(Subject(), R"({"reached": "reached", "goal": false})", ""))->rep, RepId::Trusted("sato"));
}

TEST(Outcome, AllSixAnswersAreEvents) {
  const auto events = Events(Subject(), R"({"reached": "reached", "goal": false, "worry": {"text": "it hums", "topic": "noise", "product": "p-9"}, "fact": "fishes",
                                            "promise": {"what": "water report", "due": "2026-03-06"}, "next": "2026-03-12T10:00"})");
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(TypesOf(*events), (Types{"touch", "worry.raised", "fact.learned", "promise.made", "appointment.made", "followup.done"}));
  EXPECT_EQ(Only<WorryRaised>(*events)->topic, "noise");
  EXPECT_EQ(Only<WorryRaised>(*events)->contact, ContactId::Trusted("baba"));
  EXPECT_EQ(Only<FactLearned>(*events)->facet, "trait");
  EXPECT_EQ(Only<FactLearned>(*events)->learned_from, "customer");
  EXPECT_EQ(Only<PromiseMade>(*events)->by, PromiseBy::kOurs);
  EXPECT_EQ(Only<PromiseMade>(*events)->rep, RepId::Trusted("lee"));
  const AppointmentMade* made = Only<AppointmentMade>(*events);
  EXPECT_EQ(made->start, At("2026-03-12T10:00:00+09:00"));
  EXPECT_EQ(made->channel, Channel::kVisit);
  EXPECT_EQ(made->followup, FollowUpId::Trusted("f"));
}

TEST(Outcome, ADayAloneIsThatDayAtTheHourOfTheFollowUp) {
  const auto events = Events(Subject(), R"({"reached": "reached", "goal": true, "next": "2026-03-12"})");
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(Only<AppointmentMade>(*events)->start, At("2026-03-12T10:30:00+09:00"));
  const auto mail = Events(Subject(Purpose::kCare, Channel::kMail), R"({"reached": "reached", "goal": true, "next": "2026-03-12"})");
  EXPECT_EQ(Only<AppointmentMade>(*mail)->channel, Channel::kCall);
}

TEST(Outcome, NotReachedIsAnAttemptAndTheWorkStays) {
  const auto events = Events(Subject(), R"({"reached": "absent"})");
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(TypesOf(*events), Types{"touch"});
  EXPECT_FALSE(Only<Touch>(*events)->objective_met.has_value());
  const auto later = Events(Subject(), R"({"reached": "call_back", "next": "2026-03-04"})");
  EXPECT_EQ(TypesOf(*later), (Types{"touch", "followup.snoozed"}));
  EXPECT_EQ(Only<FollowUpSnoozed>(*later)->until, At("2026-03-04T00:00:00+09:00"));
  EXPECT_EQ(TypesOf(*Events(Subject(), R"({"reached": "refused_contact"})")), Types{"touch"});
  const auto away = Events(Subject(Purpose::kCare, Channel::kMail), R"({"reached": "auto_reply", "next": "2026-03-09"})");
  EXPECT_EQ(Only<Touch>(*away)->back_on, Day(2026, 3, 9));
}

TEST(Outcome, WherePolicySaysWhatFollowsAnAttemptItGoesOn) {
  OutcomeSubject step = Subject(Purpose::kSell, Channel::kCall);
  step.branches = {"absent", "busy"};
  EXPECT_EQ(TypesOf(*Events(step, R"({"reached": "busy"})")), (Types{"touch", "followup.done"}));
  EXPECT_EQ(TypesOf(*Events(step, R"({"reached": "wrong_number"})")), Types{"touch"});
  EXPECT_EQ(TypesOf(*Events(step, R"({"reached": "busy", "next": "2026-03-03"})")), (Types{"touch", "followup.snoozed"})) << "what the customer said goes first";
}

TEST(Outcome, AWorryIsCuredOrHeard) {
  const auto cured = Events(OfAWorry(), R"({"reached": "reached", "goal": true, "worry": "5-min flush"})");
  ASSERT_TRUE(cured.ok()) << cured.status();
  EXPECT_EQ(Only<WorryResolved>(*cured)->worry, WorryId::Trusted("w-1"));
  EXPECT_EQ(Only<WorryResolved>(*cured)->cure, "5-min flush");
  EXPECT_EQ(Only<WorryResolved>(*cured)->remedy, std::nullopt) << "what a rep types freely is private";
  const auto told = Events(OfAWorry(), R"({"reached": "reached", "goal": true, "worry": {"cured": true, "remedy": "flush", "text": "she did it herself"}})");
  EXPECT_EQ(Only<WorryResolved>(*told)->cure, "she did it herself");
  EXPECT_EQ(Only<WorryResolved>(*told)->remedy, "flush");
  EXPECT_NE(Only<WorryResolved>(*Events(OfAWorry(), R"({"reached": "reached", "goal": true, "worry": true})")), nullptr);
  const auto heard = Events(OfAWorry(), R"({"reached": "reached", "goal": true, "worry": false})");
  EXPECT_EQ(TypesOf(*heard), (Types{"touch", "worry.acknowledged", "followup.done"}));
}

TEST(Outcome, ASaleAsksWhichNoAndPromiseOrDate) {
  const auto no = Events(Subject(Purpose::kSell, Channel::kCall), R"({"reached": "reached", "goal": false, "refusal": "money", "next": {"what": "a smaller offer", "due": "2026-03-09"}})");
  ASSERT_TRUE(no.ok()) << no.status();
  EXPECT_EQ(TypesOf(*no), (Types{"touch", "refusal", "promise.made", "followup.done"}));
  EXPECT_EQ(Only<Refusal>(*no)->reason, RefusalReason::kMoney);
  const auto later = Events(Subject(Purpose::kSell, Channel::kCall), R"({"reached": "reached", "goal": false, "refusal": {"reason": "comparing", "come_back": "2026-04-01"},
                                                                         "next": {"at": "2026-04-01T10:00", "minutes": 30, "about": "their trial"}})");
  EXPECT_EQ(Only<Refusal>(*later)->come_back, Day(2026, 4, 1));
  EXPECT_EQ(Only<AppointmentMade>(*later)->minutes, 30);
  EXPECT_EQ(Only<AppointmentMade>(*later)->about, "their trial");
}

TEST(Outcome, NothingIsNothing) {
  for (const char* answers : {R"({"reached": "reached", "goal": true, "worry": false, "fact": "", "promise": null, "next": null})",
                              R"({"reached": "reached", "goal": true, "minutes": null, "note": ""})"}) {
    EXPECT_EQ(TypesOf(*Events(Subject(), answers)), (Types{"touch", "followup.done"})) << answers;
  }
}

struct Refused {
  const char* answers;
  const char* says;   // the beginning of the message
};

void ExpectRefused(const OutcomeSubject& subject, const Refused& one) {
  const auto events = Events(subject, one.answers);
  ASSERT_FALSE(events.ok()) << one.answers;
  EXPECT_EQ(TokenOf(events.status()), "outcome.invalid_answer");
  const std::string message(events.status().message());
  EXPECT_NE(message.find(one.says), std::string::npos) << message;
  EXPECT_NE(message.find("found "), std::string::npos) << message;
  EXPECT_NE(message.find("expected "), std::string::npos) << message;
}

TEST(Outcome, AnInvalidAnswerNamesItsQuestion) {
  for (const Refused& one : std::initializer_list<Refused>{
           {"[]", "answers:"},
           {"{}", "reached:"},
           {R"({"reached": null})", "reached:"},
           {R"({"reached": true})", "reached:"},
           {R"({"reached": "met"})", "expected one of reached, absent, busy, call_back, refused_contact"},
           {R"({"reached": "wrong_number"})", "reached:"},
           {R"({"reached": "reached"})", "goal: found nothing"},
           {R"({"reached": "reached", "goal": null})", "goal: found nothing"},
           {R"({"reached": "reached", "goal": "yes"})", "goal:"},
           {R"({"reached": "absent", "goal": true})", "goal: found true, expected nothing"},
           {R"({"reached": "absent", "fact": "fishes"})", "fact:"},
           {R"({"reached": "reached", "goal": true, "refusal": "money"})", "the question \"refusal\""},
           {R"({"reached": "reached", "goal": true, "wory": true})", "the question \"wory\""},
           {R"({"reached": "reached", "goal": true, "worry": 3})", "worry:"},
           {R"({"reached": "reached", "goal": true, "worry": {"txt": "x"}})", "the member \"txt\""},
           {R"({"reached": "reached", "goal": true, "worry": {"text": 3}})", "worry.text:"},
           {R"({"reached": "reached", "goal": true, "fact": {"facet": "hobby"}})", "fact.value:"},
           {R"({"reached": "reached", "goal": true, "fact": ["a"]})", "fact:"},
           {R"({"reached": "reached", "goal": true, "promise": {"due": "2026-03-06"}})", "promise:"},
           {R"({"reached": "reached", "goal": true, "promise": {"what": "x", "due": "2026-03-01"}})", "promise.due: found \"2026-03-01\", expected 2026-03-02 or later"},
           {R"({"reached": "reached", "goal": true, "promise": {"what": "x", "due": "Friday"}})", "promise.due:"},
           {R"({"reached": "reached", "goal": true, "promise": {"what": "x", "by": "them"}})", "promise.by:"},
           {R"({"reached": "reached", "goal": true, "promise": {"quantity": 0, "unit": "filters"}})", "promise.quantity:"},
           {R"({"reached": "reached", "goal": true, "next": "2026-03-02"})", "next: found \"2026-03-02\", expected a day after 2026-03-02"},
           {R"({"reached": "reached", "goal": true, "next": "2026-03-02T11:00"})", "next:"},
           {R"({"reached": "reached", "goal": true, "next": "soon"})", "next:"},
           {R"({"reached": "reached", "goal": true, "next": "2026-02-30"})", "next:"},
           {R"({"reached": "reached", "goal": true, "next": "586600-1-1T10:00"})", "next: found \"586600-1-1T10:00\", expected a day (2026-03-12)"},
           {R"({"reached": "reached", "goal": true, "next": "-26-03-12T10:00"})", "next:"},
           {R"({"reached": "reached", "goal": true, "next": "2026-3-012T10:00"})", "next:"},
           {R"({"reached": "reached", "goal": true, "next": "2026-02-30T10:00"})", "next:"},
           {R"({"reached": "reached", "goal": true, "next": "2026-03-12T24:00"})", "next:"},
           {R"({"reached": "reached", "goal": true, "next": "2026-03-12T10:60"})", "next:"},
           {R"({"reached": "reached", "goal": true, "next": "2026-03-12 10:00"})", "next:"},
           {R"({"reached": "reached", "goal": true, "next": {"minutes": 30}})", "next.at:"},
           {R"({"reached": "reached", "goal": true, "next": {"at": "2026-03-12", "minutes": 0}})", "next.minutes:"},
           {R"({"reached": "reached", "goal": true, "minutes": 1441})", "answers.minutes:"},
           {R"({"reached": "reached", "goal": true, "minutes": 1.5})", "answers.minutes:"},
           {R"({"reached": "reached", "goal": true, "start": "2026-03-02T11:01:00+09:00"})", "start:"},
           {R"({"reached": "reached", "goal": true, "start": "10:00"})", "start:"}}) {
    ExpectRefused(Subject(), one);
  }
  for (const Refused& one : std::initializer_list<Refused>{{R"({"reached": "reached", "goal": true})", "worry: found nothing"},
                                                           {R"({"reached": "reached", "goal": true, "worry": {"remedy": "x"}})", "worry.cured:"},
                                                           {R"({"reached": "reached", "goal": true, "worry": ""})", "worry:"},
                                                           {R"({"reached": "reached", "goal": true, "worry": {"cured": false, "remedy": "x"}})", "worry:"}}) {
    ExpectRefused(OfAWorry(), one);
  }
  for (const Refused& one : std::initializer_list<Refused>{{R"({"reached": "reached", "goal": true, "refusal": "price"})", "refusal:"},
                                                           {R"({"reached": "reached", "goal": true, "refusal": {"text": "x"}})", "refusal.reason:"},
                                                           {R"({"reached": "reached", "goal": true, "refusal": {"reason": "money", "come_back": "2026-03-02"}})", "refusal.come_back:"},
                                                           {R"({"reached": "reached", "goal": true, "promise": "x"})", "the question \"promise\""},
                                                           {R"({"reached": "absent", "next": {"what": "x"}})", "next:"}}) {
    ExpectRefused(Subject(Purpose::kSell, Channel::kCall), one);
  }
}

TEST(Outcome, ANextDateIsOneThatEventsCanTell) {
  OutcomeSubject far = Subject();
  far.zone = *ZoneRules::Bundled().Find("America/New_York");
  ExpectRefused(far, {R"({"reached": "reached", "goal": true, "next": "9999-12-31T23:59"})", "a moment up to 9999-12-31"});
  EXPECT_TRUE(Events(far, R"({"reached": "reached", "goal": true, "next": "9999-12-31T18:59"})").ok());
}

TEST(Outcome, TheSameAnswersAreTheSameEvents) {
  const char* answers = R"({"reached": "reached", "goal": true, "fact": "fishes", "next": "2026-03-12"})";
  const auto once = Events(Subject(), answers), twice = Events(Subject(), answers);
  ASSERT_TRUE(once.ok() && twice.ok());
  ASSERT_EQ(once->size(), twice->size());
  for (std::size_t i = 0; i < once->size(); ++i) EXPECT_EQ(EncodeEvent((*once)[i]).Canonical(), EncodeEvent((*twice)[i]).Canonical());
}

}  // namespace
}  // namespace rapport::policy_test
