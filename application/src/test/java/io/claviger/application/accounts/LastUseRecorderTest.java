package io.claviger.application.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LastUseRecorderTest {
  private static final int REMEMBERED = 100_000;
  private static final int FURTHER = 1_000;
  private static final int AT_ONCE = 16;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicInteger written = new AtomicInteger();
  private final CountDownLatch answer = new CountDownLatch(1);
  private volatile Runnable duringWrite = () -> {};
  private final LastUseRecorder recorder = new LastUseRecorder(counting());

  @Test
  void a_token_is_written_once_a_minute() {
    AccessToken token = AToken.of(AUser.called("alice").build()).build();
    for (int seconds = 0; seconds < 120; seconds++) {
      recorder.note(token, NOW.plusSeconds(seconds));
    }
    assertThat(written).hasValue(2);
  }

  @Test
  void more_tokens_than_are_remembered_do_not_make_it_forget_the_others() {
    User alice = AUser.called("alice").build();
    List<AccessToken> tokens = new ArrayList<>();
    for (int n = 0; n < REMEMBERED + FURTHER; n++) {
      tokens.add(AToken.of(alice).build());
    }
    tokens.forEach(token -> recorder.note(token, NOW));
    assertThat(written).hasValue(tokens.size());
    written.set(0);
    tokens.subList(0, REMEMBERED).forEach(token -> recorder.note(token, NOW.plusSeconds(1)));
    assertThat(written.get()).isLessThan(REMEMBERED / 10);
  }

  @Test
  @Timeout(60)
  void a_call_goes_on_while_its_use_is_stored_and_sixteen_are_stored_at_once() {
    List<AccessToken> tokens = tokens(AT_ONCE + 1);
    duringWrite = () -> await(answer);

    tokens.forEach(token -> recorder.noteSoon(token, NOW));
    answer.countDown();
    until(AT_ONCE);

    while (written.get() == AT_ONCE) {
      recorder.noteSoon(tokens.getFirst(), NOW.plusSeconds(59));
      recorder.noteSoon(tokens.getLast(), NOW.plusSeconds(59));
    }
    until(AT_ONCE + 1);
  }

  @Test
  @Timeout(60)
  void a_use_that_could_not_be_stored_is_stored_with_the_next() {
    AccessToken token = tokens(1).getFirst();
    duringWrite =
        () -> {
          throw new StoreUnavailable(new SQLException("away"));
        };
    recorder.noteSoon(token, NOW);
    until(1);
    duringWrite = () -> {};

    while (written.get() < 2) {
      recorder.noteSoon(token, NOW);
    }
    recorder.noteSoon(token, NOW);
    assertThat(written).hasValue(2);
  }

  private static List<AccessToken> tokens(int number) {
    User alice = AUser.called("alice").build();
    return Stream.generate(() -> AToken.of(alice).build()).limit(number).toList();
  }

  private void until(int writes) {
    while (written.get() < writes) {
      Thread.onSpinWait();
    }
    assertThat(written).hasValue(writes);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private AccessTokenStore counting() {
    return (AccessTokenStore)
        Proxy.newProxyInstance(
            AccessTokenStore.class.getClassLoader(),
            new Class<?>[] {AccessTokenStore.class},
            (self, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("recordUse");
              written.incrementAndGet();
              duringWrite.run();
              return null;
            });
  }
}
