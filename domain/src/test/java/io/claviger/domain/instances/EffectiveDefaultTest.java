package io.claviger.domain.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.instances.EffectiveDefault.Choice;
import io.claviger.domain.instances.EffectiveDefault.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EffectiveDefaultTest {
  private static final Instance.Ref MINE = Instance.Ref.of("alice/mine");
  private static final Instance.Ref SYSTEMS = Instance.Ref.of("_system/common");

  record Case(Optional<Choice> own, Optional<Choice> system) {}

  static Stream<Case> all() {
    List<Case> all = new ArrayList<>();
    for (Optional<Choice> own : choices(MINE)) {
      for (Optional<Choice> system : choices(SYSTEMS)) {
        all.add(new Case(own, system));
      }
    }
    return all.stream();
  }

  private static List<Optional<Choice>> choices(Instance.Ref ref) {
    return List.of(
        Optional.empty(),
        Optional.of(new Choice(ref, false, false)),
        Optional.of(new Choice(ref, false, true)),
        Optional.of(new Choice(ref, true, false)),
        Optional.of(new Choice(ref, true, true)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void the_own_choice_holds_while_enabled_and_usable_else_the_systems_else_none(Case given) {
    Optional<EffectiveDefault> expected;
    if (given.own().equals(Optional.of(new Choice(MINE, true, true)))) {
      expected = Optional.of(new EffectiveDefault(MINE, Source.OWN));
    } else if (given.system().equals(Optional.of(new Choice(SYSTEMS, true, true)))) {
      expected = Optional.of(new EffectiveDefault(SYSTEMS, Source.SYSTEM));
    } else {
      expected = Optional.empty();
    }

    assertThat(EffectiveDefault.of(given.own(), given.system())).isEqualTo(expected);
  }

  @Test
  void all_combinations_are_tried() {
    assertThat(all().distinct()).hasSize(25);
  }
}
