package io.claviger.application.standards;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import org.junit.jupiter.api.Test;

class DeleteStandardTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");

  @Test
  void an_unused_standard_can_be_deleted() {
    assertThat(delete(root, "azure-openai")).isEqualTo(Outcome.done(new Handle("azure-openai")));
    assertThat(w.claviger.apiStandards().find(new Handle("azure-openai"))).isEmpty();
  }

  @Test
  void a_standard_that_a_definition_uses_stays() {
    assertThat(because(delete(root, "openai"))).isEqualTo("in_use");
    assertThat(w.claviger.apiStandards().find(new Handle("openai"))).isPresent();
  }

  @Test
  void a_standard_that_a_service_uses_stays() {
    Instance unused = w.stored(AnInstance.of(alice, "s").apiStandard("none").build());

    assertThat(because(delete(root, "none"))).isEqualTo("in_use");
  }

  @Test
  void nobody_but_an_administrator_deletes_standards() {
    assertThat(because(delete(alice, "azure-openai"))).isEqualTo("forbidden");
  }

  @Test
  void what_is_not_there_is_not_found() {
    assertThat(because(delete(root, "nothing"))).isEqualTo("not_found");
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    assertThat(
            because(
                w.standards.delete(
                    w.as(root), new Handle("azure-openai"), Precondition.version(2))))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_deletion_is_on_record() {
    Outcome<Handle> unused = delete(root, "azure-openai");

    assertThat(w.recorded()).containsExactly("standard.delete done azure-openai []");
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<Handle> unused = delete(root, "openai");

    assertThat(w.recorded()).containsExactly("standard.delete refused openai [in_use]");
  }

  private Outcome<Handle> delete(User actor, String handle) {
    return w.standards.delete(w.as(actor), new Handle(handle), Precondition.NONE);
  }
}
