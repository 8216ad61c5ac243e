#include "engine/rep_index.hpp"

namespace rapport {
namespace {

// Calls `see` with every rep that a payload names.
template <class T, class See>
struct RepFinder {
  const T& record;
  See see;
  template <class... Ignored>
  void Private(Ignored&&...) {}
  template <class Value, class... Need>
  void Fact(std::string_view, Value T::*member, Need...) { Look(record.*member); }
  template <class Value>
  void Look(const Value&) {}
  void Look(const RepId& rep) { see(rep); }
  void Look(const std::optional<RepId>& rep) {
    if (rep.has_value()) see(*rep);
  }
};

template <class See>
void SeeReps(const Event& event, See see) {
  std::visit([&](const auto& said) {
    using T = std::decay_t<decltype(said)>;
    if constexpr (!std::is_same_v<T, Unrecognised>) {
      RepFinder<T, See> finder{said, see};
      T::Describe(finder);
    }
  }, event.data);
}

// Every rep that the records of an account name.
template <class See>
void SeeReps(const Account& account, See see) {
  const auto look = [&](const std::optional<RepId>& rep) {
    if (rep.has_value()) see(*rep);
  };
  look(account.owner);
  for (const auto& record : account.purchases) look(record.rep);
  for (const auto& record : account.touches) look(record.touch.rep);
  for (const auto& record : account.refusals) look(record.refusal.rep);
  for (const auto& record : account.worries) look(record.rep);
  for (const auto& record : account.promises) look(record.rep);
  for (const auto& [id, record] : account.followups) look(record.issued.rep);
  for (const auto& record : account.relations.needs) look(record.rep);
  for (const auto& record : account.relations.contracts) look(record.rep);
  for (const auto& record : account.relations.opportunities) look(record.rep);
  for (const auto& record : account.relations.cases) look(record.rep);
  for (const auto& record : account.relations.appointments) look(record.rep);
  for (const auto& record : account.relations.feedback) look(record.data.rep);
  for (const auto& record : account.relations.referrals) look(record.data.rep);
}

}  // namespace

void RepIndex::Make(const Book& book, Instant latest_known) {
  book.Visit({}, [this](const Account& account) {
    SeeReps(account, [&](const RepId& rep) { customers_[rep].insert(account.id); });
  });
  for (const auto& [id, rep] : book.context().reps) {
    if (rep.manager.has_value()) reports_[*rep.manager].insert(id);
  }
  is_made_ = true;
  since_ = latest_known;
}

void RepIndex::Note(const Event& event) {
  if (!is_made_) return;
  const auto* rep = event.As<RepUpserted>();
  if (rep != nullptr && rep->manager.has_value()) reports_[*rep->manager].insert(rep->rep);
  if (event.subject.empty()) return;
  SeeReps(event, [&](const RepId& rep) { customers_[rep].insert(event.subject); });
}

std::optional<std::vector<CustomerId>> RepIndex::Of(std::span<const RepId> reps, Instant as_of) const {
  if (as_of < since_) return std::nullopt;
  std::set<RepId> whose(reps.begin(), reps.end());
  for (const RepId& rep : reps) {
    const auto below = reports_.find(rep);
    if (below != reports_.end()) whose.insert(below->second.begin(), below->second.end());
  }
  std::set<CustomerId> all;
  for (const RepId& rep : whose) {
    const auto found = customers_.find(rep);
    if (found != customers_.end()) all.insert(found->second.begin(), found->second.end());
  }
  return std::vector<CustomerId>(all.begin(), all.end());
}

}  // namespace rapport
