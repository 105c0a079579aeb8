package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.out.OutboundTransport;
import io.claviger.gateway.redact.Redactor;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerResponseTest {
  private static final String EVENT = "data: {}\n\n";
  private static final String CHUNK = "a\r\n" + EVENT + "\r\n";

  /** What Netty counts for each waiting buffer besides its bytes. */
  private static final int COUNTED_FOR_A_BUFFER = 96;

  @AutoClose private final Redactor redactor = new Redactor(false);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final CallerResponse response =
      new CallerResponse(
          channel,
          new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"),
          new CallHeaders("r", () -> WireFormat.OPENAI, ""),
          true);

  private void begin(String name, String value) {
    channel.config().setAllocator(OutboundTransport.BUFFERS);
    HttpResponse from = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    from.headers().set(name, value);
    response.begin(from, List.of(), false, redactor);
    response.flush();
    assertThat(sent()).singleElement().asString().startsWith("HTTP/1.1 200 OK\r\n");
  }

  private void write(String data) {
    response.content(channel.alloc().ioBuffer(data.length()).writeBytes(data.getBytes(ISO_8859_1)));
  }

  private List<String> sent() {
    List<String> sent = new ArrayList<>();
    for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
      sent.add(bytes.toString(ISO_8859_1));
      bytes.release();
    }
    return sent;
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void events_that_arrive_together_leave_in_one_buffer() {
    begin("Transfer-Encoding", "chunked");
    write(EVENT);
    write(EVENT);
    response.flush();
    assertThat(sent()).containsExactly(CHUNK + CHUNK);

    for (int i = 0; i < 20; i++) {
      write(EVENT);
    }
    response.end();
    assertThat(sent()).containsExactly(CHUNK.repeat(20) + "0\r\n\r\n");
  }

  @Test
  void an_empty_part_is_not_written() {
    begin("Transfer-Encoding", "chunked");
    write("");
    response.flush();
    assertThat(sent()).isEmpty();
  }

  @Test
  void an_empty_last_part_is_not_written() {
    begin(HttpHeaderNames.CONTENT_LENGTH.toString(), "10");
    write(EVENT);
    write("");
    response.flush();
    assertThat(sent()).containsExactly(EVENT);
    write("");
    response.end();
    assertThat(sent()).isEmpty();
  }

  /** Netty limits what waits for a slow caller by these counts. */
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 60, 116, 117, 250, 600, 1_024, 1_025, 2_000, 2_048, 3_000, 60_000})
  void what_waits_takes_at_most_twice_the_memory_that_is_counted(int size) {
    begin("Transfer-Encoding", "chunked");
    long memory = 0;
    long counted = 0;
    for (int i = 0; i < 10; i++) {
      write("x".repeat(size));
      response.flush();
      for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
        memory += part.capacity();
        counted += part.readableBytes() + COUNTED_FOR_A_BUFFER;
        part.release();
      }
    }
    assertThat(memory).isLessThanOrEqualTo(2 * counted);
  }
}
