// How the customers of a book stand with us, as a table.
#include <array>

#include "absl/strings/str_cat.h"
#include "engine/relationship_table.hpp"
#include "policy/wording.hpp"
#include "rapport/signals/relationship.hpp"

namespace rapport {
namespace {

// The columns that are signals, under these names, before and after `due`; last what `due` is told by.
struct NamedSignal {
  std::string_view column, signal;
};
constexpr std::array<NamedSignal, 17> kSignals{{{"trust", "relationship.trust"},
                                                {"rung", "relationship.rung"},
                                                {"falls_on", "relationship.falls_on"},
                                                {"days_to_fall", "relationship.days_to_fall"},
                                                {"health", "relationship.health"},
                                                {"band", "relationship.band"},
                                                {"trend", "relationship.trend"},
                                                {"both_sides_share", "touch.both_sides_share"},
                                                {"last_at", "touch.last_at"},
                                                {"last_care_at", "touch.last_care_at"},
                                                {"ideal_days", "touch.ideal_days"},
                                                {"latest_days", "touch.latest_days"},
                                                {"best_window", "reach.best_window"},
                                                {"people", "relationship.people"},
                                                {"sender", "relationship.sender"},
                                                {"", "touch.due_days"},
                                                {"", "touch.overdue_days"}}};
constexpr std::size_t kBeforeDue = 12, kTold = 15, kDueDays = 15, kOverdueDays = 16;

using Columns = std::array<const SignalColumn*, kSignals.size()>;

Columns FindColumns() {
  Columns columns;
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = &SignalNamed(kSignals[i].signal);
  return columns;
}

Table EmptyTable(const Columns& columns) {
  std::vector<std::pair<std::string, ColumnType>> header{{"customer", ColumnType::kText}, {"customer_name", ColumnType::kText}};
  for (std::size_t i = 0; i < kTold; ++i) {
    if (i == kBeforeDue) header.emplace_back("due", ColumnType::kText);
    header.emplace_back(std::string(kSignals[i].column), columns[i]->type);
  }
  for (const char* said : {"reasons_for", "reasons_against", "sentence"}) header.emplace_back(said, ColumnType::kText);
  return Table(std::move(header));
}

// Whether contact that cares is due; null where no interval is known, or nobody can say since when.
Cell DueOf(const Cell& due_days, const Cell& overdue_days) {
  const auto* due = std::get_if<std::int64_t>(&due_days);
  const auto* overdue = std::get_if<std::int64_t>(&overdue_days);
  if (overdue != nullptr && *overdue > 0) return std::string("overdue");
  if (due != nullptr && *due >= 0) return std::string("due");
  return due != nullptr || overdue != nullptr ? Cell(std::string("fine")) : Cell();
}

absl::StatusOr<Cell> SayReasons(const std::vector<HealthReason>& reasons, const Speaker& speaker) {
  std::string said;
  for (const HealthReason& reason : reasons) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string sentence, speaker.Say(reason.sentence));
    absl::StrAppend(&said, said.empty() ? "" : "; ", sentence);
  }
  return said.empty() ? Cell() : Cell(std::move(said));
}

absl::Status AddStanding(const SignalInput& input, std::vector<Cell>& row, const Speaker& speaker) {
  const std::optional<Standing> standing = StandingOf(input);
  if (!standing.has_value()) {   // without consent to be scored nothing is said
    row.resize(row.size() + 3);
    return absl::OkStatus();
  }
  for (const auto* reasons : {&standing->health.reasons_for, &standing->health.reasons_against}) {
    RAPPORT_ASSIGN_OR_RETURN(Cell said, SayReasons(*reasons, speaker));
    row.push_back(std::move(said));
  }
  RAPPORT_ASSIGN_OR_RETURN(std::string said, speaker.Say(TellStanding(*standing)));
  row.emplace_back(std::move(said));
  return absl::OkStatus();
}

}  // namespace

Sentence TellStanding(const Standing& standing) {
  Sentence sentence{"standing." + std::string(NameOf(standing.rung)), {}};
  if (standing.rung == Rung::kNone && standing.trust == 0) sentence.key += ".never";   // an order or a mailing is no contact with a person
  if (standing.falls_on.has_value()) sentence.arguments["falls"] = *standing.falls_on;
  return sentence;
}

absl::StatusOr<Table> RelationshipTable(const Book& book, Instant as_of, std::span<const CustomerId> customers, const Texts& texts, Language language) {
  RAPPORT_ASSIGN_OR_RETURN(const SignalContext context, SignalContext::From(book.context()));
  const Columns columns = FindColumns();
  const Speaker speaker(language, texts);
  Table table = EmptyTable(columns);
  std::array<Cell, kSignals.size()> values;
  absl::Status said;
  book.Visit(customers, [&](const Account& account) {
    SignalValuesOf(columns, account, context, as_of, values);
    std::vector<Cell> row{account.id.text(), texts.Customer(account.id, language)};
    row.insert(row.end(), values.begin(), values.begin() + kBeforeDue);
    row.push_back(DueOf(values[kDueDays], values[kOverdueDays]));
    row.insert(row.end(), values.begin() + kBeforeDue, values.begin() + kTold);
    said.Update(AddStanding(InputFor(account, context, as_of), row, speaker));
    if (said.ok()) table.AppendRow(row);
  });
  RAPPORT_RETURN_IF_ERROR(said);
  return table;
}

}  // namespace rapport
