// What is said between a customer and his rep: attempts, touches, promises.
#include <algorithm>
#include <cmath>

#include "engine/simulate_life.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::simulation {
namespace {

constexpr std::array<Channel, 8> kChannels = {Channel::kCall,   Channel::kMail,    Channel::kVisit,   Channel::kMessage,
                                              Channel::kLetter, Channel::kMeeting, Channel::kSeminar, Channel::kNewsletter};
constexpr double kChannelShares[] = {0.36, 0.2, 0.14, 0.12, 0.04, 0.05, 0.03, 0.06};

// A rep has a hundred places in four weeks, five a day: each customer has one of them, so that up to a hundred are visited without one rep being in
// two places at once.
constexpr std::int64_t kPlacesADay = 5, kDaysOfRound = 20;

std::int64_t PlaceOf(const Life& life) { return life.number / life.world.options.reps % (kPlacesADay * kDaysOfRound); }

Day VisitDay(const Life& life, Day from) {
  static constexpr Day kMonday(1970, 1, 5);
  const std::int64_t wanted = PlaceOf(life) / kPlacesADay;
  for (Day day = from;; ++day) {
    const std::int64_t days = (day - kMonday) + 7 * 52'000;  // never negative
    if (days % 7 < 5 && (days / 7 * 5 + days % 7) % kDaysOfRound == wanted) return day;
  }
}

bool WantsQuiet(const Life& life, Instant at) { return life.person.quiet && at >= *life.person.quiet; }

bool InBestHours(const Life& life, Instant at) {
  const int hour = life.person.zone->Local(at).hour();
  return hour >= life.person.best_hour && hour < life.person.best_hour + 2;
}

Disposition AnswerTo(const Life& life, Channel channel, Instant at, Draws& draws) {
  static constexpr std::array<Disposition, 5> kOthers = {Disposition::kAbsent, Disposition::kBusy, Disposition::kCallBack, Disposition::kWrongNumber,
                                                         Disposition::kRefusedContact};
  static constexpr double kOtherShares[] = {0.56, 0.2, 0.17, 0.03, 0.04};
  const Rules& rules = life.world.rules;
  const double chance = channel == Channel::kVisit ? 0.7 : InBestHours(life, at) ? rules.reached_in : rules.reached_out;
  return draws.Happens(chance) ? Disposition::kReached : kOthers[draws.Weighted(kOtherShares, 5)];
}

std::int64_t MinutesOf(Channel channel, Draws& draws) {
  if (channel == Channel::kVisit) return 25 + draws.Below(25);
  if (channel == Channel::kMeeting || channel == Channel::kSeminar) return 30 + draws.Below(60);
  return channel == Channel::kCall ? 3 + draws.Below(18) : 1 + draws.Below(9);
}

// What a touch says whoever made it.
Touch* TellTouch(Life& life, Instant at, Channel channel, Draws& draws) {
  static constexpr std::array<Purpose, 4> kPurposes = {Purpose::kCare, Purpose::kService, Purpose::kSell, Purpose::kAdmin};
  static constexpr double kPurposeShares[] = {0.5, 0.2, 0.22, 0.08};
  const Purpose purpose = kPurposes[draws.Weighted(kPurposeShares, 4)];
  const std::int64_t minutes = MinutesOf(channel, draws);
  Touch* said = life.Tell<Touch>(at);
  if (said == nullptr) return nullptr;
  said->channel = channel;
  said->purpose = purpose;
  said->rep = life.RepAt(at).id;
  said->contact = life.SomeContact(draws);
  said->minutes = minutes;
  if (draws.Happens(0.6)) said->note = life.Says(Saying::kNote, draws);
  return said;
}

// Not one of these took place: round times, exact places, everybody met, all written on Friday evening, and no car drives from one to the next.
void TellInventedVisit(Life& life, Day friday, Draws& draws) {
  const Instant at = life.Moment(friday, static_cast<double>(15 * 60 + 10 * draws.Below(12)));
  Touch* said = TellTouch(life, at, Channel::kVisit, draws);
  if (said == nullptr) return;
  said->disposition = Disposition::kReached;
  said->minutes = 30;
  said->objective_met = true;
  said->latitude = life.person.latitude;
  said->longitude = life.person.longitude;
  life.events.back().recorded = life.events.back().claimed = life.Moment(friday, 18 * 60);
}

void TellAppointment(Life& life, Instant told_at, const AppointmentId& id, Instant start) {
  AppointmentMade* said = life.Tell<AppointmentMade>(told_at);
  if (said == nullptr) return;
  said->appointment = id;
  said->start = start;
  said->minutes = 30;
  said->channel = Channel::kVisit;
  said->rep = life.RepAt(start).id;
}

// Some visits are agreed days before; some of these are called off and agreed again.
void TellAgreement(Life& life, Day day, Instant at) {
  const std::string purpose = "appointment " + FormatDay(day);   // outlives the draws, which look at it
  Draws draws = life.DrawsFor(purpose);
  const Instant agreed = Later(at, -3 - 3 * draws.Uniform());
  if (agreed <= life.born || at >= life.world.end || !draws.Happens(0.3)) return;
  const AppointmentId id = AppointmentId::Trusted(life.NewId('d'));
  TellAppointment(life, agreed, id, at);
  if (!draws.Happens(0.2)) return;
  if (AppointmentCancelled* said = life.Tell<AppointmentCancelled>(Later(at, -2))) {
    said->appointment = id;
    said->by = PromiseBy::kCustomer;
  }
  TellAppointment(life, Later(at, -1), id, at);
}

void TellVisit(Life& life, Day day, Draws& draws) {
  const double minute = static_cast<double>(540 + 90 * (PlaceOf(life) % kPlacesADay)) + 15 * draws.Uniform();
  const Instant at = life.Moment(day, minute);
  TellAgreement(life, day, at);
  const Disposition answer = AnswerTo(life, Channel::kVisit, at, draws);
  Touch* said = TellTouch(life, at, Channel::kVisit, draws);
  if (said == nullptr) return;
  said->disposition = answer;
  if (answer != Disposition::kReached) said->minutes = 5;
  if (answer == Disposition::kReached) said->objective_met = draws.Happens(0.5);
  said->latitude = life.person.latitude + draws.Between(-0.0004, 0.0004);
  said->longitude = life.person.longitude + draws.Between(-0.0004, 0.0004);
  said->accuracy_metres = 4 + draws.Below(30);
}

void TellCall(Life& life, Instant at, Draws& draws) {
  const Disposition answer = AnswerTo(life, Channel::kCall, at, draws);
  Touch* said = TellTouch(life, at, Channel::kCall, draws);
  if (said == nullptr) return;
  said->disposition = answer;
  if (answer == Disposition::kReached) said->objective_met = draws.Happens(0.5);
  if (answer != Disposition::kReached) said->minutes = 1;
  // Noted a while after the call.
  if (draws.Happens(0.08)) said->start = at.PlusMinutes(-5 - draws.Below(30));
}

void TellInbound(Life& life, Instant at, Channel channel, Draws& draws) {
  Touch* said = TellTouch(life, at, channel, draws);
  if (said == nullptr) return;
  said->direction = Direction::kInbound;
  said->disposition = Disposition::kReached;
}

// Meetings and seminars are often put down when they are agreed: known before they happen.
void TellOther(Life& life, Instant at, Channel channel, Draws& draws) {
  Touch* said = TellTouch(life, at, channel, draws);
  if (said == nullptr) return;
  const bool gathering = channel == Channel::kMeeting || channel == Channel::kSeminar;
  if (gathering) said->disposition = Disposition::kReached;
  if (channel == Channel::kMail && draws.Happens(0.1)) said->disposition = Disposition::kAutoReply;
  if (channel == Channel::kMessage && draws.Happens(0.4)) said->disposition = Disposition::kReached;
  if (!gathering || !draws.Happens(0.5)) return;
  Event& event = life.events.back();
  event.recorded = event.claimed = std::max(life.born.PlusMinutes(30), Later(event.occurred.at, -draws.Between(1, 14)));
}

bool CanVisit(const Life& life, Instant at) { return life.person.near && !(life.person.handed && at >= *life.person.handed); }

// False where the attempt lies beyond the end.
bool TellAttempt(Life& life, Instant at, bool yes, Draws& draws) {
  static constexpr std::array<RefusalReason, 6> kReasons = {RefusalReason::kInstinct,    RefusalReason::kProductKnowledge, RefusalReason::kDistrust,
                                                            RefusalReason::kUncertainty, RefusalReason::kComparing,        RefusalReason::kMoney};
  static constexpr double kReasonShares[] = {0.25, 0.15, 0.1, 0.15, 0.2, 0.15};
  Touch* said = TellTouch(life, at, Channel::kCall, draws);
  if (said == nullptr) return false;
  said->purpose = Purpose::kSell;
  said->disposition = Disposition::kReached;
  said->objective_met = yes;
  if (yes) return true;
  const Instant after = at.PlusMinutes(*said->minutes);
  if (Refusal* refusal = life.Tell<Refusal>(after)) {
    refusal->reason = kReasons[draws.Weighted(kReasonShares, 6)];
    refusal->rep = life.RepAt(at).id;
    refusal->contact = life.SomeContact(draws);
    if (draws.Happens(0.25)) refusal->come_back = life.DayOf(after) + 20 + static_cast<int>(draws.Below(60));
    refusal->text = life.Says(Saying::kRefusal, draws);
  }
  return true;
}

struct Word {
  PromiseId id;
  Instant made;
  std::int64_t days = 0;     // promised
  double needed = 0;         // taken
  std::optional<double> quantity;
};

// Keeping is by the day: what comes on the due day is in time.
void TellOutcome(Life& life, const Word& word, Draws& draws) {
  const auto promised = static_cast<double>(word.days);
  if (draws.Happens(0.1)) {
    if (PromiseRevised* said = life.Tell<PromiseRevised>(Later(word.made, 0.4 * std::min(promised, word.needed)))) {
      said->promise = word.id;
      said->due = life.DayOf(word.made) + static_cast<int>(word.days + 3 + draws.Below(6));
      said->agreed = draws.Happens(0.7);
    }
  }
  if (word.needed > promised && draws.Happens(0.2)) {
    if (PromiseWithdrawn* said = life.Tell<PromiseWithdrawn>(Later(word.made, 0.7 * word.needed))) *said = {word.id, life.Says(Saying::kReason, draws)};
    return;
  }
  PromiseDelivered* said = life.Tell<PromiseDelivered>(Later(word.made, word.needed));
  if (said == nullptr) return;
  said->promise = word.id;
  if (word.quantity) said->quantity = *word.quantity + (draws.Happens(0.3) ? 1 : 0);
}

// Told of some while the work goes on: most of it stands ready, little is left.
void TellProgress(Life& life, const Word& word, Draws& draws) {
  const double ready = word.quantity.value_or(1);
  const std::int64_t left = 15 * draws.Below(4);
  if (!draws.Happens(0.25)) return;
  PromiseProgressed* said = life.Tell<PromiseProgressed>(Later(word.made, 0.6 * word.needed));
  if (said == nullptr) return;
  said->promise = word.id;
  said->ready = left == 0 ? ready : std::floor(0.7 * ready);
  said->work_minutes = left;
}

// `progress`: a stream of its own, so that what is told beside a promise does not move what becomes of it.
void TellPromise(Life& life, Instant at, Draws& draws, Draws& progress) {
  static constexpr std::array<std::string_view, 3> kDimensions = {"after_care", "speed_of_response", "outcome"};
  const Rules& rules = life.world.rules;
  const bool ours = draws.Happens(0.9);
  Word word{PromiseId::Trusted(life.NewId('v')), at, 4 + draws.Below(20), 0, std::nullopt};
  const double bias = ours ? life.RepAt(at).bias : 0;
  word.needed = static_cast<double>(word.days) * stats::Exp(rules.promise_mean + rules.promise_spread * draws.Normal()) * (1 + bias);
  if (draws.Happens(0.4)) word.quantity = static_cast<double>(2 + draws.Below(20));
  PromiseMade* said = life.Tell<PromiseMade>(at);
  if (said == nullptr) return;
  said->promise = word.id;
  said->quantity = word.quantity;
  if (word.quantity) said->unit = "pieces";
  said->due = life.DayOf(at) + static_cast<int>(word.days);
  said->dimension = std::string(kDimensions[static_cast<std::size_t>(draws.Below(3))]);
  said->by = ours ? PromiseBy::kOurs : PromiseBy::kCustomer;
  if (ours) said->rep = life.RepAt(at).id;
  said->contact = life.SomeContact(draws);
  said->what = life.Says(Saying::kPromise, draws);
  said->work_minutes = 30 + 15 * progress.Below(6);
  TellProgress(life, word, progress);
  TellOutcome(life, word, draws);
}

}  // namespace

void TellProspect(Life& life) {
  Draws draws = life.DrawsFor("prospect");
  if (life.person.brought_by >= 0 || !draws.Happens(0.5)) {
    life.person.first_purchase = Later(life.born, 0.01 + draws.Exponential(2));
    return;
  }
  Instant at = life.born;
  int made = 0;
  for (int attempt = 1; attempt <= life.world.rules.attempts; ++attempt) {
    at = life.WorkMoment(attempt == 1 ? at : Later(at, draws.Between(10, 40)), 540 + 480 * draws.Uniform());
    if (WantsQuiet(life, at)) break;
    const bool yes = draws.Happens(life.world.ChanceOfYes(attempt));
    if (!TellAttempt(life, at, yes, draws)) break;
    made = attempt;
    if (!yes) continue;
    life.person.first_purchase = at.PlusMinutes(60);
    life.truth.emplace("won_over_at", attempt);
    break;
  }
  life.truth.emplace("attempts", made);
}

void TellTouches(Life& life) {
  Draws draws = life.DrawsFor("touches");
  Day visited = Day::min();
  const double mean = 365.25 / 8;
  for (Instant t = Later(life.born, draws.Exponential(mean)); t < life.world.end; t = Later(t, draws.Exponential(mean))) {
    const Channel drawn = kChannels[draws.Weighted(kChannelShares, kChannels.size())];
    const double minute = draws.Happens(0.35) ? 60 * life.person.best_hour + 120 * draws.Uniform() : 540 + 540 * draws.Uniform();
    const Instant at = life.WorkMoment(t, minute);
    const Channel channel = drawn == Channel::kVisit && !CanVisit(life, at) ? Channel::kCall : drawn;
    const bool inbound = (channel == Channel::kCall || channel == Channel::kMail || channel == Channel::kMessage) && draws.Happens(0.2);
    if (inbound) {
      TellInbound(life, at, channel, draws);
    } else if (WantsQuiet(life, at)) {
      continue;
    } else if (channel == Channel::kVisit) {
      const bool invented = life.RepAt(at).kind == RepKind::kInvented;
      const Day planned = VisitDay(life, life.DayOf(at));
      const Day day = invented ? absl::NextWeekday(planned - 1, absl::Weekday::friday) : planned;
      if (day == visited || !CanVisit(life, life.Moment(day + 1, 0)) || WantsQuiet(life, life.Moment(day + 1, 0))) continue;
      visited = day;
      invented ? TellInventedVisit(life, day, draws) : TellVisit(life, day, draws);
    } else if (channel == Channel::kCall) {
      TellCall(life, at, draws);
    } else {
      TellOther(life, at, channel, draws);
    }
  }
}

void TellPromises(Life& life) {
  Draws draws = life.DrawsFor("promises"), progress = life.DrawsFor("progress");
  const double mean = 365.25 / 1.5;
  for (Instant t = Later(life.born, draws.Exponential(mean)); t < life.world.end; t = Later(t, draws.Exponential(mean))) {
    TellPromise(life, life.WorkMoment(t, 540 + 480 * draws.Uniform()), draws, progress);
  }
}

}  // namespace rapport::simulation
