package io.claviger.application.oauth;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.oauth.DeviceGrants.Granting;
import io.claviger.application.oauth.DeviceGrants.Requester;
import io.claviger.application.oauth.DeviceGrants.Why;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.oauth.port.RefreshTokenStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.oauth.DeviceAuthorization.Poll;
import io.claviger.domain.oauth.DeviceAuthorization.UserDecision;
import io.claviger.domain.oauth.DeviceCode;
import io.claviger.domain.oauth.DeviceTokenLife;
import io.claviger.domain.oauth.RefreshToken;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Answers the polls of a device. After a user has approved the code of the device, exchanges this
 * code for tokens, but only a single time.
 */
final class DeviceCodeRedemption {
  private static final int MOST_REMOVED = 1_000;

  /** How long tokens are still listed after they have expired. */
  private static final Duration LISTED = Duration.ofDays(1);

  private final UserStore users;
  private final AccessTokenStore tokens;
  private final DeviceCodeStore codes;
  private final RefreshTokenStore refreshTokens;
  private final DeviceSecrets secrets;
  private final AuditedChanges changes;

  DeviceCodeRedemption(
      UserStore users,
      AccessTokenStore tokens,
      DeviceCodeStore codes,
      RefreshTokenStore refreshTokens,
      DeviceSecrets secrets,
      AuditedChanges changes) {
    this.users = users;
    this.tokens = tokens;
    this.codes = codes;
    this.refreshTokens = refreshTokens;
    this.secrets = secrets;
    this.changes = changes;
  }

  /** Answers a poll of a device. The result is empty if the device's code is unknown. */
  Optional<Granting> redeem(DeviceCode code, Requester from) {
    TokenHash hash = code.hash();
    return changes
        .transactions()
        .inTransaction(() -> poll(hash))
        .flatMap(
            poll ->
                switch (poll) {
                  case PENDING -> refused(Why.AUTHORIZATION_PENDING);
                  case TOO_SOON -> refused(Why.SLOW_DOWN);
                  case DENIED -> refused(Why.ACCESS_DENIED);
                  case EXPIRED -> refused(Why.EXPIRED_TOKEN);
                  case APPROVED -> granted(hash, from);
                });
  }

  /**
   * Locks the code of a device and answers the poll. If the code is approved, another transaction
   * makes the tokens.
   */
  private Optional<Poll> poll(TokenHash hash) {
    Optional<DeviceAuthorization> found = codes.lock(hash);
    Instant now = codes.now();
    Optional<Poll> poll = found.map(device -> device.poll(now));
    if (poll.equals(Optional.of(Poll.PENDING))) {
      codes.recordPoll(found.get().id(), now, found.get().interval());
    } else if (poll.equals(Optional.of(Poll.TOO_SOON))) {
      codes.recordPoll(found.get().id(), now, found.get().longerInterval());
    } else if (poll.equals(Optional.of(Poll.DENIED))) {
      codes.delete(found.get().id());
    }
    return poll;
  }

  private Optional<Granting> granted(TokenHash hash, Requester from) {
    Optional<UserDecision> answer = codes.find(hash).flatMap(DeviceAuthorization::answer);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    Actor actor = from.as(answer.get().user(), answer.get().handle());
    Outcome<Granting> outcome =
        changes.change(
            actor,
            AuditAction.TOKEN_CREATE,
            AuditTargets.user(actor.id(), actor.handle()),
            log -> grant(hash, actor, log));
    return switch (outcome) {
      case Outcome.Done<Granting> done -> Optional.of(done.value());
      case Outcome.Refused<Granting> refused -> Optional.of(Granting.Refused.of(refused.why()));
    };
  }

  /**
   * Locks the user first and the code last. A deletion of the user or of a token locks both in the
   * same order. The lock on the user is not shared with other transactions, because this
   * transaction might record in the user's row that the user has had a first token.
   */
  private Granting grant(TokenHash hash, Actor actor, ChangeLog log) {
    User user =
        users
            .lock(actor.handle())
            .filter(u -> u.id().equals(actor.id()) && !u.suspended())
            .orElseThrow(RefusedException::notFound);
    Optional<AccessToken> with = codes.find(hash).flatMap(this::approvedWith);
    DeviceAuthorization device = codes.lock(hash).orElseThrow(RefusedException::notFound);
    Instant now = changes.now();
    if (device.expiredAt(codes.now())
        || !(device.answer().orElse(null) instanceof UserDecision.Approved)) {
      throw RefusedException.notFound();
    }
    codes.delete(device.id());
    DeviceTokenLife life = DeviceTokenLife.begun(now, with.flatMap(AccessToken::expiresAt));
    AccessToken token =
        new AccessToken(
            new AccessToken.Id(changes.ids().next()),
            user.id(),
            new TokenName("Device sign-in from " + device.address()),
            device.scope(),
            AccessToken.Provenance.of(AccessToken.Origin.DEVICE),
            Optional.empty(),
            with.map(AccessToken::limits).orElse(Limits.NONE),
            with.map(AccessToken::passedOn).orElse(InheritedLimits.NONE),
            now,
            Optional.of(life.expiresAt()),
            Optional.empty(),
            Optional.of(life.refreshableUntil()),
            with.map(AccessToken::binding).orElse(TokenBinding.NONE),
            Optional.empty());
    TokenText text = secrets.accessToken();
    RefreshToken refreshToken = secrets.firstRefreshToken();
    tokens.save(token, text.hash());
    refreshTokens.insert(token.id(), refreshToken, now);
    log.recordAddition(CountedKind.TOKEN, user.id());
    log.recordChange(
        AuditAction.TOKEN_CREATE,
        AuditTargets.user(user.id(), user.handle()),
        List.of("device", "scope", "expires_at"));
    return new Granting.Granted(token, text, refreshToken, now);
  }

  /**
   * Returns the access token that began the session in which the user approved the device. If this
   * token is revoked, the device's code is deleted too.
   */
  private Optional<AccessToken> approvedWith(DeviceAuthorization device) {
    return device
        .answer()
        .filter(UserDecision.Approved.class::isInstance)
        .map(UserDecision.Approved.class::cast)
        .flatMap(UserDecision.Approved::with)
        .filter(id -> tokens.hold(device.answer().orElseThrow().user(), id))
        .flatMap(tokens::find)
        .map(AccessTokenStore.Presented::token);
  }

  int removeEnded() {
    return tokens.deleteEnded(LISTED, MOST_REMOVED);
  }

  private static Optional<Granting> refused(Why why) {
    return Optional.of(new Granting.Refused(why));
  }
}
