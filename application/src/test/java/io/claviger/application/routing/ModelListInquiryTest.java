package io.claviger.application.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.StoredKeys;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.routing.ModelRouting.RoutingDecision;
import io.claviger.application.routing.ModelRouting.RoutingQuestion;
import io.claviger.application.routing.ModelRouting.RoutingRequest;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.standards.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Providers are asked for a name that nobody is known to offer. */
class ModelListInquiryTest {
  private final Questions q = new Questions();

  @Test
  void a_model_that_the_provider_lists_is_found() {
    keyless(AnInstance.of(q.alice, "s").model("m"));
    q.w.claviger.modelListSource().list("alice/s", "m", "n", "o");

    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
    assertThat(q.names(q.alices)).containsExactly("m", "n", "o");
    assertThat(q.lead(q.alices, "alice/s/o")).isEqualTo("alice/s o");
    assertThat(q.lead(q.alices, "alice/s/p")).isEqualTo("alice/s p");
  }

  @Test
  void a_provider_is_asked_once_a_minute() {
    keyless(AnInstance.of(q.alice, "s").model("m"));

    assertThat(q.lead(q.alices, "n")).isEqualTo("nowhere");
    assertThat(q.lead(q.alices, "o")).isEqualTo("nowhere");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");

    q.w.claviger.clock().advance(Duration.ofMinutes(1));
    assertThat(q.lead(q.alices, "n")).isEqualTo("nowhere");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
  }

  @Test
  void a_provider_is_asked_soon_after_the_clock_was_ahead() {
    Instance chosen = keyless(AnInstance.of(q.alice, "chosen").model("m"));
    boolean unused = q.w.claviger.defaultServices().choose(q.alice.id(), chosen.id());
    q.w.claviger.clock().advance(Duration.ofDays(1));
    q.refresh();
    assertThat(q.lead(q.alices, "alias")).isEqualTo("alice/chosen alias");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/chosen");

    q.w.claviger.clock().advance(Duration.ofDays(-1));
    q.refresh();
    assertThat(q.lead(q.alices, "m")).isEqualTo("alice/chosen m");
    assertThat(q.atOnce(q.alices, "alias")).isEmpty();
    assertThat(q.lead(q.alices, "alias")).isEqualTo("alice/chosen alias");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/chosen");
  }

  @Test
  void calls_at_the_same_time_get_what_one_of_them_finds_out() throws Exception {
    keyless(AnInstance.of(q.alice, "s").model("m"));
    q.w.claviger.modelListSource().list("alice/s", "m", "n");
    CountDownLatch listed = q.w.claviger.modelListSource().hang();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> calls = new ArrayList<>();
      calls.add(threads.submit(() -> q.lead(q.alices, "n")));
      q.w.claviger.modelListSource().awaitAsked();
      for (int n = 0; n < ModelListInquiry.MOST_WAITING; n++) {
        calls.add(threads.submit(() -> q.lead(q.alices, "n")));
      }
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> calls.getLast().get(200, TimeUnit.MILLISECONDS));
      listed.countDown();

      for (Future<String> call : calls) {
        assertThat(call.get()).isEqualTo("alice/s n");
      }
    }
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
  }

  @Test
  void only_some_calls_wait_for_what_another_call_finds_out() throws Exception {
    keyless(AnInstance.of(q.alice, "s").model("m"));
    q.w.claviger.modelListSource().list("alice/s", "m", "n");
    CountDownLatch listed = q.w.claviger.modelListSource().hang();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletionService<String> calls = new ExecutorCompletionService<>(threads);
      for (int n = 0; n < ModelListInquiry.MOST_WAITING + 2; n++) {
        Future<String> unused = calls.submit(() -> q.lead(q.alices, "n"));
      }
      assertThat(calls.take().get()).isEqualTo("nowhere");
      listed.countDown();
    }
  }

  @Test
  void a_miss_asks_four_providers() {
    for (int n = 0; n < 6; n++) {
      keyless(AnInstance.of(q.alice, "s" + n).model("m" + n));
    }

    assertThat(q.lead(q.alices, "n")).isEqualTo("nowhere");
    assertThat(q.w.claviger.modelListSource().asked()).hasSize(4);
    assertThat(q.lead(q.alices, "n")).isEqualTo("nowhere");
    assertThat(q.w.claviger.modelListSource().asked()).hasSize(2);
  }

  @Test
  void a_name_with_a_service_asks_nobody_and_a_bare_one_no_mere_share() {
    Instance shared = keyless(AnInstance.of(q.bob, "shared").model("x"));
    q.w.stored(shared, AShare.with(q.alice).build());
    keyless(AnInstance.of(q.alice, "own").model("y"));
    q.w.claviger.modelListSource().list("bob/shared", "z");
    q.w.claviger.modelListSource().list("alice/own", "y");

    assertThat(q.lead(q.alices, "z")).isEqualTo("nowhere");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/own");
    assertThat(q.lead(q.alices, "alice/own/z")).isEqualTo("alice/own z");
    assertThat(q.w.claviger.modelListSource().asked()).isEmpty();
    assertThat(q.lead(q.alices, "bob/shared/z")).isEqualTo("bob/shared z");
  }

  @Test
  void a_name_leads_to_the_default_once_nobody_else_turns_out_to_list_it() {
    Instance chosen = keyless(AnInstance.of(q.alice, "chosen").model("m"));
    keyless(AnInstance.of(q.alice, "other").model("x"));
    boolean unused = q.w.claviger.defaultServices().choose(q.alice.id(), chosen.id());
    q.w.claviger.modelListSource().list("alice/chosen", "m");
    q.w.claviger.modelListSource().list("alice/other", "x", "n");

    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/other n");
    assertThat(q.lead(q.alices, "alias")).isEqualTo("alice/chosen alias");
    assertThat(q.w.claviger.modelListSource().asked())
        .containsExactlyInAnyOrder("alice/chosen", "alice/other");
    assertThat(q.names(q.alices)).containsExactly("m", "x", "n");
    assertThat(q.lead(q.bobs, "alias")).isEqualTo("nowhere");
  }

  @Test
  void a_name_that_nobody_lists_is_answered_from_memory_for_a_minute() {
    Instance chosen = keyless(AnInstance.of(q.alice, "chosen").model("m"));
    boolean unused = q.w.claviger.defaultServices().choose(q.alice.id(), chosen.id());
    q.refresh();
    assertThat(q.lead(q.alices, "m")).isEqualTo("alice/chosen m");
    assertThat(q.atOnce(q.alices, "alias")).isEmpty();

    assertThat(q.lead(q.alices, "alias")).isEqualTo("alice/chosen alias");
    q.refresh();
    assertThat(q.lead(q.alices, "m")).isEqualTo("alice/chosen m");
    assertThat(q.atOnce(q.alices, "alias").map(Questions::shown)).contains("alice/chosen alias");

    q.w.claviger.clock().advance(Duration.ofMinutes(1));
    assertThat(q.atOnce(q.alices, "alias")).isEmpty();
  }

  @Test
  void a_failure_keeps_what_was_there() {
    keyless(AnInstance.of(q.alice, "s").model("m"));
    q.w.claviger.modelListSource().list("alice/s", "n");
    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");

    q.w.claviger.clock().advance(Duration.ofMinutes(1));
    q.w.claviger.modelListSource().asked();
    assertThat(q.lead(q.alices, "o")).isEqualTo("nowhere");
    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
  }

  @Test
  void a_list_that_looks_like_another_service_is_not_believed() {
    keyless(AnInstance.of(q.alice, "mine").model("m"));
    Instance hostile = keyless(AnInstance.of(q.bob, "evil").model("x"));
    q.w.stored(hostile, AShare.with(q.alice).build());
    q.w.claviger.modelListSource().list("bob/evil", "alice/mine/gpt", "gpt");
    q.w.claviger.modelListSource().list("alice/mine", "m");
    boolean unused =
        q.w
            .claviger
            .bareNames()
            .accept(hostile.id(), q.alice.id(), Optional.empty(), q.w.claviger.clock().instant());

    assertThat(q.lead(q.alices, "gpt")).isEqualTo("bob/evil gpt");
    assertThat(q.names(q.alices)).containsExactlyInAnyOrder("m", "x", "gpt");
    assertThat(q.lead(q.alices, "alice/mine/gpt")).isEqualTo("alice/mine gpt");
  }

  @Test
  void a_token_url_that_hangs_keeps_no_other_service_from_offering_the_model() {
    boolean unused = q.w.claviger.defaultServices().choose(q.alice.id(), minting().id());
    keyless(AnInstance.of(q.alice, "other").model("x"));
    q.w.claviger.modelListSource().list("alice/other", "x", "n");
    long began = System.nanoTime();

    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/other n");
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .as("the gateway gives up the search after six seconds")
        .isLessThan(Duration.ofSeconds(6));
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/other");
  }

  /** Alice's service whose token is never made. */
  private Instance minting() {
    q.w.claviger.exchangeOn(exchange -> {});
    return new StoredKeys(q.w).minting(AnInstance.of(q.alice, "minting").model("m"));
  }

  @Test
  void a_token_that_is_bound_to_a_certificate_asks_with_that_certificate() {
    keyless(AnInstance.of(q.alice, "s").model("m"));
    q.w.claviger.modelListSource().list("alice/s", "m", "n");
    CertificateThumbprint shown = CertificateThumbprint.of(new byte[] {1});
    TokenText bound =
        q.w.stored(
            AToken.of(q.alice).bound(new TokenBinding(List.of(), Optional.of(shown))).build());
    RoutingDecision answer =
        q.w.modelRouting.answer(
            new RoutingRequest(
                bound,
                WireFormat.OPENAI,
                new RoutingQuestion.Model("n"),
                new CallerOrigin("192.0.2.8", Optional.of(shown)),
                "request-9"));

    assertThat(Questions.shown(answer)).isEqualTo("alice/s n");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
    q.w.rejected.flush(q.w.claviger.clock().instant());
    assertThat(q.w.recorded()).isEmpty();
  }

  @Test
  void a_caller_who_may_not_list_models_keeps_no_other_from_asking() {
    keyless(AnInstance.of(q.alice, "s").model("m"));
    q.w.claviger.modelListSource().list("alice/s", "m", "n");

    assertThat(q.lead(q.embedding(), "n")).isEqualTo("nowhere");
    assertThat(q.w.claviger.modelListSource().asked()).isEmpty();
    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
    assertThat(q.lead(q.embedding(), "n")).isEqualTo("alice/s n");
  }

  @Test
  void a_caller_whose_limits_are_used_up_keeps_no_other_from_asking() {
    Instance service = keyless(AnInstance.of(q.alice, "s").model("m"));
    TokenText exhausted = q.exhausted(service);
    q.w.claviger.modelListSource().list("alice/s", "m", "n");

    assertThat(q.lead(exhausted, "n")).isEqualTo("nowhere");
    assertThat(q.w.claviger.modelListSource().asked()).isEmpty();
    assertThat(q.lead(q.alices, "n")).isEqualTo("alice/s n");
    assertThat(q.w.claviger.modelListSource().asked()).containsExactly("alice/s");
  }

  @Test
  void a_caller_whose_limits_are_used_up_is_refused_a_list_once_a_minute() {
    Instance chosen = keyless(AnInstance.of(q.alice, "chosen").model("m"));
    boolean unused = q.w.claviger.defaultServices().choose(q.alice.id(), chosen.id());
    TokenText exhausted = q.exhausted(chosen);
    q.refresh();
    assertThat(q.lead(exhausted, "alias")).isEqualTo("alice/chosen alias");
    q.refresh();
    assertThat(q.lead(exhausted, "m")).isEqualTo("alice/chosen m");
    assertThat(q.lead(q.alices, "m")).isEqualTo("alice/chosen m");

    assertThat(q.atOnce(exhausted, "alias").map(Questions::shown)).contains("alice/chosen alias");
    assertThat(q.atOnce(q.alices, "alias")).isEmpty();
    q.w.claviger.clock().advance(Duration.ofMinutes(1));
    assertThat(q.atOnce(exhausted, "alias")).isEmpty();
  }

  @Test
  void each_provider_that_is_asked_counts_as_a_request() {
    Instance service = keyless(AnInstance.of(q.alice, "s").model("m"));
    TokenText token =
        q.w.stored(
            AToken.of(q.alice)
                .limits(new Limits(Optional.of(1), Optional.empty(), Optional.empty()))
                .build());
    q.w.claviger.modelListSource().list(service.ref().toString(), "m");

    assertThat(q.ask(token, "n")).isInstanceOf(RoutingDecision.Unknown.class);
    assertThat(q.w.claviger.modelListSource().asked()).hasSize(1);
    q.w.claviger.clock().advance(Duration.ofSeconds(59));
    q.w.claviger.clock().advance(Duration.ofSeconds(1));
    assertThat(q.ask(token, "n")).isInstanceOf(RoutingDecision.Unknown.class);
  }

  @Test
  void an_unknown_name_without_any_service_asks_nobody() {
    assertThat(q.ask(q.bobs, "n"))
        .isEqualTo(new RoutingDecision.Unknown(List.of(), Optional.empty(), Optional.empty()));
    assertThat(q.w.claviger.modelListSource().asked()).isEmpty();
  }

  private Instance keyless(AnInstance instance) {
    return q.w.stored(instance.apiStandard("none").build());
  }
}
