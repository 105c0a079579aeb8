package io.claviger.application.oauth;

import io.claviger.application.accounts.LeakedTokens;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.oauth.DeviceGrants.Granting;
import io.claviger.application.oauth.DeviceGrants.Requester;
import io.claviger.application.oauth.DeviceGrants.Why;
import io.claviger.application.oauth.port.RefreshTokenStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.oauth.DeviceTokenLife;
import io.claviger.domain.oauth.RefreshToken;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Replaces the tokens of a device sign-in, or ends the sign-in if a refresh token is used twice.
 */
final class TokenRefresh {
  private final UserStore users;
  private final AccessTokenStore tokens;
  private final RefreshTokenStore refreshTokens;
  private final DeviceSecrets secrets;
  private final RejectedTokens rejected;
  private final LeakedTokens leakedTokens;
  private final AuditedChanges changes;

  TokenRefresh(
      UserStore users,
      AccessTokenStore tokens,
      RefreshTokenStore refreshTokens,
      DeviceSecrets secrets,
      RejectedTokens rejected,
      AuditedChanges changes) {
    this.users = users;
    this.tokens = tokens;
    this.refreshTokens = refreshTokens;
    this.secrets = secrets;
    this.rejected = rejected;
    this.leakedTokens = new LeakedTokens(tokens, changes);
    this.changes = changes;
  }

  /**
   * Answers a request that presents a refresh token. The result is empty if the token is unknown.
   *
   * @param scope the requested scope; if empty, the scope of the sign-in is requested
   */
  Optional<Granting> refresh(RefreshToken presented, Optional<TokenScope> scope, Requester from) {
    Optional<AccessTokenStore.Presented> holder = holder(presented);
    if (holder.isEmpty()) {
      return Optional.empty();
    }
    AccessToken bound = holder.get().token();
    if (!bound.binding().accepts(from.origin())) {
      rejected.countStray(
          bound, holder.get().user().handle(), from.address(), from.requestId(), changes.now());
      return Optional.of(new Granting.Refused(Why.TOKEN_BOUND));
    }
    if (scope.isPresent() && scope.get() != holder.get().token().scope()) {
      return Optional.of(new Granting.Refused(Why.INVALID_SCOPE));
    }
    User user = holder.get().user();
    Actor actor = from.as(user.id(), user.handle());
    Outcome<Granting> outcome =
        changes.change(
            actor,
            AuditAction.TOKEN_REFRESH,
            AuditTargets.user(user.id(), user.handle()),
            log -> replace(presented, actor, log));
    return Optional.of(
        switch (outcome) {
          case Outcome.Done<Granting> done -> done.value();
          case Outcome.Refused<Granting> refused -> Granting.Refused.of(refused.why());
        });
  }

  /** Locks the user first, because a deletion of the user locks in the same order. */
  private Granting replace(RefreshToken presented, Actor actor, ChangeLog log) {
    Instant now = changes.now();
    boolean held = users.hold(actor.handle()).filter(u -> !u.suspended()).isPresent();
    Optional<RefreshTokenStore.Family> family = refreshTokens.lock(presented.familyHash());
    Optional<AccessToken> token =
        family.flatMap(f -> tokens.find(f.token())).map(AccessTokenStore.Presented::token);
    if (!held || token.isEmpty()) {
      return new Granting.Refused(Why.INVALID_GRANT);
    }
    if (!family.orElseThrow().current().equals(presented.hash())) {
      return endSignIn(actor, token.get(), "refresh_token_reused", log);
    }
    if (!token.get().isRefreshableAt(now)) {
      return endSignIn(actor, token.get(), "expired", log);
    }
    DeviceTokenLife life =
        DeviceTokenLife.refreshed(now, token.get().refreshableUntil().orElseThrow());
    TokenText text = secrets.accessToken();
    RefreshToken next = secrets.after(presented);
    tokens.replaceText(token.get().id(), text.hash(), life.expiresAt());
    refreshTokens.replace(token.get().id(), next, now);
    log.recordChange(
        AuditAction.TOKEN_REFRESH,
        AuditTargets.user(actor.id(), actor.handle()),
        List.of(token.get().id().value().toString(), "expires_at"));
    return new Granting.Granted(token.get().refreshed(life.expiresAt()), text, next, now);
  }

  /**
   * Ends the sign-in to which a leaked refresh token belongs. The texts of all refresh tokens of a
   * sign-in contain the same secret, which identifies their family, so that a token that was
   * already replaced also ends the sign-in.
   */
  void endLeaked(RefreshToken leaked, Requester from) {
    leakedTokens.end(
        () -> holder(leaked).filter(p -> p.token().isRefreshableAt(changes.now())),
        from.address(),
        from.requestId());
  }

  /**
   * Returns the access token of the sign-in to which a refresh token belongs, even if the refresh
   * token was replaced.
   */
  private Optional<AccessTokenStore.Presented> holder(RefreshToken token) {
    return refreshTokens.find(token.familyHash()).flatMap(family -> tokens.find(family.token()));
  }

  private Granting endSignIn(Actor actor, AccessToken token, String why, ChangeLog log) {
    boolean unused = tokens.delete(actor.id(), token.id());
    log.recordChange(
        AuditAction.TOKEN_DELETE,
        AuditTargets.user(actor.id(), actor.handle()),
        List.of(token.id().value().toString(), why));
    return new Granting.Refused(Why.INVALID_GRANT);
  }
}
