package io.claviger.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.commands.Machine.Result;
import io.claviger.testkit.http.LocalHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests with addresses where no server answers, or where another program answers. */
class UnlikeServersTest {
  private static final String TOKEN = "clv_a-secret-that-is-shown-nowhere";

  @TempDir private Path directory = Path.of("");
  @AutoClose private final LocalHttp server = new LocalHttp();

  private void answering(int status, String type, String body) {
    server.serve(
        "/",
        exchange ->
            LocalHttp.answer(exchange, status, type, body.getBytes(StandardCharsets.UTF_8)));
  }

  private Machine signedIn(String url) {
    return new Machine(directory.resolve("home"))
        .signedIn(
            new SavedSignIn(
                URI.create(url),
                "alice",
                "manage",
                TOKEN,
                Optional.empty(),
                Optional.empty(),
                Map.of()));
  }

  private String told(String url) {
    return signedIn(url).run("services").failed().err();
  }

  @Test
  void one_that_is_away_is_said_to_be_away() {
    server.close();
    assertThat(told(server.url()))
        .contains(server.url() + " does not answer: there is no connection");
  }

  @Test
  void a_server_does_not_get_the_token_of_another_one_that_has_its_name_meanwhile() {
    SavedSignIn elsewhere =
        new SavedSignIn(
            URI.create("https://elsewhere.example"),
            "alice",
            "manage",
            "clv_a-token-for-elsewhere",
            Optional.empty(),
            Optional.empty(),
            Map.of());
    Machine machine = signedIn(server.url());
    List<String> presented = new CopyOnWriteArrayList<>();
    server.serve(
        "/",
        exchange -> {
          presented.add(exchange.getRequestHeaders().getFirst("Authorization"));
          machine.signIns().add(Machine.SERVER, elsewhere);
          LocalHttp.answer(
              exchange,
              401,
              "application/problem+json",
              "{\"type\": \"urn:claviger:problem:unauthorized\", \"detail\": \"Unknown.\"}"
                  .getBytes(StandardCharsets.UTF_8));
        });

    assertThat(machine.run("services").failed().err())
        .contains("now stands for the sign-in of alice at https://elsewhere.example");
    assertThat(presented).containsExactly("Bearer " + TOKEN);
  }

  /** A directory of an unknown user would be in the working directory. */
  @Test
  void without_a_home_directory_nothing_is_kept_in_the_working_directory() {
    Machine machine = new Machine(directory.resolve("home"));
    machine.environment().put("HOME", "?");
    assertThat(machine.run("services").failed().err()).contains("no home directory");
  }

  /** Controls of terminals: C0, DEL, C1, and the direction of text. */
  private static final String CONTROLS = "\\u001b[31m\\u007f\\u009b31m\\u202e\\u2066\\u200f\\u061c";

  @Test
  void what_a_server_says_does_not_control_the_terminal() {
    String item =
        "{'ref': 'r/x@', 'name': 'n@', 'handle': 'h@', 'version': '1@', 'role': 'o@', 'model': 'm@',"
            + " 'service': 's@', 'provider': 'p@', 'status': 'ok', 'scope': 'use@', 'token': 't@',"
            + " 'endpoint': 'https://e.example/@', 'api_standard': 'a@', 'gateway_url': 'g@',"
            + " 'gateway': 'w@', 'steps': [{'rule': 'x@', 'why': 'y@'}], 'source': 'z@',"
            + " 'reason': null, 'grantee': 'bob@', 'user': 'u@', 'amount': '1@', 'unit': 'c@',"
            + " 'window': 'd@', 'at': '2026-01-01T00:00:00Z', 'note': 'q@', 'currency': 'EUR@',"
            + " 'theirs': '2@', 'ours': '3@', 'agreed': '4@', 'unexplained': '5@', 'id': 'i@',"
            + " 'reading': {'explanation': 'late@'}, 'project': 'k/l@', 'last_used_on': 'j@',"
            + " 'limits': {'requests_per_minute': '6@', 'tokens_per_minute': '7@',"
            + " 'max_output_tokens': '8@', 'models': ['all@'],"
            + " 'budgets': [{'amount': '9@', 'unit': 'usd@', 'window': 'day@'}]},"
            + " 'own_keys': {'stored': '10@', 'old': '11@', 'rejected': '12@'}, 'state': 'b@',"
            + " 'url': 'https://e.example/@', 'format': 'f@', 'events': ['v@'], 'secret': 'hush@',"
            + " 'usage_months': '13@', 'usage_months_at_most': '14@', 'kid': 'kid@',"
            + " 'providers': [{'title': 'a@', 'entries': [{'label': 'l@', 'value': 'v@'}]}]";
    answering(
        200,
        "application/json",
        (item + ", 'items': [" + item + "}]}").replace("'", "\"").replace("@", CONTROLS));
    List<String[]> commands =
        List.of(
            new String[] {"services"},
            new String[] {"models"},
            new String[] {"budgets"},
            new String[] {"audit"},
            new String[] {"usage"},
            new String[] {"status"},
            new String[] {"show", "alice/x"},
            new String[] {"why", "alice/x"},
            new String[] {"check", "alice/x"},
            new String[] {"lend", "alice/x", "--to", "bob"},
            new String[] {"revoke", "alice/x", "--from", "bob"},
            new String[] {"ask", "alice/x", "--role", "writer"},
            new String[] {"grant"},
            new String[] {"grant", "x"},
            new String[] {"token"},
            new String[] {"connect", "openai-sdk"},
            new String[] {"connect", "openai-sdk", "--service", "alice/x"},
            new String[] {"access", "alice/x"},
            new String[] {"approvals"},
            new String[] {"approve", "i"},
            new String[] {"attribution", "alice/x", "clv_1"},
            new String[] {"bill", "alice/x"},
            new String[] {"capacity", "alice/x"},
            new String[] {"connections", "alice/x"},
            new String[] {"definition", "show", "alice/x"},
            new String[] {"definitions"},
            new String[] {"disable", "alice/x"},
            new String[] {"groups"},
            new String[] {"holders", "alice/x"},
            new String[] {"issuer", "show"},
            new String[] {"key-ages", "--older-than", "1"},
            new String[] {"objects", "list"},
            new String[] {"people"},
            new String[] {"providers"},
            new String[] {"refusals"},
            new String[] {"retention"},
            new String[] {"review", "alice/x"},
            new String[] {"reviews"},
            new String[] {"scim-tokens", "create", "okta", "--issuer", "https://e.example"},
            new String[] {"user-keys"},
            new String[] {"webhook"},
            new String[] {"export"});
    for (String[] command : commands) {
      for (String format : new String[] {"", "--json", "-q"}) {
        String[] arguments = Arrays.copyOf(command, command.length + (format.isEmpty() ? 0 : 1));
        if (!format.isEmpty()) {
          arguments[command.length] = format;
        }
        Result shown = signedIn(server.url()).run(arguments);
        assertThat(shown.out() + shown.err())
            .as(String.join(" ", arguments))
            .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\\n]]");
      }
    }
    assertThat(signedIn(server.url()).run("services", "--json").done().out())
        .contains("\\u009b31m");
  }

  @Test
  void a_policy_to_enter_at_a_provider_keeps_its_indentation() {
    answering(
        200,
        "application/json",
        """
        {"issuer": "https://i.example", "providers": [{"provider": "aws", "title": "AWS", "entries": [
          {"label": "Role: trust policy", "value": "{\\n  \\"Version\\": \\"2012-10-17\\"\\n}"}]}]}""");
    assertThat(signedIn(server.url()).run("issuer", "show").done().out())
        .contains("  Role: trust policy\n      {\n        \"Version\": \"2012-10-17\"\n      }\n");
  }

  @Test
  void a_provider_for_which_there_is_nothing_to_enter_is_refused_with_those_for_which_there_is() {
    answering(
        200,
        "application/json",
        """
        {"issuer": "https://i.example", "providers": [
          {"provider": "aws", "title": "AWS", "entries": []},
          {"provider": "azure", "title": "Azure", "entries": []}]}""");
    assertThat(signedIn(server.url()).run("issuer", "show", "--provider", "bedrock").failed().err())
        .contains("bedrock")
        .contains("aws, azure");
  }

  @Test
  void the_handle_that_a_server_gives_does_not_control_the_terminal() {
    answering(
        200,
        "application/json",
        ("{\"name\": \"claviger\", \"version\": \"0.2.0@\", \"handle\": \"alice@\","
                + " \"token\": {\"scope\": \"use\"}}")
            .replace("@", CONTROLS));
    Result signedIn =
        new Machine(directory.resolve("new"))
            .runReading(TOKEN, "login", server.url(), "--token-stdin")
            .done();
    assertThat(signedIn.out() + signedIn.err())
        .contains("as alice")
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\\n]]");
  }

  @Test
  void a_file_does_not_control_the_terminal_and_is_stored_as_it_is() {
    String file = "Name\r\nb\u00f6b \u001b[31m\u202e\r\n";
    answering(200, "text/csv", file);
    Machine machine = signedIn(server.url());
    String review = "01980000-0000-7000-8000-00000000000d";
    for (String[] command :
        List.of(
            new String[] {"usage", "export", "--focus"},
            new String[] {"review", review, "--csv"})) {
      assertThat(machine.run(command).done().out()).isEqualTo(file);
      assertThat(machine.runTyping("", 80, command).done().out())
          .isEqualTo("Name\nb\u00f6b \u00b7[31m\u00b7\n");
    }
  }

  /** A proxy in front of the server begins to answer while a file is applied. */
  @Test
  void what_was_applied_is_told_if_the_server_goes_away_in_between() throws IOException {
    AtomicInteger writes = new AtomicInteger();
    server.serve(
        "/",
        exchange -> {
          byte[] unused = exchange.getRequestBody().readAllBytes();
          if (exchange.getRequestURI().getPath().equals("/v1/llm-definitions")) {
            answer(exchange, 200, "{\"items\": []}");
          } else if (!exchange.getRequestMethod().equals("PUT")) {
            answer(exchange, 404, "{\"type\": \"urn:claviger:problem:not_found\"}");
          } else if (writes.incrementAndGet() == 1) {
            answer(exchange, 201, "{\"version\": 1}");
          } else {
            answer(exchange, 502, "<p>Bad gateway</p>");
          }
        });
    Path file = directory.resolve("lab.yaml");
    Files.writeString(
        file,
        """
        name: lab
        definitions:
          - {ref: a, provider: openai, model: m}
          - {ref: b, provider: openai, model: m}
          - {ref: c, provider: openai, model: m}
        """);

    assertThat(signedIn(server.url()).run("apply", "-f", file.toString()).failed().err())
        .contains("1 of 3 steps are done; apply the file again for the rest")
        .contains("does not answer as Claviger does: it answers 502");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    String type = body.startsWith("{") ? "application/json" : "text/html";
    LocalHttp.answer(exchange, status, type, body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_token_of_a_run_that_is_refused_is_not_said_to_have_ended() {
    String refusal = "{'type': 'urn:claviger:problem:token_bound', 'detail': 'bound'}";
    String any =
        "{'ref': 'alice/x', 'api_standard': 'openai', 'token': 'clv_of-the-run', 'gateway_url': '%s'}"
            .formatted(server.url() + "/gateway/alice/x");
    server.serve(
        "/",
        exchange -> {
          boolean ends = exchange.getRequestMethod().equals("DELETE");
          byte[] body = (ends ? refusal : any).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
          LocalHttp.answer(exchange, ends ? 401 : 200, "application/json", body);
        });

    Result run = signedIn(server.url()).run("run", "--service", "x", "--", "true").done();
    assertThat(run.err()).contains("did not end the access token of this run");
  }

  @Test
  void the_handle_that_a_server_gave_does_not_control_the_terminal_later() {
    Machine machine = new Machine(directory.resolve("new"));
    answering(
        200,
        "application/json",
        "{\"name\": \"claviger\", \"version\": \"0.2.0\", \"handle\": \"alice@\", \"token\": {\"scope\": \"manage\"}}"
            .replace("@", CONTROLS));
    machine.runReading(TOKEN, "login", server.url(), "--token-stdin").done();

    Result disabled = machine.run("disable", "x").done();
    assertThat(disabled.out() + disabled.err())
        .contains("x is disabled")
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\\n]]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"soon\"", "9223372036854775807", "99999999999999999999", "0", "null"})
  void a_time_out_of_all_bounds_is_said_to_be_unusable(String seconds) {
    answering(
        200,
        "application/json",
        "{\"access_token\": \"clv_new\", \"refresh_token\": \"clr_new\", \"expires_in\": %s}"
            .formatted(seconds));
    Machine machine =
        new Machine(directory.resolve("home"))
            .signedIn(
                new SavedSignIn(
                    URI.create(server.url()),
                    "alice",
                    "use",
                    TOKEN,
                    Optional.of(Instant.EPOCH),
                    Optional.of("clr_old"),
                    Map.of()));
    assertThat(machine.run("services").failed().err()).contains("no usable `expires_in`");
  }

  @Test
  void a_name_that_nobody_knows_is_said_to_be_unknown() {
    assertThat(told("http://unheard-of.invalid")).contains("this host name can't be resolved");
  }

  @ParameterizedTest
  @CsvSource({
    "200, text/html, <p>Welcome!</p>",
    "200, application/json, {not JSON",
    "302, text/plain, elsewhere",
    "404, text/html, <p>Not here</p>",
    "502, text/html, <p>Bad gateway</p>",
    "403, application/json, '{\"message\": \"no\"}'"
  })
  void one_that_is_something_else_is_said_to_be_that(int status, String type, String body) {
    answering(status, type, body);
    assertThat(told(server.url()))
        .contains("does not answer as Claviger does")
        .doesNotContain(TOKEN, "<p>");
  }

  @ParameterizedTest
  @CsvSource({
    "http, does not answer as Claviger does",
    "http, its address must begin with https://",
    "https, 'has no trusted certificate for this name, or does not use TLS'",
    "https, its address must begin with http://"
  })
  void one_that_speaks_neither_http_nor_tls_is_said_to_do_that(String scheme, String words)
      throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread speaking = Thread.ofVirtual().start(() -> speak(other));
      assertThat(told(scheme + "://127.0.0.1:" + other.getLocalPort())).contains(words);
      speaking.join();
    }
  }

  /** Waits for the first bytes, and answers in another language. */
  private static void speak(ServerSocket listening) {
    try (Socket caller = listening.accept()) {
      int unusedFirst = caller.getInputStream().read();
      caller.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
      caller.shutdownOutput();
      byte[] unusedRest = caller.getInputStream().readAllBytes();
    } catch (IOException e) {
      // The caller is gone.
    }
  }

  @Test
  void one_of_another_version_is_named_when_somebody_signs_in() {
    answering(200, "application/json", "{\"name\": \"claviger\", \"version\": \"7.1.0\"}");
    assertThat(
            new Machine(directory.resolve("new"))
                .runReading(TOKEN, "login", server.url(), "--token-stdin")
                .failed()
                .err())
        .contains("the server has version 7.1.0 and this program 0.2.0", "no usable `handle`")
        .doesNotContain(TOKEN);
  }

  @Test
  void nobody_signs_in_to_something_else() {
    answering(200, "application/json", "{\"name\": \"other\"}");
    assertThat(
            new Machine(directory.resolve("new"))
                .runReading(TOKEN, "login", server.url(), "--token-stdin")
                .failed()
                .err())
        .contains("is not the address of Claviger's API", "without /v1");
  }

  @Test
  void who_signs_in_below_the_address_of_the_api_is_told_to_shorten_it() {
    answering(
        404,
        "application/problem+json",
        "{\"type\": \"urn:claviger:problem:not_found\", \"detail\": \"No such path.\"}");
    assertThat(
            new Machine(directory.resolve("new"))
                .runReading(TOKEN, "login", server.url() + "/v1", "--token-stdin")
                .failed()
                .err())
        .contains("/v1 is not the address of Claviger's API", "without /v1");
  }

  @Test
  void what_a_server_says_can_not_control_the_terminal() {
    answering(
        422,
        "application/problem+json",
        "{\"type\": \"urn:claviger:problem:bad\", \"detail\": \"\\u001b[2Jgone\\nnew line\"}");
    assertThat(told(server.url())).contains("gone new line").doesNotContain("\u001b");
  }
}
