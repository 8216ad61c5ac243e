#include "rapport/permission/profile.hpp"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/bundled_texts.hpp"
#include "core/titled_schema.hpp"
#include "permission/profile_fields.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::string_view kNames[] = {"ca", "fr-d223-9", "office", "plain", "us"};
constexpr std::string_view kAny = "any";

// The overlap of two sorted lists of ranges, the second one turned inside out.
std::vector<MinuteRange> Without(const std::vector<MinuteRange>& open, const std::vector<MinuteRange>& quiet) {
  std::vector<MinuteRange> left;
  for (MinuteRange range : open) {
    for (const MinuteRange& hush : quiet) {
      if (hush.to <= range.from) continue;
      if (hush.from >= range.to) break;
      if (hush.from > range.from) left.push_back({range.from, hush.from});
      range.from = std::min(hush.to, range.to);
    }
    if (range.from < range.to) left.push_back(range);
  }
  return left;
}

absl::Status ReadWindows(JsonReader& in, PermissionProfile& profile) {
  const Json* windows = in.OptionalAny("windows");
  if (windows == nullptr) return absl::OkStatus();
  const Json::Object* by_channel = windows->if_object();
  if (by_channel == nullptr) return in.Error("windows", "wrong_type", WrongKind("an object", *windows));
  for (const auto& [name, json] : *by_channel) {
    const std::string path = absl::StrCat(in.PathOf("windows"), ".", name);
    absl::StatusOr<WorkingWeek> week = ReadWeek(json);
    if (!week.ok()) return Invalid("permission.invalid", absl::StrCat(path, ": ", week.status().message()));
    const std::optional<Channel> channel = FromName<Channel>(name);
    if (channel.has_value()) {
      profile.windows.insert_or_assign(*channel, *std::move(week));
    } else if (name == kAny) {
      profile.any_window = *std::move(week);
    } else {
      return Invalid("permission.unknown_key",
                     absl::StrCat(path, ": found \"", name, "\", expected any or one of ", WordsText<Channel>()));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadQuiet(JsonReader& in, PermissionProfile& profile) {
  const Json* quiet = in.OptionalAny("quiet_hours");
  if (quiet == nullptr) return absl::OkStatus();
  absl::StatusOr<std::vector<MinuteRange>> ranges = ReadQuietHours(*quiet);
  if (!ranges.ok()) return in.Error("quiet_hours", "invalid", ToStd(ranges.status().message()));
  profile.quiet = *std::move(ranges);
  return absl::OkStatus();
}

absl::Status ReadHolidays(JsonReader& in, PermissionProfile& profile) {
  const Json* said = in.OptionalAny("on_holidays");
  if (said == nullptr) return absl::OkStatus();
  if (const bool* all = said->if_bool()) {
    profile.on_holidays = *all;
    return absl::OkStatus();
  }
  const Json::Object* by_channel = said->if_object();
  if (by_channel == nullptr) {
    return in.Error("on_holidays", "wrong_type", WrongKind("true, false or an object by channel", *said));
  }
  for (const auto& [name, value] : *by_channel) {
    const std::optional<Channel> channel = FromName<Channel>(name);
    const bool* sends = value.if_bool();
    if (!channel.has_value()) return in.Error("on_holidays", "unknown_key", UnknownWord<Channel>(name));
    if (sends == nullptr) return in.Error("on_holidays", "wrong_type", WrongKind("a boolean for " + name, value));
    profile.on_holidays_of.insert_or_assign(*channel, *sends);
  }
  return absl::OkStatus();
}

absl::Status ReadCoolOff(JsonReader& in, PermissionProfile& profile) {
  const Json* said = in.OptionalAny("cool_off_days");
  if (said == nullptr) return absl::OkStatus();
  const Json::Object* by_channel = said->if_object();
  if (by_channel == nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(profile.cool_off_days, ReadDays(in, "cool_off_days", *said, 0));
    return absl::OkStatus();
  }
  for (const auto& [name, value] : *by_channel) {
    const std::optional<Channel> channel = FromName<Channel>(name);
    if (!channel.has_value()) return in.Error("cool_off_days", "unknown_key", UnknownWord<Channel>(name));
    RAPPORT_ASSIGN_OR_RETURN(const int days, ReadDays(in, "cool_off_days", value, 0));
    profile.cool_off_days_of.insert_or_assign(*channel, days);
  }
  return absl::OkStatus();
}

absl::StatusOr<FrequencyCap> ReadCap(const Json& json, const std::string& path) {
  JsonReader in(json, path, "permission");
  FrequencyCap cap;
  RAPPORT_ASSIGN_OR_RETURN(const Json* attempts, in.Any("attempts"));
  RAPPORT_ASSIGN_OR_RETURN(cap.attempts, ReadDays(in, "attempts", *attempts, 1));
  RAPPORT_ASSIGN_OR_RETURN(const Json* days, in.Any("days"));
  RAPPORT_ASSIGN_OR_RETURN(cap.days, ReadDays(in, "days", *days, 1));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> count, in.OptionalString("count"));
  if (count == "rolling") {
    cap.count = CapCount::kRollingDays;
  } else if (count.value_or("calendar") != "calendar") {
    return in.Error("count", "invalid", absl::StrCat("found \"", *count, "\", expected calendar or rolling"));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> counting, in.OptionalString("counting"));
  cap.reached_only = counting == "reached";
  if (!cap.reached_only && counting.value_or("attempts") != "attempts") {
    return in.Error("counting", "invalid", absl::StrCat("found \"", *counting, "\", expected attempts or reached"));
  }
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> per, in.OptionalString("per"));
  cap.per_contact = per == "contact";
  if (!cap.per_contact && per.value_or("account") != "account") {
    return in.Error("per", "invalid", absl::StrCat("found \"", *per, "\", expected account or contact"));
  }
  RAPPORT_ASSIGN_OR_RETURN(cap.channels, ReadWords<Channel>(in, "channels"));
  RAPPORT_ASSIGN_OR_RETURN(cap.purposes, ReadWords<Purpose>(in, "purposes"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return cap;
}

absl::Status ReadCaps(JsonReader& in, PermissionProfile& profile) {
  const Json* caps = in.OptionalAny("caps");
  if (caps == nullptr) return absl::OkStatus();
  const Json::Array* list = caps->if_array();
  if (list == nullptr) return in.Error("caps", "wrong_type", WrongKind("an array", *caps));
  for (std::size_t i = 0; i < list->size(); ++i) {
    RAPPORT_ASSIGN_OR_RETURN(FrequencyCap cap, ReadCap((*list)[i], absl::StrCat(in.PathOf("caps"), "[", i, "]")));
    profile.caps.push_back(std::move(cap));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Forbids(JsonReader& in, const Json& word) {
  const std::string* text = word.if_string();
  if (text == nullptr) return in.Error("unknown_consent", "wrong_type", WrongKind("allow or forbid", word));
  if (*text == "forbid") return true;
  if (*text == "allow") return false;
  return in.Error("unknown_consent", "invalid", absl::StrCat("found \"", *text, "\", expected allow or forbid"));
}

// "forbid", "allow", or by purpose: {"sell": "forbid"}.
absl::StatusOr<std::set<Purpose>> ForbiddenPurposes(JsonReader& in, const Json& said) {
  std::set<Purpose> forbidden;
  const Json::Object* by_purpose = said.if_object();
  if (by_purpose == nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const bool forbids, Forbids(in, said));
    for (const auto& word : WordList<Purpose>::kWords) {
      if (forbids) forbidden.insert(word.value);
    }
    return forbidden;
  }
  for (const auto& [name, word] : *by_purpose) {
    const std::optional<Purpose> purpose = FromName<Purpose>(name);
    if (!purpose.has_value()) return in.Error("unknown_consent", "unknown_key", UnknownWord<Purpose>(name));
    RAPPORT_ASSIGN_OR_RETURN(const bool forbids, Forbids(in, word));
    if (forbids) forbidden.insert(*purpose);
  }
  return forbidden;
}

// Channels and purposes have no word in common, so the first member says which of the two it is by.
absl::Status ReadUnknownConsent(JsonReader& in, PermissionProfile& profile) {
  const Json* said = in.OptionalAny("unknown_consent");
  if (said == nullptr) return absl::OkStatus();
  const Json::Object* object = said->if_object();
  const bool by_channel = object != nullptr && std::any_of(object->begin(), object->end(), [](const auto& member) {
    return member.first == kAny || FromName<Channel>(member.first).has_value();
  });
  const Json* others = by_channel ? said->Find(kAny) : said;
  if (others != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(profile.unknown_consent_forbids, ForbiddenPurposes(in, *others));
    const bool all = others->if_string() != nullptr && !profile.unknown_consent_forbids.empty();
    profile.unknown_consent_allows = !all;
    if (all) profile.unknown_consent_forbids.clear();
  }
  if (!by_channel) return absl::OkStatus();
  for (const auto& [name, word] : *object) {
    if (name == kAny) continue;
    const std::optional<Channel> channel = FromName<Channel>(name);
    if (!channel.has_value()) return in.Error("unknown_consent", "unknown_key", UnknownWord<Channel>(name));
    RAPPORT_ASSIGN_OR_RETURN(profile.unknown_consent_forbids_of[*channel], ForbiddenPurposes(in, word));
  }
  return absl::OkStatus();
}

Json ForbiddenToJson(const std::set<Purpose>& purposes) {
  Json::Object by_purpose;
  for (const Purpose purpose : purposes) by_purpose.emplace(NameOf(purpose), "forbid");
  return by_purpose;
}

Json CapToJson(const FrequencyCap& cap) {
  Json::Object out;
  out.emplace("attempts", cap.attempts);
  out.emplace("days", cap.days);
  out.emplace("count", cap.count == CapCount::kRollingDays ? "rolling" : "calendar");
  if (cap.reached_only) out.emplace("counting", "reached");
  if (cap.per_contact) out.emplace("per", "contact");
  if (!cap.channels.empty()) out.emplace("channels", WordsToJson(cap.channels));
  if (!cap.purposes.empty()) out.emplace("purposes", WordsToJson(cap.purposes));
  return out;
}

Json WindowsToJson(const PermissionProfile& profile) {
  Json::Object out;
  for (const auto& [channel, week] : profile.windows) out.emplace(NameOf(channel), WeekToJson(week));
  if (profile.any_window.has_value()) out.emplace(kAny, WeekToJson(*profile.any_window));
  return out;
}

template <class Value>
Json ByChannel(const std::map<Channel, Value>& values) {
  Json::Object out;
  for (const auto& [channel, value] : values) out.emplace(NameOf(channel), value);
  return out;
}

// Settings by channel leave out what holds for all others: the document has room for one or the other.
template <class Value>
std::map<Channel, Value> Spread(std::map<Channel, Value> values, const Value& otherwise, const Value& usual) {
  if (otherwise == usual) return values;
  for (const auto& word : WordList<Channel>::kWords) values.emplace(word.value, otherwise);
  return values;
}

}  // namespace

absl::StatusOr<PermissionProfile> PermissionProfile::Parse(const Json& json) {
  JsonReader in(json, "permission", "permission");
  RAPPORT_ASSIGN_OR_RETURN(const std::int64_t version, in.Integer("rapport_permission"));
  if (version != 1) return in.Error("rapport_permission", "invalid", absl::StrCat("found ", version, ", expected 1"));
  PermissionProfile profile;
  RAPPORT_ASSIGN_OR_RETURN(std::optional<std::string> name, in.OptionalString("name"));
  profile.name = name.value_or("custom");
  RAPPORT_RETURN_IF_ERROR(ReadWindows(in, profile));
  RAPPORT_RETURN_IF_ERROR(ReadQuiet(in, profile));
  RAPPORT_RETURN_IF_ERROR(ReadHolidays(in, profile));
  RAPPORT_RETURN_IF_ERROR(ReadCaps(in, profile));
  RAPPORT_RETURN_IF_ERROR(ReadCoolOff(in, profile));
  RAPPORT_RETURN_IF_ERROR(ReadUnknownConsent(in, profile));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return profile;
}

absl::StatusOr<PermissionProfile> PermissionProfile::Resolve(const Json& name_or_document) {
  const std::string* said = name_or_document.if_string();
  if (said == nullptr && !name_or_document.is_null()) return Parse(name_or_document);
  const std::string name = said == nullptr ? "plain" : *said;
  if (std::find(std::begin(kNames), std::end(kNames), name) == std::end(kNames)) {
    std::string known;
    for (const std::string_view each : kNames) absl::StrAppend(&known, known.empty() ? "" : ", ", std::string(each));
    return NotFound("permission.unknown_profile",
                    absl::StrCat("permission profile: found \"", name, "\", expected a document or one of ", known));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(BundledText("policies/profiles/" + name + ".json")));
  return Parse(json);
}

absl::StatusOr<Json> PermissionProfile::Schema(Language language) { return TitledSchema("permission", language); }

std::vector<std::string> PermissionProfile::BundledNames() { return {std::begin(kNames), std::end(kNames)}; }

Json PermissionProfile::ToJson() const {
  Json::Object out;
  out.emplace("rapport_permission", 1);
  out.emplace("name", name);
  if (!windows.empty() || any_window.has_value()) out.emplace("windows", WindowsToJson(*this));
  if (!quiet.empty()) out.emplace("quiet_hours", RangesToJson(quiet));
  if (on_holidays_of.empty()) {
    if (!on_holidays) out.emplace("on_holidays", false);
  } else {
    out.emplace("on_holidays", ByChannel(Spread(on_holidays_of, on_holidays, true)));
  }
  if (!caps.empty()) {
    Json::Array list;
    for (const FrequencyCap& cap : caps) list.push_back(CapToJson(cap));
    out.emplace("caps", std::move(list));
  }
  if (cool_off_days_of.empty()) {
    if (cool_off_days != 0) out.emplace("cool_off_days", cool_off_days);
  } else {
    out.emplace("cool_off_days", ByChannel(Spread(cool_off_days_of, cool_off_days, 0)));
  }
  const Json others = unknown_consent_allows ? ForbiddenToJson(unknown_consent_forbids) : Json("forbid");
  if (!unknown_consent_forbids_of.empty()) {
    Json::Object by_channel{{std::string(kAny), others}};
    for (const auto& [channel, purposes] : unknown_consent_forbids_of) by_channel.emplace(NameOf(channel), ForbiddenToJson(purposes));
    out.emplace("unknown_consent", std::move(by_channel));
  } else if (!unknown_consent_allows || !unknown_consent_forbids.empty()) {
    out.emplace("unknown_consent", others);
  }
  return out;
}

bool PermissionProfile::SendsOnHolidays(Channel channel) const {
  const auto own = on_holidays_of.find(channel);
  return own != on_holidays_of.end() ? own->second : on_holidays;
}

int PermissionProfile::CoolOffDays(Channel channel) const {
  const auto own = cool_off_days_of.find(channel);
  return own != cool_off_days_of.end() ? own->second : cool_off_days;
}

std::vector<MinuteRange> PermissionProfile::OpenOn(Channel channel, Day day, const std::set<Day>& holidays) const {
  if (!SendsOnHolidays(channel) && holidays.contains(day)) return {};
  const auto own = windows.find(channel);
  if (own != windows.end()) return Without(own->second.RangesOn(day), quiet);
  if (any_window.has_value()) return Without(any_window->RangesOn(day), quiet);
  return Without({{0, 24 * 60}}, quiet);
}

}  // namespace rapport
