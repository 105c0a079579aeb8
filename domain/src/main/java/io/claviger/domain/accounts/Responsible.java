package io.claviger.domain.accounts;

import java.util.UUID;

/**
 * The user or group who is responsible for a service account and manages its access tokens and
 * trusts.
 */
public sealed interface Responsible {
  /** Returns the handle of the user, or {@code @} and the handle of the group. */
  String name();

  /** Returns the id of the user or the group. */
  UUID uuid();

  record Person(User.Id id, Handle handle) implements Responsible {
    @Override
    public String name() {
      return handle.value();
    }

    @Override
    public UUID uuid() {
      return id.value();
    }
  }

  /**
   * The managers of a group are responsible. Users who stop managing the group are no longer
   * responsible.
   */
  record GroupManagers(UUID group, Handle handle) implements Responsible {
    @Override
    public String name() {
      return "@" + handle.value();
    }

    @Override
    public UUID uuid() {
      return group;
    }
  }
}
