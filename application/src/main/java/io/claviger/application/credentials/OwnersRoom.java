package io.claviger.application.credentials;

import io.claviger.domain.accounts.User;
import java.util.HashMap;
import java.util.Map;

/**
 * A limited number of places on a node. The services of an owner can take only a part of these
 * places.
 */
final class OwnersRoom {
  private final int most;
  private final int mostOfOwner;
  private final Map<User.Id, Integer> owners = new HashMap<>();
  private int all;

  OwnersRoom(int most, int mostOfOwner) {
    this.most = most;
    this.mostOfOwner = mostOfOwner;
  }

  /** Takes a place. Returns false if no place is free. */
  synchronized boolean take(User.Id owner) {
    int taken = owners.getOrDefault(owner, 0);
    if (all >= most || taken >= mostOfOwner) {
      return false;
    }
    all++;
    owners.put(owner, taken + 1);
    return true;
  }

  synchronized void giveBack(User.Id owner, int places) {
    all -= places;
    owners.computeIfPresent(owner, (id, taken) -> taken == places ? null : taken - places);
  }
}
