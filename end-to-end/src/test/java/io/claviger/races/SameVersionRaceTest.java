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

class SameVersionRaceTest {
  @Test
  void of_sixteen_who_write_on_the_same_version_one_writes_and_fifteen_are_told() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      Actor alice = fixture.user("alice");
      Instance.Ref ref = fixture.service(alice, "service");
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        long current = round + 1L;
        Precondition ifMatch = Precondition.version(current);
        String name = "round " + round + " by ";
        List<Outcome<WrittenInstance>> outcomes =
            SimultaneousThreads.sixteen(
                n ->
                    fixture.patch(
                        alice, ref, ifMatch, InstanceWriteBuilder.of().displayName(name + n)));

        assertThat(outcomes)
            .filteredOn(Done.class::isInstance)
            .singleElement()
            .extracting(o -> o.orThrow().view().instance().version())
            .isEqualTo(current + 1);
        assertThat(outcomes)
            .filteredOn(Refused.class::isInstance)
            .hasSize(SimultaneousThreads.SIXTEEN - 1)
            .map(o -> ((Refused<?>) o).why())
            .allMatch(Refusal.PreconditionFailed.class::isInstance);
        assertThat(fixture.done("service.update", ref)).isEqualTo(current);
      }
    }
  }
}
