#include "rapport/permission/profile.hpp"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<PermissionProfile> Read(std::string_view json) { return PermissionProfile::Parse(*Json::Parse(json)); }

void ExpectRefused(std::string_view json, std::string_view token, std::string_view words) {
  const absl::StatusOr<PermissionProfile> profile = Read(json);
  ASSERT_FALSE(profile.ok()) << json;
  EXPECT_EQ(TokenOf(profile.status()), token) << profile.status();
  EXPECT_THAT(std::string(profile.status().message()), HasSubstr(std::string(words)));
}

TEST(Profile_Resolve, BundledNamesAndNull) {
  EXPECT_THAT(PermissionProfile::BundledNames(), ElementsAre("ca", "fr-d223-9", "office", "plain", "us"));
  for (const std::string& name : PermissionProfile::BundledNames()) {
    const absl::StatusOr<PermissionProfile> profile = PermissionProfile::Resolve(Json(name));
    ASSERT_TRUE(profile.ok()) << profile.status();
    EXPECT_EQ(profile->name, name);
    EXPECT_TRUE(profile->unknown_consent_allows);
    EXPECT_TRUE(profile->unknown_consent_forbids.empty());
  }
  EXPECT_EQ(PermissionProfile::Resolve(Json())->name, "plain");
}

TEST(Profile_Resolve, UnknownNameNamesTheKnown) {
  const absl::StatusOr<PermissionProfile> profile = PermissionProfile::Resolve(Json("fr"));
  EXPECT_EQ(TokenOf(profile.status()), "permission.unknown_profile");
  EXPECT_THAT(std::string(profile.status().message()), HasSubstr("found \"fr\""));
  EXPECT_THAT(std::string(profile.status().message()), HasSubstr("fr-d223-9, office, plain, us"));
}

TEST(Profile_Parse, EveryMemberGoesRoundTrip) {
  const absl::StatusOr<PermissionProfile> profile = Read(R"({
    "rapport_permission": 1, "name": "all",
    "windows": {"call": {"mon": [["09:00","12:00"],["13:00","18:00"]]},
                "any": {"weekly": {"tue": [["00:00","24:00"]]}, "closed": ["2026-01-06"], "open": {"2026-01-07": [["10:00","11:00"]]}}},
    "quiet_hours": [["21:00","08:00"],["12:30","12:45"]],
    "on_holidays": {"call": false},
    "caps": [{"attempts": 4, "days": 30, "count": "rolling", "channels": ["mail","call"], "purposes": ["sell"]}, {"attempts": 1, "days": 1}],
    "cool_off_days": {"call": 60, "mail": 0},
    "unknown_consent": {"sell": "forbid", "care": "allow"}})");
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_THAT(profile->quiet, ElementsAre(MinuteRange{0, 480}, MinuteRange{750, 765}, MinuteRange{1260, 1440}));
  EXPECT_FALSE(profile->SendsOnHolidays(Channel::kCall));
  EXPECT_TRUE(profile->SendsOnHolidays(Channel::kMail));
  EXPECT_EQ(profile->CoolOffDays(Channel::kCall), 60);
  EXPECT_EQ(profile->CoolOffDays(Channel::kVisit), 0);
  EXPECT_TRUE(profile->UnknownConsentForbids(Channel::kCall, Purpose::kSell));
  EXPECT_FALSE(profile->UnknownConsentForbids(Channel::kCall, Purpose::kCare));
  ASSERT_EQ(profile->caps.size(), 2u);
  EXPECT_EQ(profile->caps[0].count, CapCount::kRollingDays);
  EXPECT_EQ(profile->caps[1].count, CapCount::kCalendarDays);
  const Json json = profile->ToJson();
  const absl::StatusOr<PermissionProfile> again = PermissionProfile::Parse(json);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->ToJson().Canonical(), json.Canonical());
  EXPECT_EQ(again->quiet, profile->quiet);
  EXPECT_EQ(again->windows.at(Channel::kCall).weekly, profile->windows.at(Channel::kCall).weekly);
  EXPECT_EQ(again->any_window->open, profile->any_window->open);
}

TEST(Profile_Parse, BundledProfilesGoRoundTrip) {
  for (const std::string& name : PermissionProfile::BundledNames()) {
    const Json json = PermissionProfile::Resolve(Json(name))->ToJson();
    EXPECT_EQ(PermissionProfile::Parse(json)->ToJson(), json) << name;
  }
}

TEST(Profile_Parse, RefusesWhatItDoesNotKnow) {
  ExpectRefused(R"({"name":"n"})", "permission.missing_key", "rapport_permission");
  ExpectRefused(R"({"rapport_permission":2})", "permission.invalid", "found 2, expected 1");
  ExpectRefused(R"({"rapport_permission":1,"cooloff":1})", "permission.unknown_key", "cooloff");
  ExpectRefused(R"({"rapport_permission":1,"windows":{"phone":{}}})", "permission.unknown_key", "windows.phone");
  ExpectRefused(R"({"rapport_permission":1,"windows":{"call":{"monday":[]}}})", "permission.invalid", "windows.call");
  ExpectRefused(R"({"rapport_permission":1,"windows":{"call":{"mon":[["18:00","09:00"]]}}})", "permission.invalid", "windows.call");
  ExpectRefused(R"({"rapport_permission":1,"windows":[]})", "permission.wrong_type", "an object");
  ExpectRefused(R"({"rapport_permission":1,"quiet_hours":[["21:00"]]})", "permission.invalid", "quiet_hours");
  ExpectRefused(R"({"rapport_permission":1,"quiet_hours":[["21:00","21:00"]]})", "permission.invalid", "21:00 to 21:00");
  ExpectRefused(R"({"rapport_permission":1,"quiet_hours":[["25:00","08:00"]]})", "permission.invalid", "25:00");
  ExpectRefused(R"({"rapport_permission":1,"on_holidays":"no"})", "permission.wrong_type", "on_holidays");
  ExpectRefused(R"({"rapport_permission":1,"on_holidays":{"phone":false}})", "permission.unknown_key", "phone");
  ExpectRefused(R"({"rapport_permission":1,"caps":[{"attempts":0,"days":3}]})", "permission.invalid", "caps[0].attempts");
  ExpectRefused(R"({"rapport_permission":1,"caps":[{"attempts":1,"days":3,"count":"weekly"}]})", "permission.invalid", "weekly");
  ExpectRefused(R"({"rapport_permission":1,"caps":[{"attempts":1,"days":3,"channels":["phone"]}]})", "permission.invalid", "phone");
  ExpectRefused(R"({"rapport_permission":1,"caps":[{"attempts":1,"days":3,"each":1}]})", "permission.unknown_key", "per");
  ExpectRefused(R"({"rapport_permission":1,"cool_off_days":-1})", "permission.invalid", "found -1");
  ExpectRefused(R"({"rapport_permission":1,"cool_off_days":1.5})", "permission.wrong_type", "cool_off_days");
  ExpectRefused(R"({"rapport_permission":1,"unknown_consent":"deny"})", "permission.invalid", "deny");
  ExpectRefused(R"({"rapport_permission":1,"unknown_consent":{"selling":"forbid"}})", "permission.unknown_key", "selling");
}

TEST(Profile_OpenOn, IsTheWindowLessQuietHours) {
  const absl::StatusOr<PermissionProfile> profile = Read(R"({
    "rapport_permission": 1, "name": "n", "windows": {"call": {"mon": [["09:00","12:00"],["13:00","22:00"]]}},
    "quiet_hours": [["21:00","09:30"],["10:00","10:15"],["11:50","13:10"]], "on_holidays": false})");
  ASSERT_TRUE(profile.ok()) << profile.status();
  const Day monday(2026, 3, 2);
  EXPECT_THAT(profile->OpenOn(Channel::kCall, monday, {}),
              ElementsAre(MinuteRange{570, 600}, MinuteRange{615, 710}, MinuteRange{790, 1260}));
  EXPECT_TRUE(profile->OpenOn(Channel::kCall, monday, {monday}).empty());
  EXPECT_TRUE(profile->OpenOn(Channel::kCall, monday + 1, {}).empty());
  EXPECT_THAT(profile->OpenOn(Channel::kMail, monday, {}),
              ElementsAre(MinuteRange{570, 600}, MinuteRange{615, 710}, MinuteRange{790, 1260}));
}

}  // namespace
}  // namespace rapport
