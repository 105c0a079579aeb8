package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies stream through and are not buffered. */
@Tag("slow")
class StreamingTest {
  private static final long BIG = 256L << 20;
  private static final long BOUND = 48L << 20;

  private final Rig rig = new Rig(settings -> settings.withMaxBodyBytes(1L << 30));
  private final ExecutorService threads = Executors.newCachedThreadPool();

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
    HttpResponse<InputStream> answer = rig.stream("embeddings", Rig.embedding("stub-big-" + BIG));

    assertThat(settledMemory()).isLessThan(BOUND);
    try (InputStream body = answer.body()) {
      assertThat(body.skip(BIG + 1)).isEqualTo(BIG);
    }
    assertThat(memory()).isLessThan(BOUND);
  }

  @Test
  void a_request_that_nobody_takes_is_not_gathered() throws Exception {
    CountDownLatch take = new CountDownLatch(1);
    try (ServerSocket provider = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RawCaller caller = new RawCaller(rig)) {
      rig.lend(
          TestService.at("http://127.0.0.1:" + provider.getLocalPort(), WireFormat.OPENAI)
              .from(KeySource.USER)
              .timeout(600_000));
      CompletableFuture<Long> taken =
          CompletableFuture.supplyAsync(() -> takeBodyLater(provider, take), threads);
      caller.send(
          "POST /gateway/services/alice/my-openai/embeddings HTTP/1.1\r\nAuthorization: Bearer "
              + Rig.TOKEN
              + "\r\nContent-Length: "
              + BIG
              + "\r\n\r\n");
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(() -> sendBody(caller.socket()), threads);

      assertThat(settledMemory()).isLessThan(BOUND);
      assertThat(sent).isNotDone();
      take.countDown();

      assertThat(taken.get()).isEqualTo(BIG);
      assertThat(caller.until("ok")).startsWith("HTTP/1.1 200 ");
      assertThat(memory()).isLessThan(BOUND);
    }
  }

  private static long takeBodyLater(ServerSocket provider, CountDownLatch take) {
    try (Socket socket = provider.accept()) {
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
        head.write(checked(in.read()));
      }
      take.await();
      byte[] buffer = new byte[1 << 16];
      long read = 0;
      while (read < BIG) {
        read += checked(in.read(buffer));
      }
      OutputStream out = socket.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(US_ASCII));
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int checked(int read) throws IOException {
    if (read < 0) {
      throw new java.io.EOFException();
    }
    return read;
  }

  private static void sendBody(Socket socket) {
    byte[] part = new byte[1 << 16];
    try {
      for (long sent = 0; sent < BIG; sent += part.length) {
        socket.getOutputStream().write(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the gateway's buffers take once that no longer changes. */
  private static long settledMemory() {
    long last = -1;
    int same = 0;
    long deadline = System.nanoTime() + Rig.PATIENCE.toNanos();
    while (same < 20) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the memory still changes: " + last);
      }
      long now = memory();
      same = now == last ? same + 1 : 0;
      last = now;
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
    return last;
  }

  private static long memory() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }
}
