package io.claviger.domain.accounts;

import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The restrictions of a new access token that is made from a parent token. If a restriction is not
 * given, the parent's restriction applies.
 *
 * @param restriction the only service or project that the new token can be used for
 * @param limits the limits of the new token
 * @param expiresAt when the new token expires; null if it does not expire
 * @param binding the networks from which, and the certificate with which, the new token is accepted
 */
public record Narrowing(
    Optional<TokenRestriction> restriction,
    LimitsWrite limits,
    Field<Instant> expiresAt,
    TokenBinding binding) {
  /** The greatest number of levels of narrower tokens below a token without a parent. */
  public static final int LEVELS = 3;

  /** The greatest number of unexpired narrower tokens that one token can have. */
  public static final int MOST_LIVE = 100;

  public Optional<TokenRestriction> restrictionWithin(AccessToken parent) {
    return restriction.or(parent::restriction);
  }

  public Limits limitsWithin(AccessToken parent) {
    return limits.over(parent.limits());
  }

  public Optional<Instant> expiryWithin(AccessToken parent) {
    return expiresAt.or(parent.expiresAt());
  }

  /** Returns one fault for each way in which the new token would exceed the parent token. */
  public List<Fault> faults(AccessToken parent, Instant now) {
    List<Fault> faults = new ArrayList<>();
    if (restriction.isPresent()
        && parent.restriction().filter(own -> !isSame(own, restriction.get())).isPresent()) {
      faults.add(
          Fault.notAllowed(
              restriction.get().service().isPresent() ? "service" : "project",
              "The access token that you present is restricted to another service or project."));
    }
    Optional<Instant> expiry = expiryWithin(parent);
    faults.addAll(beyond(parent, limitsWithin(parent), expiry, binding));
    if (expiry.isPresent() && !now.isBefore(expiry.get())) {
      faults.add(Fault.notAllowed("expires_at", "Give a time that has not passed."));
    }
    return faults;
  }

  /**
   * Returns one fault for each way in which a new token would exceed the token that the caller
   * presents to create it. This check applies to narrower tokens, and to all other tokens that are
   * created by presenting a token.
   */
  public static List<Fault> beyond(
      AccessToken presented, Limits limits, Optional<Instant> expiry, TokenBinding binding) {
    List<Fault> faults = new ArrayList<>();
    if (!limits.fitWithin(presented.limits())) {
      faults.add(
          Fault.notAllowed(
              "limits", "The limits must be within those of the access token that you present."));
    }
    if (limits.storage().ofUser() && presented.isConfined()) {
      faults.add(
          Fault.notAllowed(
              "limits/objects",
              "The access token that you present has access only to objects that were made with it."));
    }
    if (outlasts(expiry, presented.expiresAt())) {
      faults.add(
          Fault.notAllowed(
              "expires_at",
              "The time must not be after the expiry of the access token that you present."));
    }
    faults.addAll(binding.beyond(presented.binding()));
    return faults;
  }

  private static boolean outlasts(Optional<Instant> expiry, Optional<Instant> parents) {
    return parents.isPresent() && (expiry.isEmpty() || expiry.get().isAfter(parents.get()));
  }

  /**
   * Whether two restrictions allow the same service or project. The names in the restrictions are
   * not compared, because names are only for display.
   */
  private static boolean isSame(TokenRestriction one, TokenRestriction other) {
    return one.service().equals(other.service()) && one.project().equals(other.project());
  }
}
