package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.Race;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Sixteen callers on two nodes, who spend one strict budget of 300 requests. */
class LastRequestsJourneyTest extends AliceAndBob {
  private static final String SERVICE = "alice/lent";
  private static final int BUDGET = 300;

  private final Node other = another();

  @Test
  void exactly_as_many_requests_as_it_has_reach_the_provider() {
    journey.service(alice, SERVICE);
    alice.share(SERVICE, "bob", "reader").isStatus(201);
    Map<String, Object> budget =
        Map.of("amount", BUDGET, "unit", "requests", "window", "total", "bound", "strict");
    alice
        .patch("/v1/llm-services/" + SERVICE, Map.of("limits", Map.of("budgets", List.of(budget))))
        .isStatus(200);
    AtomicInteger passed = new AtomicInteger();

    List<Integer> refusedAt = Race.of(16, n -> spend(n % 2 == 0 ? bob : bob.at(other), passed), 1);
    List<Integer> rest = List.of(spend(bob, passed), spend(bob.at(other), passed));

    assertThat(passed).hasValue(BUDGET);
    assertThat(journey.provider().requests()).hasSize(BUDGET);
    // Nobody is refused while much is left.
    assertThat(refusedAt).allMatch(calls -> calls >= BUDGET - 50);
    assertThat(rest).containsOnly(BUDGET);
  }

  /** Calls until a call is refused, and returns how many had passed by then. */
  private static int spend(Api caller, AtomicInteger passed) {
    int status = caller.embed(SERVICE).status();
    while (status == 200) {
      int unused = passed.incrementAndGet();
      status = caller.embed(SERVICE).status();
    }
    assertThat(status).isEqualTo(402);
    return passed.get();
  }
}
