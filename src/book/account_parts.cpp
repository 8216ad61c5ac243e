#include "book/account_parts.hpp"

#include "book/packed.hpp"

namespace rapport {
namespace {

template <class... T>
constexpr bool IsOneOf(std::size_t type) { return ((type == IndexOf<T>()) || ...); }

}  // namespace

AccountPart PartOf(std::size_t type) {
  if (IsOneOf<CustomerUpserted, OwnerAssigned>(type)) return AccountPart::kParties;
  if (IsOneOf<ContactUpserted>(type)) return AccountPart::kContacts;
  if (IsOneOf<PurchasePlaced, PurchaseDelivered, PurchaseReturned, PurchaseCancelled>(type)) return AccountPart::kTrade;
  if (IsOneOf<Touch>(type)) return AccountPart::kTouches;
  if (IsOneOf<Refusal>(type)) return AccountPart::kRefusals;
  if (IsOneOf<ConsentChanged, DoNotContactSet, CustomerErased>(type)) return AccountPart::kPermission;
  if (IsOneOf<WorryRaised, WorryAcknowledged, WorryResolved>(type)) return AccountPart::kWorries;
  if (IsOneOf<PromiseMade, PromiseRevised, PromiseDelivered, PromiseWithdrawn, PromiseProgressed>(type)) return AccountPart::kPromises;
  if (IsOneOf<FollowUpIssued, FollowUpHandedOver, FollowUpDone, FollowUpSkipped, FollowUpSnoozed, FollowUpWithdrawn, FollowUpExpired, ApprovalGiven,
              ApprovalWithheld, CadenceEntered, CadenceAdvanced, CadenceLeft>(type)) {
    return AccountPart::kFollowUps;
  }
  if (IsOneOf<NeedStated>(type)) return AccountPart::kNeeds;
  if (IsOneOf<ContractStarted, ContractRenewed, ContractEnded>(type)) return AccountPart::kContracts;
  if (IsOneOf<OpportunityOpened, OpportunityStageChanged, OpportunityWon, OpportunityLost>(type)) return AccountPart::kOpportunities;
  if (IsOneOf<CaseOpened, CaseClosed>(type)) return AccountPart::kCases;
  if (IsOneOf<AppointmentMade, AppointmentCancelled>(type)) return AccountPart::kAppointments;
  if (IsOneOf<FeedbackGiven, ExpectationStated>(type)) return AccountPart::kFeedback;
  if (IsOneOf<ReferralMade>(type)) return AccountPart::kReferrals;
  if (IsOneOf<SignalObserved>(type)) return AccountPart::kHost;
  if (IsOneOf<EventCorrected, EventRetracted, BatchRetracted, CustomerMerged, MergeUndone>(type)) return AccountPart::kLedger;
  return AccountPart::kNotes;
}

}  // namespace rapport
