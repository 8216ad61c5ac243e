// Expectation against delivery as signals: values, what they rest on, and when time alone moves them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "rapport/core/status.hpp"
#include "rapport/signals/repeat.hpp"
#include "signals/signals_for_test.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

ExpectationStated Expects(std::string dimension, double level) {
  ExpectationStated said;
  said.dimension = std::move(dimension);
  said.level = level;
  return said;
}
FeedbackGiven Scored(std::string_view json) {
  FeedbackGiven said;
  said.dimensions = *Json::Parse(json);
  return said;
}
PromiseMade PromisedIn(std::optional<std::string> dimension, std::string_view due, std::string id) {
  PromiseMade made = Promised(due, std::nullopt, std::move(id));
  made.dimension = std::move(dimension);
  return made;
}

std::vector<Event> MissedAndStayed() {
  return {Happened("c", "e", "2026-01-01T00:00:00Z", Expects("relationship", 6)), Happened("c", "b1", "2026-01-02T00:00:00Z", Bought("1")),
          Happened("c", "p", "2026-01-02T00:00:00Z", PromisedIn("outcome", "2026-01-11", "v")), Happened("c", "d", "2026-01-14T09:00:00Z", Kept({}, "v")),
          Happened("c", "f", "2026-01-20T00:00:00Z", Scored(R"({"relationship": 10})")), Happened("c", "b2", "2026-02-01T00:00:00Z", Bought("1"))};
}

TEST(Signals_Expectation, TellTheGapsAndWhatCarriedTheCustomer) {
  const Asked asked(MissedAndStayed(), "2026-03-01T00:00:00Z");
  EXPECT_EQ(asked.ValueOf("expectation.gap.relationship"), Cell(4.0));
  EXPECT_EQ(asked.ValueOf("expectation.gap.outcome"), Cell(-3.75)) << "three days late";
  EXPECT_EQ(asked.ValueOf("expectation.gap.courtesy"), Null());
  EXPECT_EQ(asked.ValueOf("expectation.gap"), Cell(RoundSignal((0.25 * -3.75 + 0.1 * 4) / 0.35)));
  EXPECT_EQ(asked.ValueOf("expectation.carried_by"), Cell(std::string("relationship")));
  EXPECT_EQ(asked.ValueOf("expectation.missed_on"), Cell(Day(2026, 1, 12)));
  EXPECT_EQ(asked.ValueOf("expectation.days_since_miss"), Whole(48));
  EXPECT_EQ(asked.ValueOf("expectation.repeat_probability"), Null());
  EXPECT_EQ(asked.EvidenceOf("expectation.gap.relationship"), (std::vector<std::string>{"f", "e"}));
  EXPECT_EQ(asked.EvidenceOf("expectation.missed_on"), (std::vector<std::string>{"d", "p"}));
  EXPECT_EQ(asked.ArmedBy("expectation.carried_by"), "b2");
  EXPECT_EQ(asked.ArmedBy("expectation.gap"), "f");
}

TEST(Signals_Expectation, OfWhomNothingIsKnownSayNothing) {
  const Asked asked({Happened("c", "b", "2026-01-02T00:00:00Z", Bought("1"))}, "2026-03-01T00:00:00Z");
  for (const SignalColumn& column : AllSignals()) {
    if (column.name.starts_with("expectation.")) { EXPECT_EQ(asked.ValueOf(column.name), Null()) << column.name; }
  }
}

TEST(Signals_Expectation, GoByTheWeightsOfBookSegmentAndCustomer) {
  BookConfigured configured;
  configured.expectation_weights = *Json::Parse(R"({"default": {"outcome": 1}, "segments": {"clinic": {"courtesy": 1}}})");
  CustomerUpserted clinic, own;
  clinic.segment = own.segment = "clinic";
  own.expectation_weights = *Json::Parse(R"({"courtesy": 1, "outcome": 1})");
  const auto gap = [&](CustomerUpserted profile) {
    const Asked asked({Happened("", "w", "2026-01-01T00:00:00Z", configured), Happened("c", "u", "2026-01-02T00:00:00Z", profile),
                       Happened("c", "f", "2026-01-03T00:00:00Z", Scored(R"({"outcome": 8, "courtesy": 10})"))}, "2026-03-01T00:00:00Z");
    EXPECT_EQ(asked.EvidenceOf("expectation.gap"), (std::vector<std::string>{"f", "u"}));
    return asked.ValueOf("expectation.gap");
  };
  EXPECT_EQ(gap({}), Cell(1.0));
  EXPECT_EQ(gap(clinic), Cell(3.0));
  EXPECT_EQ(gap(own), Cell(2.0));
}

TEST(Signals_Expectation, KnowTheDayOnWhichAPromiseIsMissed) {
  const Asked asked({Happened("c", "p", "2026-01-02T00:00:00Z", PromisedIn({}, "2026-01-11", "v"))}, "2026-01-05T00:00:00Z");
  for (const char* name : {"expectation.gap", "expectation.gap.outcome", "expectation.missed_on", "expectation.days_since_miss", "expectation.carried_by"}) {
    EXPECT_EQ(asked.ValueOf(name), Null()) << name;
    EXPECT_EQ(Asked::Column(name).next_step(asked.input()), Day(2026, 1, 12)) << name;
  }
  const Asked then({Happened("c", "p", "2026-01-02T00:00:00Z", PromisedIn({}, "2026-01-11", "v"))}, "2026-01-12T00:00:00Z");
  EXPECT_EQ(then.ValueOf("expectation.days_since_miss"), Whole(0));
  EXPECT_EQ(then.ValueOf("expectation.gap.outcome"), Cell(-7.0)) << "seven was expected, nothing came";
  EXPECT_EQ(Asked::Column("expectation.days_since_miss").next_step(then.input()), Day(2026, 1, 13));
  EXPECT_EQ(Asked::Column("expectation.gap").next_step(then.input()), std::nullopt);
}

Json RepeatFitted() {
  return *Json::Parse(R"({"model":"repeat","horizon_days":180,"coefficients":{"const":-1,"broken":-2,"recency":-0.5},"fill":{"broken":0.1,"recency":3},
                          "typical":{"outcome":8}})");
}

TEST(Signals_Expectation, ApplyTheFittedModel) {
  ModelFitted model;
  model.model = "repeat";
  model.fitted = RepeatFitted();
  std::vector<Event> events = MissedAndStayed();
  events.push_back(Happened("", "m", "2026-02-01T00:00:00Z", model));
  const Asked asked(events, "2026-03-01T00:00:00Z");
  const double logit = -1 - 2 - 0.5 * std::log1p(28);
  EXPECT_NEAR(std::get<double>(asked.ValueOf("expectation.repeat_probability")), 1 / (1 + std::exp(-logit)), 1e-11);
  EXPECT_EQ(asked.EvidenceOf("expectation.repeat_probability").front(), "b2");
  const std::vector<std::string> cited = asked.EvidenceOf("expectation.gap.outcome");
  EXPECT_EQ(std::count(cited.begin(), cited.end(), "m"), 1) << "what is typical is the model's";
  events.push_back(Happened("c", "no", "2026-02-02T00:00:00Z", [] {
    ConsentChanged consent;
    consent.state = ConsentState::kWithdrawn;
    consent.purpose = ConsentPurpose::kProfiling;
    return consent;
  }()));
  EXPECT_EQ(Asked(events, "2026-03-01T00:00:00Z").ValueOf("expectation.repeat_probability"), Null()) << "who does not want to be scored is not";
}

TEST(Signals_Expectation, AModelReadsBackWhatItWrote) {
  const RepeatModel model = *RepeatModel::FromJson(RepeatFitted());
  EXPECT_EQ(RepeatModel::FromJson(model.ToJson())->ToJson(), model.ToJson());
  for (const char* broken : {R"({})", R"({"horizon_days":180,"coefficients":{}})", R"({"horizon_days":0,"coefficients":{"const":1}})",
                             R"({"horizon_days":180,"coefficients":{"const":1,"recency":1}})", R"({"horizon_days":180,"coefficients":{"const":1,"luck":1}})",
                             R"({"horizon_days":180,"coefficients":{"const":1},"typical":{"curtesy":1}})", R"({"horizon_days":180,"coefficients":{"const":1},"forecast":{}})"}) {
    EXPECT_EQ(TokenOf(RepeatModel::FromJson(*Json::Parse(broken)).status()), "signal.invalid_model") << broken;
  }
}

// --- what a signal does not cite changes nothing
std::vector<Event> AnyLife() {
  static const std::vector<std::string> kSome = {"outcome", "courtesy", "after_care"};
  std::vector<Event> events{Happened("c", "z", "2026-01-01T00:00:00Z", InZone("Asia/Tokyo"))};
  std::vector<std::string> names{"none"};
  const int count = *rc::gen::inRange(0, 9);
  Instant at = At("2026-01-01T01:00:00Z");
  for (int i = 0; i < count; ++i) {
    at = at.PlusMinutes(*rc::gen::inRange(1, 14 * 24 * 60));
    const std::string id = "e" + std::to_string(i), dimension = *rc::gen::elementOf(kSome), of = *rc::gen::elementOf(names);
    PromiseRevised revised;
    revised.promise = PromiseId::Trusted(of);
    revised.due = Day(2026, 1, 1) + *rc::gen::inRange(0, 90);
    PromiseWithdrawn withdrawn;
    withdrawn.promise = PromiseId::Trusted(of);
    const Payload all[] = {Expects(dimension, *rc::gen::inRange(0, 11)), Scored("{\"" + dimension + "\":" + std::to_string(*rc::gen::inRange(0, 11)) + "}"),
                           PromisedIn(dimension, FormatDay(Day(2026, 1, 1) + *rc::gen::inRange(0, 90)), id), Kept({}, of), Bought("1"), revised, withdrawn};
    events.push_back(Happened("c", id, at, all[*rc::gen::inRange(0, 7)]));
    if (events.back().As<PromiseMade>() != nullptr) names.push_back(id);
  }
  return events;
}

RC_GTEST_PROP(Signals_ExpectationProperty, WhatIsNotCitedChangesNothing, ()) {
  const std::vector<Event> events = AnyLife();
  const Asked whole(events, "2026-03-10T00:00:00Z");
  for (std::size_t left_out = 1; left_out < events.size(); ++left_out) {
    std::vector<Event> rest = events;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(left_out));
    const Asked without(rest, "2026-03-10T00:00:00Z");
    for (const SignalColumn& column : AllSignals()) {
      if (!column.name.starts_with("expectation.")) continue;
      const SignalValue value = whole.Of(column.name);
      if (value.evidence.size() == SignalValue::kMaxEvidence) continue;
      if (std::find(value.evidence.begin(), value.evidence.end(), events[left_out].key) != value.evidence.end()) continue;
      RC_LOG() << column.name << " without " << events[left_out].key.id << "\n";
      RC_ASSERT(without.ValueOf(column.name) == value.value);
    }
  }
}

// Time alone moves them on the days they say, and on no other.
RC_GTEST_PROP(Signals_ExpectationProperty, MoveByTimeOnlyWhereTheySay, ()) {
  const std::vector<Event> events = AnyLife();
  const Asked asked(events, "2026-05-20T00:00:00Z");
  for (const SignalColumn& column : AllSignals()) {
    if (!column.name.starts_with("expectation.") || column.next_step == nullptr) continue;
    SignalInput input = asked.input();
    for (Day day = input.zone->LocalDay(events.back().occurred.at) + 1; day < Day(2026, 5, 1); ++day) {
      SignalInput tomorrow = input;
      input.today = day;
      input.as_of = input.zone->StartOf(day);
      tomorrow.today = day + 1;
      tomorrow.as_of = input.zone->StartOf(day + 1);
      const std::optional<Day> step = column.next_step(input);
      RC_LOG() << column.name << " on " << FormatDay(day) << "\n";
      RC_ASSERT(!step.has_value() || *step > day);
      if (step != day + 1) RC_ASSERT(column.Of(tomorrow).value == column.Of(input).value);
    }
  }
}

}  // namespace
}  // namespace rapport
