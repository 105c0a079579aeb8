package io.claviger.domain.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.DisplayName;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.FieldWrites;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelWriteTest {
  private static final ModelWrite NOTHING = new ModelWrite(FieldWrites.NONE);

  private static final ModelWrite EVERYTHING =
      new ModelWrite(
          FieldWrites.NONE
              .with(DefinitionFields.PROVIDER, Field.of(Provider.COHERE))
              .with(DefinitionFields.MODEL, Field.of(new ModelName("embed-v4.0")))
              .with(CommonFields.DISPLAY_NAME, Field.of(new DisplayName("Embeddings")))
              .with(ModelFields.ENABLED, Field.of(false))
              .with(DefinitionFields.CONTEXT_LIMIT, Field.of(new ContextLimit(128_000)))
              .with(ModelFields.COMPRESSION_THRESHOLD, Field.of(new CompressionThreshold(80))));

  private static final ModelSettings WRITTEN =
      new ModelSettings(
          FieldValues.NONE
              .with(DefinitionFields.PROVIDER, Provider.COHERE)
              .with(DefinitionFields.MODEL, new ModelName("embed-v4.0"))
              .with(CommonFields.DISPLAY_NAME, new DisplayName("Embeddings"))
              .with(ModelFields.ENABLED, false)
              .with(DefinitionFields.CONTEXT_LIMIT, new ContextLimit(128_000))
              .with(ModelFields.COMPRESSION_THRESHOLD, new CompressionThreshold(80)));

  private static final ModelSettings STORED =
      new ModelSettings(
          FieldValues.NONE
              .with(DefinitionFields.PROVIDER, Provider.GOOGLE)
              .with(DefinitionFields.MODEL, new ModelName("gemini"))
              .with(CommonFields.DISPLAY_NAME, new DisplayName("Stored"))
              .with(ModelFields.ENABLED, true)
              .with(DefinitionFields.CONTEXT_LIMIT, new ContextLimit(7))
              .with(ModelFields.COMPRESSION_THRESHOLD, new CompressionThreshold(7)));

  @Test
  void a_creation_needs_provider_and_model() {
    assertThat(NOTHING.missing()).extracting(Fault::pointer).containsExactly("/provider", "/model");
    assertThat(EVERYTHING.missing()).isEmpty();
    assertThat(named("gpt").missing()).isEmpty();
  }

  @Test
  void null_is_no_provider_and_no_model() {
    ModelWrite write =
        new ModelWrite(
            FieldWrites.NONE
                .with(DefinitionFields.PROVIDER, Field.ofNull())
                .with(DefinitionFields.MODEL, Field.ofNull()));
    assertThat(write.missing()).hasSize(2);
  }

  @Test
  void a_creation_takes_what_is_given() {
    assertThat(EVERYTHING.settingsOfNewModel()).isEqualTo(WRITTEN);
  }

  @Test
  void a_new_model_is_enabled_without_limits_and_shown_by_its_name() {
    assertThat(named("gpt").settingsOfNewModel())
        .isEqualTo(
            new ModelSettings(
                FieldValues.NONE
                    .with(DefinitionFields.PROVIDER, Provider.OPENAI)
                    .with(DefinitionFields.MODEL, new ModelName("gpt"))
                    .with(CommonFields.DISPLAY_NAME, new DisplayName("gpt"))
                    .with(ModelFields.ENABLED, true)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 199, 200, 201, 256})
  void a_long_name_is_cut_to_what_a_display_name_holds(int length) {
    String name = "m".repeat(length);

    assertThat(named(name).settingsOfNewModel().displayName().value())
        .isEqualTo(name.substring(0, Math.min(200, length)));
  }

  @Test
  void no_character_is_cut_in_two() {
    String name = "m".repeat(199) + "\ud83d\ude00" + "m".repeat(20);

    assertThat(named(name).settingsOfNewModel().displayName().value())
        .isEqualTo("m".repeat(199) + "\ud83d\ude00");
  }

  @Test
  void a_name_that_begins_with_more_blanks_than_are_shown_is_shown_without() {
    assertThat(named(" ".repeat(201) + "gpt").settingsOfNewModel().displayName().value())
        .isEqualTo("gpt");
  }

  @Test
  void a_merge_keeps_what_is_absent() {
    assertThat(NOTHING.merging(STORED)).isEqualTo(STORED);
  }

  @Test
  void a_merge_takes_what_is_given() {
    assertThat(EVERYTHING.merging(STORED)).isEqualTo(WRITTEN);
  }

  @Test
  void a_merge_clears_limits_by_null() {
    ModelWrite write =
        new ModelWrite(
            FieldWrites.NONE
                .with(DefinitionFields.CONTEXT_LIMIT, Field.ofNull())
                .with(ModelFields.COMPRESSION_THRESHOLD, Field.ofNull()));

    assertThat(write.merging(STORED).contextLimit()).isEmpty();
    assertThat(write.merging(STORED).compressionThreshold()).isEmpty();
    assertThat(write.merging(STORED).model()).isEqualTo(STORED.model());
  }

  private static ModelWrite named(String name) {
    return new ModelWrite(
        FieldWrites.NONE
            .with(DefinitionFields.PROVIDER, Field.of(Provider.OPENAI))
            .with(DefinitionFields.MODEL, Field.of(new ModelName(name))));
  }
}
