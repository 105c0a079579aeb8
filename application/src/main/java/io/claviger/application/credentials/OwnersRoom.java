package io.claviger.application.credentials;

import io.claviger.domain.accounts.User;
import java.util.HashMap;
import java.util.Map;

/**
 * Limits how many of a node's places are taken at the same time. A place stands for a running
 * exchange or for a call that waits for a token. The services of a single owner can take only some
 * of the places. The last places are reserved for owners who have no place yet, so a few owners
 * together can't take all places.
 */
final class OwnersRoom {
  private final int most;
  private final int mostOfOwner;
  private final int last;
  private final Map<User.Id, Integer> owners = new HashMap<>();
  private int all;

  /**
   * @param last the number of places that are reserved for owners who have no place yet
   */
  OwnersRoom(int most, int mostOfOwner, int last) {
    this.most = most;
    this.mostOfOwner = mostOfOwner;
    this.last = last;
  }

  /**
   * Takes a place for a running exchange or a waiting call of an owner's service. Returns false if
   * no place is free for this owner.
   */
  synchronized boolean take(User.Id owner) {
    int taken = owners.getOrDefault(owner, 0);
    int room = taken == 0 ? most : most - last;
    if (all >= room || taken >= mostOfOwner) {
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
