// Floor 9, inside. A row of a table as one event on the wire.
#ifndef RAPPORT_CAPI_EVENT_ROWS_HPP_
#define RAPPORT_CAPI_EVENT_ROWS_HPP_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"

namespace rapport::capi {

// The row as CloudEvents JSON, one cell a column; the ledger's codec judges what it says.
//
// A table of the one column `event` holds whole events, as JSON text or as structs. Else the columns specversion ("1.0" if absent), id,
// source, type, subject, time, recordedtime, claimedtime, batch, datacontenttype and dataschema are the event's own members; whole numbers
// in id, source, subject and batch become text. `data` is an object or its JSON text; every other column is a member of it: "rep" and
// "data.rep" are the same, and "data.type" is how a member is told from the event's own. Text that begins with '[' or '{' is JSON in
// `lines` and in columns named like "absences.json", which give the member `absences`. Null cells are left out.
//
// `event.invalid_field`, `json.*`, `arrow.duplicate_column`, and `time.invalid` where an event's time has no zone; all name the column.
absl::StatusOr<Json> EventOfRow(const std::vector<std::string>& columns, std::vector<Json>&& row);

}  // namespace rapport::capi

#endif  // RAPPORT_CAPI_EVENT_ROWS_HPP_
