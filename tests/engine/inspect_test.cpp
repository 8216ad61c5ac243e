// What the library makes of files that nobody described.
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "engine/office.hpp"

namespace rapport {
namespace {

class Inspect : public testing::Test {
 protected:
  void TearDown() override { std::remove(Path().c_str()); }
  static std::string Path() { return testing::TempDir() + "/rapport_inspect_" + std::to_string(getpid()) + ".csv"; }
  Json Of(const std::string& bytes) {
    std::ofstream(Path(), std::ios::binary) << bytes;
    const auto found = InspectFile(Path(), ZoneRules::Bundled());
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : Json();
  }
  static std::string Text(const Json& found, std::string_view key) {
    const Json* value = found.Find(key);
    return value == nullptr ? "absent" : value->Canonical();
  }
  // "name:kind name:kind"
  static std::string Kinds(const Json& found) {
    std::string out;
    for (const Json& column : *found.Find("columns")->if_array()) {
      out += (out.empty() ? "" : " ") + *column.Find("name")->if_string() + ":" + *column.Find("kind")->if_string();
    }
    return out;
  }
  static bool Warns(const Json& found, const std::string& words) { return Text(found, "warnings").find(words) != std::string::npos; }
};

TEST_F(Inspect, ProposesPurchases) {
  const Json found = Of("Kunde-ID;Datum;Betrag;Bemerkung;E-Mail;Telefon;aktiv\n"
                        "17;02.03.2026;1.019,80;Lieferung an die Rampe;a@example.de;+49 30 5550101;1\n"
                        "18;13.03.2026;5,00;ohne;b@example.de;+49 30 5550102;0\n17;28.03.2026;19,80;noch einmal;a@example.de;;1\n;;;;;;\n;;;;;;\n");
  EXPECT_EQ(Text(found, "format"), "\"delimited\"");
  EXPECT_EQ(Text(found, "encoding"), "\"utf-8\"");
  EXPECT_EQ(Text(found, "delimiter"), "\";\"");
  EXPECT_EQ(Text(found, "header"), "true");
  EXPECT_EQ(Kinds(found), "Kunde-ID:id Datum:date Betrag:number Bemerkung:text E-Mail:mail Telefon:phone aktiv:boolean");
  EXPECT_EQ((*found.Find("columns")->if_array())[1].Find("form")->Canonical(), "\"%d.%m.%Y\"");
  const auto mapping = Mapping::Parse(found.Find("mapping")->Canonical(), ZoneRules::Bundled());
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  const auto again = ReadEvents(Path(), *mapping, ZoneRules::Bundled(), {});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->events.size(), 3u);
  EXPECT_EQ(Text(found, "types"), R"({"purchase.placed":3})");
  EXPECT_NE(Text(found, "events").find(R"("lines":[{"amount":"1019.80"}])"), std::string::npos) << Text(found, "events");
  EXPECT_TRUE(Warns(found, "2 blank rows")) << Text(found, "warnings");
  EXPECT_TRUE(Warns(found, "Columns nobody uses: Bemerkung"));
  EXPECT_TRUE(Warns(found, "currency"));
  EXPECT_TRUE(Warns(found, "zone"));
}

TEST_F(Inspect, ProposesCustomers) {
  const Json found = Of("id,name,mail\nc-1,Ana Silva,ana@example.com\nc-2,Ben Oh,ben@example.com\n");
  EXPECT_EQ(Kinds(found), "id:id name:text mail:mail");
  EXPECT_EQ(Text(found, "types"), R"({"customer.upserted":2})");
  EXPECT_NE(Text(found, "events").find("\"mail\":\"ana@example.com\""), std::string::npos);
}

TEST_F(Inspect, FindsTheShippedMapping) {
  for (const std::string& name : ShippedMappings()) {
    const auto found = InspectFile(std::string(RAPPORT_SOURCE_DIR) + "/tests/fixtures/imports/" + name + ".csv", ZoneRules::Bundled());
    ASSERT_TRUE(found.ok()) << found.status();
    const Json& best = found->Find("fits")->if_array()->front();
    EXPECT_EQ(*best.Find("mapping")->if_string(), name);
    EXPECT_GE(*best.Find("share")->if_number(), 0.8) << name;
    EXPECT_EQ(found->Find("mapping")->Find("description")->Canonical(), Mapping::Shipped(name, ZoneRules::Bundled())->document().Find("description")->Canonical());
    EXPECT_FALSE(found->Find("events")->if_array()->empty()) << name;
    EXPECT_LE(found->Find("events")->if_array()->size(), 5u);
    EXPECT_TRUE(Mapping::Parse(found->Find("mapping")->Canonical(), ZoneRules::Bundled()).ok()) << name;
  }
}

TEST_F(Inspect, WarnsOfDatesThatCanBeReadTwice) {
  const Json found = Of("customer_id,date,amount\n1,02/03/2026,5.00\n2,04/05/2026,6.00\n");
  EXPECT_TRUE(Warns(found, "day from month")) << Text(found, "warnings");
  EXPECT_FALSE(Warns(Of("customer_id,date,amount\n1,02/03/2026,5.00\n2,24/05/2026,6.00\n"), "day from month"));
}

TEST_F(Inspect, WarnsOfTwoFormsAndReadsBoth) {
  const Json found = Of("customer_id,date,amount\n1,2026-03-02,5.00\n2,2026-03-03,6.00\n3,28.02.2026,7.00\n");
  EXPECT_TRUE(Warns(found, "2 forms")) << Text(found, "warnings");
  EXPECT_EQ(Text(found, "types"), R"({"purchase.placed":3})");
}

TEST_F(Inspect, WarnsOfMangledIds) {
  const Json found = Of("order_id,customer_id,date,amount\n1.23E+11,1,2026-03-02,5.00\n1.23E+11,2,2026-03-03,6.00\n");
  EXPECT_TRUE(Warns(found, "rounded")) << Text(found, "warnings");
  EXPECT_TRUE(Warns(found, "2 rows make no event")) << Text(found, "warnings");
}

TEST_F(Inspect, GuessesEncodings) {
  EXPECT_EQ(Text(Of("id,name\n1,M\xFCller Stra\xDF" "e\n2,Caf\xE9 de la gare\n"), "encoding"), "\"windows-1252\"");
  EXPECT_EQ(Text(Of("id,name\n1,\x83\x4A\x83\x5E\x83\x4A\x83\x69\x93\x8C\x8B\x9E\n"), "encoding"), "\"shift_jis\"");
  EXPECT_EQ(Text(Of("id,name\n1,\xBC\xAD\xBF\xEF\xBD\xC3\n"), "encoding"), "\"euc-kr\"");
  EXPECT_EQ(Text(Of("id,name\n1,\xB1\xB1\xBE\xA9\xD6\xD0\xB9\xFA\n"), "encoding"), "\"gb18030\"");
  EXPECT_EQ(Text(Of("\xEF\xBB\xBFid,name\n1,Ana\n"), "encoding"), "\"utf-8\"");
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("id\tname\n1\tAna Silva\n")) wide += c, wide += '\0';
  const Json found = Of(wide);
  EXPECT_EQ(Text(found, "encoding"), "\"utf-16\"");
  EXPECT_EQ(Text(found, "delimiter"), "\"\\t\"");
}

TEST_F(Inspect, ReadsAFileWithoutAHeader) {
  const Json found = Of("C100 20260302 5.00\nC101 20260313 6.00\n");
  EXPECT_EQ(Text(found, "delimiter"), "\"spaces\"");
  EXPECT_EQ(Text(found, "header"), "false");
  EXPECT_EQ(Kinds(found), "column_1:id column_2:date column_3:number");
  EXPECT_EQ(Text(found, "types"), R"({"purchase.placed":2})") << Text(found, "warnings");
}

TEST_F(Inspect, KnowsNdjson) {
  const auto found = InspectFile(OfficePath(), ZoneRules::Bundled());
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(Text(*found, "format"), "\"ndjson\"");
  EXPECT_EQ(found->Find("events")->if_array()->size(), 5u);
  EXPECT_TRUE(found->Find("mapping")->is_null());
  const Json broken = Of(R"({"specversion":"1.0"})" "\n{\n");
  EXPECT_TRUE(Warns(broken, "Line 1 is no event")) << Text(broken, "warnings");
  EXPECT_TRUE(Warns(broken, "2 lines are no events"));
}

TEST_F(Inspect, SaysWhereItCannotHelp) {
  const Json found = Of("just a note\nof two lines\n");
  EXPECT_TRUE(found.Find("mapping")->is_null()) << Text(found, "mapping");
  EXPECT_TRUE(Warns(found, "no mapping can be proposed"));
  EXPECT_EQ(Text(Of(""), "columns"), "[]");
  EXPECT_EQ(TokenOf(InspectFile("/nowhere/x.csv", ZoneRules::Bundled()).status()), "import.unreadable");
}

}  // namespace
}  // namespace rapport
