package io.claviger.application.definitions;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AnInstance;
import io.claviger.application.definitions.Definitions.WrittenDefinition;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import org.junit.jupiter.api.Test;

class PatchDefinitionTest {
  private final DefinitionFixture p = new DefinitionFixture();

  @Test
  void absent_fields_keep_what_is_there() {
    Definition after =
        DefinitionFixture.written(
            p.patch(p.alice, "alice/open", DefinitionWriteBuilder.of().description("words")));

    assertThat(after.values().differingFrom(p.open.values(), DefinitionFields.ALL))
        .containsExactly(DefinitionFields.DESCRIPTION);
    assertThat(after.isPublic()).isTrue();
  }

  @Test
  void null_clears() {
    Definition after =
        DefinitionFixture.written(
            p.patch(p.alice, "alice/open", DefinitionWriteBuilder.of().withoutDimensions()));

    assertThat(after.fields().dimensions()).isEmpty();
    assertThat(after.fields().contextLimit()).isPresent();
  }

  @Test
  void a_definition_can_be_hidden_again() {
    DefinitionFixture.written(
        p.patch(p.alice, "alice/open", DefinitionWriteBuilder.of().isPublic(false)));

    assertThat(because(p.w.definitions.find(p.w.as(p.bob), p.open.ref()))).isEqualTo("not_found");
  }

  @Test
  void an_api_standard_alone_brings_the_provider_it_means() {
    Definition after =
        DefinitionFixture.written(
            p.patch(
                p.alice,
                "alice/open",
                DefinitionWriteBuilder.of()
                    .apiStandard("cohere")
                    .endpoint("https://cohere.example.org")));

    assertThat(after.fields().provider()).isEqualTo(Provider.COHERE);
  }

  @Test
  void services_made_from_it_stay_as_they_are() {
    Instance made = p.w.stored(AnInstance.of(p.bob, "s").from(p.open).build());

    DefinitionFixture.written(
        p.patch(
            p.alice,
            "alice/open",
            DefinitionWriteBuilder.of().endpoint("https://evil.example.org")));

    assertThat(p.w.now(made.ref()).settings()).isEqualTo(made.settings());
  }

  @Test
  void what_is_not_there_is_not_found() {
    assertThat(because(p.patch(p.alice, "alice/nothing", DefinitionWriteBuilder.of())))
        .isEqualTo("not_found");
  }

  @Test
  void anothers_private_one_is_not_found() {
    assertThat(p.patch(p.bob, "alice/secret", DefinitionWriteBuilder.of()))
        .isEqualTo(p.patch(p.bob, "alice/nothing", DefinitionWriteBuilder.of()));
  }

  @Test
  void anothers_public_one_is_forbidden() {
    assertThat(because(p.patch(p.bob, "alice/open", DefinitionWriteBuilder.of().model("m"))))
        .isEqualTo("forbidden");
  }

  @Test
  void those_of_the_system_are_changed_by_administrators_only() {
    DefinitionWriteBuilder write = DefinitionWriteBuilder.of().description("words");

    assertThat(because(p.patch(p.bob, "_system/openai-large", write))).isEqualTo("forbidden");
    assertThat(p.patch(p.root, "_system/openai-large", write)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void those_of_the_system_are_not_made_public() {
    assertThat(
            codes(
                p.patch(
                    p.root, "_system/openai-large", DefinitionWriteBuilder.of().isPublic(true))))
        .containsExactly("/public not_allowed");
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    Outcome<WrittenDefinition> outcome =
        p.w.definitions.patch(
            p.w.as(p.alice),
            p.open.ref(),
            Precondition.version(2),
            DefinitionWriteBuilder.of().model("m").command());

    assertThat(because(outcome)).isEqualTo("precondition_failed");
  }

  @Test
  void what_changes_nothing_counts_nothing_up_and_is_not_on_record() {
    Definition after =
        DefinitionFixture.written(p.patch(p.alice, "alice/open", DefinitionWriteBuilder.of()));

    assertThat(after.version()).isEqualTo(1);
    assertThat(p.w.recorded()).isEmpty();
  }

  @Test
  void a_change_is_on_record_with_the_fields() {
    DefinitionFixture.written(
        p.patch(
            p.alice,
            "alice/open",
            DefinitionWriteBuilder.of().model("m").dimensions(7).isPublic(false)));

    assertThat(p.w.recorded())
        .containsExactly("definition.update done alice/open [model, dimensions, public]");
  }
}
