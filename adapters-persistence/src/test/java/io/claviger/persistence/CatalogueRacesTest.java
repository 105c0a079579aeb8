package io.claviger.persistence;

import static io.claviger.persistence.Contest.DONE;
import static io.claviger.persistence.Contest.MANY;
import static io.claviger.persistence.Contest.ROUNDS;
import static io.claviger.persistence.Contest.count;
import static io.claviger.persistence.Contest.many;
import static io.claviger.persistence.Contest.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.instances.out.SecretChange;
import io.claviger.application.models.DeleteModelConfig;
import io.claviger.application.models.WriteModelConfig;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelWrite;
import io.claviger.testkit.Seeds;
import io.claviger.testkit.build.AModelConfig;
import io.claviger.testkit.build.AUser;
import io.claviger.testkit.build.AnInstance;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

/**
 * The model catalogue, written by 16 threads at once. After each race one model is the default, or
 * none is live, and what is bound is bound to something.
 */
@SuppressWarnings("NullAway.Init") // set before each test
final class CatalogueRacesTest {
  private static final PostgresPorts PORTS = new PostgresPorts();
  private static final UseCases USE = new UseCases(PORTS);
  private static final ServiceWrites SERVICES = new ServiceWrites(USE);

  private static final ModelWrite NOTHING =
      new ModelWrite(
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent());

  private User root;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    root = AUser.called("root").administrator().build();
    PORTS.users().insert(root);
  }

  @AfterEach
  void the_catalogue_is_in_order() {
    assertThat(live()).filteredOn(ModelConfig::isDefault).hasSize(live().isEmpty() ? 0 : 1);
    assertThat(live())
        .flatExtracting(m -> m.instance().stream().toList())
        .allMatch(id -> PORTS.instances().find(id, root.id()).isPresent());
  }

  @AfterAll
  static void close() {
    PORTS.close();
  }

  @RepeatedTest(ROUNDS)
  void of_many_models_that_become_the_default_one_is_it() {
    List<ModelConfig> models = IntStream.range(0, MANY).mapToObj(this::unbound).toList();

    assertThat(many(n -> makeDefault(models.get(n)))).containsOnly(DONE);
  }

  @RepeatedTest(ROUNDS)
  void two_models_that_become_the_default_in_turns_are_never_both_it() {
    ModelConfig one = unbound(0);
    ModelConfig other = unbound(1);

    assertThat(many(n -> makeDefault(n % 2 == 0 ? one : other))).containsOnly(DONE);
  }

  @RepeatedTest(ROUNDS)
  void of_many_models_created_in_an_empty_catalogue_the_first_is_the_default() {
    assertThat(many(n -> create("m-" + n, Field.absent()))).containsOnly(DONE);

    assertThat(live()).hasSize(MANY);
    assertThat(live().get(0).isDefault()).isTrue();
  }

  @RepeatedTest(ROUNDS)
  void many_that_are_created_as_the_default_follow_each_other() {
    assertThat(many(n -> create(command("m-" + n, Field.absent(), Field.of(true)))))
        .containsOnly(DONE);

    assertThat(live()).hasSize(MANY);
  }

  @RepeatedTest(ROUNDS)
  void the_default_is_followed_by_another_until_none_is_left() {
    List<ModelConfig> models = IntStream.range(0, MANY).mapToObj(this::unbound).toList();

    assertThat(many(n -> delete(models.get(n)))).containsOnly(DONE);

    assertThat(live()).isEmpty();
  }

  @RepeatedTest(ROUNDS)
  void a_default_that_is_disabled_while_others_come_and_go_is_followed() {
    List<ModelConfig> models = IntStream.range(0, MANY).mapToObj(this::unbound).toList();
    assertThat(makeDefault(models.get(0))).isEqualTo(DONE);

    List<String> outcomes =
        many(
            n ->
                switch (n % 4) {
                  case 0 -> disable(models.get(n));
                  case 1 -> delete(models.get(n));
                  case 2 -> makeDefault(models.get(n));
                  default -> create("new-" + n, Field.absent());
                });

    assertThat(outcomes).containsOnly(DONE);
  }

  @RepeatedTest(ROUNDS)
  void a_service_goes_with_its_models_whoever_creates_more() {
    Instance service = stored(AnInstance.systemLevel("s").build());

    List<String> outcomes =
        oneAgainstMany(
            () -> SERVICES.delete(root, service), n -> create("m-" + n, Field.of(service.ref())));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "unknown_reference");
    assertThat(PORTS.instances().find(service.id(), root.id())).isEmpty();
    assertThat(live()).isEmpty();
    assertThat(deleted()).isEqualTo(count(outcomes, DONE) - 1);
  }

  @RepeatedTest(ROUNDS)
  void a_service_goes_with_the_models_that_were_bound_to_it_in_time() {
    Instance service = stored(AnInstance.systemLevel("s").build());
    stored(AnInstance.systemLevel("sibling").build());
    List<ModelConfig> models = IntStream.range(0, MANY).mapToObj(this::unbound).toList();

    List<String> outcomes =
        oneAgainstMany(
            () -> SERVICES.delete(root, service), n -> bind(models.get(n), service.ref()));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "unknown_reference");
    assertThat(PORTS.instances().find(service.id(), root.id())).isEmpty();
    assertThat(live())
        .hasSize(MANY - (count(outcomes, DONE) - 1))
        .allMatch(m -> m.instance().isEmpty());
  }

  @RepeatedTest(ROUNDS)
  void a_new_model_is_bound_to_a_service_that_stays() {
    Instance service = stored(AnInstance.systemLevel("s").build());
    Instance sibling =
        stored(AnInstance.systemLevel("sibling").createdAt(Seeds.SEEDED_AT.plusSeconds(1)).build());

    List<String> outcomes =
        oneAgainstMany(() -> SERVICES.delete(root, service), n -> create("m-" + n, Field.absent()));

    assertThat(outcomes).containsOnly(DONE);
    assertThat(live()).allMatch(m -> m.instance().equals(Optional.of(sibling.id())));
    assertThat(live()).hasSize(MANY - 1 - deleted());
  }

  @RepeatedTest(ROUNDS)
  void a_new_model_is_bound_to_a_service_that_was_enabled() {
    Instance service = stored(AnInstance.systemLevel("s").build());
    Instance sibling =
        stored(AnInstance.systemLevel("sibling").createdAt(Seeds.SEEDED_AT.plusSeconds(1)).build());

    List<String> outcomes =
        oneAgainstMany(
            () -> SERVICES.enabled(root, service, false), n -> create("m-" + n, Field.absent()));

    assertThat(outcomes).containsOnly(DONE);
    Instance disabled = PORTS.instances().find(service.id(), root.id()).orElseThrow().instance();
    List<ModelConfig> early =
        live().stream().filter(m -> m.instance().equals(Optional.of(service.id()))).toList();
    assertThat(early)
        .allSatisfy(m -> assertThat(created(m)).isBeforeOrEqualTo(disabled.updatedAt()));
    assertThat(live())
        .filteredOn(m -> m.instance().equals(Optional.of(sibling.id())))
        .hasSize(MANY - 1 - early.size());
  }

  @RepeatedTest(ROUNDS)
  void the_unbound_models_of_a_provider_go_with_the_last_of_its_services() {
    Instance one = stored(AnInstance.systemLevel("one").build());
    Instance other = stored(AnInstance.systemLevel("other").build());
    for (int n = 0; n < 3; n++) {
      unbound(n);
    }
    PORTS
        .modelConfigs()
        .insert(AModelConfig.of("cohere").provider(Provider.COHERE).build(), root.id());

    List<String> outcomes = many(n -> SERVICES.delete(root, n % 2 == 0 ? one : other));

    assertThat(outcomes).isSubsetOf(DONE, "not_found").filteredOn(DONE::equals).hasSize(2);
    assertThat(live()).extracting(m -> m.settings().provider()).containsExactly(Provider.COHERE);
  }

  @RepeatedTest(ROUNDS)
  void a_service_goes_over_to_another_provider_or_models_are_bound_to_it() {
    Instance service = stored(AnInstance.systemLevel("s").build());

    List<String> outcomes =
        oneAgainstMany(
            () -> SERVICES.provider(root, service, Provider.OPENAI_COMPAT),
            n -> create("m-" + n, Field.of(service.ref())));

    Provider now =
        PORTS
            .instances()
            .find(service.id(), root.id())
            .orElseThrow()
            .instance()
            .settings()
            .fields()
            .provider();
    if (now == Provider.OPENAI) {
      assertThat(outcomes.get(0)).isEqualTo("in_use");
      assertThat(outcomes.subList(1, MANY)).containsOnly(DONE);
      assertThat(live()).hasSize(MANY - 1);
    } else {
      assertThat(outcomes.get(0)).isEqualTo(DONE);
      assertThat(outcomes.subList(1, MANY)).containsOnly("provider_differs");
      assertThat(live()).isEmpty();
    }
  }

  private ModelConfig unbound(int n) {
    ModelConfig model =
        (n == 0 ? AModelConfig.of("m-" + n).asDefault() : AModelConfig.of("m-" + n)).build();
    PORTS.modelConfigs().insert(model, root.id());
    return model;
  }

  private String create(String model, Field<InstanceRef> service) {
    return create(command(model, service, Field.absent()));
  }

  private String create(WriteModelConfig.Command command) {
    return said(USE.models.writeModelConfig().create(UseCases.as(root), command));
  }

  private String makeDefault(ModelConfig model) {
    return patch(model, new WriteModelConfig.Command(NOTHING, Field.of(true), Field.absent()));
  }

  private String bind(ModelConfig model, InstanceRef service) {
    return patch(model, new WriteModelConfig.Command(NOTHING, Field.absent(), Field.of(service)));
  }

  private String disable(ModelConfig model) {
    ModelWrite disabled =
        new ModelWrite(
            Field.absent(),
            Field.absent(),
            Field.absent(),
            Field.of(false),
            Field.absent(),
            Field.absent());
    return patch(model, new WriteModelConfig.Command(disabled, Field.absent(), Field.absent()));
  }

  private String patch(ModelConfig model, WriteModelConfig.Command command) {
    return said(
        USE.models
            .writeModelConfig()
            .patch(UseCases.as(root), model.id(), Precondition.NONE, command));
  }

  private String delete(ModelConfig model) {
    return switch (USE.models
        .deleteModelConfig()
        .delete(UseCases.as(root), model.id(), Precondition.NONE)) {
      case DeleteModelConfig.Outcome.Deleted deleted -> DONE;
      case DeleteModelConfig.Outcome.Refused refused -> refused.why().code();
    };
  }

  private static WriteModelConfig.Command command(
      String model, Field<InstanceRef> service, Field<Boolean> isDefault) {
    ModelWrite write =
        new ModelWrite(
            Field.of(Provider.OPENAI),
            Field.of(new ModelName(model)),
            Field.absent(),
            Field.absent(),
            Field.absent(),
            Field.absent());
    return new WriteModelConfig.Command(write, isDefault, service);
  }

  private static String said(WriteModelConfig.Outcome outcome) {
    return switch (outcome) {
      case WriteModelConfig.Outcome.Written written -> DONE;
      case WriteModelConfig.Outcome.Refused refused -> refused.why().code();
    };
  }

  private static List<ModelConfig> live() {
    return PORTS.modelConfigs().live(Optional.empty(), 100);
  }

  /** When it was about to be committed, and its service still held. */
  private static Instant created(ModelConfig model) {
    return PORTS.auditEvents().stream()
        .filter(e -> e.action() == AuditAction.MODEL_CREATE)
        .filter(e -> e.target().id().equals(Optional.of(model.id().value())))
        .map(AuditEvent::at)
        .findFirst()
        .orElseThrow();
  }

  private static int deleted() {
    return PORTS
        .sql()
        .sql("select count(*) from model_configs where deleted_at is not null")
        .query(Integer.class)
        .single();
  }

  private static Instance stored(Instance instance) {
    PORTS.instances().insert(instance, new SecretChange.Keep(), new SecretChange.Keep());
    return instance;
  }
}
