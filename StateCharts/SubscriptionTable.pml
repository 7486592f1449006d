/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_idle, s_settled, s_restoring };
mtype:rule = { r_alreadyConfirmed, r_confirm, r_drop, r_end, r_expire, r_fail, r_forget, r_freshAgain, r_intend, r_join, r_lookAgain, r_lose, r_notHeld, r_note, r_nothingToRestore, r_refuseFull, r_request, r_restore, r_revoke, r_stale, r_stay, r_unsubscribe };
mtype:state state = s_idle;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_idle -> rule = r_intend; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_notHeld; step_begins(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_notHeld; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_nothingToRestore; step_begins(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_join; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_drop; step_begins(); do_settle(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_restore; step_begins(); do_subscribe(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_idle -> rule = r_forget; step_begins(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); do_settle(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_request; step_begins(); do_subscribe(); do_arm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_notHeld; step_begins(); do_settle(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_notHeld; step_begins(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_nothingToRestore; step_begins(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_lose; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_refuseFull; step_begins(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_drop; step_begins(); do_settle(); do_settle(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); do_settle(); do_settle(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_restore; step_begins(); do_subscribe(); do_arm(); do_subscribe(); state = s_restoring; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); do_settle(); do_tell(); do_settle(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_join; step_begins(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_unsubscribe; step_begins(); do_settle(); do_unsubscribe(); do_settle(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_request; step_begins(); do_subscribe(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_notHeld; step_begins(); do_settle(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_settle(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_fail; step_begins(); do_settle(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_revoke; step_begins(); do_settle(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_notHeld; step_begins(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_restore; step_begins(); do_disarm(); do_subscribe(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_forget; step_begins(); do_settle(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_lose; step_begins(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_drop; step_begins(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_settle(); do_tell(); do_arm(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_join; step_begins(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_unsubscribe; step_begins(); do_settle(); do_unsubscribe(); do_settle(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_request; step_begins(); do_subscribe(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_settle(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_fail; step_begins(); do_settle(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_revoke; step_begins(); do_settle(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_restore; step_begins(); do_disarm(); do_subscribe(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_forget; step_begins(); do_settle(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_lose; step_begins(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_settle(); do_tell(); do_arm(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); do_settle(); do_settle(); do_tell(); do_settle(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_refuseFull; step_begins(); do_settle(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_unsubscribe; step_begins(); do_settle(); do_settle(); do_unsubscribe(); do_settle(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_settle(); do_settle(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_fail; step_begins(); do_settle(); do_settle(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_revoke; step_begins(); do_settle(); do_settle(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_settle(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_settle(); do_settle(); do_tell(); do_arm(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); do_settle(); do_tell(); do_settle(); do_settle(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_unsubscribe; step_begins(); do_settle(); do_unsubscribe(); do_settle(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_settle(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_fail; step_begins(); do_settle(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_revoke; step_begins(); do_settle(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_settle(); do_tell(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_restore; step_begins(); do_disarm(); do_subscribe(); do_arm(); do_subscribe(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_settle(); do_tell(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); do_tell(); do_settle(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_alreadyConfirmed; step_begins(); do_settle(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_alreadyConfirmed; step_begins(); do_settle(); do_arm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_unsubscribe; step_begins(); do_unsubscribe(); do_settle(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_stale; step_begins(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_revoke; step_begins(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_note; step_begins(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_restore; step_begins(); do_tell(); do_subscribe(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_lose; step_begins(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_drop; step_begins(); do_settle(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_unsubscribe; step_begins(); do_unsubscribe(); do_settle(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_fail; step_begins(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_revoke; step_begins(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_unsubscribe; step_begins(); do_unsubscribe(); do_settle(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_revoke; step_begins(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_restore; step_begins(); do_tell(); do_disarm(); do_subscribe(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_lose; step_begins(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_tell(); do_arm(); do_disarm(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_refuseFull; step_begins(); do_settle(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_unsubscribe; step_begins(); do_settle(); do_settle(); do_unsubscribe(); do_settle(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_settle(); do_settle(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_fail; step_begins(); do_settle(); do_settle(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_revoke; step_begins(); do_settle(); do_settle(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_settle(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_settle(); do_settle(); do_tell(); do_arm(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_unsubscribe; step_begins(); do_settle(); do_unsubscribe(); do_settle(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_fail; step_begins(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_revoke; step_begins(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_settle(); do_tell(); do_arm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_restore; step_begins(); do_disarm(); do_subscribe(); do_arm(); do_subscribe(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_settle(); do_tell(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_fail; step_begins(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_tell(); do_arm(); do_disarm(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_unsubscribe; step_begins(); do_settle(); do_settle(); do_unsubscribe(); do_settle(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_settle(); do_settle(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_fail; step_begins(); do_settle(); do_settle(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_revoke; step_begins(); do_settle(); do_settle(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_settle(); do_settle(); do_tell(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_settle(); do_settle(); do_tell(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_settle(); do_tell(); do_settle(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); do_tell(); do_settle(); do_settle(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_alreadyConfirmed; step_begins(); do_settle(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_alreadyConfirmed; step_begins(); do_settle(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_unsubscribe; step_begins(); do_unsubscribe(); do_settle(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_stale; step_begins(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_revoke; step_begins(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_note; step_begins(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_restore; step_begins(); do_tell(); do_disarm(); do_subscribe(); do_arm(); do_subscribe(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_lose; step_begins(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_tell(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_drop; step_begins(); do_settle(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_unsubscribe; step_begins(); do_unsubscribe(); do_settle(); do_disarm(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_revoke; step_begins(); do_tell(); do_disarm(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_restore; step_begins(); do_tell(); do_disarm(); do_disarm(); do_subscribe(); do_arm(); do_subscribe(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_lose; step_begins(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_lose; step_begins(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_settle(); do_tell(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_fail; step_begins(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_restore; step_begins(); do_tell(); do_disarm(); do_subscribe(); do_arm(); do_subscribe(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_tell(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); do_tell(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_tell(); do_settle(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_confirm; step_begins(); do_tell(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_restore; step_begins(); do_tell(); do_disarm(); do_disarm(); do_subscribe(); do_arm(); do_subscribe(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_lose; step_begins(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_lose; step_begins(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_tell(); do_settle(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_freshAgain; step_begins(); do_tell(); do_arm(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_settle(); do_tell(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_unsubscribe; step_begins(); do_settle(); do_settle(); do_unsubscribe(); do_settle(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_settle(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_fail; step_begins(); do_settle(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_revoke; step_begins(); do_settle(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_settle(); do_settle(); do_tell(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_settle(); do_settle(); do_tell(); do_arm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_settle(); do_tell(); do_settle(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_settle(); do_tell(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_fail; step_begins(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_confirm; step_begins(); do_tell(); do_arm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_settle(); do_tell(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_settle(); do_settle(); do_tell(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); do_settle(); do_tell(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_tell(); do_settle(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_restore; step_begins(); do_tell(); do_tell(); do_disarm(); do_subscribe(); do_arm(); do_subscribe(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_lose; step_begins(); do_tell(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_tell(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_freshAgain; step_begins(); do_tell(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_tell(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_tell(); do_settle(); do_settle(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_tell(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_tell(); do_settle(); do_settle(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_tell(); do_settle(); do_settle(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_tell(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_restoring -> rule = r_end; step_begins(); do_settle(); do_settle(); do_tell(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_settle(); do_settle(); do_tell(); do_tell(); do_disarm(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_settle(); do_settle(); do_tell(); do_tell(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_end; step_begins(); do_settle(); do_settle(); do_tell(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_restore; step_begins(); do_tell(); do_tell(); do_subscribe(); do_arm(); do_subscribe(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_lose; step_begins(); do_tell(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_end; step_begins(); do_tell(); do_tell(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_freshAgain; step_begins(); do_tell(); state = s_settled; step_ends() }
    od
}

active proctype Timer_subscription() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_stale; step_begins(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_lookAgain; step_begins(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_lookAgain; step_begins(); do_arm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); do_unsubscribe(); do_settle(); do_tell(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); do_unsubscribe(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); do_unsubscribe(); do_settle(); do_tell(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); do_unsubscribe(); do_settle(); do_tell(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); do_unsubscribe(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); do_unsubscribe(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); do_unsubscribe(); do_tell(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); do_unsubscribe(); do_tell(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_tell(); do_unsubscribe(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); do_unsubscribe(); do_tell(); do_raise(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_tell(); do_unsubscribe(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_expire; step_begins(); do_unsubscribe(); do_settle(); do_settle(); do_tell(); do_unsubscribe(); do_tell(); state = s_settled; step_ends() }
    od
}

active proctype Timer_freshness() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_settled -> rule = r_stale; step_begins(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_stale; step_begins(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_lookAgain; step_begins(); do_arm(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_stay; step_begins(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_restoring -> rule = r_lookAgain; step_begins(); do_arm(); state = s_restoring; step_ends() }
    :: atomic { state == s_restoring -> rule = r_stay; step_begins(); do_tell(); state = s_restoring; step_ends() }
    :: atomic { state == s_settled -> rule = r_stay; step_begins(); do_tell(); do_tell(); state = s_settled; step_ends() }
    :: atomic { state == s_settled -> rule = r_stay; step_begins(); do_tell(); do_arm(); state = s_settled; step_ends() }
    od
}

