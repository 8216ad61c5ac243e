// Health: each part alone pulls it down, none makes up for another; reasons and bands.
#include "rapport/relationship/health.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>

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

struct Spoilt {
  HealthPart part;
  void (*spoil)(HealthFacts&);
  double at_most;   // what health is then, everything else well
};
const Spoilt kSpoilt[] = {
    {HealthPart::kContact, [](HealthFacts& facts) { facts.days_since_care = 400; }, 40},
    {HealthPart::kRhythm, [](HealthFacts& facts) { facts.days_since_purchase = 120; }, 13},
    {HealthPart::kTrust, [](HealthFacts& facts) { facts.trust = 0; }, 40},
    {HealthPart::kBothSides, [](HealthFacts& facts) { facts.both_sides_share = 0; }, 90},
    {HealthPart::kWorries, [](HealthFacts& facts) { facts.open_worries = facts.unanswered_worries = 1, facts.oldest_worry_days = facts.unanswered_days = 30; }, 30.1},
    {HealthPart::kClaims, [](HealthFacts& facts) { facts.open_claims = 2; }, 40},
    {HealthPart::kPromises, [](HealthFacts& facts) { facts.kept_share = 0.5, facts.last_kept = false; }, 50.1},
    {HealthPart::kFeedback, [](HealthFacts& facts) { facts.feedback = 2; }, 50.1}};

TEST(Relationship_Health, EachPartAlonePullsTheWholeDownAndIsTheFirstReason) {
  for (const Spoilt& spoilt : kSpoilt) {
    HealthFacts facts = AllWell();
    spoilt.spoil(facts);
    const Health health = HealthOf(facts, Terms());
    EXPECT_LE(*health.value, spoilt.at_most) << NameOf(spoilt.part);
    ASSERT_EQ(health.reasons_against.size(), 1u) << NameOf(spoilt.part);
    EXPECT_EQ(health.reasons_against.front().part, spoilt.part);
  }
}

TEST(Relationship_Health, ALongSilenceOrAnOldWorryIsPoorWhateverElseIsWell) {
  for (const HealthPart part : {HealthPart::kRhythm, HealthPart::kWorries}) {
    HealthFacts facts = AllWell();
    kSpoilt[static_cast<std::size_t>(part)].spoil(facts);
    EXPECT_EQ(HealthOf(facts, Terms()).band, HealthBand::kPoor) << NameOf(part);
  }
}

TEST(Relationship_Health, PartsAreWhatTheirFormulasSay) {
  HealthFacts facts;
  facts.days_since_care = 120;   // the latest usual day
  EXPECT_NEAR(*HealthValueOf(facts, Terms()), 100 * std::sqrt(0.5), 1e-9);
  facts = {};
  facts.rhythm_days = 10;
  facts.days_since_purchase = 30;
  EXPECT_NEAR(*HealthValueOf(facts, Terms()), 25, 1e-9) << "three gaps: a quarter";
  facts.still_buys = 0.6;
  EXPECT_NEAR(*HealthValueOf(facts, Terms()), 60, 1e-9) << "a model knows better";
  facts.rhythm_days = std::nullopt;
  EXPECT_EQ(HealthOf(facts, Terms()).reasons_against.front().sentence.key, "health.silence.against");
  facts.still_buys = 1;
  EXPECT_EQ(HealthOf(facts, Terms()).reasons_for.front().sentence.key, "health.silence.for");
  facts.still_buys = std::nullopt;
  facts.rhythm_days = 10;
  facts.days_since_purchase = 10;
  EXPECT_NEAR(*HealthValueOf(facts, Terms()), 100, 1e-9);
  facts = {};
  facts.feedback = 4;
  facts.feedback_days = 180;
  EXPECT_NEAR(*HealthValueOf(facts, Terms()), 100 * std::sqrt(0.75), 1e-9) << "half of what was missing is forgotten";
  facts = {};
  facts.days_since_care = 60;
  facts.interval = {20, std::nullopt};   // at the latest twice that
  EXPECT_NEAR(*HealthValueOf(facts, Terms()), 50, 1e-9);
  facts.interval = {std::nullopt, 40};
  EXPECT_NEAR(*HealthValueOf(facts, Terms()), 50, 1e-9);
}

TEST(Relationship_Health, WhoOrderedSinceAWorryStayedInSpiteOfIt) {
  HealthTerms alone = Terms();
  alone.weights.fill(0);
  alone.weights[static_cast<std::size_t>(HealthPart::kWorries)] = 1;
  HealthFacts facts;
  facts.open_worries = 2;
  facts.oldest_worry_days = 300;
  EXPECT_NEAR(*HealthValueOf(facts, alone), 81, 1e-9) << "however old";
  facts.unanswered_worries = 1;
  facts.unanswered_days = 30;
  EXPECT_NEAR(*HealthValueOf(facts, alone), 90 * 0.6 / 2, 1e-9);
}

TEST(Relationship_Health, BandsAreOfTheTerms) {
  EXPECT_EQ(BandOf(70, Terms()), HealthBand::kGood);
  EXPECT_EQ(BandOf(69.9, Terms()), HealthBand::kFair);
  EXPECT_EQ(BandOf(40, Terms()), HealthBand::kFair);
  EXPECT_EQ(BandOf(39.9, Terms()), HealthBand::kPoor);
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
      HealthTerms alone = Terms();
      for (std::size_t i = 0; i < kHealthPartCount; ++i) {
        if (i != static_cast<std::size_t>(spoilt.part)) alone.weights[i] = 0;
      }
      HealthFacts facts = AllWell();
      if (spoil) spoilt.spoil(facts);
      const Health health = HealthOf(facts, alone);
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
  EXPECT_EQ(said, 72);
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
