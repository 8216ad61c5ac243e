// Who a customer is, and what becomes known of him.
#include "absl/strings/str_cat.h"
#include "engine/simulate_life.hpp"

namespace rapport::simulation {
namespace {

// An honest rep's customers live within a short drive of each other; those of a rep who drives nowhere live anywhere.
void Place(Life& life, Draws& draws) {
  const RepPlan& rep = life.RepAt(life.born);
  const double spread = rep.kind == RepKind::kInvented ? 1.5 : 0.05;
  life.person.latitude = rep.latitude + draws.Between(-spread, spread);
  life.person.longitude = rep.longitude + draws.Between(-spread, spread);
}

std::string Phone(Draws& draws) { return absl::StrCat("+999 555 ", 1000 + draws.Below(9000)); }

void TellCustomer(Life& life) {
  const Person& person = life.person;
  Draws draws = life.DrawsFor("customer");
  CustomerUpserted* said = life.Tell<CustomerUpserted>(life.born);
  if (said == nullptr) return;
  said->kind = person.kind;
  said->owner = life.RepAt(life.born).id;
  said->origin = person.brought_by >= 0 ? Origin::kReferral : draws.Happens(0.15) ? Origin::kRepeat : Origin::kNew;
  said->segment = std::string(kSegments[person.segment]);
  said->zone = person.near ? life.world.options.zone : life.world.zone_names[person.language];
  said->language = std::string(kLanguages[person.language]);
  if (person.large) said->large = true;
  said->expected_volume = life.Cents(100'000 * (1 + draws.Below(person.large ? 900 : 60)));
  said->name = person.kind == CustomerKind::kOrganisation ? NameFirm(person.language, draws) : NamePerson(person.language, draws).full;
  said->address = NameStreet(person.language, draws);
  said->phone = Phone(draws);
  said->mail = absl::StrCat("c", life.name, "@example.com");
}

// What is thought of a customer's size changes.
void TellSize(Life& life) {
  Draws draws = life.DrawsFor("size");
  if (!draws.Happens(0.1)) return;
  CustomerUpserted* said = life.Tell<CustomerUpserted>(life.WorkMoment(life.Sometime(draws), 660));
  if (said == nullptr) return;
  said->kind = life.person.kind;
  said->expected_volume = life.Cents(100'000 * (1 + draws.Below(200)));
}

void TellContacts(Life& life) {
  static constexpr std::array<std::string_view, 3> kRoles = {"owner", "buyer", "kitchen"};
  static constexpr std::array<PersonTitle, 4> kTitles = {PersonTitle::kMs, PersonTitle::kMr, PersonTitle::kDr, PersonTitle::kProf};
  Draws draws = life.DrawsFor("contacts");
  for (std::size_t i = 0; i < life.person.contacts.size(); ++i) {
    ContactUpserted* said = life.Tell<ContactUpserted>(life.born.PlusMinutes(1));
    if (said == nullptr) return;
    said->contact = life.person.contacts[i];
    said->role = std::string(kRoles[i % kRoles.size()]);
    said->decides = i == 0 ? DecisionRight::kYes : draws.Happens(0.3) ? DecisionRight::kShared : DecisionRight::kNo;
    said->language = std::string(kLanguages[life.person.language]);
    said->primary = i == 0;
    const PersonName name = NamePerson(life.person.language, draws);
    said->name = name.full;
    said->family_name = name.family;
    said->title = kTitles[static_cast<std::size_t>(draws.Below(4))];
    said->phone = Phone(draws);
    said->mail = absl::StrCat("p", life.name, "-", i + 1, "@example.com");
  }
}

void TellConsents(Life& life) {
  Draws draws = life.DrawsFor("consents");
  if (draws.Happens(0.7)) {
    if (ConsentChanged* said = life.Tell<ConsentChanged>(life.born.PlusMinutes(2))) {
      if (draws.Happens(0.5)) said->channel = Channel::kMail;
      if (draws.Happens(0.5)) said->purpose = ConsentPurpose::kSell;
      if (draws.Happens(0.2)) said->expires = life.DayOf(life.born) + 365;
      said->proof = life.Says(Saying::kProof, draws);
    }
  }
  if (draws.Happens(0.1)) {
    if (ConsentChanged* said = life.Tell<ConsentChanged>(life.Sometime(draws).PlusMinutes(3))) {
      said->state = ConsentState::kWithdrawn;
      if (draws.Happens(0.5)) said->channel = Channel::kNewsletter;
    }
  }
  if (!life.person.quiet) return;
  if (DoNotContactSet* said = life.Tell<DoNotContactSet>(*life.person.quiet)) {
    if (draws.Happens(0.2)) said->until = life.DayOf(*life.person.quiet) + 365;
    said->reason = life.Says(Saying::kReason, draws);
  }
  if (!draws.Happens(0.3)) return;
  if (DoNotContactSet* said = life.Tell<DoNotContactSet>(Later(*life.person.quiet, draws.Between(60, 200)))) said->active = false;
}

void TellOwners(Life& life) {
  if (!life.person.handed) return;
  if (OwnerAssigned* said = life.Tell<OwnerAssigned>(*life.person.handed)) {
    said->owner = life.RepAt(*life.person.handed).id;
    said->reason = "territory";
  }
}

// A facet's value changes now and then: the newest one holds.
void TellFacts(Life& life) {
  static constexpr std::array<std::string_view, 4> kFacets = {"hobby", "family", "fiscal_year_ends", "favourite_drink"};
  static constexpr std::array<std::string_view, 3> kSources = {"customer", "colleague", "web"};
  Draws draws = life.DrawsFor("facts");
  for (const std::string_view facet : kFacets) {
    if (!draws.Happens(0.3)) continue;
    const std::int64_t times = 1 + draws.Geometric(0.7);
    for (std::int64_t i = 0; i < times; ++i) {
      const Instant at = life.Sometime(draws);
      FactLearned* said = life.Tell<FactLearned>(at);
      if (said == nullptr) continue;
      said->facet = std::string(facet);
      said->learned_from = std::string(kSources[static_cast<std::size_t>(draws.Below(3))]);
      said->contact = life.SomeContact(draws);
      said->rep = life.RepAt(at).id;
      said->value = life.Says(Saying::kFact, draws);
    }
  }
}

void TellExpectations(Life& life) {
  static constexpr std::array<std::string_view, 10> kDimensions = {"outcome", "ease_of_use", "brand_uplift", "assurance", "after_care",
                                                                   "speed_of_response", "courtesy", "drive", "track_record", "relationship"};
  Draws draws = life.DrawsFor("expectations");
  for (const std::string_view dimension : kDimensions) {
    if (!draws.Happens(0.15)) continue;
    ExpectationStated* said = life.Tell<ExpectationStated>(life.born.PlusMinutes(10 + draws.Below(60 * 24 * 30)));
    if (said == nullptr) continue;
    said->dimension = std::string(dimension);
    said->level = static_cast<double>(3 + draws.Below(8));
    if (draws.Happens(0.3)) said->inferred = true;
    said->contact = life.SomeContact(draws);
    said->text = life.Says(Saying::kExpectation, draws);
  }
}

}  // namespace

void MakePerson(Life& life) {
  static constexpr double kSpeakers[] = {0.55, 0.15, 0.15, 0.15};
  Person& person = life.person;
  Draws draws = life.DrawsFor("person");
  person.kind = draws.Happens(0.6) ? CustomerKind::kOrganisation : CustomerKind::kPerson;
  person.language = draws.Weighted(kSpeakers, 4);
  person.near = person.language == 0 || draws.Happens(0.5);
  person.zone = person.near ? life.world.zones[0] : life.world.zones[person.language];
  Draws taste = life.DrawsFor("rate");
  person.lambda = taste.Gamma(life.world.options.buying.r) / life.world.options.buying.alpha;
  person.p = taste.Beta(life.world.options.buying.a, life.world.options.buying.b);
  if (life.world.options.only_purchases) return;
  person.segment = static_cast<std::size_t>(draws.Below(kSegments.size()));
  person.large = person.kind == CustomerKind::kOrganisation && draws.Happens(0.15);
  person.best_hour = 9 + static_cast<int>(draws.Below(8));
  Place(life, draws);
  const std::int64_t contacts = person.kind == CustomerKind::kPerson ? 1 : 1 + draws.Below(3);
  for (std::int64_t i = 1; i <= contacts; ++i) person.contacts.push_back(ContactId::Trusted(absl::StrCat("p-", life.name, "-", i)));
  if (draws.Happens(0.08)) person.handed = life.WorkMoment(life.Sometime(draws), 540);
  if (draws.Happens(0.05)) person.quiet = life.Sometime(draws).PlusMinutes(5);
  person.brought_by = life.world.BroughtBy(life.number);
}

void TellProfile(Life& life) {
  TellCustomer(life);
  TellSize(life);
  TellContacts(life);
  TellConsents(life);
  TellOwners(life);
  TellFacts(life);
  TellExpectations(life);
}

}  // namespace rapport::simulation
