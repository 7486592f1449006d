/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_idle, s_connecting_resolving, s_closed, s_backingOff, s_connecting_dialing, s_connecting_tunnelling, s_connecting_securing, s_connecting_upgrading, s_open_authenticating, s_connecting_refused, s_closing_draining, s_open_restoring, s_closing_awaitingEnd, s_closing_closeSent, s_open_ready };
mtype:rule = { r_abandonMessage, r_admit, r_alreadyClosing, r_alreadyOpen, r_answerClose, r_answerPing, r_attemptCut, r_attemptTimedOut, r_authenticated, r_authenticationFailed, r_begin, r_cancelAttempt, r_cancelRetry, r_closeAnswered, r_closeKept, r_closeTimedOut, r_closeUnused, r_closeWritten, r_closesCrossed, r_delayChosen, r_deliver, r_deliverWhileClosing, r_dialFailed, r_dialed, r_drainProgressed, r_drainTimedOut, r_ended, r_established, r_failAttempt, r_failConnection, r_failOpen, r_failWhileDraining, r_giveUp, r_hurry, r_ignoreAfterClose, r_impossible, r_join, r_keepaliveExpired, r_lost, r_notePong, r_outlasted, r_ready, r_refusalBegan, r_refusalEnded, r_refuse, r_refuseLate, r_resolveFailed, r_resolved, r_retry, r_secured, r_stabilised, r_stale, r_startClosing, r_takeFragment, r_tlsFailed, r_tunnelled, r_upgradeFailed, r_violatedWhileClosing };
mtype:state state = s_idle;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_idle -> rule = r_begin; step_begins(); do_resolve(); do_arm(); do_arm(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_idle -> rule = r_refuse; step_begins(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_admit; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_closeUnused; step_begins(); do_report(); state = s_closed; step_ends() }
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); do_release(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_join; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_refuse; step_begins(); do_settle(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_admit; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_refuseLate; step_begins(); do_settle(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_resolved; step_begins(); do_dial(); do_disarm(); do_arm(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_resolveFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); do_release(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_refuse; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_closed -> rule = r_refuse; step_begins(); do_settle(); state = s_closed; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); do_release(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_resolveFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_resolveFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_hurry; step_begins(); do_resolve(); do_disarm(); do_arm(); do_arm(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_refuse; step_begins(); do_settle(); state = s_backingOff; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_admit; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_cancelRetry; step_begins(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); do_release(); state = s_backingOff; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_delayChosen; step_begins(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_giveUp; step_begins(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_join; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_refuse; step_begins(); do_settle(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_admit; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_refuseLate; step_begins(); do_settle(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_dialed; step_begins(); do_tunnel(); do_disarm(); do_arm(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_dialFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); do_release(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_dialed; step_begins(); do_secure(); do_disarm(); do_arm(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_dialFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_dialed; step_begins(); do_upgrade(); do_disarm(); do_arm(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_cancelRetry; step_begins(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_giveUp; step_begins(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_dialFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_resolveFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_join; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_refuse; step_begins(); do_settle(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_admit; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_refuseLate; step_begins(); do_settle(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_tunnelled; step_begins(); do_secure(); do_disarm(); do_arm(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); do_release(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_join; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_refuse; step_begins(); do_settle(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_admit; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_refuseLate; step_begins(); do_settle(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_secured; step_begins(); do_upgrade(); do_disarm(); do_arm(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_tlsFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); do_release(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_join; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_refuse; step_begins(); do_settle(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_admit; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_refuseLate; step_begins(); do_settle(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_established; step_begins(); do_disarm(); do_disarm(); do_arm(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_refusalBegan; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_upgradeFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_tlsFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_tlsFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); do_release(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_tunnelled; step_begins(); do_upgrade(); do_disarm(); do_arm(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_dialFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_tlsFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_join; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_refuse; step_begins(); do_settle(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_admit; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_refuseLate; step_begins(); do_settle(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_startClosing; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_failOpen; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_authenticated; step_begins(); do_disarm(); do_arm(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_authenticationFailed; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_deliver; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_takeFragment; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_answerPing; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_notePong; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_answerClose; step_begins(); do_sendClose(); do_disarm(); do_arm(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_failConnection; step_begins(); do_sendClose(); do_disarm(); do_arm(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_abandonMessage; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); do_release(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_join; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refuse; step_begins(); do_settle(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_admit; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refuseLate; step_begins(); do_settle(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); do_release(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_upgradeFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_tlsFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_resolveFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_upgradeFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_tlsFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_tlsFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_join; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_refuse; step_begins(); do_settle(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_alreadyClosing; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_refuseLate; step_begins(); do_settle(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_deliverWhileClosing; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_takeFragment; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_answerPing; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_notePong; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_closesCrossed; step_begins(); do_hastenClose(); do_disarm(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_failWhileDraining; step_begins(); do_sendClose(); do_disarm(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_closeKept; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_drainProgressed; step_begins(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_closeWritten; step_begins(); do_disarm(); do_arm(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); do_release(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_admit; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_join; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_refuse; step_begins(); do_settle(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_admit; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_refuseLate; step_begins(); do_settle(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_startClosing; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_failOpen; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_authenticationFailed; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_ready; step_begins(); do_disarm(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_deliver; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_takeFragment; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_answerPing; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_notePong; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_answerClose; step_begins(); do_sendClose(); do_disarm(); do_arm(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_failConnection; step_begins(); do_sendClose(); do_disarm(); do_arm(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_abandonMessage; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); do_release(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_join; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_refuse; step_begins(); do_settle(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_admit; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_alreadyClosing; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_refuseLate; step_begins(); do_settle(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_ignoreAfterClose; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_closeKept; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_closeWritten; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); do_release(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_dialFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_tlsFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_tlsFailed; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_cancelAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_join; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_refuse; step_begins(); do_settle(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_alreadyClosing; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_refuseLate; step_begins(); do_settle(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_deliverWhileClosing; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_takeFragment; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_ignoreAfterClose; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_notePong; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_closeAnswered; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_violatedWhileClosing; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_closeKept; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); do_release(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_admit; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_violatedWhileClosing; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_alreadyOpen; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_admit; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_refuseLate; step_begins(); do_settle(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_startClosing; step_begins(); do_sendClose(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_failOpen; step_begins(); do_sendClose(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_impossible; step_begins(); do_release(); do_report(); state = s_closed; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_authenticationFailed; step_begins(); do_sendClose(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_deliver; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_takeFragment; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_answerPing; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_notePong; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_answerClose; step_begins(); do_sendClose(); do_arm(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_failConnection; step_begins(); do_sendClose(); do_arm(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_abandonMessage; step_begins(); do_sendClose(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_lost; step_begins(); do_release(); do_report(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_lost; step_begins(); do_release(); do_report(); state = s_closed; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); do_release(); state = s_open_ready; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_ready; step_begins(); do_disarm(); do_disarm(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_violatedWhileClosing; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_lost; step_begins(); do_release(); do_report(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_violatedWhileClosing; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_violatedWhileClosing; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_ended; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_ready; step_begins(); do_disarm(); do_arm(); state = s_open_ready; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptCut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_startClosing; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_failOpen; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_authenticationFailed; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_answerClose; step_begins(); do_sendClose(); do_disarm(); do_arm(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_failConnection; step_begins(); do_sendClose(); do_disarm(); do_arm(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_abandonMessage; step_begins(); do_sendClose(); do_disarm(); do_arm(); do_arm(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_failAttempt; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_impossible; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_lost; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_keepaliveExpired; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    od
}

active proctype Timer_resolve() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    od
}

active proctype Timer_dial() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    od
}

active proctype Timer_tunnel() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    od
}

active proctype Timer_secure() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    od
}

active proctype Timer_upgrade() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    od
}

active proctype Timer_deadline() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_refusalEnded; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    od
}

active proctype Timer_authenticate() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    od
}

active proctype Timer_restore() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_attemptTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    od
}

active proctype Timer_stability() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stabilised; step_begins(); do_disarm(); state = s_open_ready; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stabilised; step_begins(); do_disarm(); do_disarm(); state = s_open_ready; step_ends() }
    od
}

active proctype Timer_close() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_drainTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_drainTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_closeTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_closeTimedOut; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_closeTimedOut; step_begins(); do_release(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_closeTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_drainTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_closeTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_drainTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_drainTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_closeTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_closeTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_closeTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_closeTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_closeTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    od
}

active proctype Timer_drain() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_stale; step_begins(); state = s_backingOff; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_drainTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_drainTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_arm(); state = s_backingOff; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_drainTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); do_askDelay(); state = s_backingOff; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_drainTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_drainTimedOut; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_arm(); state = s_backingOff; step_ends() }
    od
}

active proctype Timer_backoff() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_retry; step_begins(); do_resolve(); do_disarm(); do_arm(); do_arm(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    od
}

active proctype Timer_outage() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_stale; step_begins(); state = s_connecting_resolving; step_ends() }
    :: atomic { state == s_closed -> rule = r_stale; step_begins(); state = s_closed; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_giveUp; step_begins(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_stale; step_begins(); state = s_connecting_dialing; step_ends() }
    :: atomic { state == s_backingOff -> rule = r_giveUp; step_begins(); do_report(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_giveUp; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_stale; step_begins(); state = s_connecting_tunnelling; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_stale; step_begins(); state = s_connecting_securing; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_stale; step_begins(); state = s_connecting_upgrading; step_ends() }
    :: atomic { state == s_connecting_resolving -> rule = r_giveUp; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_giveUp; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_stale; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_stale; step_begins(); state = s_connecting_refused; step_ends() }
    :: atomic { state == s_connecting_dialing -> rule = r_giveUp; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_giveUp; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_giveUp; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_stale; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_stale; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_stale; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_connecting_tunnelling -> rule = r_giveUp; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_connecting_securing -> rule = r_giveUp; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_open_authenticating -> rule = r_outlasted; step_begins(); state = s_open_authenticating; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_giveUp; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_stale; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_stale; step_begins(); state = s_open_ready; step_ends() }
    :: atomic { state == s_connecting_upgrading -> rule = r_giveUp; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_draining -> rule = r_outlasted; step_begins(); state = s_closing_draining; step_ends() }
    :: atomic { state == s_open_restoring -> rule = r_outlasted; step_begins(); state = s_open_restoring; step_ends() }
    :: atomic { state == s_closing_awaitingEnd -> rule = r_outlasted; step_begins(); state = s_closing_awaitingEnd; step_ends() }
    :: atomic { state == s_connecting_refused -> rule = r_giveUp; step_begins(); do_release(); do_report(); do_disarm(); do_disarm(); state = s_closed; step_ends() }
    :: atomic { state == s_closing_closeSent -> rule = r_outlasted; step_begins(); state = s_closing_closeSent; step_ends() }
    :: atomic { state == s_open_ready -> rule = r_outlasted; step_begins(); state = s_open_ready; step_ends() }
    od
}

