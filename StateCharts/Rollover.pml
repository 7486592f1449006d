/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_steady, s_preparing, s_ended, s_retracting, s_leaving, s_parting };
mtype:rule = { r_begin, r_callOff, r_end, r_fall, r_fallShort, r_finish, r_forget, r_goneEarly, r_join, r_loseEarlier, r_notHeld, r_overlapTimedOut, r_part, r_prepareTimedOut, r_refuseBusy, r_refuseEnded, r_refuseNotReady, r_retracted, r_stale, r_turnOver, r_vanish };
mtype:state state = s_steady;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_steady -> rule = r_begin; step_begins(); do_prepare(); do_arm(); state = s_preparing; step_ends() }
    :: atomic { state == s_steady -> rule = r_refuseNotReady; step_begins(); do_settle(); state = s_steady; step_ends() }
    :: atomic { state == s_steady -> rule = r_notHeld; step_begins(); state = s_steady; step_ends() }
    :: atomic { state == s_steady -> rule = r_end; step_begins(); state = s_ended; step_ends() }
    :: atomic { state == s_steady -> rule = r_stale; step_begins(); state = s_steady; step_ends() }
    :: atomic { state == s_preparing -> rule = r_join; step_begins(); state = s_preparing; step_ends() }
    :: atomic { state == s_preparing -> rule = r_callOff; step_begins(); do_settle(); do_giveUp(); state = s_retracting; step_ends() }
    :: atomic { state == s_preparing -> rule = r_notHeld; step_begins(); state = s_preparing; step_ends() }
    :: atomic { state == s_preparing -> rule = r_end; step_begins(); do_giveUp(); do_settle(); state = s_ended; step_ends() }
    :: atomic { state == s_preparing -> rule = r_stale; step_begins(); state = s_preparing; step_ends() }
    :: atomic { state == s_preparing -> rule = r_fall; step_begins(); do_giveUp(); do_settle(); state = s_retracting; step_ends() }
    :: atomic { state == s_preparing -> rule = r_turnOver; step_begins(); do_turn(); do_arm(); state = s_leaving; step_ends() }
    :: atomic { state == s_preparing -> rule = r_fallShort; step_begins(); do_giveUp(); do_settle(); state = s_retracting; step_ends() }
    :: atomic { state == s_preparing -> rule = r_vanish; step_begins(); do_settle(); state = s_steady; step_ends() }
    :: atomic { state == s_preparing -> rule = r_prepareTimedOut; step_begins(); do_giveUp(); do_settle(); state = s_retracting; step_ends() }
    :: atomic { state == s_ended -> rule = r_refuseEnded; step_begins(); do_settle(); state = s_ended; step_ends() }
    :: atomic { state == s_ended -> rule = r_notHeld; step_begins(); state = s_ended; step_ends() }
    :: atomic { state == s_ended -> rule = r_stale; step_begins(); state = s_ended; step_ends() }
    :: atomic { state == s_preparing -> rule = r_refuseBusy; step_begins(); do_settle(); state = s_preparing; step_ends() }
    :: atomic { state == s_preparing -> rule = r_forget; step_begins(); do_settle(); state = s_preparing; step_ends() }
    :: atomic { state == s_preparing -> rule = r_end; step_begins(); do_giveUp(); do_settle(); do_settle(); state = s_ended; step_ends() }
    :: atomic { state == s_preparing -> rule = r_fall; step_begins(); do_giveUp(); do_settle(); do_settle(); state = s_retracting; step_ends() }
    :: atomic { state == s_preparing -> rule = r_fallShort; step_begins(); do_giveUp(); do_settle(); do_settle(); state = s_retracting; step_ends() }
    :: atomic { state == s_preparing -> rule = r_vanish; step_begins(); do_settle(); do_settle(); state = s_steady; step_ends() }
    :: atomic { state == s_preparing -> rule = r_prepareTimedOut; step_begins(); do_giveUp(); do_settle(); do_settle(); state = s_retracting; step_ends() }
    :: atomic { state == s_retracting -> rule = r_refuseBusy; step_begins(); do_settle(); state = s_retracting; step_ends() }
    :: atomic { state == s_retracting -> rule = r_notHeld; step_begins(); state = s_retracting; step_ends() }
    :: atomic { state == s_retracting -> rule = r_end; step_begins(); state = s_ended; step_ends() }
    :: atomic { state == s_retracting -> rule = r_stale; step_begins(); state = s_retracting; step_ends() }
    :: atomic { state == s_retracting -> rule = r_retracted; step_begins(); state = s_steady; step_ends() }
    :: atomic { state == s_leaving -> rule = r_join; step_begins(); state = s_leaving; step_ends() }
    :: atomic { state == s_leaving -> rule = r_forget; step_begins(); do_settle(); state = s_leaving; step_ends() }
    :: atomic { state == s_leaving -> rule = r_notHeld; step_begins(); state = s_leaving; step_ends() }
    :: atomic { state == s_leaving -> rule = r_end; step_begins(); do_giveUp(); do_settle(); state = s_ended; step_ends() }
    :: atomic { state == s_leaving -> rule = r_stale; step_begins(); state = s_leaving; step_ends() }
    :: atomic { state == s_leaving -> rule = r_loseEarlier; step_begins(); do_leave(); state = s_parting; step_ends() }
    :: atomic { state == s_leaving -> rule = r_goneEarly; step_begins(); do_settle(); state = s_steady; step_ends() }
    :: atomic { state == s_leaving -> rule = r_finish; step_begins(); do_leave(); state = s_parting; step_ends() }
    :: atomic { state == s_leaving -> rule = r_overlapTimedOut; step_begins(); do_leave(); state = s_parting; step_ends() }
    :: atomic { state == s_leaving -> rule = r_refuseBusy; step_begins(); do_settle(); state = s_leaving; step_ends() }
    :: atomic { state == s_leaving -> rule = r_end; step_begins(); do_giveUp(); do_settle(); do_settle(); state = s_ended; step_ends() }
    :: atomic { state == s_leaving -> rule = r_goneEarly; step_begins(); do_settle(); do_settle(); state = s_steady; step_ends() }
    :: atomic { state == s_leaving -> rule = r_end; step_begins(); do_giveUp(); state = s_ended; step_ends() }
    :: atomic { state == s_leaving -> rule = r_goneEarly; step_begins(); state = s_steady; step_ends() }
    :: atomic { state == s_parting -> rule = r_join; step_begins(); state = s_parting; step_ends() }
    :: atomic { state == s_parting -> rule = r_forget; step_begins(); do_settle(); state = s_parting; step_ends() }
    :: atomic { state == s_parting -> rule = r_notHeld; step_begins(); state = s_parting; step_ends() }
    :: atomic { state == s_parting -> rule = r_end; step_begins(); do_settle(); state = s_ended; step_ends() }
    :: atomic { state == s_parting -> rule = r_stale; step_begins(); state = s_parting; step_ends() }
    :: atomic { state == s_parting -> rule = r_part; step_begins(); do_settle(); state = s_steady; step_ends() }
    :: atomic { state == s_parting -> rule = r_refuseBusy; step_begins(); do_settle(); state = s_parting; step_ends() }
    :: atomic { state == s_parting -> rule = r_end; step_begins(); do_settle(); do_settle(); state = s_ended; step_ends() }
    :: atomic { state == s_parting -> rule = r_part; step_begins(); do_settle(); do_settle(); state = s_steady; step_ends() }
    :: atomic { state == s_parting -> rule = r_end; step_begins(); state = s_ended; step_ends() }
    :: atomic { state == s_parting -> rule = r_part; step_begins(); state = s_steady; step_ends() }
    od
}

