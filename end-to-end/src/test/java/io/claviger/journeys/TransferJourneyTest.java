package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service changes its owner while it is called. */
class TransferJourneyTest extends AliceAndBob {
  private Api carol = root;

  @BeforeEach
  void lend() {
    carol = journey.user(node, "carol");
    journey.service(alice, "alice/lent");
    alice.share("alice/lent", "carol", "reader").isStatus(201);
  }

  @Test
  void no_call_is_refused_while_the_service_changes_its_owner() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger calls = new AtomicInteger();
    try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
      List<Future<?>> calling =
          List.of(
              callers.submit(() -> keepCalling(over, calls)),
              callers.submit(() -> keepCalling(over, calls)));
      assertThat(Eventually.holds(Eventually.SOON, () -> calls.get() > 5)).isPositive();
      move();
      int moved = calls.get();
      assertThat(Eventually.holds(Eventually.SOON, () -> calls.get() > moved + 5)).isPositive();
      over.set(true);
      for (Future<?> each : calling) {
        assertThat(each.get()).isNull();
      }
    }
    carol.embed("bob/lent").isStatus(200);
    bob.embed("bob/lent").isStatus(200);
    alice.embed("alice/lent").isStatus(404);
  }

  @Test
  void names_of_models_and_projects_follow_too() {
    alice.put("/v1/projects/alice/p", Map.of("service", "alice/lent")).isStatus(201);
    alice.put("/v1/projects/alice/p/shares/carol", Map.of("role", "reader")).isStatus(201);
    embed(carol, "alice/lent/parrot-small").isStatus(200);
    carol.callProject("alice/p", "embeddings").isStatus(200);

    bob.post(
            "/v1/transfers/"
                + alice
                    .post(
                        "/v1/transfers",
                        Map.of("services", List.of("lent"), "projects", List.of("p"), "to", "bob"))
                    .isStatus(201)
                    .text("/id")
                + "/accept",
            Map.of())
        .isStatus(200);

    TestResponse named = embed(carol, "alice/lent/parrot-small").isStatus(200);
    assertThat(named.values("x-claviger-service")).containsExactly("bob/lent");
    embed(carol, "bob/lent/parrot-small").isStatus(200);
    carol.callProject("alice/p", "embeddings").isStatus(200);
    carol.callProject("bob/p", "embeddings").isStatus(200);
    TestResponse hidden = embed(alice, "alice/lent/parrot-small").isStatus(404);
    TestResponse unknown = embed(alice, "alice/none/parrot-small").isStatus(404);
    assertThat(hidden.body()).isEqualTo(unknown.body());
  }

  @Test
  void a_key_of_ones_own_opens_under_the_new_owner() {
    alice
        .patch(
            "/v1/llm-services/alice/lent",
            Map.of("key_policy", Map.of("central_key", true, "user_keys", true)))
        .isStatus(200);
    String endpoint = alice.get("/v1/llm-services/alice/lent").isStatus(200).text("/endpoint");
    carol.storeKey("alice/lent", endpoint, "sk-of-carol-0123456789").isStatus(201);
    move();

    carol.embed("alice/lent").isStatus(200);
    carol.embed("bob/lent").isStatus(200);

    assertThat(carol.get("/v1/llm-services/bob/lent/key-resolution").isStatus(200).text("/source"))
        .isEqualTo("user");
  }

  @Test
  void an_old_reference_ends_for_the_next_call_when_its_new_owner_ends_it() {
    move();
    carol.embed("alice/lent").isStatus(200);

    bob.delete("/v1/llm-services/bob/lent/former-references").isStatus(204);

    carol.embed("alice/lent").isStatus(404);
    carol.embed("bob/lent").isStatus(200);
  }

  private void move() {
    alice.transfer("lent", "bob", bob);
  }

  private void keepCalling(AtomicBoolean over, AtomicInteger calls) {
    while (!over.get()) {
      carol.embed("alice/lent").isStatus(200);
      int unused = calls.incrementAndGet();
      Eventually.pause();
    }
  }

  private static TestResponse embed(Api caller, String model) {
    return caller.callModel("openai/v1/embeddings", Map.of("model", model, "input", "hello"));
  }
}
