package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Manages the administrator {@code root}, whom the program itself creates, and the tokens of {@code
 * root}.
 */
final class RootUser {
  /**
   * The refusal if {@code root} is a service account. Earlier builds let administrators create such
   * an account.
   */
  private static final Refusal SERVICE_ACCOUNT =
      new Refusal.Conflict(
          "handle_taken",
          "the user root is a service account, which can't be an administrator: delete it as another"
              + " administrator, on a node that starts without CLAVIGER_ADMIN_TOKEN");

  private final UserStore users;
  private final AccessTokenStore tokens;
  private final Lockout lockout;
  private final TokenGenerator generator;
  private final AuditedChanges changes;

  RootUser(
      UserStore users,
      AccessTokenStore tokens,
      Lockout lockout,
      TokenGenerator generator,
      AuditedChanges changes) {
    this.users = users;
    this.lockout = lockout;
    this.tokens = tokens;
    this.generator = generator;
    this.changes = changes;
  }

  void establish(TokenText token) {
    inTransaction(
        () -> {
          User root = administratorRoot(AuditEvent.UPKEEP);
          Optional<AccessToken.Id> known =
              tokens.find(token.hash()).map(there -> there.token().id());
          // The environment decides which token is valid. A narrower token would stay valid
          // after the token was removed from the environment.
          tokens.deleteNarrower(token.hash());
          // The id stays the same, because sessions that began with the token refer to its id.
          AccessToken.Id id = known.orElseGet(this::newId);
          tokens.save(token(id, root, "environment", AccessToken.Origin.ENVIRONMENT), token.hash());
          if (known.isEmpty()) {
            record(AuditEvent.UPKEEP, AuditAction.TOKEN_CREATE, root);
          }
          return root;
        });
  }

  void establish() {
    User unused = inTransaction(() -> administratorRoot(AuditEvent.UPKEEP));
  }

  Optional<TokenText> createAtFirstStart() {
    return inTransaction(
        () ->
            users.isEmpty()
                ? Optional.of(newToken(AuditEvent.UPKEEP, AccessToken.Origin.FIRST))
                : Optional.empty());
  }

  TokenText replaceToken() {
    return inTransaction(
        () -> {
          User root = administratorRoot(AuditEvent.COMMAND_LINE);
          if (tokens.deleteAll(root.id(), AccessToken.Origin.COMMAND) > 0) {
            record(AuditEvent.COMMAND_LINE, AuditAction.TOKEN_DELETE, root);
          }
          return newToken(AuditEvent.COMMAND_LINE, AccessToken.Origin.COMMAND);
        });
  }

  Users.RecoveredRoot recover() {
    return inTransaction(
        () -> {
          User root = administratorRoot(AuditEvent.COMMAND_LINE);
          // Root has no linked identity, so no unlinking has to be recorded.
          EndedCredentials ended = lockout.end(root, changes.now());
          record(
              AuditEvent.COMMAND_LINE,
              AuditAction.TOKEN_DELETE,
              root,
              Stream.concat(Stream.of("recovery"), ended.names().stream()).toList());
          ended
              .changes()
              .forEach(
                  change ->
                      record(
                          AuditEvent.COMMAND_LINE,
                          AuditAction.APPROVAL_LAPSE,
                          AuditTargets.approval(change.id(), change.service(), change.owner()),
                          Lockout.RECOVERY));
          return new Users.RecoveredRoot(
              newToken(AuditEvent.COMMAND_LINE, AccessToken.Origin.COMMAND), ended);
        });
  }

  private TokenText newToken(String address, AccessToken.Origin origin) {
    User root = administratorRoot(address);
    TokenText text = generator.next();
    tokens.save(token(newId(), root, "administrator", origin), text.hash());
    record(address, AuditAction.TOKEN_CREATE, root);
    return text;
  }

  private User administratorRoot(String address) {
    Instant now = changes.now();
    Optional<User> there = users.lock(Handle.ROOT);
    if (there.isPresent() && there.get().administrator()) {
      return there.get();
    }
    if (there.filter(User::isServiceAccount).isPresent()) {
      throw new RefusedException(SERVICE_ACCOUNT);
    }
    User root =
        there
            .map(u -> u.withAdministrator(true, now))
            .orElseGet(
                () ->
                    new User(
                        new User.Id(changes.ids().next()),
                        Handle.ROOT,
                        new DisplayName("root"),
                        Optional.empty(),
                        true,
                        1,
                        now,
                        now));
    if (there.isPresent()) {
      users.update(root);
    } else {
      users.insert(root);
    }
    record(address, there.isPresent() ? AuditAction.USER_UPDATE : AuditAction.USER_CREATE, root);
    return root;
  }

  private AccessToken.Id newId() {
    return new AccessToken.Id(changes.ids().next());
  }

  private AccessToken token(AccessToken.Id id, User root, String name, AccessToken.Origin origin) {
    return new AccessToken(
        id,
        root.id(),
        new TokenName(name),
        TokenScope.MANAGE,
        AccessToken.Provenance.of(origin),
        Optional.empty(),
        Limits.NONE,
        InheritedLimits.NONE,
        changes.now(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        TokenBinding.NONE,
        Optional.empty());
  }

  private void record(String address, AuditAction action, User root) {
    record(address, action, root, List.of());
  }

  private void record(String address, AuditAction action, User root, List<String> fields) {
    record(address, action, AuditTargets.user(root.id(), root.handle()), fields);
  }

  private void record(String address, AuditAction action, AuditTarget target, List<String> fields) {
    changes
        .trail()
        .record(changes.eventOfNobody(address, action, target, AuditOutcome.DONE, fields));
  }

  /**
   * Two nodes might start at the same moment. The slower node then finds the user that the other
   * node created.
   */
  private <T> T inTransaction(Supplier<T> work) {
    try {
      return changes.transactions().inTransaction(work);
    } catch (ConcurrencyConflict e) {
      return changes.transactions().inTransaction(work);
    }
  }
}
