package io.claviger.application.identity;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.identity.PersonAdmission.Person;
import io.claviger.application.identity.SignInResult.Reason;
import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.application.sessions.SignedIn;
import io.claviger.application.sessions.port.SessionStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Characters;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.scim.ScimUser;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Applies validated answers of the identity provider, each in its own transaction. */
final class SignInCompletion {
  /** The maximum number of characters of a name that is shown to the user. */
  private static final int LONGEST_SHOWN = 100;

  private final Issuer issuer;
  private final PersonAdmission admission;
  private final PersonSync sync;
  private final ScimSignIn scim;
  private final UserStore users;
  private final IdentityStore identities;
  private final SessionStore sessions;
  private final Lockout lockout;
  private final AuditedChanges changes;

  SignInCompletion(
      Issuer issuer,
      PersonAdmission admission,
      PersonSync sync,
      ScimSignIn scim,
      Identities.Stores stores,
      AuditedChanges changes) {
    this.issuer = issuer;
    this.admission = admission;
    this.sync = sync;
    this.scim = scim;
    this.users = stores.users();
    this.identities = stores.identities();
    this.sessions = stores.sessions();
    this.lockout = stores.lockout();
    this.changes = changes;
  }

  Outcome<SignInResult> signIn(
      ProvidedIdentity provided, ReturnPath returnPath, String address, String requestId) {
    return attempt(
        address,
        requestId,
        log -> {
          Instant now = changes.now();
          Optional<Person> known = admission.find(provided);
          known.ifPresentOrElse(
              person -> identify(person.user(), address, requestId, log),
              () -> log.setTarget(AuditTargets.identity(provided.identity())));
          Person person =
              scim.isOn()
                  ? provisioned(provided, known, now, log)
                  : allowed(provided, known, now, log);
          identify(person.user(), address, requestId, log);
          List<String> notices =
              sync.follow(person.user(), person.identity(), provided, now, now, log);
          log.recordChange(
              AuditAction.USER_SIGN_IN,
              AuditTargets.user(person.user().id(), person.user().handle()),
              List.of());
          return new SignInResult.Completed(
              new SignedIn(
                  person.user().id(),
                  new SignInMethod.OpenId(provided.identity(), provided.session()),
                  Optional.empty(),
                  provided.sinceProof()),
              returnPath.value(),
              notices);
        });
  }

  /** Records that somebody could not sign in. */
  Outcome<SignInResult> refuse(Reason reason, String why, String address, String requestId) {
    return attempt(
        address,
        requestId,
        log -> {
          throw SignInRefusal.of(reason, why);
        });
  }

  /** Records that a user could not link an identity. */
  Outcome<SignInResult> refuseLink(Actor actor, Reason reason, String why) {
    return changes.change(
        actor,
        AuditAction.IDENTITY_LINK,
        AuditTargets.user(actor.id(), actor.handle()),
        log -> {
          throw SignInRefusal.of(reason, why);
        });
  }

  private Outcome<SignInResult> attempt(
      String address, String requestId, AuditedChanges.Change<SignInResult> change) {
    return changes.changeFrom(
        address, requestId, AuditAction.USER_SIGN_IN, AuditTargets.unknownUser(), change);
  }

  private Person allowed(
      ProvidedIdentity provided, Optional<Person> known, Instant now, ChangeLog log) {
    demandAllowed(provided);
    known.ifPresent(person -> scim.demandNotSuspended(person.user()));
    return known.orElseGet(() -> admission.create(provided, now, log));
  }

  /**
   * Finds the user who signs in while SCIM is in use. While SCIM is in use, a sign-in never creates
   * a user.
   */
  private Person provisioned(
      ProvidedIdentity provided, Optional<Person> known, Instant now, ChangeLog log) {
    return scim.admit(provided, known.map(Person::user))
        .map(user -> new Person(user, linkProvisioned(user, provided, now, log)))
        .or(() -> known)
        .orElseThrow(
            () ->
                new ConcurrencyConflict(
                    ConcurrencyConflict.How.REFERENCE_GONE,
                    new IllegalStateException("the provisioned user has changed")));
  }

  /**
   * Links an identity because SCIM assigns it to the user. The holder of a SCIM token decides which
   * identity is assigned. So the identity might belong to a person other than the one who has acted
   * as the user so far.
   */
  private LinkedIdentity linkProvisioned(
      User user, ProvidedIdentity provided, Instant now, ChangeLog log) {
    return admission.link(user, provided, lockout.recoverIfHadAccess(user, now, log), now, log);
  }

  private static void identify(User user, String address, String requestId, ChangeLog log) {
    log.setActor(
        new Actor(
            user.id(), user.handle(), user.administrator(), Optional.empty(), address, requestId));
    log.limitAsSignIn();
    log.setTarget(AuditTargets.user(user.id(), user.handle()));
  }

  private void demandAllowed(ProvidedIdentity provided) {
    if (!sync.isAllowed(provided.groups())) {
      throw SignInRefusal.of(
          Reason.NOT_ALLOWED,
          provided.groups() instanceof GroupsClaim.TooMany
              ? "Your identity provider states too many groups, so Claviger can't find out whether"
                  + " you may sign in."
              : "You are in none of the groups whose members may sign in here.");
    }
  }

  Outcome<SignInResult> link(Actor actor, ProvidedIdentity provided, ReturnPath returnPath) {
    return changes.change(
        actor,
        AuditAction.IDENTITY_LINK,
        AuditTargets.user(actor.id(), actor.handle()),
        log -> {
          Instant now = changes.now();
          demandLinkable(actor, provided);
          demandProven(provided);
          User user =
              users
                  .lock(actor.handle())
                  .filter(one -> one.id().equals(actor.id()))
                  .orElseThrow(RefusedException::notFound);
          if (user.handle().equals(Handle.ROOT)) {
            throw RefusedException.forbidden("The user root can't be linked to an identity.");
          }
          actor.demandUnlimited("A linked identity");
          lockout.demandPresented(actor);
          LinkedIdentity identity = link(user, provided, now, log);
          List<String> unused = sync.follow(user, identity, provided, now, now, log);
          return new SignInResult.Linked(returnPath.value(), identity.identity(), names(provided));
        });
  }

  /**
   * Returns the identity provider's names for a person, shortened if necessary. Blank names are
   * left out. Invisible characters are marked, because the person might have chosen a name that
   * looks like somebody else's.
   */
  private static List<String> names(ProvidedIdentity provided) {
    return Stream.of(provided.handle(), provided.name(), provided.email())
        .flatMap(Optional::stream)
        .map(name -> Characters.first(LONGEST_SHOWN, name.replaceAll("\\p{Cntrl}", " ")))
        .map(Characters::marked)
        .filter(name -> !name.chars().allMatch(Character::isSpaceChar))
        .distinct()
        .toList();
  }

  /**
   * Checks that the identity provider has not answered for somebody who signed in there earlier in
   * this browser, although it was asked for a proof. If it states no time of a proof, nothing is
   * known.
   */
  private static void demandProven(ProvidedIdentity provided) {
    if (provided.sinceProof().filter(since -> since.compareTo(Session.RECENT) >= 0).isPresent()) {
      throw SignInRefusal.of(
          Reason.DECLINED,
          "The identity provider states that you proved long ago who you are. Sign out there, so"
              + " that nobody else's account is linked, and link your account again.");
    }
  }

  /** While SCIM is in use, refuses to link an identity that SCIM assigns to another user. */
  private void demandLinkable(Actor actor, ProvidedIdentity provided) {
    Optional<ScimUser> record = scim.isOn() ? scim.record(provided) : Optional.empty();
    if (record.isEmpty()) {
      demandAllowed(provided);
    } else if (!record.get().user().equals(actor.id())) {
      throw SignInRefusal.of(Reason.IDENTITY_TAKEN, "This identity belongs to another user.");
    }
  }

  /** If the user already has this identity, nothing changes. */
  private LinkedIdentity link(User user, ProvidedIdentity provided, Instant now, ChangeLog log) {
    Optional<IdentityStore.StoredIdentity> own = identities.findOf(user.id());
    if (own.isPresent() && own.get().identity().identity().equals(provided.identity())) {
      return own.get().identity();
    }
    if (own.isPresent()) {
      throw SignInRefusal.of(
          Reason.IDENTITY_TAKEN, "You have another identity. First unlink the other identity.");
    }
    if (identities.find(provided.identity()).isPresent()) {
      throw SignInRefusal.of(Reason.IDENTITY_TAKEN, "This identity belongs to another user.");
    }
    return admission.link(user, provided, Optional.empty(), now, log);
  }

  /**
   * @return false if the attempt repeatedly conflicted with other changes
   */
  boolean logOut(IdentityProvider.LoggedOut whose, String address, String requestId) {
    Outcome<Integer> ended =
        changes.changeFrom(
            address,
            requestId,
            AuditAction.SESSION_END,
            AuditTargets.unknownUser(),
            log -> {
              int count = end(whose);
              if (count > 0) {
                log.recordChange(
                    AuditAction.SESSION_END,
                    AuditTargets.unknownUser(),
                    List.of("identity_provider"));
              }
              return count;
            });
    return ended instanceof Outcome.Done;
  }

  /**
   * Ends the named session, or all sessions of the person if no session is named. If no session has
   * this name, ends the person's sessions without a name, because the named session might be one of
   * them: a provider need not name its sessions in ID tokens.
   */
  private int end(IdentityProvider.LoggedOut whose) {
    if (whose.session().isEmpty()) {
      return whose.subject().map(sessions::deleteOf).orElse(0);
    }
    int named = sessions.deleteOf(issuer, whose.session().get());
    return named > 0 ? named : whose.subject().map(sessions::deleteUnnamedOf).orElse(0);
  }
}
