package io.claviger.domain.fairness;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Divides slots among nodes. The number of slots is the number of concurrent calls that the
 * provider allows. Each borrower's fair share of the slots is a weighted max-min share. A node's
 * share is the sum of its borrowers' shares for calls on this node. Slots that no borrower needs
 * are spread evenly over the nodes, so that new calls find free slots. This class is not
 * thread-safe.
 */
final class SlotLeases {
  /** The maximum number of nodes of one account. Additional nodes get no slots. */
  static final int MOST_NODES = 256;

  /**
   * If a node's share is less than one slot, the node gets a whole slot from time to time, for
   * about this number of seconds.
   */
  private static final double TURN_SECONDS = 4;

  /**
   * The advantage that a node with a slot has over other nodes that want this slot, as a fraction
   * of a slot. The node has an advantage because moving a slot takes a second or two.
   */
  private static final double KEEPS = 0.5;

  private final TreeMap<UUID, Node> nodes = new TreeMap<>();

  /**
   * The time from which slots may be granted. Before this time, unknown leases might still be
   * valid.
   */
  private long grantsFrom;

  SlotLeases(long grantsFrom) {
    this.grantsFrom = grantsFrom;
  }

  private static final class Node {
    long heardAt;
    int slots;
    int running;

    /**
     * The number of slots that this node should have had but did not get, multiplied by the time
     * without them, in units of {@link #TURN_SECONDS}; between -1 and 1.
     */
    double credit;
  }

  /** The number of slots that a borrower's running and waiting calls could use on each node. */
  record Demand(UUID borrower, int weight, Map<UUID, Integer> onNodes) {
    int all() {
      return onNodes.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /**
   * How many slots a node may have, how many it should keep, and how many each of its borrowers
   * should get.
   */
  record Lease(int slots, int wanted, Map<UUID, Double> shares) {}

  /**
   * Removes and returns the nodes that have been silent for too long. If the clock went back, all
   * nodes are treated as if they had been heard just now. Unknown leases are then assumed to last
   * no longer than a lease that begins now.
   */
  List<UUID> forgetSilent(long now) {
    grantsFrom = Math.min(grantsFrom, now + CapacityAccount.SILENT_AFTER_MILLIS + 1);
    List<UUID> silent = new ArrayList<>();
    nodes
        .entrySet()
        .removeIf(
            node -> {
              node.getValue().heardAt = Math.min(node.getValue().heardAt, now);
              boolean gone = now - node.getValue().heardAt > CapacityAccount.SILENT_AFTER_MILLIS;
              if (gone) {
                silent.add(node.getKey());
              }
              return gone;
            });
    return silent;
  }

  /**
   * Records how many slots a node has. A node that was removed before has only the slots of its
   * running calls.
   *
   * @return false if there are too many nodes
   */
  boolean hear(UUID id, int slots, int running, long now) {
    Node node = nodes.get(id);
    if (node == null && nodes.size() >= MOST_NODES) {
      return false;
    }
    boolean isNew = node == null;
    node = nodes.computeIfAbsent(id, unused -> new Node());
    node.slots = isNew ? running : Math.max(slots, running);
    node.running = running;
    node.heardAt = now;
    return true;
  }

  /** Whether a node had more slots than running calls at its last exchange. */
  boolean areFree(UUID id) {
    Node node = nodes.get(id);
    return node != null && node.slots > node.running;
  }

  /**
   * Gives a node its share of the slots, as far as other nodes have returned them.
   *
   * @param millis the milliseconds since a node last requested slots
   */
  Lease lease(UUID asking, int limit, List<Demand> demands, long millis, long now) {
    Map<UUID, Double> shares = new HashMap<>();
    Map<UUID, Double> due = new HashMap<>();
    double rest = divide(limit, demands, asking, due, shares);
    boolean areShort = rest < 1e-6;
    nodes.forEach(
        (id, node) -> {
          if (!areShort) {
            due.merge(id, rest / nodes.size(), Double::sum);
            node.credit = 0;
          } else {
            double more = (due.getOrDefault(id, 0.0) - node.slots) * millis / 1_000 / TURN_SECONDS;
            node.credit = Math.clamp(node.credit + more, -1, 1);
          }
        });
    int wanted = whole(limit, due, areShort ? demands : List.of()).getOrDefault(asking, 0);
    Node node = nodes.computeIfAbsent(asking, unused -> new Node());
    long free = limit - nodes.values().stream().mapToLong(each -> each.slots).sum();
    if (now >= grantsFrom && wanted > node.slots) {
      node.slots += Math.clamp(free, 0, wanted - node.slots);
    }
    return new Lease(node.slots, wanted, shares);
  }

  /**
   * Divides slots by weighted max-min fairness with progressive filling. Returns the number of
   * slots that nobody needs.
   */
  private static double divide(
      int limit,
      List<Demand> demands,
      UUID asking,
      Map<UUID, Double> due,
      Map<UUID, Double> shares) {
    List<Demand> leastFirst = new ArrayList<>(demands);
    leastFirst.sort(Comparator.comparingDouble(each -> (double) each.all() / each.weight()));
    double rest = limit;
    double level = 0;
    long weights = demands.stream().mapToLong(Demand::weight).sum();
    for (Demand each : leastFirst) {
      int all = each.all();
      double share = Math.min(all, rest * each.weight() / weights);
      level = share / each.weight();
      weights -= each.weight();
      rest -= share;
      each.onNodes()
          .forEach((node, some) -> due.merge(node, all == 0 ? 0 : share * some / all, Double::sum));
    }
    for (Demand each : demands) {
      int some = each.onNodes().getOrDefault(asking, 0);
      if (some > 0) {
        shares.put(each.borrower(), level * each.weight() * some / each.all());
      }
    }
    return rest;
  }

  /**
   * Rounds the nodes' shares to whole slots. The total does not exceed the limit. If demands are
   * given, rounding up gives no node more slots than it can use.
   */
  private Map<UUID, Integer> whole(int limit, Map<UUID, Double> due, List<Demand> demands) {
    Map<UUID, Integer> usable = new HashMap<>();
    demands.forEach(
        demand -> demand.onNodes().forEach((node, some) -> usable.merge(node, some, Integer::sum)));
    Map<UUID, Integer> whole = new HashMap<>();
    Map<UUID, Double> claims = new HashMap<>();
    int left = limit;
    for (Map.Entry<UUID, Node> node : nodes.entrySet()) {
      double exact = due.getOrDefault(node.getKey(), 0.0);
      int few = (int) Math.floor(exact + 1e-9);
      whole.put(node.getKey(), few);
      left -= few;
      if (exact > few) {
        double has = node.getValue().slots > few ? KEEPS : 0;
        claims.put(node.getKey(), exact - few + node.getValue().credit + has);
      }
    }
    List<UUID> order = new ArrayList<>(claims.keySet());
    order.sort(
        Comparator.<UUID>comparingDouble(id -> -claims.getOrDefault(id, 0.0))
            .thenComparing(Comparator.naturalOrder()));
    for (UUID id : order) {
      int few = whole.getOrDefault(id, 0);
      if (left > 0 && (demands.isEmpty() || few < usable.getOrDefault(id, 0))) {
        whole.put(id, few + 1);
        left--;
      }
    }
    return whole;
  }

  void write(StateWriter to) {
    to.number(grantsFrom);
    to.number(nodes.size());
    nodes.forEach(
        (id, node) -> {
          to.id(id);
          to.number(node.heardAt);
          to.number(node.slots);
          to.number(node.running);
          to.fraction(node.credit);
        });
  }

  static SlotLeases read(StateReader from) {
    SlotLeases read = new SlotLeases(from.number());
    int count = from.count(MOST_NODES);
    for (int n = 0; n < count; n++) {
      Node node = new Node();
      read.nodes.put(from.id(), node);
      node.heardAt = from.number();
      node.slots = from.count(Integer.MAX_VALUE);
      node.running = from.count(Integer.MAX_VALUE);
      node.credit = Math.clamp(from.fraction(), -1, 1);
    }
    return read;
  }
}
