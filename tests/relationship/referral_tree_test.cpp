#include "rapport/relationship/referral_tree.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

CustomerId Id(const std::string& text) { return CustomerId::Trusted(text); }
Currency Eur() { return *Currency::Parse("EUR"); }
using Revenue = std::map<CustomerId, double>;

Referral Said(const std::string& referrer, const std::string& referred, std::int64_t at) {
  return {Id(referrer), Id(referred), Instant::FromMicros(at), {"test", "e" + std::to_string(at)}};
}

TEST(ReferralTree, ValueRunsDownTheTreeByHalves) {
  // a brought b and c, b brought d, d brought e.
  const std::vector<Referral> said{Said("a", "b", 1), Said("a", "c", 2), Said("b", "d", 3), Said("d", "e", 4)};
  const Revenue revenue{{Id("a"), 1000}, {Id("b"), 100}, {Id("c"), 10}, {Id("d"), 40}, {Id("e"), 8}};
  const ReferralTree tree = ReferralTree::Of(said, revenue, Eur());
  EXPECT_EQ(tree.ValueOf({Id("a")}, Eur()), 100 + 10 + 40 * 0.5 + 8 * 0.25);
  EXPECT_EQ(tree.ValueOf({Id("b")}, Eur()), 40 + 8 * 0.5);
  EXPECT_EQ(tree.ValueOf({Id("e")}, Eur()), 0);
  EXPECT_EQ(tree.ValueOf({Id("stranger")}, Eur()), 0);
  EXPECT_EQ(tree.Find(Id("a"))->in_all, 4);
  EXPECT_EQ(tree.Find(Id("a"))->generations, 3);
  EXPECT_EQ(tree.BroughtDirectly({Id("a")}), 2);
  EXPECT_EQ(tree.BroughtBy({Id("d")}), Id("b"));
  EXPECT_TRUE(tree.BroughtBy({Id("a")}).empty());
  EXPECT_TRUE(tree.dropped().empty());
  EXPECT_EQ(tree.ValueOf({Id("a")}, *Currency::Parse("JPY")), std::nullopt) << "the book reports in another currency by now";
  EXPECT_EQ(tree.ValueOf({Id("a")}, std::nullopt), std::nullopt);
  EXPECT_EQ(ReferralTree::Of(said, revenue, std::nullopt).ValueOf({Id("a")}, std::nullopt), std::nullopt);
}

TEST(ReferralTree, TheFirstReferrerCountsAndTheRestIsListedWithItsReason) {
  const std::vector<Referral> said{Said("a", "b", 1), Said("x", "b", 2), Said("c", "c", 3), Said("b", "a", 4), Said("a", "b", 5)};
  const ReferralTree tree = ReferralTree::Of(said, {}, Eur());
  EXPECT_EQ(tree.BroughtBy({Id("b")}), Id("a"));
  EXPECT_TRUE(tree.BroughtBy({Id("a")}).empty());
  EXPECT_EQ(tree.BroughtDirectly({Id("x")}), 0);
  ASSERT_EQ(tree.dropped().size(), 3u) << "the same said again is no news";
  EXPECT_EQ(tree.dropped()[0].because, ReferralTree::Because::kNotFirst);
  EXPECT_EQ(tree.dropped()[1].because, ReferralTree::Because::kSelf);
  EXPECT_EQ(tree.dropped()[2].because, ReferralTree::Because::kCycle);
  EXPECT_EQ(tree.dropped()[2].referral.key.id, "e4");
  EXPECT_EQ(NameOf(ReferralTree::Because::kCycle), "cycle");
}

TEST(ReferralTree, DeepChainsAndWideTreesNeedNoStack) {
  constexpr int kMany = 100'000;
  std::vector<Referral> chain, wide;
  Revenue revenue;
  for (int i = 0; i < kMany; ++i) {
    const auto name = [](int n) { return "c" + std::to_string(n); };
    chain.push_back(Said(name(i), name(i + 1), i));
    wide.push_back(Said("root", name(i), i));
    revenue[Id(name(i + 1))] = 1;
  }
  const ReferralTree deep = ReferralTree::Of(chain, revenue, Eur());
  EXPECT_EQ(deep.Find(Id("c0"))->in_all, kMany);
  EXPECT_EQ(deep.Find(Id("c0"))->generations, kMany);
  EXPECT_NEAR(*deep.ValueOf({Id("c0")}, Eur()), 2, 1e-12) << "1 + 1/2 + 1/4 + ...";
  const ReferralTree broad = ReferralTree::Of(wide, revenue, Eur());
  EXPECT_EQ(broad.BroughtDirectly({Id("root")}), kMany);
  EXPECT_EQ(broad.Find(Id("root"))->generations, 1);
  chain.push_back(Said("c" + std::to_string(kMany), "c0", kMany));
  EXPECT_EQ(ReferralTree::Of(chain, revenue, Eur()).dropped().size(), 1u);
  EXPECT_EQ(ReferralsOnCircles(chain).size(), static_cast<std::size_t>(kMany) + 1);
}

TEST(ReferralTree, CirclesAreFoundWhereTheyAre) {
  const std::vector<Referral> said{Said("a", "b", 1), Said("b", "c", 2), Said("c", "b", 3), Said("c", "d", 4), Said("e", "e", 5)};
  EXPECT_EQ(ReferralsOnCircles(said), (std::vector<std::size_t>{1, 2, 4}));
  EXPECT_TRUE(ReferralsOnCircles({}).empty());
}

TEST(ReferralTree, IsReadBackAsItWasWritten) {
  const std::vector<Referral> said{Said("a", "b", 1), Said("x", "b", 2), Said("c", "c", 3), Said("b", "d", 4), Said("d", "a", 5)};
  for (const auto& currency : {std::optional(Eur()), std::optional<Currency>()}) {
    const ReferralTree tree = ReferralTree::Of(said, {{Id("b"), 12.5}, {Id("d"), 0.1}}, currency);
    const Json json = tree.ToJson();
    const auto back = ReferralTree::FromJson(json);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(back->ToJson(), json);
    EXPECT_EQ(back->ValueOf({Id("a")}, currency), tree.ValueOf({Id("a")}, currency));
    EXPECT_EQ(back->Find(Id("a"))->in_all, 2);
  }
}

TEST(ReferralTree, AModelThatIsNoneIsRefusedByField) {
  const std::string good = ReferralTree::Of(std::vector<Referral>{Said("a", "b", 1), Said("c", "c", 2)}, {{Id("b"), 5}}, Eur()).ToJson().Canonical();
  ASSERT_TRUE(ReferralTree::FromJson(*Json::Parse(good)).ok());
  const std::pair<std::string, std::string> wrong[] = {
      {R"("model":"referrals")", R"("model":"worries")"},
      {R"("brought_by":{"b":"a"})", R"("brought_by":{"b":"b"})"},
      {R"("brought_by":{"b":"a"})", R"("brought_by":{"a":"b","b":"a"})"},
      {R"("brought_by":{"b":"a"})", R"("brought_by":{"b":7})"},
      {R"("brought":{"a":1})", R"("brought":{"a":2})"},
      {R"("brought":{"a":1})", R"("brought":{})"},
      {R"("value":{"a":5})", R"("value":{"b":5})"},
      {R"("value":{"a":5})", R"("value":{"a":"5"})"},
      {R"("discount":0.5)", R"("discount":1.5)"},
      {R"("currency":"EUR")", R"("currency":"EUROS")"},
      {R"("because":"self")", R"("because":"mood")"},
      {R"("model":"referrals")", R"("model":"referrals","more":1)"},
  };
  for (const auto& [from, to] : wrong) {
    std::string text = good;
    ASSERT_NE(text.find(from), std::string::npos) << good << from;
    text.replace(text.find(from), from.size(), to);
    EXPECT_EQ(TokenOf(ReferralTree::FromJson(*Json::Parse(text)).status()), "relationship.invalid_model") << to;
  }
  EXPECT_EQ(TokenOf(ReferralTree::FromJson(Json(3)).status()), "relationship.invalid_model");
}

// --- against a slow one that follows the definition
struct Naive {
  std::map<CustomerId, CustomerId> brought_by;
  std::size_t dropped = 0;

  explicit Naive(std::vector<Referral> said) {
    std::sort(said.begin(), said.end(), [](const Referral& a, const Referral& b) { return std::tie(a.at, a.key.source, a.key.id) < std::tie(b.at, b.key.source, b.key.id); });
    for (const Referral& one : said) {
      if (brought_by.contains(one.referred) && brought_by.at(one.referred) == one.referrer) continue;
      if (one.referrer == one.referred || brought_by.contains(one.referred) || IsBelow(one.referrer, one.referred)) ++dropped;
      else brought_by.emplace(one.referred, one.referrer);
    }
  }
  bool IsBelow(CustomerId who, const CustomerId& above) const {
    for (; brought_by.contains(who); who = brought_by.at(who)) {
      if (brought_by.at(who) == above) return true;
    }
    return false;
  }
  double ValueOf(const CustomerId& of, const Revenue& revenue) const {
    double value = 0;
    for (const auto& [id, by] : brought_by) {
      double weight = 1;
      for (CustomerId up = by;; up = brought_by.at(up), weight *= 0.5) {
        if (up == of) value += weight * revenue.at(id);
        if (up == of || !brought_by.contains(up)) break;
      }
    }
    return value;
  }
};

std::vector<Referral> RandomReferrals(int customers) {
  const int count = *rc::gen::inRange(0, 30);
  std::vector<Referral> said;
  for (int i = 0; i < count; ++i) {
    const auto someone = [&] { return "c" + std::to_string(*rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, customers))); };
    const std::string referrer = someone(), referred = someone();
    said.push_back(Said(referrer, referred, *rc::gen::inRange(0, 20)));
    said.back().key.id += "-" + std::to_string(i);
  }
  return said;
}

Revenue RandomRevenue(int customers) {
  Revenue revenue;
  for (int i = 0; i < customers; ++i) revenue[Id("c" + std::to_string(i))] = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 1000));
  return revenue;
}

RC_GTEST_PROP(ReferralTreeProperty, IsTheOneOfTheDefinition, ()) {
  const std::vector<Referral> said = RandomReferrals(12);
  const Revenue revenue = RandomRevenue(12);
  const ReferralTree tree = ReferralTree::Of(said, revenue, Eur());
  const Naive naive(said);
  RC_ASSERT(tree.dropped().size() == naive.dropped);
  for (const auto& [id, spent] : revenue) {
    const auto by = naive.brought_by.find(id);
    RC_ASSERT(tree.BroughtBy({id}) == (by == naive.brought_by.end() ? CustomerId() : by->second));
    RC_ASSERT(std::abs(*tree.ValueOf({id}, Eur()) - naive.ValueOf(id, revenue)) <= 1e-9);
    std::int64_t below = 0;
    for (const auto& [other, ignored] : revenue) below += naive.IsBelow(other, id) ? 1 : 0;
    RC_ASSERT((tree.Find(id) == nullptr ? 0 : tree.Find(id)->in_all) == below);
  }
}

RC_GTEST_PROP(ReferralTreeProperty, TheOrderOfArrivalDoesNotMatterToTheLastBit, ()) {
  std::vector<Referral> said = RandomReferrals(12);
  const Revenue revenue = RandomRevenue(12);
  const std::string before = ReferralTree::Of(said, revenue, Eur()).ToJson().Canonical();
  std::reverse(said.begin(), said.end());
  RC_ASSERT(ReferralTree::Of(said, revenue, Eur()).ToJson().Canonical() == before);
}

RC_GTEST_PROP(ReferralTreeProperty, WhatLiesOnNoCircleIsDroppedOnlyAsALaterOne, ()) {
  const std::vector<Referral> said = RandomReferrals(12);
  const std::vector<std::size_t> circles = ReferralsOnCircles(said);
  if (!circles.empty()) return;
  const ReferralTree tree = ReferralTree::Of(said, {}, Eur());
  for (const auto& dropped : tree.dropped()) RC_ASSERT(dropped.because == ReferralTree::Because::kNotFirst);
}

}  // namespace
}  // namespace rapport
