#include "columns.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

#include "arguments.hpp"
#include "face.hpp"

namespace rapport_command {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// One record from `at` on, which moves behind it; `lines` counts those it took.
std::vector<std::string> Record(const std::string& text, char delimiter, size_t& at, size_t& lines) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '"' && at + 1 < text.size() && text[at + 1] == '"') cells.back() += text[at++];
      else if (c == '"') quoted = false;
      else cells.back() += c;
      lines += c == '\n' ? 1 : 0;
    } else if (c == '"' && cells.back().empty()) {
      quoted = true;
    } else if (c == delimiter) {
      cells.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  ++lines;
  return cells;
}

char DelimiterOf(const std::string& text) {
  const std::string header = text.substr(0, text.find('\n'));
  for (const char c : {'\t', ';'}) {
    if (header.find(c) != std::string::npos) return c;
  }
  return ',';
}

std::optional<double> ReadNumber(const std::string& text) {
  if (text.empty()) return kNone;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string CellText(const Column& column, size_t row, const std::string& format) {
  if (!column.texts.empty()) {
    const std::string& text = column.texts[row];
    if (format == "json") return JsonText(text);
    if (format == "table" || text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
  }
  const double value = column.numbers[row];
  if (std::isnan(value)) return format == "json" ? "null" : format == "csv" ? "" : "-";
  if (format != "table") return ShortNumber(value);
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

void PrintLines(const std::vector<Column>& columns, size_t rows, bool json) {
  std::string text;
  for (size_t c = 0; !json && c < columns.size(); ++c) text += (c == 0 ? "" : ",") + columns[c].name;
  if (!json) text += "\n";
  for (size_t row = 0; row < rows; ++row) {
    if (json) text += "{";
    for (size_t c = 0; c < columns.size(); ++c) {
      if (c > 0) text += ",";
      text += json ? JsonText(columns[c].name) + ":" + CellText(columns[c], row, "json") : CellText(columns[c], row, "csv");
    }
    text += json ? "}\n" : "\n";
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace

DelimitedText DelimitedText::Read(const std::string& path) {
  DelimitedText read;
  read.path_ = path;
  std::string text = ReadDocument(path);
  if (text.compare(0, 3, "\xEF\xBB\xBF") == 0) text.erase(0, 3);
  const char delimiter = DelimiterOf(text);
  size_t at = 0, lines = 0;
  read.header_ = Record(text, delimiter, at, lines);
  while (at < text.size()) {
    const size_t line = lines + 1;
    std::vector<std::string> cells = Record(text, delimiter, at, lines);
    if (cells.size() == 1 && cells[0].empty()) continue;
    if (cells.size() != read.header_.size()) {
      throw Failure(1, path + ": line " + std::to_string(line) + ": found " + std::to_string(cells.size()) + " cells, expected " +
                           std::to_string(read.header_.size()) + " as the header has");
    }
    read.cells_.push_back(std::move(cells));
    read.lines_.push_back(line);
  }
  return read;
}

std::optional<size_t> DelimitedText::Place(const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    const auto found = std::find(header_.begin(), header_.end(), name);
    if (found != header_.end()) return static_cast<size_t>(found - header_.begin());
  }
  return std::nullopt;
}

void DelimitedText::Wrong(size_t row, const std::string& column, const std::string& found, const std::string& expected) const {
  throw Failure(1, path_ + ": line " + std::to_string(lines_[row]) + ": column " + column + ": found \"" + found + "\", expected " + expected);
}

std::optional<std::vector<double>> DelimitedText::Numbers(const std::vector<std::string>& names, bool needed) const {
  const std::optional<size_t> place = Place(names);
  if (!place.has_value()) {
    if (needed) throw Failure(1, path_ + ": line 1: column " + names[0] + ": found none, expected one");
    return std::nullopt;
  }
  std::vector<double> numbers(rows());
  for (size_t row = 0; row < rows(); ++row) {
    const std::optional<double> number = ReadNumber(cells_[row][*place]);
    if (!number.has_value()) Wrong(row, header_[*place], cells_[row][*place], "a number");
    numbers[row] = *number;
  }
  return numbers;
}

std::vector<std::string> DelimitedText::Texts(const std::vector<std::string>& names) const {
  const std::optional<size_t> place = Place(names);
  std::vector<std::string> texts;
  for (size_t row = 0; place.has_value() && row < rows(); ++row) texts.push_back(cells_[row][*place]);
  return texts;
}

void PrintColumns(const std::vector<Column>& columns, const std::string& format) {
  const size_t rows = columns.empty() ? 0 : std::max(columns[0].texts.size(), columns[0].numbers.size());
  if (format != "table") return PrintLines(columns, rows, format == "json");
  std::vector<size_t> widths;
  for (const Column& column : columns) {
    widths.push_back(column.name.size());
    for (size_t row = 0; row < rows; ++row) widths.back() = std::max(widths.back(), CellText(column, row, format).size());
  }
  for (size_t row = 0; row <= rows; ++row) {
    std::string line;
    for (size_t c = 0; c < columns.size(); ++c) {
      std::string cell = row == 0 ? columns[c].name : CellText(columns[c], row - 1, format);
      if (c + 1 < columns.size()) cell.resize(widths[c] + 2, ' ');
      line += cell;
    }
    std::puts(line.c_str());
  }
}

std::string ShortNumber(double value) {
  char text[40];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return error == std::errc() ? std::string(text, end) : "0";
}

std::vector<std::pair<std::string, double>> NumbersOf(const std::string& json, const std::string& key) {
  std::vector<std::pair<std::string, double>> numbers;
  const std::string mark = "\"" + key + "\":{";
  size_t at = json.find(mark);
  if (at == std::string::npos) return numbers;
  at += mark.size();
  while (at < json.size() && json[at] == '"') {
    const size_t end = json.find("\":", at + 1);
    const std::string name = json.substr(at + 1, end - at - 1);
    size_t stop = json.find_first_of(",}", end);
    numbers.emplace_back(name, ReadNumber(json.substr(end + 2, stop - end - 2)).value_or(kNone));
    at = json[stop] == ',' ? stop + 1 : json.size();
  }
  return numbers;
}

double NumberOf(const std::string& json, const std::string& object, const std::string& key) {
  for (const auto& [name, value] : NumbersOf(json, object)) {
    if (name == key) return value;
  }
  return kNone;
}

double NumberOf(const std::string& json, const std::string& key) {
  const std::string mark = "\"" + key + "\":";
  const size_t at = json.find(mark);
  if (at == std::string::npos) return kNone;
  const size_t begin = at + mark.size();
  return ReadNumber(json.substr(begin, json.find_first_of(",}", begin) - begin)).value_or(kNone);
}

std::string TextOf(const std::string& json, const std::string& key) {
  const std::string mark = "\"" + key + "\":\"";
  const size_t at = json.find(mark);
  if (at == std::string::npos) return "";
  const size_t begin = at + mark.size();
  return json.substr(begin, json.find('"', begin) - begin);
}

}  // namespace rapport_command
