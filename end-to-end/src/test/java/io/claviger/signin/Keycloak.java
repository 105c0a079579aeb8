package io.claviger.signin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.InstallationCache;
import io.claviger.testkit.http.LocalHttp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Keycloak with the realm of {@code keycloak/realm.json}, in memory and without a cluster. All
 * tests of this JVM share one, which ends with it; each test uses users of its own.
 */
final class Keycloak {
  private static final Logger LOG = LoggerFactory.getLogger(Keycloak.class);

  /** The path to which the build copies Keycloak's archive. */
  private static final Path COPIED = Path.of("target", "keycloak");

  private static final Path LOG_FILE = Path.of("target", "keycloak.log");

  /**
   * Options that let Keycloak start quickly with little memory. Its speed under load does not
   * matter.
   */
  private static final String JVM =
      "-Xms64m -Xmx384m -XX:MetaspaceSize=96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
          + " -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
          + " -Xshare:auto -Djava.awt.headless=true -Dfile.encoding=UTF-8";

  /** Without what the tests do not use, Keycloak is built and starts with less work. */
  private static final List<String> BUILD =
      List.of(
          "build",
          "--db=dev-mem",
          "--health-enabled=false",
          "--metrics-enabled=false",
          "--features-disabled=workflows,organization,ciba,kerberos,par,impersonation,update-email,"
              + "passkeys,identity-brokering-api,twitter-broker");

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final int port;

  private Keycloak(int port) {
    this.port = port;
  }

  private static final class Shared {
    static final Optional<Keycloak> INSTANCE = start();
  }

  /** The Keycloak of this JVM. Empty where the build has not copied one; the log says so. */
  static Optional<Keycloak> shared() {
    return Shared.INSTANCE;
  }

  String url() {
    return "http://localhost:" + port;
  }

  String issuer() {
    return url() + "/realms/lab";
  }

  private static Optional<Keycloak> start() {
    Optional<Path> archive = archive();
    if (archive.isEmpty()) {
      LOG.warn("no Keycloak in {}: the tests of sign-in with it are skipped", COPIED);
      return Optional.empty();
    }
    try {
      return Optional.of(start(built(archive.get())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<Path> archive() {
    Path parent =
        Optional.ofNullable(System.getenv("CLAVIGER_TEST_KEYCLOAK")).map(Path::of).orElse(COPIED);
    if (!Files.isDirectory(parent)) {
      return Optional.empty();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(child -> child.toString().endsWith(".zip")).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path built(Path archive) throws IOException, InterruptedException {
    String realm;
    try (InputStream given =
        Objects.requireNonNull(Keycloak.class.getResourceAsStream("/keycloak/realm.json"))) {
      realm = new String(given.readAllBytes(), UTF_8);
    }
    return InstallationCache.directory(
        "keycloak",
        List.of(
            String.valueOf(archive.getFileName()),
            Long.toString(Files.size(archive)),
            String.join(" ", BUILD),
            realm),
        home -> {
          unpack(archive, home);
          Path imported = Files.createDirectories(home.resolve(Path.of("data", "import")));
          Files.writeString(imported.resolve("realm.json"), realm);
          Process build = command(home, BUILD);
          assertThat(build.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
          assertThat(build.exitValue()).as(log()).isZero();
        });
  }

  /** Without the directory of its name and version that the archive has around all files. */
  private static void unpack(Path archive, Path home) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(archive);
        Stream<Path> all = Files.walk(zip.getPath("/"))) {
      for (Path each : all.filter(path -> path.getNameCount() > 1).toList()) {
        Path copy = home.resolve(each.subpath(1, each.getNameCount()).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(each, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static Keycloak start(Path home) throws IOException, InterruptedException {
    Keycloak keycloak = new Keycloak(LocalHttp.freePort());
    Process process =
        command(
            home,
            List.of(
                "start",
                "--optimized",
                "--cache=local",
                "--http-enabled=true",
                "--hostname-strict=false",
                "--http-host=localhost",
                "--http-port=" + keycloak.port,
                "--import-realm"));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
    keycloak.awaitReady(process);
    return keycloak;
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static Process command(Path home, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("sh", home.resolve("bin").resolve("kc.sh").toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS", JVM);
    builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", KeycloakRealm.ADMINISTRATOR);
    builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", KeycloakRealm.ADMINISTRATORS_PASSWORD);
    return builder.redirectOutput(LOG_FILE.toFile()).start();
  }

  private static String log() throws IOException {
    return Files.readString(LOG_FILE);
  }

  private void awaitReady(Process process) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      assertThat(process.isAlive()).as(log()).isTrue();
      assertThat(System.nanoTime()).as(log()).isLessThan(end);
      boolean unused = process.waitFor(500, TimeUnit.MILLISECONDS);
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(issuer() + "/.well-known/openid-configuration"))
              .timeout(Duration.ofSeconds(10))
              .build();
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The realm, as its administrator changes it. */
  KeycloakRealm realm() {
    return new KeycloakRealm(url());
  }

  /** Returns the settings with which a node lets people sign in at this Keycloak. */
  Map<String, String> settings(int apiPort) {
    return Map.of(
        "CLAVIGER_PORT", Integer.toString(apiPort),
        "CLAVIGER_PUBLIC_URL", "http://localhost:" + apiPort,
        "CLAVIGER_OIDC_ISSUER", issuer(),
        "CLAVIGER_OIDC_CLIENT_ID", "claviger",
        "CLAVIGER_OIDC_CLIENT_SECRET", "secret-of-the-client-0001",
        "CLAVIGER_OIDC_GROUPS_CLAIM", "groups",
        "CLAVIGER_OIDC_GROUPS", "*",
        "CLAVIGER_OIDC_ADMIN_GROUP", "admins");
  }
}
