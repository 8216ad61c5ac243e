#include "plan/calendar_text.hpp"

#include "absl/strings/str_format.h"
#include "core/utf8.hpp"

namespace rapport {
namespace {

constexpr std::size_t kMostOctets = 75;

bool BreaksLine(char32_t point) { return point == '\n' || point == '\r' || point == 0x85 || point == 0x2028 || point == 0x2029; }
bool IsControl(char32_t point) { return (point < 0x20 && point != '\t') || point == 0x7F; }

}  // namespace

std::string CalendarText(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size() + 8);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t point = NextPoint(text, at);
    if (point == '\r' && at < text.size() && text[at] == '\n') continue;   // the line feed stands for both
    if (BreaksLine(point)) {
      escaped += "\\n";
    } else if (!IsControl(point)) {
      if (point == '\\' || point == ';' || point == ',') escaped += '\\';
      escaped += text.substr(from, at - from);
    }
  }
  return escaped;
}

std::string CalendarInstant(Instant at) {
  // UTC needs no zone: the civil time of the Unix epoch plus the seconds.
  std::int64_t seconds = at.micros() / 1'000'000;
  if (at.micros() % 1'000'000 < 0) --seconds;
  const LocalSecond utc = LocalSecond(1970, 1, 1) + seconds;
  return absl::StrFormat("%04d%02d%02dT%02d%02d%02dZ", utc.year(), utc.month(), utc.day(), utc.hour(), utc.minute(), utc.second());
}

void CalendarLines::Add(std::string_view name, std::string_view value) {
  std::string line(name);
  line += ':';
  line += value;
  std::size_t used = 0;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t from = at;
    NextPoint(line, at);
    if (used + (at - from) > kMostOctets) {
      text_ += "\r\n ";
      used = 1;
    }
    text_.append(line, from, at - from);
    used += at - from;
  }
  text_ += "\r\n";
}

}  // namespace rapport
