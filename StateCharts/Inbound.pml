/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_idle, s_flowing, s_paused, s_closing, s_overflowing };
mtype:rule = { r_begin, r_beginPaused, r_consume, r_consumerLeft, r_discard, r_end, r_pause, r_readToEnd, r_resume, r_stale, r_take };
mtype:state state = s_idle;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_idle -> rule = r_begin; step_begins(); state = s_flowing; step_ends() }
    :: atomic { state == s_idle -> rule = r_take; step_begins(); do_deliver(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_consume; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_consumerLeft; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_flowing -> rule = r_begin; step_begins(); state = s_flowing; step_ends() }
    :: atomic { state == s_flowing -> rule = r_take; step_begins(); do_deliver(); state = s_flowing; step_ends() }
    :: atomic { state == s_flowing -> rule = r_pause; step_begins(); do_deliver(); do_pauseReading(); state = s_paused; step_ends() }
    :: atomic { state == s_flowing -> rule = r_consume; step_begins(); state = s_flowing; step_ends() }
    :: atomic { state == s_flowing -> rule = r_consumerLeft; step_begins(); state = s_flowing; step_ends() }
    :: atomic { state == s_flowing -> rule = r_readToEnd; step_begins(); state = s_closing; step_ends() }
    :: atomic { state == s_flowing -> rule = r_end; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_beginPaused; step_begins(); do_pauseReading(); state = s_paused; step_ends() }
    :: atomic { state == s_idle -> rule = r_discard; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_paused -> rule = r_beginPaused; step_begins(); do_pauseReading(); state = s_paused; step_ends() }
    :: atomic { state == s_paused -> rule = r_take; step_begins(); do_deliver(); state = s_paused; step_ends() }
    :: atomic { state == s_paused -> rule = r_consume; step_begins(); state = s_paused; step_ends() }
    :: atomic { state == s_paused -> rule = r_resume; step_begins(); do_resumeReading(); state = s_flowing; step_ends() }
    :: atomic { state == s_paused -> rule = r_readToEnd; step_begins(); do_resumeReading(); state = s_closing; step_ends() }
    :: atomic { state == s_paused -> rule = r_end; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_flowing -> rule = r_discard; step_begins(); state = s_flowing; step_ends() }
    :: atomic { state == s_closing -> rule = r_begin; step_begins(); state = s_flowing; step_ends() }
    :: atomic { state == s_closing -> rule = r_take; step_begins(); do_deliver(); state = s_closing; step_ends() }
    :: atomic { state == s_closing -> rule = r_consume; step_begins(); state = s_closing; step_ends() }
    :: atomic { state == s_closing -> rule = r_consumerLeft; step_begins(); state = s_closing; step_ends() }
    :: atomic { state == s_closing -> rule = r_stale; step_begins(); state = s_closing; step_ends() }
    :: atomic { state == s_closing -> rule = r_end; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_paused -> rule = r_begin; step_begins(); state = s_flowing; step_ends() }
    :: atomic { state == s_closing -> rule = r_beginPaused; step_begins(); do_pauseReading(); state = s_paused; step_ends() }
    :: atomic { state == s_closing -> rule = r_discard; step_begins(); state = s_overflowing; step_ends() }
    :: atomic { state == s_closing -> rule = r_discard; step_begins(); state = s_closing; step_ends() }
    :: atomic { state == s_overflowing -> rule = r_beginPaused; step_begins(); do_pauseReading(); state = s_paused; step_ends() }
    :: atomic { state == s_overflowing -> rule = r_discard; step_begins(); state = s_overflowing; step_ends() }
    :: atomic { state == s_overflowing -> rule = r_consume; step_begins(); state = s_overflowing; step_ends() }
    :: atomic { state == s_overflowing -> rule = r_consumerLeft; step_begins(); state = s_overflowing; step_ends() }
    :: atomic { state == s_overflowing -> rule = r_stale; step_begins(); state = s_overflowing; step_ends() }
    :: atomic { state == s_overflowing -> rule = r_end; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_overflowing -> rule = r_begin; step_begins(); state = s_flowing; step_ends() }
    od
}

