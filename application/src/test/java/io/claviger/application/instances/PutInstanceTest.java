package io.claviger.application.instances;

import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.Description;
import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PutInstanceTest {
  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
  private final User alice = w.user("alice");

  @Test
  void a_service_is_created_for_its_owner() {
    Outcome<WrittenInstance> outcome = put("alice/s", InstanceWriteBuilder.openAi());

    assertThat(outcome.orThrow().created()).isTrue();
    assertThat(w.now(InstanceWrites.ref("alice/s")).owner()).isEqualTo(alice.id());
  }

  @Test
  void a_new_service_has_the_defaults() {
    InstanceSettings settings =
        InstanceWrites.written(put("alice/s", InstanceWriteBuilder.openAi())).settings();

    assertThat(settings)
        .isEqualTo(
            new InstanceSettings(
                Optional.empty(),
                new DefinitionFields(
                    Description.NONE,
                    Provider.OPENAI,
                    new Handle("openai"),
                    Endpoint.of("https://api.openai.com/v1"),
                    new ModelName("text-embedding-3-small"),
                    Optional.empty(),
                    Optional.empty()),
                new KeyPolicy(true, false, false),
                Limits.NONE,
                InstanceSettings.defaults(new Handle("any"))
                    .with(InstanceField.DISPLAY_NAME.scalar(), new DisplayName("s"))
                    .with(InstanceField.TIMEOUT_MS.scalar(), new Timeout(600_000))
                    .withOptional(InstanceField.ORGANIZATION.scalar(), Optional.empty())
                    .with(InstanceField.ENABLED.scalar(), true)));
  }

  @Test
  void a_new_service_is_of_version_1_and_made_now() {
    Instance created = InstanceWrites.written(put("alice/s", InstanceWriteBuilder.openAi()));

    assertThat(created.version()).isEqualTo(1);
    assertThat(created.createdAt()).isEqualTo(w.claviger.clock().instant());
  }

  @Test
  void each_answer_has_the_limits_that_administrators_set_for_the_caller() {
    Limits ten = new Limits(Optional.of(10), Optional.empty(), Optional.empty());
    Instant now = w.claviger.clock().instant();
    w.claviger.assignedLimits().save(alice.id(), new StoredLimits(ten, 1), now);

    assertThat(rate(put("alice/s", InstanceWriteBuilder.openAi()))).contains(10);
    assertThat(rate(put("alice/s", InstanceWriteBuilder.openAi().timeout(5)))).contains(10);
  }

  private static Optional<Integer> rate(Outcome<WrittenInstance> written) {
    return written.orThrow().view().myLimits().requestsPerMinute();
  }

  @Test
  void all_that_is_given_is_kept() {
    Instance created =
        InstanceWrites.written(
            put(
                "alice/s",
                InstanceWriteBuilder.openAi()
                    .displayName("Lab account")
                    .description("ours")
                    .dimensions(512)
                    .contextLimit(8192)
                    .timeout(1_000)
                    .organization("org-1")
                    .enabled(false)
                    .keyPolicy(true, true, true)
                    .requestsPerMinute(10)));

    assertThat(w.now(created.ref()).settings()).isEqualTo(created.settings());
    assertThat(created.settings().displayName().value()).isEqualTo("Lab account");
    assertThat(created.settings().timeout().millis()).isEqualTo(1_000);
    assertThat(created.settings().organization()).contains(new Organization("org-1"));
    assertThat(created.settings().enabled()).isFalse();
    assertThat(created.settings().keyPolicy()).isEqualTo(new KeyPolicy(true, true, true));
    assertThat(created.settings().limits().requestsPerMinute()).contains(10);
  }

  @Test
  void a_stored_key_is_known_by_the_time_it_was_set() {
    Instance created =
        InstanceWrites.written(
            put(
                "alice/s",
                InstanceWriteBuilder.openAi().endpoint("https://api.openai.com/v1").key()));

    assertThat(created.apiKeySetAt()).contains(w.claviger.clock().instant());
  }

  @Test
  void replacing_takes_absent_fields_back_to_their_defaults() {
    InstanceWrites.written(
        put(
            "alice/s",
            InstanceWriteBuilder.openAi()
                .displayName("Lab account")
                .dimensions(512)
                .timeout(1_000)
                .organization("org-1")
                .enabled(false)
                .keyPolicy(true, true, true)
                .requestsPerMinute(10)));

    Instance after = InstanceWrites.written(put("alice/s", InstanceWriteBuilder.openAi()));

    assertThat(after.settings().displayName().value()).isEqualTo("s");
    assertThat(after.settings().fields().dimensions()).isEmpty();
    assertThat(after.settings().timeout()).isEqualTo(Timeout.DEFAULT);
    assertThat(after.settings().organization()).isEmpty();
    assertThat(after.settings().enabled()).isTrue();
    assertThat(after.settings().keyPolicy()).isEqualTo(KeyPolicy.DEFAULT);
    assertThat(after.settings().limits()).isEqualTo(Limits.NONE);
  }

  @Test
  void replacing_keeps_the_identity_and_the_time_of_creation() {
    Instance before = InstanceWrites.written(put("alice/s", InstanceWriteBuilder.openAi()));
    w.claviger.clock().advance(Duration.ofHours(1));

    Instance after =
        InstanceWrites.written(put("alice/s", InstanceWriteBuilder.openAi().timeout(5)));

    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.createdAt()).isEqualTo(before.createdAt());
    assertThat(after.updatedAt()).isEqualTo(w.claviger.clock().instant());
  }

  @Test
  void replacing_keeps_the_secrets() {
    Instance before = write.withKeyAndHeaders(alice, "s");

    Instance after =
        InstanceWrites.written(put("alice/s", InstanceWriteBuilder.openAi().timeout(5)));

    assertThat(after.hasApiKey()).isTrue();
    assertThat(after.customHeaderNames()).isEqualTo(before.customHeaderNames());
  }

  @Test
  void replacing_without_a_definition_drops_the_reference() {
    InstanceWrites.written(put("alice/s", InstanceWriteBuilder.of().from("_system/openai-large")));

    Instance after = InstanceWrites.written(put("alice/s", InstanceWriteBuilder.openAi()));

    assertThat(after.definitionRef()).isEmpty();
    assertThat(after.settings().definition()).isEmpty();
  }

  @Test
  void a_replacement_is_not_a_creation() {
    InstanceWrites.written(put("alice/s", InstanceWriteBuilder.openAi()));

    assertThat(put("alice/s", InstanceWriteBuilder.openAi()).orThrow().created()).isFalse();
  }

  @Test
  void all_that_is_missing_is_told_at_once() {
    assertThat(codes(put("alice/s", InstanceWriteBuilder.of())))
        .containsExactly("/provider required", "/model required");
  }

  @Test
  void a_policy_that_allows_no_key_is_refused() {
    assertThat(codes(put("alice/s", InstanceWriteBuilder.openAi().keyPolicy(false, false, false))))
        .containsExactly("/key_policy no_key_allowed");
  }

  @Test
  void a_fallback_needs_both_kinds_of_key() {
    assertThat(codes(put("alice/s", InstanceWriteBuilder.openAi().keyPolicy(true, false, true))))
        .containsExactly("/key_policy/fallback_to_central fallback_without_both");
  }

  @Test
  void an_api_standard_has_to_exist() {
    assertThat(codes(put("alice/s", InstanceWriteBuilder.openAi().apiStandard("nothing"))))
        .containsExactly("/api_standard unknown_reference");
  }

  @Test
  void an_organization_is_for_the_openai_format_only() {
    assertThat(
            codes(
                put(
                    "alice/s",
                    InstanceWriteBuilder.of()
                        .provider(Provider.COHERE)
                        .model("m")
                        .organization("org-1"))))
        .containsExactly("/organization not_allowed");
  }

  @Test
  void an_organization_goes_with_any_standard_of_the_openai_format() {
    assertThat(
            InstanceWrites.written(
                    put(
                        "alice/s",
                        InstanceWriteBuilder.of()
                            .provider(Provider.AZURE)
                            .endpoint("https://x.example.org")
                            .model("m")
                            .organization("org-1")))
                .settings()
                .organization())
        .isPresent();
  }

  @Test
  void the_header_that_carries_the_key_is_no_custom_header() {
    assertThat(
            codes(
                put(
                    "alice/s",
                    InstanceWriteBuilder.of()
                        .provider(Provider.ANTHROPIC)
                        .endpoint("https://api.anthropic.com")
                        .model("m")
                        .header("X-Api-Key", "value"))))
        .containsExactly("/custom_headers/X-Api-Key not_allowed");
  }

  private Outcome<WrittenInstance> put(String ref, InstanceWriteBuilder what) {
    return write.put(w.as(alice), ref, what);
  }
}
