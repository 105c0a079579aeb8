package io.claviger.application.scim.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimGroup;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Stores the statements about groups that identity providers make by SCIM. */
public interface ScimGroupStore {
  /**
   * A synced group.
   *
   * @param record the record of the group in SCIM; empty if a sign-in made the group from its
   *     groups claim
   */
  record Entry(Group group, Optional<ScimGroup> record) {}

  Optional<Entry> find(Group.Id group);

  /** Finds a group, and locks the group and its members until the transaction ends. */
  Optional<Entry> lock(Group.Id group);

  /** Finds the group that has this externalId at an issuer, even if the issuer has deleted it. */
  Optional<Entry> findByExternalId(Issuer issuer, String externalId);

  /** Finds the group that an issuer names by this exact value. */
  Optional<Entry> findByClaimValue(Issuer issuer, String claimValue);

  /**
   * Lists, by id, the groups that an issuer sees ({@link io.claviger.domain.scim.ScimSight}).
   *
   * @param displayName if present, only groups of this name; the comparison ignores case
   * @param skipped how many groups are left out at the beginning of the list
   */
  List<Entry> list(Issuer issuer, Optional<String> displayName, int skipped, int limit);

  int count(Issuer issuer, Optional<String> displayName);

  /**
   * Stores an issuer's statements about a group.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when another group of the issuer has
   *     that externalId
   */
  void save(ScimGroup group);

  /**
   * Stores the value by which the issuer of a synced group now names the group.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when another group has this value
   */
  void setClaimValue(Group.Id group, String claimValue);

  /** Lists the members of a group, by id. */
  List<User> members(Group.Id group);

  /** Lists, by id, those of the given users who are members of a group. */
  List<User> membersAmong(Group.Id group, Collection<User.Id> users);

  int countMembers(Group.Id group);

  /** Adds to a group the {@code users} who are not yet members of that group. */
  void add(Group.Id group, Collection<User.Id> users, Instant now);

  /** Ends memberships. */
  void remove(Group.Id group, Collection<User.Id> users);
}
