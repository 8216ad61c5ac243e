// Floor 3. Who brought whom (AS4, EF8), and what those brought are worth.
//
//   const ReferralTree tree = ReferralTree::Of(referrals, revenue, currency);   // from every account: engine.Fit("referrals", as_of)
//   tree.ValueOf(account.Ids(), currency);    // 1250.0, in major units of `currency`
//   tree.BroughtBy(account.Ids());            // "c-17"
//
// Everybody has at most one referrer: of several the first counts, in order of (moment, source, id). A referral of oneself counts for nothing, nor
// does one that would close a cycle with those before it, nor a later one by somebody else; all of these are listed with the reason. Customers that
// were merged are one: who builds the tree names each by the id of his account.
//
// Value runs down the tree: what those have spent whom the customer brought, half of what those have spent whom they brought, and so on,
//   value(c) = sum over descendants d of revenue(d) * discount^(depth(d) - 1),   discount = 0.5, depth of those brought directly = 1
// computed from the leaves up as value(c) = sum over children (revenue + discount * value). Own revenue is no part of it.
//
// The graph is Boost.Graph's: cycles are found by its disjoint sets, the order by its topological sort; neither recurses, so a chain of 100,000 is fine.
// O(n log n) to put the referrals in order, then linear but for the inverse Ackermann function. Order-free: the same referrals and revenues in any
// order give the same tree, to the last bit. Pure; any thread.
#ifndef RAPPORT_RELATIONSHIP_REFERRAL_TREE_HPP_
#define RAPPORT_RELATIONSHIP_REFERRAL_TREE_HPP_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/money.hpp"
#include "rapport/core/time.hpp"

namespace rapport {

inline constexpr std::string_view kReferralTree = "referrals";
// What a generation further down counts, beside the one above it.
inline constexpr double kReferralDiscount = 0.5;

struct Referral {
  CustomerId referrer, referred;
  Instant at;
  EventKey key;      // of referral.made
};

// Which of `referrals` lie on a circle, each of them counted: from a customer down to himself. One of oneself is such a circle. Places in the order
// given, ascending. O(n).
std::vector<std::size_t> ReferralsOnCircles(std::span<const Referral> referrals);

class ReferralTree {
 public:
  enum class Because { kSelf, kCycle, kNotFirst };
  struct Dropped {
    Referral referral;
    Because because = Because::kSelf;
  };
  struct Node {
    CustomerId brought_by;            // empty: nobody
    std::vector<CustomerId> brought;  // directly, by id
    std::int64_t in_all = 0;          // descendants
    std::int64_t generations = 0;     // below: 0 where nobody was brought
    double value = 0;
  };

  // `revenue`: of a customer, in major units of `currency`; who is not named there spent nothing. Without a currency there are no values.
  static ReferralTree Of(std::span<const Referral> referrals, const std::map<CustomerId, double>& revenue, const std::optional<Currency>& currency);

  // {"model": "referrals", "currency": "EUR", "discount": 0.5, "brought_by": {"c-2": "c-1"}, "value": {"c-1": 40}, "brought": {"c-1": 1}, "dropped": [...]};
  // `currency` and `value` are absent without a currency.
  Json ToJson() const;
  // Strict: `relationship.invalid_model` names the field, what was found and expected; also where brought_by goes in a circle, or `brought` and
  // `value` name others than those who brought somebody.
  static absl::StatusOr<ReferralTree> FromJson(const Json& fitted);

  // Null for who neither brought nor was brought. O(log n).
  const Node* Find(const CustomerId& customer) const;
  const std::map<CustomerId, Node>& nodes() const { return nodes_; }
  // By referral in order; of FromJson as they were recorded.
  const std::vector<Dropped>& dropped() const { return dropped_; }
  const std::optional<Currency>& currency() const { return currency_; }

  // Of anybody; 0, empty where there is nothing. `ids`: all of one customer, several where he was merged after the tree was built (Account::Ids); then
  // referrals between his own ids are none. Who brought him is told of the first id that has somebody. O(ids * log n).
  std::int64_t BroughtDirectly(const std::vector<CustomerId>& ids) const;
  CustomerId BroughtBy(const std::vector<CustomerId>& ids) const;
  // Summed over `ids`, sorted, without what one of them counts as the discounted value of another it brought: what that one spent itself stays in until
  // the tree is built anew. Nullopt without a currency, or where the book reports in another one by now.
  std::optional<double> ValueOf(const std::vector<CustomerId>& ids, const std::optional<Currency>& reporting) const;

 private:
  void Link(std::span<const Referral> referrals);
  void Count(const std::map<CustomerId, double>& revenue);
  absl::Status Read(const Json& fitted);
  std::optional<Currency> currency_;
  double discount_ = kReferralDiscount;
  std::map<CustomerId, Node> nodes_;
  std::vector<Dropped> dropped_;
};
std::string_view NameOf(ReferralTree::Because because);   // "self", "cycle", "not_first"

}  // namespace rapport

#endif  // RAPPORT_RELATIONSHIP_REFERRAL_TREE_HPP_
