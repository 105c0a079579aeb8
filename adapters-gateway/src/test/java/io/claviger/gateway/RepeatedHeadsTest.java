package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls on one connection, which remembers its last head, beside the same calls on a connection of
 * their own. Meanwhile rights come and go. Nobody may get more, or less, for having called before.
 */
@Tag("slow")
class RepeatedHeadsTest {
  private static final int CALLS = Integer.getInteger("test.seeds", 50) * 25;
  private static final String BODY = "{\"model\": \"m\", \"input\": \"x\"}";
  private static final List<String> PATHS =
      List.of(
          "/gateway/services/alice/s/embeddings",
          "/gateway/services/alice/t/embeddings",
          "/gateway/services/alice/none/embeddings",
          "/gateway/services/alice/s/models",
          "/gateway/services/alice/s/files",
          "/gateway/openai/v1/embeddings",
          "/gateway/services/alice/s/../t/embeddings",
          "/elsewhere");

  private final BlockingQueue<String> provided = new LinkedBlockingQueue<>();
  @AutoClose private final LoopbackServer provider = new LoopbackServer(this::provide);
  private final Wiring node = new Wiring();
  private final User alice = node.user("alice");
  private final User bob = node.user("bob");
  private final User carol = node.user("carol");
  private final List<Instance> services = List.of(service("s"), service("t"));
  private final Map<String, AccessToken> tokens = new HashMap<>();
  private final List<String> texts = new ArrayList<>();
  @AutoClose private final Gateway gateway;

  RepeatedHeadsTest() {
    gateway =
        Gateway.start(
            GatewaySettings.on("127.0.0.1", 0)
                .withAllowedPrivateHosts(AllowedPrivateHosts.of("127.0.0.1:" + provider.port())),
            node.callAuthorization,
            node.modelRouting,
            new RecordedEvents());
    for (User user : List.of(bob, bob, carol)) {
      token(user, Duration.ofDays(30));
    }
    services.forEach(service -> node.stored(service, AShare.with(bob).build()));
    changed();
  }

  private Instance service(String handle) {
    return new StoredKeys(node)
        .withKey(
            AnInstance.of(alice, handle)
                .apiStandard("openai")
                .endpoint("http://127.0.0.1:" + provider.port() + "/v1")
                .model("m"),
            "sk-of-" + handle + "-0123456789");
  }

  private void token(User user, Duration life) {
    Instant end = node.claviger.clock().instant().plus(life);
    AccessToken token = AToken.of(user).name("t" + texts.size()).expiresAt(end).build();
    TokenText text = node.stored(token);
    tokens.put(text.reveal(), token);
    texts.add(text.reveal());
  }

  private void changed() {
    node.nanos.advance(Duration.ofMillis(1));
    node.memory.refresh();
  }

  /** Takes note of each head, and answers. */
  private void provide(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    for (String head = head(in); !head.isEmpty(); head = head(in)) {
      provided.add(head.stripTrailing());
      String unused = new String(in.readNBytes(length(head)), ISO_8859_1);
      socket
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(ISO_8859_1));
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static int length(String head) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, "content-length: ", 0, 16))
        .mapToInt(line -> Integer.parseInt(line.substring(16)))
        .findFirst()
        .orElse(0);
  }

  /** What a call led to: what the caller was told, and what the provider was asked. */
  private record Told(List<String> caller, List<String> provider, boolean stays) {}

  private Told call(Socket caller, String... parts) throws IOException {
    provided.clear();
    for (String part : parts) {
      caller.getOutputStream().write(part.getBytes(ISO_8859_1));
    }
    String head = head(caller.getInputStream());
    String body = new String(caller.getInputStream().readNBytes(length(head)), ISO_8859_1);
    return new Told(
        Stream.concat(head.lines(), Stream.of(body))
            .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith("x-request-id"))
            .toList(),
        List.copyOf(provided),
        !head.isEmpty() && !head.toLowerCase(Locale.ROOT).contains("connection: close"));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(gateway.address().getAddress(), gateway.address().getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Rig.PATIENCE.toMillis());
    return socket;
  }

  private Told plainly(String message) throws IOException {
    try (Socket fresh = connect()) {
      return call(fresh, message);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void a_repeated_head_gets_what_it_would_get_on_a_connection_of_its_own(long seed)
      throws IOException {
    Random random = new Random(seed);
    int served = 0;
    Socket kept = connect();
    String message = message(random);
    for (int i = 0; i < CALLS; i++) {
      node.claviger.clock().advance(Duration.ofSeconds(20));
      if (random.nextInt(4) == 0) {
        changeRights(random);
      }
      changed();
      message = random.nextInt(5) < 3 ? message : message(random);
      int at = 1 + random.nextInt(message.length() - 1);
      Told plain = plainly(message);
      Told repeated =
          random.nextBoolean()
              ? call(kept, message)
              : call(kept, message.substring(0, at), message.substring(at));

      assertThat(repeated).as("call %d of %d: %s", i, seed, message).isEqualTo(plain);
      served += plain.provider().size();
      if (!plain.stays()) {
        kept.close();
        kept = connect();
      }
    }
    kept.close();
    assertThat(served).isBetween(CALLS / 10, CALLS * 9 / 10);
  }

  private void changeRights(Random random) {
    Instance service = services.get(random.nextInt(2));
    boolean unused;
    switch (random.nextInt(8)) {
      case 0 -> unused = node.claviger.shares().delete(service.id(), bob.id());
      case 1 -> lendAgain(service, AShare.with(bob).expiresAt(soon(random)));
      case 2, 3 -> lendAgain(service, AShare.with(bob));
      case 4 -> {
        AccessToken revoked = tokens.get(texts.get(random.nextInt(texts.size())));
        unused = node.claviger.accessTokens().delete(revoked.user(), revoked.id());
      }
      case 5 -> token(bob, Duration.ofMinutes(5 + random.nextInt(120)));
      case 6 -> {
        if (!new StoredKeys(node).has(service, bob)) {
          new StoredKeys(node).ofUser(service, bob, "sk-of-bob-" + random.nextInt(100_000_000));
        }
      }
      default -> unused = node.claviger.userKeys().delete(service.id(), bob.id());
    }
  }

  private void lendAgain(Instance service, AShare share) {
    boolean unused = node.claviger.shares().delete(service.id(), bob.id());
    node.stored(service, share.build());
  }

  private Instant soon(Random random) {
    return node.claviger.clock().instant().plusSeconds(10 + random.nextInt(900));
  }

  private String message(Random random) {
    String text = texts.get(Math.max(0, texts.size() - 1 - random.nextInt(4)));
    if (random.nextInt(6) == 0) {
      int at = random.nextInt(text.length());
      text = text.substring(0, at) + (char) ('a' + random.nextInt(26)) + text.substring(at + 1);
    }
    List<String> fields =
        new ArrayList<>(
            List.of(
                "Host: h",
                (random.nextBoolean() ? "Authorization" : "authorization") + ": Bearer " + text,
                "Content-Type: application/json"));
    if (random.nextInt(6) == 0) {
      fields.add("Api-Key: " + texts.get(random.nextInt(texts.size())));
    }
    if (random.nextInt(6) == 0) {
      fields.add("OpenAI-Beta: b" + random.nextInt(3));
    }
    String body = BODY + " ".repeat(random.nextInt(3));
    String path = PATHS.get(random.nextInt(3) == 0 ? random.nextInt(PATHS.size()) : 0);
    boolean reads = random.nextInt(8) == 0;
    if (!reads) {
      fields.add("Content-Length: " + body.length());
    }
    Collections.shuffle(fields, random);
    return (reads ? "GET " : "POST ")
        + path
        + " HTTP/1.1\r\n"
        + String.join("\r\n", fields)
        + "\r\n\r\n"
        + (reads ? "" : body);
  }

  @Test
  void a_revoked_token_is_refused_on_the_connection_that_remembers_it() throws IOException {
    String text = texts.getFirst();
    String message =
        "POST "
            + PATHS.getFirst()
            + " HTTP/1.1\r\nAuthorization: Bearer "
            + text
            + "\r\nContent-Length: "
            + BODY.length()
            + "\r\n\r\n"
            + BODY;
    try (Socket kept = connect()) {
      assertThat(call(kept, message).caller()).first().isEqualTo("HTTP/1.1 200 OK");
      assertThat(call(kept, message).caller()).first().isEqualTo("HTTP/1.1 200 OK");

      assertThat(node.claviger.accessTokens().delete(bob.id(), tokens.get(text).id())).isTrue();
      changed();

      assertThat(call(kept, message).caller()).first().isEqualTo("HTTP/1.1 401 Unauthorized");
    }
  }
}
