// Which touches are contacts: every channel, direction, kind and disposition.
#include "rapport/relationship/touches.hpp"

#include <gtest/gtest.h>

#include "relationship/contacts.hpp"

namespace rapport {
namespace {

using namespace made;  // NOLINT

TEST(Relationship_Touches, OnlyPersonalOnesAreContacts) {
  for (const auto& channel : WordList<Channel>::kWords) {
    for (const TouchKind kind : {TouchKind::kMass, TouchKind::kCopy, TouchKind::kEdit}) {
      const Touch touch = Of(By(channel.value), kind);
      EXPECT_EQ(ReachOf(touch), TouchReach::kNone) << channel.name;
      EXPECT_FALSE(IsContact(touch) || IsCareContact(touch) || IsAnswer(touch) || IsMeeting(touch)) << channel.name;
    }
    EXPECT_EQ(ReachOf(Of(By(channel.value), TouchKind::kPersonal)), TouchReach::kReached) << channel.name;
  }
  EXPECT_EQ(ReachOf(By(Channel::kNewsletter)), TouchReach::kNone) << "mass unless it is marked";
  EXPECT_EQ(ReachOf(By(Channel::kCall)), TouchReach::kReached);
}

TEST(Relationship_Touches, WhatCameOfItDecides) {
  const auto reach = [](Channel channel, std::optional<Disposition> disposition, Direction direction = Direction::kOutbound) {
    return ReachOf(By(channel, Purpose::kCare, disposition, direction));
  };
  EXPECT_EQ(reach(Channel::kCall, std::nullopt), TouchReach::kReached);
  EXPECT_EQ(reach(Channel::kVisit, std::nullopt), TouchReach::kReached);
  for (const Channel written : {Channel::kMail, Channel::kLetter, Channel::kMessage}) {
    EXPECT_EQ(reach(written, std::nullopt), TouchReach::kSent);
    EXPECT_EQ(reach(written, std::nullopt, Direction::kInbound), TouchReach::kReached) << "they wrote";
    EXPECT_EQ(reach(written, Disposition::kReached), TouchReach::kReached);
  }
  EXPECT_EQ(reach(Channel::kCall, Disposition::kAbsent), TouchReach::kNobody);
  EXPECT_EQ(reach(Channel::kCall, Disposition::kBusy), TouchReach::kNobody);
  EXPECT_EQ(reach(Channel::kCall, Disposition::kCallBack), TouchReach::kTurnedAway);
  EXPECT_EQ(reach(Channel::kVisit, Disposition::kRefusedContact), TouchReach::kTurnedAway);
  EXPECT_EQ(reach(Channel::kCall, Disposition::kWrongNumber), TouchReach::kNone);
  EXPECT_EQ(reach(Channel::kMail, Disposition::kAutoReply, Direction::kInbound), TouchReach::kNone);
}

TEST(Relationship_Touches, SellingIsContactAndNoCare) {
  EXPECT_TRUE(IsContact(By(Channel::kVisit, Purpose::kSell)));
  EXPECT_FALSE(IsCareContact(By(Channel::kVisit, Purpose::kSell)));
  EXPECT_FALSE(IsCareContact(By(Channel::kVisit, Purpose::kAdmin)));
  EXPECT_TRUE(IsCareContact(By(Channel::kVisit, std::nullopt))) << "without a purpose it was care";
  EXPECT_TRUE(IsSale(By(Channel::kMail, Purpose::kSell, std::nullopt)));
  EXPECT_FALSE(IsSale(By(Channel::kCall, Purpose::kSell, Disposition::kReached, Direction::kInbound)));
  EXPECT_FALSE(IsSale(By(Channel::kCall, Purpose::kSell, Disposition::kAbsent)));
}

TEST(Relationship_Touches, AnswersMeetingsAndAttempts) {
  const auto inbound = [](std::optional<Disposition> disposition) { return By(Channel::kMail, std::nullopt, disposition, Direction::kInbound); };
  EXPECT_TRUE(IsAnswer(inbound(std::nullopt)));
  EXPECT_FALSE(IsAnswer(inbound(Disposition::kAutoReply)));
  EXPECT_FALSE(IsAnswer(Of(inbound(std::nullopt), TouchKind::kCopy)));
  EXPECT_FALSE(IsAnswer(By(Channel::kMail)));
  EXPECT_TRUE(IsMeeting(By(Channel::kMeeting, Purpose::kSell, std::nullopt)));
  EXPECT_FALSE(IsMeeting(By(Channel::kVisit, Purpose::kCare, Disposition::kAbsent)));
  EXPECT_FALSE(IsMeeting(By(Channel::kCall)));
  EXPECT_TRUE(IsAttempt(By(Channel::kNewsletter))) << "a cap counts mass mail";
  EXPECT_TRUE(IsAttempt(By(Channel::kCall, Purpose::kCare, Disposition::kAbsent)));
  EXPECT_FALSE(IsAttempt(Of(By(Channel::kMail), TouchKind::kCopy)));
  EXPECT_FALSE(IsAttempt(Of(By(Channel::kMail), TouchKind::kEdit)));
  EXPECT_FALSE(IsAttempt(inbound(std::nullopt)));
}

TEST(Relationship_Touches, ATouchNotedLaterBeganAtItsStart) {
  TouchRecord record{{"test", "t"}, At("2026-03-02T09:00:00Z"), By(Channel::kVisit)};
  EXPECT_EQ(BeganAt(record), record.at);
  record.touch.start = At("2026-02-27T15:00:00Z");
  EXPECT_EQ(BeganAt(record), At("2026-02-27T15:00:00Z"));
}

}  // namespace
}  // namespace rapport
