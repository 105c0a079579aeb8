package io.claviger.application.identity;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.application.identity.port.SyncedGroupStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.ChangeLog;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.identity.GroupAdministration;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.keys.KeyBinding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Applies the identity provider's statements about a user and the user's groups. All methods run in
 * the caller's transaction.
 */
final class PersonSync {
  static final Duration REFRESH_INTERVAL = Duration.ofMinutes(15);

  private final OidcSettings settings;
  private final UserStore users;
  private final IdentityStore identities;
  private final SyncedGroupStore groups;
  private final Sealer sealer;
  private final ScimSignIn scim;
  private final InstantSource database;

  /**
   * @param database the database's clock. This clock decides when the identity provider is asked
   *     again, because the clocks of nodes can differ
   */
  PersonSync(
      OidcSettings settings,
      UserStore users,
      IdentityStore identities,
      SyncedGroupStore groups,
      Sealer sealer,
      ScimSignIn scim,
      InstantSource database) {
    this.settings = settings;
    this.users = users;
    this.identities = identities;
    this.groups = groups;
    this.sealer = sealer;
    this.scim = scim;
    this.database = database;
  }

  /**
   * Whether the person may sign in. If the identity provider's claim does not list the person's
   * groups, the person counts as a member of no group.
   */
  boolean isAllowed(GroupsClaim claim) {
    return settings.allowedGroups().isEmpty()
        || values(claim).stream().anyMatch(settings.allowedGroups()::contains);
  }

  /**
   * Stores the identity provider's statements about a person.
   *
   * @param user the user, whom the caller has locked
   * @param before the identity as it was stored until now
   * @param signedInAt the time of the last sign-in
   * @return sentences for the user about the groups that were left out, with the reasons; empty if
   *     all groups were applied
   */
  List<String> follow(
      User user,
      LinkedIdentity before,
      ProvidedIdentity person,
      Instant signedInAt,
      Instant now,
      ChangeLog log) {
    boolean byScim = scim.isOn();
    GroupAdministration administration =
        GroupAdministration.recorded(user.administrator(), before.administersByGroup())
            .following(byScim ? scim.isAdministrator(user) : isAdministrator(person.groups()));
    change(user, administration.administrator(), now, log);
    boolean offline = person.grant().map(ProvidedIdentity.Grant::offline).orElse(false);
    UnfollowedGroups unfollowed =
        byScim ? followedByScim(user) : followClaim(user, before, person.groups(), now);
    identities.update(
        new LinkedIdentity(
            before.identity(),
            user.id(),
            administration.byGroup(),
            offline,
            before.linkedAt(),
            Optional.of(signedInAt),
            unfollowed,
            false),
        person.grant().map(grant -> renewal(before, grant)));
    scim.remember(user, person);
    // A person whom SCIM does not know yet keeps access only until the time by which the person
    // must sign in again.
    boolean lasting = offline && (!byScim || scim.isProvisioned(user));
    identities.setSignInDue(
        user.id(), lasting ? Optional.empty() : Optional.of(signedInAt.plus(settings.maxAge())));
    return unfollowed.sentences();
  }

  private UnfollowedGroups followClaim(
      User user, LinkedIdentity identity, GroupsClaim claim, Instant now) {
    return UnfollowedGroups.of(
        claim,
        groups.replaceMemberships(user.id(), identity.identity().issuer(), followed(claim), now));
  }

  private UnfollowedGroups followedByScim(User user) {
    scim.leaveForgottenGroups(user);
    return UnfollowedGroups.NONE;
  }

  private IdentityStore.Renewal renewal(LinkedIdentity identity, ProvidedIdentity.Grant grant) {
    KeyBinding binding = KeyBinding.ofRefreshToken(identity.identity().issuer(), identity.user());
    return new IdentityStore.Renewal(
        sealer.seal(grant.refreshToken(), binding), database.instant().plus(REFRESH_INTERVAL));
  }

  /** Ends a suspension, and grants or removes the rights of an administrator. */
  private void change(User user, boolean administrator, Instant now, ChangeLog log) {
    User changed = user;
    if (user.suspended() && !scim.isBarred(user)) {
      changed = changed.withSuspension(Optional.empty(), now);
      log.recordChange(
          AuditAction.USER_RESUME, AuditTargets.user(user.id(), user.handle()), List.of());
    }
    if (user.administrator() != administrator) {
      changed = changed.withAdministrator(administrator, now);
      log.recordChange(
          AuditAction.USER_UPDATE,
          AuditTargets.user(user.id(), user.handle()),
          List.of("administrator"),
          AuditEvent.Term.changed(user.texts(), changed.texts()));
    }
    if (!changed.equals(user)) {
      users.update(changed);
    }
  }

  private boolean isAdministrator(GroupsClaim claim) {
    return settings.administratorGroup().filter(values(claim)::contains).isPresent();
  }

  private List<String> followed(GroupsClaim claim) {
    return values(claim).stream().filter(settings.claims().followed()::contains).toList();
  }

  private static List<String> values(GroupsClaim claim) {
    return claim instanceof GroupsClaim.Values present ? present.values() : List.of();
  }
}
