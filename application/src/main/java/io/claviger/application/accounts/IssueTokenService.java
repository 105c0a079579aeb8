package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenId;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class IssueTokenService implements IssueToken {
  private final UserStore users;
  private final AccessTokenStore tokens;
  private final UserKeyStore userKeys;
  private final RestrictionTargets targets;
  private final TokenGenerator mint;
  private final Ids ids;
  private final AuditedChanges attempts;

  IssueTokenService(
      UserStore users,
      AccessTokenStore tokens,
      UserKeyStore userKeys,
      RestrictionTargets targets,
      TokenGenerator mint,
      Ids ids,
      AuditedChanges attempts) {
    this.users = users;
    this.tokens = tokens;
    this.userKeys = userKeys;
    this.targets = targets;
    this.mint = mint;
    this.ids = ids;
    this.attempts = attempts;
  }

  @Override
  public Outcome issue(Actor actor, Handle handle, Command command) {
    return attempts.change(
        actor,
        AuditAction.TOKEN_CREATE,
        AuditTargets.user(handle),
        ledger -> issued(actor, UserAccess.changeable(actor, handle, users), command, ledger),
        Outcome.Refused::new);
  }

  private Outcome issued(Actor actor, User user, Command command, ChangeLog ledger) {
    AccessToken.Origin origin = origin(actor, user, command);
    Optional<TokenRestriction> restriction =
        command
            .service()
            .map(ref -> toService(holder(actor, user), ref))
            .or(() -> command.project().map(ref -> toProject(holder(actor, user), ref)));
    Optional<Instant> expiry = command.expiresAt();
    TokenScope scope =
        command.scope().orElse(restriction.isPresent() ? TokenScope.USE : TokenScope.MANAGE);
    List<Fault> faults = faults(actor, user, command, scope, restriction);
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
    if (origin == AccessToken.Origin.RECOVERY) {
      // Whoever holds it is not known to be who stored these.
      tokens.deleteAll(user.id());
      userKeys.deleteAllOf(user.id());
    }
    AccessToken token =
        new AccessToken(
            new TokenId(ids.next()),
            user.id(),
            command.name(),
            scope,
            origin,
            restriction,
            command.limits(),
            InheritedRates.from(actor),
            attempts.now(),
            expiry,
            Optional.empty());
    TokenText text = mint.next();
    tokens.save(token, text.hash());
    ledger.recordAddition(CountedKind.TOKEN, user.id());
    ledger.recordChange(
        AuditAction.TOKEN_CREATE,
        AuditTargets.user(user.id(), user.handle()),
        origin == AccessToken.Origin.RECOVERY
            ? List.of("recovery")
            : List.of("name", "scope", "expires_at"));
    return new Outcome.Issued(token, text);
  }

  private AccessToken.Origin origin(Actor actor, User user, Command command) {
    if (user.id().equals(actor.id())) {
      return AccessToken.Origin.USER;
    }
    if (command.recovery()) {
      return AccessToken.Origin.RECOVERY;
    }
    if (tokens.everHadAny(user.id())) {
      throw RefusedException.forbidden(
          "This user has or had an access token. For somebody who lost theirs, ask for a recovery"
              + " token.");
    }
    return AccessToken.Origin.FIRST;
  }

  /** A restriction is judged by the eyes of whose token it becomes: an administrator sees more. */
  private static Actor holder(Actor actor, User user) {
    return new Actor(
        user.id(),
        user.handle(),
        user.administrator(),
        Optional.empty(),
        actor.address(),
        actor.requestId());
  }

  private TokenRestriction toService(Actor holder, InstanceRef ref) {
    return targets
        .service(holder, ref)
        .<TokenRestriction>map(id -> new TokenRestriction.ToService(id.value(), ref.toString()))
        .orElseThrow(() -> RefusedException.invalid(Fault.unknownReference("service", "service")));
  }

  private TokenRestriction toProject(Actor holder, ProjectRef ref) {
    return targets
        .project(holder, ref)
        .<TokenRestriction>map(id -> new TokenRestriction.ToProject(id.value(), ref.toString()))
        .orElseThrow(() -> RefusedException.invalid(Fault.unknownReference("project", "project")));
  }

  /** A token creates none that may do more or lasts longer than itself. */
  private static List<Fault> faults(
      Actor actor,
      User user,
      Command command,
      TokenScope scope,
      Optional<TokenRestriction> restriction) {
    List<Fault> faults = new ArrayList<>();
    if (command.service().isPresent() && command.project().isPresent()) {
      faults.add(
          Fault.notAllowed(
              "project", "A token is restricted to a service or a project, not both."));
    }
    if (restriction.isPresent() && scope != TokenScope.USE) {
      faults.add(Fault.notAllowed("scope", "A restricted token is always of scope use."));
    }
    if (command.recovery() && user.id().equals(actor.id())) {
      faults.add(Fault.notAllowed("recovery", "A recovery token is for another user."));
    }
    actor.token().ifPresent(own -> bounds(own, command, faults));
    return faults;
  }

  private static void bounds(AccessToken own, Command command, List<Fault> faults) {
    boolean outlasts =
        own.expiresAt().isPresent()
            && (command.expiresAt().isEmpty()
                || command.expiresAt().get().isAfter(own.expiresAt().get()));
    if (outlasts) {
      faults.add(
          Fault.notAllowed(
              "expires_at", "No later than the access token that you present expires."));
    }
    if (!command.limits().fitWithin(own.limits())) {
      faults.add(
          Fault.notAllowed("limits", "Within the limits of the access token that you present."));
    }
  }
}
