// Floor 1. An event: something that happened, and when it became known. The only kind of fact there is.
//
//   key          who says so (source) and under which id: the identity
//   subject      the customer, or none (a rep, a product, a policy)
//   occurred     when it happened, with the offset it was written with
//   recorded     when it became known, as the ledger stored it (after the seal, docs/adr/0001)
//   claimed      when it became known, as the caller claimed; equal to `recorded` unless the seal moved it
//   batch        the import that brought it, if one did (import.started)
//   data         what happened: one struct a type (payloads.hpp)
//
// Canonical order is occurred, claimed, source, id: the same whatever the order of arrival.
#ifndef RAPPORT_LEDGER_EVENT_HPP_
#define RAPPORT_LEDGER_EVENT_HPP_

#include <compare>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/time.hpp"
#include "rapport/ledger/payloads.hpp"

namespace rapport {

// The place of a type is frozen: snapshots hold it. A new type comes at the end.
using Payload =
    std::variant<Unrecognised, CustomerUpserted, ContactUpserted, RepUpserted, ProductUpserted, OwnerAssigned,
                 PurchasePlaced, PurchaseDelivered, PurchaseReturned, Touch, Refusal, WorryRaised, WorryResolved,
                 ConsentChanged, DoNotContactSet, PromiseMade, PromiseDelivered, ModelFitted, PolicyAdopted,
                 BookConfigured, FollowUpIssued, FollowUpHandedOver, FollowUpDone, FollowUpSkipped,
                 FollowUpWithdrawn, FollowUpExpired, FactLearned, NeedStated, PurchaseCancelled, ContractStarted,
                 ContractRenewed, ContractEnded, OpportunityOpened, OpportunityStageChanged, OpportunityWon,
                 OpportunityLost, CaseOpened, CaseClosed, WorryAcknowledged, FeedbackGiven, ExpectationStated,
                 PromiseRevised, PromiseWithdrawn, ReferralMade, CompetitorSeen, OfferKnown, ApproachUsed,
                 LessonRecorded, SignalObserved, RateSet, CadenceEntered, CadenceAdvanced, CadenceLeft,
                 FollowUpSnoozed, ApprovalGiven, ApprovalWithheld, ExperimentStarted, ExposureLogged,
                 EventCorrected, EventRetracted, ImportStarted, BatchRetracted, CustomerMerged, MergeUndone,
                 CustomerErased, PromiseProgressed, AppointmentMade, AppointmentCancelled>;

struct Event {
  EventKey key;
  CustomerId subject;
  BatchId batch;              // the import that brought it; empty for what came by itself
  Stamp occurred;
  Instant recorded;
  Instant claimed;
  Payload data;
  Json::Object extra;         // fields of `data` this version does not know, kept where the caller asked
  std::int64_t sequence = 0;  // place in the store, from 1; 0 before it is stored

  // The type's name on the wire.
  std::string_view type() const {
    return std::visit([](const auto& d) -> std::string_view {
      if constexpr (requires { d.type; }) return d.type;
      else return std::decay_t<decltype(d)>::kType;
    }, data);
  }
  template <class T> const T* As() const { return std::get_if<T>(&data); }
};

// The source of what the engine itself concludes. Hosts may not use it.
inline constexpr std::string_view kEngineSource = "rapport";

inline bool CanonicalLess(const Event& a, const Event& b) {
  return std::tie(a.occurred.at, a.claimed, a.key) < std::tie(b.occurred.at, b.claimed, b.key);
}

}  // namespace rapport

#endif  // RAPPORT_LEDGER_EVENT_HPP_
