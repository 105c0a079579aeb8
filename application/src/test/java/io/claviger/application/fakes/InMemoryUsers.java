package io.claviger.application.fakes;

import io.claviger.application.accounts.port.AccountOverviewStore;
import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.accounts.port.UserDependents;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.fakes.Tables.MemberKey;
import io.claviger.application.fakes.Tables.ShareKey;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shared.Sight;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link UserStore} in memory. */
public final class InMemoryUsers implements UserStore, AccountOverviewStore {
  private final InMemoryTransactions transactions;
  private final Set<User.Id> withUsedBudgets = ConcurrentHashMap.newKeySet();

  public InMemoryUsers(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<User> find(Handle handle) {
    return transactions.read(t -> t.user(handle));
  }

  @Override
  public Optional<User> lock(Handle handle) {
    return find(handle);
  }

  @Override
  public Optional<User> hold(Handle handle) {
    return find(handle);
  }

  @Override
  public int count(Optional<SearchText> text, int most) {
    return list(text, Optional.empty(), most).size();
  }

  @Override
  public List<Handle> known(Sight sight, Optional<SearchText> text, Instant now, int limit) {
    return transactions.read(
        t ->
            t.users.values().stream()
                .filter(u -> isKnown(t, u, sight, now))
                .map(User::handle)
                .filter(handle -> text.isEmpty() || text.get().isIn(handle.value()))
                .sorted()
                .limit(limit)
                .toList());
  }

  @Override
  public boolean isKnown(Sight sight, Handle handle, Instant now) {
    return known(sight, Optional.empty(), now, Integer.MAX_VALUE).contains(handle);
  }

  private boolean isKnown(Tables t, User user, Sight sight, Instant now) {
    User.Id viewer = sight.viewer();
    return !user.handle().isSystem()
        && !user.id().equals(viewer)
        && (sight.everything()
            || answersFor(viewer, user)
            || t.groups.keySet().stream()
                .anyMatch(group -> isMember(t, group, viewer) && isMember(t, group, user.id()))
            || t.projects.values().stream()
                .filter(project -> project.owner().equals(viewer))
                .anyMatch(
                    project -> t.projectShares.containsKey(new ShareKey<>(project.id(), user.id())))
            || t.instances.values().stream()
                .map(Tables.StoredInstance::instance)
                .anyMatch(service -> meets(t, user.id(), service, viewer, now)));
  }

  private static boolean isMember(Tables t, Group.Id group, User.Id user) {
    return t.groupMembers.containsKey(new Tables.MemberKey(group, user));
  }

  private static boolean isGrantee(Tables t, GranteeId grantee, User.Id user) {
    return grantee.equals(user) || (grantee instanceof Group.Id group && isMember(t, group, user));
  }

  private static boolean meets(
      Tables t, User.Id user, Instance service, User.Id viewer, Instant now) {
    boolean holds = t.shares.containsKey(new ShareKey<>(service.id(), user));
    List<Role> roles =
        t.shares.entrySet().stream()
            .filter(e -> e.getKey().shared().equals(service.id()))
            .filter(e -> isGrantee(t, e.getKey().grantee(), viewer))
            .map(e -> e.getValue().share())
            .filter(share -> !share.expiredAt(now))
            .map(share -> share.terms().role())
            .toList();
    return (holds && service.owner().equals(viewer))
        || (holds && roles.stream().anyMatch(role -> role != Role.READER))
        || (!roles.isEmpty() && service.owner().equals(user));
  }

  @Override
  public List<User> list(Optional<SearchText> text, Optional<Handle> after, int limit) {
    return transactions.read(
        t ->
            t.users.values().stream()
                .filter(u -> !u.handle().isSystem())
                .filter(u -> text.isEmpty() || holds(u, text.get()))
                .filter(u -> after.isEmpty() || u.handle().compareTo(after.get()) > 0)
                .sorted(Comparator.comparing(User::handle))
                .limit(limit)
                .toList());
  }

  /** Administrators are so since they were created. What was used is what tokens tell. */
  @Override
  public List<ListedAccount> list(AccountFilter filter, Optional<Handle> after, int limit) {
    return transactions.read(
        t ->
            list(filter.text(), after, Integer.MAX_VALUE).stream()
                .filter(
                    u ->
                        filter.administrator().isEmpty()
                            || filter.administrator().get() == u.administrator())
                .filter(u -> filter.kind().isEmpty() || filter.kind().get() == u.kind())
                .limit(limit)
                .map(u -> listed(t, u))
                .toList());
  }

  private static ListedAccount listed(Tables t, User user) {
    return new ListedAccount(
        user,
        Optional.of(user.createdAt()).filter(since -> user.administrator()),
        withTokens(t, user, Instant.MIN).lastUsedAt(),
        t.trusts.values().stream()
            .filter(trust -> trust.account().equals(user.id()))
            .map(trust -> new TrustUse(trust.name(), trust.issuer().name(), Optional.empty()))
            .sorted(Comparator.comparing(TrustUse::name))
            .toList());
  }

  @Override
  public List<ServiceAccount> listServiceAccounts(
      User.Id responsible, Instant now, Optional<Handle> after, int limit) {
    return transactions.read(
        t ->
            list(Optional.empty(), after, Integer.MAX_VALUE).stream()
                .filter(account -> answersFor(responsible, account))
                .limit(limit)
                .map(account -> withTokens(t, account, now))
                .toList());
  }

  private static boolean holds(User user, SearchText text) {
    return text.isIn(user.handle().value())
        || text.isIn(user.displayName().value())
        || user.email().filter(email -> text.isIn(email.value())).isPresent();
  }

  private boolean answersFor(User.Id user, User account) {
    return isResponsible(user, account)
        || (account.responsible().orElse(null) instanceof Responsible.GroupManagers managers
            && answersAsManager(managers.group(), user));
  }

  private static ServiceAccount withTokens(Tables t, User account, Instant now) {
    List<AccessToken> live =
        t.tokens.values().stream()
            .map(Tables.StoredToken::token)
            .filter(token -> token.user().equals(account.id()) && !token.expiredAt(now))
            .toList();
    return new ServiceAccount(
        account,
        live.size(),
        live.stream().map(AccessToken::createdAt).min(Comparator.naturalOrder()),
        live.stream().flatMap(token -> token.lastUsedAt().stream()).max(Comparator.naturalOrder()));
  }

  @Override
  public void insert(User user) {
    transactions.run(
        t -> {
          requireResponsible(t, user);
          if (t.users.containsKey(user.id()) || t.user(user.handle()).isPresent()) {
            throw Tables.taken("the handle");
          }
          t.users.put(user.id(), user);
        });
  }

  @Override
  public void update(User user) {
    transactions.run(
        t -> {
          t.requireUser(user.id());
          requireResponsible(t, user);
          if (user.administrator() && user.id().equals(User.Id.SYSTEM)) {
            throw new IllegalStateException("_system is no administrator");
          }
          boolean suspends =
              user.suspended()
                  && Optional.ofNullable(t.users.get(user.id()))
                      .filter(before -> !before.suspended())
                      .isPresent();
          t.users.computeIfPresent(user.id(), (id, stored) -> changed(stored, user));
          if (suspends) {
            t.cascades.deleteDeviceSignIns(user.id());
          }
        });
  }

  @Override
  public void delete(User.Id user) {
    transactions.run(
        t -> {
          t.requireUser(user);
          if (user.equals(User.Id.SYSTEM)) {
            throw new StillReferenced(new IllegalStateException("_system is built in and stays"));
          }
          if (t.users.values().stream().anyMatch(u -> isResponsible(user, u))) {
            throw new StillReferenced(
                new IllegalStateException("the user is responsible for a service account"));
          }
          t.cascades.deleteUser(user);
        });
  }

  @Override
  public Set<User.Id> lockAdministrators() {
    return transactions.read(
        t ->
            t.users.values().stream()
                .filter(user -> user.administrator() && !user.suspended())
                .map(User::id)
                .collect(Collectors.toSet()));
  }

  @Override
  public boolean answersAsManager(UUID group, User.Id user) {
    return transactions.read(
        t ->
            Optional.ofNullable(t.groupMembers.get(new MemberKey(new Group.Id(group), user)))
                .filter(member -> member.role() == GroupRole.MANAGER)
                .map(member -> t.users.get(user))
                .filter(manager -> !manager.isServiceAccount())
                .isPresent());
  }

  @Override
  public boolean holdAsManager(UUID group, User.Id user) {
    return answersAsManager(group, user);
  }

  private static boolean mayActAs(Tables t, User.Id user, User account) {
    return isResponsible(user, account)
        || (account.responsible().orElse(null) instanceof Responsible.GroupManagers managers
            && Optional.ofNullable(
                    t.groupMembers.get(new MemberKey(new Group.Id(managers.group()), user)))
                .filter(member -> member.role() == GroupRole.MANAGER)
                .isPresent());
  }

  @Override
  public boolean sharePerson(User.Id one, User.Id other) {
    return transactions.read(
        t ->
            !Collections.disjoint(
                actingAs(t, one, new HashSet<>()), actingAs(t, other, new HashSet<>())));
  }

  private Set<User.Id> actingAs(Tables t, User.Id user, Set<User.Id> found) {
    User acted = t.users.get(user);
    if (acted != null && found.add(user) && acted.isServiceAccount()) {
      t.users.keySet().stream()
          .filter(one -> mayActAs(t, one, acted))
          .forEach(
              one -> {
                Set<User.Id> unused = actingAs(t, one, found);
              });
    }
    return found;
  }

  @Override
  public boolean answersForAccounts(UUID group) {
    return transactions.read(
        t ->
            t.users.values().stream()
                .flatMap(account -> account.responsible().stream())
                .anyMatch(
                    responsible ->
                        responsible instanceof Responsible.GroupManagers managers
                            && managers.group().equals(group)));
  }

  @Override
  public Optional<FoundGroup> findGroup(Handle handle) {
    return transactions.read(
        t ->
            t.groups.values().stream()
                .filter(group -> group.handle().equals(handle))
                .map(group -> new FoundGroup(group.id().value(), group.kind()))
                .findFirst());
  }

  @Override
  public boolean isEmpty() {
    return transactions.read(t -> t.users.size() == 1);
  }

  @Override
  public boolean limited(User.Id user) {
    return transactions.read(
        t -> {
          UserLimits limits = InMemoryAssignedLimits.of(t, user);
          return !limits.own().isNone() || !limits.groups().isEmpty();
        });
  }

  @Override
  public boolean wouldRegainBudgets(User.Id user) {
    return withUsedBudgets.contains(user);
  }

  public void useBudgetOfEverybody(User.Id user) {
    boolean unused = withUsedBudgets.add(user);
  }

  @Override
  public UserDependents dependentsOf(User.Id user, Instant now) {
    return transactions.read(
        t ->
            new UserDependents(
                kind(
                    t.instances.values().stream()
                        .map(Tables.StoredInstance::instance)
                        .filter(i -> i.owner().equals(user) && isShared(t, i, now))
                        .map(i -> i.ref().toString())),
                kind(
                    t.projects.values().stream()
                        .filter(p -> p.owner().equals(user) && isCalledThrough(t, p))
                        .map(p -> p.ref().toString())),
                kind(
                    t.users.values().stream()
                        .filter(account -> onlyAnswersFor(t, user, account))
                        .map(account -> account.handle().value())),
                UserDependents.Kind.NONE));
  }

  private boolean onlyAnswersFor(Tables t, User.Id user, User account) {
    return answersFor(user, account)
        && t.users.keySet().stream()
            .noneMatch(other -> !other.equals(user) && answersFor(other, account));
  }

  private static boolean isShared(Tables t, Instance instance, Instant now) {
    return t.shares.entrySet().stream()
        .filter(entry -> entry.getKey().shared().equals(instance.id()))
        .anyMatch(entry -> !entry.getValue().share().expiredAt(now));
  }

  private static boolean isCalledThrough(Tables t, Project project) {
    boolean shared =
        t.projectShares.keySet().stream().anyMatch(key -> key.shared().equals(project.id()));
    return project.instance().isPresent() && (shared || project.isOpen());
  }

  private static UserDependents.Kind kind(Stream<String> names) {
    List<String> sorted = names.sorted().toList();
    return new UserDependents.Kind(sorted.size(), sorted.stream().limit(20).toList());
  }

  @Override
  public void replaceResponsible(User.Id user, User.Id successor, Instant now) {
    transactions.run(
        t -> {
          t.requireUser(successor);
          Responsible.Person person =
              new Responsible.Person(
                  successor, Objects.requireNonNull(t.users.get(successor)).handle());
          Set<User> left =
              t.users.values().stream()
                  .filter(account -> onlyAnswersFor(t, user, account))
                  .collect(Collectors.toSet());
          t.users.replaceAll(
              (id, account) ->
                  left.contains(account)
                      ? account.withResponsible(person).with(account.fields(), now)
                      : account);
        });
  }

  private static boolean isResponsible(User.Id user, User account) {
    return account.responsible().orElse(null) instanceof Responsible.Person person
        && person.id().equals(user);
  }

  private static void requireResponsible(Tables t, User account) {
    if (account.responsible().orElse(null) instanceof Responsible.Person person) {
      User stored = t.users.get(person.id());
      if (stored == null || stored.isServiceAccount() || stored.handle().isSystem()) {
        throw Tables.gone("the person responsible");
      }
    }
  }

  private static User changed(User stored, User with) {
    return new User(
        stored.id(),
        stored.handle(),
        with.fields(),
        stored.kind(),
        with.responsible(),
        with.suspendedAt(),
        with.version(),
        stored.createdAt(),
        with.updatedAt());
  }
}
