// An account as it became known, moment after moment, is the one that a book made anew for each moment has; and parts of an account
// do not wait for each other.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "book/account_parts.hpp"
#include "book/replay.hpp"
#include "ledger/payload_samples.hpp"
#include "made_events.hpp"
#include "rapport/book/fold.hpp"
#include "rapport/ledger/codec.hpp"
#include "told.hpp"

namespace rapport::made {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;
const Instant kBegin = At("2026-01-01T00:00:00Z");

Instant AfterHours(std::int64_t hours) { return kBegin.PlusMicros(hours * kHour); }

// Of any type, of one customer; hours apart, so that several fall on one moment; told at once, or later.
Event Something(int index) {
  const auto type = static_cast<std::size_t>(*rc::gen::resize(rc::kNominalSize, rc::gen::inRange<int>(0, static_cast<int>(samples::kTypes))));
  samples::Draw draw(static_cast<std::uint64_t>(*rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 1'000'000))));
  Event event = samples::AnyEvent(type, draw);
  const std::int64_t hour = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 240));
  const std::int64_t delay = *rc::gen::element<std::int64_t>(0, 0, 0, 5, 40, 100);
  event.key = {"test", "e" + std::to_string(index)};
  if (!event.subject.empty()) event.subject = Customer("c");
  event.batch = BatchId();
  event.occurred = {AfterHours(hour), 0};
  event.recorded = event.claimed = AfterHours(hour + delay);
  return event;
}

// Taken back, or said to have been at another moment; perhaps before it became known itself, perhaps one to come.
Event WordOf(const Event& target) {
  const Instant known = AfterHours(*rc::gen::inRange(0, 240));
  if (*rc::gen::arbitrary<bool>()) return Happened("c", "word", known, EventRetracted{target.key.source, target.key.id, {}});
  EventCorrected data;
  data.target_source = target.key.source;
  data.target_id = target.key.id;
  data.target_type = std::string(target.type());
  data.time = AfterHours(*rc::gen::inRange(0, 340));
  data.facts = EncodeFacts(target);
  return Happened("c", "word", known, data);
}

std::vector<Event> Somethings() {
  std::vector<Event> events;
  const int count = *rc::gen::inRange(1, 60);
  for (int i = 0; i < count; ++i) {
    Event event = Something(i);
    const bool keeps = PartOf(event.data.index()) == AccountPart::kLedger;
    if (!keeps && !event.subject.empty()) events.push_back(std::move(event));
  }
  if (!events.empty() && *rc::gen::arbitrary<bool>()) events.push_back(WordOf(events[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(events.size())))]));
  return events;
}

std::string Told(const std::shared_ptr<const Account>& account) { return account == nullptr ? "nobody" : made::Told(*account); }

RC_GTEST_PROP(Book_Replay, IsTheBookOfEachMoment, ()) {
  const std::vector<Event> events = Somethings();
  BookBuilder builder(ZoneRules::Bundled());
  for (const Event& event : events) builder.Add(event);
  const std::vector<CustomerId> members{Customer("c")};
  AccountReplay replay(builder.AsKnown(std::nullopt), Customer("c"), members, "");
  BookBuilder with_said(ZoneRules::Bundled());
  for (const Event& event : events) with_said.Add(event);
  for (std::int64_t hour = 0; hour < 360; hour += *rc::gen::inRange(1, 40)) {
    const Instant at = AfterHours(hour);
    const auto book = with_said.AsKnown(at, at);
    const Account* account = replay.At(at, book->retracted_batches());
    RC_ASSERT((account == nullptr ? "nobody" : made::Told(*account)) == Told(book->Find(Customer("c"))));
    if (account == nullptr || *rc::gen::inRange(0, 2) == 0) continue;
    // As a tick says what it concludes: at its own moment, or of a moment before.
    const std::string id = "f" + std::to_string(hour);
    std::vector<Event> said{Happened("c", id + "/issued", at, Issued(id, 1))};
    if (*rc::gen::inRange(0, 2) == 0) said.push_back(KnownAt(Happened("c", id + "/done", at.PlusMicros(-kHour), About<FollowUpDone>(id)), FormatInstant(at.PlusMicros(kHour))));
    for (const Event& event : said) {
      replay.Say(event);
      with_said.Add(event);
    }
  }
}

RC_GTEST_PROP(Book_AccountParts, FoldInAnyOrderOfEachOther, ()) {
  std::vector<Event> events = Somethings();
  std::erase_if(events, [](const Event& event) { return PartOf(event.data.index()) == AccountPart::kLedger; });
  std::sort(events.begin(), events.end(), CanonicalLess);
  if (events.empty()) return;
  // Which event was known first depends on all, so all became known at once.
  for (Event& event : events) event.recorded = event.claimed = Instant::FromMicros(1'800'000'000'000'000);
  Account whole;
  for (const Event& event : events) FoldInto(whole, event);
  std::stable_sort(events.begin() + 1, events.end(), [](const Event& a, const Event& b) { return PartOf(a.data.index()) > PartOf(b.data.index()); });
  Account other;
  for (const Event& event : events) FoldInto(other, event);
  RC_ASSERT(made::Told(other) == made::Told(whole));
}

}  // namespace
}  // namespace rapport::made
