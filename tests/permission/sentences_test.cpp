// Every sentence that holds somebody back can be said in every language, within the width of a line.
#include <map>
#include <set>

#include "gtest/gtest.h"
#include "rapport/core/sentence.hpp"
#include "rapport/permission/permission.hpp"

namespace rapport {
namespace {

constexpr Language kLanguages[] = {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese};

class NoTexts : public Texts {
 public:
  std::string Customer(const CustomerId& id, Language) const override { return id.text(); }
  std::string Contact(const CustomerId&, const ContactId& contact, Language) const override { return contact.text(); }
  std::string Event(const EventKey& event, std::string_view, Language) const override { return event.id; }
};

std::string Say(const Sentence& sentence, Language language) {
  const absl::StatusOr<std::string> text = Catalogue::Bundled().Say(sentence, language, NoTexts());
  EXPECT_TRUE(text.ok()) << sentence.key << ": " << text.status();
  return text.ok() ? *text : std::string();
}

// A question in which every reason can hold, asked so that each comes up, with the words of `channel`.
std::map<std::string, Sentence> HoldSentences(Channel channel) {
  PermissionProfile profile;
  profile.any_window = WorkingWeek();
  profile.any_window->weekly[0] = {{540, 600}};
  profile.on_holidays = false;
  profile.caps = {{10, 365, CapCount::kCalendarDays, {}, {}}};
  profile.cool_off_days = 365;
  profile.unknown_consent_allows = false;
  const Instant before = ParseStamp("2026-11-24T09:00:00Z")->at;
  std::vector<Attempt> tried(10, {before, channel, std::nullopt, Disposition::kRefusedContact, {}, {}, false});
  const std::vector<Attempt> planned(10, {before.PlusMinutes(2 * 1440), channel, std::nullopt, std::nullopt, {}, {}, true});
  const std::set<Day> holidays = {Day(2026, 11, 25)};
  std::map<std::string, Sentence> sentences;
  for (int way = 0; way < 16; ++way) {
    ConsentRecord consent{{}, before, {}};
    if (way % 4 == 1) consent.consent.state = ConsentState::kWithdrawn;
    if (way % 4 == 2) consent.consent.expires = Day(2026, 11, 24);
    DoNotContactRecord rule{{}, before, {}};
    if (way % 2 == 1) rule.rule.channel = channel;
    if (way / 2 % 2 == 1) rule.rule.until = Day(2026, 12, 28);
    PermissionInput input;
    input.profile = &profile;
    input.zone = &ZoneRules::Bundled().Utc();
    input.channel = channel;
    input.attempts = way < 8 ? tried : planned;
    if (way % 4 != 0) input.consents = {&consent, 1};
    input.do_not_contact = {&rule, 1};
    input.holidays = &holidays;
    const Instant at = ParseStamp(way % 8 < 4 ? "2026-11-25T09:30:00Z" : "2026-11-30T12:00:00Z")->at;
    const PermissionAnswer answer = CheckPermission(input, way < 8 ? at : before);
    for (const Hold& hold : answer.holds) sentences.insert_or_assign(hold.sentence.key, hold.sentence);
  }
  return sentences;
}

TEST(Hold_Sentences, SayEverythingInEveryLanguage) {
  for (const auto& word : WordList<Channel>::kWords) {
    const std::map<std::string, Sentence> sentences = HoldSentences(word.value);
    EXPECT_EQ(sentences.size(), 13u);
    for (const auto& [key, sentence] : sentences) {
      for (const Language language : kLanguages) {
        const std::string text = Say(sentence, language);
        EXPECT_LE(DisplayWidth(text), 110) << text;
        EXPECT_GT(DisplayWidth(text), 0) << key;
      }
    }
  }
}

TEST(Hold_Sentences, WhatComesThenHasAWordForEveryReason) {
  for (int i = 0; i < 8; ++i) {
    const auto reason = static_cast<HoldReason>(i);
    for (const Day from : {Day(2026, 4, 11), Day(2026, 4, 15)}) {
      for (const Language language : kLanguages) EXPECT_FALSE(Say(ThenSentence(reason, from, from + 1), language).empty());
    }
    for (const Language language : kLanguages) {
      EXPECT_TRUE(Catalogue::Bundled().Has("hold.then." + std::string(NameOf(reason)), language)) << NameOf(reason);
    }
  }
}

TEST(Hold_Sentences, ReadAsTheMondaySaysThem) {
  const Sentence refused{"hold.cool_off",
                         {{"channel", MessageRef{"channel.call"}}, {"on", Day(2026, 2, 9)}, {"days", std::int64_t{60}}}};
  EXPECT_EQ(Say(refused, Language::kEnglish), "would not take our call on 9 Feb (refused contact); 60 quiet days");
  const Sentence capped{"hold.frequency_cap", {{"n", std::int64_t{2}}, {"days", std::int64_t{30}}, {"cap", std::int64_t{2}}}};
  EXPECT_EQ(Say(capped, Language::kEnglish), "2 contacts in 30 days already, the cap is 2");
  EXPECT_EQ(Say(ThenSentence(HoldReason::kOutsideHours, Day(2026, 4, 11), Day(2026, 4, 13)), Language::kEnglish), "a weekend");
}

}  // namespace
}  // namespace rapport
