// Floor 0. How a call says that it failed.
//
// Every fallible function returns absl::Status or absl::StatusOr<T>. A failed status carries, beside the
// canonical code and one line for people, a stable *token* for programs: "ledger.conflict",
// "policy.unknown_key". Tokens never change their meaning; messages may be reworded.
//
//   absl::Status s = Fail(absl::StatusCode::kInvalidArgument, "money.too_many_decimals",
//                         "line 12, field amount: found \"1.234\", expected at most 2 decimals for EUR");
//   TokenOf(s) == "money.too_many_decimals"
//
// A message names, where they exist, the record, the field, what was found and what was expected, in one line.
// Invalid data is a Status. A broken promise between two parts of the engine is not data: RAPPORT_INVARIANT
// throws InvariantBroken, which the engine's and the C border's guard turn into INTERNAL. Nothing else throws.
#ifndef RAPPORT_CORE_STATUS_HPP_
#define RAPPORT_CORE_STATUS_HPP_

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rapport {

// Abseil as Debian builds it has a string_view of its own; these two are the only place that converts.
inline absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view ToStd(absl::string_view text) { return {text.data(), text.size()}; }

// A failed status with its stable token. `code` must not be kOk.
absl::Status Fail(absl::StatusCode code, std::string_view token, std::string_view message);

// The commonest codes. Data that is wrong is kInvalidArgument; something named but absent is kNotFound.
inline absl::Status Invalid(std::string_view token, std::string_view message) {
  return Fail(absl::StatusCode::kInvalidArgument, token, message);
}
inline absl::Status NotFound(std::string_view token, std::string_view message) {
  return Fail(absl::StatusCode::kNotFound, token, message);
}
inline absl::Status FailedPrecondition(std::string_view token, std::string_view message) {
  return Fail(absl::StatusCode::kFailedPrecondition, token, message);
}

// The token of a failed status; "internal" where a status without one (not made by Fail) came through,
// empty for OK.
std::string TokenOf(const absl::Status& status);

// The same failure with `where` and ": " put before its message: the way up adds the place, never hides the cause.
absl::Status WithContext(const absl::Status& status, std::string_view where);

// Thrown by RAPPORT_INVARIANT only.
class InvariantBroken : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace rapport

#define RAPPORT_INVARIANT(condition, text)                                              \
  do {                                                                                  \
    if (!(condition)) throw ::rapport::InvariantBroken(std::string(text) + " (" #condition ")"); \
  } while (false)

#define RAPPORT_RETURN_IF_ERROR(expression)                       \
  do {                                                            \
    absl::Status rapport_status_ = (expression);                  \
    if (!rapport_status_.ok()) return rapport_status_;            \
  } while (false)

#define RAPPORT_CONCAT_INNER_(a, b) a##b
#define RAPPORT_CONCAT_(a, b) RAPPORT_CONCAT_INNER_(a, b)
#define RAPPORT_ASSIGN_OR_RETURN(declaration, expression) \
  RAPPORT_ASSIGN_OR_RETURN_IMPL_(RAPPORT_CONCAT_(rapport_or_, __LINE__), declaration, expression)
#define RAPPORT_ASSIGN_OR_RETURN_IMPL_(temporary, declaration, expression) \
  auto temporary = (expression);                                           \
  if (!temporary.ok()) return std::move(temporary).status();               \
  declaration = std::move(temporary).value()

#endif  // RAPPORT_CORE_STATUS_HPP_
