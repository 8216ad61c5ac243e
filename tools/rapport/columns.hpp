// Floor 10. Columns of files, and columns on paper: delimited text in, a table, objects a line or delimited text out.
#ifndef RAPPORT_TOOLS_COLUMNS_HPP_
#define RAPPORT_TOOLS_COLUMNS_HPP_

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rapport_command {

// Delimited text (comma, semicolon or tab, told from the header) with a header; quoted cells may hold anything. What is wrong is a Failure that names
// file, line, column, found and expected.
class DelimitedText {
 public:
  static DelimitedText Read(const std::string& path);

  size_t rows() const { return cells_.size(); }
  // The first of these columns as numbers; an empty cell is NaN. Absent: nullopt, or a Failure where it is needed.
  std::optional<std::vector<double>> Numbers(const std::vector<std::string>& names, bool needed) const;
  // The first of these columns as texts; absent: empty.
  std::vector<std::string> Texts(const std::vector<std::string>& names) const;

 private:
  std::optional<size_t> Place(const std::vector<std::string>& names) const;
  [[noreturn]] void Wrong(size_t row, const std::string& column, const std::string& found, const std::string& expected) const;
  std::string path_;
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> cells_;
  std::vector<size_t> lines_;   // of each row, counted from 1
};

// Texts or numbers.
struct Column {
  std::string name;
  std::vector<std::string> texts;
  std::vector<double> numbers;
};
// "table", "json" (an object a line) or "csv"; NaN is nothing.
void PrintColumns(const std::vector<Column>& columns, const std::string& format);

// The shortest text that reads back as the same number.
std::string ShortNumber(double value);

// Members of a canonical JSON object as the C API writes them: numbers of an inner object; one number, NaN where there is none; a text.
std::vector<std::pair<std::string, double>> NumbersOf(const std::string& json, const std::string& key);
double NumberOf(const std::string& json, const std::string& object, const std::string& key);
double NumberOf(const std::string& json, const std::string& key);
std::string TextOf(const std::string& json, const std::string& key);

}  // namespace rapport_command

#endif  // RAPPORT_TOOLS_COLUMNS_HPP_
