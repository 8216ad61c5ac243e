#include "rapport/plan/sheet.hpp"

#include <algorithm>
#include <utility>

namespace rapport {
namespace {

Json KeysOf(const std::vector<EventKey>& events) {
  Json::Array keys;
  for (const EventKey& key : events) keys.push_back(Json::Object{{"source", key.source}, {"id", key.id}});
  return keys;
}

absl::StatusOr<std::string> TitleOf(const Sheet& sheet, const SheetSection& section, Language language) {
  return Catalogue::Bundled().Word("sheet." + sheet.kind + "." + section.key, language);
}

absl::StatusOr<Json> SectionJson(const Sheet& sheet, const SheetSection& section, Language language, const Texts& texts) {
  RAPPORT_ASSIGN_OR_RETURN(std::string title, TitleOf(sheet, section, language));
  Json::Array lines;
  for (const SheetLine& line : section.lines) {
    RAPPORT_ASSIGN_OR_RETURN(std::string text, Catalogue::Bundled().Say(line.sentence, language, texts));
    Json::Object said{{"text", std::move(text)}, {"events", KeysOf(line.events)}};
    if (line.followup) said.emplace("followup", line.followup->text());
    lines.push_back(std::move(said));
  }
  return Json(Json::Object{{"key", section.key}, {"title", std::move(title)}, {"lines", std::move(lines)}});
}

}  // namespace

const SheetSection* Sheet::Find(std::string_view key) const {
  const auto found = std::find_if(sections.begin(), sections.end(), [&](const SheetSection& section) { return section.key == key; });
  return found == sections.end() ? nullptr : &*found;
}

absl::StatusOr<Json> SheetJson(const Sheet& sheet, Language language, const Texts& texts) {
  RAPPORT_ASSIGN_OR_RETURN(std::string title, Catalogue::Bundled().Say(sheet.title, language, texts));
  Json::Array sections;
  for (const SheetSection& section : sheet.sections) {
    if (section.lines.empty()) continue;
    RAPPORT_ASSIGN_OR_RETURN(Json said, SectionJson(sheet, section, language, texts));
    sections.push_back(std::move(said));
  }
  return Json(Json::Object{{"kind", sheet.kind}, {"title", std::move(title)}, {"sections", std::move(sections)}, {"facts", sheet.facts}});
}

absl::StatusOr<std::string> SheetText(const Sheet& sheet, Language language, const Texts& texts) {
  RAPPORT_ASSIGN_OR_RETURN(std::string text, Catalogue::Bundled().Say(sheet.title, language, texts));
  text += "\n";
  for (const SheetSection& section : sheet.sections) {
    if (section.lines.empty()) continue;
    RAPPORT_ASSIGN_OR_RETURN(std::string title, TitleOf(sheet, section, language));
    std::string lines;
    for (const SheetLine& line : section.lines) {
      RAPPORT_ASSIGN_OR_RETURN(const std::string said, Catalogue::Bundled().Say(line.sentence, language, texts));
      lines += (lines.empty() ? "" : " ") + said;
    }
    RAPPORT_ASSIGN_OR_RETURN(const std::string row, Catalogue::Bundled().Say({"sheet.section", {{"title", title}, {"lines", lines}}}, language, texts));
    text += row + "\n";
  }
  return text;
}

}  // namespace rapport
