package io.claviger.domain.instances;

import static io.claviger.domain.instances.Samples.STORED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.DisplayName;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.Writes;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fairness.ProviderLimitsWrite;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SettingsWriteTest {
  private static final Handle MINE = new Handle("mine");
  private static final Optional<InstanceSettings> NEW = Optional.empty();
  private static final Optional<Definition.Id> NO_DEFINITION = Optional.empty();
  private static final Optional<Definition.Id> ANOTHER =
      Optional.of(new Definition.Id(new UUID(0, 10)));
  private static final Optional<WireFormat> NO_FORMAT = Optional.empty();
  private static final SettingsWrite NOTHING = writing(Writes.NOTHING);
  private static final DefinitionWrite STANDALONE =
      Writes.model(Writes.provider(Writes.NOTHING, Provider.COHERE), "m");

  private static SettingsWrite writing(DefinitionWrite fields) {
    return new SettingsWrite(fields.fields());
  }

  private static SettingsWrite writingAll(DefinitionWrite fields) {
    return new SettingsWrite(
        fields
            .fields()
            .with(InstanceField.DISPLAY_NAME.scalar(), Field.of(new DisplayName("New")))
            .with(InstanceField.TIMEOUT_MS.scalar(), Field.of(new Timeout(8)))
            .with(InstanceField.ORGANIZATION.scalar(), Field.of(new Organization("org-new")))
            .with(InstanceField.ENABLED.scalar(), Field.of(true)),
        new KeyPolicyWrite(Field.of(true), Field.of(false), Field.of(false)),
        new LimitsWrite(Field.of(8), Field.ofNull(), Field.ofNull()),
        Field.absent(),
        LimitsInAll.Write.ABSENT,
        ProviderLimitsWrite.ABSENT);
  }

  private static InstanceSettings complete(SettingsWrite.Result result) {
    assertThat(result).isInstanceOf(SettingsWrite.Result.Complete.class);
    return ((SettingsWrite.Result.Complete) result).settings();
  }

  private static InstanceSettings put(SettingsWrite write) {
    return complete(
        write.replacing(
            MINE, Optional.of(STORED), NO_DEFINITION, Optional.of(STORED.fields()), NO_FORMAT));
  }

  private static InstanceSettings patch(SettingsWrite write) {
    return complete(write.merging(STORED, STORED.definition(), NO_FORMAT));
  }

  @Test
  void a_replacement_gives_absent_fields_the_definitions_values() {
    assertThat(put(NOTHING).fields()).isEqualTo(STORED.fields());
  }

  @Test
  void a_replacement_gives_the_rest_its_defaults() {
    InstanceSettings settings =
        complete(
            writing(STANDALONE).replacing(MINE, NEW, NO_DEFINITION, Optional.empty(), NO_FORMAT));
    assertThat(settings)
        .isEqualTo(
            new InstanceSettings(
                NO_DEFINITION,
                settings.fields(),
                new KeyPolicy(true, false, false),
                Limits.NONE,
                InstanceSettings.defaults(new Handle("any"))
                    .with(InstanceField.DISPLAY_NAME.scalar(), new DisplayName("mine"))
                    .with(InstanceField.TIMEOUT_MS.scalar(), new Timeout(600_000))
                    .withOptional(InstanceField.ORGANIZATION.scalar(), Optional.empty())
                    .with(InstanceField.ENABLED.scalar(), true)));
  }

  @Test
  void a_standalone_service_gets_the_providers_defaults() {
    InstanceSettings settings =
        complete(
            writing(STANDALONE).replacing(MINE, NEW, NO_DEFINITION, Optional.empty(), NO_FORMAT));
    assertThat(settings.fields().endpoint()).isEqualTo(Endpoint.of("https://api.cohere.com"));
    assertThat(settings.fields().apiStandard()).isEqualTo(new Handle("cohere"));
  }

  @Test
  void a_replacement_overrides_the_definitions_values() {
    assertThat(put(writing(Writes.endpoint(Writes.NOTHING, "https://new"))).fields().endpoint())
        .isEqualTo(Endpoint.of("https://new"));
  }

  @Test
  void a_replacement_refers_to_the_definition_named_and_else_to_none() {
    assertThat(
            complete(NOTHING.replacing(MINE, NEW, ANOTHER, Optional.of(STORED.fields()), NO_FORMAT))
                .definition())
        .isEqualTo(ANOTHER);
    assertThat(put(NOTHING).definition()).isEmpty();
  }

  @Test
  void a_replacement_fills_an_absent_part_of_the_policy_with_the_default() {
    SettingsWrite write =
        new SettingsWrite(
            FieldWrites.NONE,
            new KeyPolicyWrite(Field.absent(), Field.of(true), Field.absent()),
            LimitsWrite.ABSENT,
            Field.absent(),
            LimitsInAll.Write.ABSENT,
            ProviderLimitsWrite.ABSENT);
    assertThat(put(write).keyPolicy()).isEqualTo(new KeyPolicy(true, true, false));
  }

  @Test
  void a_merge_keeps_what_is_absent() {
    assertThat(patch(NOTHING)).isEqualTo(STORED);
  }

  @Test
  void a_merge_fills_an_absent_part_of_the_policy_with_what_is_there() {
    SettingsWrite write =
        new SettingsWrite(
            FieldWrites.NONE,
            new KeyPolicyWrite(Field.absent(), Field.absent(), Field.of(false)),
            LimitsWrite.ABSENT,
            Field.absent(),
            LimitsInAll.Write.ABSENT,
            ProviderLimitsWrite.ABSENT);
    assertThat(patch(write).keyPolicy()).isEqualTo(new KeyPolicy(true, true, false));
  }

  @Test
  void a_merge_refers_to_the_definition_that_it_is_told() {
    assertThat(complete(NOTHING.merging(STORED, ANOTHER, NO_FORMAT)).definition())
        .isEqualTo(ANOTHER);
  }

  @Test
  void values_given_are_taken_by_a_replacement_and_by_a_merge() {
    InstanceSettings expected =
        new InstanceSettings(
            NO_DEFINITION,
            STORED.fields(),
            new KeyPolicy(true, false, false),
            new Limits(Optional.of(8), Optional.empty(), Optional.empty()),
            InstanceSettings.defaults(new Handle("any"))
                .with(InstanceField.DISPLAY_NAME.scalar(), new DisplayName("New"))
                .with(InstanceField.TIMEOUT_MS.scalar(), new Timeout(8))
                .withOptional(
                    InstanceField.ORGANIZATION.scalar(), Optional.of(new Organization("org-new")))
                .with(InstanceField.ENABLED.scalar(), true));
    assertThat(put(writingAll(Writes.NOTHING))).isEqualTo(expected);
    assertThat(complete(writingAll(Writes.NOTHING).merging(STORED, NO_DEFINITION, NO_FORMAT)))
        .isEqualTo(expected);
  }

  @Test
  void null_takes_the_organization_away() {
    SettingsWrite write =
        new SettingsWrite(
            FieldWrites.NONE.with(InstanceField.ORGANIZATION.scalar(), Field.ofNull()));
    assertThat(patch(write).organization()).isEmpty();
  }

  @Test
  void a_standard_named_in_a_merge_means_its_provider() {
    SettingsWrite write = writing(Writes.apiStandard(Writes.NOTHING, "anthropic"));
    assertThat(
            complete(write.merging(STORED, STORED.definition(), Optional.of(WireFormat.ANTHROPIC)))
                .fields()
                .provider())
        .isEqualTo(Provider.ANTHROPIC);
  }

  @Test
  void a_standard_named_in_a_replacement_means_its_provider() {
    SettingsWrite write = writing(Writes.model(Writes.apiStandard(Writes.NOTHING, "gemini"), "m"));
    assertThat(
            complete(
                    write.replacing(
                        MINE, NEW, NO_DEFINITION, Optional.empty(), Optional.of(WireFormat.GEMINI)))
                .fields()
                .provider())
        .isEqualTo(Provider.GOOGLE);
  }

  @Test
  void what_all_callers_may_use_up_is_kept_unless_it_is_given() {
    Budgets five = dollars(5);
    InstanceSettings with = Samples.stored(five, LimitsInAll.NONE, ProviderLimits.NONE);
    assertThat(
            complete(
                    writing(STANDALONE)
                        .replacing(
                            MINE, Optional.of(with), NO_DEFINITION, Optional.empty(), NO_FORMAT))
                .budgetsInAll())
        .isEqualTo(five);
    assertThat(complete(NOTHING.merging(with, NO_DEFINITION, NO_FORMAT)).budgetsInAll())
        .isEqualTo(five);
    assertThat(inAll(with, Field.of(dollars(6)))).isEqualTo(dollars(6));
    assertThat(inAll(with, Field.ofNull())).isEqualTo(Budgets.NONE);
    assertThat(with.differingFrom(STORED)).containsExactly(InstanceField.BUDGETS_IN_ALL);
  }

  private static Budgets inAll(InstanceSettings before, Field<Budgets> written) {
    SettingsWrite write =
        new SettingsWrite(
            FieldWrites.NONE,
            KeyPolicyWrite.ABSENT,
            LimitsWrite.ABSENT,
            written,
            LimitsInAll.Write.ABSENT,
            ProviderLimitsWrite.ABSENT);
    return complete(write.merging(before, NO_DEFINITION, NO_FORMAT)).budgetsInAll();
  }

  @Test
  void how_fast_all_callers_may_be_is_kept_part_by_part_unless_it_is_given() {
    LimitsInAll five = new LimitsInAll(Optional.of(5), PaceTerms.of(PaceKind.TOKENS, 5));
    InstanceSettings with = Samples.stored(Budgets.NONE, five, ProviderLimits.NONE);
    LimitsInAll.Write noTokens =
        new LimitsInAll.Write(
            Field.absent(), new PaceTerms.Write(Map.of(PaceKind.TOKENS, Field.ofNull())));

    assertThat(pace(with, LimitsInAll.Write.ABSENT)).isEqualTo(five);
    assertThat(pace(with, noTokens)).isEqualTo(new LimitsInAll(Optional.of(5), PaceTerms.NONE));
    assertThat(pace(with, LimitsInAll.Write.of(LimitsInAll.NONE))).isEqualTo(LimitsInAll.NONE);
    assertThat(pace(STORED, LimitsInAll.Write.of(five))).isEqualTo(five);
    assertThat(
            complete(
                    writing(STANDALONE)
                        .replacing(
                            MINE, Optional.of(with), NO_DEFINITION, Optional.empty(), NO_FORMAT))
                .limitsInAll())
        .isEqualTo(five);
    assertThat(with.differingFrom(STORED)).containsExactly(InstanceField.LIMITS_IN_ALL);
    assertThat(with.inAll().requestsPerMinute()).hasValue(5);
    for (int wrong : List.of(0, -1, 1_000_001)) {
      assertThatExceptionOfType(InvalidValue.class)
          .isThrownBy(() -> new LimitsInAll(Optional.of(wrong), PaceTerms.NONE));
    }
  }

  private static LimitsInAll pace(InstanceSettings before, LimitsInAll.Write written) {
    SettingsWrite write =
        new SettingsWrite(
            FieldWrites.NONE,
            KeyPolicyWrite.ABSENT,
            LimitsWrite.ABSENT,
            Field.absent(),
            written,
            ProviderLimitsWrite.ABSENT);
    return complete(write.merging(before, NO_DEFINITION, NO_FORMAT)).limitsInAll();
  }

  private static Budgets dollars(int amount) {
    return new Budgets(
        List.of(
            new Budget(
                amount * 1_000_000_000L,
                BudgetUnit.USD,
                BudgetWindow.MONTH,
                BudgetZone.UTC,
                BudgetBound.STRICT,
                false)));
  }

  @Test
  void everything_missing_is_told_at_once() {
    SettingsWrite.Result result =
        NOTHING.replacing(MINE, NEW, NO_DEFINITION, Optional.empty(), NO_FORMAT);
    assertThat(result).isInstanceOf(SettingsWrite.Result.Incomplete.class);
    assertThat(((SettingsWrite.Result.Incomplete) result).faults())
        .extracting(Fault::pointer)
        .containsExactly("/provider", "/model");
  }
}
