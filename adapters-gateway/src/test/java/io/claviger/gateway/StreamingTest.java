package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.head.BodySizes;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies stream through and are not buffered. */
@Tag("slow")
class StreamingTest {
  private static final long BIG = 256L << 20;
  private static final long BOUND = 48L << 20;

  private final Rig rig =
      new Rig(settings -> settings.withBodySizes(BodySizes.USUAL.withMost(1L << 30)));
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong sent = new AtomicLong();
  private volatile boolean writing;

  @AfterEach
  void close() {
    threads.shutdownNow();
    rig.close();
  }

  @Test
  void events_arrive_as_they_are_produced() throws IOException {
    HttpResponse<InputStream> answer =
        rig.stream("chat/completions", Rig.chat("stub-stall-mid-stream"));

    // The provider sends nothing after its first event, which has arrived.
    try (InputStream body = answer.body()) {
      assertThat(new String(body.readNBytes(6), US_ASCII)).isEqualTo("data: ");
    }
    rig.stub.awaitCancelled(1, Rig.PATIENCE);
  }

  @Test
  void an_answer_that_nobody_reads_is_not_gathered() throws IOException {
    try (LoopbackServer provider = new LoopbackServer(this::sendAnswer)) {
      lend(provider);
      HttpResponse<InputStream> answer = rig.stream("embeddings", Rig.embedding("m"));

      assertThat(settled()).isLessThan(BOUND);
      try (InputStream body = answer.body()) {
        assertThat(body.skip(BIG + 1)).isEqualTo(BIG);
      }
      assertNothingIsHeld();
    }
  }

  @Test
  void a_request_that_nobody_takes_is_not_gathered() throws Exception {
    CountDownLatch take = new CountDownLatch(1);
    CompletableFuture<Long> taken = new CompletableFuture<>();
    try (LoopbackServer provider =
            new LoopbackServer(
                socket -> {
                  try {
                    taken.complete(takeBodyLater(socket, take));
                  } catch (IOException | RuntimeException e) {
                    taken.completeExceptionally(e);
                    throw e;
                  }
                });
        RawCaller caller = new RawCaller(rig)) {
      lend(provider);
      caller.send(
          "POST /gateway/services/alice/my-openai/embeddings HTTP/1.1\r\nAuthorization: Bearer "
              + Rig.TOKEN
              + "\r\nContent-Length: "
              + BIG
              + "\r\n\r\n");
      Future<Boolean> sending =
          threads.submit(
              () -> {
                sendBody(caller.socket());
                return true;
              });

      assertThat(settled()).isLessThan(BOUND);
      assertThat(sending).isNotDone();
      take.countDown();

      assertThat(taken.get(2, TimeUnit.MINUTES)).isEqualTo(BIG);
      assertThat(caller.until("ok")).startsWith("HTTP/1.1 200 ");
      assertNothingIsHeld();
    }
  }

  private void lend(LoopbackServer provider) {
    rig.lend(
        TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI)
            .from(KeySource.USER)
            .timeout(600_000));
  }

  /** Reads to the end, because unread bytes would reset the connection and end the answer. */
  private void sendAnswer(Socket socket) throws IOException {
    readHead(socket.getInputStream());
    socket
        .getOutputStream()
        .write(("HTTP/1.1 200 OK\r\nContent-Length: " + BIG + "\r\n\r\n").getBytes(US_ASCII));
    sendBody(socket);
    long unused = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private static long takeBodyLater(Socket socket, CountDownLatch take) throws IOException {
    InputStream in = socket.getInputStream();
    readHead(in);
    try {
      take.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    long read = in.skip(BIG);
    socket
        .getOutputStream()
        .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(US_ASCII));
    return read;
  }

  private static void readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int next = in.read();
    while (next >= 0) {
      head.write(next);
      next = head.toString(US_ASCII).endsWith("\r\n\r\n") ? -1 : in.read();
    }
  }

  private void sendBody(Socket socket) throws IOException {
    byte[] part = new byte[1 << 16];
    while (sent.get() < BIG) {
      writing = true;
      socket.getOutputStream().write(part);
      writing = false;
      long unused = sent.addAndGet(part.length);
    }
  }

  /**
   * How much could be sent once that no longer changes. The connections' buffers take a part. A
   * sender that pauses between two writes, as on a busy machine, has not been stopped yet.
   */
  private long settled() {
    Rig.await(() -> sent.get() > 0);
    long last = -1;
    for (int same = 0; same < 20; LockSupport.parkNanos(20_000_000)) {
      long now = sent.get();
      same = now == last && writing ? same + 1 : 0;
      last = now;
    }
    assertThat(writing && sent.get() == last).as("the next write is blocked").isTrue();
    return last;
  }

  /** Tests of other classes use the same memory, but less than a whole body. */
  private static void assertNothingIsHeld() {
    assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()).isLessThan(BIG);
  }
}
