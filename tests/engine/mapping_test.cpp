// Every key of a mapping, and every way it or a row can be wrong.
#include <gtest/gtest.h>

#include "engine/delimited.hpp"
#include "rapport/engine.hpp"

namespace rapport {
namespace {

constexpr std::string_view kTime = R"("time":{"column":"t","form":"%Y-%m-%d"})";

// A mapping without "columns": `top` beside the usual members, one touch with `event` members and `data`.
std::string Document(std::string_view event, std::string_view data, std::string_view top = "", std::string_view time = kTime) {
  std::string text = R"({"rapport_mapping":1,"source":"s","format":"delimited","zone":"Asia/Tokyo",)";
  text.append(top).append(R"("events":[{"type":"touch","subject":{"value":"c-1"},)").append(time).append(",").append(event);
  return text.append(R"("data":{"channel":{"value":"call"},"direction":{"value":"outbound"},)").append(data).append("}}]}");
}

// A mapping of one cell, read into `note`.
std::string NoteOf(std::string_view cell, std::string_view top = "") { return Document("", std::string(R"("note":)").append(cell), top); }

absl::StatusOr<FileEvents> Read(const std::string& document, std::string_view bytes, std::int64_t max_rejects = 0) {
  const auto mapping = Mapping::Parse(document, ZoneRules::Bundled());
  if (!mapping.ok()) return mapping.status();
  ImportOptions options;
  options.max_rejects = max_rejects;
  return MapText(bytes, "f.csv", *mapping, ZoneRules::Bundled(), options);
}

std::string Row(const std::string& cell) { return "t,x,y\n2026-03-02," + cell + ",\n"; }

// The member of `data` of the only event, as JSON text; "" where it is absent, the token where it failed.
std::string Got(const absl::StatusOr<FileEvents>& file, std::string_view member = "note") {
  if (!file.ok()) return TokenOf(file.status());
  if (file->events.size() != 1) return std::to_string(file->events.size()) + " events";
  const Json event = EncodeEvent(file->events.front());
  const Json* value = event.Find("data")->Find(member);
  return value == nullptr ? "" : value->Canonical();
}
std::string Note(std::string_view cell, const std::string& text) { return Got(Read(NoteOf(cell), Row(text))); }

std::string TimeOf(std::string_view time, const std::string& cell) {
  const auto file = Read(Document("", R"("note":{"value":"n"})", "", std::string(R"("time":)").append(time)), "t,u\n" + cell + ",2026-01-01\n");
  if (!file.ok()) return TokenOf(file.status());
  return FormatStamp(file->events.front().occurred);
}

std::string Token(const std::string& document) { return TokenOf(Mapping::Parse(document, ZoneRules::Bundled()).status()); }

TEST(Mapping_Cell, CleansText) {
  EXPECT_EQ(Note(R"({"column":"x"})", "\" a \""), "\" a \"");
  EXPECT_EQ(Note(R"({"column":"x","trim":true})", "\" a \xC2\xA0\""), "\"a\"");
  EXPECT_EQ(Note(R"({"column":"x","strip_prefix":"'"})", "'02116"), "\"02116\"");
  EXPECT_EQ(Note(R"({"column":"x","null_words":["","N/A"]})", "N/A"), "");
  EXPECT_EQ(Note(R"({"column":"x","null_words":["N/A"],"else":{"value":"none"}})", "N/A"), "\"none\"");
  EXPECT_EQ(Note(R"({"column":"x","prefix":"p-"})", "1"), "\"p-1\"");
  EXPECT_EQ(Note(R"({"column":"x","as":"digest","prefix":"m-"})", "A@Example.org"), Note(R"({"column":"x","as":"digest","prefix":"m-"})", "a@example.org"));
}

TEST(Mapping_Cell, MapsWords) {
  constexpr std::string_view kMap = R"({"column":"x","map":{"Call":"call","Off":null}})";
  EXPECT_EQ(Note(kMap, "Call"), "\"call\"");
  EXPECT_EQ(Note(kMap, "Off"), "");
  EXPECT_EQ(Note(kMap, "Visit"), "import.unknown_word");
  EXPECT_EQ(Note(R"({"column":"x","map":{"Call":"call"},"otherwise":"other"})", "Visit"), "\"other\"");
  EXPECT_EQ(Note(R"({"column":"x","map":{"Call":"call"},"otherwise":null})", "Visit"), "");
}

TEST(Mapping_Cell, SplitsAndJoins) {
  EXPECT_EQ(Note(R"({"column":"x","split":";","first":true})", "; b ;c"), "\"b\"");
  EXPECT_EQ(Note(R"({"column":"x","split":";","first":true})", " ; "), "");
  EXPECT_EQ(Note(R"({"join":[{"column":"x"},{"column":"y"},{"value":"z"}],"with":" "})", "a"), "\"a z\"");
  EXPECT_EQ(Note(R"({"join":[{"column":"y"}],"with":" "})", "a"), "");
  const std::string list = R"({"rapport_mapping":1,"source":"s","format":"delimited","zone":"UTC","events":[{"type":"opportunity.opened",
    "subject":{"value":"c"},"time":{"column":"t","form":"%Y-%m-%d"},"data":{"products":{"column":"x","split":";"}}}]})";
  EXPECT_EQ(Got(Read(list, Row("p-1; p-2;")), "products"), R"(["p-1","p-2"])");
}

TEST(Mapping_Cell, ReadsNumbersAsTheyAreWritten) {
  const auto minutes = [](std::string_view more, const std::string& text) {
    return Got(Read(Document("", std::string(R"("minutes":{"column":"x","as":"integer")").append(more) + "}"), "t;x\n2026-03-02;" + text + "\n"), "minutes");
  };
  const auto with_semicolon = [](std::string_view more, const std::string& text) {
    return Got(Read(Document("", std::string(R"("minutes":{"column":"x","as":"integer")").append(more) + "}", R"("delimiter":";",)"), "t;x\n2026-03-02;" + text + "\n"), "minutes");
  };
  EXPECT_EQ(minutes("", "5"), "import.missing_column") << "a semicolon file read with commas";
  EXPECT_EQ(with_semicolon(R"(,"decimal":",","group":".")", "1.234,00"), "1234");
  EXPECT_EQ(with_semicolon(R"(,"decimal":",","group":".")", "12.50"), "import.invalid_field") << "a point where no group ends";
  EXPECT_EQ(with_semicolon(R"(,"group":",")", "12,34,567"), "1234567");
  EXPECT_EQ(with_semicolon(R"(,"divide_by":60)", "410"), "7");
  EXPECT_EQ(with_semicolon(R"(,"absolute":true)", "-3"), "3");
  EXPECT_EQ(with_semicolon("", "1.5"), "import.invalid_field");
  EXPECT_EQ(PlainNumber("+1'234.50", '.', "'"), "1234.5");
  EXPECT_EQ(PlainNumber("-0,00", ',', ""), "-0");
  EXPECT_EQ(PlainNumber("1..2", '.', ""), std::nullopt);
  EXPECT_EQ(PlainNumber("", '.', ""), std::nullopt);
}

TEST(Mapping_Cell, ReadsAmountsDaysAndBooleans) {
  const std::string order = R"({"rapport_mapping":1,"source":"s","format":"delimited","delimiter":";","zone":"UTC","events":[{"type":"purchase.placed",
    "subject":{"value":"c"},"time":{"column":"t","form":"%d.%m.%Y"},"data":{"currency":{"value":"JPY"},"expected_delivery":{"column":"d","as":"day","form":"epoch_milliseconds"},
    "lines":[{"amount":{"column":"x","as":"amount","decimal":",","group":"."}}]}}]})";
  const auto file = Read(order, "t;x;d\n02.03.2026;19.800,00;1772409600000\n");
  EXPECT_EQ(Got(file, "lines"), R"([{"amount":"19800"}])");
  EXPECT_EQ(Got(file, "expected_delivery"), "\"2026-03-02\"");
  EXPECT_EQ(Got(Read(order, "t;x;d\n02.03.2026;12 EUR;\n")), "import.invalid_field");
  const std::string met = Document("", R"("objective_met":{"column":"x","as":"boolean"},"start":{"column":"y","as":"instant","form":"rfc3339"})");
  EXPECT_EQ(Got(Read(met, Row("TRUE")), "objective_met"), "true");
  EXPECT_EQ(Got(Read(met, Row("no")), "objective_met"), "false");
  EXPECT_EQ(Got(Read(met, Row("maybe")), "objective_met"), "import.invalid_field");
  EXPECT_EQ(Got(Read(met, "t,x,y\n2026-03-02,,2026-03-02T09:00:00+09:00\n"), "start"), "\"2026-03-02T00:00:00Z\"");
}

TEST(Mapping_Cell, RefusesWhatASpreadsheetMadeOfAnId) {
  EXPECT_EQ(Note(R"({"column":"x"})", "1.23E+05"), "\"1.23E+05\"") << "a note may say so";
  EXPECT_EQ(Note(R"({"column":"x","as":"id"})", "1.23E+05"), "import.mangled_id");
  const std::string document = Document(R"("id":{"column":"x","prefix":"o-"},)", R"("contact":{"column":"y"})");
  EXPECT_EQ(Got(Read(document, Row("1,2E+11"))), "import.row_width");
  EXPECT_EQ(Got(Read(document, Row("\"1,2E+11\""))), "import.mangled_id");
  EXPECT_EQ(Got(Read(document, "t,x,y\n2026-03-02,1,5E+15\n")), "import.mangled_id") << "ids in data too";
  for (const std::string_view fine : {"E+05", "12E+5x", "1.2E5", "AB1.2E+05", "1.2.3E+05", "12.3E+05"}) EXPECT_FALSE(LooksMangled(fine)) << fine;
}

TEST(Mapping_Time, HasManyForms) {
  EXPECT_EQ(TimeOf(R"({"column":"t","form":"epoch_seconds"})", "1772409600"), "2026-03-02T09:00:00+09:00");
  EXPECT_EQ(TimeOf(R"({"column":"t","form":"epoch_milliseconds"})", "1772409600500"), "2026-03-02T09:00:00.500+09:00");
  EXPECT_EQ(TimeOf(R"({"column":"t","form":"rfc3339"})", "2026-03-02T00:00:00Z"), "2026-03-02T09:00:00+09:00");
  EXPECT_EQ(TimeOf(R"({"column":"t","form":"excel_serial"})", "46083.5"), "2026-03-02T12:00:00+09:00");
  EXPECT_EQ(TimeOf(R"({"column":"t","form":"excel_serial","at":"08:00"})", "46083"), "2026-03-02T08:00:00+09:00");
  EXPECT_EQ(TimeOf(R"({"column":"t","form":"%Y-%m-%d"})", "46083"), "import.invalid_time") << "a serial only where said";
  EXPECT_EQ(TimeOf(R"({"column":"t","form":"%Y-%m-%d %H:%M:%S.%f"})", "2026-03-02 10:15:00.25"), "2026-03-02T10:15:00+09:00");
  EXPECT_EQ(TimeOf(R"({"column":"t","forms":["%Y-%m-%d","epoch_seconds"],"at":"12:00"})", "2026-03-02"), "2026-03-02T12:00:00+09:00");
  EXPECT_EQ(TimeOf(R"({"column":"t","forms":["epoch_seconds","epoch_milliseconds"]})", "1772409600000"), "2026-03-02T09:00:00+09:00") << "no year 58000";
  EXPECT_EQ(TimeOf(R"({"column":"t","form":"%Y-%m-%d %H:%M","zone":"UTC"})", "2026-03-02 10:15"), "2026-03-02T10:15:00Z");
  EXPECT_EQ(TimeOf(R"({"column":"t","form":"%Y-%m-%d","else":{"column":"u","form":"%Y-%m-%d"}})", ""), "2026-01-01T00:00:00+09:00");
  EXPECT_EQ(TimeOf(R"({"value":"2000-01-01T00:00:00Z"})", "x"), "2000-01-01T09:00:00+09:00");
  EXPECT_EQ(TimeOf(R"({"column":"t","form":"epoch_seconds"})", "1.7E+9"), "import.invalid_time");
}

TEST(Mapping_Time, ADateAloneIsNeverShifted) {
  constexpr std::string_view kDate = R"({"column":"t","forms":["rfc3339","%Y-%m-%dT%H:%M:%S%z","%Y-%m-%d %H:%M:%S"],"date_only":true,"at":"12:00","zone":"America/New_York"})";
  EXPECT_EQ(TimeOf(kDate, "2026-03-02T00:00:00.000Z"), "2026-03-02T12:00:00-05:00") << "midnight UTC is the evening before in New York";
  EXPECT_EQ(TimeOf(kDate, "2026-03-02T00:00:00+0000"), "2026-03-02T12:00:00-05:00");
  EXPECT_EQ(TimeOf(kDate, "2026-03-02T23:30:00-1100"), "2026-03-02T12:00:00-05:00");
  EXPECT_EQ(TimeOf(kDate, "2026-03-02 00:00:00"), "2026-03-02T12:00:00-05:00");
}

TEST(Mapping_File, IsReadInItsEncoding) {
  const auto note = [](std::string_view encoding, std::string_view text) {
    return Got(Read(NoteOf(R"({"column":"x"})", std::string(R"("encoding":")").append(encoding) + "\","), "t,x\n2026-03-02," + std::string(text) + "\n"));
  };
  EXPECT_EQ(note("latin-1", "M\xFCller"), "\"Müller\"");
  EXPECT_EQ(note("windows-1252", "\x80 5"), "\"€ 5\"");
  EXPECT_EQ(note("shift_jis", "\x93\x8C\x8B\x9E"), "\"東京\"");
  EXPECT_EQ(note("euc-kr", "\xBC\xAD\xBF\xEF"), "\"서울\"");
  EXPECT_EQ(note("gb18030", "\xB1\xB1\xBE\xA9"), "\"北京\"");
  EXPECT_EQ(note("utf-16", "x"), "import.encoding") << "no byte order mark";
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("t,x\n2026-03-02,a\n")) wide += c, wide += '\0';
  EXPECT_EQ(Got(Read(NoteOf(R"({"column":"x"})", R"("encoding":"utf-16",)"), wide)), "\"a\"");
  EXPECT_EQ(Got(Read(NoteOf(R"({"column":"x"})"), wide)), "import.encoding") << "UTF-16 taken for UTF-8";
  EXPECT_EQ(Got(Read(NoteOf(R"({"column":"x"})"), "\xEF\xBB\xBFt,x\n2026-03-02,a\n")), "\"a\"") << "the mark is no part of a name";
  const absl::Status broken = Read(NoteOf(R"({"column":"x"})"), "t,x\n2026-03-02,a\n2026-03-02,M\xFCller\n").status();
  EXPECT_EQ(TokenOf(broken), "import.encoding");
  EXPECT_NE(broken.message().find("line 3"), absl::string_view::npos) << broken;
  EXPECT_NE(Read(NoteOf(R"({"column":"x"})", R"("encoding":"windows-1252",)"), "t,x\n2026-03-02,\x81\n").status().message().find("line 2"), absl::string_view::npos);
}

TEST(Mapping_File, HasQuotesOrNone) {
  EXPECT_EQ(Got(Read(NoteOf(R"({"column":"x"})", R"("quote":"'",)"), "t,x\n2026-03-02,'a, b'\n")), "\"a, b\"");
  EXPECT_EQ(Got(Read(NoteOf(R"({"column":"x"})", R"("quote":"",)"), "t,x\n2026-03-02,5\" pipe\n")), R"("5\" pipe")");
  EXPECT_EQ(Got(Read(NoteOf(R"({"column":"x"})"), "t,x\n2026-03-02,5\" pipe\n")), "import.invalid_row");
  EXPECT_EQ(Got(Read(NoteOf(R"({"column":"x"})"), "t,x\r\n2026-03-02,\"two\nlines\"\r\n")), R"("two\nlines")");
}

TEST(Mapping_File, LeavesBlankRowsOut) {
  const auto file = Read(NoteOf(R"({"column":"x"})"), "t,x\n2026-03-02,a\n,\n\n2026-03-02,b\n , \n,\n,\n");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->rows, 2);
  EXPECT_EQ(file->blank_rows, 5);
  const auto wrong = Read(NoteOf(R"({"column":"x"})"), "t,x\n\n,\n\"2026-\n03\",b\n");
  EXPECT_NE(wrong.status().message().find("line 4"), absl::string_view::npos) << wrong.status();
}

TEST(Mapping_File, TakesNamesFromTheHeader) {
  EXPECT_EQ(Got(Read(NoteOf(R"({"column":"x"})"), "other,x,t\n1,a,2026-03-02\n")), "\"a\"");
  const absl::Status missing = Read(NoteOf(R"({"column":"x"})"), "t,name,mail\n2026-03-02,a,b\n").status();
  EXPECT_EQ(TokenOf(missing), "import.missing_column");
  EXPECT_NE(missing.message().find("t, name, mail"), absl::string_view::npos) << missing;
  EXPECT_EQ(Got(Read(NoteOf(R"({"column":"x"})", R"("optional_columns":["x"],)"), "t\n2026-03-02\n")), "");
  EXPECT_EQ(Got(Read(NoteOf(R"({"column":"x"})"), "t,x,x\n2026-03-02,a,b\n")), "import.header");
  EXPECT_EQ(Got(Read(NoteOf(R"({"column":"x"})"), "")), "import.header");
  const auto one = Read(NoteOf(R"({"column":"x"})"), "t,x\n2026-03-02,a\n"), two = Read(NoteOf(R"({"column":"x"})"), "z,x,t\n9,a,2026-03-02\n");
  EXPECT_EQ(one->events.front().key.id, two->events.front().key.id) << "the id of a row does not rest on columns nobody uses";
}

TEST(Mapping_Event, IsMadeWhereTheConditionHolds) {
  const auto count = [](std::string_view when, const std::string& x, const std::string& y = "") {
    const auto file = Read(Document(std::string(R"("when":)").append(when) + ",", R"("note":{"column":"x"})"), "t,x,y\n2026-03-02," + x + "," + y + "\n");
    return file.ok() ? std::to_string(file->events.size()) : TokenOf(file.status());
  };
  EXPECT_EQ(count(R"({"column":"x","equals":"a"})", "a"), "1");
  EXPECT_EQ(count(R"({"column":"x","equals":"a"})", "A"), "0");
  EXPECT_EQ(count(R"({"column":"x","equals":true})", "TRUE"), "1");
  EXPECT_EQ(count(R"({"column":"x","equals":false})", ""), "0");
  EXPECT_EQ(count(R"({"column":"x","equals":0})", "0.00"), "1");
  EXPECT_EQ(count(R"({"column":"x","equals":0})", "abc"), "0");
  EXPECT_EQ(count(R"({"column":"x","in":["a","b"]})", "b"), "1");
  EXPECT_EQ(count(R"({"column":"x","empty":true})", "\"  \""), "1");
  EXPECT_EQ(count(R"({"column":"x","not_empty":true})", "b"), "1");
  EXPECT_EQ(count(R"({"not":{"column":"x","equals":"a"}})", "a"), "0");
  EXPECT_EQ(count(R"({"all":[{"column":"x","equals":"a"},{"column":"y","equals":"b"}]})", "a", "b"), "1");
  EXPECT_EQ(count(R"({"any":[{"column":"x","equals":"a"},{"column":"y","equals":"b"}]})", "c", "b"), "1");
  EXPECT_EQ(count(R"({"any":[{"column":"x","equals":"a"},{"column":"y","equals":"b"}]})", "c", "d"), "0");
}

constexpr char kGrouped[] = R"({"rapport_mapping":1,"source":"s","format":"delimited","zone":"UTC","group_by":"o","events":[
  {"type":"purchase.placed","subject":{"column":"c"},"id":{"column":"o"},"time":{"column":"t","form":"%Y-%m-%d"},
   "data":{"currency":{"value":"EUR"},"lines":[{"each_row":{"product":{"column":"p","own_row":true},"quantity":{"column":"q","as":"number"}},"when":{"column":"q","not_empty":true}}]}}]})";

TEST(Mapping_Group, PutsRowsTogetherWhereverTheyStand) {
  const auto file = Read(kGrouped, "o,c,t,p,q\n1,c-1,2026-03-02,a,2\n2,c-2,2026-03-03,b,1\n1,,,,3\n,,,d,4\n");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->events.size(), 2u);
  EXPECT_EQ(EncodeEvent(file->events[0]).Find("data")->Find("lines")->Canonical(), R"([{"product":"a","quantity":2},{"quantity":3},{"product":"d","quantity":4}])")
      << "a row without a key goes on with the record above; own_row leaves the first row's product to the first row";
  EXPECT_EQ(EncodeEvent(file->events[1]).Find("data")->Find("lines")->Canonical(), R"([{"product":"b","quantity":1}])");
  EXPECT_EQ(file->rows, 4);
  EXPECT_EQ(Got(Read(kGrouped, "o,c,t,p,q\n,c-1,2026-03-02,a,2\n")), "import.missing_group");
}

TEST(Mapping_Group, RefusesTheWholeRecord) {
  const auto file = Read(kGrouped, "o,c,t,p,q\n1,c-1,2026-03-02,a,2\n2,c-2,2026-03-03,b,1\n1,,,d,many\n", 1);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->events.size(), 1u);
  ASSERT_EQ(file->rejected.size(), 1u);
  EXPECT_EQ(file->rejected[0].line, 2) << "the record's first row";
  EXPECT_EQ(file->rejected[0].token, "import.invalid_field");
}

TEST(Mapping_Event, IsTakenBackWhereTheRowSaysSo) {
  constexpr std::string_view kRetract = R"("id":{"column":"x","prefix":"t-"},"retract_when":{"column":"y","equals":true},)";
  const auto file = Read(Document(kRetract, R"("note":{"column":"x"})"), "t,x,y\n2026-03-02,1,false\n2026-03-03,2,true\n");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->events.size(), 2u);
  EXPECT_EQ(file->events[1].type(), "event.retracted");
  EXPECT_EQ(file->events[1].key.id, "t-2/retracted");
  EXPECT_EQ(file->events[1].subject.text(), "c-1");
  EXPECT_EQ(file->events[1].As<EventRetracted>()->target_id, "t-2");
  EXPECT_EQ(file->events[1].As<EventRetracted>()->target_source, "s");
  const std::string timed = std::string(kRetract) + R"("retract_time":{"column":"z","form":"%Y-%m-%d"},)";
  const auto later = Read(Document(timed, R"("note":{"column":"x"})"), "t,x,y,z\n2026-03-02,1,1,2026-03-05\n");
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(FormatStamp(later->events[0].occurred), "2026-03-05T00:00:00+09:00");
}

TEST(Mapping_Knowledge, IsAssumedUnlessTheMappingSaysWhen) {
  EXPECT_TRUE(Mapping::Parse(NoteOf(R"({"column":"x"})"), ZoneRules::Bundled())->assumes_knowledge());
  EXPECT_FALSE(Mapping::Parse(Document(R"("recordedtime":{"column":"y","form":"%Y-%m-%d"},)", R"("note":{"column":"x"})"), ZoneRules::Bundled())->assumes_knowledge());
}

TEST(Mapping_Rows, FromMemoryAreReadLikeAFile) {
  const auto mapping = Mapping::Parse(NoteOf(R"({"column":"x"})"), ZoneRules::Bundled());
  const auto file = MapRows({"x", "t"}, {{"a", "2026-03-02"}, {"", ""}, {"b", "2026-03-03"}}, *mapping, ZoneRules::Bundled(), {});
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->events.size(), 2u);
  EXPECT_EQ(file->blank_rows, 1);
  EXPECT_EQ(file->events[0].key.id, Read(NoteOf(R"({"column":"x"})"), "t,x\n2026-03-02,a\n")->events[0].key.id);
  const absl::Status wrong = MapRows({"x", "t"}, {{"a", "2026-03-02"}, {"b", "soon"}}, *mapping, ZoneRules::Bundled(), {}).status();
  EXPECT_NE(wrong.message().find("rows, row 2"), absl::string_view::npos) << wrong;
  EXPECT_EQ(TokenOf(MapRows({"x", "t"}, {{"a"}}, *mapping, ZoneRules::Bundled(), {}).status()), "import.row_width");
  EXPECT_EQ(TokenOf(MapRows({"x"}, {}, *mapping, ZoneRules::Bundled(), {}).status()), "import.missing_column");
}

struct Wrong {
  std::string token;
  std::string event;
  std::string data;
  std::string top = "";
  std::string time = std::string(kTime);
};

TEST(Mapping_Parse, NamesWhatIsWrong) {
  const std::string note = R"("note":{"column":"x"})";
  const std::vector<Wrong> cases{
      {"mapping.invalid_form", "", note, R"("encoding":"koi8-r",)"},
      {"mapping.invalid_form", "", note, R"("quote":",",)"},
      {"mapping.invalid_form", "", note, R"("quote":"''",)"},
      {"mapping.invalid_form", "", note, R"("delimiter":"",)"},
      {"mapping.missing_key", "", note, R"("header":false,)"},
      {"mapping.wrong_type", "", note, R"("columns":["t","t"],)"},
      {"mapping.unknown_column", "", note, R"("columns":["t","y"],)"},
      {"mapping.invalid_form", "", note, R"("columns":["t","x"],"optional_columns":["x"],)"},
      {"mapping.wrong_type", "", note, R"("optional_columns":"x",)"},
      {"mapping.wrong_type", "", note, R"("description":5,)"},
      {"mapping.wrong_type", "", note, R"("notes":5,)"},
      {"mapping.unknown_key", "", note, R"("note":"x",)"},
      {"mapping.missing_key", "", note, R"("group_head":{"column":"x","equals":"a"},)"},
      {"mapping.invalid_form", R"("each_row":true,)", note},
      {"mapping.invalid_form", "", R"("note":{"each_row":{"column":"x"}})", R"("group_by":"o",)"},
      {"mapping.invalid_form", "", R"("note":[{"each_row":{"column":"x"}}])"},
      {"mapping.invalid_form", "", R"("note":{"column":"x","as":"word"})"},
      {"mapping.invalid_form", "", R"("note":{"column":"x","decimal":","})"},
      {"mapping.invalid_form", "", R"("note":{"column":"x","as":"number","decimal":";"})"},
      {"mapping.invalid_form", "", R"("note":{"column":"x","as":"number","group":"."})"},
      {"mapping.invalid_form", "", R"("note":{"column":"x","as":"number","divide_by":0})"},
      {"mapping.invalid_form", "", R"("note":{"column":"x","as":"amount","divide_by":2})"},
      {"mapping.invalid_form", "", R"("note":{"column":"x","as":"number","prefix":"a"})"},
      {"mapping.wrong_type", "", R"("note":{"column":"x","map":{}})"},
      {"mapping.wrong_type", "", R"("note":{"column":"x","map":{"a":"b"},"as":"number"})"},
      {"mapping.missing_key", "", R"("note":{"column":"x","otherwise":"b"})"},
      {"mapping.wrong_type", "", R"("note":{"column":"x","null_words":"N/A"})"},
      {"mapping.invalid_form", "", R"("note":{"column":"x","split":""})"},
      {"mapping.missing_key", "", R"("note":{"column":"x","first":true})"},
      {"mapping.wrong_type", "", R"("note":{"join":[],"with":" "})"},
      {"mapping.wrong_type", "", R"("note":{"spread":["a"],"by":"row"})"},
      {"mapping.missing_key", "", R"("note":{"column":"x","as":"day"})"},
      {"mapping.unknown_key", "", R"("note":{"column":"x","trimm":true})"},
      {"mapping.missing_key", R"("retract_when":{"column":"x","equals":true},)", note},
      {"mapping.missing_key", R"("id":{"column":"x"},"retract_time":{"column":"x","form":"%Y"},)", note},
      {"mapping.wrong_type", R"("when":{"column":"x","equals":[]},)", note},
      {"mapping.wrong_type", R"("when":{"column":"x","in":[]},)", note},
      {"mapping.wrong_type", R"("when":{"column":"x","empty":false},)", note},
      {"mapping.missing_key", R"("when":{"column":"x"},)", note},
      {"mapping.wrong_type", R"("when":{"all":[]},)", note},
      {"mapping.unknown_key", R"("when":{"not":{"column":"x","empty":true},"column":"x"},)", note},
      {"mapping.invalid_form", "", note, "", R"("time":{"column":"t","form":"iso"})"},
      {"mapping.wrong_type", "", note, "", R"("time":{"column":"t","forms":[]})"},
      {"mapping.wrong_type", "", note, "", R"("time":{"column":"t","forms":["%Y"],"form":"%Y"})"},
      {"mapping.wrong_type", "", note, "", R"("time":{"column":"t","forms":"%Y"})"},
      {"mapping.invalid_form", "", note, "", R"("time":{"column":"t","form":"epoch_seconds","at":"12:00"})"},
      {"mapping.invalid_form", "", note, "", R"("time":{"column":"t","form":"%z %Y-%m-%d %H","date_only":true})"},
      {"zone.unknown", "", note, "", R"("time":{"column":"t","form":"%Y","zone":"Mars/Base"})"},
      {"mapping.invalid_form", "", note, "", R"("time":{"value":"2026-03-02"})"}};
  for (const Wrong& wrong : cases) {
    const std::string document = Document(wrong.event, wrong.data, wrong.top, wrong.time);
    EXPECT_EQ(Token(document), wrong.token) << document << Mapping::Parse(document, ZoneRules::Bundled()).status();
  }
  EXPECT_EQ(Token(NoteOf(R"({"column":"x"})", R"("description":"d","notes":["n"],)")), "") << "words for people are allowed";
}

TEST(Mapping_Data, MayHaveMembersCalledValueAndColumn) {
  const std::string fact = R"({"rapport_mapping":1,"source":"s","format":"delimited","zone":"UTC","events":[{"type":"fact.learned","subject":{"value":"c"},
    "time":{"column":"t","form":"%Y-%m-%d"},"data":{"facet":{"value":"hobby"},"value":{"column":"x"}}}]})";
  EXPECT_EQ(Got(Read(fact, Row("sailing")), "value"), "\"sailing\"");
}

}  // namespace
}  // namespace rapport
