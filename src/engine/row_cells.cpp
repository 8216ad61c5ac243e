// Cells of a row, read as a mapping says.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/mapping.hpp"
#include "rapport/core/hash.hpp"

namespace rapport {
namespace {

constexpr std::string_view kBlanks[] = {" ", "\t", "\r", "\n", "\xC2\xA0", "\xE3\x80\x80"};   // with the no-break and the ideographic space

std::string_view Trimmed(std::string_view text) {
  for (bool cut = true; cut;) {
    cut = false;
    for (const std::string_view blank : kBlanks) {
      if (text.starts_with(blank)) text.remove_prefix(blank.size()), cut = true;
      if (text.ends_with(blank)) text.remove_suffix(blank.size()), cut = true;
    }
  }
  return text;
}

std::string Cleaned(const MappedCell& cell, std::string_view text) {
  if (cell.trim) text = Trimmed(text);
  if (!cell.strip_prefix.empty() && text.starts_with(cell.strip_prefix)) text.remove_prefix(cell.strip_prefix.size());
  const bool none = std::find(cell.null_words.begin(), cell.null_words.end(), text) != cell.null_words.end();
  return none ? std::string() : std::string(text);
}

absl::Status Unfit(const std::string& column, const std::string& text, std::string_view expected) {
  return Invalid("import.invalid_field", absl::StrCat("field ", column, ": found \"", text, "\", expected ", ToAbsl(expected)));
}

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

// Digits in groups: the last of three, those before it of two or three, the first of one to three.
std::optional<std::string> Ungrouped(std::string_view text, std::string_view group) {
  if (group.empty() || text.find(group) == std::string_view::npos) return AllDigits(text) ? std::optional<std::string>(text) : std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(ToAbsl(text), ToAbsl(group));
  std::string digits;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t least = i == 0 ? 1 : i + 1 == parts.size() ? 3 : 2;
    if (!AllDigits(parts[i]) || parts[i].size() < least || parts[i].size() > 3) return std::nullopt;
    digits += parts[i];
  }
  return digits;
}

absl::StatusOr<Json> ReadNumber(const MappedCell& cell, const std::string& text, const std::string& column) {
  const bool whole_wanted = cell.form == CellForm::kInteger;
  const std::string_view expected = whole_wanted ? "a whole number" : "a number";
  // A plain number keeps what it always took, exponents among it.
  std::string plain = text;
  if (cell.decimal != '.' || !cell.group.empty()) {
    const std::optional<std::string> read = PlainNumber(text, cell.decimal, cell.group);
    if (!read) return Unfit(column, text, expected);
    plain = *read;
  }
  double number = 0;
  const char* end = plain.data() + plain.size();
  const auto [stop, error] = std::from_chars(plain.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) return Unfit(column, text, expected);
  if (cell.absolute) number = std::abs(number);
  number /= cell.divide_by;
  if (whole_wanted && cell.divide_by != 1) number = std::round(number);
  if (whole_wanted && (number != std::trunc(number) || std::abs(number) > 9007199254740992.0)) return Unfit(column, text, expected);
  return Json(number);
}

absl::StatusOr<Json> ReadAmount(const MappedCell& cell, const std::string& text, const std::string& column) {
  std::optional<std::string> plain = PlainNumber(text, cell.decimal, cell.group);
  if (!plain) return Unfit(column, text, "an amount");
  if (cell.absolute && plain->starts_with('-')) plain->erase(0, 1);
  return Json(*std::move(plain));
}

absl::StatusOr<std::optional<Json>> ReadWord(const MappedCell& cell, const std::string& text, const std::string& column) {
  const auto found = cell.words->find(text);
  if (found != cell.words->end()) return found->second.is_null() ? std::optional<Json>() : found->second;
  if (cell.other_words) return cell.other_words->is_null() ? std::optional<Json>() : cell.other_words;
  std::string expected;
  for (const auto& [word, value] : *cell.words) absl::StrAppend(&expected, expected.empty() ? "" : ", ", word);
  return Invalid("import.unknown_word", absl::StrCat("field ", column, ": found \"", text, "\", expected one of ", expected));
}

// One word for one person, however the address is written; the address itself stays out of the id.
std::string DigestOf(std::string_view text) {
  return ToHex(HashParts({"import.digest", ToStd(absl::AsciiStrToLower(ToAbsl(Trimmed(text))))}), 10);
}

absl::StatusOr<std::optional<Json>> ReadText(const MappedCell& cell, const std::string& text, const std::string& column) {
  if (cell.words) return ReadWord(cell, text, column);
  switch (cell.form) {
    case CellForm::kText:
      return std::optional<Json>(cell.prefix + text);
    case CellForm::kDigest:
      return std::optional<Json>(cell.prefix + DigestOf(text));
    case CellForm::kId:
      if (!LooksMangled(text)) return std::optional<Json>(cell.prefix + text);
      return Invalid("import.mangled_id", absl::StrCat("field ", column, ": found \"", text, "\", expected an id; a spreadsheet has rounded it, export the column as text"));
    case CellForm::kBoolean:
      if (const std::optional<bool> flag = BooleanWord(text)) return std::optional<Json>(*flag);
      return Unfit(column, text, "true or false");
    case CellForm::kDay: case CellForm::kInstant: {
      RAPPORT_ASSIGN_OR_RETURN(const ReadMoment moment, ReadTimeText(cell.time.front(), column, text));
      return std::optional<Json>(cell.form == CellForm::kDay ? FormatDay(moment.day) : FormatInstant(moment.at));
    }
    case CellForm::kAmount: case CellForm::kNumber: case CellForm::kInteger: break;
  }
  RAPPORT_ASSIGN_OR_RETURN(Json number, cell.form == CellForm::kAmount ? ReadAmount(cell, text, column) : ReadNumber(cell, text, column));
  return std::optional<Json>(std::move(number));
}

absl::StatusOr<std::optional<Json>> ReadList(const MappedCell& cell, const std::string& text, const std::string& column) {
  Json::Array list;
  for (const absl::string_view part : absl::StrSplit(ToAbsl(text), ToAbsl(cell.split))) {
    const std::string word(Trimmed(ToStd(part)));
    if (word.empty()) continue;
    RAPPORT_ASSIGN_OR_RETURN(std::optional<Json> read, ReadText(cell, word, column));
    if (read && cell.first) return read;
    if (read) list.push_back(*std::move(read));
  }
  return list.empty() ? std::optional<Json>() : std::optional<Json>(std::move(list));
}

absl::StatusOr<std::optional<Json>> ReadJoin(const MappedCell& cell, const MappedFile& file, const RowPlace& place, std::string_view subject) {
  std::string text;
  for (const MappedCell& part : cell.join) {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Json> read, ReadCell(part, file, place, subject));
    if (!read) continue;
    if (!text.empty()) text += cell.with;
    const std::string* word = read->if_string();
    text += word == nullptr ? read->Canonical() : *word;
  }
  return text.empty() ? std::optional<Json>() : std::optional<Json>(cell.prefix + text);
}

}  // namespace

std::string CellText(const MappedCell& cell, const RowPlace& place) {
  std::string text = Cleaned(cell, (*place.own)[*cell.column]);
  if (!text.empty() || cell.own_row || place.own == place.head) return text;
  return Cleaned(cell, (*place.head)[*cell.column]);
}

absl::StatusOr<std::optional<Json>> ReadCell(const MappedCell& cell, const MappedFile& file, const RowPlace& place, std::string_view subject) {
  if (cell.value.has_value()) return cell.value;
  if (!cell.spread.empty()) {
    const std::vector<double> weights(cell.spread.size(), 1.0);
    return cell.spread[static_cast<std::size_t>(AssignArm("import.spread", subject, weights))];
  }
  std::optional<Json> read;
  if (!cell.column) {
    RAPPORT_ASSIGN_OR_RETURN(read, ReadJoin(cell, file, place, subject));
  } else if (const std::string text = CellText(cell, place); !text.empty()) {
    const std::string& column = file.columns[*cell.column];
    RAPPORT_ASSIGN_OR_RETURN(read, cell.split.empty() ? ReadText(cell, text, column) : ReadList(cell, text, column));
  }
  if (!read && !cell.instead.empty()) return ReadCell(cell.instead.front(), file, place, subject);
  return read;
}

std::optional<bool> BooleanWord(std::string_view text) {
  const std::string word = absl::AsciiStrToLower(ToAbsl(text));
  for (const std::string_view yes : {"true", "1", "yes", "y", "t"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"false", "0", "no", "n", "f"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

std::optional<std::string> PlainNumber(std::string_view text, char decimal, std::string_view group) {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t mark = text.find(decimal);
  std::optional<std::string> plain = Ungrouped(text.substr(0, mark), group);
  if (!plain) return std::nullopt;
  if (mark != std::string_view::npos) {
    std::string_view fraction = text.substr(mark + 1);
    if (!AllDigits(fraction)) return std::nullopt;
    while (fraction.ends_with('0')) fraction.remove_suffix(1);
    if (!fraction.empty()) plain->append(".").append(fraction);
  }
  return minus ? "-" + *plain : *plain;
}

bool LooksMangled(std::string_view text) {
  const std::size_t mark = text.find_first_of("Ee");
  if (mark == std::string_view::npos || mark == 0 || mark + 3 > text.size() || text[mark + 1] != '+') return false;
  const std::string_view digits = text.substr(0, mark);
  const bool mantissa = AllDigits(digits.substr(0, 1)) &&
                        (digits.size() == 1 || ((digits[1] == '.' || digits[1] == ',') && AllDigits(digits.substr(2))));
  return mantissa && AllDigits(text.substr(mark + 2));
}

}  // namespace rapport
