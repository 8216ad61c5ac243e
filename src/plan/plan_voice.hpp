// Floor 6, inside. What every face of a plan says in the same words: one language and one reader for all its sentences.
#ifndef RAPPORT_SRC_PLAN_PLAN_VOICE_HPP_
#define RAPPORT_SRC_PLAN_PLAN_VOICE_HPP_

#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "rapport/core/sentence.hpp"
#include "rapport/plan/plan_day.hpp"

namespace rapport {

// Why it is held: the reason that lasts, not the night that happens to be now.
// Empty where a plan says nothing of it: who is left alone to be compared with is not to be told from the others, and what waits for
// something else of the same customer is no news beside it.
std::string HoldReasonOf(const Decision& decision);

// Nothing to say of it on any face: of several reps such a one is left out.
bool IsBlank(const RepDay& day);

// "09:00"
std::string ClockText(const Zone& zone, Instant at);

class PlanVoice {
 public:
  PlanVoice(Language language, const Texts& texts) : language_(language), texts_(texts) {}
  Language language() const { return language_; }
  const Texts& texts() const { return texts_; }
  absl::StatusOr<std::string> Say(const Sentence& sentence) const { return Catalogue::Bundled().Say(sentence, language_, texts_); }
  absl::StatusOr<std::string> Say(std::string key, std::map<std::string, SentenceArgument> arguments = {}) const {
    return Say(Sentence{std::move(key), std::move(arguments)});
  }
  // Of a line or a decision.
  template <class T>
  std::string Customer(const T& of) const { return texts_.Customer(of.customer, language_); }
  template <class T>
  std::string Contact(const T& of) const { return of.contact ? texts_.Contact(of.customer, *of.contact, language_) : std::string(); }
  // "Hakata Dental, Dr Mori"
  absl::StatusOr<std::string> Who(const PlanLine& line) const;
  // "Hakata Dental, Dr Mori (promised 10 filters by Wed 4 Mar)"
  absl::StatusOr<std::string> WhoAndWhy(const PlanLine& line) const;
  absl::StatusOr<std::string> Rep(const RepDay& day) const;
  // What a planned line says beside who, why and what for: "Put off on 3 days, 5 days old. From Ms Sato."; most often empty.
  absl::StatusOr<std::string> Besides(const PlanLine& line) const;
  // "Next room: Tue 3 Mar 09:00."; empty where the plan has none for it.
  absl::StatusOr<std::string> Later(const RepDay& day, const PlanLine& line) const;
  // "Visits: 3 planned and 1 done with an outcome, 5 wanted."; empty where nothing is wanted, or on a day off.
  absl::StatusOr<std::string> Quota(const RepDay& day) const;
  // Who is held, and until when: "Ms Ueno", "would not take our call on 9 Feb ...".
  absl::StatusOr<std::pair<std::string, std::string>> Held(const Book& book, const Decision& d) const;

 private:
  Language language_;
  const Texts& texts_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_PLAN_VOICE_HPP_
