#include "engine/customer_document.hpp"

#include <optional>

#include "rapport/core/status.hpp"
#include "rapport/expectation/promise_outcome.hpp"

namespace rapport {
namespace {

template <class T>
Json TextOrNull(const std::optional<T>& id) {
  return id.has_value() ? Json(id->text()) : Json();
}
Json InstantOrNull(const std::optional<Instant>& at) { return at.has_value() ? Json(FormatInstant(*at)) : Json(); }
Json DayOrNull(const std::optional<Day>& day) { return day.has_value() ? Json(FormatDay(*day)) : Json(); }
Json NumberOrNull(const std::optional<double>& number) { return number.has_value() ? Json(*number) : Json(); }
Json MoneyOrNull(const std::optional<Money>& money) {
  if (!money.has_value()) return Json();
  return Json::Object{{"amount", money->ToDecimal()}, {"currency", money->currency().code()}};
}
Json KeyJson(const EventKey& key) { return Json::Object{{"source", key.source}, {"id", key.id}}; }

Json PurchasesJson(const Account& account) {
  Json::Array out;
  for (const PurchaseRecord& p : account.purchases) {
    out.push_back(Json::Object{{"event", KeyJson(p.key)}, {"order", p.order.text()}, {"placed", FormatInstant(p.placed)},
                               {"amount", MoneyOrNull(p.amount)}, {"delivered", InstantOrNull(p.delivered)},
                               {"returned", InstantOrNull(p.returned)}});
  }
  return out;
}

Json TouchesJson(const Account& account) {
  Json::Array out;
  for (const TouchRecord& t : account.touches) {
    Json::Object touch{{"event", KeyJson(t.key)}, {"at", FormatInstant(t.at)}, {"channel", NameOf(t.touch.channel)},
                       {"direction", NameOf(t.touch.direction)}, {"rep", TextOrNull(t.touch.rep)},
                       {"contact", TextOrNull(t.touch.contact)}};
    touch["disposition"] = t.touch.disposition ? Json(NameOf(*t.touch.disposition)) : Json();
    touch["purpose"] = t.touch.purpose ? Json(NameOf(*t.touch.purpose)) : Json();
    out.push_back(std::move(touch));
  }
  return out;
}

Json WorriesJson(const Account& account, const Texts& texts) {
  Json::Array out;
  for (const WorryRecord& w : account.worries) {
    out.push_back(Json::Object{{"event", KeyJson(w.key)}, {"worry", w.id.text()}, {"raised", FormatInstant(w.raised)},
                               {"resolved", InstantOrNull(w.resolved)}, {"product", TextOrNull(w.product)},
                               {"text", texts.Event(w.key, "text", Language::kEnglish)}});
  }
  return out;
}

Json WordJson(const PromiseWord& word) {
  const auto days = [](const std::optional<std::int64_t>& n) { return n.has_value() ? Json(Json::Integer(*n)) : Json(); };
  return Json::Object{{"given", InstantOrNull(word.terms.given)}, {"due", DayOrNull(word.terms.due)}, {"quantity", NumberOrNull(word.terms.quantity)},
                      {"outcome", NameOf(word.judged.outcome)}, {"margin_days", days(word.judged.margin_days)},
                      {"margin_working_days", days(word.judged.margin_working_days)}, {"margin_quantity", NumberOrNull(word.judged.margin_quantity)}};
}

// Those that were withdrawn follow the others.
Json PromisesJson(const Book& book, const Account& account, const Texts& texts, Instant as_of) {
  const Zone& zone = book.context().ZoneOf(std::nullopt, account.profile.zone);
  Json::Array out;
  const auto tell = [&](const PromiseRecord& p) {
    Json::Array words;
    for (const PromiseWord& word : JudgeWords(p, zone, WeekOf(book.context(), p.rep), as_of)) words.push_back(WordJson(word));
    const Json outcome = words.empty() ? Json() : *words.back().Find("outcome");
    out.push_back(Json::Object{{"event", KeyJson(p.key)}, {"promise", p.id.text()}, {"made", FormatInstant(p.made)},
                               {"due", DayOrNull(p.due)}, {"quantity", NumberOrNull(p.quantity)}, {"by", NameOf(p.by)},
                               {"delivered_quantity", p.delivered_quantity}, {"fulfilled", p.fulfilled}, {"outcome", outcome},
                               {"words", std::move(words)}, {"what", texts.Event(p.key, "what", Language::kEnglish)}});
  };
  for (const PromiseRecord& p : account.promises) tell(p);
  for (const PromiseRecord& p : account.withdrawn_promises) tell(p);
  return out;
}

Json FollowUpsJson(const Account& account) {
  Json::Array out;
  for (const auto& [id, f] : account.followups) {
    out.push_back(Json::Object{{"followup_id", id.text()}, {"rule", f.issued.rule}, {"state", NameOf(f.state)},
                               {"due", FormatInstant(f.issued.due)}, {"issued", FormatInstant(f.issued_at)},
                               {"state_at", FormatInstant(f.state_at)}, {"channel", NameOf(f.issued.channel)}});
  }
  return out;
}

// The sum in the reporting currency; where a rate is missing the pair, the day and the customer are named.
Json RevenueJson(const Book& book, const Account& account) {
  Money sum;
  for (const PurchaseRecord& p : account.purchases) {
    if (!p.amount) continue;
    const absl::StatusOr<Money> reported = book.context().InReporting(*p.amount, p.placed);
    const absl::StatusOr<Money> total = reported.ok() ? sum.Add(*reported) : reported;
    if (!total.ok()) {
      const absl::Status named = WithContext(total.status(), "customer " + account.id.text());
      return Json::Object{{"token", TokenOf(named)}, {"message", ToStd(named.message())}};
    }
    sum = *total;
  }
  return account.purchases.empty() ? Json() : MoneyOrNull(sum.currency().empty() ? std::nullopt : std::optional<Money>(sum));
}

// Each value with its source and date; old ones are kept.
Json FactsJson(const Account& account, const Texts& texts) {
  Json::Array out;
  for (const FactRecord& f : account.relations.facts) {
    out.push_back(Json::Object{{"event", KeyJson(f.key)}, {"facet", f.facet}, {"value", texts.Event(f.key, "value", Language::kEnglish)},
                               {"learned_from", f.learned_from ? Json(*f.learned_from) : Json()}, {"contact", TextOrNull(f.contact)},
                               {"at", FormatInstant(f.at)}, {"current", f.current}});
  }
  return out;
}

Json NeedsJson(const Account& account, const Texts& texts) {
  Json::Array out;
  for (const NeedRecord& n : account.relations.needs) {
    out.push_back(Json::Object{{"event", KeyJson(n.key)}, {"need", n.id.text()}, {"stated", FormatInstant(n.stated)}, {"product", TextOrNull(n.product)},
                               {"by", DayOrNull(n.by)}, {"met", InstantOrNull(n.met)}, {"text", texts.Event(n.key, "text", Language::kEnglish)}});
  }
  return out;
}

std::string_view NameOf(OpportunityState state) {
  return state == OpportunityState::kOpen ? "open" : state == OpportunityState::kWon ? "won" : "lost";
}

void AddRelations(const Account& account, const Texts& texts, Json::Object& document) {
  document.emplace("facts", FactsJson(account, texts));
  document.emplace("needs", NeedsJson(account, texts));
  Json::Array contracts, opportunities, cases;
  for (const ContractRecord& c : account.relations.contracts) {
    contracts.push_back(Json::Object{{"event", KeyJson(c.key)}, {"contract", c.id.text()}, {"started", FormatInstant(c.started)}, {"ends", DayOrNull(c.ends)},
                                     {"value", MoneyOrNull(c.value)}, {"renewals", Json::Integer(c.renewals)}, {"ended", InstantOrNull(c.ended)}});
  }
  for (const OpportunityRecord& o : account.relations.opportunities) {
    opportunities.push_back(Json::Object{{"event", KeyJson(o.key)}, {"opportunity", o.id.text()}, {"opened", FormatInstant(o.opened)},
                                         {"stage", o.stage ? Json(*o.stage) : Json()}, {"value", MoneyOrNull(o.value)}, {"state", NameOf(o.state)},
                                         {"closed", InstantOrNull(o.closed)}});
  }
  for (const CaseRecord& c : account.relations.cases) {
    cases.push_back(Json::Object{{"event", KeyJson(c.key)}, {"case", c.id.text()}, {"kind", NameOf(c.kind)}, {"opened", FormatInstant(c.opened)},
                                 {"closed", InstantOrNull(c.closed)}, {"solved", c.solved}, {"text", texts.Event(c.key, "text", Language::kEnglish)}});
  }
  document.emplace("contracts", std::move(contracts));
  document.emplace("opportunities", std::move(opportunities));
  document.emplace("cases", std::move(cases));
  Json::Object host;
  for (const auto& [name, seen] : account.relations.host) host.emplace(name, seen.text ? Json(*seen.text) : NumberOrNull(seen.value));
  document.emplace("host", std::move(host));
}

}  // namespace

Json CustomerDocument(const Book& book, const Account& account, const Texts& texts, Instant as_of, Json balance, Json relationship) {
  Json::Array contacts;
  for (const ContactRecord& c : account.contacts) {
    contacts.push_back(Json::Object{{"contact", c.id.text()}, {"name", texts.Contact(account.id, c.id, Language::kEnglish)},
                                    {"role", c.role ? Json(*c.role) : Json()}, {"primary", c.primary}});
  }
  Json::Array ids;
  for (const CustomerId& id : book.MembersOf(account.id)) ids.emplace_back(id.text());
  Json::Object document{{"customer", account.id.text()},
                      {"ids", std::move(ids)},
                      {"erased", InstantOrNull(account.erased)},
                      {"revenue", RevenueJson(book, account)},
                      {"name", texts.Customer(account.id, Language::kEnglish)},
                      {"kind", NameOf(account.profile.kind)},
                      {"owner", TextOrNull(account.owner)},
                      {"segment", account.profile.segment ? Json(*account.profile.segment) : Json()},
                      {"zone", account.profile.zone ? Json(*account.profile.zone) : Json()},
                      {"large", account.profile.large.value_or(false)},
                      {"contacts", std::move(contacts)},
                      {"purchases", PurchasesJson(account)},
                      {"touches", TouchesJson(account)},
                      {"worries", WorriesJson(account, texts)},
                      {"promises", PromisesJson(book, account, texts, as_of)},
                      {"followups", FollowUpsJson(account)}};
  AddRelations(account, texts, document);
  document.emplace("balance", std::move(balance));
  document.emplace("relationship", std::move(relationship));
  return document;
}

}  // namespace rapport
