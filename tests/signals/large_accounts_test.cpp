// Large accounts: the top tenth of each rep's, the host's flag first.
#include "rapport/signals/large_accounts.hpp"

#include <vector>

#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

Currency Euro() { return *Currency::Parse("EUR"); }

LargeAccounts OfTwentyFive() {
  std::vector<LargeAccounts::Account> accounts;
  for (int i = 1; i <= 25; ++i) accounts.push_back({RepId::Trusted("sato"), 100.0 * i});
  for (int i = 1; i <= 9; ++i) accounts.push_back({RepId::Trusted("kim"), 1e6 * i});
  return LargeAccounts::Of(accounts, Euro());
}

TEST(Signals_LargeAccounts, AreATenthRoundedDownOfEachReps) {
  const LargeAccounts large = OfTwentyFive();
  EXPECT_EQ(large.IsLarge(RepId::Trusted("sato"), 2400, Euro()), true);
  EXPECT_EQ(large.IsLarge(RepId::Trusted("sato"), 2399.99, Euro()), false);
  EXPECT_EQ(large.IsLarge(RepId::Trusted("kim"), 9e6, Euro()), std::nullopt) << "nine are too few for a tenth";
  EXPECT_EQ(large.IsLarge(RepId::Trusted("sato"), 2400, *Currency::Parse("JPY")), std::nullopt);
  EXPECT_EQ(large.IsLarge(RepId::Trusted("sato"), 2400, std::nullopt), std::nullopt);
}

TEST(Signals_LargeAccounts, EqualVolumesAreLargeTogether) {
  std::vector<LargeAccounts::Account> accounts(10, {RepId::Trusted("sato"), 50});
  const LargeAccounts large = LargeAccounts::Of(accounts, Euro());
  EXPECT_EQ(large.IsLarge(RepId::Trusted("sato"), 50, Euro()), true);
  EXPECT_EQ(large.IsLarge(RepId::Trusted("sato"), 49, Euro()), false);
}

TEST(Signals_LargeAccounts, ReadBackWhatTheyWrote) {
  const Json written = OfTwentyFive().ToJson();
  EXPECT_EQ(written.Canonical(), R"({"currency":"EUR","from":{"sato":2400},"model":"large_accounts","share":0.1})");
  const auto read = LargeAccounts::FromJson(written);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->ToJson(), written);
  for (const char* broken : {R"({"from":{}})", R"({"currency":"EUR"})", R"({"currency":"EUR","from":[]})", R"({"currency":"EUR","from":{"r":"1"}})"}) {
    EXPECT_EQ(TokenOf(LargeAccounts::FromJson(*Json::Parse(broken)).status()), "signal.invalid_model") << broken;
  }
}

std::vector<Event> Owned(std::optional<bool> flag, std::int64_t cents) {
  BookConfigured configured;
  configured.reporting_currency = "EUR";
  CustomerUpserted customer;
  customer.owner = RepId::Trusted("sato");
  customer.large = flag;
  customer.expected_volume = Money(cents, Euro());
  ModelFitted model;
  model.model = "large_accounts";
  model.fitted = OfTwentyFive().ToJson();
  return {Happened("", "b", "2026-01-01T00:00:00Z", configured), Happened("c", "u", "2026-01-02T00:00:00Z", customer),
          Happened("", "m", "2026-01-03T00:00:00Z", model)};
}

TEST(Signals_LargeAccounts, SayWhatTheHostDoesNot) {
  EXPECT_EQ(Asked(Owned(std::nullopt, 240'000), "2026-02-01T00:00:00Z").ValueOf("account.large"), Cell(true));
  EXPECT_EQ(Asked(Owned(std::nullopt, 239'900), "2026-02-01T00:00:00Z").ValueOf("account.large"), Cell(false));
  EXPECT_EQ(Asked(Owned(false, 240'000), "2026-02-01T00:00:00Z").ValueOf("account.large"), Cell(false)) << "the flag goes first";
  EXPECT_EQ(Asked(Owned(true, 1), "2026-02-01T00:00:00Z").ValueOf("account.large"), Cell(true));
  const Asked asked(Owned(std::nullopt, 240'000), "2026-02-01T00:00:00Z");
  EXPECT_EQ(asked.EvidenceOf("account.large"), (std::vector<std::string>{"u", "m"}));
  EXPECT_EQ(asked.ArmedBy("account.large"), "u");
}

}  // namespace
}  // namespace rapport
