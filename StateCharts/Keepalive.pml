/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_off, s_listening, s_suspended, s_probing };
mtype:rule = { r_alive, r_begin, r_dead, r_end, r_lookAgain, r_note, r_probe, r_probeQueued, r_probeUnheard, r_resume, r_stale, r_suspend, r_withoutKeepalive };
mtype:state state = s_off;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_off -> rule = r_begin; step_begins(); do_arm(); state = s_listening; step_ends() }
    :: atomic { state == s_off -> rule = r_note; step_begins(); state = s_off; step_ends() }
    :: atomic { state == s_off -> rule = r_stale; step_begins(); state = s_off; step_ends() }
    :: atomic { state == s_off -> rule = r_withoutKeepalive; step_begins(); state = s_off; step_ends() }
    :: atomic { state == s_listening -> rule = r_begin; step_begins(); do_arm(); state = s_listening; step_ends() }
    :: atomic { state == s_listening -> rule = r_note; step_begins(); state = s_listening; step_ends() }
    :: atomic { state == s_listening -> rule = r_suspend; step_begins(); do_arm(); state = s_suspended; step_ends() }
    :: atomic { state == s_listening -> rule = r_stale; step_begins(); state = s_listening; step_ends() }
    :: atomic { state == s_listening -> rule = r_end; step_begins(); do_disarm(); state = s_off; step_ends() }
    :: atomic { state == s_suspended -> rule = r_begin; step_begins(); do_arm(); state = s_listening; step_ends() }
    :: atomic { state == s_suspended -> rule = r_note; step_begins(); state = s_suspended; step_ends() }
    :: atomic { state == s_suspended -> rule = r_stale; step_begins(); state = s_suspended; step_ends() }
    :: atomic { state == s_suspended -> rule = r_resume; step_begins(); do_arm(); state = s_listening; step_ends() }
    :: atomic { state == s_suspended -> rule = r_end; step_begins(); do_disarm(); state = s_off; step_ends() }
    :: atomic { state == s_probing -> rule = r_begin; step_begins(); do_arm(); state = s_listening; step_ends() }
    :: atomic { state == s_probing -> rule = r_note; step_begins(); state = s_probing; step_ends() }
    :: atomic { state == s_probing -> rule = r_suspend; step_begins(); do_arm(); state = s_suspended; step_ends() }
    :: atomic { state == s_probing -> rule = r_stale; step_begins(); state = s_probing; step_ends() }
    :: atomic { state == s_probing -> rule = r_end; step_begins(); do_disarm(); state = s_off; step_ends() }
    od
}

active proctype Timer_keepalive() {
    do
    :: atomic { state == s_off -> rule = r_stale; step_begins(); state = s_off; step_ends() }
    :: atomic { state == s_listening -> rule = r_lookAgain; step_begins(); do_arm(); state = s_listening; step_ends() }
    :: atomic { state == s_listening -> rule = r_probe; step_begins(); do_ping(); do_arm(); state = s_probing; step_ends() }
    :: atomic { state == s_listening -> rule = r_probeQueued; step_begins(); do_arm(); state = s_probing; step_ends() }
    :: atomic { state == s_suspended -> rule = r_probeUnheard; step_begins(); do_ping(); do_arm(); state = s_suspended; step_ends() }
    :: atomic { state == s_suspended -> rule = r_probeQueued; step_begins(); do_arm(); state = s_suspended; step_ends() }
    :: atomic { state == s_probing -> rule = r_dead; step_begins(); do_raise(); state = s_off; step_ends() }
    :: atomic { state == s_probing -> rule = r_alive; step_begins(); do_arm(); state = s_listening; step_ends() }
    od
}

