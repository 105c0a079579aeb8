package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.accounts.port.UserReferences;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.ResponsibleName;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserAction;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sessions.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

final class UserUseCases implements Users {
  /** The scope of the first token of a user. */
  private static final TokenScope FIRST_SCOPE = TokenScope.MANAGE;

  private final UserStore users;
  private final AccessTokenStore tokens;
  private final Lockout lockout;
  private final TokenGenerator generator;
  private final UserDeletionGuard leaving;
  private final RootUser root;
  private final UserAccess access;
  private final ResponsibleReferences responsible;
  private final AuditedChanges changes;

  UserUseCases(
      UserStore users,
      AccessTokenStore tokens,
      Lockout lockout,
      UserReferences references,
      TokenGenerator generator,
      AuditedChanges changes) {
    this.users = users;
    this.tokens = tokens;
    this.lockout = lockout;
    this.leaving = new UserDeletionGuard(users, references, lockout);
    this.generator = generator;
    this.root = new RootUser(users, tokens, lockout, generator, changes);
    this.access = new UserAccess(users);
    this.responsible = new ResponsibleReferences(users);
    this.changes = changes;
  }

  @Override
  public Outcome<User> find(Actor actor, Handle user) {
    try {
      actor.demandManage();
      return Outcome.done(access.find(actor, user, UserAction.SEE));
    } catch (RefusedException e) {
      return Outcome.refused(e.refusal());
    }
  }

  @Override
  public User me(Actor actor) {
    return users
        .find(actor.handle())
        .filter(user -> user.id().equals(actor.id()))
        .orElseThrow(RefusedException::notFound);
  }

  @Override
  public Outcome<Page<User, Handle>> list(
      Actor actor, Optional<SearchText> text, PageRequest<Handle> page) {
    return Outcome.of(
        () -> {
          demandMayList(actor);
          return Page.of(
              users.list(text, page.after(), page.limit() + 1), page.limit(), User::handle);
        });
  }

  @Override
  public Outcome<Integer> count(Actor actor, Optional<SearchText> text) {
    return Outcome.of(
        () -> {
          demandMayList(actor);
          return users.count(text, PageRequest.MOST_COUNTED);
        });
  }

  private static void demandMayList(Actor actor) {
    if (!actor.administrator() || !actor.mayManage()) {
      throw RefusedException.forbidden("Only administrators list users.");
    }
  }

  @Override
  public List<Handle> known(Actor actor, Optional<SearchText> text, int limit) {
    return knowsOthers(actor) ? users.known(actor.sight(), text, changes.now(), limit) : List.of();
  }

  @Override
  public boolean isKnown(Actor actor, Handle handle) {
    return knowsOthers(actor) && users.isKnown(actor.sight(), handle, changes.now());
  }

  private static boolean knowsOthers(Actor actor) {
    return actor.mayManage() && actor.sight().only().isEmpty();
  }

  @Override
  public Outcome<Page<ServiceAccount, Handle>> listServiceAccounts(
      Actor actor, Handle responsible, PageRequest<Handle> page) {
    try {
      actor.demandManage();
      User user = UserAccess.visible(actor, responsible, users::find);
      return Outcome.done(
          Page.of(
              users.listServiceAccounts(user.id(), changes.now(), page.after(), page.limit() + 1),
              page.limit(),
              account -> account.account().handle()));
    } catch (RefusedException e) {
      return Outcome.refused(e.refusal());
    }
  }

  @Override
  public Outcome<CreatedUser> create(Actor actor, NewUser wanted) {
    return create(actor, Optional.empty(), wanted);
  }

  @Override
  public Outcome<CreatedUser> create(Actor actor, Session session, NewUser wanted) {
    return create(actor, Optional.of(session), wanted);
  }

  private Outcome<CreatedUser> create(Actor actor, Optional<Session> session, NewUser wanted) {
    return changes.change(
        actor,
        AuditAction.USER_CREATE,
        AuditTargets.user(wanted.handle()),
        log -> {
          if (!actor.administrator()) {
            throw RefusedException.forbidden("Only administrators create users.");
          }
          if (wanted.fields().get(User.ADMINISTRATOR).or(false)) {
            demandMayMakeAdministrators(actor);
          }
          if (wanted.kind() == UserKind.SERVICE) {
            UserDeletionGuard.demandMayGiveResponsibility(actor);
          }
          lockout.demandPresented(actor);
          session.ifPresent(one -> RecentSignIn.demand(one, FIRST_SCOPE, changes.now()));
          return insert(actor, wanted, log);
        });
  }

  private CreatedUser insert(Actor actor, NewUser wanted, ChangeLog log) {
    Instant now = changes.now();
    User user =
        new User(
            new User.Id(changes.ids().next()),
            wanted.handle(),
            wanted.fields().over(User.defaults(wanted.handle()), User.STORED),
            wanted.kind(),
            responsible.of(wanted),
            Optional.empty(),
            1,
            now,
            now);
    insert(user);
    TokenText text = generator.next();
    tokens.save(firstToken(actor, user, now), text.hash());
    log.recordChange(
        AuditAction.USER_CREATE,
        AuditTargets.user(user.id(), user.handle()),
        user.isServiceAccount()
            ? List.of("handle", "display_name", "email", "kind", "responsible", "access_token")
            : List.of("handle", "display_name", "email", "administrator", "access_token"));
    return new CreatedUser(user, text);
  }

  private void insert(User user) {
    if (user.handle().equals(Handle.ROOT) && users.find(user.handle()).isEmpty()) {
      throw RefusedException.conflict(
          "handle_taken", "Claviger itself creates the user root. Choose another handle.");
    }
    try {
      users.insert(user);
    } catch (ConcurrencyConflict taken) {
      if (taken.how() != ConcurrencyConflict.How.TAKEN) {
        throw taken;
      }
      throw RefusedException.conflict("handle_taken", "There is a user with this handle already.");
    }
  }

  /**
   * Makes the first token of a user. The new token lasts no longer and has no more rights than the
   * token of the administrator who creates the user.
   */
  private AccessToken firstToken(Actor actor, User user, Instant now) {
    return new AccessToken(
        new AccessToken.Id(changes.ids().next()),
        user.id(),
        new TokenName("first"),
        FIRST_SCOPE,
        AccessToken.Provenance.of(AccessToken.Origin.FIRST),
        Optional.empty(),
        actor.token().map(AccessToken::limits).orElse(Limits.NONE),
        PassedOnLimits.from(actor),
        now,
        actor.token().flatMap(AccessToken::expiresAt),
        Optional.empty(),
        Optional.empty(),
        actor.token().map(AccessToken::binding).orElse(TokenBinding.NONE),
        Optional.empty());
  }

  @Override
  public Outcome<User> update(
      Actor actor, Handle handle, Precondition precondition, FieldWrites update) {
    return changes.change(
        actor,
        AuditAction.USER_UPDATE,
        AuditTargets.user(handle),
        log -> update(actor, handle, precondition, update, log));
  }

  private User update(
      Actor actor, Handle handle, Precondition precondition, FieldWrites update, ChangeLog log) {
    boolean demotes = update.get(User.ADMINISTRATOR).given().filter(a -> !a).isPresent();
    if (demotes && actor.administrator()) {
      // Administrators are locked before the user's own row. All changes that remove an
      // administrator keep this order.
      Set<User.Id> unused = users.lockAdministrators();
    }
    User before = access.lock(actor, handle, UserAction.SEE);
    precondition.demand(before.version());
    User named = withResponsible(actor, before, update);
    if (before.isServiceAccount() && update.get(User.ADMINISTRATOR).or(false)) {
      throw RefusedException.invalid(
          List.of(
              Fault.notAllowed("administrator", "A service account can't be an administrator.")));
    }
    User after = named.with(update.over(before.fields(), User.STORED), changes.now());
    List<ScalarField<?>> changed = before.values().differingFrom(after.values(), User.FIELDS);
    for (ScalarField<?> field : changed) {
      access.demand(actor, before, UserAction.toChange(field));
    }
    if (changed.contains(User.ADMINISTRATOR)) {
      if (before.administrator()) {
        LastAdministrator.demandAnother(users, before);
      } else {
        demandMayMakeAdministrators(actor);
        lockout.demandPresented(actor);
      }
    }
    if (changed.isEmpty()) {
      return before;
    }
    users.update(after);
    log.recordChange(
        AuditAction.USER_UPDATE,
        AuditTargets.user(after.id(), handle),
        changed.stream().map(ScalarField::name).toList(),
        AuditEvent.Term.changed(before.texts(), after.texts()));
    return after;
  }

  private static void demandMayMakeAdministrators(Actor actor) {
    actor.demandUnlimited("The role of an administrator");
  }

  private User withResponsible(Actor actor, User before, FieldWrites update) {
    Field<ResponsibleName> write = update.get(User.RESPONSIBLE);
    if (write instanceof Field.Null && before.isServiceAccount()) {
      throw RefusedException.invalid(ResponsibleReferences.missing());
    }
    Optional<ResponsibleName> wanted = write.given();
    if (wanted.isEmpty() || wanted.get().isNameOf(before.responsible())) {
      return before;
    }
    if (!before.isServiceAccount()) {
      throw RefusedException.invalid(
          List.of(
              Fault.notAllowed(
                  "responsible", "Only service accounts have a responsible user or group.")));
    }
    // Other actors must not learn from this operation whether the user exists.
    access.demand(actor, before, UserAction.CHANGE_RESPONSIBLE);
    UserDeletionGuard.demandMayGiveResponsibility(actor);
    lockout.demandPresented(actor);
    return before.withResponsible(responsible.named(wanted.get()));
  }

  @Override
  public Outcome<Handle> delete(
      Actor actor, Handle handle, Precondition precondition, boolean force) {
    return changes.change(
        actor,
        AuditAction.USER_DELETE,
        AuditTargets.user(handle),
        log -> {
          User user = deletable(actor, handle, precondition);
          List<String> unbound = leaving.release(actor, user, force, changes.now());
          changes.consents().demandDeletable(user.id());
          delete(user, force);
          log.recordChange(AuditAction.USER_DELETE, AuditTargets.user(user.id(), handle), unbound);
          return handle;
        });
  }

  private User deletable(Actor actor, Handle handle, Precondition precondition) {
    users.lockForDeletion(access.find(actor, handle, UserAction.DELETE).id());
    User user = access.lock(actor, handle, UserAction.DELETE);
    precondition.demand(user.version());
    if (user.administrator()) {
      LastAdministrator.demandAnother(users, user);
    }
    demandMayLeave(actor, user);
    return user;
  }

  /**
   * Does not let users delete themselves if administrators have set limits for them or for one of
   * their groups, or if they have used budgets that they would regain. If such users could delete
   * themselves, they could sign in again as new users without limits or with unused budgets. Users
   * who were suspended after their request was authenticated can't delete themselves either: after
   * the deletion, nobody could see the suspension.
   */
  private void demandMayLeave(Actor actor, User user) {
    if (!actor.id().equals(user.id())) {
      return;
    }
    if (user.suspended()) {
      throw RefusedException.forbidden("You were suspended, so you can't delete your account.");
    }
    if (actor.administrator()) {
      return;
    }
    if (users.limited(user.id())) {
      throw RefusedException.forbidden(
          "Administrators have set limits for you or the members of one of your groups. Ask"
              + " them to delete your account.");
    }
    if (users.wouldRegainBudgets(user.id())) {
      throw RefusedException.forbidden(
          "You have used budgets that a new account of yours would have unused. Ask an"
              + " administrator to delete your account, or wait until the windows of these budgets"
              + " have ended.");
    }
  }

  private void delete(User user, boolean force) {
    try {
      users.delete(user.id());
    } catch (StillReferenced e) {
      if (force) {
        // During this attempt, somebody has bound another project. The next attempt unbinds that
        // project too.
        throw new ConcurrencyConflict(ConcurrencyConflict.How.NOT_SERIALIZABLE, e);
      }
      throw RefusedException.conflict("in_use", "Other users use things that belong to this user.");
    }
  }

  @Override
  public void establishRoot() {
    root.establish();
  }

  @Override
  public void establishRoot(TokenText fromEnvironment) {
    root.establish(fromEnvironment);
  }

  @Override
  public Optional<TokenText> createRootAtFirstStart() {
    return root.createAtFirstStart();
  }

  @Override
  public TokenText replaceRootToken() {
    return root.replaceToken();
  }

  @Override
  public RecoveredRoot recoverRoot() {
    return root.recover();
  }

  /**
   * Ensures that Claviger always has an administrator who can act. A change that removes an
   * administrator first locks all administrators, and then checks whether another administrator
   * remains.
   */
  private static final class LastAdministrator {
    private LastAdministrator() {}

    static void demandAnother(UserStore users, User removed) {
      if (users.lockAdministrators().stream().allMatch(removed.id()::equals)) {
        throw new RefusedException(Refusal.Conflict.LAST_ADMINISTRATOR);
      }
    }
  }
}
