/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_sealed, s_accepting_free, s_draining, s_accepting_fragmenting, s_accepting_congested };
mtype:rule = { r_awaitFlush, r_begin, r_breakMessage, r_drain, r_drained, r_drop, r_end, r_flushed, r_forget, r_noSuchMessage, r_notWaiting, r_pong, r_progress, r_refuseFull, r_refuseSealed, r_replacePong, r_seal, r_transmit, r_uncounted, r_wait, r_wrote };
mtype:state state = s_sealed;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_sealed -> rule = r_begin; step_begins(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_sealed -> rule = r_refuseSealed; step_begins(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_sealed -> rule = r_flushed; step_begins(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_sealed -> rule = r_uncounted; step_begins(); state = s_sealed; step_ends() }
    :: atomic { state == s_sealed -> rule = r_drop; step_begins(); state = s_sealed; step_ends() }
    :: atomic { state == s_sealed -> rule = r_pong; step_begins(); do_pong(); state = s_sealed; step_ends() }
    :: atomic { state == s_sealed -> rule = r_notWaiting; step_begins(); state = s_sealed; step_ends() }
    :: atomic { state == s_sealed -> rule = r_seal; step_begins(); state = s_draining; step_ends() }
    :: atomic { state == s_sealed -> rule = r_end; step_begins(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_begin; step_begins(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_transmit; step_begins(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_transmit; step_begins(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_noSuchMessage; step_begins(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_flushed; step_begins(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_wrote; step_begins(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_drop; step_begins(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_pong; step_begins(); do_pong(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_notWaiting; step_begins(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_seal; step_begins(); state = s_draining; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_end; step_begins(); state = s_sealed; step_ends() }
    :: atomic { state == s_sealed -> rule = r_replacePong; step_begins(); do_replacePong(); state = s_sealed; step_ends() }
    :: atomic { state == s_draining -> rule = r_begin; step_begins(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_draining -> rule = r_refuseSealed; step_begins(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_flushed; step_begins(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_drained; step_begins(); do_raise(); state = s_sealed; step_ends() }
    :: atomic { state == s_draining -> rule = r_progress; step_begins(); do_raise(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_wrote; step_begins(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_drop; step_begins(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_pong; step_begins(); do_pong(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_notWaiting; step_begins(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_seal; step_begins(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_end; step_begins(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_wait; step_begins(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_awaitFlush; step_begins(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_begin; step_begins(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_wait; step_begins(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_transmit; step_begins(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_noSuchMessage; step_begins(); do_settle(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_transmit; step_begins(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_awaitFlush; step_begins(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_wrote; step_begins(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_pong; step_begins(); do_pong(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_breakMessage; step_begins(); do_raise(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_notWaiting; step_begins(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_seal; step_begins(); state = s_draining; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_end; step_begins(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_replacePong; step_begins(); do_replacePong(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_draining -> rule = r_replacePong; step_begins(); do_replacePong(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_awaitFlush; step_begins(); state = s_draining; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_begin; step_begins(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_wait; step_begins(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_noSuchMessage; step_begins(); do_settle(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_awaitFlush; step_begins(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_pong; step_begins(); do_pong(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_notWaiting; step_begins(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_forget; step_begins(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_seal; step_begins(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_end; step_begins(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_begin; step_begins(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_drain; step_begins(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_drain; step_begins(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_drop; step_begins(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_forget; step_begins(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_end; step_begins(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_begin; step_begins(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_transmit; step_begins(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_forget; step_begins(); do_settle(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_seal; step_begins(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_end; step_begins(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); do_settle(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_flushed; step_begins(); do_settle(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_replacePong; step_begins(); do_replacePong(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_draining -> rule = r_begin; step_begins(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_draining -> rule = r_drained; step_begins(); do_settle(); do_raise(); state = s_sealed; step_ends() }
    :: atomic { state == s_draining -> rule = r_progress; step_begins(); do_settle(); do_raise(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_wrote; step_begins(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_forget; step_begins(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_end; step_begins(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_begin; step_begins(); do_settle(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_refuseFull; step_begins(); do_settle(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_seal; step_begins(); do_settle(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_end; step_begins(); do_settle(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_forget; step_begins(); do_settle(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_forget; step_begins(); do_settle(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); do_settle(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_replacePong; step_begins(); do_replacePong(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_refuseFull; step_begins(); do_settle(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_begin; step_begins(); do_settle(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_refuseFull; step_begins(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_drain; step_begins(); do_settle(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_drop; step_begins(); do_settle(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_free -> rule = r_end; step_begins(); do_settle(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_draining -> rule = r_drop; step_begins(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_transmit(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_transmit(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); do_settle(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_begin; step_begins(); do_settle(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_seal; step_begins(); do_settle(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_end; step_begins(); do_settle(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_transmit; step_begins(); do_transmit(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_transmit; step_begins(); do_transmit(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_settle(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); do_settle(); do_settle(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_draining -> rule = r_begin; step_begins(); do_settle(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_draining -> rule = r_refuseFull; step_begins(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_drained; step_begins(); do_settle(); do_settle(); do_raise(); state = s_sealed; step_ends() }
    :: atomic { state == s_draining -> rule = r_progress; step_begins(); do_settle(); do_settle(); do_raise(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_wrote; step_begins(); do_settle(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_draining -> rule = r_end; step_begins(); do_settle(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); do_settle(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_begin; step_begins(); do_settle(); do_settle(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); do_settle(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_end; step_begins(); do_settle(); do_settle(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_transmit(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_transmit(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); do_settle(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); do_settle(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_draining -> rule = r_drop; step_begins(); do_settle(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); do_transmit(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); do_transmit(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); do_settle(); do_settle(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_begin; step_begins(); do_settle(); do_settle(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_end; step_begins(); do_settle(); do_settle(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_transmit; step_begins(); do_transmit(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); do_settle(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_begin; step_begins(); do_settle(); do_settle(); do_settle(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drop; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_end; step_begins(); do_settle(); do_settle(); do_settle(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_seal; step_begins(); do_settle(); do_settle(); do_settle(); state = s_draining; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_transmit(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_transmit(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); do_settle(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_transmit(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); do_settle(); do_transmit(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_congested -> rule = r_drain; step_begins(); do_settle(); do_settle(); do_transmit(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_begin; step_begins(); do_settle(); do_settle(); do_settle(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_end; step_begins(); do_settle(); do_settle(); do_settle(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_transmit(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_settle(); do_transmit(); do_transmit(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drop; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_settle(); do_transmit(); state = s_accepting_congested; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_settle(); do_transmit(); do_transmit(); state = s_accepting_fragmenting; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_begin; step_begins(); do_settle(); do_settle(); do_settle(); do_settle(); do_settle(); state = s_accepting_free; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_end; step_begins(); do_settle(); do_settle(); do_settle(); do_settle(); do_settle(); state = s_sealed; step_ends() }
    :: atomic { state == s_accepting_fragmenting -> rule = r_drain; step_begins(); do_settle(); do_settle(); do_transmit(); do_transmit(); state = s_accepting_congested; step_ends() }
    od
}

