// Floor 6, inside. What a facet is about, however it is spelled: reps type it themselves ("Date of birth", "birth-day", "生年月日").
#ifndef RAPPORT_SRC_PLAN_FACETS_HPP_
#define RAPPORT_SRC_PLAN_FACETS_HPP_

#include <string>
#include <string_view>

namespace rapport {

// ASCII letters in lower case, each run of other ASCII signs a `_`, none at either end: "Birth - Day " is "birth_day". What is not ASCII stays.
std::string PlainFacet(std::string_view facet);

// Of a plain facet. Sex, age, birth, nationality, ethnicity, religion: in English, Japanese, Korean and Chinese words.
bool IsNeverUsed(std::string_view plain);
// Competitors, budget, prices, the next purchase: where we care nobody is to have them in mind.
bool IsOfSelling(std::string_view plain);
// Its value says what it is about: "fishes on Sundays" needs no word before it.
bool SpeaksForItself(std::string_view plain);

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_FACETS_HPP_
