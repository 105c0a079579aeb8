package io.claviger.stub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.testkit.http.TestResponse;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StubProviderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String ASKED = "{\"model\": \"parrot\", \"input\": \"hi\"}";

  @AutoClose private final StubProvider stub = StubProvider.start();
  @AutoClose private final Caller caller = new Caller(stub);

  @Test
  void a_request_is_recorded_as_it_was_sent() throws Exception {
    try (RawClient raw = new RawClient(stub.port())) {
      raw.write(
          "POST /v1/embeddings?a=%20b HTTP/1.1\r\nHost: x\r\nX-Twice: 1\r\nx-twice: 2\r\n"
              + "Content-Length: "
              + ASKED.length()
              + "\r\n\r\n"
              + ASKED);
      raw.readAnswer();
    }

    RecordedRequest request = stub.awaitRequests(1, PATIENCE).get(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.uri()).isEqualTo("/v1/embeddings?a=%20b");
    assertThat(request.headers())
        .extracting(RecordedRequest.Header::name)
        .containsExactly("Host", "X-Twice", "x-twice", "Content-Length");
    assertThat(request.headers("X-TWICE")).containsExactly("1", "2");
    assertThat(request.header("absent")).isNull();
    assertThat(request.text()).isEqualTo(ASKED);
    assertThat(request.complete()).isTrue();
  }

  @Test
  void a_large_body_is_counted_but_kept_in_part() throws Exception {
    byte[] piece = new byte[1 << 20];
    TestResponse response =
        caller.post(
            "/v1/audio/transcriptions",
            BodyPublishers.ofByteArrays(Collections.nCopies(64, piece)),
            "content-type",
            "multipart/form-data; boundary=b");

    assertThat(response.status()).isEqualTo(200);
    RecordedRequest request = stub.requests().get(0);
    assertThat(request.bodyBytes()).isEqualTo(64L << 20);
    assertThat(request.body()).hasSize(1 << 20);
  }

  @Test
  void a_body_cut_short_is_recorded_as_incomplete() throws Exception {
    try (RawClient raw = new RawClient(stub.port())) {
      raw.write("POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{}");
    }

    assertThat(stub.awaitRequests(1, PATIENCE).get(0).complete()).isFalse();
    stub.awaitCancelled(1, PATIENCE);
  }

  @Test
  void pipelined_requests_are_answered_in_order() throws Exception {
    try (RawClient raw = new RawClient(stub.port())) {
      raw.send("/v1/embeddings", ASKED.replace("parrot", "stub-slow-first-byte-20"));
      raw.send("/v1/embeddings", ASKED.replace("parrot", "stub-status-404"));
      raw.send("/v1/embeddings", ASKED);

      assertThat(raw.readAnswer()).startsWith("HTTP/1.1 200");
      assertThat(raw.readAnswer()).startsWith("HTTP/1.1 404");
      assertThat(raw.readAnswer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void a_client_that_asks_first_is_told_to_go_on() throws Exception {
    try (RawClient raw = new RawClient(stub.port())) {
      raw.write(
          "POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
              + ASKED.length()
              + "\r\n\r\n");
      assertThat(raw.readAnswer()).startsWith("HTTP/1.1 100 Continue");
      raw.write(ASKED);
      assertThat(raw.readAnswer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void the_last_request_of_a_connection_is_answered_so() throws Exception {
    try (RawClient raw = new RawClient(stub.port())) {
      raw.write("GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(raw.readToEnd()).containsIgnoringCase("connection: close");
    }
  }

  @Test
  void what_is_no_request_is_400_and_the_end() throws Exception {
    try (RawClient raw = new RawClient(stub.port())) {
      raw.write("POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n");
      assertThat(raw.readToEnd()).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void connections_are_counted_while_they_are_open() throws Exception {
    assertThat(stub.openConnections()).isZero();
    caller.post("/v1/embeddings", ASKED);
    assertThat(stub.openConnections()).isEqualTo(1);
  }

  @Test
  void cleared_is_as_new() throws Exception {
    caller.post("/v1/embeddings", ASKED);
    stub.respondNextWith(Behaviour.named("stub-status-500"));

    stub.clear();

    assertThat(stub.requests()).isEmpty();
    assertThat(caller.post("/v1/embeddings", ASKED).status()).isEqualTo(200);
  }

  @Test
  void waiting_for_what_does_not_come_says_how_much_did() {
    assertThatThrownBy(() -> stub.awaitRequests(1, Duration.ofMillis(1)))
        .hasMessageContaining("0 requests instead of 1");
  }

  @Test
  void without_recording_nothing_is_kept_nor_waited_for() throws Exception {
    try (StubProvider quiet = StubProvider.start(StubOptions.defaults().recording(false));
        Caller other = new Caller(quiet)) {
      assertThat(other.post("/v1/embeddings", ASKED).status()).isEqualTo(200);
      assertThat(quiet.requests()).isEmpty();
      assertThatThrownBy(() -> quiet.awaitRequests(1, PATIENCE))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void a_port_in_use_is_said() {
    StubOptions taken = StubOptions.defaults().port(stub.port());

    assertThatThrownBy(() -> StubProvider.start(taken))
        .hasMessageContaining(String.valueOf(stub.port()));
  }

  @Test
  void many_streams_are_open_at_once() throws Exception {
    List<HttpResponse<InputStream>> streams = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      streams.add(
          caller.stream("/v1/embeddings", ASKED.replace("parrot", "stub-stall-mid-stream")));
    }

    assertThat(stub.openConnections()).isEqualTo(20);
    for (HttpResponse<InputStream> stream : streams) {
      stream.body().close();
    }
    stub.awaitCancelled(20, PATIENCE);
  }
}
