// What customers say of each other: worries and referrals as recorded fits, referrals that are refused, hours learnt from calls; against the truth of
// simulated books.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "engine/simulated.hpp"
#include "rapport/core/status.hpp"
#include "rapport/engine.hpp"
#include "rapport/relationship/best_hours.hpp"
#include "rapport/relationship/referral_tree.hpp"
#include "rapport/relationship/worry_knowledge.hpp"

namespace rapport {
namespace {

Instant At(std::string_view text) { return ParseStamp(text)->at; }
const Instant kNow = At("2026-06-01T00:00:00Z");
Money Euro(std::string_view amount) { return *Money::Parse(amount, *Currency::Parse("EUR")); }

template <class T>
Event Said(std::string id, std::string subject, std::string_view at, T data) {
  Event event;
  event.key = {"host", std::move(id)};
  event.subject = CustomerId::Trusted(std::move(subject));
  event.occurred = {At(at), 0};
  event.recorded = event.claimed = event.occurred.at;
  event.data = std::move(data);
  return event;
}
Event Brought(std::string id, std::string by, const std::string& whom, std::string_view at = "2026-01-01T00:00:00Z") {
  return Said(std::move(id), std::move(by), at, ReferralMade{CustomerId::Trusted(whom), {}, {}});
}
Event Merged(std::string id, std::string into, const std::string& merged, std::string_view at = "2026-02-01T00:00:00Z") {
  return Said(std::move(id), std::move(into), at, CustomerMerged{CustomerId::Trusted(merged), {}});
}
Event Ordered(std::string id, std::string by, std::string_view amount, std::string currency = "EUR") {
  PurchasePlaced placed;
  placed.order = OrderId::Trusted(id);
  placed.lines.emplace_back().amount = *Money::Parse(amount, *Currency::Parse(currency));
  return Said(std::move(id), std::move(by), "2026-03-01T00:00:00Z", placed);
}
Event InEuros() {
  BookConfigured book;
  book.reporting_currency = "EUR";
  return Said("book", "", "2025-01-01T00:00:00Z", book);
}

Engine With(std::vector<Event> events) {
  Engine engine = *Engine::InMemory();
  const auto appended = engine.Append(std::move(events));
  EXPECT_TRUE(appended.ok()) << appended.status();
  return engine;
}
// The token with which an append is refused, which then changed nothing; empty where it is taken.
std::string Refused(Engine& engine, std::vector<Event> events, AppendOptions options = {}) {
  const std::string before = *engine.ExportLines({});
  const auto appended = engine.Append(std::move(events), options);
  if (!appended.ok()) { EXPECT_EQ(*engine.ExportLines({}), before); }
  return TokenOf(appended.status());
}
Cell SignalOf(Engine& engine, const std::string& customer, const std::string& signal, Instant at = kNow) {
  const std::vector<CustomerId> who{CustomerId::Trusted(customer)};
  const std::vector<std::string> what{signal};
  const auto table = engine.Signals(ReadAt{at}, who, what);
  EXPECT_TRUE(table.ok()) << table.status();
  return table.ok() ? table->Find(signal)->at(0) : Cell();
}
AppendOptions Correcting() {
  AppendOptions options;
  options.on_conflict = OnConflict::kCorrect;
  return options;
}

// --- the fit of referrals
TEST(Referrals, AreFittedWithWhatThoseBroughtHaveKept) {
  PurchaseReturned part;
  part.order = OrderId::Trusted("ob");
  part.amount = Euro("30");
  PurchaseReturned whole;
  whole.order = OrderId::Trusted("od2");
  Engine engine = With({InEuros(), Brought("1", "a", "b"), Brought("2", "b", "d"), Brought("3", "x", "b", "2026-01-02T00:00:00Z"), Ordered("oa", "a", "1000"), Ordered("ob", "b", "100"),
                        Ordered("od", "d", "40"), Ordered("od2", "d", "7"), Said("r1", "b", "2026-03-02T00:00:00Z", part), Said("r2", "d", "2026-03-02T00:00:00Z", whole)});
  EXPECT_EQ(SignalOf(engine, "a", "referral.value"), Cell()) << "nothing is fitted";
  EXPECT_EQ(SignalOf(engine, "a", "referral.brought"), Cell());
  const auto fitted = engine.Fit("referrals", kNow, "");
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  EXPECT_EQ(fitted->customers, 2);
  EXPECT_EQ(SignalOf(engine, "a", "referral.value"), Cell(70 + 0.5 * 40));
  EXPECT_EQ(SignalOf(engine, "b", "referral.value"), Cell(40.0));
  EXPECT_EQ(SignalOf(engine, "d", "referral.value"), Cell(0.0));
  EXPECT_EQ(SignalOf(engine, "a", "referral.brought"), Cell(std::int64_t{1}));
  EXPECT_EQ(SignalOf(engine, "x", "referral.brought"), Cell(std::int64_t{0})) << "a was first";
  EXPECT_EQ(SignalOf(engine, "b", "referral.brought_by"), Cell(std::string("a")));
  EXPECT_EQ(SignalOf(engine, "a", "referral.brought_by"), Cell());
  EXPECT_EQ(SignalOf(engine, "b", "account.origin"), Cell(std::string("referral")));
  EXPECT_EQ(SignalOf(engine, "a", "account.origin"), Cell());
  CustomerUpserted host;
  host.origin = Origin::kRepeat;
  ASSERT_TRUE(engine.Append({Said("p", "b", "2026-06-02T00:00:00Z", host)}).ok());
  EXPECT_EQ(SignalOf(engine, "b", "account.origin", At("2026-06-03T00:00:00Z")), Cell(std::string("repeat"))) << "the host's word goes first";
}

TEST(Referrals, OfOtherMoneyNeedARate) {
  Engine engine = With({InEuros(), Brought("1", "a", "b"), Ordered("ob", "b", "100", "JPY")});
  const auto fitted = engine.Fit("referrals", kNow, "");
  EXPECT_EQ(TokenOf(fitted.status()), "money.no_rate");
  EXPECT_NE(std::string(fitted.status().message()).find("customer b"), std::string::npos) << fitted.status();
  ASSERT_TRUE(engine.Append({Said("rate", "", "2026-01-01T00:00:00Z", RateSet{"JPY", "EUR", "0.01"})}).ok());
  ASSERT_TRUE(engine.Fit("referrals", kNow, "").ok());
  EXPECT_EQ(SignalOf(engine, "a", "referral.value"), Cell(1.0));
}

TEST(Referrals, WithoutAReportingCurrencyHaveNoValue) {
  Engine engine = With({Brought("1", "a", "b"), Ordered("ob", "b", "100", "JPY"), Ordered("oc", "c", "100", "EUR")});
  ASSERT_TRUE(engine.Fit("referrals", kNow, "").ok());
  EXPECT_EQ(SignalOf(engine, "a", "referral.value"), Cell());
  EXPECT_EQ(SignalOf(engine, "a", "referral.brought"), Cell(std::int64_t{1}));
}

TEST(Referrals, OfMergedCustomersAreOfOneAndACircleThatAMergeMadeIsDroppedAndTold) {
  Engine engine = With({InEuros(), Brought("1", "a", "b"), Brought("2", "b2", "c", "2026-01-02T00:00:00Z"), Brought("3", "c", "a2", "2026-01-03T00:00:00Z"), Ordered("oc", "c", "10"),
                        Merged("m", "b", "b2")});
  ASSERT_TRUE(engine.Fit("referrals", At("2026-02-02T00:00:00Z"), "").ok());
  EXPECT_EQ(SignalOf(engine, "c", "referral.brought_by"), Cell(std::string("b")));
  EXPECT_EQ(SignalOf(engine, "b2", "referral.brought"), Cell(std::int64_t{1})) << "asked by either name";
  ASSERT_TRUE(engine.Append({Merged("m2", "a", "a2", "2026-03-01T00:00:00Z")}).ok());
  const auto fitted = engine.Fit("referrals", kNow, "");
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  const ReferralTree tree = *ReferralTree::FromJson(fitted->fitted);
  ASSERT_EQ(tree.dropped().size(), 1u);
  EXPECT_EQ(tree.dropped()[0].because, ReferralTree::Because::kCycle);
  EXPECT_EQ(tree.dropped()[0].referral.key.id, "3") << "the one that came last";
  EXPECT_EQ(SignalOf(engine, "a", "referral.brought_by"), Cell());
}

TEST(Referrals, AModelThatIsNoneIsRefused) {
  Engine engine = With({});
  AppendOptions own;
  own.own_events = true;
  for (const char* model : {"referrals", "worries"}) {
    Event event = Said("model", "", "2026-01-01T00:00:00Z", ModelFitted{model, *Json::Parse(R"({"model": 7})"), {}, {}});
    EXPECT_EQ(Refused(engine, {event}, own), "relationship.invalid_model") << model;
  }
}

// --- what is refused
TEST(ReferralRefusals, NobodyBringsHimself) {
  Engine engine = With({Said("t", "a", "2026-01-01T00:00:00Z", Touch())});
  const auto refused = engine.Append({Brought("1", "a", "a")});
  EXPECT_EQ(TokenOf(refused.status()), "referral.self");
  EXPECT_NE(std::string(refused.status().message()).find("record host/1, field referred"), std::string::npos) << refused.status();
  EXPECT_EQ(Refused(engine, {Brought("2", "a", "b"), Brought("3", "c", "c")}), "referral.self");
  ASSERT_TRUE(engine.Append({Merged("m", "a", "a2")}).ok());
  EXPECT_EQ(Refused(engine, {Brought("4", "a2", "a")}), "referral.self") << "merged, they are one";
}

TEST(ReferralRefusals, NoCircleWithWhatIsStoredOrInTheCall) {
  Engine engine = With({Brought("1", "a", "b"), Brought("2", "b", "c")});
  EXPECT_EQ(Refused(engine, {Brought("3", "c", "a")}), "referral.cycle");
  EXPECT_EQ(Refused(engine, {Brought("3", "c", "d"), Brought("4", "d", "a")}), "referral.cycle");
  EXPECT_EQ(Refused(engine, {Brought("5", "x", "y"), Brought("6", "y", "z"), Brought("7", "z", "x")}), "referral.cycle");
  EXPECT_EQ(Refused(engine, {Brought("8", "a", "c"), Brought("9", "c", "d")}), "") << "two ways down are no circle";
  ASSERT_TRUE(engine.Append({Merged("m", "c", "c2")}).ok());
  EXPECT_EQ(Refused(engine, {Brought("10", "c2", "a")}), "referral.cycle") << "through a merged customer";
  const auto refused = engine.Append({Brought("5", "x", "y"), Brought("6", "y", "x")});
  EXPECT_NE(std::string(refused.status().message()).find("record host/6"), std::string::npos) << refused.status();
}

TEST(ReferralRefusals, WhoWasBroughtByAnotherFirstClosesNoCircle) {
  Engine engine = With({Brought("1", "a", "b", "2026-01-01T00:00:00Z"), Brought("2", "c", "b", "2026-01-02T00:00:00Z")});
  EXPECT_EQ(Refused(engine, {Brought("3", "b", "a", "2026-01-03T00:00:00Z")}), "referral.cycle");
  ASSERT_TRUE(engine.Append({Brought("4", "b", "c", "2026-01-04T00:00:00Z")}).ok());
  const ReferralTree tree = *ReferralTree::FromJson(engine.Fit("referrals", kNow, "")->fitted);
  EXPECT_EQ(tree.BroughtBy({CustomerId::Trusted("c")}).text(), "b");
  ASSERT_EQ(tree.dropped().size(), 1u);
  EXPECT_EQ(tree.dropped()[0].because, ReferralTree::Because::kNotFirst);
  // One told late, of an earlier day, is the first: the circle is then closed by it, though the tree drops another.
  EXPECT_EQ(Refused(engine, {Brought("5", "c", "a", "2025-12-01T00:00:00Z")}), "referral.cycle");
}

TEST(ReferralRefusals, TheSameAgainIsFineAndWhatWasTakenBackCountsNoMore) {
  Engine engine = With({Brought("1", "a", "b")});
  const auto again = engine.Append({Brought("1", "a", "b")});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->duplicates, 1);
  ASSERT_TRUE(engine.Append({Said("back", "a", "2026-02-01T00:00:00Z", EventRetracted{"host", "1", {}})}).ok());
  EXPECT_EQ(Refused(engine, {Brought("2", "b", "a")}), "");
}

TEST(ReferralRefusals, TakenBackInTheSameCallItCountsNoMore) {
  Engine engine = With({Brought("1", "a", "b")});
  EXPECT_EQ(Refused(engine, {Said("back", "a", "2026-02-01T00:00:00Z", EventRetracted{"host", "1", {}}), Brought("2", "b", "a")}), "");
}

TEST(ReferralRefusals, ADuplicateStaysFineWhereAMergeMadeACircleOfIt) {
  Engine engine = With({Brought("1", "a", "b"), Brought("2", "b", "a2"), Brought("3", "c", "c2"), Merged("m", "a", "a2"), Merged("m2", "c", "c2")});
  EXPECT_EQ(Refused(engine, {Brought("1", "a", "b"), Brought("2", "b", "a2"), Brought("3", "c", "c2")}), "");
  EXPECT_EQ(Refused(engine, {Brought("4", "b", "d")}), "") << "the circle is not this call's";
  EXPECT_EQ(Refused(engine, {Brought("5", "b", "a")}), "referral.cycle");
  // What was exported can be read into another book in one call.
  Engine other = *Engine::InMemory();
  DecodeOptions own;
  own.own_events = true;
  const auto read = other.AppendLines(*engine.ExportLines({}), own, OnConflict::kError);
  EXPECT_TRUE(read.ok()) << read.status();
}

TEST(ReferralRefusals, CorrectionsAreLookedAtToo) {
  Engine engine = With({Brought("1", "a", "b"), Brought("2", "c", "d")});
  EXPECT_EQ(Refused(engine, {Brought("1", "a", "a")}, Correcting()), "referral.self");
  EXPECT_EQ(Refused(engine, {Brought("2", "c", "a"), Brought("3", "b", "c")}, Correcting()), "referral.cycle");
  EventCorrected correction;
  correction.target_source = "host";
  correction.target_id = "1";
  correction.target_type = "referral.made";
  correction.time = At("2026-01-01T00:00:00Z");
  correction.facts = *Json::Parse(R"({"referred": "a"})");
  EXPECT_EQ(Refused(engine, {Said("fix", "a", "2026-02-01T00:00:00Z", correction)}), "referral.self");
  // What it was before does not stand in the way of what it becomes.
  EXPECT_EQ(Refused(engine, {Brought("1", "a", "e", "2026-01-01T00:00:00Z"), Brought("4", "b", "a")}, Correcting()), "");
  EXPECT_EQ(Refused(engine, {Brought("5", "e", "b")}), "referral.cycle") << "as it counts now";
  EXPECT_EQ(Refused(engine, {Brought("6", "a", "b")}), "referral.cycle");
}

TEST(ReferralRefusals, ADryRunOfAnImportRefusesToo) {
  const std::string path = testing::TempDir() + "/rapport_referrals.ndjson";
  std::FILE* file = std::fopen(path.c_str(), "w");
  ASSERT_NE(file, nullptr);
  std::fputs(R"({"specversion":"1.0","id":"1","source":"host","type":"referral.made","subject":"a","time":"2026-01-01T00:00:00Z","data":{"referred":"a"}})"
             "\n", file);
  std::fclose(file);
  Engine engine = With({});
  ImportOptions options;
  options.dry_run = true;
  EXPECT_EQ(TokenOf(engine.ImportFile(path, std::nullopt, options).status()), "referral.self");
  std::remove(path.c_str());
}

TEST(ReferralRefusals, ALongChainInOneCallIsLookedAtOnce) {
  constexpr int kMany = 20'000;
  std::vector<Event> chain;
  for (int i = 0; i < kMany; ++i) chain.push_back(Brought("r" + std::to_string(i), "c" + std::to_string(i), "c" + std::to_string(i + 1)));
  Engine engine = With(std::move(chain));
  EXPECT_EQ(Refused(engine, {Brought("last", "c" + std::to_string(kMany), "c0")}), "referral.cycle");
  EXPECT_EQ(Refused(engine, {Brought("last", "c0", "c" + std::to_string(kMany))}), "");
}

// --- worries
Event Worried(std::string id, std::string who, std::string_view at, std::string topic = "smell") {
  WorryRaised worry;
  worry.worry = WorryId::Trusted(id);
  worry.product = ProductId::Trusted("filter");
  worry.topic = std::move(topic);
  return Said(std::move(id), std::move(who), at, worry);
}
Event Cured(const std::string& id, std::string who, std::string_view at, std::string remedy) {
  WorryResolved resolved;
  resolved.worry = WorryId::Trusted(id);
  resolved.remedy = std::move(remedy);
  return Said(id + "-r", std::move(who), at, resolved);
}
std::vector<Event> TwoCuredOneOpen() {
  return {Worried("w1", "a", "2026-01-01T00:00:00Z"), Cured("w1", "a", "2026-01-03T00:00:00Z", "a flush"),    Worried("w2", "b", "2026-01-01T00:00:00Z"),
          Cured("w2", "b", "2026-01-09T00:00:00Z", "a flush"), Worried("w3", "c", "2026-05-30T00:00:00Z"), Worried("w4", "d", "2026-05-30T00:00:00Z", "noise")};
}

TEST(Worries, AreFittedAndToldToWhoHasTheSame) {
  Engine engine = With(TwoCuredOneOpen());
  EXPECT_EQ(SignalOf(engine, "c", "worry.heard"), Cell());
  const auto fitted = engine.Fit("worries", kNow, "");
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  EXPECT_EQ(fitted->customers, 4);
  EXPECT_EQ(SignalOf(engine, "c", "worry.heard"), Cell(std::int64_t{2}));
  EXPECT_EQ(SignalOf(engine, "c", "worry.remedy"), Cell(std::string("a flush")));
  EXPECT_EQ(SignalOf(engine, "d", "worry.heard"), Cell(std::int64_t{0}));
  EXPECT_EQ(SignalOf(engine, "d", "worry.remedy"), Cell());
  EXPECT_EQ(SignalOf(engine, "a", "worry.heard"), Cell()) << "nothing is open";
}

const FollowUpIssued* OpenWorryOf(const std::vector<Event>& events, const std::string& customer) {
  for (const Event& event : events) {
    const auto* issued = event.As<FollowUpIssued>();
    if (issued != nullptr && issued->rule == "open-worry" && event.subject.text() == customer) return issued;
  }
  return nullptr;
}
std::string ObjectiveOf(Engine& engine, const FollowUpIssued& issued) {
  return *Catalogue::Bundled().Say(*Sentence::FromJson(issued.objective), Language::kEnglish, engine.texts());
}

TEST(Worries, AreListenedToWithWhatCuredThemAndCountsAloneAreNoNewRevision) {
  Engine engine = With(TwoCuredOneOpen());
  ASSERT_TRUE(engine.Fit("worries", kNow, "").ok());
  const auto tick = engine.Tick(ReadAt{At("2026-06-01T08:00:00Z")});
  ASSERT_TRUE(tick.ok()) << tick.status();
  const FollowUpIssued* same = OpenWorryOf(tick->events, "c");
  ASSERT_NE(same, nullptr);
  EXPECT_EQ(ObjectiveOf(engine, *same), "2 buyers had it; a flush cured 2. Listen, then offer it.");
  EXPECT_NE(same->derivation.Canonical().find("model/worries"), std::string::npos) << "the model is cited";
  ASSERT_NE(OpenWorryOf(tick->events, "d"), nullptr);
  EXPECT_EQ(ObjectiveOf(engine, *OpenWorryOf(tick->events, "d")), "Listen first, then agree who cures it and when.");
  // One more, and a fit anew: the number alone is not told anew.
  ASSERT_TRUE(engine.Append({Worried("w5", "e", "2026-06-01T08:30:00Z"), Cured("w5", "e", "2026-06-01T08:40:00Z", "a flush")}).ok());
  ASSERT_TRUE(engine.Fit("worries", At("2026-06-01T09:00:00Z"), "").ok());
  EXPECT_EQ(SignalOf(engine, "c", "worry.heard", At("2026-06-01T09:00:00Z")), Cell(std::int64_t{3}));
  const auto later = engine.Tick(ReadAt{At("2026-06-01T10:00:00Z")});
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(OpenWorryOf(later->events, "c"), nullptr);
}

// --- against the truth

TEST(SimulatedNetwork, TheRemedyThatTrulyCuresBestIsFound) {
  Simulated made = SimulatedBy({.seed = 31, .customers = 1500, .years = 4});
  Engine engine = With(std::move(made.events));
  const auto fitted = engine.Fit("worries", At(*made.truth.Find("end")->if_string()), "");
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  const WorryKnowledge known = *WorryKnowledge::FromJson(fitted->fitted);
  int topics = 0;
  for (const auto& [product, plan] : *made.truth.Find("products")->if_object()) {
    for (const auto& [topic, remedies] : *plan.Find("topics")->if_object()) {
      ++topics;
      const WorryTopic about{ProductId::Trusted(product), topic};
      std::string best;
      for (const auto& [label, cures] : *remedies.if_object()) {
        if (best.empty() || *cures.if_number() > *remedies.Find(best)->if_number()) best = label;
        const WorryKnowledge::Remedy& seen = known.Find(about)->remedies.at(label);
        const auto tried = static_cast<double>(seen.tried()), chance = *cures.if_number();
        // Four standard errors, and what is raised again by chance or comes after the end.
        EXPECT_NEAR(static_cast<double>(seen.cured) / tried, chance, 4 * std::sqrt(chance * (1 - chance) / tried) + 0.05) << topic << ", " << label;
      }
      EXPECT_EQ(known.Of(about, {}).remedy, best) << topic;
    }
  }
  EXPECT_EQ(topics, 10);
}

TEST(SimulatedNetwork, ReferralsNeverGoInACircleAndTheTreeIsTheTruth) {
  Simulated made = SimulatedBy({.seed = 32, .customers = 800});
  Engine engine = With(std::move(made.events));
  const auto fitted = engine.Fit("referrals", At(*made.truth.Find("end")->if_string()), "");
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  const ReferralTree tree = *ReferralTree::FromJson(fitted->fitted);
  EXPECT_TRUE(tree.dropped().empty());
  std::int64_t brought = 0;
  for (const Json& one : *made.truth.Find("customers")->if_array()) {
    const Json* by = one.Find("brought_by");
    brought += by != nullptr ? 1 : 0;
    EXPECT_EQ(tree.BroughtBy({CustomerId::Trusted(*one.Find("customer")->if_string())}).text(), by == nullptr ? "" : *by->if_string());
  }
  EXPECT_GT(brought, 40);
}

// The two hours with the greatest raw share of calls and visits that reached somebody; of equal ones the one with more attempts, then the earlier one.
std::optional<int> ByRawShare(const Account& account, const Zone& zone) {
  std::optional<int> best;
  double share = -1;
  int most = 0;
  for (int from = 0; from <= 22; ++from) {
    int tried = 0, reached = 0;
    for (const TouchRecord& record : account.touches) {
      if (!BestHours::IsAttempt(record) || !HourWindow{std::nullopt, from}.Contains(zone.Local(record.touch.start.value_or(record.at)))) continue;
      ++tried;
      reached += record.touch.disposition == Disposition::kReached ? 1 : 0;
    }
    const double raw = tried == 0 ? -1 : static_cast<double>(reached) / tried;
    if (raw < share || tried == 0 || (raw == share && tried <= most)) continue;
    share = raw;
    most = tried;
    best = from;
  }
  return best;
}

TEST(SimulatedNetwork, TheTrueHoursAreFoundMoreOftenThanByTheRawShareAndWhatIsProvenIsMostlyRight) {
  Simulated made = SimulatedBy({.seed = 33, .customers = 1500, .years = 10});
  Engine engine = With(std::move(made.events));
  const auto book = engine.Snapshot(std::nullopt);
  ASSERT_TRUE(book.ok());
  int customers = 0, shrunk = 0, raw = 0, proven = 0, overlapping = 0;
  for (const Json& one : *made.truth.Find("customers")->if_array()) {
    const auto account = (*book)->Find(CustomerId::Trusted(*one.Find("customer")->if_string()));
    const Zone& zone = (*book)->context().ZoneOf(std::nullopt, account->profile.zone);
    const int truth = static_cast<int>(*(*one.Find("best_hours")->if_array())[0].if_integer());
    const BestHours hours = BestHours::Of(account->touches, zone, Instant::Max());
    if (hours.attempts() < 8) continue;
    ++customers;
    shrunk += hours.likeliest().has_value() && hours.likeliest()->window.from_hour == truth ? 1 : 0;
    raw += ByRawShare(*account, zone) == truth ? 1 : 0;
    if (!hours.proven().has_value()) continue;
    ++proven;
    overlapping += std::abs(hours.proven()->window.from_hour - truth) <= 1 ? 1 : 0;
  }
  std::printf("of %d customers the true hours: shrunk %d, raw %d; proven %d, of which overlap %d\n", customers, shrunk, raw, proven, overlapping);
  EXPECT_GT(customers, 1000);
  EXPECT_GT(shrunk, raw * 15 / 10);
  EXPECT_GT(proven, customers / 12);
  EXPECT_GT(overlapping, proven * 85 / 100);
}

}  // namespace
}  // namespace rapport
