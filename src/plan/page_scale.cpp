// How much of an A4 page a plan takes in print, estimated from the widths of its texts: page.css has the same sizes.
#include <algorithm>
#include <array>

#include "plan/page_model.hpp"

namespace rapport {
namespace {

// Lengths are micrometres.
constexpr std::int64_t kRoom = 265'000;       // of 275 mm between the margins
constexpr std::int64_t kHead = 24'000;        // name, day, sum and bar
constexpr std::int64_t kSheetWidth = 186'000;
constexpr std::int64_t kTagsWidth = 42'000;   // beside the name
constexpr std::int64_t kRule = 350;           // between lines

struct Scale {
  std::string_view name;
  std::int64_t em;        // the size of the letters
  std::int64_t row;       // em times the line height
  std::int64_t pad;       // above and below a line
  std::int64_t beside;    // what the text leaves to the time at its left
  bool one_row = false;   // longer ones are cut
};

constexpr std::array<Scale, 5> kScales{{{"", 3'704, 5'112, 2'000, 26'000},
                                        {"compact", 3'334, 4'268, 1'100, 26'000},
                                        {"dense", 2'889, 3'525, 600, 31'000},
                                        {"tiny", 2'445, 2'885, 350, 31'000},
                                        {"bare", 2'445, 2'885, 350, 31'000, true}}};

// Rows that a text of some columns takes. A column is half an em of full-width letters; Latin ones run wider in some fonts, and lines break early.
std::int64_t Rows(std::int64_t columns, std::int64_t width, const Scale& scale) {
  if (scale.one_row) return 1;
  const std::int64_t fit = std::max<std::int64_t>(width * 100 / (scale.em * 54), 1);
  return std::max<std::int64_t>((columns + fit - 1) / fit, 1);
}

std::int64_t HeightOf(const SheetWidths& sheet, const Scale& scale) {
  std::int64_t height = kHead;
  const std::int64_t width = kSheetWidth - scale.beside;
  for (const SheetWidths::Line& line : sheet.lines) {
    const std::int64_t rows = (scale.one_row ? 0 : Rows(line.who, width - kTagsWidth, scale)) + Rows(line.said, width, scale);
    height += rows * scale.row + 2 * scale.pad + kRule;
  }
  for (const std::vector<std::int64_t>& list : sheet.lists) {
    height += scale.row + 3'000;
    for (const std::int64_t item : list) height += Rows(item, kSheetWidth, scale) * scale.row + 500;
  }
  return height;
}

}  // namespace

std::string_view PrintScale(const SheetWidths& sheet) {
  const auto fits = std::find_if(kScales.begin(), kScales.end(), [&](const Scale& scale) { return HeightOf(sheet, scale) <= kRoom; });
  return fits == kScales.end() ? kScales.back().name : fits->name;
}

}  // namespace rapport
