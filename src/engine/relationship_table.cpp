#include "engine/relationship_table.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/cell_of.hpp"
#include "policy/wording.hpp"

namespace rapport {
namespace {

Cell IdOrNull(std::string_view text) { return text.empty() ? Cell() : Cell(std::string(text)); }

Cell CountCell(std::size_t count) { return static_cast<std::int64_t>(count); }

}  // namespace

Sentence TellTie(const Tie& tie, bool is_sender, const BookContext& context, const Zone& zone, Day today) {
  const RepRecord* rep = context.FindRep(tie.rep);
  Sentence sentence{"tie.too", {{"rep", RepName{tie.rep}}, {"last", zone.LocalDay(tie.last_at)}}};
  if (!WorksHere(context, tie.rep, today)) sentence.key = "tie.left";
  else if (tie.reached == 0) sentence.key = "tie.unmet";
  else if (is_sender) sentence.key = "tie.best";
  else if (rep != nullptr && rep->team.has_value()) sentence.key = "tie.too.team", sentence.arguments["team"] = *rep->team;
  return sentence;
}

Cell NamesOf(const CustomerId& customer, const std::vector<ContactId>& contacts, const Texts& texts, Language language) {
  std::string names;
  for (const ContactId& contact : contacts) absl::StrAppend(&names, names.empty() ? "" : ", ", texts.Contact(customer, contact, language));
  return IdOrNull(names);
}

absl::StatusOr<Table> WhoKnowsTable(const SignalInput& input, const Texts& texts, Language language) {
  const Account& account = *input.account;
  const BookContext& book = *input.context->book;
  Table table({{"rep", ColumnType::kText}, {"rep_name", ColumnType::kText}, {"owner", ColumnType::kBool}, {"works_here", ColumnType::kBool},
               {"sender", ColumnType::kBool}, {"touches", ColumnType::kInteger}, {"first_at", ColumnType::kInstant}, {"last_at", ColumnType::kInstant},
               {"last_channel", ColumnType::kText}, {"contacts", ColumnType::kText}, {"warmth", ColumnType::kNumber}, {"sentence", ColumnType::kText}});
  const std::vector<Tie> ties = TiesOf(account, *input.context->relationship, *input.zone, input.as_of);
  const Tie* sender = SenderOf(ties, book, input.today);
  for (const Tie& tie : ties) {
    RAPPORT_ASSIGN_OR_RETURN(std::string said, Speaker(language, texts).Say(TellTie(tie, &tie == sender, book, *input.zone, input.today)));
    table.AppendRow({tie.rep.text(), texts.Rep(tie.rep, language), account.owner == tie.rep, WorksHere(book, tie.rep, input.today), &tie == sender,
                     tie.touches, tie.first_at, tie.last_at, std::string(NameOf(tie.last_channel)), NamesOf(account.id, tie.contacts, texts, language),
                     RoundSignal(tie.warmth), std::move(said)});
  }
  return table;
}

// --- worries
namespace {

absl::Status AddTopic(const WorryKnowledge& worries, const WorryTopic& about, const WorryKnowledge::Product& product, Language language, Table& table) {
  const WorryKnowledge::Topic* topic = worries.Find(about);
  if (topic == nullptr) {   // complaints alone: nobody heard of it before
    table.AppendRow({IdOrNull(about.product.text()), Cell(), product.buyers, std::int64_t{0}, std::int64_t{0}, std::int64_t{0}, std::int64_t{0}, Cell(), Cell(),
                     Cell(), Cell(), product.heard_first, product.complained_first, Cell()});
    return absl::OkStatus();
  }
  const WorryKnowledge::Known known = worries.Of(about, {});
  Cell said;
  if (!about.product.empty()) {
    RAPPORT_ASSIGN_OR_RETURN(said, Speaker(language, NoTexts()).Say(TellTopic(about.topic, known, product.buyers)));
  }
  const bool has_remedy = !known.remedy.empty();
  table.AppendRow({IdOrNull(about.product.text()), IdOrNull(about.topic), product.buyers, CountCell(topic->customers.size()), topic->times, topic->open,
                   topic->resolved, CellOf(topic->MedianDays()), IdOrNull(known.remedy), has_remedy ? Cell(known.tried) : Cell(),
                   has_remedy ? Cell(known.cured) : Cell(), product.heard_first, product.complained_first, said});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Table> WorryTable(const WorryKnowledge& known, Language language) {
  Table table({{"product", ColumnType::kText}, {"topic", ColumnType::kText}, {"buyers", ColumnType::kInteger}, {"customers", ColumnType::kInteger},
               {"raised", ColumnType::kInteger}, {"open", ColumnType::kInteger}, {"resolved", ColumnType::kInteger}, {"median_days", ColumnType::kInteger},
               {"best_remedy", ColumnType::kText}, {"tried", ColumnType::kInteger}, {"cured", ColumnType::kInteger}, {"heard_first", ColumnType::kInteger},
               {"complained_first", ColumnType::kInteger}, {"sentence", ColumnType::kText}});
  for (const auto& [id, product] : known.products()) {
    if (product.topics.empty() && product.complained_first > 0) RAPPORT_RETURN_IF_ERROR(AddTopic(known, {id, ""}, product, language, table));
    for (const auto& [label, topic] : product.topics) RAPPORT_RETURN_IF_ERROR(AddTopic(known, {id, label}, product, language, table));
  }
  return table;
}

// --- referrals
namespace {

// How far each is from who began his line: 0 for who was brought by nobody. Each is climbed to once.
std::map<CustomerId, std::int64_t> DepthsOf(const ReferralTree& tree) {
  std::map<CustomerId, std::int64_t> depths;
  std::vector<const CustomerId*> line;
  for (const auto& [id, node] : tree.nodes()) {
    line.clear();
    const CustomerId* at = &id;
    for (; !at->empty() && !depths.contains(*at); at = &tree.Find(*at)->brought_by) line.push_back(at);
    std::int64_t depth = at->empty() ? -1 : depths.at(*at);
    for (; !line.empty(); line.pop_back()) depths.emplace(*line.back(), ++depth);
  }
  return depths;
}

}  // namespace

Table ReferralTable(const ReferralTree& tree, const Book& book, std::span<const CustomerId> customers) {
  Table table({{"customer", ColumnType::kText}, {"brought_by", ColumnType::kText}, {"depth", ColumnType::kInteger}, {"brought_directly", ColumnType::kInteger},
               {"brought", ColumnType::kInteger}, {"value", ColumnType::kNumber}, {"refused", ColumnType::kText}, {"referred", ColumnType::kText}});
  std::set<CustomerId> asked;
  for (const CustomerId& customer : customers) asked.insert(book.AccountOf(customer));
  const auto wanted = [&](const CustomerId& customer) { return asked.empty() || asked.contains(customer); };
  const std::map<CustomerId, std::int64_t> depths = DepthsOf(tree);
  for (const auto& [id, node] : tree.nodes()) {
    if (!wanted(id)) continue;
    const std::optional<double> value = tree.ValueOf({id}, book.context().reporting_currency);
    table.AppendRow({id.text(), IdOrNull(node.brought_by.text()), depths.at(id), CountCell(node.brought.size()), node.in_all,
                     value.has_value() ? Cell(RoundSignal(*value)) : Cell(), Cell(), Cell()});
  }
  for (const ReferralTree::Dropped& one : tree.dropped()) {
    if (!wanted(one.referral.referrer) && !wanted(one.referral.referred)) continue;
    table.AppendRow({one.referral.referrer.text(), Cell(), Cell(), Cell(), Cell(), Cell(), std::string(NameOf(one.because)), one.referral.referred.text()});
  }
  return table;
}

// --- deals
std::vector<ClosedDeal> ClosedDealsOf(const Book& book, Instant as_of, std::span<const CustomerId> customers) {
  std::vector<ClosedDeal> deals;
  book.Visit(customers, [&](const Account& account) {
    if (ProfilingWithdrawn(account)) return;
    const std::size_t first = deals.size();
    for (const OpportunityRecord& deal : account.relations.opportunities) {
      if (!deal.closed.has_value() || *deal.closed > as_of) continue;
      ClosedDeal closed{account.id, deal, {}, std::nullopt};
      closed.facts.won = deal.state == OpportunityState::kWon;
      closed.facts.brought = BroughtBy(account, deal);
      closed.facts.margin = MarginOf(account, deal);
      if (const Said<LessonRecorded>* lesson = LessonOf(account, deal)) closed.lesson = lesson->data.lesson;
      closed.facts.lesson = closed.lesson.has_value();
      deals.push_back(std::move(closed));
    }
    std::sort(deals.begin() + static_cast<std::ptrdiff_t>(first), deals.end(),
              [](const ClosedDeal& a, const ClosedDeal& b) { return std::tie(a.deal.opened, a.deal.id, a.deal.key) < std::tie(b.deal.opened, b.deal.id, b.deal.key); });
  });
  return deals;
}

absl::StatusOr<Table> DealTable(const std::vector<ClosedDeal>& deals, const BookContext& context, Language language) {
  Table table({{"customer", ColumnType::kText}, {"opportunity", ColumnType::kText}, {"opened", ColumnType::kInstant}, {"closed", ColumnType::kInstant},
               {"won", ColumnType::kBool}, {"value", ColumnType::kNumber}, {"currency", ColumnType::kText}, {"income", ColumnType::kBool},
               {"experience", ColumnType::kBool}, {"lesson", ColumnType::kText}, {"rung_before", ColumnType::kText}, {"rung_after", ColumnType::kText},
               {"relationship", ColumnType::kBool}, {"verdict", ColumnType::kText}, {"sentence", ColumnType::kText}});
  for (const ClosedDeal& one : deals) {
    const DealWealth wealth = JudgeDeal(one.facts);
    RAPPORT_ASSIGN_OR_RETURN(std::string said, Speaker(language, NoTexts()).Say(TellDeal(one.facts, wealth)));
    // In the reporting currency; where a rate is missing, in its own.
    std::optional<Money> value = one.facts.brought;
    if (value.has_value()) value = context.InReporting(*value, *one.deal.closed).value_or(*value);
    table.AppendRow({one.customer.text(), one.deal.id.text(), one.deal.opened, *one.deal.closed, one.facts.won,
                     value.has_value() ? Cell(RoundSignal(value->ToMajor())) : Cell(), value.has_value() ? IdOrNull(value->currency().code()) : Cell(),
                     wealth.income, wealth.experience, CellOf(one.lesson), std::string(NameOf(one.facts.rung_before)), std::string(NameOf(one.facts.rung_after)),
                     wealth.relationship, std::string(NameOf(wealth.verdict)), std::move(said)});
  }
  return table;
}

}  // namespace rapport
