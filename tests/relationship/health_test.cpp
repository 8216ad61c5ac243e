// Health: each part alone pulls it down, none makes up for another; reasons and bands.
#include "rapport/relationship/health.hpp"

#include <cmath>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"

namespace rapport {
namespace {

const HealthTerms& Terms() { return RelationshipTerms::Default().health(); }

// Nothing is wrong, and all is known.
HealthFacts AllWell() {
  HealthFacts facts;
  facts.days_since_care = 3;
  facts.days_since_purchase = 5;
  facts.rhythm_days = 30;
  facts.trust = 100;
  facts.both_sides_share = 0.5;
  facts.open_worries = 0;
  facts.open_claims = 0;
  facts.kept_share = 1;
  facts.last_kept = true;
  facts.feedback = 9;
  return facts;
}

TEST(Relationship_Health, IsNullWhereNothingIsKnownAndAHundredWhereAllIsWell) {
  EXPECT_EQ(HealthOf({}, Terms()).value, std::nullopt);
  EXPECT_EQ(HealthOf({}, Terms()).band, std::nullopt);
  EXPECT_NEAR(*HealthOf(AllWell(), Terms()).value, 100, 1e-9);
  EXPECT_EQ(HealthOf(AllWell(), Terms()).reasons_for.size(), 3u);
  EXPECT_TRUE(HealthOf(AllWell(), Terms()).reasons_against.empty());
}

// With weight 1 for one part, 0 for the others.
HealthTerms Alone(HealthPart part) {
  HealthTerms alone = Terms();
  alone.weights.fill(0);
  alone.weights[static_cast<std::size_t>(part)] = 1;
  return alone;
}

struct Spoilt {
  HealthPart part;
  void (*spoil)(HealthFacts&);
  double value;   // of the part then
};
const Spoilt kSpoilt[] = {
    {HealthPart::kContact, [](HealthFacts& facts) { facts.days_since_care = 345; }, 0.0625},
    {HealthPart::kRhythm, [](HealthFacts& facts) { facts.days_since_purchase = 60; }, 0.5},
    {HealthPart::kTrust, [](HealthFacts& facts) { facts.trust = 0; }, 0.02},
    {HealthPart::kBothSides, [](HealthFacts& facts) { facts.both_sides_share = 0; }, 0.4},
    {HealthPart::kWorries, [](HealthFacts& facts) { facts.open_worries = facts.unanswered_worries = 1, facts.oldest_worry_days = facts.unanswered_days = 30; }, 0.3},
    {HealthPart::kClaims, [](HealthFacts& facts) { facts.open_claims = 1; }, 0.5},
    {HealthPart::kPromises, [](HealthFacts& facts) { facts.kept_share = 0.5, facts.last_kept = false; }, 0.25},
    {HealthPart::kFeedback, [](HealthFacts& facts) { facts.feedback = 2; }, 0.25}};

TEST(Relationship_Health, EachPartAloneIsEnoughToLeaveGoodAndIsTheFirstReason) {
  for (const Spoilt& spoilt : kSpoilt) {
    HealthFacts facts = AllWell();
    spoilt.spoil(facts);
    const Health health = HealthOf(facts, Terms());
    EXPECT_NEAR(*HealthValueOf(facts, Alone(spoilt.part)), 100 * spoilt.value, 1e-9) << NameOf(spoilt.part);
    EXPECT_NEAR(*health.value, 100 * std::pow(spoilt.value, Terms().weights[static_cast<std::size_t>(spoilt.part)]), 1e-9) << NameOf(spoilt.part);
    EXPECT_NE(health.band, HealthBand::kGood) << NameOf(spoilt.part) << " " << *health.value;
    ASSERT_EQ(health.reasons_against.size(), 1u) << NameOf(spoilt.part);
    EXPECT_EQ(health.reasons_against.front().part, spoilt.part);
    EXPECT_EQ(PartsByLoss(facts, Terms()).front(), spoilt.part);
  }
}

TEST(Relationship_Health, ALongSilenceOrAnOldWorryIsPoorWhateverElseIsWell) {
  for (const HealthPart part : {HealthPart::kRhythm, HealthPart::kWorries}) {
    HealthFacts facts = AllWell();
    kSpoilt[static_cast<std::size_t>(part)].spoil(facts);
    EXPECT_EQ(HealthOf(facts, Terms()).band, HealthBand::kPoor) << NameOf(part);
  }
}

TEST(Relationship_Health, BandsAreChancesThatTheyStillBuyWhereAllElseIsWell) {
  const auto band = [](double chance) {
    HealthFacts facts = AllWell();
    facts.still_buys = chance;
    return *HealthOf(facts, Terms()).band;
  };
  EXPECT_EQ(band(0.93), HealthBand::kGood);
  EXPECT_EQ(band(0.92), HealthBand::kFair);
  EXPECT_EQ(band(0.71), HealthBand::kFair);
  EXPECT_EQ(band(0.70), HealthBand::kPoor);
}

TEST(Relationship_Health, PartsAreWhatTheirFormulasSay) {
  HealthFacts facts;
  facts.days_since_care = 120;   // the latest usual day
  EXPECT_NEAR(*HealthValueOf(facts, Alone(HealthPart::kContact)), 50, 1e-9);
  facts.days_since_care = 60;
  facts.interval = {20, std::nullopt};   // at the latest twice that
  EXPECT_NEAR(*HealthValueOf(facts, Alone(HealthPart::kContact)), 25, 1e-9);
  facts.interval = {std::nullopt, 40};
  EXPECT_NEAR(*HealthValueOf(facts, Alone(HealthPart::kContact)), 25, 1e-9);
  facts = {};
  facts.rhythm_days = 10;
  facts.days_since_purchase = 30;
  const HealthTerms rhythm = Alone(HealthPart::kRhythm);
  EXPECT_NEAR(*HealthValueOf(facts, rhythm), 25, 1e-9) << "three gaps: a quarter";
  facts.still_buys = 0.6;
  EXPECT_NEAR(*HealthValueOf(facts, rhythm), 60, 1e-9) << "a model knows better";
  facts.rhythm_days = std::nullopt;
  EXPECT_EQ(HealthOf(facts, rhythm).reasons_against.front().sentence.key, "health.silence.against");
  facts.still_buys = 1;
  EXPECT_EQ(HealthOf(facts, rhythm).reasons_for.front().sentence.key, "health.silence.for");
  facts.still_buys = std::nullopt;
  facts.rhythm_days = 10;
  facts.days_since_purchase = 10;
  EXPECT_NEAR(*HealthValueOf(facts, rhythm), 100, 1e-9);
  facts = {};
  facts.feedback = 4;
  facts.feedback_days = 180;
  EXPECT_NEAR(*HealthValueOf(facts, Alone(HealthPart::kFeedback)), 75, 1e-9) << "half of what was missing is forgotten";
}

TEST(Relationship_Health, ReasonsAreChosenByWhatIsSo) {
  const auto said = [](const HealthFacts& facts, HealthPart part, bool is_for) -> std::string {
    const Health health = HealthOf(facts, Alone(part));
    const auto& reasons = is_for ? health.reasons_for : health.reasons_against;
    const auto& others = is_for ? health.reasons_against : health.reasons_for;
    EXPECT_TRUE(others.empty()) << NameOf(part);
    return reasons.empty() ? "" : reasons.front().sentence.key;
  };
  HealthFacts facts = AllWell();
  facts.feedback = 2;
  facts.feedback_days = 3000;   // long forgotten, and no praise for it
  EXPECT_EQ(said(facts, HealthPart::kFeedback, false), "health.feedback.against");
  facts.feedback = 8;
  EXPECT_EQ(said(facts, HealthPart::kFeedback, true), "health.feedback.for");
  facts.days_since_care = 45;
  EXPECT_EQ(said(facts, HealthPart::kContact, true), "health.contact.for");
  facts.days_since_care = 46;
  EXPECT_EQ(said(facts, HealthPart::kContact, false), "health.contact.against") << "later than intended, by however little";
  facts.never_cared = true;
  EXPECT_EQ(said(facts, HealthPart::kContact, false), "health.contact.never");
  facts.days_since_care = 3;
  EXPECT_EQ(said(facts, HealthPart::kContact, true), "") << "nobody cared: nothing speaks for it";
  facts.open_worries = 1;
  facts.oldest_worry_days = 10;
  EXPECT_EQ(said(facts, HealthPart::kWorries, false), "health.worries.outlived");
  facts.unanswered_worries = 1;
  EXPECT_EQ(said(facts, HealthPart::kWorries, false), "health.worries.against");
  facts.open_worries = facts.unanswered_worries = 0;
  EXPECT_EQ(said(facts, HealthPart::kWorries, true), "health.worries.for");
}

TEST(Relationship_Health, WhoOrderedSinceAWorryStayedInSpiteOfIt) {
  const HealthTerms alone = Alone(HealthPart::kWorries);
  HealthFacts facts;
  facts.open_worries = 2;
  facts.oldest_worry_days = 300;
  EXPECT_NEAR(*HealthValueOf(facts, alone), 81, 1e-9) << "however old";
  facts.unanswered_worries = 1;
  facts.unanswered_days = 30;
  EXPECT_NEAR(*HealthValueOf(facts, alone), 90 * 0.6 / 2, 1e-9);
}

TEST(Relationship_Health, BandsAreOfTheTerms) {
  EXPECT_EQ(BandOf(80, Terms()), HealthBand::kGood);
  EXPECT_EQ(BandOf(79.9, Terms()), HealthBand::kFair);
  EXPECT_EQ(BandOf(35, Terms()), HealthBand::kFair);
  EXPECT_EQ(BandOf(34.9, Terms()), HealthBand::kPoor);
}

// docs/relationships.md tells weights and bands; what fails here says what to write.
TEST(Relationship_Health, WhatTheDocumentSaysIsWhatTheTermsSay) {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/docs/relationships.md");
  const std::string told((std::istreambuf_iterator<char>(file)), {});
  const auto expect = [&](const std::string& text) { EXPECT_NE(told.find(text), std::string::npos) << text; };
  for (std::size_t i = 0; i < kHealthPartCount; ++i) {
    expect("| " + std::string(NameOf(static_cast<HealthPart>(i))) + " | " + CanonicalNumber(Terms().weights[i]) + " |");
  }
  expect("`good`, `fair` or `poor` (from " + CanonicalNumber(Terms().good) + ", from " + CanonicalNumber(Terms().fair) + ", below)");
}

class NoTexts : public Texts {
 public:
  std::string Customer(const CustomerId& id, Language) const override { return id.text(); }
  std::string Contact(const CustomerId&, const ContactId& id, Language) const override { return id.text(); }
  std::string Event(const EventKey&, std::string_view, Language) const override { return {}; }
};

TEST(Relationship_Health, EveryReasonIsASentenceInEveryLanguage) {
  int said = 0;
  const auto say = [&](const Sentence& reason) {
    for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
      const absl::StatusOr<std::string> sentence = Catalogue::Bundled().Say(reason, language, NoTexts());
      ASSERT_TRUE(sentence.ok()) << sentence.status();
      EXPECT_LE(DisplayWidth(*sentence), 110) << *sentence;
      ++said;
    }
  };
  for (const bool spoil : {false, true}) {
    for (const Spoilt& spoilt : kSpoilt) {
      HealthFacts facts = AllWell();
      if (spoil) spoilt.spoil(facts);
      const Health health = HealthOf(facts, Alone(spoilt.part));
      const auto& reasons = spoil ? health.reasons_against : health.reasons_for;
      ASSERT_EQ(reasons.size(), 1u) << NameOf(spoilt.part);
      say(reasons.front().sentence);
    }
  }
  HealthFacts unsteady;
  unsteady.days_since_purchase = 400;
  unsteady.still_buys = 0.1;
  say(HealthOf(unsteady, Terms()).reasons_against.at(0).sentence);
  unsteady.still_buys = 0.9;
  say(HealthOf(unsteady, Terms()).reasons_for.at(0).sentence);
  HealthFacts neglected;
  neglected.days_since_care = 1400;
  neglected.never_cared = true;
  neglected.open_worries = 2;
  for (const HealthReason& reason : HealthOf(neglected, Terms()).reasons_against) say(reason.sentence);
  EXPECT_EQ(said, 80);
}

TEST(Relationship_Health, MoreTroubleIsNeverHealthier) {
  EXPECT_TRUE(rc::check([] {
    HealthFacts facts = AllWell();
    facts.days_since_care = *rc::gen::inRange(0, 500);
    facts.days_since_purchase = *rc::gen::inRange(0, 500);
    facts.rhythm_days = *rc::gen::inRange(1, 200);
    facts.trust = *rc::gen::inRange(0, 50) / 10.0;
    facts.open_worries = *rc::gen::inRange(0, 5);
    facts.oldest_worry_days = *facts.open_worries > 0 ? *rc::gen::inRange(0, 300) : 0;
    facts.unanswered_worries = *rc::gen::inRange<std::int64_t>(0, *facts.open_worries + 1);
    facts.unanswered_days = facts.unanswered_worries > 0 ? *rc::gen::inRange<std::int64_t>(0, facts.oldest_worry_days + 1) : 0;
    facts.open_claims = *rc::gen::inRange(0, 4);
    facts.kept_share = *rc::gen::inRange(0, 11) / 10.0;
    facts.feedback = *rc::gen::inRange(0, 11);
    const double before = *HealthValueOf(facts, Terms());
    RC_ASSERT(before > 0 && before <= 100);
    switch (*rc::gen::inRange(0, 5)) {
      case 0: ++*facts.days_since_care; break;
      case 1: ++*facts.days_since_purchase; break;
      case 2: ++*facts.open_worries; break;
      case 3: ++*facts.open_claims; break;
      default: *facts.trust /= 2;
    }
    RC_ASSERT(*HealthValueOf(facts, Terms()) <= before * (1 + 1e-12));
  }));
}

}  // namespace
}  // namespace rapport
