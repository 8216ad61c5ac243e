#include "ledger/payload_table.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "ledger/payload_text.hpp"

namespace rapport::wire {
namespace {

// Types about something other than a customer, and those that may be about one.
constexpr SubjectRule SubjectRuleOf(std::string_view type) {
  for (const std::string_view prefix : {"rep.", "product.", "model.", "policy.", "book.", "rate.", "offer.", "import.", "batch.", "experiment."}) {
    if (type.starts_with(prefix)) return SubjectRule::kRefused;
  }
  for (const std::string_view optional : {"event.corrected", "event.retracted", "competitor.seen", "lesson.recorded"}) {
    if (type == optional) return SubjectRule::kOptional;
  }
  return SubjectRule::kRequired;
}

template <class T>
absl::Status ReadInto(const Parts& parts, Json::Object* extra, Payload& out) {
  return ReadPayload<T>(parts, extra, out.emplace<T>());
}

template <class T>
bool ReadTextInto(std::string_view facts, std::string_view privates, Payload& out) {
  return ReadText(facts, privates, out.emplace<T>());
}

template <class T>
void CellsInto(const Payload& data, std::vector<Cell>& row) {
  AddCells(std::get<T>(data), row);
}

template <class T>
constexpr TypeEntry EntryOf() {
  return {T::kType, SubjectRuleOf(T::kType), &ReadInto<T>, &ReadTextInto<T>, &FieldsOf<T>, &PayloadSchema<T>, &ColumnsOf<T>, &CellsInto<T>};
}

// All alternatives of Payload but the first, which is Unrecognised.
template <std::size_t... I>
constexpr auto MakeTable(std::index_sequence<I...>) {
  std::array<TypeEntry, sizeof...(I)> table{EntryOf<std::variant_alternative_t<I + 1, Payload>>()...};
  std::sort(table.begin(), table.end(), [](const TypeEntry& a, const TypeEntry& b) { return a.type < b.type; });
  return table;
}

constexpr auto kTable = MakeTable(std::make_index_sequence<std::variant_size_v<Payload> - 1>());
static_assert(std::is_same_v<std::variant_alternative_t<0, Payload>, Unrecognised>);

}  // namespace

std::span<const TypeEntry> TypeTable() { return kTable; }

const TypeEntry* FindType(std::string_view type) {
  const auto found = std::lower_bound(kTable.begin(), kTable.end(), type,
                                      [](const TypeEntry& entry, std::string_view name) { return entry.type < name; });
  return found != kTable.end() && found->type == type ? &*found : nullptr;
}

}  // namespace rapport::wire
