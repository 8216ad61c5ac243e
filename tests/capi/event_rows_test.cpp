// Rows of a table as events on the wire.
#include "event_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rapport/core/status.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport::capi {
namespace {

using testing::HasSubstr;

std::string Made(const std::vector<std::string>& columns, std::vector<Json> row) {
  const absl::StatusOr<Json> event = EventOfRow(columns, std::move(row));
  return event.ok() ? event->Canonical() : TokenOf(event.status()) + ": " + std::string(event.status().message());
}

TEST(EventRows, MakesOneEventOfARow) {
  const std::vector<std::string> columns{"id", "source", "type", "subject", "time", "recordedtime", "rep", "currency", "lines"};
  absl::StatusOr<Json> event = EventOfRow(
      columns, {"o-1", "shop", "purchase.placed", "c-17", "2026-03-02T01:15:00Z", Json(), "r-3", "JPY", R"([{"amount":"19800"}])"});
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(event->Canonical(),
            R"({"data":{"currency":"JPY","lines":[{"amount":"19800"}],"rep":"r-3"},"id":"o-1","source":"shop","specversion":"1.0",)"
            R"("subject":"c-17","time":"2026-03-02T01:15:00Z","type":"purchase.placed"})");
  const absl::StatusOr<Event> decoded = DecodeEvent(*event, {}, "row 1");
  EXPECT_TRUE(decoded.ok()) << decoded.status();
}

TEST(EventRows, TakesDataAsTextOrStruct) {
  const std::string expected = R"({"data":{"a":1},"id":"x","specversion":"1.0"})";
  EXPECT_EQ(Made({"id", "data"}, {"x", Json::Object{{"a", 1}}}), expected);
  EXPECT_EQ(Made({"id", "data"}, {"x", R"({"a": 1})"}), expected);
  EXPECT_EQ(Made({"id", "data.json"}, {"x", R"({"a": 1})"}), expected);
  EXPECT_EQ(Made({"id", "data"}, {"x", Json()}), R"({"id":"x","specversion":"1.0"})");
  EXPECT_EQ(Made({"data", "b"}, {R"({"a":1})", 2}), R"({"data":{"a":1,"b":2},"specversion":"1.0"})");
  EXPECT_THAT(Made({"data"}, {"[1]"}), HasSubstr("event.invalid_field: column \"data\": found an array"));
  EXPECT_THAT(Made({"data"}, {7}), HasSubstr("found a number, expected an object"));
  EXPECT_THAT(Made({"data"}, {"{"}), HasSubstr("json.invalid: column \"data\": line 1"));
}

TEST(EventRows, TakesAWholeEventFromOneColumn) {
  EXPECT_EQ(Made({"event"}, {R"({"id":"x"})"}), R"({"id":"x"})");
  EXPECT_EQ(Made({"event"}, {Json::Object{{"id", "x"}}}), R"({"id":"x"})");
  EXPECT_EQ(Made({"event", "id"}, {"fair", "x"}), R"({"data":{"event":"fair"},"id":"x","specversion":"1.0"})");
  EXPECT_THAT(Made({"event"}, {Json()}), HasSubstr("column \"event\": found null"));
}

TEST(EventRows, TellsFieldsFromTheEventsOwnMembers) {
  EXPECT_EQ(Made({"type", "data.type", "data.rep", "data.lines"}, {"t", "visit", "r", "[1]"}),
            R"({"data":{"lines":[1],"rep":"r","type":"visit"},"specversion":"1.0","type":"t"})");
  EXPECT_THAT(Made({"rep", "data.rep"}, {"a", "b"}), HasSubstr("arrow.duplicate_column: column \"data.rep\": found \"rep\" a second time"));
  EXPECT_THAT(Made({"data", "rep"}, {R"({"rep":"a"})", "b"}), HasSubstr("arrow.duplicate_column: column \"rep\""));
  EXPECT_EQ(Made({"rep", "data.rep"}, {Json(), "b"}), R"({"data":{"rep":"b"},"specversion":"1.0"})");
}

TEST(EventRows, ReadsJsonOnlyWhereAColumnSaysSo) {
  EXPECT_EQ(Made({"absences.json"}, {R"( ["2026-03-02"])"}), R"({"data":{"absences":["2026-03-02"]},"specversion":"1.0"})");
  EXPECT_EQ(Made({"text", "note.json"}, {"[sic]", "plain"}), R"({"data":{"note":"plain","text":"[sic]"},"specversion":"1.0"})");
  EXPECT_THAT(Made({"lines"}, {"[1,"}), HasSubstr("json.invalid: column \"lines\""));
}

TEST(EventRows, KeepsIdsThatAreNumbers) {
  EXPECT_EQ(Made({"id", "source", "subject", "batch"}, {17, 3, 42.0, "9007199254740993"}),
            R"({"batch":"9007199254740993","id":"17","source":"3","specversion":"1.0","subject":"42"})");
  EXPECT_EQ(Made({"specversion", "id"}, {"0.3", 1.5}), R"({"id":1.5,"specversion":"0.3"})");
}

TEST(EventRows, NeedsAZone) {
  for (const char* column : {"time", "recordedtime", "claimedtime"}) {
    for (const char* text : {"2026-03-02T10:15:00", "2026-03-02 10:15:00.5", "2026-03-02"}) {
      const std::string said = Made({column}, {text});
      EXPECT_THAT(said, HasSubstr(std::string("time.invalid: column \"") + column + "\": found \"" + text));
      EXPECT_THAT(said, HasSubstr("a zone is needed"));
    }
  }
  EXPECT_EQ(Made({"time", "due"}, {"2026-03-02T10:15:00+09:00", "2026-03-02"}),
            R"({"data":{"due":"2026-03-02"},"specversion":"1.0","time":"2026-03-02T10:15:00+09:00"})");
  EXPECT_EQ(Made({"time"}, {"soon"}), R"({"specversion":"1.0","time":"soon"})");  // the codec says what is wrong
}

}  // namespace
}  // namespace rapport::capi
