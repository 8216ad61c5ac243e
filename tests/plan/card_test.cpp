// The card: what it says, what it never says, and on what it rests.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "policy/world.hpp"
#include "rapport/plan/card.hpp"

namespace rapport::policy_test {
namespace {

constexpr std::array kLanguages{Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese};
constexpr char kNow[] = "2026-03-02T00:00:00Z";

// Some argument that any form takes, for patterns.
SentenceArgument Sample(const std::string& name) {
  if (name == "agree_on") return Day(2026, 3, 12);
  for (const char* number : {"buyers", "cured", "in_ten", "days_early", "more", "n"}) {
    if (name == number) return std::int64_t{3};
  }
  return std::string("the refit");
}

std::vector<std::string> Objectives() {
  std::vector<std::string> keys;
  for (const std::string& key : Catalogue::Bundled().Keys(Language::kEnglish)) {
    if (key.starts_with("objective.")) keys.push_back(key);
  }
  return keys;
}

Sentence Sampled(const std::string& key) {
  Sentence sentence{key, {}};
  const auto names = Catalogue::Bundled().ArgumentsOf(key, Language::kEnglish);
  EXPECT_TRUE(names.ok()) << key;
  for (const std::string& name : *names) sentence.arguments[name] = Sample(name);
  return sentence;
}

TEST(CardObjectives, EachHasAGoalAndAnOpeningInFourLanguages) {
  const std::vector<std::string> keys = Objectives();
  ASSERT_GT(keys.size(), 35u);
  for (const std::string& key : keys) {
    const Sentence objective = Sampled(key);
    for (const Sentence& said : {GoalOf(objective), OpeningOf(objective)}) {
      EXPECT_FALSE(said.key.ends_with(".general")) << key;
      for (const Language language : kLanguages) {
        EXPECT_TRUE(Catalogue::Bundled().Has(said.key, language)) << said.key;
        const std::string text = Say(said, language);
        EXPECT_LE(DisplayWidth(text), 110) << text;
        EXPECT_GT(text.size(), 4u);
      }
    }
  }
}

TEST(CardObjectives, EveryStepOfTheDefaultPolicyHasBoth) {
  int steps = 0;
  for (const Rule& rule : Policy::Default().rules()) {
    for (const Step& step : rule.steps) {
      const Sentence objective{"objective." + step.action.objective, {}};
      EXPECT_EQ(GoalOf(objective).key, "goal." + step.action.objective) << rule.name;
      EXPECT_EQ(OpeningOf(objective).key, "opening." + step.action.objective) << rule.name;
      ++steps;
    }
  }
  EXPECT_GT(steps, 20);
}

// The bundled rule of letters is a policy of its own: its objective has words as every other.
TEST(CardObjectives, ALetterHasWordsOfItsOwn) {
  EXPECT_EQ(GoalOf({"objective.letter", {}}).key, "goal.letter");
  EXPECT_EQ(OpeningOf({"objective.letter", {}}).key, "opening.letter");
}

TEST(CardObjectives, AVariantWithoutWordsOfItsOwnSaysThoseOfItsKind) {
  EXPECT_EQ(GoalOf(Sampled("objective.promise-agree.day")).key, "goal.promise-agree");
  EXPECT_EQ(GoalOf(Sampled("objective.large-account.who_decides")).key, "goal.large-account.who_decides");
  EXPECT_EQ(GoalOf({"objective.large-account.who_decides", {}}).key, "goal.large-account") << "without the matter nobody can be asked about it";
  EXPECT_EQ(GoalOf({"objective.of-a-host", {}}).key, "goal.general");
  EXPECT_EQ(OpeningOf({"objective.of-a-host", {}}).key, "opening.general");
}

// An account of which something of every kind is known.
class Card : public testing::Test {
 protected:
  void SetUp() override {
    CustomerUpserted hotel = Profile("Asia/Tokyo", true);
    hotel.kind = CustomerKind::kOrganisation;
    hotel.segment = "hotel";
    hotel.owner = RepId::Trusted("sato");
    hotel.language = "ja";
    world.Add("c", "hotel", "2025-06-02T00:00:00Z", hotel);
    Contact("baba", "facilities", DecisionRight::kShared, true);
    Contact("kato", std::nullopt, std::nullopt, false);
    world.Add("", "softener", "2025-06-02T00:00:00Z", Softener());
    Fact("f-1", "2025-06-03T00:00:00Z", "wish", "kato");
    Fact("f-2", "2025-11-14T00:00:00Z", "hobby", "baba");
    world.Add("c", "worry", "2026-01-11T00:00:00Z", Worried("w-1"));
    world.Add("c", "cured", "2026-01-20T00:00:00Z", WorryResolved{WorryId::Trusted("w-1"), {}, "rubber feet", {}});
    world.Add("c", "owed", "2026-02-20T00:00:00Z", Owed(PromiseBy::kOurs, Day(2026, 3, 6)));
    world.Add("c", "theirs", "2026-02-20T00:00:00Z", Owed(PromiseBy::kCustomer, std::nullopt));
    NeedStated need;
    need.by = Day(2026, 5, 1);
    world.Add("c", "need", "2026-02-01T00:00:00Z", need);
    Refusal no;
    no.reason = RefusalReason::kMoney;
    world.Add("c", "no", "2026-01-02T00:00:00Z", no);
    CompetitorSeen seen;
    seen.competitor = "AquaOne";
    world.Add("c", "seen", "2026-01-03T00:00:00Z", seen);
    OfferKnown offer;
    offer.competitor = "AquaOne", offer.offer = "S9", offer.price = Yen(200'000), offer.warranty_months = 12;
    world.Add("", "offer", "2026-01-03T00:00:00Z", offer);
    for (int visit = 1; visit <= 4; ++visit) Visit("visit-" + std::to_string(visit), 10 + visit, visit == 4 ? "engineer" : "sato");
  }

  void Contact(const std::string& id, std::optional<std::string> role, std::optional<DecisionRight> decides, bool primary) {
    ContactUpserted contact;
    contact.contact = ContactId::Trusted(id);
    contact.role = std::move(role);
    contact.decides = decides;
    contact.primary = primary;
    world.Add("c", id, "2025-06-02T00:00:00Z", contact);
  }
  void Fact(const std::string& id, const char* at, const std::string& facet, std::optional<std::string> contact, std::optional<std::string> from = "customer") {
    FactLearned fact;
    fact.facet = facet;
    fact.learned_from = std::move(from);
    if (contact) fact.contact = ContactId::Trusted(*contact);
    world.Add("c", id, at, fact);
    texts.texts[id + ".value"] = "(" + id + ")";
  }
  static WorryRaised Worried(const std::string& id) {
    WorryRaised worry;
    worry.worry = WorryId::Trusted(id);
    return worry;
  }
  static PromiseMade Owed(PromiseBy by, std::optional<Day> due) {
    PromiseMade promise;
    promise.by = by;
    promise.due = due;
    return promise;
  }
  void Visit(const std::string& id, int day, const std::string& rep) {
    Touch touch = Reached();
    touch.channel = Channel::kVisit;
    touch.rep = RepId::Trusted(rep);
    touch.contact = ContactId::Trusted("baba");
    world.Add("c", id, "2026-02-" + std::to_string(day) + "T01:00:00Z", touch);
  }

  static CardSubject Subject(Purpose purpose = Purpose::kCare, const std::string& objective = "objective.large-account") {
    CardSubject subject;
    subject.followup = FollowUpId::Trusted("f");
    subject.contact = ContactId::Trusted("baba");
    subject.rep = RepId::Trusted("sato");
    subject.rule = "large";
    subject.channel = Channel::kVisit;
    subject.purpose = purpose;
    subject.minutes = 60;
    subject.objective = {objective, {}};
    subject.derivation = *Json::Parse(R"({"trigger": {"root": {"source": "test", "id": "hotel"}, "evidence": [{"source": "test", "id": "visit-1"}]},
                                          "conditions": {"all": []}, "permission": {}, "value": {}, "rests_on": {"contact": [{"source": "test", "id": "baba"}]},
                                          "events": 2})");
    return subject;
  }
  Sheet Made(const CardSubject& subject, std::optional<Instant> start = std::nullopt) {
    view = world.Seen(kNow);
    return MakeCard(subject, InputFor(view->account(), view->context, At(kNow)), start);
  }
  std::vector<std::string> Lines(const Sheet& card, std::string_view section) {
    std::vector<std::string> lines;
    const SheetSection* found = card.Find(section);
    if (found == nullptr) return lines;
    for (const SheetLine& line : found->lines) lines.push_back(Say(line.sentence, Language::kEnglish, texts));
    return lines;
  }
  using Texts = std::vector<std::string>;
  // Whether a fact of whom we meet, the newest of all, is on the card.
  bool Tells(const std::string& facet, Purpose purpose) {
    const World before = world;
    Fact("x", "2026-02-28T00:00:00Z", facet, "baba");
    const Texts know = Lines(Made(Subject(purpose)), "know");
    world = before;
    return std::any_of(know.begin(), know.end(), [](const std::string& line) { return line.find("(x)") != std::string::npos; });
  }

  World world;
  std::unique_ptr<World::View> view;
  TestTexts texts;
};

TEST_F(Card, SaysWhoTheyAreAndWhatWeKnow) {
  texts.texts["need.text"] = "soft water";
  const Sheet card = Made(Subject(), At("2026-03-02T01:30:00Z"));
  EXPECT_EQ(Say(card.title), "CARD 10:30 c · baba (facilities) · 60 min · purpose care: nothing to sell today");
  EXPECT_EQ(Lines(card, "know"), (Texts{"(f-2) (told us 14 Nov).", "(f-1) (kato, 3 Jun).", "baba decides with others.", "Needs \"soft water\" by Fri 1 May.",
                                        "Not known, ask: who decides beside baba.", "hotel, a large account; with us since 2025."}));
  EXPECT_EQ(Lines(card, "goal"), Texts{"\"we know what they plan next, and by when\""});
  EXPECT_EQ(Lines(card, "open"), (Texts{"\"What lies ahead of you this year?\"", "Then listen."}));
  EXPECT_EQ(Lines(card, "after"), Texts{"reached? goal? worry? new fact? promise? next date?"});
  EXPECT_EQ(Lines(card, "why"), Texts{"rule large, 2 events."});
}

// As the plan tells it: in the rep's zone, else the book's; the customer's own is another matter.
TEST_F(Card, ItsStartIsToldInTheRepsZone) {
  CustomerUpserted paris = Profile("Europe/Paris", true);
  world.Add("c", "moved", "2025-06-03T00:00:00Z", paris);
  const auto title = [&] { return Say(Made(Subject(), At("2026-03-02T07:00:00Z")).title); };
  EXPECT_TRUE(title().starts_with("CARD 16:00 ")) << title();
  RepUpserted sato;
  sato.rep = RepId::Trusted("sato");
  world.Add("", "sato", "2025-06-03T00:00:00Z", sato);
  EXPECT_TRUE(title().starts_with("CARD 16:00 ")) << title();
  sato.zone = "Asia/Seoul";
  world.Add("", "sato-2", "2025-06-04T00:00:00Z", sato);
  EXPECT_TRUE(title().starts_with("CARD 16:00 ")) << title();
  sato.zone = "America/New_York";
  world.Add("", "sato-3", "2025-06-05T00:00:00Z", sato);
  EXPECT_TRUE(title().starts_with("CARD 02:00 ")) << title();
}

TEST_F(Card, SaysWhatIsOwedAndWhatWas) {
  texts.texts["owed.what"] = "water report";
  texts.texts["theirs.what"] = "the readings";
  texts.texts["worry.text"] = "noise";
  const Sheet card = Made(Subject());
  EXPECT_EQ(Lines(card, "owe"), Texts{"\"water report\" by Fri 6 Mar."});
  EXPECT_EQ(Lines(card, "they_owe"), Texts{"\"the readings\"; no day is set."});
  EXPECT_EQ(Lines(card, "last"), (Texts{"visit on 14 Feb, engineer.", "\"noise\" solved in 9 days (20 Jan): rubber feet.", "No worry is open."}));
  EXPECT_TRUE(Lines(card, "worries").empty());
  const Texts standing = Lines(card, "standing");
  ASSERT_EQ(standing.size(), 2u);
  EXPECT_TRUE(standing[0].starts_with("trusts us; slips one rung on ")) << standing[0];
  EXPECT_EQ(standing[1], "engineer knows baba too.");
}

TEST_F(Card, TheLastContactIsTheOneMadeLastHoweverLateItWasNoted) {
  Touch call = Reached();
  call.start = At("2026-02-10T03:00:00Z");   // before the visit of the 14th, noted after it
  world.Add("c", "late", "2026-02-20T03:00:00Z", call);
  EXPECT_EQ(Lines(Made(Subject()), "last").front(), "visit on 14 Feb, engineer.");
  call.start = At("2026-02-18T03:00:00Z");
  world.Add("c", "later", "2026-02-23T03:00:00Z", call);
  EXPECT_TRUE(Lines(Made(Subject()), "last").front().starts_with("call on 18 Feb")) << Lines(Made(Subject()), "last").front();
}

TEST_F(Card, AnOpenWorryStandsByItselfTheOldestFirst) {
  world.Add("c", "again", "2026-02-26T00:00:00Z", Worried("w-2"));
  world.Add("c", "more", "2026-02-27T00:00:00Z", Worried("w-3"));
  texts.texts["again.text"] = "smell", texts.texts["more.text"] = "taste";
  const Sheet card = Made(Subject());
  EXPECT_EQ(Lines(card, "worries"), (Texts{"Since Thu 26 Feb: \"smell\".", "Since Fri 27 Feb: \"taste\"."}));
  for (const std::string& line : Lines(card, "last")) EXPECT_EQ(line.find("No worry"), std::string::npos);
}

TEST_F(Card, OfManyPromisesThoseThatFallDueFirst) {
  for (int i = 0; i < 5; ++i) world.Add("c", "p-" + std::to_string(i), "2026-02-21T00:00:00Z", Owed(PromiseBy::kOurs, Day(2026, 4, 5 - i)));
  const Sheet card = Made(Subject());
  const SheetSection* owe = card.Find("owe");
  ASSERT_NE(owe, nullptr);
  ASSERT_EQ(owe->lines.size(), 3u);
  EXPECT_EQ(owe->lines[0].events.front().id, "owed");
  EXPECT_EQ(owe->lines[1].events.front().id, "p-4");
}

TEST_F(Card, WhatIsCountedIsOwedLessWhatCame) {
  PromiseMade filters = Owed(PromiseBy::kOurs, Day(2026, 3, 4));
  filters.promise = PromiseId::Trusted("p"), filters.quantity = 10, filters.unit = "filters";
  world.Add("c", "filters", "2026-02-21T00:00:00Z", filters);
  world.Add("c", "some", "2026-02-22T00:00:00Z", PromiseDelivered{PromiseId::Trusted("p"), 4, {}});
  const Sheet card = Made(Subject());
  EXPECT_EQ(Lines(card, "owe").front(), "6 filters by Wed 4 Mar.");
  EXPECT_EQ(card.Find("owe")->lines.front().events, (std::vector<EventKey>{{"test", "filters"}, {"test", "some"}}));
}

TEST_F(Card, OpensWithWhatWasDelivered) {
  world.Add("c", "order", "2025-11-18T00:00:00Z", Order("p-9", 930'000));
  PurchaseDelivered delivered;
  world.Add("c", "delivered", "2025-12-09T00:00:00Z", delivered);
  ProductUpserted named;
  named.product = ProductId::Trusted("p-9");
  named.name = "Softener L60";
  world.Add("", "named", "2025-06-02T00:00:00Z", named);
  EXPECT_EQ(Lines(Made(Subject()), "open").front(), "\"How has Softener L60 run since 9 Dec?\"");
  EXPECT_EQ(Lines(Made(Subject(Purpose::kCare, "objective.worry.listen")), "open").front(), "\"What happened, and since when?\"");
  // The promise that came with the order has words for what was counted.
  PromiseMade two = Owed(PromiseBy::kOurs, Day(2025, 12, 10));
  two.promise = PromiseId::Trusted("p-2"), two.order = OrderId::Trusted("order"), two.quantity = 2, two.unit = "softeners";
  world.Add("c", "two", "2025-11-21T00:00:00Z", two);
  world.Add("c", "two-came", "2025-12-09T01:00:00Z", PromiseDelivered{PromiseId::Trusted("p-2"), 2, {}});
  const Sheet card = Made(Subject());
  EXPECT_EQ(Lines(card, "open").front(), "\"How have the 2 softeners run since 9 Dec?\"");
  EXPECT_EQ(card.Find("open")->lines.front().events, (std::vector<EventKey>{{"test", "order"}, {"test", "delivered"}, {"test", "two"}}));
  world.Add("c", "back", "2026-01-05T00:00:00Z", PurchaseReturned{});
  EXPECT_EQ(Lines(Made(Subject()), "open").front(), "\"What lies ahead of you this year?\"") << "what was given back runs no more";
}

TEST_F(Card, ACardThatCaresNeverArgues) {
  int caring = 0;
  for (const Rule& rule : Policy::Default().rules()) {
    for (const Step& step : rule.steps) {
      CardSubject subject = Subject(rule.purpose, "objective." + step.action.objective);
      subject.rule = rule.name;
      const Sheet card = Made(subject);
      const bool sells = rule.purpose == Purpose::kSell;
      for (const char* section : {"said_no", "market"}) EXPECT_EQ(card.Find(section) != nullptr, sells) << rule.name << " " << section;
      for (const SheetSection& section : card.sections) {
        for (const SheetLine& line : section.lines) {
          EXPECT_TRUE(sells || Say(line.sentence).find("AquaOne") == std::string::npos) << rule.name;
        }
      }
      caring += sells ? 0 : 1;
    }
  }
  EXPECT_GT(caring, 20);
  const Sheet selling = Made(Subject(Purpose::kSell, "objective.sell.offer"));
  EXPECT_EQ(Lines(selling, "said_no"), Texts{"money on 2 Jan."});
  EXPECT_EQ(Lines(selling, "market"), (Texts{"AquaOne was seen here on 3 Jan.", "AquaOne offers S9 for JPY 200,000 with 12 months' warranty."}));
  EXPECT_EQ(Lines(selling, "after"), Texts{"reached? goal? worry? which no? new fact? promise or next date?"});
}

TEST_F(Card, WhatIsNeverUsedIsNotOnItHoweverItIsSpelled) {
  const Texts never{"age", "Age", " AGE ", "age (years)", "sex", "Gender", "nationality", "Nationality", "date_of_birth", "date of birth", "Date-of-Birth",
                    "dateOfBirth", "birth day", "Birthday", "birthdate", "Place of birth", "DOB", "D.O.B.", "race", "Religion", "Ethnic group", "citizenship",
                    "年齢", "ご年齢", "性別", "国籍", "生年月日", "誕生日", "宗教", "나이", "연령", "성별", "국적", "생년월일", "생일", "종교", "年龄", "性别", "出生日期",
                    "生日", "种族"};
  for (const std::string& facet : never) {
    for (const Purpose purpose : {Purpose::kCare, Purpose::kSell}) EXPECT_FALSE(Tells(facet, purpose)) << facet;
  }
  for (const char* facet : {"stage", "machine age", "boat race", "parking", "나이키", "Hobby"}) EXPECT_TRUE(Tells(facet, Purpose::kCare)) << facet;
}

TEST_F(Card, WhatServesSellingIsTheirsWhereWeSell) {
  for (const char* facet : {"competitor", "Competitors", "budget", "Budget 2026", "next_purchase", "Next purchase", "price", "競合", "予算", "경쟁사", "예산", "竞争对手",
                            "预算"}) {
    for (const Purpose care : {Purpose::kCare, Purpose::kService, Purpose::kAdmin}) EXPECT_FALSE(Tells(facet, care)) << facet;
    EXPECT_TRUE(Tells(facet, Purpose::kSell)) << facet;
  }
}

TEST_F(Card, AFacetThatSpeaksForItselfDoesSoHoweverItIsSpelled) {
  Fact("x", "2026-02-28T00:00:00Z", "Hobby ", "baba");
  EXPECT_EQ(Lines(Made(Subject()), "know").front(), "(x) (told us 28 Feb).");
}

TEST_F(Card, ANewerValueTakesThePlaceOfAnOlderOneAndSourcesAreNamed) {
  Fact("f-3", "2026-01-01T00:00:00Z", "hobby", "baba");
  Fact("f-4", "2026-01-02T00:00:00Z", "fiscal_year_ends", std::nullopt, "web");
  Fact("f-5", "2026-01-03T00:00:00Z", "parking", std::nullopt, std::nullopt);
  const Texts know = Lines(Made(Subject()), "know");
  EXPECT_EQ((Texts{know.begin(), know.begin() + 4}), (Texts{"(f-3) (told us 1 Jan).", "parking: (f-5) (noted 3 Jan).", "fiscal year ends: (f-4) (web, 2 Jan).",
                                                            "(f-1) (kato, 3 Jun)."}));
}

TEST_F(Card, EveryLineCitesWhatItRestsOnButWhatIsNotKnown) {
  for (const Purpose purpose : {Purpose::kCare, Purpose::kSell}) {
    const Sheet card = Made(Subject(purpose, purpose == Purpose::kSell ? "objective.sell.offer" : "objective.slipping"));
    for (const SheetSection& section : card.sections) {
      for (const SheetLine& line : section.lines) {
        const std::string& key = line.sentence.key;
        const bool rests_on_none = key.starts_with("card.unknown.") || key.starts_with("card.after.") || key == "card.last.none_open";
        EXPECT_TRUE(rests_on_none || !line.events.empty()) << key;
        EXPECT_EQ(line.followup, FollowUpId::Trusted("f"));
      }
    }
  }
}

TEST_F(Card, WhoWithdrewConsentToBeScoredIsNotRanked) {
  ConsentChanged no;
  no.state = ConsentState::kWithdrawn, no.purpose = ConsentPurpose::kProfiling;
  world.Add("c", "unranked", "2026-02-28T00:00:00Z", no);
  EXPECT_EQ(Lines(Made(Subject()), "standing"), Texts{"engineer knows baba too."}) << "who else knows them is no score";
}

TEST_F(Card, WorthAskingGoesByWorth) {
  const auto asked = [&](Purpose purpose = Purpose::kCare, std::optional<ContactId> contact = ContactId::Trusted("baba")) {
    view = world.Seen(kNow);
    return std::string(WorthAsking(view->account(), contact, purpose));
  };
  EXPECT_EQ(asked(), "decides");
  Contact("boss", "director", DecisionRight::kYes, false);
  EXPECT_EQ(asked(), "expectation") << "role and language of Mr Baba are known, and care asks for no order";
  EXPECT_EQ(asked(Purpose::kSell), "expectation") << "by when they need it is known of the need";
  EXPECT_EQ(asked(Purpose::kCare, ContactId::Trusted("kato")), "role");
  NeedStated met;
  met.need = NeedId::Trusted("need"), met.met = true;
  world.Add("c", "met", "2026-02-02T00:00:00Z", met);
  EXPECT_EQ(asked(Purpose::kSell), "next_purchase");
  ExpectationStated expectation;
  expectation.dimension = "outcome";
  world.Add("c", "expects", "2026-02-03T00:00:00Z", expectation);
  EXPECT_EQ(asked(), "");
  World bare;
  bare.Add("p", "person", "2026-01-01T00:00:00Z", CustomerUpserted{});
  view = bare.Seen(kNow);
  EXPECT_EQ(WorthAsking(view->account("p"), std::nullopt, Purpose::kCare), "expectation") << "a person decides himself";
  CustomerUpserted firm;
  firm.kind = CustomerKind::kOrganisation;
  bare.Add("q", "firm", "2026-01-01T00:00:00Z", firm);
  view = bare.Seen(kNow);
  EXPECT_EQ(WorthAsking(view->account("q"), std::nullopt, Purpose::kCare), "contact");
}

TEST_F(Card, ADocumentIsTheSheetAndItsText) {
  const Sheet card = Made(Subject());
  const auto sheet = SheetJson(card, Language::kEnglish, texts);
  auto document = SheetDocument(card, "a\ttext", Language::kEnglish, texts);
  ASSERT_TRUE(sheet.ok() && document.ok());
  EXPECT_EQ(*document->Find("text"), Json("a\ttext"));
  document->if_object()->erase("text");
  EXPECT_EQ(*document, *sheet);
}

TEST_F(Card, ReadsInFourLanguagesWithinItsWidth) {
  const std::string long_text(300, 'x');
  for (const char* text : {"f-1.value", "owed.what", "worry.text", "need.text"}) texts.texts[text] = long_text;
  for (const Language language : kLanguages) {
    for (const Purpose purpose : {Purpose::kCare, Purpose::kService, Purpose::kSell, Purpose::kAdmin}) {
      const auto card = SheetJson(Made(Subject(purpose), At("2026-03-02T01:30:00Z")), language, texts);
      ASSERT_TRUE(card.ok()) << card.status();
      for (const Json& section : *card->Find("sections")->if_array()) {
        for (const Json& line : *section.Find("lines")->if_array()) EXPECT_LE(DisplayWidth(*line.Find("text")->if_string()), 110);
      }
    }
    EXPECT_TRUE(SheetText(Made(Subject()), language, texts).ok());
  }
}

}  // namespace
}  // namespace rapport::policy_test
