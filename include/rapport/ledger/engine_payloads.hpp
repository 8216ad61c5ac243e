// Floor 1. What the engine itself concludes and the book's configuration: payloads as in payloads.hpp, which includes this.
#ifndef RAPPORT_LEDGER_ENGINE_PAYLOADS_HPP_
#define RAPPORT_LEDGER_ENGINE_PAYLOADS_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/money.hpp"
#include "rapport/core/time.hpp"
#include "rapport/ledger/need.hpp"
#include "rapport/ledger/vocabulary.hpp"

namespace rapport {

struct ModelFitted {
  static constexpr std::string_view kType = "model.fitted";
  std::string model;                    // "bg_nbd"
  Json fitted;                          // the model's ToJson
  std::optional<std::int64_t> customers;
  std::optional<std::string> unit;      // "week"
  template <class V> static void Describe(V& v) {
    v.Fact("model", &ModelFitted::model, kRequired);
    v.Fact("fitted", &ModelFitted::fitted, kRequired);
    v.Fact("customers", &ModelFitted::customers);
    v.Fact("unit", &ModelFitted::unit);
  }
};

struct PolicyAdopted {
  static constexpr std::string_view kType = "policy.adopted";
  std::string policy;   // its id: hash of the canonical document
  Json document;        // in full
  template <class V> static void Describe(V& v) {
    v.Fact("policy", &PolicyAdopted::policy, kRequired);
    v.Fact("document", &PolicyAdopted::document, kRequired);
  }
};

// A column of the host's own, seen in tables as host.<name>: usage, overdue invoices.
struct SignalObserved {
  static constexpr std::string_view kType = "signal.observed";
  std::string name;
  std::optional<double> value;
  std::optional<std::string> text;
  template <class V> static void Describe(V& v) {
    v.Fact("name", &SignalObserved::name, kRequired);
    v.Fact("value", &SignalObserved::value);
    v.Fact("text", &SignalObserved::text);
  }
};

// What one unit of `from` is worth in `to`, from the event's time on.
struct RateSet {
  static constexpr std::string_view kType = "rate.set";
  std::string from;  // ISO 4217
  std::string to;  // ISO 4217
  std::string rate;  // decimal text, above 0
  template <class V> static void Describe(V& v) {
    v.Fact("from", &RateSet::from, kRequired);
    v.Fact("to", &RateSet::to, kRequired);
    v.Fact("rate", &RateSet::rate, kRequired);
  }
};

struct BookConfigured {
  static constexpr std::string_view kType = "book.configured";
  std::optional<std::string> reporting_currency;
  std::optional<std::string> zone;
  std::optional<Json> permission;   // a profile's name or document
  std::optional<Day> go_live;       // nothing that fell due before it is followed up
  std::optional<Json> host_signals; // {"usage": {"type": "number", "unit": "hours"}}
  std::optional<Json> retention;    // days that private text of a type is kept: {"touch": 730}
  std::optional<Json> holidays;     // by zone, "any" for all: {"Europe/Paris": ["2026-07-14"], "any": ["2026-01-01"]}
  std::optional<Json> relationship; // what a touch weighs, trust, rungs, intervals, health: relationship/terms.hpp
  std::optional<Json> economics;    // commission, clawback, what care is reckoned with: value/economics_terms.hpp
  std::optional<Json> plan;         // travel, reserve, shares of revisits and small customers, quota: plan/plan_terms.hpp
  std::optional<Json> expectation_weights;  // of dimensions: {"default": {"outcome": 2, "courtesy": 1}, "segments": {"clinic": {...}}}
  template <class V> static void Describe(V& v) {
    v.Fact("reporting_currency", &BookConfigured::reporting_currency);
    v.Fact("zone", &BookConfigured::zone);
    v.Fact("permission", &BookConfigured::permission);
    v.Fact("go_live", &BookConfigured::go_live);
    v.Fact("host_signals", &BookConfigured::host_signals);
    v.Fact("retention", &BookConfigured::retention);
    v.Fact("holidays", &BookConfigured::holidays);
    v.Fact("expectation_weights", &BookConfigured::expectation_weights);
    v.Fact("relationship", &BookConfigured::relationship);
    v.Fact("plan", &BookConfigured::plan);
    v.Fact("economics", &BookConfigured::economics);
  }
};

// A follow-up, and all that is needed to explain it for ever.
struct FollowUpIssued {
  static constexpr std::string_view kType = "followup.issued";
  FollowUpId followup;
  std::int64_t revision = 1;               // 2 and on: something a rep sees has changed
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  std::string rule;
  std::string step;
  std::string policy;                      // id of the version that decided
  Channel channel = Channel::kCall;
  Purpose purpose = Purpose::kCare;
  Instant due;
  Instant not_before;
  Instant expires;
  std::int64_t minutes = 0;
  std::int64_t priority = 0;
  bool mandatory = false;
  std::optional<Money> value;
  double propensity = 1.0;
  std::string root_source;                 // the root cause, before any correction
  std::string root_id;
  Json headline;                           // Sentence
  Json objective;                          // Sentence
  Json derivation;                         // docs/policy.md, "Derivation"
  std::string zone_rules;                  // version
  std::optional<MessageClass> message_class;   // absent: default
  std::optional<std::string> enrolment;    // of a step of a cadence
  std::optional<bool> needs_approval;      // true: the owner approves before it is handed over
  template <class V> static void Describe(V& v) {
    v.Fact("followup", &FollowUpIssued::followup, kRequired);
    v.Fact("revision", &FollowUpIssued::revision, kRequired);
    v.Fact("contact", &FollowUpIssued::contact);
    v.Fact("rep", &FollowUpIssued::rep);
    v.Fact("rule", &FollowUpIssued::rule, kRequired);
    v.Fact("step", &FollowUpIssued::step, kRequired);
    v.Fact("policy", &FollowUpIssued::policy, kRequired);
    v.Fact("channel", &FollowUpIssued::channel, kRequired);
    v.Fact("purpose", &FollowUpIssued::purpose, kRequired);
    v.Fact("due", &FollowUpIssued::due, kRequired);
    v.Fact("not_before", &FollowUpIssued::not_before, kRequired);
    v.Fact("expires", &FollowUpIssued::expires, kRequired);
    v.Fact("minutes", &FollowUpIssued::minutes, kRequired);
    v.Fact("priority", &FollowUpIssued::priority, kRequired);
    v.Fact("mandatory", &FollowUpIssued::mandatory, kRequired);
    v.Fact("value", &FollowUpIssued::value);
    v.Fact("propensity", &FollowUpIssued::propensity, kRequired);
    v.Fact("root_source", &FollowUpIssued::root_source, kRequired);
    v.Fact("root_id", &FollowUpIssued::root_id, kRequired);
    v.Fact("headline", &FollowUpIssued::headline, kRequired);
    v.Fact("objective", &FollowUpIssued::objective, kRequired);
    v.Fact("derivation", &FollowUpIssued::derivation, kRequired);
    v.Fact("zone_rules", &FollowUpIssued::zone_rules, kRequired);
    v.Fact("class", &FollowUpIssued::message_class);
    v.Fact("enrolment", &FollowUpIssued::enrolment);
    v.Fact("needs_approval", &FollowUpIssued::needs_approval);
  }
};

struct FollowUpHandedOver {
  static constexpr std::string_view kType = "followup.handed_over";
  FollowUpId followup;
  std::optional<RepId> rep;
  template <class V> static void Describe(V& v) {
    v.Fact("followup", &FollowUpHandedOver::followup, kRequired);
    v.Fact("rep", &FollowUpHandedOver::rep);
  }
};

struct FollowUpDone {
  static constexpr std::string_view kType = "followup.done";
  FollowUpId followup;
  std::optional<RepId> rep;
  std::optional<bool> objective_met;
  template <class V> static void Describe(V& v) {
    v.Fact("followup", &FollowUpDone::followup, kRequired);
    v.Fact("rep", &FollowUpDone::rep);
    v.Fact("objective_met", &FollowUpDone::objective_met);
  }
};

struct FollowUpSkipped {
  static constexpr std::string_view kType = "followup.skipped";
  FollowUpId followup;
  std::optional<RepId> rep;
  std::optional<std::string> reason;  // private: a person's words
  template <class V> static void Describe(V& v) {
    v.Fact("followup", &FollowUpSkipped::followup, kRequired);
    v.Fact("rep", &FollowUpSkipped::rep);
    v.Private("reason", &FollowUpSkipped::reason);
  }
};

struct FollowUpWithdrawn {
  static constexpr std::string_view kType = "followup.withdrawn";
  FollowUpId followup;
  std::string cause;   // "conditions", "permission", "resolved", "policy"
  Json because;        // Sentence
  template <class V> static void Describe(V& v) {
    v.Fact("followup", &FollowUpWithdrawn::followup, kRequired);
    v.Fact("cause", &FollowUpWithdrawn::cause, kRequired);
    v.Fact("because", &FollowUpWithdrawn::because, kRequired);
  }
};

struct FollowUpExpired {
  static constexpr std::string_view kType = "followup.expired";
  FollowUpId followup;
  template <class V> static void Describe(V& v) { v.Fact("followup", &FollowUpExpired::followup, kRequired); }
};

struct FollowUpSnoozed {
  static constexpr std::string_view kType = "followup.snoozed";
  FollowUpId followup;
  Instant until;
  std::optional<RepId> rep;
  std::optional<std::string> reason;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("followup", &FollowUpSnoozed::followup, kRequired);
    v.Fact("until", &FollowUpSnoozed::until, kRequired);
    v.Fact("rep", &FollowUpSnoozed::rep);
    v.Private("reason", &FollowUpSnoozed::reason);
  }
};

struct CadenceEntered {
  static constexpr std::string_view kType = "cadence.entered";
  std::string cadence;  // the rule's name
  std::string enrolment;
  std::string policy;  // the version that is kept to the end
  std::string root_source;
  std::string root_id;
  std::optional<ContactId> contact;
  std::optional<std::vector<std::string>> skipped;  // steps left out at the beginning, because the customer was brought by another
  template <class V> static void Describe(V& v) {
    v.Fact("cadence", &CadenceEntered::cadence, kRequired);
    v.Fact("enrolment", &CadenceEntered::enrolment, kRequired);
    v.Fact("policy", &CadenceEntered::policy, kRequired);
    v.Fact("root_source", &CadenceEntered::root_source, kRequired);
    v.Fact("root_id", &CadenceEntered::root_id, kRequired);
    v.Fact("contact", &CadenceEntered::contact);
    v.Fact("skipped", &CadenceEntered::skipped);
  }
};

struct CadenceAdvanced {
  static constexpr std::string_view kType = "cadence.advanced";
  std::string enrolment;
  std::string step;  // the one that begins
  std::optional<Json> because;  // Sentence
  template <class V> static void Describe(V& v) {
    v.Fact("enrolment", &CadenceAdvanced::enrolment, kRequired);
    v.Fact("step", &CadenceAdvanced::step, kRequired);
    v.Fact("because", &CadenceAdvanced::because);
  }
};

struct CadenceLeft {
  static constexpr std::string_view kType = "cadence.left";
  std::string enrolment;
  std::string exit;  // reply, purchase, refusal, complaint, meeting, goal, colleague, finished
  std::optional<Json> because;  // Sentence
  template <class V> static void Describe(V& v) {
    v.Fact("enrolment", &CadenceLeft::enrolment, kRequired);
    v.Fact("exit", &CadenceLeft::exit, kRequired);
    v.Fact("because", &CadenceLeft::because);
  }
};

struct ApprovalGiven {
  static constexpr std::string_view kType = "approval.given";
  FollowUpId followup;
  RepId rep;
  std::optional<bool> has_line;     // true: a personal line goes with it
  std::optional<std::string> line;  // private: the personal line of a letter
  template <class V> static void Describe(V& v) {
    v.Fact("followup", &ApprovalGiven::followup, kRequired);
    v.Fact("rep", &ApprovalGiven::rep, kRequired);
    v.Fact("has_line", &ApprovalGiven::has_line);
    v.Private("line", &ApprovalGiven::line);
  }
};

struct ApprovalWithheld {
  static constexpr std::string_view kType = "approval.withheld";
  FollowUpId followup;
  RepId rep;
  std::optional<std::string> reason;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("followup", &ApprovalWithheld::followup, kRequired);
    v.Fact("rep", &ApprovalWithheld::rep, kRequired);
    v.Private("reason", &ApprovalWithheld::reason);
  }
};

struct ExperimentStarted {
  static constexpr std::string_view kType = "experiment.started";
  std::string experiment;
  Json document;  // arms, weights, salt
  template <class V> static void Describe(V& v) {
    v.Fact("experiment", &ExperimentStarted::experiment, kRequired);
    v.Fact("document", &ExperimentStarted::document, kRequired);
  }
};

struct ExposureLogged {
  static constexpr std::string_view kType = "exposure.logged";
  std::string experiment;
  std::string arm;
  std::optional<FollowUpId> followup;
  std::optional<double> propensity;
  template <class V> static void Describe(V& v) {
    v.Fact("experiment", &ExposureLogged::experiment, kRequired);
    v.Fact("arm", &ExposureLogged::arm, kRequired);
    v.Fact("followup", &ExposureLogged::followup);
    v.Fact("propensity", &ExposureLogged::propensity);
  }
};

}  // namespace rapport

#endif  // RAPPORT_LEDGER_ENGINE_PAYLOADS_HPP_
