#include "engine/promise_table.hpp"

#include <algorithm>
#include <tuple>

#include "rapport/expectation/promise_outcome.hpp"

namespace rapport {
namespace {

Table EmptyTable() {
  return Table({{"customer", ColumnType::kText}, {"promise", ColumnType::kText}, {"word", ColumnType::kInteger}, {"current", ColumnType::kBool},
                {"by", ColumnType::kText}, {"rep", ColumnType::kText}, {"contact", ColumnType::kText}, {"order", ColumnType::kText},
                {"product", ColumnType::kText}, {"dimension", ColumnType::kText}, {"made_at", ColumnType::kInstant}, {"given_at", ColumnType::kInstant},
                {"quantity", ColumnType::kNumber}, {"unit", ColumnType::kText}, {"due", ColumnType::kDay}, {"announced_due", ColumnType::kDay},
                {"delivered_quantity", ColumnType::kNumber}, {"ready", ColumnType::kNumber}, {"work_left", ColumnType::kInteger},
                {"outcome", ColumnType::kText}, {"fulfilled_on", ColumnType::kDay}, {"margin_days", ColumnType::kInteger},
                {"margin_working_days", ColumnType::kInteger}, {"margin_quantity", ColumnType::kNumber}, {"deliveries", ColumnType::kInteger},
                {"deliveries_before_promise", ColumnType::kInteger}, {"deliveries_in_other_unit", ColumnType::kInteger},
                {"deliveries_after_withdrawal", ColumnType::kInteger}});
}

template <class T>
Cell CellOf(const std::optional<T>& value) {
  if (!value.has_value()) return Cell();
  if constexpr (requires { value->text(); }) return Cell(value->text());
  else return Cell(*value);
}

bool MadeBefore(const PromiseRecord* a, const PromiseRecord* b) { return std::tie(a->made, a->id, a->key) < std::tie(b->made, b->id, b->key); }

std::int64_t Uncounted(const PromiseRecord& promise, UncountedBecause because, Instant as_of) {
  return std::count_if(promise.uncounted.begin(), promise.uncounted.end(), [&](const UncountedDelivery& one) {
    return one.because == because && one.delivery.at <= as_of;
  });
}

// The newest due day that was only announced while the word stood.
std::optional<Day> AnnouncedDue(const PromiseRecord& promise, const PromiseWord& word, Instant as_of) {
  std::optional<Day> announced;
  for (const PromiseRevision& revision : promise.revisions) {
    const bool stood = word.terms.given <= revision.at && revision.at <= word.replaced_at.value_or(as_of) && revision.at <= as_of;
    if (!revision.agreed && stood) announced = revision.due_after;
  }
  return announced;
}

std::int64_t DeliveredWhile(const PromiseRecord& promise, const PromiseWord& word, Instant as_of) {
  return std::count_if(promise.deliveries.begin(), promise.deliveries.end(), [&](const PromiseDelivery& delivery) {
    return delivery.at <= as_of && (!word.replaced_at.has_value() || delivery.at < *word.replaced_at);
  });
}

void AddWord(const CustomerId& customer, const PromiseRecord& p, const PromiseWord& word, std::int64_t number, Instant as_of, Table& table) {
  const PromiseJudgement& judged = word.judged;
  const bool now = word.current();
  table.AppendRow({customer.text(), p.id.text(), number, now, std::string(NameOf(p.by)), CellOf(p.rep), CellOf(p.contact), CellOf(p.order),
                   CellOf(p.product), CellOf(p.dimension), p.made, CellOf(word.terms.given), CellOf(word.terms.quantity), CellOf(p.unit),
                   CellOf(word.terms.due), CellOf(AnnouncedDue(p, word, as_of)), judged.delivered, now ? CellOf(p.ready) : Cell(),
                   now ? CellOf(p.work_left) : Cell(), std::string(NameOf(judged.outcome)), CellOf(judged.fulfilled_on), CellOf(judged.margin_days),
                   CellOf(judged.margin_working_days), CellOf(judged.margin_quantity), DeliveredWhile(p, word, as_of),
                   Uncounted(p, UncountedBecause::kBeforePromise, as_of), Uncounted(p, UncountedBecause::kOtherUnit, as_of),
                   Uncounted(p, UncountedBecause::kAfterWithdrawal, as_of)});
}

}  // namespace

Table PromiseTable(const Book& book, Instant as_of, std::span<const CustomerId> customers) {
  Table table = EmptyTable();
  std::vector<const PromiseRecord*> promises;
  book.Visit(customers, [&](const Account& account) {
    promises.clear();
    for (const auto* some : {&account.promises, &account.withdrawn_promises}) {
      for (const PromiseRecord& promise : *some) promises.push_back(&promise);
    }
    std::sort(promises.begin(), promises.end(), MadeBefore);
    const Zone& zone = book.context().ZoneOf(std::nullopt, account.profile.zone);
    for (const PromiseRecord* promise : promises) {
      std::int64_t number = 0;
      for (const PromiseWord& word : JudgeWords(*promise, zone, WeekOf(book.context(), promise->rep), as_of)) {
        AddWord(account.id, *promise, word, ++number, as_of, table);
      }
    }
  });
  return table;
}

}  // namespace rapport
