package io.claviger.domain.fairness;

import java.util.Map;
import java.util.UUID;

/**
 * What an account answers to a node's statement.
 *
 * @param limits the limits that hold
 * @param parts what each borrower may use on the node, in addition to what the node said it kept
 * @param slots how many calls at a time the node may have under way; {@link Integer#MAX_VALUE}
 *     where the provider does not limit that
 * @param slotsWanted how many of them the node should keep; the others go to other nodes as soon as
 *     its calls end
 * @param shares how many calls at a time are due on the node to each borrower who has calls there
 * @param weights the weights of all borrowers, on all nodes, who want more than they have
 * @param isShort whether somebody wants more than there is, on this node or another one
 * @param left what is left of each limit, less than nothing if calls used more than was left
 * @param pauses for how many milliseconds nothing is left of a limit, because the provider said so
 * @param pause for how many milliseconds no call may go out at all
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
