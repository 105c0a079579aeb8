package io.claviger.application.builders;

import io.claviger.application.scim.ScimGroups;
import io.claviger.application.scim.ScimUsers;
import io.claviger.domain.scim.ScimUser;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What an identity provider says by SCIM, with nothing but what a test is about. */
public final class ScimPush {
  private ScimPush() {}

  public static ScimUsers.Person person(String userName, String externalId, boolean active) {
    return new ScimUsers.Person(
        new ScimUser.Names(
            Optional.of(externalId),
            userName,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        Optional.of(active),
        Optional.empty(),
        Optional.empty());
  }

  /** A change of the members of a group. */
  public static ScimGroups.Change members(Set<UUID> added, Set<UUID> removed) {
    return new ScimGroups.Change(
        Optional.empty(), Optional.empty(), Optional.empty(), added, removed);
  }
}
