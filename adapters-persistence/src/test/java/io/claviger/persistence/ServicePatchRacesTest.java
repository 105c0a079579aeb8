package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.testkit.Race;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** Two callers with 16 threads change different fields of one service. */
final class ServicePatchRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final ServiceWrites SERVICES = new ServiceWrites(USE);

  private final User alice = PORTS.storedFirst(AUser.called("alice").build());
  private final User bob = PORTS.stored(AUser.called("bob").build());
  private final Instance service = PORTS.stored(AnInstance.of(alice, "s").build());

  @BeforeEach
  void begin() {
    PORTS.shares().insert(service.id(), AShare.with(bob).role(Role.WRITER).build(), alice.id());
  }

  @Race.Repeated
  void without_a_precondition_the_changes_of_both_survive() {
    assertThat(many(n -> patch(n, Precondition.NONE))).containsOnly(DONE);

    assertThat(now().version()).isEqualTo(service.version() + MANY);
    assertLeftByBoth();
  }

  /** What is for everybody has no shares, whoever is first. */
  @Race.Repeated
  void a_system_level_service_is_lent_or_opened_to_everybody() {
    User root = PORTS.stored(AUser.called("root").administrator().build());
    List<User> users =
        IntStream.range(0, MANY)
            .mapToObj(n -> PORTS.stored(AUser.called("user-" + n).build()))
            .toList();
    Instance lent = PORTS.stored(AnInstance.systemLevel("lent").audience(Audience.SHARED).build());

    List<String> outcomes =
        many(
            n ->
                n % 4 == 0
                    ? SERVICES.audience(root, lent, Audience.EVERYBODY)
                    : shared(root, lent, users.get(n)));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "in_use", "not_shareable");
    int shares =
        (int)
            users.stream()
                .filter(user -> PORTS.shares().find(lent.id(), user.id()).isPresent())
                .count();
    Audience audience =
        PORTS
            .instances()
            .find(lent.id(), root.id(), Seeds.SEEDED_AT)
            .orElseThrow()
            .instance()
            .audience();
    assertThat(shares).isEqualTo(audience == Audience.EVERYBODY ? 0 : MANY - MANY / 4);
  }

  private static String shared(User actor, Instance service, User with) {
    return code(
        USE.sharing.share(
            RacingUseCases.as(actor),
            service.ref(),
            GranteeName.user(with.handle()),
            Precondition.NONE,
            Share.Terms.reader()));
  }

  @Race.Repeated
  void of_those_who_demand_the_same_version_one_changes_it() {
    List<String> outcomes = many(n -> patch(n, Precondition.version(service.version())));

    assertThat(outcomes).containsOnlyOnce(DONE).isSubsetOf(DONE, "precondition_failed");
    assertThat(now().version()).isEqualTo(service.version() + 1);
  }

  @Race.Repeated
  void each_version_is_changed_by_one_of_those_who_demand_it() {
    Queue<Long> changed = new ConcurrentLinkedQueue<>();

    List<String> outcomes =
        many(
            n -> {
              String outcome;
              do {
                long version = now().version();
                outcome = patch(n, Precondition.version(version));
                if (outcome.equals(DONE)) {
                  changed.add(version);
                }
              } while (outcome.equals("precondition_failed"));
              return outcome;
            });

    assertThat(outcomes).containsOnly(DONE);
    assertThat(changed).doesNotHaveDuplicates().hasSize(MANY);
    assertThat(now().version()).isEqualTo(service.version() + MANY);
    assertLeftByBoth();
  }

  private void assertLeftByBoth() {
    assertThat(now().settings().displayName().value()).startsWith("by alice");
    assertThat(now().settings().fields().description().value()).startsWith("by bob");
  }

  private String patch(int n, Precondition precondition) {
    return n % 2 == 0
        ? SERVICES.displayName(alice, service, precondition, "by alice " + n)
        : SERVICES.description(bob, service, precondition, "by bob " + n);
  }

  private Instance now() {
    return PORTS
        .instances()
        .find(service.id(), alice.id(), Seeds.SEEDED_AT)
        .orElseThrow()
        .instance();
  }
}
