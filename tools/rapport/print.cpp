// Tables for a terminal: columns aligned by what a reader sees, long cells cut.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

#include "face.hpp"

namespace rapport_command {
namespace {

constexpr int kWidest = 60;

// Two cells for East Asian wide characters, one for others.
int WidthOf(const std::string& text, size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const int size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  uint32_t point = size == 1 ? lead : lead & (0xFFu >> (size + 1));
  for (int i = 1; i < size && at + static_cast<size_t>(i) < text.size(); ++i) {
    point = (point << 6) | (static_cast<unsigned char>(text[at + static_cast<size_t>(i)]) & 0x3Fu);
  }
  at += static_cast<size_t>(size);
  const bool wide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                    (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                    (point >= 0xFF00 && point <= 0xFF60) || (point >= 0x20000 && point <= 0x3FFFD);
  return wide ? 2 : 1;
}

int DisplayWidth(const std::string& text) {
  int width = 0;
  for (size_t at = 0; at < text.size();) width += WidthOf(text, at);
  return width;
}

std::string Cut(const std::string& text) {
  if (DisplayWidth(text) <= kWidest) return text;
  int width = 0;
  size_t at = 0;
  while (true) {
    size_t next = at;
    width += WidthOf(text, next);
    if (width >= kWidest) break;
    at = next;
  }
  return text.substr(0, at) + "…";
}

std::string InstantText(int64_t micros) {
  const int64_t seconds = micros >= 0 ? micros / 1'000'000 : -((-micros + 999'999) / 1'000'000);
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%MZ", &parts);
  return text;
}

std::string NumberText(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string CellText(const ArrowArray& column, const std::string& format, int64_t row) {
  const auto* valid = static_cast<const uint8_t*>(column.buffers[0]);
  if ((valid[row / 8] >> (row % 8) & 1) == 0) return "-";
  if (format == "U") {
    const auto* offsets = static_cast<const int64_t*>(column.buffers[1]);
    return std::string(static_cast<const char*>(column.buffers[2]) + offsets[row], static_cast<size_t>(offsets[row + 1] - offsets[row]));
  }
  if (format == "b") return (static_cast<const uint8_t*>(column.buffers[1])[row / 8] >> (row % 8) & 1) != 0 ? "yes" : "no";
  if (format == "g") return NumberText(static_cast<const double*>(column.buffers[1])[row]);
  if (format == "tdD") return InstantText(static_cast<const int32_t*>(column.buffers[1])[row] * int64_t{86'400'000'000}).substr(0, 10);
  const int64_t value = static_cast<const int64_t*>(column.buffers[1])[row];
  return format == "tsu:UTC" ? InstantText(value) : std::to_string(value);
}

void PrintAligned(const ArrowSchema& schema, const ArrowArray& batch) {
  const auto columns = static_cast<size_t>(schema.n_children);
  std::vector<std::vector<std::string>> cells(1);
  for (size_t c = 0; c < columns; ++c) cells[0].push_back(schema.children[c]->name);
  for (int64_t row = 0; row < batch.length; ++row) {
    auto& line = cells.emplace_back();
    for (size_t c = 0; c < columns; ++c) line.push_back(Cut(CellText(*batch.children[c], schema.children[c]->format, row)));
  }
  std::vector<int> widths(columns, 0);
  for (const auto& line : cells) {
    for (size_t c = 0; c < columns; ++c) widths[c] = std::max(widths[c], DisplayWidth(line[c]));
  }
  for (const auto& line : cells) {
    std::string text;
    for (size_t c = 0; c < columns; ++c) {
      text += line[c];
      if (c + 1 < columns) text.append(static_cast<size_t>(widths[c] - DisplayWidth(line[c]) + 2), ' ');
    }
    std::puts(text.c_str());
  }
}

void PrintTable(const rapport_table* table) {
  ArrowArrayStream stream{};
  Do([&](rapport_error* error) { return rapport_table_to_arrow(table, &stream, error); });
  ArrowSchema schema{};
  ArrowArray batch{};
  if (stream.get_schema(&stream, &schema) != 0 || stream.get_next(&stream, &batch) != 0) throw Failure(3, "memory ran out");
  PrintAligned(schema, batch);
  batch.release(&batch);
  schema.release(&schema);
  stream.release(&stream);
}

}  // namespace

std::string TableText(const rapport_table* table, const std::string& format) {
  return Text([&](rapport_buffer* out, rapport_error* error) {
    return format == "csv" ? rapport_table_to_csv(table, out, error) : rapport_table_to_ndjson(table, out, error);
  });
}

void Print(const rapport_table* table, const std::string& format) {
  if (format == "table") return PrintTable(table);
  const std::string text = TableText(table, format);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace rapport_command
