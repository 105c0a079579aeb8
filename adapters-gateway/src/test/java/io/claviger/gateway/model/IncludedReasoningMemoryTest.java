package io.claviger.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.TestService;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** For which models the gateway requests the reasoning, and how long it remembers a refusal. */
class IncludedReasoningMemoryTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final IncludedReasoning reasoning =
      new IncludedReasoning((endpoint, model) -> !model.equals("plain"), now::get);

  private static AuthorizedCall call(long user, long service) {
    return TestService.at("https://api.example.com/v1", WireFormat.OPENAI)
        .calledBy(new User.Id(new UUID(1, user)))
        .identified(new Instance.Id(new UUID(2, service)))
        .authorized("alice/my-openai");
  }

  @Test
  void a_refusal_holds_for_an_hour_for_the_caller_the_service_and_the_model() {
    reasoning.refused(call(1, 1), "a");

    assertThat(reasoning.isRequested(call(1, 1), "a")).isFalse();
    assertThat(reasoning.isRequested(call(2, 1), "a")).isTrue();
    assertThat(reasoning.isRequested(call(1, 2), "a")).isTrue();
    assertThat(reasoning.isRequested(call(1, 1), "b")).isTrue();

    now.addAndGet(IncludedReasoning.REMEMBERED.toNanos() - 1);
    assertThat(reasoning.isRequested(call(1, 1), "a")).isFalse();
    now.addAndGet(1);
    assertThat(reasoning.isRequested(call(1, 1), "a")).isTrue();
  }

  @Test
  void nothing_is_requested_of_a_model_that_is_known_not_to_reason() {
    assertThat(reasoning.isRequested(call(1, 1), "plain")).isFalse();
    assertThat(reasoning.isRequested(call(1, 1), "")).isTrue();
  }

  @Test
  void new_refusals_replace_old_ones() {
    AuthorizedCall caller = call(1, 1);
    int all = 4 * IncludedReasoning.MOST;
    for (int i = 0; i < all; i++) {
      reasoning.refused(caller, "m" + i);
      assertThat(reasoning.isRequested(caller, "m" + i)).isFalse();
    }

    int kept = 0;
    for (int i = 0; i < all; i++) {
      kept += reasoning.isRequested(caller, "m" + i) ? 0 : 1;
    }
    assertThat(kept).isBetween(IncludedReasoning.MOST / 2, IncludedReasoning.MOST);
  }
}
