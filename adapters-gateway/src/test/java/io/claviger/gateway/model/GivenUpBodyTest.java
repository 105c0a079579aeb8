package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.KeySource;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * If there is no room to buffer a body, and the gateway would buffer it only to request the
 * stream's usage, the body is sent unchanged. Bodies are buffered only for this reason if the
 * caller's own key is used, because nobody else has access to the key's account.
 */
class GivenUpBodyTest {
  private static final int SEGMENT = 4 << 10;
  private static final int OVERHEAD = BufferBudget.OVERHEAD;

  @AutoClose
  private final HeldBodies bodies =
      HeldBodies.of("chat/completions", lent -> lent.streamingUsage().from(KeySource.USER));

  @Test
  void it_is_not_held_at_all_where_nothing_fits_in() {
    assertThat(bodies.held(budget(OVERHEAD - 1), 100)).isNull();
  }

  @Test
  void what_came_until_there_was_no_room_is_sent_unchanged() {
    BufferBudget budget = budget(OVERHEAD + SEGMENT);
    BufferedBody body = Objects.requireNonNull(bodies.held(budget, 1 << 20));
    body.add(HeldBodies.bytes(SEGMENT - 1));
    assertThat(body.isGivenUp()).isFalse();

    body.add(HeldBodies.bytes(9));

    assertThat(body.isGivenUp()).isTrue();
    assertThat(sent(body)).isEqualTo("x".repeat(SEGMENT + 8));
    body.close();
    assertThat(budget.bytesTaken()).isZero();
  }

  @Test
  void what_is_too_long_is_sent_unchanged() {
    BufferedBody body = Objects.requireNonNull(bodies.held(budget(1 << 20), 10));
    body.add(HeldBodies.bytes(8));

    body.add(HeldBodies.bytes(3));

    assertThat(body.isGivenUp()).isTrue();
    assertThat(sent(body)).isEqualTo("x".repeat(11));
    body.close();
  }

  @Test
  void what_is_given_up_and_never_sent_is_freed() {
    BufferBudget budget = budget(1 << 20);
    BufferedBody body = Objects.requireNonNull(bodies.held(budget, 10));
    ByteBuf part = HeldBodies.bytes(11);
    body.add(part);

    body.close();

    assertThat(part.refCnt()).isZero();
    assertThat(budget.bytesTaken()).isZero();
  }

  private static String sent(BufferedBody body) {
    StringBuilder sent = new StringBuilder();
    for (ByteBuf part : body.take()) {
      sent.append(part.toString(US_ASCII));
      part.release();
    }
    return sent.toString();
  }

  private static BufferBudget budget(long most) {
    return new BufferBudget(most, BufferedBody.LARGEST);
  }
}
