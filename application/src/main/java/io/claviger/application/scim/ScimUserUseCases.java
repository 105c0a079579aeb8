package io.claviger.application.scim;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.UserAccess;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.identity.Departure;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.application.scim.port.ScimUserStore.Entry;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.identity.FormerUser;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.scim.ScimHandles;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.scim.ScimSight;
import io.claviger.domain.scim.ScimSubject;
import io.claviger.domain.scim.ScimUser;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

final class ScimUserUseCases implements ScimUsers {
  private final ScimUserStore provisioned;
  private final UserStore users;
  private final Departure departure;
  private final Lockout lockout;
  private final IdentityStore identities;
  private final ScimSettings settings;
  private final Duration maxAge;
  private final AuditedChanges changes;

  ScimUserUseCases(
      ScimUserStore provisioned,
      Identities.Stores stores,
      ScimSettings settings,
      Duration maxAge,
      AuditedChanges changes) {
    this.provisioned = provisioned;
    this.users = stores.users();
    this.departure = new Departure(stores);
    this.lockout = stores.lockout();
    this.identities = stores.identities();
    this.settings = settings;
    this.maxAge = maxAge;
    this.changes = changes;
  }

  @Override
  public Outcome<View> find(ScimCaller caller, UUID id) {
    return Outcome.of(() -> view(caller.issuer(), visible(caller.issuer(), id)));
  }

  @Override
  public ScimPage<View> list(ScimCaller caller, Filter filter, int skipped, int limit) {
    Issuer issuer = caller.issuer();
    return switch (filter) {
      case Filter.All all ->
          new ScimPage<>(
              provisioned.list(issuer, skipped, limit).stream()
                  .map(entry -> view(issuer, entry))
                  .toList(),
              provisioned.count(issuer));
      case Filter.ById by ->
          single(issuer, provisioned.findEntry(new User.Id(by.id())), skipped, limit);
      case Filter.ByExternalId by ->
          single(issuer, findByExternalId(issuer, by.externalId()), skipped, limit);
      case Filter.ByUserName by ->
          single(issuer, findByUserName(issuer, by.userName()), skipped, limit);
    };
  }

  private ScimPage<View> single(Issuer issuer, Optional<Entry> found, int skipped, int limit) {
    List<View> seen =
        found.filter(entry -> sees(issuer, entry)).map(entry -> view(issuer, entry)).stream()
            .toList();
    return new ScimPage<>(skipped == 0 && limit > 0 ? seen : List.of(), seen.size());
  }

  /**
   * Finds the user with the given externalId. If the person signed in before SCIM was turned on,
   * finds the user by the claims from the sign-in.
   */
  private Optional<Entry> findByExternalId(Issuer issuer, String externalId) {
    Optional<Entry> found = provisioned.findByExternalId(issuer, externalId);
    return found.isPresent() || settings.subject().attribute() != ScimSubject.Attribute.EXTERNAL_ID
        ? found
        : provisioned
            .findByClaim(issuer, settings.subject().claim(), externalId)
            .filter(entry -> own(issuer, entry).isEmpty());
  }

  private Optional<Entry> findByUserName(Issuer issuer, String userName) {
    Optional<Entry> found = provisioned.findByUserName(issuer, userName);
    return found.isPresent()
        ? found
        : ScimHandles.ofUserName(userName)
            .filter(handle -> handle.value().equalsIgnoreCase(userName))
            .flatMap(users::find)
            .flatMap(user -> provisioned.findEntry(user.id()))
            .filter(entry -> own(issuer, entry).isEmpty());
  }

  @Override
  public Outcome<View> create(ScimCaller caller, Person person) {
    return changes.changeBy(
        caller.program(),
        AuditAction.USER_CREATE,
        AuditTargets.unknownUser(),
        log -> {
          Optional<Entry> known = known(caller.issuer(), person.names());
          if (known.isPresent()) {
            Entry entry = locked(known.get(), log);
            demandNew(caller.issuer(), entry);
            Optional<Boolean> again =
                entry.record().filter(record -> !record.active()).map(record -> true);
            Person back =
                new Person(
                    person.names(),
                    person.active().or(() -> again),
                    person.displayName(),
                    person.email());
            return write(caller.issuer(), entry, unused -> back, log);
          }
          if (provisioned.findByUserName(caller.issuer(), person.names().userName()).isPresent()) {
            throw taken("Another user has this userName.");
          }
          return insert(caller.issuer(), person, log);
        });
  }

  /**
   * Finds the user who already exists for a person. A user exists for a person who has signed in
   * before. A user also exists if the issuer has deleted the person by SCIM, because Claviger then
   * keeps the user.
   *
   * @throws RefusedException if the issuer already has this person
   */
  private Optional<Entry> known(Issuer issuer, ScimUser.Names names) {
    Optional<Entry> same =
        names.externalId().isPresent()
            ? provisioned.findByExternalId(issuer, names.externalId().get())
            : provisioned.findDeletedByUserName(issuer, names.userName());
    Optional<Entry> found =
        same.isPresent()
            ? same
            : settings
                .subject()
                .attribute()
                .of(names)
                .flatMap(
                    value -> provisioned.findByClaim(issuer, settings.subject().claim(), value));
    found.ifPresent(entry -> demandNew(issuer, entry));
    return found;
  }

  private static void demandNew(Issuer issuer, Entry entry) {
    if (own(issuer, entry).filter(one -> !one.deleted()).isPresent()) {
      throw taken("This user exists already.");
    }
  }

  private View insert(Issuer issuer, Person person, ChangeLog log) {
    demandRoom(issuer);
    Instant now = changes.now();
    User.Id id = new User.Id(changes.ids().next());
    User user = user(id, handle(issuer, id, person.names()), person, now);
    users.insert(user);
    ScimUser record =
        new ScimUser(
            user.id(),
            issuer,
            person.names(),
            person.active().orElse(true),
            Optional.empty(),
            now,
            now);
    provisioned.insert(record);
    log.setTarget(AuditTargets.user(user.id(), user.handle()));
    log.recordChange(
        AuditAction.USER_CREATE,
        AuditTargets.user(user.id(), user.handle()),
        List.of("handle", "display_name", "email"));
    return new View(user, record.names(), record.active());
  }

  private void demandRoom(Issuer issuer) {
    if (provisioned.countKept(issuer, ScimUser.MOST) >= ScimUser.MOST) {
      throw RefusedException.conflict(
          "too_many_users",
          "An issuer can have at most %,d users, including users whom it has deleted."
              .formatted(ScimUser.MOST));
    }
  }

  private Handle handle(Issuer issuer, User.Id id, ScimUser.Names names) {
    Optional<Handle> wanted = ScimHandles.ofUserName(names.userName());
    return ScimHandles.choose(
            wanted,
            wanted.map(one -> holder(issuer, one, names)).orElse(ScimHandles.Holder.NOBODY),
            ScimHandles.ofUser(id.value()))
        .orElseThrow(
            () ->
                taken(
                    "Another user, whom this identity provider does not know, already has the"
                        + " handle derived from this userName. If both are the same person,"
                        + " an administrator can link the identity to that user."));
  }

  private static User user(User.Id id, Handle handle, Person person, Instant now) {
    FieldValues defaults = User.defaults(handle);
    return new User(
        id,
        handle,
        defaults
            .with(
                CommonFields.DISPLAY_NAME,
                person.displayName().orElse(defaults.require(CommonFields.DISPLAY_NAME)))
            .withOptional(User.EMAIL, person.email()),
        UserKind.PERSON,
        Optional.empty(),
        person.active().orElse(true) ? Optional.empty() : Optional.of(now),
        1,
        now,
        now);
  }

  private ScimHandles.Holder holder(Issuer issuer, Handle handle, ScimUser.Names names) {
    return users
        .find(handle)
        .map(user -> holder(issuer, user))
        .orElseGet(
            () ->
                identities
                        .findFormer(handle)
                        .filter(former -> !isSame(former, issuer, names))
                        .isPresent()
                    ? ScimHandles.Holder.FORMER
                    : ScimHandles.Holder.NOBODY);
  }

  private boolean isSame(FormerUser former, Issuer issuer, ScimUser.Names names) {
    return former.was(issuer, names.externalId())
        || settings
            .subject()
            .subjectOf(names)
            .filter(subject -> former.had(issuer, subject))
            .isPresent();
  }

  private ScimHandles.Holder holder(Issuer issuer, User user) {
    Optional<Entry> entry = provisioned.findEntry(user.id());
    boolean same =
        entry.flatMap(one -> own(issuer, one)).isPresent()
            || entry.filter(one -> sees(issuer, one)).isPresent();
    return same ? ScimHandles.Holder.SAME_ISSUER : ScimHandles.Holder.OTHER;
  }

  @Override
  public Outcome<View> update(ScimCaller caller, UUID id, UnaryOperator<Person> change) {
    return changes.changeBy(
        caller.program(),
        AuditAction.USER_UPDATE,
        AuditTargets.unknownUser(),
        log -> {
          Entry entry = demandVisible(caller.issuer(), locked(visible(caller.issuer(), id), log));
          return write(caller.issuer(), entry, change, log);
        });
  }

  /**
   * Locks a user for a write, and then reads the user, because the issuer might have deleted the
   * user while this method waited for the lock. Locks the administrators before the user, because
   * every change that might remove an administrator uses this order.
   */
  private Entry locked(Entry seen, ChangeLog log) {
    if (seen.user().administrator()) {
      Set<User.Id> unused = users.lockAdministrators();
    }
    User locked = lock(seen.user());
    if (locked.administrator() && !seen.user().administrator()) {
      // The user has become an administrator since the user was read. The next attempt locks all
      // administrators first.
      throw ConcurrencyConflict.notSerializable("the user has become an administrator");
    }
    log.setTarget(AuditTargets.user(locked.id(), locked.handle()));
    return provisioned.findEntry(locked.id()).orElseThrow(RefusedException::notFound);
  }

  /**
   * Stores the issuer's statements about a user. The issuer already manages this user, takes over a
   * user who was created by a sign-in, or restores a deleted user.
   *
   * @param entry the locked user
   */
  private View write(Issuer issuer, Entry entry, UnaryOperator<Person> change, ChangeLog log) {
    User.Id id = entry.user().id();
    Person before = person(issuer, entry);
    Person after = named(issuer, id, before, change.apply(before));
    Instant now = changes.now();
    boolean active = after.active().orElse(active(issuer, entry));
    Optional<ScimUser> record = entry.record();
    if (record.isPresent()) {
      provisioned.update(record.get().with(issuer, after.names(), active, now));
    } else {
      provisioned.insert(
          new ScimUser(id, issuer, after.names(), active, Optional.empty(), now, now));
    }
    User user = describe(entry.user(), before, after, now, log);
    if (!active) {
      user = suspend(user, entry.identity(), now, log);
    } else if (after.active().isPresent() && user.suspended()) {
      // If a refresh of the user's identity caused the suspension, a write that changes something
      // else does not end the suspension.
      user = resume(user, entry.identity(), now, log);
    }
    return new View(user, after.names(), active);
  }

  private User describe(User user, Person before, Person after, Instant now, ChangeLog log) {
    FieldValues fields =
        after
            .displayName()
            .map(name -> user.fields().with(CommonFields.DISPLAY_NAME, name))
            .orElse(user.fields())
            .withOptional(User.EMAIL, after.email());
    List<String> changed =
        new ArrayList<>(
            user.fields().differingFrom(fields, User.STORED).stream()
                .map(ScalarField::name)
                .toList());
    if (!before.names().equals(after.names())) {
      changed.add("scim");
    }
    if (changed.isEmpty()) {
      return user;
    }
    User described = user.with(fields, now);
    users.update(described);
    log.recordChange(AuditAction.USER_UPDATE, AuditTargets.user(user.id(), user.handle()), changed);
    return described;
  }

  private User resume(User user, Optional<LinkedIdentity> identity, Instant now, ChangeLog log) {
    User resumed = user.withSuspension(Optional.empty(), now);
    users.update(resumed);
    departure.resumed(user, identity, maxAge, now);
    log.recordChange(
        AuditAction.USER_RESUME, AuditTargets.user(user.id(), user.handle()), List.of("scim"));
    return resumed;
  }

  /**
   * Suspends a user, and returns the user as now stored. If no other administrator who can act
   * would remain, the change is refused.
   */
  private User suspend(User user, Optional<LinkedIdentity> identity, Instant now, ChangeLog log) {
    if (user.administrator() && provisioned.countOtherAdministrators(user.id()) == 0) {
      log.recordAttemptAs(AuditAction.USER_SUSPEND);
      throw RefusedException.conflict(
          "last_administrator",
          "This user is the only administrator. Make somebody else an administrator first.");
    }
    return departure.suspend(user, identity, now, log);
  }

  @Override
  public Outcome<UUID> delete(ScimCaller caller, UUID id) {
    if (!settings.deletes()) {
      return delete(caller, id, false);
    }
    try {
      return delete(caller, id, true);
    } catch (StillReferenced e) {
      // The user is suspended and not deleted, because other users use things that belong to this
      // user.
      return delete(caller, id, false);
    }
  }

  private Outcome<UUID> delete(ScimCaller caller, UUID id, boolean wholly) {
    return changes.changeBy(
        caller.program(),
        wholly ? AuditAction.USER_DELETE : AuditAction.USER_SUSPEND,
        AuditTargets.unknownUser(),
        log -> {
          if (wholly) {
            users.lockForDeletion(new User.Id(id));
          }
          Entry entry = demandVisible(caller.issuer(), locked(visible(caller.issuer(), id), log));
          User user = entry.user();
          Instant now = changes.now();
          User unusedToo = suspend(user, entry.identity(), now, log);
          boolean needed =
              !users.dependentsOf(user.id(), now).isEmpty()
                  || provisioned.hasOpenOffers(user.id())
                  || !changes.consents().guardedOf(user.id()).isEmpty();
          if (wholly && !needed) {
            if (entry.record().isEmpty()) {
              // The names that the issuer has for this user are kept, so that the person is
              // recognized if the issuer provisions the person again.
              forget(caller.issuer(), entry, now);
            }
            users.delete(user.id());
            log.recordChange(
                AuditAction.USER_DELETE,
                AuditTargets.user(user.id(), user.handle()),
                List.of("scim"));
          } else {
            forget(caller.issuer(), entry, now);
          }
          return id;
        });
  }

  private void forget(Issuer issuer, Entry entry, Instant now) {
    provisioned.leaveGroups(entry.user().id(), issuer);
    Optional<ScimUser> record = entry.record();
    if (record.isEmpty()) {
      provisioned.insert(
          new ScimUser(
                  entry.user().id(),
                  issuer,
                  names(issuer, entry),
                  false,
                  Optional.empty(),
                  now,
                  now)
              .withDeletion(now));
    } else {
      provisioned.update(
          record.get().with(issuer, names(issuer, entry), false, now).withDeletion(now));
    }
  }

  @Override
  public Outcome<Handle> resume(Actor actor, Handle handle) {
    return changes.change(
        actor,
        AuditAction.USER_RESUME,
        AuditTargets.user(handle),
        log -> {
          if (!actor.administrator()) {
            throw RefusedException.forbidden("Only administrators end suspensions.");
          }
          User user = UserAccess.changeable(actor, handle, users);
          log.setTarget(AuditTargets.user(user.id(), handle));
          // If an administrator was suspended while this request waited, the request must not end
          // this suspension.
          lockout.demandPresented(actor);
          if (!user.suspended()) {
            throw RefusedException.conflict("not_suspended", "This user is not suspended.");
          }
          Instant now = changes.now();
          provisioned.find(user.id()).ifPresent(record -> resume(record, now));
          users.update(user.withSuspension(Optional.empty(), now));
          departure.resumed(
              user,
              identities.findOf(user.id()).map(IdentityStore.StoredIdentity::identity),
              maxAge,
              now);
          log.recordChange(
              AuditAction.USER_RESUME, AuditTargets.user(user.id(), handle), List.of());
          return handle;
        });
  }

  /** Makes the issuer see the user as active, even if the issuer has deleted the user. */
  private void resume(ScimUser record, Instant now) {
    if (provisioned
        .findByUserName(record.issuer(), record.names().userName())
        .filter(other -> !other.user().id().equals(record.user()))
        .isPresent()) {
      throw taken(
          "The identity provider deleted this user by SCIM, and then gave the userName to somebody"
              + " else. Change the other person's userName at the identity provider first.");
    }
    provisioned.update(record.with(record.issuer(), record.names(), true, now));
  }

  /**
   * Checks that nobody else has the new names of a user, and returns the issuer's statements. If a
   * write suspends the user but somebody else has the new names, the user is suspended and keeps
   * the old names. If such a write were refused, people could prevent their own suspension by
   * choosing a name that is taken.
   *
   * @throws RefusedException if somebody else has one of the names
   */
  private Person named(Issuer issuer, User.Id id, Person before, Person after) {
    try {
      demandFree(issuer, id, after.names());
      return after;
    } catch (RefusedException e) {
      if (!after.active().equals(Optional.of(false))) {
        throw e;
      }
      return new Person(before.names(), after.active(), after.displayName(), after.email());
    }
  }

  private void demandFree(Issuer issuer, User.Id id, ScimUser.Names names) {
    Optional<Entry> sameId =
        names.externalId().flatMap(value -> provisioned.findByExternalId(issuer, value));
    if (sameId.filter(other -> !other.user().id().equals(id)).isPresent()) {
      throw taken("Another user has this externalId.");
    }
    if (provisioned
        .findByUserName(issuer, names.userName())
        .filter(other -> !other.user().id().equals(id))
        .isPresent()) {
      throw taken("Another user has this userName.");
    }
  }

  private User lock(User seen) {
    return users
        .lock(seen.handle())
        .filter(user -> user.id().equals(seen.id()))
        .orElseThrow(RefusedException::notFound);
  }

  private Entry visible(Issuer issuer, UUID id) {
    return demandVisible(
        issuer, provisioned.findEntry(new User.Id(id)).orElseThrow(RefusedException::notFound));
  }

  private static Entry demandVisible(Issuer issuer, Entry entry) {
    if (!sees(issuer, entry)) {
      throw RefusedException.notFound();
    }
    return entry;
  }

  private static boolean sees(Issuer issuer, Entry entry) {
    return ScimSight.sees(
        issuer,
        entry.user(),
        entry.record(),
        entry.identity().map(linked -> linked.identity().issuer()));
  }

  /** Returns the issuer's statements about a user; empty if the issuer has made none. */
  private static Optional<ScimUser> own(Issuer issuer, Entry entry) {
    return entry.record().filter(record -> record.issuer().equals(issuer));
  }

  /**
   * Returns the stored data about a person. The field {@code active} of the result is empty,
   * because only writes state this field.
   */
  private Person person(Issuer issuer, Entry entry) {
    return new Person(
        names(issuer, entry),
        Optional.empty(),
        Optional.of(entry.user().displayName()),
        entry.user().email());
  }

  private View view(Issuer issuer, Entry entry) {
    return new View(entry.user(), names(issuer, entry), active(issuer, entry));
  }

  private static boolean active(Issuer issuer, Entry entry) {
    return own(issuer, entry).map(ScimUser::active).orElse(!entry.user().suspended());
  }

  /**
   * Returns a user's names. For a person who signed in before SCIM was turned on, {@code userName}
   * is the handle.
   */
  private ScimUser.Names names(Issuer issuer, Entry entry) {
    return own(issuer, entry)
        .map(ScimUser::names)
        .orElseGet(
            () ->
                new ScimUser.Names(
                    settings.subject().attribute() == ScimSubject.Attribute.EXTERNAL_ID
                        ? entry
                            .identity()
                            .flatMap(
                                linked -> settings.subject().claim().of(linked, entry.objectId()))
                        : Optional.empty(),
                    entry.user().handle().value(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
  }

  private static RefusedException taken(String why) {
    return RefusedException.conflict("uniqueness", why);
  }
}
