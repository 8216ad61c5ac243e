// Floor 6. A sheet: what a person reads on one page, in sections of sentences, each with the events it rests on.
//
// A card, a brief and a report are sheets of their kind. A sheet holds no text of a person: it is said in a language when somebody reads, as a
// document for machines or as plain text, a section a line. Title and lines are at most 110 columns wide each: what is longer ends in an ellipsis.
//   CARD 10:30 Hotel Kaien · Mr Baba (facilities) · 60 min · purpose care: nothing to sell today
//   Open with: "How have the two softeners run since December?" Then listen.
#ifndef RAPPORT_PLAN_SHEET_HPP_
#define RAPPORT_PLAN_SHEET_HPP_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/sentence.hpp"

namespace rapport {

struct SheetLine {
  Sentence sentence;
  std::vector<EventKey> events;            // that it rests on; empty where it tells what is not known
  std::optional<FollowUpId> followup;      // that it speaks of
};

struct SheetSection {
  std::string key;                         // titled by the message sheet.<kind>.<key>
  std::vector<SheetLine> lines;
};

struct Sheet {
  std::string kind;                        // "card", "brief", "report"
  Sentence title;
  std::vector<SheetSection> sections;      // as read; one without lines is left out
  Json::Object facts;                      // the numbers behind, for machines

  // Null where there is no such section.
  const SheetSection* Find(std::string_view key) const;
};

// {"kind", "title", "sections": [{"key", "title", "lines": [{"text", "events": [{"source", "id"}], "followup"}]}], "facts"}; `message.*`.
absl::StatusOr<Json> SheetJson(const Sheet& sheet, Language language, const Texts& texts);
// One section as a line of plain text, without its end.
absl::StatusOr<std::string> SectionText(const Sheet& sheet, const SheetSection& section, Language language, const Texts& texts);
absl::StatusOr<std::string> SheetText(const Sheet& sheet, Language language, const Texts& texts);
// The document with its text as one more member, `text`: whoever shows the one may show the other. `text`: SheetText, or what its kind makes of it.
absl::StatusOr<Json> SheetDocument(const Sheet& sheet, std::string text, Language language, const Texts& texts);

}  // namespace rapport

#endif  // RAPPORT_PLAN_SHEET_HPP_
