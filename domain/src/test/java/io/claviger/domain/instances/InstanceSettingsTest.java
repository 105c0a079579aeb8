package io.claviger.domain.instances;

import static io.claviger.domain.instances.Samples.STORED;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.Description;
import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Action;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InstanceSettingsTest {
  /** What is stored, but for one field. */
  private static InstanceSettings changed(InstanceField field) {
    DefinitionFields f = STORED.fields();
    return switch (field) {
      case DISPLAY_NAME ->
          new InstanceSettings(
              new DisplayName("New"),
              STORED.definition(),
              f,
              STORED.timeout(),
              STORED.organization(),
              STORED.enabled(),
              STORED.keyPolicy(),
              STORED.limits());
      case DEFINITION ->
          new InstanceSettings(
              STORED.displayName(),
              Optional.of(new DefinitionId(new UUID(0, 10))),
              f,
              STORED.timeout(),
              STORED.organization(),
              STORED.enabled(),
              STORED.keyPolicy(),
              STORED.limits());
      case TIMEOUT_MS ->
          new InstanceSettings(
              STORED.displayName(),
              STORED.definition(),
              f,
              new Timeout(8),
              STORED.organization(),
              STORED.enabled(),
              STORED.keyPolicy(),
              STORED.limits());
      case ORGANIZATION ->
          new InstanceSettings(
              STORED.displayName(),
              STORED.definition(),
              f,
              STORED.timeout(),
              Optional.empty(),
              STORED.enabled(),
              STORED.keyPolicy(),
              STORED.limits());
      case ENABLED ->
          new InstanceSettings(
              STORED.displayName(),
              STORED.definition(),
              f,
              STORED.timeout(),
              STORED.organization(),
              !STORED.enabled(),
              STORED.keyPolicy(),
              STORED.limits());
      case KEY_POLICY ->
          new InstanceSettings(
              STORED.displayName(),
              STORED.definition(),
              f,
              STORED.timeout(),
              STORED.organization(),
              STORED.enabled(),
              new KeyPolicy(true, true, false),
              STORED.limits());
      case LIMITS ->
          new InstanceSettings(
              STORED.displayName(),
              STORED.definition(),
              f,
              STORED.timeout(),
              STORED.organization(),
              STORED.enabled(),
              STORED.keyPolicy(),
              Limits.NONE);
      case DESCRIPTION, PROVIDER, API_STANDARD, ENDPOINT, MODEL, DIMENSIONS, CONTEXT_LIMIT ->
          new InstanceSettings(
              STORED.displayName(),
              STORED.definition(),
              changed(f, field),
              STORED.timeout(),
              STORED.organization(),
              STORED.enabled(),
              STORED.keyPolicy(),
              STORED.limits());
    };
  }

  private static DefinitionFields changed(DefinitionFields f, InstanceField field) {
    return new DefinitionFields(
        field == InstanceField.DESCRIPTION ? new Description("new") : f.description(),
        field == InstanceField.PROVIDER ? Provider.COHERE : f.provider(),
        field == InstanceField.API_STANDARD ? new Handle("new") : f.apiStandard(),
        field == InstanceField.ENDPOINT ? Endpoint.of("https://new.example") : f.endpoint(),
        field == InstanceField.MODEL ? new ModelName("new") : f.model(),
        field == InstanceField.DIMENSIONS ? Optional.of(new Dimensions(8)) : f.dimensions(),
        field == InstanceField.CONTEXT_LIMIT ? Optional.of(new ContextLimit(8)) : f.contextLimit());
  }

  @ParameterizedTest
  @EnumSource
  void a_field_that_differs_is_told_and_no_other(InstanceField field) {
    assertThat(changed(field).differingFrom(STORED)).containsExactly(field);
    assertThat(STORED.differingFrom(changed(field))).containsExactly(field);
  }

  @Test
  void what_was_sent_but_is_the_same_does_not_differ() {
    assertThat(STORED.differingFrom(STORED)).isEmpty();
  }

  @Test
  void several_fields_that_differ_are_all_told() {
    assertThat(changed(InstanceField.ENABLED).differingFrom(changed(InstanceField.MODEL)))
        .containsExactlyInAnyOrder(InstanceField.ENABLED, InstanceField.MODEL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DISPLAY_NAME  | display_name  | DESCRIBE
          DESCRIPTION   | description   | DESCRIBE
          DEFINITION    | definition    | DESCRIBE
          MODEL         | model         | DESCRIBE
          DIMENSIONS    | dimensions    | DESCRIBE
          CONTEXT_LIMIT | context_limit | DESCRIBE
          TIMEOUT_MS    | timeout_ms    | DESCRIBE
          ENABLED       | enabled       | SWITCH
          ENDPOINT      | endpoint      | CONFIGURE
          PROVIDER      | provider      | CONFIGURE
          API_STANDARD  | api_standard  | CONFIGURE
          ORGANIZATION  | organization  | CONFIGURE
          KEY_POLICY    | key_policy    | CONFIGURE
          LIMITS        | limits        | CONFIGURE
          """)
  void a_field_is_changed_by_whoever_the_table_lets(
      InstanceField field, String name, Action needed) {
    assertThat(field.needed()).isEqualTo(needed);
    assertThat(field.wireName()).isEqualTo(name);
  }

  @Test
  void there_are_fourteen_fields() {
    assertThat(InstanceField.values()).hasSize(14);
  }
}
