package io.claviger.console.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.capacity.port.CapacityRecords.RecordedLimit;
import io.claviger.application.capacity.port.CapacityRecords.WaitingCalls;
import io.claviger.application.capacity.port.CapacityRecords.Waits;
import io.claviger.application.fakes.InMemoryCapacityRecords;
import io.claviger.application.fakes.InMemoryCapacityRecords.Entry;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.PaceUse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What owners and borrowers see of a capacity. */
class CapacityPageTest {
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();
  private static final String PAGE = "/console/services/cora/chat/capacity";

  private static UUID id(String handle) {
    return SERVED.ports().users().find(new Handle(handle)).orElseThrow().id().value();
  }

  @Test
  void owners_see_the_hour_of_all_and_borrowers_their_own() {
    Person owner = SERVED.owner("cora", Map.of("definition", "_system/openai-large"));
    Person reader = SERVED.person("carl");
    Person stranger = SERVED.person("cleo");
    assertThat(ServedConsole.sound(owner.open(PAGE).isStatus(200)).body())
        .contains("No calls were counted in the last hour. Calls are counted here only while")
        .doesNotContain("<svg", "<table");
    owner
        .api()
        .put("/v1/llm-services/cora/chat/shares/carl", Map.of("role", "reader"))
        .isStatus(201);
    CapacityKey capacity =
        CapacityKey.ofService(
            UUID.fromString(owner.api().get("/v1/llm-services/cora/chat").text("/id")));
    Instant minute = Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofMinutes(5));
    InMemoryCapacityRecords records = SERVED.ports().capacityRecords();
    records.add(
        new Entry(
            capacity,
            minute,
            id("carl"),
            Optional.of("carl"),
            new PaceUse(40, 4_000, 400),
            new Waits(10, Duration.ofSeconds(25), 3)));
    records.add(
        new Entry(
            capacity,
            minute,
            UUID.randomUUID(),
            Optional.of(ServedConsole.HOSTILE),
            new PaceUse(20, 100_000, 0),
            new Waits(0, Duration.ZERO, 0)));
    records.set(
        capacity,
        new WaitingCalls(2, Duration.ofMillis(1_500)),
        List.of(
            new RecordedLimit(
                "requests_per_minute",
                Optional.empty(),
                OptionalLong.of(120),
                OptionalLong.of(500),
                Optional.of(minute),
                60,
                OptionalLong.of(58),
                Optional.empty())));

    assertThat(ServedConsole.sound(owner.open(PAGE).isStatus(200)).body())
        .contains("2 calls wait now, one of them for 1.5 s.", "carl", "104,400", "2.5 s")
        .contains("Requests a minute of the last hour: 60 at most, of 120 that are allowed.")
        .contains("y=\"70\" width=\"9\" height=\"50\"></rect>")
        .contains("y=\"60\" width=\"9\" height=\"10\"></rect>")
        .contains("y=\"57\" width=\"9\" height=\"3\"></rect>")
        .contains("y1=\"0\"", "Requests a minute");
    assertThat(ServedConsole.sound(reader.open(PAGE).isStatus(200)).body())
        .contains("Your own calls", "4,000", "2.5 s", "1 call waits now.")
        .doesNotContain("are allowed", "100,000", "calls wait now", "class=\"allowed\"");
    assertThat(stranger.open(PAGE).status()).isEqualTo(404);
  }
}
