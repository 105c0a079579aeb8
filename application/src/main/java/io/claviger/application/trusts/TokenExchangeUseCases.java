package io.claviger.application.trusts;

import io.claviger.application.accounts.TokenGenerator;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.trusts.port.JwtVerifier;
import io.claviger.application.trusts.port.JwtVerifier.Verification;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.ExchangeDecision;
import io.claviger.domain.trusts.PresentedJwt;
import io.claviger.domain.trusts.Trust;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

final class TokenExchangeUseCases implements TokenExchange {
  private static final int TRIES = 5;

  private final Stores stores;
  private final JwtVerifier verifier;
  private final Installation installation;
  private final TokenGenerator generator;
  private final AuditedChanges changes;
  private final ExchangeAudit audit;

  TokenExchangeUseCases(
      Stores stores,
      JwtVerifier verifier,
      Installation installation,
      RandomBytes random,
      AuditedChanges changes) {
    this.stores = stores;
    this.verifier = verifier;
    this.installation = installation;
    this.generator = new TokenGenerator(random);
    this.changes = changes;
    this.audit = new ExchangeAudit(changes);
  }

  @Override
  public Exchange exchange(String jwt, Handle account, String address, String requestId) {
    ExchangeAudit.ExchangeRequest attempt =
        new ExchangeAudit.ExchangeRequest(account, address, requestId);
    Optional<Issuer> issuer = verifier.issuerOf(jwt).filter(this::isTrusted);
    if (issuer.isEmpty() || installation.audience().isEmpty()) {
      return refused(attempt, "unknown_issuer");
    }
    return switch (verifier.verify(issuer.get(), jwt)) {
      case Verification.Invalid invalid -> refused(attempt, "invalid_token");
      case Verification.Unavailable unavailable -> {
        recordRefusal(attempt, "issuer_unavailable");
        yield new Exchange.IssuerAway();
      }
      case Verification.Verified verified -> exchange(attempt, verified.jwt());
    };
  }

  /**
   * Returns whether an administrator has made the issuer a trusted issuer. Keys are fetched only
   * from trusted issuers.
   */
  private boolean isTrusted(Issuer issuer) {
    return !installation.people().equals(Optional.of(issuer))
        && !installation.own().equals(Optional.of(issuer))
        && stores.issuers().find(issuer).isPresent();
  }

  private String audience() {
    return installation.audience().orElseThrow();
  }

  private Exchange exchange(ExchangeAudit.ExchangeRequest attempt, PresentedJwt jwt) {
    Instant now = changes.now();
    List<Trust> trusts = stores.trusts().naming(jwt.issuer(), attempt.account());
    return switch (ExchangeDecision.of(jwt, audience(), trusts, now)) {
      case ExchangeDecision.Rejected rejected -> {
        audit.recordRefusal(
            attempt,
            trusts.stream().findFirst().map(Trust::account),
            Optional.of(jwt.subject()),
            rejected.reason().name().toLowerCase(Locale.ROOT));
        yield new Exchange.Refused();
      }
      case ExchangeDecision.Accepted accepted -> issue(attempt, jwt, accepted.trust());
    };
  }

  private Exchange issue(ExchangeAudit.ExchangeRequest attempt, PresentedJwt jwt, Trust trust) {
    Exchange exchange = changes.repeated(TRIES, () -> issueInTransaction(attempt, jwt, trust));
    String reason =
        switch (exchange) {
          case Exchange.TooMany tooMany -> "too_many_tokens";
          case Exchange.Refused refused -> "not_trusted";
          case Exchange.IssuerAway away -> "issuer_unavailable";
          case Exchange.Issued issued -> "";
        };
    if (!reason.isEmpty()) {
      audit.recordRefusal(
          attempt, Optional.of(trust.account()), Optional.of(jwt.subject()), reason);
    }
    return exchange;
  }

  private void recordRefusal(ExchangeAudit.ExchangeRequest attempt, String reason) {
    audit.recordRefusal(attempt, Optional.empty(), Optional.empty(), reason);
  }

  private Exchange refused(ExchangeAudit.ExchangeRequest attempt, String reason) {
    recordRefusal(attempt, reason);
    return new Exchange.Refused();
  }

  /**
   * Issues the access token if the account and the trust still exist, and if the trust still
   * accepts the JWT. Locks the account, so that only one transaction at a time counts its tokens.
   */
  private Exchange issueInTransaction(
      ExchangeAudit.ExchangeRequest attempt, PresentedJwt jwt, Trust found) {
    Instant now = changes.now();
    Optional<User> account =
        stores.users().lock(attempt.account()).filter(user -> user.id().equals(found.account()));
    Optional<ExchangeDecision.Accepted> accepted =
        account
            .flatMap(user -> stores.trusts().hold(found.id()))
            .map(trust -> ExchangeDecision.of(jwt, audience(), List.of(trust), now))
            .filter(ExchangeDecision.Accepted.class::isInstance)
            .map(ExchangeDecision.Accepted.class::cast);
    if (accepted.isEmpty() || account.get().suspended()) {
      return new Exchange.Refused();
    }
    if (stores.trusts().countLiveTokens(found.account(), now) >= MOST_LIVE) {
      return new Exchange.TooMany();
    }
    AccessToken token = token(accepted.get(), jwt.subject(), now);
    TokenText text = generator.next();
    stores.tokens().save(token, text.hash());
    audit.recordExchange(attempt, account.get(), token);
    return new Exchange.Issued(text, now, token.expiresAt().orElseThrow());
  }

  private AccessToken token(ExchangeDecision.Accepted accepted, String subject, Instant now) {
    return AccessToken.exchanged(
        new AccessToken.Id(changes.ids().next()),
        accepted.trust().account(),
        new TokenName(accepted.trust().name().value()),
        new AccessToken.Exchanged(accepted.trust().id().value(), subject),
        now,
        accepted.expiresAt().truncatedTo(ChronoUnit.MICROS));
  }

  /**
   * Records exchanges of JWTs. From a JWT, only the subject is recorded, and only if the JWT was
   * verified.
   */
  private static final class ExchangeAudit {
    private final AuditedChanges changes;

    ExchangeAudit(AuditedChanges changes) {
      this.changes = changes;
    }

    /**
     * A request for an access token of an account. The request states the address and the id of the
     * HTTP request.
     */
    record ExchangeRequest(Handle account, String address, String requestId) {}

    /** Records an exchange in the transaction that stores the token. */
    void recordExchange(ExchangeRequest attempt, User account, AccessToken token) {
      changes
          .trail()
          .recordFrequent(
              new AuditEvent(
                  changes.ids().next(),
                  changes.eventTime(),
                  new AuditEvent.Source(
                      Optional.of(account.id()),
                      Optional.of(account.handle()),
                      Optional.of(token.id()),
                      Optional.empty(),
                      token.presentedSubject(),
                      attempt.address(),
                      attempt.requestId()),
                  AuditAction.TOKEN_EXCHANGE,
                  AuditTargets.user(account.id(), account.handle()),
                  AuditOutcome.DONE,
                  List.of("access_token"),
                  List.of(),
                  1,
                  Optional.empty()));
    }

    /**
     * Records why a JWT was refused. The record names the account only if the account has a trust
     * in the JWT's issuer. If the record always named the account, anybody could fill the audit
     * trail with names.
     *
     * @param account the id of the account; empty if the account has no trust in the JWT's issuer
     * @param subject the subject of the JWT; empty if the JWT was not verified
     */
    void recordRefusal(
        ExchangeRequest attempt,
        Optional<User.Id> account,
        Optional<String> subject,
        String reason) {
      AuditTarget target =
          account
              .map(id -> AuditTargets.user(id, attempt.account()))
              .orElseGet(AuditTargets::unknownUser);
      changes.recordRefusal(
          new AuditEvent(
              changes.ids().next(),
              changes.eventTime(),
              new AuditEvent.Source(
                  Optional.empty(),
                  Optional.empty(),
                  Optional.<AccessToken.Id>empty(),
                  Optional.empty(),
                  subject,
                  attempt.address(),
                  attempt.requestId()),
              AuditAction.TOKEN_EXCHANGE,
              target,
              AuditOutcome.REFUSED,
              List.of(reason),
              List.of(),
              1,
              Optional.empty()));
    }
  }
}
