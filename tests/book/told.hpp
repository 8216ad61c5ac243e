// An account and a context as text, every field of them: equal texts are equal states.
#ifndef RAPPORT_TESTS_BOOK_TOLD_HPP_
#define RAPPORT_TESTS_BOOK_TOLD_HPP_

#include <sstream>
#include <string>

#include "rapport/book/book.hpp"

namespace rapport::made {

class Teller {
 public:
  template <class... Parts>
  void Say(const Parts&... parts) {
    (Put(parts), ...);
    out_ << '\n';
  }
  // Every field that Describe lists.
  template <class T>
  void SayRecord(const T& record) {
    Describer<T> describer{*this, record};
    T::Describe(describer);
    out_ << '\n';
  }
  std::string text() const { return out_.str(); }

 private:
  template <class T>
  struct Describer {
    Teller& teller;
    const T& record;
    template <class Value, class... Need>
    void Fact(std::string_view name, Value T::*member, Need...) { teller.Put(name), teller.Put(record.*member); }
    template <class Value, class... Need>
    void Private(std::string_view name, Value T::*member, Need...) { teller.Put(name), teller.Put(record.*member); }
  };

  template <class T>
  void Put(const std::optional<T>& value) {
    if (value.has_value()) Put(*value);
    else out_ << " -";
  }
  template <class T>
  void Put(const std::vector<T>& values) {
    for (const T& value : values) Put(value);
  }
  template <class Tag>
  void Put(const Id<Tag>& id) { out_ << ' ' << id.text(); }
  void Put(const EventKey& key) { out_ << ' ' << key.source << '/' << key.id; }
  void Put(Instant at) { out_ << ' ' << at.micros(); }
  void Put(Day day) { out_ << ' ' << FormatDay(day); }
  void Put(const Money& money) { out_ << ' ' << money.minor() << money.currency().code(); }
  void Put(const Json& json) { out_ << ' ' << json.Canonical(); }
  void Put(const PurchaseLine& line) { SayRecord(line); }
  void Put(std::string_view text) { out_ << ' ' << text; }
  void Put(const std::string& text) { out_ << ' ' << text; }
  void Put(double value) { out_ << ' ' << CanonicalNumber(value); }
  void Put(bool value) { out_ << (value ? " yes" : " no"); }
  void Put(std::int64_t value) { out_ << ' ' << value; }
  template <class E>
    requires std::is_enum_v<E>
  void Put(E value) { out_ << ' ' << static_cast<int>(value); }

  std::ostringstream out_;
};

inline void TellPromise(Teller& say, const PromiseRecord& p) {
  for (const PromiseRevision& v : p.revisions) say.Say(v.key, v.at, v.due_before, v.quantity_before, v.agreed, v.due_after, v.quantity_after);
  for (const PromiseDelivery& d : p.deliveries) say.Say(d.key, d.at, d.quantity);
  for (const UncountedDelivery& u : p.uncounted) say.Say(u.because, u.delivery.key, u.delivery.at, u.delivery.quantity);
  say.Say(p.key, p.id, p.made, p.quantity, p.unit, p.due, p.dimension, p.by, p.rep, p.contact, p.order, p.product, p.work_minutes, p.work_left,
          p.ready, p.progressed_by, p.ready_by, p.ready_at, p.delivered_quantity, p.last_delivery, p.fulfilled, p.fulfilled_at, p.fulfilled_by, p.withdrawn,
          p.withdrawn_by);
}

inline void TellTrade(Teller& say, const Account& account) {
  for (const PurchaseRecord& p : account.purchases) {
    say.Say(p.key, p.order, p.placed, p.rep, p.contact, p.expected_delivery, p.lines, p.amount, p.margin, p.delivered,
            p.delivered_by, p.returned, p.returned_amount, p.returned_whole, p.returned_by, p.returns);
  }
  for (const PurchaseRecord& p : account.cancelled_purchases) say.Say(std::string_view("cancelled"), p.key, p.order, p.cancelled_by);
  for (const PromiseRecord& p : account.withdrawn_promises) TellPromise(say, p);
  for (const PromiseRecord& p : account.promises) TellPromise(say, p);
  for (const auto& [id, early] : account.early_deliveries) {
    for (const PromiseDelivery& d : early) say.Say(std::string_view("early"), id, d.key, d.at, d.quantity);
  }
}

inline void TellRelations(Teller& say, const Relations& r) {
  const auto tell = [&](const auto& records) {
    for (const auto& record : records) {
      say.Say(record.key, record.at);
      say.SayRecord(record.data);
    }
  };
  for (const FactRecord& f : r.facts) say.Say(f.key, f.at, f.facet, f.learned_from, f.contact, f.rep, f.current);
  for (const NeedRecord& n : r.needs) say.Say(n.key, n.id, n.stated, n.product, n.contact, n.rep, n.by, n.met, n.said_again);
  for (const ContractRecord& c : r.contracts) {
    say.Say(c.key, c.id, c.started, c.ends, c.value, c.product, c.rep, c.renewals, c.renewed_by, c.term_began, c.ended, c.ended_by);
  }
  for (const OpportunityRecord& o : r.opportunities) {
    say.Say(o.key, o.id, o.opened, o.stage, o.stage_since, o.changed_by, o.value, o.products, o.expected_close, o.probability, o.rep, o.contact, o.state,
            o.closed, o.closed_by, o.order, o.reason, o.competitor);
  }
  for (const CaseRecord& c : r.cases) {
    say.Say(c.key, c.id, c.opened, c.kind, c.product, c.order, c.contact, c.rep, c.closed, c.closed_by, c.solved);
  }
  tell(r.feedback), tell(r.expectations), tell(r.referrals), tell(r.competitors), tell(r.approaches), tell(r.lessons), tell(r.exposures);
  for (const auto& [name, h] : r.host) say.Say(name, h.key, h.at, h.value, h.text);
  for (const auto& [name, e] : r.enrolments) say.Say(name, e.key, e.entered_at, e.entered.cadence, e.step, e.step_since, e.advances, e.left_at, e.exit);
}

inline std::string Told(const Account& account) {
  Teller say;
  say.Say(account.id, account.profile_event, account.profile_at, account.owner, account.owner_event,
          account.first_event, account.first_event_at, account.last_event_at);
  for (const ToldEvent& first : account.first_told) say.Say(first.key, first.at, first.told);
  say.SayRecord(account.profile);
  for (const ContactRecord& c : account.contacts) {
    say.Say(c.id, c.events, c.role, c.decides, c.zone, c.language, c.primary);
  }
  TellTrade(say, account);
  const auto tell = [&](const auto& records, auto member) {
    for (const auto& record : records) {
      say.Say(record.key, record.at);
      say.SayRecord(record.*member);
    }
  };
  tell(account.touches, &TouchRecord::touch);
  tell(account.refusals, &RefusalRecord::refusal);
  tell(account.consents, &ConsentRecord::consent);
  tell(account.do_not_contact, &DoNotContactRecord::rule);
  for (const WorryRecord& w : account.worries) {
    say.Say(w.key, w.id, w.raised, w.product, w.contact, w.rep, w.acknowledged, w.resolved, w.resolved_by);
  }
  for (const auto& [id, f] : account.followups) {
    say.Say(id, f.issued_by, f.issued_at, f.state, f.state_at, f.state_by, f.snoozed_until, f.approved);
    say.SayRecord(f.issued);
  }
  TellRelations(say, account.relations);
  say.Say(account.erased);
  for (const auto& [key, name] : account.named) say.Say(key, name);
  return say.text();
}

inline std::string Told(const BookContext& context) {
  Teller say;
  say.Say(context.reporting_currency.has_value() ? context.reporting_currency->code() : "-", context.zone,
          context.permission, context.go_live, context.configured_by);
  for (const std::string& currency : context.currencies_seen) say.Say(currency);
  for (const auto& [id, r] : context.reps) {
    say.Say(id, r.last_event, r.zone, r.team, r.week.ToJson(), r.week_given, r.minutes, r.reserve_minutes, r.work_minutes,
            std::vector<Day>(r.absences.begin(), r.absences.end()));
  }
  for (const auto& [id, p] : context.products) {
    say.Say(id, p.last_event, p.name, p.price, p.margin, p.lead_days, p.return_days);
  }
  for (const auto& [name, m] : context.models) say.Say(name, m.key, m.fitted_at, m.model.fitted);
  for (const auto& [id, p] : context.policies) say.Say(id, p.document);
  if (context.policy.has_value()) say.Say(context.policy->key, context.policy->policy.policy);
  return say.text();
}

inline std::string Told(const Book& book) {
  std::string text = Told(book.context());
  for (const auto& [id, account] : book.accounts()) text += Told(*account);
  return text;
}

}  // namespace rapport::made

#endif  // RAPPORT_TESTS_BOOK_TOLD_HPP_
