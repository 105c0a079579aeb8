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

  /** A group is responsible: those users who manage the group at the time in question. */
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
