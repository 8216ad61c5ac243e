#include "engine/inspect_columns.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/utf8.hpp"
#include "rapport/core/ids.hpp"
#include "rapport/core/money.hpp"

namespace rapport {
namespace {

bool IsHigh(char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; }

// Accented letters and typographic marks of a one-byte encoding stand alone among ASCII; those of two bytes stand in pairs.
bool LooksLikeOneByte(std::string_view bytes) {
  std::size_t high = 0, alone = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (!IsHigh(bytes[i])) continue;
    ++high;
    const bool pair = (i > 0 && IsHigh(bytes[i - 1])) || (i + 1 < bytes.size() && IsHigh(bytes[i + 1]));
    const auto byte = static_cast<unsigned char>(bytes[i]);
    alone += !pair && (byte >= 0xA0 || byte == 0x80 || (byte >= 0x91 && byte <= 0x97)) ? 1 : 0;
  }
  return alone * 10 >= high * 6;
}

// How much of what is beyond ASCII is of the script that the encoding is used for.
double ScriptShare(std::string_view text, TextEncoding encoding) {
  double sum = 0, all = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = NextPoint(text, at);
    if (point < 0x80) continue;
    ++all;
    const bool kana = point >= 0x3040 && point <= 0x30FF, han = point >= 0x4E00 && point <= 0x9FFF, hangul = point >= 0xAC00 && point <= 0xD7A3;
    if (encoding == TextEncoding::kShiftJis) sum += kana ? 1.5 : han ? 0.9 : 0.1;
    // Korean is written in Hangul; Chinese read as Korean is Hangul and Han mixed.
    if (encoding == TextEncoding::kEucKr) sum += hangul ? 1.2 : han ? -0.5 : 0.1;
    if (encoding == TextEncoding::kGb18030) sum += han ? 1.0 : kana || hangul ? 0.5 : 0.1;
  }
  return all == 0 ? 0 : sum / all;
}

std::string Trimmed(std::string_view text) { return std::string(ToStd(absl::StripAsciiWhitespace(ToAbsl(text)))); }

bool LooksLikeMail(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('@', at + 1) == std::string_view::npos && text.find(' ') == std::string_view::npos &&
         text.find('.', at) != std::string_view::npos;
}

bool LooksLikePhone(std::string_view text) {
  std::size_t digits = 0;
  if (text.starts_with('\'')) text.remove_prefix(1);
  for (const char c : text) {
    if (c >= '0' && c <= '9') ++digits;
    else if (std::string_view(" +-()./").find(c) == std::string_view::npos) return false;
  }
  return digits >= 7 && digits <= 15 && (text.starts_with('+') || text.starts_with('0') || text.starts_with('('));
}

bool LooksLikeNumber(std::string_view text) { return PlainNumber(text, '.', ",") || PlainNumber(text, ',', ".") || LooksMangled(text); }

constexpr std::array<std::string_view, 18> kDateForms{
    "%Y-%m-%d", "rfc3339", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S", "%Y%m%d",
    "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y/%m/%d %H:%M"};

// The forms that read at least one value, the most useful first; times without a zone are read as UTC, which shows the form as well.
std::vector<std::pair<std::size_t, std::string>> FormsThatRead(const std::string& name, const std::vector<std::string>& values) {
  static const Json kNone{Json::Object()};
  const JsonReader in(kNone, "form");
  std::vector<std::string_view> forms(kDateForms.begin(), kDateForms.end());
  const bool named = NameHolds(name, {"date", "time", "day", "_at", " at", "stamp", "datum", "created", "closed"});
  if (named) forms.insert(forms.end(), {"epoch_milliseconds", "epoch_seconds", "excel_serial"});
  MappedTime time;
  time.zone = &ZoneRules::Bundled().Utc();
  std::vector<std::pair<std::size_t, std::string>> out;
  for (const std::string_view said : forms) {
    const absl::StatusOr<TimeForm> form = CompileTimeForm(in, "form", std::string(said));
    if (!form.ok()) continue;
    std::size_t count = 0, tried = 0;
    for (const std::string& value : values) {
      if (++tried > 200 && count == 0) break;
      const std::optional<ReadMoment> moment = ReadForm(*form, time, value);
      // Seven digits are no date, and most numbers are some date.
      count += moment && moment->day.year() >= 1990 && moment->day.year() <= 2100 && value.size() >= 5 ? 1 : 0;
    }
    if (count > 0) out.emplace_back(count, said);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  return out;
}

bool ReadsEither(const std::vector<std::pair<std::size_t, std::string>>& forms, std::size_t most) {
  std::size_t first = 0, second = 0;
  for (const auto& [count, form] : forms) {
    if (form.starts_with("%d/%m/") || form.starts_with("%d-%m-")) first = std::max(first, count);
    if (form.starts_with("%m/%d/") || form.starts_with("%m-%d-")) second = std::max(second, count);
  }
  return first == most && second == most;
}

bool GuessDate(const std::vector<std::string>& values, ColumnGuess& out) {
  const auto forms = FormsThatRead(out.name, values);
  std::size_t read = 0;
  for (const auto& [count, form] : forms) {
    // A form adds something if values are left that those before it cannot read.
    if (read >= values.size() || count + read > values.size()) break;
    out.forms.push_back(form);
    read += count;
  }
  if (read * 10 < values.size() * 9) {
    out.forms.clear();
    return false;
  }
  out.day_or_month = ReadsEither(forms, forms.front().first) && forms.front().first * 10 >= values.size() * 9;
  return true;
}

bool GuessNumber(const std::vector<std::string>& values, ColumnGuess& out) {
  for (const std::pair<char, std::string>& marks : {std::pair<char, std::string>{'.', ""}, {',', ""}, {'.', ","}, {',', "."}, {',', " "}, {'.', "'"}}) {
    const bool all = std::all_of(values.begin(), values.end(), [&](const std::string& v) { return PlainNumber(v, marks.first, marks.second).has_value(); });
    if (!all) continue;
    out.decimal = marks.first;
    out.group = marks.second;
    return true;
  }
  return false;
}

template <class Test>
bool Nearly(const std::vector<std::string>& values, Test test) {
  const auto count = std::count_if(values.begin(), values.end(), test);
  return static_cast<std::size_t>(count) * 100 >= values.size() * 95;
}

bool NamedAsId(const std::string& name) {
  return NameHolds(name, {"_id", " id", "-id", "/id", ".id", "number", "nummer", "code", "key", "番号", "번호", "编号"}) || absl::AsciiStrToLower(name) == "id" ||
         (name.size() > 2 && name.ends_with("Id"));
}

ColumnKind GuessKind(const std::vector<std::string>& values, ColumnGuess& out) {
  if (values.empty()) return ColumnKind::kEmpty;
  if (Nearly(values, LooksLikeMail)) return ColumnKind::kMail;
  if (Nearly(values, [](const std::string& v) { return BooleanWord(v).has_value(); })) return ColumnKind::kBoolean;
  if (Nearly(values, [](const std::string& v) { return Currency::Parse(v).ok(); })) return ColumnKind::kCurrency;
  if (out.mangled || NamedAsId(out.name)) return ColumnKind::kId;
  if (GuessDate(values, out)) return ColumnKind::kDate;
  if (NameHolds(out.name, {"phone", "tel", "mobile", "fax", "電話", "전화", "电话"}) || values.front().starts_with('+')) {
    if (Nearly(values, LooksLikePhone)) return ColumnKind::kPhone;
  }
  if (GuessNumber(values, out)) return ColumnKind::kNumber;
  if (Nearly(values, LooksLikePhone)) return ColumnKind::kPhone;
  const bool word = Nearly(values, [](const std::string& v) { return v.find(' ') == std::string::npos && v.size() <= 40; });
  const bool digit = Nearly(values, [](const std::string& v) { return v.find_first_of("0123456789") != std::string::npos; });
  return word && digit ? ColumnKind::kId : ColumnKind::kText;
}

// Columns in most rows, times how many rows have so many: what a delimiter is good for.
double Evenness(const DelimitedRows& rows) {
  std::map<std::size_t, std::size_t> widths;
  for (const DelimitedRow& row : rows.rows) ++widths[row.fields.size()];
  double best = 0;
  for (const auto& [width, count] : widths) {
    if (width > 1) best = std::max(best, static_cast<double>(count * count) / static_cast<double>(rows.rows.size()) * static_cast<double>(std::min<std::size_t>(width, 4)));
  }
  return best;
}

// Names are never numbers, dates or addresses, and each stands once.
bool LooksLikeHeader(const Cells& cells) {
  std::set<std::string> seen;
  return std::all_of(cells.begin(), cells.end(), [&](const std::string& cell) {
    const std::string text = Trimmed(cell);
    return !text.empty() && seen.insert(text).second && !LooksLikeNumber(text) && !LooksLikeMail(text) && FormsThatRead("", {text}).empty();
  });
}

}  // namespace

bool NameHolds(std::string_view name, std::initializer_list<std::string_view> words) {
  const std::string lower = absl::AsciiStrToLower(ToAbsl(name));
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

std::string_view NameOfKind(ColumnKind kind) {
  constexpr std::array<std::string_view, 9> kNames{"empty", "id", "date", "number", "currency", "mail", "phone", "boolean", "text"};
  return kNames[static_cast<std::size_t>(kind)];
}

TextEncoding GuessEncoding(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return TextEncoding::kUtf16;
  if (IsUtf8(bytes)) return TextEncoding::kUtf8;
  const TextEncoding one_byte = ToUtf8(bytes, TextEncoding::kWindows1252, "").ok() ? TextEncoding::kWindows1252 : TextEncoding::kLatin1;
  if (LooksLikeOneByte(bytes)) return one_byte;
  TextEncoding best = one_byte;
  double most = 0.5;
  for (const TextEncoding encoding : {TextEncoding::kShiftJis, TextEncoding::kEucKr, TextEncoding::kGb18030}) {
    const absl::StatusOr<std::string> text = ToUtf8(bytes, encoding, "");
    const double share = text.ok() ? ScriptShare(*text, encoding) : 0;
    if (share > most) best = encoding, most = share;
  }
  return best;
}

DelimitedGuess GuessDelimited(std::string_view text, std::string_view path) {
  DelimitedGuess best;
  double most = 0;
  for (const char quote : {'"', '\0'}) {
    for (const char delimiter : {',', ';', '\t', '|'}) {
      absl::StatusOr<DelimitedRows> rows = SplitDelimited(text, delimiter, quote, path, kInspectedRows + 1);
      if (!rows.ok() || Evenness(*rows) <= most) continue;
      most = Evenness(*rows);
      best.delimiter = std::string(1, delimiter);
      best.quote = quote;
      best.rows = *std::move(rows);
    }
    if (most > 0) break;
  }
  if (most == 0) {
    best.rows = SplitOnSpaces(text);
    best.delimiter = "spaces";
    if (Evenness(best.rows) * 2 < static_cast<double>(best.rows.rows.size())) {
      best.delimiter = ",";
      if (absl::StatusOr<DelimitedRows> rows = SplitDelimited(text, ',', '\0', path, kInspectedRows + 1); rows.ok()) best.rows = *std::move(rows);
    }
  }
  std::vector<DelimitedRow>& rows = best.rows.rows;
  if (rows.empty()) return best;
  best.header = LooksLikeHeader(rows.front().fields);
  if (best.header) {
    best.columns = std::move(rows.front().fields);
    rows.erase(rows.begin());
  } else {
    for (std::size_t i = 0; i < rows.front().fields.size(); ++i) best.columns.push_back(absl::StrCat("column_", i + 1));
  }
  if (rows.size() > static_cast<std::size_t>(kInspectedRows)) rows.resize(static_cast<std::size_t>(kInspectedRows));
  return best;
}

ColumnGuess GuessColumn(const std::string& name, const std::vector<DelimitedRow>& rows, std::size_t column) {
  ColumnGuess out;
  out.name = name;
  std::vector<std::string> values;
  std::set<std::string> seen;
  for (const DelimitedRow& row : rows) {
    if (column >= row.fields.size()) continue;
    std::string value = Trimmed(row.fields[column]);
    if (value.empty()) continue;
    if (seen.insert(value).second && out.examples.size() < 3) out.examples.push_back(value);
    out.mangled = out.mangled || LooksMangled(value);
    values.push_back(std::move(value));
  }
  out.distinct = seen.size() == values.size() && !values.empty();
  out.kind = GuessKind(values, out);
  return out;
}

}  // namespace rapport
