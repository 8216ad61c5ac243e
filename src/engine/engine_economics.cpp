// What customers, reps and care are worth in money: value/ reckons, this reads the book and says it.
#include "engine/economics_table.hpp"
#include "engine/engine_impl.hpp"
#include "rapport/value/care_worth.hpp"

namespace rapport {

absl::StatusOr<Table> Engine::EconomicsByOrigin(const ReadAt& at, std::optional<Day> since, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_ASSIGN_OR_RETURN(const OriginEconomics economics, rapport::EconomicsByOrigin(*book, EconomicsOf(book->context()), ReferredIn(*book), since));
    return OriginTable(economics, language);
  });
}

absl::StatusOr<Table> Engine::Commission(const ReadAt& at, std::span<const RepId> reps, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<CommissionRow> rows, CommissionByMonth(*book, EconomicsOf(book->context()), at.as_of, reps));
    return CommissionTable(rows, impl_->NamesAt(at.known_at.value_or(at.as_of)), language);
  });
}

absl::StatusOr<Table> Engine::RecurringBase(const ReadAt& at, int months, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_ASSIGN_OR_RETURN(const SignalContext context, SignalContext::From(book->context()));
    RAPPORT_ASSIGN_OR_RETURN(const rapport::RecurringBase base, RecurringBaseOf(*book, at.as_of, months, BaseModelsOf(context)));
    return BaseTable(base, *book->context().reporting_currency, language);
  });
}

absl::StatusOr<Table> Engine::WorthOfCare(const ReadAt& at, std::span<const CustomerId> customers, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_RETURN_IF_ERROR(CheckKnown(*book, customers));
    RAPPORT_ASSIGN_OR_RETURN(const SignalContext context, SignalContext::From(book->context()));
    const Instant known = at.known_at.value_or(at.as_of);
    if (context.care == nullptr || !book->context().reporting_currency.has_value()) {
      return FailedPrecondition("economics.not_fitted", absl::StrCat("model care_worth: found none fitted by ", FormatInstant(known), ", expected one: fit(\"care_worth\") makes it"));
    }
    std::vector<CareRow> rows;
    absl::Status first;
    book->Visit(customers, [&](const Account& account) {
      const absl::StatusOr<std::optional<CustomerCare>> care = CareOf(InputFor(account, context, at.as_of));
      if (!care.ok()) {
        first.Update(care.status());
      } else if (care->has_value()) {
        rows.push_back({account.id, **care});
      }
    });
    RAPPORT_RETURN_IF_ERROR(first);
    return CareTable(std::move(rows), context.economics->referral_days(), *book->context().reporting_currency, impl_->NamesAt(known), language);
  });
}

}  // namespace rapport
