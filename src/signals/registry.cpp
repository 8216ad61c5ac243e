#include "rapport/signals/registry.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "rapport/core/status.hpp"
#include "signals/touch_rows.hpp"

namespace rapport {
namespace {

std::vector<SignalColumn> Collect() {
  std::vector<SignalColumn> all;
  for (const auto family : {PurchaseSignals(), ValueSignals(), PromiseSignals(), PromiseChanceSignals(), WorrySignals(), TouchSignals(),
                            AccountSignals(), RelationSignals(), ExpectationSignals(), OwnerSignals(), RelationshipSignals(),
                            NetworkSignals(), LetterSignals()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  std::sort(all.begin(), all.end(), [](const SignalColumn& a, const SignalColumn& b) { return a.name < b.name; });
  return all;
}

// Levenshtein's distance.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string_view NearestName(std::string_view name) {
  std::string_view nearest;
  std::size_t least = std::string_view::npos;
  for (const SignalColumn& column : AllSignals()) {
    const std::size_t distance = EditDistance(name, column.name);
    if (distance >= least) continue;
    least = distance;
    nearest = column.name;
  }
  return nearest;
}

absl::StatusOr<std::vector<const SignalColumn*>> ChosenColumns(std::span<const std::string> names) {
  std::vector<const SignalColumn*> chosen;
  if (names.empty()) {
    for (const SignalColumn& column : AllSignals()) chosen.push_back(&column);
  }
  for (const std::string& name : names) {
    if (name.starts_with("host.")) continue;
    RAPPORT_ASSIGN_OR_RETURN(const SignalColumn* column, FindSignal(name));
    if (std::find(chosen.begin(), chosen.end(), column) == chosen.end()) chosen.push_back(column);
  }
  return chosen;
}

absl::Status CheckCustomers(const Book& book, std::span<const CustomerId> customers) {
  for (const CustomerId& customer : customers) {
    if (book.Find(customer) != nullptr) continue;
    return NotFound("signal.unknown_customer", "customer: found \"" + customer.text() + "\", expected a customer of the book");
  }
  return absl::OkStatus();
}

constexpr std::string_view kHost = "host.";

// A column of the host's own: the newest value that signal.observed gave it.
struct HostColumn {
  std::string name;   // without "host."
  bool text = false;
};

std::vector<HostColumn> HostColumns(const BookContext& context, std::span<const std::string> names) {
  std::vector<HostColumn> columns;
  const auto add = [&](const std::string& name) {
    const auto declared = context.host_signals.find(name);
    columns.push_back({name, declared != context.host_signals.end() && declared->second == "text"});
  };
  if (names.empty()) {
    for (const auto& [name, type] : context.host_signals) add(name);
  }
  for (const std::string& name : names) {
    if (name.starts_with(kHost)) add(name.substr(kHost.size()));
  }
  return columns;
}

Cell HostCell(const Account& account, const HostColumn& column) {
  const auto found = account.relations.host.find(column.name);
  if (found == account.relations.host.end()) return Cell();
  if (column.text) return found->second.text ? Cell(*found->second.text) : Cell();
  return found->second.value ? Cell(RoundSignal(*found->second.value)) : Cell();
}

}  // namespace

std::string_view NameOf(Motion motion) {
  switch (motion) {
    case Motion::kConstant: return "constant";
    case Motion::kClockLinear: return "clock_linear";
    case Motion::kMonotone: return "monotone";
    case Motion::kPolled: return "polled";
  }
  return {};
}

SignalValue SignalColumn::Of(const SignalInput& input) const {
  if (host.empty()) return input.memo != nullptr ? compute(input) : compute(Memorised(input).input());
  const auto found = input.account->relations.host.find(host);
  if (found == input.account->relations.host.end()) return {};
  const HostSignalRecord& said = found->second;
  if (type == ColumnType::kText) return MadeBy(input, said.text ? Cell(*said.text) : Cell(), said.key);
  return MadeBy(input, said.value ? Number(*said.value) : Cell(), said.key);
}

std::shared_ptr<const SignalColumn> HostSignal(std::string_view name, ColumnType type) {
  // The name outlives the column: it is part of it.
  struct Named {
    std::string name;
    SignalColumn column;
  };
  auto named = std::make_shared<Named>();
  named->name = std::string(name);
  named->column = {named->name, type, kNoUnit, "A column of the host's own.", Motion::kConstant, 0, nullptr, std::string(name.substr(kHost.size()))};
  return std::shared_ptr<const SignalColumn>(named, &named->column);
}

std::span<const SignalColumn> AllSignals() {
  static const std::vector<SignalColumn> all = Collect();
  return all;
}

absl::StatusOr<const SignalColumn*> FindSignal(std::string_view name) {
  const std::span<const SignalColumn> all = AllSignals();
  const auto at = std::lower_bound(all.begin(), all.end(), name,
                                   [](const SignalColumn& column, std::string_view n) { return column.name < n; });
  if (at != all.end() && at->name == name) return &*at;
  return NotFound("signal.unknown", "signal: found \"" + std::string(name) +
                                        "\", expected a known one; the nearest is \"" +
                                        std::string(NearestName(name)) + "\"");
}

const SignalColumn& SignalNamed(std::string_view name) {
  const absl::StatusOr<const SignalColumn*> found = FindSignal(name);
  RAPPORT_INVARIANT(found.ok(), "a signal that the code or a checked document names is there");
  return **found;
}

SignalInput InputFor(const Account& account, const SignalContext& context, Instant as_of) {
  const Zone& zone = context.book->ZoneOf(std::nullopt, account.profile.zone);
  return SignalInput{&account, &context, &zone, as_of, zone.LocalDay(as_of)};
}

void SignalValuesOf(std::span<const SignalColumn* const> columns, const Account& account, const SignalContext& context, Instant as_of, std::span<Cell> out) {
  SignalMemo memo;
  SignalInput input = InputFor(account, context, as_of);
  input.explain = false;
  input.memo = &memo;
  for (std::size_t i = 0; i < columns.size(); ++i) out[i] = columns[i]->Of(input).value;
}

double RoundSignal(double value) {
  constexpr double kExactWhole = 1e12;
  if (value == 0) return 0;  // also -0
  if (!std::isfinite(value) || (std::fabs(value) < kExactWhole && value == std::trunc(value))) return value;
  char text[32];
  const auto written = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, 11);
  double rounded = 0;
  std::from_chars(text, written.ptr, rounded);
  return rounded;
}

absl::StatusOr<Table> SignalTable(const Book& book, Instant as_of, std::span<const CustomerId> customers,
                                  std::span<const std::string> columns) {
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<const SignalColumn*> chosen, ChosenColumns(columns));
  RAPPORT_RETURN_IF_ERROR(CheckCustomers(book, customers));
  const std::vector<HostColumn> host = HostColumns(book.context(), columns);
  RAPPORT_ASSIGN_OR_RETURN(const SignalContext context, SignalContext::From(book.context()));

  std::vector<std::pair<std::string, ColumnType>> header{{"customer", ColumnType::kText}};
  for (const SignalColumn* column : chosen) header.emplace_back(column->name, column->type);
  for (const HostColumn& column : host) {
    header.emplace_back(std::string(kHost) + column.name, column.text ? ColumnType::kText : ColumnType::kNumber);
  }
  Table table(std::move(header));
  std::vector<Cell> row(chosen.size() + host.size() + 1);
  book.Visit(customers, [&](const Account& account) {
    row[0] = account.id.text();
    SignalValuesOf(chosen, account, context, as_of, std::span(row).subspan(1));
    for (std::size_t i = 0; i < host.size(); ++i) row[chosen.size() + 1 + i] = HostCell(account, host[i]);
    table.AppendRow(row);
  });
  return table;
}

}  // namespace rapport
