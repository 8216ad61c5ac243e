#include "rapport/relationship/best_hours.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "book/made_events.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

const Zone& ZoneNamed(std::string_view name) { return **ZoneRules::Bundled().Find(name); }
const Zone& Berlin() { return ZoneNamed("Europe/Berlin"); }
const Instant kLater = At("2030-01-01T00:00:00Z");

TouchRecord Attempt(Instant at, Disposition disposition, Channel channel = Channel::kCall) {
  TouchRecord record;
  record.key = {"test", std::to_string(at.micros())};
  record.at = at;
  record.touch = Called(Purpose::kCare, disposition);
  record.touch.channel = channel;
  return record;
}

// One a day from Monday 2026-03-02 on, at a local hour.
class Tried {
 public:
  explicit Tried(const Zone& zone = Berlin()) : zone_(zone) {}
  Tried& At(int hour, int reached, int missed, Channel channel = Channel::kCall, int every_days = 1) {
    for (int i = 0; i < reached + missed; ++i, day_ += every_days) {
      const Instant at = zone_.At(LocalSecond(day_) + hour * 3600 + 600);
      touches_.push_back(Attempt(at, i < reached ? Disposition::kReached : Disposition::kAbsent, channel));
    }
    return *this;
  }
  BestHours Hours() const { return BestHours::Of(touches_, zone_, kLater); }
  std::string Proven() const { return Hours().proven().has_value() ? Hours().proven()->window.Text() : ""; }
  std::vector<TouchRecord>& touches() { return touches_; }

 private:
  const Zone& zone_;
  Day day_ = Day(2026, 3, 2);
  std::vector<TouchRecord> touches_;
};

TEST(BestHours, OfFewAttemptsNothingIsSaid) {
  EXPECT_EQ(BestHours::Of({}, Berlin(), kLater).likeliest(), std::nullopt);
  const BestHours few = Tried().At(10, 3, 0).At(15, 0, 4).Hours();
  EXPECT_EQ(few.attempts(), 7);
  EXPECT_FALSE(few.proven().has_value());
  EXPECT_EQ(few.likeliest()->window.from_hour, 9);
  EXPECT_EQ(Tried().At(10, 2, 0).At(15, 0, 20).Proven(), "") << "two in the window";
  EXPECT_EQ(Tried().At(10, 2, 2).At(15, 4, 4).Proven(), "") << "no better than elsewhere";
}

TEST(BestHours, ManyAttemptsProveTheirHours) {
  const Tried tried = Tried().At(9, 5, 1).At(10, 5, 1).At(14, 2, 10).At(17, 1, 9);
  EXPECT_EQ(tried.Proven(), "09:00-11:00");
  const BestHours::Found found = *tried.Hours().proven();
  EXPECT_EQ(found.attempts, 12);
  EXPECT_EQ(found.reached, 10);
  // r = (13 + 1) / (34 + 2), the channel's (13 + 6 r) / (34 + 6).
  const double account = 14.0 / 36, usual = (13 + 6 * account) / 40;
  EXPECT_NEAR(found.usual, usual, 1e-15);
  EXPECT_NEAR(found.chance, (10 + 6 * usual) / 18, 1e-15);
}

TEST(BestHours, OneLuckyCallDoesNotWinOverManyGoodOnes) {
  const BestHours hours = Tried().At(13, 1, 0).At(9, 9, 1).At(16, 3, 12).Hours();
  EXPECT_EQ(hours.likeliest()->window.from_hour, 8) << "9 of 10 stand before 1 of 1; of equal windows the earlier one";
}

TEST(BestHours, VisitsThatMeetSomebodyAtAnyHourDoNotMakeTheirHoursTheBest) {
  const Tried tried = Tried().At(13, 14, 2, Channel::kVisit).At(9, 8, 4).At(16, 2, 14);
  EXPECT_EQ(tried.Hours().likeliest()->window.from_hour, 8);
}

TEST(BestHours, OneWeekdayIsNamedWhereItStandsOut) {
  Tried tried;
  // 2026-03-03 is a Tuesday.
  for (int week = 0; week < 8; ++week) {
    for (int day = 0; day < 5; ++day) {
      const Instant at = Berlin().At(LocalSecond(Day(2026, 3, 2) + week * 7 + day) + 9 * 3600);
      tried.touches().push_back(Attempt(at, day == 1 ? Disposition::kReached : Disposition::kAbsent));
    }
  }
  EXPECT_EQ(tried.Proven(), "tue 08:00-10:00");
  EXPECT_EQ(Tried().At(9, 10, 2).At(15, 1, 14).Proven(), "08:00-10:00") << "no weekday does";
}

TEST(BestHours, HoursAreTheCustomersAlsoWhenTheClocksChange) {
  // 07:30 UTC is 08:30 in Berlin in winter, 09:30 in summer; 08:30 UTC is 09:30 in winter.
  std::vector<TouchRecord> touches;
  for (int i = 1; i <= 6; ++i) {
    touches.push_back(Attempt(At("2026-02-0" + std::to_string(i) + "T08:30:00Z"), Disposition::kReached));
    touches.push_back(Attempt(At("2026-07-0" + std::to_string(i) + "T07:30:00Z"), Disposition::kReached));
    touches.push_back(Attempt(At("2026-02-0" + std::to_string(i) + "T15:30:00Z"), Disposition::kAbsent));
    touches.push_back(Attempt(At("2026-07-0" + std::to_string(i) + "T14:30:00Z"), Disposition::kBusy));
  }
  EXPECT_EQ(BestHours::Of(touches, Berlin(), kLater).proven()->window.Text(), "08:00-10:00");
  EXPECT_EQ(BestHours::Of(touches, Berlin(), kLater).proven()->attempts, 12);
  EXPECT_EQ(BestHours::Of(touches, ZoneNamed("UTC"), kLater).proven()->attempts, 12) << "07:00-09:00 there";
  EXPECT_EQ(BestHours::Of(touches, ZoneNamed("UTC"), kLater).proven()->window.from_hour, 7);
}

TEST(BestHours, OnlyOwnPersonalCallsAndVisitsWithAnOutcomeCount) {
  const Instant at = At("2026-03-02T09:00:00Z");
  EXPECT_TRUE(BestHours::IsAttempt(Attempt(at, Disposition::kCallBack)));
  EXPECT_TRUE(BestHours::IsAttempt(Attempt(at, Disposition::kReached, Channel::kVisit)));
  for (const Disposition other : {Disposition::kWrongNumber, Disposition::kAutoReply, Disposition::kRefusedContact}) EXPECT_FALSE(BestHours::IsAttempt(Attempt(at, other)));
  EXPECT_FALSE(BestHours::IsAttempt(Attempt(at, Disposition::kReached, Channel::kMail)));
  TouchRecord record = Attempt(at, Disposition::kReached);
  record.touch.direction = Direction::kInbound;
  EXPECT_FALSE(BestHours::IsAttempt(record));
  record = Attempt(at, Disposition::kReached);
  record.touch.kind = TouchKind::kCopy;
  EXPECT_FALSE(BestHours::IsAttempt(record));
  record = Attempt(at, Disposition::kReached);
  record.touch.disposition.reset();
  EXPECT_FALSE(BestHours::IsAttempt(record));
}

TEST(BestHours, TheStartCountsAndWhatComesLaterDoesNot) {
  std::vector<TouchRecord> touches{Attempt(At("2026-03-02T16:00:00Z"), Disposition::kReached)};
  touches.front().touch.start = At("2026-03-02T08:30:00Z");
  EXPECT_EQ(BestHours::Of(touches, ZoneNamed("UTC"), kLater).likeliest()->window.from_hour, 7);
  EXPECT_EQ(BestHours::Of(touches, ZoneNamed("UTC"), At("2026-03-02T15:59:59Z")).attempts(), 0);
}

TEST(HourWindow, HasOneTextForEachAndReadsItBack) {
  for (int from = 0; from <= 22; ++from) {
    for (int day = -1; day < 7; ++day) {
      const HourWindow window{day < 0 ? std::nullopt : std::optional(static_cast<absl::Weekday>(day)), from};
      const auto back = HourWindow::Parse(window.Text());
      ASSERT_TRUE(back.ok()) << window.Text();
      EXPECT_EQ(*back, window);
    }
  }
  EXPECT_EQ((HourWindow{absl::Weekday::tuesday, 9}).Text(), "tue 09:00-11:00");
  for (const char* wrong : {"", "9:00-11:00", "09:00-12:00", "TUE 09:00-11:00", "23:00-25:00"}) {
    EXPECT_EQ(TokenOf(HourWindow::Parse(wrong).status()), "relationship.invalid_window") << wrong;
  }
  EXPECT_TRUE((HourWindow{absl::Weekday::tuesday, 9}).Contains(LocalSecond(2026, 3, 3, 10, 59, 59)));
  EXPECT_FALSE((HourWindow{absl::Weekday::tuesday, 9}).Contains(LocalSecond(2026, 3, 3, 11, 0, 0)));
  EXPECT_FALSE((HourWindow{absl::Weekday::tuesday, 9}).Contains(LocalSecond(2026, 3, 4, 9, 0, 0)));
}

// Calls at random between nine and six on weekdays, a third of them in two hours of the customer's own; how often a window is told, and how often it
// is the true one or its neighbour.
struct Told {
  int told = 0, right = 0;
};
Told TellOf(double in, double outside, int attempts) {
  std::mt19937_64 bits(7);   // the engine's numbers are the standard's, the same everywhere
  const auto uniform = [&] { return static_cast<double>(bits() >> 11) * 0x1p-53; };
  Told told;
  for (int customer = 0; customer < 500; ++customer) {
    const int best = 9 + static_cast<int>(uniform() * 8);
    std::vector<TouchRecord> touches;
    for (int i = 0; i < attempts; ++i) {
      const double minute = uniform() < 0.35 ? 60 * best + 120 * uniform() : 540 + 540 * uniform();
      const Day day = absl::NextWeekday(Day(2026, 1, 1), static_cast<absl::Weekday>(static_cast<int>(uniform() * 5))) + 7 * i;
      const bool within = minute >= 60 * best && minute < 60 * best + 120;
      const Instant at = Berlin().At(LocalSecond(day) + static_cast<int>(minute * 60));
      touches.push_back(Attempt(at, uniform() < (within ? in : outside) ? Disposition::kReached : Disposition::kAbsent));
    }
    const BestHours hours = BestHours::Of(touches, Berlin(), Instant::Max());
    if (!hours.proven().has_value()) continue;
    ++told.told;
    told.right += std::abs(hours.proven()->window.from_hour - best) <= 1 ? 1 : 0;
  }
  return told;
}

TEST(BestHours, AreToldOftenWhereThereAreSomeAndSeldomWhereEveryHourIsAlike) {
  EXPECT_LT(TellOf(0.4, 0.4, 30).told, 45);
  EXPECT_LT(TellOf(0.4, 0.4, 60).told, 85);
  const Told some = TellOf(0.65, 0.25, 60);
  EXPECT_GT(some.told, 325);
  EXPECT_GT(some.right, some.told * 97 / 100);
}

class NoNames : public Texts {
 public:
  std::string Customer(const CustomerId& id, Language) const override { return id.text(); }
  std::string Contact(const CustomerId&, const ContactId& contact, Language) const override { return contact.text(); }
  std::string Event(const EventKey& event, std::string_view, Language) const override { return event.id; }
};

TEST(HourWindow, IsSaidInEveryLanguage) {
  const auto say = [](const HourWindow& window, Language language) { return *Catalogue::Bundled().Say(window.Say(), language, NoNames()); };
  EXPECT_EQ(say({std::nullopt, 9}, Language::kEnglish), "best reached between 09:00 and 11:00");
  EXPECT_EQ(say({absl::Weekday::tuesday, 9}, Language::kEnglish), "best reached on Tuesday between 09:00 and 11:00");
  EXPECT_EQ(say({absl::Weekday::monday, 9}, Language::kJapanese), "月曜日の09:00～11:00に最もつながりやすい");
  EXPECT_EQ(say({absl::Weekday::monday, 9}, Language::kKorean), "월요일 09:00~11:00에 가장 연락이 잘 됩니다");
  EXPECT_EQ(say({absl::Weekday::monday, 9}, Language::kChinese), "周一09:00至11:00最容易联系上");
}

std::vector<TouchRecord> RandomTouches() {
  const int count = *rc::gen::inRange(0, 60);
  std::vector<TouchRecord> touches;
  for (int i = 0; i < count; ++i) {
    const int hour = *rc::gen::inRange(0, 24 * 90);
    const auto disposition = *rc::gen::element(Disposition::kReached, Disposition::kAbsent, Disposition::kBusy, Disposition::kWrongNumber);
    const auto channel = *rc::gen::element(Channel::kCall, Channel::kVisit, Channel::kMail);
    touches.push_back(Attempt(Instant::FromMicros(1'767'225'600'000'000 + std::int64_t{hour} * 3'600'000'000), disposition, channel));
  }
  return touches;
}

RC_GTEST_PROP(BestHoursProperty, SharesLieBetweenWhatWasSeenAndWhatIsUsual, ()) {
  const BestHours hours = BestHours::Of(RandomTouches(), Berlin(), kLater);
  for (const auto& found : {hours.likeliest(), hours.proven()}) {
    if (!found.has_value()) continue;
    const double raw = static_cast<double>(found->reached) / static_cast<double>(found->attempts);
    RC_ASSERT(found->usual > 0 && found->usual < found->chance && found->chance < 1);
    if (!found->window.weekday.has_value()) RC_ASSERT(found->chance <= raw);
  }
  if (hours.proven().has_value()) RC_ASSERT(hours.attempts() >= 8 && hours.proven()->attempts >= 3);
}

RC_GTEST_PROP(BestHoursProperty, TheOrderOfTouchesDoesNotMatter, ()) {
  std::vector<TouchRecord> touches = RandomTouches();
  const BestHours before = BestHours::Of(touches, Berlin(), kLater);
  std::reverse(touches.begin(), touches.end());
  const BestHours after = BestHours::Of(touches, Berlin(), kLater);
  RC_ASSERT(before.proven().has_value() == after.proven().has_value());
  if (before.proven().has_value()) RC_ASSERT(before.proven()->window == after.proven()->window);
}

}  // namespace
}  // namespace rapport
