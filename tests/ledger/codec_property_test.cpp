// What holds for every type, whatever it says.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "ledger/payload_samples.hpp"

namespace rapport {
namespace {

using samples::AnyEvent;
using samples::Draw;
using samples::TextOf;

template <class Check>
bool ForEveryType(Check check) {
  return rc::check([&](std::uint64_t seed) {
    Draw draw(seed);
    for (std::size_t type = 0; type < samples::kTypes; ++type) check(AnyEvent(type, draw));
  });
}

TEST(Codec_Property, EncodeThenDecodeGivesTheSameEvent) {
  ASSERT_TRUE(ForEveryType([](const Event& event) {
    RC_ASSERT(CheckEvent(event).ok());
    const absl::StatusOr<Json> json = Json::Parse(TextOf(event));
    RC_ASSERT(json.ok());
    const absl::StatusOr<Event> again = DecodeEvent(*json, {}, "");
    RC_ASSERT(again.ok());
    RC_ASSERT(TextOf(*again) == TextOf(event));
    RC_ASSERT(again->data.index() == event.data.index());
    RC_ASSERT(FactsDigest(*again) == FactsDigest(event));
  }));
}

TEST(Codec_Property, StoredPartsGiveTheSamePayload) {
  ASSERT_TRUE(ForEveryType([](Event event) {
    event.extra.emplace("kept", "x");
    const Json facts = EncodeFacts(event), privates = EncodePrivate(event);
    Event again = event;
    again.extra.clear();
    absl::StatusOr<Payload> payload = DecodePayload(event.type(), facts, &privates, &again.extra);
    RC_ASSERT(payload.ok());
    again.data = *payload;
    RC_ASSERT(TextOf(again) == TextOf(event));
    // Without its private part the event still reads, and says the same facts.
    absl::StatusOr<Payload> erased = DecodePayload(event.type(), facts, nullptr, nullptr);
    RC_ASSERT(erased.ok());
    again.data = *erased;
    RC_ASSERT(EncodeFacts(again) == facts);
    RC_ASSERT(FactsDigest(again) == FactsDigest(event));
  }));
}

TEST(Codec_Property, PrivateFieldsAreNeverAmongTheFacts) {
  ASSERT_TRUE(ForEveryType([](const Event& event) {
    const wire::FieldList fields = wire::FindType(event.type())->fields();
    const Json facts = EncodeFacts(event), privates = EncodePrivate(event);
    const Json without = EncodeEvent(event, PrivateFields::kLeaveOut);
    for (const std::string_view name : fields.privates) {
      RC_ASSERT(facts.Find(name) == nullptr);
      RC_ASSERT(without.Find("data")->Find(name) == nullptr);
    }
    for (const std::string_view name : fields.facts) RC_ASSERT(privates.Find(name) == nullptr);
    RC_ASSERT(*without.Find("data") == facts);
  }));
}

// One wrong member anywhere is an error, never a crash and never silence.
TEST(Codec_Property, AWrongKindOfAnyFieldIsRefused) {
  for (std::size_t type = 0; type < samples::kTypes; ++type) {
    Draw draw(type);
    const Event event = AnyEvent(type, draw, samples::Fill::kAll);
    const Json json = EncodeEvent(event);
    const Json* data = json.Find("data");
    const wire::FieldList fields = wire::FindType(event.type())->fields();
    ASSERT_EQ(data->if_object()->size(), fields.facts.size() + fields.privates.size() + (fields.money ? 1 : 0)) << event.type();
    for (const auto& [name, value] : *data->if_object()) {
      Json::Object wrong = *json.if_object();
      (*wrong["data"].if_object())[name] = value.if_array() != nullptr ? Json(1) : Json(Json::Array{Json::Array{}});
      const bool tree = SchemaOf(event.type())->Find("properties")->Find("data")->Find("properties")->Find(name)->Find("type") == nullptr;
      EXPECT_EQ(DecodeEvent(Json(wrong), {}, "").ok(), tree) << event.type() << " " << name;
    }
  }
}

TEST(Codec_Property, EveryTypeHasANameOfItsOwn) {
  const std::vector<std::string_view> types = KnownTypes();
  EXPECT_EQ(types.size(), samples::kTypes);
  EXPECT_EQ(std::set<std::string_view>(types.begin(), types.end()).size(), types.size());
  EXPECT_TRUE(std::is_sorted(types.begin(), types.end()));
}

}  // namespace
}  // namespace rapport
