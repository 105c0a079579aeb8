package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AModelConfig;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.testkit.Race;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;

/**
 * System-level services that are taken away or changed while 15 threads bind models to them: after
 * each race one model is the default, or none is live, and none is bound to nothing.
 */
final class ModelBindingRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final ServiceWrites SERVICES = new ServiceWrites(USE);

  private final User root = PORTS.storedFirst(AUser.called("root").administrator().build());
  private final ModelWrites models = new ModelWrites(PORTS, USE, root);

  @AfterEach
  void the_catalogue_is_in_order() {
    assertThat(models.live())
        .filteredOn(ModelConfig::isDefault)
        .hasSize(models.live().isEmpty() ? 0 : 1);
    assertThat(models.live())
        .flatExtracting(m -> m.instance().stream().toList())
        .allMatch(id -> PORTS.instances().find(id, root.id(), Seeds.SEEDED_AT).isPresent());
  }

  @Race.Repeated
  void a_service_goes_with_its_models_whoever_creates_more() {
    Instance service = PORTS.stored(AnInstance.systemLevel("s").build());

    List<String> outcomes =
        oneAgainstMany(
            () -> SERVICES.delete(root, service), n -> models.create("m-" + n, service.ref()));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "unknown_reference");
    assertThat(PORTS.instances().find(service.id(), root.id(), Seeds.SEEDED_AT)).isEmpty();
    assertThat(models.live()).isEmpty();
    assertThat(deleted()).isEqualTo(count(outcomes, DONE) - 1);
  }

  @Race.Repeated
  void a_service_goes_with_the_models_that_were_bound_to_it_in_time() {
    Instance service = PORTS.stored(AnInstance.systemLevel("s").build());
    PORTS.stored(AnInstance.systemLevel("sibling").build());
    List<ModelConfig> stored = IntStream.range(0, MANY).mapToObj(models::unbound).toList();

    List<String> outcomes =
        oneAgainstMany(
            () -> SERVICES.delete(root, service), n -> models.bind(stored.get(n), service.ref()));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "unknown_reference");
    assertThat(PORTS.instances().find(service.id(), root.id(), Seeds.SEEDED_AT)).isEmpty();
    assertThat(models.live())
        .hasSize(MANY - (count(outcomes, DONE) - 1))
        .allMatch(m -> m.instance().isEmpty());
  }

  @Race.Repeated
  void a_new_model_is_bound_to_a_service_that_stays() {
    Instance service = PORTS.stored(AnInstance.systemLevel("s").build());
    Instance sibling =
        PORTS.stored(
            AnInstance.systemLevel("sibling").createdAt(Seeds.SEEDED_AT.plusSeconds(1)).build());

    List<String> outcomes =
        oneAgainstMany(() -> SERVICES.delete(root, service), n -> models.create("m-" + n));

    assertThat(outcomes).containsOnly(DONE);
    assertThat(models.live()).allMatch(m -> m.instance().equals(Optional.of(sibling.id())));
    assertThat(models.live()).hasSize(MANY - 1 - deleted());
  }

  @Race.Repeated
  void a_new_model_is_bound_to_a_service_that_was_enabled() {
    Instance service = PORTS.stored(AnInstance.systemLevel("s").build());
    Instance sibling =
        PORTS.stored(
            AnInstance.systemLevel("sibling").createdAt(Seeds.SEEDED_AT.plusSeconds(1)).build());

    List<String> outcomes =
        oneAgainstMany(() -> SERVICES.enabled(root, service, false), n -> models.create("m-" + n));

    assertThat(outcomes).containsOnly(DONE);
    Instance disabled =
        PORTS.instances().find(service.id(), root.id(), Seeds.SEEDED_AT).orElseThrow().instance();
    List<ModelConfig> early =
        models.live().stream().filter(m -> m.instance().equals(Optional.of(service.id()))).toList();
    Map<UUID, Instant> created = created();
    assertThat(early)
        .extracting(m -> created.get(m.id().value()))
        .allMatch(at -> !at.isAfter(disabled.updatedAt()));
    assertThat(models.live())
        .filteredOn(m -> m.instance().equals(Optional.of(sibling.id())))
        .hasSize(MANY - 1 - early.size());
  }

  @Race.Repeated
  void the_unbound_models_of_a_provider_go_with_the_last_of_its_services() {
    Instance one = PORTS.stored(AnInstance.systemLevel("one").build());
    Instance other = PORTS.stored(AnInstance.systemLevel("other").build());
    for (int n = 0; n < 3; n++) {
      models.unbound(n);
    }
    PORTS
        .modelConfigs()
        .insert(AModelConfig.of("cohere").provider(Provider.COHERE).build(), root.id());

    List<String> outcomes = many(n -> SERVICES.delete(root, n % 2 == 0 ? one : other));

    assertThat(outcomes).isSubsetOf(DONE, "not_found").filteredOn(DONE::equals).hasSize(2);
    assertThat(models.live())
        .extracting(m -> m.settings().provider())
        .containsExactly(Provider.COHERE);
  }

  @Race.Repeated
  void a_service_goes_over_to_another_provider_or_models_are_bound_to_it() {
    Instance service = PORTS.stored(AnInstance.systemLevel("s").build());

    List<String> outcomes =
        oneAgainstMany(
            () -> SERVICES.provider(root, service, Provider.OPENAI_COMPAT),
            n -> models.create("m-" + n, service.ref()));

    Provider now =
        PORTS
            .instances()
            .find(service.id(), root.id(), Seeds.SEEDED_AT)
            .orElseThrow()
            .instance()
            .settings()
            .fields()
            .provider();
    if (now.equals(Provider.OPENAI)) {
      assertThat(outcomes.get(0)).isEqualTo("in_use");
      assertThat(outcomes.subList(1, MANY)).containsOnly(DONE);
      assertThat(models.live()).hasSize(MANY - 1);
    } else {
      assertThat(outcomes.get(0)).isEqualTo(DONE);
      assertThat(outcomes.subList(1, MANY)).containsOnly("provider_differs");
      assertThat(models.live()).isEmpty();
    }
  }

  /** The time at which each model was about to be committed, while its service was still locked. */
  private static Map<UUID, Instant> created() {
    return PORTS.auditEvents().stream()
        .filter(e -> e.action() == AuditAction.MODEL_CREATE)
        .collect(Collectors.toMap(e -> e.target().id().orElseThrow(), AuditEvent::at));
  }

  private static int deleted() {
    return PORTS
        .sql()
        .sql("select count(*) from model_configs where deleted_at is not null")
        .query(Integer.class)
        .single();
  }
}
