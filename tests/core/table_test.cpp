#include "rapport/core/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <string>
#include <vector>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using ::testing::ElementsAre;

Table EveryType() {
  Table table({{"flag", ColumnType::kBool},
               {"count", ColumnType::kInteger},
               {"score", ColumnType::kNumber},
               {"name", ColumnType::kText},
               {"on", ColumnType::kDay},
               {"at", ColumnType::kInstant}});
  table.AppendRow({true, std::int64_t{9007199254740993}, 0.5, std::string("a \"b\", c"), Day(1969, 12, 31),
                   Instant::FromMicros(1'500'000)});
  table.AppendRow({{}, {}, {}, {}, {}, {}});
  table.AppendRow(
      {false, std::int64_t{-3}, std::int64_t{4}, std::string(), Day(2026, 3, 2), Instant::FromMicros(0)});
  return table;
}

TEST(Table_Append, KeepsEveryCell) {
  const Table table = EveryType();
  ASSERT_EQ(table.rows(), 3u);
  EXPECT_EQ(table.Find("flag")->at(0), Cell(true));
  EXPECT_EQ(table.Find("count")->at(0), Cell(std::int64_t{9007199254740993}));
  EXPECT_EQ(table.Find("score")->at(2), Cell(4.0));
  EXPECT_EQ(table.Find("name")->at(0), Cell(std::string("a \"b\", c")));
  EXPECT_EQ(table.Find("name")->at(2), Cell(std::string()));
  EXPECT_EQ(table.Find("on")->at(0), Cell(Day(1969, 12, 31)));
  EXPECT_EQ(table.Find("at")->at(0), Cell(Instant::FromMicros(1'500'000)));
  for (const Column& column : table.columns()) EXPECT_EQ(column.at(1), Cell()) << column.name();
  EXPECT_EQ(table.Find("nothing"), nullptr);
  EXPECT_EQ(Table().rows(), 0u);
}

TEST(Table_Append, LaysColumnsOutForTheBorder) {
  const Table table = EveryType();
  EXPECT_THAT(table.Find("on")->integers(), ElementsAre(-1, 0, 20514));
  EXPECT_THAT(table.Find("at")->integers(), ElementsAre(1'500'000, 0, 0));
  EXPECT_THAT(table.Find("flag")->integers(), ElementsAre(1, 0, 0));
  EXPECT_THAT(table.Find("name")->offsets(), ElementsAre(0, 8, 8, 8));
  for (const Column& column : table.columns())
    EXPECT_THAT(column.validity(), ElementsAre(1, 0, 1)) << column.name();
}

TEST(Table_Append, RefusesAnotherType) {
  Table table({{"count", ColumnType::kInteger}, {"score", ColumnType::kNumber}});
  EXPECT_THROW(table.AppendRow({0.5, 0.5}), InvariantBroken);
  EXPECT_THROW(table.AppendRow({std::int64_t{1}}), InvariantBroken);
  Column score("score", ColumnType::kNumber);
  EXPECT_THROW(score.Append(std::nan("")), InvariantBroken);
  EXPECT_THROW(score.Append(std::string("1")), InvariantBroken);
  EXPECT_EQ(score.size(), 0u);
  Column name("name", ColumnType::kText);
  EXPECT_THROW(name.Append(std::int64_t{1}), InvariantBroken);
}

TEST(Table_ToCsv, QuotesWhatItMust) {
  EXPECT_EQ(EveryType().ToCsv(),
            "flag,count,score,name,on,at\n"
            "true,9007199254740993,0.5,\"a \"\"b\"\", c\",1969-12-31,1970-01-01T00:00:01.500Z\n"
            ",,,,,\n"
            "false,-3,4,,2026-03-02,1970-01-01T00:00:00Z\n");
  Table lines({{"a,b", ColumnType::kText}});
  lines.AppendRow({std::string("x\ny")});
  lines.AppendRow({std::string("x\ry")});
  EXPECT_EQ(lines.ToCsv(), "\"a,b\"\n\"x\ny\"\n\"x\ry\"\n");
  EXPECT_EQ(Table().ToCsv(), "");
}

TEST(Table_ToNdjson, WritesACanonicalObjectALine) {
  Table table({{"b", ColumnType::kText}, {"a", ColumnType::kNumber}});
  table.AppendRow({std::string("x\ny"), 1e21});
  table.AppendRow({{}, {}});
  EXPECT_EQ(table.ToNdjson(), "{\"a\":1e+21,\"b\":\"x\\ny\"}\n{\"a\":null,\"b\":null}\n");
}

TEST(Table_Names, NamesItsTypes) {
  EXPECT_EQ(ColumnTypeName(ColumnType::kBool), "bool");
  EXPECT_EQ(ColumnTypeName(ColumnType::kInstant), "instant");
}

// Fields by RFC 4180, written here apart from the table.
std::vector<std::string> ReadCsv(const std::string& text) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      fields.back() += text[i++];
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && (text[i] == ',' || text[i] == '\n')) {
      fields.emplace_back();
    } else {
      fields.back() += text[i];
    }
  }
  fields.pop_back();
  return fields;
}

TEST(Table_ToCsv, IsReadBack) {
  EXPECT_TRUE(rc::check("a reader of RFC 4180 finds the texts again", [] {
    const auto any_char = rc::gen::element('a', ',', '"', '\n', '\r', ' ');
    const auto texts =
        *rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(any_char));
    Table table({{"x", ColumnType::kText}, {"y", ColumnType::kText}});
    std::vector<std::string> expected = {"x", "y"};
    for (const std::string& text : texts) {
      table.AppendRow({text, std::string("-")});
      expected.insert(expected.end(), {text, "-"});
    }
    RC_ASSERT(ReadCsv(table.ToCsv()) == expected);
  }));
}

}  // namespace
}  // namespace rapport
