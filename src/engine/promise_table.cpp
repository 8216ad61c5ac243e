#include "engine/promise_table.hpp"

#include <algorithm>
#include <tuple>

#include "engine/cell_of.hpp"
#include "policy/wording.hpp"
#include "rapport/expectation/kept_share.hpp"
#include "rapport/expectation/promise_outcome.hpp"
#include "rapport/expectation/promise_sentence.hpp"
#include "rapport/signals/promise_chance.hpp"

namespace rapport {
namespace {

const RepId kNobody;

Table EmptyTable() {
  return Table({{"customer", ColumnType::kText}, {"promise", ColumnType::kText}, {"word", ColumnType::kInteger}, {"current", ColumnType::kBool},
                {"by", ColumnType::kText}, {"rep", ColumnType::kText}, {"contact", ColumnType::kText}, {"order", ColumnType::kText},
                {"product", ColumnType::kText}, {"dimension", ColumnType::kText}, {"made_at", ColumnType::kInstant}, {"given_at", ColumnType::kInstant},
                {"quantity", ColumnType::kNumber}, {"unit", ColumnType::kText}, {"due", ColumnType::kDay}, {"announced_due", ColumnType::kDay},
                {"delivered_quantity", ColumnType::kNumber}, {"ready", ColumnType::kNumber}, {"work_left", ColumnType::kInteger},
                {"outcome", ColumnType::kText}, {"fulfilled_on", ColumnType::kDay}, {"margin_days", ColumnType::kInteger},
                {"margin_working_days", ColumnType::kInteger}, {"margin_quantity", ColumnType::kNumber}, {"deliveries", ColumnType::kInteger},
                {"deliveries_before_promise", ColumnType::kInteger}, {"deliveries_in_other_unit", ColumnType::kInteger},
                {"deliveries_after_withdrawal", ColumnType::kInteger}, {"probability_kept", ColumnType::kNumber}, {"agree_on", ColumnType::kDay},
                {"sentence", ColumnType::kText}});
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

// What is told of a word beside its judgement.
struct Outlook {
  std::optional<double> probability_kept;
  std::optional<Day> agree_on;          // where it is at risk
  std::string sentence;
};

Outlook OutlookOf(const SignalInput& input, const PromiseRecord& promise, const PromiseWord& word) {
  Outlook outlook;
  const std::optional<PromiseChance> chance = word.current() ? ChanceOf(input, promise) : std::nullopt;
  if (!chance.has_value()) return outlook;
  outlook.probability_kept = RoundSignal(chance->chance);
  if (chance->chance >= kPromiseAtRisk) return outlook;
  outlook.agree_on = input.context->keeping->DayFor(chance->asked, kDayToAgreeHolds, *promise.due + 1, chance->calendar);
  return outlook;
}

void AddWord(const CustomerId& customer, const PromiseRecord& p, const PromiseWord& word, const Outlook& outlook, std::int64_t number, Instant as_of, Table& table) {
  const PromiseJudgement& judged = word.judged;
  const bool now = word.current();
  table.AppendRow({customer.text(), p.id.text(), number, now, std::string(NameOf(p.by)), CellOf(p.rep), CellOf(p.contact), CellOf(p.order),
                   CellOf(p.product), CellOf(p.dimension), p.made, CellOf(word.terms.given), CellOf(word.terms.quantity), CellOf(p.unit),
                   CellOf(word.terms.due), CellOf(AnnouncedDue(p, word, as_of)), judged.delivered, now ? CellOf(p.ready) : Cell(),
                   now ? CellOf(p.work_left) : Cell(), std::string(NameOf(judged.outcome)), CellOf(judged.fulfilled_on), CellOf(judged.margin_days),
                   CellOf(judged.margin_working_days), CellOf(judged.margin_quantity), DeliveredWhile(p, word, as_of),
                   Uncounted(p, UncountedBecause::kBeforePromise, as_of), Uncounted(p, UncountedBecause::kOtherUnit, as_of),
                   Uncounted(p, UncountedBecause::kAfterWithdrawal, as_of), CellOf(outlook.probability_kept), CellOf(outlook.agree_on), outlook.sentence});
}

}  // namespace

absl::StatusOr<Table> PromiseTable(const Book& book, Instant as_of, std::span<const CustomerId> customers, const Texts& texts, Language language) {
  RAPPORT_ASSIGN_OR_RETURN(const SignalContext context, SignalContext::From(book.context()));
  Table table = EmptyTable();
  absl::Status said;
  const auto add = [&](const SignalInput& input, const PromiseRecord& promise) -> absl::Status {
    const std::vector<PromiseWord> words = JudgeWords(promise, *input.zone, WeekOf(book.context(), promise.rep), as_of);
    for (std::size_t i = 0; i < words.size(); ++i) {
      Outlook outlook = OutlookOf(input, promise, words[i]);
      const Sentence sentence = TellPromise(promise, words[i], i + 1 < words.size() ? &words[i + 1] : nullptr, *input.zone, input.today);
      RAPPORT_ASSIGN_OR_RETURN(outlook.sentence, Speaker(language, texts).Say(sentence));
      AddWord(input.account->id, promise, words[i], outlook, static_cast<std::int64_t>(i + 1), as_of, table);
    }
    return absl::OkStatus();
  };
  std::vector<const PromiseRecord*> promises;
  book.Visit(customers, [&](const Account& account) {
    promises.clear();
    for (const auto* some : {&account.promises, &account.withdrawn_promises}) {
      for (const PromiseRecord& promise : *some) promises.push_back(&promise);
    }
    std::sort(promises.begin(), promises.end(), MadeBefore);
    const SignalInput input = InputFor(account, context, as_of);
    for (const PromiseRecord* promise : promises) said.Update(add(input, *promise));
  });
  RAPPORT_RETURN_IF_ERROR(said);
  return table;
}

absl::StatusOr<Table> KeptShareTableOf(const Book& book, Instant as_of) {
  KeptCounts counts;
  absl::Status added;
  book.Visit({}, [&](const Account& account) {
    const Zone& zone = book.context().ZoneOf(std::nullopt, account.profile.zone);
    for (const PromiseRecord& promise : account.promises) {
      if (promise.by != PromiseBy::kOurs) continue;
      const RepId& rep = promise.rep.has_value() ? *promise.rep : account.owner.has_value() ? *account.owner : kNobody;
      for (const PromiseWord& word : JudgeWords(promise, zone, WeekOf(book.context(), promise.rep), as_of)) {
        if (!IsJudged(word.judged.outcome)) continue;
        SettledPromise settled;
        settled.rep = rep.text();
        if (promise.product.has_value()) settled.product = promise.product->text();
        if (promise.dimension.has_value()) settled.dimension = *promise.dimension;
        settled.kept = IsKept(word.judged.outcome);
        if (word.judged.margin_days.has_value()) settled.margin_days = static_cast<double>(*word.judged.margin_days);
        settled.margin_quantity = word.judged.margin_quantity;
        added.Update(counts.Add(settled));
      }
    }
  });
  RAPPORT_RETURN_IF_ERROR(added);
  return KeptShareTable(counts);
}

}  // namespace rapport
