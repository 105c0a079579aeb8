package io.claviger.application.accounts;

import io.claviger.application.accounts.AccessTokens.IssuedToken;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Narrowing;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.audit.AuditAction;
import java.util.List;
import java.util.Optional;

final class OwnTokenUseCases implements OwnToken {
  private final UserStore users;
  private final AccessTokenStore tokens;
  private final RestrictionTargets targets;
  private final TokenGenerator generator;
  private final AuditedChanges changes;

  OwnTokenUseCases(
      UserStore users,
      AccessTokenStore tokens,
      RestrictionTargets targets,
      TokenGenerator generator,
      AuditedChanges changes) {
    this.users = users;
    this.tokens = tokens;
    this.targets = targets;
    this.generator = generator;
    this.changes = changes;
  }

  @Override
  public Outcome<IssuedToken> narrow(Actor actor, NarrowerToken wanted) {
    return changes.changeOwnToken(
        actor,
        AuditAction.TOKEN_NARROW,
        AuditTargets.user(actor.id(), actor.handle()),
        log -> narrow(actor, presented(actor), wanted, log));
  }

  private IssuedToken narrow(Actor actor, AccessToken parent, NarrowerToken wanted, ChangeLog log) {
    Narrowing narrowing =
        new Narrowing(
            restriction(actor, wanted), wanted.limits(), wanted.expiresAt(), wanted.binding());
    List<Fault> faults = narrowing.faults(parent, changes.now());
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
    demandRoom(actor, parent);
    AccessToken token =
        new AccessToken(
            new AccessToken.Id(changes.ids().next()),
            actor.id(),
            wanted.name(),
            TokenScope.USE,
            new AccessToken.Provenance(
                AccessToken.Origin.NARROWED,
                Optional.of(parent.id()),
                parent.exchanged(),
                Optional.empty()),
            narrowing.restrictionWithin(parent),
            narrowing.limitsWithin(parent),
            PassedOnLimits.from(actor),
            changes.now(),
            narrowing.expiryWithin(parent),
            Optional.empty(),
            Optional.empty(),
            wanted.binding().over(parent.binding()),
            Optional.empty());
    TokenText text = generator.next();
    tokens.save(token, text.hash());
    log.recordAddition(CountedKind.TOKEN, actor.id());
    log.recordChange(
        AuditAction.TOKEN_NARROW,
        AuditTargets.user(actor.id(), actor.handle()),
        List.of("name", "limits", "expires_at"));
    return new IssuedToken(token, text);
  }

  /** Locks the user before the token. A deletion of the user takes the locks in the same order. */
  private void demandRoom(Actor actor, AccessToken token) {
    if (users.hold(actor.handle()).isEmpty()) {
      throw revoked();
    }
    AccessTokenStore.Parent parent =
        tokens
            .lockParent(actor.id(), token.id(), changes.now())
            .orElseThrow(OwnTokenUseCases::revoked);
    if (parent.depth() >= Narrowing.LEVELS) {
      throw RefusedException.forbidden(
          "This access token is %d levels below the first token. It can't have narrower tokens."
              .formatted(Narrowing.LEVELS));
    }
    if (parent.narrower() >= Narrowing.MOST_LIVE) {
      throw RefusedException.conflict(
          "too_many_narrower_tokens",
          "This access token already has %d narrower tokens. Revoke some of them."
              .formatted(Narrowing.MOST_LIVE));
    }
  }

  private Optional<TokenRestriction> restriction(Actor actor, NarrowerToken wanted) {
    if (wanted.service().isPresent() && wanted.project().isPresent()) {
      throw RefusedException.invalid(
          Fault.notAllowed(
              "project", "A token is restricted to a service or a project, not both."));
    }
    return targets.restriction(actor, wanted.service(), wanted.project());
  }

  @Override
  public Outcome<AccessToken.Id> end(Actor actor) {
    return changes.changeOwnToken(
        actor,
        AuditAction.TOKEN_DELETE,
        AuditTargets.user(actor.id(), actor.handle()),
        log -> {
          AccessToken.Id own = presented(actor).id();
          // The user is locked before the token, because all transactions lock in this order.
          if (users.hold(actor.handle()).isEmpty() || !tokens.delete(actor.id(), own)) {
            throw revoked();
          }
          log.recordChange(
              AuditAction.TOKEN_DELETE,
              AuditTargets.user(actor.id(), actor.handle()),
              List.of(own.value().toString()));
          return own;
        });
  }

  private static AccessToken presented(Actor actor) {
    AccessToken token =
        actor
            .token()
            .orElseThrow(() -> RefusedException.forbidden("Present an access token for this."));
    if (token.origin() == AccessToken.Origin.ENVIRONMENT) {
      throw RefusedException.forbidden(
          "This access token is set in the environment of the server. It can't be ended or "
              + "narrowed here. Make another access token for that.");
    }
    return token;
  }

  private static RefusedException revoked() {
    return RefusedException.forbidden("The access token that you present was revoked.");
  }
}
