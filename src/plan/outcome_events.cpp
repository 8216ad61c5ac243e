#include "absl/strings/str_cat.h"
#include "ledger/own_event.hpp"
#include "plan/outcome_answers.hpp"
#include "rapport/core/status.hpp"
#include "rapport/plan/outcome.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

// Writes down what the answers say, one event after the other.
class Writer {
 public:
  Writer(const OutcomeSubject& subject, const OutcomeAnswers& answers, Instant at, const RepId& by, const std::string& recording)
      : subject_(subject), answers_(answers), at_(at), recording_(recording) {
    if (!by.empty()) rep_ = by;
    else rep_ = subject.rep;
  }

  std::vector<Event> Write() {
    Touched();
    if (answers_.reached != Disposition::kReached) {
      NotReached();
      return std::move(events_);
    }
    Worried();
    if (answers_.refusal) Add("refusal", ByUs(*answers_.refusal));
    if (answers_.fact) Add("fact", ByUs(*answers_.fact));
    if (answers_.promise) Add("promise", ByUs(*answers_.promise));
    if (answers_.next) Add("appointment", Appointment());
    Add("done", FollowUpDone{subject_.followup, rep_, answers_.goal});
    return std::move(events_);
  }

 private:
  template <class T>
  void Add(const char* kind, T data) {
    events_.push_back(OwnEvent(absl::StrCat(recording_, "/", kind), subject_.customer, at_, std::move(data)));
  }
  // Who of us heard it, and from whom.
  template <class T>
  T ByUs(T said) const {
    said.rep = rep_;
    said.contact = subject_.contact;
    return said;
  }

  void Touched() {
    Touch touch;
    touch.channel = subject_.channel;
    touch.purpose = subject_.purpose;
    touch.disposition = answers_.reached;
    touch.minutes = answers_.minutes;
    touch.followup = subject_.followup;
    touch.objective_met = answers_.goal;
    touch.note = answers_.note;
    touch.start = answers_.start;
    if (answers_.reached == Disposition::kAutoReply && answers_.next) touch.back_on = answers_.next->day;
    Add("touch", ByUs(std::move(touch)));
  }

  void Worried() {
    if (answers_.worry) Add("worry", ByUs(*answers_.worry));
    if (!subject_.worry) return;
    if (answers_.cured) {
      WorryResolved resolved = *answers_.cured;
      resolved.worry = subject_.worry;
      resolved.rep = rep_;
      Add("cured", std::move(resolved));
    } else if (answers_.not_cured) {
      Add("heard", WorryAcknowledged{subject_.worry, rep_});
    }
  }

  // The attempt stands; the work does too, put off where a day was named. Where the policy itself says what follows such an attempt, its step is done.
  void NotReached() {
    if (answers_.next) {
      Add("snoozed", FollowUpSnoozed{subject_.followup, answers_.next->at, rep_, std::nullopt});
    } else if (subject_.branches.contains(std::string(NameOf(answers_.reached)))) {
      Add("done", FollowUpDone{subject_.followup, rep_, std::nullopt});
    }
  }

  AppointmentMade Appointment() const {
    AppointmentMade made;
    made.start = answers_.next->at;
    made.minutes = answers_.next->minutes;
    made.channel = IsWritten(subject_.channel) ? Channel::kCall : subject_.channel;   // nobody is agreed with to write at ten
    made.purpose = subject_.purpose;
    made.followup = subject_.followup;
    made.about = answers_.next->about;
    return ByUs(std::move(made));
  }

  const OutcomeSubject& subject_;
  const OutcomeAnswers& answers_;
  Instant at_;
  const std::string& recording_;
  std::optional<RepId> rep_;
  std::vector<Event> events_;
};

}  // namespace

absl::StatusOr<std::vector<Event>> OutcomeEvents(const OutcomeSubject& subject, const Json& answers, Instant at, const RepId& by,
                                                 const std::string& recording) {
  RAPPORT_ASSIGN_OR_RETURN(const OutcomeAnswers said, ReadAnswers(subject, answers, at));
  return Writer(subject, said, at, by, recording).Write();
}

}  // namespace rapport
