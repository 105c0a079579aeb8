package io.claviger.domain.fairness;

import java.util.UUID;

/**
 * Identifies an account at a provider. The account's limits are shared by callers. The account
 * belongs to one service, or to all services of an owner that name the same group. The key is the
 * same on all nodes.
 *
 * @param value {@code service:} and the service's id, or {@code group:}, the owner's id, a colon
 *     and the group's name
 */
public record CapacityKey(String value) {
  public static CapacityKey ofService(UUID service) {
    return new CapacityKey("service:" + service);
  }

  public static CapacityKey ofGroup(UUID owner, String name) {
    return new CapacityKey("group:" + owner + ":" + name);
  }
}
