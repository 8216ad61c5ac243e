// A sales office for tests of plans: reps, customers with work of three kinds, Monday 2 March 2026 in Tokyo.
#ifndef RAPPORT_TESTS_PLAN_PLAN_WORLD_HPP_
#define RAPPORT_TESTS_PLAN_PLAN_WORLD_HPP_

#include <string>
#include <utility>
#include <vector>

#include "policy/world.hpp"
#include "rapport/plan/plan_day.hpp"

namespace rapport::plan_test {

using policy_test::At;
using policy_test::World;

inline const Day kMonday(2026, 3, 2);
inline const char* const kMorning = "2026-03-01T15:00:00Z";   // Monday 00:00 in Tokyo

// A worry must be heard (15 min), a need is a call (10 min), feedback asks for a visit (60 min); each is worth what the customer bought.
inline Policy ThreeKinds() {
  const auto rule = [](const std::string& name, const std::string& event, const std::string& action, bool mandatory, int priority) {
    return R"({"name": ")" + name + R"(", "purpose": "care", "priority": )" + std::to_string(priority) + R"(, "mandatory": )" + (mandatory ? "true" : "false") +
           R"(, "trigger": {"event": ")" + event + R"(", "offset": {"hours": 0}}, "action": {)" + action +
           R"(, "headline": "general", "objective": "thank"}, "value": {"share": 1, "of": ["purchase.revenue"], "otherwise": "1"}, "expires": {"days": 60}})";
  };
  return policy_test::MustParse(R"({"rapport_policy": 1, "name": "three", "rules": [)" +
                                rule("must", "worry.raised", R"("channel": "call", "minutes": 15)", true, 90) + "," +
                                rule("call", "need.stated", R"("channel": "call", "minutes": 10)", false, 20) + "," +
                                rule("visit", "feedback.given", R"("channel": "visit", "minutes": 60)", false, 50) + "]}");
}

class Office {
 public:
  Office() {
    world_.Use(ThreeKinds()).Use(policy_test::OfficeProfile());
    Rep("ann", [](RepUpserted& rep) { rep.manager = RepId::Trusted("max"); });
    Rep("max", [](RepUpserted&) {});
  }
  template <class Change>
  Office& Rep(const std::string& id, Change change) {
    RepUpserted rep;
    rep.rep = RepId::Trusted(id);
    rep.zone = "Asia/Tokyo";
    change(rep);
    return Add("", std::move(rep));
  }
  Office& Terms(const std::string& json) {
    BookConfigured configured;
    configured.plan = *Json::Parse(json);
    return Add("", std::move(configured));
  }
  Office& Customer(const std::string& id, std::int64_t yen, const std::string& owner = "ann") {
    CustomerUpserted profile;
    profile.kind = CustomerKind::kOrganisation;
    profile.zone = "Asia/Tokyo";
    profile.owner = RepId::Trusted(owner);
    Add(id, std::move(profile), "2026-01-02T00:00:00Z");
    if (yen > 0) Add(id, policy_test::Order(std::nullopt, yen), "2026-01-03T00:00:00Z");
    return *this;
  }
  Office& Must(const std::string& id) { return Add(id, WorryRaised{}, "2026-02-27T00:00:00Z"); }
  Office& Call(const std::string& id) { return Add(id, NeedStated{}, "2026-02-27T00:00:00Z"); }
  Office& Visit(const std::string& id) { return Add(id, FeedbackGiven{}, "2026-02-27T00:00:00Z"); }
  Office& Met(const std::string& id, const std::string& rep, Channel channel, std::string_view at) {
    Touch touch = policy_test::Reached();
    touch.rep = RepId::Trusted(rep);
    touch.channel = channel;
    return Add(id, std::move(touch), at);
  }
  Office& Appointment(const std::string& id, std::string_view start, std::optional<std::int64_t> minutes = 45, Channel channel = Channel::kVisit) {
    AppointmentMade made;
    made.appointment = AppointmentId::Trusted("a-" + id);
    made.start = At(start);
    made.minutes = minutes;
    made.channel = channel;
    return Add(id, std::move(made), "2026-02-26T00:00:00Z");
  }
  Office& Add(const std::string& subject, Payload data, std::string_view at = "2026-01-01T00:00:00Z") {
    world_.Add(subject, "e" + std::to_string(++events_), at, std::move(data));
    return *this;
  }
  World& world() { return world_; }

  // The plan of a day, with the book it points into.
  struct Planned {
    std::unique_ptr<World::View> view;
    DayPlan plan;
    const RepDay& of(const std::string& rep) const {
      for (const RepDay& day : plan.reps) {
        if (day.rep.text() == rep) return day;
      }
      ADD_FAILURE() << "no day of " << rep;
      return plan.reps.front();
    }
  };
  Planned Plan(PlanAsk ask = {.day = kMonday}, std::string_view as_of = kMorning) const {
    Planned planned;
    planned.view = world_.Seen(as_of);
    auto plan = PlanBook(*planned.view->book, planned.view->input, ask);
    EXPECT_TRUE(plan.ok()) << plan.status();
    if (plan.ok()) planned.plan = *std::move(plan);
    return planned;
  }

 private:
  World world_;
  int events_ = 0;
};

// "09:00 c1, 10:30 c2": starts in Tokyo and customers.
inline std::string Told(const std::vector<PlanLine>& lines) {
  std::string text;
  const Zone& tokyo = **ZoneRules::Bundled().Find("Asia/Tokyo");
  for (const PlanLine& line : lines) {
    if (!text.empty()) text += ", ";
    if (line.start.has_value()) {
      const LocalMinute local(tokyo.Local(*line.start));
      char clock[16];
      std::snprintf(clock, sizeof clock, "%02d:%02d ", static_cast<int>(local.hour()), static_cast<int>(local.minute()));
      text += clock;
    }
    text += line.customer.text();
  }
  return text;
}

}  // namespace rapport::plan_test

#endif  // RAPPORT_TESTS_PLAN_PLAN_WORLD_HPP_
