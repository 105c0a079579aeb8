package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.Undisturbed;
import io.claviger.web.contract.ContractChecker;
import io.claviger.web.contract.Exchange;
import io.claviger.web.served.RawConnection;
import io.claviger.web.served.Served;
import io.claviger.web.server.ServerLimits;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the limits on what a caller can make the listener hold: fields, connections, and time. */
class ConnectionBoundsTest {
  private static final ContractChecker CONTRACT = ContractChecker.ofServer();
  private static final String REQUEST = "GET /v1 HTTP/1.1\r\nHost: x\r\n";
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void a_head_of_100_fields_is_answered() throws IOException {
    try (Served served = Served.start();
        RawConnection connection = new RawConnection(served.port())) {
      assertThat(connection.send(REQUEST + "a: b\r\n".repeat(99) + "\r\n").answer("GET", "/v1"))
          .extracting(Exchange::status)
          .isEqualTo(200);
    }
  }

  @Test
  void a_head_of_101_fields_is_refused_before_it_is_whole() throws IOException {
    try (Served served = Served.start();
        RawConnection connection = new RawConnection(served.port())) {
      Exchange answer = connection.send(REQUEST + "a: b\r\n".repeat(101)).answer("GET", "/v1");
      assertThat(answer.status()).isEqualTo(431);
      CONTRACT.checkProblem(answer);
      assertThat(connection.all()).isEmpty();
    }
  }

  @Test
  void fields_are_counted_for_each_head() throws IOException {
    String request = REQUEST + "a: b\r\n".repeat(90) + "\r\n";
    try (Served served = Served.start();
        RawConnection connection = new RawConnection(served.port())) {
      connection.send(request + request);
      assertThat(connection.answer("GET", "/v1").status()).isEqualTo(200);
      assertThat(connection.answer("GET", "/v1").status()).isEqualTo(200);
    }
  }

  @Test
  void trailers_count_among_the_fields() throws IOException {
    try (Served served = Served.start();
        RawConnection connection = new RawConnection(served.port())) {
      Exchange answer =
          connection
              .send(
                  "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      + "Authorization: Bearer "
                      + served.rootToken()
                      + "\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
                      + "a: b\r\n".repeat(200)
                      + "\r\n")
              .answer("POST", "/v1/users");
      assertThat(answer.status()).isEqualTo(400);
      CONTRACT.checkProblem(answer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"G", "\r\n", "GET /v1 HTTP/1.1\r\nHost: x\r\nX-Long: ", REQUEST})
  void a_head_that_trickles_ends_its_connection(String begin) throws IOException {
    try (Served served = started(limits -> limits.withTimes(SHORT, LONG, LONG));
        RawConnection connection = new RawConnection(served.port())) {
      connection.send(begin);
      assertThat(connection.closedWhileSending(begin.equals("\r\n") ? "\r\n" : "x")).isTrue();
    }
  }

  @Test
  void a_body_that_trickles_ends_its_connection() throws IOException {
    try (Served served = started(limits -> limits.withTimes(LONG, SHORT, LONG));
        RawConnection connection = new RawConnection(served.port())) {
      connection.send(
          "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "Authorization: Bearer "
              + served.rootToken()
              + "\r\nContent-Length: 100000\r\n\r\n{");
      assertThat(connection.closedWhileSending(" ")).isTrue();
    }
  }

  @Test
  void a_body_that_nobody_reads_ends_its_connection_too() throws IOException {
    try (Served served = started(limits -> limits.withTimes(LONG, SHORT, LONG));
        RawConnection connection = new RawConnection(served.port())) {
      connection.send("POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{");
      assertThat(connection.closedWhileSending(" ")).isTrue();
    }
  }

  @Test
  void an_answer_that_nobody_reads_ends_its_connection() throws IOException {
    try (Served served = started(limits -> limits.withTimes(LONG, LONG, SHORT));
        RawConnection connection = new RawConnection(served.port())) {
      connection.send("GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200));
      assertThat(connection.closedWithoutReading()).isTrue();
    }
  }

  @Test
  void an_exchange_in_time_leaves_its_connection_open() throws Exception {
    Undisturbed.run(
        () -> {
          Duration enough = Duration.ofSeconds(1);
          try (Served served = started(limits -> limits.withTimes(enough, enough, enough));
              RawConnection connection = new RawConnection(served.port())) {
            connection.send(REQUEST + "\r\n");
            assertThat(connection.answer("GET", "/v1").status()).isEqualTo(200);
            assertThat(connection.isSilentFor(enough.multipliedBy(2))).isTrue();
            connection.send(REQUEST + "\r\n");
            assertThat(connection.answer("GET", "/v1").status()).isEqualTo(200);
          }
        });
  }

  @Test
  void connections_of_one_address_are_bounded() throws IOException {
    try (Served served = started(limits -> limits.withConnections(100, 4))) {
      assertThat(answeredOf(served, 10)).isEqualTo(4);
    }
  }

  @Test
  void the_oldest_idle_connection_makes_room_when_there_are_too_many_in_all() throws Exception {
    Undisturbed.run(
        () -> {
          try (Served served = started(limits -> limits.withConnections(2, 2));
              RawConnection first = new RawConnection(served.port());
              RawConnection second = new RawConnection(served.port())) {
            assertThat(first.send(REQUEST + "\r\n").answer("GET", "/v1").status()).isEqualTo(200);
            assertThat(second.send(REQUEST + "\r\n").answer("GET", "/v1").status()).isEqualTo(200);
            awaitIdle(second);
            try (RawConnection other = RawConnection.from("127.0.0.2", served.port())) {
              assertThat(other.send(REQUEST + "\r\n").answer("GET", "/v1").status()).isEqualTo(200);
              assertThat(first.all()).isEmpty();
              assertThat(second.send(REQUEST + "\r\n").answer("GET", "/v1").status())
                  .isEqualTo(200);
            }
          }
        });
  }

  @Test
  void several_idle_connections_make_room_at_once_if_there_are_many() throws Exception {
    Undisturbed.run(
        () -> {
          List<RawConnection> idle = new ArrayList<>();
          try (Served served = started(limits -> limits.withConnections(16, 16))) {
            for (int i = 0; i < 16; i++) {
              idle.add(new RawConnection(served.port()));
              assertThat(isAnswered(idle.getLast())).isTrue();
            }
            awaitIdle(idle.getLast());
            try (RawConnection other = RawConnection.from("127.0.0.2", served.port())) {
              assertThat(isAnswered(other)).isTrue();
              for (RawConnection closed : idle.subList(0, 4)) {
                assertThat(closed.all()).isEmpty();
              }
              for (RawConnection open : idle.subList(4, 16)) {
                assertThat(isAnswered(open)).isTrue();
              }
            }
          } finally {
            for (RawConnection connection : idle) {
              connection.close();
            }
          }
        });
  }

  @Test
  void a_connection_whose_answer_is_only_half_sent_is_not_closed_for_another() throws IOException {
    int length = 32 << 20;
    try (Served served =
            Served.start(
                Served.limited(limits -> limits.withConnections(1, 1)),
                u -> u,
                () -> "x".repeat(length));
        RawConnection busy = new RawConnection(served.port())) {
      busy.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(busy.answer("HEAD", "/metrics").status()).isEqualTo(200);
      try (RawConnection other = RawConnection.from("127.0.0.2", served.port())) {
        assertThat(isAnswered(other)).isFalse();
      }
      assertThat(busy.all()).hasSize(length);
    }
  }

  @Test
  void a_connection_is_idle_after_a_body_that_it_asked_for() throws IOException {
    try (Served served = started(limits -> limits.withConnections(1, 1));
        RawConnection first = new RawConnection(served.port())) {
      first
          .begin(
              "POST",
              "/v1/users",
              2,
              "Content-Type: application/json",
              "Authorization: Bearer " + served.rootToken())
          .send("{}");
      assertThat(first.answer("POST", "/v1/users").status()).isEqualTo(422);
      assertThat(isAnsweredInTime(() -> RawConnection.from("127.0.0.2", served.port()))).isTrue();
      assertThat(first.all()).isEmpty();
    }
  }

  @Test
  void connections_are_bounded_in_all_for_a_trusted_proxy_too() throws IOException {
    try (Served served =
        Served.start(
            s -> Served.behindProxy(Served.limited(l -> l.withConnections(6, 4)).apply(s)),
            u -> u)) {
      assertThat(answeredOf(served, 10)).isEqualTo(6);
    }
  }

  @Test
  void a_closed_connection_makes_room_for_another() throws IOException {
    try (Served served = started(limits -> limits.withConnections(1, 1))) {
      for (int i = 0; i < 5; i++) {
        assertThat(isAnsweredInTime(() -> new RawConnection(served.port()))).isTrue();
      }
    }
  }

  @Test
  void connections_that_arrive_while_the_server_stops_are_closed() throws Exception {
    try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
      for (int round = 0; round < 20; round++) {
        CountDownLatch connected = new CountDownLatch(16 * 4);
        List<Future<Integer>> calls = new ArrayList<>();
        try (Served served = Served.start()) {
          int port = served.port();
          for (int i = 0; i < 16; i++) {
            calls.add(callers.submit(() -> callUntilRefused(port, connected)));
          }
          connected.await();
        }
        for (Future<Integer> call : calls) {
          assertThat(call.get(60, TimeUnit.SECONDS)).isPositive();
        }
      }
    }
  }

  /**
   * Opens one connection after the other until the port is closed.
   *
   * @param connected counts the first four connections
   * @return how many connections were opened
   * @throws SocketTimeoutException if the server leaves a connection open without an answer
   */
  private static int callUntilRefused(int port, CountDownLatch connected) throws IOException {
    int opened = 0;
    while (true) {
      try (RawConnection connection = new RawConnection(port)) {
        opened++;
        if (opened <= 4) {
          connected.countDown();
        }
        connection.send(REQUEST + "Connection: close\r\n\r\n").all();
      } catch (ConnectException refused) {
        return opened;
      } catch (SocketException closed) {
        // The server closed this connection while it stopped.
      }
    }
  }

  private static Served started(UnaryOperator<ServerLimits> limits) {
    return Served.start(Served.limited(limits), u -> u);
  }

  /** Waits for the server, to which an answer is complete a moment later than to its reader. */
  private static void awaitIdle(RawConnection answered) throws IOException {
    assertThat(answered.isSilentFor(Duration.ofMillis(100))).isTrue();
  }

  /** Opens this many connections that stay open, and returns how many of them are answered. */
  private static int answeredOf(Served served, int many) throws IOException {
    List<RawConnection> connections = new ArrayList<>();
    int answered = 0;
    try {
      for (int i = 0; i < many; i++) {
        RawConnection connection = new RawConnection(served.port());
        connections.add(connection);
        answered += isAnswered(connection) ? 1 : 0;
      }
    } finally {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
    return answered;
  }

  /** Opens a connection. */
  private interface Opening {
    RawConnection open() throws IOException;
  }

  /**
   * Tries new connections until one is answered: the last one may be about to be forgotten, or not
   * known to be idle yet.
   */
  private static boolean isAnsweredInTime(Opening opening) throws IOException {
    long end = System.nanoTime() + 30_000_000_000L;
    while (System.nanoTime() < end) {
      try (RawConnection connection = opening.open()) {
        if (isAnswered(connection)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isAnswered(RawConnection connection) throws IOException {
    try {
      return connection.send(REQUEST + "\r\n").answer("GET", "/v1").status() == 200;
    } catch (SocketException e) {
      return false;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("ended within a head");
      return false;
    }
  }
}
