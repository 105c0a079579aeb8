package io.claviger.application.shares;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.GranteeName;
import java.util.Optional;

/** Finds the user or group who is named as the grantee of a share. */
public final class Grantees {
  private final UserStore users;
  private final GroupStore groups;

  public Grantees(UserStore users, GroupStore groups) {
    this.users = users;
    this.groups = groups;
  }

  public Optional<Grantee> find(GranteeName name) {
    return name.isGroup()
        ? groups.find(name.handle()).map(group -> new Grantee.Members(group.id(), group.handle()))
        : users.find(name.handle()).map(user -> new Grantee.OneUser(user.id(), user.handle()));
  }

  /** Finds a grantee, and protects the grantee from deletion until the transaction ends. */
  Optional<Grantee> hold(GranteeName name) {
    return name.isGroup()
        ? groups.hold(name.handle()).map(group -> new Grantee.Members(group.id(), group.handle()))
        : users.hold(name.handle()).map(user -> new Grantee.OneUser(user.id(), user.handle()));
  }
}
