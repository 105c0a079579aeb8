package io.claviger.application.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AnInstance;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Providers are asked again for lists that are a day old. */
class ModelListRefreshTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final Questions q = new Questions();
  private final Instance service;

  ModelListRefreshTest() {
    service = keyless(AnInstance.of(q.alice, "s").model("m"));
    q.w.claviger.modelListSource().list("alice/s", "m", "n");
    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
    q.w.claviger.modelListSource().list("alice/s", "m", "o");
  }

  @Test
  void a_call_that_uses_a_list_of_a_day_ago_gets_it_and_has_it_replaced() {
    q.w.claviger.clock().advance(DAY);

    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");

    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
    assertThat(q.names(q.alices)).containsExactly("m", "o");
    assertThat(q.w.claviger.modelListSource().asked()).isEmpty();
  }

  @Test
  void an_answer_from_memory_has_it_replaced_too() {
    q.w.claviger.clock().advance(DAY.minusSeconds(1));
    q.refresh();
    assertThat(q.lead(q.alices, "m")).isEqualTo("alice/s m");
    q.w.claviger.clock().advance(Duration.ofSeconds(1));

    assertThat(q.atOnce(q.alices, "m").map(Questions::shown)).contains("alice/s m");

    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
  }

  @Test
  void a_list_of_models_that_uses_it_has_it_replaced() {
    q.w.claviger.clock().advance(DAY);

    assertThat(q.names(q.alices)).containsExactly("m", "n");

    assertThat(q.names(q.alices)).containsExactly("m", "o");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
  }

  @Test
  void a_caller_who_may_not_list_models_keeps_no_other_from_having_it_replaced() {
    TokenText embedding = q.embedding();
    q.w.claviger.clock().advance(DAY);

    assertThat(q.lead(embedding, "n")).isEqualTo("alice/s n");
    assertThat(q.w.claviger.modelListSource().asked()).isEmpty();

    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
  }

  @Test
  void a_caller_whose_limits_are_used_up_keeps_no_other_from_having_it_replaced() {
    q.w.claviger.clock().advance(DAY);
    TokenText exhausted = q.exhausted(service);

    assertThat(q.lead(exhausted, "n")).isEqualTo("alice/s n");
    assertThat(q.w.claviger.modelListSource().asked()).isEmpty();

    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
  }

  @Test
  void a_younger_list_is_not_asked_for() {
    q.w.claviger.clock().advance(DAY.minusSeconds(1));

    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
    assertThat(q.names(q.alices)).containsExactly("m", "n");

    assertThat(q.w.claviger.modelListSource().asked()).isEmpty();
  }

  @Test
  void an_old_list_that_is_not_used_is_not_asked_for() {
    keyless(AnInstance.of(q.alice, "other").model("x"));
    q.w.claviger.clock().advance(DAY);

    assertThat(q.lead(q.alices, "x")).isEqualTo("alice/other x");

    assertThat(q.w.claviger.modelListSource().asked()).isEmpty();
  }

  @Test
  void a_provider_that_fails_is_asked_again_an_hour_later_and_its_list_stays() {
    q.w.claviger.modelListSource().fail();
    q.w.claviger.clock().advance(DAY);

    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");

    q.w.claviger.clock().advance(Duration.ofMinutes(59));
    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
    assertThat(q.w.claviger.modelListSource().asked()).isEmpty();

    q.w.claviger.clock().advance(Duration.ofMinutes(1));
    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
  }

  private Instance keyless(AnInstance instance) {
    return q.w.stored(instance.apiStandard("none").build());
  }
}
