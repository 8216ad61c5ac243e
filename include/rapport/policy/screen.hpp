// Floor 5. Screening: which rules' conditions hold for which customers, over a whole table of signals.
//
//   const Screen screen = Screen::Of(policy);
//   const absl::StatusOr<Table> signals = SignalTable(book, as_of, {}, screen.ColumnNames());
//   const absl::StatusOr<ScreenMasks> masks = screen.Run(ScreenTable::From(*signals));
//   masks->Holds(0, row);   // the conditions of screen.rules()[0]
//
// The trees of all rules become one list of steps over columns: equal leaves and equal groups are computed once, comparisons run on
// typed values without a Cell, in blocks that stay in the cache. The answers are those of Evaluate (evaluate.hpp), row by row. What
// only an account can tell is not asked: occasions, permission, what was issued before. docs/screen.md has an example.
#ifndef RAPPORT_POLICY_SCREEN_HPP_
#define RAPPORT_POLICY_SCREEN_HPP_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/table.hpp"
#include "rapport/policy/policy.hpp"

namespace rapport {

struct ScreenProgram;

// How a borrowed column's values stand in memory. Integers, days (since 1970-01-01) and instants (microseconds) are kInt64 or kInt32,
// numbers kDouble; yes-or-no is 0 or 1 as kInt64, kBytes or kBits (lowest bit first); texts are offsets of either width into `bytes`.
enum class ValueLayout { kInt64, kInt32, kDouble, kBytes, kBits, kText32, kText64 };
// A row is missing where its byte is 0, or its bit. kAll: none is.
enum class ValidityLayout { kAll, kBytes, kBits };

// One column of somebody else's table; nothing is copied or owned.
struct ScreenColumn {
  std::string_view name;
  ColumnType type = ColumnType::kInteger;
  ValueLayout layout = ValueLayout::kInt64;
  const void* values = nullptr;            // aligned for its type; for texts the offsets, one more than rows and never falling
  const char* bytes = nullptr;             // of texts
  ValidityLayout validity = ValidityLayout::kAll;
  const std::uint8_t* valid = nullptr;
  std::size_t offset = 0;                  // row 0 is the entry at `offset` of values and of valid
};

// `rows` entries stand in every column. Of two columns of one name the first counts.
struct ScreenTable {
  std::size_t rows = 0;
  std::vector<ScreenColumn> columns;

  // Borrows the table, which must outlive the result and keep its rows.
  static ScreenTable From(const Table& table);
  static ScreenTable From(Table&& table) = delete;
};

// One bit a row for each rule.
class ScreenMasks {
 public:
  ScreenMasks(std::size_t rules, std::size_t rows) : rows_(rows), bits_(rules, std::vector<std::uint8_t>((rows + 7) / 8)) {}
  std::size_t rules() const { return bits_.size(); }
  std::size_t rows() const { return rows_; }
  // `rule` < rules(), `row` < rows().
  bool Holds(std::size_t rule, std::size_t row) const { return (bits_[rule][row / 8] >> (row % 8) & 1) != 0; }
  // How many rows. O(rows / 8).
  std::size_t Count(std::size_t rule) const;
  // Bit row % 8, lowest first, of byte row / 8, as Arrow has them; 0 beyond the last row.
  const std::vector<std::uint8_t>& bits(std::size_t rule) const { return bits_[rule]; }
  std::vector<std::uint8_t> TakeBits(std::size_t rule) { return std::exchange(bits_[rule], {}); }

 private:
  friend class Screen;
  std::size_t rows_;
  std::vector<std::vector<std::uint8_t>> bits_;
};

struct ScreenOptions {
  // A rule whose trigger is a signal also needs the signal at its threshold or beyond it: >= where it crosses above, <= where below.
  bool triggers = false;
  std::optional<std::string> team = std::nullopt;   // the rules as they stand for it
};

// A column that a screen reads.
struct ScreenSignal {
  std::string name;
  ColumnType type = ColumnType::kInteger;  // an integer column may stand for numbers, and one of numbers for integers
  std::string rule;                        // the first one that asks for it
};

// Compiled once; keeps nothing of the policy, is never changed, may be run by any number of threads.
class Screen {
 public:
  // The conditions at entry (`when`) of all rules; of a cadence not those of its steps, nor its goal. O(leaves squared) of one signal.
  static Screen Of(const Policy& policy, const ScreenOptions& options = {});
  static Screen OfRules(std::span<const Rule> rules, bool triggers = false);

  // Names, in the policy's order: the rules of the masks.
  const std::vector<std::string>& rules() const;
  // In the order in which rules name them; each once.
  const std::vector<ScreenSignal>& signals() const;
  std::vector<std::string> ColumnNames() const;

  // INVALID_ARGUMENT `screen.missing_column`, `screen.wrong_type` (another type, or a layout that the type does not have),
  // `screen.not_finite` (NaN or infinite in a row that is not missing). Cost O(rows (signals + leaves + groups)), memory one bit a
  // row and rule, and a quarter of a megabyte or 256 bytes for each distinct leaf and group.
  absl::StatusOr<ScreenMasks> Run(const ScreenTable& table) const;

 private:
  explicit Screen(std::shared_ptr<const ScreenProgram> program) : program_(std::move(program)) {}
  std::shared_ptr<const ScreenProgram> program_;
};

}  // namespace rapport

#endif  // RAPPORT_POLICY_SCREEN_HPP_
