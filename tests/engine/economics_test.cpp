// What customers, reps and care are worth in money: the office's as a golden file, a made-up book against a count by hand, the models it rests on.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "engine/office.hpp"
#include "engine/simulated.hpp"
#include "rapport/core/status.hpp"
#include "rapport/signals/registry.hpp"
#include "rapport/value/care_worth.hpp"
#include "rapport/value/models.hpp"

namespace rapport {
namespace {

Engine OpenOffice() {
  Engine engine = *Engine::InMemory();
  EXPECT_TRUE(engine.AppendLines(ReadText(OfficePath())).ok());
  EXPECT_TRUE(engine.FitAll(MondayMorning()).ok());
  return engine;
}

std::vector<std::pair<std::string, Table>> TablesOf(Engine& engine, const ReadAt& at, Language language) {
  std::vector<std::pair<std::string, Table>> tables;
  const auto add = [&](const std::string& name, absl::StatusOr<Table> table) {
    EXPECT_TRUE(table.ok()) << name << " " << table.status();
    if (table.ok()) tables.emplace_back(name, *std::move(table));
  };
  add("origins", engine.EconomicsByOrigin(at, std::nullopt, language));
  add("commission", engine.Commission(at, {}, language));
  add("recurring", engine.RecurringBase(at, 12, language));
  add("care", engine.WorthOfCare(at, {}, language));
  return tables;
}

// Of the models only the one that is counts: what an optimiser finds is held to within its tolerance, not by bytes.
TEST(OfficeEconomics, IsTheGoldenFile) {
  Engine engine = *Engine::InMemory();
  ASSERT_TRUE(engine.AppendLines(ReadText(OfficePath())).ok());
  ASSERT_TRUE(engine.Fit(kCareWorth, MondayMorning()).ok());
  std::string text;
  for (const auto& [name, table] : TablesOf(engine, ReadAt{MondayMorning()}, Language::kEnglish)) text += name + "\n" + table.ToCsv() + "\n";
  EXPECT_EQ(text, ReadText(std::string(RAPPORT_SOURCE_DIR) + "/examples/office/economics.en.csv"));
}

TEST(OfficeEconomics, KeepsItsWidthInEveryLanguage) {
  Engine engine = OpenOffice();
  for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
    int said = 0;
    for (const auto& [name, table] : TablesOf(engine, ReadAt{MondayMorning()}, language)) {
      for (std::size_t row = 0; row < table.rows(); ++row) {
        const Cell cell = table.Find("sentence")->at(row);
        if (cell.index() == 0) continue;
        ++said;
        EXPECT_LE(DisplayWidth(std::get<std::string>(cell)), 110) << std::get<std::string>(cell);
      }
    }
    EXPECT_GT(said, 10);
  }
}

// The sentence names the days that the terms of the book count referrals in.
TEST(OfficeEconomics, CareSaysTheDaysOfItsReferrals) {
  Engine engine = *Engine::InMemory();
  ASSERT_TRUE(engine.AppendLines(ReadText(OfficePath())).ok());
  ASSERT_TRUE(engine.AppendLines(
      R"({"specversion":"1.0","id":"half","source":"t","type":"book.configured","time":"2026-02-01T00:00:00Z","data":{"economics":{"care":{"referral_days":180}}}})").ok());
  ASSERT_TRUE(engine.Fit(kCareWorth, MondayMorning()).ok());
  const auto care = engine.WorthOfCare(ReadAt{MondayMorning()});
  ASSERT_TRUE(care.ok()) << care.status();
  EXPECT_NE(care->ToCsv().find("within 180 days."), std::string::npos);
  EXPECT_EQ(care->ToCsv().find("year"), std::string::npos);
}

TEST(Economics, TermsAreCheckedWhenTheyAreAppended) {
  Engine engine = *Engine::InMemory();
  const auto refused = engine.AppendLines(
      R"({"specversion":"1.0","id":"b","source":"t","type":"book.configured","time":"2026-01-01T00:00:00Z","data":{"economics":{"commission":{"clawback":3}}}})");
  EXPECT_EQ(TokenOf(refused.status()), "economics.invalid_terms");
  EXPECT_NE(refused.status().message().find("record t/b: field economics.commission.clawback"), std::string::npos) << refused.status();
  EXPECT_EQ((*engine.Snapshot())->accounts().size(), 0u);
  EXPECT_TRUE((*engine.Snapshot())->context().economics.is_null());
}

// A book of two years, with what every sum must come to.
class MadeUp : public testing::Test {
 protected:
  MadeUp() : made_(SimulatedBy({.seed = 5, .customers = 300})), now_(ParseStamp(*made_.truth.Find("end")->if_string())->at) {
    engine_.emplace(*Engine::InMemory());
    EXPECT_TRUE(engine_->Append(made_.events).ok());
  }
  double Sum(const Table& table, std::string_view column) {
    double sum = 0;
    for (std::size_t row = 0; row < table.rows(); ++row) sum += NumberOf(table.Find(column)->at(row)).value_or(0);
    return sum;
  }

  Simulated made_;
  Instant now_;
  std::optional<Engine> engine_;
};

TEST_F(MadeUp, OriginsAddUpToAllOrders) {
  const auto table = engine_->EconomicsByOrigin(ReadAt{now_});
  ASSERT_TRUE(table.ok()) << table.status();
  const auto book = engine_->Snapshot(now_);
  ASSERT_TRUE(book.ok());
  double kept = 0, orders = 0, firsts = 0, minutes = 0;
  for (const auto& [id, account] : (*book)->accounts()) {
    for (const PurchaseRecord& purchase : account->purchases) {
      if (purchase.placed > now_) continue;
      orders += 1;
      if (purchase.KeptAmount().has_value()) kept += purchase.KeptAmount()->ToMajor();
    }
    if (!account->purchases.empty() && account->purchases.front().placed <= now_ && account->profile.origin != Origin::kRepeat) firsts += 1;
    for (const TouchRecord& touch : account->touches) minutes += static_cast<double>(touch.at <= now_ ? touch.touch.minutes.value_or(0) : 0);
  }
  EXPECT_GT(orders, 300);
  EXPECT_EQ(Sum(*table, "orders"), orders);
  EXPECT_NEAR(Sum(*table, "revenue"), kept, 1e-6 * kept);
  EXPECT_EQ(Sum(*table, "minutes") + Sum(*table, "minutes_without_order") - Sum(*table, "minutes_assumed"), minutes);
  EXPECT_EQ(NumberOf(table->Find("orders")->at(0)).value_or(0) + NumberOf(table->Find("orders")->at(2)).value_or(0), firsts);
}

TEST_F(MadeUp, EveryModelIsFittedOnceAndTheNewestIsAsked) {
  std::vector<std::string> names(PurchaseModelNames().begin(), PurchaseModelNames().end());
  names.insert(names.end(), {"gamma_gamma", "care_worth"});
  std::string last;
  std::int64_t minute = 0;
  for (const std::string& name : names) {
    const Instant at = now_.PlusMinutes(++minute);
    const auto fitted = engine_->Fit(name, at);
    if (!fitted.ok()) {
      EXPECT_EQ(fitted.status().code(), absl::StatusCode::kFailedPrecondition) << name << " " << fitted.status();
      continue;
    }
    EXPECT_TRUE(fitted->appended) << name;
    EXPECT_GT(fitted->customers, 0) << name;
    EXPECT_FALSE(engine_->Fit(name, at)->appended) << name;
    if (name != "gamma_gamma" && name != "care_worth") last = name;
  }
  const auto book = engine_->Snapshot();
  const SignalContext context = *SignalContext::From((*book)->context());
  ASSERT_NE(context.lifetime, nullptr);
  EXPECT_EQ(context.lifetime->name(), last);
  EXPECT_NE(context.spend, nullptr);
  EXPECT_NE(context.care, nullptr);
  EXPECT_EQ(TokenOf(engine_->Fit("bg_nbt", now_).status()), "value.unknown_model");
}

TEST_F(MadeUp, ABaseAndWorthRestOnTheModels) {
  const auto before = engine_->RecurringBase(ReadAt{now_}, 12);
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_EQ(before->Find("repeat_expected")->at(before->rows() - 1).index(), 0u) << "no model was fitted";
  EXPECT_EQ(before->Find("base")->at(before->rows() - 1).index(), 0u);
  EXPECT_EQ(TokenOf(engine_->WorthOfCare(ReadAt{now_}).status()), "economics.not_fitted");
  ASSERT_TRUE(engine_->FitAll(now_).ok());
  const auto base = engine_->RecurringBase(ReadAt{now_}, 12);
  ASSERT_TRUE(base.ok()) << base.status();
  const double year = NumberOf(base->Find("repeat_expected")->at(base->rows() - 1)).value_or(0);
  double months = 0;
  for (std::size_t row = 0; row + 1 < base->rows(); ++row) months += NumberOf(base->Find("repeat_expected")->at(row)).value_or(0);
  EXPECT_GT(year, 0);
  EXPECT_NEAR(months, year, 1e-9 * year);
  const auto care = engine_->WorthOfCare(ReadAt{now_});
  ASSERT_TRUE(care.ok()) << care.status();
  ASSERT_GT(care->rows(), 100u);
  double above = HUGE_VAL;
  for (std::size_t row = 0; row < care->rows(); ++row) {
    const double worth = *NumberOf(care->Find("worth")->at(row));
    EXPECT_GE(worth, 0);
    EXPECT_LE(worth, above) << "the most first";
    above = worth;
    const double parts = *NumberOf(care->Find("saved")->at(row)) + *NumberOf(care->Find("referral_value")->at(row));
    EXPECT_NEAR(worth, parts, 1e-9 * (1 + parts));
  }
  const auto id = std::get<std::string>(care->Find("customer")->at(0));
  const auto signals = engine_->Signals(ReadAt{now_}, std::vector{CustomerId::Trusted(id)}, std::vector<std::string>{"value.worth_of_care"});
  ASSERT_TRUE(signals.ok());
  EXPECT_EQ(signals->Find("value.worth_of_care")->at(0), care->Find("worth")->at(0));
  EXPECT_EQ(TokenOf(engine_->WorthOfCare(ReadAt{now_}, std::vector{CustomerId::Trusted("nobody")}).status()), "customer.unknown");
}

// What was known earlier is answered as it was known.
TEST_F(MadeUp, WhatIsKnownLaterChangesNothingBefore) {
  const Instant then = now_.PlusMinutes(-200 * 24 * 60);
  const auto at_once = engine_->EconomicsByOrigin(ReadAt{then});
  Engine earlier = *Engine::InMemory();
  std::vector<Event> known;
  for (const Event& event : made_.events) {
    if (event.recorded <= then && event.occurred.at <= then) known.push_back(event);
  }
  ASSERT_TRUE(earlier.Append(known).ok());
  const auto alone = earlier.EconomicsByOrigin(ReadAt{then});
  ASSERT_TRUE(at_once.ok() && alone.ok());
  EXPECT_EQ(at_once->ToNdjson(), alone->ToNdjson());
}

}  // namespace
}  // namespace rapport
