#include "rapport/plan/sheet.hpp"

#include <algorithm>
#include <utility>

#include "policy/wording.hpp"

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
  const Speaker speaker(language, texts);
  Json::Array lines;
  for (const SheetLine& line : section.lines) {
    RAPPORT_ASSIGN_OR_RETURN(std::string text, speaker.Say(line.sentence));
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
  RAPPORT_ASSIGN_OR_RETURN(std::string title, Speaker(language, texts).Say(sheet.title));
  Json::Array sections;
  for (const SheetSection& section : sheet.sections) {
    if (section.lines.empty()) continue;
    RAPPORT_ASSIGN_OR_RETURN(Json said, SectionJson(sheet, section, language, texts));
    sections.push_back(std::move(said));
  }
  return Json(Json::Object{{"kind", sheet.kind}, {"title", std::move(title)}, {"sections", std::move(sections)}, {"facts", sheet.facts}});
}

absl::StatusOr<std::string> SectionText(const Sheet& sheet, const SheetSection& section, Language language, const Texts& texts) {
  const Speaker speaker(language, texts);
  RAPPORT_ASSIGN_OR_RETURN(std::string title, TitleOf(sheet, section, language));
  std::string lines;
  for (const SheetLine& line : section.lines) {
    RAPPORT_ASSIGN_OR_RETURN(const std::string said, speaker.Say(line.sentence));
    lines += (lines.empty() ? "" : " ") + said;
  }
  return Catalogue::Bundled().Say({"sheet.section", {{"title", title}, {"lines", lines}}}, language, texts);
}

absl::StatusOr<std::string> SheetText(const Sheet& sheet, Language language, const Texts& texts) {
  RAPPORT_ASSIGN_OR_RETURN(std::string text, Speaker(language, texts).Say(sheet.title));
  text += "\n";
  for (const SheetSection& section : sheet.sections) {
    if (section.lines.empty()) continue;
    RAPPORT_ASSIGN_OR_RETURN(const std::string row, SectionText(sheet, section, language, texts));
    text += row + "\n";
  }
  return text;
}

absl::StatusOr<Json> SheetDocument(const Sheet& sheet, std::string text, Language language, const Texts& texts) {
  RAPPORT_ASSIGN_OR_RETURN(Json document, SheetJson(sheet, language, texts));
  document.if_object()->emplace("text", std::move(text));
  return document;
}

}  // namespace rapport
