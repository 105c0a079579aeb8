package io.claviger.application.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a write changes the key and the custom headers, and what its response says about them. */
class SecretsTest {
  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
  private final User alice = w.user("alice");
  private final Instance before = write.withKeyAndHeaders(alice, "s");

  @Test
  void an_absent_key_is_kept() {
    assertThat(patched(InstanceWriteBuilder.of().timeout(5)).apiKeySetAt())
        .isEqualTo(before.apiKeySetAt());
  }

  @Test
  void null_clears_the_key() {
    assertThat(patched(InstanceWriteBuilder.of().clearingTheKey()).hasApiKey()).isFalse();
  }

  @Test
  void null_clears_the_key_in_a_replacement_too() {
    assertThat(
            InstanceWrites.written(
                    write.put(
                        w.as(alice), "alice/s", InstanceWriteBuilder.openAi().clearingTheKey()))
                .hasApiKey())
        .isFalse();
  }

  @Test
  void clearing_the_key_leaves_the_headers() {
    assertThat(patched(InstanceWriteBuilder.of().clearingTheKey()).customHeaderNames())
        .isEqualTo(before.customHeaderNames());
  }

  @Test
  void a_new_key_has_a_new_time() {
    w.claviger.clock().advance(Duration.ofHours(1));

    assertThat(patched(InstanceWriteBuilder.of().key("sk-another-key")).apiKeySetAt())
        .contains(w.claviger.clock().instant());
  }

  @Test
  void headers_are_replaced_whole_in_a_merge_too() {
    assertThat(
            names(
                patched(InstanceWriteBuilder.of().key().header("X-One", "1").header("X-Two", "2"))))
        .containsExactly("X-One", "X-Two");
  }

  @Test
  void null_clears_the_headers() {
    assertThat(patched(InstanceWriteBuilder.of().clearingTheHeaders()).customHeaderNames())
        .isEmpty();
  }

  @Test
  void to_give_no_headers_clears_them() {
    assertThat(patched(InstanceWriteBuilder.of().noHeaders()).customHeaderNames()).isEmpty();
  }

  @Test
  void clearing_the_headers_leaves_the_key() {
    assertThat(patched(InstanceWriteBuilder.of().clearingTheHeaders()).hasApiKey()).isTrue();
  }

  @Test
  void setting_a_key_is_on_record_as_such() {
    patched(InstanceWriteBuilder.of().key());

    assertThat(w.recorded()).containsExactly("service.key_set done alice/s [api_key]");
  }

  @Test
  void clearing_a_key_is_on_record_as_such() {
    patched(InstanceWriteBuilder.of().clearingTheKey());

    assertThat(w.recorded()).containsExactly("service.key_clear done alice/s [api_key]");
  }

  @Test
  void a_change_of_headers_is_on_record_by_the_fields_name() {
    patched(InstanceWriteBuilder.of().key().header("X-One", Wiring.CANARY).timeout(5));

    assertThat(w.recorded())
        .containsExactly(
            "service.update done alice/s [timeout_ms, custom_headers]",
            "service.key_set done alice/s [api_key]");
  }

  @Test
  void a_change_of_everything_is_on_record_by_the_fields_names() {
    patched(
        InstanceWriteBuilder.of()
            .displayName("d")
            .description("d")
            .from("_system/openai-small")
            .provider(Provider.OPENAI_COMPAT)
            .apiStandard("azure-openai")
            .endpoint("https://azure.example.org")
            .model("m")
            .dimensions(1)
            .contextLimit(1)
            .timeout(1)
            .organization("o")
            .enabled(false)
            .keyPolicy(true, true, true)
            .requestsPerMinute(1)
            .key()
            .clearingTheHeaders());

    assertThat(w.recorded())
        .containsExactly(
            "service.update done alice/s [display_name, description, definition, provider,"
                + " api_standard, endpoint, model, dimensions, context_limit, timeout_ms,"
                + " organization, enabled, key_policy, limits, custom_headers]",
            "service.key_set done alice/s [api_key]");
  }

  @Test
  void a_creation_with_a_key_is_on_record_as_both() {
    InstanceWrites.written(
        write.put(
            w.as(alice),
            "alice/y",
            InstanceWriteBuilder.openAi().endpoint("https://api.openai.com/v1").key()));

    assertThat(w.recorded())
        .containsExactly(
            "service.create done alice/y []", "service.key_set done alice/y [api_key]");
  }

  @Test
  void no_secret_is_on_record_whether_done_or_refused() {
    patched(InstanceWriteBuilder.of().key().header("X-One", Wiring.CANARY));
    Outcome<WrittenInstance> unused =
        write.patch(
            w.as(alice),
            "alice/s",
            InstanceWriteBuilder.of()
                .key()
                .header("X-One", Wiring.CANARY)
                .userKeys(true)
                .centralKey(false));
    Outcome<WrittenInstance> unusedToo =
        write.put(w.as(w.user("bob")), "alice/s", InstanceWriteBuilder.openAi().key());

    assertThat(w.claviger.auditEvents().toString()).doesNotContain(Wiring.CANARY);
  }

  @Test
  void no_answer_holds_a_secret() {
    Outcome<WrittenInstance> outcome =
        write.patch(
            w.as(alice), "alice/s", InstanceWriteBuilder.of().key().header("X-One", Wiring.CANARY));

    assertThat(outcome.toString()).doesNotContain(Wiring.CANARY);
  }

  @Test
  void the_commands_secret_stays_the_callers_to_close() {
    InstanceWrite command = InstanceWriteBuilder.of().key().command();

    Outcome<WrittenInstance> unused =
        w.instances.patch(w.as(alice), before.ref(), Precondition.NONE, command);

    assertThat(command.apiKey().given().orElseThrow().<Integer>lend(b -> b.length))
        .isEqualTo(Wiring.CANARY.length());
  }

  private Instance patched(InstanceWriteBuilder what) {
    return InstanceWrites.written(write.patch(w.as(alice), "alice/s", what));
  }

  private static List<String> names(Instance instance) {
    return instance.customHeaderNames().stream().map(HeaderName::value).toList();
  }
}
