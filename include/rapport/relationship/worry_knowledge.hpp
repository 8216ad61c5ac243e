// Floor 3. What is known of worries across all customers (AS3): who raised the same, what cured it, and how long that took.
//
//   const WorryKnowledge known = WorryKnowledge::Of(customers, as_of);     // from every account: engine.Fit("worries", as_of)
//   known.Of({filter, "smell after filter change"}, asker.Ids()).heard;     // 3 other customers
//   known.SentencesFor(filter, nullptr);   // "Other buyers worried: salt refill, 4 of 19; a reminder solved 4 of 4."
//
// A worry is the same as another where product and topic are: topics are short labels that all share, compared as bytes. Without a topic it is about
// the product as a whole; without either it is like no other.
//
// A remedy was tried by each customer of whom it resolved such a worry, and cured him where he did not raise the same again within 90 days after the
// newest that it resolved (of one resolved of late: has not so far). Both count customers, never times, and leave out who asks: what failed or helped
// with himself is no experience of others. Of several the one that cured most often is told, by (cured + 1) / (tried + 2), Laplace's rule of
// succession: the mean of the share where all shares were equally likely before, so that 9 of 10 stand before 1 of 1. Ties: the more cured, the label.
//
// Medians are of whole local days from raised to resolved: the lower of the two middle ones. Counts of customers are by their ids, so that parts of
// a book may be counted apart and joined in any order (Merge): a customer's records must all be in one part. Who was merged since is asked for under
// all of his ids. Pure; any thread.
#ifndef RAPPORT_RELATIONSHIP_WORRY_KNOWLEDGE_HPP_
#define RAPPORT_RELATIONSHIP_WORRY_KNOWLEDGE_HPP_

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/account.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {

inline constexpr std::string_view kWorryKnowledge = "worries";
// A worry that comes back within so many days after it was resolved was not cured.
inline constexpr int kCuredDays = 90;
// From so many other customers on it is told how many had it.
inline constexpr std::int64_t kHeardOften = 2;

// What a worry is about; either may be empty.
struct WorryTopic {
  ProductId product;
  std::string topic;
  bool empty() const { return product.empty() && topic.empty(); }
  friend auto operator<=>(const WorryTopic&, const WorryTopic&) = default;
  friend bool operator==(const WorryTopic&, const WorryTopic&) = default;
};
WorryTopic TopicOf(const WorryRecord& worry);

// What one customer's account says of worries.
struct CustomerWorries {
  struct Worry {
    WorryTopic about;
    Instant raised;
    std::optional<Instant> resolved;
    std::int64_t days = 0;         // local, from raised to resolved
    std::string remedy;            // empty: none was noted
  };
  struct Complaint {               // a claim or a return as a case
    ProductId product;
    Instant opened;
  };
  CustomerId customer;
  std::vector<Worry> worries;      // any order
  std::vector<Complaint> complaints;
  std::set<ProductId> bought;
};
// As of `as_of`: nothing later counts. A complaint that names no product is about those of its order. O(records).
CustomerWorries WorriesOf(const Account& account, const Zone& zone, Instant as_of);
// What the account bought by `as_of`; what was cancelled is not bought.
std::set<ProductId> ProductsBought(const Account& account, Instant as_of);
// Those, and what its open opportunities are about: whose worries it should hear of.
std::set<ProductId> ProductsOfInterest(const Account& account, Instant as_of);

// How often each whole number of days was counted.
using DayCounts = std::map<std::int64_t, std::int64_t>;

class WorryKnowledge {
 public:
  struct Remedy {
    // Who tried it, with how many days the newest worry that it resolved took; null where that one came back.
    std::map<CustomerId, std::optional<std::int64_t>> customers;
    std::int64_t cured = 0;         // of them
    DayCounts days;                 // of those cured
    std::int64_t tried() const { return static_cast<std::int64_t>(customers.size()); }
    void Add(const CustomerId& customer, std::optional<std::int64_t> cured_in);
    friend bool operator==(const Remedy&, const Remedy&) = default;
  };
  struct Topic {
    std::set<CustomerId> customers;            // who raised it
    std::int64_t times = 0, open = 0, resolved = 0;   // worries
    DayCounts days;                            // of those resolved
    std::map<std::string, Remedy> remedies;    // by label
    std::optional<std::int64_t> MedianDays() const;
    friend bool operator==(const Topic&, const Topic&) = default;
  };
  struct Product {
    std::int64_t buyers = 0;                   // customers who bought it, or worried about it: both have to do with it
    // Customers of whom a worry about it was heard before any complaint about it, and those who complained first.
    std::int64_t heard_first = 0, complained_first = 0;
    std::map<std::string, Topic> topics;       // "" : as a whole
    friend bool operator==(const Product&, const Product&) = default;
  };
  // What is known of one worry, asked for one customer.
  struct Known {
    std::int64_t heard = 0;         // other customers who raised the same
    std::string remedy;             // that cured most of them; empty where none cured any
    std::int64_t tried = 0, cured = 0;         // other customers: never more than heard
    std::optional<std::int64_t> median_days;   // of those that the remedy cured
    // Worth telling who listens to a worry.
    bool IsWorthTelling() const { return heard >= kHeardOften && cured >= 1; }
  };

  // Order-free. O(n log n).
  static WorryKnowledge Of(std::span<const CustomerWorries> customers, Instant as_of);
  // Adds what another part of the book says, of other customers: as Of of both at once.
  void Merge(const WorryKnowledge& other);

  Json ToJson() const;
  // Strict: `relationship.invalid_model` names the field, what was found and expected.
  static absl::StatusOr<WorryKnowledge> FromJson(const Json& fitted);

  Instant as_of() const { return as_of_; }
  const std::map<ProductId, Product>& products() const { return products_; }
  // Null where nobody raised it. O(log n).
  const Topic* Find(const WorryTopic& about) const;
  // `asker`: all ids of who asks (Account::Ids), left out of every count; none: nobody asks. Nothing of a worry about nothing.
  // O(remedies * ids * log n).
  Known Of(const WorryTopic& about, const std::vector<CustomerId>& asker) const;

  // One sentence a topic that at least kHeardOften buyers raised, most customers first: worry.known, .cured, .whole, .whole.cured. `told`: who is
  // told of it, left out of the counts; null: nobody. Buyers are those of the fit, and never fewer than worried: what is known of the account today
  // may be more or less than it was then.
  std::vector<Sentence> SentencesFor(const ProductId& product, const Account* told) const;
  // Those of every product of interest to the account. O(products + topics).
  std::vector<Sentence> SentencesFor(const Account& told, Instant as_of) const;

  friend bool operator==(const WorryKnowledge&, const WorryKnowledge&) = default;

 private:
  void Add(const CustomerWorries& one);
  void CountFirst(const CustomerWorries& one);
  Instant as_of_ = Instant::Min();
  std::map<ProductId, Product> products_;
};

// "Other buyers worried: salt refill, 4 of 19; a reminder solved 4 of 4.": of a topic, or of a product as a whole where the label is empty.
Sentence TellTopic(const std::string& label, const WorryKnowledge::Known& known, std::int64_t buyers);
// "3 buyers had it; a 5-min flush cured 3. Listen, then offer it.": objective.worry.listen.cured.
Sentence SayCured(const WorryKnowledge::Known& known);

}  // namespace rapport

#endif  // RAPPORT_RELATIONSHIP_WORRY_KNOWLEDGE_HPP_
