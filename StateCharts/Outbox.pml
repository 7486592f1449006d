/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_empty, s_waiting, s_full };
mtype:rule = { r_ask, r_drop, r_enter, r_expire, r_forget, r_keep, r_notHeld, r_pass, r_permit, r_refuse, r_refuseFull, r_release, r_restart, r_stale, r_withdraw, r_written };
mtype:state state = s_empty;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_empty -> rule = r_enter; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_empty -> rule = r_enter; step_begins(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_empty -> rule = r_notHeld; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_empty -> rule = r_written; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_empty -> rule = r_drop; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_empty -> rule = r_refuse; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_empty -> rule = r_release; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_empty -> rule = r_restart; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_enter; step_begins(); do_arm(); state = s_full; step_ends() }
    :: atomic { state == s_waiting -> rule = r_enter; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_waiting -> rule = r_ask; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_permit; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_pass; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_withdraw; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_forget; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_notHeld; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_written; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_drop; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_refuse; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_release; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_restart; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_keep; step_begins(); do_disarm(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_withdraw; step_begins(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_forget; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_drop; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_drop; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_refuse; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_restart; step_begins(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_restart; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_refuseFull; step_begins(); do_settle(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_forget; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_drop; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_refuse; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_restart; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_forget; step_begins(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_drop; step_begins(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_refuse; step_begins(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_restart; step_begins(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_refuseFull; step_begins(); do_settle(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_ask; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_permit; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_pass; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_withdraw; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_forget; step_begins(); do_settle(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_keep; step_begins(); do_disarm(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_withdraw; step_begins(); do_disarm(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_forget; step_begins(); do_settle(); do_disarm(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_notHeld; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_written; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_drop; step_begins(); do_settle(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_drop; step_begins(); do_settle(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_refuse; step_begins(); do_settle(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_release; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_restart; step_begins(); do_settle(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_restart; step_begins(); do_settle(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_forget; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_drop; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_refuse; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_restart; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_forget; step_begins(); do_disarm(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_drop; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_refuse; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_restart; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_drop; step_begins(); do_settle(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_refuse; step_begins(); do_settle(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_restart; step_begins(); do_settle(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_drop; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_restart; step_begins(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_keep; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_drop; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_restart; step_begins(); do_arm(); state = s_full; step_ends() }
    :: atomic { state == s_waiting -> rule = r_written; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_written; step_begins(); do_settle(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_drop; step_begins(); do_disarm(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_drop; step_begins(); do_settle(); do_disarm(); state = s_waiting; step_ends() }
    od
}

active proctype Timer_outbox() {
    do
    :: atomic { state == s_empty -> rule = r_stale; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_stale; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_expire; step_begins(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_expire; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_expire; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); do_arm(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); do_settle(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_stale; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); do_settle(); state = s_empty; step_ends() }
    od
}

