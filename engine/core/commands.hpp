#pragma once
/// One handler per command. A handler refuses before its first event or not at all.
#include "core/deciding.hpp"

namespace kontor::core {

void handle(Deciding&, const StartInstance&, std::string_view key_prefix);
void handle(Deciding&, const StartAttempt&);
void handle(Deciding&, const CompleteJob&);
void handle(Deciding&, const ReturnError&);
void handle(Deciding&, const FailJob&);
void handle(Deciding&, const LoseCall&);
void handle(Deciding&, const LoseAnswer&);
void handle(Deciding&, const DeferJob&);
void handle(Deciding&, const ExtendJob&);
void handle(Deciding&, const WakeUpJob&);
void handle(Deciding&, const AnswerQuery&);
void handle(Deciding&, const FireTimer&);
void handle(Deciding&, const CorrelateMessage&);
void handle(Deciding&, const CompleteTask&);
void handle(Deciding&, const AssignTask&);
void handle(Deciding&, const ResolveIncident&);
void handle(Deciding&, const CancelInstance&);
void handle(Deciding&, const SuspendInstance&);
void handle(Deciding&, const ResumeInstance&);
void handle(Deciding&, const Continue&);
void handle(Deciding&, const Halt&);
void handle(Deciding&, const Rewind&);

/// What a person found out about a call with an incident, as the call's answer.
void complete_for(Deciding&, const CompleteJob&, const std::string& by);
void settle_for(Deciding&, ElementKey job, const std::string& by);

/// Calls the service of a job again, as the next attempt.
void retry(Deciding&, ElementKey job);
/// A call that may not simply be repeated may have been made, whatever the state says: it is asked about, or a person is.
void doubt(Deciding&, ElementKey job, const std::string& reason);

}  // namespace kontor::core
