package io.claviger.application.scim;

import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.identity.Identities;
import io.claviger.application.scim.port.ScimGroupStore;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.scim.ScimGroup;
import io.claviger.domain.scim.ScimSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Shows and changes the synced groups that an identity provider manages by SCIM. The provider sees
 * and changes only groups that come from its issuer. Only users whom the provider sees can be
 * members. If a name is taken, the answer is a conflict with the code {@code uniqueness}.
 */
public interface ScimGroups {
  static ScimGroups of(
      ScimGroupStore provisioned,
      GroupStore groups,
      ScimUserStore people,
      Identities.Stores stores,
      ScimSettings settings,
      AuditedChanges changes) {
    return new ScimGroupUseCases(provisioned, groups, people, stores, settings, changes);
  }

  /** A group in the form in which SCIM shows it, but without its members. */
  record View(Group group, Optional<String> externalId) {}

  /** The condition that the groups of a list have to meet. */
  sealed interface Filter {
    record All() implements Filter {}

    record ById(UUID id) implements Filter {}

    /** Only the group with this id, and only if it has this member. */
    record ByMember(UUID id, UUID member) implements Filter {}

    record ByExternalId(String externalId) implements Filter {}

    record ByDisplayName(String displayName) implements Filter {}
  }

  /**
   * A change of a group.
   *
   * @param displayName the new name; if empty, the name is kept
   * @param externalId the new id at the identity provider; if absent, the present id is kept; if
   *     null, the present id is removed. This record refuses a text that can't be an id, before the
   *     text is looked up
   * @param onlyMembers all members that the group will have; empty if the change only adds and
   *     removes single members
   * @param added the users who become members
   * @param removed the users who cease to be members
   */
  record Change(
      Optional<DisplayName> displayName,
      Field<String> externalId,
      Optional<Set<UUID>> onlyMembers,
      Set<UUID> added,
      Set<UUID> removed) {
    public Change {
      externalId.given().ifPresent(ScimGroup::demandId);
      onlyMembers = onlyMembers.map(Set::copyOf);
      added = Set.copyOf(added);
      removed = Set.copyOf(removed);
    }

    /** A change that sets the id at the identity provider, or keeps it if none is given. */
    public Change(
        Optional<DisplayName> displayName,
        Optional<String> externalId,
        Optional<Set<UUID>> onlyMembers,
        Set<UUID> added,
        Set<UUID> removed) {
      this(displayName, Field.from(externalId), onlyMembers, added, removed);
    }
  }

  /**
   * Makes a group. If sign-ins have already created a group for the same value of the groups claim,
   * SCIM takes over this group. If the issuer has deleted the group before, the group is restored
   * with its shares. If the issuer does not see all members, the request is invalid.
   */
  Outcome<View> create(
      ScimCaller caller, DisplayName name, Optional<String> externalId, Set<UUID> members);

  Outcome<View> find(ScimCaller caller, UUID id);

  /** Lists the members of a group whom the issuer sees, ordered by id. */
  Outcome<List<User>> members(ScimCaller caller, UUID id);

  /**
   * Lists groups, ordered by id.
   *
   * @param skipped the number of groups to skip at the beginning
   * @param limit the maximum number of groups to return, at most {@link ScimPage#MOST}
   */
  ScimPage<View> list(ScimCaller caller, Filter filter, int skipped, int limit);

  /**
   * Changes a group. The group's handle stays the same. If the issuer does not see a new member,
   * the request is invalid. Removing a user who is not a member has no effect.
   */
  Outcome<View> update(ScimCaller caller, UUID id, Change change);

  /**
   * Ends all memberships of a group, and hides the group from SCIM. If the settings permit it, and
   * the group's managers are responsible for no service account, the group is deleted with its
   * shares.
   */
  Outcome<UUID> delete(ScimCaller caller, UUID id);
}
