package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AShare;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service can be created from a definition that is shared with the user. */
class FromSharedDefinitionTest {
  private final Wiring w = new Wiring();
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Definition template = w.stored(ADefinition.of(alice, "template").build());
  private final InstanceWrites write = new InstanceWrites(w);

  @BeforeEach
  void share() {
    w.claviger.definitionShares().insert(template.id(), AShare.with(bob).build(), alice.id());
  }

  @Test
  void who_sees_a_definition_creates_from_it() {
    Instance made = made();

    assertThat(made.settings().definition()).contains(template.id());
    assertThat(made.settings().fields()).isEqualTo(template.fields());
  }

  @Test
  void what_was_made_stays_as_it_is_when_the_sight_ends() {
    Instance made = made();

    endSight();

    assertThat(w.now(made.ref())).isEqualTo(made);
  }

  @Test
  void who_lost_the_sight_creates_nothing_more_from_it() {
    endSight();

    assertThat(
            because(
                write.put(w.as(bob), "bob/more", InstanceWriteBuilder.of().from("alice/template"))))
        .isEqualTo("/definition unknown_reference");
  }

  @Test
  void who_lost_the_sight_sends_back_what_they_read() {
    Instance made = made();
    endSight();

    Instance same =
        InstanceWrites.written(write.put(w.as(bob), "bob/made", InstanceWriteBuilder.back(made)));

    assertThat(same.settings()).isEqualTo(made.settings());
    assertThat(same.definitionRef()).contains(template.ref());
  }

  private Instance made() {
    return InstanceWrites.written(
        write.put(w.as(bob), "bob/made", InstanceWriteBuilder.of().from("alice/template")));
  }

  private void endSight() {
    assertThat(w.claviger.definitionShares().delete(template.id(), bob.id())).isTrue();
  }
}
