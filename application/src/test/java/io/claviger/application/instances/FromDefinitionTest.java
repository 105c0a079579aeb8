package io.claviger.application.instances;

import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;

class FromDefinitionTest {
  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Definition secret = ADefinition.of(bob, "secret").build();
  private final Definition open = ADefinition.of(bob, "open").isPublic().build();

  FromDefinitionTest() {
    w.claviger.definitions().insert(secret);
    w.claviger.definitions().insert(open);
  }

  @Test
  void fields_are_copied() {
    Instance created = InstanceWrites.written(put(InstanceWriteBuilder.of().from("bob/open")));

    assertThat(created.settings().fields()).isEqualTo(open.fields());
  }

  @Test
  void the_definition_is_remembered() {
    Instance created = InstanceWrites.written(put(InstanceWriteBuilder.of().from("bob/open")));

    assertThat(created.settings().definition()).contains(open.id());
    assertThat(created.definitionRef()).contains(open.ref());
  }

  @Test
  void any_field_can_be_overridden() {
    Instance created =
        InstanceWrites.written(
            put(
                InstanceWriteBuilder.of()
                    .from("bob/open")
                    .description("own")
                    .model("own-model")
                    .dimensions(7)
                    .contextLimit(8)
                    .provider(Provider.OPENAI_COMPAT)
                    .apiStandard("azure-openai")
                    .endpoint("https://own.example.org")));

    FieldValues copied = created.settings().fields().values();
    assertThat(open.fields().values().differingFrom(copied, DefinitionFields.COPIED))
        .isEqualTo(DefinitionFields.COPIED);
  }

  @Test
  void null_overrides_too() {
    Instance created =
        InstanceWrites.written(put(InstanceWriteBuilder.of().from("bob/open").withoutDimensions()));

    assertThat(created.settings().fields().dimensions()).isEmpty();
    assertThat(created.settings().fields().contextLimit()).isEqualTo(open.fields().contextLimit());
  }

  @Test
  void replacing_takes_absent_fields_from_the_definition() {
    InstanceWrites.written(put(InstanceWriteBuilder.of().from("bob/open").model("own-model")));

    assertThat(
            InstanceWrites.written(put(InstanceWriteBuilder.of().from("bob/open")))
                .settings()
                .fields())
        .isEqualTo(open.fields());
  }

  @Test
  void a_change_of_the_definition_does_not_reach_the_service() {
    Instance created = InstanceWrites.written(put(InstanceWriteBuilder.of().from("bob/open")));
    w.claviger
        .definitions()
        .update(
            open.with(
                ADefinition.of(bob, "x").model("other").build().fields(), true, Seeds.SEEDED_AT));

    assertThat(w.now(created.ref()).settings().fields()).isEqualTo(open.fields());
  }

  @Test
  void a_definition_that_one_cannot_see_is_an_unknown_reference() {
    assertThat(codes(put(InstanceWriteBuilder.of().from("bob/secret"))))
        .containsExactly("/definition unknown_reference");
  }

  @Test
  void a_definition_that_one_cannot_see_is_told_like_one_that_does_not_exist() {
    assertThat(put(InstanceWriteBuilder.openAi().from("bob/secret")))
        .isEqualTo(put(InstanceWriteBuilder.openAi().from("bob/nothing")));
  }

  @Test
  void a_merge_keeps_the_reference_unless_it_names_one() {
    InstanceWrites.written(put(InstanceWriteBuilder.of().from("bob/open")));

    assertThat(
            InstanceWrites.written(
                    write.patch(w.as(alice), "alice/s", InstanceWriteBuilder.of().timeout(5)))
                .definitionRef())
        .contains(open.ref());
  }

  @Test
  void a_merge_drops_the_reference_by_null() {
    InstanceWrites.written(put(InstanceWriteBuilder.of().from("bob/open")));

    Instance after =
        InstanceWrites.written(
            write.patch(w.as(alice), "alice/s", InstanceWriteBuilder.of().fromNone()));

    assertThat(after.definitionRef()).isEmpty();
    assertThat(after.settings().fields()).isEqualTo(open.fields());
  }

  @Test
  void a_merge_that_names_a_definition_takes_the_reference_and_no_fields() {
    Instance before = InstanceWrites.written(put(InstanceWriteBuilder.openAi()));

    Instance after =
        InstanceWrites.written(
            write.patch(w.as(alice), "alice/s", InstanceWriteBuilder.of().from("bob/open")));

    assertThat(after.definitionRef()).contains(open.ref());
    assertThat(after.settings().fields()).isEqualTo(before.settings().fields());
  }

  @Test
  void a_co_owner_sends_back_a_reference_that_they_cannot_see() {
    Instance service = w.stored(AnInstance.of(bob, "b").from(secret).build());
    Share unused = w.stored(service, AShare.with(alice).role(Role.OWNER).givenBy(bob).build());
    Instance read = w.now(service.ref());

    Instance after =
        InstanceWrites.written(
            write.put(
                w.as(alice), "bob/b", InstanceWriteBuilder.back(read).description("changed")));

    assertThat(after.definitionRef()).contains(secret.ref());
  }

  private Outcome<WrittenInstance> put(InstanceWriteBuilder what) {
    return write.put(w.as(alice), "alice/s", what);
  }
}
