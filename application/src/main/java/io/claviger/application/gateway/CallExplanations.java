package io.claviger.application.gateway;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.capacity.CapacityReports;
import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.sharing.port.AttributedUsers;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.MissingTerms;
import java.util.Optional;

/** Explains whether calls would be allowed, without making the calls. */
public interface CallExplanations {
  static CallExplanations of(
      Stores stores,
      KeyAccess keys,
      RateLimiter rates,
      PaceLimiter paces,
      CallBudgets budgets,
      CapacityReports capacities,
      MintedCredentials minted,
      AuditedChanges changes) {
    return new CallExplanationReader(
        stores, keys, rates, paces, budgets, capacities, minted, changes);
  }

  /**
   * The stores with the data about a call and its caller.
   *
   * @param callers the users who have called services
   */
  record Stores(
      CallContexts contexts, UserStore users, GroupStore groups, AttributedUsers callers) {}

  /**
   * Explains whether a call to a service would be allowed by the user's own role. Calls through
   * projects are not explained. Every stored key is opened, so that the explanation can name a key
   * that can't be decrypted. The explanation takes no permits from rate limits, and reserves
   * nothing in other limits or budgets.
   *
   * <p>Everybody who can see the service may ask about themselves. For anybody else, the answer is
   * {@code not_found}. Everybody who can see the shares may ask about another user. All other
   * actors are refused with {@code forbidden}. If an administrator asks about an unknown user, the
   * question is refused as invalid. Anybody else gets the same answer as for a user without a
   * share. The explanation does not reveal whether another user has stored a key for the service.
   * Only administrators see the limits that administrators have set for the other user and this
   * user's groups. The other user might have access only through the share of a group whose members
   * the actor can't see. Until such a user has made a call, the answer is the same as for a user
   * without a share.
   *
   * @param question the call to explain
   */
  Outcome<CallExplanation> explain(Actor actor, Instance.Ref service, ExplanationQuery question);

  /**
   * Finds the share terms that the actor lacks for a refused call.
   *
   * @return the missing terms; empty if a share would not help, or if the question is about another
   *     user; the question is refused in the same cases as by {@link #explain}
   */
  Outcome<Optional<MissingTerms>> missing(
      Actor actor, Instance.Ref service, ExplanationQuery question);

  /**
   * A question about a call. Empty components of the question do not affect the answer.
   *
   * @param user the user who would make the call; if empty, the actor with the presented token
   */
  record ExplanationQuery(
      Optional<ModelName> model, Optional<Operation> operation, Optional<Handle> user) {
    /** Creates the question whether the actor may make any call at all. */
    public static final ExplanationQuery NONE =
        new ExplanationQuery(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
