#include "engine/worry_past.hpp"

#include <vector>

#include "rapport/relationship/worry_knowledge.hpp"

namespace rapport {

absl::StatusOr<ModelFitted> FitWorries(const Book& book, Instant as_of) {
  std::vector<CustomerWorries> customers;
  std::int64_t worried = 0;
  for (const auto& [id, account] : book.accounts()) {
    const Zone& zone = book.context().ZoneOf(std::nullopt, account->profile.zone);
    CustomerWorries one = WorriesOf(*account, zone, as_of);
    if (one.worries.empty() && one.complaints.empty() && one.bought.empty()) continue;
    worried += one.worries.empty() ? 0 : 1;
    customers.push_back(std::move(one));
  }
  return ModelFitted{std::string(kWorryKnowledge), WorryKnowledge::Of(customers, as_of).ToJson(), worried, std::nullopt};
}

}  // namespace rapport
