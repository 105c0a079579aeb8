package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.capacity.port.CapacityRecords.RecordedLimit;
import io.claviger.application.capacity.port.CapacityRecords.WaitingCalls;
import io.claviger.application.capacity.port.CapacityRecords.Waits;
import io.claviger.application.fakes.InMemoryCapacityRecords.Entry;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tests who sees which data about a capacity. */
class CapacityTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String CAPACITY = SERVICE + "/capacity";
  private static final Instant MINUTE = Instant.parse("2026-01-10T10:00:00Z");

  @AutoClose private final Served served = Served.start();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");
  private final Client carol = served.user("carol");

  private UUID id(String handle) {
    return served.ports().users().find(new Handle(handle)).orElseThrow().id().value();
  }

  /** Lends the service to bob as a writer and to carol as a reader, who both call it. */
  private void lend(Map<String, ?> service) {
    UUID made = UUID.fromString(alice.put(SERVICE, service).text("/id"));
    alice.put(SERVICE + "/shares/bob", Map.of("role", "writer")).isStatus(201);
    alice.put(SERVICE + "/shares/carol", Map.of("role", "reader")).isStatus(201);
    CapacityKey capacity =
        service.containsKey("capacity_group")
            ? CapacityKey.ofGroup(id("alice"), "house")
            : CapacityKey.ofService(made);
    for (String borrower : List.of("bob", "carol")) {
      served
          .ports()
          .capacityRecords()
          .add(
              new Entry(
                  capacity,
                  MINUTE,
                  id(borrower),
                  Optional.of(borrower),
                  new PaceUse(borrower.length(), 10, 2),
                  new Waits(2, Duration.ofMillis(700), 1)));
    }
    served
        .ports()
        .capacityRecords()
        .set(
            capacity,
            new WaitingCalls(7, Duration.ofMillis(900)),
            List.of(
                new RecordedLimit(
                    "tokens_per_minute",
                    Optional.of("gpt"),
                    OptionalLong.empty(),
                    OptionalLong.of(1_000),
                    Optional.of(MINUTE),
                    24,
                    OptionalLong.of(976),
                    Optional.empty())));
  }

  private static void assertEverything(TestResponse shown) {
    assertThat(shown.isStatus(200).at("/borrowers")).hasSize(2);
    assertThat(shown.text("/borrowers/0/user")).isEqualTo("carol");
    assertThat(shown.at("/last_hour/0/used/requests").asInt()).isEqualTo(8);
    assertThat(shown.at("/last_hour/0/waited_ms").asInt()).isEqualTo(1_400);
    assertThat(shown.at("/limits/0/learned").asInt()).isEqualTo(1_000);
    assertThat(shown.at("/limits/0/stated").isNull()).isTrue();
    assertThat(shown.at("/waiting/longest_ms").asInt()).isEqualTo(900);
  }

  private static void assertOwn(TestResponse shown, String user, int requests) {
    assertThat(shown.isStatus(200).at("/borrowers")).hasSize(1);
    assertThat(shown.text("/borrowers/0/user")).isEqualTo(user);
    assertThat(shown.at("/last_hour/0/used/requests").asInt()).isEqualTo(requests);
    assertThat(shown.at("/limits")).isEmpty();
    assertThat(shown.at("/waiting/calls").asInt()).isEqualTo(1);
    assertThat(shown.at("/waiting/longest_ms").isNull()).isTrue();
  }

  @Test
  void who_sees_the_shares_sees_everything_and_readers_their_own_calls() {
    lend(Map.of("definition", "_system/openai-small"));

    assertEverything(alice.get(CAPACITY));
    assertEverything(served.root().get(CAPACITY));
    assertEverything(bob.get(CAPACITY));
    assertOwn(carol.get(CAPACITY), "carol", 5);
    served.user("dave").get(CAPACITY).isStatus(404);
  }

  @Test
  void who_was_lent_one_service_of_a_group_does_not_see_who_calls_the_others() {
    lend(Map.of("definition", "_system/openai-small", "capacity_group", "house"));

    assertEverything(alice.get(CAPACITY));
    assertOwn(bob.get(CAPACITY), "bob", 3);
    assertOwn(carol.get(CAPACITY), "carol", 5);
  }

  private static String why(TestResponse explained) {
    return StreamSupport.stream(explained.isStatus(200).at("/steps").spliterator(), false)
        .filter(step -> step.path("rule").asString().equals("capacity"))
        .map(step -> step.path("why").asString())
        .findFirst()
        .orElse("nothing");
  }

  @Test
  void why_says_how_many_calls_wait_and_tells_limits_to_owners_alone() {
    alice.put(SERVICE, Map.of("definition", "_system/openai-small")).isStatus(201);
    assertThat(why(alice.get(SERVICE + "/key-resolution"))).isEqualTo("nothing");
    lend(Map.of("definition", "_system/openai-small", "api_key", "sk-0123456789"));

    assertThat(why(alice.get(SERVICE + "/key-resolution")))
        .isEqualTo(
            "7 calls wait for the provider's limits, and go out before a new one. This counts all"
                + " borrowers together. The provider allows 1,000 tokens a minute of gpt (learned).");
    assertThat(why(alice.get(SERVICE + "/key-resolution?model=gpt")))
        .endsWith("The provider allows 1,000 tokens a minute of gpt (learned).");
    assertThat(why(alice.get(SERVICE + "/key-resolution?model=another"))).endsWith("together.");
    assertThat(why(carol.get(SERVICE + "/key-resolution")))
        .isEqualTo(
            "One of your calls waits for the provider's limits, and goes out before a new one.");
    assertThat(why(bob.get(SERVICE + "/key-resolution?user=carol"))).contains("7 calls wait");
  }

  @Test
  void a_service_account_takes_turns_with_who_is_responsible_for_it() {
    lend(Map.of("definition", "_system/openai-small"));
    served
        .root()
        .post("/v1/users", Map.of("handle", "robot", "kind", "service", "responsible", "carol"))
        .isStatus(201);
    String token =
        carol
            .post("/v1/users/robot/tokens", Map.of("name", "n", "scope", "use"))
            .isStatus(201)
            .text("/token");
    Client robot = served.holding(token);
    robot.get(CAPACITY).isStatus(404);

    alice.put(SERVICE + "/shares/robot", Map.of("role", "reader")).isStatus(201);

    assertOwn(robot.get(CAPACITY), "carol", 5);
  }
}
