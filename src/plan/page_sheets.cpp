// Briefs and cards on the page.
#include <set>

#include "absl/strings/str_cat.h"
#include "plan/page_model.hpp"

namespace rapport {
namespace {

using Keys = std::set<std::string>;   // "crm/e-17"

absl::StatusOr<Keys> KeysOf(JsonReader& line) {
  Keys keys;
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* events, line.Array("events"));
  for (std::size_t i = 0; i < events->size(); ++i) {
    JsonReader key((*events)[i], absl::StrCat(line.PathOf("events"), "[", i, "]"), "page");
    RAPPORT_ASSIGN_OR_RETURN(const std::string source, key.String("source"));
    RAPPORT_ASSIGN_OR_RETURN(const std::string id, key.String("id"));
    keys.insert(absl::StrCat(source, "/", id));
  }
  return keys;
}

absl::Status SetEvidence(const Keys& keys, const PlanVoice& voice, PageModel& model) {
  if (keys.empty()) return absl::OkStatus();
  PageModel evidence = PageObject();
  RAPPORT_ASSIGN_OR_RETURN(const std::string count, voice.Say("page.evidence", {{"n", static_cast<std::int64_t>(keys.size())}}));
  std::string list;
  for (const std::string& key : keys) absl::StrAppend(&list, list.empty() ? "" : ", ", key);
  evidence["count"] = count;
  evidence["keys"] = list;
  model["evidence"] = std::move(evidence);
  return absl::OkStatus();
}

// `all`: where given, keys are collected there instead of being told line by line.
absl::StatusOr<PageModel> SectionModel(const Json& section, std::string path, const PlanVoice& voice, Keys* all) {
  JsonReader in(section, std::move(path), "page");
  PageModel model = PageObject(), told = PageList();
  RAPPORT_ASSIGN_OR_RETURN(const std::string title, in.String("title"));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* lines, in.Array("lines"));
  for (std::size_t i = 0; i < lines->size(); ++i) {
    JsonReader line((*lines)[i], absl::StrCat(in.PathOf("lines"), "[", i, "]"), "page");
    PageModel one = PageObject();
    RAPPORT_ASSIGN_OR_RETURN(const std::string text, line.String("text"));
    RAPPORT_ASSIGN_OR_RETURN(Keys keys, KeysOf(line));
    one["text"] = text;
    if (all == nullptr) RAPPORT_RETURN_IF_ERROR(SetEvidence(keys, voice, one));
    else all->merge(keys);
    told << one;
  }
  model["title"] = title;
  model["lines"] = std::move(told);
  return model;
}

absl::StatusOr<PageModel> SheetModel(const Json& sheet, std::string_view path, const PlanVoice& voice, Keys* all) {
  JsonReader in(sheet, std::string(path), "page");
  PageModel model = PageObject(), told = PageList();
  RAPPORT_ASSIGN_OR_RETURN(const std::string title, in.String("title"));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* sections, in.Array("sections"));
  for (std::size_t i = 0; i < sections->size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(const PageModel section, SectionModel((*sections)[i], absl::StrCat(in.PathOf("sections"), "[", i, "]"), voice, all));
    told << section;
  }
  model["title"] = title;
  model["sections"] = std::move(told);
  return model;
}

}  // namespace

absl::StatusOr<PageModel> BriefModel(const Json& sheet, const PlanVoice& voice) { return SheetModel(sheet, "brief", voice, nullptr); }

absl::StatusOr<PageModel> CardModel(const Json& sheet, const PlanVoice& voice) {
  Keys keys;
  RAPPORT_ASSIGN_OR_RETURN(PageModel model, SheetModel(sheet, "card", voice, &keys));
  RAPPORT_RETURN_IF_ERROR(SetEvidence(keys, voice, model));
  return model;
}

}  // namespace rapport
