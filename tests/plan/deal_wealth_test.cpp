#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "rapport/core/sentence.hpp"
#include "rapport/plan/deal_wealth.hpp"

namespace rapport {
namespace {

Instant At(std::string_view text) { return ParseStamp(text)->at; }
Money Euro(std::int64_t cents) { return Money(cents, *Currency::Parse("EUR")); }

OpportunityRecord Deal(OpportunityState state = OpportunityState::kWon) {
  OpportunityRecord deal;
  deal.id = OpportunityId::Trusted("o-1");
  deal.opened = At("2026-01-05T09:00:00Z");
  deal.closed = At("2026-02-05T09:00:00Z");
  deal.state = state;
  deal.value = Euro(100'000);
  return deal;
}

PurchaseRecord Order(std::optional<Money> amount, std::optional<Money> margin = std::nullopt) {
  PurchaseRecord order;
  order.order = OrderId::Trusted("b-1");
  order.amount = amount;
  order.margin = margin;
  return order;
}

Said<LessonRecorded> Lesson(std::string_view at, std::optional<OpportunityId> of = std::nullopt) {
  Said<LessonRecorded> lesson{{"crm", std::string(at)}, At(at), {}};
  lesson.data.opportunity = std::move(of);
  return lesson;
}

TEST(DealWealth, FourVerdicts) {
  const auto verdict = [](bool won, Rung before, Rung after) {
    DealFacts facts;
    facts.won = won, facts.rung_before = before, facts.rung_after = after;
    return JudgeDeal(facts).verdict;
  };
  EXPECT_EQ(verdict(true, Rung::kTrust, Rung::kTrust), DealVerdict::kFull);
  EXPECT_EQ(verdict(true, Rung::kNone, Rung::kRecognised), DealVerdict::kFull);
  EXPECT_EQ(verdict(true, Rung::kTrust, Rung::kRecognised), DealVerdict::kBarePass);
  EXPECT_EQ(verdict(true, Rung::kNone, Rung::kNone), DealVerdict::kBarePass) << "what was never there did not keep";
  EXPECT_EQ(verdict(false, Rung::kRecognised, Rung::kReliance), DealVerdict::kSuccess);
  EXPECT_EQ(verdict(false, Rung::kStanding, Rung::kReliance), DealVerdict::kFailure);
  EXPECT_EQ(NameOf(DealVerdict::kBarePass), "bare_pass");
}

TEST(DealWealth, AWonDealThatBroughtNothingIsNoIncome) {
  DealFacts facts;
  facts.won = true;
  EXPECT_TRUE(JudgeDeal(facts).income) << "nobody said how much";
  facts.brought = Euro(1);
  EXPECT_TRUE(JudgeDeal(facts).income);
  facts.margin = Euro(-1);
  EXPECT_FALSE(JudgeDeal(facts).income) << "sold below its cost";
  facts.margin.reset();
  facts.brought = Euro(0);
  EXPECT_FALSE(JudgeDeal(facts).income) << "the order was cancelled";
}

TEST(DealWealth, ALessonNeverMovesTheVerdictAndARungUpNeverWorsensIt) {
  EXPECT_TRUE(rc::check([] {
    DealFacts facts;
    facts.won = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) facts.brought = Euro(*rc::gen::inRange(-2, 3));
    facts.rung_before = static_cast<Rung>(*rc::gen::inRange(0, 5));
    facts.rung_after = static_cast<Rung>(*rc::gen::inRange(0, 4));
    const DealWealth wealth = JudgeDeal(facts);
    DealFacts learned = facts, closer = facts;
    learned.lesson = true;
    closer.rung_after = static_cast<Rung>(static_cast<int>(facts.rung_after) + 1);
    RC_ASSERT(JudgeDeal(learned).verdict == wealth.verdict);
    RC_ASSERT(JudgeDeal(learned).experience && !wealth.experience);
    RC_ASSERT(JudgeDeal(closer).verdict == wealth.verdict || JudgeDeal(closer).relationship);
    RC_ASSERT(wealth.income == (wealth.verdict == DealVerdict::kFull || wealth.verdict == DealVerdict::kBarePass));
    RC_ASSERT(wealth.relationship == (wealth.verdict == DealVerdict::kFull || wealth.verdict == DealVerdict::kSuccess));
  }));
}

TEST(DealWealth, WhatIsKeptOfTheOrderIsWhatTheDealBrought) {
  Account account;
  OpportunityRecord deal = Deal();
  EXPECT_EQ(BroughtBy(account, deal), Euro(100'000)) << "its own value where it names no order";
  deal.order = OrderId::Trusted("b-1");
  EXPECT_EQ(BroughtBy(account, deal), Euro(100'000)) << "or one that nobody knows";
  account.purchases.push_back(Order(Euro(80'000), Euro(20'000)));
  EXPECT_EQ(BroughtBy(account, deal), Euro(80'000));
  EXPECT_EQ(MarginOf(account, deal), Euro(20'000));
  account.purchases.back().returned_amount = Euro(20'000);
  EXPECT_EQ(BroughtBy(account, deal), Euro(60'000));
  EXPECT_EQ(MarginOf(account, deal), Euro(15'000));
  account.purchases.back().returned_amount = Money(20'000, *Currency::Parse("USD"));
  EXPECT_EQ(BroughtBy(account, deal), std::nullopt) << "in another currency: nobody can say what is left";
  EXPECT_EQ(MarginOf(account, deal), std::nullopt);
  account.purchases.back().returned_whole = true;
  EXPECT_EQ(BroughtBy(account, deal), Euro(0));
  EXPECT_EQ(BroughtBy(account, Deal(OpportunityState::kLost)), std::nullopt);
  account.cancelled_purchases = std::move(account.purchases);
  account.purchases.clear();
  EXPECT_EQ(BroughtBy(account, deal), Euro(0));
  account.cancelled_purchases.front().amount.reset();
  EXPECT_EQ(BroughtBy(account, deal), Euro(100'000));
}

TEST(DealWealth, ALessonNamesItsDealOrComesSoonAfterIt) {
  Account account;
  const OpportunityRecord deal = Deal();
  auto& lessons = account.relations.lessons;
  lessons.push_back(Lesson("2026-02-01T09:00:00Z"));
  lessons.push_back(Lesson("2026-02-10T09:00:00Z", OpportunityId::Trusted("o-2")));
  lessons.push_back(Lesson("2026-03-07T09:00:01Z"));
  EXPECT_EQ(LessonOf(account, deal), nullptr) << "before it, of another deal, and a second too late";
  lessons.push_back(Lesson("2026-03-07T09:00:00Z"));
  EXPECT_EQ(LessonOf(account, deal), &lessons.back());
  lessons.insert(lessons.begin(), Lesson("2026-01-20T09:00:00Z", OpportunityId::Trusted("o-1")));
  EXPECT_EQ(LessonOf(account, deal), &lessons.front()) << "one that names it, at any time";
}

TEST(DealWealth, IsLookedAtAfterThirtyDaysOrNow) {
  const OpportunityRecord deal = Deal();
  EXPECT_EQ(AftermathOf(deal, At("2026-12-01T00:00:00Z")), At("2026-03-07T09:00:00Z"));
  EXPECT_EQ(AftermathOf(deal, At("2026-02-20T00:00:00Z")), At("2026-02-20T00:00:00Z"));
}

class NoNames : public Texts {
 public:
  std::string Customer(const CustomerId& id, Language) const override { return id.text(); }
  std::string Contact(const CustomerId&, const ContactId& id, Language) const override { return id.text(); }
  std::string Event(const EventKey&, std::string_view, Language) const override { return ""; }
};

TEST(DealWealth, IsToldInFourLanguages) {
  const NoNames nobody;
  for (const bool won : {false, true}) {
    for (const Rung after : {Rung::kNone, Rung::kStanding}) {
      for (const bool lesson : {false, true}) {
        DealFacts facts;
        facts.won = won, facts.lesson = lesson, facts.rung_before = Rung::kTrust, facts.rung_after = after;
        const Sentence sentence = TellDeal(facts, JudgeDeal(facts));
        for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
          const absl::StatusOr<std::string> said = Catalogue::Bundled().Say(sentence, language, nobody);
          ASSERT_TRUE(said.ok()) << said.status();
          EXPECT_LE(DisplayWidth(*said), 110) << *said;
        }
      }
    }
  }
  DealFacts facts;
  facts.won = facts.lesson = true, facts.rung_before = Rung::kRecognised, facts.rung_after = Rung::kTrust;
  EXPECT_EQ(Catalogue::Bundled().Say(TellDeal(facts, JudgeDeal(facts)), Language::kEnglish, nobody).value_or(""),
            "sold, and the relationship held: recognised before, trust after; a lesson was noted");
}

}  // namespace
}  // namespace rapport
