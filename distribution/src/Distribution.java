import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Builds the tarball, which contains a runtime, the program, and the caches of a training run.
 * Maven runs this program in the profile {@code distribution}, with the JDK from which the runtime
 * is taken. Except for the caches, each build produces the same bytes.
 *
 * <p>Arguments: the directory of the sources, and the version.
 */
final class Distribution {
  /**
   * The JDK's modules that the program and its libraries use. If one is missing, the training run
   * fails.
   */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.compiler", // a type that annotations of the SCIM library name
          "java.desktop", // java.beans, for Spring and the SCIM library
          "java.instrument",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.sql",
          "java.xml",
          "jdk.crypto.cryptoki", // for keys that are wrapped with a key in a PKCS#11 token
          "jdk.jfr", // so that operators can look into a node
          "jdk.management",
          "jdk.naming.dns",
          "jdk.net",
          "jdk.security.auth", // to find the owner of a data directory
          "jdk.unsupported",
          "jdk.zipfs");

  /**
   * Nested classes of java.awt. Its other classes stay, because java.beans refers to some of them.
   */
  private static final String NEVER_DRAWN = "regex:/java\\.desktop/java/awt/.*[$].*";

  /** The JDK's texts in other languages. The program uses only the English texts. */
  private static final String OTHER_LANGUAGES =
      "regex:.*_(de|es|fr|it|ja|ko|pt_BR|sv|zh_CN|zh_TW)[.](class|properties)";

  /**
   * All files have this time, because the virtual machine compares the times of the jars with those
   * recorded in a cache.
   */
  private static final FileTime TIME = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  private final Path sources;
  private final Path target;
  private final Path home;

  private Distribution(Path sources, String version) {
    this.sources = sources;
    this.target = sources.resolve("distribution/target");
    this.home = target.resolve("claviger-" + version);
  }

  public static void main(String[] args) throws Exception {
    Distribution distribution = new Distribution(Path.of(args[0]).toRealPath(), args[1]);
    distribution.assemble();
    new Training(distribution.home).run();
    distribution.pack();
  }

  private void assemble() throws IOException {
    delete(home);
    Files.createDirectories(target);
    Path unused = Files.write(target.resolve("unused-classes"), UnusedClasses.patterns());
    link(home.resolve("runtime"), unused);
    copyProgram(sources.resolve("bootstrap/target/claviger/lib"), home.resolve("lib"));
    copy(sources.resolve("distribution/src/files"), home);
    new Libraries(home.resolve("lib")).prepare();
    copy(sources.resolve("deploy/systemd"), home.resolve("systemd"));
    for (String text : List.of("LICENSE", "CHANGELOG.md", "SECURITY.md")) {
      Files.copy(sources.resolve(text), home.resolve(text));
    }
    Path components = target.resolve("claviger.cdx.json");
    if (!Files.exists(components)) {
      throw new IllegalStateException(
          "there is no bill of materials: Maven leaves it out when it is offline (-o)");
    }
    Files.copy(components, home.resolve("claviger.cdx.json"));
    new Licences(home.resolve("lib")).extractTo(home.resolve("licences"));
    settle();
  }

  private static void link(Path runtime, Path unused) {
    int exit =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new IllegalStateException("this JDK has no jlink"))
            .run(
                new PrintStream(System.out),
                System.err,
                "--add-modules",
                String.join(",", MODULES),
                "--output",
                runtime.toString(),
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                // The tarball is compressed as a whole. It is 5 MB smaller than with separately
                // compressed classes.
                "--compress",
                "zip-0",
                // These generated classes differ from build to build. The caches contain their own.
                "--disable-plugin",
                "generate-jli-classes",
                // The program uses only the package java.beans of this module: it draws, prints and
                // plays nothing.
                "--exclude-files",
                "glob:/java.desktop/lib/**",
                "--exclude-resources",
                NEVER_DRAWN + "," + OTHER_LANGUAGES + ",@" + unused);
    if (exit != 0) {
      throw new IllegalStateException("jlink ended with " + exit);
    }
  }

  /** Gives each file the same time and permissions in every build. */
  private void settle() throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.toList()) {
        boolean executable = Files.isDirectory(path) || Files.isExecutable(path);
        Files.setPosixFilePermissions(
            path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        Files.setLastModifiedTime(path, TIME);
      }
    }
  }

  private void pack() throws IOException, InterruptedException {
    settle();
    String name = home.getFileName() + "-linux-" + architecture() + ".tar.gz";
    Path tarball = target.resolve(name);
    Files.deleteIfExists(tarball);
    int exit =
        new ProcessBuilder(
                "tar",
                "--create",
                "--sort=name",
                "--mtime=" + TIME, // the time of links, which Files can't set
                "--owner=0",
                "--group=0",
                "--numeric-owner",
                "--use-compress-program=gzip -n -9",
                "--file=" + tarball,
                "--directory=" + target,
                home.getFileName().toString())
            .inheritIO()
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException("tar ended with " + exit);
    }
    System.out.printf("%s: %.1f MB%n", name, Files.size(tarball) / 1e6);
  }

  private static String architecture() {
    String machine = System.getProperty("os.arch");
    return machine.equals("amd64") ? "x64" : machine;
  }

  /**
   * Copies the program's jar and the libraries that its manifest names. In a directory of several
   * builds, older versions of the libraries are next to them.
   */
  private static void copyProgram(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    String program = "claviger-bootstrap.jar";
    String libraries;
    try (JarFile jar = new JarFile(from.resolve(program).toFile())) {
      libraries = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
    }
    for (String name : (program + " " + libraries).split(" ")) {
      Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path copy = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException fault)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
