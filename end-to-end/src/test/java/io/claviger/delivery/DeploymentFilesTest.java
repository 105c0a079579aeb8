package io.claviger.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.bootstrap.settings.Variable;
import io.claviger.host.Build;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each tool that is missing here leaves its test out. */
class DeploymentFilesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DEPLOY = ROOT.resolve("deploy");
  private static final Pattern SETTING =
      Pattern.compile("\\b(CLAVIGER_[A-Z_]+|(DATABASE_URL|ENCRYPTION_KEY)(_FILE)?)\\b");
  private static final Pattern METRIC = Pattern.compile("\\bclaviger_[a-z_]+");

  @Test
  void every_setting_in_the_files_is_one_that_claviger_reads() throws IOException {
    Set<String> known =
        Variable.ALL.stream().map(Variable::name).collect(Collectors.toCollection(TreeSet::new));
    Set<String> named = found(SETTING, ROOT.resolve("Containerfile"));
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        named.addAll(found(SETTING, file));
      }
    }
    assertThat(named).contains("CLAVIGER_TRUSTED_PROXIES", "DATABASE_URL_FILE").isSubsetOf(known);
  }

  @Test
  void every_metric_on_the_dashboard_and_in_an_alert_is_documented() throws IOException {
    String documented = Files.readString(ROOT.resolve("docs/monitoring.md"));
    Set<String> shown = found(METRIC, DEPLOY.resolve("grafana/claviger.json"));
    shown.addAll(found(METRIC, DEPLOY.resolve("prometheus/claviger.rules.yaml")));
    assertThat(shown)
        .hasSizeGreaterThan(5)
        .allSatisfy(
            metric -> assertThat(documented).contains("`" + metric.replaceAll("_bucket$", "")));
  }

  @Test
  void the_alerts_fire_when_they_should() {
    Path rules = DEPLOY.resolve("prometheus");
    run(rules, "promtool", "check", "rules", "claviger.rules.yaml");
    run(rules, "promtool", "test", "rules", "claviger.rules.test.yaml");
  }

  @Test
  void systemd_understands_the_unit(@TempDir Path directory) throws IOException {
    String unit = Files.readString(DEPLOY.resolve("systemd/claviger.service"));
    assertThat(unit).contains("ExecStart=/opt/claviger/bin/claviger serve");
    Path here =
        Files.writeString(
            directory.resolve("claviger.service"),
            unit.replace("/opt/claviger/bin/claviger", "/bin/true"));
    run(directory, "systemd-analyze", "verify", here.toString());
  }

  /** All lines of the drop-in are read, also those that most tokens do not need. */
  @Test
  void systemd_understands_the_drop_in_for_tokens(@TempDir Path directory) throws IOException {
    String unit = Files.readString(DEPLOY.resolve("systemd/claviger.service"));
    Path here =
        Files.writeString(
            directory.resolve("claviger.service"),
            unit.replace("/opt/claviger/bin/claviger", "/bin/true"));
    String dropIn = Files.readString(DEPLOY.resolve("systemd/pkcs11.conf"));
    Path withToken = Files.createDirectory(directory.resolve("claviger.service.d"));
    Path whole =
        Files.writeString(
            withToken.resolve("pkcs11.conf"), dropIn.replaceAll("(?m)^#([A-Z][A-Za-z]+=)", "$1"));
    assertThat(whole).content().contains("\nDeviceAllow=").doesNotContain("\n#DeviceAllow=");

    assertThat(run(directory, "systemd-analyze", "verify", here.toString()))
        .doesNotContain("pkcs11.conf");
    Files.writeString(whole, "[Service]\nReadWritePath=/var\n");
    assertThat(run(directory, "systemd-analyze", "verify", here.toString()))
        .contains("pkcs11.conf", "ReadWritePath");
  }

  @Test
  void kustomize_reads_the_resources() {
    assertThat(run(DEPLOY, "kubectl", "kustomize", "kubernetes"))
        .contains("kind: Deployment", "kind: PodDisruptionBudget", "kind: NetworkPolicy")
        .contains("image: claviger:" + version(), "replicas: 2");
  }

  private static String version() {
    return Build.current().version();
  }

  private static Set<String> found(Pattern pattern, Path file) throws IOException {
    Set<String> names = new TreeSet<>();
    Matcher matcher = pattern.matcher(Files.readString(file));
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  /**
   * Runs a program that has to succeed and returns what it says; leaves the test out without it.
   */
  private static String run(Path directory, String program, String... arguments) {
    assumeTrue(isOnPath(program), program + " is not on the path");
    List<String> command = Stream.concat(Stream.of(program), Stream.of(arguments)).toList();
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
