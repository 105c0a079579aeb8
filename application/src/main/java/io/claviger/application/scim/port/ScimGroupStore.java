package io.claviger.application.scim.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimGroup;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Stores the statements that identity providers make by SCIM about groups. */
public interface ScimGroupStore {
  /**
   * A synced group.
   *
   * @param record the group's SCIM record; empty if sign-ins created the group from the groups
   *     claim
   */
  record Entry(Group group, Optional<ScimGroup> record) {}

  Optional<Entry> find(Group.Id group);

  /** Finds a group, and locks it with its members until the transaction ends. */
  Optional<Entry> lock(Group.Id group);

  /**
   * Finds an issuer's group with this {@code externalId}, even if the issuer has deleted the group.
   */
  Optional<Entry> findByExternalId(Issuer issuer, String externalId);

  /** Finds the group that an issuer names by exactly the given value. */
  Optional<Entry> findByClaimValue(Issuer issuer, String claimValue);

  /**
   * Lists the groups that an issuer sees ({@link io.claviger.domain.scim.ScimSight}), ordered by
   * id.
   *
   * @param displayName if present, only groups with this name are listed, ignoring case
   * @param skipped the number of groups to skip at the beginning
   */
  List<Entry> list(Issuer issuer, Optional<String> displayName, int skipped, int limit);

  int count(Issuer issuer, Optional<String> displayName);

  /**
   * Counts an issuer's groups, including groups that the issuer has deleted.
   *
   * @param enough the number at which counting stops
   */
  int countKept(Issuer issuer, int enough);

  /**
   * Stores an issuer's statements about a group.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if another group of the issuer has
   *     the {@code externalId}
   */
  void save(ScimGroup group);

  /**
   * Stores the value by which a synced group's issuer now names the group.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if another group already has the
   *     value
   */
  void setClaimValue(Group.Id group, String claimValue);

  /** Lists the members of a group, ordered by id. */
  List<User> members(Group.Id group);

  /** Lists those of the given users who are members of a group, ordered by id. */
  List<User> membersAmong(Group.Id group, Collection<User.Id> users);

  int countMembers(Group.Id group);

  /** Adds users to a group. Users who are already members are ignored. */
  void add(Group.Id group, Collection<User.Id> users, Instant now);

  /** Ends memberships. */
  void remove(Group.Id group, Collection<User.Id> users);
}
