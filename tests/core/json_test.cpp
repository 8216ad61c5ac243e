#include "rapport/core/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using ::testing::HasSubstr;

std::string TokenOfText(const std::string& text) {
  return TokenOf(Json::Parse(text).status());
}

std::string MessageOfText(const std::string& text) {
  return Json::Parse(text).status().ToString();
}

double Read(const std::string& text) {
  const absl::StatusOr<Json> json = Json::Parse(text);
  return json.ok() && json->if_number() != nullptr ? *json->if_number() : std::nan("");
}

TEST(Json_Parse, ReadsEveryKind) {
  const absl::StatusOr<Json> json =
      Json::Parse(R"( {"a": [null, true, false, -1.5, "x\u00e9\n"], "b": {}} )");
  ASSERT_TRUE(json.ok()) << json.status();
  const Json expected =
      Json::Object{{"a", Json::Array{Json(), true, false, -1.5, "x\u00e9\n"}}, {"b", Json::Object()}};
  EXPECT_EQ(*json, expected);
  EXPECT_EQ(json->Find("a")->KindName(), "an array");
  EXPECT_EQ(json->Find("c"), nullptr);
  EXPECT_EQ(Json(1).Find("a"), nullptr);
}

TEST(Json_Parse, NamesLineAndColumn) {
  EXPECT_THAT(MessageOfText("{\"a\":1,\n \"b\":tru}"), HasSubstr("line 2, column 6"));
  EXPECT_THAT(MessageOfText("[1,,2]"), HasSubstr("line 1, column 4"));
  EXPECT_THAT(MessageOfText("1 2"), HasSubstr("line 1, column 3"));
}

TEST(Json_Parse, RefusesWhatIsNotJson) {
  for (const char* text : {"",
                           " ",
                           "nul",
                           "[1,2",
                           "[1,]",
                           "{\"a\":1,}",
                           "{a:1}",
                           "'a'",
                           "01",
                           "+1",
                           ".5",
                           "1.",
                           "1e",
                           "--1",
                           "NaN",
                           "Infinity",
                           "1 2",
                           "[1]//x",
                           "/**/1",
                           "\"a\nb\"",
                           "\"\\x41\"",
                           "\"\\ud800\"",
                           "\"\\udc00\\ud800\"",
                           "\xEF\xBB\xBF{}",
                           "{\"a\"}",
                           "]"}) {
    EXPECT_EQ(TokenOfText(text), "json.invalid") << text;
  }
}

TEST(Json_Parse, RefusesBytesThatAreNotUtf8) {
  for (const char* text :
       {"\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF5\x80\x80\x80\"", "\"\xE3\x81\"", "\"\xFF\""}) {
    EXPECT_EQ(TokenOfText(text), "json.invalid") << text;
  }
}

TEST(Json_Parse, RefusesAKeyASecondTime) {
  EXPECT_EQ(TokenOfText(R"({"a":1,"a":1})"), "json.duplicate_key");
  EXPECT_EQ(TokenOfText(R"({"a":1,"\u0061":[1,{}]})"), "json.duplicate_key");
  EXPECT_EQ(TokenOfText(R"([{"b":{"a":1,"c":2,"a":3}}])"), "json.duplicate_key");
  EXPECT_TRUE(Json::Parse(R"([{"a":1},{"a":{"a":2}}])").ok());
  EXPECT_THAT(MessageOfText("{\"a\":1,\n\"a\":{\n}}"),
              HasSubstr("line 2, column 3: found the key \"a\" again"));
}

TEST(Json_Parse, StopsAtSixtyFourLevels) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(Json::Parse(nested(64)).ok());
  EXPECT_EQ(TokenOfText(nested(65)), "json.too_deep");
  EXPECT_EQ(TokenOfText(std::string(100000, '[')), "json.too_deep");
}

TEST(Json_Parse, RefusesNumbersThatNoDoubleHolds) {
  const std::string zeros(400, '0');
  for (const std::string& text :
       {std::string("1e309"), std::string("-1e400"), "1" + zeros, "1" + zeros + ".5",
        "1" + zeros + zeros + "e-400", "0." + zeros + "1e800", std::string("1e99999999999")}) {
    EXPECT_EQ(TokenOfText(text), "json.invalid") << text;
    EXPECT_LT(MessageOfText(text).size(), 200u);
  }
}

TEST(Json_Parse, RoundsToTheNearestDouble) {
  const std::string zeros(400, '0');
  EXPECT_EQ(Read("1e-400"), 0);
  EXPECT_EQ(Read("0." + zeros + "1"), 0);
  EXPECT_EQ(Read("0." + zeros + "1e401"), 1);
  EXPECT_EQ(Read("1" + zeros + "e-400"), 1);
  EXPECT_EQ(Read("4.9e-324"), 5e-324);
  EXPECT_EQ(Read("2.2250738585072011e-308"), 2.2250738585072011e-308);
  EXPECT_EQ(Read("1.7976931348623157e308"), 1.7976931348623157e308);
  EXPECT_EQ(Read("9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(Read("18446744073709551615"), 18446744073709551616.0);
  EXPECT_EQ(Read("100000000000000000000000"), 1e23);
  EXPECT_EQ(Read("0.1000000000000000055511151231257827021181583404541015625"), 0.1);
  EXPECT_EQ(Read("1.0000000000000001110223024625156540"),
            1);  // a hair below the middle of 1 and its successor
}

// 1e6 texts: the parser's own conversion would err in the last bit of some.
TEST(Json_Parse, ReadsEveryShortDecimal) {
  std::vector<std::string> texts;
  for (int whole = 0; whole < 1000; ++whole) {
    std::string list = "[";
    for (int thousandths = 0; thousandths < 1000; ++thousandths) {
      char part[8];
      std::snprintf(part, sizeof part, "%03d", thousandths);
      if (thousandths > 0) list += ',';
      list.append(std::to_string(whole)).append(1, '.').append(part);
    }
    texts.push_back(list.append(1, ']'));
  }
  int wrong = 0;
  for (int whole = 0; whole < 1000; ++whole) {
    const absl::StatusOr<Json> json = Json::Parse(texts[static_cast<std::size_t>(whole)]);
    ASSERT_TRUE(json.ok());
    for (int i = 0; i < 1000; ++i) {
      // Both operands are exact and division rounds once: the nearest double by IEEE 754.
      const double expected = static_cast<double>(whole * 1000 + i) / 1000.0;
      const double found = *(*json->if_array())[static_cast<std::size_t>(i)].if_number();
      // Shortest: without the zeros at the end of what was written.
      std::string shortest = std::to_string(whole);
      std::string part = std::to_string(1000 + i).substr(1);
      part.erase(part.find_last_not_of('0') + 1);
      if (!part.empty()) shortest.append(1, '.').append(part);
      wrong += found != expected || CanonicalNumber(found) != shortest ? 1 : 0;
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST(Json_Canonical, WritesNumbersAsRfc8785AppendixB) {
  const std::pair<std::uint64_t, const char*> kVectors[] = {{0x0000000000000000, "0"},
                                                            {0x8000000000000000, "0"},
                                                            {0x0000000000000001, "5e-324"},
                                                            {0x8000000000000001, "-5e-324"},
                                                            {0x7fefffffffffffff, "1.7976931348623157e+308"},
                                                            {0xffefffffffffffff, "-1.7976931348623157e+308"},
                                                            {0x4340000000000000, "9007199254740992"},
                                                            {0xc340000000000000, "-9007199254740992"},
                                                            {0x4430000000000000, "295147905179352830000"},
                                                            {0x44b52d02c7e14af5, "9.999999999999997e+22"},
                                                            {0x44b52d02c7e14af6, "1e+23"},
                                                            {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                                                            {0x444b1ae4d6e2ef4e, "999999999999999700000"},
                                                            {0x444b1ae4d6e2ef4f, "999999999999999900000"},
                                                            {0x444b1ae4d6e2ef50, "1e+21"},
                                                            {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                                                            {0x3eb0c6f7a0b5ed8d, "0.000001"},
                                                            {0x41b3de4355555553, "333333333.3333332"},
                                                            {0x41b3de4355555554, "333333333.33333325"},
                                                            {0x41b3de4355555555, "333333333.3333333"},
                                                            {0x41b3de4355555556, "333333333.3333334"},
                                                            {0x41b3de4355555557, "333333333.33333343"},
                                                            {0xbecbf647612f3696, "-0.0000033333333333333333"},
                                                            {0x43143ff3c1cb0959, "1424953923781206.2"}};
  for (const auto& [bits, text] : kVectors) EXPECT_EQ(CanonicalNumber(std::bit_cast<double>(bits)), text);
}

TEST(Json_Canonical, WritesTheExampleOfRfc8785) {
  const absl::StatusOr<Json> json = Json::Parse(R"({
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  })");
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_EQ(json->Canonical(),
            R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
            R"("string":"€$\u000f\nA'B\"\\\\\"/"})");
}

TEST(Json_Canonical, SortsMembersByUtf16) {
  const absl::StatusOr<Json> json = Json::Parse(R"({"\u20ac":"Euro Sign","\r":"Carriage Return",
    "\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control",
    "\u00f6":"Latin Small Letter O With Diaeresis"})");
  ASSERT_TRUE(json.ok()) << json.status();
  std::vector<std::string> values;
  for (const auto& [key, value] : *json->if_object()) values.push_back(*value.if_string());
  EXPECT_THAT(values, ::testing::ElementsAre("Carriage Return", "One", "Control",
                                             "Latin Small Letter O With Diaeresis", "Euro Sign",
                                             "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"));
}

TEST(Json_Canonical, EscapesNoMoreThanItMust) {
  EXPECT_EQ(Json("\b\t\n\f\r\x01\x1f\x7f/\"\\ \u2028").Canonical(),
            "\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f/\\\"\\\\ \u2028\"");
  EXPECT_EQ(Json(std::string("a\0b", 3)).Canonical(), "\"a\\u0000b\"");
}

TEST(Json_Canonical, HasNoTextForWhatJsonCannotSay) {
  EXPECT_THROW(CanonicalNumber(std::nan("")), InvariantBroken);
  EXPECT_THROW(CanonicalNumber(HUGE_VAL), InvariantBroken);
}

// A read double is the written one, and no text with one digit less would do.
TEST(Json_Canonical, GivesEveryDoubleBackWithTheFewestDigits) {
  std::mt19937_64 bits(8785);
  int wrong = 0, longer = 0;
  for (int i = 0; i < 100000; ++i) {
    const double value = std::bit_cast<double>(bits());
    if (!std::isfinite(value)) continue;
    const std::string text = CanonicalNumber(value);
    wrong += Read(text) != value ? 1 : 0;
    const std::string mantissa = text.substr(0, text.find('e'));
    const auto digits =
        std::count_if(mantissa.begin(), mantissa.end(), [](char c) { return c >= '0' && c <= '9'; });
    char shorter[40];
    std::snprintf(shorter, sizeof shorter, "%.*e", static_cast<int>(std::max<std::ptrdiff_t>(digits - 2, 0)),
                  value);
    longer +=
        digits > 1 && text.find('e') != std::string::npos && std::strtod(shorter, nullptr) == value ? 1 : 0;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(longer, 0);
}

// By the definition of RFC 8785: the UTF-16 texts compared unit by unit.
std::u16string ToUtf16(const std::vector<char32_t>& points) {
  std::u16string text;
  for (const char32_t point : points) {
    if (point < 0x10000) {
      text += static_cast<char16_t>(point);
    } else {
      text += static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10));
      text += static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  return text;
}

std::string ToUtf8(const std::vector<char32_t>& points) {
  std::string text;
  for (const char32_t point : points) {
    if (point < 0x80) {
      text += static_cast<char>(point);
    } else if (point < 0x800) {
      text += static_cast<char>(0xC0 | (point >> 6));
    } else if (point < 0x10000) {
      text += static_cast<char>(0xE0 | (point >> 12));
      text += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    } else {
      text += static_cast<char>(0xF0 | (point >> 18));
      text += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
      text += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    }
    if (point >= 0x80) text += static_cast<char>(0x80 | (point & 0x3F));
  }
  return text;
}

std::vector<char32_t> AnyPoints() {
  static const std::vector<char32_t> kEdges = {'a',    0x7F,   0x80,    0x7FF,   0x800,   0xD7FF,
                                               0xE000, 0xFFFF, 0x10000, 0x103FF, 0x10400, 0x10FFFF};
  return *rc::gen::container<std::vector<char32_t>>(rc::gen::elementOf(kEdges));
}

TEST(Json_Utf16Less, AgreesWithUtf16) {
  EXPECT_TRUE(rc::check("the order of UTF-8 texts is that of their UTF-16", [] {
    const std::vector<char32_t> a = AnyPoints(), b = AnyPoints();
    RC_ASSERT(Utf16Less()(ToUtf8(a), ToUtf8(b)) == (ToUtf16(a) < ToUtf16(b)));
    RC_ASSERT(Json::Parse(Json(ToUtf8(a)).Canonical()).value() == Json(ToUtf8(a)));
  }));
}

Json AnyJson(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 6 : 4)) {
    case 0:
      return Json();
    case 1:
      return Json(*rc::gen::arbitrary<bool>());
    case 2:
      return Json(*rc::gen::inRange(-1000000, 1000000) / 8.0);
    case 3:
      return Json(ToUtf8(AnyPoints()));
    case 4: {
      Json::Array array;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) array.push_back(AnyJson(depth - 1));
      return array;
    }
    default: {
      Json::Object object;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        object.insert_or_assign(ToUtf8(AnyPoints()), AnyJson(depth - 1));
      return object;
    }
  }
}

TEST(Json_Canonical, IsReadBackAndStays) {
  EXPECT_TRUE(rc::check("Parse undoes Canonical and Pretty", [] {
    const Json json = AnyJson(4);
    const absl::StatusOr<Json> again = Json::Parse(json.Canonical());
    RC_ASSERT(again.ok());
    RC_ASSERT(*again == json);
    RC_ASSERT(again->Canonical() == json.Canonical());
    RC_ASSERT(Json::Parse(json.Pretty()).value() == json);
  }));
}

TEST(Json_Pretty, IndentsByTwo) {
  const Json json = Json::Object{{"b", Json::Array{1, 2}}, {"a", Json::Object()}, {"c", Json::Array()}};
  EXPECT_EQ(json.Pretty(), "{\n  \"a\": {},\n  \"b\": [\n    1,\n    2\n  ],\n  \"c\": []\n}");
}

TEST(Json_Integer, IsExactOrNothing) {
  EXPECT_EQ(Json(3.0).if_integer(), 3);
  EXPECT_EQ(Json(3.5).if_integer(), std::nullopt);
  EXPECT_EQ(Json("3").if_integer(), std::nullopt);
  EXPECT_EQ(Json(9007199254740992.0).if_integer(), 9007199254740992);
  EXPECT_EQ(Json(9007199254740994.0).if_integer(), std::nullopt);
  EXPECT_EQ(Json::Integer(-9007199254740992).Canonical(), "-9007199254740992");
  EXPECT_THROW(Json::Integer(9007199254740994), InvariantBroken);
}

TEST(JsonReader_Read, ReadsMembers) {
  const Json json = Json::Parse(R"({"s":"x","n":1.5,"i":7,"b":true,"a":[1],"o":{"k":null}})").value();
  JsonReader in(json, "rules[3]");
  EXPECT_EQ(in.String("s").value(), "x");
  EXPECT_EQ(in.Number("n").value(), 1.5);
  EXPECT_EQ(in.Integer("i").value(), 7);
  EXPECT_EQ(in.Bool("b").value(), true);
  EXPECT_EQ(in.Array("a").value()->size(), 1u);
  EXPECT_EQ(in.Object("o").value()->size(), 1u);
  EXPECT_EQ(in.OptionalString("s").value(), "x");
  EXPECT_EQ(in.OptionalNumber("none").value(), std::nullopt);
  EXPECT_EQ(in.OptionalInteger("i").value(), 7);
  EXPECT_EQ(in.OptionalBool("none").value(), std::nullopt);
  EXPECT_EQ(in.OptionalAny("none"), nullptr);
  EXPECT_TRUE(in.Finish().ok());
  EXPECT_EQ(in.PathOf("minutes"), "rules[3].minutes");
}

TEST(JsonReader_Read, NamesPathFoundAndExpected) {
  const Json json = Json::Parse(R"({"s":1,"i":1.5,"none":null})").value();
  JsonReader in(json, "rules[3]", "policy");
  const absl::Status kind = in.String("s").status();
  EXPECT_EQ(TokenOf(kind), "policy.wrong_type");
  EXPECT_EQ(kind.message(), "rules[3].s: found a number, expected a string");
  EXPECT_EQ(in.Integer("i").status().message(), "rules[3].i: found 1.5, expected a whole number");
  EXPECT_EQ(TokenOf(in.OptionalInteger("none").status()), "policy.wrong_type");
  const absl::Status missing = in.Bool("x").status();
  EXPECT_EQ(TokenOf(missing), "policy.missing_key");
  EXPECT_THAT(missing.message(), HasSubstr("rules[3].x: found nothing"));
  EXPECT_EQ(TokenOf(in.Error("s", "odd", "found x, expected y")), "policy.odd");
}

TEST(JsonReader_Finish, NamesTheKeyNobodyAskedFor) {
  const Json json = Json::Parse(R"({"name":"x","minuets":5})").value();
  JsonReader in(json, "rules[3]");
  ASSERT_TRUE(in.String("name").ok());
  ASSERT_TRUE(in.OptionalInteger("minutes").ok());
  const absl::Status left = in.Finish();
  EXPECT_EQ(TokenOf(left), "json.unknown_key");
  EXPECT_EQ(left.message(), "rules[3]: unknown key \"minuets\", expected one of minutes, name");
}

TEST(JsonReader_Read, RefusesWhatIsNoObject) {
  const Json json(5);
  JsonReader in(json, "");
  EXPECT_EQ(TokenOf(in.String("a").status()), "json.wrong_type");
  EXPECT_EQ(in.Finish().message(), "found a number, expected an object");
}

}  // namespace
}  // namespace rapport
