package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AUser;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.policy.Limits;
import io.claviger.testkit.Race;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** Limits of users and groups that are written in 16 threads at once. */
final class AssignedLimitsRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);

  private final Group team = AGroup.called("team");
  private final User root = PORTS.storedFirst(AUser.called("root").administrator().build());
  private final User bob = PORTS.stored(AUser.called("bob").build());

  @BeforeEach
  void begin() {
    PORTS.groups().insert(team);
  }

  private static Limits perMinute(int requests) {
    return new Limits(Optional.of(requests), Optional.empty(), Optional.empty());
  }

  private String putOfTeam(boolean pooled, Precondition precondition, Limits limits) {
    return code(
        USE.assignedLimits.putOfGroup(
            RacingUseCases.as(root), team.handle(), pooled, precondition, limits));
  }

  @Race.Repeated
  void of_writes_on_one_version_one_is_made() {
    Precondition never = Precondition.version(1);

    assertThat(
            count(
                many(
                    n ->
                        code(
                            USE.assignedLimits.putOfUser(
                                RacingUseCases.as(root), bob.handle(), never, perMinute(n + 1)))),
                DONE))
        .isEqualTo(1);
    assertThat(count(many(n -> putOfTeam(true, never, perMinute(n + 1))), DONE)).isEqualTo(1);
    assertThat(PORTS.assignedLimits().find(bob.id()).version()).isEqualTo(2);
    assertThat(PORTS.assignedLimits().find(team.id(), true).version()).isEqualTo(2);
  }

  @Race.Repeated
  void writes_without_a_version_come_one_after_the_other() {
    assertThat(many(n -> putOfTeam(false, Precondition.NONE, perMinute(n + 1)))).containsOnly(DONE);
    assertThat(PORTS.assignedLimits().find(team.id(), false).version())
        .isEqualTo(1 + ConcurrentAttempts.MANY);
  }

  @Race.Repeated
  void of_a_group_that_is_deleted_meanwhile_no_limits_stay() {
    assertThat(
            oneAgainstMany(
                () ->
                    code(
                        USE.groups.delete(
                            RacingUseCases.as(root), team.handle(), Precondition.NONE)),
                n -> putOfTeam(n % 2 == 0, Precondition.NONE, perMinute(n + 1))))
        .isSubsetOf(DONE, "not_found")
        .contains(DONE);
    assertThat(PORTS.sql().sql("select count(*) from group_limits").query(Integer.class).single())
        .isZero();
  }
}
