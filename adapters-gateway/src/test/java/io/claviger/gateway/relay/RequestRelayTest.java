package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.TestService;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.out.EmbeddedProvider;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RequestRelayTest {
  private static final String PATH = "/gateway/services/alice/my-openai/embeddings";

  @AutoClose
  private final AuthorizedCall authorized =
      TestService.at("http://127.0.0.1:1/v1", WireFormat.OPENAI).authorized("alice/my-openai");

  private final AtomicInteger dead = new AtomicInteger();

  @Test
  void what_a_dead_connection_did_not_take_is_sent_whole_on_another() {
    RequestRelay upload = upload();
    try (EmbeddedProvider first = EmbeddedProvider.refusingWrites();
        EmbeddedProvider second = EmbeddedProvider.taking()) {
      upload.start(first.connection(), dead::incrementAndGet);
      upload.body(first.connection(), bytes("he"));
      upload.body(first.connection(), bytes("llo"));
      upload.end(first.connection());
      upload.flush(first.connection());
      assertThat(dead).hasValue(1);

      upload.start(second.connection(), dead::incrementAndGet);
      upload.flush(second.connection());

      assertThat(second.taken())
          .startsWith("POST /v1/embeddings HTTP/1.1\r\n")
          .contains("Authorization: Bearer " + TestService.KEY + "\r\n")
          .endsWith("\r\n\r\nhello");
      assertThat(dead).hasValue(1);
    }
  }

  @Test
  void the_bytes_that_held_the_key_are_wiped_once_they_are_sent() {
    try (EmbeddedProvider provider = EmbeddedProvider.taking()) {
      RequestRelay upload = upload();
      upload.start(provider.connection(), dead::incrementAndGet);
      upload.body(provider.connection(), bytes("hello"));
      upload.flush(provider.connection());

      assertThat(provider.taken()).contains(TestService.KEY).endsWith("hello");
      assertThat(provider.leftInBuffers()).doesNotContain(TestService.KEY);
    }
  }

  @ParameterizedTest
  @EnumSource(WireFormat.class)
  void a_long_head_never_outgrows_its_buffer_and_leaves_no_key_behind(WireFormat format) {
    HttpRequest request = request();
    request.headers().set("User-Agent", "x".repeat(20_000));
    try (AuthorizedCall other =
            TestService.at("http://127.0.0.1:1/v1", format).authorized("alice/my-openai");
        EmbeddedProvider provider = EmbeddedProvider.taking()) {
      RequestRelay upload =
          RequestRelay.of(
              new RequestHead(request, other, "embeddings", "", true),
              BodyLength.of(request.headers()),
              new NeverGrowing());
      upload.start(provider.connection(), dead::incrementAndGet);
      upload.flush(provider.connection());

      assertThat(provider.taken()).contains(TestService.KEY).hasSizeGreaterThan(20_000);
      assertThat(provider.leftInBuffers()).doesNotContain(TestService.KEY);
    }
  }

  private static final class NeverGrowing extends AbstractByteBufAllocator {
    @Override
    protected ByteBuf newHeapBuffer(int initial, int most) {
      return newDirectBuffer(initial, most);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initial, int most) {
      return new UnpooledDirectByteBuf(this, initial, most) {
        @Override
        public ByteBuf capacity(int wanted) {
          throw new AssertionError("grows from " + initial + " to " + wanted);
        }
      };
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  @Test
  void a_body_that_has_no_room_beside_the_head_follows_it() {
    String large = "x".repeat(10_000);
    try (EmbeddedProvider provider = EmbeddedProvider.taking()) {
      RequestRelay upload = upload();
      upload.start(provider.connection(), dead::incrementAndGet);
      upload.body(provider.connection(), bytes("he"));
      upload.body(provider.connection(), bytes(large));
      upload.body(provider.connection(), bytes("llo"));
      upload.flush(provider.connection());

      assertThat(provider.taken()).endsWith("\r\n\r\nhe" + large + "llo");
      assertThat(provider.leftInBuffers()).doesNotContain(TestService.KEY);
    }
  }

  @Test
  void a_head_that_never_left_is_let_go() {
    UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    try (EmbeddedProvider provider = EmbeddedProvider.taking()) {
      RequestRelay upload = upload(buffers);
      upload.start(provider.connection(), dead::incrementAndGet);
      upload.forget();
      upload.flush(provider.connection());

      assertThat(provider.taken()).isEmpty();
    }
    assertThat(buffers.metric().usedDirectMemory()).isZero();
  }

  /** The provider would read what is too much, or the next request, as another message. */
  @ParameterizedTest
  @CsvSource({"hell, false", "hello, true", "hello!, false"})
  void a_connection_is_used_again_only_after_a_body_as_long_as_announced(
      String body, boolean again) {
    try (EmbeddedProvider provider = EmbeddedProvider.taking()) {
      RequestRelay upload = upload();
      upload.start(provider.connection(), dead::incrementAndGet);
      upload.body(provider.connection(), bytes(body));
      upload.end(provider.connection());
      upload.flush(provider.connection());
      provider.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

      assertThat(provider.isIdle()).isEqualTo(again);
    }
  }

  private RequestRelay upload() {
    return upload(UnpooledByteBufAllocator.DEFAULT);
  }

  private static HttpRequest request() {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, PATH);
    request.headers().set("Authorization", "Bearer t").set("Content-Length", "5");
    return request;
  }

  private RequestRelay upload(ByteBufAllocator buffers) {
    HttpRequest request = request();
    return RequestRelay.of(
        new RequestHead(request, authorized, "embeddings", "", true),
        BodyLength.of(request.headers()),
        buffers);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, US_ASCII);
  }
}
