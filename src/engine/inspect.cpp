// What a file seems to hold, and a mapping for it.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine/inspect_columns.hpp"

namespace rapport {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr std::size_t kShownEvents = 5;

struct Inspection {
  TextEncoding encoding = TextEncoding::kUtf8;
  DelimitedGuess guess;
  std::vector<ColumnGuess> columns;
  Json::Array fits;
  Json mapping;                         // null: none
  Json::Array events;
  std::map<std::string, std::int64_t> types;
  std::vector<std::string> warnings;
};

Json Counted(const std::map<std::string, std::int64_t>& types) {
  Json::Object out;
  for (const auto& [type, count] : types) out.emplace(type, Json::Integer(count));
  return Json(std::move(out));
}

Json Words(const std::vector<std::string>& words) { return Json(Json::Array(words.begin(), words.end())); }

void Show(const Event& event, Inspection& out) {
  ++out.types[std::string(event.type())];
  if (out.events.size() < kShownEvents) out.events.push_back(EncodeEvent(event));
}

Json Result(const Inspection& in, std::string_view format) {
  Json::Array columns;
  for (const ColumnGuess& column : in.columns) {
    Json::Object entry{{"name", column.name}, {"kind", NameOfKind(column.kind)}, {"examples", Words(column.examples)}};
    if (column.kind == ColumnKind::kDate) entry.emplace("form", column.forms.front());
    if (column.kind == ColumnKind::kNumber) entry.emplace("form", absl::StrCat("1", column.group, "000", std::string(1, column.decimal), "5"));
    columns.push_back(Json(std::move(entry)));
  }
  const bool lines = format == "ndjson";
  return Json(Json::Object{{"format", format}, {"encoding", NameOfEncoding(in.encoding)},
                           {"delimiter", lines ? Json() : Json(in.guess.delimiter)}, {"header", lines ? Json() : Json(in.guess.header)},
                           {"columns", std::move(columns)}, {"fits", in.fits}, {"mapping", in.mapping}, {"events", in.events},
                           {"types", Counted(in.types)}, {"warnings", Words(in.warnings)}});
}

// --- NDJSON ----------------------------------------------------------------------------------------------------
bool LooksLikeLines(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && text[start] == '{';
}

Json InspectLines(const std::string& text, Inspection& out) {
  std::int64_t line = 0, read = 0, refused = 0;
  DecodeOptions options;
  options.on_unknown = OnUnknown::kKeep;
  options.own_events = true;
  for (const absl::string_view raw : absl::StrSplit(text, '\n')) {
    ++line;
    if (raw.find_first_not_of(" \t\r") == absl::string_view::npos) continue;
    if (++read > kInspectedRows) break;
    const absl::StatusOr<std::vector<Event>> events = DecodeLines(ToStd(raw), options);
    if (events.ok() && !events->empty()) Show(events->front(), out);
    if (!events.ok() && ++refused == 1) out.warnings.push_back(absl::StrCat("Line ", line, " is no event: ", std::string(events.status().message())));
  }
  if (refused > 1) out.warnings.push_back(absl::StrCat(refused, " lines are no events."));
  return Result(out, "ndjson");
}

// --- which mapping ---------------------------------------------------------------------------------------------
// How the file is written goes into the document; the rest is the mapping's own.
Json AsWritten(Json document, const Inspection& in) {
  Json::Object& object = *document.if_object();
  object.insert_or_assign("encoding", Json(NameOfEncoding(in.encoding)));
  object.insert_or_assign("delimiter", Json(in.guess.delimiter));
  if (in.guess.quote == '\0' && in.guess.delimiter != "spaces") object.insert_or_assign("quote", Json(""));
  return document;
}

void FindFits(const ZoneRules& zones, Inspection& out) {
  const std::set<std::string> there(out.guess.columns.begin(), out.guess.columns.end());
  std::vector<std::pair<double, std::string>> shares;
  double best = 0;
  for (const std::string& name : ShippedMappings()) {
    const absl::StatusOr<Mapping> mapping = Mapping::Shipped(name, zones);
    const absl::StatusOr<MappedFile> file = mapping.ok() ? CompileMapping(mapping->document(), zones) : mapping.status();
    if (!file.ok()) continue;
    std::size_t found = 0;
    bool usable = true;
    for (const std::string& column : file->columns) {
      found += there.contains(column) ? 1 : 0;
      usable = usable && (there.contains(column) || file->optional_columns.contains(column));
    }
    const double share = static_cast<double>(found) / static_cast<double>(file->columns.size());
    if (found > 0) shares.emplace_back(share, name);
    if (!usable || share <= best || share < 0.5) continue;
    best = share;
    out.mapping = AsWritten(mapping->document(), out);
  }
  std::stable_sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [share, name] : shares) {
    if (out.fits.size() < kShownEvents) out.fits.push_back(Json(Json::Object{{"mapping", name}, {"share", std::round(share * 1000) / 1000}}));
  }
}

// --- a mapping of its own --------------------------------------------------------------------------------------
const ColumnGuess* FirstOf(const Inspection& in, ColumnKind kind, std::initializer_list<std::string_view> words, bool named_only) {
  const ColumnGuess* first = nullptr;
  for (const ColumnGuess& column : in.columns) {
    if (column.kind != kind) continue;
    if (NameHolds(column.name, words)) return &column;
    if (first == nullptr) first = &column;
  }
  return named_only ? nullptr : first;
}

Json CellOf(const ColumnGuess& column) { return Json(Json::Object{{"column", column.name}}); }

Json TimeOf(const ColumnGuess& column) {
  Json::Object time{{"column", column.name}};
  if (column.forms.size() == 1) time.emplace("form", column.forms.front());
  else time.emplace("forms", Words(column.forms));
  const auto says_hour = [](const std::string& form) { return form.find("%H") != std::string::npos || form.find('%') == std::string::npos; };
  if (std::none_of(column.forms.begin(), column.forms.end(), says_hour)) time.emplace("at", "12:00");
  return Json(std::move(time));
}

Json AmountOf(const ColumnGuess& column) {
  Json::Object cell{{"column", column.name}, {"as", "amount"}};
  if (column.decimal != '.') cell.emplace("decimal", std::string(1, column.decimal));
  if (!column.group.empty()) cell.emplace("group", column.group);
  return Json(std::move(cell));
}

Json PurchaseOf(const Inspection& in, const ColumnGuess& customer, const ColumnGuess& time, const ColumnGuess& amount) {
  const ColumnGuess* currency = FirstOf(in, ColumnKind::kCurrency, {}, false);
  const ColumnGuess* order = FirstOf(in, ColumnKind::kId, {"order", "invoice", "receipt", "bestell", "rechnung", "注文", "주문", "订单"}, true);
  Json::Object data{{"currency", currency != nullptr ? CellOf(*currency) : Json(Json::Object{{"value", "USD"}})},
                    {"lines", Json::Array{Json(Json::Object{{"amount", AmountOf(amount)}})}}};
  Json::Object event{{"type", "purchase.placed"}, {"subject", CellOf(customer)}, {"time", TimeOf(time)}};
  if (order != nullptr && order != &customer) {
    data.emplace("order", CellOf(*order));
    if (order->distinct) event.emplace("id", CellOf(*order));
  }
  event.emplace("data", Json(std::move(data)));
  return Json(std::move(event));
}

Json CustomerOf(const Inspection& in, const ColumnGuess& customer, const ColumnGuess* time, const ColumnGuess& name) {
  Json::Object data{{"kind", Json(Json::Object{{"value", "person"}})}, {"name", CellOf(name)}};
  if (const ColumnGuess* mail = FirstOf(in, ColumnKind::kMail, {}, false)) data.emplace("mail", CellOf(*mail));
  if (const ColumnGuess* phone = FirstOf(in, ColumnKind::kPhone, {}, false)) data.emplace("phone", CellOf(*phone));
  return Json(Json::Object{{"type", "customer.upserted"}, {"subject", CellOf(customer)},
                           {"time", time != nullptr ? TimeOf(*time) : Json(Json::Object{{"value", "2000-01-01T00:00:00Z"}})},
                           {"data", Json(std::move(data))}});
}

Json DocumentOf(const Inspection& in, Json event) {
  Json::Object document{{"rapport_mapping", 1}, {"source", "import"}, {"format", "delimited"}, {"header", in.guess.header}, {"zone", "UTC"},
                        {"events", Json::Array{std::move(event)}}};
  if (!in.guess.header) document.emplace("columns", Words(in.guess.columns));
  return AsWritten(Json(std::move(document)), in);
}

void Propose(Inspection& out) {
  const ColumnGuess* customer = FirstOf(out, ColumnKind::kId, {"customer", "client", "account", "user", "buyer", "kunde", "顧客", "고객", "客户"}, false);
  const ColumnGuess* time = FirstOf(out, ColumnKind::kDate, {"order", "date", "created"}, false);
  const ColumnGuess* amount = FirstOf(out, ColumnKind::kNumber, {"amount", "total", "revenue", "value", "betrag", "umsatz", "price", "sum", "金額", "금액", "金额"}, false);
  const ColumnGuess* name = FirstOf(out, ColumnKind::kText, {"name", "氏名", "이름", "姓名"}, true);
  if (customer == nullptr) return;
  if (time != nullptr && amount != nullptr) {
    out.mapping = DocumentOf(out, PurchaseOf(out, *customer, *time, *amount));
    if (FirstOf(out, ColumnKind::kCurrency, {}, false) == nullptr) out.warnings.push_back("No column says the currency: USD stands in the mapping until you change it.");
  } else if (name != nullptr) {
    out.mapping = DocumentOf(out, CustomerOf(out, *customer, time, *name));
  }
}

// --- what a person should look at ------------------------------------------------------------------------------
void WarnOfColumns(Inspection& out) {
  for (const ColumnGuess& column : out.columns) {
    const std::string named = absl::StrCat("Column \"", column.name, "\" ");
    if (column.mangled) out.warnings.push_back(absl::StrCat(named, "holds numbers like 1.23E+05: a spreadsheet rounded them; export it as text."));
    if (column.day_or_month) out.warnings.push_back(absl::StrCat(named, "does not tell day from month: read as \"", column.forms.front(), "\"."));
    if (column.forms.size() < 2) continue;
    out.warnings.push_back(absl::StrCat(named, "holds dates of ", column.forms.size(), " forms: ", absl::StrJoin(column.forms, ", "), "."));
  }
  if (out.guess.rows.blank_at_end) out.warnings.push_back(absl::StrCat(out.guess.rows.blank, " blank rows; those at the end are left out."));
}

void WarnOfMapping(const MappedFile& file, const FileEvents& made, Inspection& out) {
  std::vector<std::string> unused;
  for (const ColumnGuess& column : out.columns) {
    const bool used = out.mapping.Canonical().find(absl::StrCat(":", Json(column.name).Canonical())) != std::string::npos;
    if (!used && column.kind != ColumnKind::kEmpty) unused.push_back(column.name);
  }
  if (!unused.empty()) out.warnings.push_back(absl::StrCat("Columns nobody uses: ", absl::StrJoin(unused, ", "), "."));
  const bool local = std::any_of(file.events.begin(), file.events.end(), [](const MappedEvent& event) {
    return std::any_of(event.time.forms.begin(), event.time.forms.end(), [](const TimeForm& form) { return !form.has_offset; });
  });
  if (local && file.zone->name() == "UTC") out.warnings.push_back("Times without an offset are read in UTC; \"zone\" says where they were written.");
  if (made.rejected.empty()) return;
  out.warnings.push_back(absl::StrCat(made.rejected.size(), " rows make no event; the first: ", made.rejected.front().message));
}

void ShowEvents(const ZoneRules& zones, Inspection& out) {
  const absl::StatusOr<Mapping> mapping = Mapping::Parse(out.mapping.Canonical(), zones);
  const absl::StatusOr<MappedFile> file = mapping.ok() ? CompileMapping(out.mapping, zones) : mapping.status();
  std::vector<Cells> rows;
  for (DelimitedRow& row : out.guess.rows.rows) rows.push_back(std::move(row.fields));
  ImportOptions options;
  options.max_rejects = kInspectedRows;
  const absl::StatusOr<FileEvents> made = file.ok() ? MapRows(out.guess.columns, rows, *mapping, zones, options) : file.status();
  if (!made.ok()) {
    out.warnings.push_back(absl::StrCat("No mapping can be proposed: ", std::string(made.status().message())));
    out.mapping = Json();
    return;
  }
  for (const Event& event : made->events) Show(event, out);
  WarnOfMapping(*file, *made, out);
}

}  // namespace

absl::StatusOr<Json> InspectFile(const std::string& path, const ZoneRules& zones) {
  RAPPORT_ASSIGN_OR_RETURN(std::string bytes, ReadWhole(path, kMostBytes));
  if (bytes.size() >= kMostBytes) bytes.resize(bytes.rfind('\n') == std::string::npos ? bytes.size() : bytes.rfind('\n') + 1);
  return InspectBytes(bytes, path, zones);
}

absl::StatusOr<Json> InspectBytes(std::string_view bytes, std::string_view path, const ZoneRules& zones) {
  Inspection out;
  out.encoding = GuessEncoding(bytes);
  RAPPORT_ASSIGN_OR_RETURN(const std::string text, ToUtf8(bytes, out.encoding, path));
  if (LooksLikeLines(text)) return InspectLines(text, out);
  out.guess = GuessDelimited(text, path);
  for (std::size_t i = 0; i < out.guess.columns.size(); ++i) out.columns.push_back(GuessColumn(out.guess.columns[i], out.guess.rows.rows, i));
  WarnOfColumns(out);
  FindFits(zones, out);
  if (out.mapping.is_null()) Propose(out);
  if (out.mapping.is_null()) out.warnings.push_back("No customer's id with a time and an amount, or with a name: no mapping can be proposed.");
  else ShowEvents(zones, out);
  return Result(out, "delimited");
}

}  // namespace rapport
