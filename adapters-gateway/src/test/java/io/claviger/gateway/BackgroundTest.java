package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A response that is made in the background has to be fetched by its id, which is not lent. With
 * the caller's own key, the only reason is that the gateway could not read the answer.
 */
class BackgroundTest {
  private static final String LATER = "{\"model\":\"m\",\"input\":\"x\",\"background\":true}";
  private static final String BY_MODEL = "/gateway/openai/v1/responses";

  @AutoClose private final Rig rig = new Rig();

  @BeforeEach
  void lead() {
    rig.lend(rig.at(WireFormat.OPENAI).from(KeySource.USER));
    rig.routing.lead("m", "alice/my-openai", "parrot-small");
  }

  @ParameterizedTest
  @ValueSource(strings = {"responses", "v1/responses"})
  void it_is_refused_at_once_and_no_provider_works_on_it(String path) {
    refused(rig.post(path, LATER));
    refused(rig.client().send("POST", BY_MODEL, BodyPublishers.ofString(LATER)));

    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"m\",\"input\":\"x\"}",
        "{\"model\":\"m\",\"input\":\"x\",\"background\":false}",
        "{\"model\":\"m\",\"input\":\"x\",\"background\":null}",
        "{\"model\":\"m\",\"input\":\"x\",\"metadata\":{\"background\":true}}",
        "{\"model\":\"m\",\"input\":\"x\",\"background\":true,\"stream\":true}",
        "{\"stream\":true,\"background\":true,\"model\":\"m\",\"input\":\"x\"}"
      })
  void any_other_response_passes_unchanged(String body) {
    assertThat(rig.post("responses", body).status()).isEqualTo(200);
    assertThat(rig.client().send("POST", BY_MODEL, BodyPublishers.ofString(body)).status())
        .isEqualTo(200);

    assertThat(rig.stub.requests()).hasSize(2);
    assertThat(rig.stub.requests().get(0).text()).isEqualTo(body);
    assertThat(rig.events.awaitFinished(1).used().orElseThrow().model().name()).isEqualTo("m");
  }

  @Test
  void another_operation_may_have_a_member_of_that_name() {
    assertThat(
            rig.post("images/generations", LATER.replace("input", "prompt"))
                .values("x-claviger-error"))
        .isEmpty();
  }

  @Test
  void it_passes_where_the_standard_lends_the_reading() {
    rig.lend(
        rig.at(WireFormat.OPENAI)
            .from(KeySource.USER)
            .lending(new Operation("POST responses"), new Operation("GET responses/{id}")));

    assertThat(rig.post("responses", LATER).status()).isEqualTo(200);
    assertThat(rig.stub.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"m\",\"input\":\"x\",\"background\":true}",
        "{\"model\":\"m\",\"input\":\"x\",\"background\":true,\"stream\":true}",
        "{\"model\":\"m\",\"input\":\"x\",\"store\":true}"
      })
  void with_a_key_that_others_use_nothing_may_be_stored(String body) {
    rig.lend(
        rig.at(WireFormat.OPENAI)
            .lending(new Operation("POST responses"), new Operation("GET responses/{id}")));

    for (String url : new String[] {Rig.path("responses"), BY_MODEL}) {
      TestResponse answer = rig.client().send("POST", url, BodyPublishers.ofString(body));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.values("x-claviger-error")).containsExactly("storage_not_lent");
    }
    assertThat(rig.stub.requests()).isEmpty();
  }

  private TestService storing() {
    return rig.at(WireFormat.OPENAI).storing(ObjectKind.RESPONSES);
  }

  private static ProviderLimits perMinute(PaceLimit limit) {
    return new ProviderLimits(new PaceLimits(Map.of(limit, 1_000_000L)), OptionalInt.empty());
  }

  /** The provider works on after the call, so nothing could say when the work is over. */
  @Test
  void it_is_refused_where_a_limit_counts_calls_until_their_work_is_over() {
    ProviderLimits one = new ProviderLimits(PaceLimits.NONE, OptionalInt.of(1));
    for (TestService limited :
        List.of(
            storing().callsAtATime(4),
            storing().takingTurns(true, one),
            storing().takingTurns(true, perMinute(PaceLimit.OUTPUT_TOKENS_PER_MINUTE)))) {
      rig.lend(limited);
      for (String body : List.of(LATER, LATER.replace("}", ",\"stream\":true}"))) {
        for (String url : List.of(Rig.path("responses"), BY_MODEL)) {
          TestResponse answer = rig.client().send("POST", url, BodyPublishers.ofString(body));
          assertThat(answer.status()).isEqualTo(403);
          assertThat(answer.values("x-claviger-error")).containsExactly("use_not_readable");
          assertThat(answer.body()).contains("Leave background out");
        }
      }
      assertThat(rig.post("responses", LATER.replace("true", "false")).status()).isEqualTo(200);
    }
    assertThat(rig.stub.requests()).hasSize(3);
  }

  @Test
  void it_passes_where_limits_count_only_requests() {
    for (TestService lent :
        List.of(
            storing(),
            storing().takingTurns(),
            storing().takingTurns(true, perMinute(PaceLimit.REQUESTS_PER_MINUTE)))) {
      rig.lend(lent);

      assertThat(rig.post("responses", LATER).status()).isEqualTo(200);
    }
    assertThat(rig.stub.requests()).hasSize(3);
  }

  private static void refused(TestResponse answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.values("x-claviger-error")).containsExactly("background_not_readable");
  }
}
