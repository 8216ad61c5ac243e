// Who of ours knows a customer.
#include "rapport/relationship/ties.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "relationship/contacts.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

std::vector<Tie> TiesAt(const Account& account, std::string_view as_of) {
  return TiesOf(account, RelationshipTerms::Default(), ZoneRules::Bundled().Utc(), At(as_of));
}

Touch Meeting(std::string rep, std::string contact) {
  Touch touch = From(By(Channel::kMeeting), std::move(rep));
  touch.contact = ContactId::Trusted(std::move(contact));
  return touch;
}

TEST(Relationship_Ties, TheWarmestFirstWithWhomTheyMet) {
  const Account account = AccountWith({{At("2026-01-01T09:00:00Z"), Meeting("sato", "mori")},
                                       {At("2026-02-01T09:00:00Z"), Meeting("sato", "abe")},
                                       {At("2026-02-10T09:00:00Z"), From(By(Channel::kCall), "kim")},
                                       {At("2026-02-20T09:00:00Z"), From(By(Channel::kVisit, Purpose::kSell), "lee")},
                                       {At("2026-02-21T09:00:00Z"), From(Of(By(Channel::kMail), TouchKind::kCopy), "copy")},
                                       {At("2026-02-22T09:00:00Z"), By(Channel::kVisit)},
                                       {At("2026-04-01T09:00:00Z"), From(By(Channel::kVisit), "later")}});
  const std::vector<Tie> ties = TiesAt(account, "2026-03-01T00:00:00Z");
  ASSERT_EQ(ties.size(), 3u);
  EXPECT_EQ(ties[0].rep.text(), "sato");
  EXPECT_EQ(ties[0].touches, 2);
  EXPECT_EQ(ties[0].first_at, At("2026-01-01T09:00:00Z"));
  EXPECT_EQ(ties[0].last_at, At("2026-02-01T09:00:00Z"));
  EXPECT_EQ(ties[0].last_channel, Channel::kMeeting);
  EXPECT_EQ(ties[0].contacts, (std::vector<ContactId>{ContactId::Trusted("abe"), ContactId::Trusted("mori")}));
  EXPECT_EQ(ties[1].rep.text(), "kim");
  EXPECT_EQ(ties[2].rep.text(), "lee");
  EXPECT_EQ(ties[2].touches, 1);
  EXPECT_EQ(ties[2].warmth, 0) << "selling makes an acquaintance and no warmth";
}

TEST(Relationship_Ties, AndWhomOfTheirsWeKnow) {
  const Account account = AccountWith({{At("2026-01-01T09:00:00Z"), Meeting("sato", "mori")}, {At("2026-02-01T09:00:00Z"), Meeting("kim", "mori")},
                                       {At("2026-02-02T09:00:00Z"), Meeting("kim", "abe")}, {At("2026-02-03T09:00:00Z"), By(Channel::kVisit)}});
  const std::vector<ContactTie> met = ContactTiesOf(account, RelationshipTerms::Default(), ZoneRules::Bundled().Utc(), At("2026-03-01T00:00:00Z"));
  ASSERT_EQ(met.size(), 2u);
  EXPECT_EQ(met[0].contact.text(), "mori");
  EXPECT_EQ(met[0].touches, 2);
  EXPECT_EQ(met[0].reps, (std::vector<RepId>{RepId::Trusted("kim"), RepId::Trusted("sato")}));
  EXPECT_EQ(met[1].contact.text(), "abe");
  EXPECT_EQ(met[1].last_at, At("2026-02-02T09:00:00Z"));
}

TEST(Relationship_Ties, TheSenderIsKnownAndStillHere) {
  const Account account = AccountWith({{At("2026-01-01T09:00:00Z"), Meeting("sato", "mori")},
                                       {At("2026-02-10T09:00:00Z"), From(By(Channel::kVisit), "kim")},
                                       {At("2026-02-11T09:00:00Z"), From(By(Channel::kMail, Purpose::kCare, std::nullopt), "writer")}});
  const std::vector<Tie> ties = TiesAt(account, "2026-03-01T00:00:00Z");
  BookContext context;
  EXPECT_EQ(SenderOf(ties, context, Day(2026, 3, 1))->rep.text(), "kim");
  context.reps[RepId::Trusted("kim")].left = Day(2026, 3, 2);
  EXPECT_EQ(SenderOf(ties, context, Day(2026, 3, 1))->rep.text(), "kim");
  EXPECT_EQ(SenderOf(ties, context, Day(2026, 3, 2))->rep.text(), "sato");
  context.reps[RepId::Trusted("sato")].left = Day(2026, 1, 2);
  EXPECT_EQ(SenderOf(ties, context, Day(2026, 3, 2)), nullptr) << "who only wrote is not known";
}

// Each weighs what he added: together they are the account's trust, less what no rep is named for.
TEST(Relationship_Ties, WarmthAddsUpToTrust) {
  EXPECT_TRUE(rc::check([] {
    const Account account = AccountWith(AnyTouches(300));
    const Zone& zone = AnyZone();
    const Instant as_of = AnyMomentWithin(300);
    double warmth = 0;
    const std::vector<Tie> ties = TiesOf(account, RelationshipTerms::Default(), zone, as_of);
    for (const Tie& tie : ties) warmth += tie.warmth;
    const double trust = TouchSumsOf(account, RelationshipTerms::Default(), zone, as_of).trust;
    RC_ASSERT(std::fabs(warmth - trust) <= 1e-12 * trust);
    for (std::size_t i = 1; i < ties.size(); ++i) RC_ASSERT(ties[i - 1].warmth >= ties[i].warmth);
  }));
}

}  // namespace
}  // namespace rapport
