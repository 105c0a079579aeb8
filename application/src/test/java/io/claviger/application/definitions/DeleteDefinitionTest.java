package io.claviger.application.definitions;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import org.junit.jupiter.api.Test;

class DeleteDefinitionTest {
  private final DefinitionFixture p = new DefinitionFixture();

  @Test
  void the_owner_deletes_a_definition() {
    assertThat(delete(p.alice, "alice/secret")).isInstanceOf(Outcome.Done.class);
    assertThat(p.w.claviger.definitions().find(p.secret.ref(), p.alice.id())).isEmpty();
  }

  @Test
  void an_administrator_deletes_anybodys() {
    assertThat(delete(p.root, "alice/secret")).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void an_administrator_deletes_those_of_the_system() {
    assertThat(delete(p.root, "_system/openai-small")).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void anothers_private_one_is_not_found() {
    assertThat(delete(p.bob, "alice/secret")).isEqualTo(delete(p.bob, "alice/nothing"));
    assertThat(because(delete(p.bob, "alice/secret"))).isEqualTo("not_found");
  }

  @Test
  void anothers_public_one_is_forbidden() {
    assertThat(because(delete(p.bob, "alice/open"))).isEqualTo("forbidden");
  }

  @Test
  void those_of_the_system_are_forbidden() {
    assertThat(because(delete(p.bob, "_system/openai-small"))).isEqualTo("forbidden");
  }

  @Test
  void a_service_made_from_it_loses_the_reference_only() {
    Instance made = p.w.stored(AnInstance.of(p.bob, "s").from(p.open).build());

    Outcome<Definition.Ref> unused = delete(p.alice, "alice/open");

    assertThat(p.w.now(made.ref()).definitionRef()).isEmpty();
    assertThat(p.w.now(made.ref()).settings().fields()).isEqualTo(made.settings().fields());
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    assertThat(
            because(p.w.definitions.delete(p.w.as(p.alice), p.open.ref(), Precondition.version(9))))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_deletion_is_on_record() {
    Outcome<Definition.Ref> unused = delete(p.alice, "alice/open");

    assertThat(p.w.recorded()).containsExactly("definition.delete done alice/open []");
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<Definition.Ref> unused = delete(p.bob, "alice/open");

    assertThat(p.w.recorded()).containsExactly("definition.delete refused alice/open [forbidden]");
  }

  private Outcome<Definition.Ref> delete(User actor, String ref) {
    return p.w.definitions.delete(p.w.as(actor), Definition.Ref.of(ref), Precondition.NONE);
  }
}
