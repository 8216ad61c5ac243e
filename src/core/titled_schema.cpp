#include "core/titled_schema.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/bundled_texts.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// Words that have a name outside of forms too, as what a form may be or as its properties; an outcome that is a disposition has its name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kSharedWords{{
    {"channel", "channel."},
    {"consent_by_channel", "channel."},
    {"consent_by_purpose", "policy.purpose."},
    {"days_by_channel", "channel."},
    {"holidays_by_channel", "channel."},
    {"outcome", "schema.word.disposition."},
    {"purpose", "policy.purpose."},
    {"windows", "channel."},
}};

std::string_view SharedWordsOf(std::string_view form) {
  for (const auto& [name, prefix] : kSharedWords) {
    if (name == form) return prefix;
  }
  return {};
}

// Puts titles and descriptions on one form: on itself, on its properties, on the words it may be.
class Titles {
 public:
  Titles(std::string_view document, Language language) : document_(document), language_(language) {}

  absl::Status Entitle(const std::string& form, Json& node) const {
    Json::Object* members = node.if_object();
    RAPPORT_INVARIANT(members != nullptr, "a form is an object");
    RAPPORT_RETURN_IF_ERROR(Put({"schema.form." + form}, "title", *members));
    if (form == document_) RAPPORT_RETURN_IF_ERROR(Put({"schema.about." + form}, "description", *members));
    const auto properties = members->find("properties");
    if (properties != members->end()) RAPPORT_RETURN_IF_ERROR(EntitleProperties(form, *properties->second.if_object()));
    const auto words = members->find("oneOf");
    return words == members->end() ? absl::OkStatus() : EntitleWords(form, *words->second.if_array());
  }

 private:
  // The first of the keys that exists; of a title one must.
  absl::Status Put(const std::vector<std::string>& keys, const std::string& member, Json::Object& out) const {
    const Catalogue& catalogue = Catalogue::Bundled();
    for (const std::string& key : keys) {
      if (!catalogue.Has(key, language_)) continue;
      RAPPORT_ASSIGN_OR_RETURN(std::string text, catalogue.Word(key, language_));
      out.insert_or_assign(member, Json(std::move(text)));
      return absl::OkStatus();
    }
    return member == "title" ? catalogue.Word(keys.back(), language_).status() : absl::OkStatus();
  }

  absl::Status EntitleProperties(const std::string& form, Json::Object& properties) const {
    for (auto& [name, property] : properties) {
      Json::Object* members = property.if_object();
      RAPPORT_INVARIANT(members != nullptr, "a property of the form is an object");
      std::vector<std::string> keys{"schema.property." + form + "." + name};
      const std::string_view shared = SharedWordsOf(form);
      if (!shared.empty()) keys.push_back(std::string(shared) + name);
      keys.push_back("schema.property." + name);
      RAPPORT_RETURN_IF_ERROR(Put(keys, "title", *members));
      RAPPORT_RETURN_IF_ERROR(Put({"schema.about." + form + "." + name, "schema.about." + name}, "description", *members));
    }
    return absl::OkStatus();
  }

  absl::Status EntitleWords(const std::string& form, Json::Array& words) const {
    const std::string shared(SharedWordsOf(form));
    for (Json& word : words) {
      const Json* itself = word.Find("const");
      if (itself == nullptr || itself->if_string() == nullptr) continue;   // a choice of forms, not of words
      const std::string& name = *itself->if_string();
      std::vector<std::string> keys{"schema.word." + form + "." + name};
      if (!shared.empty()) keys.push_back(shared + name);
      RAPPORT_RETURN_IF_ERROR(Put(keys, "title", *word.if_object()));
    }
    return absl::OkStatus();
  }

  std::string document_;   // the form of the whole
  Language language_;
};

}  // namespace

absl::StatusOr<Json> TitledSchema(std::string_view document, Language language) {
  RAPPORT_ASSIGN_OR_RETURN(Json schema, Json::Parse(BundledText("schemas/" + std::string(document) + ".schema.json")));
  const Titles titles(document, language);
  RAPPORT_RETURN_IF_ERROR(titles.Entitle(std::string(document), schema));
  Json::Object* forms = schema.if_object()->find("$defs")->second.if_object();
  for (auto& [name, form] : *forms) RAPPORT_RETURN_IF_ERROR(titles.Entitle(name, form));
  return schema;
}

}  // namespace rapport
