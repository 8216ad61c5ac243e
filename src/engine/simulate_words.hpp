// Floor 8, inside. What simulated people are called and say, in four languages. All invented.
#ifndef RAPPORT_SRC_ENGINE_SIMULATE_WORDS_HPP_
#define RAPPORT_SRC_ENGINE_SIMULATE_WORDS_HPP_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "engine/simulate_draws.hpp"

namespace rapport::simulation {

// The languages of people; the number is the column of every list.
inline constexpr std::array<std::string_view, 4> kLanguages = {"en", "ja", "ko", "zh"};

enum class Saying : std::size_t {
  kNote, kWorry, kCure, kRefusal, kNeed, kPromise, kReason, kProof, kFeedback, kCase, kSolution, kExpectation, kLesson, kTitle, kFact, kReturn,
};

// One of the sentences of its kind.
std::string Say(Saying saying, std::size_t language, Draws& draws);

struct PersonName {
  std::string full;
  std::string family;
};
PersonName NamePerson(std::size_t language, Draws& draws);
std::string NameFirm(std::size_t language, Draws& draws);
std::string NameStreet(std::size_t language, Draws& draws);

}  // namespace rapport::simulation

#endif  // RAPPORT_SRC_ENGINE_SIMULATE_WORDS_HPP_
