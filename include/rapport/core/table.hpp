// Floor 0. A columnar table: what every face returns.
//
// Named columns of one type each, with a validity mark per row (a missing value is null, never NaN). The C border
// turns a Table into an Arrow C stream or NDJSON without looking into it.
#ifndef RAPPORT_CORE_TABLE_HPP_
#define RAPPORT_CORE_TABLE_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/time.hpp"

namespace rapport {

enum class ColumnType { kBool, kInteger, kNumber, kText, kDay, kInstant };
std::string_view ColumnTypeName(ColumnType type);  // "bool", "integer", "number", "text", "day", "instant"

// One value of a table or a signal. monostate is null.
using Cell = std::variant<std::monostate, bool, std::int64_t, double, std::string, Day, Instant>;

// As JSON: days and instants as ISO text; null for monostate.
Json CellToJson(const Cell& cell);
// An integer or a number as a number; null of whatever is none.
std::optional<double> NumberOf(const Cell& cell);

class Column {
 public:
  Column(std::string name, ColumnType type) : name_(std::move(name)), type_(type) {}
  const std::string& name() const { return name_; }
  ColumnType type() const { return type_; }
  std::size_t size() const { return valid_.size(); }
  bool valid(std::size_t row) const { return valid_[row] != 0; }
  Cell at(std::size_t row) const;
  // The cell's type must be the column's, or null. An integer goes into a kNumber column. Else InvariantBroken.
  void Append(const Cell& cell);

  // Raw columns for the border: bool and integer and instant (micros) and day (days since 1970-01-01) as int64.
  const std::vector<std::uint8_t>& validity() const { return valid_; }
  const std::vector<std::int64_t>& integers() const { return integers_; }
  const std::vector<double>& numbers() const { return numbers_; }
  // Text: offsets (size() + 1) into bytes.
  const std::vector<std::int64_t>& offsets() const { return offsets_; }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string name_;
  ColumnType type_;
  std::vector<std::uint8_t> valid_;
  std::vector<std::int64_t> integers_;
  std::vector<double> numbers_;
  std::vector<std::int64_t> offsets_{0};
  std::string bytes_;
};

class Table {
 public:
  Table() = default;
  explicit Table(std::vector<std::pair<std::string, ColumnType>> columns);

  std::size_t rows() const { return columns_.empty() ? 0 : columns_.front().size(); }
  const std::vector<Column>& columns() const { return columns_; }
  const Column* Find(std::string_view name) const;
  // One cell per column, in order.
  void AppendRow(const std::vector<Cell>& cells);

  Json RowToJson(std::size_t row) const;   // null members are written as null
  std::string ToNdjson() const;            // a canonical object a line; members in RFC 8785 order
  std::string ToCsv() const;               // RFC 4180, header first, CRLF-free ("\n"), null as empty

 private:
  std::vector<Column> columns_;
};

}  // namespace rapport

#endif  // RAPPORT_CORE_TABLE_HPP_
