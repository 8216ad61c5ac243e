#include "permission/profile_fields.hpp"

#include <algorithm>
#include <utility>

#include "rapport/core/time.hpp"

namespace rapport {
namespace {

constexpr int kMinutesADay = 24 * 60;
constexpr int kMostDays = 3660;

absl::StatusOr<int> MinuteOf(const Json& json) {
  const std::string* text = json.if_string();
  if (text == nullptr) return Invalid("permission.invalid", WrongKind("a time such as \"21:00\"", json));
  return ParseMinuteOfDay(*text);
}

std::vector<MinuteRange> Joined(std::vector<MinuteRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const MinuteRange& a, const MinuteRange& b) { return a.from < b.from; });
  std::vector<MinuteRange> joined;
  for (const MinuteRange& range : ranges) {
    if (!joined.empty() && range.from <= joined.back().to) {
      joined.back().to = std::max(joined.back().to, range.to);
    } else {
      joined.push_back(range);
    }
  }
  return joined;
}

}  // namespace

std::string WrongKind(std::string_view expected, const Json& found) {
  return absl::StrCat("found ", std::string(found.KindName()), ", expected ", std::string(expected));
}

absl::StatusOr<int> ReadDays(JsonReader& in, std::string_view key, const Json& json, int least) {
  const std::optional<std::int64_t> whole = json.if_integer();
  if (!whole.has_value()) return in.Error(key, "wrong_type", WrongKind("a whole number", json));
  if (*whole < least || *whole > kMostDays) {
    return in.Error(key, "invalid", absl::StrCat("found ", *whole, ", expected ", least, " to ", kMostDays));
  }
  return static_cast<int>(*whole);
}

absl::StatusOr<WorkingWeek> ReadWeek(const Json& json) {
  const Json::Object* object = json.if_object();
  if (object == nullptr) return Invalid("permission.invalid", WrongKind("an object of weekdays", json));
  const bool whole = object->contains("weekly") || object->contains("open") || object->contains("closed");
  if (whole) return WorkingWeek::FromJson(json);
  return WorkingWeek::FromJson(Json(Json::Object{{"weekly", json}}));
}

Json WeekToJson(const WorkingWeek& week) {
  Json json = week.ToJson();
  if (!week.closed.empty() || !week.open.empty()) return json;
  const Json* weekly = json.Find("weekly");
  return weekly != nullptr ? *weekly : Json(Json::Object{});
}

absl::StatusOr<std::vector<MinuteRange>> ReadQuietHours(const Json& json) {
  const Json::Array* list = json.if_array();
  if (list == nullptr) return Invalid("permission.invalid", WrongKind("an array of [from, to]", json));
  std::vector<MinuteRange> ranges;
  for (const Json& item : *list) {
    const Json::Array* pair = item.if_array();
    if (pair == nullptr || pair->size() != 2) {
      return Invalid("permission.invalid", WrongKind("[from, to], two times", item));
    }
    RAPPORT_ASSIGN_OR_RETURN(const int from, MinuteOf((*pair)[0]));
    RAPPORT_ASSIGN_OR_RETURN(const int to, MinuteOf((*pair)[1]));
    if (from == to || from == kMinutesADay) {
      return Invalid("permission.invalid", absl::StrCat("found ", FormatMinuteOfDay(from), " to ", FormatMinuteOfDay(to),
                                                        ", expected a time that is not empty"));
    }
    if (from < to) {
      ranges.push_back({from, to});
    } else {
      ranges.push_back({from, kMinutesADay});
      if (to > 0) ranges.push_back({0, to});
    }
  }
  return Joined(std::move(ranges));
}

Json RangesToJson(const std::vector<MinuteRange>& ranges) {
  Json::Array list;
  for (const MinuteRange& range : ranges) {
    list.push_back(Json::Array{FormatMinuteOfDay(range.from), FormatMinuteOfDay(range.to)});
  }
  return list;
}

}  // namespace rapport
