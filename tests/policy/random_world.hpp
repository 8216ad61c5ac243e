// Random lives of customers, for properties.
#ifndef RAPPORT_TESTS_POLICY_RANDOM_WORLD_HPP_
#define RAPPORT_TESTS_POLICY_RANDOM_WORLD_HPP_

#include <set>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include "policy/world.hpp"
#include "rapport/expectation/keeping.hpp"
#include "rapport/relationship/worry_knowledge.hpp"

namespace rapport::policy_test {

inline constexpr std::int64_t kHour = 3'600'000'000;
inline constexpr int kDays = 40;
inline const Instant kStart = Instant::FromMicros(1'767'225'600'000'000);   // 2026-01-01T00:00:00Z

inline constexpr int kOfReps = 20;   // the kind that is nobody's

inline Payload RandomPayload(int kind, int n) {
  switch (kind) {
    case 0: return Order(n % 2 == 0 ? std::optional<std::string>("softener") : std::nullopt, 1000 + n);
    case 1: return PurchaseDelivered{};
    case 2: {
      WorryRaised worry;
      if (n % 3 != 0) worry.product = ProductId::Trusted("softener");
      if (n % 2 == 0) worry.topic = "smell";
      return worry;
    }
    case 3: {
      WorryResolved resolved;
      if (n % 2 == 0) resolved.remedy = "a flush";
      return resolved;
    }
    case 4: {
      PromiseMade promise;
      promise.due = Day(2026, 1, 1) + (n % 60);
      if (n % 3 == 0) promise.quantity = 1 + n % 4;
      if (n % 5 == 0) promise.by = PromiseBy::kCustomer;
      if (n % 2 == 0) promise.work_minutes = 60 * (n % 12);
      if (n % 7 != 0) promise.rep = RepId::Trusted("r-1");
      return promise;
    }
    case 5: return PromiseDelivered{};
    case 6: {   // some are no contact at all
      Touch touch = Reached(n % 3 == 0 ? Purpose::kSell : Purpose::kCare);
      if (n % 4 == 0) touch.kind = n % 8 == 0 ? TouchKind::kCopy : TouchKind::kEdit;
      return touch;
    }
    case 7: {
      Touch touch;
      touch.disposition = n % 4 == 0 ? Disposition::kRefusedContact : Disposition::kAbsent;
      return touch;
    }
    case 8: return Profile(n % 2 == 0 ? "America/New_York" : "Asia/Tokyo", n % 3 == 0);
    case 9: {
      DoNotContactSet rule;
      if (n % 2 == 0) rule.active = false;
      return rule;
    }
    case 10: return PurchaseReturned{};
    case 11: return OpportunityOpened{};
    case 12: return OpportunityLost{};
    case 13: {   // of a mail; an auto-reply puts off what runs
      Touch touch = Reached();
      touch.channel = Channel::kMail;
      touch.direction = Direction::kInbound;
      if (n % 3 == 0) touch.disposition = Disposition::kAutoReply;
      return touch;
    }
    case 15: {
      PromiseProgressed progress;
      if (n % 2 == 0) progress.ready = n % 5;
      if (n % 3 == 0) progress.work_minutes = n % 600;
      return progress;
    }
    case 17: return ReferralMade{CustomerId::Trusted("d" + std::to_string(n % 4)), {}, {}};
    case 16: {
      PromiseRevised revised;
      revised.due = Day(2026, 1, 10) + (n % 60);
      revised.agreed = n % 4 != 0;
      return revised;
    }
    case kOfReps: {   // a rep who is away now and then, and may leave; known to everybody
      RepUpserted rep;
      rep.rep = RepId::Trusted("r-" + std::to_string(1 + n % 3));
      rep.absences.emplace();
      for (int day = 0; day < n % 20; ++day) rep.absences->push_back(Day(2026, 1, 1) + n % 30 + day);
      if (n % 5 == 0) rep.left = Day(2026, 1, 1) + n % 45;
      if (n % 2 == 0) rep.manager = RepId::Trusted("r-3");
      return rep;
    }
    case 18: {
      Touch touch = Reached(n % 3 == 0 ? Purpose::kSell : Purpose::kService);
      touch.rep = RepId::Trusted("r-" + std::to_string(1 + n % 3));
      if (n % 5 == 0) touch.kind = TouchKind::kMass;
      return touch;
    }
    case 19: {
      FeedbackGiven feedback;
      feedback.nps = n % 11;
      return feedback;
    }
    case 21: {
      CustomerUpserted profile = Profile("Asia/Tokyo", n % 3 == 0);
      if (n % 2 == 0) profile.origin = n % 4 == 0 ? Origin::kReferral : Origin::kNew;
      profile.owner = RepId::Trusted("r-" + std::to_string(1 + n % 2));
      return profile;
    }
    case 22: {
      SignalObserved stock;
      stock.name = "stock_days";
      stock.value = n % 200;
      return stock;
    }
    case 23: return NeedStated{};
    default: {
      ConsentChanged consent;
      consent.state = n % 2 == 0 ? ConsentState::kGranted : ConsentState::kWithdrawn;
      return consent;
    }
  }
}

inline Event RandomEvent(int index) {
  const int kind = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 24));
  const int n = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 1000));
  Event event;
  event.key = {"test", "e" + std::to_string(index)};
  event.subject = CustomerId::Trusted("c");
  if (kind == kOfReps) event.subject = CustomerId();
  const int hour = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 24 * kDays));
  event.occurred = {kStart.PlusMicros(hour * kHour), 0};
  event.recorded = event.claimed = event.occurred.at;
  event.data = RandomPayload(kind, n);
  // A contact may be noted days after it was.
  if (event.As<Touch>() != nullptr && n % 5 == 0) event.recorded = event.claimed = event.occurred.at.PlusMicros(n % 100 * kHour);
  return event;
}

// How long promises took, and a rep with other work and an hour a day for it: what is open may come to be at risk by time alone.
inline void KnowsWhichPromisesHold(World& world) {
  RepUpserted rep;
  rep.rep = RepId::Trusted("r-1");
  rep.work_minutes = 60;
  world.Add("", "rep", "2025-12-01T00:00:00Z", rep);
  std::vector<PastPromise> past;
  for (int i = 1; i <= 8; ++i) past.push_back({rep.rep, {}, "", i % 4 != 0, 5.0 * i, {}, Instant::FromMicros(i)});
  const std::vector<WaitingWork> waiting{{rep.rep, "test elsewhere", Day(2026, 1, 20), 300}};
  ModelFitted model;
  model.model = kPromiseKeeping;
  model.fitted = PromiseKeeping::Of(past, waiting).ToJson();
  world.Add("", "keeping", "2025-12-02T00:00:00Z", model);
}

// Two others worried that their softener smells, and a flush cured both.
inline ModelFitted SmellWasCured() {
  const WorryTopic smell{ProductId::Trusted("softener"), "smell"};
  std::vector<CustomerWorries> others;
  for (const char* name : {"d1", "d2"}) others.push_back({CustomerId::Trusted(name), {{smell, kStart, kStart, 0, "a flush"}}, {}, {}});
  return {std::string(kWorryKnowledge), WorryKnowledge::Of(others, kStart).ToJson(), std::nullopt, std::nullopt};
}

inline World RandomWorld() {
  World world;
  world.Add("", "p", "2025-01-01T00:00:00Z", Softener());
  const int profile = *rc::gen::inRange(0, 3);
  if (profile == 1) world.Use(OfficeProfile());
  if (profile == 2) world.Use(OneADay());
  if (*rc::gen::arbitrary<bool>()) world.Use(Policy::Default());   // with a cadence and an exclusive group
  world.Add("c", "born", "2025-12-01T00:00:00Z", Profile("Asia/Tokyo"));
  if (*rc::gen::arbitrary<bool>()) {   // a rhythm of ten days that may fall silent
    for (const char* day : {"01", "11", "21"}) {
      world.Add("c", std::string("habit") + day, std::string("2025-12-") + day + "T03:00:00Z", Order(std::nullopt, 100));
    }
  }
  if (*rc::gen::arbitrary<bool>()) KnowsWhichPromisesHold(world);
  if (*rc::gen::arbitrary<bool>()) world.Add("", "worries", "2025-12-03T00:00:00Z", SmellWasCured());
  const int count = *rc::gen::inRange(1, 40);
  for (int i = 0; i < count; ++i) world.Add(RandomEvent(i));
  return world;
}

inline std::vector<Instant> RandomTicks() {
  std::set<std::int64_t> hours;
  const int count = *rc::gen::inRange(1, 40);
  for (int i = 0; i < count; ++i) hours.insert(*rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 24 * (kDays + 10))));
  std::vector<Instant> ticks;
  for (const std::int64_t hour : hours) ticks.push_back(kStart.PlusMicros(hour * kHour));
  return ticks;
}

}  // namespace rapport::policy_test

#endif  // RAPPORT_TESTS_POLICY_RANDOM_WORLD_HPP_
