#include "rapport/plan/report_trust.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <set>

#include "rapport/core/hash.hpp"
#include "rapport/core/zones.hpp"

namespace rapport {
namespace {

const Zone& Utc() { return ZoneRules::Bundled().Utc(); }
Instant At(std::string_view text) { return ParseStamp(text)->at; }

// A sales force whose reps visit four customers a day; times, minutes, notes and outcomes are by chance, a function of the seed.
class Office {
 public:
  explicit Office(int reps, int days = 30, std::uint64_t seed = 1) : seed_(seed) {
    for (int rep = 0; rep < reps; ++rep) {
      for (int day = 0; day < days; ++day) {
        for (int i = 0; i < 4; ++i) Add(rep, day, i);
      }
    }
  }
  std::vector<WorkReport> rows;

  std::string_view Keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  double Draw(std::string_view what, int a, int b, int c) { return Chance(seed_, what, {std::to_string(a), std::to_string(b), std::to_string(c)}); }
  std::vector<std::size_t> Of(std::string_view rep) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].rep == rep) found.push_back(i);
    }
    return found;
  }

 private:
  void Add(int rep, int day, int i) {
    WorkReport one;
    one.id = Keep("t-" + std::to_string(rows.size()));
    one.rep = Keep("r-" + std::to_string(rep));
    one.customer = Keep("c-" + std::to_string(rep) + "-" + std::to_string(static_cast<int>(50 * Draw("customer", rep, day, i))));
    one.channel = "visit";
    one.start = At("2026-03-02T08:30:00Z").PlusMicros((day * 24 * 60 + i * 120) * 60'000'000LL + static_cast<std::int64_t>(45 * 60 * Draw("start", rep, day, i)) * 1'000'000);
    one.minutes = 11 + std::floor(37 * Draw("minutes", rep, day, i));
    one.recorded = one.start.PlusMinutes(static_cast<std::int64_t>(*one.minutes + 1 + 20 * Draw("entry", rep, day, i)));
    one.latitude = 35 + rep + 0.1 * Draw("latitude", rep, day, i);
    one.longitude = 139 + 0.1 * Draw("longitude", rep, day, i);
    one.accuracy_metres = 20;
    one.note = Keep(ToHex(HashBytes(one.id), 4) + " letters of the visit " + Words(rep, day, i));
    one.disposition = "reached";
    one.outcome = Draw("outcome", rep, day, i) < 0.4;
    rows.push_back(one);
  }
  std::string Words(int rep, int day, int i) {
    std::string words;
    for (int w = 0; w < 40; ++w) words += static_cast<char>('a' + static_cast<int>(26 * Draw("word " + std::to_string(w), rep, day, i)));
    return words;
  }

  std::uint64_t seed_;
  std::deque<std::string> texts_;
};

ReportScores Score(const std::vector<WorkReport>& rows) {
  const absl::StatusOr<ReportScores> scores = ScoreReports(rows, Utc());
  EXPECT_TRUE(scores.ok()) << scores.status();
  return *scores;
}

bool Shows(const ReportScore& score, TrustSign sign) {
  return std::any_of(score.findings.begin(), score.findings.end(), [&](const TrustFinding& one) { return one.sign == sign; });
}

std::int64_t Flagged(const ReportScores& scores) {
  return std::count_if(scores.reports.begin(), scores.reports.end(), [](const ReportScore& one) { return one.flagged; });
}

TEST(ReportTrust, NothingIsKnownOfNothing) {
  const ReportScores scores = Score({});
  EXPECT_TRUE(scores.reports.empty());
  EXPECT_TRUE(scores.reps.empty());
}

TEST(ReportTrust, AnHonestOfficeIsNotFlagged) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) EXPECT_EQ(Flagged(Score(Office(20, 30, seed).rows)), 0) << seed;
}

TEST(ReportTrust, PlacesTooFarApartAreFlaggedAndTold) {
  Office office(10);
  const auto rows = office.Of("r-3");
  for (std::size_t i = 1; i < rows.size(); i += 4) office.rows[rows[i]].latitude = *office.rows[rows[i]].latitude + 4;   // 440 km
  const ReportScores scores = Score(office.rows);
  for (std::size_t i = 1; i < rows.size(); i += 4) {
    const ReportScore& one = scores.reports[rows[i]];
    EXPECT_TRUE(one.flagged) << i;
    ASSERT_TRUE(Shows(one, TrustSign::kTravel));
    EXPECT_NEAR(one.findings.front().kilometres, 445, 15);
    EXPECT_FALSE(one.findings.front().possible);
  }
  EXPECT_EQ(scores.reps[3].rep, "r-3");
  EXPECT_TRUE(scores.reps[3].flagged);
  for (const RepScore& rep : scores.reps) EXPECT_EQ(rep.flagged, rep.rep == "r-3");
  for (std::size_t i = 0; i < office.rows.size(); ++i) EXPECT_TRUE(!scores.reports[i].flagged || office.rows[i].rep == "r-3");
}

TEST(ReportTrust, TheOneThatCannotBeStandsAboveItsNeighbours) {
  Office office(10);
  const auto rows = office.Of("r-3");
  for (std::size_t day = 0; day < rows.size(); day += 4) office.rows[rows[day + 1]].latitude = *office.rows[rows[day + 1]].latitude + 4;
  const ReportScores scores = Score(office.rows);
  int above = 0;
  for (std::size_t day = 0; day < rows.size(); day += 4) {
    EXPECT_GE(scores.reports[rows[day + 1]].findings.front().part, scores.reports[rows[day]].findings.front().part);
    above += scores.reports[rows[day + 1]].score > scores.reports[rows[day]].score ? 1 : 0;
  }
  EXPECT_GE(above, 25) << "of 30; where the way on is free, either may be the odd one";
}

TEST(ReportTrust, OnePairAloneIsNotFlagged) {
  Office office(10);
  const auto rows = office.Of("r-3");
  office.rows[rows[1]].latitude = *office.rows[rows[1]].latitude + 4;
  const ReportScores scores = Score(office.rows);
  EXPECT_EQ(Flagged(scores), 0) << "a slip of the finger";
  EXPECT_TRUE(Shows(scores.reports[rows[1]], TrustSign::kTravel)) << "but shown";
  const auto above = std::count_if(scores.reports.begin(), scores.reports.end(), [&](const ReportScore& one) { return one.score >= scores.reports[rows[1]].score; });
  EXPECT_LT(above, 30) << "near the top of the list";
}

TEST(ReportTrust, AJourneyByAeroplaneCanBe) {
  Office office(10);
  const auto rows = office.Of("r-3");
  for (std::size_t day = 0; day < rows.size(); day += 4) {
    for (std::size_t i = 2; i < 4; ++i) {   // 600 km away in the afternoon, four hours later
      WorkReport& one = office.rows[rows[day + i]];
      one.latitude = *one.latitude + 5.4;
      one.start = one.start.PlusMinutes(240), one.recorded = one.recorded->PlusMinutes(240);
    }
  }
  const ReportScores scores = Score(office.rows);
  EXPECT_EQ(Flagged(scores), 0);
}

TEST(ReportTrust, AccuracyAndOnePlaceAreForgiven) {
  Office office(10);
  const auto rows = office.Of("r-3");
  for (std::size_t i = 1; i < rows.size(); i += 4) {
    office.rows[rows[i]].latitude = *office.rows[rows[i]].latitude + 4;
    office.rows[rows[i]].accuracy_metres = 500'000;
  }
  EXPECT_EQ(Flagged(Score(office.rows)), 0);
  for (std::size_t i = 1; i < rows.size(); i += 4) {   // two customers in one building at one time
    office.rows[rows[i]].latitude = office.rows[rows[i - 1]].latitude, office.rows[rows[i]].longitude = office.rows[rows[i - 1]].longitude;
    office.rows[rows[i]].start = office.rows[rows[i - 1]].start, office.rows[rows[i]].recorded = office.rows[rows[i - 1]].recorded;
  }
  EXPECT_EQ(Flagged(Score(office.rows)), 0);
}

TEST(ReportTrust, OverlappingWithoutPlacesIsTold) {
  Office office(10);
  for (WorkReport& row : office.rows) row.latitude.reset(), row.longitude.reset(), row.accuracy_metres.reset();
  const auto rows = office.Of("r-3");
  for (std::size_t i = 0; i < rows.size(); i += 2) office.rows[rows[i]].minutes = 240;
  const ReportScores scores = Score(office.rows);
  ASSERT_TRUE(Shows(scores.reports[rows[0]], TrustSign::kTravel));
  EXPECT_THAT(*SayReport(scores.reports[rows[0]], Utc(), Language::kEnglish), testing::HasSubstr("two reports of the same time overlap by"));
}

TEST(ReportTrust, CallsOnTheWayAreNoVisits) {
  Office office(10);
  for (std::size_t i = 1; i < office.rows.size(); i += 2) {
    office.rows[i].channel = "call";
    office.rows[i].start = office.rows[i - 1].start.PlusMinutes(2);
  }
  EXPECT_EQ(Flagged(Score(office.rows)), 0);
}

// What an inventing rep's batch looks like: a week entered on Friday evening.
void EnterOnFridays(Office& office, std::string_view rep, bool results) {
  int n = 0;
  for (const std::size_t row : office.Of(rep)) {
    WorkReport& one = office.rows[row];
    const std::int64_t week = 7LL * 24 * 60 * 60'000'000;
    const Instant friday = At("2026-03-06T18:00:00Z").PlusMicros((one.start.micros() - At("2026-03-02T00:00:00Z").micros()) / week * week);
    one.recorded = std::max(friday, one.start).PlusMicros(20'000'000LL * (n++ % 20));
    if (!results) one.outcome = false;
  }
}

TEST(ReportTrust, OneHabitIsNeverEnough) {
  Office batch(20), copied(20), round(20), even(20), poor(20);
  EnterOnFridays(batch, "r-3", true);
  for (const std::size_t row : copied.Of("r-3")) copied.rows[row].note = "Went through the catalogue, everything is fine, will order again some day";
  for (const std::size_t row : round.Of("r-3")) round.rows[row].start = Instant::FromMicros(round.rows[row].start.micros() / 3'600'000'000 * 3'600'000'000), round.rows[row].minutes = 60;
  for (const std::size_t row : poor.Of("r-3")) poor.rows[row].outcome = false;
  const auto rows = even.Of("r-3");
  for (std::size_t i = 0; i < rows.size(); ++i) even.rows[rows[i]].start = even.rows[rows[i - i % 4]].start.PlusMinutes(static_cast<std::int64_t>(113 * (i % 4)));
  const std::pair<Office*, TrustSign> all[] = {{&batch, TrustSign::kBatch}, {&copied, TrustSign::kCopied}, {&round, TrustSign::kRound}, {&even, TrustSign::kEven},
                                               {&poor, TrustSign::kNoOutcome}};
  for (const auto& [office, sign] : all) {
    const ReportScores scores = Score(office->rows);
    EXPECT_EQ(Flagged(scores), 0) << NameOf(sign);
    const auto own = office->Of("r-3");
    EXPECT_GE(std::count_if(own.begin(), own.end(), [&, one = sign](std::size_t row) { return Shows(scores.reports[row], one); }),
              static_cast<std::ptrdiff_t>(own.size() * 2 / 3)) << NameOf(sign);
    double odd = 0, usual = 0;
    for (std::size_t i = 0; i < scores.reports.size(); ++i) (office->rows[i].rep == "r-3" ? odd : usual) += scores.reports[i].score;
    EXPECT_GT(odd / 120, 5 * usual / static_cast<double>(scores.reports.size() - 120)) << NameOf(sign);
  }
}

TEST(ReportTrust, AHabitWithoutResultsIsFlagged) {
  Office office(40);
  EnterOnFridays(office, "r-3", false);
  const ReportScores scores = Score(office.rows);
  EXPECT_GT(Flagged(scores), 60);
  for (const RepScore& rep : scores.reps) EXPECT_EQ(rep.flagged, rep.rep == "r-3");
  const auto first = office.Of("r-3").front();
  EXPECT_THAT(*SayReport(scores.reports[first], Utc(), Language::kEnglish), testing::StartsWith("Worth asking about: "));
}

TEST(ReportTrust, WhatEverybodyDoesCountsForNothing) {
  Office office(20);
  for (int rep = 0; rep < 20; ++rep) EnterOnFridays(office, "r-" + std::to_string(rep), true);
  for (WorkReport& row : office.rows) row.note = "Went through the catalogue, everything is fine, will order again some day", row.outcome = false;
  for (WorkReport& row : office.rows) row.start = Instant::FromMicros(row.start.micros() / 1'800'000'000 * 1'800'000'000), row.minutes = 30;
  const ReportScores scores = Score(office.rows);
  EXPECT_EQ(Flagged(scores), 0);
  for (const ReportScore& one : scores.reports) EXPECT_LT(one.score, 0.2);
}

TEST(ReportTrust, StockPhrasesDoNotCount) {
  Office office(10);
  const std::string_view phrases[] = {"No answer.", "left a message", "留守でした", "부재중입니다", "OK, will call back"};
  for (const std::size_t row : office.Of("r-3")) office.rows[row].note = phrases[row % 5];
  const ReportScores scores = Score(office.rows);
  for (const std::size_t row : office.Of("r-3")) EXPECT_FALSE(Shows(scores.reports[row], TrustSign::kCopied)) << office.rows[row].note;
}

TEST(ReportTrust, AFewOtherWordsAreStillTheSameText) {
  Office office(10);
  const std::string_view end = " was in good spirits, we went through the catalogue and agreed to talk about the boiler again in spring";
  const std::string_view names[] = {"Ms Oda", "Mr Ito", "Dr Mori", "Mr Baba"};
  for (const std::size_t row : office.Of("r-3")) office.rows[row].note = office.Keep(std::string(names[row % 4]) + std::string(end) + (row % 3 == 0 ? "!" : ""));
  const ReportScores scores = Score(office.rows);
  for (const std::size_t row : office.Of("r-3")) EXPECT_TRUE(Shows(scores.reports[row], TrustSign::kCopied)) << office.rows[row].note;
}

TEST(ReportTrust, JapaneseTextsAreComparedToo) {
  Office office(10);
  for (const std::size_t row : office.Of("r-3")) office.rows[row].note = "カタログをお見せして、ボイラーの更新時期についてお話ししました。春にもう一度ご連絡します。";
  const ReportScores scores = Score(office.rows);
  for (const std::size_t row : office.Of("r-3")) EXPECT_TRUE(Shows(scores.reports[row], TrustSign::kCopied));
}

TEST(ReportTrust, TheSameCustomersTextIsNotCopied) {
  Office office(10);
  for (const std::size_t row : office.Of("r-3")) {
    office.rows[row].customer = "c-only";
    office.rows[row].note = "Changed the filters of all machines as every month, nothing else to tell about it";
  }
  const ReportScores scores = Score(office.rows);
  for (const std::size_t row : office.Of("r-3")) EXPECT_FALSE(Shows(scores.reports[row], TrustSign::kCopied));
}

TEST(ReportTrust, BareReportsAreScored) {
  std::vector<WorkReport> rows(3);
  const std::string_view ids[] = {"a", "b", "c"};
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].id = ids[i], rows[i].rep = i == 2 ? "r-2" : "r-1", rows[i].start = At("2026-03-02T09:00:00Z");
  const ReportScores scores = Score(rows);
  EXPECT_EQ(scores.reps.size(), 2u);
  for (const ReportScore& one : scores.reports) {
    EXPECT_FALSE(one.flagged);
    EXPECT_LT(one.score, 0.1);
    EXPECT_EQ(*SayReport(one, Utc(), Language::kEnglish), one.findings.empty() ? "" : *SayReport(one, Utc(), Language::kEnglish));
  }
}

TEST(ReportTrust, WrongInputNamesRowAndField) {
  WorkReport good;
  good.id = "a", good.rep = "r-1", good.start = At("2026-03-02T09:00:00Z");
  const auto fails = [&](auto change, std::string_view field) {
    WorkReport bad = good;
    bad.id = "b";
    change(bad);
    const std::vector<WorkReport> rows{good, bad};
    const absl::Status status = ScoreReports(rows, Utc()).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << field;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr("row 2, field " + std::string(field))) << status;
  };
  fails([](WorkReport& r) { r.id = ""; }, "id");
  fails([](WorkReport& r) { r.id = "a"; }, "id");
  fails([](WorkReport& r) { r.rep = ""; }, "rep");
  fails([](WorkReport& r) { r.minutes = -1; }, "minutes");
  fails([](WorkReport& r) { r.minutes = std::nan(""); }, "minutes");
  fails([](WorkReport& r) { r.latitude = 91, r.longitude = 0; }, "latitude");
  fails([](WorkReport& r) { r.latitude = 0, r.longitude = 181; }, "longitude");
  fails([](WorkReport& r) { r.latitude = 0; }, "longitude");
  fails([](WorkReport& r) { r.accuracy_metres = -3; }, "accuracy_metres");
}

TEST(ReportTrust, SentencesFitALineInFourLanguages) {
  ReportScore score;
  score.flagged = true;
  for (std::size_t k = 0; k < kTrustSigns; ++k) {
    TrustFinding one;
    one.sign = static_cast<TrustSign>(k), one.weight = 3, one.kilometres = 12'345, one.minutes = 10'000, one.count = 123'456, one.of = 123'456;
    one.at = At("2026-12-30T18:00:00Z");
    score.findings = {one};
    for (const Language language : {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
      const std::string said = *SayReport(score, Utc(), language);
      EXPECT_LE(DisplayWidth(said), 110) << said;
      RepScore rep;
      rep.flagged = true, rep.reports = 123'456, rep.flagged_reports = 12'345, rep.findings = {{one.sign, 3}};
      EXPECT_LE(DisplayWidth(*SayRep(rep, language)), 110) << *SayRep(rep, language);
    }
  }
  score.findings.front() = {.sign = TrustSign::kTravel, .weight = 3, .kilometres = 40.2, .minutes = 12};
  EXPECT_EQ(*SayReport(score, Utc(), Language::kEnglish), "Worth asking about: two visits 40 km apart within 12 minutes");
  score.findings.push_back({.sign = TrustSign::kCopied, .weight = 2, .count = 14});
  EXPECT_EQ(*SayReport(score, Utc(), Language::kEnglish), "Worth asking about: two visits 40 km apart within 12 minutes; the same words as 14 other reports");
  EXPECT_EQ(ReasonsOf(score), "travel,copied");
}

RC_GTEST_PROP(ReportTrustProperty, TheOrderOfRowsDoesNotMatter, ()) {
  Office office(6, 12, *rc::gen::inRange<std::uint64_t>(1, 1000));
  EnterOnFridays(office, "r-2", *rc::gen::arbitrary<bool>());
  for (const std::size_t row : office.Of("r-4")) office.rows[row].note = office.rows[*rc::gen::inRange<std::size_t>(0, office.rows.size())].note;
  std::vector<std::size_t> order(office.rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const std::string seed = std::to_string(*rc::gen::inRange(0, 1'000'000));
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return Chance(7, seed, {std::to_string(a)}) < Chance(7, seed, {std::to_string(b)}); });
  std::vector<WorkReport> moved;
  for (const std::size_t i : order) moved.push_back(office.rows[i]);
  const ReportScores before = Score(office.rows), after = Score(moved);
  for (std::size_t i = 0; i < order.size(); ++i) {
    RC_ASSERT(before.reports[order[i]].score == after.reports[i].score);
    RC_ASSERT(ReasonsOf(before.reports[order[i]]) == ReasonsOf(after.reports[i]));
  }
}

RC_GTEST_PROP(ReportTrustProperty, MoreHonestReportsDoNotLowerTrust, ()) {
  Office office(8, 20, *rc::gen::inRange<std::uint64_t>(1, 1000)), more = Office(8, *rc::gen::inRange(21, 40), 3);
  RC_ASSERT(Flagged(Score(office.rows)) == 0);
  std::vector<WorkReport> rows = office.rows;
  std::deque<std::string> ids;
  for (WorkReport row : more.rows) {
    row.id = ids.emplace_back("m-" + std::string(row.id));
    row.start = row.start.PlusMinutes(60 * 24 * 60), row.recorded = row.recorded->PlusMinutes(60 * 24 * 60);
    rows.push_back(row);
  }
  RC_ASSERT(Flagged(Score(rows)) == 0);
}

RC_GTEST_PROP(ReportTrustProperty, ScoresAreChancesAndFlagsAreAtEvenOdds, ()) {
  Office office(5, 10, *rc::gen::inRange<std::uint64_t>(1, 1000));
  for (WorkReport& row : office.rows) {
    if (*rc::gen::inRange(0, 4) == 0) row.latitude = *rc::gen::inRange(-90, 91), row.longitude = *rc::gen::inRange(-180, 181);
    if (*rc::gen::inRange(0, 4) == 0) row.minutes.reset();
    if (*rc::gen::inRange(0, 4) == 0) row.recorded.reset();
    if (*rc::gen::inRange(0, 4) == 0) row.outcome.reset();
  }
  const ReportScores scores = Score(office.rows);
  for (const ReportScore& one : scores.reports) {
    RC_ASSERT(one.score >= 0 && one.score <= 1);
    RC_ASSERT(one.flagged == (one.score >= 0.5));
    RC_ASSERT(!one.flagged || !one.findings.empty());
  }
  for (const RepScore& rep : scores.reps) RC_ASSERT(rep.flagged == (rep.flagged_reports > 0));
}

}  // namespace
}  // namespace rapport
