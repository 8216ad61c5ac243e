#include "rapport/ledger/codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/payload_samples.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Json Parsed(std::string_view text) { return Json::Parse(text).value(); }

// An event of a type with `data`, and other members replaced or added as `members`.
Json EventJson(std::string_view type, std::string_view data, std::string_view members = "{}") {
  Json::Object event = *Parsed(R"({"specversion":"1.0","id":"o-1","source":"shop","subject":"c-17",
                                   "time":"2026-03-02T10:15:00+09:00"})").if_object();
  event["type"] = Json(type);
  event["data"] = Parsed(data);
  const Json extra = Parsed(members);
  for (const auto& [name, value] : *extra.if_object()) {
    if (value.is_null()) event.erase(name);
    else event[name] = value;
  }
  return event;
}

absl::StatusOr<Event> Decoded(const Json& json, OnUnknown on_unknown = OnUnknown::kError) {
  DecodeOptions options;
  options.on_unknown = on_unknown;
  return DecodeEvent(json, options, "line 12");
}

void ExpectFailure(const Json& json, std::string_view token, std::vector<std::string> parts) {
  const absl::StatusOr<Event> event = Decoded(json);
  ASSERT_FALSE(event.ok()) << json.Canonical();
  EXPECT_EQ(TokenOf(event.status()), token) << event.status();
  const std::string message(event.status().message());
  EXPECT_THAT(message, HasSubstr("line 12"));
  for (const std::string& part : parts) EXPECT_THAT(message, HasSubstr(part));
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST(Codec_Decode, ReadsAPurchase) {
  const auto event = Decoded(EventJson("purchase.placed",
                                       R"({"order":"A7","currency":"EUR","expected_delivery":"2026-03-09",
                                           "lines":[{"product":"p1","quantity":2.5,"amount":"19.80","unit_price":"7.9201"}]})",
                                       R"({"recordedtime":"2026-03-02T11:00:00+09:00"})"));
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(event->key, (EventKey{"shop", "o-1"}));
  EXPECT_EQ(event->subject.text(), "c-17");
  EXPECT_EQ(event->occurred, ParseStamp("2026-03-02T10:15:00+09:00").value());
  EXPECT_EQ(FormatInstant(event->recorded), "2026-03-02T02:00:00Z");
  EXPECT_EQ(event->claimed, event->recorded);
  const auto* purchase = event->As<PurchasePlaced>();
  ASSERT_NE(purchase, nullptr);
  EXPECT_EQ(purchase->order->text(), "A7");
  EXPECT_EQ(purchase->expected_delivery, Day(2026, 3, 9));
  ASSERT_EQ(purchase->lines.size(), 1u);
  EXPECT_EQ(purchase->lines[0].amount, Money(1980, Currency::Parse("EUR").value()));
  EXPECT_EQ(purchase->lines[0].quantity, 2.5);
  EXPECT_EQ(purchase->lines[0].unit_price, "7.9201");
  EXPECT_FALSE(purchase->lines[0].margin.has_value());
}

TEST(Codec_Decode, KnowledgeTimeFallsBackToReceiptThenToTheEvent) {
  const Json json = EventJson("touch", R"({"channel":"call","direction":"inbound"})");
  EXPECT_EQ(Decoded(json)->recorded, ParseStamp("2026-03-02T10:15:00+09:00")->at);
  DecodeOptions options;
  options.received_at = ParseStamp("2026-04-01T00:00:00Z")->at;
  EXPECT_EQ(DecodeEvent(json, options, "")->recorded, *options.received_at);
}

TEST(Codec_Decode, TakesTheOptionalAttributesOfCloudEvents) {
  const std::string data = R"({"channel":"call","direction":"inbound"})";
  EXPECT_TRUE(Decoded(EventJson("touch", data, R"({"datacontenttype":"application/json","dataschema":"urn:x"})")).ok());
  ExpectFailure(EventJson("touch", data, R"({"datacontenttype":"text/xml"})"), "event.invalid_field",
                {"field datacontenttype", "\"text/xml\"", "expected \"application/json\""});
  ExpectFailure(EventJson("touch", data, R"({"specversion":"0.3"})"), "event.invalid_field", {"field specversion", "\"0.3\""});
  ExpectFailure(EventJson("touch", data, R"({"traceparent":"00"})"), "event.unknown_field", {"field traceparent", "recordedtime"});
}

TEST(Codec_Decode, NamesWhatIsMissing) {
  const std::string data = R"({"channel":"call","direction":"inbound"})";
  for (const std::string name : {"specversion", "id", "source", "type", "time", "subject"}) {
    ExpectFailure(EventJson("touch", data, "{\"" + name + "\":null}"), "event.missing_field", {"field " + name});
  }
  ExpectFailure(EventJson("touch", R"({"channel":"call"})"), "event.missing_field", {"event \"o-1\"", "field direction"});
  ExpectFailure(EventJson("touch", data, R"({"data":null})"), "event.missing_field", {"field channel"});
  EXPECT_TRUE(Decoded(EventJson("refusal", "{}", R"({"data":null})")).ok()) << "no field is required";
}

TEST(Codec_Decode, SubjectsAreForCustomersOnly) {
  ExpectFailure(EventJson("rep.upserted", R"({"rep":"anna"})"), "event.invalid_field", {"field subject", "rep.upserted"});
  EXPECT_TRUE(Decoded(EventJson("rep.upserted", R"({"rep":"anna"})", R"({"subject":null})")).ok());
}

TEST(Codec_Decode, ListsTheWordsOfAnEnumeration) {
  ExpectFailure(EventJson("touch", R"({"channel":"fax","direction":"inbound"})"), "event.invalid_field",
                {"field channel: found \"fax\", expected one of visit, call, mail, letter"});
  ExpectFailure(EventJson("contact.upserted", R"({"contact":"k","title":"sir"})"), "event.invalid_field",
                {"field title", "one of ms, mr, dr, prof"});
}

TEST(Codec_Decode, RefusesWrongKinds) {
  const auto touch = [](std::string more) {
    return EventJson("touch", R"({"channel":"call","direction":"inbound",)" + more + "}");
  };
  ExpectFailure(touch(R"("minutes":2.5)"), "event.invalid_field", {"field minutes: found 2.5, expected a whole number"});
  ExpectFailure(touch(R"("minutes":"2")"), "event.invalid_field", {"field minutes: found \"2\""});
  ExpectFailure(touch(R"("objective_met":1)"), "event.invalid_field", {"field objective_met", "true or false"});
  ExpectFailure(touch(R"("note":null)"), "event.invalid_field", {"field note: found null"});
  ExpectFailure(touch(R"("rep":"")"), "id.invalid", {"field rep"});
  ExpectFailure(EventJson("refusal", R"({"come_back":"2026-02-30"})"), "time.invalid_day", {"field come_back", "2026-02-30"});
  ExpectFailure(EventJson("touch", "[]"), "event.invalid_field", {"field data: found an array"});
  ExpectFailure(EventJson("rep.upserted", R"({"rep":"a","absences":["2026-01-01","x"]})", R"({"subject":null})"),
                "time.invalid_day", {"field absences[1]"});
  ExpectFailure(Json("text"), "event.invalid_field", {"found a string, expected an object"});
}

TEST(Codec_Decode, RefusesWorkAndReadinessBelowNothing) {
  ExpectFailure(EventJson("promise.made", R"({"work_minutes":-5})"), "event.invalid_field", {"field work_minutes: found -5, expected a whole number of 0 or more"});
  ExpectFailure(EventJson("promise.progressed", R"({"work_minutes":-1})"), "event.invalid_field", {"field work_minutes: found -1"});
  ExpectFailure(EventJson("promise.progressed", R"({"ready":-0.5})"), "event.invalid_field", {"field ready: found -0.5, expected a number of 0 or more"});
  // A due day before the promise was made is judged as it stands.
  EXPECT_TRUE(DecodeEvent(EventJson("promise.made", R"({"work_minutes":0,"due":"1999-01-01"})"), {}, "").ok());
}

TEST(Codec_Decode, RefusesMinutesThatNoDayHas) {
  const std::string none = R"({"subject":null})";
  for (const auto& [field, least, most] : {std::tuple("minutes", 0, 1440), {"reserve_minutes", 0, 1440}, {"travel_minutes", 0, 720}}) {
    const auto said = [&, name = std::string(field)](int number) { return EventJson("rep.upserted", R"({"rep":"a",")" + name + "\":" + std::to_string(number) + "}", none); };
    const std::string expected = "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    ExpectFailure(said(least - 1), "event.invalid_field", {"field " + std::string(field) + ": found " + std::to_string(least - 1) + ", " + expected});
    ExpectFailure(said(most + 1), "event.invalid_field", {expected});
    EXPECT_TRUE(DecodeEvent(said(least), {}, "").ok() && DecodeEvent(said(most), {}, "").ok()) << field;
  }
  const auto made = [](const std::string& minutes) { return EventJson("appointment.made", R"({"start":"2026-03-02T09:00:00Z","minutes":)" + minutes + "}"); };
  ExpectFailure(made("0"), "event.invalid_field", {"field minutes: found 0, expected a whole number from 1 to 1440"});
  ExpectFailure(made("10000000000000"), "event.invalid_field", {"expected a whole number from 1 to 1440"});
  EXPECT_TRUE(DecodeEvent(made("1"), {}, "").ok() && DecodeEvent(made("1440"), {}, "").ok());
}

TEST(Codec_Decode, RefusesWrongTimes) {
  const std::string data = R"({"channel":"call","direction":"inbound"})";
  ExpectFailure(EventJson("touch", data, R"({"time":"2026-03-02 10:15"})"), "time.invalid", {"field time", "2026-03-02 10:15"});
  ExpectFailure(EventJson("touch", data, R"({"recordedtime":5})"), "event.invalid_field", {"field recordedtime"});
  ExpectFailure(EventJson("touch", data, R"({"claimedtime":"2027-01-01T00:00:00Z"})"), "event.invalid_field", {"field claimedtime"});
}

TEST(Codec_Decode, MoneyNeedsACurrencyAndItsDecimals) {
  ExpectFailure(EventJson("purchase.placed", R"({"currency":"EUR","lines":[{"amount":"1.00"},{"amount":"1.234"}]})"),
                "money.too_many_decimals", {"line 12, event \"o-1\", field lines[1].amount: found \"1.234\", expected at most 2"});
  ExpectFailure(EventJson("purchase.placed", R"({"lines":[{"amount":"1.00"}]})"), "event.missing_field",
                {"field currency", "lines[0].amount"});
  ExpectFailure(EventJson("purchase.returned", R"({"currency":"XXQ","amount":"1"})"), "money.unknown_currency", {"field currency"});
  ExpectFailure(EventJson("purchase.returned", R"({"currency":7,"amount":"1"})"), "event.invalid_field", {"field currency"});
  ExpectFailure(EventJson("purchase.returned", R"({"currency":"EUR","amount":1.5})"), "event.invalid_field", {"field amount", "string"});
  ExpectFailure(EventJson("purchase.placed", R"({"currency":"EUR","lines":[{"currency":"EUR"}]})"), "event.unknown_field",
                {"field lines[0].currency"});
  ExpectFailure(EventJson("touch", R"({"channel":"call","direction":"inbound","currency":"EUR"})"), "event.unknown_field", {"field currency"});
  EXPECT_TRUE(Decoded(EventJson("purchase.placed", R"({"currency":"EUR","lines":[]})")).ok());
}

TEST(Codec_Decode, RefusesOrKeepsWhatIsUnknown) {
  const Json json = EventJson("purchase.placed",
                              R"({"colour":"red","order":"A","currency":"EUR","lines":[{"amount":"1.00"},{"size":4,"amount":"2.00"}]})",
                              R"({"traceparent":"00-1"})");
  ExpectFailure(EventJson("touch", R"({"channel":"call","direction":"inbound","minuets":4})"), "event.unknown_field",
                {"field minuets", "expected one of accuracy_metres, back_on, channel, class, contact, direction", "minutes, note"});
  ExpectFailure(EventJson("purchase.placed", R"({"lines":[{"size":4}]})"), "event.unknown_field", {"field lines[0].size", "amount, margin"});
  const auto event = Decoded(json, OnUnknown::kKeep);
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(event->extra.at("colour"), Json("red"));
  EXPECT_EQ(event->extra.at("lines").Canonical(), R"([{},{"size":4}])");
  EXPECT_EQ(event->extra.at("$attributes").Canonical(), R"({"traceparent":"00-1"})");
  EXPECT_TRUE(CheckEvent(*event).ok()) << CheckEvent(*event);

  const Json again = EncodeEvent(*event);
  EXPECT_EQ(*again.Find("data"), *json.Find("data"));
  EXPECT_EQ(*again.Find("traceparent"), Json("00-1"));
  const Json without = EncodeEvent(*event, PrivateFields::kLeaveOut);
  EXPECT_EQ(without.Find("data")->Canonical(), R"({"currency":"EUR","lines":[{"amount":"1.00"},{"amount":"2.00"}],"order":"A"})");
  EXPECT_EQ(without.Find("traceparent"), nullptr);

  EXPECT_EQ(TokenOf(Decoded(EventJson("refusal", R"({"$attributes":{}})"), OnUnknown::kKeep).status()), "event.unknown_field");
  EXPECT_EQ(TokenOf(Decoded(EventJson("refusal", "{}", R"({"trace_parent":"1"})"), OnUnknown::kKeep).status()), "event.unknown_field");
}

TEST(Codec_Decode, RefusesOrKeepsUnknownTypes) {
  const Json json = EventJson("weather.seen", R"({"sky":"blue"})");
  ExpectFailure(json, "event.unknown_type", {"field type: found \"weather.seen\""});
  const auto event = Decoded(json, OnUnknown::kKeep);
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(event->type(), "weather.seen");
  EXPECT_EQ(EncodeEvent(*event).Find("data")->Canonical(), R"({"sky":"blue"})");
  EXPECT_TRUE(EncodeFacts(*event).is_null());
  EXPECT_EQ(EncodePrivate(*event).Canonical(), R"({"sky":"blue"})");
}

TEST(Codec_Decode, TheEnginesSourceIsReserved) {
  const Json json = EventJson("followup.expired", R"({"followup":"f"})", R"({"source":"rapport"})");
  ExpectFailure(json, "event.reserved_source", {"field source"});
  DecodeOptions options;
  options.own_events = true;
  EXPECT_TRUE(DecodeEvent(json, options, "").ok());
}

TEST(Codec_Lines, AreAllOrNothingAndSayWhich) {
  const std::string good = EventJson("refusal", "{}").Canonical();
  const auto events = DecodeLines("\n" + good + "\r\n   \n" + good, {});
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(events->size(), 2u);
  EXPECT_TRUE(DecodeLines("", {})->empty());
  const std::string bad = EventJson("refusal", R"({"reason":"no"})").Canonical();
  const auto refused = DecodeLines(good + "\n\n" + bad + "\n", {});
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("line 3, event \"o-1\", field reason: found \"no\""));
  const auto broken = DecodeLines(good + "\n{\"id\":", {});
  EXPECT_EQ(TokenOf(broken.status()), "json.invalid");
  EXPECT_THAT(std::string(broken.status().message()), HasSubstr("line 2: "));
}

TEST(Codec_Encode, WritesTheSealsMoveBeside) {
  Event event = Decoded(EventJson("refusal", "{}")).value();
  EXPECT_EQ(EncodeEvent(event).Find("claimedtime"), nullptr);
  event.recorded = event.claimed.PlusMicros(1);
  const Json json = EncodeEvent(event);
  EXPECT_EQ(*json.Find("recordedtime"), Json("2026-03-02T01:15:00.000001Z"));
  EXPECT_EQ(*json.Find("claimedtime"), Json("2026-03-02T01:15:00Z"));
  EXPECT_EQ(Decoded(json)->claimed, event.claimed);
}

TEST(Codec_Encode, SplitsFactsFromPrivateText) {
  const Event event = Decoded(EventJson("customer.upserted", R"({"kind":"person","name":"Oda Hanako","expected_volume":"1200","currency":"JPY",
                                        "mail":"oda@example.org"})")).value();
  EXPECT_EQ(EncodeFacts(event).Canonical(), R"({"currency":"JPY","expected_volume":"1200","kind":"person"})");
  EXPECT_EQ(EncodePrivate(event).Canonical(), R"({"mail":"oda@example.org","name":"Oda Hanako"})");
  const auto erased = DecodePayload("customer.upserted", EncodeFacts(event), nullptr, nullptr);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_FALSE(std::get<CustomerUpserted>(*erased).name.has_value());
  EXPECT_EQ(std::get<CustomerUpserted>(*erased).expected_volume->minor(), 1200);
}

TEST(Codec_Digest, IsOverWhatWasSaidNotWhenItBecameKnown) {
  const std::string data = R"({"channel":"call","direction":"inbound","note":"a"})";
  const Event event = Decoded(EventJson("touch", data)).value();
  Event other = event;
  other.recorded = other.recorded.PlusMinutes(3);
  other.occurred.offset_minutes = 0;
  std::get<Touch>(other.data).note = "b";
  EXPECT_EQ(FactsDigest(event), FactsDigest(other));
  other.subject = CustomerId::Trusted("c-18");
  EXPECT_NE(FactsDigest(event), FactsDigest(other));
  other = event;
  other.occurred.at = other.occurred.at.PlusMicros(1);
  EXPECT_NE(FactsDigest(event), FactsDigest(other));
  other = event;
  std::get<Touch>(other.data).minutes = 5;
  EXPECT_NE(FactsDigest(event), FactsDigest(other));
  // Frozen: books hold such digests.
  EXPECT_EQ(ToHex(FactsDigest(event), 8), "9e5f5d98291124d5");
}

TEST(Codec_Check, RefusesWhatCouldNotBeReadBack) {
  const Event good = Decoded(EventJson("purchase.placed", "{}")).value();
  EXPECT_TRUE(CheckEvent(good).ok());
  const auto refused = [&](auto change) {
    Event event = good;
    change(event);
    return TokenOf(CheckEvent(event));
  };
  PurchasePlaced two;
  two.lines.resize(2);
  two.lines[0].amount = Money(1, Currency::Parse("EUR").value());
  two.lines[1].amount = Money(1, Currency::Parse("USD").value());
  EXPECT_EQ(refused([&](Event& e) { e.data = two; }), "money.currency_mismatch");
  two.lines[1].amount = Money();
  EXPECT_EQ(refused([&](Event& e) { e.data = two; }), "event.missing_field");
  EXPECT_EQ(refused([](Event& e) { e.key.id = ""; }), "id.invalid");
  EXPECT_EQ(refused([](Event& e) { e.key.source = "a\nb"; }), "id.invalid");
  EXPECT_EQ(refused([](Event& e) { e.subject = CustomerId(); }), "event.missing_field");
  EXPECT_EQ(refused([](Event& e) { e.data = RepUpserted{RepId::Trusted("r"), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; }), "event.invalid_field");
  EXPECT_EQ(refused([](Event& e) { e.data = FollowUpDone{}; }), "id.invalid");
  EXPECT_EQ(refused([](Event& e) { e.claimed = e.recorded.PlusMicros(1); }), "event.invalid_field");
  EXPECT_EQ(refused([](Event& e) { e.recorded = Instant::Max().PlusMicros(1); }), "event.invalid_field");
  EXPECT_EQ(refused([](Event& e) { e.occurred.offset_minutes = 1500; }), "event.invalid_field");
  EXPECT_EQ(refused([](Event& e) { std::get<PurchasePlaced>(e.data).lines.emplace_back().quantity = 1.0 / 0.0; }), "event.invalid_field");
  EXPECT_EQ(refused([](Event& e) { e.data = Refusal{{}, {}, {}, {}, "\xFF"}; }), "event.invalid_field");
  EXPECT_EQ(refused([](Event& e) { e.extra.emplace("order", 5); }), "event.invalid_field");
  EXPECT_EQ(refused([](Event& e) { e.extra.emplace("lines", 5); }), "event.invalid_field");
  EXPECT_EQ(refused([](Event& e) { e.extra.emplace("$attributes", Json::Object{{"id", "x"}}); }), "event.invalid_field");
  EXPECT_EQ(refused([](Event& e) { e.extra.emplace("x", 0.0 / 0.0); }), "event.invalid_field");
  EXPECT_EQ(refused([](Event& e) { e.data = Unrecognised{"x.y", Json(5)}; }), "event.invalid_field");
  EXPECT_EQ(refused([](Event& e) { Touch touch; touch.channel = static_cast<Channel>(99); e.data = touch; }), "event.invalid_field");
}

TEST(Codec_Check, AllowsTreesAsDeepAsTheyCanBeReadBack) {
  const auto nested = [](int levels) {
    Json tree;
    for (int i = 0; i < levels; ++i) tree = Json::Array{tree};
    Event event;
    event.key = {"s", "i"};
    event.data = PolicyAdopted{"p", tree};
    return event;
  };
  EXPECT_TRUE(CheckEvent(nested(62)).ok());
  EXPECT_TRUE(Decoded(Parsed(EncodeEvent(nested(62)).Canonical())).ok());
  EXPECT_EQ(TokenOf(CheckEvent(nested(63))), "event.invalid_field");
  EXPECT_FALSE(Json::Parse(EncodeEvent(nested(63)).Canonical()).ok());
}

// What is stored and read without a tree of Json between says the same as with one, for every type and field.
TEST(Codec_Text, EqualsTheWayOverJson) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const samples::Fill fill : {samples::Fill::kSome, samples::Fill::kAll}) {
      for (const Event& event : samples::AnyEvents(3 * samples::kTypes, seed, fill)) {
        const std::string facts = FactsText(event);
        ASSERT_EQ(facts, EncodeFacts(event).Canonical()) << event.type();
        const Json privates = EncodePrivate(event);
        const bool any = !privates.if_object()->empty();
        Event read = event;
        read.data = Payload();
        read.extra.clear();
        const absl::Status status = ReadPayloadText(event.type(), facts, any ? privates.Canonical() : "", read);
        ASSERT_TRUE(status.ok()) << status;
        ASSERT_EQ(samples::TextOf(read), samples::TextOf(event));
      }
    }
  }
}

TEST(Codec_Text, RefusesWhatTheWayOverJsonRefuses) {
  samples::Draw draw(5);
  constexpr std::string_view kBytes("\"\\{}[],:0-9.eE tn\0\x80\xE5", 20);
  for (const Event& event : samples::AnyEvents(8 * samples::kTypes, 6, samples::Fill::kAll)) {
    const std::string facts = FactsText(event);
    for (int round = 0; round < 12; ++round) {
      std::string changed = facts;
      const std::size_t at = draw.Below(changed.size());
      if (round % 3 == 0) changed.erase(at, 1);
      else if (round % 3 == 1) changed.insert(at, 1, kBytes[draw.Below(kBytes.size())]);
      else changed[at] = kBytes[draw.Below(kBytes.size())];
      Event read;
      const absl::Status status = ReadPayloadText(event.type(), changed, "", read);
      const absl::StatusOr<Json> json = Json::Parse(changed);
      Json::Object extra;
      const absl::StatusOr<Payload> payload = json.ok() ? DecodePayload(event.type(), *json, nullptr, &extra) : json.status();
      ASSERT_EQ(status, payload.status()) << changed;
      if (!status.ok()) continue;
      Event expected;
      expected.data = *payload;
      ASSERT_EQ(FactsText(read), FactsText(expected)) << changed;
      ASSERT_EQ(read.extra, extra) << changed;
    }
  }
}

}  // namespace
}  // namespace rapport
