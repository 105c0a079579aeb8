package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AStandard;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link ApiStandardStore} promises. */
public abstract class ApiStandardsContract extends PortContract {
  private static final KeyPlacement IN_QUERY = new KeyPlacement(KeyMethod.QUERY_PARAM, "key");

  @Test
  void the_seeded_ones_are_there_and_speak_their_formats_own_lists() {
    assertThat(ports.apiStandards().list(none(), 10)).isEqualTo(Seeds.STANDARDS);
  }

  @Test
  void a_standard_is_found_as_stored() {
    ApiStandard standard =
        insert(
            AStandard.called("house")
                .description("ours")
                .format(WireFormat.GEMINI)
                .placement(IN_QUERY));

    assertThat(ports.apiStandards().find(handle("house"))).contains(standard);
    assertThat(ports.apiStandards().lock(handle("house"))).contains(standard);
    assertThat(ports.apiStandards().hold(handle("house"))).contains(standard);
    assertThat(ports.apiStandards().find(handle("other"))).isEmpty();
  }

  @Test
  void standards_are_listed_by_handle_from_a_position_on() {
    ApiStandard house = insert(AStandard.called("house"));

    assertThat(ports.apiStandards().list(Optional.of(handle("gemini")), 2))
        .containsExactly(house, Seeds.standard("none"));
  }

  @Test
  void none_is_called_system() {
    assertThatException().isThrownBy(() -> insert(AStandard.called("_system")));
  }

  @Test
  void a_handle_is_taken_once() {
    assertLost(TAKEN, () -> insert(AStandard.called("openai")));
  }

  @Test
  void an_update_replaces_everything_but_handle_and_creation() {
    insert(AStandard.called("house"));

    ApiStandard changed =
        AStandard.called("house")
            .description("new")
            .format(WireFormat.COHERE)
            .placement(KeyPlacement.NONE)
            .version(2)
            .build();
    ports.apiStandards().update(changed);

    assertThat(ports.apiStandards().find(handle("house"))).contains(changed);
  }

  @Test
  void what_is_gone_can_not_be_updated_or_deleted() {
    assertLost(REFERENCE_GONE, () -> ports.apiStandards().update(AStandard.called("gone").build()));
    assertLost(REFERENCE_GONE, () -> ports.apiStandards().delete(handle("gone")));
  }

  @Test
  void a_definition_uses_its_standard() {
    User alice = user("alice");
    insert(AStandard.called("house"));
    assertThat(ports.apiStandards().isInUse(handle("house"))).isFalse();

    Definition definition = stored(ADefinition.of(alice, "d").apiStandard("house").build());

    assertThat(ports.apiStandards().isInUse(handle("house"))).isTrue();
    assertStillInUse();
    ports.definitions().delete(definition.id());
    assertThat(ports.apiStandards().isInUse(handle("house"))).isFalse();
  }

  @Test
  void an_instance_uses_its_standard() {
    User alice = user("alice");
    insert(AStandard.called("house"));

    Instance instance =
        stored(AnInstance.of(alice, "i").apiStandard("house", KeyPlacement.BEARER).build());

    assertThat(ports.apiStandards().isInUse(handle("house"))).isTrue();
    assertStillInUse();
    ports.instances().delete(instance.id());
    assertThat(ports.apiStandards().isInUse(handle("house"))).isFalse();
  }

  @Test
  void one_that_nothing_uses_is_deleted() {
    insert(AStandard.called("house"));

    ports.apiStandards().delete(handle("house"));

    assertThat(ports.apiStandards().find(handle("house"))).isEmpty();
  }

  private void assertStillInUse() {
    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(() -> ports.apiStandards().delete(handle("house")));
  }

  private ApiStandard insert(AStandard builder) {
    ApiStandard standard = builder.build();
    ports.apiStandards().insert(standard);
    return standard;
  }
}
