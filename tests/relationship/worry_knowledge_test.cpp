#include "rapport/relationship/worry_knowledge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "book/made_events.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

const ProductId kFilter = ProductId::Trusted("filter"), kSoftener = ProductId::Trusted("softener");
const WorryTopic kSmell{kFilter, "smell after filter change"};
const Instant kNow = At("2026-06-01T00:00:00Z");
Instant DayN(int day) { return At("2026-01-01T00:00:00Z").PlusMinutes(std::int64_t{day} * 24 * 60); }

// One customer's worry, by days from the first of January.
CustomerWorries::Worry Worry(const WorryTopic& about, int raised, std::optional<int> resolved = std::nullopt, std::string remedy = "") {
  CustomerWorries::Worry worry{about, DayN(raised), std::nullopt, 0, std::move(remedy)};
  if (!resolved.has_value()) return worry;
  worry.resolved = DayN(*resolved);
  worry.days = *resolved - raised;
  return worry;
}
CustomerWorries Of(std::string customer, std::vector<CustomerWorries::Worry> worries, std::vector<CustomerWorries::Complaint> complaints = {},
                   std::set<ProductId> bought = {kFilter}) {
  return {Customer(std::move(customer)), std::move(worries), std::move(complaints), std::move(bought)};
}

class NoNames : public Texts {
 public:
  std::string Customer(const CustomerId& id, Language) const override { return id.text(); }
  std::string Contact(const CustomerId&, const ContactId& contact, Language) const override { return contact.text(); }
  std::string Event(const EventKey& event, std::string_view, Language) const override { return event.id; }
};
std::string Say(const Sentence& sentence, Language language = Language::kEnglish) { return *Catalogue::Bundled().Say(sentence, language, NoNames()); }

TEST(WorryKnowledge, CountsCustomersTimesAndDays) {
  const std::vector<CustomerWorries> all{
      Of("a", {Worry(kSmell, 0, 2, "flush"), Worry(kSmell, 200, 206, "new filter")}), Of("b", {Worry(kSmell, 10, 14, "flush")}), Of("c", {Worry(kSmell, 20)}),
      Of("d", {}), Of("e", {}, {}, {kSoftener})};
  const WorryKnowledge known = WorryKnowledge::Of(all, kNow);
  const WorryKnowledge::Topic& smell = *known.Find(kSmell);
  EXPECT_EQ(smell.customers.size(), 3u);
  EXPECT_EQ(smell.times, 4);
  EXPECT_EQ(smell.open, 1);
  EXPECT_EQ(smell.resolved, 3);
  EXPECT_EQ(smell.MedianDays(), 4);
  EXPECT_EQ(known.products().at(kFilter).buyers, 4) << "a customer counts once";
  EXPECT_EQ(known.products().at(kSoftener).buyers, 1);
  const WorryKnowledge::Known asked = known.Of(kSmell, {Customer("c")});
  EXPECT_EQ(asked.heard, 2) << "the customer himself is left out";
  EXPECT_EQ(asked.remedy, "flush");
  EXPECT_EQ(asked.tried, 2);
  EXPECT_EQ(asked.cured, 2);
  EXPECT_EQ(asked.median_days, 2) << "the lower of the two middle ones";
  EXPECT_EQ(known.Of(kSmell, {Customer("stranger")}).heard, 3);
  EXPECT_EQ(known.Of({kSoftener, "noise"}, {Customer("c")}).heard, 0);
}

TEST(WorryKnowledge, WhatComesBackWithinNinetyDaysWasNotCured) {
  const auto cured = [](int raised_again, const WorryTopic& about) {
    return WorryKnowledge::Of(std::vector{Of("a", {Worry(kSmell, 0, 5, "flush"), Worry(about, raised_again)})}, kNow).Find(kSmell)->remedies.at("flush").cured;
  };
  EXPECT_EQ(cured(95, kSmell), 0);
  EXPECT_EQ(cured(96, kSmell), 1);
  EXPECT_EQ(cured(20, WorryTopic{kFilter, "noise"}), 1) << "another topic";
  EXPECT_EQ(cured(20, WorryTopic{kSoftener, kSmell.topic}), 1) << "another product";
  EXPECT_EQ(cured(3, kSmell), 1) << "raised before it was resolved";
}

TEST(WorryKnowledge, ARemedyIsCountedByCustomerAndByTheNewestThatItResolved) {
  const std::vector<CustomerWorries> all{
      Of("twice", {Worry(kSmell, 0, 2, "flush"), Worry(kSmell, 200, 206, "flush")}), Of("back", {Worry(kSmell, 0, 3, "flush"), Worry(kSmell, 20, 24, "flush")}),
      Of("again", {Worry(kSmell, 0, 1, "flush"), Worry(kSmell, 200, 201, "flush"), Worry(kSmell, 210)})};
  const WorryKnowledge known = WorryKnowledge::Of(all, kNow);
  const WorryKnowledge::Remedy& flush = known.Find(kSmell)->remedies.at("flush");
  EXPECT_EQ(flush.tried(), 3);
  EXPECT_EQ(flush.cured, 2);
  EXPECT_EQ(flush.customers.at(Customer("twice")), 6);
  EXPECT_EQ(flush.customers.at(Customer("back")), 4) << "the first came back, the newest did not";
  EXPECT_EQ(flush.customers.at(Customer("again")), std::nullopt);
  EXPECT_EQ(Say(SayCured(known.Of(kSmell, {}))), "3 buyers had it; flush cured 2. Listen, then offer it.");
}

TEST(WorryKnowledge, WhatHelpedOrFailedWithTheAskerIsNoExperienceOfOthers) {
  const std::vector<CustomerWorries> all{Of("a", {Worry(kSmell, 0, 9, "flush")}), Of("b", {Worry(kSmell, 0, 2, "flush")}), Of("b2", {Worry(kSmell, 0, 4, "new filter")}),
                                         Of("c", {Worry(kSmell, 0, 3, "flush"), Worry(kSmell, 9)})};
  const WorryKnowledge known = WorryKnowledge::Of(all, kNow);
  const auto a = known.Of(kSmell, {Customer("a")});
  EXPECT_EQ(a.heard, 3);
  EXPECT_EQ(a.remedy, "new filter") << "one of one, where the flush is one of two without him";
  const auto c = known.Of(kSmell, {Customer("c")});
  EXPECT_EQ(c.remedy, "flush");
  EXPECT_EQ(c.tried, 2) << "his own failure does not tell against it";
  EXPECT_EQ(c.cured, 2);
  EXPECT_EQ(c.median_days, 2);
  const auto merged = known.Of(kSmell, {Customer("b"), Customer("b2")});
  EXPECT_EQ(merged.heard, 2) << "under all of his ids";
  EXPECT_EQ(merged.remedy, "flush");
  EXPECT_EQ(merged.cured, 1);
  EXPECT_EQ(merged.median_days, 9);
  EXPECT_EQ(WorryKnowledge::Of(std::vector{all[0]}, kNow).Of(kSmell, {Customer("a")}).remedy, "") << "nobody else";
}

TEST(WorryKnowledge, NineOfTenStandBeforeOneOfOne) {
  std::vector<CustomerWorries> all{Of("lucky", {Worry(kSmell, 0, 1, "prayer")})};
  for (int i = 0; i < 10; ++i) {
    std::vector<CustomerWorries::Worry> worries{Worry(kSmell, 0, 2, "flush")};
    if (i == 0) worries.push_back(Worry(kSmell, 30));
    all.push_back(Of("c" + std::to_string(i), worries));
  }
  const auto known = WorryKnowledge::Of(all, kNow).Of(kSmell, {});
  EXPECT_EQ(known.remedy, "flush");
  EXPECT_EQ(known.cured, 9);
  EXPECT_EQ(known.tried, 10);
  // Never cured: none is told.
  const auto none = WorryKnowledge::Of(std::vector{Of("a", {Worry(kSmell, 0, 2, "flush"), Worry(kSmell, 9)})}, kNow).Of(kSmell, {});
  EXPECT_EQ(none.remedy, "");
  EXPECT_FALSE(none.IsWorthTelling());
}

TEST(WorryKnowledge, HeardByUsFirstAgainstComplaintsFirst) {
  const std::vector<CustomerWorries> all{
      Of("first", {Worry(kSmell, 0)}, {{kFilter, DayN(5)}}), Of("never", {Worry(kSmell, 0)}), Of("late", {Worry(kSmell, 9)}, {{kFilter, DayN(5)}}),
      Of("only", {}, {{kFilter, DayN(5)}, {kFilter, DayN(7)}}), Of("other", {Worry(kSmell, 9)}, {{kSoftener, DayN(5)}}),
      Of("same moment", {Worry(kSmell, 5)}, {{kFilter, DayN(5)}})};
  const WorryKnowledge known = WorryKnowledge::Of(all, kNow);
  EXPECT_EQ(known.products().at(kFilter).heard_first, 3);
  EXPECT_EQ(known.products().at(kFilter).complained_first, 3);
  EXPECT_EQ(known.products().at(kSoftener).complained_first, 1);
}

// --- from an account
TEST(WorryKnowledge, ReadsAnAccountAsOfAMoment) {
  WorryRaised worry;
  worry.worry = WorryId::Trusted("w");
  worry.product = kFilter;
  worry.topic = kSmell.topic;
  WorryResolved resolved;
  resolved.worry = worry.worry;
  resolved.remedy = "flush";
  CaseOpened claim;
  claim.kind = CaseKind::kClaim;
  claim.order = OrderId::Trusted("o");
  CaseOpened service;
  OpportunityOpened opportunity;
  opportunity.products = {kSoftener};
  const auto book = BookOf({Happened("c", "o", "2026-01-01T00:00:00Z", Placed({Line("filter", Euro("10"))}, "o")), Happened("c", "w", "2026-01-02T16:00:00Z", worry),
                            Happened("c", "r", "2026-01-04T02:00:00Z", resolved), Happened("c", "k", "2026-01-05T00:00:00Z", claim),
                            Happened("c", "s", "2026-01-05T00:00:00Z", service), Happened("c", "y", "2026-01-06T00:00:00Z", opportunity)});
  const auto account = book->Find(Customer("c"));
  const Zone& tokyo = **ZoneRules::Bundled().Find("Asia/Tokyo");
  const CustomerWorries all = WorriesOf(*account, tokyo, At("2026-02-01T00:00:00Z"));
  ASSERT_EQ(all.worries.size(), 1u);
  EXPECT_EQ(all.worries[0].about, kSmell);
  EXPECT_EQ(all.worries[0].days, 1) << "the third to the fourth of January there";
  EXPECT_EQ(all.worries[0].remedy, "flush");
  ASSERT_EQ(all.complaints.size(), 1u) << "a service is no complaint";
  EXPECT_EQ(all.complaints[0].product, kFilter) << "of its order";
  EXPECT_EQ(all.bought, std::set<ProductId>{kFilter});
  const CustomerWorries then = WorriesOf(*account, tokyo, At("2026-01-03T00:00:00Z"));
  EXPECT_FALSE(then.worries[0].resolved.has_value());
  EXPECT_TRUE(then.complaints.empty());
  EXPECT_TRUE(WorriesOf(*account, tokyo, At("2025-01-01T00:00:00Z")).worries.empty());
  EXPECT_EQ(ProductsOfInterest(*account, At("2026-02-01T00:00:00Z")), (std::set<ProductId>{kFilter, kSoftener}));
  EXPECT_EQ(ProductsOfInterest(*account, At("2026-01-05T00:00:00Z")), std::set<ProductId>{kFilter});
}

// --- sentences
WorryKnowledge Nineteen() {
  const WorryTopic refill{kSoftener, "salt refill"}, noise{kSoftener, "noise"}, rust{kSoftener, "rust"}, whole{kSoftener, ""};
  std::vector<CustomerWorries> all;
  for (int i = 0; i < 19; ++i) {
    std::vector<CustomerWorries::Worry> worries;
    if (i < 4) worries.push_back(Worry(refill, i, i + 2, "a reminder"));
    if (i < 5) worries.push_back(Worry(noise, i));
    if (i == 7) worries.push_back(Worry(rust, i));
    if (i > 16) worries.push_back(Worry(whole, i, i + 1, "a visit"));
    all.push_back(Of("c" + std::to_string(i), worries, {}, {kSoftener}));
  }
  return WorryKnowledge::Of(all, kNow);
}

TEST(WorryKnowledge, TellsProspectsAndBuyersWhatOtherBuyersWorriedAbout) {
  const std::vector<Sentence> told = Nineteen().SentencesFor(kSoftener, nullptr);
  ASSERT_EQ(told.size(), 3u) << "what one alone raised is not told";
  EXPECT_EQ(Say(told[0]), "Other buyers worried: noise, 5 of 19.");
  EXPECT_EQ(Say(told[1]), "Other buyers worried: salt refill, 4 of 19; a reminder solved 4 of 4.");
  EXPECT_EQ(Say(told[2]), "Other buyers had worries about it: 2 of 19; a visit solved 2 of 2.");
  EXPECT_EQ(Say(told[1], Language::kJapanese), "他の購入者の心配ごと：「salt refill」、19名中4名。「a reminder」で4名中4名解消。");
  EXPECT_TRUE(Nineteen().SentencesFor(kFilter, nullptr).empty());
}

TEST(WorryKnowledge, WhoIsToldIsNotCountedAmongTheOthers) {
  OpportunityOpened opportunity;
  opportunity.products = {kSoftener};
  const auto book = BookOf({Happened("c0", "1", "2026-01-01T00:00:00Z", Placed({Line("softener", Euro("10"))})), Happened("new", "2", "2026-01-01T00:00:00Z", opportunity)});
  const auto buyer = Nineteen().SentencesFor(*book->Find(Customer("c0")), kNow);
  EXPECT_EQ(Say(buyer[0]), "Other buyers worried: noise, 4 of 18.");
  const auto prospect = Nineteen().SentencesFor(*book->Find(Customer("new")), kNow);
  EXPECT_EQ(Say(prospect[0]), "Other buyers worried: noise, 5 of 19.");
}

TEST(WorryKnowledge, NoMoreWorriedThanBoughtWhateverIsKnownOfTheAccountToday) {
  // Three bought by the fit, and all worried; the fourth's order became known later.
  std::vector<CustomerWorries> all;
  for (const char* name : {"a", "b", "d"}) all.push_back(Of(name, {Worry(kSmell, 0)}));
  const auto book = BookOf({Happened("late", "1", "2026-01-01T00:00:00Z", Placed({Line("filter", Euro("10"))}))});
  const auto told = WorryKnowledge::Of(all, kNow).SentencesFor(*book->Find(Customer("late")), kNow);
  EXPECT_EQ(Say(told.at(0)), "Other buyers worried: smell after filter change, 3 of 3.");
}

TEST(WorryKnowledge, WhoWasMergedAfterTheFitIsLeftOutUnderAllHisIds) {
  std::vector<CustomerWorries> all;
  for (const char* name : {"a", "b", "c", "d"}) all.push_back(Of(name, {Worry(kSmell, 0)}));
  const auto book = BookOf({Happened("a", "1", "2026-01-01T00:00:00Z", Placed({Line("filter", Euro("10"))})), Happened("b", "2", "2026-01-02T00:00:00Z", Called()),
                            Happened("a", "3", "2026-01-03T00:00:00Z", CustomerMerged{Customer("b"), {}})});
  const auto told = WorryKnowledge::Of(all, kNow).SentencesFor(*book->Find(Customer("a")), kNow);
  EXPECT_EQ(Say(told.at(0)), "Other buyers worried: smell after filter change, 2 of 2.");
}

TEST(WorryKnowledge, SaysOfOneWorryHowManyHadItAndWhatCuredThem) {
  WorryKnowledge::Known known{3, "a 5-min flush", 3, 3, 2};
  EXPECT_TRUE(known.IsWorthTelling());
  EXPECT_EQ(Say(SayCured(known)), "3 buyers had it; a 5-min flush cured 3. Listen, then offer it.");
  for (const Language language : {Language::kJapanese, Language::kKorean, Language::kChinese}) EXPECT_THAT(Say(SayCured(known), language), testing::HasSubstr("a 5-min flush"));
  known.heard = 1;
  EXPECT_FALSE(known.IsWorthTelling());
}

TEST(WorryKnowledge, AWorryAboutNothingIsLikeNoOther) {
  const WorryKnowledge known = WorryKnowledge::Of(std::vector{Of("a", {Worry({}, 0)}), Of("b", {Worry({}, 1)})}, kNow);
  EXPECT_EQ(known.Of({}, {Customer("a")}).heard, 0);
  EXPECT_TRUE(known.SentencesFor(ProductId(), nullptr).empty());
  EXPECT_EQ(known.Find({})->times, 2) << "they are counted all the same";
}

// --- the model
TEST(WorryKnowledge, IsReadBackAsItWasWritten) {
  const WorryKnowledge known = Nineteen();
  const auto back = WorryKnowledge::FromJson(known.ToJson());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, known);
  EXPECT_EQ(*WorryKnowledge::FromJson(WorryKnowledge::Of({}, kNow).ToJson()), WorryKnowledge::Of({}, kNow));
}

TEST(WorryKnowledge, AModelThatIsNoneIsRefusedByField) {
  const std::string good = WorryKnowledge::Of(std::vector{Of("a", {Worry(kSmell, 0, 2, "flush")})}, kNow).ToJson().Canonical();
  ASSERT_TRUE(WorryKnowledge::FromJson(*Json::Parse(good)).ok());
  const std::pair<std::string, std::string> wrong[] = {
      {R"("model":"worries")", R"("model":"referrals")"}, {R"("as_of":"2026-06-01T00:00:00Z")", R"("as_of":"June")"}, {R"("buyers":1)", R"("buyers":0)"},
      {R"("buyers":1)", R"("buyers":-1)"},                {R"("flush":{"a":2})", R"("flush":{"b":2})"},              {R"("flush":{"a":2})", R"("flush":{})"},
      {R"("customers":["a"])", R"("customers":["a","a"])"}, {R"("customers":["a"])", R"("customers":[])"},           {R"("open":0)", R"("open":1)"},
      {R"("flush":{"a":2})", R"("flush":{"a":-1})"},             {R"("flush":{"a":2})", R"("flush":{"a":"soon"})"},
      {R"("flush":{"a":2})", R"("flush":2)"},             {R"("flush":{"a":2})", R"("flush":{"a":2},"salt":{"a":2})"},
      {R"("days":[[2,1]])", R"("days":[[2,2]])"},         {R"("days":[[2,1]])", R"("days":[[-2,1]])"},               {R"("times":1)", R"("times":"1")"},
      {R"("flush":{)", R"("":{)"},                        {R"("heard_first":1)", R"("heard_first":1,"mood":1)"}};
  for (const auto& [from, to] : wrong) {
    std::string text = good;
    ASSERT_NE(text.find(from), std::string::npos) << good << from;
    text.replace(text.find(from), from.size(), to);
    EXPECT_EQ(TokenOf(WorryKnowledge::FromJson(*Json::Parse(text)).status()), "relationship.invalid_model") << to;
  }
  EXPECT_EQ(TokenOf(WorryKnowledge::FromJson(Json()).status()), "relationship.invalid_model");
}

std::vector<CustomerWorries> RandomCustomers() {
  const auto number = [](int below) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, below)); };
  std::vector<CustomerWorries> all;
  const int customers = number(12);
  for (int i = 0; i < customers; ++i) {
    CustomerWorries one = Of("c" + std::to_string(i), {}, {}, {});
    const int worries = number(6);
    for (int j = 0; j < worries; ++j) {
      const WorryTopic about{number(2) == 0 ? kFilter : ProductId(), number(3) == 0 ? "" : "smell"};
      const int raised = number(200);
      one.worries.push_back(Worry(about, raised, number(2) == 0 ? std::nullopt : std::optional(raised + number(30)), number(3) == 0 ? "" : "flush"));
      if (!one.worries.back().resolved.has_value()) one.worries.back().remedy.clear();
    }
    if (number(3) == 0) one.complaints.push_back({kFilter, DayN(number(200))});
    if (number(2) == 0) one.bought.insert(kFilter);
    all.push_back(std::move(one));
  }
  return all;
}

RC_GTEST_PROP(WorryKnowledgeProperty, PartsJoinedInAnyOrderAreTheWholeAtOnce, ()) {
  std::vector<CustomerWorries> all = RandomCustomers();
  const WorryKnowledge whole = WorryKnowledge::Of(all, kNow);
  const std::size_t cut = all.empty() ? 0 : *rc::gen::inRange<std::size_t>(0, all.size() + 1);
  WorryKnowledge first = WorryKnowledge::Of(std::span(all).first(cut), kNow), second = WorryKnowledge::Of(std::span(all).subspan(cut), kNow);
  WorryKnowledge other_way = second;
  first.Merge(second);
  other_way.Merge(WorryKnowledge::Of(std::span(all).first(cut), kNow));
  RC_ASSERT(first == whole);
  RC_ASSERT(other_way == whole);
  for (CustomerWorries& one : all) std::reverse(one.worries.begin(), one.worries.end());
  std::reverse(all.begin(), all.end());
  RC_ASSERT(WorryKnowledge::Of(all, kNow) == whole);
}

RC_GTEST_PROP(WorryKnowledgeProperty, WhatIsMadeCanBeRead, ()) {
  const WorryKnowledge known = WorryKnowledge::Of(RandomCustomers(), kNow);
  const auto back = WorryKnowledge::FromJson(known.ToJson());
  RC_ASSERT(back.ok());
  RC_ASSERT(*back == known);
}

// Never "2 had it; it cured 4", whoever asks; and as if he were not in the book.
RC_GTEST_PROP(WorryKnowledgeProperty, WhoAsksIsAsIfHeWereNotThere, ()) {
  std::vector<CustomerWorries> all = RandomCustomers();
  RC_PRE(!all.empty());
  const WorryKnowledge whole = WorryKnowledge::Of(all, kNow);
  const CustomerId asker = all.back().customer;
  all.pop_back();
  const WorryKnowledge others = WorryKnowledge::Of(all, kNow);
  for (const WorryTopic& about : {WorryTopic{kFilter, "smell"}, WorryTopic{kFilter, ""}, WorryTopic{ProductId(), "smell"}}) {
    const auto told = whole.Of(about, {asker}), expected = others.Of(about, {});
    RC_ASSERT(told.heard == expected.heard);
    RC_ASSERT(told.remedy == expected.remedy);
    RC_ASSERT(told.tried == expected.tried);
    RC_ASSERT(told.cured == expected.cured);
    RC_ASSERT(told.median_days == expected.median_days);
    RC_ASSERT(told.cured <= told.tried);
    RC_ASSERT(told.tried <= told.heard);
  }
}

}  // namespace
}  // namespace rapport
