// Floor 10. A CSV file of purchases, read in pieces, and as the Arrow stream that questions about purchases take.
#ifndef RAPPORT_TOOLS_PURCHASE_FILE_HPP_
#define RAPPORT_TOOLS_PURCHASE_FILE_HPP_

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "rapport_arrow.h"

namespace rapport_command {

// Columns of some rows.
struct PurchaseRows {
  std::vector<std::int64_t> offsets{0};
  std::string customers;
  std::vector<std::int32_t> days;   // since 1970-01-01
  std::vector<double> amounts;      // empty where the file has no such column
  std::int64_t size() const { return static_cast<std::int64_t>(days.size()); }
};

// "2026-03-02" as days since 1970-01-01; false where it is no such day.
bool ParseIsoDay(const std::string& text, std::int32_t& day);

// RFC 4180, with a header that names the columns. A Failure names the line and the column.
class PurchaseFile {
 public:
  // `amount` may be absent from the file where it was not asked for (`need_amount`).
  PurchaseFile(const std::string& path, const std::string& customer, const std::string& date, const std::string& amount, bool need_amount);
  // Fills `rows` with at most `most` rows; false at the end.
  bool Read(std::int64_t most, PurchaseRows& rows);

 private:
  bool ReadRecord();
  void Take(PurchaseRows& rows);
  [[noreturn]] void Wrong(const std::string& column, const std::string& found, const std::string& expected) const;

  std::ifstream in_;
  std::string path_, names_[3];
  int places_[3] = {-1, -1, -1};
  std::int64_t line_ = 0, first_line_ = 0;   // of the file; of the record
  std::vector<std::string> fields_;
};

// One batch with columns customer, date and, where there are amounts, amount. `rows` outlives the stream.
ArrowArrayStream StreamOf(const PurchaseRows& rows);

}  // namespace rapport_command

#endif  // RAPPORT_TOOLS_PURCHASE_FILE_HPP_
