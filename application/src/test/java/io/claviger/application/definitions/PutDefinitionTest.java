package io.claviger.application.definitions;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.definitions.Definitions.WrittenDefinition;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Provider;
import org.junit.jupiter.api.Test;

class PutDefinitionTest {
  private final DefinitionFixture p = new DefinitionFixture();

  @Test
  void a_user_creates_a_definition_of_their_own() {
    Outcome<WrittenDefinition> outcome = p.put(p.bob, "bob/small", DefinitionWriteBuilder.openAi());

    assertThat(outcome.orThrow().created()).isTrue();
    assertThat(p.w.claviger.definitions().find(Definition.Ref.of("bob/small"), p.bob.id()))
        .contains(new DefinitionStore.VisibleDefinition(DefinitionFixture.written(outcome), false));
  }

  @Test
  void absent_fields_take_the_providers_defaults() {
    Definition created =
        DefinitionFixture.written(
            p.put(
                p.bob,
                "bob/c",
                DefinitionWriteBuilder.of().provider(Provider.COHERE).model("embed-v4.0")));

    assertThat(created.fields().apiStandard()).isEqualTo(new Handle("cohere"));
    assertThat(created.fields().endpoint().url()).isEqualTo("https://api.cohere.com");
  }

  @Test
  void a_definition_is_private_unless_said_otherwise() {
    assertThat(
            DefinitionFixture.written(p.put(p.bob, "bob/small", DefinitionWriteBuilder.openAi()))
                .isPublic())
        .isFalse();
  }

  @Test
  void all_that_is_missing_is_told_at_once() {
    assertThat(codes(p.put(p.bob, "bob/x", DefinitionWriteBuilder.of())))
        .containsExactly("/provider required", "/model required");
  }

  @Test
  void a_provider_without_a_default_endpoint_needs_one() {
    assertThat(
            codes(
                p.put(
                    p.bob,
                    "bob/x",
                    DefinitionWriteBuilder.of().provider(Provider.AZURE).model("m"))))
        .containsExactly("/endpoint required");
  }

  @Test
  void an_api_standard_has_to_exist() {
    assertThat(codes(p.put(p.bob, "bob/x", DefinitionWriteBuilder.openAi().apiStandard("nothing"))))
        .containsExactly("/api_standard unknown_reference");
  }

  @Test
  void replacing_takes_absent_fields_back_to_their_defaults() {
    Definition after =
        DefinitionFixture.written(p.put(p.alice, "alice/open", DefinitionWriteBuilder.openAi()));

    assertThat(after.fields().dimensions()).isEmpty();
    assertThat(after.isPublic()).isFalse();
    assertThat(after.version()).isEqualTo(2);
  }

  @Test
  void replacing_keeps_the_identity() {
    Definition after =
        DefinitionFixture.written(p.put(p.alice, "alice/open", DefinitionWriteBuilder.openAi()));

    assertThat(after.id()).isEqualTo(p.open.id());
  }

  @Test
  void what_was_read_and_is_sent_back_changes_nothing() {
    Definition after =
        DefinitionFixture.written(
            p.put(p.alice, "alice/open", DefinitionWriteBuilder.back(p.open)));

    assertThat(after).isEqualTo(p.open);
    assertThat(p.w.recorded()).isEmpty();
  }

  @Test
  void nobody_creates_in_anothers_namespace() {
    assertThat(because(p.put(p.bob, "alice/new", DefinitionWriteBuilder.openAi())))
        .isEqualTo("forbidden");
  }

  @Test
  void anothers_namespace_is_forbidden_whether_or_not_something_is_there() {
    assertThat(p.put(p.bob, "alice/secret", DefinitionWriteBuilder.openAi()))
        .isEqualTo(p.put(p.bob, "alice/nothing", DefinitionWriteBuilder.openAi()));
  }

  @Test
  void a_namespace_of_nobody_is_forbidden_too() {
    assertThat(p.put(p.bob, "nobody/x", DefinitionWriteBuilder.openAi()))
        .isEqualTo(p.put(p.bob, "alice/nothing", DefinitionWriteBuilder.openAi()));
  }

  @Test
  void an_administrator_creates_in_nobody_elses_namespace() {
    assertThat(because(p.put(p.root, "alice/new", DefinitionWriteBuilder.openAi())))
        .isEqualTo("forbidden");
  }

  @Test
  void a_public_definition_is_seen_and_not_replaced_by_others() {
    assertThat(because(p.put(p.bob, "alice/open", DefinitionWriteBuilder.openAi())))
        .isEqualTo("forbidden");
  }

  @Test
  void an_administrator_does_not_replace_anothers() {
    assertThat(because(p.put(p.root, "alice/open", DefinitionWriteBuilder.openAi())))
        .isEqualTo("forbidden");
  }

  @Test
  void an_administrator_creates_those_of_the_system() {
    Definition created =
        DefinitionFixture.written(p.put(p.root, "_system/new", DefinitionWriteBuilder.openAi()));

    assertThat(created.isSystemLevel()).isTrue();
  }

  @Test
  void nobody_else_creates_those_of_the_system() {
    assertThat(because(p.put(p.alice, "_system/new", DefinitionWriteBuilder.openAi())))
        .isEqualTo("forbidden");
  }

  @Test
  void what_belongs_to_the_system_is_not_made_public() {
    assertThat(codes(p.put(p.root, "_system/new", DefinitionWriteBuilder.openAi().isPublic(true))))
        .containsExactly("/public not_allowed");
  }

  @Test
  void what_belongs_to_the_system_may_be_said_not_to_be_public() {
    assertThat(p.put(p.root, "_system/new", DefinitionWriteBuilder.openAi().isPublic(false)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_creation_is_on_record() {
    Outcome<WrittenDefinition> unused = p.put(p.bob, "bob/small", DefinitionWriteBuilder.openAi());

    assertThat(p.w.recorded()).containsExactly("definition.create done bob/small []");
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<WrittenDefinition> unused = p.put(p.bob, "alice/new", DefinitionWriteBuilder.openAi());

    assertThat(p.w.recorded()).containsExactly("definition.create refused alice/new [forbidden]");
  }

  @Test
  void a_token_of_scope_use_writes_none() {
    Outcome<WrittenDefinition> outcome =
        p.w.definitions.put(
            p.w.using(p.bob),
            Definition.Ref.of("bob/small"),
            Precondition.NONE,
            DefinitionWriteBuilder.openAi().command());

    assertThat(because(outcome)).isEqualTo("forbidden");
  }

  @Test
  void a_definition_that_is_there_is_not_created_only() {
    Outcome<WrittenDefinition> outcome =
        p.w.definitions.put(
            p.w.as(p.alice),
            p.open.ref(),
            Precondition.CREATE_ONLY,
            DefinitionWriteBuilder.openAi().command());

    assertThat(because(outcome)).isEqualTo("precondition_failed");
  }

  @Test
  void a_definition_that_is_not_there_is_not_changed_only() {
    Outcome<WrittenDefinition> outcome =
        p.w.definitions.put(
            p.w.as(p.alice),
            Definition.Ref.of("alice/new"),
            Precondition.CHANGE_ONLY,
            DefinitionWriteBuilder.openAi().command());

    assertThat(because(outcome)).isEqualTo("precondition_failed");
  }
}
