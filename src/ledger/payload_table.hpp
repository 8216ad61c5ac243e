// Floor 1, inside. The types this version knows, by name: what reads, checks and describes each.
#ifndef RAPPORT_SRC_LEDGER_PAYLOAD_TABLE_HPP_
#define RAPPORT_SRC_LEDGER_PAYLOAD_TABLE_HPP_

#include <span>
#include <string_view>

#include "ledger/columns.hpp"
#include "ledger/payload.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport::wire {

// Whether an event of a type names a customer.
enum class SubjectRule { kRequired, kRefused, kOptional };

struct TypeEntry {
  std::string_view type;
  SubjectRule subject = SubjectRule::kRequired;
  absl::Status (*read)(const Parts& parts, Json::Object* extra, Payload& out) = nullptr;
  // The same from canonical text; false where that is not for it, with anything in `out`: then `read` is asked.
  bool (*read_text)(std::string_view facts, std::string_view privates, Payload& out) = nullptr;
  FieldList (*fields)() = nullptr;
  Json::Object (*schema)() = nullptr;  // of `data`
  std::vector<std::pair<std::string, ColumnType>> (*columns)() = nullptr;
  void (*cells)(const Payload& data, std::vector<Cell>& row) = nullptr;
};

// Sorted by type.
std::span<const TypeEntry> TypeTable();
// nullptr for a type this version does not know.
const TypeEntry* FindType(std::string_view type);

}  // namespace rapport::wire

#endif  // RAPPORT_SRC_LEDGER_PAYLOAD_TABLE_HPP_
