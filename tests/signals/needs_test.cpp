// What signals are made from: complete for the registry, and true. A signal that misses what it says it needs is missing or zero; one that
// has it all has a value.
#include "rapport/signals/needs.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "rapport/expectation/keeping.hpp"
#include "rapport/relationship/referral_tree.hpp"
#include "rapport/relationship/worry_knowledge.hpp"
#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

constexpr std::array<Language, 4> kLanguages{Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese};

bool IsNull(const Cell& cell) { return std::holds_alternative<std::monostate>(cell); }
bool IsZero(const Cell& cell) { return cell == Cell(std::int64_t{0}) || cell == Cell(0.0); }

TEST(Signals_Needs, AreNamedForEverySignalSortedAndOnce) {
  for (const SignalColumn& column : AllSignals()) {
    const std::vector<SignalNeed> needs = NeedsOf(column);
    EXPECT_FALSE(needs.empty()) << column.name;
    for (std::size_t i = 1; i < needs.size(); ++i) EXPECT_LT(needs[i - 1].what, needs[i].what) << column.name;
  }
}

// The events and fields are those of the schemas that hosts write by.
TEST(Signals_Needs, NameEventsAndFieldsThatThereAre) {
  for (const SignalColumn& column : AllSignals()) {
    for (const SignalNeed& need : NeedsOf(column)) {
      const std::string type = need.what.substr(0, need.what.find(' '));
      std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/schemas/" + type + ".json");
      ASSERT_TRUE(file.good()) << column.name << ": " << need.what;
      if (type == need.what) continue;
      std::ostringstream text;
      text << file.rdbuf();
      const std::string field = need.what.substr(std::max(need.what.find_last_of(". "), type.size()) + 1);
      EXPECT_NE(text.str().find('"' + field + '"'), std::string::npos) << column.name << ": " << need.what;
    }
  }
}

TEST(Signals_Needs, HaveWordsInEveryLanguage) {
  for (const SignalColumn& column : AllSignals()) {
    for (const SignalNeed& need : NeedsOf(column)) {
      std::string key = "need." + need.what;
      std::replace(key.begin(), key.end(), ' ', '.');
      for (const Language language : kLanguages) EXPECT_TRUE(Catalogue::Bundled().Has(key, language)) << key << " " << LanguageCode(language);
    }
  }
}

// --- a customer of whom everything is recorded, and books with one thing left out
// Of others who worried about the same, and who brought whom.
ModelFitted Worries(const WorryTopic& about) {
  const Instant raised = At("2026-01-01T00:00:00Z");
  const CustomerWorries other{Customer("other"), {{about, raised, raised, 0, "a flush"}}, {}, {}};
  return {std::string(kWorryKnowledge), WorryKnowledge::Of(std::vector{other}, raised).ToJson(), std::nullopt, std::nullopt};
}
ModelFitted Referrals() {
  const std::vector<Referral> said{{Customer("x"), Customer("c"), {}, {"test", "1"}}, {Customer("c"), Customer("d"), {}, {"test", "g"}}};
  return {std::string(kReferralTree), ReferralTree::Of(said, {{Customer("d"), 9}}, Eur()).ToJson(), std::nullopt, std::nullopt};
}

std::vector<std::pair<std::string, Event>> Everything() {
  const auto at = "2026-02-01T00:00:00Z";
  CustomerUpserted customer;
  customer.large = false;
  customer.owner = RepId::Trusted("kim");
  RepUpserted rep;
  rep.rep = RepId::Trusted("kim");
  rep.absences = {Day(2026, 2, 9), Day(2026, 2, 10)};
  rep.manager = RepId::Trusted("okada");
  customer.contact_ideal_days = 3;
  customer.contact_latest_days = 4;
  customer.origin = Origin::kNew;
  customer.expected_volume = Money(500, *Currency::Parse("EUR"));
  BookConfigured configured;
  configured.reporting_currency = "EUR";
  ProductUpserted product;
  product.product = ProductId::Trusted("p");
  product.return_days = 40;
  product.margin = Money(100, *Currency::Parse("EUR"));
  PurchasePlaced placed = Bought("10.00");
  placed.lines.front().product = product.product;
  Touch touch = Called();
  touch.disposition = Disposition::kRefusedContact;
  PromiseMade promise;
  promise.due = Day(2026, 2, 20);
  Refusal refusal;
  refusal.reason = RefusalReason::kMoney;
  CaseOpened claim;
  claim.kind = CaseKind::kClaim;
  ContractStarted contract;
  contract.ends = Day(2027, 1, 1);
  contract.value = Money(900, *Currency::Parse("EUR"));
  OpportunityOpened opportunity;
  opportunity.stage = "offer";
  FeedbackGiven feedback;
  feedback.nps = 9;
  feedback.dimensions = *Json::Parse(R"({"ease_of_use":9,"brand_uplift":9,"assurance":9,"after_care":9,"speed_of_response":9,"courtesy":9,"drive":9,
                                         "track_record":9,"relationship":9})");
  ReferralMade referral;
  referral.referred = Customer("d");
  ModelFitted model;
  model.model = "bg_nbd";
  model.fitted = *Json::Parse(R"({"model":"bg_nbd","params":{"r":0.243,"alpha":4.414,"a":0.793,"b":2.426}})");
  ModelFitted repeat;
  repeat.model = "repeat";
  repeat.fitted = *Json::Parse(R"({"model":"repeat","horizon_days":180,"coefficients":{"const":-0.5},"fill":{}})");
  std::vector<std::pair<std::string, Event>> all;
  const auto add = [&](std::string subject, std::string id, std::string_view when, Payload data, std::string type) {
    all.emplace_back(std::move(type), Happened(std::move(subject), std::move(id), when, std::move(data)));
  };
  add("", "book", "2026-01-01T00:00:00Z", configured, "book.configured");
  add("", "p", "2026-01-01T00:00:00Z", product, "product.upserted");
  add("", "kim", "2026-01-01T00:00:00Z", rep, "rep.upserted");
  add("c", "c", "2026-01-02T00:00:00Z", customer, "customer.upserted");
  for (int i = 0; i < 3; ++i) add("c", "o" + std::to_string(i), "2026-01-1" + std::to_string(i) + "T00:00:00Z", placed, "purchase.placed");
  add("c", "d", at, PurchaseDelivered(), "purchase.delivered");
  add("c", "t1", "2026-02-02T00:00:00Z", Called(), "touch");
  add("c", "t2", "2026-02-03T00:00:00Z", touch, "touch");
  Touch visit = Called();
  visit.channel = Channel::kVisit;
  visit.rep = RepId::Trusted("r");
  add("c", "t0", "2026-02-02T00:00:00Z", visit, "touch");
  Touch newsletter = Called();   // mass mail: no contact, but it counts as a letter
  newsletter.channel = Channel::kNewsletter;
  add("c", "t5", "2026-02-02T00:00:00Z", newsletter, "touch");
  add("c", "t3", "2026-02-04T00:00:00Z", Called(Purpose::kCare, Disposition::kReached, Direction::kInbound), "touch");
  add("c", "t4", "2026-02-05T00:00:00Z", Called(Purpose::kSell), "touch");
  add("c", "m", at, promise, "promise.made");
  promise.due = Day(2026, 2, 5);   // passes, so one is settled also where none is delivered
  add("c", "m2", at, promise, "promise.made");
  PromiseDelivered kept;
  kept.promise = PromiseId::Trusted("m2");
  add("c", "md", "2026-02-04T00:00:00Z", kept, "promise.delivered");
  promise.due = Day(2026, 2, 12);
  promise.order = OrderId::Trusted("o0");
  add("c", "m0", "2026-01-09T00:00:00Z", promise, "promise.made");
  promise.due = Day(2026, 2, 6);   // missed, and bought again since
  promise.order = std::nullopt;
  add("c", "m3", at, promise, "promise.made");
  add("c", "o3", "2026-02-08T00:00:00Z", placed, "purchase.placed");
  PromiseMade homework;
  homework.by = PromiseBy::kCustomer;
  homework.due = Day(2026, 2, 3);
  add("c", "mh", at, homework, "promise.made");
  PromiseProgressed progress;
  progress.promise = PromiseId::Trusted("m");
  progress.ready = 1;
  add("c", "mp", "2026-02-03T00:00:00Z", progress, "promise.progressed");
  add("c", "r", at, refusal, "refusal");
  WorryRaised worry;
  worry.product = product.product;
  worry.topic = "smell";
  add("c", "w", at, worry, "worry.raised");
  add("", "worries", "2026-02-05T00:00:00Z", Worries({product.product, *worry.topic}), "model.fitted");
  add("", "referrals", "2026-02-05T00:00:00Z", Referrals(), "model.fitted");
  for (int i = 1; i <= 6; ++i) {   // reached in the morning, and not in the afternoon
    add("c", "a" + std::to_string(i), "2026-01-2" + std::to_string(i) + "T09:00:00Z", Called(), "touch");
    add("c", "b" + std::to_string(i), "2026-01-2" + std::to_string(i) + "T15:00:00Z", Called(Purpose::kCare, Disposition::kAbsent), "touch");
  }
  add("c", "k", at, claim, "case.opened");
  add("c", "s", at, contract, "contract.started");
  add("c", "y", at, opportunity, "opportunity.opened");
  add("c", "f", at, feedback, "feedback.given");
  add("c", "n", at, NeedStated(), "need.stated");
  add("c", "g", at, referral, "referral.made");
  add("", "model", "2026-02-05T00:00:00Z", model, "model.fitted");
  ModelFitted keeping;
  keeping.model = kPromiseKeeping;
  keeping.fitted = PromiseKeeping::Of(std::vector<PastPromise>(5, PastPromise{{}, {}, "", true, 30.0, {}, {}}), {}).ToJson();
  add("", "keeping", "2026-02-05T00:00:00Z", keeping, "model.fitted");
  add("", "model2", "2026-02-05T00:00:00Z", repeat, "model.fitted");
  ModelFitted care;
  care.model = "care_worth";
  care.fitted = *Json::Parse(R"({"model":"care_worth","currency":"EUR","landmark_days":3,"products":{},"cared":{"customers":2,"referrals":2,"years":3},
    "uncared":{"customers":0,"referrals":0,"years":0},"referred":{"customers":1,"margin":50}})");
  add("", "care", "2026-02-05T00:00:00Z", care, "model.fitted");
  return all;
}

Asked Without_(const std::string& type) {
  std::vector<Event> events;
  for (auto& [kind, event] : Everything()) {
    if (kind != type) events.push_back(std::move(event));
  }
  return Asked(std::move(events), "2026-02-10T00:00:00Z");
}

TEST(Signals_Needs, WhoHasThemAllHasAValueThatIsNotZero) {
  const Asked asked = Without_("");
  for (const SignalColumn& column : AllSignals()) {
    if (column.name == "followup.open") continue;   // only a tick makes these
    for (const SignalNeed& need : NeedsOf(column)) EXPECT_TRUE(need.given(asked.input(), column)) << column.name << " " << need.what;
    const Cell value = asked.ValueOf(column.name);
    EXPECT_FALSE(IsNull(value)) << column.name;
    if (column.name != "promise.overdue" && column.name != "reach.absent_in_a_row") { EXPECT_FALSE(IsZero(value)) << column.name; }
  }
}

// For every type of event in turn: without it, a signal whose need is no more given says what the need says it would.
TEST(Signals_Needs, WithoutOneTheSignalIsMissingOrZeroAsTold) {
  std::set<std::string> types;
  for (const auto& [type, event] : Everything()) types.insert(type);
  types.erase("customer.upserted");   // any event makes an account
  std::set<std::string> not_given;
  for (const std::string& type : types) {
    const Asked asked = Without_(type);
    for (const SignalColumn& column : AllSignals()) {
      const Cell value = asked.ValueOf(column.name);
      for (const SignalNeed& need : NeedsOf(column)) {
        if (need.given(asked.input(), column)) continue;
        not_given.insert(need.what);
        const std::string where = std::string(column.name) + " without " + type + ", needs " + need.what;
        if (need.without == Without::kMissing) { EXPECT_TRUE(IsNull(value)) << where; }
        if (need.without == Without::kZero) { EXPECT_TRUE(IsNull(value) || IsZero(value)) << where; }
        if (need.without == Without::kElse) { EXPECT_FALSE(IsNull(value)) << where; }
      }
      // And what is missing says so.
      const auto lacks = [&](const SignalNeed& need) { return !need.given(asked.input(), column); };
      const std::vector<SignalNeed> needs = NeedsOf(column);
      if (IsNull(value)) { EXPECT_TRUE(std::any_of(needs.begin(), needs.end(), lacks)) << column.name << " without " << type; }
    }
  }
  EXPECT_GE(not_given.size(), 20u);
}

TEST(Signals_Needs, ForeignMoneyNeedsARate) {
  BookConfigured configured;
  configured.reporting_currency = "JPY";
  const Asked asked({Happened("", "b", "2026-01-01T00:00:00Z", configured), Happened("c", "o", "2026-01-02T00:00:00Z", Bought("10.00"))}, "2026-02-10T00:00:00Z");
  for (const char* name : {"purchase.revenue", "purchase.mean_amount", "purchase.first_amount"}) {
    std::set<std::string> lacking;
    for (const SignalNeed& need : NeedsOf(Asked::Column(name))) {
      if (!need.given(asked.input(), Asked::Column(name))) lacking.insert(need.what);
    }
    EXPECT_EQ(lacking, std::set<std::string>{"rate.set"}) << name;
    EXPECT_TRUE(IsNull(asked.ValueOf(name))) << name;
  }
}

TEST(Signals_Needs, AHostsColumnNeedsItsObservation) {
  SignalObserved usage;
  usage.name = "usage";
  usage.value = 3;
  const Asked asked({Happened("c", "1", "2026-01-02T00:00:00Z", usage)}, "2026-02-10T00:00:00Z");
  const auto number = HostSignal("host.usage", ColumnType::kNumber), text = HostSignal("host.usage", ColumnType::kText), other = HostSignal("host.x", ColumnType::kNumber);
  ASSERT_EQ(NeedsOf(*number).size(), 1u);
  EXPECT_EQ(NeedsOf(*number)[0].what, "signal.observed usage");
  EXPECT_TRUE(NeedsOf(*number)[0].given(asked.input(), *number));
  EXPECT_FALSE(NeedsOf(*text)[0].given(asked.input(), *text)) << "a number is no text";
  EXPECT_FALSE(NeedsOf(*other)[0].given(asked.input(), *other));
}

// --- the list
TEST(Signals_List, DescribesEverySignalInEveryLanguage) {
  for (const Language language : kLanguages) {
    const absl::StatusOr<Table> list = SignalList(language);
    ASSERT_TRUE(list.ok()) << list.status();
    ASSERT_EQ(list->rows(), AllSignals().size());
    for (std::size_t i = 0; i < list->rows(); ++i) {
      const SignalColumn& column = AllSignals()[i];
      const std::string meaning = std::get<std::string>(list->Find("meaning")->at(i));
      EXPECT_LE(DisplayWidth(meaning), 110) << column.name;
      EXPECT_EQ(meaning == column.meaning, language == Language::kEnglish) << column.name;
      EXPECT_EQ(list->Find("name")->at(i), Cell(std::string(column.name)));
      EXPECT_EQ(list->Find("type")->at(i), Cell(std::string(ColumnTypeName(column.type))));
      EXPECT_EQ(list->Find("unit")->at(i), Cell(std::string(column.unit)));
      EXPECT_EQ(list->Find("motion")->at(i), Cell(std::string(NameOf(column.motion))));
    }
  }
}

// docs/signals.md holds the list; what fails here says the line to write.
TEST(Signals_List, IsTheOneOfTheManual) {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/docs/signals.md");
  std::vector<std::string> told;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| `") && std::count(line.begin(), line.end(), '|') == 7) told.push_back(line);
  }
  std::vector<std::string> expected;
  const Table list = *SignalList(Language::kEnglish);
  const auto cell = [&](const char* name, std::size_t row) { return std::get<std::string>(list.Find(name)->at(row)); };
  for (std::size_t i = 0; i < list.rows(); ++i) {
    const std::string unit = cell("unit", i);
    expected.push_back("| `" + cell("name", i) + "` | " + cell("type", i) + " |" + (unit.empty() ? "" : " " + unit) + " | " + cell("motion", i) + " | " +
                       cell("meaning", i) + " | " + cell("needs", i) + " |");
  }
  EXPECT_EQ(told, expected);
}

}  // namespace
}  // namespace rapport
