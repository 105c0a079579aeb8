package io.claviger.domain.accounts;

import java.util.UUID;

/**
 * The user or group who is responsible for a service account and manages its access tokens and
 * trusts.
 */
public sealed interface Responsible {
  /** Returns the handle of the user, or {@code @} and the handle of the group. */
  String name();

  record Person(User.Id id, Handle handle) implements Responsible {
    @Override
    public String name() {
      return handle.value();
    }
  }

  /** The managers that a group has at the time are responsible. */
  record GroupManagers(UUID group, Handle handle) implements Responsible {
    @Override
    public String name() {
      return "@" + handle.value();
    }
  }
}
