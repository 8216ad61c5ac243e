// Floor 8, inside. One customer's life while it is made: who it is, and the events so far.
#ifndef RAPPORT_SRC_ENGINE_SIMULATE_LIFE_HPP_
#define RAPPORT_SRC_ENGINE_SIMULATE_LIFE_HPP_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/simulate_words.hpp"
#include "engine/simulate_world.hpp"

namespace rapport::simulation {

// What chance made of one customer before anything happened.
struct Person {
  CustomerKind kind = CustomerKind::kPerson;
  std::size_t language = 0;         // of kLanguages
  std::size_t segment = 0;          // of kSegments
  const Zone* zone = nullptr;
  bool near = true;                 // lives in the book's zone, where reps drive
  bool large = false;
  int best_hour = 9;                // reached best in the two hours from it
  double latitude = 0, longitude = 0;
  std::int64_t brought_by = -1;
  std::vector<ContactId> contacts;  // the first one is primary
  std::optional<Instant> handed;    // from then on the next rep's
  std::optional<Instant> quiet;     // from then on does not want to hear from us
  double lambda = 0, p = 0;         // BG/NBD's
  std::optional<Instant> first_purchase;
  std::optional<Instant> left;
};

class Life {
 public:
  Life(const World& world_of, std::int64_t its_number);

  Draws DrawsFor(std::string_view purpose) const { return world.DrawsFor(purpose, name); }
  // A new event of the customer at `at`, its payload to be filled in; nullptr at the end of the world, where nothing is told any more. Valid
  // until the next call. An event of another account that belongs to this life names it.
  template <class T>
  T* Tell(Instant at) { return Tell<T>(at, id); }
  template <class T>
  T* Tell(Instant at, const CustomerId& subject) {
    if (at >= world.end) return nullptr;
    Event& event = events.emplace_back();
    event.data.emplace<T>();
    Address(event, at, subject);
    return std::get_if<T>(&event.data);
  }

  // Ids of what the customer has: "o-17-3".
  std::string NewId(char letter);
  std::string Says(Saying saying, Draws& draws) const { return Say(saying, person.language, draws); }
  const RepPlan& RepAt(Instant at) const;
  const ContactId& SomeContact(Draws& draws) const;
  Money Cents(std::int64_t cents) const { return Money(cents, world.euro); }
  Day DayOf(Instant at) const { return person.zone->LocalDay(at); }
  // `minute` of a local day, with odd seconds. The next working day after `at`, so always later than it.
  Instant Moment(Day day, double minute) const;
  Instant WorkMoment(Instant at, double minute) const;
  // A random moment between birth and the end, and the length of that time in years.
  Instant Sometime(Draws& draws) const;
  double Years() const;

  const World& world;
  std::int64_t number;
  std::string name;      // the number as text, for draws and ids
  CustomerId id;
  Instant born;
  Person person;
  std::vector<Event> events;
  std::int64_t purchases = 0;
  Json::Object truth;    // beside what Person says

 private:
  void Address(Event& event, Instant at, const CustomerId& subject);
  std::array<std::int32_t, 26> told_{}, named_{};
};

// The parts of a life, each in a source of its own. All but the first tell events of `life`.
void MakePerson(Life& life);
void TellProfile(Life& life);        // customer, contacts, consents, owners, facts, expectations
void TellPurchases(Life& life);      // all that hangs on orders
void TellPlainPurchases(Life& life); // purchases alone
void TellProspect(Life& life);       // attempts until the first purchase or giving up; sets first_purchase
void TellTouches(Life& life);
void TellPromises(Life& life);
void TellDeals(Life& life);          // needs, opportunities, approaches, competitors, lessons
void TellContracts(Life& life);      // contracts, usage
void TellReferrals(Life& life);
void TellKeeping(Life& life);        // merges, corrections, retractions; and when each event became known

// An instant later by a number of days, whole or not.
inline Instant Later(Instant at, double days) { return at.PlusMicros(static_cast<std::int64_t>(days * static_cast<double>(kMicrosPerDay))); }

}  // namespace rapport::simulation

#endif  // RAPPORT_SRC_ENGINE_SIMULATE_LIFE_HPP_
