// Relationships of a book: who knows whom, how well, who worries, who brought whom, and what deals were worth.
#include "engine/engine_impl.hpp"
#include "engine/relationship_table.hpp"
#include "rapport/signals/relationship.hpp"

namespace rapport {
namespace {

absl::Status NoModel(std::string_view model, const ReadAt& at) {
  const std::string name(model);
  return FailedPrecondition("relationship.not_fitted", absl::StrCat("model ", name, ": found none fitted by ", FormatInstant(at.known_at.value_or(at.as_of)),
                                                                    ", expected one: fit(\"", name, "\") makes it"));
}

// The account alone as it was then, by today's context: none where nobody knew it, or it is not ranked.
Rung RungAt(const Book& book, const SignalContext& context, const CustomerId& customer, Instant moment) {
  const std::shared_ptr<const Account> account = book.FindAsOf(customer, moment);
  return account == nullptr ? Rung::kNone : RungOf(InputFor(*account, context, moment));
}

}  // namespace

absl::StatusOr<Table> Engine::WhoKnows(const CustomerId& customer, const ReadAt& at, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    const std::shared_ptr<const Account> account = book->Find(customer);
    if (account == nullptr) return UnknownCustomer(customer);
    RAPPORT_ASSIGN_OR_RETURN(const SignalContext context, SignalContext::From(book->context()));
    return WhoKnowsTable(InputFor(*account, context, at.as_of), impl_->NamesAt(at.known_at.value_or(at.as_of)), language);
  });
}

absl::StatusOr<Table> Engine::Relationships(const ReadAt& at, std::span<const CustomerId> customers, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_RETURN_IF_ERROR(CheckKnown(*book, customers));
    return RelationshipTable(*book, at.as_of, customers, impl_->NamesAt(at.known_at.value_or(at.as_of)), language);
  });
}

absl::StatusOr<Table> Engine::Worries(const ReadAt& at, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_ASSIGN_OR_RETURN(const SignalContext context, SignalContext::From(book->context()));
    if (context.worries == nullptr) return NoModel(kWorryKnowledge, at);
    return WorryTable(*context.worries, language);
  });
}

absl::StatusOr<Table> Engine::Referrals(const ReadAt& at, std::span<const CustomerId> customers) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_RETURN_IF_ERROR(CheckKnown(*book, customers));
    RAPPORT_ASSIGN_OR_RETURN(const SignalContext context, SignalContext::From(book->context()));
    if (context.referrals == nullptr) return NoModel(kReferralTree, at);
    return ReferralTable(*context.referrals, *book, customers);
  });
}

absl::StatusOr<Table> Engine::Deals(const ReadAt& at, std::span<const CustomerId> customers, Language language) {
  return Guarded([&]() -> absl::StatusOr<Table> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookFor(at));
    RAPPORT_RETURN_IF_ERROR(CheckKnown(*book, customers));
    // Both rungs of a deal by the terms in force now, so that they are on one scale.
    RAPPORT_ASSIGN_OR_RETURN(const SignalContext context, SignalContext::From(book->context()));
    std::vector<ClosedDeal> deals = ClosedDealsOf(*book, at.as_of, customers);
    for (ClosedDeal& one : deals) {
      one.facts.rung_before = RungAt(*book, context, one.customer, one.deal.opened);
      one.facts.rung_after = RungAt(*book, context, one.customer, AftermathOf(one.deal, at.as_of));
    }
    return DealTable(deals, book->context(), language);
  });
}

}  // namespace rapport
