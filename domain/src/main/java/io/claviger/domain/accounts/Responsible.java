package io.claviger.domain.accounts;

import java.util.UUID;

/** Who is responsible for a service account and manages its access tokens and trusts. */
public sealed interface Responsible {
  /** The handle of the user, or of the group behind an {@code @}. */
  String name();

  record Person(User.Id id, Handle handle) implements Responsible {
    @Override
    public String name() {
      return handle.value();
    }
  }

  /** The people who are managers of a group at the time. */
  record GroupManagers(UUID group, Handle handle) implements Responsible {
    @Override
    public String name() {
      return "@" + handle.value();
    }
  }
}
