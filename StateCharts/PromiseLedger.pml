/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_empty, s_holding, s_full };
mtype:rule = { r_forget, r_hold, r_notHeld, r_refuseFull, r_settle };
mtype:state state = s_empty;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_empty -> rule = r_hold; step_begins(); state = s_holding; step_ends() }
    :: atomic { state == s_empty -> rule = r_settle; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_empty -> rule = r_notHeld; step_begins(); state = s_empty; step_ends() }
    :: atomic { state == s_holding -> rule = r_hold; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_holding -> rule = r_hold; step_begins(); state = s_holding; step_ends() }
    :: atomic { state == s_holding -> rule = r_settle; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_holding -> rule = r_forget; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_holding -> rule = r_notHeld; step_begins(); state = s_holding; step_ends() }
    :: atomic { state == s_holding -> rule = r_settle; step_begins(); state = s_holding; step_ends() }
    :: atomic { state == s_full -> rule = r_refuseFull; step_begins(); do_settle(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_hold; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_settle; step_begins(); do_settle(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_forget; step_begins(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_notHeld; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_holding -> rule = r_settle; step_begins(); do_settle(); state = s_holding; step_ends() }
    :: atomic { state == s_holding -> rule = r_settle; step_begins(); do_settle(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_holding -> rule = r_forget; step_begins(); do_settle(); state = s_holding; step_ends() }
    :: atomic { state == s_full -> rule = r_settle; step_begins(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_settle; step_begins(); do_settle(); do_settle(); state = s_holding; step_ends() }
    :: atomic { state == s_full -> rule = r_settle; step_begins(); do_settle(); do_settle(); do_settle(); state = s_empty; step_ends() }
    :: atomic { state == s_full -> rule = r_forget; step_begins(); do_settle(); state = s_holding; step_ends() }
    :: atomic { state == s_full -> rule = r_forget; step_begins(); do_settle(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_settle; step_begins(); do_settle(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_settle; step_begins(); do_settle(); do_settle(); state = s_full; step_ends() }
    :: atomic { state == s_full -> rule = r_settle; step_begins(); do_settle(); do_settle(); do_settle(); do_settle(); state = s_empty; step_ends() }
    od
}

