package io.claviger.application.gateway;

import io.claviger.application.budgets.SpendingRefusal;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.KeySource;
import java.util.Optional;

/**
 * Refuses calls to services that the caller is allowed to know, and counts the refused calls. If a
 * refused call would have had a key, the usage counts the call as refused.
 */
final class CallRefusals {
  private final UsageCounter usage;

  /**
   * @param usage the object that counts refused calls as part of the usage
   */
  CallRefusals(UsageCounter usage) {
    this.usage = usage;
  }

  AuthorizationOutcome declined(
      CallAdmission.AdmissionDecision.Declined decision, CallGrant grant) {
    return switch (decision) {
      case CallAdmission.AdmissionDecision.RateExhausted exhausted -> limited(exhausted, grant);
      case CallAdmission.AdmissionDecision.PaceExhausted exhausted -> paced(exhausted, grant);
      case CallAdmission.AdmissionDecision.TooLarge larger -> tooLarge(larger, grant);
      case CallAdmission.AdmissionDecision.Refused refused -> unaffordable(refused.why(), grant);
    };
  }

  private AuthorizationOutcome unaffordable(SpendingRefusal why, CallGrant grant) {
    CallRefusal refusal = CallRefusal.of(why.reason());
    count(grant, refusal);
    return of(refusal, grant.basis().account().handle(), grant.access())
        .saying(why.message())
        .lacking(
            grant.terms().lendable().flatMap(use -> why.exhausted().flatMap(use::missingBudget)));
  }

  private AuthorizationOutcome limited(
      CallAdmission.AdmissionDecision.RateExhausted exhausted, CallGrant grant) {
    AuthorizationOutcome.Refused refused = rateLimited(exhausted, grant);
    return exhausted.perMinute().isPresent()
        ? refused
        : refused.saying(CallLimits.SHARED_LIMIT_USED_UP);
  }

  /**
   * Returns the refusal of a call that requests a list. To make the list, the gateway would have to
   * send the given number of requests to the provider.
   */
  AuthorizationOutcome limited(
      CallAdmission.AdmissionDecision.RateExhausted exhausted, int requests, CallGrant grant) {
    return rateLimited(exhausted, grant)
        .saying(
            ("This list needs %d requests, one for each object, but a limit on requests leaves"
                    + " fewer requests. Ask for a smaller page (limit), or try again later.")
                .formatted(requests));
  }

  private AuthorizationOutcome.Refused rateLimited(
      CallAdmission.AdmissionDecision.RateExhausted exhausted, CallGrant grant) {
    count(grant, CallRefusal.RATE_LIMITED);
    return new AuthorizationOutcome.Refused(
        CallRefusal.RATE_LIMITED,
        Optional.of(known(grant.access())),
        Optional.of(exhausted.retryAfter()),
        exhausted.perMinute(),
        Optional.of(grant.basis().account().handle()),
        Optional.empty());
  }

  private AuthorizationOutcome paced(
      CallAdmission.AdmissionDecision.PaceExhausted exhausted, CallGrant grant) {
    count(grant, CallRefusal.RATE_LIMITED);
    return new AuthorizationOutcome.Refused(
            CallRefusal.RATE_LIMITED,
            Optional.of(known(grant.access())),
            Optional.of(exhausted.retryAfter()))
        .to(grant.basis().account().handle())
        .saying(exhausted.meter().sentence());
  }

  private AuthorizationOutcome tooLarge(
      CallAdmission.AdmissionDecision.TooLarge larger, CallGrant grant) {
    count(grant, CallRefusal.REQUEST_EXCEEDS_LIMIT);
    return of(CallRefusal.REQUEST_EXCEEDS_LIMIT, grant.basis().account().handle(), grant.access())
        .saying(
            ("This call is expected to use more than %s. Send less at once, or state a"
                    + " smaller output maximum. Trying again does not help.")
                .formatted(larger.meter().text()));
  }

  private void count(CallGrant grant, CallRefusal why) {
    usage.refuse(grant.basis().account(), Optional.of(grant.source()), why.code());
  }

  /**
   * @param source where the key of the call would have come from
   */
  AuthorizationOutcome.Refused of(
      CallRefusal why, Optional<KeySource> source, TokenUser user, AccessDecision.Granted access) {
    usage.refuse(CallGrant.account(user.id(), user.handle(), access), source, why.code());
    return of(why, user.handle(), access);
  }

  /** Returns a refusal, without counting the call as refused in the usage. */
  static AuthorizationOutcome.Refused of(
      CallRefusal why, Handle caller, AccessDecision.Granted access) {
    return new AuthorizationOutcome.Refused(why, Optional.of(known(access))).to(caller);
  }

  private static KnownService known(AccessDecision.Granted access) {
    return new KnownService(access.name(), access.target().standard().format());
  }
}
