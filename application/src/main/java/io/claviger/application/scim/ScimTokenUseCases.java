package io.claviger.application.scim;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.RecentSignIn;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenGenerator;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.scim.port.ScimTokenStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.sessions.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class ScimTokenUseCases implements ScimTokens {
  private final ScimTokenStore tokens;
  private final CredentialStore credentials;
  private final TokenGenerator generator;
  private final RejectedTokens rejected;
  private final Optional<Issuer> signIn;
  private final AuditedChanges changes;

  ScimTokenUseCases(
      ScimTokenStore tokens,
      CredentialStore credentials,
      RandomBytes random,
      RejectedTokens rejected,
      Optional<Issuer> signIn,
      AuditedChanges changes) {
    this.tokens = tokens;
    this.credentials = credentials;
    this.generator = new TokenGenerator(random);
    this.rejected = rejected;
    this.signIn = signIn;
    this.changes = changes;
  }

  @Override
  public Outcome<List<ScimToken>> list(Actor actor) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          demandAdministrator(actor);
          return tokens.list();
        });
  }

  @Override
  public Outcome<CreatedScimToken> create(Actor actor, TokenName name, Issuer issuer) {
    return create(actor, Optional.empty(), name, issuer);
  }

  @Override
  public Outcome<CreatedScimToken> create(
      Actor actor, Session session, TokenName name, Issuer issuer) {
    return create(actor, Optional.of(session), name, issuer);
  }

  private Outcome<CreatedScimToken> create(
      Actor actor, Optional<Session> session, TokenName name, Issuer issuer) {
    return changes.change(
        actor,
        AuditAction.SCIM_TOKEN_CREATE,
        AuditTargets.scimToken(name.value()),
        log -> {
          demandAdministrator(actor);
          actor.demandUnlimited("A SCIM token");
          Lockout.demandPresented(actor, credentials);
          ScimToken token =
              new ScimToken(
                  new ScimToken.Id(changes.ids().next()),
                  name,
                  issuer,
                  changes.now(),
                  Optional.empty());
          if (!accepts(token)) {
            throw RefusedException.invalid(
                Fault.notAllowed(
                    "issuer", "People sign in with another issuer. Name the issuer they use."));
          }
          session.ifPresent(one -> RecentSignIn.demand(one, TokenScope.MANAGE, changes.now()));
          demandRoom(tokens.lock(), issuer);
          TokenText text = generator.next();
          tokens.insert(token, text.hash());
          log.recordChange(
              AuditAction.SCIM_TOKEN_CREATE,
              AuditTargets.scimToken(token),
              List.of(issuer.value()));
          return new CreatedScimToken(token, text);
        });
  }

  @Override
  public boolean accepts(ScimToken token) {
    return token.isAccepted(signIn);
  }

  private static void demandRoom(List<ScimToken> all, Issuer issuer) {
    if (all.stream().anyMatch(token -> !token.issuer().equals(issuer))) {
      throw RefusedException.conflict(
          "other_scim_issuer",
          "Another issuer has a SCIM token. Only one identity provider at a time can manage"
              + " users, so end the other issuer's token first.");
    }
    if (all.size() >= ScimToken.MOST) {
      throw RefusedException.conflict(
          "too_many_scim_tokens",
          "At most %d SCIM tokens can exist. End one first.".formatted(ScimToken.MOST));
    }
  }

  @Override
  public Outcome<ScimToken.Id> end(Actor actor, ScimToken.Id id) {
    return changes.change(
        actor,
        AuditAction.SCIM_TOKEN_DELETE,
        AuditTargets.scimToken(id.value().toString()),
        log -> {
          demandAdministrator(actor);
          ScimToken token = tokens.find(id).orElseThrow(RefusedException::notFound);
          log.setTarget(AuditTargets.scimToken(token));
          if (!tokens.delete(id)) {
            throw RefusedException.notFound();
          }
          log.recordChange(AuditAction.SCIM_TOKEN_DELETE, AuditTargets.scimToken(token), List.of());
          return id;
        });
  }

  @Override
  public void endLeaked(TokenText text, String address, String requestId) {
    if (!text.isWellFormed()) {
      return;
    }
    boolean unused =
        changes
            .changeFrom(
                address,
                requestId,
                AuditAction.SCIM_TOKEN_DELETE,
                AuditTargets.scimToken(""),
                log -> {
                  Optional<ScimToken> found = tokens.find(text.hash());
                  if (found.isEmpty() || !tokens.delete(found.get().id())) {
                    return false;
                  }
                  log.recordChange(
                      AuditAction.SCIM_TOKEN_DELETE,
                      AuditTargets.scimToken(found.get()),
                      List.of(ScimToken.LEAKED));
                  return true;
                })
            .orThrow(RefusedException::new);
  }

  private static void demandAdministrator(Actor actor) {
    if (!actor.administrator()) {
      throw RefusedException.forbidden("Only administrators may see, make and end SCIM tokens.");
    }
  }

  @Override
  public Authentication authenticate(TokenText text, String address, String requestId) {
    Instant now = changes.now();
    if (!text.isWellFormed()) {
      return new Authentication.Rejected(rejected.count(address, requestId, now));
    }
    Optional<ScimToken> found = tokens.find(text.hash());
    if (found.isEmpty()) {
      return new Authentication.Rejected(rejected.countAndRecord(address, requestId, now));
    }
    if (!accepts(found.get())) {
      return new Authentication.OfFormerIssuer();
    }
    tokens.recordUse(found.get().id(), now);
    return new Authentication.Accepted(found.get());
  }
}
