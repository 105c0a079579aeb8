package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AModelConfig;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.models.ModelWriteBuilder;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.routing.ModelList;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What decides where names lead, written by 16 threads at once. */
final class RoutingRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  private final User root = PORTS.storedFirst(AUser.called("root").administrator().build());
  private final User bob = PORTS.stored(AUser.called("bob").build());

  @Race.Repeated
  void of_many_models_with_one_given_name_one_gets_it() {
    List<String> outcomes =
        many(n -> create(ModelWriteBuilder.openAi("m-" + n).called("the-name")));

    assertThat(count(outcomes, DONE)).isEqualTo(1);
    assertThat(count(outcomes, "name_taken")).isEqualTo(outcomes.size() - 1);
  }

  @Race.Repeated
  void many_models_of_one_provider_name_get_different_names() {
    assertThat(many(n -> create(ModelWriteBuilder.openAi("m")))).containsOnly(DONE);

    assertThat(live()).extracting(m -> m.route().name().value()).doesNotHaveDuplicates();
  }

  @Race.Repeated
  void a_service_that_is_deleted_while_it_is_made_a_target_is_no_target() {
    Instance stays = PORTS.stored(AnInstance.systemLevel("stays").build());
    Instance goes = PORTS.stored(AnInstance.systemLevel("goes").build());
    ModelConfig model = AModelConfig.of("m").boundTo(stays).asDefault().build();
    PORTS.modelConfigs().insert(model, root.id());

    List<String> outcomes =
        oneAgainstMany(
            () -> delete(goes),
            n ->
                code(
                    USE.modelConfigs.patch(
                        RacingUseCases.as(root),
                        model.id(),
                        Precondition.NONE,
                        ModelWriteBuilder.of()
                            .target(stays.ref(), "m")
                            .target(goes.ref(), "m" + n)
                            .command())));

    assertThat(outcomes).containsAnyOf(DONE).doesNotContain("concurrent_change");
    assertThat(outcomes.get(0)).isEqualTo(DONE);
    assertThat(live().get(0).targets()).extracting(ModelTarget::service).containsOnly(stays.id());
  }

  @Race.Repeated
  void nobody_has_accepted_a_share_that_was_removed_meanwhile() {
    Instance service = PORTS.stored(AnInstance.of(root, "s").build());
    PORTS.shares().insert(service.id(), AShare.with(bob).build(), root.id());

    List<String> outcomes =
        oneAgainstMany(
            () -> PORTS.shares().delete(service.id(), bob.id()) ? DONE : "not there",
            n -> code(USE.bareNames.accept(RacingUseCases.as(bob), service.ref())));

    assertThat(outcomes).isSubsetOf(DONE, "not_found");
    assertThat(PORTS.bareNames().withdraw(service.id(), bob.id())).isFalse();
  }

  @Test
  void an_acceptance_ends_with_a_share_that_expires_and_does_not_come_back() {
    Instance service = PORTS.stored(AnInstance.of(root, "s").build());
    PORTS.shares().insert(service.id(), AShare.with(bob).build(), root.id());
    assertThat(code(USE.bareNames.accept(RacingUseCases.as(bob), service.ref()))).isEqualTo(DONE);

    renew(service, Instant.now().plusSeconds(60));
    assertThat(PORTS.bareNames().isAccepted(service.id(), bob.id())).isTrue();

    renew(service, Instant.now().minusSeconds(1));
    renew(service, Instant.now().plusSeconds(60));
    assertThat(PORTS.bareNames().isAccepted(service.id(), bob.id())).isFalse();
  }

  @Tag("thorough")
  @Test
  void many_shares_of_one_owner_leave_room_for_those_of_others() {
    for (int n = 0; n < RoutingContexts.MOST_SERVICES; n++) {
      lendToBob(AnInstance.of(root, "s-" + n));
    }
    User alice = PORTS.stored(AUser.called("alice").build());
    Instance youngest = lendToBob(AnInstance.of(alice, "lab").createdAt(NOW.plusSeconds(60)));

    assertThat(PORTS.routingContexts().of(bob.id(), Optional.empty(), NOW).ids())
        .hasSize(RoutingContexts.MOST_SERVICES)
        .contains(youngest.id());
  }

  @Test
  void very_large_limits_of_one_owner_leave_room_for_the_services_of_others() {
    Limits large =
        new Limits(
            Optional.empty(),
            Optional.of(hundred(n -> new ModelPattern("m".repeat(253) + "%03d".formatted(n)))),
            Optional.of(
                hundred(n -> new Operation("POST " + "p".repeat(190) + "%03d".formatted(n)))));
    for (int n = 0; n < 100; n++) {
      lendToBob(AnInstance.of(root, "s-" + n).limits(large), large);
    }
    User alice = PORTS.stored(AUser.called("alice").build());
    Instance youngest = lendToBob(AnInstance.of(alice, "lab").createdAt(NOW.plusSeconds(60)));
    Instance own = PORTS.stored(AnInstance.of(bob, "own").createdAt(NOW.plusSeconds(60)).build());

    assertThat(PORTS.routingContexts().of(bob.id(), Optional.empty(), NOW).ids())
        .hasSizeBetween(20, 60)
        .contains(youngest.id(), own.id());
    assertThat(PORTS.routingContexts().of(root.id(), Optional.empty(), NOW).ids())
        .hasSizeBetween(50, 90);
  }

  private static <T> Set<T> hundred(IntFunction<T> made) {
    return IntStream.range(0, 100).mapToObj(made).collect(Collectors.toUnmodifiableSet());
  }

  private Instance lendToBob(AnInstance made) {
    return lendToBob(made, Limits.NONE);
  }

  private Instance lendToBob(AnInstance made, Limits limits) {
    Instance service = PORTS.stored(made.build());
    PORTS.shares().insert(service.id(), AShare.with(bob).limits(limits).build(), service.owner());
    return service;
  }

  private void renew(Instance service, Instant until) {
    PORTS.shares().update(service.id(), AShare.with(bob).expiresAt(until).build(), root.id());
  }

  @Race.Repeated
  void of_many_nodes_that_want_to_ask_a_provider_one_may() {
    Instance service = PORTS.stored(AnInstance.of(root, "s").build());
    ListOf wanted = new ListOf(service.id(), Optional.empty());

    List<String> outcomes =
        many(n -> PORTS.modelLists().claim(wanted, Duration.ofMinutes(1)) ? DONE : "asked already");

    assertThat(count(outcomes, DONE)).isEqualTo(1);
  }

  /** One round shows it: without the lock, all 16 lists are stored. */
  @Test
  void lists_that_are_stored_at_the_same_time_take_no_more_than_an_owner_may_have() {
    ModelList models =
        ModelList.of(
            IntStream.range(0, 4_000)
                .mapToObj(n -> "m".repeat(251) + "%05d".formatted(n))
                .toList());
    List<Instance> services =
        IntStream.range(0, MANY)
            .mapToObj(n -> PORTS.stored(AnInstance.of(bob, "s-" + n).build()))
            .toList();

    List<String> outcomes = many(n -> store(services.get(n), models));

    assertThat(count(outcomes, DONE)).isEqualTo(ModelListStore.MOST_STORED / models.weight());
  }

  private static String store(Instance service, ModelList models) {
    boolean stored =
        PORTS
            .modelLists()
            .save(
                new ListOf(service.id(), Optional.empty()),
                service.endpoint(),
                Optional.empty(),
                models,
                NOW);
    return stored ? DONE : "no room";
  }

  private String create(ModelWriteBuilder write) {
    return code(USE.modelConfigs.create(RacingUseCases.as(root), write.command()));
  }

  private String delete(Instance service) {
    return code(USE.instances.delete(RacingUseCases.as(root), service.ref(), Precondition.NONE));
  }

  private static List<ModelConfig> live() {
    return PORTS.modelConfigs().live(Optional.empty(), 100);
  }
}
