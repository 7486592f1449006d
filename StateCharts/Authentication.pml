/* Generated from the code by `swift run nova chart --write`. Do not edit. */
mtype:state = { s_idle, s_off, s_authenticating_asking, s_authenticating_presenting, s_authenticated, s_refreshing_asking, s_refreshing_presenting };
mtype:rule = { r_accept, r_ask, r_demand, r_end, r_fail, r_forget, r_join, r_notNeeded, r_present, r_refresh, r_refuse, r_renew, r_retryLater, r_stale };
mtype:state state = s_idle;
mtype:rule rule;

active proctype World() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_refuse; step_begins(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_idle -> rule = r_ask; step_begins(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_off -> rule = r_stale; step_begins(); state = s_off; step_ends() }
    :: atomic { state == s_off -> rule = r_refuse; step_begins(); do_settle(); state = s_off; step_ends() }
    :: atomic { state == s_off -> rule = r_notNeeded; step_begins(); do_raise(); state = s_off; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_present; step_begins(); state = s_authenticating_presenting; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_accept; step_begins(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_accept; step_begins(); do_arm(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_fail; step_begins(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_stale; step_begins(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_join; step_begins(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_ask; step_begins(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_end; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_stale; step_begins(); state = s_authenticating_presenting; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_accept; step_begins(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_accept; step_begins(); do_arm(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_fail; step_begins(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_join; step_begins(); state = s_authenticating_presenting; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_ask; step_begins(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_end; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticated -> rule = r_stale; step_begins(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticated -> rule = r_demand; step_begins(); do_authenticate(); do_arm(); state = s_refreshing_asking; step_ends() }
    :: atomic { state == s_authenticated -> rule = r_ask; step_begins(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticated -> rule = r_end; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticated -> rule = r_ask; step_begins(); do_disarm(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticated -> rule = r_end; step_begins(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_accept; step_begins(); do_settle(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_accept; step_begins(); do_settle(); do_arm(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_fail; step_begins(); do_settle(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_ask; step_begins(); do_settle(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_forget; step_begins(); do_settle(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_end; step_begins(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_accept; step_begins(); do_settle(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_accept; step_begins(); do_settle(); do_arm(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_fail; step_begins(); do_settle(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_ask; step_begins(); do_settle(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_forget; step_begins(); do_settle(); state = s_authenticating_presenting; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_end; step_begins(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_present; step_begins(); state = s_refreshing_presenting; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_renew; step_begins(); do_settle(); do_disarm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_renew; step_begins(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_fail; step_begins(); do_disarm(); do_settle(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); do_disarm(); do_settle(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_stale; step_begins(); state = s_refreshing_asking; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_join; step_begins(); state = s_refreshing_asking; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_ask; step_begins(); do_disarm(); do_settle(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_forget; step_begins(); do_settle(); state = s_refreshing_asking; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_end; step_begins(); do_disarm(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); do_disarm(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_renew; step_begins(); do_disarm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_renew; step_begins(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_fail; step_begins(); do_disarm(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); do_disarm(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_ask; step_begins(); do_disarm(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_end; step_begins(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_accept; step_begins(); do_settle(); do_settle(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_accept; step_begins(); do_settle(); do_settle(); do_arm(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_fail; step_begins(); do_settle(); do_settle(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_refuse; step_begins(); do_settle(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_ask; step_begins(); do_settle(); do_settle(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_end; step_begins(); do_settle(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_accept; step_begins(); do_settle(); do_settle(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_accept; step_begins(); do_settle(); do_settle(); do_arm(); do_raise(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_fail; step_begins(); do_settle(); do_settle(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_refuse; step_begins(); do_settle(); state = s_authenticating_presenting; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_ask; step_begins(); do_settle(); do_settle(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_end; step_begins(); do_settle(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_stale; step_begins(); state = s_refreshing_presenting; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_renew; step_begins(); do_settle(); do_disarm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_renew; step_begins(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_fail; step_begins(); do_disarm(); do_settle(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); do_disarm(); do_settle(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_join; step_begins(); state = s_refreshing_presenting; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_ask; step_begins(); do_disarm(); do_settle(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_forget; step_begins(); do_settle(); state = s_refreshing_presenting; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_end; step_begins(); do_disarm(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_renew; step_begins(); do_settle(); do_settle(); do_disarm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_renew; step_begins(); do_settle(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_fail; step_begins(); do_disarm(); do_settle(); do_settle(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); do_disarm(); do_settle(); do_settle(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_refuse; step_begins(); do_settle(); state = s_refreshing_asking; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_ask; step_begins(); do_disarm(); do_settle(); do_settle(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_end; step_begins(); do_disarm(); do_settle(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); do_disarm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); do_disarm(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); do_disarm(); do_settle(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_renew; step_begins(); do_disarm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_renew; step_begins(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_fail; step_begins(); do_disarm(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); do_disarm(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_ask; step_begins(); do_disarm(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_end; step_begins(); do_disarm(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_renew; step_begins(); do_settle(); do_settle(); do_disarm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_renew; step_begins(); do_settle(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_fail; step_begins(); do_disarm(); do_settle(); do_settle(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); do_disarm(); do_settle(); do_settle(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_refuse; step_begins(); do_settle(); state = s_refreshing_presenting; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_ask; step_begins(); do_disarm(); do_settle(); do_settle(); do_authenticate(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_end; step_begins(); do_disarm(); do_settle(); do_settle(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); do_disarm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); do_disarm(); do_settle(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    od
}

active proctype Timer_refresh() {
    do
    :: atomic { state == s_idle -> rule = r_stale; step_begins(); state = s_idle; step_ends() }
    :: atomic { state == s_off -> rule = r_stale; step_begins(); state = s_off; step_ends() }
    :: atomic { state == s_authenticating_asking -> rule = r_stale; step_begins(); state = s_authenticating_asking; step_ends() }
    :: atomic { state == s_authenticating_presenting -> rule = r_stale; step_begins(); state = s_authenticating_presenting; step_ends() }
    :: atomic { state == s_authenticated -> rule = r_stale; step_begins(); state = s_authenticated; step_ends() }
    :: atomic { state == s_authenticated -> rule = r_refresh; step_begins(); do_authenticate(); do_arm(); state = s_refreshing_asking; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); do_settle(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_fail; step_begins(); do_settle(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_fail; step_begins(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); do_settle(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); do_settle(); do_settle(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_fail; step_begins(); do_settle(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_retryLater; step_begins(); do_settle(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_asking -> rule = r_fail; step_begins(); do_settle(); do_settle(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_fail; step_begins(); do_raise(); state = s_idle; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); do_settle(); do_settle(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_retryLater; step_begins(); do_settle(); do_settle(); do_arm(); state = s_authenticated; step_ends() }
    :: atomic { state == s_refreshing_presenting -> rule = r_fail; step_begins(); do_settle(); do_settle(); do_raise(); state = s_idle; step_ends() }
    od
}

