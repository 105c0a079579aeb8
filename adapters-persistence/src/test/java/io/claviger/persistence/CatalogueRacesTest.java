package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.domain.models.ModelConfig;
import io.claviger.testkit.Race;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;

/**
 * 16 threads write the model catalogue at the same time. After each race, exactly one model is the
 * default, or there is no live model.
 */
final class CatalogueRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);

  private final ModelWrites models =
      new ModelWrites(PORTS, USE, PORTS.storedFirst(AUser.called("root").administrator().build()));

  @AfterEach
  void one_is_the_default() {
    assertThat(models.live())
        .filteredOn(ModelConfig::isDefault)
        .hasSize(models.live().isEmpty() ? 0 : 1);
  }

  @Race.Repeated
  void of_many_models_that_become_the_default_one_is_it() {
    List<ModelConfig> stored = IntStream.range(0, MANY).mapToObj(models::unbound).toList();

    assertThat(many(n -> models.makeDefault(stored.get(n)))).containsOnly(DONE);
  }

  @Race.Repeated
  void two_models_that_become_the_default_in_turns_are_never_both_it() {
    ModelConfig one = models.unbound(0);
    ModelConfig other = models.unbound(1);

    assertThat(many(n -> models.makeDefault(n % 2 == 0 ? one : other))).containsOnly(DONE);
  }

  @Race.Repeated
  void of_many_models_created_in_an_empty_catalogue_the_first_is_the_default() {
    assertThat(many(n -> models.create("m-" + n))).containsOnly(DONE);

    assertThat(models.live()).hasSize(MANY);
    assertThat(models.live().get(0).isDefault()).isTrue();
  }

  @Race.Repeated
  void many_that_are_created_as_the_default_follow_each_other() {
    assertThat(many(n -> models.createDefault("m-" + n))).containsOnly(DONE);

    assertThat(models.live()).hasSize(MANY);
  }

  @Race.Repeated
  void the_default_is_followed_by_another_until_none_is_left() {
    List<ModelConfig> stored = IntStream.range(0, MANY).mapToObj(models::unbound).toList();

    assertThat(many(n -> models.delete(stored.get(n)))).containsOnly(DONE);

    assertThat(models.live()).isEmpty();
  }

  @Race.Repeated
  void of_many_restorations_of_one_model_one_is_done() {
    ModelConfig gone = models.unbound(0);
    assertThat(models.delete(gone)).isEqualTo(DONE);

    List<String> outcomes = many(n -> models.restore(gone));

    assertThat(outcomes).containsOnlyOnce(DONE).containsOnly(DONE, "not_deleted");
    assertThat(models.live()).extracting(ModelConfig::id).containsExactly(gone.id());
  }

  @Race.Repeated
  void of_models_with_one_name_one_is_restored() {
    List<ModelConfig> gone =
        IntStream.range(0, MANY)
            .mapToObj(
                n -> {
                  ModelConfig model = models.unbound(0);
                  assertThat(models.delete(model)).isEqualTo(DONE);
                  return model;
                })
            .toList();

    List<String> outcomes = many(n -> models.restore(gone.get(n)));

    assertThat(outcomes).containsOnlyOnce(DONE).containsOnly(DONE, "name_taken");
    assertThat(models.live()).hasSize(1);
  }

  @Race.Repeated
  void a_default_that_is_disabled_while_others_come_and_go_is_followed() {
    List<ModelConfig> stored = IntStream.range(0, MANY).mapToObj(models::unbound).toList();
    assertThat(models.makeDefault(stored.get(0))).isEqualTo(DONE);

    List<String> outcomes =
        many(
            n ->
                switch (n % 4) {
                  case 0 -> models.disable(stored.get(n));
                  case 1 -> models.delete(stored.get(n));
                  case 2 -> models.makeDefault(stored.get(n));
                  default -> models.create("new-" + n);
                });

    assertThat(outcomes).containsOnly(DONE);
  }
}
