#include "rapport/policy/screen.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "absl/strings/str_cat.h"
#include "policy/screen_leaf.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// Marks of all steps of a block stand in the cache together.
constexpr std::size_t kMarksInCache = std::size_t{1} << 18;
constexpr std::size_t kLeastBlock = 256, kMostBlock = 4096;

// The eight bits of a byte as eight bytes, lowest first.
constexpr auto kSpread = [] {
  std::array<std::array<std::uint8_t, 8>, 256> spread{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    for (std::size_t bit = 0; bit < 8; ++bit) spread[byte][bit] = byte >> bit & 1;
  }
  return spread;
}();

void SpreadBits(const std::uint8_t* bits, std::size_t from, std::size_t count, std::uint8_t* out) {
  std::size_t i = 0;
  for (; i < count && (from + i) % 8 != 0; ++i) out[i] = bits[(from + i) / 8] >> ((from + i) % 8) & 1;
  for (; i + 8 <= count; i += 8) std::memcpy(out + i, kSpread[bits[(from + i) / 8]].data(), 8);
  for (; i < count; ++i) out[i] = bits[(from + i) / 8] >> ((from + i) % 8) & 1;
}

// `begin` is a multiple of 8.
void PackBits(const std::uint8_t* marks, std::size_t begin, std::size_t count, std::uint8_t* bits) {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    unsigned byte = 0;
    for (unsigned bit = 0; bit < 8; ++bit) byte |= static_cast<unsigned>(marks[i + bit]) << bit;
    bits[(begin + i) / 8] = static_cast<std::uint8_t>(byte);
  }
  for (; i < count; ++i) bits[(begin + i) / 8] = static_cast<std::uint8_t>(bits[(begin + i) / 8] | marks[i] << (i % 8));
}

bool IsNumeric(ColumnType type) { return type == ColumnType::kInteger || type == ColumnType::kNumber; }

bool HasLayout(const ScreenColumn& column) {
  const ValueLayout layout = column.layout;
  const bool whole = layout == ValueLayout::kInt64 || layout == ValueLayout::kInt32;
  switch (column.type) {
    case ColumnType::kBool: return layout == ValueLayout::kInt64 || layout == ValueLayout::kBytes || layout == ValueLayout::kBits;
    case ColumnType::kNumber: return whole || layout == ValueLayout::kDouble;
    case ColumnType::kText: return layout == ValueLayout::kText32 || layout == ValueLayout::kText64;
    default: return whole;
  }
}

absl::StatusOr<const ScreenColumn*> ColumnFor(const ScreenSignal& signal, const ScreenTable& table) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(), [&](const ScreenColumn& one) { return one.name == signal.name; });
  const auto place = [&] { return absl::StrCat("rule \"", signal.rule, "\", column \"", signal.name, "\""); };
  if (found == table.columns.end()) {
    return Invalid("screen.missing_column",
                   absl::StrCat(place(), ": found none, expected one of type ", ToAbsl(ColumnTypeName(signal.type))));
  }
  if (found->type != signal.type && !(IsNumeric(found->type) && IsNumeric(signal.type))) {
    return Invalid("screen.wrong_type", absl::StrCat(place(), ": found type ", ToAbsl(ColumnTypeName(found->type)), ", expected ",
                                                     ToAbsl(ColumnTypeName(signal.type))));
  }
  if (!HasLayout(*found)) {
    return Invalid("screen.wrong_type", absl::StrCat(place(), ": found a layout of values that the type ",
                                                     ToAbsl(ColumnTypeName(found->type)), " does not have, expected one that it has"));
  }
  return &*found;
}

// A column with its rows of one block.
struct BlockColumn {
  const ScreenColumn* column = nullptr;
  std::vector<std::uint8_t> valid;       // 1 or 0 a row
  std::vector<std::uint8_t> truths;      // of bits
  const std::uint8_t* ValidOrNull() const { return column->validity == ValidityLayout::kAll ? nullptr : valid.data(); }
};

class ScreenRun {
 public:
  ScreenRun(const ScreenProgram& program, std::span<const ScreenColumn* const> columns)
      : program_(program),
        block_(std::clamp(kMarksInCache / std::max<std::size_t>(program.steps.size(), 1) / 64 * 64, kLeastBlock, kMostBlock)),
        marks_(block_ * program.steps.size()) {
    for (const ScreenColumn* column : columns) {
      columns_.push_back({column, std::vector<std::uint8_t>(column->validity == ValidityLayout::kAll ? 0 : block_),
                          std::vector<std::uint8_t>(column->layout == ValueLayout::kBits ? block_ : 0)});
    }
    for (const ScreenLeaf& leaf : program.leaves) leaves_.emplace_back(leaf, *columns[leaf.signal]);
  }

  std::size_t block() const { return block_; }

  absl::Status Mark(std::size_t begin, std::size_t count) {
    for (BlockColumn& column : columns_) RAPPORT_RETURN_IF_ERROR(Load(column, begin, count));
    for (std::size_t step = 0; step < program_.steps.size(); ++step) MarkStep(step, begin, count);
    return absl::OkStatus();
  }

  const std::uint8_t* MarksOf(std::size_t step) const { return marks_.data() + step * block_; }

 private:
  absl::Status Load(BlockColumn& loaded, std::size_t begin, std::size_t count) const {
    const ScreenColumn& column = *loaded.column;
    const std::size_t from = column.offset + begin;
    if (column.validity == ValidityLayout::kBits) SpreadBits(column.valid, from, count, loaded.valid.data());
    if (column.validity == ValidityLayout::kBytes) {
      for (std::size_t i = 0; i < count; ++i) loaded.valid[i] = column.valid[from + i] != 0 ? 1 : 0;
    }
    if (column.layout == ValueLayout::kBits) SpreadBits(static_cast<const std::uint8_t*>(column.values), from, count, loaded.truths.data());
    return column.layout == ValueLayout::kDouble ? CheckFinite(column, loaded.ValidOrNull(), begin, count) : absl::OkStatus();
  }

  static absl::Status CheckFinite(const ScreenColumn& column, const std::uint8_t* valid, std::size_t begin, std::size_t count) {
    const double* values = static_cast<const double*>(column.values) + column.offset + begin;
    std::size_t odd = 0;
    for (std::size_t i = 0; i < count; ++i) odd += std::fabs(values[i]) <= std::numeric_limits<double>::max() ? 0 : 1;
    for (std::size_t i = 0; odd > 0 && i < count; ++i) {
      if (std::isfinite(values[i]) || (valid != nullptr && valid[i] == 0)) continue;
      return Invalid("screen.not_finite", absl::StrCat("row ", begin + i + 1, ", column \"", ToAbsl(column.name), "\": found ",
                                                       std::isnan(values[i]) ? "NaN" : "an infinite number", ", expected a finite number or null"));
    }
    return absl::OkStatus();
  }

  void MarkStep(std::size_t at, std::size_t begin, std::size_t count) {
    const ScreenStep& step = program_.steps[at];
    std::uint8_t* marks = marks_.data() + at * block_;
    if (step.kind == Condition::Kind::kLeaf) {
      const BlockColumn& column = columns_[program_.leaves[step.leaf].signal];
      leaves_[step.leaf].Mark(begin, count, column.ValidOrNull(), column.truths.data(), marks);
    } else if (step.kind == Condition::Kind::kNot) {
      const std::uint8_t* part = MarksOf(step.parts.front());
      for (std::size_t i = 0; i < count; ++i) marks[i] = part[i] ^ 1;
    } else {
      MarkGroup(step, count, marks);
    }
  }

  void MarkGroup(const ScreenStep& step, std::size_t count, std::uint8_t* marks) const {
    const bool all = step.kind == Condition::Kind::kAll;
    if (step.parts.empty()) {
      std::memset(marks, all ? 1 : 0, count);
      return;
    }
    std::memcpy(marks, MarksOf(step.parts.front()), count);
    for (std::size_t p = 1; p < step.parts.size(); ++p) {
      const std::uint8_t* part = MarksOf(step.parts[p]);
      if (all) for (std::size_t i = 0; i < count; ++i) marks[i] &= part[i];
      else for (std::size_t i = 0; i < count; ++i) marks[i] |= part[i];
    }
  }

  const ScreenProgram& program_;
  std::size_t block_;                   // rows, a multiple of 64
  std::vector<BlockColumn> columns_;    // a signal
  std::vector<ScreenLeafOnColumn> leaves_;
  std::vector<std::uint8_t> marks_;     // a block a step
};

ScreenColumn Borrowed(const Column& column) {
  ScreenColumn out{.name = column.name(), .type = column.type()};
  out.values = column.integers().data();
  if (column.type() == ColumnType::kNumber) {
    out.layout = ValueLayout::kDouble;
    out.values = column.numbers().data();
  } else if (column.type() == ColumnType::kText) {
    out.layout = ValueLayout::kText64;
    out.values = column.offsets().data();
    out.bytes = column.bytes().data();
  }
  out.validity = ValidityLayout::kBytes;
  out.valid = column.validity().data();
  return out;
}

}  // namespace

ScreenTable ScreenTable::From(const Table& table) {
  ScreenTable out;
  out.rows = table.rows();
  for (const Column& column : table.columns()) out.columns.push_back(Borrowed(column));
  return out;
}

std::size_t ScreenMasks::Count(std::size_t rule) const {
  std::size_t count = 0;
  for (const std::uint8_t byte : bits_[rule]) count += static_cast<std::size_t>(std::popcount(byte));
  return count;
}

Screen Screen::Of(const Policy& policy, const ScreenOptions& options) { return OfRules(policy.RulesFor(options.team), options.triggers); }

Screen Screen::OfRules(std::span<const Rule> rules, bool triggers) {
  return Screen(std::make_shared<const ScreenProgram>(CompileScreen(rules, triggers)));
}

const std::vector<std::string>& Screen::rules() const { return program_->rules; }
const std::vector<ScreenSignal>& Screen::signals() const { return program_->signals; }

std::vector<std::string> Screen::ColumnNames() const {
  std::vector<std::string> names;
  for (const ScreenSignal& signal : program_->signals) names.push_back(signal.name);
  return names;
}

absl::StatusOr<ScreenMasks> Screen::Run(const ScreenTable& table) const {
  std::vector<const ScreenColumn*> columns;
  for (const ScreenSignal& signal : program_->signals) {
    RAPPORT_ASSIGN_OR_RETURN(const ScreenColumn* column, ColumnFor(signal, table));
    columns.push_back(column);
  }
  ScreenMasks masks(program_->rules.size(), table.rows);
  ScreenRun run(*program_, columns);
  for (std::size_t begin = 0; begin < table.rows; begin += run.block()) {
    const std::size_t count = std::min(run.block(), table.rows - begin);
    RAPPORT_RETURN_IF_ERROR(run.Mark(begin, count));
    for (std::size_t rule = 0; rule < masks.rules(); ++rule) {
      PackBits(run.MarksOf(program_->roots[rule]), begin, count, masks.bits_[rule].data());
    }
  }
  return masks;
}

}  // namespace rapport
