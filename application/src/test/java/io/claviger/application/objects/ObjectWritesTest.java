package io.claviger.application.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.instances.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ObjectWritesTest {
  private static final String AWAY = "away";
  private static final String FAULTY = "faulty";
  private static final String CONFLICT = "conflict";
  private static final String LOCKED = "locked";

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicInteger transactions = new AtomicInteger();
  private final AtomicInteger conflicts = new AtomicInteger();
  private final ObjectWrites<One, String> writes =
      new ObjectWrites<>(One::service, One::bytes, this::write);

  private record One(Instance.Id service, String text, long bytes) {}

  private static Instance.Id service(int number) {
    return new Instance.Id(new UUID(0, number));
  }

  /** The first transaction waits until all others have been added. */
  private List<String> write(List<One> group) {
    transactions.incrementAndGet();
    begun.countDown();
    try {
      goOn.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    for (One each : group) {
      switch (each.text()) {
        case AWAY -> throw new StoreUnavailable(new IllegalStateException());
        case FAULTY -> throw new IllegalArgumentException("a text that can't be stored");
        case CONFLICT -> {
          if (conflicts.getAndDecrement() > 0) {
            throw new ConcurrencyConflict(
                ConcurrencyConflict.How.NOT_SERIALIZABLE, new IllegalStateException());
          }
        }
        case LOCKED ->
            throw new ConcurrencyConflict(
                ConcurrencyConflict.How.LOCKED, new IllegalStateException());
        default -> {}
      }
    }
    return group.stream().map(each -> each.text() + "!").toList();
  }

  private CompletableFuture<String> add(int service, String text, long bytes) {
    return writes.write(new One(service(service), text, bytes)).toCompletableFuture();
  }

  /** Adds writes while one is under way, so that they share the next transaction. */
  private List<CompletableFuture<String>> together(List<String> texts) throws Exception {
    CompletableFuture<String> first = add(0, "first", 1);
    begun.await();
    List<CompletableFuture<String>> added = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      added.add(add(1 + i % 8, texts.get(i), 1));
    }
    goOn.countDown();
    assertThat(first.join()).isEqualTo("first!");
    return added;
  }

  @Test
  void what_can_not_be_stored_fails_alone() throws Exception {
    List<String> texts = new ArrayList<>(IntStream.range(0, 100).mapToObj(i -> "t" + i).toList());
    texts.set(3, FAULTY);
    texts.set(77, FAULTY);

    List<CompletableFuture<String>> added = together(texts);

    for (int i = 0; i < 100; i++) {
      CompletableFuture<String> one = added.get(i);
      if (texts.get(i).equals(FAULTY)) {
        assertThatThrownBy(one::join)
            .isInstanceOf(CompletionException.class)
            .hasCauseInstanceOf(IllegalArgumentException.class);
      } else {
        assertThat(one.join()).isEqualTo("t" + i + "!");
      }
    }
    assertThat(transactions.get()).as("transactions").isLessThan(30);
  }

  @Test
  void a_database_that_is_away_is_not_asked_for_each_of_a_group() throws Exception {
    for (CompletableFuture<String> one : together(List.of("a", AWAY, "b"))) {
      assertThatThrownBy(one::join).hasCauseInstanceOf(StoreUnavailable.class);
    }
    assertThat(transactions.get()).isEqualTo(2);
  }

  @Test
  void a_conflict_is_tried_again() throws Exception {
    conflicts.set(5);

    assertThat(together(List.of("a", CONFLICT, "b", "c")))
        .extracting(CompletableFuture::join)
        .containsExactly("a!", CONFLICT + "!", "b!", "c!");
  }

  @Test
  void a_locked_service_is_waited_for_once_by_all_and_once_by_its_own() throws Exception {
    List<String> texts =
        IntStream.range(0, 80).mapToObj(i -> i % 8 == 3 ? LOCKED : "t" + i).toList();

    List<CompletableFuture<String>> added = together(texts);

    for (int i = 0; i < 80; i++) {
      CompletableFuture<String> one = added.get(i);
      if (texts.get(i).equals(LOCKED)) {
        assertThatThrownBy(one::join).hasCauseInstanceOf(ConcurrencyConflict.class);
      } else {
        assertThat(one.join()).isEqualTo("t" + i + "!");
      }
    }
    assertThat(transactions.get()).as("the first, all, and one for each service").isEqualTo(10);
    assertThatThrownBy(add(4, LOCKED, 1)::join).hasCauseInstanceOf(ConcurrencyConflict.class);
    assertThat(transactions.get()).isEqualTo(11);
  }

  @Test
  void what_waits_is_bounded_for_each_service_and_in_all() throws Exception {
    CompletableFuture<String> first = add(0, "first", 1);
    begun.await();
    int ofService = ObjectWrites.WAITING / ObjectWrites.SHARE_OF_A_SERVICE;
    for (int service = 1; service <= 3; service++) {
      for (int i = 0; i < ofService; i++) {
        assertThat(add(service, "t", 1)).isNotDone();
      }
      assertRefused(service, 1);
    }
    for (int i = 1; i < ofService; i++) {
      assertThat(add(4, "t", 1)).isNotDone();
    }
    assertRefused(5, 1);
    goOn.countDown();
    assertThat(first.join()).isEqualTo("first!");
  }

  @Test
  void and_so_are_its_bytes() throws Exception {
    CompletableFuture<String> first = add(0, "first", 1);
    begun.await();
    long ofService = ObjectWrites.BYTES / ObjectWrites.SHARE_OF_A_SERVICE;
    assertRefused(1, ofService + 1);
    List<CompletableFuture<String>> added = new ArrayList<>();
    for (int service = 1; service <= 3; service++) {
      added.add(add(service, "t", ofService));
      assertRefused(service, 1);
    }
    assertRefused(4, ofService);
    goOn.countDown();
    assertThat(first.join()).isEqualTo("first!");
    added.forEach(each -> assertThat(each.join()).isEqualTo("t!"));
    assertThat(add(1, "again", ofService).join()).isEqualTo("again!");
  }

  private void assertRefused(int service, long bytes) {
    assertThatThrownBy(add(service, "t", bytes)::join)
        .hasCauseInstanceOf(RejectedExecutionException.class);
  }
}
