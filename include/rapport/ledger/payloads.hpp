// Floor 1. What each type of event says: one struct a type.
//
// A struct lists its fields once, in Describe. The codec, the facts/private split, the JSON Schemas in schemas/ and
// the tests that compare them are all made from that list, so a field is added in one place. `Fact` fields are what
// folds read; `Private` fields (names, addresses, free text) live in rows of their own, can be erased, and no fold
// ever sees them. kRequired fields must be present; the others are optional.
//
// Money on the wire is a decimal string beside a `currency` member; in the struct it is Money already.
#ifndef RAPPORT_LEDGER_PAYLOADS_HPP_
#define RAPPORT_LEDGER_PAYLOADS_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/money.hpp"
#include "rapport/core/time.hpp"
#include "rapport/ledger/engine_payloads.hpp"
#include "rapport/ledger/keeping_payloads.hpp"
#include "rapport/ledger/market_payloads.hpp"
#include "rapport/ledger/need.hpp"
#include "rapport/ledger/promise_payloads.hpp"
#include "rapport/ledger/relation_payloads.hpp"
#include "rapport/ledger/vocabulary.hpp"

namespace rapport {

// --- parties -------------------------------------------------------------------------------------------------
struct CustomerUpserted {
  static constexpr std::string_view kType = "customer.upserted";
  CustomerKind kind = CustomerKind::kPerson;
  std::optional<RepId> owner;
  std::optional<Origin> origin;
  std::optional<std::string> segment;
  std::optional<std::string> zone;      // IANA name
  std::optional<std::string> language;  // BCP 47
  std::optional<Money> expected_volume; // a year
  std::optional<bool> large;            // a large account: standing attention (EF8)
  std::optional<CustomerId> parent;
  std::optional<std::string> grade;       // the host's own, "A"
  std::optional<std::vector<std::string>> tags;
  std::optional<std::int64_t> contact_ideal_days;   // between two contacts: as it should be, and at the latest
  std::optional<std::int64_t> contact_latest_days;
  std::optional<Json> expectation_weights; // by dimension, before those of segment and book: {"outcome": 2}
  std::optional<std::string> name;      // private
  std::optional<std::string> address;   // private
  std::optional<std::string> phone;     // private
  std::optional<std::string> mail;      // private
  template <class V> static void Describe(V& v) {
    v.Fact("kind", &CustomerUpserted::kind, kRequired);
    v.Fact("owner", &CustomerUpserted::owner);
    v.Fact("origin", &CustomerUpserted::origin);
    v.Fact("segment", &CustomerUpserted::segment);
    v.Fact("zone", &CustomerUpserted::zone);
    v.Fact("language", &CustomerUpserted::language);
    v.Fact("expected_volume", &CustomerUpserted::expected_volume);
    v.Fact("large", &CustomerUpserted::large);
    v.Fact("parent", &CustomerUpserted::parent);
    v.Fact("grade", &CustomerUpserted::grade);
    v.Fact("tags", &CustomerUpserted::tags);
    v.Fact("contact_ideal_days", &CustomerUpserted::contact_ideal_days);
    v.Fact("contact_latest_days", &CustomerUpserted::contact_latest_days);
    v.Fact("expectation_weights", &CustomerUpserted::expectation_weights);
    v.Private("name", &CustomerUpserted::name);
    v.Private("address", &CustomerUpserted::address);
    v.Private("phone", &CustomerUpserted::phone);
    v.Private("mail", &CustomerUpserted::mail);
  }
};

struct ContactUpserted {
  static constexpr std::string_view kType = "contact.upserted";
  ContactId contact;
  std::optional<std::string> role;
  std::optional<DecisionRight> decides;
  std::optional<std::string> zone;
  std::optional<std::string> language;
  std::optional<bool> primary;            // whom to ask for unless a rule names another
  std::optional<std::string> name;        // private, in full
  std::optional<std::string> family_name; // private, for "Ms Oda"
  std::optional<PersonTitle> title;       // private
  std::optional<std::string> phone;       // private
  std::optional<std::string> mail;        // private
  template <class V> static void Describe(V& v) {
    v.Fact("contact", &ContactUpserted::contact, kRequired);
    v.Fact("role", &ContactUpserted::role);
    v.Fact("decides", &ContactUpserted::decides);
    v.Fact("zone", &ContactUpserted::zone);
    v.Fact("language", &ContactUpserted::language);
    v.Fact("primary", &ContactUpserted::primary);
    v.Private("name", &ContactUpserted::name);
    v.Private("family_name", &ContactUpserted::family_name);
    v.Private("title", &ContactUpserted::title);
    v.Private("phone", &ContactUpserted::phone);
    v.Private("mail", &ContactUpserted::mail);
  }
};

struct RepUpserted {
  static constexpr std::string_view kType = "rep.upserted";
  RepId rep;
  std::optional<std::string> zone;
  std::optional<std::string> team;
  std::optional<Json> calendar;               // WorkingWeek
  std::optional<std::int64_t> minutes;        // customer time a working day, 0 to 1440, default 300
  std::optional<std::int64_t> reserve_minutes;// kept free of these, 0 to 1440; absent: the share of the book's plan
  std::optional<std::int64_t> travel_minutes; // before each visit, 0 to 720; absent: as the book's plan says
  std::optional<std::int64_t> visit_quota;    // visits a working day; absent: as the book's plan says
  std::optional<std::int64_t> work_minutes;   // for promised work a working day, beside customer time; absent: not known
  std::optional<std::vector<Day>> absences;
  std::optional<RepId> manager;               // whom neglect is told to
  std::optional<Day> left;                    // the first day on which the rep no longer works here
  std::optional<std::string> name;            // private
  template <class V> static void Describe(V& v) {
    v.Fact("rep", &RepUpserted::rep, kRequired);
    v.Fact("zone", &RepUpserted::zone);
    v.Fact("team", &RepUpserted::team);
    v.Fact("calendar", &RepUpserted::calendar);
    v.Fact("minutes", &RepUpserted::minutes);
    v.Fact("reserve_minutes", &RepUpserted::reserve_minutes);
    v.Fact("work_minutes", &RepUpserted::work_minutes);
    v.Fact("travel_minutes", &RepUpserted::travel_minutes);
    v.Fact("visit_quota", &RepUpserted::visit_quota);
    v.Fact("absences", &RepUpserted::absences);
    v.Fact("manager", &RepUpserted::manager);
    v.Fact("left", &RepUpserted::left);
    v.Private("name", &RepUpserted::name);
  }
};

struct ProductUpserted {
  static constexpr std::string_view kType = "product.upserted";
  ProductId product;
  std::optional<std::string> name;
  std::optional<Money> price;
  std::optional<Money> margin;
  std::optional<std::int64_t> lead_days;    // from order to delivery, calendar days
  std::optional<std::int64_t> return_days;  // the return window: days after delivery, the last one included
  std::optional<Json> attributes;
  template <class V> static void Describe(V& v) {
    v.Fact("product", &ProductUpserted::product, kRequired);
    v.Fact("name", &ProductUpserted::name);
    v.Fact("price", &ProductUpserted::price);
    v.Fact("margin", &ProductUpserted::margin);
    v.Fact("lead_days", &ProductUpserted::lead_days);
    v.Fact("return_days", &ProductUpserted::return_days);
    v.Fact("attributes", &ProductUpserted::attributes);
  }
};

struct OwnerAssigned {
  static constexpr std::string_view kType = "owner.assigned";
  RepId owner;
  std::optional<std::string> reason;
  template <class V> static void Describe(V& v) {
    v.Fact("owner", &OwnerAssigned::owner, kRequired);
    v.Fact("reason", &OwnerAssigned::reason);
  }
};

// --- trade ---------------------------------------------------------------------------------------------------
struct PurchaseLine {
  std::optional<ProductId> product;
  std::optional<double> quantity;
  std::optional<Money> amount;             // of the line
  std::optional<Money> margin;             // of the line
  std::optional<std::string> unit_price;   // decimal text, any number of decimals
  template <class V> static void Describe(V& v) {
    v.Fact("product", &PurchaseLine::product);
    v.Fact("quantity", &PurchaseLine::quantity);
    v.Fact("amount", &PurchaseLine::amount);
    v.Fact("margin", &PurchaseLine::margin);
    v.Fact("unit_price", &PurchaseLine::unit_price);
  }
};

struct PurchasePlaced {
  static constexpr std::string_view kType = "purchase.placed";
  std::optional<OrderId> order;        // absent: the event's id
  std::optional<RepId> rep;
  std::optional<ContactId> contact;
  std::optional<Day> expected_delivery;
  std::vector<PurchaseLine> lines;
  template <class V> static void Describe(V& v) {
    v.Fact("order", &PurchasePlaced::order);
    v.Fact("rep", &PurchasePlaced::rep);
    v.Fact("contact", &PurchasePlaced::contact);
    v.Fact("expected_delivery", &PurchasePlaced::expected_delivery);
    v.Fact("lines", &PurchasePlaced::lines);
  }
};

struct PurchaseDelivered {
  static constexpr std::string_view kType = "purchase.delivered";
  std::optional<OrderId> order;  // absent: the customer's earliest order not yet delivered
  template <class V> static void Describe(V& v) { v.Fact("order", &PurchaseDelivered::order); }
};

struct PurchaseReturned {
  static constexpr std::string_view kType = "purchase.returned";
  std::optional<OrderId> order;  // absent: the customer's latest order
  std::optional<Money> amount;   // absent: the whole order
  std::optional<std::string> note;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("order", &PurchaseReturned::order);
    v.Fact("amount", &PurchaseReturned::amount);
    v.Private("note", &PurchaseReturned::note);
  }
};

struct PurchaseCancelled {
  static constexpr std::string_view kType = "purchase.cancelled";
  std::optional<OrderId> order;  // absent: the customer's latest order
  std::optional<std::string> note;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("order", &PurchaseCancelled::order);
    v.Private("note", &PurchaseCancelled::note);
  }
};

// --- contact -------------------------------------------------------------------------------------------------
struct Touch {
  static constexpr std::string_view kType = "touch";
  Channel channel = Channel::kCall;
  Direction direction = Direction::kOutbound;
  std::optional<Purpose> purpose;
  std::optional<RepId> rep;
  std::optional<ContactId> contact;
  std::optional<Disposition> disposition;
  std::optional<std::int64_t> minutes;
  std::optional<FollowUpId> followup;   // the follow-up this touch answers
  std::optional<bool> objective_met;
  std::optional<std::string> note;      // private
  std::optional<Instant> start;         // where the time of the event is when it was noted
  std::optional<double> latitude;       // degrees, WGS 84
  std::optional<double> longitude;
  std::optional<double> accuracy_metres;
  std::optional<MessageClass> message_class;   // absent: that of the follow-up it answers, else default
  std::optional<Day> back_on;           // auto_reply: the day on which the person says to be back
  std::optional<TouchKind> kind;        // absent: personal, but a newsletter is mass
  template <class V> static void Describe(V& v) {
    v.Fact("channel", &Touch::channel, kRequired);
    v.Fact("direction", &Touch::direction, kRequired);
    v.Fact("purpose", &Touch::purpose);
    v.Fact("rep", &Touch::rep);
    v.Fact("contact", &Touch::contact);
    v.Fact("disposition", &Touch::disposition);
    v.Fact("minutes", &Touch::minutes);
    v.Fact("followup", &Touch::followup);
    v.Fact("objective_met", &Touch::objective_met);
    v.Fact("start", &Touch::start);
    v.Fact("latitude", &Touch::latitude);
    v.Fact("longitude", &Touch::longitude);
    v.Fact("accuracy_metres", &Touch::accuracy_metres);
    v.Fact("class", &Touch::message_class);
    v.Fact("back_on", &Touch::back_on);
    v.Fact("kind", &Touch::kind);
    v.Private("note", &Touch::note);
  }
};

struct Refusal {
  static constexpr std::string_view kType = "refusal";
  std::optional<RefusalReason> reason;
  std::optional<RepId> rep;
  std::optional<ContactId> contact;
  std::optional<Day> come_back;      // the day the customer named
  std::optional<std::string> text;   // private
  template <class V> static void Describe(V& v) {
    v.Fact("reason", &Refusal::reason);
    v.Fact("rep", &Refusal::rep);
    v.Fact("contact", &Refusal::contact);
    v.Fact("come_back", &Refusal::come_back);
    v.Private("text", &Refusal::text);
  }
};

struct WorryRaised {
  static constexpr std::string_view kType = "worry.raised";
  std::optional<WorryId> worry;      // absent: the event's id
  std::optional<ProductId> product;
  std::optional<std::string> topic;  // in a few words that all buyers share: "smell after filter change"
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  std::optional<std::string> text;   // private
  template <class V> static void Describe(V& v) {
    v.Fact("worry", &WorryRaised::worry);
    v.Fact("product", &WorryRaised::product);
    v.Fact("topic", &WorryRaised::topic);
    v.Fact("contact", &WorryRaised::contact);
    v.Fact("rep", &WorryRaised::rep);
    v.Private("text", &WorryRaised::text);
  }
};

struct WorryAcknowledged {
  static constexpr std::string_view kType = "worry.acknowledged";
  std::optional<WorryId> worry;  // absent: the customer's oldest open worry
  std::optional<RepId> rep;
  template <class V> static void Describe(V& v) {
    v.Fact("worry", &WorryAcknowledged::worry);
    v.Fact("rep", &WorryAcknowledged::rep);
  }
};

struct WorryResolved {
  static constexpr std::string_view kType = "worry.resolved";
  std::optional<WorryId> worry;      // absent: the customer's oldest open worry
  std::optional<RepId> rep;
  std::optional<std::string> remedy; // what cured it, in a few words that serve for others: "5-min flush"
  std::optional<std::string> cure;   // private
  template <class V> static void Describe(V& v) {
    v.Fact("worry", &WorryResolved::worry);
    v.Fact("rep", &WorryResolved::rep);
    v.Fact("remedy", &WorryResolved::remedy);
    v.Private("cure", &WorryResolved::cure);
  }
};

struct FeedbackGiven {
  static constexpr std::string_view kType = "feedback.given";
  std::optional<double> csat;  // 1 to 5
  std::optional<std::int64_t> nps;  // 0 to 10
  std::optional<Json> dimensions;  // scores by dimension, 0 to 10: {"courtesy": 9}
  std::optional<OrderId> order;
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  std::optional<std::string> text;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("csat", &FeedbackGiven::csat);
    v.Fact("nps", &FeedbackGiven::nps);
    v.Fact("dimensions", &FeedbackGiven::dimensions);
    v.Fact("order", &FeedbackGiven::order);
    v.Fact("contact", &FeedbackGiven::contact);
    v.Fact("rep", &FeedbackGiven::rep);
    v.Private("text", &FeedbackGiven::text);
  }
};

struct ConsentChanged {
  static constexpr std::string_view kType = "consent.changed";
  ConsentState state = ConsentState::kGranted;
  std::optional<Channel> channel;    // absent: every channel
  std::optional<ConsentPurpose> purpose;  // absent: every purpose
  std::optional<ContactId> contact;  // absent: the whole account
  std::optional<Day> expires;        // the last local day on which it holds
  std::optional<std::string> proof;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("state", &ConsentChanged::state, kRequired);
    v.Fact("channel", &ConsentChanged::channel);
    v.Fact("purpose", &ConsentChanged::purpose);
    v.Fact("contact", &ConsentChanged::contact);
    v.Fact("expires", &ConsentChanged::expires);
    v.Private("proof", &ConsentChanged::proof);
  }
};

struct DoNotContactSet {
  static constexpr std::string_view kType = "do_not_contact.set";
  std::optional<bool> active;        // absent: true; false lifts an earlier one of the same channel and contact
  std::optional<Channel> channel;    // absent: every channel
  std::optional<ContactId> contact;  // absent: the whole account
  std::optional<Day> until;          // the last local day on which it holds; absent: for good
  std::optional<std::string> reason; // private
  template <class V> static void Describe(V& v) {
    v.Fact("active", &DoNotContactSet::active);
    v.Fact("channel", &DoNotContactSet::channel);
    v.Fact("contact", &DoNotContactSet::contact);
    v.Fact("until", &DoNotContactSet::until);
    v.Private("reason", &DoNotContactSet::reason);
  }
};

// A type this version does not know, kept word for word because the caller asked (`on_unknown="keep"`). No fold reads it.
struct Unrecognised {
  static constexpr std::string_view kType = "";
  std::string type;
  Json content;   // all of `data`; treated as private
};

}  // namespace rapport

#endif  // RAPPORT_LEDGER_PAYLOADS_HPP_
