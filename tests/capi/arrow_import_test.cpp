// Foreign Arrow streams as rows: every format that comes, every rule that can be broken, and nothing released twice or not at all.
#include "arrow_import.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "capi/arrow_build.hpp"
#include "rapport/core/status.hpp"

namespace rapport::capi {
namespace {

using arrow_build::ArraySpec;
using arrow_build::Bits;
using arrow_build::Bytes;
using arrow_build::SchemaSpec;
using arrow_build::StreamSpec;
using testing::ElementsAre;
using testing::HasSubstr;

struct Col {
  SchemaSpec schema;
  ArraySpec array;
};

// A column whose values are one buffer.
template <class T>
Col Flat(std::string format, const std::vector<T>& values) {
  return {{std::move(format), "c", {}, {}},
          {static_cast<std::int64_t>(values.size()), 0, 0, {std::nullopt, Bytes(values)}, {}, {}}};
}

template <class Offset = std::int32_t>
Col Text(const std::vector<std::string>& values, std::string format = "u") {
  std::vector<Offset> offsets{0};
  std::string bytes;
  for (const std::string& value : values) {
    bytes += value;
    offsets.push_back(static_cast<Offset>(bytes.size()));
  }
  return {{std::move(format), "c", {}, {}},
          {static_cast<std::int64_t>(values.size()), 0, 0, {std::nullopt, Bytes(offsets), bytes}, {}, {}}};
}

Col Views(const std::vector<std::string>& values) {
  std::string views, bytes;
  for (const std::string& value : values) {
    std::string view = Bytes<std::int32_t>({static_cast<std::int32_t>(value.size())});
    if (value.size() <= 12) {
      view += value + std::string(12 - value.size(), '\0');
    } else {
      view += value.substr(0, 4) + Bytes<std::int32_t>({0, static_cast<std::int32_t>(bytes.size())});
      bytes += value;
    }
    views += view;
  }
  const std::string sizes = Bytes<std::int64_t>({static_cast<std::int64_t>(bytes.size())});
  return {{"vu", "c", {}, {}}, {static_cast<std::int64_t>(values.size()), 0, 0, {std::nullopt, views, bytes, sizes}, {}, {}}};
}

Col Named(Col column, std::string name) {
  column.schema.name = std::move(name);
  return column;
}

Col List(Col values, const std::vector<std::int32_t>& offsets) {
  values.schema.name = "item";
  return {{"+l", "c", {values.schema}, {}},
          {static_cast<std::int64_t>(offsets.size()) - 1, 0, 0, {std::nullopt, Bytes(offsets)}, {values.array}, {}}};
}

Col Struct(const std::vector<Col>& members, std::int64_t length) {
  Col column{{"+s", "c", {}, {}}, {length, 0, 0, {std::nullopt}, {}, {}}};
  for (const Col& member : members) {
    column.schema.children.push_back(member.schema);
    column.array.children.push_back(member.array);
  }
  return column;
}

Col Dictionary(Col index, const Col& values) {
  index.schema.dictionary = {values.schema};
  index.array.dictionary = {values.array};
  return index;
}

Col Nulls(Col column, const std::vector<bool>& valid, std::int64_t null_count = -1) {
  column.array.null_count = null_count;
  column.array.buffers[0] = Bits(valid);
  return column;
}

Col From(Col column, std::int64_t offset, std::int64_t length) {
  column.array.offset = offset;
  column.array.length = length;
  return column;
}

StreamSpec TableOf(const std::vector<Col>& columns) {
  Col table = Struct(columns, columns.empty() ? 0 : columns.front().array.length);
  table.schema.name = std::nullopt;
  return {table.schema, {table.array}};
}

struct Outcome {
  absl::Status status;
  std::vector<std::string> columns;
  std::vector<std::string> rows;  // canonical
  std::string token() const { return TokenOf(status); }
  std::string message() const { return std::string(status.message()); }
};

// Reads, and expects that everything was given back once.
Outcome Read(const StreamSpec& spec) {
  arrow_build::Stream stream(spec);
  Outcome out;
  out.status = ReadArrowStream(
      stream.get(),
      [&](const std::vector<std::string>& columns) {
        out.columns = columns;
        return absl::OkStatus();
      },
      [&](std::vector<Json>&& row) {
        out.rows.push_back(Json(Json::Array(std::move(row))).Canonical());
        return absl::OkStatus();
      });
  EXPECT_TRUE(stream.tally().AllReleasedOnce()) << stream.tally().made << " made, " << stream.tally().released << " released";
  EXPECT_EQ(stream.get()->release, nullptr);
  EXPECT_EQ(out.message().find('\n'), std::string::npos);
  return out;
}

// The cells of a table of one column.
std::vector<std::string> Cells(const Col& column) {
  const Outcome out = Read(TableOf({column}));
  EXPECT_TRUE(out.status.ok()) << out.status;
  std::vector<std::string> cells;
  for (const std::string& row : out.rows) cells.push_back(row.substr(1, row.size() - 2));
  return cells;
}

void ExpectRefused(const StreamSpec& spec, std::string_view token, const std::string& words) {
  const Outcome out = Read(spec);
  EXPECT_EQ(out.token(), token) << out.status;
  EXPECT_THAT(out.message(), HasSubstr(words));
}

TEST(ArrowImport, ReadsColumnsAndRows) {
  const Outcome out = Read(TableOf({Named(Text({"a", "", "ü"}), "id"), Named(Flat<std::int32_t>("i", {1, -2, 3}), "n")}));
  ASSERT_TRUE(out.status.ok()) << out.status;
  EXPECT_THAT(out.columns, ElementsAre("id", "n"));
  EXPECT_THAT(out.rows, ElementsAre(R"(["a",1])", R"(["",-2])", R"(["ü",3])"));
}

TEST(ArrowImport, ReadsIntegersOfEveryWidth) {
  EXPECT_THAT(Cells(Flat<std::int8_t>("c", {-128, 127})), ElementsAre("-128", "127"));
  EXPECT_THAT(Cells(Flat<std::uint8_t>("C", {0, 255})), ElementsAre("0", "255"));
  EXPECT_THAT(Cells(Flat<std::int16_t>("s", {-32768})), ElementsAre("-32768"));
  EXPECT_THAT(Cells(Flat<std::uint16_t>("S", {65535})), ElementsAre("65535"));
  EXPECT_THAT(Cells(Flat<std::int32_t>("i", {-2147483647 - 1})), ElementsAre("-2147483648"));
  EXPECT_THAT(Cells(Flat<std::uint32_t>("I", {4294967295u})), ElementsAre("4294967295"));
}

TEST(ArrowImport, KeepsIntegersThatADoubleWouldDamage) {
  const std::int64_t exact = std::int64_t{1} << 53;
  EXPECT_THAT(Cells(Flat<std::int64_t>("l", {exact, -exact, exact + 1, -exact - 1, std::numeric_limits<std::int64_t>::min()})),
              ElementsAre("9007199254740992", "-9007199254740992", R"("9007199254740993")", R"("-9007199254740993")",
                          R"("-9223372036854775808")"));
  EXPECT_THAT(Cells(Flat<std::uint64_t>("L", {7, std::numeric_limits<std::uint64_t>::max()})),
              ElementsAre("7", R"("18446744073709551615")"));
}

TEST(ArrowImport, ReadsFloatsAndRefusesWhatIsNoNumber) {
  EXPECT_THAT(Cells(Flat<float>("f", {0.5f, -2.0f})), ElementsAre("0.5", "-2"));
  EXPECT_THAT(Cells(Flat<double>("g", {0.1, 1e300})), ElementsAre("0.1", "1e+300"));
  ExpectRefused(TableOf({Named(Flat<double>("g", {1, std::nan("")}), "amount")}), "arrow.invalid_value",
                "row 2: column \"amount\": found NaN");
  ExpectRefused(TableOf({Flat<float>("f", {-HUGE_VALF})}), "arrow.invalid_value", "row 1: column \"c\": found an infinite number");
}

TEST(ArrowImport, ReadsBooleansAndNulls) {
  Col flags{{"b", "c", {}, {}}, {10, 0, 0, {std::nullopt, Bits({1, 0, 1, 0, 0, 0, 0, 0, 1, 1})}, {}, {}}};
  EXPECT_THAT(Cells(From(flags, 7, 3)), ElementsAre("false", "true", "true"));
  flags = Nulls(flags, {1, 1, 0, 1, 1, 1, 1, 1, 0, 1}, 2);
  EXPECT_THAT(Cells(flags), ElementsAre("true", "false", "null", "false", "false", "false", "false", "false", "null", "true"));
  EXPECT_THAT(Cells({{"n", "c", {}, {}}, {2, 2, 0, {}, {}, {}}}), ElementsAre("null", "null"));
  EXPECT_THAT(Cells({{"n", "c", {}, {}}, {1, -1, 5, {std::nullopt}, {}, {}}}), ElementsAre("null"));
}

TEST(ArrowImport, TakesNoNullsFromAMissingValidityBuffer) {
  Col column = Flat<std::int8_t>("c", {1, 2});
  column.array.null_count = -1;
  EXPECT_THAT(Cells(column), ElementsAre("1", "2"));
  // A count of 0 stands above the bits.
  EXPECT_THAT(Cells(Nulls(column, {0, 0}, 0)), ElementsAre("1", "2"));
}

TEST(ArrowImport, ReadsTextInEachLayout) {
  const std::vector<std::string> words{"", "twelve bytes", "thirteen byte", "日本語のとても長い名前"};
  const auto quoted = ElementsAre("\"\"", "\"twelve bytes\"", "\"thirteen byte\"", "\"日本語のとても長い名前\"");
  EXPECT_THAT(Cells(Text(words)), quoted);
  EXPECT_THAT(Cells(Text<std::int64_t>(words, "U")), quoted);
  EXPECT_THAT(Cells(Views(words)), quoted);
  EXPECT_THAT(Cells(Nulls(From(Views(words), 1, 2), {1, 0, 1, 1})), ElementsAre("null", "\"thirteen byte\""));
  Col short_only = Views({"a"});
  short_only.array.buffers = {std::nullopt, short_only.array.buffers[1], std::nullopt};  // no texts, no sizes
  EXPECT_THAT(Cells(short_only), ElementsAre("\"a\""));
  Col empty = Text({"", ""});
  empty.array.buffers[2] = std::nullopt;
  EXPECT_THAT(Cells(empty), ElementsAre("\"\"", "\"\""));
}

TEST(ArrowImport, ReadsDictionariesOfAnyIndex) {
  const Col words = Text({"gold", "silver"});
  EXPECT_THAT(Cells(Dictionary(Flat<std::int8_t>("c", {1, 0, 1}), words)), ElementsAre("\"silver\"", "\"gold\"", "\"silver\""));
  EXPECT_THAT(Cells(Dictionary(Flat<std::uint32_t>("I", {1, 0}), Views({"long enough for a buffer", "b"}))),
              ElementsAre("\"b\"", "\"long enough for a buffer\""));
  EXPECT_THAT(Cells(Dictionary(Flat<std::uint64_t>("L", {0}), Flat<std::int64_t>("l", {42}))), ElementsAre("42"));
  // Nulls of the index and of the values, and both with an offset.
  const Col values = From(Nulls(Text({"x", "gold", "silver"}), {1, 1, 0}), 1, 2);
  EXPECT_THAT(Cells(From(Nulls(Dictionary(Flat<std::int16_t>("s", {9, 0, 1, 0}), values), {1, 1, 1, 0}), 1, 3)),
              ElementsAre("\"gold\"", "null", "null"));
  for (const Col& index : {Flat<std::int8_t>("c", {2}), Flat<std::int8_t>("c", {-1}),
                           Flat<std::uint64_t>("L", {std::numeric_limits<std::uint64_t>::max()})}) {
    ExpectRefused(TableOf({Dictionary(index, words)}), "arrow.invalid", "outside the dictionary of 2 values");
  }
}

TEST(ArrowImport, ReadsDecimalsWithoutLoss) {
  const std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
  const Col cents = Flat<std::uint64_t>("d:38,2", {12345, 0, 5, 0, all, all, 0, 0, 0, std::uint64_t{1} << 63});
  EXPECT_THAT(Cells(From(cents, 0, 5)), ElementsAre("\"123.45\"", "\"0.05\"", "\"-0.01\"", "\"0.00\"",
                                                    "\"-1701411834604692317316873037158841057.28\""));
  EXPECT_THAT(Cells(From(Flat<std::uint64_t>("d:38,0,128", {0, 1}), 0, 1)), ElementsAre("\"18446744073709551616\""));
  EXPECT_THAT(Cells(From(Flat<std::uint64_t>("d:5,-3", {12, 0, 0, 0}), 0, 2)), ElementsAre("\"12000\"", "\"0\""));
  EXPECT_THAT(Cells(From(Flat<std::uint64_t>("d:76,0,256", {all, all, all, all >> 1, all - 1, all, all, all}), 0, 2)),
              ElementsAre("\"57896044618658097711785492504343953926634992332820282019728792003956564819967\"", "\"-2\""));
  for (const char* format : {"d:", "d:9", "d:9,", "d:9,2,64", "d:9,2,128,", "d:0,0", "d:9,99", "d:9,2x"}) {
    ExpectRefused(TableOf({Flat<std::int64_t>(format, {0, 0})}), "arrow.unsupported_type", format);
  }
}

TEST(ArrowImport, ReadsDates) {
  EXPECT_THAT(Cells(Flat<std::int32_t>("tdD", {0, 20514, -719162})),
              ElementsAre("\"1970-01-01\"", "\"2026-03-02\"", "\"0001-01-01\""));
  EXPECT_THAT(Cells(Flat<std::int64_t>("tdm", {-86'400'000, 1'772'409'600'000})), ElementsAre("\"1969-12-31\"", "\"2026-03-02\""));
  ExpectRefused(TableOf({Flat<std::int64_t>("tdm", {1})}), "arrow.invalid_value", "expected a whole day");
  ExpectRefused(TableOf({Flat<std::int32_t>("tdD", {2'932'897})}), "arrow.invalid_value", "years 1 to 9999");
}

TEST(ArrowImport, ReadsTimestampsOfEveryUnit) {
  const std::int64_t at = 1'772'446'500;  // 2026-03-02T10:15:00Z
  EXPECT_THAT(Cells(Flat<std::int64_t>("tss:UTC", {at, -1})), ElementsAre("\"2026-03-02T10:15:00Z\"", "\"1969-12-31T23:59:59Z\""));
  EXPECT_THAT(Cells(Flat<std::int64_t>("tsm:Asia/Tokyo", {at * 1000 + 7})), ElementsAre("\"2026-03-02T10:15:00.007Z\""));
  EXPECT_THAT(Cells(Flat<std::int64_t>("tsu:+09:00", {at * 1'000'000 + 7})), ElementsAre("\"2026-03-02T10:15:00.000007Z\""));
  EXPECT_THAT(Cells(Flat<std::int64_t>("tsn:UTC", {at * 1'000'000'000 + 7000})), ElementsAre("\"2026-03-02T10:15:00.000007Z\""));
  EXPECT_THAT(Cells(Flat<std::int64_t>("tsu:", {at * 1'000'000, at * 1'000'000 - 1})),
              ElementsAre("\"2026-03-02T10:15:00\"", "\"2026-03-02T10:14:59.999999\""));
}

TEST(ArrowImport, RefusesTimestampsThatAreTooFineOrTooFar) {
  ExpectRefused(TableOf({Flat<std::int64_t>("tsn:", {0, 1})}), "arrow.invalid_value", "row 2: column \"c\": found 1 ns");
  const std::int64_t most = std::numeric_limits<std::int64_t>::max(), least = std::numeric_limits<std::int64_t>::min();
  for (const char* format : {"tss:", "tsm:UTC", "tsu:"}) {
    ExpectRefused(TableOf({Flat<std::int64_t>(format, {most})}), "arrow.invalid_value", "years 1 to 9999");
    ExpectRefused(TableOf({Flat<std::int64_t>(format, {least})}), "arrow.invalid_value", "years 1 to 9999");
  }
}

TEST(ArrowImport, ReadsStructsWithoutTheirNulls) {
  const Col product = Named(Nulls(Text({"p1", "p2", "p3"}), {1, 0, 1}), "product");
  const Col amount = Named(Flat<std::int32_t>("i", {1, 2, 3}), "amount");
  EXPECT_THAT(Cells(Struct({product, amount}, 3)),
              ElementsAre(R"({"amount":1,"product":"p1"})", R"({"amount":2})", R"({"amount":3,"product":"p3"})"));
  // The struct's own offset moves its members; the members are longer than it.
  EXPECT_THAT(Cells(From(Struct({product, From(amount, 1, 2)}, 3), 1, 1)), ElementsAre(R"({"amount":3})"));
  EXPECT_THAT(Cells(Nulls(Struct({amount}, 3), {0, 1, 1})), ElementsAre("null", R"({"amount":2})", R"({"amount":3})"));
  EXPECT_THAT(Cells(Struct({}, 1)), ElementsAre("{}"));
}

TEST(ArrowImport, ReadsLists) {
  const Col numbers = Nulls(Flat<std::int32_t>("i", {1, 2, 3, 4, 5}), {1, 1, 0, 1, 1});
  const Col list = List(numbers, {0, 2, 2, 5});
  EXPECT_THAT(Cells(list), ElementsAre("[1,2]", "[]", "[null,4,5]"));
  EXPECT_THAT(Cells(From(list, 1, 2)), ElementsAre("[]", "[null,4,5]"));
  EXPECT_THAT(Cells(List(From(numbers, 3, 2), {0, 1, 2})), ElementsAre("[4]", "[5]"));
  Col large = list;
  large.schema.format = "+L";
  large.array.buffers[1] = Bytes<std::int64_t>({0, 1, 1, 2});
  EXPECT_THAT(Cells(Nulls(large, {1, 0, 1})), ElementsAre("[1]", "null", "[2]"));
  const Col lines = List(Struct({Named(Text({"p1", "p2"}), "product")}, 2), {0, 2});
  EXPECT_THAT(Cells(lines), ElementsAre(R"([{"product":"p1"},{"product":"p2"}])"));
}

TEST(ArrowImport, ReadsSlicedAndEmptyBatches) {
  StreamSpec spec = TableOf({Named(Text({"a", "b", "c"}), "id"), Named(From(Flat<std::int8_t>("c", {0, 1, 2, 3}), 1, 3), "n")});
  ArraySpec sliced = spec.batches[0], empty = spec.batches[0], bare = spec.batches[0];
  sliced.offset = 1;
  sliced.length = 2;
  empty.length = 0;
  bare.length = 0;
  for (ArraySpec& child : bare.children) {
    child.length = child.offset = 0;
    for (auto& buffer : child.buffers) buffer = std::nullopt;
  }
  spec.batches = {empty, sliced, bare, spec.batches[0]};
  const Outcome out = Read(spec);
  ASSERT_TRUE(out.status.ok()) << out.status;
  EXPECT_THAT(out.rows, ElementsAre(R"(["b",2])", R"(["c",3])", R"(["a",1])", R"(["b",2])", R"(["c",3])"));
}

TEST(ArrowImport, ReadsTablesWithoutColumnsAndWithoutBatches) {
  StreamSpec spec = TableOf({});
  spec.batches[0].length = 2;
  EXPECT_THAT(Read(spec).rows, ElementsAre("[]", "[]"));
  spec = TableOf({Text({"a"})});
  spec.batches.clear();
  const Outcome out = Read(spec);
  EXPECT_TRUE(out.status.ok());
  EXPECT_THAT(out.columns, ElementsAre("c"));
  EXPECT_TRUE(out.rows.empty());
}

TEST(ArrowImport, RefusesOtherFormatsByName) {
  for (const auto& [format, name] : std::vector<std::pair<std::string, std::string>>{
           {"e", "float16"}, {"z", "binary"}, {"Z", "large binary"}, {"vz", "binary view"}, {"w:16", "fixed-size binary"},
           {"ttu", "time of day"}, {"tDs", "duration"}, {"tiM", "interval"}, {"tsx:", "timestamp"}, {"tss", "timestamp"},
           {"d:9,2,32", "decimal"}, {"+m", "map"}, {"+w:3", "fixed-size list"}, {"+vl", "list view"}, {"+us:0,1", "union"},
           {"+r", "run-end encoded"}, {"", "unknown"}, {"?", "unknown"}, {"uu", "unknown"}}) {
    const StreamSpec spec = TableOf({Named(Flat<std::int64_t>(format, {0, 0}), "when")});
    ExpectRefused(spec, "arrow.unsupported_type", "column \"when\": found the Arrow format \"" + format + "\" (" + name + ")");
  }
  const Col inner = Named(Flat<std::int64_t>("tDs", {1}), "took");
  ExpectRefused(TableOf({Named(List(Struct({inner}, 1), {0, 1}), "calls")}), "arrow.unsupported_type", "column \"calls[].took\"");
  ExpectRefused(TableOf({Dictionary(Flat<std::int8_t>("c", {0}), Struct({}, 1))}), "arrow.unsupported_type", "a dictionary of");
  Col table = Text({"a"});
  ExpectRefused({table.schema, {table.array}}, "arrow.unsupported_type", "the table: found the Arrow format \"u\"");
}

TEST(ArrowImport, RefusesNamesThatStandTwice) {
  ExpectRefused(TableOf({Text({"a"}), Text({"b"})}), "arrow.duplicate_column", "column \"c\": found twice");
  ExpectRefused(TableOf({Named(Struct({Text({"a"}), Text({"b"})}, 1), "data")}), "arrow.duplicate_column", "column \"data.c\"");
}

TEST(ArrowImport, RefusesBrokenSchemas) {
  const auto broken = [](auto change, const std::string& words) {
    StreamSpec spec = TableOf({Text({"a"})});
    change(spec.schema);
    ExpectRefused(spec, "arrow.invalid", words);
  };
  broken([](SchemaSpec& s) { s.is_released = true; }, "the table: found a schema that is released");
  broken([](SchemaSpec& s) { s.children[0].is_released = true; }, "found a schema that is released");
  broken([](SchemaSpec& s) { s.format = std::nullopt; }, "without format");
  broken([](SchemaSpec& s) { s.children[0].format = std::nullopt; }, "column \"c\": found a schema without format");
  broken([](SchemaSpec& s) { s.claimed_children = -1; }, "found -1 child fields");
  broken([](SchemaSpec& s) { s.claimed_children = 2; }, "found a schema that is released");
  broken([](SchemaSpec& s) { s.without_children = true; }, "found 1 child fields");
  broken([](SchemaSpec& s) { s.children[0].children = {s.children[0]}; }, "found 1 child fields");
  broken([](SchemaSpec& s) { s.children[0].format = "+l"; }, "found 0 child fields");
  broken([](SchemaSpec& s) { s.children[0].dictionary = {s.children[0]}; }, "whose index is no integer");
  broken([](SchemaSpec& s) { s.children[0].name = "\xFF"; }, "not UTF-8");
}

TEST(ArrowImport, RefusesSchemasWithoutEnd) {
  Col deep = Text({"a"});
  for (int i = 0; i < 40; ++i) deep = Struct({deep}, 1);
  ExpectRefused(TableOf({deep}), "arrow.too_large", "levels");
  Col wide = Struct({}, 1);
  for (int i = 0; i < 10'001; ++i) wide.schema.children.push_back({"n", std::to_string(i), {}, {}});
  ExpectRefused({wide.schema, {}}, "arrow.too_large", "10000 fields");
}

void ExpectBroken(const Col& column, const std::function<void(ArraySpec&)>& change, const std::string& words) {
  StreamSpec spec = TableOf({column});
  change(spec.batches[0].children[0]);
  ExpectRefused(spec, "arrow.invalid", words);
}

TEST(ArrowImport, RefusesArraysOfAnotherShape) {
  const Col text = Text({"a", "b"}), number = Flat<std::int32_t>("i", {1, 2});
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  ExpectBroken(text, [](ArraySpec& a) { a.is_released = true; }, "the batch after row 0: column \"c\": found an array that is released");
  ExpectBroken(text, [](ArraySpec& a) { a.length = -1; }, "found -1 values");
  ExpectBroken(text, [](ArraySpec& a) { a.offset = -1; }, "at offset -1");
  ExpectBroken(text, [=](ArraySpec& a) { a.offset = most; }, "expected counts that can be");
  ExpectBroken(text, [=](ArraySpec& a) { a.length = most; }, "expected counts that can be");
  ExpectBroken(text, [](ArraySpec& a) { a.length = 1; }, "found 1 values, expected at least 2");
  ExpectBroken(text, [](ArraySpec& a) { a.null_count = 3; }, "found 3 nulls");
  ExpectBroken(text, [](ArraySpec& a) { a.null_count = -2; }, "found -2 nulls");
  ExpectBroken(text, [](ArraySpec& a) { a.null_count = 1; }, "without a validity buffer");
  ExpectBroken(text, [](ArraySpec& a) { a.buffers.pop_back(); }, "found 2 buffers, expected 3");
  ExpectBroken(text, [](ArraySpec& a) { a.claimed_buffers = -1; }, "found -1 buffers");
  ExpectBroken(text, [](ArraySpec& a) { a.without_buffers = true; }, "found no buffers");
  ExpectBroken(text, [](ArraySpec& a) { a.buffers[1] = std::nullopt; }, "found values without their buffer");
  ExpectBroken(text, [](ArraySpec& a) { a.buffers[2] = std::nullopt; }, "row 1: column \"c\": found a text of 1 bytes without");
  ExpectBroken(number, [](ArraySpec& a) { a.buffers[1] = std::nullopt; }, "found values without their buffer");
  ExpectBroken(number, [](ArraySpec& a) { a.buffers.push_back(""); }, "found 3 buffers, expected 2");
  ExpectBroken(number, [](ArraySpec& a) { a.children = {a}; }, "found 1 child arrays, expected 0");
  ExpectBroken(number, [](ArraySpec& a) { a.dictionary = {a}; }, "found a dictionary that the schema does not have");
}

TEST(ArrowImport, RefusesNestedArraysOfAnotherShape) {
  const Col list = List(Flat<std::int32_t>("i", {1, 2}), {0, 2});
  ExpectBroken(list, [](ArraySpec& a) { a.claimed_children = 0; }, "found 0 child arrays, expected 1");
  ExpectBroken(list, [](ArraySpec& a) { a.claimed_children = -1; }, "found -1 child arrays");
  ExpectBroken(list, [](ArraySpec& a) { a.without_children = true; }, "found 1 child arrays, expected 1");
  ExpectBroken(list, [](ArraySpec& a) { a.children[0].length = 1; }, "found a list up to value 2 of 1");
  ExpectBroken(list, [](ArraySpec& a) { a.buffers[1] = Bytes<std::int32_t>({-1, 2}); }, "run backwards");
  const Col pair = Struct({Flat<std::int8_t>("c", {1, 2})}, 2);
  ExpectBroken(pair, [](ArraySpec& a) { a.children[0].length = 1; }, "column \"c.c\": found 1 values, expected at least 2");
  ExpectBroken(pair, [](ArraySpec& a) { a.offset = 1; }, "found 2 values, expected at least 3");
  const Col coded = Dictionary(Flat<std::int8_t>("c", {0}), Text({"a"}));
  ExpectBroken(coded, [](ArraySpec& a) { a.dictionary.clear(); }, "found no dictionary");
  ExpectBroken(coded, [](ArraySpec& a) { a.dictionary[0].is_released = true; }, "found an array that is released");
}

TEST(ArrowImport, RefusesTextOutsideItsBuffers) {
  ExpectBroken(Text({"a", "b"}), [](ArraySpec& a) { a.buffers[1] = Bytes<std::int32_t>({0, 1, 0}); }, "row 2: column \"c\": found an offset 0");
  ExpectBroken(Text({"a"}), [](ArraySpec& a) { a.buffers[2] = "\xC3"; }, "row 1: column \"c\": found a text that is not UTF-8");
  const Col view = Views({"longer than twelve"});
  const auto set = [](std::int32_t size, std::int32_t buffer, std::int32_t from) {
    return [=](ArraySpec& a) { a.buffers[1] = Bytes<std::int32_t>({size, 0, buffer, from}); };
  };
  ExpectBroken(view, set(-1, 0, 0), "found a text of -1 bytes");
  ExpectBroken(view, set(18, 1, 0), "found a text in buffer 1 of 1");
  ExpectBroken(view, set(18, -1, 0), "found a text in buffer -1");
  ExpectBroken(view, set(18, 0, 1), "found a text of 18 bytes at 1 in a buffer of 18");
  ExpectBroken(view, set(18, 0, -1), "at -1");
  ExpectBroken(view, set(19, 0, 0), "found a text of 19 bytes");
  ExpectBroken(view, [](ArraySpec& a) { a.buffers[2] = std::nullopt; }, "without its bytes");
  ExpectBroken(view, [](ArraySpec& a) { a.buffers[3] = std::nullopt; }, "without their sizes");
  ExpectBroken(view, [](ArraySpec& a) { a.buffers[3] = Bytes<std::int64_t>({-1}); }, "of -1 bytes");
  ExpectBroken(view, [](ArraySpec& a) { a.buffers.resize(2); }, "found 2 buffers, expected 3");
}

TEST(ArrowImport, RefusesRowsThatAreNullAsAWhole) {
  StreamSpec spec = TableOf({Text({"a", "b", "c"})});
  spec.batches[0].buffers[0] = Bits({1, 0, 1});
  spec.batches[0].null_count = 1;
  ExpectRefused(spec, "arrow.invalid", "null as a whole");
  spec.batches[0].null_count = -1;
  ExpectRefused(spec, "arrow.invalid", "null as a whole");
  spec.batches[0].offset = 2;  // past the null
  spec.batches[0].length = 1;
  EXPECT_THAT(Read(spec).rows, ElementsAre("[\"c\"]"));
}

TEST(ArrowImport, BoundsWhatARowMayCost) {
  // A list of nulls has no buffers, so its length costs nothing to claim.
  Col nulls{{"n", "item", {}, {}}, {std::int64_t{1} << 40, -1, 0, {}, {}, {}}};
  Col list{{"+L", "c", {nulls.schema}, {}}, {1, 0, 0, {std::nullopt, Bytes<std::int64_t>({0, std::int64_t{1} << 40})}, {nulls.array}, {}}};
  ExpectRefused(TableOf({list}), "arrow.too_large", "row 1: column \"c[]\"");
}

TEST(ArrowImport, PassesOnWhatTheProducerSays) {
  StreamSpec spec = TableOf({Text({"a"})});
  spec.end_code = 5;
  spec.error = "the disk\nis gone";
  Outcome out = Read(spec);
  EXPECT_EQ(out.token(), "arrow.stream");
  EXPECT_THAT(out.message(), HasSubstr("code 5 while giving what follows row 1: the disk is gone"));
  EXPECT_EQ(out.rows.size(), 1u);
  spec.error = std::nullopt;
  spec.schema_code = 12;
  ExpectRefused(spec, "arrow.stream", "code 12 while giving the schema: it gave no reason");
}

TEST(ArrowImport, RefusesStreamsThatAreNone) {
  const auto columns = [](const std::vector<std::string>&) { return absl::OkStatus(); };
  const auto row = [](std::vector<Json>&&) { return absl::OkStatus(); };
  EXPECT_EQ(TokenOf(ReadArrowStream(nullptr, columns, row)), "arrow.invalid");
  ArrowArrayStream released{};
  EXPECT_EQ(TokenOf(ReadArrowStream(&released, columns, row)), "arrow.invalid");
  StreamSpec spec = TableOf({Text({"a"})});
  spec.without_functions = true;
  ExpectRefused(spec, "arrow.invalid", "without its functions");
}

TEST(ArrowImport, ReleasesAllWhenACallbackFails) {
  const StreamSpec spec = TableOf({Text({"a", "b"}), Named(List(Views({"x", "y"}), {0, 1, 2}), "l")});
  const absl::Status wrong = Invalid("event.invalid_field", "as it was said");
  const auto columns = [](const std::vector<std::string>&) { return absl::OkStatus(); };
  arrow_build::Stream at_row(spec);
  int rows = 0;
  const absl::Status status = ReadArrowStream(at_row.get(), columns, [&](std::vector<Json>&&) { return ++rows == 2 ? wrong : absl::OkStatus(); });
  EXPECT_EQ(status, wrong);
  EXPECT_EQ(at_row.tally().made, 9);
  EXPECT_TRUE(at_row.tally().AllReleasedOnce());

  arrow_build::Stream at_columns(spec);
  const auto row = [](std::vector<Json>&&) { return absl::OkStatus(); };
  EXPECT_EQ(ReadArrowStream(at_columns.get(), [&](const std::vector<std::string>&) { return wrong; }, row), wrong);
  EXPECT_TRUE(at_columns.tally().AllReleasedOnce());

  arrow_build::Stream thrown(spec);
  const auto raise = [](std::vector<Json>&&) -> absl::Status { throw std::runtime_error("out"); };
  EXPECT_THROW(static_cast<void>(ReadArrowStream(thrown.get(), columns, raise)), std::runtime_error);
  EXPECT_TRUE(thrown.tally().AllReleasedOnce());
}

}  // namespace
}  // namespace rapport::capi
