// The morning's brief, adherence, the report and letters of a book.
#include "engine/engine_impl.hpp"
#include "engine/said_brief.hpp"
#include "rapport/book/visit_only.hpp"
#include "rapport/plan/adherence.hpp"
#include "rapport/plan/letters.hpp"
#include "rapport/plan/report.hpp"

namespace rapport {
namespace {

constexpr int kMostWeeks = 520;

absl::Status CheckWeeks(int weeks) {
  if (weeks >= 1 && weeks <= kMostWeeks) return absl::OkStatus();
  return Invalid("adherence.invalid_weeks", absl::StrCat("weeks: found ", weeks, ", expected 1 to ", kMostWeeks));
}

}  // namespace

absl::StatusOr<Json> SayBrief(const Book& book, const BriefScope& scope, Instant as_of, const std::optional<std::vector<CustomerId>>& customers,
                              Language language, const Texts& texts) {
  RAPPORT_ASSIGN_OR_RETURN(const SignalContext context, SignalContext::From(book.context()));
  const Sheet sheet = MakeBrief(book, context, scope, as_of, customers);
  RAPPORT_ASSIGN_OR_RETURN(std::string text, BriefText(sheet, language, texts));
  return SheetDocument(sheet, std::move(text), language, texts);
}

absl::StatusOr<Json> Engine::Brief(std::string_view team_or_rep, Day day, const std::optional<ReadAt>& at, Language language) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    ReadAt read = at.value_or(ReadAt{});
    if (!at.has_value()) {
      RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> newest, impl_->BookAt(std::nullopt));
      read.as_of = newest->context().ZoneOf(std::nullopt, std::nullopt).StartOf(day);
    }
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(read));
    RAPPORT_ASSIGN_OR_RETURN(BriefScope scope, BriefScopeOf(book->context(), team_or_rep, day));
    if (const Instant begins = scope.zone->StartOf(day); !at.has_value() && begins != read.as_of) {   // a rep's day begins where he is
      read.as_of = begins;
      RAPPORT_ASSIGN_OR_RETURN(book, impl_->BookFor(read));
      RAPPORT_ASSIGN_OR_RETURN(scope, BriefScopeOf(book->context(), team_or_rep, day));
    }
    const std::vector<RepId> reps(scope.reps.begin(), scope.reps.end());
    return SayBrief(*book, scope, read.as_of, impl_->CustomersOf(reps, read), language, impl_->NamesAt(read.known_at.value_or(read.as_of)));
  });
}

absl::StatusOr<Table> Engine::Adherence(const ReadAt& at, int weeks, std::span<const RepId> reps, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_RETURN_IF_ERROR(CheckWeeks(weeks));
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    const BookContext& context = book->context();
    for (const RepId& rep : reps) {
      if (!context.reps.contains(rep)) return NotFound("rep.unknown", absl::StrCat("rep: found \"", rep.text(), "\", expected one the book knows"));
    }
    const Day today = context.ZoneOf(std::nullopt, std::nullopt).LocalDay(at.as_of);
    AdherenceTally tally(context, {reps.begin(), reps.end()}, WeekSpan::Before(today, weeks), at.as_of);
    std::optional<std::vector<CustomerId>> customers;
    if (!reps.empty()) customers = impl_->CustomersOf(reps, at);
    VisitOnly(*book, customers, [&](const Account& account) { tally.Add(account); });
    return AdherenceTable(tally, context, language);
  });
}

absl::StatusOr<Json> Engine::Report(const ReadAt& at, Language language) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, impl_->Read(std::move(book), at));
    const Sheet sheet = MakeReport(reading->book(), reading->input());
    const NameBook names = impl_->NamesAt(at.known_at.value_or(at.as_of));
    RAPPORT_ASSIGN_OR_RETURN(std::string text, SheetText(sheet, language, names));
    return SheetDocument(sheet, std::move(text), language, names);
  });
}

absl::StatusOr<Table> Engine::Letters(const ReadAt& at, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, impl_->Read(std::move(book), at));
    return LetterTable(LettersOf(reading->book(), reading->input()), language, impl_->NamesAt(at.known_at.value_or(at.as_of)));
  });
}

}  // namespace rapport
