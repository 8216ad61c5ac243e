// Floor 6, inside. The grammar of RFC 5545 that a writer needs: escaped texts and folded lines.
#ifndef RAPPORT_SRC_PLAN_CALENDAR_TEXT_HPP_
#define RAPPORT_SRC_PLAN_CALENDAR_TEXT_HPP_

#include <string>
#include <string_view>

#include "rapport/core/time.hpp"

namespace rapport {

// A TEXT value: "\\", ";" and "," escaped, every kind of line break "\n", control characters left out. `text` is UTF-8.
std::string CalendarText(std::string_view text);

// "20260302T000000Z"; what is finer than a second is cut off.
std::string CalendarInstant(Instant at);

// Collects content lines, each folded at 75 octets between characters and ended by CRLF.
class CalendarLines {
 public:
  // `value` is as it is to stand: CalendarText of what a person wrote.
  void Add(std::string_view name, std::string_view value);
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_CALENDAR_TEXT_HPP_
