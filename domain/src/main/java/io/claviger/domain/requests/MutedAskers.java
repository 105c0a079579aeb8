package io.claviger.domain.requests;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import java.util.Set;

/**
 * The users from whom an owner accepts no requests.
 *
 * @param everybody whether the owner accepts no requests at all
 * @param users the users whose requests are refused, at most {@link #MOST}
 */
public record MutedAskers(boolean everybody, Set<Handle> users) {
  public static final int MOST = 100;
  public static final MutedAskers NOBODY = new MutedAskers(false, Set.of());

  public MutedAskers {
    users = Set.copyOf(users);
    if (users.size() > MOST) {
      throw new InvalidValue("users", "at most 100 users");
    }
  }
}
