package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.TestService;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A body that is held only for its stream's usage is sent as it is where there is no room for it.
 * That is so with the caller's own key, to whose account nobody else has access.
 */
class GivenUpBodyTest {
  private static final int SEGMENT = 4 << 10;
  private static final int OVERHEAD = BufferBudget.OVERHEAD;

  private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
  private final AuthorizedCall authorized =
      TestService.at("http://127.0.0.1:1/v1", WireFormat.OPENAI)
          .streamingUsage()
          .from(KeySource.USER)
          .authorized("alice/my-openai");

  @AfterEach
  void close() {
    authorized.close();
    assertThat(buffers.metric().usedHeapMemory()).isZero();
  }

  @Test
  void it_is_not_held_at_all_where_nothing_fits_in() {
    assertThat(held(budget(OVERHEAD - 1), 100)).isNull();
  }

  @Test
  void what_came_until_there_was_no_room_is_sent_unchanged() {
    BufferBudget budget = budget(OVERHEAD + SEGMENT);
    BufferedBody body = Objects.requireNonNull(held(budget, 1 << 20));
    body.add(bytes(SEGMENT - 1));
    assertThat(body.isGivenUp()).isFalse();

    body.add(bytes(9));

    assertThat(body.isGivenUp()).isTrue();
    assertThat(sent(body)).isEqualTo("x".repeat(SEGMENT + 8));
    body.close();
    assertThat(budget.bytesTaken()).isZero();
  }

  @Test
  void what_is_too_long_is_sent_unchanged() {
    BufferedBody body = Objects.requireNonNull(held(budget(1 << 20), 10));
    body.add(bytes(8));

    body.add(bytes(3));

    assertThat(body.isGivenUp()).isTrue();
    assertThat(sent(body)).isEqualTo("x".repeat(11));
    body.close();
  }

  @Test
  void what_is_given_up_and_never_sent_is_freed() {
    BufferBudget budget = budget(1 << 20);
    BufferedBody body = Objects.requireNonNull(held(budget, 10));
    ByteBuf part = bytes(11);
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

  private @Nullable BufferedBody held(BufferBudget budget, int largest) {
    HttpRequest request =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            "/gateway/services/alice/my-openai/chat/completions");
    request
        .headers()
        .set("Authorization", "Bearer t")
        .set("Content-Type", "application/json")
        .set("Transfer-Encoding", "chunked");
    return BodyBuffering.ifReadFirst(
        authorized, request, "chat/completions", false, budget, largest, largest, buffers);
  }

  private static BufferBudget budget(long most) {
    return new BufferBudget(most, BufferedBody.LARGEST);
  }

  private static ByteBuf bytes(int count) {
    return Unpooled.copiedBuffer("x".repeat(count), US_ASCII);
  }
}
