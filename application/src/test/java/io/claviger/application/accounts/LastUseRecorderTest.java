package io.claviger.application.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LastUseRecorderTest {
  private static final int REMEMBERED = 100_000;
  private static final int FURTHER = 1_000;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicInteger written = new AtomicInteger();
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

  private AccessTokenStore counting() {
    return (AccessTokenStore)
        Proxy.newProxyInstance(
            AccessTokenStore.class.getClassLoader(),
            new Class<?>[] {AccessTokenStore.class},
            (self, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("recordUse");
              written.incrementAndGet();
              return null;
            });
  }
}
