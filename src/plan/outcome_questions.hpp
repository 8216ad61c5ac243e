// Floor 6, inside. Which questions an outcome asks: what forms show and answers are read by.
#ifndef RAPPORT_SRC_PLAN_OUTCOME_QUESTIONS_HPP_
#define RAPPORT_SRC_PLAN_OUTCOME_QUESTIONS_HPP_

#include <string>
#include <string_view>
#include <vector>

#include "rapport/plan/outcome.hpp"

namespace rapport {

struct OutcomeQuestion {
  std::string_view key;
  std::string_view type;
  std::string_view text;        // message key
  bool only_if_reached = true;
  bool required = false;        // where it is asked
};

// In the order in which they are asked; at most six.
std::vector<OutcomeQuestion> QuestionsOf(const OutcomeSubject& subject);
// What may have come of an attempt by the channel.
std::vector<Disposition> DispositionsOf(Channel channel);

// Every word of a vocabulary, in its order.
template <class E>
std::vector<E> AllOf() {
  std::vector<E> all;
  for (const auto& word : WordList<E>::kWords) all.push_back(word.value);
  return all;
}

}  // namespace rapport

#endif  // RAPPORT_SRC_PLAN_OUTCOME_QUESTIONS_HPP_
