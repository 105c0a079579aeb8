package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link ObjectCounts} promises. */
public abstract class ObjectCountsContract extends PortContract {
  @ParameterizedTest
  @EnumSource
  void who_has_nothing_has_none(CountedKind kind) {
    assertThat(count(user("alice"), kind, 10)).isZero();
  }

  @Test
  void what_is_anothers_does_not_count() {
    User alice = user("alice");
    User bob = user("bob");
    ports.accessTokens().save(AToken.of(alice).build(), hash(1));
    ports.accessTokens().save(AToken.of(bob).name("b").build(), hash(2));
    ports.accessTokens().save(AToken.of(bob).name("c").build(), hash(3));
    assertThat(count(alice, CountedKind.TOKEN, 10)).isEqualTo(1);
    assertThat(count(bob, CountedKind.TOKEN, 10)).isEqualTo(2);
  }

  @Test
  void no_more_is_counted_than_exceeds_the_quota() {
    User alice = user("alice");
    for (int i = 0; i < 5; i++) {
      Instance instance = AnInstance.of(alice, "s" + i).build();
      ports.instances().insert(instance, new SecretChange.Keep(), new SecretChange.Keep());
    }
    assertThat(count(alice, CountedKind.SERVICE, 2)).isEqualTo(3);
    assertThat(count(alice, CountedKind.SERVICE, 6)).isEqualTo(5);
    assertThat(count(alice, CountedKind.SERVICE, 10_000)).isEqualTo(5);
  }

  @Test
  void what_the_transaction_added_counts() {
    User alice = user("alice");
    int counted =
        ports
            .transactions()
            .inTransaction(
                () -> {
                  ports.accessTokens().save(AToken.of(alice).build(), hash(1));
                  return ports.objectCounts().lockAndCount(alice.id(), CountedKind.TOKEN, 1, 10);
                });
    assertThat(counted).isEqualTo(1);
  }

  private int count(User user, CountedKind kind, int most) {
    return ports
        .transactions()
        .inTransaction(() -> ports.objectCounts().lockAndCount(user.id(), kind, 1, most));
  }
}
