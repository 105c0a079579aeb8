package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.policy.KeyPolicy;
import org.junit.jupiter.api.Test;

class PatchInstanceTest {
  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
  private final User alice = w.user("alice");
  private final Instance before =
      InstanceWrites.written(
          write.put(
              w.as(alice),
              "alice/s",
              InstanceWriteBuilder.openAi()
                  .displayName("Lab account")
                  .dimensions(512)
                  .organization("org-1")
                  .keyPolicy(true, true, true)
                  .requestsPerMinute(10)));

  @Test
  void absent_fields_keep_what_is_there() {
    Instance after = patched(InstanceWriteBuilder.of().timeout(5));

    assertThat(after.settings().differingFrom(before.settings()))
        .containsExactly(InstanceField.TIMEOUT_MS);
  }

  @Test
  void null_clears() {
    assertThat(
            patched(InstanceWriteBuilder.of().withoutDimensions()).settings().fields().dimensions())
        .isEmpty();
  }

  @Test
  void a_policy_is_merged_part_by_part() {
    InstanceWrites.written(patch(InstanceWriteBuilder.of().keyPolicy(true, true, false)));

    assertThat(patched(InstanceWriteBuilder.of().centralKey(false)).settings().keyPolicy())
        .isEqualTo(new KeyPolicy(false, true, false));
  }

  @Test
  void a_policy_is_checked_on_the_merged_result() {
    assertThat(codes(patch(InstanceWriteBuilder.of().userKeys(false))))
        .containsExactly("/key_policy/fallback_to_central fallback_without_both");
  }

  @Test
  void a_policy_that_is_refused_changes_nothing() {
    Outcome<WrittenInstance> unused = patch(InstanceWriteBuilder.of().userKeys(false).timeout(5));

    assertThat(w.now(before.ref())).isEqualTo(before);
  }

  @Test
  void an_organization_is_checked_on_the_merged_result() {
    assertThat(codes(patch(InstanceWriteBuilder.of().apiStandard("cohere"))))
        .containsExactly("/organization not_allowed");
  }

  @Test
  void a_standard_alone_brings_the_provider_it_means() {
    Instance after =
        patched(
            InstanceWriteBuilder.of()
                .apiStandard("azure-openai")
                .endpoint("https://azure.example.org/openai"));

    assertThat(after.settings().fields().provider()).isEqualTo(Provider.OPENAI_COMPAT);
  }

  @Test
  void a_provider_alone_leaves_standard_and_endpoint() {
    Instance after = patched(InstanceWriteBuilder.of().provider(Provider.OPENAI_COMPAT));

    assertThat(after.settings().differingFrom(before.settings()))
        .containsExactly(InstanceField.PROVIDER);
  }

  @Test
  void what_is_not_there_is_not_found() {
    assertThat(because(write.patch(w.as(alice), "alice/nothing", InstanceWriteBuilder.of())))
        .isEqualTo("not_found");
  }

  private Outcome<WrittenInstance> patch(InstanceWriteBuilder what) {
    return write.patch(w.as(alice), "alice/s", what);
  }

  private Instance patched(InstanceWriteBuilder what) {
    return InstanceWrites.written(patch(what));
  }
}
