package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.CountingCallContexts;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * In random orders of events, nothing that a node remembers is used beyond the bound, and the
 * node's own changes count at once.
 */
final class AuthorizationCacheHistoriesTest {
  private static final int HISTORIES = 40;
  private static final int STEPS = 400;

  @Test
  void nothing_recalled_is_older_than_the_bound_or_than_a_change_of_this_node() {
    int recalled = 0;
    for (int seed = 0; seed < HISTORIES; seed++) {
      recalled += new History(seed).play();
    }
    assertThat(recalled).isGreaterThan(2_000);
  }

  /**
   * A limit of Bob's share, and the time from which it is stored. The limit is 0 while the share
   * has none.
   */
  private record LimitSince(int limit, long since) {}

  /** Bob calls Alice's service, while the limit of his share changes. */
  private static final class History {
    private static final TokenHash BOBS = AuthorizationCacheTest.hash(1, 1);

    private final int seed;
    private final Random random;
    private final InMemoryPorts claviger = new InMemoryPorts();
    private final CountingCallContexts facts = new CountingCallContexts(claviger.callContexts());
    private final UnreliableChangeFeed changes = new UnreliableChangeFeed(claviger.changes());
    private final SettableNanos nanos = new SettableNanos(Long.MAX_VALUE - 7);
    private final AuthorizationCache memory = new AuthorizationCache(facts, changes, nanos);
    private final User alice = AUser.called("alice").build();
    private final User bob = AUser.called("bob").build();
    private final Instance service = AnInstance.of(alice, "lent").build();
    private final List<LimitSince> limits = new ArrayList<>();
    private long changedHere = nanos.getAsLong();

    History(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
      List.of(alice, bob).forEach(claviger.users()::insert);
      claviger.accessTokens().save(AToken.of(bob).build(), BOBS);
      claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
      claviger.shares().insert(service.id(), AShare.with(bob).build(), alice.id());
      limits.add(new LimitSince(0, nanos.getAsLong()));
    }

    /** Returns how many calls were answered from memory. */
    int play() {
      int recalled = 0;
      for (int step = 0; step < STEPS; step++) {
        nanos.advance(Duration.ofMillis(random.nextInt(8)));
        switch (random.nextInt(8)) {
          case 0 -> changeElsewhere();
          case 1 -> changeHere();
          case 2, 3 -> refresh();
          default -> recalled += call(step);
        }
      }
      return recalled;
    }

    private void changeElsewhere() {
      if (random.nextInt(4) == 0) {
        changeLimit();
      }
    }

    private void changeHere() {
      if (random.nextInt(4) == 0) {
        changeLimit();
        changedHere = nanos.getAsLong();
        memory.changedHere();
      }
    }

    /** Sometimes a change comes between the reading of changes and its end. */
    private void refresh() {
      changes.afterReading = random.nextInt(6) == 0 ? this::changeLimit : () -> {};
      memory.refresh();
      changes.afterReading = () -> {};
    }

    /** Sometimes a change, and news of it, come while the facts are read. */
    private int call(int step) {
      if (random.nextInt(5) == 0) {
        facts.afterReading(
            () -> {
              changeLimit();
              memory.refresh();
            });
      }
      Optional<Integer> limit = recalledLimit();
      limit.ifPresent(value -> assertThat(value).as("seed %d, step %d", seed, step).isIn(valid()));
      return limit.isPresent() ? 1 : 0;
    }

    /** The limit of Bob's share in the cache, empty if it had to be read from the database. */
    private Optional<Integer> recalledLimit() {
      Optional<Integer> recalled =
          memory
              .find(BOBS, service.ref(), Seeds.SEEDED_AT)
              .map(known -> AuthorizationCacheTest.limit(known.context()).orElse(0));
      if (recalled.isEmpty()) {
        assertThat(memory.gather(BOBS, service.ref(), Seeds.SEEDED_AT)).isPresent();
      }
      return recalled;
    }

    /**
     * The limits that the cache may return: those within the bound and not before this node's last
     * change.
     */
    private List<Integer> valid() {
      long oldest = Math.max(changedHere - nanos.getAsLong(), -AuthorizationCache.BOUND.toNanos());
      List<Integer> valid = new ArrayList<>();
      for (int n = 0; n < limits.size(); n++) {
        boolean current = n + 1 == limits.size();
        if (current || limits.get(n + 1).since() - nanos.getAsLong() > oldest) {
          valid.add(limits.get(n).limit());
        }
      }
      return valid;
    }

    private void changeLimit() {
      nanos.advance(Duration.ofNanos(100));
      int perMinute = limits.size();
      claviger
          .shares()
          .update(
              service.id(),
              AShare.with(bob)
                  .limits(new Limits(Optional.of(perMinute), Optional.empty(), Optional.empty()))
                  .build(),
              alice.id());
      limits.add(new LimitSince(perMinute, nanos.getAsLong()));
      nanos.advance(Duration.ofNanos(100));
    }
  }
}
