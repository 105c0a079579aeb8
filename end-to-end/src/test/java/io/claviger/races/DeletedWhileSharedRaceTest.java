package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeletedWhileSharedRaceTest {
  private static final int EACH = SimultaneousThreads.SIXTEEN / 2;

  @Test
  void a_service_is_deleted_once_and_each_share_was_given_before_or_not_at_all() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      Actor alice = fixture.user("alice");
      List<Actor> grantees = new ArrayList<>();
      for (int i = 0; i < EACH; i++) {
        grantees.add(fixture.user("grantee-" + i));
      }
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        Instance.Ref ref = fixture.service(alice, "service-" + round);
        List<Object> outcomes =
            SimultaneousThreads.sixteen(
                n ->
                    n % 2 == 0
                        ? fixture.share(alice, ref, grantees.get(n / 2).handle(), Role.READER)
                        : fixture.delete(alice, ref));

        List<Object> deletions = SimultaneousThreads.everyOther(1, outcomes);
        assertThat(deletions).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
        assertThat(deletions)
            .filteredOn(Outcome.Refused.class::isInstance)
            .hasSize(EACH - 1)
            .map(o -> ((Outcome.Refused<?>) o).why())
            .allMatch(Refusal.NotFound.class::isInstance);
        List<Object> shares = SimultaneousThreads.everyOther(0, outcomes);
        assertThat(shares)
            .filteredOn(Outcome.Refused.class::isInstance)
            .map(o -> ((Outcome.Refused<?>) o).why())
            .allMatch(Refusal.NotFound.class::isInstance);
        long shared = shares.stream().filter(Outcome.Done.class::isInstance).count();
        assertThat(fixture.done("service.share", ref)).isEqualTo(shared);
        assertThat(fixture.done("service.delete", ref)).isEqualTo(1);
        assertThat(
                fixture.count(
                    "select count(*) from shares where owner_handle = :a and instance_handle = :b",
                    "alice",
                    ref.handle().value()))
            .isZero();
      }
    }
  }
}
