#include "rapport/relationship/worry_knowledge.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// The lower of the two middle ones where their number is even.
std::optional<std::int64_t> MedianOf(const DayCounts& days) {
  std::int64_t all = 0;
  for (const auto& [day, count] : days) all += count;
  std::int64_t before = 0;
  for (const auto& [day, count] : days) {
    before += count;
    if (2 * before >= all) return day;
  }
  return std::nullopt;
}

void AddTo(DayCounts& days, const DayCounts& more) {
  for (const auto& [day, count] : more) days[day] += count;
}

void AddTo(WorryKnowledge::Remedy& remedy, const WorryKnowledge::Remedy& more) {
  for (const auto& [customer, cured_in] : more.customers) remedy.Add(customer, cured_in);
}

void AddTo(WorryKnowledge::Topic& topic, const WorryKnowledge::Topic& more) {
  topic.customers.insert(more.customers.begin(), more.customers.end());
  topic.times += more.times;
  topic.open += more.open;
  topic.resolved += more.resolved;
  AddTo(topic.days, more.days);
  for (const auto& [label, remedy] : more.remedies) AddTo(topic.remedies[label], remedy);
}

template <class Customers>
std::int64_t CountOf(const std::vector<CustomerId>& ids, const Customers& customers) {
  return std::count_if(ids.begin(), ids.end(), [&](const CustomerId& id) { return customers.contains(id); });
}

std::int64_t CuredAmong(const std::vector<CustomerId>& ids, const WorryKnowledge::Remedy& remedy) {
  return std::count_if(ids.begin(), ids.end(), [&](const CustomerId& id) {
    const auto found = remedy.customers.find(id);
    return found != remedy.customers.end() && found->second.has_value();
  });
}

DayCounts DaysWithout(const std::vector<CustomerId>& ids, const WorryKnowledge::Remedy& remedy) {
  DayCounts days = remedy.days;
  for (const CustomerId& id : ids) {
    const auto found = remedy.customers.find(id);
    if (found != remedy.customers.end() && found->second.has_value()) --days[*found->second];
  }
  return days;
}

bool CameBack(const CustomerWorries& one, const CustomerWorries::Worry& worry) {
  const Instant until = worry.resolved->PlusMinutes(std::int64_t{kCuredDays} * 24 * 60);
  return std::any_of(one.worries.begin(), one.worries.end(), [&](const CustomerWorries::Worry& other) {
    return other.about == worry.about && other.raised > *worry.resolved && other.raised <= until;
  });
}

// What each remedy did for one customer's worries about one thing: told by the newest that it resolved.
void AddRemedies(const CustomerWorries& one, const std::vector<const CustomerWorries::Worry*>& same, WorryKnowledge::Topic& topic) {
  std::map<std::string_view, const CustomerWorries::Worry*> newest;
  const auto order = [](const CustomerWorries::Worry& worry) { return std::tie(worry.raised, *worry.resolved, worry.days); };
  for (const CustomerWorries::Worry* worry : same) {
    if (!worry->resolved.has_value() || worry->remedy.empty()) continue;
    const CustomerWorries::Worry*& last = newest[worry->remedy];
    if (last == nullptr || order(*last) < order(*worry)) last = worry;
  }
  for (const auto& [label, worry] : newest) {
    topic.remedies[worry->remedy].Add(one.customer, CameBack(one, *worry) ? std::nullopt : std::optional(worry->days));
  }
}

void AddComplaint(const Account& account, const CaseRecord& record, CustomerWorries& out) {
  if (record.product.has_value() || !record.order.has_value()) {
    out.complaints.push_back({record.product.value_or(ProductId()), record.opened});
    return;
  }
  const PurchaseRecord* purchase = account.FindPurchase(*record.order);
  std::set<ProductId> products;
  for (const PurchaseLine& line : purchase != nullptr ? purchase->lines : std::vector<PurchaseLine>()) products.insert(line.product.value_or(ProductId()));
  if (products.empty()) products.insert(ProductId());
  for (const ProductId& product : products) out.complaints.push_back({product, record.opened});
}

}  // namespace

WorryTopic TopicOf(const WorryRecord& worry) { return {worry.product.value_or(ProductId()), worry.topic.value_or(std::string())}; }

std::set<ProductId> ProductsBought(const Account& account, Instant as_of) {
  std::set<ProductId> products;
  for (const PurchaseRecord& purchase : account.purchases) {
    if (purchase.placed > as_of) continue;
    for (const PurchaseLine& line : purchase.lines) {
      if (line.product.has_value()) products.insert(*line.product);
    }
  }
  return products;
}

std::set<ProductId> ProductsOfInterest(const Account& account, Instant as_of) {
  std::set<ProductId> products = ProductsBought(account, as_of);
  for (const OpportunityRecord& opportunity : account.relations.opportunities) {
    const bool open = opportunity.opened <= as_of && !(opportunity.closed.has_value() && *opportunity.closed <= as_of);
    if (open) products.insert(opportunity.products.begin(), opportunity.products.end());
  }
  return products;
}

CustomerWorries WorriesOf(const Account& account, const Zone& zone, Instant as_of) {
  CustomerWorries out;
  out.customer = account.id;
  for (const WorryRecord& worry : account.worries) {
    if (worry.raised > as_of) continue;
    CustomerWorries::Worry& one = out.worries.emplace_back();
    one.about = TopicOf(worry);
    one.raised = worry.raised;
    if (!worry.resolved.has_value() || *worry.resolved > as_of) continue;
    one.resolved = worry.resolved;
    one.days = std::max<std::int64_t>(0, zone.LocalDay(*worry.resolved) - zone.LocalDay(worry.raised));
    one.remedy = worry.remedy.value_or(std::string());
  }
  for (const CaseRecord& record : account.relations.cases) {
    if (record.opened <= as_of && record.kind != CaseKind::kService) AddComplaint(account, record, out);
  }
  out.bought = ProductsBought(account, as_of);
  return out;
}

void WorryKnowledge::Remedy::Add(const CustomerId& customer, std::optional<std::int64_t> cured_in) {
  if (!customers.emplace(customer, cured_in).second || !cured_in.has_value()) return;
  ++cured;
  ++days[*cured_in];
}

std::optional<std::int64_t> WorryKnowledge::Topic::MedianDays() const { return MedianOf(days); }

// A worry and a complaint at one instant: the worry was not heard before.
void WorryKnowledge::CountFirst(const CustomerWorries& one) {
  std::map<ProductId, Instant> worried, complained;
  const auto note = [](std::map<ProductId, Instant>& first, const ProductId& product, Instant at) {
    const auto [found, is_new] = first.try_emplace(product, at);
    if (!is_new) found->second = std::min(found->second, at);
  };
  for (const CustomerWorries::Worry& worry : one.worries) note(worried, worry.about.product, worry.raised);
  for (const CustomerWorries::Complaint& complaint : one.complaints) note(complained, complaint.product, complaint.opened);
  for (const auto& [product, at] : worried) {
    const auto complaint = complained.find(product);
    if (complaint == complained.end() || at < complaint->second) ++products_[product].heard_first;
  }
  for (const auto& [product, at] : complained) {
    const auto worry = worried.find(product);
    if (worry == worried.end() || at <= worry->second) ++products_[product].complained_first;
  }
}

void WorryKnowledge::Add(const CustomerWorries& one) {
  std::set<ProductId> concerned = one.bought;
  std::map<WorryTopic, std::vector<const CustomerWorries::Worry*>> by_topic;
  for (const CustomerWorries::Worry& worry : one.worries) {
    concerned.insert(worry.about.product);
    Topic& topic = products_[worry.about.product].topics[worry.about.topic];
    topic.customers.insert(one.customer);
    ++topic.times;
    ++(worry.resolved.has_value() ? topic.resolved : topic.open);
    if (worry.resolved.has_value()) ++topic.days[worry.days];
    by_topic[worry.about].push_back(&worry);
  }
  for (const auto& [about, same] : by_topic) AddRemedies(one, same, products_[about.product].topics[about.topic]);
  for (const ProductId& product : concerned) ++products_[product].buyers;
  CountFirst(one);
}

WorryKnowledge WorryKnowledge::Of(std::span<const CustomerWorries> customers, Instant as_of) {
  WorryKnowledge known;
  known.as_of_ = as_of;
  for (const CustomerWorries& one : customers) known.Add(one);
  return known;
}

void WorryKnowledge::Merge(const WorryKnowledge& other) {
  as_of_ = std::max(as_of_, other.as_of_);
  for (const auto& [id, more] : other.products_) {
    Product& product = products_[id];
    product.buyers += more.buyers;
    product.heard_first += more.heard_first;
    product.complained_first += more.complained_first;
    for (const auto& [label, topic] : more.topics) AddTo(product.topics[label], topic);
  }
}

const WorryKnowledge::Topic* WorryKnowledge::Find(const WorryTopic& about) const {
  const auto product = products_.find(about.product);
  if (product == products_.end()) return nullptr;
  const auto topic = product->second.topics.find(about.topic);
  return topic == product->second.topics.end() ? nullptr : &topic->second;
}

WorryKnowledge::Known WorryKnowledge::Of(const WorryTopic& about, const std::vector<CustomerId>& asker) const {
  Known known;
  const Topic* topic = about.empty() ? nullptr : Find(about);
  if (topic == nullptr) return known;
  known.heard = static_cast<std::int64_t>(topic->customers.size()) - CountOf(asker, topic->customers);
  const Remedy* best = nullptr;
  for (const auto& [label, remedy] : topic->remedies) {
    const std::int64_t tried = remedy.tried() - CountOf(asker, remedy.customers), cured = remedy.cured - CuredAmong(asker, remedy);
    // (cured + 1) / (tried + 2) of both, without dividing: exact.
    const std::int64_t mine = (cured + 1) * (known.tried + 2), told = (known.cured + 1) * (tried + 2);
    if (cured == 0 || (best != nullptr && (mine < told || (mine == told && cured <= known.cured)))) continue;
    best = &remedy;
    known.remedy = label;
    known.tried = tried;
    known.cured = cured;
  }
  if (best != nullptr) known.median_days = MedianOf(DaysWithout(asker, *best));
  return known;
}

std::vector<Sentence> WorryKnowledge::SentencesFor(const ProductId& product, const Account* told) const {
  const auto found = products_.find(product);
  if (found == products_.end() || product.empty()) return {};
  const std::vector<CustomerId> ids = told != nullptr ? told->Ids() : std::vector<CustomerId>();
  const auto& topics = found->second.topics;
  // He counts among the buyers of the fit, as one or under several ids.
  std::int64_t counted = told != nullptr && ProductsBought(*told, as_of_).contains(product) ? 1 : 0;
  for (const auto& [label, topic] : topics) counted = std::max(counted, CountOf(ids, topic.customers));
  std::vector<std::pair<std::int64_t, Sentence>> sentences;
  for (const auto& [label, topic] : topics) {
    const Known known = Of(WorryTopic{product, label}, ids);
    if (known.heard < kHeardOften) continue;
    sentences.emplace_back(known.heard, TellTopic(label, known, std::max(known.heard, found->second.buyers - counted)));
  }
  std::stable_sort(sentences.begin(), sentences.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Sentence> told_in_order;
  for (auto& [heard, sentence] : sentences) told_in_order.push_back(std::move(sentence));
  return told_in_order;
}

std::vector<Sentence> WorryKnowledge::SentencesFor(const Account& told, Instant as_of) const {
  std::vector<Sentence> sentences;
  for (const ProductId& product : ProductsOfInterest(told, as_of)) {
    for (Sentence& sentence : SentencesFor(product, &told)) sentences.push_back(std::move(sentence));
  }
  return sentences;
}

Sentence TellTopic(const std::string& label, const WorryKnowledge::Known& known, std::int64_t buyers) {
  Sentence sentence{label.empty() ? "worry.known.whole" : "worry.known", {{"customers", known.heard}, {"buyers", buyers}}};
  if (!label.empty()) sentence.arguments["topic"] = label;
  if (known.cured == 0) return sentence;
  sentence.key += ".cured";
  sentence.arguments.insert({{"remedy", known.remedy}, {"cured", known.cured}, {"tried", known.tried}});
  return sentence;
}

Sentence SayCured(const WorryKnowledge::Known& known) {
  return {"objective.worry.listen.cured", {{"buyers", known.heard}, {"remedy", known.remedy}, {"cured", known.cured}}};
}

}  // namespace rapport
