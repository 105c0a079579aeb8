package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.claviger.application.builders.AUser;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.accounts.User;
import io.claviger.testkit.Race;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link Transactions} promises, and the locks of the ports with it. */
public abstract class TransactionsContract extends PortContract {
  @Test
  void work_is_done_and_its_result_handed_on() {
    String result =
        ports
            .transactions()
            .inTransaction(
                () -> {
                  user("alice");
                  user("bob");
                  return "done";
                });

    assertThat(result).isEqualTo("done");
    assertThat(handles()).containsExactly("alice", "bob");
  }

  @Test
  void work_that_throws_is_undone() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ports
                    .transactions()
                    .inTransaction(
                        () -> {
                          user("alice");
                          throw new IllegalArgumentException("no");
                        }));

    assertThat(handles()).isEmpty();
  }

  @Test
  void a_call_within_a_call_joins_it() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ports
                    .transactions()
                    .inTransaction(
                        () -> {
                          User inner = ports.transactions().inTransaction(() -> user("alice"));
                          throw new IllegalArgumentException(inner.handle() + " must not stay");
                        }));

    assertThat(handles()).isEmpty();
  }

  @Test
  void an_inner_failure_undoes_the_whole_even_when_it_is_swallowed() {
    assertThatException()
        .isThrownBy(
            () ->
                ports
                    .transactions()
                    .inTransaction(
                        () -> {
                          user("alice");
                          try {
                            return ports
                                .transactions()
                                .<String>inTransaction(
                                    () -> {
                                      throw new IllegalArgumentException("no");
                                    });
                          } catch (IllegalArgumentException swallowed) {
                            return "as if nothing had happened";
                          }
                        }));

    assertThat(handles()).isEmpty();
  }

  @Test
  void nothing_more_can_be_done_after_a_lost_race() {
    user("alice");

    assertThatException()
        .isThrownBy(
            () ->
                ports
                    .transactions()
                    .inTransaction(
                        () -> {
                          assertLost(TAKEN, () -> user("alice"));
                          return user("bob");
                        }));

    assertThat(handles()).containsExactly("alice");
  }

  @Test
  void what_is_locked_misses_no_change() {
    User counted = stored(AUser.called("counted"));

    List<Long> versions = Race.of(8, n -> countUp(counted), 5);

    assertThat(versions).doesNotHaveDuplicates().hasSize(40);
    assertThat(ports.users().find(counted.handle()).orElseThrow().version()).isEqualTo(41);
  }

  @Test
  void a_name_that_many_reach_for_is_taken_by_one() {
    List<String> outcomes =
        Race.of(
            16,
            n -> {
              try {
                user("wanted");
                return "won";
              } catch (ConcurrencyConflict e) {
                return e.how().name();
              }
            },
            1);

    assertThat(outcomes).containsOnlyOnce("won").filteredOn("TAKEN"::equals).hasSize(15);
  }

  private long countUp(User counted) {
    return ports
        .transactions()
        .inTransaction(
            () -> {
              User now = ports.users().lock(counted.handle()).orElseThrow();
              User next = now.withAdministrator(false, NOW);
              ports.users().update(next);
              return next.version();
            });
  }

  private List<String> handles() {
    return ports.users().list(none(), none(), 10).stream().map(u -> u.handle().value()).toList();
  }
}
