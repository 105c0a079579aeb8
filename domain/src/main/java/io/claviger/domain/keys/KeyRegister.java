package io.claviger.domain.keys;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which encryption keys are on record, and what follows from it: who lacks what, and what may be
 * done with a key while these nodes live. Whether values are under a key is not judged here but
 * held by the database.
 */
public record KeyRegister(Set<EncryptionKeyId> live, Set<EncryptionKeyId> retired) {
  public KeyRegister {
    live = Set.copyOf(live);
    retired = Set.copyOf(retired);
    if (live.stream().anyMatch(retired::contains)) {
      throw new IllegalArgumentException("a key is live or retired");
    }
  }

  /** The live keys that are not among these. */
  public List<EncryptionKeyId> lackedBy(Collection<EncryptionKeyId> held) {
    return new TreeSet<>(live).stream().filter(id -> !held.contains(id)).toList();
  }

  /**
   * Whether everything may be sealed under a key, live or new: every node must be able to open it.
   *
   * @param nodes those that live
   */
  public Optional<KeyObstacle> toRotate(EncryptionKeyId to, Collection<NodeKeys> nodes) {
    if (retired.contains(to)) {
      return Optional.of(new KeyObstacle.AlreadyRetired(to));
    }
    return lacking(to, nodes);
  }

  /**
   * Whether a key may be retired: another one is live, no node would go on sealing with it, and
   * every node can go on with what stays.
   *
   * @param nodes those that live
   */
  public Optional<KeyObstacle> toRetire(EncryptionKeyId id, Collection<NodeKeys> nodes) {
    if (!live.contains(id)) {
      return Optional.of(absent(id));
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
            .flatMap(staying -> lacking(staying, nodes).stream())
            .findFirst();
  }

  /**
   * Whether a key may be given up with all that is sealed under it: nobody has it any more.
   *
   * @param opensHere who asks holds it, and it opens its sentinel
   * @param nodes those that live
   */
  public Optional<KeyObstacle> toDiscard(
      EncryptionKeyId id, boolean opensHere, Collection<NodeKeys> nodes) {
    if (!live.contains(id)) {
      return Optional.of(absent(id));
    }
    if (opensHere) {
      return Optional.of(new KeyObstacle.OpensHere(id));
    }
    List<String> holding = names(nodes, node -> node.held().contains(id));
    return holding.isEmpty() ? Optional.empty() : Optional.of(new KeyObstacle.HeldBy(id, holding));
  }

  private KeyObstacle absent(EncryptionKeyId id) {
    return retired.contains(id) ? new KeyObstacle.AlreadyRetired(id) : new KeyObstacle.Unknown(id);
  }

  private static Optional<KeyObstacle> lacking(EncryptionKeyId id, Collection<NodeKeys> nodes) {
    List<String> lacking = names(nodes, node -> !node.held().contains(id));
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of(new KeyObstacle.LackedBy(id, lacking));
  }

  private static List<String> names(Collection<NodeKeys> nodes, Predicate<NodeKeys> which) {
    return nodes.stream().filter(which).map(NodeKeys::name).sorted().toList();
  }
}
