package io.claviger.application.trusts;

import static io.claviger.application.Outcomes.done;

import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.TokenExchange.Exchange;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.PresentedJwt;
import io.claviger.domain.trusts.RequiredClaims;
import io.claviger.domain.trusts.SubjectPattern;
import io.claviger.domain.trusts.Trust;
import io.claviger.domain.trusts.TrustTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trusts and exchanges on in-memory ports: {@code alice} is responsible for the service account
 * {@code bot}, {@code root} is an administrator and {@code eve} is neither.
 */
final class TrustWorld {
  static final String AUDIENCE = "https://claviger.example";
  static final Issuer ISSUER = new Issuer("https://ci.example");
  static final Issuer PEOPLE = new Issuer("https://people.example");
  static final Handle BOT = new Handle("bot");
  static final Handle CI = new Handle("ci");
  static final Handle MAIN = new Handle("main");

  /** The text of a JWT, which must not be found anywhere else. */
  static final String JWT = "canary.of-a.jwt";

  final InMemoryPorts ports = new InMemoryPorts();
  final User root = added(AUser.called("root").administrator().build());
  final User alice = added(AUser.called("alice").build());
  final User eve = added(AUser.called("eve").build());
  final User bot = added(AUser.called("bot").serviceAccountOf(alice).build());
  final Trusts trusts;
  final TrustedIssuers issuers;
  final TokenExchange exchange;

  TrustWorld() {
    this(Optional.of(AUDIENCE));
  }

  TrustWorld(Optional<String> audience) {
    AuditedChanges changes = changes();
    trusts =
        Trusts.of(
            ports.users(), ports.trusts(), ports.trustedIssuers(), ports.credentials(), changes);
    issuers =
        TrustedIssuers.of(
            ports.trustedIssuers(),
            Optional.of(PEOPLE),
            Optional.empty(),
            ports.credentials(),
            changes);
    exchange =
        TokenExchange.of(
            new TokenExchange.Stores(
                ports.users(), ports.accessTokens(), ports.trustedIssuers(), ports.trusts()),
            ports.jwtVerifier(),
            new TokenExchange.Installation(audience, Optional.of(PEOPLE), Optional.empty()),
            ports.randomBytes(),
            changes);
  }

  AuditedChanges changes() {
    return ports.auditedChanges();
  }

  /** Says that JWTs of {@code ci} are trusted. */
  TrustWorld withIssuer() {
    TrustedIssuers.SavedIssuer unused = done(issuers.save(as(root), CI, Precondition.NONE, ISSUER));
    return this;
  }

  /** Says whose JWTs are exchanged for tokens of {@code bot}. */
  Trust trust(String name, String subject, Map<String, String> claims, Duration lifetime) {
    return done(save(name, terms(subject, claims, lifetime))).trust();
  }

  Outcome<Trusts.SavedTrust> save(String name, TrustTerms terms) {
    return trusts.save(
        as(alice), BOT, new Handle(name), Precondition.NONE, new Trusts.TrustContent(CI, terms));
  }

  static TrustTerms terms(String subject, Map<String, String> claims, Duration lifetime) {
    return new TrustTerms(new SubjectPattern(subject), new RequiredClaims(claims), lifetime);
  }

  Exchange exchange(PresentedJwt jwt, String account) {
    ports.jwtVerifier().put(JWT, jwt);
    return exchange.exchange(JWT, new Handle(account), "192.0.2.1", "request");
  }

  Exchange.Issued issued(PresentedJwt jwt) {
    if (exchange(jwt, "bot") instanceof Exchange.Issued issued) {
      return issued;
    }
    throw new AssertionError("not issued, but: " + lastEvent().fields());
  }

  List<AccessToken> tokensOf(User user) {
    return ports.accessTokens().listOf(user.id(), Optional.empty(), 10);
  }

  AuditEvent lastEvent() {
    return ports.auditEvents().getLast();
  }

  /** Why the last attempt was refused, as the audit trail says. */
  String refusal() {
    AuditEvent event = lastEvent();
    if (event.outcome() != AuditOutcome.REFUSED) {
      throw new AssertionError("not refused: " + event);
    }
    return event.fields().getFirst();
  }

  Instant now() {
    return ports.clock().instant();
  }

  static Actor as(User user) {
    return actor(user, Optional.empty());
  }

  /** The user with an access token of scope use. */
  static Actor usingOnly(User user) {
    return actor(user, Optional.of(AToken.of(user).scope(TokenScope.USE).build()));
  }

  private static Actor actor(User user, Optional<AccessToken> token) {
    return new Actor(user.id(), user.handle(), user.administrator(), token, "192.0.2.1", "request");
  }

  private User added(User user) {
    ports.users().insert(user);
    return user;
  }
}
