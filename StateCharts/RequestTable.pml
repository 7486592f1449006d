/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_empty, s_waiting, s_full };
mtype:rule = { r_answer, r_ask, r_duplicate, r_expire, r_forget, r_late, r_lose, r_notPending, r_premature, r_refuseFull, r_sent, r_stale, r_unsolicited, r_wait };
mtype:state state = s_empty;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_empty -> rule = r_ask; step_begins(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_empty -> rule = r_notPending; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_empty -> rule = r_unsolicited; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_ask; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_waiting -> rule = r_sent; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_wait; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_premature; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_lose; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_forget; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_notPending; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_unsolicited; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_ask; step_begins(); do_arm(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_refuseFull; step_begins(); do_settle(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_sent; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_wait; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_premature; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_lose; step_begins(); do_settle(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_forget; step_begins(); do_settle(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_notPending; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_unsolicited; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_waiting -> rule = r_answer; step_begins(); do_settle(); do_disarm(); state = s_empty; step_ends() }
    :: atomic { state == s_empty -> rule = r_late; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_answer; step_begins(); do_settle(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_late; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_empty -> rule = r_duplicate; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_duplicate; step_begins(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_late; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_duplicate; step_begins(); state = s_full; step_ends() }
    od
}

active proctype Timer_request() {
    do
    :: atomic { state == s_empty -> rule = r_stale; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_waiting -> rule = r_expire; step_begins(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_waiting -> rule = r_expire; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); do_arm(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); do_settle(); do_arm(); state = s_waiting; step_ends() }
    :: atomic { state == s_full -> rule = r_expire; step_begins(); do_settle(); do_settle(); state = s_empty; step_ends() }
    od
}

