package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.ROUNDS;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AUser;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupRole;
import io.claviger.testkit.Race;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

/** Changes of groups in 16 threads at once. */
@SuppressWarnings("NullAway.Init") // set before each test
final class GroupRacesTest {
  private static final PostgresPorts PORTS = new PostgresPorts();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final int THREADS = 16;

  private final Group team = AGroup.called("team");
  private User root;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    root = AUser.called("root").administrator().build();
    PORTS.users().insert(root);
  }

  @AfterAll
  static void close() {
    PORTS.close();
  }

  @RepeatedTest(ROUNDS)
  void of_groups_created_at_once_under_one_handle_there_is_one() {
    List<Boolean> created =
        Race.of(
            THREADS,
            n ->
                USE.groups
                    .put(RacingUseCases.as(root), team.handle(), Precondition.NONE, Field.absent())
                    .orThrow()
                    .created(),
            1);

    assertThat(created).containsOnlyOnce(true).hasSize(THREADS);
  }

  @RepeatedTest(ROUNDS)
  void a_member_is_added_before_the_group_is_deleted_or_not_at_all() {
    PORTS.groups().insert(team);
    for (int n = 0; n < THREADS; n++) {
      PORTS.users().insert(AUser.called("user-" + n).build());
    }

    List<String> outcomes =
        oneAgainstMany(
            () ->
                outcome(
                    USE.groups.delete(RacingUseCases.as(root), team.handle(), Precondition.NONE)),
            n ->
                outcome(
                    USE.groups.putMember(
                        RacingUseCases.as(root),
                        team.handle(),
                        AUser.called("user-" + n).build().handle(),
                        GroupRole.MEMBER)));

    assertThat(outcomes).isSubsetOf(DONE, "not_found").contains(DONE);
    assertThat(PORTS.groups().find(team.handle())).isEmpty();
    assertThat(PORTS.groups().listMembers(team.id(), Optional.empty(), 100)).isEmpty();
  }

  private static <T> String outcome(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T> done -> DONE;
      case Outcome.Refused<T> refused -> refused.why().code();
    };
  }
}
