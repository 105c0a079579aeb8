package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.instances.WrittenInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Outcome.Done;
import io.claviger.application.shared.Outcome.Refused;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.instances.Instance;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndpointChangeRaceTest {
  /**
   * Half of the threads change only the endpoint, half store a key for an endpoint that they name.
   */
  @Test
  void no_key_ever_stands_at_another_destination_than_the_one_it_was_deposited_for() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      RaceFixture.Person person = fixture.person("alice", false);
      Actor alice = person.actor();
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        Instance.Ref ref = fixture.service(alice, "service-" + round);
        List<Outcome<WrittenInstance>> outcomes =
            SimultaneousThreads.sixteen(
                n -> fixture.patch(alice, ref, Precondition.NONE, write(n)));

        List<Outcome<WrittenInstance>> deposits = every(outcomes, 1);
        assertThat(deposits).allMatch(Done.class::isInstance);
        long firstDeposit =
            deposits.stream().mapToLong(EndpointChangeRaceTest::version).min().orElseThrow();
        assertThat(every(outcomes, 0))
            .allMatch(o -> o instanceof Done ? version(o) < firstDeposit : isBound(o));
        assertOpensWhereItStands(fixture, person, ref);
      }
    }
  }

  @Test
  void every_move_of_a_keyed_service_is_refused_however_many_replace_its_key() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      RaceFixture.Person person = fixture.person("alice", false);
      Actor alice = person.actor();
      Instance.Ref ref = fixture.service(alice, "service");
      fixture.patch(alice, ref, Precondition.NONE, deposit(99));
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        List<Outcome<WrittenInstance>> outcomes =
            SimultaneousThreads.sixteen(
                n -> fixture.patch(alice, ref, Precondition.NONE, write(n)));

        assertThat(every(outcomes, 0)).allMatch(EndpointChangeRaceTest::isBound);
        assertOpensWhereItStands(fixture, person, ref);
      }
    }
  }

  private static InstanceWriteBuilder write(int number) {
    return number % 2 == 0 ? InstanceWriteBuilder.of().endpoint(endpoint(number)) : deposit(number);
  }

  private static InstanceWriteBuilder deposit(int number) {
    return InstanceWriteBuilder.of().endpoint(endpoint(number)).key(keyFor(endpoint(number)));
  }

  private static String endpoint(int number) {
    return "https://host-" + number + ".example/v1";
  }

  private static String keyFor(String endpoint) {
    return "key-for-" + endpoint;
  }

  /**
   * The outcomes of the even threads, which change the endpoint, or of the odd ones, which store a
   * key.
   */
  private static List<Outcome<WrittenInstance>> every(
      List<Outcome<WrittenInstance>> all, int rest) {
    return IntStream.range(0, all.size()).filter(n -> n % 2 == rest).mapToObj(all::get).toList();
  }

  private static long version(Outcome<WrittenInstance> written) {
    return written.orThrow().view().instance().version();
  }

  private static boolean isBound(Outcome<WrittenInstance> outcome) {
    return outcome instanceof Refused<WrittenInstance> refused
        && refused.why() instanceof Refusal.Conflict conflict
        && conflict.code().equals("key_bound_to_destination");
  }

  private static void assertOpensWhereItStands(
      RaceFixture fixture, RaceFixture.Person caller, Instance.Ref ref) {
    CallAuthorization.AuthorizationOutcome outcome = fixture.call(caller.token(), ref);
    assertThat(outcome).isInstanceOf(CallAuthorization.AuthorizationOutcome.Authorized.class);
    try (AuthorizedCall authorized =
        ((CallAuthorization.AuthorizationOutcome.Authorized) outcome).call()) {
      String key =
          authorized
              .key()
              .orElseThrow()
              .lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
      assertThat(key).isEqualTo(keyFor(authorized.endpoint().url()));
    }
  }
}
