#include <algorithm>
#include <iterator>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/bundled_texts.hpp"
#include "core/utf8.hpp"
#include "rapport/core/sentence.hpp"

namespace rapport {
namespace {

constexpr Language kLanguages[] = {Language::kEnglish, Language::kJapanese, Language::kKorean,
                                   Language::kChinese};
constexpr std::string_view kPlural = "plural:";

// A piece of a pattern: plain text, or {name:form}.
struct Piece {
  std::string text;
  std::string name;  // empty: `text` is plain
  std::string form;
};

absl::Status Malformed(std::string_view pattern, std::string_view expected) {
  return Invalid("message.invalid",
                 absl::StrCat("found \"", std::string(pattern), "\", expected ", std::string(expected)));
}

bool IsForm(std::string_view form) {
  static constexpr std::string_view kForms[] = {"n", "day", "day_month", "weekday", "time", "moment", "money"};
  if (!form.starts_with(kPlural))
    return std::find(std::begin(kForms), std::end(kForms), form) != std::end(kForms);
  return std::count(form.begin(), form.end(), '|') == 1;
}

// "{since:day}" without its braces.
absl::StatusOr<Piece> ReadPlace(std::string_view inside, std::string_view pattern) {
  const std::size_t colon = inside.find(':');
  Piece piece;
  piece.name = inside.substr(0, colon);
  piece.form = colon == std::string_view::npos ? "n" : inside.substr(colon + 1);
  const bool named = !piece.name.empty() && std::all_of(piece.name.begin(), piece.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!named) return Malformed(pattern, "an argument's name of a-z, 0-9 and _ after {");
  if (!IsForm(piece.form)) {
    return Malformed(
        pattern, "one of n, day, day_month, weekday, time, moment, money, plural:one|other after " + piece.name + ":");
  }
  return piece;
}

absl::StatusOr<std::vector<Piece>> Split(std::string_view pattern) {
  std::vector<Piece> pieces(1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{' || pattern.substr(i, 2) == "{{") {
      pieces.back().text += pattern[i];
      if (pattern[i] == '{') ++i;
      continue;
    }
    const std::size_t end = pattern.find('}', i);
    if (end == std::string_view::npos) return Malformed(pattern, "} after {");
    RAPPORT_ASSIGN_OR_RETURN(Piece piece, ReadPlace(pattern.substr(i + 1, end - i - 1), pattern));
    pieces.push_back(std::move(piece));
    pieces.emplace_back();
    i = end;
  }
  return pieces;
}

int WeekdayIndex(Day day) {
  return static_cast<int>(absl::GetWeekday(day));
}  // 0 = Monday

std::string DayText(Day day, Language language, bool with_weekday) {
  static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static constexpr std::string_view kDays[4][7] = {{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
                                                   {"月", "火", "水", "木", "金", "土", "日"},
                                                   {"월", "화", "수", "목", "금", "토", "일"},
                                                   {"周一", "周二", "周三", "周四", "周五", "周六", "周日"}};
  const std::string weekday(kDays[static_cast<std::size_t>(language)][WeekdayIndex(day)]);
  switch (language) {
    case Language::kEnglish: {
      const std::string month(kMonths[day.month() - 1]);
      return absl::StrCat(with_weekday ? weekday + " " : "", day.day(), " ", month);
    }
    case Language::kJapanese:
      return absl::StrCat(day.month(), "月", day.day(), "日", with_weekday ? "(" + weekday + ")" : "");
    case Language::kKorean:
      return absl::StrCat(day.month(), "월 ", day.day(), "일", with_weekday ? "(" + weekday + ")" : "");
    case Language::kChinese:
      return absl::StrCat(day.month(), "月", day.day(), "日", with_weekday ? "（" + weekday + "）" : "");
  }
  return {};
}

std::string WeekdayText(Day day, Language language) {
  static constexpr std::string_view kDays[4][7] = {{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
                                                   {"月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"},
                                                   {"월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"},
                                                   {"星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"}};
  return std::string(kDays[static_cast<std::size_t>(language)][WeekdayIndex(day)]);
}

std::string Grouped(std::string digits) {
  const std::size_t from = digits.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > from + 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

class Speaker {
 public:
  Speaker(const Catalogue& catalogue, Language language, const Texts& texts)
      : catalogue_(catalogue), language_(language), texts_(texts) {}

  // `piece` is a place, `argument` what stands there.
  absl::StatusOr<std::string> Say(const Piece& piece, const SentenceArgument& argument) const {
    if (piece.form.starts_with(kPlural)) return Plural(piece, argument);
    if (const auto* day = std::get_if<Day>(&argument)) return SayDay(piece, *day);
    if (const auto* local = std::get_if<LocalTime>(&argument)) return SayLocal(piece, local->minute);
    if (const auto* money = std::get_if<Money>(&argument)) return SayMoney(piece, *money);
    if (piece.form != "n") return Unsuited(piece);
    if (const auto* whole = std::get_if<std::int64_t>(&argument)) return std::to_string(*whole);
    if (const auto* number = std::get_if<double>(&argument)) return CanonicalNumber(*number);
    if (const auto* text = std::get_if<std::string>(&argument)) return *text;
    if (const auto* name = std::get_if<CustomerName>(&argument))
      return texts_.Customer(name->customer, language_);
    if (const auto* name = std::get_if<ContactName>(&argument)) {
      return texts_.Contact(name->customer, name->contact, language_);
    }
    if (const auto* name = std::get_if<RepName>(&argument)) return texts_.Rep(name->rep, language_);
    if (const auto* text = std::get_if<EventText>(&argument))
      return texts_.Event(text->event, text->field, language_);
    return catalogue_.Word(std::get<MessageRef>(argument).key, language_);
  }

 private:
  static absl::Status Unsuited(const Piece& piece) {
    return Invalid("message.wrong_argument",
                   absl::StrCat("argument \"", piece.name, "\": found one that has no form \"", piece.form,
                                "\", expected another kind"));
  }
  absl::StatusOr<std::string> SayDay(const Piece& piece, Day day) const {
    if (piece.form == "day_month") return DayText(day, language_, false);
    if (piece.form == "day" || piece.form == "n") return DayText(day, language_, true);
    if (piece.form == "weekday") return WeekdayText(day, language_);
    return Unsuited(piece);
  }
  absl::StatusOr<std::string> SayLocal(const Piece& piece, LocalMinute minute) const {
    const std::string clock = FormatMinuteOfDay(minute.hour() * 60 + minute.minute());
    if (piece.form == "time") return clock;
    if (piece.form == "moment" || piece.form == "n")
      return DayText(Day(minute), language_, true) + " " + clock;
    return SayDay(piece, Day(minute));
  }
  static absl::StatusOr<std::string> SayMoney(const Piece& piece, const Money& money) {
    if (piece.form != "money" && piece.form != "n") return Unsuited(piece);
    const std::string amount = Grouped(money.ToDecimal());
    return money.currency().empty() ? amount
                                    : absl::StrCat(std::string(money.currency().code()), " ", amount);
  }
  static absl::StatusOr<std::string> Plural(const Piece& piece, const SentenceArgument& argument) {
    const auto* whole = std::get_if<std::int64_t>(&argument);
    const auto* number = std::get_if<double>(&argument);
    if (whole == nullptr && number == nullptr) return Unsuited(piece);
    const bool one = whole != nullptr ? *whole == 1 : *number == 1;
    const std::string forms = piece.form.substr(kPlural.size());
    const std::size_t bar = forms.find('|');
    return one ? forms.substr(0, bar) : forms.substr(bar + 1);
  }
  const Catalogue& catalogue_;
  Language language_;
  const Texts& texts_;
};

// Only for Word: a key without arguments reads no names.
class NoTexts : public Texts {
 public:
  std::string Customer(const CustomerId& id, Language) const override { return id.text(); }
  std::string Contact(const CustomerId&, const ContactId& contact, Language) const override {
    return contact.text();
  }
  std::string Event(const EventKey& event, std::string_view, Language) const override { return event.id; }
};

Catalogue LoadBundled() {
  std::map<std::string, std::string> files;
  for (const Language language : kLanguages) {
    const std::string code(LanguageCode(language));
    files.emplace(code, BundledText("messages/" + code + ".json"));
  }
  absl::StatusOr<Catalogue> catalogue = Catalogue::FromJson(files);
  RAPPORT_INVARIANT(catalogue.ok(), "the bundled messages are valid: " + catalogue.status().ToString());
  return *std::move(catalogue);
}

// East Asian Width W and F (UAX #11), as blocks.
bool IsWide(char32_t point) {
  struct Block {
    char32_t first, last;
  };
  static constexpr Block kBlocks[] = {
      {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},
      {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},
      {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
      {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD}};
  return std::any_of(std::begin(kBlocks), std::end(kBlocks),
                     [point](const Block& block) { return point >= block.first && point <= block.last; });
}

}  // namespace

const Catalogue& Catalogue::Bundled() {
  static const Catalogue catalogue = LoadBundled();
  return catalogue;
}

absl::StatusOr<Catalogue> Catalogue::FromJson(const std::map<std::string, std::string>& files) {
  Catalogue catalogue;
  for (const auto& [code, text] : files) {
    RAPPORT_ASSIGN_OR_RETURN(const Language language, ParseLanguage(code));
    const absl::StatusOr<Json> json = Json::Parse(text);
    if (!json.ok()) return WithContext(json.status(), absl::StrCat("messages ", code));
    const Json::Object* object = json->if_object();
    if (object == nullptr) {
      return Invalid("message.invalid",
                     absl::StrCat("messages ", code, ": found ", std::string(json->KindName()),
                                  ", expected an object of key to pattern"));
    }
    auto& patterns = catalogue.patterns_[language];
    for (const auto& [key, value] : *object) {
      const std::string* pattern = value.if_string();
      const absl::Status split = pattern != nullptr ? Split(*pattern).status()
                                                    : Malformed(value.Canonical(), "a pattern as a string");
      if (!split.ok()) return WithContext(split, absl::StrCat("messages ", code, ", key ", key));
      patterns.emplace(key, *pattern);
    }
  }
  return catalogue;
}

absl::StatusOr<std::string> Catalogue::Say(const Sentence& sentence, Language language,
                                           const Texts& texts) const {
  const std::string where =
      absl::StrCat("messages ", std::string(LanguageCode(language)), ", key ", sentence.key);
  if (!Has(sentence.key, language)) return NotFound("message.missing_key", where + ": found no such key");
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<Piece> pieces, Split(patterns_.at(language).at(sentence.key)));
  const Speaker speaker(*this, language, texts);
  std::string said;
  for (const Piece& piece : pieces) {
    if (piece.name.empty()) {
      said += piece.text;
      continue;
    }
    const auto argument = sentence.arguments.find(piece.name);
    if (argument == sentence.arguments.end()) {
      return Invalid("message.missing_argument",
                     absl::StrCat(where, ": found no argument \"", piece.name, "\""));
    }
    const absl::StatusOr<std::string> text = speaker.Say(piece, argument->second);
    if (!text.ok()) return WithContext(text.status(), where);
    said += *text;
  }
  return said;
}

absl::StatusOr<std::string> Catalogue::Word(std::string_view key, Language language) const {
  return Say(Sentence{std::string(key), {}}, language, NoTexts());
}

bool Catalogue::Has(std::string_view key, Language language) const {
  const auto patterns = patterns_.find(language);
  return patterns != patterns_.end() && patterns->second.contains(std::string(key));
}

std::vector<std::string> Catalogue::Keys(Language language) const {
  std::vector<std::string> keys;
  if (const auto patterns = patterns_.find(language); patterns != patterns_.end()) {
    for (const auto& [key, pattern] : patterns->second) keys.push_back(key);
  }
  return keys;
}

absl::StatusOr<std::vector<std::string>> Catalogue::ArgumentsOf(std::string_view key,
                                                                Language language) const {
  if (!Has(key, language)) {
    return NotFound("message.missing_key", absl::StrCat("messages ", std::string(LanguageCode(language)),
                                                        ", key ", std::string(key), ": found no such key"));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<Piece> pieces,
                           Split(patterns_.at(language).at(std::string(key))));
  std::set<std::string> names;
  for (const Piece& piece : pieces) {
    if (!piece.name.empty()) names.insert(piece.name);
  }
  return std::vector<std::string>(names.begin(), names.end());
}

int DisplayWidth(std::string_view utf8) {
  int width = 0;
  for (std::size_t at = 0; at < utf8.size();) width += IsWide(NextPoint(utf8, at)) ? 2 : 1;
  return width;
}

}  // namespace rapport
