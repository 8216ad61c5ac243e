// Passing over quiet rules changes nothing but the time it takes; and what a signal is said to read is all that it reads.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "policy/quiet_rules.hpp"
#include "policy/random_world.hpp"
#include "policy/waits.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport::policy_test {
namespace {

// What became known of "c" after `from`, up to `until`.
void TellOf(const World& world, Instant from, Instant until, QuietRules& quiet) {
  for (const Event& event : world.events()) {
    const Instant known = std::max(event.recorded, event.occurred.at);
    if (known <= from || known > until) continue;
    if (event.subject.empty()) quiet.HearAll();
    else if (event.key.source != kEngineSource) quiet.Hear(PartOf(event.data.index()));
  }
}

void TellOwn(const Account& account, const AccountDecisions& decided, QuietRules& quiet) {
  for (const Decision& decision : decided.decisions) {
    const bool issued = decision.open ? decision.changed : decision.status == DecisionStatus::kDue;
    if (issued) quiet.HearOwn(decision.rule);
  }
  for (const Closing& closing : decided.closings) quiet.HearOwn(account.followups.at(closing.followup).issued.rule);
  for (const CadenceChange& change : decided.cadences) quiet.HearOwn(change.cadence);
}

std::string TextOf(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) text += EncodeEvent(event).Canonical() + "\n";
  return text;
}

void CheckTicks(World world, const Policy& policy) {
  world.Use(policy);
  const EventsRead read(policy);
  QuietRules quiet(policy, read);
  Instant looked = Instant::Min();
  for (const Instant at : RandomTicks()) {
    const auto view = world.Seen(at);
    if (view->book->Find(CustomerId::Trusted("c")) == nullptr) continue;
    TellOf(world, looked, at, quiet);
    looked = at;
    DecideInput input = view->input;
    input.foresee = true;
    const std::string asked = TextOf(EventsOf(DecideAccount(view->account(), input), at));
    input.quiet = &quiet;
    const AccountDecisions decided = DecideAccount(view->account(), input);
    const std::vector<Event> made = EventsOf(decided, at);
    RC_ASSERT(TextOf(made) == asked);
    TellOwn(view->account(), decided, quiet);
    for (const Event& event : made) world.Add(event);
    AnswerSome(world, made, at);
  }
}

TEST(Policy_QuietRules, DecideAsIfAllWereAsked) {
  EXPECT_TRUE(rc::check("default policy", [] { CheckTicks(RandomWorld(), Policy::Default()); }));
  EXPECT_TRUE(rc::check("cadences", [] { CheckTicks(RandomWorld(), MustParse(kWaits)); }));
  EXPECT_TRUE(rc::check("trust that fades", [] { CheckTicks(RandomWarmWorld(), MustParse(kWarmth)); }));
  EXPECT_TRUE(rc::check("seven rules", [] { CheckTicks(RandomWorld(), SevenRules()); }));
}

TEST(Policy_QuietRules, AreMostOfThem) {
  World world;
  world.Use(Policy::Default());
  world.Add("c", "born", "2026-01-01T00:00:00Z", Profile("Asia/Tokyo"));
  const EventsRead read(Policy::Default());
  QuietRules quiet(Policy::Default(), read);
  const auto view = world.Seen("2026-01-02T00:00:00Z");
  DecideInput input = view->input;
  input.foresee = true;
  input.quiet = &quiet;
  static_cast<void>(DecideAccount(view->account(), input));
  const auto count = [&](Instant at) {
    std::size_t all = 0;
    for (std::size_t place = 0; place < Policy::Default().rules().size(); ++place) all += quiet.IsQuiet(place, at) ? 1 : 0;
    return all;
  };
  EXPECT_EQ(count(input.as_of), Policy::Default().rules().size());
  quiet.Hear(AccountPart::kContacts);
  EXPECT_EQ(count(input.as_of), Policy::Default().rules().size()) << "no rule reads contacts";
  quiet.Hear(AccountPart::kFeedback);
  EXPECT_EQ(count(input.as_of), Policy::Default().rules().size() - 4) << "low-feedback, second-chance, thanks-and-referral, slipping";
  quiet.HearAll();
  EXPECT_EQ(count(input.as_of), 0u);
}

// What the others of random_world.hpp leave out.
Event Seldom(int index) {
  Event event = RandomEvent(index);
  const int kind = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 10));
  if (kind == 0) event.data = FeedbackGiven{};
  if (kind == 1) event.data = CaseOpened{};
  if (kind == 2) event.data = ContractStarted{};
  if (kind == 3) event.data = ReferralMade{};
  if (kind == 4) event.data = NeedStated{};
  if (kind == 5) event.data = Refusal{};
  if (kind == 6) event.data = PurchaseCancelled{};
  if (kind == 7) event.data = ExpectationStated{"outcome", 5.0 + index % 5, {}, {}, {}, {}};
  if (kind == 8) event.data = PromiseProgressed{{}, index % 3, {}};
  if (auto* said = std::get_if<FeedbackGiven>(&event.data)) said->nps = index % 11;
  if (auto* said = std::get_if<ContractStarted>(&event.data)) said->ends = Day(2026, 3, 1) + index;
  return event;
}

TEST(Policy_QuietRules, SignalsReadWhatTheyAreSaidToRead) {
  EXPECT_TRUE(rc::check("without one event", [] {
    World world = RandomWorld();
    for (int i = 0; i < 10; ++i) world.Add(Seldom(1000 + i));
    const auto view = world.Seen(kStart.PlusMicros(24 * kHour * kDays));
    const std::vector<Event>& events = world.events();
    const Event& left_out = events[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(events.size())))];
    const bool begins = view->account().first_event == left_out.key;
    if (left_out.subject.empty() || begins) return;
    World without;
    for (const Event& event : events) {
      if (event.key != left_out.key && event.key != EventKey{"test", "book"}) without.Add(event);
    }
    const auto other = without.Seen(view->input.as_of);
    for (const SignalColumn& column : AllSignals()) {
      if (PartsRead(column).Contains(PartOf(left_out.data.index())) || left_out.As<CustomerUpserted>() != nullptr) continue;
      const Cell with = column.Of(InputFor(view->account(), view->context, view->input.as_of)).value;
      const Cell then = column.Of(InputFor(other->account(), other->context, other->input.as_of)).value;
      if (with != then) RC_FAIL(std::string(column.name) + " reads " + std::string(left_out.type()));
    }
  }));
}

}  // namespace
}  // namespace rapport::policy_test
