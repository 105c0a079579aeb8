package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.SoftHsm;
import io.claviger.testkit.http.TransitServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes and commands with encryption keys that are wrapped with keys kept elsewhere. */
class WrappedKeysJourneyTest {
  private static final String TRANSIT = "transit:claviger";

  @TempDir private Path directory = Path.of("");
  @AutoClose private final Journey journey = new Journey();

  @Test
  void a_key_is_wrapped_with_transit_and_rotated_to_a_new_one_that_nobody_saw() throws Exception {
    Node plain = journey.startNode();
    Api alice = journey.user(plain, "alice");
    journey.service(alice, "alice/one");
    journey.stop(plain);
    String id = id();
    try (TransitServer vault = TransitServer.start("transit/claviger")) {
      Map<String, String> environment = transit(vault);
      environment.put("ENCRYPTION_KEY", Journey.ENCRYPTION_KEY);
      CommandResult wrapping =
          Commands.run(environment, "keys", "wrap", "--with", TRANSIT).ended(0);
      assertThat(wrapping.printed()).singleElement().asString().startsWith("wrapped:v1:");
      journey.assertNoKeyIn("keys wrap", wrapping.output() + wrapping.errors());
      String old = wrapping.printed().get(0);
      assertThat(old).endsWith(":" + TRANSIT);

      Node node = journey.startNode(with(vault, old));
      alice.at(node).embed("alice/one").isStatus(200);
      assertThat(id()).isEqualTo(id);
      vault.answer(503, "");
      alice.at(node).embed("alice/one").isStatus(200);
      assertThat(doctor(with(vault, old), 1))
          .anyMatch(line -> line.matches("FAIL +encryption_keys .*" + TRANSIT + ".* 503.*"));
      vault.answer();
      assertThat(doctor(with(vault, old), 0))
          .anyMatch(
              line ->
                  line.matches("ok +key_wrapping +" + id + " is wrapped with " + TRANSIT + ".*"));
      journey.stop(node);

      CommandResult generated =
          Commands.run(with(vault, old), "keys", "generate", "--with", TRANSIT).ended(0);
      String fresh = generated.printed().get(0);
      assertThat(fresh).startsWith("wrapped:v1:").isNotEqualTo(old);
      assertThat(
              Commands.run(with(vault, "a-key-that-a-file-holds-0123456789", old), "keys", "rotate")
                  .ended(1)
                  .errors())
          .contains("is not wrapped, though others are");
      assertThat(Commands.run(with(vault, fresh, old), "keys", "rotate").ended(0).output())
          .contains("reencrypted with the key");
      assertThat(Commands.run(with(vault, fresh, old), "keys", "retire", id).ended(0).errors())
          .isEmpty();
      Node after = journey.startNode(with(vault, fresh));
      alice.at(after).embed("alice/one").isStatus(200);
      assertThat(
              journey.column(
                  "select distinct api_key_sealed_under from instances where handle = 'one'"))
          .doesNotContain(id);
    }
  }

  @Test
  void a_key_that_does_not_unwrap_is_no_start_and_nothing_is_used_instead() throws Exception {
    journey.stop(journey.startNode());
    try (TransitServer vault = TransitServer.start("transit/claviger")) {
      Map<String, String> environment = transit(vault);
      environment.put("ENCRYPTION_KEY", Journey.ENCRYPTION_KEY);
      String line =
          Commands.run(environment, "keys", "wrap", "--with", TRANSIT).ended(0).printed().get(0);

      Map<String, String> refused = with(vault, line);
      Path token = Files.writeString(directory.resolve("expired"), "hvs.expired");
      refused.put("VAULT_TOKEN_FILE", token.toString());
      assertThat(Commands.run(refused, "serve").ended(1).errors())
          .contains("can't be unwrapped: Vault answers 403")
          .doesNotContain("hvs.expired", "\tat ");
      Map<String, String> away = with(vault, line);
      away.put("CLAVIGER_KEY_WAIT", "1");
      vault.answer(503, "");
      assertThat(Commands.run(away, "serve").ended(1).errors())
          .contains("Vault answers 503", "trying again for 1 s");
      vault.answer();
      for (String changed :
          List.of(
              line.replace("wrapped:v1:", "wrapped:v2:"),
              line.replace("wrapped:", "Wrapped:"),
              line.replace(TRANSIT, "transit:../sys/raw/x"),
              "\uFEFF" + line)) {
        assertThat(Commands.run(with(vault, changed), "serve").ended(1).errors())
            .contains("wrapped key");
      }
      Map<String, String> plain = with(vault, line);
      plain.put("VAULT_ADDR", "http://vault.example.org:8200");
      assertThat(Commands.run(plain, "serve").ended(1).errors())
          .contains("VAULT_ADDR must be an https URL");
      assertThat(
              Commands.run(with(vault, line), "keys", "wrap", "--with", "pkcs11:pin-value=1")
                  .ended(2)
                  .errors())
          .contains("--with");
    }
    assertThat(journey.column("select count(*) from encryption_keys")).containsExactly("1");
  }

  @Tag("thorough")
  @Test
  void a_node_waits_for_an_unplugged_token_publishes_its_key_and_goes_on_without_it()
      throws Exception {
    assumeTrue(SoftHsm.isInstalled(), SoftHsm.missing());
    Node plain = journey.startNode();
    Api alice = journey.user(plain, "alice");
    journey.service(alice, "alice/one");
    journey.stop(plain);
    SoftHsm hsm = SoftHsm.in(directory.resolve("hsm"));
    Map<String, String> environment = token(hsm, SoftHsm.PIN);
    environment.put("ENCRYPTION_KEY", Journey.ENCRYPTION_KEY);
    String line;
    try (Program wrapping =
        program(environment, "keys", "wrap", "--with", hsm.uri(SoftHsm.KEY)).ended(0)) {
      line = wrapping.printed().get(0);
      assertThat(line).startsWith("wrapped:v1:").endsWith(":" + hsm.uri(SoftHsm.KEY));
      journey.assertNoKeyIn("keys wrap", line + wrapping.errors());
    }
    environment.remove("ENCRYPTION_KEY");
    environment.put("ENCRYPTION_KEY_FILE", file(line));
    hsm.addRsaKey("issuer", 2048);
    environment.put("CLAVIGER_ISSUER_KEY", hsm.uri("issuer"));
    environment.put("CLAVIGER_PUBLIC_URL", "https://claviger.example.org");
    String published;
    hsm.plug(false);
    try (Program node = program(environment, "serve")) {
      Eventually.holds(
          Duration.ofSeconds(30),
          () -> node.errors().contains("the PKCS#11 library does not work"));
      hsm.plug(true);
      Program.Ready ready = node.ready();
      Api anybody = ready.caller("");
      Eventually.holds(
          Duration.ofSeconds(30), () -> anybody.get("/oauth/keys").body().contains("\"kid\""));
      published = anybody.get("/oauth/keys").text("/keys/0/kid");
      hsm.plug(false);
      ready.caller(alice.token()).embed("alice/one").isStatus(200);
      assertThat(node.errors()).contains("trying again for 60 s").doesNotContain("\tat ");
    }
    hsm.plug(true);
    try (Program doctor = program(environment, "doctor").ended(0)) {
      assertThat(doctor.printed())
          .anyMatch(
              found ->
                  found.startsWith("ok    key_wrapping") && found.contains(hsm.uri(SoftHsm.KEY)))
          .contains(
              "ok    issuer_key       %s is %s, and signs".formatted(hsm.uri("issuer"), published));
    }
    Map<String, String> wrong = token(hsm, "0815");
    wrong.put("ENCRYPTION_KEY_FILE", file(line));
    try (Program refused = program(wrong, "serve")) {
      assertThat(refused.ended(5).errors())
          .contains("the PKCS#11 token refuses the PIN (CKR_PIN_INCORRECT)")
          .doesNotContain("0815", "trying again");
    }
    Map<String, String> unwrapped = token(hsm, "0815");
    unwrapped.put("ENCRYPTION_KEY", Journey.ENCRYPTION_KEY);
    unwrapped.put("CLAVIGER_ISSUER_KEY", hsm.uri("issuer"));
    unwrapped.put("CLAVIGER_PUBLIC_URL", "https://claviger.example.org");
    try (Program refused = program(unwrapped, "serve")) {
      assertThat(refused.ended(5).errors())
          .contains("CLAVIGER_ISSUER_KEY", "refuses the PIN (CKR_PIN_INCORRECT)")
          .doesNotContain("0815", "\tat ");
    }
  }

  private Program program(Map<String, String> environment, String... arguments) {
    return Program.start(directory, environment, arguments);
  }

  private String id() {
    return journey.column("select id from encryption_keys where state = 'live'").get(0);
  }

  private static List<String> doctor(Map<String, String> environment, int exitCode) {
    return Commands.run(environment, "doctor").ended(exitCode).printed();
  }

  /** An environment without keys that reaches the server. */
  private Map<String, String> transit(TransitServer vault) throws IOException {
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.remove("ENCRYPTION_KEY");
    environment.put("VAULT_ADDR", vault.address());
    environment.put("VAULT_TOKEN_FILE", file(TransitServer.TOKEN));
    return environment;
  }

  private Map<String, String> with(TransitServer vault, String... lines) throws IOException {
    Map<String, String> environment = transit(vault);
    environment.put("ENCRYPTION_KEY_FILE", file(String.join("\n", lines)));
    return environment;
  }

  private Map<String, String> token(SoftHsm hsm, String pin) throws IOException {
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.remove("ENCRYPTION_KEY");
    environment.putAll(hsm.environment());
    environment.put("CLAVIGER_PKCS11_PIN_FILE", file(pin));
    return environment;
  }

  private String file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "file", ""), content + "\n")
        .toString();
  }
}
