package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.claviger.application.gateway.Passage;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All bodies that are held share what they may take. */
class HeldBytesTest {
  private final HeldBytes budget = new HeldBytes(10);
  private final Passage passage =
      Passages.limited(
          Lent.at("http://127.0.0.1:1/v1", WireFormat.OPENAI).passage("alice/my-openai"), "good");

  @AfterEach
  void close() {
    passage.close();
  }

  @Test
  void what_is_too_much_together_is_refused_for_the_moment() {
    HeldBody one = held();
    HeldBody other = held();
    one.add(bytes(6));
    ByteBuf last = bytes(5);

    assertThat(catchThrowableOfType(CallRefused.class, () -> other.add(last)).error())
        .isEqualTo(CallError.SERVICE_UNAVAILABLE);
    assertThat(last.refCnt()).isZero();
    assertThat(budget.taken()).isEqualTo(6);

    one.close();
    other.add(bytes(5));
    assertThat(budget.taken()).isEqualTo(5);
    other.close();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void what_goes_out_is_given_back_when_the_call_is_over() {
    HeldBody body = held();
    body.add(bytes(10));
    body.take().release();
    assertThat(budget.taken()).isEqualTo(10);

    body.close();
    assertThat(budget.taken()).isZero();
  }

  private HeldBody held() {
    HttpRequest request =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, "/gateway/services/alice/my-openai/embeddings");
    request
        .headers()
        .set("Authorization", "Bearer t")
        .set("Content-Type", "application/json")
        .set("Content-Length", "100");
    return Objects.requireNonNull(
        HeldBody.where(
            passage,
            request,
            Admission.of(request, 1_000),
            budget,
            1_000,
            UnpooledByteBufAllocator.DEFAULT));
  }

  private static ByteBuf bytes(int count) {
    return Unpooled.copiedBuffer("x".repeat(count), US_ASCII);
  }
}
