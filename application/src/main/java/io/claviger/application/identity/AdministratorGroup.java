package io.claviger.application.identity;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.Provisioning;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupSource;
import io.claviger.domain.identity.GroupAdministration;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.scim.ScimSettings;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The group whose members are administrators, if an identity provider manages the group by SCIM.
 */
public final class AdministratorGroup {
  private static final Comparator<User> BY_ID =
      Comparator.comparing(user -> user.id().value().toString());

  private final Optional<String> named;
  private final Provisioning provisioning;
  private final UserStore users;
  private final IdentityStore identities;

  public AdministratorGroup(
      ScimSettings settings, Provisioning provisioning, Identities.Stores stores) {
    this.named = settings.administratorGroup();
    this.provisioning = provisioning;
    this.users = stores.users();
    this.identities = stores.identities();
  }

  /**
   * Whether the given value is the value by which the identity provider names the administrators'
   * group.
   */
  public boolean isNamed(String claimValue) {
    return named.filter(claimValue::equals).isPresent();
  }

  public boolean is(Group group) {
    return group.source().map(GroupSource::claimValue).filter(this::isNamed).isPresent();
  }

  /** Locks all administrators. Call this method before the group and its members are locked. */
  public void lockAdministrators() {
    Set<User.Id> unused = users.lockAdministrators();
  }

  /**
   * Locks a group for a change. If the change might remove administrators, all administrators are
   * locked before the group. All such changes lock in this order, because two changes could
   * deadlock otherwise.
   *
   * @param find the function that finds the group without a lock
   * @param lock the function that locks the group
   * @param concerns whether the change concerns the administrators' group
   */
  public <G> Optional<G> locked(
      Supplier<Optional<G>> find, Supplier<Optional<G>> lock, Predicate<G> concerns) {
    boolean concerned = named.isPresent() && find.get().filter(concerns).isPresent();
    if (concerned) {
      lockAdministrators();
    }
    Optional<G> group = lock.get();
    if (!concerned && named.isPresent() && group.filter(concerns).isPresent()) {
      // The group has become the administrators' group since it was found without a lock. The next
      // attempt locks all administrators first.
      throw ConcurrencyConflict.notSerializable("the group has become the administrators' group");
    }
    return group;
  }

  /**
   * Makes users administrators if they have joined the administrators' group, and demotes users who
   * have left the group. Users who have never signed in become administrators only at their first
   * sign-in, and suspended users only at the first sign-in after their suspension. The caller must
   * have locked the administrators.
   *
   * @param issuer the identity provider that manages the group
   * @param touched the users who joined or left the group
   */
  public void follow(Issuer issuer, Collection<User> touched, Instant now, ChangeLog log) {
    touched.stream()
        .sorted(BY_ID)
        .flatMap(user -> users.lock(user.handle()).filter(is -> is.id().equals(user.id())).stream())
        .forEach(user -> follow(issuer, user, now, log));
  }

  private void follow(Issuer issuer, User user, Instant now, ChangeLog log) {
    Optional<LinkedIdentity> identity =
        identities
            .findOf(user.id())
            .map(IdentityStore.StoredIdentity::identity)
            .filter(one -> one.identity().issuer().equals(issuer));
    if (identity.isEmpty()) {
      return;
    }
    boolean member =
        named.filter(value -> provisioning.isMember(user.id(), issuer, value)).isPresent();
    // A suspended user does not become an administrator here. If a suspended user did, the user's
    // access tokens would have the rights of an administrator as soon as the suspension ends,
    // before the user has signed in.
    boolean administers = member && !user.suspended();
    GroupAdministration after =
        GroupAdministration.recorded(user.administrator(), identity.get().administersByGroup())
            .following(administers);
    identities.setAdministersByGroup(user.id(), after.byGroup());
    if (after.administrator() != user.administrator()) {
      users.update(user.withAdministrator(after.administrator(), now));
      log.recordChange(
          AuditAction.USER_UPDATE,
          AuditTargets.user(user.id(), user.handle()),
          List.of("administrator"));
    }
  }

  /**
   * Deletes a group at an administrator's request. If an identity provider managed the group by
   * SCIM, members who are administrators because of the group lose the rights of administrators.
   *
   * @param deletion the task that deletes the group
   * @throws RefusedException as the conflict {@code last_administrator} if no administrator who can
   *     act would be left
   */
  public void delete(Group group, Runnable deletion, Instant now, ChangeLog log) {
    Optional<Issuer> keeper =
        Optional.of(group)
            .filter(this::is)
            .flatMap(Group::source)
            .map(source -> new Issuer(source.issuer()))
            .filter(provisioning::isOn);
    List<User> members = keeper.isPresent() ? provisioning.administratorsIn(group.id()) : List.of();
    deletion.run();
    keeper.ifPresent(issuer -> follow(issuer, members, now, log));
    if (!members.isEmpty() && users.lockAdministrators().isEmpty()) {
      throw new RefusedException(Refusal.Conflict.LAST_ADMINISTRATOR);
    }
  }
}
