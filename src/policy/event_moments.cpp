#include "policy/event_moments.hpp"

#include <algorithm>
#include <optional>

namespace rapport {
namespace {

// Keeps those of one stretch of time.
class Moments {
 public:
  Moments(Instant from, Instant until) : from_(from), until_(until) {}
  void See(const std::optional<Instant>& at) {
    if (at.has_value() && from_ <= *at && *at <= until_) seen_.push_back(*at);
  }
  template <class Records, class... Member>
  void SeeAll(const Records& records, Member... members) {
    for (const auto& record : records) (See(record.*members), ...);
  }
  std::vector<Instant> InOrder() {
    std::sort(seen_.begin(), seen_.end());
    seen_.erase(std::unique(seen_.begin(), seen_.end()), seen_.end());
    return std::move(seen_);
  }

 private:
  Instant from_;
  Instant until_;
  std::vector<Instant> seen_;
};

void SeePromises(const std::vector<PromiseRecord>& promises, Moments& moments) {
  moments.SeeAll(promises, &PromiseRecord::made, &PromiseRecord::fulfilled_at, &PromiseRecord::withdrawn);
  for (const PromiseRecord& promise : promises) {
    moments.SeeAll(promise.revisions, &PromiseRevision::at);
    moments.SeeAll(promise.deliveries, &PromiseDelivery::at);
  }
}

void SeeRelations(const Relations& relations, Moments& moments) {
  moments.SeeAll(relations.needs, &NeedRecord::stated, &NeedRecord::met);
  moments.SeeAll(relations.contracts, &ContractRecord::started, &ContractRecord::ended);
  moments.SeeAll(relations.opportunities, &OpportunityRecord::opened, &OpportunityRecord::closed);
  moments.SeeAll(relations.cases, &CaseRecord::opened, &CaseRecord::closed);
  moments.SeeAll(relations.feedback, &Said<FeedbackGiven>::at);
  moments.SeeAll(relations.referrals, &Said<ReferralMade>::at);
}

}  // namespace

std::vector<Instant> MomentsOf(const Account& account, Instant from, Instant until) {
  Moments moments(from, until);
  moments.SeeAll(account.touches, &TouchRecord::at);
  moments.SeeAll(account.purchases, &PurchaseRecord::placed, &PurchaseRecord::delivered, &PurchaseRecord::returned);
  moments.SeeAll(account.worries, &WorryRecord::raised, &WorryRecord::resolved);
  moments.SeeAll(account.refusals, &RefusalRecord::at);
  SeePromises(account.promises, moments);
  SeePromises(account.withdrawn_promises, moments);
  SeeRelations(account.relations, moments);
  return moments.InOrder();
}

}  // namespace rapport
