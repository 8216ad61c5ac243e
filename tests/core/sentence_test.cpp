#include "rapport/core/sentence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/bundled_texts.hpp"
#include "rapport/core/quantity.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Language kLanguages[] = {Language::kEnglish, Language::kJapanese, Language::kKorean,
                                   Language::kChinese};

class OfficeNames : public Texts {
 public:
  std::string Customer(const CustomerId& id, Language) const override { return "customer " + id.text(); }
  std::string Contact(const CustomerId& customer, const ContactId& contact,
                      Language language) const override {
    return std::string(LanguageCode(language)) + ":" + customer.text() + "/" + contact.text();
  }
  std::string Event(const EventKey& event, std::string_view field, Language) const override {
    return event.source + "/" + event.id + "#" + std::string(field);
  }
};

Money Yen(std::int64_t minor) {
  return Money(minor, *Currency::Parse("JPY"));
}

// `pattern` in one language, said with one argument "x".
absl::StatusOr<std::string> SayOne(const std::string& pattern, const SentenceArgument& x,
                                   Language language = Language::kEnglish) {
  const std::string text = Json(Json::Object{{"k", pattern}, {"channel.call", "call"}}).Canonical();
  RAPPORT_ASSIGN_OR_RETURN(const Catalogue catalogue,
                           Catalogue::FromJson({{std::string(LanguageCode(language)), text}}));
  return catalogue.Say(Sentence{"k", {{"x", x}}}, language, OfficeNames());
}

std::string Said(const std::string& pattern, const SentenceArgument& x,
                 Language language = Language::kEnglish) {
  const absl::StatusOr<std::string> said = SayOne(pattern, x, language);
  return said.ok() ? *said : TokenOf(said.status());
}

TEST(Language_Parse, KnowsFour) {
  for (const Language language : kLanguages)
    EXPECT_EQ(ParseLanguage(LanguageCode(language)).value(), language);
  EXPECT_EQ(TokenOf(ParseLanguage("de").status()), "language.unknown");
  EXPECT_EQ(TokenOf(ParseLanguage("EN").status()), "language.unknown");
}

TEST(Catalogue_Say, SaysDaysByLanguage) {
  const Day day(2026, 2, 26);
  EXPECT_EQ(Said("since {x:day}.", day), "since Thu 26 Feb.");
  EXPECT_EQ(Said("{x:day_month}", day), "26 Feb");
  EXPECT_EQ(Said("{x:day}", day, Language::kJapanese), "2月26日(木)");
  EXPECT_EQ(Said("{x:day_month}", day, Language::kJapanese), "2月26日");
  EXPECT_EQ(Said("{x:day}", day, Language::kKorean), "2월 26일(목)");
  EXPECT_EQ(Said("{x:day_month}", day, Language::kKorean), "2월 26일");
  EXPECT_EQ(Said("{x:day}", day, Language::kChinese), "2月26日（周四）");
  EXPECT_EQ(Said("{x:day_month}", day, Language::kChinese), "2月26日");
}

TEST(Catalogue_Say, SaysEveryWeekday) {
  const std::vector<std::string> english = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const std::vector<std::string> korean = {"월", "화", "수", "목", "금", "토", "일"};
  for (int i = 0; i < 7; ++i) {
    const Day day = Day(2026, 3, 2) + i;
    EXPECT_EQ(Said("{x:day}", day),
              english[static_cast<std::size_t>(i)] + " " + std::to_string(2 + i) + " Mar");
    EXPECT_THAT(Said("{x:day}", day, Language::kKorean),
                HasSubstr("(" + korean[static_cast<std::size_t>(i)] + ")"));
  }
}

TEST(Catalogue_Say, SaysMoments) {
  const LocalTime at{LocalMinute(2026, 4, 13, 9, 0)};
  EXPECT_EQ(Said("{x:moment}", at), "Mon 13 Apr 09:00");
  EXPECT_EQ(Said("{x}", at), "Mon 13 Apr 09:00");
  EXPECT_EQ(Said("{x:time}", at), "09:00");
  EXPECT_EQ(Said("{x:day}", at), "Mon 13 Apr");
  EXPECT_EQ(Said("{x:day_month}", at), "13 Apr");
  EXPECT_EQ(Said("{x:moment}", at, Language::kJapanese), "4月13日(月) 09:00");
}

TEST(Catalogue_Say, SaysMoneyAlikeInEveryLanguage) {
  for (const Language language : kLanguages) {
    EXPECT_EQ(Said("{x:money}", Yen(412000), language), "JPY 412,000");
  }
  const Currency euro = *Currency::Parse("EUR");
  EXPECT_EQ(Said("{x:money}", Money(-123456789, euro)), "EUR -1,234,567.89");
  EXPECT_EQ(Said("{x:money}", Money(99999, euro)), "EUR 999.99");
  EXPECT_EQ(Said("{x:money}", Yen(100)), "JPY 100");
  EXPECT_EQ(Said("{x:money}", Yen(-1000)), "JPY -1,000");
  EXPECT_EQ(Said("{x:money}", Money()), "0");
}

TEST(Catalogue_Say, SaysNumbersTextsAndPlurals) {
  EXPECT_EQ(Said("{x} {x:plural:week|weeks}", std::int64_t{1}), "1 week");
  EXPECT_EQ(Said("{x:n} {x:plural:week|weeks}", std::int64_t{14}), "14 weeks");
  EXPECT_EQ(Said("{x} {x:plural:week|weeks}", 1.5), "1.5 weeks");
  EXPECT_EQ(Said("{x}{x:plural:|s}", std::int64_t{0}), "0s");
  EXPECT_EQ(Said("\"{x}\"", std::string("a {b} c")), "\"a {b} c\"");
  EXPECT_EQ(Said("{{x} {x}}", std::string("y")), "{x} y}");
}

TEST(SayQuantity, IsWholeOrHasTwoDecimals) {
  EXPECT_EQ(SayQuantity(6), SentenceArgument(std::int64_t{6}));
  EXPECT_EQ(SayQuantity(-2), SentenceArgument(std::int64_t{-2}));
  EXPECT_EQ(SayQuantity(2.5), SentenceArgument(2.5));
  EXPECT_EQ(SayQuantity(0.126), SentenceArgument(0.13));
  EXPECT_EQ(SayQuantity(1e15), SentenceArgument(1e15)) << "too large for every whole number to be one";
}

TEST(Catalogue_Say, ResolvesReferencesWhenItIsRead) {
  EXPECT_EQ(Said("{x}", CustomerName{CustomerId::Trusted("c-1")}), "customer c-1");
  EXPECT_EQ(Said("{x}", ContactName{CustomerId::Trusted("c-1"), ContactId::Trusted("m")}, Language::kKorean),
            "ko:c-1/m");
  EXPECT_EQ(Said("{x}", EventText{{"shop", "e-1"}, "text"}), "shop/e-1#text");
  EXPECT_EQ(Said("a {x}", MessageRef{"channel.call"}), "a call");
  EXPECT_EQ(Said("a {x}", MessageRef{"channel.fax"}), "message.missing_key");
}

TEST(Catalogue_Say, RefusesWhatHasNoSuchForm) {
  EXPECT_EQ(Said("{x:time}", Day(2026, 2, 26)), "message.wrong_argument");
  EXPECT_EQ(Said("{x:day}", std::string("2026-02-26")), "message.wrong_argument");
  EXPECT_EQ(Said("{x:money}", std::int64_t{5}), "message.wrong_argument");
  EXPECT_EQ(Said("{x:day}", Yen(5)), "message.wrong_argument");
  EXPECT_EQ(Said("{x:plural:a|b}", std::string("1")), "message.wrong_argument");
  EXPECT_THAT(SayOne("{x:time}", Day(2026, 2, 26)).status().message(),
              HasSubstr("messages en, key k: argument \"x\""));
}

TEST(Catalogue_Say, NamesWhatIsMissing) {
  EXPECT_EQ(Said("{y}", std::int64_t{1}), "message.missing_argument");
  EXPECT_THAT(SayOne("{y}", std::int64_t{1}).status().message(),
              HasSubstr("messages en, key k: found no argument \"y\""));
  const Catalogue catalogue = Catalogue::FromJson({{"en", R"({"held":"held"})"}}).value();
  EXPECT_EQ(catalogue.Word("held", Language::kEnglish).value(), "held");
  EXPECT_EQ(TokenOf(catalogue.Word("call", Language::kEnglish).status()), "message.missing_key");
  EXPECT_EQ(TokenOf(catalogue.Word("held", Language::kJapanese).status()), "message.missing_key");
  EXPECT_EQ(TokenOf(catalogue.ArgumentsOf("call", Language::kEnglish).status()), "message.missing_key");
}

TEST(Catalogue_FromJson, RefusesPatternsThatItCannotSay) {
  const auto token = [](const std::string& text) {
    return TokenOf(Catalogue::FromJson({{"en", text}}).status());
  };
  for (const char* pattern :
       {"{x", "{}", "{:day}", "{X}", "{x y}", "{x:dya}", "{x:}", "{x:plural:a}", "{x:plural:a|b|c}"}) {
    EXPECT_EQ(token(Json(Json::Object{{"k", pattern}}).Canonical()), "message.invalid") << pattern;
  }
  EXPECT_EQ(token(R"({"k":1})"), "message.invalid");
  EXPECT_EQ(token(R"(["k"])"), "message.invalid");
  EXPECT_EQ(token(R"({"k":"a","k":"b"})"), "json.duplicate_key");
  EXPECT_EQ(TokenOf(Catalogue::FromJson({{"de", "{}"}}).status()), "language.unknown");
  EXPECT_THAT(Catalogue::FromJson({{"ja", R"({"silence":"{x:dya}"})"}}).status().message(),
              HasSubstr("messages ja, key silence"));
}

TEST(Catalogue_Arguments, AreSortedAndUnique) {
  const Catalogue catalogue =
      Catalogue::FromJson({{"en", R"({"b":"{z} {a:day} {z:plural:x|y}","a":"{{no}"})"}}).value();
  EXPECT_THAT(catalogue.ArgumentsOf("b", Language::kEnglish).value(), ElementsAre("a", "z"));
  EXPECT_THAT(catalogue.ArgumentsOf("a", Language::kEnglish).value(), ElementsAre());
  EXPECT_THAT(catalogue.Keys(Language::kEnglish), ElementsAre("a", "b"));
  EXPECT_THAT(catalogue.Keys(Language::kChinese), ElementsAre());
}

TEST(Catalogue_Bundled, HasEveryKeyInEveryLanguageWithTheSameArguments) {
  const Catalogue& catalogue = Catalogue::Bundled();
  const std::vector<std::string> keys = catalogue.Keys(Language::kEnglish);
  ASSERT_FALSE(keys.empty());
  for (const Language language : kLanguages) {
    EXPECT_EQ(catalogue.Keys(language), keys) << LanguageCode(language);
    for (const std::string& key : keys) {
      if (!catalogue.Has(key, language)) continue;
      EXPECT_EQ(catalogue.ArgumentsOf(key, language).value(),
                catalogue.ArgumentsOf(key, Language::kEnglish).value())
          << LanguageCode(language) << " " << key;
    }
  }
}

TEST(Catalogue_Bundled, HasAWordForEveryChannel) {
  for (const char* channel :
       {"call", "visit", "mail", "letter", "message", "meeting", "seminar", "newsletter"}) {
    for (const Language language : kLanguages) {
      const absl::StatusOr<std::string> word =
          Catalogue::Bundled().Word(std::string("channel.") + channel, language);
      ASSERT_TRUE(word.ok()) << word.status();
      EXPECT_FALSE(word->empty());
    }
  }
}

// Cards, briefs and reports say one thing by one word: a worry in Japanese, a promise in Chinese.
TEST(Catalogue_Bundled, SaysOneThingByOneWord) {
  const std::string japanese(BundledText("messages/ja.json")), chinese(BundledText("messages/zh.json"));
  EXPECT_THAT(japanese, HasSubstr("心配ごと"));
  EXPECT_THAT(chinese, HasSubstr("承诺"));
  EXPECT_EQ(japanese.find("不安"), std::string::npos);
  for (const char* other : {"答应", "失约"}) EXPECT_EQ(chinese.find(other), std::string::npos) << other;
}

TEST(BundledText_Read, IsTheFileOfTheSourceTree) {
  int found = 0;
  for (const BundledFile& file : BundledFiles()) {
    std::ifstream in(std::string(RAPPORT_SOURCE_DIR "/").append(file.path), std::ios::binary);
    ASSERT_TRUE(in.is_open()) << file.path;
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), file.text) << file.path;
    EXPECT_EQ(BundledText(file.path), file.text);
    found += file.path.starts_with("messages/") ? 1 : 0;
  }
  EXPECT_EQ(found, 4);
  EXPECT_TRUE(BundledText("messages/de.json").empty());
}

TEST(Sentence_Json, IsReadBack) {
  const Sentence sentence{"worry.since",
                          {{"a", std::int64_t{-6}},
                           {"b", 0.25},
                           {"c", std::string("text")},
                           {"d", Day(2026, 2, 26)},
                           {"e", LocalTime{LocalMinute(2026, 4, 13, 9, 5)}},
                           {"f", Yen(412000)},
                           {"g", Money()},
                           {"h", CustomerName{CustomerId::Trusted("c-1")}},
                           {"i", ContactName{CustomerId::Trusted("c-1"), ContactId::Trusted("小田")}},
                           {"j", EventText{{"shop", "e-1"}, "text"}},
                           {"k", MessageRef{"channel.call"}}}};
  const Json json = sentence.ToJson();
  EXPECT_EQ(json.Find("args")->Find("d")->Canonical(), R"({"day":"2026-02-26"})");
  EXPECT_EQ(json.Find("args")->Find("e")->Canonical(), R"({"local":"2026-04-13T09:05"})");
  const absl::StatusOr<Json> parsed = Json::Parse(json.Canonical());
  ASSERT_TRUE(parsed.ok());
  const absl::StatusOr<Sentence> again = Sentence::FromJson(*parsed);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, sentence);
}

TEST(Sentence_Json, RefusesWhatItDidNotWrite) {
  const auto token = [](const std::string& argument) {
    return TokenOf(
        Sentence::FromJson(Json::Parse(R"({"key":"k","args":{"x":)" + argument + "}}").value()).status());
  };
  EXPECT_EQ(token(R"({"day":"2026-02-26"})"), "");
  for (const char* argument :
       {"5", "{}", R"({"day":"2026-02-26","text":"a"})", R"({"integer":1.5})", R"({"text":1})",
        R"({"weekday":"Mon"})", R"({"local":"2026-02-26"})", R"({"local":"2026-02-26T24:00"})"}) {
    EXPECT_EQ(token(argument), "message.invalid") << argument;
  }
  EXPECT_EQ(token(R"({"day":"2026-02-30"})"), "time.invalid_day");
  EXPECT_EQ(token(R"({"customer":""})"), "id.invalid");
  EXPECT_EQ(token(R"({"money":{"amount":"1","currency":"JPY","x":1}})"), "message.unknown_key");
  EXPECT_EQ(token(R"({"money":{"amount":"1.5","currency":"JPY"}})"), "money.too_many_decimals");
  EXPECT_EQ(TokenOf(Sentence::FromJson(Json(1)).status()), "message.wrong_type");
  EXPECT_EQ(TokenOf(Sentence::FromJson(Json(Json::Object{{"key", "k"}})).status()), "message.missing_key");
}

TEST(Display_Width, CountsFullWidthTwice) {
  EXPECT_EQ(DisplayWidth(""), 0);
  EXPECT_EQ(DisplayWidth("Hakata Dental"), 13);
  EXPECT_EQ(DisplayWidth("2月26日(木)"), 11);
  EXPECT_EQ(DisplayWidth("2월 26일(목)"), 12);
  EXPECT_EQ(DisplayWidth("（周四）"), 8);
  EXPECT_EQ(DisplayWidth("ｱｲ"), 2);
  EXPECT_EQ(DisplayWidth("é…·"), 3);
  EXPECT_EQ(DisplayWidth("𠮟"), 2);
}

}  // namespace
}  // namespace rapport
