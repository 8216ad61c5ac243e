// The calendar of a plan, read back by libical.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libical/ical.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <memory>

#include "plan/calendar_text.hpp"
#include "plan/made_plan.hpp"
#include "rapport/core/ids.hpp"
#include "rapport/plan/plan_calendar.hpp"

namespace rapport {
namespace {

using made::At;
using made::MondayOf;
using made::NamedTexts;

struct ReadEvent {
  std::string uid, summary, description, status, categories, stamp, start, end;
  int sequence = -1, priority = -1;
  bool operator==(const ReadEvent&) const = default;
};

std::string TextOf(const char* text) { return text == nullptr ? "" : text; }

std::string TimeOf(icaltimetype time) {
  EXPECT_TRUE(icaltime_is_utc(time));
  return icaltime_as_ical_string(time);
}

std::vector<ReadEvent> ReadBack(const std::string& calendar) {
  const std::unique_ptr<icalcomponent, void (*)(icalcomponent*)> root(icalparser_parse_string(calendar.c_str()), icalcomponent_free);
  EXPECT_NE(root, nullptr);
  std::vector<ReadEvent> events;
  if (root == nullptr) return events;
  EXPECT_EQ(icalcomponent_isa(root.get()), ICAL_VCALENDAR_COMPONENT);
  EXPECT_EQ(icalcomponent_get_method(root.get()), ICAL_METHOD_PUBLISH);
  EXPECT_EQ(icalcomponent_count_errors(root.get()), 0) << calendar;
  for (icalcomponent* one = icalcomponent_get_first_component(root.get(), ICAL_VEVENT_COMPONENT); one != nullptr;
       one = icalcomponent_get_next_component(root.get(), ICAL_VEVENT_COMPONENT)) {
    ReadEvent& event = events.emplace_back();
    event.uid = TextOf(icalcomponent_get_uid(one));
    event.summary = TextOf(icalcomponent_get_summary(one));
    event.description = TextOf(icalcomponent_get_description(one));
    event.sequence = icalcomponent_get_sequence(one);
    event.status = icalcomponent_get_status(one) == ICAL_STATUS_CANCELLED ? "CANCELLED" : "CONFIRMED";
    event.priority = icalproperty_get_priority(icalcomponent_get_first_property(one, ICAL_PRIORITY_PROPERTY));
    event.categories = TextOf(icalproperty_get_categories(icalcomponent_get_first_property(one, ICAL_CATEGORIES_PROPERTY)));
    event.stamp = TimeOf(icalcomponent_get_dtstamp(one));
    event.start = TimeOf(icalcomponent_get_dtstart(one));
    event.end = TimeOf(icalcomponent_get_dtend(one));
  }
  icalmemory_free_ring();
  return events;
}

std::string Calendar(const DayPlan& plan, const Texts& texts = NamedTexts(), Language language = Language::kEnglish, const PlanCalendarOptions& options = {}) {
  const auto text = PlanCalendar(plan, language, texts, options);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.value_or("");
}

TEST(PlanCalendar, EachLineIsAnEventThatLibicalReads) {
  NamedTexts texts;
  texts.names = {{"c-1", "Hakata Dental"}, {"p-1", "Dr Mori"}};
  const auto events = ReadBack(Calendar(MondayOf({{"c-1", "09:00", true, "p-1"}, {"c-2", "10:30"}, {"c-3", ""}, {.customer = "c-4", .held = true}}), texts));
  ASSERT_EQ(events.size(), 2u) << "what has no room or is held is in no calendar";
  EXPECT_EQ(events[0].uid, "work-c-1@rapport");
  EXPECT_EQ(events[0].summary, "call: Hakata Dental, Dr Mori");
  EXPECT_EQ(events[0].description, "Hakata Dental (6 weeks)\nHakata Dental, how it runs");
  EXPECT_EQ(events[0].stamp, "20260301T150000Z") << "the moment of the plan, in UTC";
  EXPECT_EQ(events[0].start, "20260302T000000Z") << "09:00 in Tokyo";
  EXPECT_EQ(events[0].end, "20260302T003000Z");
  EXPECT_EQ(events[0].priority, 1);
  EXPECT_EQ(events[0].status, "CONFIRMED");
  EXPECT_EQ(events[1].uid, "work-c-2@rapport");
  EXPECT_EQ(events[1].summary, "visit: c-2");
  EXPECT_EQ(events[1].priority, 5);
}

TEST(PlanCalendar, SaysItInFourLanguages) {
  const DayPlan plan = MondayOf({{"c-1", "09:00", true}});
  NamedTexts texts;
  texts.names = {{"c-1", "博多歯科"}};
  const std::map<Language, std::string> expected{
      {Language::kEnglish, "call: 博多歯科"}, {Language::kJapanese, "電話：博多歯科"}, {Language::kKorean, "전화: 博多歯科"}, {Language::kChinese, "电话：博多歯科"}};
  for (const auto& [language, summary] : expected) {
    const auto events = ReadBack(Calendar(plan, texts, language));
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].summary, summary);
    EXPECT_EQ(events[0].uid, "work-c-1@rapport") << "the same in every language";
  }
}

TEST(PlanCalendar, OfSeveralRepsEachEventSaysWhoseItIs) {
  DayPlan plan = made::Monday();
  made::AddRep(plan, "r-sato", {{"c-1", "09:00"}});
  made::AddRep(plan, "r-lee", {{"c-2", "09:00"}});
  const auto events = ReadBack(Calendar(plan));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_THAT(events[0].description, testing::EndsWith("\nr-sato"));
  EXPECT_THAT(events[1].description, testing::EndsWith("\nr-lee"));
}

TEST(PlanCalendar, SaysHowOftenItWasPutOffAndWhoseItWas) {
  DayPlan plan = MondayOf({{"c-1", "09:00"}, {"c-2", "10:00"}});
  PlanLine& line = plan.reps[0].lines[0];
  line.rolled = 1;
  line.age_days = 2;
  line.passed_from = RepId::Trusted("r-lee");
  const auto events = ReadBack(Calendar(plan));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].description, "c-1 (6 weeks)\nc-1, how it runs\nPut off on 1 day, 2 days old. From r-lee.");
  EXPECT_EQ(events[1].description, "c-2 (6 weeks)\nc-2, how it runs");
}

TEST(PlanCalendar, ADayWithoutLinesIsACalendarWithoutEvents) {
  EXPECT_TRUE(ReadBack(Calendar(MondayOf({}))).empty());
}

int SequenceAt(std::string_view as_of, std::int64_t events, Day day = Day(2026, 3, 2), std::optional<std::string_view> known_at = std::nullopt) {
  DayPlan plan = MondayOf({{"c-1", "09:00"}}, as_of);
  plan.day = day;
  if (known_at) plan.known_at = At(*known_at);
  const auto read = ReadBack(Calendar(plan, NamedTexts(), Language::kEnglish, {.events_known = events}));
  return read.empty() ? -1 : read[0].sequence;
}

TEST(PlanCalendar, TheSequenceGrowsWithTheMomentAndTheEvents) {
  const std::string_view morning = "2026-03-02T00:00:00+09:00";
  const int first = SequenceAt(morning, 300);
  EXPECT_EQ(first, SequenceAt(morning, 300)) << "the same plan, the same number";
  EXPECT_EQ(SequenceAt(morning, 301), first + 1) << "an event more may move what is planned";
  EXPECT_EQ(SequenceAt("2026-03-02T00:01:00+09:00", 300), first + 1);
  EXPECT_EQ(SequenceAt(morning, 300, Day(2026, 3, 3)), first) << "two days asked of at one moment";
  EXPECT_EQ(SequenceAt("2026-03-03T00:00:00+09:00", 300, Day(2026, 3, 3)), first + 1440);
  EXPECT_EQ(SequenceAt(morning, 300, Day(2026, 3, 2), "2026-03-02T01:00:00+09:00"), first + 60) << "made when the last word was known";
  EXPECT_EQ(SequenceAt(morning, 300, Day(2026, 3, 2), "2026-03-01T01:00:00+09:00"), first);
  EXPECT_EQ(SequenceAt("1960-01-01T00:00:00Z", 5, Day(1960, 1, 1)), 5) << "before 1970 the minutes are none";
  EXPECT_EQ(SequenceAt(morning, 1LL << 40), 2'147'483'647) << "RFC 5545 gives it 31 bits";
}

RC_GTEST_PROP(PlanCalendar, TheSequenceIsHigherForALaterWordWhereverTheWorkMoved, ()) {
  const auto minute = *rc::gen::inRange<std::int64_t>(0, 40'000'000);
  const auto events = *rc::gen::inRange<std::int64_t>(0, 100'000'000);
  const auto before = *rc::gen::inRange<std::int64_t>(0, 14), after = *rc::gen::inRange<std::int64_t>(0, 14);
  const auto more_minutes = *rc::gen::inRange<std::int64_t>(0, 3), more_events = *rc::gen::inRange<std::int64_t>(0, 3);
  const auto sequence = [](std::int64_t minutes, std::int64_t known, std::int64_t days) {
    DayPlan plan = MondayOf({{"c-1", "09:00"}});
    plan.as_of = Instant::FromMicros(minutes * 60'000'000);
    plan.day = plan.reps[0].zone->LocalDay(plan.as_of) + days;
    return ReadBack(Calendar(plan, NamedTexts(), Language::kEnglish, {.events_known = known})).at(0).sequence;
  };
  RC_ASSERT(sequence(minute + more_minutes, events + more_events, after) == sequence(minute, events, before) + more_minutes + more_events);
}

// Found in review: the days ahead were part of the sum, so that work which moved from Friday to Monday looked older than before.
TEST(PlanCalendar, WorkThatMovesNearerHasAHigherSequence) {
  const auto of = [](bool on_friday, std::string_view as_of, std::int64_t events) {
    DayPlan plan = MondayOf({{"c-1", "09:00"}}, as_of);
    if (on_friday) {
      LaterDay& friday = plan.later.emplace_back();
      friday.day = Day(2026, 3, 6);
      friday.reps.push_back(plan.reps[0]);
      friday.reps[0].lines[0].start = plan.reps[0].zone->StartOf(friday.day).PlusMinutes(540);
      plan.reps[0].lines.clear();
    }
    return ReadBack(Calendar(plan, NamedTexts(), Language::kEnglish, {.events_known = events})).at(0);
  };
  const ReadEvent friday = of(true, "2026-03-02T08:00:00+09:00", 300), monday = of(false, "2026-03-02T08:01:00+09:00", 301);
  EXPECT_EQ(friday.start, "20260306T000000Z");
  EXPECT_EQ(monday.start, "20260302T000000Z");
  EXPECT_EQ(monday.uid, friday.uid);
  EXPECT_GT(monday.sequence, friday.sequence);
}

TEST(PlanCalendar, WhatIsGoneSinceIsCancelledUnderItsOldTime) {
  const DayPlan before = MondayOf({{"c-1", "09:00"}, {"c-2", "10:00"}});
  const DayPlan now = MondayOf({{"c-2", "09:30"}, {"c-3", "11:00"}}, "2026-03-02T08:00:00+09:00");
  const auto events = ReadBack(Calendar(now, NamedTexts(), Language::kEnglish, {.events_known = 7, .before = &before}));
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].uid, "work-c-2@rapport");
  EXPECT_EQ(events[0].status, "CONFIRMED") << "moved, not gone";
  EXPECT_EQ(events[0].start, "20260302T003000Z");
  EXPECT_EQ(events[2].uid, "work-c-1@rapport");
  EXPECT_EQ(events[2].status, "CANCELLED");
  EXPECT_EQ(events[2].start, "20260302T000000Z");
  EXPECT_EQ(events[2].sequence, events[0].sequence) << "above that of the calendar it takes back";
  EXPECT_GT(events[2].sequence, ReadBack(Calendar(before, NamedTexts(), Language::kEnglish, {.events_known = 7}))[0].sequence);
}

TEST(CalendarText, EscapesWhatTheGrammarReadsAndBreaksLinesAsOne) {
  EXPECT_EQ(CalendarText("a,b;c\\d"), "a\\,b\\;c\\\\d");
  EXPECT_EQ(CalendarText("1\n2\r\n3\r4\xC2\x85" "5\xE2\x80\xA8" "6\xE2\x80\xA9" "7"), "1\\n2\\n3\\n4\\n5\\n6\\n7");
  EXPECT_EQ(CalendarText(std::string("a\0b\x1b\x7f\tc", 7)), "ab\tc");
  EXPECT_EQ(CalendarText("BEGIN:VEVENT\r\nUID:x"), "BEGIN:VEVENT\\nUID:x");
}

TEST(CalendarText, MomentsAreInUtcToTheSecond) {
  EXPECT_EQ(CalendarInstant(At("2026-03-02T09:00:00.999999+09:00")), "20260302T000000Z");
  EXPECT_EQ(CalendarInstant(At("1969-12-31T23:59:59.5Z")), "19691231T235959Z");
}

TEST(CalendarLines, FoldAt75OctetsBetweenCharacters) {
  CalendarLines lines;
  lines.Add("X", std::string(73, 'a'));
  lines.Add("X", std::string(74, 'a'));
  lines.Add("X", std::string(72, 'a') + "日本");
  EXPECT_EQ(lines.Take(), "X:" + std::string(73, 'a') + "\r\nX:" + std::string(73, 'a') + "\r\n a\r\nX:" + std::string(72, 'a') + "\r\n 日本\r\n");
}

// Odd texts as people write them: escapes, breaks, scripts, emoji of several code points, up to a thousand characters.
rc::Gen<std::string> OddText() {
  const auto piece = rc::gen::element<std::string>("a", " ", ",", ";", ":", "\\", "\"", "\n", "\r\n", "\t", "\\n", "é", "日本語", "한국어", "你好", "😀", "👩‍👩‍👧", "\x01", "\xE2\x80\xA8", "END:VEVENT", "=");
  return rc::gen::map(rc::gen::scale(5.0, rc::gen::container<std::vector<std::string>>(piece)), [](const std::vector<std::string>& pieces) {
    std::string text;
    for (const std::string& one : pieces) text += one;
    return text;
  });
}

// libical drops blanks at the end of a value.
std::string WithoutBlanksAtTheEnd(std::string text) {
  text.erase(text.find_last_not_of(" \t") + 1);
  return text;
}

// What is left of a text: one kind of break, no control characters.
std::string Plain(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\r\n") == 0) continue;
    if (text.compare(i, 3, "\xE2\x80\xA8") == 0) plain += '\n', i += 2;
    else if (text[i] != '\x01') plain += text[i];
  }
  return plain;
}

RC_GTEST_PROP(PlanCalendar, WhateverPeopleAreCalledLibicalReadsItBack, ()) {
  NamedTexts texts;
  const std::string name = *OddText();
  texts.names = {{"c-1", name}, {"c-2", "Plain"}};
  const std::string text = Calendar(MondayOf({{"c-1", "09:00"}, {"c-2", "10:00"}}), texts);
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = text.find("\r\n", from);
    RC_ASSERT(to != std::string::npos);
    const std::string line = text.substr(from, to - from);
    RC_ASSERT(line.size() <= 75u);
    RC_ASSERT(line.find('\n') == std::string::npos && line.find('\r') == std::string::npos);
    RC_ASSERT(IsUtf8(line));
    from = to + 2;
  }
  const auto events = ReadBack(text);
  RC_ASSERT(events.size() == 2u);
  RC_ASSERT(WithoutBlanksAtTheEnd(events[0].summary) == WithoutBlanksAtTheEnd("visit: " + Plain(name)));
  RC_ASSERT(events[1].summary == "visit: Plain");
}

TEST(PlanCalendar, AThousandCharactersComeBack) {
  NamedTexts texts;
  std::string name;
  for (int i = 0; i < 250; ++i) name += "あ,😀\\";
  texts.names = {{"c-1", name}};
  EXPECT_EQ(ReadBack(Calendar(MondayOf({{"c-1", "09:00"}}), texts)).at(0).summary, "visit: " + name);
}

}  // namespace
}  // namespace rapport
