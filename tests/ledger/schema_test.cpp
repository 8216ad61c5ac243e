#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "ledger/payload_samples.hpp"

namespace rapport {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(RAPPORT_SOURCE_DIR) / "schemas";

std::string TextOfFile(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

TEST(Schema_Files, EqualTheTypes) {
  std::vector<std::string> expected, found;
  for (const std::string_view type : KnownTypes()) {
    expected.push_back(std::string(type) + ".json");
    EXPECT_EQ(TextOfFile(kFolder / expected.back()), SchemaOf(type)->Pretty() + "\n") << type << ": write schemas/ anew";
  }
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename().string();
    // <document>.schema.json describes something else than an event.
    if (name.ends_with(".json") && !name.ends_with(".schema.json")) found.push_back(name);
  }
  EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(expected));
}

TEST(Schema_Content, MarksEveryPropertyAndNamesWhatIsRequired) {
  for (const std::string_view type : KnownTypes()) {
    const Json schema = SchemaOf(type).value();
    const Json* data = schema.Find("properties")->Find("data");
    const wire::FieldList fields = wire::FindType(type)->fields();
    const Json::Object& properties = *data->Find("properties")->if_object();
    EXPECT_EQ(properties.size(), fields.facts.size() + fields.privates.size() + (fields.money ? 1 : 0));
    for (const auto& [name, property] : properties) {
      const bool is_private = std::find(fields.privates.begin(), fields.privates.end(), name) != fields.privates.end();
      ASSERT_NE(property.Find("x-rapport"), nullptr) << type << " " << name;
      EXPECT_EQ(*property.Find("x-rapport"), Json(is_private ? "private" : "fact")) << type << " " << name;
    }
    EXPECT_EQ(schema.Find("properties")->Find("subject") != nullptr, wire::FindType(type)->subject != wire::SubjectRule::kRefused);
  }
  EXPECT_EQ(TokenOf(SchemaOf("weather.seen").status()), "event.unknown_type");
}

// What decodes has no member that the schema does not list, and all it requires.
TEST(Schema_Content, AgreesWithWhatTheCodecWrites) {
  samples::Draw draw(7);
  for (int round = 0; round < 20; ++round) {
    for (std::size_t i = 0; i < samples::kTypes; ++i) {
      const Event event = samples::AnyEvent(i, draw);
      const Json schema = SchemaOf(event.type()).value(), json = EncodeEvent(event);
      const auto agree = [&](const Json& object, const Json& of) {
        for (const auto& [name, value] : *object.if_object()) {
          EXPECT_NE(of.Find("properties")->Find(name), nullptr) << event.type() << " " << name;
        }
        for (const Json& name : of.Find("required") == nullptr ? Json::Array() : *of.Find("required")->if_array()) {
          EXPECT_NE(object.Find(*name.if_string()), nullptr) << event.type() << " " << *name.if_string();
        }
      };
      agree(json, schema);
      agree(*json.Find("data"), *schema.Find("properties")->Find("data"));
    }
  }
}

}  // namespace
}  // namespace rapport
