// Keeping the book right: nothing that is said later moves an answer that was given; what is erased is gone; wholes come apart as they were.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <utility>

#include "engine/office.hpp"
#include "rapport/simulate.hpp"
#include "sanitized.hpp"

namespace rapport {
namespace {

class Folder {
 public:
  explicit Folder(const std::string& name) : path_(testing::TempDir() + "/rapport_keep_" + std::to_string(getpid()) + "_" + name) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string File(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

template <class T>
Event Said(std::string id, std::string subject, Instant occurred, Instant recorded, T data) {
  Event event;
  event.key = {"host", std::move(id)};
  event.subject = CustomerId::Trusted(std::move(subject));
  event.occurred = {occurred, 0};
  event.recorded = event.claimed = recorded;
  event.data = std::move(data);
  return event;
}

// Everything a person could have been told at that moment.
std::string Told(Engine& engine, Instant at) {
  std::string text;
  const auto decided = engine.Decide(ReadAt{at});
  EXPECT_TRUE(decided.ok()) << decided.status();
  if (!decided.ok()) return text;
  text += engine.DecisionTable(*decided, Language::kEnglish, at)->ToNdjson();
  text += engine.Agenda(ReadAt{at}, {}, Language::kEnglish)->ToNdjson();
  text += engine.Signals(ReadAt{at}, {}, {})->ToNdjson();
  const auto plan = engine.Plan({.day = Day(2026, 3, 2), .as_of = at});
  EXPECT_TRUE(plan.ok()) << plan.status();
  if (plan.ok()) text += *engine.PlanText(*plan, Language::kJapanese);
  return text;
}

std::string Told(Engine&& engine, Instant at) { return Told(engine, at); }

std::vector<Event> SmallWorld(std::uint64_t seed, std::int64_t customers) {
  SimulateOptions options;
  options.seed = seed;
  options.customers = customers;
  options.years = 1;
  options.start = Day(2025, 3, 1);
  options.late_share = 0.3;
  std::vector<Event> events;
  EXPECT_TRUE(Simulate(options, ZoneRules::Bundled(), [&](Event&& event) {
    events.push_back(std::move(event));
    return absl::OkStatus();
  }).ok());
  return events;
}

// One thing that a host may say later of what was said before.
absl::Status Interfere(Engine& engine, const std::vector<Event>& said, int number, Instant claims) {
  const Event& target = said[static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(said.size())))];
  const std::string id = "late-" + std::to_string(number);
  const std::string who = target.subject.empty() ? "c-1" : target.subject.text();
  std::vector<Event> events;
  switch (*rc::gen::inRange(0, 7)) {
    case 0: events.push_back(Said(id, who, claims, claims, WorryRaised{})); break;
    case 1: events.push_back(Said(id, who, claims.PlusMinutes(90 * 24 * 60), claims, PurchasePlaced{})); break;
    case 2: {
      CustomerUpserted renamed;
      renamed.name = "renamed " + id;
      events.push_back(Said(id, who, claims.PlusMinutes(-60 * 24 * 60), claims, renamed));
      break;
    }
    case 3: events.push_back(Said(id, target.subject.text(), claims, claims, EventRetracted{target.key.source, target.key.id, {}})); break;
    case 4: events.push_back(Said(id, "c-2", claims, claims, CustomerMerged{CustomerId::Trusted("c-3"), {}})); break;
    case 5: events.push_back(Said(id, "c-2", claims, claims, MergeUndone{CustomerId::Trusted("c-3"), {}})); break;
    default: {
      if (target.As<Touch>() == nullptr) return absl::OkStatus();
      Event again = target;
      again.sequence = 0;
      std::get<Touch>(again.data).disposition = Disposition::kRefusedContact;
      again.recorded = again.claimed = claims;
      events.push_back(std::move(again));
    }
  }
  AppendOptions options;
  options.on_conflict = OnConflict::kCorrect;
  return engine.Append(std::move(events), options).status();
}

TEST(Keep_Property, NoEarlierAnswerMoves) {
  EXPECT_TRUE(rc::check([] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
    Engine engine = *Engine::InMemory();
    const std::vector<Event> world = SmallWorld(seed, 12);
    RC_ASSERT(engine.Append(world).ok());
    std::vector<std::pair<Instant, std::string>> answers;
    int number = 0;
    for (int tick = 0; tick < 3; ++tick) {
      const Instant at = At("2026-02-10T00:00:00Z").PlusMinutes(tick * 10 * 24 * 60);
      RC_ASSERT(engine.Tick(ReadAt{at}).ok());
      answers.emplace_back(at, Told(engine, at));
      for (int n = *rc::gen::inRange(1, 6); n > 0; --n) {
        // Claims to have been known before the tick, at it, or later.
        const Instant claims = at.PlusMinutes(*rc::gen::inRange(-40, 20) * 6 * 60);
        RC_ASSERT(Interfere(engine, world, ++number, claims).ok());
      }
      for (const auto& [moment, told] : answers) RC_ASSERT(Told(engine, moment) == told);
    }
  }));
}

TEST(Keep_Property, ArrivalOrderBetweenTwoSealsLeavesNoTrace) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Event> world = SmallWorld(*rc::gen::inRange<std::uint64_t>(0, 1000), 8);
    const Instant at = At("2026-03-02T00:00:00Z");
    Engine one = *Engine::InMemory(), other = *Engine::InMemory();
    RC_ASSERT(one.Append(world).ok());
    const std::size_t cut = *rc::gen::inRange<std::size_t>(0, world.size());
    std::rotate(world.begin(), world.begin() + static_cast<std::ptrdiff_t>(cut), world.end());
    for (std::size_t from = 0; from < world.size(); from += 97) {
      const std::size_t to = std::min(world.size(), from + 97);
      RC_ASSERT(other.Append({world.begin() + static_cast<std::ptrdiff_t>(from), world.begin() + static_cast<std::ptrdiff_t>(to)}).ok());
    }
    RC_ASSERT(Told(one, at) == Told(other, at));
    RC_ASSERT(one.Tick(ReadAt{at})->issued == other.Tick(ReadAt{at})->issued);
    RC_ASSERT(Told(one, at) == Told(other, at));
  }));
}

std::set<std::string> Issued(const TickReceipt& receipt) {
  std::set<std::string> ids;
  for (const Event& event : receipt.events) {
    if (const auto* issued = event.As<FollowUpIssued>(); issued != nullptr && issued->revision == 1) ids.insert(issued->followup.text());
  }
  return ids;
}

TEST(Keep_Merge, NothingIsIssuedTwiceAcrossMergeAndUndo) {
  Engine engine = *Engine::InMemory();
  const Instant start = At("2026-03-01T00:00:00Z");
  ASSERT_TRUE(engine.Append({Said("w1", "a", start, start, WorryRaised{}), Said("w2", "b", start, start, WorryRaised{})}).ok());
  const auto tick = [&](int day) { return Issued(*engine.Tick(ReadAt{start.PlusMinutes(day * 24 * 60)})); };
  std::set<std::string> all = tick(1);
  EXPECT_EQ(all.size(), 2u);
  const Instant merged = start.PlusMinutes(2 * 24 * 60), undone = start.PlusMinutes(4 * 24 * 60);
  ASSERT_TRUE(engine.Append({Said("m", "a", merged, merged, CustomerMerged{CustomerId::Trusted("b"), {}})}).ok());
  for (const std::string& id : tick(3)) EXPECT_TRUE(all.insert(id).second) << id;
  EXPECT_EQ((*engine.Snapshot())->Find(CustomerId::Trusted("b"))->worries.size(), 2u);
  ASSERT_TRUE(engine.Append({Said("u", "a", undone, undone, MergeUndone{CustomerId::Trusted("b"), {}})}).ok());
  for (const std::string& id : tick(5)) EXPECT_TRUE(all.insert(id).second) << id;
  EXPECT_EQ((*engine.Snapshot())->Find(CustomerId::Trusted("b"))->followups.size(), 1u) << "its follow-up stayed with it";
}

TEST(Keep_Merge, TheStrictestPermissionHoldsAndUndoAfterErasureIsRefused) {
  Engine engine = *Engine::InMemory();
  const Instant at = At("2026-03-02T01:00:00Z");
  const auto may = [&](const char* who) {
    return engine.Permit(CustomerId::Trusted(who), Channel::kCall, at.PlusMinutes(600), Purpose::kCare, ContactId())->allowed;
  };
  ASSERT_TRUE(engine.Append({Said("1", "a", at, at, WorryRaised{}), Said("2", "b", at, at, DoNotContactSet{})}).ok());
  EXPECT_TRUE(may("a"));
  ASSERT_TRUE(engine.Append({Said("m", "a", at, at.PlusMinutes(1), CustomerMerged{CustomerId::Trusted("b"), {}})}).ok());
  EXPECT_FALSE(may("a"));
  ASSERT_TRUE(engine.Erase(CustomerId::Trusted("b"), at.PlusMinutes(2)).ok());
  const auto refused = engine.Append({Said("u", "a", at, at.PlusMinutes(3), MergeUndone{CustomerId::Trusted("b"), {}})});
  EXPECT_EQ(TokenOf(refused.status()), "merge.erased");
}

TEST(Keep_Correction, WhatItMakesIsCheckedBeforeItIsStored) {
  Engine engine = *Engine::InMemory();
  WorryRaised worry;
  ASSERT_TRUE(engine.Append({Said("1", "c", At("2026-01-01T00:00:00Z"), Instant::Max(), worry)}).ok());
  worry.text = "other";
  AppendOptions correct;
  correct.on_conflict = OnConflict::kCorrect;
  EXPECT_FALSE(engine.Append({Said("1", "c", At("2026-01-01T00:00:00Z"), Instant::Max(), worry)}, correct).ok()) << "there is no later moment";
  EXPECT_TRUE(engine.Check().ok()) << engine.Check();
  const Instant at = At("2026-03-02T00:00:00Z");
  const auto refused = engine.Append({Said("2", "c", at, at, EventRetracted{"rapport", "model/x", {}})});
  EXPECT_EQ(TokenOf(refused.status()), "event.invalid_field") << "what the engine concluded is not retracted";
}

TEST(Keep_Erase, TakesTheWholeOfAMergedAccountAndMayBeAskedAgain) {
  Engine engine = *Engine::InMemory();
  const Instant at = At("2026-03-02T01:00:00Z");
  CustomerUpserted person;
  person.name = "Marker";
  ASSERT_TRUE(engine.Append({Said("1", "a", at, at, person), Said("2", "b", at, at, person), Said("m", "a", at, at, CustomerMerged{CustomerId::Trusted("b"), {}})}).ok());
  EXPECT_EQ(engine.Erase(CustomerId::Trusted("b"), at.PlusMinutes(1))->events, 2);
  EXPECT_EQ(engine.ExportLines()->find("Marker"), std::string::npos);
  EXPECT_EQ(engine.Erase(CustomerId::Trusted("b"), at.PlusMinutes(1))->events, 0);
}

bool Holds(const std::string& folder, const std::string& bytes) {
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (ReadText(file.path().string()).find(bytes) != std::string::npos) return true;
  }
  return false;
}

TEST(Keep_Erase, LeavesNoByteInFileWalSnapshotBackupOrExport) {
  const Folder folder("erase"), copies("copies");
  const Instant at = At("2026-03-02T01:00:00Z");
  {
    Engine engine = *Engine::Open(folder.File("shop.book"));
    CustomerUpserted person;
    person.name = "Marker-Name";
    WorryRaised worry;
    worry.text = "Marker-Worry";
    ASSERT_TRUE(engine.Append({Said("1", "c", at, at, person), Said("2", "c", at, at, worry), Said("3", "d", at, at, person)}).ok());
    person.name = "Marker-Corrected";
    AppendOptions correct;
    correct.on_conflict = OnConflict::kCorrect;
    ASSERT_TRUE(engine.Append({Said("1", "c", at, at.PlusMinutes(5), person)}, correct).ok());
    const std::string signals_before = engine.Signals(ReadAt{at.PlusMinutes(10)}, {}, {})->ToNdjson();
    EXPECT_TRUE(Holds(folder.path(), "Marker-Corrected"));
    ASSERT_EQ(engine.Erase(CustomerId::Trusted("c"), at.PlusMinutes(60))->events, 3);
    ASSERT_TRUE(engine.SaveSnapshot().ok());
    ASSERT_TRUE(engine.Backup(copies.File("copy.book")).ok());
    EXPECT_TRUE(engine.Check().ok()) << engine.Check();
    const std::string lines = *engine.ExportLines();
    for (const char* marker : {"Marker-Worry", "Marker-Corrected"}) {
      EXPECT_FALSE(Holds(folder.path(), marker)) << marker;
      EXPECT_FALSE(Holds(copies.path(), marker)) << marker;
      EXPECT_EQ(lines.find(marker), std::string::npos) << marker;
      EXPECT_EQ(engine.Customer(CustomerId::Trusted("c"), std::nullopt)->Canonical().find(marker), std::string::npos);
    }
    EXPECT_NE(lines.find("Marker-Name"), std::string::npos) << "of the other customer it stays";
    // An earlier answer is the same but for the text.
    EXPECT_EQ(engine.Signals(ReadAt{at.PlusMinutes(10)}, {}, {})->ToNdjson(), signals_before);
    worry.text = "Marker-Later";
    ASSERT_TRUE(engine.Append({Said("9", "c", at.PlusMinutes(90), at.PlusMinutes(90), worry)}).ok());
    EXPECT_FALSE(Holds(folder.path(), "Marker-Later")) << "what comes later loses its text too";
  }
  Engine again = *Engine::Open(folder.File("shop.book"));
  EXPECT_TRUE(again.Check().ok());
}

TEST(Keep_Snapshot, OpensTheSameBookAndIgnoresAStrangers) {
  const Folder folder("snapshot");
  const Instant at = At("2026-03-02T00:00:00Z");
  std::string told;
  for (const char* name : {"one.book", "two.book"}) {
    Engine engine = *Engine::Open(folder.File(name));
    ASSERT_TRUE(engine.Append(SmallWorld(name[0], 10)).ok());
    ASSERT_TRUE(engine.SaveSnapshot().ok());
    ASSERT_TRUE(engine.Append({Said("x", "c-1", at, at, WorryRaised{})}).ok());
    told = Told(engine, at);
  }
  EXPECT_EQ(Told(*Engine::Open(folder.File("two.book")), at), told);
  std::filesystem::copy_file(folder.File("one.book.snapshot"), folder.File("two.book.snapshot"), std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(Told(*Engine::Open(folder.File("two.book")), at), told) << "another book's snapshot";
  std::filesystem::resize_file(folder.File("two.book.snapshot"), 500);
  EXPECT_EQ(Told(*Engine::Open(folder.File("two.book")), at), told) << "a cut one";
}

TEST(Keep_Snapshot, AThousandSmallBooksAreOpenAtOnce) {
  Engine first = *Engine::InMemory();
  ASSERT_TRUE(first.Append(SmallWorld(1, 3)).ok());
  const std::string blob = *first.SnapshotBytes();
  std::vector<Engine> books;
  for (int i = 0; i < 1000; ++i) books.push_back(*Engine::FromSnapshot(blob));
  const Instant at = At("2026-03-02T00:00:00Z");
  const std::string signals = first.Signals(ReadAt{at}, {}, {})->ToNdjson();
  for (const int one : {0, 500, 999}) EXPECT_EQ(books[static_cast<std::size_t>(one)].Signals(ReadAt{at}, {}, {})->ToNdjson(), signals);
}

TEST(Keep_GoLive, NoRepIsOverCapacityOnDayOne) {
  SimulateOptions options;
  options.customers = IsSanitized() ? 2'000 : 100'000;
  options.years = 5;
  options.only_purchases = true;
  Engine engine = *Engine::InMemory();
  std::vector<Event> events;
  ASSERT_TRUE(Simulate(options, ZoneRules::Bundled(), [&](Event&& event) {
    events.push_back(std::move(event));
    return events.size() < 50'000 ? absl::OkStatus() : engine.Append(std::exchange(events, {})).status();
  }).ok());
  BookConfigured live;
  live.go_live = Day(2029, 1, 8);
  const Instant at = At("2029-01-08T07:00:00+01:00");
  Event configured = Said("live", "", at.PlusMinutes(-60), at.PlusMinutes(-60), live);
  events.push_back(std::move(configured));
  ASSERT_TRUE(engine.Append(std::move(events)).ok());
  const auto tick = engine.Tick(ReadAt{at});
  ASSERT_TRUE(tick.ok()) << tick.status();
  std::int64_t left_out = 0;
  for (const auto& [rule, count] : tick->backlog) left_out += count;
  EXPECT_GT(left_out, tick->issued) << "five years lie behind";
  const auto plan = engine.Plan({.day = Day(2029, 1, 8), .as_of = at});
  ASSERT_TRUE(plan.ok()) << plan.status();
  for (const RepDay& day : plan->reps) {
    std::int64_t minutes = 0;
    for (const PlanLine& line : day.lines) minutes += line.minutes + line.travel_minutes;
    EXPECT_LE(minutes, day.minutes - day.reserve) << day.rep.text();
  }
}

}  // namespace
}  // namespace rapport
