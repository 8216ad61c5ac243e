// Floor 1. How the ledger is kept right without forgetting: payloads as in payloads.hpp, which includes this.
//
// Events are never changed. What was said wrong is said anew (event.corrected), or taken back (event.retracted, and
// batch.retracted for all of an import); of all that was said under one identity the words claimed last count, among those
// that were known. docs/adr/0018 says how.
#ifndef RAPPORT_LEDGER_KEEPING_PAYLOADS_HPP_
#define RAPPORT_LEDGER_KEEPING_PAYLOADS_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/time.hpp"
#include "rapport/ledger/need.hpp"

namespace rapport {

// The event named says this instead. Its subject and type stay.
struct EventCorrected {
  static constexpr std::string_view kType = "event.corrected";
  std::string target_source;
  std::string target_id;
  std::string target_type;
  Instant time;        // when it happened
  Json facts;          // its facts, in full
  std::optional<Json> text;  // private, its private part, in full
  template <class V> static void Describe(V& v) {
    v.Fact("target_source", &EventCorrected::target_source, kRequired);
    v.Fact("target_id", &EventCorrected::target_id, kRequired);
    v.Fact("target_type", &EventCorrected::target_type, kRequired);
    v.Fact("time", &EventCorrected::time, kRequired);
    v.Fact("facts", &EventCorrected::facts, kRequired);
    v.Private("text", &EventCorrected::text);
  }
};

// The event named never counted.
struct EventRetracted {
  static constexpr std::string_view kType = "event.retracted";
  std::string target_source;
  std::string target_id;
  std::optional<std::string> reason;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("target_source", &EventRetracted::target_source, kRequired);
    v.Fact("target_id", &EventRetracted::target_id, kRequired);
    v.Private("reason", &EventRetracted::reason);
  }
};

struct ImportStarted {
  static constexpr std::string_view kType = "import.started";
  BatchId batch;
  std::optional<std::int64_t> rows;
  std::optional<std::string> mapping;  // hash of the mapping's canonical document
  std::optional<bool> knowledge_assumed;  // true: the file has no recordedtime, so each event is taken as known when it happened
  std::optional<std::string> file;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("batch", &ImportStarted::batch, kRequired);
    v.Fact("rows", &ImportStarted::rows);
    v.Fact("mapping", &ImportStarted::mapping);
    v.Fact("knowledge_assumed", &ImportStarted::knowledge_assumed);
    v.Private("file", &ImportStarted::file);
  }
};

// No event of the batch counts from here on.
struct BatchRetracted {
  static constexpr std::string_view kType = "batch.retracted";
  BatchId batch;
  std::optional<std::string> reason;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("batch", &BatchRetracted::batch, kRequired);
    v.Private("reason", &BatchRetracted::reason);
  }
};

// `merged` and the subject are one account, under the subject's id.
struct CustomerMerged {
  static constexpr std::string_view kType = "customer.merged";
  CustomerId merged;
  std::optional<std::string> reason;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("merged", &CustomerMerged::merged, kRequired);
    v.Private("reason", &CustomerMerged::reason);
  }
};

// The subject and `merged` are two accounts again, as if they had never been merged.
struct MergeUndone {
  static constexpr std::string_view kType = "merge.undone";
  CustomerId merged;
  std::optional<std::string> reason;  // private
  template <class V> static void Describe(V& v) {
    v.Fact("merged", &MergeUndone::merged, kRequired);
    v.Private("reason", &MergeUndone::reason);
  }
};

// The private text of the customer is gone for good. `suppressed` are digests under the host's key of what the person could be known by.
struct CustomerErased {
  static constexpr std::string_view kType = "customer.erased";
  std::optional<std::vector<std::string>> suppressed;
  template <class V> static void Describe(V& v) {
    v.Fact("suppressed", &CustomerErased::suppressed);
  }
};

}  // namespace rapport

#endif  // RAPPORT_LEDGER_KEEPING_PAYLOADS_HPP_
