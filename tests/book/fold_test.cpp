#include "rapport/book/fold.hpp"

#include <gtest/gtest.h>

#include "book/made_events.hpp"
#include "book/told.hpp"
#include "rapport/book/zone_of.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

Account Folded(const std::vector<Event>& events) {
  Account account;
  for (const Event& event : events) FoldInto(account, event);
  return account;
}

TEST(Fold_Profile, KeepsTheNewestValueOfEachField) {
  CustomerUpserted first;
  first.kind = CustomerKind::kOrganisation;
  first.segment = "clinic";
  first.large = true;
  first.name = "Ohori Clinic";
  CustomerUpserted second;
  second.kind = CustomerKind::kOrganisation;
  second.segment = "hospital";
  second.zone = "Asia/Tokyo";
  const Account account = Folded({Happened("c", "1", "2026-01-01T00:00:00Z", first),
                                  Happened("c", "2", "2026-01-02T00:00:00Z", second)});
  EXPECT_EQ(account.profile.kind, CustomerKind::kOrganisation);
  EXPECT_EQ(account.profile.segment, "hospital");
  EXPECT_EQ(account.profile.large, true);
  EXPECT_EQ(account.profile.zone, "Asia/Tokyo");
  EXPECT_FALSE(account.profile.name.has_value());
  EXPECT_EQ(account.profile_event.id, "2");
  EXPECT_EQ(account.first_event.id, "1");
  EXPECT_EQ(account.last_event_at, At("2026-01-02T00:00:00Z"));
}

TEST(Fold_Owner, IsTheNewestOfAssignmentAndProfile) {
  CustomerUpserted profile;
  profile.owner = RepId::Trusted("sato");
  OwnerAssigned assigned;
  assigned.owner = RepId::Trusted("lee");
  const Event by_profile = Happened("c", "1", "2026-01-01T00:00:00Z", profile);
  const Event by_assignment = Happened("c", "2", "2026-01-02T00:00:00Z", assigned);
  EXPECT_EQ(Folded({by_profile, by_assignment}).owner->text(), "lee");
  const Account back = Folded({by_profile, by_assignment, Happened("c", "3", "2026-01-03T00:00:00Z", profile)});
  EXPECT_EQ(back.owner->text(), "sato");
  EXPECT_EQ(back.owner_event.id, "3");
  const Account unowned = Folded({by_assignment, Happened("c", "4", "2026-01-04T00:00:00Z", CustomerUpserted{})});
  EXPECT_EQ(unowned.owner->text(), "lee");
}

TEST(Fold_Contacts, AreSortedAndMerged) {
  const auto contact = [](std::string id, std::optional<bool> primary, std::optional<std::string> role) {
    ContactUpserted said;
    said.contact = ContactId::Trusted(std::move(id));
    said.primary = primary;
    said.role = std::move(role);
    said.name = "never kept";
    return said;
  };
  Account account = Folded({Happened("c", "1", "2026-01-01T00:00:00Z", contact("m", std::nullopt, "buyer"))});
  ASSERT_NE(account.PrimaryContact(), nullptr);
  EXPECT_EQ(account.PrimaryContact()->id.text(), "m");
  FoldInto(account, Happened("c", "2", "2026-01-02T00:00:00Z", contact("a", std::nullopt, std::nullopt)));
  EXPECT_EQ(account.PrimaryContact(), nullptr);
  FoldInto(account, Happened("c", "3", "2026-01-03T00:00:00Z", contact("m", true, std::nullopt)));
  ASSERT_EQ(account.contacts.size(), 2u);
  EXPECT_EQ(account.contacts[0].id.text(), "a");
  EXPECT_EQ(account.PrimaryContact()->role, "buyer");
  EXPECT_EQ(account.FindContact(ContactId::Trusted("m"))->events.back().id, "3");
  EXPECT_EQ(account.FindContact(ContactId::Trusted("b")), nullptr);
}

TEST(Fold_Purchase, SumsItsLinesAndTakesTheEventsIdAsOrder) {
  const Account account = Folded({Happened(
      "c", "o-1", "2026-01-01T00:00:00Z",
      Placed({Line("p", Euro("10.00"), Euro("2.50")), Line("q", Euro("0.50")), Line("r", std::nullopt)}))});
  ASSERT_EQ(account.purchases.size(), 1u);
  EXPECT_EQ(account.purchases[0].amount, Euro("10.50"));
  EXPECT_EQ(account.purchases[0].margin, Euro("2.50"));
  EXPECT_EQ(account.FindPurchase(OrderId::Trusted("o-1")), &account.purchases[0]);
  EXPECT_EQ(account.FindPurchase(OrderId::Trusted("o-2")), nullptr);
  const Account bare = Folded({Happened("c", "o-2", "2026-01-01T00:00:00Z", Placed({Line("p", std::nullopt)}))});
  EXPECT_FALSE(bare.purchases[0].amount.has_value());
  EXPECT_FALSE(bare.purchases[0].margin.has_value());
}

TEST(Fold_Delivery, WithoutAnOrderMeansTheEarliestNotYetDelivered) {
  const Account account = Folded({Happened("c", "o-1", "2026-01-01T00:00:00Z", Bought("1")),
                                  Happened("c", "o-2", "2026-01-02T00:00:00Z", Bought("2")),
                                  Happened("c", "o-3", "2026-01-03T00:00:00Z", Bought("3")),
                                  Happened("c", "d-1", "2026-01-04T00:00:00Z", Delivered()),
                                  Happened("c", "d-2", "2026-01-05T00:00:00Z", Delivered("o-3")),
                                  Happened("c", "d-3", "2026-01-06T00:00:00Z", Delivered()),
                                  Happened("c", "d-4", "2026-01-07T00:00:00Z", Delivered("unknown"))});
  EXPECT_EQ(account.purchases[0].delivered_by.id, "d-1");
  EXPECT_EQ(account.purchases[1].delivered_by.id, "d-3");
  EXPECT_EQ(account.purchases[2].delivered, At("2026-01-05T00:00:00Z"));
}

TEST(Fold_Delivery, OfAnOrderInSeveralPurchasesIsOfAllOfThem) {
  const Account account = Folded({Happened("c", "1", "2026-01-01T00:00:00Z", Placed({}, "o")),
                                  Happened("c", "2", "2026-01-01T00:00:00Z", Placed({}, "o")),
                                  Happened("c", "3", "2026-01-02T00:00:00Z", Delivered("o"))});
  EXPECT_EQ(account.purchases[0].delivered_by.id, "3");
  EXPECT_EQ(account.purchases[1].delivered_by.id, "3");
}

TEST(Fold_Return, WithoutAnOrderMeansTheLatestAndSumsUp) {
  Account account = Folded({Happened("c", "o-1", "2026-01-01T00:00:00Z", Bought("10.00")),
                            Happened("c", "o-2", "2026-01-02T00:00:00Z", Bought("20.00")),
                            Happened("c", "r-1", "2026-01-03T00:00:00Z", Returned(Euro("5.00")))});
  EXPECT_FALSE(account.purchases[0].returned.has_value());
  EXPECT_EQ(account.purchases[1].returned_amount, Euro("5.00"));
  EXPECT_FALSE(account.purchases[1].returned_whole);
  FoldInto(account, Happened("c", "r-2", "2026-01-04T00:00:00Z", Returned(Euro("15.00"))));
  EXPECT_TRUE(account.purchases[1].returned_whole);
  EXPECT_EQ(account.purchases[1].returned_by.id, "r-2");
  FoldInto(account, Happened("c", "r-3", "2026-01-05T00:00:00Z", Returned(std::nullopt, "o-1")));
  EXPECT_TRUE(account.purchases[0].returned_whole);
  EXPECT_FALSE(account.purchases[0].returned_amount.has_value());
}

TEST(Fold_Worry, ResolutionWithoutANameMeansTheOldestOpen) {
  const Account account = Folded({Happened("c", "w-1", "2026-01-01T00:00:00Z", Worried()),
                                  Happened("c", "w-2", "2026-01-02T00:00:00Z", Worried("smell")),
                                  Happened("c", "w-3", "2026-01-02T12:00:00Z", Worried("smell")),
                                  Happened("c", "w-4", "2026-01-03T00:00:00Z", Worried("noise")),
                                  Happened("c", "s-1", "2026-01-04T00:00:00Z", Resolved("smell")),
                                  Happened("c", "s-2", "2026-01-05T00:00:00Z", Resolved()),
                                  Happened("c", "s-3", "2026-01-06T00:00:00Z", Resolved("smell"))});
  ASSERT_EQ(account.worries.size(), 3u);
  EXPECT_EQ(account.worries[0].resolved_by.id, "s-2");
  EXPECT_EQ(account.worries[1].resolved_by.id, "s-1");
  EXPECT_FALSE(account.worries[2].resolved.has_value());
}

TEST(Fold_Promise, IsFulfilledByAllOfItAndDeliveredFirstWhereItFallsDueFirst) {
  Account account = Folded({Happened("c", "p-1", "2026-01-01T00:00:00Z", Promised(std::nullopt)),
                            Happened("c", "p-2", "2026-01-01T00:00:00Z", Promised("2026-02-01", 0.8)),
                            Happened("c", "p-3", "2026-01-01T00:00:00Z", Promised("2026-01-20", 10)),
                            Happened("c", "d-1", "2026-01-02T00:00:00Z", Kept(4))});
  EXPECT_EQ(account.promises[2].delivered_quantity, 4);
  EXPECT_FALSE(account.promises[2].fulfilled);
  FoldInto(account, Happened("c", "d-2", "2026-01-03T00:00:00Z", Kept()));
  EXPECT_TRUE(account.promises[2].fulfilled);
  EXPECT_EQ(account.promises[2].delivered_quantity, 10);
  EXPECT_EQ(account.promises[2].fulfilled_by.id, "d-2");
  FoldInto(account, Happened("c", "d-3", "2026-01-04T00:00:00Z", Kept(0.7)));
  FoldInto(account, Happened("c", "d-4", "2026-01-05T00:00:00Z", Kept(0.1)));
  EXPECT_TRUE(account.promises[1].fulfilled);
  FoldInto(account, Happened("c", "d-5", "2026-01-06T00:00:00Z", Kept()));
  EXPECT_TRUE(account.promises[0].fulfilled);
  FoldInto(account, Happened("c", "d-6", "2026-01-07T00:00:00Z", Kept(1, "p-3")));
  EXPECT_EQ(account.promises[2].delivered_quantity, 11);
  EXPECT_EQ(account.promises[2].fulfilled_at, At("2026-01-03T00:00:00Z"));
  EXPECT_EQ(account.promises[2].last_delivery, At("2026-01-07T00:00:00Z"));
}

template <class T>
T OfPromise(std::string promise) {
  T said;
  said.promise = PromiseId::Trusted(std::move(promise));
  return said;
}

TEST(Fold_Promise, ADeliveryThatCountsForNothingIsToldOfTheRecord) {
  PromiseMade boxes = Promised("2026-01-20", 10, "b");
  boxes.unit = "boxes";
  PromiseDelivered litres = Kept(10, "b"), some = Kept(4, "b");
  litres.unit = "litres";
  some.unit = "boxes";
  const Account account = Folded({Happened("c", "early-1", "2026-01-01T00:00:00Z", Kept(3, "b")), Happened("c", "early-2", "2026-01-02T00:00:00Z", Kept(3, "b")),
                                  Happened("c", "nobody", "2026-01-02T00:00:00Z", Kept(3)), Happened("c", "p", "2026-01-03T00:00:00Z", boxes),
                                  Happened("c", "litres", "2026-01-04T00:00:00Z", litres), Happened("c", "some", "2026-01-05T00:00:00Z", some),
                                  Happened("c", "more", "2026-01-06T00:00:00Z", Kept(1)), Happened("c", "w", "2026-01-07T00:00:00Z", OfPromise<PromiseWithdrawn>("b")),
                                  Happened("c", "late", "2026-01-08T00:00:00Z", Kept(5, "b")), Happened("c", "never made", "2026-01-09T00:00:00Z", Kept(5, "x"))});
  ASSERT_TRUE(account.promises.empty());
  ASSERT_EQ(account.withdrawn_promises.size(), 1u);
  const PromiseRecord& promise = account.withdrawn_promises[0];
  EXPECT_EQ(promise.delivered_quantity, 5);
  ASSERT_EQ(promise.deliveries.size(), 2u);
  EXPECT_EQ(promise.deliveries[1].key.id, "more");
  ASSERT_EQ(promise.uncounted.size(), 4u);
  EXPECT_EQ(promise.uncounted[1].because, UncountedBecause::kBeforePromise);
  EXPECT_EQ(promise.uncounted[2].because, UncountedBecause::kOtherUnit);
  EXPECT_EQ(promise.uncounted[3].because, UncountedBecause::kAfterWithdrawal);
  EXPECT_EQ(promise.uncounted[3].delivery.key.id, "late");
  EXPECT_EQ(account.early_deliveries.size(), 1u) << "of what was never promised";
}

TEST(Fold_Promise, OneThingIsDeliveredInWhateverUnit) {
  PromiseMade report = Promised("2026-01-20");
  report.unit = "report";
  PromiseDelivered pages = Kept(12);
  pages.unit = "pages";
  EXPECT_TRUE(Folded({Happened("c", "p", "2026-01-01T00:00:00Z", report), Happened("c", "d", "2026-01-02T00:00:00Z", pages)}).promises[0].fulfilled);
}

TEST(Fold_Promise, OnlyAnAgreedRevisionMovesItsTerms) {
  PromiseRevised announced = OfPromise<PromiseRevised>("b"), agreed = announced;
  announced.due = Day(2026, 2, 1);
  announced.agreed = false;
  agreed.quantity = 4;
  const Account account = Folded({Happened("c", "p", "2026-01-01T00:00:00Z", Promised("2026-01-20", 10, "b")), Happened("c", "d", "2026-01-02T00:00:00Z", Kept(4)),
                                  Happened("c", "r-1", "2026-01-03T00:00:00Z", announced), Happened("c", "r-2", "2026-01-04T00:00:00Z", agreed)});
  const PromiseRecord& promise = account.promises[0];
  EXPECT_EQ(promise.due, Day(2026, 1, 20));
  EXPECT_EQ(promise.quantity, 4);
  EXPECT_EQ(promise.fulfilled_by.id, "r-2") << "what was there is all that is promised now";
  ASSERT_EQ(promise.revisions.size(), 2u);
  EXPECT_EQ(promise.revisions[0].due_after, Day(2026, 2, 1));
  EXPECT_EQ(promise.revisions[0].quantity_after, 10);
  EXPECT_EQ(promise.revisions[1].due_after, Day(2026, 1, 20));
  EXPECT_EQ(promise.revisions[1].quantity_before, 10);
}

TEST(Fold_Promise, WhatStandsReadyIsUsedUpByDeliveries) {
  PromiseMade made = Promised("2026-01-20", 10, "b");
  made.work_minutes = 90;
  made.product = ProductId::Trusted("softener");
  PromiseProgressed ready = OfPromise<PromiseProgressed>("b"), work;
  ready.ready = 8;
  work.work_minutes = 20;
  Account account = Folded({Happened("c", "p", "2026-01-01T00:00:00Z", made), Happened("c", "g-0", "2025-12-31T00:00:00Z", ready)});
  EXPECT_EQ(account.promises[0].work_left, 90);
  FoldInto(account, Happened("c", "g-1", "2026-01-02T00:00:00Z", ready));
  FoldInto(account, Happened("c", "g-2", "2026-01-03T00:00:00Z", work));
  FoldInto(account, Happened("c", "d", "2026-01-04T00:00:00Z", Kept(6)));
  const PromiseRecord& promise = account.promises[0];
  EXPECT_EQ(promise.ready, 2);
  EXPECT_EQ(promise.work_left, 20);
  EXPECT_EQ(promise.work_minutes, 90);
  EXPECT_EQ(promise.ready_by.id, "g-1");
  EXPECT_EQ(promise.progressed_by.id, "g-2");
  EXPECT_EQ(promise.product, ProductId::Trusted("softener"));
}

// One by one and all at once: the same account, whatever is withdrawn, made again and delivered in between.
TEST(Fold_Promise, ManyAtOnceAreAsOneByOne) {
  std::vector<Event> events;
  std::uint64_t state = 7;
  const auto below = [&](std::uint64_t end) { return (state = state * 6364136223846793005u + 1442695040888963407u) >> 33 & 0xffff ? (state >> 33) % end : 0; };
  for (int i = 0; i < 600; ++i) {
    const std::string id = "e" + std::to_string(i), name = "p" + std::to_string(below(40));
    const bool named = below(3) != 0;
    Payload data;
    switch (below(8)) {
      case 0: case 1: case 2: data = Promised(FormatDay(Day(2026, 1, 1) + static_cast<int>(below(90))), 1 + static_cast<double>(below(9)), name); break;
      case 3: case 4: data = named ? Kept(static_cast<double>(below(9)), name) : Kept(static_cast<double>(below(9))); break;
      case 5: data = named ? OfPromise<PromiseWithdrawn>(name) : PromiseWithdrawn(); break;
      case 6: { PromiseRevised to = OfPromise<PromiseRevised>(name); to.due = Day(2026, 2, 1) + static_cast<int>(below(60)); to.agreed = below(3) != 0; data = to; break; }
      default: { PromiseProgressed to; to.ready = 3; data = to; break; }
    }
    events.push_back(Happened("c", id, FormatInstant(At("2026-01-01T00:00:00Z").PlusMinutes(i)), data));
  }
  const Account one_by_one = Folded(events);
  Account whole;
  AccountFold fold(whole);
  for (std::size_t i = 0; i < events.size(); ++i) {
    fold.Add(events[i]);
    if (i % 97 == 0) fold.Finish();
  }
  fold.Finish();
  EXPECT_EQ(Told(whole), Told(one_by_one));
  EXPECT_GT(whole.withdrawn_promises.size(), 10u);
  EXPECT_GT(whole.promises.size(), 30u);
}

TEST(Fold_FollowUp, RevisesAndClosesByItsOwnEventsOnly) {
  Account account = Folded({Happened("c", "i-1", "2026-01-01T00:00:00Z", Issued("f", 1, 10))});
  const FollowUpRecord& record = account.followups.at(FollowUpId::Trusted("f"));
  FoldInto(account, Happened("c", "i-2", "2026-01-02T00:00:00Z", Issued("f", 2, 20)));
  FoldInto(account, Happened("c", "i-0", "2026-01-03T00:00:00Z", Issued("f", 1, 30)));
  EXPECT_EQ(record.issued.minutes, 20);
  EXPECT_EQ(record.issued_by.id, "i-2");
  EXPECT_EQ(record.issued_at, At("2026-01-01T00:00:00Z"));
  Touch answer = Called();
  answer.followup = FollowUpId::Trusted("f");
  FoldInto(account, Happened("c", "t", "2026-01-04T00:00:00Z", answer));
  EXPECT_TRUE(IsOpen(record.state));
  FoldInto(account, Happened("c", "h", "2026-01-05T00:00:00Z", About<FollowUpHandedOver>("f")));
  EXPECT_EQ(NameOf(record.state), "handed_over");
  FoldInto(account, Happened("c", "e", "2026-01-06T00:00:00Z", About<FollowUpExpired>("f")));
  EXPECT_EQ(NameOf(record.state), "expired");
  FoldInto(account, Happened("c", "w", "2026-01-07T00:00:00Z", About<FollowUpWithdrawn>("f")));
  EXPECT_EQ(NameOf(record.state), "expired");
  FoldInto(account, Happened("c", "d", "2026-01-08T00:00:00Z", About<FollowUpDone>("f")));
  EXPECT_EQ(NameOf(record.state), "done");
  EXPECT_EQ(record.state_by.id, "d");
  FoldInto(account, Happened("c", "s", "2026-01-09T00:00:00Z", About<FollowUpSkipped>("f")));
  FoldInto(account, Happened("c", "x", "2026-01-09T00:00:00Z", About<FollowUpDone>("never issued")));
  EXPECT_EQ(NameOf(record.state), "done");
  EXPECT_EQ(account.followups.size(), 1u);
}

TEST(Fold_FollowUp, IsOpenedAgainByARevisionAfterItWasWithdrawn) {
  Account account = Folded({Happened("c", "i-1", "2026-01-01T00:00:00Z", Issued("f", 1)),
                            Happened("c", "w", "2026-01-02T00:00:00Z", About<FollowUpWithdrawn>("f")),
                            Happened("c", "i-2", "2026-01-03T00:00:00Z", Issued("f", 2))});
  EXPECT_EQ(account.followups.begin()->second.state, FollowUpState::kOpen);
  FoldInto(account, Happened("c", "s", "2026-01-04T00:00:00Z", About<FollowUpSkipped>("f")));
  FoldInto(account, Happened("c", "i-3", "2026-01-05T00:00:00Z", Issued("f", 3)));
  EXPECT_EQ(account.followups.begin()->second.state, FollowUpState::kSkipped);
}

TEST(Fold_Appointment, SaidAgainItHasMovedAndWithoutANameTheNextOneIsCancelled) {
  AppointmentMade first, moved, second;
  first.appointment = moved.appointment = AppointmentId::Trusted("a");
  first.start = At("2026-01-20T05:00:00Z");
  first.minutes = 60;
  first.rep = RepId::Trusted("r");
  moved.start = At("2026-01-22T05:00:00Z");
  moved.channel = Channel::kCall;
  second.start = At("2026-01-21T05:00:00Z");
  Account account = Folded({Happened("c", "e-1", "2026-01-01T00:00:00Z", first), Happened("c", "e-2", "2026-01-02T00:00:00Z", second),
                            Happened("c", "e-3", "2026-01-03T00:00:00Z", moved)});
  ASSERT_EQ(account.relations.appointments.size(), 2u);
  const AppointmentRecord& named = account.relations.appointments[0];
  EXPECT_EQ(named.key.id, "e-1");
  EXPECT_EQ(named.start, At("2026-01-22T05:00:00Z"));
  EXPECT_EQ(named.minutes, 60) << "what is not said anew stays";
  EXPECT_EQ(named.channel, Channel::kCall);
  EXPECT_EQ(named.rep, RepId::Trusted("r"));
  ASSERT_EQ(named.moved_by.size(), 1u);
  EXPECT_EQ(account.relations.appointments[1].id.text(), "e-2");
  FoldInto(account, Happened("c", "e-4", "2026-01-21T06:00:00Z", AppointmentCancelled()));
  EXPECT_FALSE(account.relations.appointments[1].cancelled) << "it had begun already";
  EXPECT_EQ(account.relations.appointments[0].cancelled_by.id, "e-4");
  FoldInto(account, Happened("c", "e-5", "2026-01-21T07:00:00Z", moved));
  EXPECT_FALSE(account.relations.appointments[0].cancelled) << "made again it stands";
}

TEST(Fold_FollowUp, KnowsWhoApprovedWhetherALineGoesWithItAndWhetherTheGoalWasMet) {
  const FollowUpId id = FollowUpId::Trusted("f");
  FollowUpIssued issued;
  issued.followup = id;
  ApprovalGiven given;
  given.followup = id;
  given.rep = RepId::Trusted("r");
  given.has_line = true;
  given.line = "The kiln of yours glowed all night.";
  Account account = Folded({Happened("c", "e-1", "2026-01-01T00:00:00Z", issued), Happened("c", "e-2", "2026-01-02T00:00:00Z", given)});
  EXPECT_EQ(account.followups.at(id).approved, true);
  EXPECT_TRUE(account.followups.at(id).has_line);
  EXPECT_EQ(account.followups.at(id).approved_by.id, "e-2");
  FoldInto(account, Happened("c", "e-3", "2026-01-03T00:00:00Z", ApprovalWithheld{id, RepId::Trusted("r"), {}}));
  EXPECT_FALSE(account.followups.at(id).has_line);
  FoldInto(account, Happened("c", "e-4", "2026-01-04T00:00:00Z", FollowUpDone{id, {}, false}));
  EXPECT_EQ(account.followups.at(id).objective_met, false);
}

TEST(Fold_Private, NeverReachesTheAccount) {
  Touch touch = Called();
  touch.note = "on the phone";
  Refusal refusal;
  refusal.text = "too dear";
  ConsentChanged consent;
  consent.proof = "form 3";
  DoNotContactSet rule;
  rule.reason = "asked us";
  const Account account = Folded({Happened("c", "1", "2026-01-01T00:00:00Z", touch),
                                  Happened("c", "2", "2026-01-01T00:00:00Z", refusal),
                                  Happened("c", "3", "2026-01-01T00:00:00Z", consent),
                                  Happened("c", "4", "2026-01-01T00:00:00Z", rule)});
  EXPECT_FALSE(account.touches[0].touch.note.has_value());
  EXPECT_FALSE(account.refusals[0].refusal.text.has_value());
  EXPECT_FALSE(account.consents[0].consent.proof.has_value());
  EXPECT_FALSE(account.do_not_contact[0].rule.reason.has_value());
}

// An older version took in any number; one of them must not stop a plan.
TEST(Fold_Context, BringsMinutesWithinWhatADayHas) {
  RepUpserted said;
  said.rep = RepId::Trusted("sato");
  said.minutes = -5;
  said.reserve_minutes = -100;
  said.travel_minutes = 600'000;
  BookContext context;
  FoldInto(context, Happened("", "1", "2026-01-01T00:00:00Z", said));
  const RepRecord& rep = context.reps.at(RepId::Trusted("sato"));
  EXPECT_EQ(rep.minutes, 0);
  EXPECT_EQ(rep.reserve_minutes, 0);
  EXPECT_EQ(rep.travel_minutes, 720);
}

TEST(Fold_Context, MergesRepsAndProductsAndKeepsTheNewestModel) {
  RepUpserted first;
  first.rep = RepId::Trusted("sato");
  first.minutes = 240;
  first.absences = std::vector<Day>{Day(2026, 3, 3)};
  RepUpserted second;
  second.rep = RepId::Trusted("sato");
  second.zone = "Asia/Tokyo";
  second.calendar = *Json::Parse(R"({"weekly":{"sat":[["10:00","12:00"]]}})");
  RepUpserted broken = second;
  broken.calendar = *Json::Parse(R"({"weekly":{"sat":[["12:00","10:00"]]}})");
  ModelFitted model;
  model.model = "bg_nbd";
  model.customers = 1;
  BookContext context;
  FoldInto(context, Happened("", "1", "2026-01-01T00:00:00Z", first));
  const RepRecord& rep = context.reps.at(RepId::Trusted("sato"));
  EXPECT_FALSE(rep.week_given);
  EXPECT_TRUE(rep.WorksOn(Day(2026, 3, 2)));
  EXPECT_FALSE(rep.WorksOn(Day(2026, 3, 3)));
  EXPECT_FALSE(rep.WorksOn(Day(2026, 3, 7)));
  EXPECT_EQ(rep.Reserve(), 48);
  FoldInto(context, Happened("", "2", "2026-01-02T00:00:00Z", second));
  FoldInto(context, Happened("", "3", "2026-01-03T00:00:00Z", broken));
  EXPECT_TRUE(rep.week_given);
  EXPECT_TRUE(rep.WorksOn(Day(2026, 3, 7)));
  EXPECT_EQ(rep.minutes, 240);
  FoldInto(context, Happened("", "4", "2026-01-04T00:00:00Z", Product("p", 20)));
  FoldInto(context, Happened("", "5", "2026-01-05T00:00:00Z", Product("p", std::nullopt, Euro("3"))));
  EXPECT_EQ(context.products.at(ProductId::Trusted("p")).return_days, 20);
  EXPECT_EQ(context.products.at(ProductId::Trusted("p")).margin, Euro("3"));
  FoldInto(context, Happened("", "6", "2026-01-06T00:00:00Z", model));
  model.customers = 2;
  FoldInto(context, Happened("", "7", "2026-01-07T00:00:00Z", model));
  EXPECT_EQ(context.models.at("bg_nbd").model.customers, 2);
  EXPECT_EQ(context.models.at("bg_nbd").key.id, "7");
}

DoNotContactSet Lifted(std::optional<Channel> channel = std::nullopt) {
  DoNotContactSet lifted;
  lifted.active = false;
  lifted.channel = channel;
  return lifted;
}

// Of a merged whole each takes back his own word, and not that of another which still stands.
TEST(Fold_DoNotContact, IsLiftedByWhoeverSaidIt) {
  DoNotContactSet no_mail;
  no_mail.channel = Channel::kMail;
  const std::vector<Event> before{Happened("c", "1", "2026-01-01T00:00:00Z", CustomerUpserted{}), Happened("m", "2", "2026-01-02T00:00:00Z", DoNotContactSet{}),
                                  Happened("m", "3", "2026-01-03T00:00:00Z", no_mail)};
  const auto rules_after = [&](std::vector<Event> more) {
    std::vector<Event> events = before;
    events.insert(events.end(), more.begin(), more.end());
    return Folded(events).do_not_contact.size();
  };
  EXPECT_EQ(rules_after({Happened("c", "4", "2026-01-04T00:00:00Z", Lifted())}), 2u);
  const Event own = Happened("m", "4", "2026-01-04T00:00:00Z", Lifted());
  EXPECT_EQ(rules_after({own}), 3u);
  EXPECT_EQ(rules_after({own, Happened("c", "5", "2026-01-05T00:00:00Z", DoNotContactSet{}), Happened("c", "6", "2026-01-06T00:00:00Z", Lifted())}), 5u);
  EXPECT_EQ(rules_after({Happened("c", "4", "2026-01-04T00:00:00Z", Lifted(Channel::kMail))}), 2u);
}

TEST(Fold_DoNotContact, NothingLiftsWhatAnErasureForbids) {
  const Account account = Folded({Happened("c", "1", "2026-01-01T00:00:00Z", CustomerErased{}), Happened("c", "2", "2026-01-02T00:00:00Z", Lifted())});
  ASSERT_EQ(account.do_not_contact.size(), 1u);
  EXPECT_EQ(account.do_not_contact[0].key.id, "1");
}

// An account begins, for a rule, with what was known when the rule was first issued for it.
TEST(Fold_BegunBy, IsNotMovedByWhatIsFilledInLater) {
  FollowUpIssued issued;
  issued.followup = FollowUpId::Trusted("f");
  issued.rule = "yearly";
  const Event first = Happened("c", "1", "2026-01-01T00:00:00Z", Bought("1"));
  const Event early = KnownAt(Happened("c", "early", "2025-01-01T00:00:00Z", Bought("1")), "2026-03-01T00:00:00Z");
  const Event earliest = KnownAt(Happened("c", "earliest", "2024-01-01T00:00:00Z", Bought("1")), "2026-02-01T00:00:00Z");
  const Account never = Folded({earliest, early, first});
  EXPECT_EQ(never.BegunBy("yearly")->key.id, "earliest");
  EXPECT_EQ(never.FirstPurchase("yearly")->key.id, "earliest");
  const Account begun = Folded({earliest, early, first, Happened("c", "i", "2026-01-20T00:00:00Z", issued)});
  EXPECT_EQ(begun.first_event.id, "earliest");
  EXPECT_EQ(begun.BegunBy("yearly")->key.id, "1");
  EXPECT_EQ(begun.BegunBy({})->key.id, "1");
  EXPECT_EQ(begun.BegunBy("another")->key.id, "earliest");
  EXPECT_EQ(begun.FirstPurchase("yearly")->key.id, "1");
  const Account merged = Folded({first, Happened("m", "2", "2025-06-01T00:00:00Z", Bought("1")), Happened("c", "i", "2026-01-20T00:00:00Z", issued)});
  EXPECT_EQ(merged.BegunBy("yearly")->key.id, "1");
  EXPECT_EQ(Account().BegunBy("yearly"), nullptr);
}

TEST(Fold_Context, ReportsInTheConfiguredOrTheOnlyCurrency) {
  BookContext context;
  EXPECT_FALSE(context.reporting_currency.has_value());
  FoldInto(context, Happened("c", "1", "2026-01-01T00:00:00Z", Bought("1")));
  EXPECT_EQ(context.reporting_currency->code(), "EUR");
  FoldInto(context, Happened("c", "2", "2026-01-02T00:00:00Z", Returned(In("JPY", "100"))));
  EXPECT_FALSE(context.reporting_currency.has_value());
  BookConfigured configured;
  configured.reporting_currency = "JPY";
  configured.zone = "Asia/Tokyo";
  FoldInto(context, Happened("", "3", "2026-01-03T00:00:00Z", configured));
  EXPECT_EQ(context.reporting_currency->code(), "JPY");
  FoldInto(context, Happened("", "4", "2026-01-04T00:00:00Z", BookConfigured{}));
  EXPECT_EQ(context.reporting_currency->code(), "JPY");
  EXPECT_EQ(context.zone, "Asia/Tokyo");
}

TEST(Fold_Context, ZoneIsTheFirstThatIsKnown) {
  BookContext context;
  EXPECT_EQ(context.ZoneOf(std::nullopt, std::nullopt).name(), "UTC");
  context.zone = "Europe/Paris";
  EXPECT_EQ(context.ZoneOf(std::nullopt, std::nullopt).name(), "Europe/Paris");
  EXPECT_EQ(context.ZoneOf(std::nullopt, "Asia/Tokyo").name(), "Asia/Tokyo");
  EXPECT_EQ(context.ZoneOf("America/New_York", "Asia/Tokyo").name(), "America/New_York");
  EXPECT_EQ(context.ZoneOf("Nowhere/Else", "Asia/Tokyo").name(), "Asia/Tokyo");
  context.zone = "Nowhere/Else";
  EXPECT_EQ(context.ZoneOf(std::nullopt, std::nullopt).name(), "UTC");
}

TEST(Fold_Context, ARepsZoneIsHisOwnOrTheBooks) {
  BookContext context;
  context.zone = "Europe/Paris";
  const RepId sato = RepId::Trusted("sato");
  EXPECT_EQ(ZoneOfRep(context, std::nullopt).name(), "Europe/Paris");
  EXPECT_EQ(ZoneOfRep(context, sato).name(), "Europe/Paris") << "of whom nothing was told";
  context.reps[sato].zone = "Asia/Tokyo";
  EXPECT_EQ(ZoneOfRep(context, sato).name(), "Asia/Tokyo");
  EXPECT_EQ(ZoneOfRep(context, std::optional(sato)).name(), "Asia/Tokyo");
  context.reps[sato].zone.reset();
  EXPECT_EQ(ZoneOfRep(context, sato).name(), "Europe/Paris");
}

TEST(Fold_Context, APersonsZoneGoesBeforeTheCustomers) {
  BookContext context;
  Account account;
  account.profile.zone = "Asia/Tokyo";
  ContactRecord abroad, here;
  abroad.id = ContactId::Trusted("abroad"), abroad.zone = "Europe/Paris";
  here.id = ContactId::Trusted("here");
  account.contacts = {abroad, here};
  EXPECT_EQ(ZoneOfPerson(context, account, abroad.id).name(), "Europe/Paris");
  for (const std::optional<ContactId>& other : {std::optional(here.id), std::optional(ContactId::Trusted("nobody")), std::optional<ContactId>()}) {
    EXPECT_EQ(ZoneOfPerson(context, account, other).name(), "Asia/Tokyo");
  }
}

}  // namespace
}  // namespace rapport
