#include "purchase_file.hpp"

#include <charconv>
#include <chrono>

#include "face.hpp"

namespace rapport_command {
namespace {

// Two or four digits at a place; -1 where there are others.
int Digits(const std::string& text, std::size_t from, std::size_t count) {
  int number = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

// The stream's memory is the rows'; what it needs beside is in one of these, which goes with the parent.
struct OwnedArray {
  const void* none[1] = {nullptr};
  const void* buffers[3][3];
  ArrowArray children[3];
  ArrowArray* pointers[3];
};
struct OwnedSchema {
  ArrowSchema children[3];
  ArrowSchema* pointers[3];
};

void LeaveArray(ArrowArray* array) { array->release = nullptr; }
void LeaveSchema(ArrowSchema* schema) { schema->release = nullptr; }
void ReleaseArray(ArrowArray* array) {
  delete static_cast<OwnedArray*>(array->private_data);
  array->release = nullptr;
}
void ReleaseSchema(ArrowSchema* schema) {
  delete static_cast<OwnedSchema*>(schema->private_data);
  schema->release = nullptr;
}

struct StreamState {
  const PurchaseRows* rows;
  bool done = false;
};

int GetSchema(ArrowArrayStream* self, ArrowSchema* out) {
  const PurchaseRows& rows = *static_cast<StreamState*>(self->private_data)->rows;
  static constexpr const char* kNames[] = {"customer", "date", "amount"};
  static constexpr const char* kFormats[] = {"U", "tdD", "g"};
  auto* owned = new OwnedSchema{};
  for (int i = 0; i < 3; ++i) {
    owned->children[i] = {kFormats[i], kNames[i], nullptr, 0, 0, nullptr, nullptr, LeaveSchema, nullptr};
    owned->pointers[i] = &owned->children[i];
  }
  *out = {"+s", "", nullptr, 0, rows.amounts.empty() ? 2 : 3, owned->pointers, nullptr, ReleaseSchema, owned};
  return 0;
}

int GetNext(ArrowArrayStream* self, ArrowArray* out) {
  auto& state = *static_cast<StreamState*>(self->private_data);
  *out = ArrowArray{};
  if (state.done) return 0;
  state.done = true;
  const PurchaseRows& rows = *state.rows;
  auto* owned = new OwnedArray{{nullptr},
                               {{nullptr, rows.offsets.data(), rows.customers.data()}, {nullptr, rows.days.data(), nullptr}, {nullptr, rows.amounts.data(), nullptr}},
                               {}, {}};
  for (int i = 0; i < 3; ++i) {
    owned->children[i] = {rows.size(), 0, 0, i == 0 ? 3 : 2, 0, owned->buffers[i], nullptr, nullptr, LeaveArray, nullptr};
    owned->pointers[i] = &owned->children[i];
  }
  *out = {rows.size(), 0, 0, 1, rows.amounts.empty() ? 2 : 3, owned->none, owned->pointers, nullptr, ReleaseArray, owned};
  return 0;
}

const char* NoError(ArrowArrayStream*) { return nullptr; }
void ReleaseStream(ArrowArrayStream* self) {
  delete static_cast<StreamState*>(self->private_data);
  self->release = nullptr;
}

}  // namespace

bool ParseIsoDay(const std::string& text, std::int32_t& day) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = Digits(text, 0, 4), month = Digits(text, 5, 2), of_month = Digits(text, 8, 2);
  if (year < 1 || month < 1 || of_month < 1) return false;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(of_month))};
  if (!date.ok()) return false;
  day = static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
  return true;
}

PurchaseFile::PurchaseFile(const std::string& path, const std::string& customer, const std::string& date, const std::string& amount, bool need_amount)
    : in_(path, std::ios::binary), path_(path), names_{customer, date, amount} {
  if (!in_) throw Failure(1, path + ": cannot be read");
  if (!ReadRecord()) throw Failure(1, path + ": found nothing, expected a header and rows");
  if (fields_[0].starts_with("\xEF\xBB\xBF")) fields_[0].erase(0, 3);
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    for (int name = 0; name < 3; ++name) {
      if (fields_[i] == names_[name]) places_[name] = static_cast<int>(i);
    }
  }
  for (int name = 0; name < (need_amount ? 3 : 2); ++name) {
    if (places_[name] < 0) throw Failure(1, path + ": column \"" + names_[name] + "\": found none, expected one in the header");
  }
}

// Quoted fields may hold commas, line ends and doubled quotes. False at the end of the file.
bool PurchaseFile::ReadRecord() {
  fields_.assign(1, "");
  first_line_ = line_ + 1;
  bool quoted = false, any = false;
  for (int c = in_.get(); c != EOF; c = in_.get()) {
    any = true;
    if (c == '\n') ++line_;
    if (quoted) {
      if (c != '"') fields_.back() += static_cast<char>(c);
      else if (in_.peek() == '"') fields_.back() += static_cast<char>(in_.get());
      else quoted = false;
    } else if (c == '"' && fields_.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      fields_.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r' || in_.peek() != '\n') {
      fields_.back() += static_cast<char>(c);
    }
  }
  if (quoted) throw Failure(1, path_ + ": line " + std::to_string(first_line_) + ": found a quote that does not end");
  return any;
}

void PurchaseFile::Wrong(const std::string& column, const std::string& found, const std::string& expected) const {
  throw Failure(1, path_ + ": line " + std::to_string(first_line_) + ", column " + column + ": found \"" + found + "\", expected " + expected);
}

void PurchaseFile::Take(PurchaseRows& rows) {
  const auto field = [&](int name) -> const std::string& {
    if (static_cast<std::size_t>(places_[name]) >= fields_.size()) Wrong(names_[name], "", "a field");
    return fields_[static_cast<std::size_t>(places_[name])];
  };
  if (field(0).empty()) Wrong(names_[0], "", "a customer");
  std::int32_t day = 0;
  if (!ParseIsoDay(field(1), day)) Wrong(names_[1], field(1), "a date such as 2026-03-02");
  if (places_[2] >= 0) {
    double amount = 0;
    const std::string& text = field(2);
    const auto read = std::from_chars(text.data(), text.data() + text.size(), amount);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || !(amount >= -1e18 && amount <= 1e18)) Wrong(names_[2], text, "a number such as 12.50");
    rows.amounts.push_back(amount);
  }
  rows.customers += field(0);
  rows.offsets.push_back(static_cast<std::int64_t>(rows.customers.size()));
  rows.days.push_back(day);
}

bool PurchaseFile::Read(std::int64_t most, PurchaseRows& rows) {
  rows = PurchaseRows();
  while (rows.size() < most && ReadRecord()) {
    if (fields_.size() > 1 || !fields_[0].empty()) Take(rows);
  }
  return rows.size() > 0;
}

ArrowArrayStream StreamOf(const PurchaseRows& rows) { return {GetSchema, GetNext, NoError, ReleaseStream, new StreamState{&rows}}; }

}  // namespace rapport_command
