package io.claviger.domain.sharing;

import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import java.util.Optional;

/** The holder of a share. */
public sealed interface Grantee {
  GranteeId id();

  GranteeName name();

  /** Returns the handle of the user; empty if the grantee is a group. */
  Optional<Handle> user();

  record OneUser(User.Id id, Handle handle) implements Grantee {
    @Override
    public GranteeName name() {
      return GranteeName.user(handle);
    }

    @Override
    public Optional<Handle> user() {
      return Optional.of(handle);
    }
  }

  /** The current members of a group. */
  record Members(Group.Id id, Handle handle) implements Grantee {
    @Override
    public GranteeName name() {
      return GranteeName.group(handle);
    }

    @Override
    public Optional<Handle> user() {
      return Optional.empty();
    }
  }
}
