/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_empty, s_waiting, s_watched, s_full };
mtype:rule = { r_answer, r_ask, r_end, r_expire, r_forget, r_notPending, r_probe, r_refuseFull, r_stale, r_unsolicited, r_written };
mtype:state state = s_empty;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_empty -> rule = r_ask; step_begins(); do_ping(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_empty -> rule = r_probe; step_begins(); state = s_watched; step_ends() }
    :: atomic { state == s_empty -> rule = r_unsolicited; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_empty -> rule = r_notPending; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_empty -> rule = r_written; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_empty -> rule = r_end; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_ask; step_begins(); do_ping(); state = s_full; step_ends() }
    :: atomic { state == s_waiting -> rule = r_probe; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_unsolicited; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_forget; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_notPending; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_written; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_end; step_begins(); do_disarm(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_answer; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_watched -> rule = r_ask; step_begins(); do_ping(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_watched -> rule = r_probe; step_begins(); state = s_watched; step_ends() }
    :: atomic { state == s_watched -> rule = r_unsolicited; step_begins(); state = s_watched; step_ends() }
    :: atomic { state == s_watched -> rule = r_notPending; step_begins(); state = s_watched; step_ends() }
    :: atomic { state == s_watched -> rule = r_written; step_begins(); state = s_watched; step_ends() }
    :: atomic { state == s_watched -> rule = r_end; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_watched -> rule = r_answer; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_refuseFull; step_begins(); do_settle(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_probe; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_unsolicited; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_forget; step_begins(); do_settle(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_notPending; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_written; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_end; step_begins(); do_disarm(); do_settle(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_answer; step_begins(); do_settle(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_answer; step_begins(); do_settle(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_refuseFull; step_begins(); do_settle(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_forget; step_begins(); do_settle(); do_disarm(); state = s_watched; step_ends() }
    :: atomic { state == s_waiting -> rule = r_answer; step_begins(); do_settle(); do_disarm(); state = s_watched; step_ends() }
    :: atomic { state == s_waiting -> rule = r_answer; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_watched -> rule = r_refuseFull; step_begins(); do_settle(); state = s_watched; step_ends() }
    :: atomic { state == s_full -> rule = r_answer; step_begins(); do_settle(); do_settle(); do_disarm(); state = s_watched; step_ends() }
    :: atomic { state == s_empty -> rule = r_refuseFull; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_answer; step_begins(); state = s_full; step_ends() }
    od
}

active proctype Timer_pong() {
    do
    :: atomic { state == s_empty -> rule = r_stale; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_expire; step_begins(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_expire; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_watched -> rule = r_stale; step_begins(); state = s_watched; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); do_arm(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); do_settle(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_expire; step_begins(); do_settle(); state = s_watched; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); do_settle(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); do_settle(); do_settle(); state = s_watched; step_ends() }
    od
}

