package io.claviger.application.sessions;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.sessions.port.SignInLinkStore;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.domain.sessions.SignInMethod;
import java.util.List;
import java.util.Optional;

final class SignInLinkUseCases implements SignInLinks {
  private static final int SECRET_BYTES = 32;

  private final SignInLinkStore links;
  private final UserStore users;
  private final LocalSignIn local;
  private final RandomBytes random;
  private final AuditedChanges changes;

  SignInLinkUseCases(
      SignInLinkStore links,
      UserStore users,
      LocalSignIn local,
      RandomBytes random,
      AuditedChanges changes) {
    this.links = links;
    this.users = users;
    this.local = local;
    this.random = random;
    this.changes = changes;
  }

  @Override
  public Outcome<BrowserSecret> make(Handle user) {
    return changes
        .transactions()
        .inTransaction(
            () -> {
              Optional<User> found = users.find(user).filter(u -> !u.handle().isSystem());
              if (found.isEmpty()) {
                return Outcome.refused(new Refusal.NotFound());
              }
              if (found.get().isServiceAccount()) {
                return Outcome.refused(new Refusal.Forbidden("A service account can't sign in."));
              }
              if (!local.allows(user)) {
                return Outcome.refused(
                    new Refusal.Conflict(
                        "local_sign_in_off",
                        "Users other than root sign in with the identity provider."));
              }
              return Outcome.done(make(found.get()));
            });
  }

  @Override
  public Optional<Handle> find(BrowserSecret secret) {
    return links
        .find(secret.hash())
        .map(SignInLinkStore.LinkRecipient::handle)
        .filter(local::allows);
  }

  @Override
  public Optional<SignedIn> present(BrowserSecret secret) {
    return links
        .find(secret.hash())
        .filter(owner -> local.allows(owner.handle()))
        .map(
            owner ->
                new SignedIn(
                    owner.id(),
                    new SignInMethod.Link(),
                    Optional.of(secret.hash()),
                    Optional.empty()));
  }

  @Override
  public int removeExpired() {
    return links.deleteExpired();
  }

  private BrowserSecret make(User user) {
    BrowserSecret secret = BrowserSecret.of(random.next(SECRET_BYTES));
    links.insert(secret.hash(), user.id(), LIFETIME);
    changes
        .trail()
        .record(
            changes.eventOfNobody(
                AuditEvent.COMMAND_LINE,
                AuditAction.SIGN_IN_LINK_CREATE,
                AuditTargets.user(user.id(), user.handle()),
                AuditOutcome.DONE,
                List.of()));
    return secret;
  }
}
