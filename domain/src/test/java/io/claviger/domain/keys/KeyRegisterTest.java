package io.claviger.domain.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Checks every register of three keys, with every possible pair of nodes. */
class KeyRegisterTest {
  private static final List<EncryptionKeyId> IDS =
      List.of(
          new EncryptionKeyId("0000000a"),
          new EncryptionKeyId("0000000b"),
          new EncryptionKeyId("0000000c"));

  private record Case(KeyRegister register, List<NodeKeys> nodes, EncryptionKeyId id) {
    boolean isLive() {
      return register.live().contains(id);
    }

    boolean isRetired() {
      return register.retired().contains(id);
    }

    boolean allHold(EncryptionKeyId key) {
      return nodes.stream().allMatch(n -> n.held().contains(key));
    }
  }

  @Test
  void a_keyring_lacks_the_live_keys_that_it_does_not_hold() {
    forAll(
        c -> {
          for (NodeKeys node : c.nodes()) {
            Set<EncryptionKeyId> lacked = new HashSet<>(c.register().live());
            lacked.removeAll(node.held());
            assertThat(c.register().lackedBy(node.held()))
                .isSorted()
                .containsExactlyInAnyOrderElementsOf(lacked);
          }
        });
  }

  @Test
  void everything_may_be_sealed_under_a_key_that_is_not_retired_and_held_by_all() {
    forAll(
        c ->
            assertThat(c.register().toRotate(c.id(), c.nodes()).isEmpty())
                .isEqualTo(!c.isRetired() && c.allHold(c.id())));
  }

  @Test
  void a_key_may_be_retired_that_no_node_seals_with_and_without_which_all_can_go_on() {
    forAll(
        c ->
            assertThat(c.register().toRetire(c.id(), c.nodes()).isEmpty())
                .isEqualTo(
                    c.isLive()
                        && c.register().live().size() > 1
                        && c.nodes().stream().noneMatch(n -> n.sealing().equals(c.id()))
                        && c.register().live().stream()
                            .filter(k -> !k.equals(c.id()))
                            .allMatch(c::allHold)));
  }

  @Test
  void a_live_key_may_be_discarded_that_nobody_holds() {
    forAll(
        c -> {
          boolean held = c.nodes().stream().anyMatch(n -> n.held().contains(c.id()));
          assertThat(c.register().toDiscard(c.id(), false, c.nodes()).isEmpty())
              .isEqualTo(c.isLive() && !held);
          assertThat(c.register().toDiscard(c.id(), true, c.nodes())).isPresent();
        });
  }

  @Test
  void what_stands_in_the_way_says_which_key_and_which_nodes() {
    EncryptionKeyId a = IDS.get(0);
    EncryptionKeyId b = IDS.get(1);
    EncryptionKeyId c = IDS.get(2);
    KeyRegister register = new KeyRegister(Set.of(a, b), Set.of(c));
    NodeKeys both = new NodeKeys("both", Set.of(a, b), a);
    NodeKeys old = new NodeKeys("old", Set.of(a), a);
    List<NodeKeys> nodes = List.of(old, both);

    assertThat(register.toRotate(b, nodes)).contains(new KeyObstacle.LackedBy(b, List.of("old")));
    assertThat(register.toRotate(c, nodes)).contains(new KeyObstacle.AlreadyRetired(c));
    assertThat(register.toRetire(a, nodes))
        .contains(new KeyObstacle.SealsAt(a, List.of("both", "old")));
    assertThat(register.toRetire(b, nodes)).isEmpty();
    assertThat(register.toRetire(a, List.of(new NodeKeys("third", Set.of(a, c), c))))
        .contains(new KeyObstacle.LackedBy(b, List.of("third")));
    assertThat(register.toRetire(c, nodes)).contains(new KeyObstacle.AlreadyRetired(c));
    assertThat(new KeyRegister(Set.of(a), Set.of()).toRetire(a, List.of()))
        .contains(new KeyObstacle.OnlyLive(a));
    assertThat(new KeyRegister(Set.of(a), Set.of()).toRetire(b, List.of()))
        .contains(new KeyObstacle.Unknown(b));
    assertThat(register.toDiscard(b, false, nodes))
        .contains(new KeyObstacle.HeldBy(b, List.of("both")));
    assertThat(register.toDiscard(b, true, List.of())).contains(new KeyObstacle.OpensHere(b));
    assertThat(new KeyRegister(Set.of(a), Set.of()).toDiscard(a, false, List.of())).isEmpty();
  }

  @Test
  void a_key_is_not_live_and_retired_and_a_node_holds_what_it_seals_with() {
    Set<EncryptionKeyId> one = Set.of(IDS.get(0));

    assertThatIllegalArgumentException().isThrownBy(() -> new KeyRegister(one, one));
    assertThatIllegalArgumentException().isThrownBy(() -> new NodeKeys("node", one, IDS.get(1)));
  }

  private static void forAll(Consumer<Case> check) {
    List<Optional<NodeKeys>> nodes = nodes();
    for (KeyRegister register : registers()) {
      for (Optional<NodeKeys> one : nodes) {
        for (Optional<NodeKeys> other : nodes) {
          List<NodeKeys> live = new ArrayList<>();
          one.ifPresent(live::add);
          other.ifPresent(live::add);
          IDS.forEach(id -> check.accept(new Case(register, live, id)));
        }
      }
    }
  }

  private static List<KeyRegister> registers() {
    List<KeyRegister> all = new ArrayList<>();
    for (int n = 0; n < 27; n++) {
      Set<EncryptionKeyId> live = new HashSet<>();
      Set<EncryptionKeyId> retired = new HashSet<>();
      for (int i = 0, rest = n; i < 3; i++, rest /= 3) {
        if (rest % 3 == 1) {
          live.add(IDS.get(i));
        } else if (rest % 3 == 2) {
          retired.add(IDS.get(i));
        }
      }
      all.add(new KeyRegister(live, retired));
    }
    return all;
  }

  private static List<Optional<NodeKeys>> nodes() {
    List<Optional<NodeKeys>> all = new ArrayList<>(List.of(Optional.empty()));
    for (int n = 1; n < 8; n++) {
      Set<EncryptionKeyId> held = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        if ((n >> i & 1) == 1) {
          held.add(IDS.get(i));
        }
      }
      held.forEach(sealing -> all.add(Optional.of(new NodeKeys("n", held, sealing))));
    }
    return all;
  }
}
