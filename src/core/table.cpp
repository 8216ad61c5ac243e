#include "rapport/core/table.hpp"

#include <cmath>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr Day kEpoch(1970, 1, 1);

// RFC 4180: quoted where it must be.
std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted(1, '"');
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted.append(1, '"');
}

std::string CsvText(const Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
  const Json json = CellToJson(cell);
  if (json.is_null()) return {};
  const std::string* text = json.if_string();
  return text != nullptr ? CsvField(*text) : json.Canonical();
}

}  // namespace

std::string_view ColumnTypeName(ColumnType type) {
  static constexpr std::string_view kNames[] = {"bool", "integer", "number", "text", "day", "instant"};
  return kNames[static_cast<std::size_t>(type)];
}

Json CellToJson(const Cell& cell) {
  struct Convert {
    Json operator()(std::monostate) const { return Json(); }
    Json operator()(bool value) const { return Json(value); }
    Json operator()(std::int64_t value) const { return Json(static_cast<double>(value)); }
    Json operator()(double value) const { return Json(value); }
    Json operator()(const std::string& value) const { return Json(value); }
    Json operator()(Day value) const { return Json(FormatDay(value)); }
    Json operator()(Instant value) const { return Json(FormatInstant(value)); }
  };
  return std::visit(Convert{}, cell);
}

std::optional<double> NumberOf(const Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&cell)) return *number;
  return std::nullopt;
}

Cell Column::at(std::size_t row) const {
  if (!valid(row)) return {};
  switch (type_) {
    case ColumnType::kBool:
      return integers_[row] != 0;
    case ColumnType::kInteger:
      return integers_[row];
    case ColumnType::kNumber:
      return numbers_[row];
    case ColumnType::kText: {
      const auto from = static_cast<std::size_t>(offsets_[row]);
      return bytes_.substr(from, static_cast<std::size_t>(offsets_[row + 1]) - from);
    }
    case ColumnType::kDay:
      return kEpoch + integers_[row];
    case ColumnType::kInstant:
      return Instant::FromMicros(integers_[row]);
  }
  return {};
}

void Column::Append(const Cell& cell) {
  const bool null = std::holds_alternative<std::monostate>(cell);
  const auto wrong = [&] {
    RAPPORT_INVARIANT(
        false, "column " + name_ + " of " + std::string(ColumnTypeName(type_)) + " was given another type");
  };
  const auto whole = [&](std::optional<std::int64_t> value) {
    if (!null && !value) wrong();
    integers_.push_back(value.value_or(0));
  };
  switch (type_) {
    case ColumnType::kBool: {
      const bool* truth = std::get_if<bool>(&cell);
      whole(truth != nullptr ? std::optional<std::int64_t>(*truth ? 1 : 0) : std::nullopt);
      break;
    }
    case ColumnType::kInteger: {
      const auto* number = std::get_if<std::int64_t>(&cell);
      whole(number != nullptr ? std::optional<std::int64_t>(*number) : std::nullopt);
      break;
    }
    case ColumnType::kNumber: {
      const double* number = std::get_if<double>(&cell);
      const auto* integer = std::get_if<std::int64_t>(&cell);
      if (!null && number == nullptr && integer == nullptr) wrong();
      const double value = number != nullptr    ? *number
                           : integer != nullptr ? static_cast<double>(*integer)
                                                : 0;
      RAPPORT_INVARIANT(std::isfinite(value), "a missing number is null, never NaN or infinite");
      numbers_.push_back(value);
      break;
    }
    case ColumnType::kText: {
      const std::string* text = std::get_if<std::string>(&cell);
      if (!null && text == nullptr) wrong();
      if (text != nullptr) bytes_ += *text;
      offsets_.push_back(static_cast<std::int64_t>(bytes_.size()));
      break;
    }
    case ColumnType::kDay: {
      const Day* day = std::get_if<Day>(&cell);
      whole(day != nullptr ? std::optional<std::int64_t>(*day - kEpoch) : std::nullopt);
      break;
    }
    case ColumnType::kInstant: {
      const Instant* at = std::get_if<Instant>(&cell);
      whole(at != nullptr ? std::optional<std::int64_t>(at->micros()) : std::nullopt);
      break;
    }
  }
  valid_.push_back(null ? 0 : 1);
}

Table::Table(std::vector<std::pair<std::string, ColumnType>> columns) {
  for (auto& [name, type] : columns) columns_.emplace_back(std::move(name), type);
}

const Column* Table::Find(std::string_view name) const {
  for (const Column& column : columns_) {
    if (column.name() == name) return &column;
  }
  return nullptr;
}

void Table::AppendRow(const std::vector<Cell>& cells) {
  RAPPORT_INVARIANT(cells.size() == columns_.size(), "a row has one cell a column");
  for (std::size_t i = 0; i < cells.size(); ++i) columns_[i].Append(cells[i]);
}

Json Table::RowToJson(std::size_t row) const {
  Json::Object object;
  for (const Column& column : columns_) object.emplace(column.name(), CellToJson(column.at(row)));
  return object;
}

std::string Table::ToNdjson() const {
  std::string text;
  for (std::size_t row = 0; row < rows(); ++row) text.append(RowToJson(row).Canonical()).append(1, '\n');
  return text;
}

std::string Table::ToCsv() const {
  std::string text;
  const auto end_field = [&](std::size_t column) { text += column + 1 < columns_.size() ? ',' : '\n'; };
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    text += CsvField(columns_[i].name());
    end_field(i);
  }
  for (std::size_t row = 0; row < rows(); ++row) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      text += CsvText(columns_[i].at(row));
      end_field(i);
    }
  }
  return text;
}

}  // namespace rapport
