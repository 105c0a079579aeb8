package io.claviger.application.identity;

import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.identity.SignInResult.Reason;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.Characters;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.HandleNormalizer;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.UnfollowedGroups;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the user of an identity, or creates a user at the first sign-in. A user is never found by
 * e-mail address or name. All methods run in the caller's transaction.
 */
final class PersonAdmission {
  private static final int LONGEST_SHOWN = 100;
  private static final String NO_NAME =
      "Your identity provider does not state your name, or has not verified your e-mail address. ";

  private final OidcSettings.Claims claims;
  private final UserStore users;
  private final IdentityStore identities;
  private final Ids ids;

  PersonAdmission(OidcSettings.Claims claims, UserStore users, IdentityStore identities, Ids ids) {
    this.claims = claims;
    this.users = users;
    this.identities = identities;
    this.ids = ids;
  }

  record Person(User user, LinkedIdentity identity) {}

  /** Finds and locks the user of an identity. */
  Optional<Person> find(ProvidedIdentity provided) {
    return identities
        .find(provided.identity())
        .flatMap(stored -> users.lock(stored.handle()))
        .flatMap(
            user ->
                identities
                    .findOf(user.id())
                    .filter(now -> now.identity().identity().equals(provided.identity()))
                    .map(now -> new Person(user, now.identity())));
  }

  /** Creates a user for an identity. */
  Person create(ProvidedIdentity provided, Instant now, ChangeLog log) {
    Handle handle = handle(provided);
    if (handle.equals(Handle.ROOT) || users.lock(handle).isPresent()) {
      if (identities.find(provided.identity()).isPresent()) {
        // Another first sign-in of the same person was faster. The next attempt finds the user.
        throw new ConcurrencyConflict(
            ConcurrencyConflict.How.TAKEN,
            new IllegalStateException("the identity is linked already"));
      }
      throw SignInRefusal.of(
          Reason.HANDLE_TAKEN,
          "You would be called "
              + handle
              + " here, but there is a user with this handle already. "
              + whatToAsk(provided, "link your identity to that user if that is you, or to another")
              + " Linking ends the access tokens and sessions of that user, and deletes the keys"
              + " that they stored.");
    }
    if (identities
        .findFormer(handle)
        .filter(former -> !former.had(provided.identity()))
        .isPresent()) {
      throw SignInRefusal.of(
          Reason.HANDLE_TAKEN,
          "You would be called "
              + handle
              + " here. A deleted user had this handle, so others may take you for that user."
              + " "
              + whatToAsk(provided, "make you a user and link your identity to it"));
    }
    User user =
        new User(
            new User.Id(ids.next()),
            handle,
            name(provided).orElseGet(() -> new DisplayName(handle.value())),
            provided.email().flatMap(PersonAdmission::email),
            false,
            1,
            now,
            now);
    users.insert(user);
    log.recordChange(
        AuditAction.USER_CREATE,
        AuditTargets.user(user.id(), handle),
        List.of("handle", "display_name", "email"));
    return new Person(
        user, insert(user, identity(user, provided, now).ofMadeUser(), Optional.empty(), log));
  }

  /**
   * Links an unlinked identity to a user without an identity. The caller must have locked the user
   * in this transaction.
   *
   * @param ended the credentials that were ended, if linking the identity is a recovery
   */
  LinkedIdentity link(
      User user,
      ProvidedIdentity provided,
      Optional<EndedCredentials> ended,
      Instant now,
      ChangeLog log) {
    return insert(user, identity(user, provided, now), ended, log);
  }

  private static LinkedIdentity identity(User user, ProvidedIdentity provided, Instant now) {
    return new LinkedIdentity(
        provided.identity(),
        user.id(),
        false,
        false,
        now,
        Optional.empty(),
        UnfollowedGroups.NONE,
        false);
  }

  private LinkedIdentity insert(
      User user, LinkedIdentity identity, Optional<EndedCredentials> ended, ChangeLog log) {
    identities.insert(identity);
    recordLink(user, identity.identity(), ended, log);
    return identity;
  }

  /**
   * Records that a user got an identity. For a recovery, also records which credentials have ended.
   */
  static void recordLink(
      User user, Identity identity, Optional<EndedCredentials> ended, ChangeLog log) {
    String issuer = identity.issuer().value();
    log.recordChange(
        AuditAction.IDENTITY_LINK,
        AuditTargets.user(user.id(), user.handle()),
        ended
            .map(all -> Stream.concat(Stream.of("recovery", issuer), all.names().stream()).toList())
            .orElseGet(() -> List.of(issuer)));
  }

  private Handle handle(ProvidedIdentity provided) {
    return provided
        .handle()
        .flatMap(claims::withoutDomain)
        .flatMap(HandleNormalizer::exact)
        .orElseThrow(
            () ->
                SignInRefusal.of(
                    Reason.NO_HANDLE,
                    provided.handle().map(PersonAdmission::notUsable).orElse(NO_NAME)
                        + whatToAsk(provided, "make you a user and link your identity to it")));
  }

  private static String notUsable(String name) {
    String shown = name.replaceAll("\\p{Cntrl}", " ");
    return "Your identity provider calls you “"
        + shown.substring(0, Math.min(LONGEST_SHOWN, shown.length()))
        + "”, which can't be a handle: handles consist of a-z, 0-9 and . _ - and begin with a"
        + " letter or digit. Claviger does not choose another handle. ";
  }

  /** Returns a text with everything that an administrator has to know to link the identity. */
  private static String whatToAsk(ProvidedIdentity provided, String what) {
    return "Ask an administrator to "
        + what
        + " (PUT /v1/users/{user}/identity, or People in the console), with the issuer "
        + provided.identity().issuer()
        + " and the subject "
        + provided.identity().subject()
        + ".";
  }

  private static Optional<DisplayName> name(ProvidedIdentity provided) {
    return provided
        .name()
        .map(name -> Characters.first(DisplayName.MAX_LENGTH, name))
        .flatMap(
            name -> {
              try {
                return Optional.of(new DisplayName(name));
              } catch (InvalidValue e) {
                return Optional.empty();
              }
            });
  }

  private static Optional<Email> email(String text) {
    try {
      return Optional.of(new Email(text));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }
}
