/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_idle, s_failed, s_trying, s_cancelled, s_connected };
mtype:rule = { r_begin, r_cancelled, r_connected, r_lastFailed, r_nextAfterFailure, r_nextAfterTime, r_nothingToDial, r_stale };
mtype:state state = s_idle;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_idle -> rule = r_nothingToDial; step_begins(); do_fail(); state = s_failed; step_ends() }
    :: atomic { state == s_idle -> rule = r_begin; step_begins(); do_connect(); state = s_trying; step_ends() }
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_cancelled; step_begins(); state = s_cancelled; step_ends() }
    :: atomic { state == s_failed -> rule = r_stale; step_begins(); state = s_failed; step_ends() }
    :: atomic { state == s_trying -> rule = r_stale; step_begins(); state = s_trying; step_ends() }
    :: atomic { state == s_trying -> rule = r_connected; step_begins(); do_succeed(); state = s_connected; step_ends() }
    :: atomic { state == s_trying -> rule = r_lastFailed; step_begins(); do_fail(); state = s_failed; step_ends() }
    :: atomic { state == s_trying -> rule = r_cancelled; step_begins(); do_abandon(); state = s_cancelled; step_ends() }
    :: atomic { state == s_trying -> rule = r_nextAfterFailure; step_begins(); do_connect(); state = s_trying; step_ends() }
    :: atomic { state == s_trying -> rule = r_nextAfterTime; step_begins(); do_abandon(); do_connect(); state = s_trying; step_ends() }
    :: atomic { state == s_cancelled -> rule = r_stale; step_begins(); state = s_cancelled; step_ends() }
    :: atomic { state == s_connected -> rule = r_stale; step_begins(); state = s_connected; step_ends() }
    od
}

