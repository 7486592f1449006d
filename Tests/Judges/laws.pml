/* The laws of the lifecycle's control skeleton, for Spin. What data decides is free here: a law must hold either way. */
#define is_over (state == s_backingOff || state == s_closed)
#define is_connecting (state == s_connecting_resolving || state == s_connecting_dialing \
    || state == s_connecting_tunnelling || state == s_connecting_securing || state == s_connecting_upgrading \
    || state == s_connecting_refused)
#define is_closing (state == s_closing_draining || state == s_closing_closeSent || state == s_closing_awaitingEnd)

/* Whether the attempt holds something of the world; whether this step has told of an end; where it began. */
bool is_held, is_told;
mtype:state before;

inline step_begins() { is_told = false; before = state }
inline step_ends() {
    /* R2, R3: something is held in every state between the beginning and the end of an attempt, and in no other. */
    assert(is_held == !(state == s_idle || is_over));
    /* R4: an end is told of by the step that brings it, and by no other. */
    assert(is_told == (is_over && before != state));
    /* Nothing follows on closed. */
    assert(before != s_closed || state == s_closed)
}

inline do_resolve() { assert(!is_held); is_held = true }
inline do_dial() { assert(is_held) }
/* What an attempt that is over brings is given back too, without having been held. */
inline do_release() { if :: rule == r_stale -> skip :: else -> assert(is_held); is_held = false fi }
inline do_report() { assert(!is_told); is_told = true }
inline do_tunnel() { assert(is_held) }
inline do_secure() { assert(is_held) }
inline do_upgrade() { assert(is_held) }
inline do_sendClose() { assert(is_held) }
inline do_hastenClose() { assert(is_held) }
inline do_arm() { skip }
inline do_disarm() { skip }
inline do_settle() { skip }
inline do_askDelay() { assert(is_told) }

/* With weak fairness, which is the passing of time, nothing lasts for ever but idle, open.ready and closed. */
ltl closed_is_final { [] ((state == s_closed) -> [] (state == s_closed)) }
ltl connecting_ends { [] (is_connecting -> <> !is_connecting) }
ltl authenticating_ends { [] ((state == s_open_authenticating) -> <> (state != s_open_authenticating)) }
ltl restoring_ends { [] ((state == s_open_restoring) -> <> (state != s_open_restoring)) }
ltl closing_ends { [] (is_closing -> <> !is_closing) }
ltl waiting_ends { [] ((state == s_backingOff) -> <> (state != s_backingOff)) }
