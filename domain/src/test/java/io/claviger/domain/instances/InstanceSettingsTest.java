package io.claviger.domain.instances;

import static io.claviger.domain.instances.Samples.STORED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.DisplayName;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.fields.ScalarForm;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.sharing.Action;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InstanceSettingsTest {
  /** What is stored, but for one field. */
  private static InstanceSettings changed(InstanceField field) {
    return switch (field) {
      case DEFINITION ->
          changed(
              Optional.of(new Definition.Id(new UUID(0, 10))), STORED.keyPolicy(), STORED.limits());
      case KEY_POLICY ->
          changed(STORED.definition(), new KeyPolicy(true, true, false), STORED.limits());
      case LIMITS -> changed(STORED.definition(), STORED.keyPolicy(), Limits.NONE);
      case BUDGETS_IN_ALL ->
          Samples.stored(
              new Budgets(
                  List.of(
                      new Budget(
                          1,
                          BudgetUnit.TOKENS,
                          BudgetWindow.DAY,
                          BudgetZone.UTC,
                          BudgetBound.MEASURED,
                          false))),
              LimitsInAll.NONE,
              ProviderLimits.NONE);
      case LIMITS_IN_ALL ->
          Samples.stored(
              Budgets.NONE,
              new LimitsInAll(Optional.empty(), PaceTerms.of(PaceKind.CONCURRENT, 4)),
              ProviderLimits.NONE);
      case PROVIDER_LIMITS ->
          Samples.stored(
              Budgets.NONE,
              LimitsInAll.NONE,
              new ProviderLimits(PaceLimits.NONE, OptionalInt.of(4)));
      case CREDENTIAL -> STORED.withCredential(CredentialSettings.NONE);
      case API_KEY, CUSTOM_HEADERS -> throw new AssertionError("not in the settings");
      default -> changed(field.scalar(), Optional.of(another(field.scalar())));
    };
  }

  private static Object another(ScalarField<?> field) {
    return switch (field.form()) {
      case ScalarForm.Text<?> text ->
          text.parse()
              .apply(
                  field == DefinitionFields.ENDPOINT
                      ? "https://new.example"
                      : field.words().choices().stream()
                          .filter(
                              choice -> !STORED.scalars().plain(field).equals(Optional.of(choice)))
                          .findFirst()
                          .orElse("new"));
      case ScalarForm.Texts<?> texts when field.name().equals("allowed_origins") ->
          texts.parse().apply(List.of("https://app.example.org"));
      case ScalarForm.Texts<?> texts -> texts.parse().apply(List.of("files"));
      case ScalarForm.Pairs<?> pairs -> pairs.listed(List.of("project=p"));
      case ScalarForm.Tree<?> tree -> tree.typed("{\"a\":1}");
      case ScalarForm.WholeNumber<?> number -> number.parse().apply(4);
      case ScalarForm.Flag flag ->
          !STORED.scalars().plain(field).map(Boolean.class::cast).orElse(false);
    };
  }

  private static InstanceSettings changed(ScalarField<?> field, Optional<?> value) {
    boolean copied = DefinitionFields.COPIED.contains(field);
    return new InstanceSettings(
        STORED.definition(),
        copied
            ? new DefinitionFields(STORED.fields().values().withOptional(field, value))
            : STORED.fields(),
        STORED.keyPolicy(),
        STORED.limits(),
        copied ? STORED.own() : STORED.own().withOptional(field, value));
  }

  private static InstanceSettings changed(
      Optional<Definition.Id> definition, KeyPolicy policy, Limits limits) {
    return new InstanceSettings(definition, STORED.fields(), policy, limits, STORED.own());
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"API_KEY", "CUSTOM_HEADERS"})
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
          NOTE          | note          | DESCRIBE
          METADATA      | metadata      | DESCRIBE
          DEFINITION    | definition    | DESCRIBE
          MODEL         | model         | DESCRIBE
          DIMENSIONS    | dimensions    | DESCRIBE
          CONTEXT_LIMIT | context_limit | DESCRIBE
          TIMEOUT_MS    | timeout_ms    | DESCRIBE
          ENABLED       | enabled       | SWITCH
          ENDPOINT      | endpoint      | CONFIGURE
          SETTINGS      | settings      | CONFIGURE
          PROVIDER      | provider      | CONFIGURE
          API_STANDARD  | api_standard  | CONFIGURE
          ORGANIZATION  | organization  | CONFIGURE
          STREAM_USAGE  | stream_usage  | CONFIGURE
          PROMPT_CACHE  | prompt_cache  | CONFIGURE
          ATTRIBUTION   | attribution   | CONFIGURE
          STORAGE       | storage       | CONFIGURE
          ON_END        | on_end        | CONFIGURE
          KEY_POLICY    | key_policy    | CONFIGURE
          LIMITS        | limits        | CONFIGURE
          BUDGETS_IN_ALL | budgets_in_all | BUDGET_IN_ALL
          LIMITS_IN_ALL | limits_in_all | BUDGET_IN_ALL
          PROVIDER_LIMITS | provider_limits | CONFIGURE
          CAPACITY_GROUP | capacity_group | GROUP_CAPACITY
          MAX_WAIT_MS   | max_wait_ms   | CONFIGURE
          ON_429        | on_429        | CONFIGURE
          MAX_CONNECTION_MINUTES | max_connection_minutes | CONFIGURE
          ALLOWED_ORIGINS | allowed_origins | CONFIGURE
          APPROVALS | approvals | SHARE_OWNERSHIP
          AUDIENCE      | audience      | SHARE_OWNERSHIP
          CUSTOM_HEADERS | custom_headers | CONFIGURE
          CREDENTIAL    | credential    | SET_KEY
          APPLIED_BY    | applied_by    | DELETE
          API_KEY_VERSION | api_key_version | CONFIGURE
          API_KEY       | api_key       | SET_KEY
          """)
  void a_field_is_changed_by_whoever_the_table_lets(
      InstanceField field, String name, Action needed) {
    assertThat(field.needed()).isEqualTo(needed);
    assertThat(field.wireName()).isEqualTo(name);
  }

  @ParameterizedTest
  @EnumSource
  void prices_follow_from_the_provider_and_where_callers_name_deployments_from_the_model(
      InstanceField field) {
    for (Provider provider : Provider.known()) {
      boolean ofDeployments = provider.equals(Provider.AZURE);

      assertThat(field.choosesPrices(provider))
          .as("%s of %s", field, provider.wireName())
          .isEqualTo(
              field == InstanceField.PROVIDER || (field == InstanceField.MODEL && ofDeployments));
    }
  }

  @Test
  void there_are_thirty_seven_fields() {
    assertThat(InstanceField.values()).hasSize(37);
  }

  @Test
  void a_key_is_cleared_by_more_people_than_may_set_it() {
    assertThat(InstanceField.API_KEY.neededToClear()).isEqualTo(Action.CLEAR_KEY);
    assertThat(InstanceField.CUSTOM_HEADERS.neededToClear()).isEqualTo(Action.CONFIGURE);
  }

  @Test
  void a_value_of_another_field_is_not_taken() {
    assertThatThrownBy(
            () -> STORED.own().with(InstanceField.TIMEOUT_MS.scalar(), new DisplayName("x")))
        .isInstanceOf(ClassCastException.class);
  }

  @Test
  void a_field_that_always_has_a_value_can_not_lose_it() {
    assertThatThrownBy(() -> changed(InstanceField.TIMEOUT_MS.scalar(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
