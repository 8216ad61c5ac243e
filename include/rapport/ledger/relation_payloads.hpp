// Floor 1. What is learned of a customer, what binds him and us, and what is on its way: payloads as in payloads.hpp, which includes this.
#ifndef RAPPORT_LEDGER_RELATION_PAYLOADS_HPP_
#define RAPPORT_LEDGER_RELATION_PAYLOADS_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/money.hpp"
#include "rapport/core/time.hpp"
#include "rapport/ledger/need.hpp"
#include "rapport/ledger/vocabulary.hpp"

namespace rapport {

// AS6: one facet of a person or firm ("hobby", "fiscal_year_ends"). The newest value of a facet holds, the old ones are kept.
struct FactLearned {
  static constexpr std::string_view kType = "fact.learned";
  std::string facet;
  std::optional<std::string> learned_from;  // who or what it is known from: "customer", "colleague", "web"
  std::optional<ContactId> contact;  // absent: the account
  std::optional<RepId> rep;  // who noted it
  std::optional<std::string> value;  // private, what it is
  template <class V> static void Describe(V& v) {
    v.Fact("facet", &FactLearned::facet, kRequired);
    v.Fact("learned_from", &FactLearned::learned_from);
    v.Fact("contact", &FactLearned::contact);
    v.Fact("rep", &FactLearned::rep);
    v.Private("value", &FactLearned::value);
  }
};

struct NeedStated {
  static constexpr std::string_view kType = "need.stated";
  std::optional<NeedId> need;  // absent: the event's id
  std::optional<ProductId> product;
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  std::optional<Day> by;  // when the customer wants it
  std::optional<bool> met;  // true: this need has been met
  std::optional<std::string> text;  // private, in the customer's words
  template <class V> static void Describe(V& v) {
    v.Fact("need", &NeedStated::need);
    v.Fact("product", &NeedStated::product);
    v.Fact("contact", &NeedStated::contact);
    v.Fact("rep", &NeedStated::rep);
    v.Fact("by", &NeedStated::by);
    v.Fact("met", &NeedStated::met);
    v.Private("text", &NeedStated::text);
  }
};

struct ContractStarted {
  static constexpr std::string_view kType = "contract.started";
  std::optional<ContractId> contract;  // absent: the event's id
  std::optional<Day> ends;  // the last local day; absent: open-ended
  std::optional<Money> value;  // a year
  std::optional<ProductId> product;
  std::optional<RepId> rep;
  template <class V> static void Describe(V& v) {
    v.Fact("contract", &ContractStarted::contract);
    v.Fact("ends", &ContractStarted::ends);
    v.Fact("value", &ContractStarted::value);
    v.Fact("product", &ContractStarted::product);
    v.Fact("rep", &ContractStarted::rep);
  }
};

struct ContractRenewed {
  static constexpr std::string_view kType = "contract.renewed";
  std::optional<ContractId> contract;  // absent: the one that ends first
  std::optional<Day> ends;  // the new last day
  std::optional<Money> value;  // a year
  template <class V> static void Describe(V& v) {
    v.Fact("contract", &ContractRenewed::contract);
    v.Fact("ends", &ContractRenewed::ends);
    v.Fact("value", &ContractRenewed::value);
  }
};

struct ContractEnded {
  static constexpr std::string_view kType = "contract.ended";
  std::optional<ContractId> contract;  // absent: the one that ends first
  std::optional<std::string> reason;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("contract", &ContractEnded::contract);
    v.Private("reason", &ContractEnded::reason);
  }
};

struct OpportunityOpened {
  static constexpr std::string_view kType = "opportunity.opened";
  std::optional<OpportunityId> opportunity;  // absent: the event's id
  std::optional<std::string> stage;
  std::optional<Money> value;
  std::optional<std::vector<ProductId>> products;
  std::optional<Day> expected_close;
  std::optional<RepId> rep;
  std::optional<ContactId> contact;
  std::optional<std::string> title;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("opportunity", &OpportunityOpened::opportunity);
    v.Fact("stage", &OpportunityOpened::stage);
    v.Fact("value", &OpportunityOpened::value);
    v.Fact("products", &OpportunityOpened::products);
    v.Fact("expected_close", &OpportunityOpened::expected_close);
    v.Fact("rep", &OpportunityOpened::rep);
    v.Fact("contact", &OpportunityOpened::contact);
    v.Private("title", &OpportunityOpened::title);
  }
};

struct OpportunityStageChanged {
  static constexpr std::string_view kType = "opportunity.stage_changed";
  std::optional<OpportunityId> opportunity;  // absent: the customer's newest open one
  std::string stage;
  std::optional<Money> value;
  std::optional<Day> expected_close;
  std::optional<double> probability;  // the host's own, 0 to 1
  template <class V> static void Describe(V& v) {
    v.Fact("opportunity", &OpportunityStageChanged::opportunity);
    v.Fact("stage", &OpportunityStageChanged::stage, kRequired);
    v.Fact("value", &OpportunityStageChanged::value);
    v.Fact("expected_close", &OpportunityStageChanged::expected_close);
    v.Fact("probability", &OpportunityStageChanged::probability);
  }
};

struct OpportunityWon {
  static constexpr std::string_view kType = "opportunity.won";
  std::optional<OpportunityId> opportunity;  // absent: the customer's newest open one
  std::optional<OrderId> order;
  std::optional<Money> value;
  std::optional<RepId> rep;
  template <class V> static void Describe(V& v) {
    v.Fact("opportunity", &OpportunityWon::opportunity);
    v.Fact("order", &OpportunityWon::order);
    v.Fact("value", &OpportunityWon::value);
    v.Fact("rep", &OpportunityWon::rep);
  }
};

struct OpportunityLost {
  static constexpr std::string_view kType = "opportunity.lost";
  std::optional<OpportunityId> opportunity;  // absent: the customer's newest open one
  std::optional<RefusalReason> reason;
  std::optional<std::string> competitor;
  std::optional<RepId> rep;
  std::optional<std::string> note;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("opportunity", &OpportunityLost::opportunity);
    v.Fact("reason", &OpportunityLost::reason);
    v.Fact("competitor", &OpportunityLost::competitor);
    v.Fact("rep", &OpportunityLost::rep);
    v.Private("note", &OpportunityLost::note);
  }
};

// A moment agreed with a customer, or fixed by us alone; said again under the same name it has moved.
struct AppointmentMade {
  static constexpr std::string_view kType = "appointment.made";
  std::optional<AppointmentId> appointment;  // absent: the event's id
  Instant start;
  std::optional<std::int64_t> minutes;  // 1 to 1440; absent: as long as a follow-up of its channel
  std::optional<Channel> channel;  // absent: visit
  std::optional<Purpose> purpose;
  std::optional<RepId> rep;  // absent: the owner
  std::optional<ContactId> contact;
  std::optional<FollowUpId> followup;  // the follow-up it came of, or is for
  std::optional<std::string> about;  // private, in a few words
  template <class V> static void Describe(V& v) {
    v.Fact("appointment", &AppointmentMade::appointment);
    v.Fact("start", &AppointmentMade::start, kRequired);
    v.Fact("minutes", &AppointmentMade::minutes);
    v.Fact("channel", &AppointmentMade::channel);
    v.Fact("purpose", &AppointmentMade::purpose);
    v.Fact("rep", &AppointmentMade::rep);
    v.Fact("contact", &AppointmentMade::contact);
    v.Fact("followup", &AppointmentMade::followup);
    v.Private("about", &AppointmentMade::about);
  }
};

struct AppointmentCancelled {
  static constexpr std::string_view kType = "appointment.cancelled";
  std::optional<AppointmentId> appointment;  // absent: the customer's next one
  std::optional<PromiseBy> by;  // ours or the customer
  std::optional<RepId> rep;
  template <class V> static void Describe(V& v) {
    v.Fact("appointment", &AppointmentCancelled::appointment);
    v.Fact("by", &AppointmentCancelled::by);
    v.Fact("rep", &AppointmentCancelled::rep);
  }
};

struct CaseOpened {
  static constexpr std::string_view kType = "case.opened";
  std::optional<CaseId> case_id;  // absent: the event's id
  std::optional<CaseKind> kind;  // absent: service
  std::optional<ProductId> product;
  std::optional<OrderId> order;
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  std::optional<std::string> text;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("case", &CaseOpened::case_id);
    v.Fact("kind", &CaseOpened::kind);
    v.Fact("product", &CaseOpened::product);
    v.Fact("order", &CaseOpened::order);
    v.Fact("contact", &CaseOpened::contact);
    v.Fact("rep", &CaseOpened::rep);
    v.Private("text", &CaseOpened::text);
  }
};

struct CaseClosed {
  static constexpr std::string_view kType = "case.closed";
  std::optional<CaseId> case_id;  // absent: the customer's oldest open one
  std::optional<bool> resolved;  // false: closed without a solution
  std::optional<RepId> rep;
  std::optional<std::string> solution;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("case", &CaseClosed::case_id);
    v.Fact("resolved", &CaseClosed::resolved);
    v.Fact("rep", &CaseClosed::rep);
    v.Private("solution", &CaseClosed::solution);
  }
};

}  // namespace rapport

#endif  // RAPPORT_LEDGER_RELATION_PAYLOADS_HPP_
