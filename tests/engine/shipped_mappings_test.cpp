// The mappings that come with the library, each over a small file in its product's own form.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <optional>

#include "engine/office.hpp"

namespace rapport {
namespace {

std::string FixturePath(const std::string& name, const std::string& ending) {
  return std::string(RAPPORT_SOURCE_DIR) + "/tests/fixtures/imports/" + name + ending;
}

class ShippedMapping : public testing::TestWithParam<std::string> {};

TEST_P(ShippedMapping, MakesTheseEventsAndNoneTwice) {
  const auto mapping = Mapping::Shipped(GetParam(), ZoneRules::Bundled());
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  const auto file = ReadEvents(FixturePath(GetParam(), ".csv"), *mapping, ZoneRules::Bundled(), {});
  ASSERT_TRUE(file.ok()) << file.status();
  std::string lines;
  for (const Event& event : file->events) lines += EncodeEvent(event).Canonical() + "\n";
  EXPECT_EQ(lines, ReadText(FixturePath(GetParam(), ".ndjson"))) << GetParam();

  auto engine = Engine::InMemory();
  ASSERT_TRUE(engine.ok());
  const auto first = engine->ImportFile(FixturePath(GetParam(), ".csv"), *mapping);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->append.accepted, static_cast<std::int64_t>(file->events.size()));
  const auto second = engine->ImportFile(FixturePath(GetParam(), ".csv"), *mapping);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->append.accepted, 0);
  EXPECT_EQ(second->append.duplicates, first->append.accepted);
  EXPECT_TRUE(engine->Decide(ReadAt{At("2026-03-02T00:00:00Z")}).ok()) << "the book can be worked with";
}

TEST_P(ShippedMapping, SaysWhatItIsFor) {
  const auto mapping = Mapping::Shipped(GetParam(), ZoneRules::Bundled());
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  ASSERT_NE(mapping->document().Find("description"), nullptr);
  EXPECT_FALSE(mapping->document().Find("description")->if_string()->empty());
  EXPECT_TRUE(mapping->assumes_knowledge());
}

INSTANTIATE_TEST_SUITE_P(All, ShippedMapping, testing::ValuesIn(ShippedMappings()), [](const auto& info) {
  std::string name = info.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(ShippedMappings, AreTheseFifteen) {
  EXPECT_EQ(ShippedMappings(),
            (std::vector<std::string>{"hubspot-companies", "hubspot-contacts", "hubspot-deals", "hubspot-engagements", "odoo-activity",
                                      "odoo-lead", "odoo-partner", "odoo-sale-order", "salesforce-account", "salesforce-contact",
                                      "salesforce-opportunity", "salesforce-task", "shopify-customers", "shopify-orders", "woocommerce-orders"}));
  const absl::Status status = Mapping::Shipped("shopify", ZoneRules::Bundled()).status();
  EXPECT_EQ(TokenOf(status), "mapping.unknown_name");
  EXPECT_NE(status.message().find("shopify-orders"), absl::string_view::npos);
}

// The fixture, then the fixture with one text replaced, as a later export would be.
absl::StatusOr<ImportReceipt> ImportedAgain(const std::string& name, const std::string& from, const std::string& to) {
  const auto mapping = Mapping::Shipped(name, ZoneRules::Bundled());
  auto engine = Engine::InMemory();
  EXPECT_TRUE(engine->ImportFile(FixturePath(name, ".csv"), *mapping).ok());
  std::string text = ReadText(FixturePath(name, ".csv"));
  EXPECT_NE(text.find(from), std::string::npos);
  text.replace(text.find(from), from.size(), to);
  const std::string path = testing::TempDir() + "/rapport_later_" + std::to_string(getpid()) + ".csv";
  std::ofstream(path, std::ios::binary) << text;
  const auto receipt = engine->ImportFile(path, *mapping);
  std::remove(path.c_str());
  return receipt;
}

TEST(ShippedMappings, AChangedStageIsANewEvent) {
  const auto receipt = ImportedAgain("salesforce-opportunity", R"("Proposal/Price Quote","12500","75","2026-04-30","false","false","0055g000001Own1AAA","0035g00000PqRs1AAB","2026-01-12T09:00:00.000Z","2026-02-20T16:00:00.000Z")",
                                     R"("Negotiation/Review","12500","90","2026-04-30","false","false","0055g000001Own1AAA","0035g00000PqRs1AAB","2026-01-12T09:00:00.000Z","2026-02-25T16:00:00.000Z")");
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->append.accepted, 1);
}

TEST(ShippedMappings, ADeletedTaskTakesItsTouchBack) {
  const auto receipt = ImportedAgain("salesforce-task", R"("00T5g00000Tsk1AAC","false")", R"("00T5g00000Tsk1AAC","true")");
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->append.accepted, 1);
}

TEST(ShippedMappings, AGrownSumOfRefundsIsAConflict) {
  EXPECT_EQ(TokenOf(ImportedAgain("shopify-orders", ",,,22.00,5550002", ",,,44.00,5550002").status()), "ledger.conflict");
}

TEST(ShippedMappings, ARefundWhoseOrderIsNotInTheFileIsNamed) {
  const auto mapping = Mapping::Shipped("woocommerce-orders", ZoneRules::Bundled());
  ASSERT_TRUE(mapping.ok());
  const auto file = MapRows({"id", "status", "currency", "type", "total_amount", "customer_id", "date_created_gmt", "parent_order_id"},
                            {{"915", "wc-completed", "EUR", "shop_order_refund", "-10.00", "0", "2026-02-05 09:00:00", "901"}}, *mapping, ZoneRules::Bundled(), {});
  EXPECT_EQ(TokenOf(file.status()), "import.missing_head") << file.status();
}

}  // namespace
}  // namespace rapport
