#include "plan/told.hpp"

#include <algorithm>

namespace rapport {
namespace {

bool IsPromise(const Account& account, const EventKey& root) {
  const auto is = [&](const PromiseRecord& promise) {
    return promise.key == root || promise.progressed_by == root || promise.ready_by == root ||
           std::any_of(promise.revisions.begin(), promise.revisions.end(), [&](const PromiseRevision& one) { return one.key == root; });
  };
  return std::any_of(account.promises.begin(), account.promises.end(), is);
}

SentenceArgument WhoOf(const PlanLine& line) {
  if (line.contact.has_value()) return ContactName{line.customer, *line.contact};
  return CustomerName{line.customer};
}

}  // namespace

void TellWhom(const WorkQuestion& asked, std::vector<RepDay>& reps) {
  std::map<RepId, std::int64_t> free;
  for (const RepDay& day : reps) {
    if (day.works && !day.rep.empty()) free[day.rep] = day.free_minutes;
  }
  for (RepDay& day : reps) {
    for (PlanLine& line : day.no_room) {
      if (!line.mandatory || line.decision == nullptr || line.told.has_value()) continue;
      const std::shared_ptr<const Account> account = asked.book.Find(line.customer);
      RAPPORT_INVARIANT(account != nullptr, "a line names an account of its book");
      const std::int64_t needs = line.minutes + line.travel_minutes;
      const std::vector<RepId> known = WhoKnows(*account, asked, [&](const RepId& rep) {
        const auto found = free.find(rep);
        return rep != day.rep && found != free.end() && found->second >= needs;
      });
      const RepRecord* record = asked.book.context().FindRep(day.rep);
      if (!known.empty()) {
        line.hand_to = known.front();
        line.told = Sentence{"plan.told.hand_over", {{"rep", RepName{known.front()}}, {"n", free[known.front()]}}};
        free[known.front()] -= needs;
      } else if (!IsPromise(*account, line.decision->root) && record != nullptr && record->manager.has_value()) {
        line.told = Sentence{"plan.told.manager", {{"manager", RepName{*record->manager}}}};
      } else {
        line.told = Sentence{"plan.told.customer", {{"who", WhoOf(line)}}};
      }
    }
  }
}

}  // namespace rapport
