// The office of examples/office, for tests of the whole house.
#ifndef RAPPORT_TESTS_ENGINE_OFFICE_HPP_
#define RAPPORT_TESTS_ENGINE_OFFICE_HPP_

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "rapport/engine.hpp"

namespace rapport {

inline std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::string OfficePath() { return std::string(RAPPORT_SOURCE_DIR) + "/examples/office/events.ndjson"; }

inline std::vector<std::string> OfficeLines() {
  std::vector<std::string> lines;
  std::istringstream text(ReadText(OfficePath()));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

inline Instant At(const std::string& text) {
  const auto stamp = ParseStamp(text);
  EXPECT_TRUE(stamp.ok()) << stamp.status();
  return stamp.ok() ? stamp->at : Instant();
}

inline const Day kMonday(2026, 3, 2);
inline Instant MondayMorning() { return At("2026-03-02T00:00:00+09:00"); }

// What everything else is compared with: plan as text and table, decisions, agenda, in one string.
inline std::string Everything(Engine& engine) {
  const auto plan = engine.Plan({.day = kMonday});
  EXPECT_TRUE(plan.ok()) << plan.status();
  if (!plan.ok()) return {};
  const auto text = engine.PlanText(*plan, Language::kEnglish);
  const auto table = engine.PlanTable(*plan, Language::kKorean);
  EXPECT_TRUE(text.ok()) << text.status();
  EXPECT_TRUE(table.ok()) << table.status();
  const auto decided = engine.Decide(ReadAt{MondayMorning()});
  EXPECT_TRUE(decided.ok()) << decided.status();
  if (!text.ok() || !table.ok() || !decided.ok()) return {};
  const auto decisions = engine.DecisionTable(*decided, Language::kJapanese);
  const auto agenda = engine.Agenda(ReadAt{MondayMorning()}, {}, Language::kChinese);
  EXPECT_TRUE(decisions.ok()) << decisions.status();
  EXPECT_TRUE(agenda.ok()) << agenda.status();
  if (!decisions.ok() || !agenda.ok()) return {};
  return *text + table->ToNdjson() + decisions->ToNdjson() + agenda->ToNdjson();
}

}  // namespace rapport

#endif  // RAPPORT_TESTS_ENGINE_OFFICE_HPP_
