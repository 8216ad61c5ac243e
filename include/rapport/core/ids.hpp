// Floor 0. Ids: UTF-8 of 1 to 255 bytes, compared as bytes, never as numbers or by locale.
//
// CustomerId, RepId, ... are different types, so that a rep cannot be passed where a customer is expected. The
// text is checked where it enters (Id::Parse); inside the engine an Id is always valid, or empty for "none".
#ifndef RAPPORT_CORE_IDS_HPP_
#define RAPPORT_CORE_IDS_HPP_

#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "rapport/core/status.hpp"

namespace rapport {

// OK if `text` is well-formed UTF-8 of 1 to 255 bytes without control characters; else `id.invalid`, naming `what`.
absl::Status CheckId(std::string_view text, std::string_view what);

// True for well-formed UTF-8 (no overlong forms, no surrogates).
bool IsUtf8(std::string_view text);

template <class Tag>
class Id {
 public:
  Id() = default;  // empty: "none"

  // Checked; the error names Tag::kName and the bytes found. Token `id.invalid`.
  static absl::StatusOr<Id> Parse(std::string_view text) {
    RAPPORT_RETURN_IF_ERROR(CheckId(text, Tag::kName));
    return Id(std::string(text));
  }
  // For text that was checked before (a literal, a stored event).
  static Id Trusted(std::string text) { return Id(std::move(text)); }

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }

  friend auto operator<=>(const Id& a, const Id& b) { return a.text_.compare(b.text_) <=> 0; }
  friend bool operator==(const Id& a, const Id& b) { return a.text_ == b.text_; }
  template <class H>
  friend H AbslHashValue(H state, const Id& id) {
    return H::combine(std::move(state), id.text_);
  }

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct CustomerTag { static constexpr std::string_view kName = "customer"; };
struct ContactTag { static constexpr std::string_view kName = "contact"; };
struct RepTag { static constexpr std::string_view kName = "rep"; };
struct ProductTag { static constexpr std::string_view kName = "product"; };
struct FollowUpTag { static constexpr std::string_view kName = "followup"; };
struct PromiseTag { static constexpr std::string_view kName = "promise"; };
struct WorryTag { static constexpr std::string_view kName = "worry"; };
struct OrderTag { static constexpr std::string_view kName = "order"; };
struct NeedTag { static constexpr std::string_view kName = "need"; };
struct ContractTag { static constexpr std::string_view kName = "contract"; };
struct OpportunityTag { static constexpr std::string_view kName = "opportunity"; };
struct AppointmentTag { static constexpr std::string_view kName = "appointment"; };
struct CaseTag { static constexpr std::string_view kName = "case"; };
struct BatchTag { static constexpr std::string_view kName = "batch"; };

using CustomerId = Id<CustomerTag>;  // the account: an organisation or a household, or the person who buys
using ContactId = Id<ContactTag>;    // a person in an account
using RepId = Id<RepTag>;
using ProductId = Id<ProductTag>;
using FollowUpId = Id<FollowUpTag>;
using PromiseId = Id<PromiseTag>;
using WorryId = Id<WorryTag>;
using OrderId = Id<OrderTag>;
using NeedId = Id<NeedTag>;
using ContractId = Id<ContractTag>;
using OpportunityId = Id<OpportunityTag>;
using AppointmentId = Id<AppointmentTag>;
using CaseId = Id<CaseTag>;
using BatchId = Id<BatchTag>;        // the events that one import brought

// The identity of an event: who assigned the id, and the id. Equal identity with equal content is the same event.
struct EventKey {
  std::string source;
  std::string id;
  friend auto operator<=>(const EventKey&, const EventKey&) = default;
  bool empty() const { return source.empty() && id.empty(); }
  template <class H>
  friend H AbslHashValue(H state, const EventKey& key) {
    return H::combine(std::move(state), key.source, key.id);
  }
};

}  // namespace rapport

#endif  // RAPPORT_CORE_IDS_HPP_
