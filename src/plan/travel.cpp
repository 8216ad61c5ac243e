#include "rapport/plan/travel.hpp"

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {

absl::StatusOr<TravelMatrix> TravelMatrix::FromJson(const Json& list) {
  TravelMatrix matrix;
  if (list.is_null()) return matrix;
  const Json::Array* rows = list.if_array();
  if (rows == nullptr) return Invalid("travel.invalid", "travel: expected a list of {from, to, minutes}");
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const std::string where = absl::StrCat("travel[", i, "]");
    JsonReader in((*rows)[i], where, "travel");
    RAPPORT_ASSIGN_OR_RETURN(std::string from, in.String("from"));
    RAPPORT_ASSIGN_OR_RETURN(std::string to, in.String("to"));
    RAPPORT_ASSIGN_OR_RETURN(const std::int64_t minutes, in.Integer("minutes"));
    RAPPORT_RETURN_IF_ERROR(in.Finish());
    const absl::Status added = matrix.Add(std::move(from), std::move(to), minutes);
    if (!added.ok()) return WithContext(added, where);
  }
  return matrix;
}

absl::Status TravelMatrix::Add(std::string from, std::string to, std::int64_t minutes) {
  if (minutes < 0 || minutes > 1440) return Invalid("travel.invalid", absl::StrCat("field minutes: found ", minutes, ", expected 0 to 1440"));
  const auto [way, added] = minutes_.try_emplace({std::move(from), std::move(to)}, minutes);
  if (added || way->second == minutes) return absl::OkStatus();
  return Invalid("travel.invalid", absl::StrCat("field minutes: found ", minutes, " from \"", way->first.first, "\" to \"", way->first.second, "\", expected the ", way->second,
                                                " that were given before"));
}

std::optional<std::int64_t> TravelMatrix::Between(std::string_view from, std::string_view to) const {
  if (from == to) return 0;
  auto way = minutes_.find(std::pair<std::string, std::string>(from, to));
  if (way == minutes_.end()) way = minutes_.find(std::pair<std::string, std::string>(to, from));
  return way == minutes_.end() ? std::nullopt : std::optional(way->second);
}

}  // namespace rapport
