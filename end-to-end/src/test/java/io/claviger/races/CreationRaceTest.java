package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.instances.WrittenInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Outcome.Done;
import io.claviger.application.shared.Outcome.Refused;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.instances.Instance;
import java.util.List;
import org.junit.jupiter.api.Test;

class CreationRaceTest {

  @Test
  void one_of_sixteen_creates_a_handle_and_the_others_learn_that_it_is_taken() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      Actor alice = fixture.user("alice");
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        Instance.Ref ref = RaceFixture.ref(alice, "service-" + round);
        List<Outcome<WrittenInstance>> outcomes =
            putBySixteen(fixture, alice, ref, Precondition.CREATE_ONLY);

        List<WrittenInstance> created =
            outcomes.stream().filter(Done.class::isInstance).map(Outcome::orThrow).toList();
        assertThat(created).singleElement().matches(WrittenInstance::created);
        assertThat(outcomes)
            .filteredOn(Refused.class::isInstance)
            .hasSize(SimultaneousThreads.SIXTEEN - 1)
            .map(refused -> ((Refused<?>) refused).why())
            .allMatch(
                why ->
                    why instanceof Refusal.PreconditionFailed || why instanceof Refusal.Conflict);
        String winner = created.get(0).view().instance().settings().displayName().value();
        assertThat(
                fixture.count(
                    """
                    select count(*) from instances
                    where owner_handle || '/' || handle = :a and display_name = :b and version = 1
                    """,
                    ref.toString(),
                    winner))
            .isEqualTo(1);
        assertThat(fixture.done("service.create", ref)).isEqualTo(1);
      }
    }
  }

  @Test
  void of_sixteen_plain_puts_one_creates_and_the_others_replace_one_after_another() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      Actor alice = fixture.user("alice");
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        Instance.Ref ref = RaceFixture.ref(alice, "service-" + round);
        List<Outcome<WrittenInstance>> outcomes =
            putBySixteen(fixture, alice, ref, Precondition.NONE);

        assertThat(outcomes).allMatch(Done.class::isInstance);
        assertThat(outcomes).filteredOn(o -> o.orThrow().created()).hasSize(1);
        assertThat(outcomes)
            .map(o -> o.orThrow().view().instance().version())
            .doesNotHaveDuplicates()
            .allMatch(version -> version >= 1 && version <= SimultaneousThreads.SIXTEEN);
      }
    }
  }

  private static List<Outcome<WrittenInstance>> putBySixteen(
      RaceFixture fixture, Actor owner, Instance.Ref ref, Precondition precondition) {
    return SimultaneousThreads.sixteen(
        n ->
            fixture.put(
                owner, ref, precondition, InstanceWriteBuilder.openAi().displayName("by " + n)));
  }
}
