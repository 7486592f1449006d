/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_free, s_limiting };
mtype:rule = { r_admit, r_giveBack, r_grant, r_grantNext, r_impossible, r_lookAgain, r_notWaiting, r_reject, r_stale, r_wait, r_withdraw };
mtype:state state = s_free;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_free -> rule = r_admit; step_begins(); state = s_free; step_ends() }
    :: atomic { state == s_free -> rule = r_impossible; step_begins(); do_settle(); state = s_free; step_ends() }
    :: atomic { state == s_free -> rule = r_stale; step_begins(); state = s_free; step_ends() }
    :: atomic { state == s_free -> rule = r_grant; step_begins(); state = s_free; step_ends() }
    :: atomic { state == s_free -> rule = r_notWaiting; step_begins(); state = s_free; step_ends() }
    :: atomic { state == s_free -> rule = r_giveBack; step_begins(); state = s_free; step_ends() }
    :: atomic { state == s_free -> rule = r_wait; step_begins(); do_askTokens(); state = s_limiting; step_ends() }
    :: atomic { state == s_free -> rule = r_wait; step_begins(); do_arm(); state = s_limiting; step_ends() }
    :: atomic { state == s_free -> rule = r_reject; step_begins(); do_settle(); state = s_free; step_ends() }
    :: atomic { state == s_limiting -> rule = r_admit; step_begins(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_impossible; step_begins(); do_settle(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_grantNext; step_begins(); state = s_free; step_ends() }
    :: atomic { state == s_limiting -> rule = r_stale; step_begins(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_wait; step_begins(); do_askTokens(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_withdraw; step_begins(); do_returnTokens(); state = s_free; step_ends() }
    :: atomic { state == s_limiting -> rule = r_notWaiting; step_begins(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_wait; step_begins(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_wait; step_begins(); do_arm(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_withdraw; step_begins(); do_disarm(); state = s_free; step_ends() }
    :: atomic { state == s_limiting -> rule = r_giveBack; step_begins(); do_arm(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_reject; step_begins(); do_settle(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_grant; step_begins(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_grantNext; step_begins(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_withdraw; step_begins(); do_returnTokens(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_withdraw; step_begins(); do_arm(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_withdraw; step_begins(); state = s_limiting; step_ends() }
    od
}

active proctype Timer_limit() {
    do
    :: atomic { state == s_free -> rule = r_stale; step_begins(); state = s_free; step_ends() }
    :: atomic { state == s_limiting -> rule = r_stale; step_begins(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_grantNext; step_begins(); state = s_free; step_ends() }
    :: atomic { state == s_limiting -> rule = r_lookAgain; step_begins(); do_arm(); state = s_limiting; step_ends() }
    :: atomic { state == s_limiting -> rule = r_grantNext; step_begins(); do_arm(); state = s_limiting; step_ends() }
    od
}

