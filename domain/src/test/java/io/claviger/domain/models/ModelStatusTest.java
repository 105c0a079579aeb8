package io.claviger.domain.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.KeyDecision;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModelStatusTest {
  @ParameterizedTest
  @EnumSource
  void a_disabled_model_is_disabled_whatever_it_runs_on(KeyDecision decision) {
    assertThat(ModelStatus.of(false, Optional.of(decision))).isEqualTo(ModelStatus.DISABLED);
  }

  @Test
  void a_disabled_model_is_disabled_even_if_it_runs_on_nothing() {
    assertThat(ModelStatus.of(false, Optional.empty())).isEqualTo(ModelStatus.DISABLED);
  }

  @Test
  void a_model_without_a_service_has_none() {
    assertThat(ModelStatus.of(true, Optional.empty())).isEqualTo(ModelStatus.NO_INSTANCE);
  }

  @ParameterizedTest
  @EnumSource
  void a_model_is_runnable_exactly_where_a_call_finds_a_key_or_needs_none(KeyDecision decision) {
    assertThat(ModelStatus.of(true, Optional.of(decision)) == ModelStatus.RUNNABLE)
        .isEqualTo(decision.source().isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_PERMITTED, share_required",
    "DISABLED, instance_disabled",
    "KEYLESS, runnable",
    "USER, runnable",
    "CENTRAL, runnable",
    "DEPLOYMENT, runnable",
    "USER_API_KEY_REQUIRED, user_api_key_required",
    "MISSING_API_KEY, missing_api_key",
    "KEY_UNUSABLE, missing_api_key",
    "CREDENTIAL_UNCONFIRMED, missing_api_key"
  })
  void the_status_says_why_not(KeyDecision decision, String status) {
    assertThat(ModelStatus.of(true, Optional.of(decision)).wireName()).isEqualTo(status);
  }

  @ParameterizedTest
  @EnumSource
  void only_what_could_be_run_needs_a_share(ModelStatus status) {
    assertThat(status.withoutShare(true)).isEqualTo(status);
    assertThat(status.withoutShare(false))
        .isEqualTo(status == ModelStatus.RUNNABLE ? ModelStatus.SHARE_REQUIRED : status);
  }

  @Test
  void the_statuses_are_those_of_the_contract() {
    assertThat(Arrays.stream(ModelStatus.values()).map(ModelStatus::wireName))
        .containsExactlyInAnyOrder(
            "runnable",
            "disabled",
            "instance_disabled",
            "no_instance",
            "share_required",
            "user_api_key_required",
            "missing_api_key");
  }
}
