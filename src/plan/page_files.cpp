#include "plan/page_files.hpp"

#include <cstddef>

extern "C" {
__attribute__((visibility("hidden"))) extern const char rapport_page_template[], rapport_page_template_end[];
__attribute__((visibility("hidden"))) extern const char rapport_page_style[], rapport_page_style_end[];
__attribute__((visibility("hidden"))) extern const char rapport_page_script[], rapport_page_script_end[];
__attribute__((visibility("hidden"))) extern const char rapport_page_library[], rapport_page_library_end[];
}

namespace rapport {
namespace {

std::string_view Between(const char* from, const char* to) { return {from, static_cast<std::size_t>(to - from)}; }

}  // namespace

std::string_view PageTemplate() { return Between(rapport_page_template, rapport_page_template_end); }
std::string_view PageStyle() { return Between(rapport_page_style, rapport_page_style_end); }
std::string_view PageScript() { return Between(rapport_page_script, rapport_page_script_end); }
std::string_view PageLibrary() { return Between(rapport_page_library, rapport_page_library_end); }

}  // namespace rapport
