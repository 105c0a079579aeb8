package io.claviger.application.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.objects.ObjectReconciliation.Comparison;
import io.claviger.application.objects.port.ObjectLists.ProviderList;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Comparisons with lists of slow providers. */
class ListedObjectsTest {
  private static final int AT_ONCE = 8;
  private static final Executor THREADS = Thread::startVirtualThread;

  private final Wiring w = new Wiring();
  private final StoredKeys keys = new StoredKeys(w);
  private final CountDownLatch asked = new CountDownLatch(AT_ONCE);
  private final CountDownLatch answer = new CountDownLatch(1);
  private final ObjectReconciliation reconciliation =
      ObjectReconciliation.of(
          ServiceObjects.of(
              w.claviger.instances(), w.claviger.storedObjects(), w.projects, w.changes),
          w.claviger.storedObjects(),
          w.serviceCalls,
          (call, list, most, atMost) -> {
            asked.countDown();
            await(answer);
            return Optional.of(new ProviderList(List.of(), true));
          });

  @Test
  void who_finds_no_place_is_told_to_try_again_and_not_that_the_provider_is_away()
      throws InterruptedException {
    List<CompletableFuture<Outcome<Comparison>>> running = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      User owner = owner("owner" + i);
      running.add(CompletableFuture.supplyAsync(() -> compared(owner), THREADS));
    }
    asked.await();
    User late = owner("late");

    assertThat(compared(late))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.why()).isInstanceOf(Refusal.TooMany.class));
    answer.countDown();
    assertThat(running.stream().map(CompletableFuture::join))
        .allMatch(Outcome.Done.class::isInstance);
    assertThat(compared(late)).isInstanceOf(Outcome.Done.class);
  }

  private User owner(String handle) {
    User owner = w.user(handle);
    assertThat(keys.withKey(AnInstance.of(owner, "s"), Wiring.CANARY).owner())
        .isEqualTo(owner.id());
    return owner;
  }

  private Outcome<Comparison> compared(User owner) {
    Instance.Ref service = Instance.Ref.of(owner.handle() + "/s");
    return reconciliation.compare(w.as(owner), service, ObjectKind.FILES);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
