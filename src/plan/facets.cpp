#include "plan/facets.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "absl/strings/ascii.h"

namespace rapport {
namespace {

// Wherever they stand in a facet ("place_of_birth", "dateofbirth", "ご年齢") they can mean nothing else.
constexpr auto kNeverWithin = std::to_array<std::string_view>({
    "birth", "gender", "nationalit", "ethnic", "religi", "citizenship", "sexual",   // English
    "年齢", "生年", "誕生", "性別", "国籍", "宗教", "人種", "民族",                 // Japanese
    "연령", "생년", "생일", "출생", "성별", "국적", "종교", "인종", "민족",         // Korean
    "年龄", "岁数", "出生", "生日", "性别", "种族", "信仰", "年齡", "國籍"});        // Chinese
// These can: a "stage", a "boat race", "나이키".
constexpr auto kNeverAlone = std::to_array<std::string_view>({
    "age", "age_group", "age_range", "age_band", "age_years", "age_in_years", "years_old", "how_old", "dob", "d_o_b", "sex", "race", "country_of_origin",
    "faith", "ancestry", "나이", "나이대"});

constexpr auto kSellingWithin = std::to_array<std::string_view>({
    "competit", "budget", "price", "pricing", "discount", "next_purchase", "next_order", "purchase_plan", "buying_plan", "willing_to_pay",
    "競合", "予算", "価格", "値引", "次回購入", "경쟁", "예산", "가격", "竞争", "预算", "价格", "折扣"});

constexpr auto kOfThemselves = std::to_array<std::string_view>({"family", "habit", "hobby", "preference", "trait", "wish"});

bool IsOneOf(std::span<const std::string_view> words, std::string_view facet) {
  return std::find(words.begin(), words.end(), facet) != words.end();
}
bool HoldsOneOf(std::span<const std::string_view> words, std::string_view facet) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return facet.find(word) != std::string_view::npos; });
}

}  // namespace

std::string PlainFacet(std::string_view facet) {
  std::string plain;
  for (const char c : facet) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || absl::ascii_isalnum(byte)) plain += absl::ascii_tolower(byte);
    else if (!plain.empty() && plain.back() != '_') plain += '_';
  }
  if (plain.ends_with('_')) plain.pop_back();
  return plain;
}

bool IsNeverUsed(std::string_view plain) { return IsOneOf(kNeverAlone, plain) || HoldsOneOf(kNeverWithin, plain); }
bool IsOfSelling(std::string_view plain) { return HoldsOneOf(kSellingWithin, plain); }
bool SpeaksForItself(std::string_view plain) { return IsOneOf(kOfThemselves, plain); }

}  // namespace rapport
