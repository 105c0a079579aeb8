package io.claviger.domain.fairness;

import java.util.Map;
import java.util.UUID;

/**
 * An account's answer to what a node has stated.
 *
 * @param limits the limits that apply now
 * @param parts the amount that each borrower may use on the node, in addition to the amount that
 *     the node stated as kept
 * @param slots the number of calls that the node may have under way at a time; {@link
 *     Integer#MAX_VALUE} if the provider does not limit this number
 * @param slotsWanted how many of these slots the node should keep; the node gives up the other
 *     slots when its calls end
 * @param shares for each borrower with calls on the node, how many concurrent calls are due to the
 *     borrower there
 * @param weights the sum of the weights of all borrowers, on all nodes, who want more than they
 *     have got
 * @param isShort whether at least one borrower, on this or another node, wants more than the
 *     remaining amount
 * @param left the remaining amount of each limit; negative if calls used more than that
 * @param pauses for each limit, the number of milliseconds for which the limit is treated as used
 *     up because the provider stated so
 * @param pause for how many milliseconds no call may be sent; 0 if calls may be sent now
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
