// What a decision does not cite, it does not rest on; and what it cites shows. Events of an account are left out one by one.
//
// The worlds have few events of each kind: a signal cites its newest twelve. They have no caps and no exclusive groups, by which decisions
// stand in each other's way: that one is no longer made is no event that another could cite.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "policy/random_world.hpp"
#include "policy/world.hpp"

namespace rapport::policy_test {
namespace {

// A life in which everything is named, so that leaving one event out does not make another one mean something else.
class Life {
 public:
  Life() {
    Tell("customer.upserted", Profile("Asia/Tokyo"), 0);
    if (*rc::gen::arbitrary<bool>()) Tell("worries", SmellWasCured(), 0, "");
    const int count = *rc::gen::inRange(4, 22);
    for (int i = 0; i < count; ++i) TellSomething();
  }
  World Without(const std::string& id) const {
    World world;
    world.Add("", "softener", "2025-01-01T00:00:00Z", Softener());
    world.Use(policy_).Use(profile_);
    for (const Event& event : events_) {
      if (event.key.id != id) world.Add(Event(event));
    }
    return world;
  }
  const std::vector<Event>& events() const { return events_; }
  void Use(Policy policy, PermissionProfile profile) {
    policy_ = std::move(policy);
    profile_ = std::move(profile);
  }

 private:
  void Tell(const std::string& type, Payload data, int hour, std::string subject = "c") {
    Event event;
    event.key = {"test", type + "/" + std::to_string(events_.size())};
    event.subject = CustomerId::Trusted(std::move(subject));
    event.occurred = {kStart.PlusMicros(hour * kHour), 0};
    event.recorded = event.claimed = event.occurred.at;
    event.data = std::move(data);
    events_.push_back(std::move(event));
  }
  void TellSomething() {
    hour_ += *rc::gen::inRange(1, 60);
    const int n = *rc::gen::inRange(0, 1000);
    const std::string name = "n" + std::to_string(events_.size());
    const std::string of = named_.empty() ? name : named_[static_cast<std::size_t>(n) % named_.size()];
    switch (*rc::gen::inRange(0, 25)) {
      case 0: {
        PurchasePlaced order = Order(n % 3 == 0 ? std::nullopt : std::optional<std::string>("softener"), 1000 + n);
        order.order = OrderId::Trusted(name);
        Named(name);
        return Tell("placed", order, hour_);
      }
      case 1: {
        PurchaseDelivered delivered;
        delivered.order = OrderId::Trusted(of);
        return Tell("delivered", delivered, hour_);
      }
      case 2: {
        WorryRaised worry;
        worry.worry = WorryId::Trusted(name);
        if (n % 3 != 0) worry.product = ProductId::Trusted("softener");
        if (n % 2 == 0) worry.topic = "smell";
        Named(name);
        return Tell("worry", worry, hour_);
      }
      case 3: {
        WorryResolved resolved;
        resolved.worry = WorryId::Trusted(of);
        return Tell("resolved", resolved, hour_);
      }
      case 4: {
        PromiseMade promise;
        promise.promise = PromiseId::Trusted(name);
        promise.due = Day(2026, 1, 1) + (n % 60);
        if (n % 2 == 0) promise.quantity = 2;
        Named(name);
        return Tell("promise", promise, hour_);
      }
      case 5: {
        PromiseDelivered kept;
        kept.promise = PromiseId::Trusted(of);
        if (n % 3 != 0) kept.quantity = 1;
        return Tell("kept", kept, hour_);
      }
      case 6: {
        Touch touch = Reached(n % 3 == 0 ? Purpose::kSell : Purpose::kCare);
        if (n % 2 == 0) touch.rep = RepId::Trusted(n % 4 == 0 ? "sato" : "lee");
        return Tell("touch", touch, hour_);
      }
      case 7: {
        Touch touch;
        touch.disposition = n % 4 == 0 ? Disposition::kRefusedContact : Disposition::kAbsent;
        return Tell("touch", touch, hour_);
      }
      case 8: return Tell("profile", Profile(n % 2 == 0 ? "America/New_York" : "Asia/Tokyo", n % 3 == 0), hour_);
      case 9: {
        DoNotContactSet rule;
        if (n % 2 == 0) rule.active = false;
        if (n % 3 == 0) rule.channel = Channel::kCall;
        return Tell("dnc", rule, hour_);
      }
      case 10: {
        PurchaseReturned returned;
        returned.order = OrderId::Trusted(of);
        if (n % 2 == 0) returned.amount = Yen(100);
        return Tell("returned", returned, hour_);
      }
      case 11: {
        ContactUpserted contact;
        contact.contact = ContactId::Trusted(n % 2 == 0 ? "mori" : "abe");
        if (n % 3 == 0) contact.primary = true;
        if (n % 5 == 0) contact.zone = "Europe/Paris";
        if (n % 7 == 0) contact.decides = DecisionRight::kYes;
        return Tell("contact", contact, hour_);
      }
      case 12: return Tell("owner", OwnerAssigned{RepId::Trusted(n % 2 == 0 ? "sato" : "kim"), {}}, hour_);
      case 13: {
        PurchaseCancelled cancelled;
        cancelled.order = OrderId::Trusted(of);
        return Tell("cancelled", cancelled, hour_);
      }
      case 14: {
        PromiseRevised revised;
        revised.promise = PromiseId::Trusted(of);
        revised.due = Day(2026, 1, 1) + (n % 60);
        if (n % 4 == 0) revised.agreed = false;
        return Tell("revised", revised, hour_);
      }
      case 15: {
        CaseOpened opened;
        opened.case_id = CaseId::Trusted(name);
        Named(name);
        return Tell("case", opened, hour_);
      }
      case 16: {
        CaseClosed closed;
        closed.case_id = CaseId::Trusted(of);
        return Tell("closed", closed, hour_);
      }
      case 17: {
        FeedbackGiven feedback;
        feedback.nps = n % 11;
        if (n % 2 == 0) feedback.order = OrderId::Trusted(of);
        return Tell("feedback", feedback, hour_);
      }
      case 18: {
        ContractStarted contract;
        contract.contract = ContractId::Trusted(name);
        contract.ends = Day(2026, 1, 20) + (n % 90);
        Named(name);
        return Tell("contract", contract, hour_);
      }
      case 19: {
        ContractRenewed renewed;
        renewed.contract = ContractId::Trusted(of);
        renewed.ends = Day(2026, 3, 1) + (n % 90);
        return Tell("renewed", renewed, hour_);
      }
      case 20: {
        OpportunityOpened opened;
        opened.opportunity = OpportunityId::Trusted(name);
        Named(name);
        return Tell("opened", opened, hour_);
      }
      case 21: {
        OpportunityLost lost;
        lost.opportunity = OpportunityId::Trusted(of);
        return Tell("lost", lost, hour_);
      }
      case 22: {
        NeedStated need;
        need.need = NeedId::Trusted(n % 2 == 0 ? name : of);
        if (n % 3 == 0) need.met = n % 2 == 0;
        Named(name);
        return Tell("need", need, hour_);
      }
      case 23: return Tell("referral", ReferralMade{CustomerId::Trusted("d"), {}, {}}, hour_);
      default: {
        ConsentChanged consent;
        consent.state = n % 2 == 0 ? ConsentState::kGranted : ConsentState::kWithdrawn;
        if (n % 3 == 0) consent.purpose = ConsentPurpose::kSell;
        return Tell("consent", consent, hour_);
      }
    }
  }
  void Named(const std::string& name) { named_.push_back(name); }

  std::vector<Event> events_;
  std::vector<std::string> named_;
  int hour_ = 0;
  Policy policy_ = SevenRules();
  PermissionProfile profile_ = *PermissionProfile::Resolve(Json());
};

// Every event that the derivation names, wherever.
void Cited(const Json& node, std::set<std::string>& out) {
  if (const Json::Array* list = node.if_array()) {
    for (const Json& one : *list) Cited(one, out);
  } else if (const Json::Object* members = node.if_object()) {
    const auto id = members->find("id");
    if (id != members->end() && members->contains("source")) out.insert(*id->second.if_string());
    for (const auto& [name, value] : *members) Cited(value, out);
  }
}

// A decision as a rep has it, and as it is explained.
struct Made {
  std::string decision;
  std::string derivation;
  std::set<std::string> cited;
};

std::map<std::string, Made> MadeIn(const World& world, Instant as_of) {
  std::map<std::string, Made> all;
  const auto view = world.Seen(as_of);
  if (view->book->Find(CustomerId::Trusted("c")) == nullptr) return all;
  for (const Decision& d : DecideAccount(view->account(), view->input).decisions) {
    Json::Array holds;
    for (const Hold& hold : d.holds) holds.emplace_back(NameOf(hold.reason));
    Json told = Json::Object{{"contact", d.contact.value_or(ContactId()).text()}, {"rep", d.rep.value_or(RepId()).text()}, {"step", d.step},
                             {"headline", d.headline.ToJson()}, {"objective", d.objective.ToJson()}, {"due", FormatInstant(d.due)}, {"not_before", FormatInstant(d.not_before)},
                             {"expires", FormatInstant(d.expires)}, {"value", d.value.has_value() ? d.value->ToDecimal() : ""},
                             {"held", d.status == DecisionStatus::kHeld}, {"holds", std::move(holds)},
                             {"until", d.held_until.has_value() ? FormatInstant(*d.held_until) : ""}};
    Made& made = all[d.followup.text()];
    made.decision = told.Canonical();
    made.derivation = d.derivation.Canonical();
    Cited(d.derivation, made.cited);
  }
  return all;
}

PermissionProfile StrictProfile() {
  return ProfileOf(R"({"rapport_permission": 1, "name": "strict", "cool_off_days": 20, "unknown_consent": {"sell": "forbid"}, "windows": {"any": {
      "mon": [["09:00","18:00"]], "tue": [["09:00","18:00"]], "wed": [["09:00","18:00"]], "thu": [["09:00","18:00"]], "fri": [["09:00","18:00"]]}}})");
}

// Without its exclusive group, by which rules stand in each other's way.
const Policy& DefaultWithoutGroups() {
  static const Policy policy = [] {
    Json document = Policy::Default().document();
    for (Json& rule : *(*document.if_object())["rules"].if_array()) rule.if_object()->erase("exclusive");
    return MustParse(document.Canonical());
  }();
  return policy;
}

// Everything is the work of the colleague whom they know best.
const Policy& DoneByColleagues() {
  static const Policy policy = [] {
    Json document = SevenRules().document();
    for (Json& rule : *(*document.if_object())["rules"].if_array()) (*(*rule.if_object())["action"].if_object())["assign_to"] = "colleague";
    return MustParse(document.Canonical());
  }();
  return policy;
}

// Counted over the whole property, so that it is known to have looked at something.
struct Looked {
  int uncited = 0;
  int cited = 0;
} looked;

RC_GTEST_PROP(Policy_EvidenceProperty, WhatIsNotCitedChangesNothingAndWhatIsCitedShows, ()) {
  Life life;
  life.Use(*rc::gen::element(SevenRules(), DefaultWithoutGroups(), DoneByColleagues()), *rc::gen::element(*PermissionProfile::Resolve(Json()), StrictProfile()));
  const Instant as_of = kStart.PlusMicros(*rc::gen::inRange(24 * 5, 24 * (kDays + 20)) * kHour);
  const std::map<std::string, Made> whole = MadeIn(life.Without(""), as_of);
  for (const Event& event : life.events()) {
    if (whole.empty() || event.occurred.at > as_of) continue;
    const std::map<std::string, Made> less = MadeIn(life.Without(event.key.id), as_of);
    for (const auto& [id, made] : whole) {
      const auto still = less.find(id);
      if (made.cited.contains(event.key.id)) {
        ++looked.cited;
        const bool shows = still == less.end() || still->second.decision != made.decision || still->second.derivation != made.derivation;
        RC_ASSERT(shows);   // the macro would look into both sides of an or
        continue;
      }
      ++looked.uncited;
      if (still == less.end()) RC_FAIL("without " + event.key.id + ", which it does not cite, there is no " + made.derivation);
      if (still->second.decision != made.decision) RC_FAIL("without " + event.key.id + ", not cited: " + made.decision + " becomes " + still->second.decision + "\n" + made.derivation);
    }
  }
}

TEST(Policy_EvidenceProperty, HasLookedAtBothKinds) {
  if (looked.uncited + looked.cited == 0) GTEST_SKIP() << "the property was not run";
  EXPECT_GT(looked.uncited, 200);
  EXPECT_GT(looked.cited, 200);
}

}  // namespace
}  // namespace rapport::policy_test
