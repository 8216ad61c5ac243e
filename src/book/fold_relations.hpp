// Floor 2, inside. The part of an account's fold that makes its Relations.
#ifndef RAPPORT_SRC_BOOK_FOLD_RELATIONS_HPP_
#define RAPPORT_SRC_BOOK_FOLD_RELATIONS_HPP_

#include "book/fields.hpp"
#include "rapport/book/account.hpp"

namespace rapport {

struct RelationFolder {
  Relations& relations;
  const Event& event;

  void operator()(const FactLearned& said) const;
  void operator()(const NeedStated& said) const;
  void operator()(const ContractStarted& said) const;
  void operator()(const ContractRenewed& said) const;
  void operator()(const ContractEnded& said) const;
  void operator()(const OpportunityOpened& said) const;
  void operator()(const OpportunityStageChanged& said) const;
  void operator()(const OpportunityWon& said) const;
  void operator()(const OpportunityLost& said) const;
  void operator()(const CaseOpened& said) const;
  void operator()(const CaseClosed& said) const;
  void operator()(const AppointmentMade& said) const;
  void operator()(const AppointmentCancelled& said) const;
  void operator()(const FeedbackGiven& said) const { Keep(relations.feedback, said); }
  void operator()(const ExpectationStated& said) const { Keep(relations.expectations, said); }
  void operator()(const ReferralMade& said) const { Keep(relations.referrals, said); }
  void operator()(const CompetitorSeen& said) const { Keep(relations.competitors, said); }
  void operator()(const ApproachUsed& said) const { Keep(relations.approaches, said); }
  void operator()(const LessonRecorded& said) const { Keep(relations.lessons, said); }
  void operator()(const ExposureLogged& said) const { Keep(relations.exposures, said); }
  void operator()(const SignalObserved& said) const;
  void operator()(const CadenceEntered& said) const;
  void operator()(const CadenceAdvanced& said) const;
  void operator()(const CadenceLeft& said) const;

 private:
  template <class T>
  void Keep(std::vector<Said<T>>& list, const T& said) const {
    DropPrivate(list.emplace_back(Said<T>{event.key, event.occurred.at, said}).data);
  }
  OpportunityRecord* OpenOpportunity(const std::optional<OpportunityId>& named) const;
  ContractRecord* RunningContract(const std::optional<ContractId>& named) const;
  void Close(OpportunityRecord& record, OpportunityState state) const;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_BOOK_FOLD_RELATIONS_HPP_
