package io.claviger.domain.keys;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The encryption keys that are recorded. The register decides which of these keys a node lacks, and
 * whether the present live nodes allow a change of a key. The register does not check whether
 * values are still sealed with a key, because database constraints prevent the retirement of such a
 * key.
 */
public record KeyRegister(Set<EncryptionKeyId> live, Set<EncryptionKeyId> retired) {
  public KeyRegister {
    live = Set.copyOf(live);
    retired = Set.copyOf(retired);
    if (live.stream().anyMatch(retired::contains)) {
      throw new IllegalArgumentException("a key can't be both live and retired");
    }
  }

  /** Returns the live keys that the node lacks. */
  public List<EncryptionKeyId> lackedBy(Collection<EncryptionKeyId> held) {
    return new TreeSet<>(live).stream().filter(id -> !held.contains(id)).toList();
  }

  /**
   * Checks whether a key, new or already in use, may seal all values, which requires that every
   * live node has the key.
   *
   * @param nodes the live nodes
   */
  public Optional<KeyObstacle> toRotate(EncryptionKeyId to, Collection<NodeKeys> nodes) {
    if (retired.contains(to)) {
      return Optional.of(new KeyObstacle.AlreadyRetired(to));
    }
    return findLacking(to, nodes);
  }

  /**
   * Checks whether a key may be retired. There are three conditions: another key is live, no node
   * seals new values with this key, and every node has all remaining live keys.
   *
   * @param nodes the live nodes
   */
  public Optional<KeyObstacle> toRetire(EncryptionKeyId id, Collection<NodeKeys> nodes) {
    if (!live.contains(id)) {
      return Optional.of(whyNotLive(id));
    }
    if (live.size() == 1) {
      return Optional.of(new KeyObstacle.OnlyLive(id));
    }
    List<String> sealing = names(nodes, node -> node.sealing().equals(id));
    if (!sealing.isEmpty()) {
      return Optional.of(new KeyObstacle.SealsAt(id, sealing));
    }
    return new TreeSet<>(live)
        .stream()
            .filter(staying -> !staying.equals(id))
            .flatMap(staying -> findLacking(staying, nodes).stream())
            .findFirst();
  }

  /**
   * Checks whether a key may be discarded together with all values that are sealed with it.
   * Discarding is allowed only if neither a node nor this process has the key any more.
   *
   * @param opensHere whether this process has the key and can decrypt the key's sentinel value with
   *     it
   * @param nodes the live nodes
   */
  public Optional<KeyObstacle> toDiscard(
      EncryptionKeyId id, boolean opensHere, Collection<NodeKeys> nodes) {
    if (!live.contains(id)) {
      return Optional.of(whyNotLive(id));
    }
    if (opensHere) {
      return Optional.of(new KeyObstacle.OpensHere(id));
    }
    List<String> holding = names(nodes, node -> node.held().contains(id));
    return holding.isEmpty() ? Optional.empty() : Optional.of(new KeyObstacle.HeldBy(id, holding));
  }

  private KeyObstacle whyNotLive(EncryptionKeyId id) {
    return retired.contains(id) ? new KeyObstacle.AlreadyRetired(id) : new KeyObstacle.Unknown(id);
  }

  private static Optional<KeyObstacle> findLacking(EncryptionKeyId id, Collection<NodeKeys> nodes) {
    List<String> lacking = names(nodes, node -> !node.held().contains(id));
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of(new KeyObstacle.LackedBy(id, lacking));
  }

  private static List<String> names(Collection<NodeKeys> nodes, Predicate<NodeKeys> which) {
    return nodes.stream().filter(which).map(NodeKeys::name).sorted().toList();
  }
}
