// A small world for tests of floor 5: events go in, decisions come out, ticks are remembered.
#ifndef RAPPORT_TESTS_POLICY_WORLD_HPP_
#define RAPPORT_TESTS_POLICY_WORLD_HPP_

#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "rapport/book/book.hpp"
#include "rapport/policy/agenda.hpp"
#include "rapport/policy/decide.hpp"
#include "rapport/policy/explain.hpp"

namespace rapport::policy_test {

inline Instant At(std::string_view text) {
  const absl::StatusOr<Stamp> stamp = ParseStamp(text);
  EXPECT_TRUE(stamp.ok()) << text;
  return stamp.ok() ? stamp->at : Instant();
}
inline Day OnDay(std::string_view text) {
  const absl::StatusOr<Day> day = ParseDay(text);
  EXPECT_TRUE(day.ok()) << text;
  return day.ok() ? *day : Day();
}
inline Money Yen(std::int64_t amount) { return Money(amount, *Currency::Parse("JPY")); }

// Words in the place of private texts.
class TestTexts : public Texts {
 public:
  std::string Customer(const CustomerId& id, Language) const override { return id.text(); }
  std::string Contact(const CustomerId&, const ContactId& contact, Language) const override { return contact.text(); }
  std::string Event(const EventKey& key, std::string_view field, Language) const override {
    const auto found = texts.find(key.id + "." + std::string(field));
    return found == texts.end() ? "(gone)" : found->second;
  }
  std::map<std::string, std::string> texts;
};

inline std::string Say(const Sentence& sentence, Language language = Language::kEnglish, const Texts& texts = TestTexts()) {
  const absl::StatusOr<std::string> said = Catalogue::Bundled().Say(sentence, language, texts);
  EXPECT_TRUE(said.ok()) << sentence.key << ": " << said.status();
  return said.value_or("");
}

inline Policy MustParse(std::string_view text) {
  absl::StatusOr<Policy> policy = Policy::ParseText(text);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return policy.ok() ? *std::move(policy) : Policy::Default();
}

// Calls on weekdays 09-18; 60 quiet days after refused contact: the office of examples/office.
inline PermissionProfile OfficeProfile() {
  const auto json = Json::Parse(R"({"rapport_permission": 1, "name": "office", "cool_off_days": 60, "windows": {"any": {
      "mon": [["09:00","18:00"]], "tue": [["09:00","18:00"]], "wed": [["09:00","18:00"]], "thu": [["09:00","18:00"]],
      "fri": [["09:00","18:00"]]}}})");
  EXPECT_TRUE(json.ok());
  absl::StatusOr<PermissionProfile> profile = PermissionProfile::Parse(*json);
  EXPECT_TRUE(profile.ok()) << profile.status();
  return profile.ok() ? *std::move(profile) : PermissionProfile();
}
inline PermissionProfile ProfileOf(std::string_view text) {
  const auto json = Json::Parse(text);
  EXPECT_TRUE(json.ok()) << json.status();
  absl::StatusOr<PermissionProfile> profile = PermissionProfile::Parse(*json);
  EXPECT_TRUE(profile.ok()) << profile.status();
  return profile.ok() ? *std::move(profile) : PermissionProfile();
}
// One contact a day, over all channels.
inline PermissionProfile OneADay() {
  return ProfileOf(R"({"rapport_permission": 1, "name": "one", "caps": [{"attempts": 1, "days": 1, "count": "calendar"}]})");
}

// A policy of seven plain rules that does not change as the default policy grows.
inline const Policy& SevenRules() {
  static const Policy policy = [] {
    std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/tests/policy/seven_rules.json");
    std::ostringstream text;
    text << file.rdbuf();
    return MustParse(text.str());
  }();
  return policy;
}

class World {
 public:
  World() : permission_(*PermissionProfile::Resolve(Json())) {
    BookConfigured configured;
    configured.zone = "Asia/Tokyo";
    configured.reporting_currency = "JPY";
    Add("", "book", "2020-01-01T00:00:00Z", configured);
  }

  // The id is also the event's; known when it happened.
  World& Add(std::string subject, std::string id, std::string_view at, Payload data) {
    Event event;
    event.key = {"test", std::move(id)};
    event.subject = CustomerId::Trusted(std::move(subject));
    event.occurred = {At(at), 0};
    event.recorded = event.claimed = event.occurred.at;
    event.data = std::move(data);
    return Add(std::move(event));
  }
  World& Add(Event event) {
    events_.push_back(std::move(event));
    return *this;
  }
  World& Use(Policy policy) {
    earlier_.insert_or_assign(policy.id(), policy);
    policy_ = std::move(policy);
    return *this;
  }
  World& Use(PermissionProfile profile) {
    permission_ = std::move(profile);
    return *this;
  }
  Json DerivationOf(const EventKey& issued) const {
    for (const Event& event : events_) {
      if (event.key == issued) return event.As<FollowUpIssued>()->derivation;
    }
    return Json();
  }
  void Forget(const std::string& policy) { earlier_.erase(policy); }
  const std::vector<Event>& events() const { return events_; }

  // Everything known at `as_of`, ready to be asked.
  struct View {
    std::shared_ptr<const Book> book;
    SignalContext context;
    DecideInput input;
    // Folded once, so that references stay good.
    const Account& account(std::string id = "c") const {
      std::shared_ptr<const Account>& kept = folded[id];
      if (kept == nullptr) kept = book->Find(CustomerId::Trusted(id));
      return *kept;
    }
    mutable std::map<std::string, std::shared_ptr<const Account>> folded;
    const Zone& zone(std::string id = "c") const { return *InputFor(account(std::move(id)), context, input.as_of).zone; }
  };
  std::unique_ptr<View> Seen(Instant as_of) const {
    BookBuilder builder(ZoneRules::Bundled());
    for (const Event& event : events_) builder.Add(Event(event));
    auto view = std::make_unique<View>();
    view->book = builder.AsKnown(as_of);
    view->context = *SignalContext::From(view->book->context());
    view->input = {&view->context, &policy_, &permission_, as_of, 7, &earlier_};
    return view;
  }
  std::unique_ptr<View> Seen(std::string_view as_of) const { return Seen(At(as_of)); }

  AccountDecisions Decide(std::string_view as_of, std::string id = "c") const {
    const auto view = Seen(as_of);
    return DecideAccount(view->account(std::move(id)), view->input);
  }
  std::optional<Decision> Find(std::string_view as_of, std::string_view rule, std::string id = "c") const {
    for (const Decision& decision : Decide(as_of, std::move(id)).decisions) {
      if (decision.rule == rule) return decision;
    }
    return std::nullopt;
  }
  // Appends what follows, and returns it.
  std::vector<Event> Tick(Instant as_of) {
    const auto view = Seen(as_of);
    std::vector<Event> made;
    for (const AccountDecisions& decided : DecideBook(*view->book, view->input, {})) {
      std::vector<Event> events = EventsOf(decided, as_of);
      made.insert(made.end(), events.begin(), events.end());
    }
    for (const Event& event : made) events_.push_back(event);
    return made;
  }
  std::vector<Event> Tick(std::string_view as_of) { return Tick(At(as_of)); }

 private:
  std::vector<Event> events_;
  Policy policy_ = SevenRules();
  PermissionProfile permission_;
  std::map<std::string, Policy> earlier_{{policy_.id(), policy_}};
};

inline PurchasePlaced Order(std::optional<std::string> product, std::int64_t yen) {
  PurchaseLine line;
  if (product.has_value()) line.product = ProductId::Trusted(*product);
  line.amount = Yen(yen);
  PurchasePlaced placed;
  placed.lines.push_back(line);
  return placed;
}
inline Touch Reached(Purpose purpose = Purpose::kCare) {
  Touch touch;
  touch.purpose = purpose;
  touch.disposition = Disposition::kReached;
  return touch;
}
inline CustomerUpserted Profile(std::string zone, std::optional<bool> large = std::nullopt) {
  CustomerUpserted profile;
  profile.zone = std::move(zone);
  profile.large = large;
  return profile;
}
inline ProductUpserted Softener() {
  ProductUpserted product;
  product.product = ProductId::Trusted("softener");
  product.lead_days = 5;
  product.return_days = 14;
  return product;
}
template <class T>
std::vector<const T*> All(const std::vector<Event>& events) {
  std::vector<const T*> found;
  for (const Event& event : events) {
    if (const T* data = event.As<T>()) found.push_back(data);
  }
  return found;
}
inline std::vector<std::string> RulesOf(const AccountDecisions& decided) {
  std::vector<std::string> rules;
  for (const Decision& decision : decided.decisions) rules.push_back(decision.rule);
  return rules;
}

}  // namespace rapport::policy_test

#endif  // RAPPORT_TESTS_POLICY_WORLD_HPP_
