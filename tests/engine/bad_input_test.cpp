// Bad input: one line that says where, what was found and expected, and the book is as it was.
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "engine/office.hpp"

namespace rapport {
namespace {

constexpr char kMapping[] = R"({"rapport_mapping":1,"source":"shop","format":"delimited","header":true,"columns":["customer","day","amount"],
  "zone":"Asia/Tokyo","events":[{"type":"purchase.placed","subject":{"column":"customer"},"time":{"column":"day","form":"%Y-%m-%d","at":"12:00"},
  "data":{"currency":{"value":"EUR"},"lines":[{"amount":{"column":"amount"}}]}}]})";

class BadInput : public testing::Test {
 protected:
  void SetUp() override {
    auto engine = Engine::InMemory();
    ASSERT_TRUE(engine.ok());
    engine_.emplace(*std::move(engine));
    ASSERT_TRUE(engine_->AppendLines(Purchase("o-1", "10.00")).ok());
    before_ = *engine_->ExportLines();
  }
  void TearDown() override { std::remove(Path().c_str()); }

  static std::string Purchase(const std::string& id, const std::string& amount, const std::string& type = "purchase.placed") {
    return R"({"specversion":"1.0","id":")" + id + R"(","source":"shop","type":")" + type +
           R"(","subject":"c-1","time":"2026-03-02T10:15:00+09:00","data":{"currency":"EUR","lines":[{"amount":")" + amount + R"("}]}})";
  }
  static std::string Path() { return testing::TempDir() + "/rapport_bad_" + std::to_string(getpid()) + ".csv"; }

  void Refused(const absl::Status& status, const std::string& token, const std::vector<std::string>& words) {
    EXPECT_EQ(TokenOf(status), token) << status;
    for (const std::string& word : words) EXPECT_NE(status.message().find(word), absl::string_view::npos) << word << " in " << status.message();
    EXPECT_EQ(status.message().find('\n'), absl::string_view::npos) << "one line";
    EXPECT_EQ(*engine_->ExportLines(), before_) << "the book is as it was";
  }
  absl::Status Import(const std::string& csv) {
    std::ofstream(Path(), std::ios::binary) << csv;
    const auto mapping = Mapping::Parse(kMapping, ZoneRules::Bundled());
    EXPECT_TRUE(mapping.ok()) << mapping.status();
    return engine_->ImportFile(Path(), *mapping).status();
  }
  std::optional<Engine> engine_;
  std::string before_;
};

TEST_F(BadInput, MoneyWithThreeDecimals) {
  Refused(engine_->AppendLines(Purchase("o-2", "10.00") + "\n" + Purchase("o-3", "1.234")).status(), "money.too_many_decimals",
          {"line 2", "amount", "1.234", "at most 2"});
}

TEST_F(BadInput, UnknownEventType) {
  Refused(engine_->AppendLines(Purchase("o-2", "1.00", "purchase.paid")).status(), "event.unknown_type", {"line 1", "o-2", "purchase.paid"});
}

TEST_F(BadInput, TermsOfRelationshipsThatCannotBe) {
  const auto configured = [](const std::string& relationship) {
    return R"({"specversion":"1.0","id":"terms","source":"shop","type":"book.configured","time":"2026-03-02T10:15:00+09:00","data":{"relationship":)" + relationship + "}}";
  };
  Refused(engine_->AppendLines(configured(R"({"rapport_relationship":1,"half_life_days":-3})")).status(), "relationship.invalid_terms",
          {"record shop/terms", "half_life_days", "found -3", "expected a number from 1"});
  Refused(engine_->AppendLines(configured(R"({"rapport_relationship":1,"rungs":{"trust":{"needs":[{"signal":"touch.days_since","at_least":1}]}}})")).status(),
          "relationship.invalid_terms", {"rungs", "touch.days_since", "only events move"});
}

TEST_F(BadInput, TheSameIdWithOtherContent) {
  const absl::Status status = engine_->AppendLines(Purchase("o-9", "1.00") + "\n" + Purchase("o-1", "11.00")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  Refused(status, "ledger.conflict", {"o-1"});
}

TEST_F(BadInput, TheSameIdWithTheSameContentCountsOnce) {
  const auto receipt = engine_->AppendLines(Purchase("o-1", "10.00"));
  ASSERT_TRUE(receipt.ok());
  EXPECT_EQ(receipt->accepted, 0);
  EXPECT_EQ(receipt->duplicates, 1);
  EXPECT_EQ(*engine_->ExportLines(), before_);
}

TEST_F(BadInput, BrokenRow) {
  Refused(Import("customer,day,amount\nc-1,2026-03-01,5.00\nc-2,2026-03-01\n"), "import.row_width", {"line 3", "2 fields", "3"});
  Refused(Import("customer,day,amount\nc-1,2026-03-01,5.00\nc-2,\"2026-03-01,5.00\n"), "import.invalid_row", {"line", "RFC 4180"});
}

TEST_F(BadInput, DateInTheWrongForm) {
  Refused(Import("customer,day,amount\nc-1,2026-03-01,5.00\nc-2,01.03.2026,5.00\n"), "import.invalid_time",
          {"line 3", "day", "01.03.2026"});
}

TEST_F(BadInput, MoneyInARow) { Refused(Import("customer,day,amount\nc-1,2026-03-01,5.001\n"), "money.too_many_decimals", {"line 2", "5.001"}); }

TEST_F(BadInput, RejectedRowsAreListedWhereTheCallerAllowsThem) {
  std::ofstream(Path(), std::ios::binary) << "customer,day,amount\nc-1,2026-03-01,5.00\nc-2,tomorrow,5.00\nc-3,2026-03-02,6.00\n";
  const auto mapping = Mapping::Parse(kMapping, ZoneRules::Bundled());
  ImportOptions options;
  options.max_rejects = 1;
  const auto receipt = engine_->ImportFile(Path(), *mapping, options);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->rows, 3);
  EXPECT_EQ(receipt->append.accepted, 2);
  ASSERT_EQ(receipt->rejected.size(), 1u);
  EXPECT_EQ(receipt->rejected[0].line, 3);
}

TEST_F(BadInput, ARejectedRowLeavesNoTrace) {
  // Two events a row: the second of the first row cannot be read, so neither may stand, and the ordinals of equal rows do not move.
  const std::string two = R"({"rapport_mapping":1,"source":"shop","format":"delimited","header":true,"columns":["customer","kind","day"],
    "zone":"UTC","events":[{"type":"purchase.placed","subject":{"column":"customer"},"time":{"column":"day","form":"%Y-%m-%d"},"data":{}},
    {"type":"customer.upserted","once_per":"subject","subject":{"column":"customer"},"time":{"column":"day","form":"%Y-%m-%d"},
     "data":{"kind":{"column":"kind"}}}]})";
  std::ofstream(Path(), std::ios::binary) << "customer,kind,day\nc-9,robot,2026-03-01\nc-9,person,2026-03-01\n";
  const auto mapping = Mapping::Parse(two, ZoneRules::Bundled());
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  ImportOptions options;
  options.max_rejects = 1;
  const auto receipt = engine_->ImportFile(Path(), *mapping, options);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->append.accepted, 2) << "the purchase and the customer of the good row";
}

TEST_F(BadInput, ColumnsInAnotherOrder) {
  Refused(Import("day,customer,amount\n2026-03-01,c-1,5.00\n"), "import.header", {"line 1", "day, customer, amount", "customer, day, amount"});
}

TEST_F(BadInput, TickDoesNotRestOnOtherKnowledge) {
  Refused(engine_->Tick(ReadAt{At("2026-03-03T00:00:00Z"), At("2026-03-04T00:00:00Z")}).status(), "tick.known_at", {"2026-03-04"});
}

TEST_F(BadInput, DryRunStoresNothing) {
  std::ofstream(Path(), std::ios::binary) << "customer,day,amount\nc-1,2026-03-01,5.00\n";
  const auto mapping = Mapping::Parse(kMapping, ZoneRules::Bundled());
  ImportOptions options;
  options.dry_run = true;
  const auto receipt = engine_->ImportFile(Path(), *mapping, options);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->events, 1);
  EXPECT_EQ(*engine_->ExportLines(), before_);
}

TEST_F(BadInput, MissingFile) {
  const absl::Status status = engine_->ImportFile("/nowhere/orders.csv", std::nullopt).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  Refused(status, "import.unreadable", {"/nowhere/orders.csv"});
}

TEST_F(BadInput, MappingWithAnUnknownColumnOrKey) {
  std::string other = kMapping;
  other.replace(other.find("\"column\":\"customer\""), 19, "\"column\":\"client\"");
  Refused(Mapping::Parse(other, ZoneRules::Bundled()).status(), "mapping.unknown_column", {"client", "customer"});
  other = kMapping;
  other.replace(other.find("\"header\""), 8, "\"haeder\"");
  Refused(Mapping::Parse(other, ZoneRules::Bundled()).status(), "mapping.unknown_key", {"haeder"});
}

TEST_F(BadInput, PolicyWithAnUnknownKey) {
  Refused(Policy::ParseText(R"({"rapport_policy":1,"name":"x","rules":[],"rulez":[]})").status(), "policy.unknown_key", {"rulez"});
}

TEST_F(BadInput, ZoneNobodyKnows) {
  Refused(engine_->AppendLines(R"({"specversion":"1.0","id":"z","source":"crm","type":"customer.upserted","subject":"c-1","time":"2026-03-02T10:15:00+09:00",)"
                               R"("data":{"kind":"person","zone":"Asia/Atlantis"}})").status(), "zone.unknown", {"Asia/Atlantis"});
}

TEST_F(BadInput, TheEnginesOwnSourceIsRefused) {
  std::string line = Purchase("o-7", "1.00");
  line.replace(line.find("\"shop\""), 6, "\"rapport\"");
  Refused(engine_->AppendLines(line).status(), "event.reserved_source", {"rapport"});
}

TEST_F(BadInput, BehindTheSeal) {
  ASSERT_TRUE(engine_->Tick(ReadAt{At("2026-03-03T00:00:00Z")}).ok());
  before_ = *engine_->ExportLines();
  Refused(engine_->Tick(ReadAt{At("2026-03-02T00:00:00Z")}).status(), "ledger.behind_seal", {"2026-03-02", "2026-03-03"});
}

}  // namespace
}  // namespace rapport
