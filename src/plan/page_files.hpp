// Floor 6, inside. The files of the page, bundled at build time (cmake/RapportPage.cmake).
#ifndef RAPPORT_SRC_PLAN_PAGE_FILES_HPP_
#define RAPPORT_SRC_PLAN_PAGE_FILES_HPP_

#include <string_view>

namespace rapport {

std::string_view PageTemplate();   // src/plan/page/page.mustache
std::string_view PageStyle();      // src/plan/page/page.css
std::string_view PageScript();     // src/plan/page/page.js
std::string_view PageLibrary();    // Chart.js; empty where the build has none

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_PAGE_FILES_HPP_
