package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.Instance;
import io.claviger.testkit.Race;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/**
 * 16 threads choose default services at the same time, while the service is changed or access to it
 * ends.
 */
@SuppressWarnings("NullAway.Init") // set before each test
final class DefaultRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final ServiceWrites SERVICES = new ServiceWrites(USE);

  private User root;
  private User alice;
  private List<User> users;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    root = PORTS.stored(AUser.called("root").administrator().build());
    alice = PORTS.stored(AUser.called("alice").build());
    users =
        IntStream.range(0, MANY)
            .mapToObj(n -> PORTS.stored(AUser.called("user-" + n).build()))
            .toList();
  }

  @Race.Repeated
  void an_own_default_is_chosen_before_its_service_is_disabled_or_not_at_all() {
    Instance service = PORTS.stored(AnInstance.of(alice, "s").build());

    List<String> outcomes =
        oneAgainstMany(
            () -> disable(alice, service, alice.handle()),
            n -> choose(alice, alice.handle(), service));

    assertChosenBeforeDisabled(service, outcomes);
    assertThat(effective(alice)).isEmpty();
  }

  @Race.Repeated
  void a_shared_default_is_chosen_before_its_service_is_disabled_or_not_at_all() {
    Instance service = PORTS.stored(AnInstance.of(alice, "s").build());
    users.forEach(u -> PORTS.shares().insert(service.id(), AShare.with(u).build(), alice.id()));

    List<String> outcomes =
        oneAgainstMany(
            () -> disable(alice, service, alice.handle()),
            n -> choose(users.get(n), users.get(n).handle(), service));

    assertChosenBeforeDisabled(service, outcomes);
    assertThat(users).allMatch(user -> effective(user).isEmpty());
  }

  @Race.Repeated
  void the_systems_default_is_chosen_before_its_service_is_disabled_or_not_at_all() {
    Instance service = PORTS.stored(AnInstance.systemLevel("s").build());

    List<String> outcomes =
        oneAgainstMany(
            () -> disable(root, service, Handle.SYSTEM),
            n ->
                n % 2 == 0
                    ? choose(root, Handle.SYSTEM, service)
                    : choose(users.get(n), users.get(n).handle(), service));

    assertChosenBeforeDisabled(service, outcomes);
    assertThat(Stream.concat(users.stream(), Stream.of(alice)))
        .allMatch(user -> effective(user).isEmpty());
  }

  @Race.Repeated
  void a_choice_ends_with_its_service_or_is_not_made() {
    Instance service = PORTS.stored(AnInstance.systemLevel("s").build());

    List<String> outcomes =
        oneAgainstMany(
            () -> SERVICES.delete(root, service),
            n ->
                n % 2 == 0
                    ? choose(root, Handle.SYSTEM, service)
                    : choose(users.get(n), users.get(n).handle(), service));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "unknown_reference");
    assertThat(PORTS.instances().find(service.id(), root.id(), Seeds.SEEDED_AT)).isEmpty();
    assertThat(choices()).isZero();
  }

  @Race.Repeated
  void of_many_choices_of_one_user_one_stands() {
    List<Instance> services =
        IntStream.range(0, MANY)
            .mapToObj(n -> PORTS.stored(AnInstance.systemLevel("s-" + n).build()))
            .toList();

    List<String> outcomes = many(n -> choose(alice, alice.handle(), services.get(n)));

    assertThat(outcomes).containsOnly(DONE);
    assertThat(choices()).isEqualTo(1);
    assertThat(effective(alice)).isPresent();
    assertThat(done(AuditAction.DEFAULT_CREATE)).hasSize(1);
    assertThat(done(AuditAction.DEFAULT_UPDATE)).hasSize(MANY - 1);
    assertThat(
            services.stream()
                .filter(
                    s ->
                        PORTS
                            .instances()
                            .find(s.id(), alice.id(), Seeds.SEEDED_AT)
                            .orElseThrow()
                            .isDefault()))
        .hasSize(1);
  }

  private void assertChosenBeforeDisabled(Instance service, List<String> outcomes) {
    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "service_disabled");
    Instance disabled =
        PORTS
            .instances()
            .find(service.id(), User.Id.SYSTEM, Seeds.SEEDED_AT)
            .orElseThrow()
            .instance();
    assertThat(disabled.settings().enabled()).isFalse();
    assertThat(
            Stream.of(AuditAction.DEFAULT_CREATE, AuditAction.DEFAULT_UPDATE)
                .flatMap(a -> done(a).stream()))
        .hasSize(ConcurrentAttempts.count(outcomes, DONE) - 1)
        .allSatisfy(e -> assertThat(e.at()).isBeforeOrEqualTo(disabled.updatedAt()));
  }

  /** Disables a service, which then can't be chosen any more. */
  private static String disable(User actor, Instance service, Handle chooser) {
    String outcome = SERVICES.enabled(actor, service, false);
    assertThat(choose(actor, chooser, service)).isEqualTo("service_disabled");
    return outcome;
  }

  private static String choose(User actor, Handle chooser, Instance service) {
    return code(USE.defaults.choose(RacingUseCases.as(actor), chooser, service.ref()));
  }

  private static Optional<EffectiveDefault> effective(User user) {
    return USE.defaults.find(RacingUseCases.as(user), user.handle()).asOptional();
  }

  private static int choices() {
    return PORTS.sql().sql("select count(*) from default_services").query(Integer.class).single();
  }

  private static List<AuditEvent> done(AuditAction action) {
    return PORTS.auditEvents().stream()
        .filter(e -> e.action() == action && e.outcome() == AuditOutcome.DONE)
        .toList();
  }
}
