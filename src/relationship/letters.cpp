#include "rapport/relationship/letters.hpp"

#include "rapport/relationship/touches.hpp"

namespace rapport {

std::vector<const TouchRecord*> LettersOfTheYear(const Account& account, const Zone& zone, Instant as_of) {
  const Day today = zone.LocalDay(as_of);
  std::vector<const TouchRecord*> letters;
  for (const TouchRecord& record : account.touches) {
    if (record.at > as_of || !IsLetter(record.touch.channel) || !IsAttempt(record.touch)) continue;
    if (today - zone.LocalDay(record.at) < kLetterYearDays) letters.push_back(&record);
  }
  return letters;
}

}  // namespace rapport
