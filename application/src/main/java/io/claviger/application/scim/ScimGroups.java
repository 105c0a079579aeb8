package io.claviger.application.scim;

import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.identity.Identities;
import io.claviger.application.scim.port.ScimGroupStore;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.scim.ScimSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The groups that an identity provider manages by SCIM. Such groups are synced groups. The provider
 * sees and changes only groups that come from its issuer, and only users whom the provider sees can
 * be members of these groups. If a name is taken, the answer is a conflict with the code {@code
 * uniqueness}.
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

  /** The facts about a group that SCIM shows, without the group's members. */
  record View(Group group, Optional<String> externalId) {}

  /** Selects the groups that are listed. */
  sealed interface Filter {
    record All() implements Filter {}

    record ById(UUID id) implements Filter {}

    record ByExternalId(String externalId) implements Filter {}

    record ByDisplayName(String displayName) implements Filter {}
  }

  /**
   * A change of a group.
   *
   * @param displayName the new name; empty if the name stays the same
   * @param externalId the new id at the identity provider; empty if the id stays the same
   * @param onlyMembers the users who are the only members of the group from now on; empty if the
   *     write only adds or removes single members
   * @param added the users who become members
   * @param removed the users who are no longer members
   */
  record Change(
      Optional<DisplayName> displayName,
      Optional<String> externalId,
      Optional<Set<UUID>> onlyMembers,
      Set<UUID> added,
      Set<UUID> removed) {
    public Change {
      onlyMembers = onlyMembers.map(Set::copyOf);
      added = Set.copyOf(added);
      removed = Set.copyOf(removed);
    }
  }

  /**
   * Makes a group. If sign-ins have already created a group from the same value, SCIM takes over
   * that group, and no new group is created. If the issuer has deleted the group before, it is
   * restored with its shares. Refused as invalid if the issuer can't see all of the members.
   */
  Outcome<View> create(
      ScimCaller caller, DisplayName name, Optional<String> externalId, Set<UUID> members);

  Outcome<View> find(ScimCaller caller, UUID id);

  /** Lists, by id, those members of a group whom the issuer sees. */
  Outcome<List<User>> members(ScimCaller caller, UUID id);

  /**
   * Lists groups by id.
   *
   * @param skipped how many groups are left out at the beginning of the list
   * @param limit the greatest number of groups to return, at most {@link ScimPage#MOST}
   */
  ScimPage<View> list(ScimCaller caller, Filter filter, int skipped, int limit);

  /**
   * Changes a group. The group's handle stays the same. Refused as invalid if the issuer does not
   * see a new member. Removing a user who is not a member has no effect.
   */
  Outcome<View> update(ScimCaller caller, UUID id, Change change);

  /**
   * Ends all memberships of a group. After that, the group does not exist for SCIM. If the settings
   * allow it, and the group's managers are responsible for no service account, the group is deleted
   * with its shares.
   */
  Outcome<UUID> delete(ScimCaller caller, UUID id);
}
