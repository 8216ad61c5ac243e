// Floor 8, inside. Guesses about a file nobody described: how it is written and what stands in its columns.
#ifndef RAPPORT_SRC_ENGINE_INSPECT_COLUMNS_HPP_
#define RAPPORT_SRC_ENGINE_INSPECT_COLUMNS_HPP_

#include <string>
#include <string_view>
#include <vector>

#include "engine/delimited.hpp"

namespace rapport {

inline constexpr std::int64_t kInspectedRows = 2000;

// From the byte order mark, else UTF-8 where the bytes are, else by which letters they would make.
TextEncoding GuessEncoding(std::string_view bytes);

struct DelimitedGuess {
  std::string delimiter;                // one character or "spaces"
  char quote = '"';
  bool header = true;
  std::vector<std::string> columns;
  DelimitedRows rows;                   // without the header, at most kInspectedRows
};
DelimitedGuess GuessDelimited(std::string_view text, std::string_view path);

enum class ColumnKind { kEmpty, kId, kDate, kNumber, kCurrency, kMail, kPhone, kBoolean, kText };
std::string_view NameOfKind(ColumnKind kind);

struct ColumnGuess {
  std::string name;
  ColumnKind kind = ColumnKind::kText;
  std::vector<std::string> forms;       // of a date, the commonest first
  char decimal = '.';                   // of a number
  std::string group;
  bool distinct = false;                // no value stands twice
  bool mangled = false;
  bool day_or_month = false;            // either could come first
  std::vector<std::string> examples;    // up to three different ones
};
ColumnGuess GuessColumn(const std::string& name, const std::vector<DelimitedRow>& rows, std::size_t column);

// Whether one of the words stands in the name, in any case.
bool NameHolds(std::string_view name, std::initializer_list<std::string_view> words);

// InspectFile of bytes that were read already.
absl::StatusOr<Json> InspectBytes(std::string_view bytes, std::string_view path, const ZoneRules& zones);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_INSPECT_COLUMNS_HPP_
