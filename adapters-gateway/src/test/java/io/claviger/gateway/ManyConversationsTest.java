package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.accounts.User;
import io.claviger.domain.standards.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A thousand simultaneous WebSockets: tests how soon a revocation ends them, and how much memory an
 * idle WebSocket takes.
 */
@Isolated("It measures the heap of the whole JVM.")
@Tag("measurement")
@Tag("thorough")
class ManyConversationsTest {
  private static final int MANY = 1_000;
  private static final int CALLERS = 20;

  /** One of this many connections is busy. */
  private static final int BUSY = 5;

  private static final long NOTICE = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * Closing takes a second at most on an idle machine, but other modules' tests run at the same
   * time.
   */
  private static final long LATEST_CLOSE = TimeUnit.SECONDS.toNanos(5);

  /**
   * With this pause, the machine is busy, but has no backlog of messages that would delay the
   * revocation.
   */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long MOST_OF_IDLE = 20 << 10;

  /** This many collections take more than a second. */
  private static final int COLLECTIONS_IN_VAIN = 16;

  /** A collection that frees less than this is in vain. */
  private static final long FREED = 256 << 10;

  private static final Pattern STAMP = Pattern.compile("sent at (\\d+)");

  @AutoClose private static final Rig rig = new Rig();

  private final List<Peer> peers = new ArrayList<>();

  @BeforeEach
  void lend() {
    rig.authorizer.lookingAgain(call -> Optional.empty());
    for (int i = 0; i < CALLERS; i++) {
      TestService lent = rig.at(WireFormat.OPENAI).calledBy(new User.Id(new UUID(3, i)));
      rig.authorizer.grant(token(i), lent);
    }
  }

  @AfterEach
  void closeAll() throws IOException {
    for (Peer peer : peers) {
      peer.channel.close();
    }
    peers.clear();
    Rig.await(() -> rig.stub.openConnections() == 0);
  }

  private static String token(int caller) {
    return "clv_caller_" + caller % CALLERS;
  }

  /** One connection of a client that keeps no more than the frame which it reads. */
  private static final class Peer {
    final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(2_048);
    volatile long closedAt;
    volatile String closing = "";

    Peer(SocketChannel channel) {
      this.channel = channel;
    }

    /** Reads the head of the answer. Frames that came with it stay to be read. */
    String head() throws IOException {
      StringBuilder head = new StringBuilder();
      while (true) {
        if (channel.read(in) < 0) {
          throw new IllegalStateException("closed after " + head);
        }
        in.flip();
        while (in.hasRemaining()) {
          head.append((char) in.get());
          if (head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
            in.compact();
            return head.toString();
          }
        }
        in.clear();
      }
    }

    /** Reads what is there, and tells the latest stamp that it finds in a message. */
    long read() throws IOException {
      long latest = 0;
      while (true) {
        int count = channel.read(in);
        if (count < 0) {
          return -1;
        }
        if (count == 0) {
          return latest;
        }
        in.flip();
        while (hasFrame()) {
          latest = Math.max(latest, frame());
        }
        in.compact();
      }
    }

    private int length() {
      int small = in.get(in.position() + 1) & 0x7f;
      return small < 126 ? small : in.getShort(in.position() + 2) & 0xffff;
    }

    private boolean hasFrame() {
      int head = in.remaining() < 4 ? 4 : (in.get(in.position() + 1) & 0x7f) < 126 ? 2 : 4;
      return in.remaining() >= 2
          && (in.remaining() >= 4 || (in.get(in.position() + 1) & 0x7f) < 3)
          && in.remaining() >= head + length();
    }

    private long frame() {
      int length = length();
      int opcode = in.get() & 0xf;
      boolean extended = (in.get() & 0x7f) == 126;
      if (extended) {
        in.getShort();
      }
      byte[] content = new byte[length];
      in.get(content);
      if (opcode == 8) {
        closing = Integer.toString(ByteBuffer.wrap(content).getShort() & 0xffff);
        closedAt = System.nanoTime();
        return 0;
      }
      return stamp(new String(content, UTF_8));
    }
  }

  private static long stamp(String message) {
    Matcher found = STAMP.matcher(message);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  private static ByteBuffer message(String text) {
    byte[] content = text.getBytes(UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(content.length + 8);
    frame.put((byte) 0x81);
    if (content.length < 126) {
      frame.put((byte) (0x80 | content.length));
    } else {
      frame.put((byte) 0xfe).putShort((short) content.length);
    }
    return frame.putInt(0).put(content).flip(); // masked with zeros
  }

  private void open(String origin, String path, String token) {
    try {
      URI to = URI.create(origin);
      SocketChannel channel = SocketChannel.open(new InetSocketAddress(to.getHost(), to.getPort()));
      String head =
          "GET "
              + path
              + "?model=gpt-realtime HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
              + "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              + "Sec-WebSocket-Version: 13\r\nAuthorization: Bearer "
              + token
              + "\r\n\r\n";
      channel.write(ByteBuffer.wrap(head.getBytes(US_ASCII)));
      Peer peer = new Peer(channel);
      assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
      channel.configureBlocking(false);
      peers.add(peer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void openThroughGateway() {
    for (int i = 0; i < MANY; i++) {
      String path = Rig.path("realtime").replace("my-openai", "s" + i % CALLERS);
      open(rig.origin(), path, token(i));
    }
  }

  /** Every fifth connection is busy. The others learn of the revocation by the clock alone. */
  @Test
  void a_revocation_ends_a_thousand_connections_at_once() throws Exception {
    openThroughGateway();
    AtomicLong latestEcho = new AtomicLong();
    AtomicLong revokedAt = new AtomicLong(Long.MAX_VALUE);
    Thread reader = Thread.ofPlatform().start(() -> readAll(latestEcho));
    int messagesBefore = rig.stub.socketMessages().size();
    long began = System.nanoTime();
    long end = began + TimeUnit.SECONDS.toNanos(6);
    for (int round = 0; System.nanoTime() < end && reader.isAlive(); round++) {
      for (int i = 0; i < MANY; i += BUSY) {
        say(peers.get(i));
        LockSupport.parkNanos(PAUSE);
      }
      boolean revokes = revokedAt.get() == Long.MAX_VALUE && round >= 2 && latestEcho.get() > 0;
      if (revokes) {
        rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.BAD_TOKEN));
        rig.authorizer.forget();
        revokedAt.set(System.nanoTime());
      }
    }
    reader.join(20_000);

    long deadline = revokedAt.get() + NOTICE;
    List<String> provided = rig.stub.socketMessages();
    assertThat(provided.subList(messagesBefore, provided.size()))
        .anyMatch(text -> stamp(text) > 0)
        .noneMatch(text -> stamp(text) > deadline);
    assertThat(latestEcho.get()).isLessThanOrEqualTo(deadline);
    assertThat(peers).allMatch(peer -> peer.closing.equals("1008"));
    long last = peers.stream().mapToLong(peer -> peer.closedAt - revokedAt.get()).max().orElse(0);
    assertThat(last).isBetween(1L, LATEST_CLOSE);
  }

  private static void say(Peer peer) {
    try {
      if (peer.closing.isEmpty()) {
        int unused =
            peer.channel.write(
                message(
                    "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\","
                        + "\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"sent at "
                        + System.nanoTime()
                        + "\"}]}}"));
      }
    } catch (IOException closed) {
      peer.closing = peer.closing.isEmpty() ? "broken" : peer.closing;
    }
  }

  /** Reads until all connections are closed. */
  private void readAll(AtomicLong latestEcho) {
    try (Selector selector = Selector.open()) {
      for (Peer peer : peers) {
        peer.channel.register(selector, SelectionKey.OP_READ, peer);
      }
      while (!selector.keys().isEmpty()) {
        selector.select(
            key -> {
              Peer peer = (Peer) key.attachment();
              try {
                long stamp = peer.read();
                latestEcho.accumulateAndGet(stamp, Math::max);
                if (stamp < 0) {
                  key.cancel();
                }
              } catch (IOException reset) {
                key.cancel();
              }
            },
            1_000);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of two measurements, one is without the gateway: what client and provider take in this JVM. */
  @Test
  void an_idle_connection_takes_at_most_20_kib() throws Exception {
    openThroughGateway(); // classes, pools and buffers that stay
    closeAll();
    rig.events.await(() -> rig.events.openConnections() == 0);
    long without = taken(() -> open(rig.stub.baseUrl(), "/v1/realtime", "sk-any"), MANY);
    closeAll();
    long before = used();
    openThroughGateway();
    Rig.await(() -> rig.stub.openConnections() == MANY);
    long with = used() - before;
    assertThat((with - without) / MANY).isBetween(1L, MOST_OF_IDLE);
  }

  private static long taken(Runnable open, int times) {
    long before = used();
    for (int i = 0; i < times; i++) {
      open.run();
    }
    return used() - before;
  }

  /**
   * Returns the size of the heap after collections, together with buffers outside of the heap.
   * Timers hold some megabytes of connections for about half a second after these were closed. If
   * they were still counted in one of two readings, the difference would say little about the
   * connections between them. So this method collects until nothing more is freed for a while.
   */
  private static long used() {
    long least = Long.MAX_VALUE;
    for (int inVain = 0; inVain < COLLECTIONS_IN_VAIN; inVain++) {
      System.gc();
      long now =
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
              + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                  .mapToLong(BufferPoolMXBean::getMemoryUsed)
                  .sum();
      if (now < least) {
        inVain = least - now > FREED ? 0 : inVain;
        least = now;
      }
    }
    return least;
  }
}
