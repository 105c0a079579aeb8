package io.claviger.application.fakes;

import io.claviger.application.identity.port.SyncedGroupStore;
import io.claviger.domain.accounts.HandleFolding;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.identity.Issuer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** {@link SyncedGroupStore} in memory. Every handle is free; values without one are left out. */
public final class InMemorySyncedGroups implements SyncedGroupStore {
  private final Map<UserId, List<String>> memberships = new ConcurrentHashMap<>();

  @Override
  public List<String> replaceMemberships(
      UserId user, Issuer issuer, List<String> values, Instant now) {
    memberships.put(
        user, values.stream().filter(one -> HandleFolding.fold(one).isPresent()).toList());
    return values.stream().filter(one -> HandleFolding.fold(one).isEmpty()).toList();
  }

  /** The values of the groups that a user is in. */
  public List<String> of(UserId user) {
    return memberships.getOrDefault(user, List.of());
  }
}
