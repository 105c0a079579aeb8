package io.claviger.domain.fairness;

import java.util.Map;
import java.util.UUID;

/**
 * An account's answer to a node's statement.
 *
 * @param limits the limits that apply now
 * @param parts for each borrower, the amount that may be used on the node in addition to the unused
 *     amount that the node keeps according to its statement
 * @param slots the maximum number of calls that the node runs at a time; {@link Integer#MAX_VALUE}
 *     if the provider does not limit this number
 * @param slotsWanted the number of slots that the node should keep. The node gives up the other
 *     slots when calls end
 * @param shares for each borrower with calls on the node, the borrower's fair number of concurrent
 *     calls there
 * @param weights the sum of the weights of all borrowers who want more than they were granted, on
 *     any node; each borrower counts once
 * @param isShort whether at least one borrower, on this or another node, wants more than the
 *     remaining amount
 * @param left the remaining amount of each limit; negative if calls used more than the limit
 * @param pauses the limits that are used up according to the provider, each with the milliseconds
 *     until it can be used again
 * @param pause the number of milliseconds in which no call may be sent; 0 if calls may be sent now
 */
public record CapacityGrant(
    ProviderLimits limits,
    Map<UUID, PaceUse> parts,
    int slots,
    int slotsWanted,
    Map<UUID, Double> shares,
    long weights,
    boolean isShort,
    Map<PaceLimit, Long> left,
    Map<PaceLimit, Long> pauses,
    long pause) {
  public CapacityGrant {
    parts = Map.copyOf(parts);
    shares = Map.copyOf(shares);
    left = Map.copyOf(left);
    pauses = Map.copyOf(pauses);
  }
}
