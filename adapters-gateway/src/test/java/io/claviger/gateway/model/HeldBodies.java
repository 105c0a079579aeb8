package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.Rig;
import io.claviger.gateway.TestService;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Bodies of calls of one operation, whose memory has to be given back in the end. */
final class HeldBodies implements AutoCloseable {
  private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
  private final String operation;
  private final AuthorizedCall authorized;

  private HeldBodies(String operation, TestService lent) {
    this.operation = operation;
    this.authorized = lent.authorized("alice/my-openai");
  }

  static HeldBodies of(String operation, UnaryOperator<TestService> adjusted) {
    TestService openAi = TestService.at("http://127.0.0.1:1/v1", WireFormat.OPENAI);
    return new HeldBodies(operation, adjusted.apply(openAi));
  }

  /** The body of a call that is to be held, if there is room for any of it. */
  @Nullable BufferedBody held(BufferBudget budget, int largest) {
    HttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, Rig.path(operation));
    request
        .headers()
        .set("Authorization", "Bearer t")
        .set("Content-Type", "application/json")
        .set("Transfer-Encoding", "chunked");
    return new BodyBuffering(budget, largest, largest)
        .bufferIfNeeded(authorized, request, operation, false, buffers);
  }

  /** The names by which the provider knows the caller. */
  CallerNames names() {
    return authorized.names().orElseThrow();
  }

  /** So many bytes of a body. */
  static ByteBuf bytes(int count) {
    return Unpooled.copiedBuffer("x".repeat(count), US_ASCII);
  }

  /** The memory that all bodies take now. */
  long bytesUsed() {
    return buffers.metric().usedHeapMemory();
  }

  @Override
  public void close() {
    authorized.close();
    assertThat(bytesUsed()).isZero();
  }
}
