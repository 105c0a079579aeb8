package io.claviger.application.fakes;

import io.claviger.application.sharing.port.AttributedUsers;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@link AttributedUsers} in memory. Tests add whoever called. */
public final class InMemoryAttributedUsers implements AttributedUsers {
  private final Map<Key, AttributedUser> users = new ConcurrentHashMap<>();

  private record Key(Instance.Id service, User.Id owner, User.Id user) {}

  public void add(Instance.Id service, User.Id owner, AttributedUser user) {
    users.put(new Key(service, owner, user.id()), user);
  }

  @Override
  public List<AttributedUser> of(
      Instance.Id service, User.Id owner, LocalDate since, Optional<User.Id> after, int limit) {
    return users.entrySet().stream()
        .filter(e -> e.getKey().service().equals(service) && e.getKey().owner().equals(owner))
        .map(Map.Entry::getValue)
        .filter(user -> !user.lastUsed().isBefore(since))
        .filter(user -> after.isEmpty() || position(user.id()).compareTo(position(after.get())) > 0)
        .sorted(Comparator.comparing(user -> position(user.id())))
        .limit(limit)
        .toList();
  }

  @Override
  public boolean called(Instance.Id service, User.Id owner, User.Id user) {
    return users.containsKey(new Key(service, owner, user));
  }

  private static String position(User.Id user) {
    return user.value().toString();
  }
}
