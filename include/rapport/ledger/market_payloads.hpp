// Floor 1. The network, the market and what worked: payloads as in payloads.hpp, which includes this.
#ifndef RAPPORT_LEDGER_MARKET_PAYLOADS_HPP_
#define RAPPORT_LEDGER_MARKET_PAYLOADS_HPP_

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

// The subject brought `referred`.
struct ReferralMade {
  static constexpr std::string_view kType = "referral.made";
  CustomerId referred;
  std::optional<ContactId> contact;  // who of the subject said it
  std::optional<RepId> rep;  // to whom
  template <class V> static void Describe(V& v) {
    v.Fact("referred", &ReferralMade::referred, kRequired);
    v.Fact("contact", &ReferralMade::contact);
    v.Fact("rep", &ReferralMade::rep);
  }
};

struct CompetitorSeen {
  static constexpr std::string_view kType = "competitor.seen";
  std::string competitor;
  std::optional<ProductId> product;  // ours it stands against
  std::optional<std::string> offer;  // the competitor's, as offer.known names it
  std::optional<RepId> rep;
  std::optional<std::string> note;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("competitor", &CompetitorSeen::competitor, kRequired);
    v.Fact("product", &CompetitorSeen::product);
    v.Fact("offer", &CompetitorSeen::offer);
    v.Fact("rep", &CompetitorSeen::rep);
    v.Private("note", &CompetitorSeen::note);
  }
};

// What a competitor sells, to nobody in particular.
struct OfferKnown {
  static constexpr std::string_view kType = "offer.known";
  std::string competitor;
  std::string offer;
  std::optional<ProductId> product;  // ours it stands against
  std::optional<Money> price;
  std::optional<std::int64_t> warranty_months;
  std::optional<Json> attributes;
  template <class V> static void Describe(V& v) {
    v.Fact("competitor", &OfferKnown::competitor, kRequired);
    v.Fact("offer", &OfferKnown::offer, kRequired);
    v.Fact("product", &OfferKnown::product);
    v.Fact("price", &OfferKnown::price);
    v.Fact("warranty_months", &OfferKnown::warranty_months);
    v.Fact("attributes", &OfferKnown::attributes);
  }
};

struct ApproachUsed {
  static constexpr std::string_view kType = "approach.used";
  std::string approach;  // the argument, opening or question
  std::optional<Channel> channel;
  std::optional<double> propensity;  // with which it was chosen, above 0, at most 1
  std::optional<FollowUpId> followup;
  std::optional<RepId> rep;
  std::optional<bool> success;
  template <class V> static void Describe(V& v) {
    v.Fact("approach", &ApproachUsed::approach, kRequired);
    v.Fact("channel", &ApproachUsed::channel);
    v.Fact("propensity", &ApproachUsed::propensity);
    v.Fact("followup", &ApproachUsed::followup);
    v.Fact("rep", &ApproachUsed::rep);
    v.Fact("success", &ApproachUsed::success);
  }
};

struct LessonRecorded {
  static constexpr std::string_view kType = "lesson.recorded";
  std::string lesson;
  std::optional<std::string> attributed_to;  // "us", "customer", "product", "price", "competitor"
  std::optional<std::string> competitor;
  std::optional<ProductId> product;
  std::optional<RepId> rep;
  std::optional<OpportunityId> opportunity;
  std::optional<std::string> text;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("lesson", &LessonRecorded::lesson, kRequired);
    v.Fact("attributed_to", &LessonRecorded::attributed_to);
    v.Fact("competitor", &LessonRecorded::competitor);
    v.Fact("product", &LessonRecorded::product);
    v.Fact("rep", &LessonRecorded::rep);
    v.Fact("opportunity", &LessonRecorded::opportunity);
    v.Private("text", &LessonRecorded::text);
  }
};

}  // namespace rapport

#endif  // RAPPORT_LEDGER_MARKET_PAYLOADS_HPP_
